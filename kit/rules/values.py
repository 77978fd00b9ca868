"""The types of values that a fact can have, and how to read and print them.

Each kind maps its values to numbers on one line, its *scale*: words and yes/no by
their declared order, days by their ordinal, amounts by their minor unit. A cell of a
table is a region of that scale, so deciding, proving and explaining work on numbers.
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
_DURATION_TEXT = re.compile(r"(-?[0-9]+) ([a-z][a-z ]*)")
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
class Duration:
    """A number of units, such as 3 business days."""

    count: int
    """How many."""

    unit: str
    """Of what, as authors write it: ``"days"``, ``"business days"``, ``"offers"``."""

    def __str__(self) -> str:
        return f"{self.count} {one_of(self.unit) if self.count == 1 else self.unit}"


Value = bool | int | Decimal | Money | date | str
"""The value of a fact. A fact that the agent does not know is ``None``."""

Facts = Mapping[str, Value | None]
"""What is known of a case, by the key of each fact; absent and ``None`` are unknown."""

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
    """The type of one fact or answer: its sort, unit, words and bounds."""

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
        """Whether its values can be compared with ``<`` and ``>``."""
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
    """Normalise a name to the form in which names are compared.

    Args:
        name: As an author or an agent writes it, such as ``"Accepted on"``.

    Returns:
        The key, such as ``"accepted_on"``.
    """
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the known name that is most like a misspelt one.

    Args:
        name: What was written.
        known: The names that exist.

    Returns:
        A sentence for the end of a message; empty if no known name is similar.
    """
    found = _closest(name, tuple(known))
    return say("mistakes.nearest", name=found) if found else ""


@lru_cache(maxsize=1024)
def _closest(name: str, known: tuple[str, ...]) -> str:
    by_key = {key_of(each): each for each in known}
    found = get_close_matches(key_of(name), list(by_key), n=1, cutoff=0.6)
    return by_key[found[0]] if found else ""


def bounds_of(text: str) -> str:
    """Explain the bounds of numbers for a text that seems to exceed them.

    Args:
        text: What could not be read.

    Returns:
        A sentence for the end of a message; empty if the text is no extreme number.
    """
    if not numbers.is_extreme(text):
        return ""
    many = len(str(numbers.MOST))
    return say("mistakes.bounds", digits=many, days=numbers.MOST_DAYS)


def read_kind(text: str) -> Kind:
    """Parse a type as authors write it.

    Args:
        text: Such as ``"whole number of days, at least 0"``.

    Returns:
        The kind that it describes.

    Raises:
        ValueError: It is none of the known types.
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
    """Parse a value as authors write it in a table.

    Args:
        text: The cell, without surrounding blanks.
        kind: The kind of the fact.

    Returns:
        The value, within the bounds of its kind.

    Raises:
        ValueError: The text is not a value of this kind.
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
    """Tell whether a value is below or above the bounds of its kind."""
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
    """Convert an amount from major to minor units, such as from dollars to cents.

    Args:
        amount: In major units.
        currency: ISO 4217 code, which sets the number of decimals.
    """
    return amount.scaleb(_DIGITS.get(currency, 2))


def read_money(text: str) -> Money:
    """Parse an amount such as ``USD 750`` or ``GBP 12.50``.

    Returns:
        The amount in minor units, with its currency.

    Raises:
        ValueError: It is not an amount, or has more decimals than its currency.
    """
    match = _MONEY.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    minor = in_minor(numbers.number(match[2]), match[1])
    if minor != minor.to_integral_value():
        raise ValueError(text)
    return Money(int(minor), match[1])


read_number = numbers.number


def read_duration(text: str) -> Duration:
    """Parse a number of units, such as ``3 business days``.

    Raises:
        ValueError: It is not a whole number followed by a unit.
    """
    match = _DURATION_TEXT.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    count, unit = numbers.whole(match[1]), match[2]
    if count == 1 and not unit.endswith("s"):
        unit = _many_of(unit)
    unit = {"day": "days", "business day": "business days"}.get(unit, unit)
    if unit in DAY_UNITS and abs(count) > numbers.MOST_DAYS:
        raise numbers.OutOfBounds(text)
    return Duration(count, unit)


def one_of(unit: str) -> str:
    """Return the singular of a unit, such as ``business day`` for ``business days``."""
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
    """Format a value as an author writes it in a table, with its unit.

    Args:
        value: The value; ``None`` is shown as ``unknown``.
        kind: Its kind.
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value} {kind.unit}" if kind.unit else str(value)


def value_words(value: Value | None, kind: Kind) -> str:
    """Format a value for a sentence: as ``show_value``, but with ``1 day``."""
    is_one = kind.unit and value == 1
    return f"{value} {one_of(kind.unit)}" if is_one else show_value(value, kind)


def types_of(kind: Kind) -> tuple[type, ...]:
    """List the Python types that values of a kind can have; none for words."""
    return _TYPES[kind.sort]


def check_value(value: Value, kind: Kind, *, fact: str) -> Value:
    """Refuse a value that is not of the given kind. Nothing is converted.

    Args:
        value: The value to check.
        kind: What it must be.
        fact: The name of its fact, for the message.

    Raises:
        BadValue: It has another type, is not a declared word, or is out of bounds.
    """
    fits = value in kind.words if kind.words else type(value) in _TYPES[kind.sort]
    if isinstance(value, Decimal):
        fits = fits and value.is_finite()
    if not fits or is_outside(value, kind):
        raise BadValue(fact=fact, value=value, kind=kind)
    return value


def point_of(value: Value, kind: Kind) -> Point:
    """Map a value to its place on the scale of its kind.

    Args:
        value: A value of that kind; of an amount only the minor units count.
        kind: The kind.

    Returns:
        An integer, or for plain numbers a pair of the number and 0.
    """
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
    """Map a place on the scale back to its value: the inverse of ``point_of``.

    Args:
        point: A place on the scale.
        kind: The kind.
        currency: ISO 4217 code for amounts.
    """
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
