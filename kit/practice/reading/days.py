"""Days in what a person writes, in the usual spellings of their language.

Names of months and weekdays come from Babel, so a language needs no code here. Every
pattern reads a bounded number of characters, so no text can make it slow.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

NEAR = timedelta(days=200)
"""A day without a year is the one that is at most so far away."""

WEEK = 7
CENTURY = 2000
SHORT_YEAR = 2


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day in a text."""

    start: int
    """The place of its first character, counted from 0."""

    end: int
    """One past the place of its last character."""

    words: str
    """The day as it is written."""

    days: tuple[date, ...]
    """The days that may be meant; none where there is no such day."""


def days_in(
    text: str, *, today: date, languages: tuple[str, ...]
) -> Iterator[WrittenDay]:
    """Find every day that is written with its date, ordinal or weekday.

    Args:
        text: What a person has written.
        today: The day of the case, from which years and weekdays follow.
        languages: The languages whose names of days and months are read.
    """
    if not languages:
        return
    names = _names(languages)
    for match in names.dates.finditer(text):
        yield from _written(match, today, names)
    for match in names.numbers.finditer(text):
        days = _numeric(match, today)
        if not days and not match["iso"]:
            continue
        if match["weekday"]:
            weekday = names.weekday_of[match["weekday"].casefold()]
            days = tuple(each for each in days if each.weekday() == weekday)
        yield WrittenDay(match.start(), match.end(), match[0], days)
    for match in names.ordinals.finditer(text):
        days = _near(today, None, int(match["day"]))
        yield WrittenDay(match.start("th"), match.end(), match["th"], days)
    for match in names.weekdays.finditer(text):
        days = _of_weekday(today, names.weekday_of[match["weekday"].casefold()])
        yield WrittenDay(match.start(), match.end(), match[0], days)


def month_at(
    text: str, place: int, *, today: date, language: str
) -> tuple[int, date] | None:
    """Find a month that stands at a place without a day of it: *July*, not *July 4*.

    Args:
        text: What a person has written.
        place: Where words such as *in* end.
        today: The day of the case, from which the year follows.
        language: The language whose names of months are read.

    Returns:
        Where its name ends, and its first day.
    """
    names = _names((language,))
    match = names.months.match(text, place)
    if not match:
        return None
    number = names.month_of[match["month"].casefold()]
    years = (today.year - 1, today.year, today.year + 1)
    firsts = (date(year, number, 1) for year in years)
    return match.end(), min(firsts, key=lambda day: abs(day - today))


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of months and weekdays, and the patterns in which they stand."""

    month_of: dict[str, int]
    weekday_of: dict[str, int]
    dates: re.Pattern[str]
    numbers: re.Pattern[str]
    ordinals: re.Pattern[str]
    weekdays: re.Pattern[str]
    months: re.Pattern[str]


@cache
def _names(languages: tuple[str, ...]) -> _Names:
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    wide: list[str] = []
    wide_months: list[str] = []
    for locale in map(Locale.parse, languages):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=locale).items():
                months[name.rstrip(".").casefold()] = number
            for number, name in get_day_names(width, locale=locale).items():
                weekdays[name.rstrip(".").casefold()] = number
        wide += get_day_names("wide", locale=locale).values()
        wide_months += get_month_names("wide", locale=locale).values()
    month, weekday = _one_of(months), _one_of(weekdays)
    th = r"(?:st|nd|rd|th|\.)?"
    lead = rf"(?:\b(?P<weekday>{weekday})\.?,?\s{{1,2}}(?:(?:the|den|dem)\s)?)?"
    until = rf"(?:(?P<from>\d{{1,2}}){th}\s?(?:[-–]|to|or|and|bis|und|oder)\s?)?"
    day = rf"(?P<day>\d{{1,2}}){th}\s{{0,2}}(?:of\s)?(?P<month>{month})\b\.?"
    day_after = (
        rf"(?P<month2>{month})\.?\s{{1,2}}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
    )
    year = r"(?:,?\s{1,2}(?P<year>\d{4})\b)?"
    return _Names(
        months,
        weekdays,
        re.compile(rf"{lead}(?<!\d)(?:{until}{day}|\b{day_after}){year}", re.I),
        re.compile(
            rf"{lead}(?<![\w.,/-])(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
            r"|(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}|\d{2})(?!\d))?"
            r"|(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<c>\d{4}|\d{2}))?)(?![\w/-])",
            re.I,
        ),
        re.compile(
            r"\b(?:on|by|until|till|before|from|to|than|than on) (?P<th>the "
            r"(?P<day>\d{1,2})(?:st|nd|rd|th))\b",
            re.I,
        ),
        re.compile(rf"\b(?P<weekday>{_one_of(wide)})s?\b", re.I),
        re.compile(
            rf"\s{{1,2}}(?P<month>{_one_of(wide_months)})\b(?!\.?,?\s{{0,2}}\d{{1,2}}\b)"
        ),
    )


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted({*names}, key=len, reverse=True)))


def _written(match: re.Match[str], today: date, names: _Names) -> Iterator[WrittenDay]:
    """Read a day with the name of its month, and the start of a stretch before it."""
    month = names.month_of[(match["month"] or match["month2"]).casefold()]
    year = int(match["year"]) if match["year"] else None
    days = _near(today, month, int(match["day"] or match["day2"]), year)
    if match["weekday"]:
        weekday = names.weekday_of[match["weekday"].casefold()]
        first = match["from"] is None
        days = tuple(each for each in days if each.weekday() == weekday or not first)
    if match["from"]:
        start = _near(today, month, int(match["from"]), year)
        span = match.span("from")
        yield WrittenDay(*span, match["from"], start)
        yield WrittenDay(match.start("day"), match.end(), match[0], days)
        return
    yield WrittenDay(match.start(), match.end(), match[0], days)


def _numeric(match: re.Match[str], today: date) -> tuple[date, ...]:
    if match["iso"]:
        with suppress(ValueError):
            return (date.fromisoformat(match["iso"]),)
        return ()
    if match["d"]:
        return _near(today, int(match["m"]), int(match["d"]), _year(match["y"]))
    one, other, year = int(match["a"]), int(match["b"]), _year(match["c"])
    both = (*_near(today, other, one, year), *_near(today, one, other, year))
    return tuple(dict.fromkeys(both))


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (CENTURY if len(text) == SHORT_YEAR else 0)


def _near(
    today: date, month: int | None, day: int, year: int | None = None
) -> tuple[date, ...]:
    """Find the days of this number, month and year that can be meant today."""
    years = (year,) if year else (today.year - 1, today.year, today.year + 1)
    months = (month,) if month else range(1, 13)
    reach = NEAR if month else timedelta(31)
    found = []
    for each_year in years:
        for each_month in months:
            with suppress(ValueError):
                found.append(date(each_year, each_month, day))
    return tuple(each for each in found if year or abs(each - today) <= reach)


def _of_weekday(today: date, weekday: int) -> tuple[date, ...]:
    """Find the last and the next day of a weekday, today among them."""
    ahead = (weekday - today.weekday()) % WEEK
    nearest = today + timedelta(ahead)
    last = nearest - timedelta(WEEK)
    return (last, nearest) if ahead else (last, nearest, nearest + timedelta(WEEK))
