"""Limits: the numbers of a policy, each with the day on which it started.

A limit has a start and no end: the value in force is the last one that has started.
Before the first start the result is ``NotCovered``, never a guess. The company's own
numbers (source ``house``) are the exception: their first value holds on earlier days
too, because nobody published when it began.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..errors import NotCovered, PlaceNotCovered, UnknownName
from .calendars import Marketplace
from .values import (
    Duration,
    Money,
    Value,
    key_of,
    nearest,
    read_day,
    read_duration,
    read_money,
    read_number,
)

SLOT = re.compile(r"\{([^{}]*)\}")
"""The name of a limit in braces; its value is put in its place."""

ANYWHERE = "any"
HOUSE = "house"
"""Id of the source that stands for the company's own rules."""

ALWAYS = "always"
"""What an author writes as the start of a house number, which has no history."""

ALWAYS_FROM = date.min
"""The start that ``ALWAYS`` is read as: the first day of the calendar."""

Amount = Duration | Money | Decimal | date
"""The value of a limit: a number of units, an amount, a plain number, or a day."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One value of a limit, from the day on which it started."""

    name: str
    """The author's name for it, such as ``"answer time"``."""

    marketplace: str
    """Where it applies: the id of a marketplace, or ``"any"``."""

    start: date
    """The first day on which it is in force."""

    value: Amount
    """The value, with its unit or currency."""

    source: str
    """Ids of its sources, separated by commas."""

    line: int = 0
    """Line of the playbook, counted from 1."""

    @property
    def since(self) -> str:
        """Since when it holds, as authors write it: a day, or ``always``."""
        return ALWAYS if self.start == ALWAYS_FROM else self.start.isoformat()

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """All limits of one playbook, with all their values."""

    rows: tuple[Limit, ...] = ()
    """In the order of the page."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each limit, once, in the order of the page."""
        return tuple({key_of(row.name): row.name for row in self.rows}.values())

    def all_of(self, name: str) -> tuple[Limit, ...]:
        """List every value of the limit of this name, in the order of the page."""
        return tuple(row for row in self.rows if key_of(row.name) == key_of(name))

    def starts(self, names: Iterable[str]) -> list[date]:
        """List the days on which a value of one of some limits starts."""
        return sorted({row.start for name in names for row in self.all_of(name)})

    def in_force(self, name: str, marketplace: Marketplace, on: date) -> Limit:
        """Find the value of a limit that is in force on a day at a marketplace.

        Args:
            name: The name of the limit, in any spelling that has the same key.
            marketplace: Where the case happens.
            on: The day that counts for the edition, at the marketplace.

        Raises:
            UnknownName: There is no such limit.
            NotCovered: None of its values has started there, or the value in force is
                in another currency.
        """
        return _in_force(self, name, marketplace, on)

    def _in_force(self, name: str, marketplace: Marketplace, on: date) -> Limit:
        rows = self.all_of(name)
        if not rows:
            raise UnknownName(
                sort="limit", name=name, nearest=nearest(name, self.names)
            )
        started = [
            row
            for row in rows
            if row.start <= on and row.marketplace in {ANYWHERE, marketplace.id}
        ]
        found = (
            max(started, key=lambda row: (row.start, row.marketplace != ANYWHERE))
            if started
            else self._of_the_house(name, marketplace)
        )
        if found is None or not _is_of(found, marketplace):
            raise self._not_covered(name, marketplace, on)
        return found

    def _of_the_house(self, name: str, marketplace: Marketplace) -> Limit | None:
        """Return the first value of a house number, if the limit is one."""
        here = [row for row in self.all_of(name) if _is_at(row, marketplace)]
        if not here:
            return None
        first = min(here, key=lambda row: (row.start, row.marketplace == ANYWHERE))
        return first if first.source == HOUSE else None

    def _not_covered(self, name: str, marketplace: Marketplace, on: date) -> NotCovered:
        """Build the error: for this day, or for a marketplace without any value."""
        is_known = any(
            _is_at(row, marketplace) and _is_of(row, marketplace)
            for row in self.all_of(name)
        )
        kind = NotCovered if is_known else PlaceNotCovered
        return kind(limit=name, marketplace=marketplace.id, day=on.isoformat())


@lru_cache(maxsize=8192)
def _in_force(limits: Limits, name: str, marketplace: Marketplace, on: date) -> Limit:
    """Look up the value in force; cached, since all cases of a day need the same."""
    return limits._in_force(name, marketplace, on)


def _is_at(row: Limit, marketplace: Marketplace) -> bool:
    return row.marketplace in {ANYWHERE, marketplace.id}


def _is_of(row: Limit, marketplace: Marketplace) -> bool:
    """Tell whether a value is comparable with amounts of the marketplace."""
    value = row.value
    return not isinstance(value, Money) or value.currency == marketplace.currency


def are_written(limits: Iterable[Limit], on: date) -> bool:
    """Tell whether every limit has a value that was written for a day.

    Cases are generated only for such days. A house number is in force on earlier days
    too, but no cases are made of them.

    Args:
        limits: The limits of a playbook.
        on: The day.
    """
    return all(each.start <= on for each in limits)


def fill_limits(text: str, limits: Limits, value: Callable[[str], str]) -> str:
    """Fill the slots of a text that name limits; other slots stay as they are.

    Args:
        text: Words with names in braces, such as ``within {answer time}``.
        limits: The limits that can be named.
        value: Returns the words for one of them, by its name as the page writes it.

    Returns:
        The text with values in place of names.
    """

    def filled(match: re.Match[str]) -> str:
        rows = limits.all_of(match[1])
        return value(rows[0].name) if rows else match[0]

    return SLOT.sub(filled, text) if "{" in text else text


def read_amount(text: str) -> Amount:
    """Parse the value of a limit as authors write it.

    Returns:
        A number of units, an amount, a plain number or a day.

    Raises:
        ValueError: It is none of these.
    """
    for read in (read_duration, read_money, read_day):
        try:
            return read(text)
        except ValueError:
            continue
    return read_number(text)


def plain_value(amount: Amount) -> Value:
    """Convert the value of a limit to the value of a fact. Its unit is dropped."""
    return amount.count if isinstance(amount, Duration) else amount


def unit_of(amount: Amount) -> str:
    """Return the unit of a limit's value; empty unless it is a number of units."""
    return amount.unit if isinstance(amount, Duration) else ""
