"""Facts as whole numbers: words as bits, days and amounts as stretches.

Solving a case needs only two operations, "both" and "none of them", on what each fact
can still be. Words and yes/no are the bits of one number; everything that has more
and less is a list of stretches of whole numbers (days by their ordinal, amounts in
minor units, plain numbers in hundredths).
"""

from datetime import date
from decimal import Decimal
from math import ceil, floor

from ...rules.regions import Cut, Region
from ...rules.values import Kind, Money, Sort, Value

FAR = 10**12
"""Further than any day, amount or number."""

Stretch = tuple[int, int]
"""The lowest and the highest of some whole numbers."""

Stretches = tuple[Stretch, ...]
"""Stretches in rising order that do not touch."""

ANYWHERE: Stretches = ((-FAR, FAR),)
_HUNDREDTHS = 100


def bits(region: Region, kind: Kind) -> int:
    """Find the words of a region as bits; yes is the second bit."""
    many = 2 if kind.sort is Sort.YES_NO else len(kind.words)
    return sum(1 << place for place in range(many) if region.has(place))


def stretches(region: Region) -> Stretches:
    """Find the whole numbers of a region."""
    ends = [_first_behind(cut) for cut in region.cuts]
    if region.begins_inside:
        ends.insert(0, -FAR)
    if len(ends) % 2:
        ends.append(FAR + 1)
    found = zip(ends[::2], (end - 1 for end in ends[1::2]), strict=True)
    return tuple((low, high) for low, high in found if low <= high)


def both(one: Stretches, other: Stretches) -> Stretches:
    """Find the whole numbers that belong to both."""
    if one == ANYWHERE:
        return other
    found = (
        (max(low, first), min(high, last)) for low, high in one for first, last in other
    )
    return tuple((low, high) for low, high in found if low <= high)


def outside(some: Stretches) -> Stretches:
    """Find the whole numbers that belong to none of them."""
    lows = [-FAR, *(high + 1 for _, high in some)]
    highs = [*(low - 1 for low, _ in some), FAR]
    return tuple(
        (low, high) for low, high in zip(lows, highs, strict=True) if low <= high
    )


def number_of(value: Value) -> int:
    """Find the whole number of a value that is counted."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Decimal):
        return floor(value * _HUNDREDTHS)
    return int(value)


def value_of(number: int, kind: Kind, currency: str) -> Value:
    """Find the value of a whole number; the way back from ``number_of``."""
    if kind.sort is Sort.MONEY:
        return Money(number, currency)
    if kind.sort is Sort.DATE:
        return date.fromordinal(number)
    if kind.sort is Sort.NUMBER:
        return Decimal(number) / _HUNDREDTHS
    return number


def _first_behind(cut: Cut) -> int:
    """The first whole number that is not before a cut."""
    if isinstance(cut, int):
        return cut
    hundredths = cut[0] * _HUNDREDTHS
    return floor(hundredths) + 1 if cut[1] else ceil(hundredths)
