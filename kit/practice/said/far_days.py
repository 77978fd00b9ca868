"""Weeks and months by which a letter promises something, held against the case's days.

A day with its date is checked in ``letter_days.py``. *Next month* or *in three weeks*
names none, and still tells the buyer that it takes longer than it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ...content.letters.claims import FAR_OFF, IN_MONTH, NEXT_MONTH, NEXT_WEEK, NOT
from ...content.letters.reply_rules import ReplyRule
from ..reading.days import month_at
from ..reading.findings import Finding, Place, Reply
from . import statements
from .letter_days import days_to_come

FORTNIGHT = timedelta(days=14)
"""What is due within it is not due *in some weeks*."""

WEEK = timedelta(days=7)
NEWS_OF_OURS = "next-news"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where words about a stretch of time stand."""

    start: int
    end: int


def far_days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find a promise of ours for a week or month in which no day of the case lies."""
    if not reply.rules.claims.kinds or not reply.action:
        return
    coming = days_to_come(reply)
    promised = _spans_that_promise(reply)
    for each, first, last in _stretches(reply):
        is_promise = any(start <= each.start < end for start, end in promised)
        if is_promise and not any(first <= day <= last for day in coming):
            words = reply.reading.text[each.start : each.end]
            yield reply.finding(rule, each, words)


def _spans_that_promise(reply: Reply) -> list[tuple[int, int]]:
    return [
        reply.claims.span_of(each.clause)
        for each in statements.claims_made(reply)
        if (each.kind.is_timed or each.kind.id == NEWS_OF_OURS)
        and each.way != NOT
        and not each.is_asked
    ]


def _stretches(reply: Reply) -> Iterator[tuple[Place, date, date]]:
    """Each stretch of time in a letter with its first and its last day."""
    today = reply.context.today
    monday = today - timedelta(today.weekday())
    for hit in reply.claims.hits_of(NEXT_WEEK):
        yield hit, monday + WEEK, monday + WEEK + WEEK
    for hit in reply.claims.hits_of(NEXT_MONTH):
        first = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
        yield hit, first, first + timedelta(days=31)
    for hit in reply.claims.hits_of(FAR_OFF):
        yield hit, today + FORTNIGHT, date.max
    for hit in reply.claims.hits_of(IN_MONTH):
        month = month_at(
            reply.reading.text, hit.end, today=today, language=reply.language
        )
        if month:
            end, first = month
            yield _Stretch(hit.start, end), first, first + timedelta(days=31)
