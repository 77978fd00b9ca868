"""Read values as people type them and as other programs export them.

Pages are strict: there one spelling means one thing. Here ``$64.31`` is read where only
one dollar can be meant, and ``29 Jul 2024`` anywhere. ``07/08/24`` is refused with an
explanation, because it is a different day in two countries.
"""

import re
from datetime import date, datetime

from .calendars import Marketplace, day_at
from .values import Kind, Sort, Value, read_day, read_value

DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")
_SIGNS = {
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "£": "GBP",
    "€": "EUR",
}
_AMOUNT = re.compile(
    r"(?P<minus>-?)(?P<before>[A-Za-z]{0,3} ?[$£€]|[A-Za-z]{3})? ?"
    r"(?P<number>-?[0-9][0-9.,' ]*)(?P<after>[A-Za-z]{0,3}[$£€]|[A-Za-z]{3})?"
)
_GROUPS = re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?=[.,]|$)")
_ONE_MARK = re.compile(r"([0-9]+)([.,])([0-9]+)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+")
_BOTH = re.compile(
    r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)|([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)"
)
_MONTHS = (
    ("jan", "january", "januar"),
    ("feb", "february", "februar"),
    ("mar", "march", "mär", "mrz", "märz"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, start=1) for name in names}
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.?[ -]+([^\W\d_]+)\.?,?[ -]+([0-9]{4}|[0-9]{2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[ -]+([0-9]{1,2}),?[ -]+([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_SHORT = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_MOST_MONTHS = 12
_CENTURY = 2000


class Unclear(ValueError):
    """The text can be read in more than one way; ``how`` names what is ambiguous."""

    def __init__(self, how: str) -> None:
        """Store what is ambiguous: day, time, number, dollar or currency."""
        self.how = how
        super().__init__(how)


def read_typed(text: str, kind: Kind, place: Marketplace | None) -> Value:
    """Read a value as people and exports write it.

    Args:
        text: What was typed, or is in a file.
        kind: The kind of the fact.
        place: The marketplace, for its currency and its days; ``None`` if unknown.

    Returns:
        A value of that kind.

    Raises:
        Unclear: It can be read in more than one way.
        ValueError: It is not a value of this kind.
    """
    text = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    if kind.sort is Sort.NUMBER and not kind.is_words and _is_unclear(text):
        raise Unclear("number")
    try:
        return read_value(text, kind)
    except ValueError:
        if kind.is_words:
            raise
    if kind.sort is Sort.DATE:
        return read_typed_day(text, place)
    if kind.sort is Sort.MONEY:
        return read_value(_amount(text, place), kind)
    if kind.sort in {Sort.WHOLE, Sort.NUMBER}:
        return read_value(_number(text), kind)
    return read_value(text.casefold() if kind.sort is Sort.YES_NO else text, kind)


def read_typed_day(text: str, place: Marketplace | None) -> date:
    """Read a day, or a moment as the day on which it falls at a marketplace.

    Args:
        text: What was typed, or is in a file.
        place: The marketplace, for its time zone; ``None`` if unknown.

    Raises:
        Unclear: Month and day can be confused, or a moment has no time zone or no
            marketplace.
        ValueError: It is not a day.
    """
    for read in (read_day, _with_month, _in_digits):
        try:
            return read(text)
        except Unclear:
            raise
        except ValueError:
            continue
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or place is None:
        raise Unclear("time")
    try:
        return day_at(moment, place.zone)
    except OverflowError:
        raise ValueError(text) from None


def _with_month(text: str) -> date:
    """Read a day whose month is a word, which is never ambiguous."""
    if found := _DAY_FIRST.fullmatch(text):
        number, name, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        name, number, year = found.groups()
    else:
        raise ValueError(text)
    month = _MONTH_OF.get(name.casefold())
    if month is None:
        raise ValueError(text)
    short = len(year) < len(str(_CENTURY))
    if short and _DAY_FIRST.fullmatch(text):
        raise Unclear("day")  # “24-Jul-29”: which of the two is the year?
    return date(int(year) + (_CENTURY if short else 0), month, int(number))


def _in_digits(text: str) -> date:
    """Read a day in digits, if only one of its numbers can be the month."""
    if found := _YEAR_FIRST.fullmatch(text):
        return date(*map(int, found.groups()))
    if _SHORT.fullmatch(text):
        raise Unclear("day")
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        raise ValueError(text)
    one, other, year = map(int, found.groups())
    if one != other and max(one, other) <= _MOST_MONTHS:
        raise Unclear("day")
    month, day = (one, other) if other > _MOST_MONTHS else (other, one)
    return date(year, month, day)


def _amount(text: str, place: Marketplace | None) -> str:
    """Convert an amount to the spelling of pages: ``USD 64.31``."""
    found = _AMOUNT.fullmatch(text)
    if not found or (found["before"] and found["after"]):
        raise ValueError(text)
    sign = (found["before"] or found["after"] or "").replace(" ", "")
    if not sign:
        raise Unclear("currency")
    number = _number(found["number"].strip())
    if found["minus"]:
        number = f"-{number}"
    return f"{_currency(sign.upper(), place)} {number}"


def _currency(sign: str, place: Marketplace | None) -> str:
    if sign == "$":
        if place is None or place.currency not in DOLLARS:
            raise Unclear("dollar")
        return place.currency
    code = _SIGNS.get(sign, sign)
    if not code.isalpha():
        raise ValueError(sign)
    return code


def _number(text: str) -> str:
    """Convert a number to the spelling of pages: no groups, and a decimal point."""
    minus, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if groups := _GROUPS.match(digits):
        plain = groups[0].replace(" ", "").replace("'", "")
        digits = plain + digits[groups.end() :]
    if _is_unclear(digits):
        raise Unclear("number")
    if both := _BOTH.fullmatch(digits):
        whole, rest = both.group(1, 2) if both[1] else both.group(3, 4)
        return f"{minus}{whole.replace(',', '').replace('.', '')}.{rest}"
    if _THOUSANDS.fullmatch(digits) and not _ONE_MARK.fullmatch(digits):
        return minus + digits.replace(",", "").replace(".", "")
    return minus + (digits.replace(",", ".") if _ONE_MARK.fullmatch(digits) else digits)


def _is_unclear(text: str) -> bool:
    """Tell whether a mark before three digits can be a decimal or a thousands mark."""
    found = _ONE_MARK.fullmatch(text.removeprefix("-"))
    if not found or found[1].startswith("0"):
        return False
    return len(found[3]) == 3 and len(found[1]) <= 3  # noqa: PLR2004
