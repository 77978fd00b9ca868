"""The days that a letter names, held against those of its case."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from ...catalogue import say
from ...content.letters.reply_rules import Mention, ReplyRule
from ..reading.findings import Finding, Reply
from ..reading.reply_context import ReplyContext
from ..reading.spellings import Found
from ..wording import day_words
from . import statements

_BESIDE = re.compile(r",? ?\(?(?:(?:on|the|am|den|dem) )?", re.IGNORECASE)
"""What stands between a day and the same day said otherwise: *today (3 June)*."""

_ENDS = re.compile(r"\s*(?:[),.;:!?\n]|$)")
"""What follows it then; *today, June 9 is your last day* says two days."""


def days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Days with which the case does not agree."""
    for each in _wrong_days(reply):
        yield reply.finding(rule, each, _day_words(reply, each))


def missing_days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Days that the action needs and the letter does not name."""
    if not reply.action or not reply.is_readable or any(_wrong_days(reply)):
        return
    if not statements.needs_no_day(reply):
        for day in unnamed_days(reply):
            yield reply.finding(rule, None, day_words(day, reply.context.language))


def unknown_days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Days of which neither the case nor the buyer knows, as a note tells them."""
    context = reply.context
    known = {*_known_days(context), *reply.buyers.days, context.today}
    for each in reply.reading.of("day"):
        if each.days and known.isdisjoint(each.days) and not _is_in_name(each, reply):
            yield reply.finding(rule, each, each.words)


def _agrees(named: date, day: date, mention: Mention, context: ReplyContext) -> bool:
    is_until = mention.until or mention.key in context.due
    return named == day or (is_until and context.today <= named <= day)


def _wrong_days(reply: Reply) -> Iterator[Found]:
    """Days with which the case does not agree.

    What has been may be told of any day that the case knows. What is to come may be a
    day of the action or one that the buyer has named; another day of the case only
    beside the one that the action needs, so that it does not stand in for it. A day
    on which nobody works is no promise: *Monday is a holiday*. A promise by a day that
    has gone by is none, whatever the case knows of that day.
    """
    context = reply.context
    known = {*_known_days(context)}
    if not (reply.action and reply.action.names and not any(unnamed_days(reply))):
        known = {day for day in known if day <= context.today}
    free = {*known, *reply.buyers.days, context.today}
    mentions = tuple(_mentions(reply))
    is_due = any(each > context.today for each in context.days_of(mentions))
    differing = tuple(_differing(reply))
    for each in reply.reading.of("day"):
        if _is_in_name(each, reply):
            continue
        is_of_action = any(_is_of(day, mentions, context) for day in each.days)
        if each in differing or statements.is_past_promise(each, reply):
            yield each
        elif (
            is_of_action
            or statements.is_day_off(each, reply)
            or _is_free_for_buyer(each, mentions, reply)
        ):
            continue
        elif (
            free.isdisjoint(each.days)
            or statements.is_to_come(each, reply)
            or (is_due and statements.is_day_of_news(each, reply))
        ):
            yield each


def _is_in_name(day: Found, reply: Reply) -> bool:
    """Whether it belongs to what the case names: *the mug that says Monday*."""
    text = reply.reading.text
    for words in reply.context.own_words:
        start = text.find(words) if day.words in words else -1
        while start >= 0:
            if start <= day.start and day.end <= start + len(words):
                return True
            start = text.find(words, start + 1)
    return False


def _is_free_for_buyer(day: Found, mentions: Iterable[Mention], reply: Reply) -> bool:
    """Whether a day to come is one that the agent may set for the buyer.

    *Please send it by 30 September*: where the buyer sends something back and the
    case names no day for it, any day is as good, unless something of ours is promised
    by it. The last day on which we act is none for the buyer.
    """
    context = reply.context
    if not day.days or min(day.days) <= context.today:
        return False
    needed = reply.action.names if reply.action else ()
    if [*context.days_of(needed)]:
        return False
    if any(each > context.today for each in context.days_of(mentions)):
        return False
    return statements.is_sent_back(reply) and not statements.is_promised_by(day, reply)


def _differing(reply: Reply) -> Iterator[Found]:
    """Dates beside a word that says another day: *today, Monday 2 September*.

    Pages of earlier versions, which know no claims, are checked as they were.
    """
    if not reply.rules.claims.kinds:
        return
    text = reply.reading.text
    for one, other in pairwise(reply.reading.of("day")):
        is_same = not {*one.days}.isdisjoint(other.days)
        is_date = any(each.isdigit() for each in other.words)
        if is_same or not is_date or not statements.is_said_in_a_word(one):
            continue
        is_beside = _BESIDE.fullmatch(text[one.end : other.start])
        if is_beside and _ENDS.match(text[other.end :]):
            yield other


def _is_of(day: date, mentions: Iterable[Mention], context: ReplyContext) -> bool:
    return any(
        _agrees(day, value, mention, context)
        for mention in mentions
        for value in context.days_of([mention])
    )


def unnamed_days(reply: Reply) -> Iterator[date]:
    """The days that the action needs and the reply does not name."""
    named = reply.reading.days
    for mention in reply.action.names if reply.action else ():
        for day in reply.context.days_of([mention]):
            if not any(_agrees(each, day, mention, reply.context) for each in named):
                yield day


def _mentions(reply: Reply) -> Iterator[Mention]:
    """What belongs to the action; where nothing is said of it, all of the case."""
    if reply.action is not None:
        yield from reply.action.names
        yield from reply.action.may_name
        return
    coming = [
        day
        for key in reply.context.answers
        for day in reply.context.days_of([Mention(key, until=False)])
        if day >= reply.context.today
    ]
    for key, values in reply.context.values.items():
        yield Mention(key, until=bool(coming) and min(coming) in values)


def days_to_come(reply: Reply) -> tuple[date, ...]:
    """The days of its action, and those of the buyer, that have not gone by."""
    of_action = reply.context.days_of(_mentions(reply))
    today = reply.context.today
    return tuple(each for each in {*of_action, *reply.buyers.days} if each >= today)


def _known_days(context: ReplyContext) -> Iterator[date]:
    yield from context.journey
    for values in context.values.values():
        yield from (each for each in values if isinstance(each, date))


def _day_words(reply: Reply, wrong: Found) -> str:
    """The days that would be right: those that are over for one that is over."""
    language, today = reply.context.language, reply.context.today
    days = sorted({*reply.context.days_of(_mentions(reply))})
    is_over = bool(wrong.days) and all(day < today for day in wrong.days)
    if is_over and not any(day < today for day in days):
        told = [day for day in _known_days(reply.context) if day < today]
        nearest = min(told, key=lambda day: abs(day - wrong.days[0]), default=None)
        days = [nearest] if nearest else days
    fitting = [day for day in days if (day < today) is is_over]
    fitting = fitting or [day for day in days if day >= today]
    words = " · ".join(day_words(day, language) for day in fitting)
    return words or say("practice.reply.no-day")
