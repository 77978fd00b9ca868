"""Numbers, amounts and days as authors write them: one place, with its bounds.

No policy of a shop knows larger numbers, and each bound keeps an answer within a
moment: a number that a computer could not finish is refused before it is one.
"""

import re
from datetime import date
from decimal import Decimal

MOST = 999_999_999
"""The largest number of a page, in major units; what is below zero alike."""

MOST_DECIMALS = 9
"""How many digits may stand behind the point."""

MOST_DAYS = 36_525
"""The longest time that is counted in days or business days: a hundred years."""

_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_EXTREME = re.compile(
    r"[0-9]{10}|\.[0-9]{10}|[0-9][eE][+-]?[0-9]|[0-9]{5}[0-9]* (?:business )?days"
)


class OutOfBounds(ValueError):
    """It is a number, but one that no page can mean."""


def whole(text: str) -> int:
    """Read a whole number such as ``-3``.

    Raises:
        OutOfBounds: It is larger than any that a page can mean.
        ValueError: It is no whole number.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    if len(text.lstrip("+-0")) > len(str(MOST)):
        raise OutOfBounds(text)
    return int(text)


def is_extreme(text: str) -> bool:
    """Whether a text that could not be read looks like a number out of bounds."""
    return bool(_EXTREME.search(text))


def is_whole(text: str) -> bool:
    """Whether it is a whole number, and none that is out of bounds."""
    try:
        whole(text)
    except ValueError:
        return False
    return True


def number(text: str) -> Decimal:
    """Read a number such as ``2.5``.

    Raises:
        OutOfBounds: It is larger or finer than any that a page can mean.
        ValueError: It is no number.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    before, _, behind = text.lstrip("+-").partition(".")
    if len(before.lstrip("0")) > len(str(MOST)) or len(behind) > MOST_DECIMALS:
        raise OutOfBounds(text)
    return Decimal(text)


def day(text: str) -> date:
    """Read a day such as ``2024-05-15``; no other spelling, so no number is a day.

    Raises:
        ValueError: It is no day of the calendar, or is written otherwise.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
