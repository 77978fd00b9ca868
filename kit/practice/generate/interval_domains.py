"""Interval propagation: bounds of numbers that depend on one another.

Each number has a lowest and a highest value; a link ties two of them together ("three
to five days later", "20 to 30 percent of it", "two business days apart"). Narrowing one
narrows its neighbours, until nothing moves any more or one of them has no value left.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from ...rules.calendars import is_business_day
from .int_sets import FAR, IntRange

ZERO = ""
"""The number that is always 0: what leans on it lies at a fixed place."""

MOST_STEPS = 5_000
"""How often numbers may move before a case is given up."""

_PERCENT = 100


class Link(Protocol):
    """A constraint between two numbers."""

    @property
    def first(self) -> str:
        """Key of the first number."""

    @property
    def second(self) -> str:
        """Key of the second number."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""

    def first_from(self, second: IntRange) -> IntRange:
        """Compute the interval of the first number."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The second is at least ``low`` and at most ``high`` more than the first."""

    first: str
    """Key of the first number."""

    second: str
    """Key of the second number."""

    low: int
    """The least difference."""

    high: int
    """The greatest difference."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""
        return first[0] + self.low, first[1] + self.high

    def first_from(self, second: IntRange) -> IntRange:
        """Compute the interval of the first number."""
        return second[0] - self.high, second[1] - self.low


@dataclass(frozen=True, slots=True)
class Percentage:
    """The second is between ``low`` and ``high`` percent of the first."""

    first: str
    """Key of the first number."""

    second: str
    """Key of the second number."""

    low: int
    """The least percentage."""

    high: int
    """The greatest percentage."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""
        low, high = max(first[0], 0), max(first[1], 0)
        return -(-low * self.low // _PERCENT), high * self.high // _PERCENT

    def first_from(self, second: IntRange) -> IntRange:
        """Compute the interval of the first number."""
        low, high = max(second[0], 0), max(second[1], 0)
        lowest = -(-low * _PERCENT // self.high) if self.high else 0
        return lowest, high * _PERCENT // self.low if self.low else FAR


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """So many business days lie after the first day, up to and with the second."""

    first: str
    """Key of the first day."""

    second: str
    """Key of the second day."""

    low: int
    """The least number of business days."""

    high: int
    """The greatest number of business days."""

    counts: "BusinessDayCounts"
    """The business days of the marketplace."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""
        low = self.counts.until(first[0]) + self.low
        high = self.counts.until(first[1]) + self.high
        return self.counts.days_with(low, high)

    def first_from(self, second: IntRange) -> IntRange:
        """Compute the interval of the first number."""
        low = self.counts.until(second[0]) - self.high
        high = self.counts.until(second[1]) - self.low
        return self.counts.days_with(low, high)


@dataclass(frozen=True, slots=True)
class SumOfBusinessDays:
    """The second is so many business days after the first, or before it."""

    first: str
    """Key of the first day."""

    second: str
    """Key of the second day, which is a business day."""

    days: int
    """How many days are added to the first before it is counted from."""

    count: int
    """The number of business days, not 0; negative goes back."""

    counts: "BusinessDayCounts"
    """The business days of the calendar that counts."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""
        low, high = (self._sum(each + self.days) for each in first)
        return low, high

    def first_from(self, second: IntRange) -> IntRange:
        """Where the first can lie: free days beside it come to the same."""
        back = self.count < 0
        low = self.counts.until(second[0] - 1) + 1 - self.count - back
        high = self.counts.until(second[1]) - self.count - back
        first, _ = self.counts.days_with(low, low)
        _, last = self.counts.days_with(high, high)
        return first + back - self.days, last + back - self.days

    def _sum(self, day: int) -> int:
        if self.count > 0:
            wanted = self.counts.until(day) + self.count
        else:
            wanted = self.counts.until(day - 1) + self.count + 1
        return self.counts.days_with(wanted, wanted)[0]


@dataclass(frozen=True, slots=True)
class NextBusinessDay:
    """The second is the first plus some days, or the next business day after that."""

    first: str
    """Key of the first day."""

    second: str
    """Key of the second day."""

    days: int
    """How many days lie between the first and the end of the period."""

    counts: "BusinessDayCounts"
    """The business days of the calendar that counts."""

    def second_from(self, first: IntRange) -> IntRange:
        """Compute the interval of the second number."""
        low, high = (self.counts.from_day(each + self.days) for each in first)
        return low, high

    def first_from(self, second: IntRange) -> IntRange:
        """Where the first can lie: the free days before the second belong to it."""
        low = self.counts.last_before(second[0]) + 1
        high = self.counts.last_before(second[1] + 1)
        return low - self.days, high - self.days


@dataclass(frozen=True, slots=True, eq=False)
class BusinessDayCounts:
    """Cumulative counts of the business days of a calendar, from its first day on."""

    first: int
    """The ordinal of the first day."""

    counts: tuple[int, ...]
    """For each day how many business days there were up to and with it."""

    def until(self, day: int) -> int:
        """Count the business days up to a day; outside nothing is counted."""
        place = min(max(day - self.first, 0), len(self.counts) - 1)
        return self.counts[place]

    def from_day(self, day: int) -> int:
        """Find a business day: the day itself, or the next one."""
        return self.days_with(*([self.until(day - 1) + 1] * 2))[0]

    def last_before(self, day: int) -> int:
        """Find the last business day before a day."""
        return self.days_with(*([self.until(day - 1)] * 2))[0]

    def days_with(self, low: int, high: int) -> IntRange:
        """Find the days whose count lies between two numbers."""
        first = bisect_left(self.counts, low)
        last = bisect_right(self.counts, high) - 1
        return self.first + first, self.first + last


@lru_cache(maxsize=32)
def business_day_counts(calendar: str, first: int, last: int) -> BusinessDayCounts:
    """Count the business days of a calendar from one day to another, by ordinal."""
    counts, found = [], 0
    for day in range(first, last + 1):
        found += is_business_day(date.fromordinal(day), calendar)
        counts.append(found)
    return BusinessDayCounts(first, tuple(counts))


class IntervalDomains:
    """The intervals of some numbers, narrowed by links until nothing changes."""

    def __init__(self) -> None:
        """Start with ``ZERO``, a number that is always 0."""
        self.low: dict[str, int] = {ZERO: 0}
        self.high: dict[str, int] = {ZERO: 0}
        self._links: dict[str, list[Link]] = {}
        self._moved: dict[str, None] = {}
        self.is_possible = True
        self._steps = 0

    def add(self, key: str, interval: IntRange) -> None:
        """Add a number with its interval."""
        self.low[key], self.high[key] = interval

    def __contains__(self, key: str) -> bool:
        return key in self.low

    def is_fixed(self, key: str) -> bool:
        """Tell whether a number has only one value left."""
        return self.low[key] == self.high[key]

    def link(self, link: Link) -> None:
        """Add a link between two numbers."""
        for key in (link.first, link.second):
            self._links.setdefault(key, []).append(link)
            self._moved[key] = None

    def restrict(self, key: str, interval: IntRange) -> bool:
        """Narrow a number and propagate; false if some number has no value left."""
        self._tighten(key, interval)
        return self.propagate()

    def propagate(self) -> bool:
        """Apply links until nothing changes; false if some number has no value left."""
        low, high = self.low, self.high
        while self._moved and self.is_possible:
            key = next(iter(self._moved))
            del self._moved[key]
            self._steps += 1
            if self._steps > MOST_STEPS:
                self.is_possible = False
            for link in self._links.get(key, ()):
                interval = low[key], high[key]
                if link.first == key:
                    other, room = link.second, link.second_from(interval)
                else:
                    other, room = link.first, link.first_from(interval)
                # Most links move nothing, and most of the time is spent here.
                if room[0] > low[other] or room[1] < high[other]:
                    self._tighten(other, room)
                    if not self.is_possible:
                        return False
        return self.is_possible

    def _tighten(self, key: str, interval: IntRange) -> None:
        low, high = max(interval[0], self.low[key]), min(interval[1], self.high[key])
        if low > high:
            self.is_possible = False
        elif (low, high) != (self.low[key], self.high[key]):
            self.low[key], self.high[key] = low, high
            self._moved[key] = None
