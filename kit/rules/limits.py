"""Limits: the numbers of a policy, each with the day on which it started.

A limit has a start and never an end: what holds is the last value that has started.
Before the first one the answer is "not covered", never a guess. Only a number of the
house has no history: nobody published it, so its first value holds on earlier days too.
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
    Money,
    Span,
    Value,
    key_of,
    nearest,
    read_day,
    read_money,
    read_number,
    read_span,
)

SLOT = re.compile(r"\{([^{}]*)\}")
"""A name in braces: in words it stands for its value."""

ANYWHERE = "any"
HOUSE = "house"
"""Id of the source that stands for our own habits."""

ALWAYS = "always"
"""How an author writes that a number has no history, since our own house set it."""

ALWAYS_FROM = date.min
"""The day from which such a number holds: the first one of the calendar."""

Amount = Span | Money | Decimal | date
"""What a limit can be: a number of units, an amount, a plain number, or a day."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One value of a limit, from the day on which it started."""

    name: str
    """The author's name for it, such as ``"answer time"``."""

    marketplace: str
    """Where it holds: an id, or ``"any"``."""

    start: date
    """The first day on which it holds."""

    value: Amount
    """What it is."""

    source: str
    """Ids of the sources that say so, with commas between them."""

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
    """All limits of one playbook, with every value they ever had."""

    rows: tuple[Limit, ...] = ()
    """In the order of the page."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each limit, once, in the order of the page."""
        return tuple({key_of(row.name): row.name for row in self.rows}.values())

    def all_of(self, name: str) -> tuple[Limit, ...]:
        """Every value that the limit of this name ever had."""
        return tuple(row for row in self.rows if key_of(row.name) == key_of(name))

    def in_force(self, name: str, marketplace: Marketplace, on: date) -> Limit:
        """Find the value that holds on a day at a marketplace.

        Raises:
            UnknownName: There is no such limit.
            NotCovered: None of its values has started there, or the one that has is
                of another currency.
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
        """The first value that a limit had at a marketplace, if it is our own."""
        here = [row for row in self.all_of(name) if _is_at(row, marketplace)]
        if not here:
            return None
        first = min(here, key=lambda row: (row.start, row.marketplace == ANYWHERE))
        return first if first.source == HOUSE else None

    def _not_covered(self, name: str, marketplace: Marketplace, on: date) -> NotCovered:
        """Say what is not covered: the day, or the marketplace on all days."""
        is_known = any(
            _is_at(row, marketplace) and _is_of(row, marketplace)
            for row in self.all_of(name)
        )
        kind = NotCovered if is_known else PlaceNotCovered
        return kind(limit=name, marketplace=marketplace.id, day=on.isoformat())


@lru_cache(maxsize=8192)
def _in_force(limits: Limits, name: str, marketplace: Marketplace, on: date) -> Limit:
    """The value that holds: every case of a day asks for the same ones."""
    return limits._in_force(name, marketplace, on)


def _is_at(row: Limit, marketplace: Marketplace) -> bool:
    return row.marketplace in {ANYWHERE, marketplace.id}


def _is_of(row: Limit, marketplace: Marketplace) -> bool:
    """Whether a value can be compared with the amounts of a marketplace."""
    value = row.value
    return not isinstance(value, Money) or value.currency == marketplace.currency


def are_written(limits: Iterable[Limit], on: date) -> bool:
    """Whether every limit was written for a day, so that cases of it are practised.

    A house number holds on earlier days too, but nobody makes cases of those.
    """
    return all(each.start <= on for each in limits)


def fill_limits(text: str, limits: Limits, value: Callable[[str], str]) -> str:
    """Put values into the slots of a text that name limits; others stay as they are.

    Args:
        text: Words with names in braces, such as ``within {answer time}``.
        limits: The limits that can be named.
        value: What is said of one of them, by its name as the page writes it.
    """

    def filled(match: re.Match[str]) -> str:
        rows = limits.all_of(match[1])
        return value(rows[0].name) if rows else match[0]

    return SLOT.sub(filled, text) if "{" in text else text


def read_amount(text: str) -> Amount:
    """Read the value of a limit as authors write it.

    Raises:
        ValueError: It is none of the things that a limit can be.
    """
    for read in (read_span, read_money, read_day):
        try:
            return read(text)
        except ValueError:
            continue
    return read_number(text)


def plain_value(amount: Amount) -> Value:
    """Take the value of a limit as the value of a fact: the unit is checked apart."""
    return amount.count if isinstance(amount, Span) else amount


def unit_of(amount: Amount) -> str:
    """The unit of a limit's value; empty for all that is not a number of units."""
    return amount.unit if isinstance(amount, Span) else ""
