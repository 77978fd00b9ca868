"""Days on which a letter says that something happened, held against the case's own.

``letter_days.py`` asks whether the case knows a day at all. *Sorted in Memphis on
13 August* names a day of the case and a town of the case, and can still be false.
"""

from collections.abc import Iterator
from datetime import date

from ...content.letters.claims import NOT
from ...content.letters.reply_rules import Mention, ReplyRule
from ..reading.findings import Finding, Reply
from ..reading.spellings import Found
from ..wording import day_words
from . import statements


def told_days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find days that belong to another event of the case.

    Only a clause with one day is judged, and only a day that has gone by.
    """
    told = {}
    for day, right in (*_days_of_claims(reply), *_days_of_towns(reply)):
        if right and not right.intersection(day.days):
            told[day.start] = (day, right)
    for day, right in told.values():
        words = (day_words(each, reply.context.language) for each in sorted(right))
        yield reply.finding(rule, day, " · ".join(words))


def _days_of_claims(reply: Reply) -> Iterator[tuple[Found, frozenset[date]]]:
    """Each day beside a claim that has a day of its own, and that day."""
    own = reply.rules.claims.days
    for claim in statements.claims_made(reply):
        fact = own.get(claim.kind.id)
        if fact is None or claim.way == NOT or claim.is_asked:
            continue
        right = reply.context.days_of([Mention(fact, until=False)])
        day = _only_past_day(reply, *reply.claims.span_of(claim.clause))
        if day is not None:
            yield day, frozenset(right)


def _days_of_towns(reply: Reply) -> Iterator[tuple[Found, frozenset[date]]]:
    """Each day beside a town of the parcel's journey, and the days of its scans."""
    towns = reply.context.town_days
    for start, end in reply.claims.spans:
        day = _only_past_day(reply, start, end)
        if day is None:
            continue
        text = reply.reading.text[start:end]
        named = [town for town in towns if town in text]
        if len(named) == 1:
            yield day, towns[named[0]]


def _only_past_day(reply: Reply, start: int, end: int) -> Found | None:
    """The day of a clause if it names one, and that day can have gone by.

    A weekday is the last or the next one.
    """
    days = [each for each in reply.reading.of("day") if start <= each.start < end]
    if len(days) != 1 or not days[0].days:
        return None
    return days[0] if min(days[0].days) < reply.context.today else None
