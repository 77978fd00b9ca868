"""Numbers of days that a letter names: *our return period is 60 days*."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from ...content.letters.claims import BUSINESS_DAYS, CALENDAR_DAYS, WITHIN
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Hit
from ..foreign.strangers import TextSpan
from ..reading.findings import Finding, Reply
from ..reading.reply_context import ReplyContext
from .letter_days import days_to_come
from .statements import is_promised_by

FEWEST = 7
"""A smaller number is often a rough one: *give it two or three days*."""

ROOM = 1
"""In days: who counts may count the first day, or not."""

WEEK, WORKED = 7, 5
"""The days of a week, and those on which one works."""

HOLIDAYS = 3
"""That lie between two days at most, where business days are counted."""

LONGEST = 24
"""In characters: the longest number in words, with a space behind it."""

NEXT = 2
"""In characters: from *within* to its number."""

_DIGITS = re.compile(r"\d{1,3}")
_LAST_WORD = re.compile(r"(?<![\w-])(?P<word>\d{1,3}|[^\W\d_][\w-]*)[ \u00a0-]$")


def day_counts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find numbers of days of which nothing in the case knows.

    Known are the numbers of its facts, of the limits of its page, of the buyer's
    message, and those that lie between two of its days. *We refund within five
    business days* is a promise, and must be one that a message of the page gives.
    """
    context, text = reply.context, reply.reading.text
    counted = [
        (place, number, mark)
        for mark in (CALENDAR_DAYS, BUSINESS_DAYS)
        for hit in reply.claims.hits_of(mark)
        for place, number in _number_before(hit, reply)
    ]
    if not counted or not reply.action:
        return
    theirs = frozenset(_numbers_of_buyer(reply))
    apart = frozenset(_apart(context))
    promised = frozenset(_business_days_to_come(reply)) | context.promised_counts
    for place, number, mark in counted:
        is_business = mark == BUSINESS_DAYS
        if is_business and promised and _is_promise(place, reply):
            is_known = number in promised | theirs
        elif number < FEWEST or number in context.day_counts | theirs:
            is_known = True
        else:
            most = _with_weekends(number) if is_business else number
            is_known = not apart.isdisjoint(range(number - ROOM, most + ROOM + 1))
        if not is_known:
            yield reply.finding(rule, place, text[place.start : place.end])


def _is_promise(place: TextSpan, reply: Reply) -> bool:
    """Whether something of ours is promised *within* a number of days."""
    return is_promised_by(place, reply) and any(
        0 <= place.start - end <= NEXT for end in reply.claims.ends_of(WITHIN)
    )


def _business_days_to_come(reply: Reply) -> Iterator[int]:
    """How many business days lie before each day that may be promised, roughly."""
    today = reply.context.today
    for day in days_to_come(reply):
        worked = sum(
            (today + timedelta(step)).weekday() < WORKED
            for step in range(1, (day - today).days + 1)
        )
        yield from range(worked - ROOM, worked + 1)


def _numbers_of_buyer(reply: Reply) -> Iterator[int]:
    text = reply.buyers.text
    yield from map(int, _DIGITS.findall(text))
    for word, number in reply.rules.numbers.items():
        if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            yield number


def _number_before(hit: Hit, reply: Reply) -> Iterator[tuple[TextSpan, int]]:
    """Read the number right before a word such as *days*."""
    before = max(0, hit.start - LONGEST)
    match = _LAST_WORD.search(reply.reading.text[before : hit.start])
    if match is None:
        return
    word = match["word"].casefold()
    numbers = reply.rules.numbers
    number = int(word) if word.isdecimal() else numbers.get(word)
    if number is not None:
        yield TextSpan(before + match.start("word"), hit.end), number


def _apart(context: ReplyContext) -> Iterator[int]:
    """How many days lie between any two days of a case."""
    days = {context.today, *context.journey}
    for values in context.values.values():
        days.update(each for each in values if isinstance(each, date))
    for start, end in combinations(sorted(days), 2):
        yield (end - start).days


def _with_weekends(number: int) -> int:
    """How many days so many business days take at most."""
    return number * WEEK // WORKED + HOLIDAYS
