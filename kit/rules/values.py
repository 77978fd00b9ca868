"""Values and their kinds: what a fact can be, and how an author writes it.

Every kind puts its values on one line of numbers (its *scale*): words and yes/no by
their declared order, days by their ordinal, amounts by their minor unit. On that line
a cell of a table is a region, so deciding, proving and explaining need only numbers.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache

from ..catalogue import say
from ..errors import BadValue
from . import numbers

# ISO 4217 currencies whose minor unit is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3}
_MONEY = re.compile(r"([A-Z]{3}) ?(-?[0-9]+(?:\.[0-9]+)?)")
_SPAN = re.compile(r"(-?[0-9]+) ([a-z][a-z ]*)")
_KIND = re.compile(
    r"([a-z/ ]+?)(?: of ([a-z ]+))?"
    r"(?:, at least (-?[0-9.]+))?(?:, at most (-?[0-9.]+))?"
)
_DURATION = re.compile(r"P([0-9]+)D")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency."""

    minor: int
    """The amount in minor units, such as cents."""

    currency: str
    """ISO 4217 code, such as ``"USD"``."""

    def __str__(self) -> str:
        digits = _DIGITS.get(self.currency, 2)
        major = Decimal(self.minor).scaleb(-digits)
        whole = major == major.to_integral_value()
        return f"{self.currency} {major.quantize(1) if whole else major}"


@dataclass(frozen=True, slots=True)
class Span:
    """A number of units, such as 3 business days."""

    count: int
    """How many."""

    unit: str
    """Of what, as authors write it: ``"days"``, ``"business days"``, ``"offers"``."""

    def __str__(self) -> str:
        return f"{self.count} {one_of(self.unit) if self.count == 1 else self.unit}"


Value = bool | int | Decimal | Money | date | str
"""What a fact can be. A fact that the agent does not know is ``None``."""

Facts = Mapping[str, Value | None]
"""What is known of a case, by the key of each fact. Absent and ``None`` are unknown."""

Point = int | tuple[Decimal, int]
"""A place on the scale of a kind: only plain numbers are not counted in steps."""


class Sort(Enum):
    """The sorts of values, as authors name them."""

    # An enumeration hashes names in Python; every value that is checked looks one up.
    __hash__ = object.__hash__

    YES_NO = "yes/no"
    WHOLE = "whole number"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    WORD = "one of"
    TEXT = "text"
    ACTION = "action"
    MESSAGE = "message"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the values of one fact or answer look like."""

    sort: Sort
    """The sort of value."""

    words: tuple[str, ...] = ()
    """Every word it can be, in their declared order; for sorts that are words."""

    unit: str = ""
    """The unit of a number, such as ``"business days"``; empty for a plain number."""

    at_least: Decimal | None = None
    """The lowest value that can occur, in major units; ``None`` for no bound."""

    at_most: Decimal | None = None
    """The highest value that can occur, in major units; ``None`` for no bound."""

    @property
    def is_words(self) -> bool:
        """Whether its values are declared words."""
        return bool(self.words) or self.sort is Sort.WORD

    @property
    def is_ordered(self) -> bool:
        """Whether less and more mean something for its values."""
        return self.sort in {Sort.WHOLE, Sort.NUMBER, Sort.MONEY, Sort.DATE}

    def __str__(self) -> str:
        words = self.sort.value
        if self.is_words:
            words += " " + ", ".join(self.words)
        if self.unit:
            words += f" of {self.unit}"
        if self.at_least is not None:
            words += f", at least {self.at_least}"
        if self.at_most is not None:
            words += f", at most {self.at_most}"
        return words


_TYPES: dict[Sort, tuple[type, ...]] = {
    Sort.YES_NO: (bool,),
    Sort.WHOLE: (int,),
    Sort.NUMBER: (int, Decimal),
    Sort.MONEY: (Money,),
    Sort.DATE: (date,),
    Sort.DAY: (date,),
    Sort.TEXT: (str,),
    Sort.WORD: (),
    Sort.ACTION: (),
    Sort.MESSAGE: (),
}
DAY_UNITS = ("days", "business days")
LAST_DAY = date.max.toordinal()
YES_NO = Kind(Sort.YES_NO)
DATE = Kind(Sort.DATE)
TEXT = Kind(Sort.TEXT)


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """Bring a name to the form in which names are compared: ``accepted_on``."""
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, as a sentence; empty if none is near."""
    found = _closest(name, tuple(known))
    return say("mistakes.nearest", name=found) if found else ""


@lru_cache(maxsize=1024)
def _closest(name: str, known: tuple[str, ...]) -> str:
    by_key = {key_of(each): each for each in known}
    found = get_close_matches(key_of(name), list(by_key), n=1, cutoff=0.6)
    return by_key[found[0]] if found else ""


def bounds_of(text: str) -> str:
    """Say how large a number may be, if a text seems to go beyond it; else nothing."""
    if not numbers.is_extreme(text):
        return ""
    many = len(str(numbers.MOST))
    return say("mistakes.bounds", digits=many, days=numbers.MOST_DAYS)


def read_kind(text: str) -> Kind:
    """Read a type as authors write it, such as ``whole number of days, at least 0``.

    Raises:
        ValueError: It is none of the types.
    """
    if text.startswith("one of "):
        words = tuple(word.strip() for word in text[7:].split(","))
        if not all(words) or len({key_of(word) for word in words}) < len(words):
            raise ValueError(text)
        return Kind(Sort.WORD, words)
    match = _KIND.fullmatch(text)
    sorts = {sort.value: sort for sort in Sort if sort is not Sort.WORD}
    if not match or match[1] not in sorts:
        raise ValueError(text)
    low, high = (numbers.number(each) if each else None for each in match.group(3, 4))
    kind = Kind(sorts[match[1]], (), match[2] or "", low, high)
    counts = kind.is_ordered and kind.sort is not Sort.DATE
    if (kind.unit or low is not None or high is not None) and not counts:
        raise ValueError(text)
    if low is not None and high is not None and low > high:
        raise ValueError(text)
    return kind


def read_value(text: str, kind: Kind) -> Value:
    """Read a value as authors write it.

    Raises:
        ValueError: The text is no value of this kind.
    """
    value: Value
    if kind.is_words:
        value = _read_word(text, kind)
    elif kind.sort is Sort.WHOLE:
        value = _read_whole(text, kind.unit)
    else:
        value = _READERS[kind.sort](text)
    if is_outside(value, kind):
        raise ValueError(text)
    return value


def is_outside(value: Value, kind: Kind) -> bool:
    """Whether a value is lower or higher than its kind allows."""
    low, high = kind.at_least, kind.at_most
    if low is None and high is None:
        return False
    major: object = value
    if isinstance(value, Money):
        major = Decimal(value.minor).scaleb(-_DIGITS.get(value.currency, 2))
    if not isinstance(major, (int, Decimal)):
        return False
    return (low is not None and major < low) or (high is not None and major > high)


read_day = numbers.day


def in_minor(amount: Decimal, currency: str) -> Decimal:
    """Bring an amount from major to minor units, such as from dollars to cents."""
    return amount.scaleb(_DIGITS.get(currency, 2))


def read_money(text: str) -> Money:
    """Read an amount such as ``USD 750`` or ``GBP 12.50``.

    Raises:
        ValueError: It is no amount, or has more decimals than its currency.
    """
    match = _MONEY.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    minor = in_minor(numbers.number(match[2]), match[1])
    if minor != minor.to_integral_value():
        raise ValueError(text)
    return Money(int(minor), match[1])


read_number = numbers.number


def read_span(text: str) -> Span:
    """Read a number of units, such as ``3 business days``.

    Raises:
        ValueError: It is not a whole number followed by a unit.
    """
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    count, unit = numbers.whole(match[1]), match[2]
    if count == 1 and not unit.endswith("s"):
        unit = _many_of(unit)
    unit = {"day": "days", "business day": "business days"}.get(unit, unit)
    if unit in DAY_UNITS and abs(count) > numbers.MOST_DAYS:
        raise numbers.OutOfBounds(text)
    return Span(count, unit)


def one_of(unit: str) -> str:
    """Say a unit for one of it, such as ``business day``."""
    for ending, one in (("ies", "y"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if unit.endswith(ending):
            return unit.removesuffix(ending) + one
    return unit if unit.endswith("ss") else unit.removesuffix("s")


def _many_of(one: str) -> str:
    if one.endswith(("x", "ch", "sh")):
        return f"{one}es"
    if one.endswith("y") and not one.endswith(("ay", "ey", "oy", "uy")):
        return f"{one[:-1]}ies"
    return f"{one}s"


def show_value(value: Value | None, kind: Kind) -> str:
    """Write a value as an author would, with its unit; ``unknown`` for ``None``."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value} {kind.unit}" if kind.unit else str(value)


def value_words(value: Value | None, kind: Kind) -> str:
    """Say a value in a sentence: as ``show_value``, but one day is no ``1 days``."""
    is_one = kind.unit and value == 1
    return f"{value} {one_of(kind.unit)}" if is_one else show_value(value, kind)


def types_of(kind: Kind) -> tuple[type, ...]:
    """The types of Python that a value of a kind can have; none for words."""
    return _TYPES[kind.sort]


def check_value(value: Value, kind: Kind, *, fact: str) -> Value:
    """Let a value through only if it is one of its kind, never coerced.

    Raises:
        BadValue: It is of another sort, undeclared, or lower or higher than can be.
    """
    fits = value in kind.words if kind.words else type(value) in _TYPES[kind.sort]
    if isinstance(value, Decimal):
        fits = fits and value.is_finite()
    if not fits or is_outside(value, kind):
        raise BadValue(fact=fact, value=value, kind=kind)
    return value


def point_of(value: Value, kind: Kind) -> Point:
    """Find the place of a value on the scale of its kind."""
    if kind.is_words:
        return kind.words.index(str(value))
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.toordinal()
    if kind.sort is Sort.NUMBER:
        return (Decimal(value), 0)
    return int(value)


def value_at(point: Point, kind: Kind, currency: str) -> Value:
    """Find the value at a place of the scale; the way back from ``point_of``."""
    if isinstance(point, tuple):
        return point[0]
    if kind.is_words:
        return kind.words[point]
    made: dict[Sort, Value] = {Sort.YES_NO: bool(point)}
    if kind.sort is Sort.MONEY:
        return Money(point, currency)
    if kind.sort is Sort.DATE:
        return date.fromordinal(min(max(point, 1), LAST_DAY))
    return made.get(kind.sort, point)


def _read_yes_no(text: str) -> bool:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if text not in words:
        raise ValueError(text)
    return words[text]


def _read_whole(text: str, unit: str) -> int:
    duration = _DURATION.fullmatch(text)
    if duration and unit == "days":
        return numbers.whole(duration[1])
    if unit and text.endswith(unit):
        text = text.removesuffix(unit).strip()
    elif unit and text == f"1 {one_of(unit)}":
        text = "1"
    return numbers.whole(text)


_READERS: dict[Sort, Callable[[str], Value]] = {
    Sort.YES_NO: _read_yes_no,
    Sort.NUMBER: read_number,
    Sort.MONEY: read_money,
    Sort.DATE: read_day,
    Sort.DAY: read_day,
    Sort.TEXT: str,
}


def _read_word(text: str, kind: Kind) -> str:
    if text in kind.words:
        return text
    by_key = {key_of(word): word for word in kind.words}
    if key_of(text) not in by_key:
        raise ValueError(text)
    return by_key[key_of(text)]
