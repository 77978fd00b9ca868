"""Whether a letter is an answer at all, and not only words.

A list of words, the buyer's own words, courtesy and what has been are none: see
``hollow.py`` for what words alone show.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ...catalogue import say
from ...content.letters.claims import EVERYWHERE, ON_DAY, SAYS
from ...content.letters.reply_rules import ReplyRule
from ..reading.findings import Finding, Reply
from ..said.statements import (
    NEWS,
    is_allowed,
    is_behind,
    is_said_in_a_word,
    row_of,
    unmet,
    unread_places,
)
from .hollow import (
    breaks_off,
    dates_in_numbers,
    is_about_it,
    is_copied,
    says_only_what_anybody_says,
)

FEWEST_LITTLE_WORDS = 0.2
"""A letter has more of them: 0.35 to 0.6 in all that were measured; a list has none."""

FEWEST_WORDS = 6
"""In words: a shorter one is too short for a share to mean anything."""

DECISION = "decision"
"""What a finding looks at if it holds only for the decision of the case."""


def empty_letter(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """A text that says nothing: a list of words, the buyer's own, or no statement."""
    if not reply.is_readable or not reply.reading.text.strip():
        return
    is_long = len(reply.reading.wording.tokens) >= FEWEST_WORDS
    if is_long and reply.claims.share_of_little_words < FEWEST_LITTLE_WORDS:
        yield reply.finding(rule, None, say("practice.reply.no-sentences"))
    elif is_long and is_copied(reply, _decides(reply)):
        copied = reply.finding(rule, None, say("practice.reply.copied"))
        yield replace(copied, looks_at=DECISION)
    elif breaks_off(reply):
        yield reply.finding(rule, None, say("practice.reply.breaks-off"))
    elif not _says_anything(reply) or (is_long and _says_no_more(reply)):
        says_nothing = say("practice.reply.says-nothing")
        yield replace(reply.finding(rule, None, says_nothing), looks_at=DECISION)


def _decides(reply: Reply) -> bool:
    """Whether it claims something about money, parcel or return, not only news.

    What contradicts no action decides nothing: *the parcel is on its way*. Nor does
    what is in doubt and is not allowed.
    """
    everywhere = reply.rules.claims.groups.get(EVERYWHERE, ())
    free = {each.claim for each in everywhere if SAYS in each.ways}
    row = row_of(reply)
    return any(
        each.kind.topic != NEWS
        and not each.is_named
        and each.kind.id not in free
        and (each.decides or is_allowed(each, row))
        for each in reply.claims.found
    )


def _says_no_more(reply: Reply) -> bool:
    """Whether it lacks what it must say, and has only words that anybody says."""
    is_lacking = _lacks(reply) and not _decides(reply)
    return is_lacking and says_only_what_anybody_says(reply)


def _lacks(reply: Reply) -> bool:
    """Whether it neither claims what is needed nor names the right day."""
    return bool(unmet(reply)) and not _names_a_right_day(reply)


def _names_a_right_day(reply: Reply) -> bool:
    """Whether a day of the action that is to come stands behind *by* or *on*.

    A weekday on which something has been is not to come: *delivered on Wednesday*.
    """
    coming, journey = _coming_days(reply), set(reply.context.journey)
    return any(
        not coming.isdisjoint(each.days)
        and journey.isdisjoint(each.days)
        and is_behind(each, reply, ON_DAY)
        for each in reply.reading.of("day")
    )


def _names_today(reply: Reply) -> bool:
    """Whether it says what is today: *today* or *on 13 June*, not *nice Thursday*."""
    today = reply.context.today
    return any(
        today in each.days
        and (is_behind(each, reply, ON_DAY) or is_said_in_a_word(each))
        for each in reply.reading.of("day")
    )


def _coming_days(reply: Reply) -> frozenset[date]:
    """The days of the action that are not over."""
    action = reply.action
    mentions = (*action.names, *action.may_name) if action else ()
    days = reply.context.days_of(mentions)
    return frozenset(each for each in days if each > reply.context.today)


def _says_anything(reply: Reply) -> bool:
    """Whether it makes a claim, or names a day to come or what the action names.

    News will do where nothing else must be claimed, if it is about what the buyer
    wrote. What is not, and lacks what must be claimed, answers another case. What lacks
    it, names no day to come and has no clause in doubt tells the buyer nothing new.
    """
    lacks, decides = bool(unmet(reply)), _decides(reply)
    if (lacks or not decides) and not is_about_it(reply):
        return False
    is_enough = decides or not lacks
    if reply.action is None:
        return bool(reply.claims.found)
    if is_enough and not all(each.is_named for each in reply.claims.found):
        return True
    if lacks and not unread_places(reply):
        # It tells only what has been, whatever else stands in it: a day may be news.
        return _names_a_right_day(reply)
    action, context = reply.action, reply.context
    mentions = (*action.names, *action.may_name)
    return bool(
        not _coming_days(reply).isdisjoint(reply.reading.days)
        or (not lacks and _names_today(reply))
        or any(each > context.today for each in dates_in_numbers(reply))
        or reply.reading.amounts.intersection(context.amounts_of(mentions))
    )
