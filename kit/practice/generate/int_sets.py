"""Sets of integers for the values of facts: bit sets for words, ranges for numbers.

Solving a case needs only two operations, "both" and "none of them", on what each fact
can still be. Words and yes/no are the bits of one number; everything that has more
and less is a list of ranges of whole numbers (days by their ordinal, amounts in
minor units, plain numbers in hundredths).
"""

from datetime import date
from decimal import Decimal
from math import ceil, floor

from ...rules.regions import Cut, IntervalSet
from ...rules.values import Kind, Money, Sort, Value

FAR = 10**12
"""Larger than any day, amount or number."""

IntRange = tuple[int, int]
"""The lowest and the highest of some whole numbers."""

IntRanges = tuple[IntRange, ...]
"""Ranges in rising order that do not touch."""

ANYWHERE: IntRanges = ((-FAR, FAR),)
_HUNDREDTHS = 100


def bits(region: IntervalSet, kind: Kind) -> int:
    """Convert a set of words to a bit set; ``yes`` is the second bit."""
    many = 2 if kind.sort is Sort.YES_NO else len(kind.words)
    return sum(1 << place for place in range(many) if region.has(place))


def int_ranges(region: IntervalSet) -> IntRanges:
    """Convert a set of values to ranges of integers."""
    ends = [_first_after(cut) for cut in region.cuts]
    if region.begins_inside:
        ends.insert(0, -FAR)
    if len(ends) % 2:
        ends.append(FAR + 1)
    found = zip(ends[::2], (end - 1 for end in ends[1::2]), strict=True)
    return tuple((low, high) for low, high in found if low <= high)


def intersection(one: IntRanges, other: IntRanges) -> IntRanges:
    """Intersect two sets."""
    if one == ANYWHERE:
        return other
    found = (
        (max(low, first), min(high, last)) for low, high in one for first, last in other
    )
    return tuple((low, high) for low, high in found if low <= high)


def complement(some: IntRanges) -> IntRanges:
    """Return the complement of a set."""
    lows = [-FAR, *(high + 1 for _, high in some)]
    highs = [*(low - 1 for low, _ in some), FAR]
    return tuple(
        (low, high) for low, high in zip(lows, highs, strict=True) if low <= high
    )


def number_of(value: Value) -> int:
    """Convert a value of an ordered kind to an integer."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Decimal):
        return floor(value * _HUNDREDTHS)
    return int(value)


def value_of(number: int, kind: Kind, currency: str) -> Value:
    """Convert an integer back to a value: the inverse of ``number_of``."""
    if kind.sort is Sort.MONEY:
        return Money(number, currency)
    if kind.sort is Sort.DATE:
        return date.fromordinal(number)
    if kind.sort is Sort.NUMBER:
        return Decimal(number) / _HUNDREDTHS
    return number


def _first_after(cut: Cut) -> int:
    """Return the first integer after a cut."""
    if isinstance(cut, int):
        return cut
    hundredths = cut[0] * _HUNDREDTHS
    return floor(hundredths) + 1 if cut[1] else ceil(hundredths)
