"""Whether a letter says what was decided: its claims, and whether it says anything.

Three questions that a list of forbidden words cannot answer: does it claim something
that the action does not allow, does it claim what the action needs, and is it a letter
at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ..catalogue import say
from ..content.claims import (
    AT_ONCE,
    DAY_ELSEWHERE,
    DONE,
    LATER,
    NO_ENDING,
    NOT,
    OF_BUYER,
    OPENING,
    ROUGHLY,
    SAYS,
    TO_BUYER,
    ActionClaims,
    Allowed,
)
from ..content.replyrules import ReplyRule, ReplyRules
from ..rules.values import Money, Value, key_of
from .claims import Claim
from .findings import Finding, Reply
from .occasions import Occasion
from .spellings import Found
from .texts import Reading, read_text

FEWEST_LITTLE_WORDS = 0.2
"""A letter has more of them: 0.35 to 0.6 in all that were measured; a list has none."""

FEWEST_WORDS = 6
"""In words: a shorter one is too short for a share to mean anything."""

RUN = 4
"""Words in a row that are the same: what somebody has copied."""

MOST_COPIED, MOST_SAID_AFTER = 0.5, 0.62
"""Of its words: what somebody has copied, or said again where something is claimed."""

STEM = 6
"""How many letters of a word are compared: *haben* and *habe* are nearly the same."""

A_DAY = date(2000, 1, 1)
"""Which day it is says nothing of whom a text addresses."""

DECISION = "decision"
"""What a finding looks at if it holds only for the decision of the case."""

NEWS = "news"
"""The topic of claims that decide nothing, such as *you hear from us*."""

ALL_OF_IT = "full-refund"
"""The claim that names an amount without a number."""

NEAR = 0.03
"""How far a rounded amount can be from the right one: a part of it."""

MOST_SPACES = 2
"""Between an amount and the word that says that it is rounded."""

LONGEST_SIGNATURE = 8
"""In words: *Best wishes from all of us, Lin* is no sentence that breaks off."""

_END = re.compile(r"[.!?…:)](?=\s|$)")


def claims(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that the action does not allow, each once."""
    named: set[str] = set()
    for each in contradicting(reply):
        words = words_of(each)
        if words not in named:
            named.add(words)
            yield reply.finding(rule, each, words)


def contradicting(reply: Reply) -> tuple[Claim, ...]:
    """The claims of a reply that its action does not allow."""
    row = row_of(reply)
    if row is None:
        return ()
    return tuple(
        each
        for each in reply.claims.found
        if not each.is_asked and not row.allows(each.kind.id, each.way)
    )


def row_of(reply: Reply) -> ActionClaims | None:
    """What a letter may claim in its case: the first row that fits."""
    occasion = reply.occasion
    rows = reply.rules.claims.actions.get(occasion.action, ())
    return next((each for each in rows if _holds(each, occasion)), None)


def _holds(row: ActionClaims, occasion: Occasion) -> bool:
    return all(
        any(_name(value) in when.values for value in occasion.values.get(when.key, ()))
        for when in row.when
    )


def _name(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return key_of(str(value))


def missing_claims(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that the action needs and the reply does not make."""
    if not reply.is_readable:
        return
    for needs in unmet(reply):
        need = needs[0]
        kind = reply.rules.claims.kinds[need.claim]
        words = kind.denies if need.ways == (NOT,) else kind.says
        yield reply.finding(rule, None, words)


def unmet(reply: Reply) -> tuple[tuple[Allowed, ...], ...]:
    """The claims that the action needs and the reply does not make."""
    row = row_of(reply)
    return tuple(
        needs
        for needs in (row.required if row else ())
        if not any(_meets(each, need) for each in reply.claims.found for need in needs)
    )


def _meets(claim: Claim, need: Allowed) -> bool:
    """Whether a claim is what is needed; who asks about money promises none."""
    if claim.is_asked and claim.kind.is_timed and LATER not in need.ways:
        return False
    return claim.kind.id == need.claim and claim.way in need.ways


def unread(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Clauses about money, parcel or return that no claim was found in."""
    if reply.is_readable and row_of(reply):
        for each in reply.claims.unread:
            yield reply.finding(rule, each, reply.reading.text[each.start : each.end])


def hollow(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """A text that says nothing: a list of words, the buyer's own, or no statement."""
    if not reply.is_readable or not reply.reading.text.strip():
        return
    is_long = len(reply.reading.wording.tokens) >= FEWEST_WORDS
    if is_long and reply.claims.share_of_little_words < FEWEST_LITTLE_WORDS:
        yield reply.finding(rule, None, say("practice.reply.no-sentences"))
    elif is_long and _is_copied(reply):
        yield reply.finding(rule, None, say("practice.reply.copied"))
    elif _breaks_off(reply):
        yield reply.finding(rule, None, say("practice.reply.breaks-off"))
    elif not _says_anything(reply):
        says_nothing = say("practice.reply.says-nothing")
        yield replace(reply.finding(rule, None, says_nothing), looks_at=DECISION)


def _breaks_off(reply: Reply) -> bool:
    """Whether it ends in the middle of a sentence, such as with *the* or *and*.

    A name below it is no sentence, and regards and thanks often have no full stop.
    """
    text = reply.reading.text.rstrip()
    last = _END.split(text.splitlines()[-1])[-1]
    if not last.strip():
        return False
    if text.endswith(",") or len(text) in reply.claims.ends_of(NO_ENDING):
        return True
    start = len(text) - len(last.lstrip())
    is_closing = start in reply.claims.starts_of(OPENING)
    return len(last.split()) > LONGEST_SIGNATURE and not is_closing


def _is_copied(reply: Reply) -> bool:
    """Whether it repeats what the buyer wrote, also turned round, and no more."""
    runs = _runs(reply.reading)
    if len(runs & _runs(reply.buyers)) > MOST_COPIED * max(1, len(runs)):
        return True
    own = _stems(reply.reading) - reply.claims.little_words
    same = own & _stems(reply.buyers)
    most = MOST_SAID_AFTER if _decides(reply) else MOST_COPIED
    return len(same) > most * len(own)


def _runs(reading: Reading) -> set[tuple[str, ...]]:
    words = [each.word for each in reading.wording.tokens]
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _stems(reading: Reading) -> set[str]:
    return {each.word[:STEM] for each in reading.wording.tokens if not each.shape}


def _decides(reply: Reply) -> bool:
    """Whether it claims something about money, parcel or return, not only news."""
    return any(each.kind.topic != NEWS for each in reply.claims.found)


def _says_anything(reply: Reply) -> bool:
    """Whether it makes a claim, or names a day or an amount of the action."""
    row = row_of(reply)
    needs_none = row is None or not row.required
    if _decides(reply) or (needs_none and reply.claims.found) or reply.action is None:
        return bool(reply.claims.found)
    action, occasion = reply.action, reply.occasion
    mentions = (*action.names, *action.may_name)
    return bool(
        reply.reading.days.intersection(occasion.days_of(mentions))
        or reply.reading.amounts.intersection(occasion.amounts_of(mentions))
    )


def says_all(reply: Reply) -> bool:
    """Whether it names the amount as all of it: *you get everything back*."""
    return any(
        each.kind.id == ALL_OF_IT and each.way != NOT for each in reply.claims.found
    )


def needs_no_day(reply: Reply) -> bool:
    """Whether what it claims is done or is done at once, or the day is shown elsewhere.

    *I have refunded it* and *we cancel it now* tell when as plainly as a day.
    """
    if reply.claims.has(DAY_ELSEWHERE):
        return True
    now = reply.claims.clauses_with(AT_ONCE)
    return any(
        each.way == DONE or (each.way == SAYS and each.clause in now)
        for each in reply.claims.found
        if each.kind.topic != NEWS
    )


def is_rough(amount: Found, reply: Reply, right: Iterable[Money]) -> bool:
    """Whether an amount is said to be rounded, as in *about ten pounds*, and fits."""
    is_said = any(
        0 <= amount.start - end <= MOST_SPACES for end in reply.claims.ends_of(ROUGHLY)
    )
    return is_said and any(
        one.currency == other.currency
        and abs(one.minor - other.minor) <= NEAR * other.minor
        for one in amount.amounts
        for other in right
    )


def words_of(claim: Claim) -> str:
    """A claim as its agent reads it."""
    if claim.way == NOT:
        return claim.kind.denies
    if claim.way == LATER:
        return say("practice.reply.later", claim=claim.kind.says)
    return claim.kind.says


def told(reply: Reply) -> tuple[str, ...]:
    """What a letter claims, as its agent reads it; each once.

    News is left out, and so is what is only asked.
    """
    claims = (
        each
        for each in reply.claims.found
        if each.kind.topic != NEWS and not each.is_asked
    )
    return tuple(dict.fromkeys(map(words_of, claims)))


def tells_reader(rules: ReplyRules) -> bool:
    """Whether rules have words that tell to whom a text is written."""
    return any(each.name == TO_BUYER for each in rules.claims.marks)


def addresses_buyer(text: str, rules: ReplyRules) -> bool:
    """Whether a text speaks to the buyer, and not about the buyer."""
    marks = _marks_of(text, rules)
    return TO_BUYER in marks and OF_BUYER not in marks


def is_about_buyer(text: str, rules: ReplyRules) -> bool:
    """Whether a text tells somebody else about the buyer."""
    return _marks_of(text, rules) == {OF_BUYER}


def _marks_of(text: str, rules: ReplyRules) -> set[str]:
    wording = read_text(text, rules, today=A_DAY).wording
    return {
        each.name
        for each in rules.claims.marks
        if each.name in {TO_BUYER, OF_BUYER} and wording.has(each.phrases, each.unless)
    }
