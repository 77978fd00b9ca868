"""Days, amounts and addresses in what a person writes, in the usual spellings.

Names of months and weekdays come from Babel, so a language needs no code here. Every
pattern reads a bounded number of characters, so no text can make it slow.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import get_day_names, get_month_names

from ..rules.values import Money, in_minor, read_number

NEAR = timedelta(days=200)
"""A day without a year is the one that is at most so far away."""

WEEK = 7
CENTURY = 2000
SHORT_YEAR = 2
FEWEST_DIGITS, MOST_DIGITS = 8, 15
DECIMALS = 2

_EMAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']{1,300}"
    r"|(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}"
    r"\.(?:com|net|org|de|uk|cn|eu|shop|store|info|biz|io|ly)\b(?:/[^\s]{0,200})?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,$€£-])[+(]?\d[\d ()/.-]{5,22}\d(?![\w-])")
_PHONE_BY_GROUPS = re.compile(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_NUMBER = (
    r"\d{1,3}(?:[.,'\u202f\u00a0]\d{3}){1,3}(?:[.,]\d{2})?|\d{1,9}(?:[.,]\d{1,2})?"
)
_BARE = re.compile(r"(?<![\w.,/:-])\d{1,6}[.,]\d{2}(?![\w/:-]|[.,]\d|\s?%)")
_SLOT = re.compile(r"\{[^{}\n]{0,80}\}|\[[^\[\]\n]{0,80}\]|<[^<>\n]{1,80}>|_{3,80}")
_LAST_GROUP = re.compile(r"[.,](\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a text that is recognised by its shape."""

    start: int
    """The place of its first character, counted from 0."""

    end: int
    """One past the place of its last character."""

    shape: str
    """What it is: ``slot``, ``e-mail``, ``link``, ``phone``, ``amount`` or ``day``."""

    words: str
    """What is compared with phrases: the host of a link, else as it is written."""

    days: tuple[date, ...] = ()
    """The days that may be meant; none where there is no such day."""

    amounts: tuple[Money, ...] = ()
    """The amounts that may be meant: one for each currency that it can be."""


def found_in(
    text: str,
    *,
    today: date,
    languages: Sequence[str],
    currencies: Iterable[tuple[str, tuple[str, ...]]],
    own: Iterable[str],
) -> tuple[Found, ...]:
    """Find everything that has a shape, from the left; nothing is found twice.

    Args:
        text: What a person has written.
        today: The day of the case.
        languages: The languages whose names of days and months are read.
        currencies: Each currency with its signs and words; an amount without
            any can be of each of them.
        own: What belongs to the case as it stands, such as the id of its order.
    """
    taken: list[Found] = []
    money = tuple(currencies)
    searches = (
        _plain(text, _SLOT, "slot"),
        _plain(text, _EMAIL, "e-mail"),
        _links(text),
        _as_they_stand(text, own),  # A link stays one, also with the order id in it.
        _amounts(text, money),
        _days(text, today, tuple(languages)),
        _bare_amounts(text, [code for code, _ in money]),
        _phones(text),
    )
    for search in searches:
        for each in search:
            if not any(each.start < old.end and old.start < each.end for old in taken):
                taken.append(each)
    return tuple(sorted(taken, key=lambda each: each.start))


def _as_they_stand(text: str, own: Iterable[str]) -> Iterator[Found]:
    for words in own:
        if any(each.isdigit() for each in words):
            for match in re.finditer(re.escape(words), text):
                yield Found(match.start(), match.end(), "own", words)


def _plain(text: str, pattern: re.Pattern[str], shape: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(match.start(), match.end(), shape, match[0])


def _links(text: str) -> Iterator[Found]:
    for match in _LINK.finditer(text):
        written = match[0].rstrip(".,;:!?)")
        address = written if "://" in written else f"//{written}"
        host = ""
        with suppress(ValueError):  # Such as a bracket that is never closed.
            host = urlsplit(address).hostname or ""
        host = host.removeprefix("www.")
        yield Found(match.start(), match.start() + len(written), "link", host)


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        digits = sum(each.isdigit() for each in match[0])
        begins = match[0][0] in "+0("
        by_groups = _PHONE_BY_GROUPS.fullmatch(match[0])
        if by_groups or (begins and FEWEST_DIGITS <= digits <= MOST_DIGITS):
            yield Found(match.start(), match.end(), "phone", match[0])


def _amounts(
    text: str, currencies: tuple[tuple[str, tuple[str, ...]], ...]
) -> Iterator[Found]:
    codes = {sign.casefold(): code for code, signs in currencies for sign in signs}
    if not codes:
        return
    for match in _amount_pattern(tuple(codes)).finditer(text):
        sign = (match["before"] or match["after"]).casefold()
        number = match["first"] or match["second"]
        money = _money(number, codes[sign])
        yield Found(match.start(), match.end(), "amount", match[0], amounts=(money,))


@cache
def _amount_pattern(signs: tuple[str, ...]) -> re.Pattern[str]:
    sign = "|".join(re.escape(each) for each in sorted(signs, key=len, reverse=True))
    space = r"[ \u00a0\u202f]?"
    return re.compile(
        rf"(?<!\w)(?P<before>{sign}){space}(?P<first>{_NUMBER})(?!\d)"
        rf"|(?<![\w.,])(?P<second>{_NUMBER})(?:,-|,–)?{space}(?P<after>{sign})(?!\w)",
        re.IGNORECASE,
    )


def _bare_amounts(text: str, codes: Sequence[str]) -> Iterator[Found]:
    for match in _BARE.finditer(text):
        amounts = tuple(_money(match[0], code) for code in codes)
        yield Found(match.start(), match.end(), "amount", match[0], amounts=amounts)


def _money(number: str, code: str) -> Money:
    """Read a number whose last group of one or two digits are its decimals."""
    last = _LAST_GROUP.search(number)
    whole = number[: last.start()] if last else number
    digits = "".join(each for each in whole if each.isdigit())
    major = read_number(f"{digits}.{last[1]}" if last else digits)
    return Money(int(in_minor(major, code)), code)


def _days(text: str, today: date, languages: tuple[str, ...]) -> Iterator[Found]:
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
        yield Found(match.start(), match.end(), "day", match[0], days=days)
    for match in names.ordinals.finditer(text):
        days = _near(today, None, int(match["day"]))
        yield Found(match.start("th"), match.end(), "day", match["th"], days=days)
    for match in names.weekdays.finditer(text):
        days = _of_weekday(today, names.weekday_of[match["weekday"].casefold()])
        yield Found(match.start(), match.end(), "day", match[0], days=days)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of months and weekdays, and the patterns in which they stand."""

    month_of: dict[str, int]
    weekday_of: dict[str, int]
    dates: re.Pattern[str]
    numbers: re.Pattern[str]
    ordinals: re.Pattern[str]
    weekdays: re.Pattern[str]


@cache
def _names(languages: tuple[str, ...]) -> _Names:
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    wide: list[str] = []
    for locale in map(Locale.parse, languages):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=locale).items():
                months[name.rstrip(".").casefold()] = number
            for number, name in get_day_names(width, locale=locale).items():
                weekdays[name.rstrip(".").casefold()] = number
        wide += get_day_names("wide", locale=locale).values()
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
    )


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted({*names}, key=len, reverse=True)))


def _written(match: re.Match[str], today: date, names: _Names) -> Iterator[Found]:
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
        yield Found(*span, "day", match["from"], days=start)
        yield Found(match.start("day"), match.end(), "day", match[0], days=days)
        return
    yield Found(match.start(), match.end(), "day", match[0], days=days)


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
    reach = NEAR if month else timedelta(days=31)
    found = []
    for each_year in years:
        for each_month in months:
            with suppress(ValueError):
                found.append(date(each_year, each_month, day))
    return tuple(each for each in found if year or abs(each - today) <= reach)


def _of_weekday(today: date, weekday: int) -> tuple[date, ...]:
    """Find the last and the next day of a weekday, today among them."""
    ahead = (weekday - today.weekday()) % WEEK
    nearest = today + timedelta(days=ahead)
    last = nearest - timedelta(days=WEEK)
    return (last, nearest) if ahead else (last, nearest, nearest + timedelta(days=WEEK))
