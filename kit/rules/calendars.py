"""Count days and business days at a marketplace.

Day 0 is the day on which something happened; business days are Monday to Friday
without the public holidays of the marketplace's country, and a deadline lasts to the
end of its day there. Where a country works on a weekend to make up for a holiday, as
China does, that day is a business day. This is the kit's convention (domain fact
B-BD-2): no published policy defines a business day, and the date printed on a live
request always wins.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.util import find_spec, module_from_spec
from threading import RLock
from zoneinfo import ZoneInfo

from ..errors import DayTooFar, UnknownName
from .numbers import MOST_DAYS

_LOADING = RLock()

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Marketplace:
    """What counting days and formatting amounts need to know of a marketplace."""

    id: str
    """eBay's own id, such as ``"EBAY_GB"``."""

    name: str
    """Its name in words."""

    zone: str
    """IANA time zone in which its days begin and end."""

    currency: str
    """ISO 4217 code of its currency."""

    language: str
    """BCP 47 tag of the language in which its buyers are answered."""

    holidays: str
    """Calendar of public holidays, such as ``"US"`` or ``"GB-ENG"``; or ``"none"``."""


def day_at(moment: datetime, zone: str) -> date:
    """Convert a moment to the day at a marketplace.

    Args:
        moment: With a time zone.
        zone: IANA name of the marketplace's time zone.

    Returns:
        The day on which the moment falls in that zone.

    Raises:
        ValueError: The moment has no time zone, so its midnight would be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no day")
    return moment.astimezone(ZoneInfo(zone)).date()


def is_business_day(day: date, calendar: str) -> bool:
    """Tell whether a day counts as a business day.

    Args:
        day: The day at the marketplace.
        calendar: Id of its holiday calendar, such as ``"GB-ENG"``.

    Raises:
        UnknownName: There is no such calendar.
    """
    if day.weekday() < _SATURDAY:
        return not is_holiday(day, calendar)
    return day in _worked_weekends(calendar, day.year)


def is_holiday(day: date, calendar: str) -> bool:
    """Tell whether a day is a public holiday.

    Args:
        day: The day at the marketplace.
        calendar: Id of its holiday calendar, such as ``"GB-ENG"``.

    Raises:
        UnknownName: There is no such calendar.
    """
    return day in _holidays(calendar, day.year)


def first_business_day(day: date, *, calendar: str) -> date:
    """Return the day itself if it is a business day, or else the next one."""
    while not is_business_day(day, calendar):
        day += _ONE_DAY
    return day


def add_business_days(day: date, count: int, *, calendar: str) -> date:
    """Find the last day of a period of business days. Day 0 is not counted.

    Args:
        day: Day 0, which may itself be a weekend or a holiday.
        count: How many business days; a negative number counts back.
        calendar: Id of the holiday calendar.

    Returns:
        The day on which the period ends; ``day`` itself for a count of 0.

    Raises:
        DayTooFar: The count exceeds ``MOST_DAYS``, or the calendar ends before.
    """
    if abs(count) > MOST_DAYS:
        raise _too_far(day, count)
    step = _ONE_DAY if count >= 0 else -_ONE_DAY
    left = abs(count)
    last = day
    try:
        while left:
            last += step
            left -= is_business_day(last, calendar)
    except OverflowError:
        raise _too_far(day, count) from None
    return last


def add_days(day: date, count: int) -> date:
    """Move a day by calendar days.

    Args:
        day: The day to start from.
        count: How many days; a negative number goes back.

    Raises:
        DayTooFar: The result is outside the calendar (years 1 to 9999).
    """
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise _too_far(day, count) from None


def _too_far(day: date, count: int) -> DayTooFar:
    return DayTooFar(day=day.isoformat(), count=count, most=MOST_DAYS)


def business_days_between(start: date, end: date, *, calendar: str) -> int:
    """Count the business days after ``start`` up to and including ``end``.

    Args:
        start: Day 0, which is not counted.
        end: The last day, which is counted.
        calendar: Id of the holiday calendar.

    Returns:
        The count; negative if ``end`` is before ``start``.

    Raises:
        DayTooFar: The two days are more than ``MOST_DAYS`` apart.
    """
    if abs((end - start).days) > MOST_DAYS:
        raise _too_far(start, (end - start).days)
    if end < start:
        return -business_days_between(end, start, calendar=calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_business_day(day, calendar) for day in days)


def has_calendar(calendar: str) -> bool:
    """Tell whether a holiday calendar exists."""
    try:
        _holidays(calendar, 2024)
    except UnknownName:
        return False
    return True


@cache
def _holidays(calendar: str, year: int) -> frozenset[date]:
    return _year(calendar, year)[0]


@cache
def _worked_weekends(calendar: str, year: int) -> frozenset[date]:
    """List the Saturdays and Sundays that are worked to make up for a holiday."""
    return _year(calendar, year)[1]


@cache
def _year(calendar: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Load the public holidays of a year, and the weekends that are worked."""
    if calendar == "none":
        return frozenset(), frozenset()
    # Imported here because most decisions count no days, and this costs 60 ms.
    from holidays import country_holidays  # noqa: PLC0415

    country, _, subdivision = calendar.partition("-")
    try:
        with _one_country_at_a_time():
            found = country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        raise UnknownName(sort="holiday calendar", name=calendar, nearest="") from None
    return frozenset(found), frozenset(found.weekend_workdays)


@contextmanager
def _one_country_at_a_time() -> Iterator[None]:
    """Load the holidays of one country without those of 250 others.

    Loading a country imports ``holidays.countries`` first, which then imports them all,
    in 100 ms (measured 2026-11-22, version 0.109). Meanwhile an empty package of that
    name takes its place, in which only the module of that country is found.
    """
    name = "holidays.countries"
    with _LOADING:
        spec = None if name in sys.modules else find_spec(name)
        if spec is None:
            yield
            return
        sys.modules[name] = module_from_spec(spec)
        try:
            yield
        finally:
            sys.modules.pop(name, None)
