"""Read numbers and days as authors write them, within fixed bounds.

The bounds are larger than anything a shop's policy uses. They keep every computation
short: a number that would take too long is refused when it is read.
"""

import re
from datetime import date
from decimal import Decimal

MOST = 999_999_999
"""The largest number of a page, in major units; the smallest one is its negative."""

MOST_DECIMALS = 9
"""How many digits are allowed after the decimal point."""

MOST_DAYS = 36_525
"""The longest time that is counted in days or business days: a hundred years."""

_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_EXTREME = re.compile(
    r"[0-9]{10}|\.[0-9]{10}|[0-9][eE][+-]?[0-9]|[0-9]{5}[0-9]* (?:business )?days"
)


class OutOfBounds(ValueError):
    """The text is a number, but exceeds the bounds of this module."""


def whole(text: str) -> int:
    """Parse a whole number such as ``-3``.

    Raises:
        OutOfBounds: It is larger than ``MOST``.
        ValueError: It is not a whole number.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    if len(text.lstrip("+-0")) > len(str(MOST)):
        raise OutOfBounds(text)
    return int(text)


def is_extreme(text: str) -> bool:
    """Tell whether a text that could not be read looks like a number out of bounds."""
    return bool(_EXTREME.search(text))


def is_whole(text: str) -> bool:
    """Tell whether a text is a whole number within the bounds."""
    try:
        whole(text)
    except ValueError:
        return False
    return True


def number(text: str) -> Decimal:
    """Parse a number such as ``2.5``.

    Raises:
        OutOfBounds: It is larger than ``MOST``, or has more than ``MOST_DECIMALS``
            digits after the point.
        ValueError: It is not a number.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    before, _, behind = text.lstrip("+-").partition(".")
    if len(before.lstrip("0")) > len(str(MOST)) or len(behind) > MOST_DECIMALS:
        raise OutOfBounds(text)
    return Decimal(text)


def day(text: str) -> date:
    """Parse a day in ISO 8601 form such as ``2024-05-15``; no other spelling is read.

    Raises:
        ValueError: It is not a day of the calendar, or is written in another way.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
