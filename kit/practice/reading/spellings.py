"""What is recognised by its shape: slots, addresses, amounts and days.

Every pattern reads a bounded number of characters, so no text can make it slow.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import urlsplit

from ...rules.values import Money, in_minor
from .days import days_in

FEWEST_DIGITS, MOST_DIGITS = 8, 15

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
_GOES_ON = (
    r"\s(?:back|for|in|of|on|to|today|are|is|will|has|have|go|goes|come|comes|by|when"
    r"|once|as|through|and|auf|für|heute|zurück|sind|ist|werden|wird|gehen|geht|kommen"
    r"|kommt|bis|sobald|wenn|und)\b(?! \d)"
)
_END_OF_AMOUNT = rf"(?=[),;:!?]|\.(?!\d)|\s*$|{_GOES_ON})"
"""What follows the cents of *34 pounds 20*: neither *days* nor *to 25 days*."""

_CENTS = r" (?:(?:and|und) )?(?P<small>\d{1,2}) (?:cents?|pence)\b"
"""How the cents follow with their word: *34 pounds and 5 pence*."""

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
    """What it is: ``slot``, ``e-mail``, ``link``, ``phone``, ``amount`` or ``day``;
    ``own`` for what belongs to the case, ``number`` for what looks like one of its
    numbers and is another.
    """

    words: str
    """What is compared with phrases: the host of a link, else as it is written."""

    days: tuple[date, ...] = ()
    """The days that may be meant; none where there is no such day."""

    amounts: tuple[Money, ...] = ()
    """The amounts that may be meant: one for each currency that it can be."""


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """How people write amounts."""

    currencies: tuple[tuple[str, tuple[str, ...]], ...]
    """Each currency with its signs and words; an amount without any can be of each."""

    numbers: Mapping[str, int]
    """Whole numbers by their words, as in *five dollars*."""


def found_in(
    text: str,
    *,
    today: date,
    languages: Sequence[str],
    money: MoneyWords,
    own: Sequence[str],
) -> tuple[Found, ...]:
    """Find everything that has a shape, from the left; nothing is found twice.

    Args:
        text: What a person has written.
        today: The day of the case.
        languages: The languages whose names of days and months are read.
        money: How amounts are written.
        own: What belongs to the case as it stands, such as the id of its order.
    """
    taken: list[Found] = []
    searches = (
        _plain(text, _SLOT, "slot"),
        _plain(text, _EMAIL, "e-mail"),
        _links(text),
        _as_they_stand(text, own),  # A link stays one, also with the order id in it.
        _like_own(text, own),  # A slip in a number makes no telephone of it.
        _amounts(text, money.currencies),
        _spoken_amounts(text, money),
        _days(text, today, tuple(languages)),
        _bare_amounts(text, [code for code, _ in money.currencies]),
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
            for match in re.finditer(rf"(?<!\d){re.escape(words)}(?!\d)", text):
                yield Found(match.start(), match.end(), "own", words)


def _like_own(text: str, own: Iterable[str]) -> Iterator[Found]:
    for words in own:
        if is_number(words):
            for match in number_like(words).finditer(text):
                yield Found(match.start(), match.end(), "number", match[0])


def is_number(words: str) -> bool:
    """Whether a text of the case is the number of something, such as its order."""
    return sum(each.isdigit() for each in words) >= FEWEST_DIGITS and " " not in words


@cache
def number_like(words: str) -> re.Pattern[str]:
    """What a number looks like with slips in it: signs wrong, a digit too few or many.

    Args:
        words: The number as it is right.
    """
    pattern = "".join(map(_with_slips, re.findall(r"\d+|[^\W\d_]+|[\W_]+", words)))
    return re.compile(rf"(?<![A-Za-z\d-]){pattern}(?![A-Za-z\d-])", re.IGNORECASE)


def _with_slips(run: str) -> str:
    if run[0].isdigit():
        return rf"\d{{{max(1, len(run) - 1)},{len(run) + 1}}}"
    return rf"[^\W\d_]{{{len(run)}}}" if run[0].isalpha() else re.escape(run)


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
        cents = match["cents"] or match["small"]
        if cents and not _LAST_GROUP.search(number):
            number = f"{number}.{cents:0>2}"
        money = _money(number, codes[sign])
        yield Found(match.start(), match.end(), "amount", match[0], amounts=(money,))


def _spoken_amounts(text: str, money: MoneyWords) -> Iterator[Found]:
    """Amounts of which the number is a word: *five dollars*, *nine pounds fifty*."""
    codes = {
        sign.casefold(): code
        for code, signs in money.currencies
        for sign in signs
        if sign.isalpha()
    }
    if not money.numbers or not any(each in text.casefold() for each in codes):
        return
    numbers = {_as_one_word(word): number for word, number in money.numbers.items()}
    pattern = _spoken_pattern(tuple(money.numbers), tuple(codes))
    for match in pattern.finditer(text):
        number = numbers[_as_one_word(match[1])]
        rest = numbers[_as_one_word(match[3])] if match[3] else 0
        # “Nine pounds one business day later” is nine pounds.
        if rest not in CENTS:
            rest, end = 0, match.end(2)
        else:
            end = match.end()
        amount = _money(f"{number}.{rest:02}", codes[match[2].casefold()])
        words = text[match.start() : end]
        yield Found(match.start(), end, "amount", words, amounts=(amount,))


CENTS = range(10, 100)
"""How many can be said behind the currency: *nine pounds fifty*."""


@cache
def _spoken_pattern(
    numbers: tuple[str, ...], signs: tuple[str, ...]
) -> re.Pattern[str]:
    sign = "|".join(map(re.escape, signs))
    number = "|".join(
        re.escape(each).replace(r"\-", "[- ]").replace("ss", "(?:ss|ß)")
        for each in sorted(numbers, key=len, reverse=True)
    )
    return re.compile(
        rf"(?<![\w-])(?<!hundred and )(?<!hundred )({number})\s+({sign})\b"
        rf"(?:(?:\s+(?:and|und))?\s+({number})\b(?!\s+(?:{sign})\b))?",
        re.IGNORECASE,
    )


def _as_one_word(number: str) -> str:
    """The word of a number as it is listed: *forty three* is *forty-three*."""
    return number.casefold().replace(" ", "-")


@cache
def _amount_pattern(signs: tuple[str, ...]) -> re.Pattern[str]:
    sign = "|".join(re.escape(each) for each in sorted(signs, key=len, reverse=True))
    space = r"[ \u00a0\u202f]?"
    return re.compile(
        rf"(?:(?<!\w)(?P<before>{sign}){space}(?P<first>{_NUMBER})(?!\d)"
        rf"|(?<![\w.,])(?P<second>{_NUMBER})(?:,-|,–)?{space}(?P<after>{sign})(?!\w)"
        rf"(?: (?P<cents>\d{{2}}){_END_OF_AMOUNT})?)(?:{_CENTS})?",
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
    major = Decimal(f"{digits}.{last[1]}" if last else digits)
    return Money(int(in_minor(major, code)), code)


def _days(text: str, today: date, languages: tuple[str, ...]) -> Iterator[Found]:
    for each in days_in(text, today=today, languages=languages):
        yield Found(each.start, each.end, "day", each.words, days=each.days)
