"""Sets of values on a scale, with union, intersection and complement.

A region is an inversion list: whether it begins inside, and the sorted *cuts* where
that changes. A cut is just before a place; on a scale without steps (plain numbers)
``(x, 0)`` is just before x and ``(x, 1)`` just after it. Every union of intervals and
points, its negation and "any" has exactly one such form, so equal sets compare equal.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from operator import and_, or_
from typing import cast

from .values import LAST_DAY, Kind, Point, Sort, Value, in_minor, point_of

Cut = Point
"""The border just before a place."""


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """A set of places on one scale."""

    begins_inside: bool
    """Whether the lowest places belong to it."""

    cuts: tuple[Cut, ...] = ()
    """Where inside becomes outside or the other way round, in rising order."""

    def has(self, point: Point) -> bool:
        """Tell whether a place belongs to the region."""
        return self.begins_inside ^ bool(_rank(self.cuts, point) % 2)

    def __invert__(self) -> "IntervalSet":
        return IntervalSet(not self.begins_inside, self.cuts)

    def __or__(self, other: "IntervalSet") -> "IntervalSet":
        return _join(self, other, or_)

    def __and__(self, other: "IntervalSet") -> "IntervalSet":
        return _join(self, other, and_)


EVERYWHERE = IntervalSet(begins_inside=True)
NOWHERE = IntervalSet(begins_inside=False)


def between(low: Cut | None, high: Cut | None) -> IntervalSet:
    """Make the region from one cut to another.

    Args:
        low: Where it begins; ``None`` for the lower end of the scale.
        high: Where it ends; ``None`` for the upper end of the scale.
    """
    if low is not None and high is not None and not _is_less(low, high):
        return NOWHERE
    cuts = tuple(cut for cut in (low, high) if cut is not None)
    return IntervalSet(low is None, cuts)


def before(value: Value, kind: Kind) -> Cut:
    """Return the cut just before a value."""
    return point_of(value, kind)


def after(value: Value, kind: Kind) -> Cut:
    """Return the cut just after a value: before the next one, if there are steps."""
    point = point_of(value, kind)
    return point + 1 if isinstance(point, int) else (point[0], 1)


@lru_cache(maxsize=4096)
def domain_of(kind: Kind, currency: str) -> IntervalSet:
    """Return all places that values of a kind can have, for proofs.

    Args:
        kind: The kind of a fact.
        currency: ISO 4217 code of the marketplace, for amounts.
    """
    if kind.is_words:
        return between(0, len(kind.words))
    if kind.sort is Sort.YES_NO:
        return between(0, 2)
    low, high = kind.at_least, kind.at_most
    if kind.sort is Sort.NUMBER:
        return between(
            None if low is None else (low, 0), None if high is None else (high, 1)
        )
    if kind.sort is Sort.MONEY:
        low = None if low is None else in_minor(low, currency)
        high = None if high is None else in_minor(high, currency)
    return _steps(low, high)


def _steps(low: Decimal | None, high: Decimal | None) -> IntervalSet:
    """All whole places from one number to another; ``None`` is the end of the scale."""
    if low is None and high is None:
        return EVERYWHERE
    return between(
        None if low is None else ceil(low), None if high is None else floor(high) + 1
    )


@lru_cache(maxsize=4096)
def reachable_of(kind: Kind, currency: str) -> IntervalSet:
    """Return the places of values that can really occur: days end with the calendar.

    Args:
        kind: The kind of a fact.
        currency: ISO 4217 code of the marketplace, for amounts.
    """
    domain = domain_of(kind, currency)
    return between(1, LAST_DAY + 1) & domain if kind.sort is Sort.DATE else domain


def cuts_of(regions: Sequence[IntervalSet]) -> list[Cut]:
    """List every cut of some regions once, in rising order."""
    cuts = {cut for region in regions for cut in region.cuts}
    return cast("list[Cut]", sorted(cast("set[int]", cuts)))


def place_before(cut: Cut | None, following: Cut | None) -> Point:
    """Find a place between two neighbouring cuts.

    Args:
        cut: The lower cut; ``None`` for the lower end of the scale.
        following: The next higher cut; ``None`` for the upper end of the scale.
    """
    if cut is None:
        if following is None:
            return 0
        return following - 1 if isinstance(following, int) else (following[0] - 1, 0)
    if isinstance(cut, int):
        return cut
    if cut[1] == 0:
        return cut
    if following is None:
        return (cut[0] + 1, 0)
    end = cast("tuple[Decimal, int]", following)
    return ((cut[0] + end[0]) / 2, 0)


def rank(cuts: Sequence[Cut], point: Point) -> int:
    """Return the number of cuts at or below a place: the number of its segment."""
    return _rank(cuts, point)


def _rank(cuts: Sequence[Cut], point: Point) -> int:
    return bisect_right(cast("Sequence[int]", cuts), cast("int", point))


def _is_less(one: Cut, other: Cut) -> bool:
    return cast("int", one) < cast("int", other)


def _join(
    one: IntervalSet, other: IntervalSet, rule: Callable[[bool, bool], bool]
) -> IntervalSet:
    """Merge two regions: walk along both, keep the cuts where the result changes."""
    in_one, in_other = one.begins_inside, other.begins_inside
    begins = inside = rule(in_one, in_other)
    kept = []
    for cut in cuts_of((one, other)):
        in_one ^= cut in one.cuts
        in_other ^= cut in other.cuts
        if rule(in_one, in_other) != inside:
            kept.append(cut)
            inside = not inside
    return IntervalSet(begins, tuple(kept))
