"""Numbers of days that a letter names: *our return period is 60 days*."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from ...content.letters.claims import BUSINESS_DAYS, CALENDAR_DAYS
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Hit
from ..foreign.strangers import TextSpan
from ..reading.findings import Finding, Reply
from ..reading.reply_context import ReplyContext

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

_DIGITS = re.compile(r"\d{1,3}")
_LAST_WORD = re.compile(r"(?<![\w-])(?P<word>\d{1,3}|[^\W\d_][\w-]*)[ \u00a0-]$")


def day_counts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find numbers of days of which nothing in the case knows.

    Known are the numbers of its facts, of the limits of its page, of the buyer's
    message, and those that lie between two of its days.
    """
    context, text = reply.context, reply.reading.text
    counted = [
        (place, number, most)
        for mark, most in ((CALENDAR_DAYS, _exactly), (BUSINESS_DAYS, _with_weekends))
        for hit in reply.claims.hits_of(mark)
        for place, number in _number_before(hit, reply)
        if number >= FEWEST and number not in context.day_counts
    ]
    if not counted:
        return
    theirs = set(map(int, _DIGITS.findall(reply.buyers.text)))
    theirs |= {
        number
        for word, number in reply.rules.numbers.items()
        if re.search(rf"\b{re.escape(word)}\b", reply.buyers.text, re.IGNORECASE)
    }
    apart = frozenset(_apart(context))
    for place, number, most in counted:
        fitting = range(number - ROOM, most(number) + ROOM + 1)
        if number not in theirs and apart.isdisjoint(fitting):
            yield reply.finding(rule, place, text[place.start : place.end])


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
    """How many days lie between any two days of a case, and of a page's limits."""
    days = {context.today, *context.journey}
    for values in context.values.values():
        days.update(each for each in values if isinstance(each, date))
    for start, end in combinations(sorted(days), 2):
        yield (end - start).days


def _exactly(number: int) -> int:
    return number


def _with_weekends(number: int) -> int:
    """How many days so many business days take at most."""
    return number * WEEK // WORKED + HOLIDAYS
