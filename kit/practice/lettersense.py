"""Whether a letter says what was decided: its claims, and whether it says anything.

Three questions that a list of forbidden words cannot answer: does it claim something
that the action does not allow, does it claim what the action needs, and is it a letter
at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ..catalogue import say
from ..content.claims import (
    AT_ONCE,
    DAY_ELSEWHERE,
    DAY_OFF,
    DONE,
    EVERYWHERE,
    LAST_DAY,
    LATER,
    NOT,
    ON_DAY,
    ROUGHLY,
    SAYS,
    ActionClaims,
    Allowed,
)
from ..content.replyrules import ReplyRule
from ..rules.values import Money, Value, key_of
from .claims import Claim
from .findings import Finding, Place, Reply
from .hollow import breaks_off, dates_in_numbers, is_about_it, is_copied
from .occasions import Occasion
from .spellings import Found

FEWEST_LITTLE_WORDS = 0.2
"""A letter has more of them: 0.35 to 0.6 in all that were measured; a list has none."""

FEWEST_WORDS = 6
"""In words: a shorter one is too short for a share to mean anything."""

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

FARTHEST_DAY = 5
"""In characters: from *by* to its day, as in *by the 4 June*."""


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
    return tuple(each for each in _not_allowed(reply) if each.decides)


def _not_allowed(reply: Reply) -> Iterator[Claim]:
    for each in reply.claims.found:
        if not each.is_asked and not _is_allowed(each, row_of(reply)):
            yield each


def _is_allowed(claim: Claim, row: ActionClaims | None) -> bool:
    return row is None or row.allows(claim.kind.id, claim.way)


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
    if claim.is_named:
        return False
    is_timed = claim.kind.is_timed or claim.kind.is_now
    if claim.is_asked and is_timed and LATER not in need.ways:
        return False
    return claim.kind.id == need.claim and claim.way in need.ways


def unread(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Clauses about money, parcel or return in which nothing sure was found.

    What was read there and is wrong says more.
    """
    if reply.is_readable and row_of(reply):
        wrong = contradicting(reply)
        for each in _unread_places(reply):
            if not any(one.start < each.end and each.start < one.end for one in wrong):
                text = reply.reading.text[each.start : each.end]
                yield reply.finding(rule, each, text)


def _unread_places(reply: Reply) -> list[Place]:
    row = row_of(reply)
    read = {
        each.clause
        for each in reply.claims.found
        if not each.is_vague or _is_allowed(each, row)
    }
    doubtful = (each for each in _not_allowed(reply) if each.is_doubtful)
    return [*reply.claims.unread(read), *doubtful]


def hollow(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """A text that says nothing: a list of words, the buyer's own, or no statement."""
    if not reply.is_readable or not reply.reading.text.strip():
        return
    is_long = len(reply.reading.wording.tokens) >= FEWEST_WORDS
    if is_long and reply.claims.share_of_little_words < FEWEST_LITTLE_WORDS:
        yield reply.finding(rule, None, say("practice.reply.no-sentences"))
    elif is_long and is_copied(reply, _decides(reply), _lacks(reply)):
        yield reply.finding(rule, None, say("practice.reply.copied"))
    elif breaks_off(reply):
        yield reply.finding(rule, None, say("practice.reply.breaks-off"))
    elif not _says_anything(reply):
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
        and (each.decides or _is_allowed(each, row))
        for each in reply.claims.found
    )


def _lacks(reply: Reply) -> bool:
    """Whether it neither claims what is needed nor names the right day."""
    return bool(unmet(reply)) and not _names_a_right_day(reply)


def _names_a_right_day(reply: Reply) -> bool:
    """Whether a day of the action that is to come stands behind *by* or *on*.

    A weekday on which something has been is not to come: *delivered on Wednesday*.
    """
    coming, journey = _coming_days(reply), set(reply.occasion.journey)
    return any(
        not coming.isdisjoint(each.days)
        and journey.isdisjoint(each.days)
        and _is_behind(each, reply, ON_DAY)
        for each in reply.reading.of("day")
    )


def _names_today(reply: Reply) -> bool:
    """Whether it says what is today: *today* or *on 13 June*, not *nice Thursday*."""
    today = reply.occasion.today
    return any(
        today in each.days
        and (_is_behind(each, reply, ON_DAY) or _is_said_in_a_word(each))
        for each in reply.reading.of("day")
    )


def _is_said_in_a_word(day: Found) -> bool:
    """Whether a day is said as *today*: a weekday could be several days."""
    return len(day.days) == 1 and day.words.isalpha()


def _coming_days(reply: Reply) -> frozenset[date]:
    """The days of the action that are not over."""
    action = reply.action
    mentions = (*action.names, *action.may_name) if action else ()
    days = reply.occasion.days_of(mentions)
    return frozenset(each for each in days if each > reply.occasion.today)


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
    if lacks and not _unread_places(reply):
        # It tells only what has been, whatever else stands in it: a day may be news.
        return _names_a_right_day(reply)
    action, occasion = reply.action, reply.occasion
    mentions = (*action.names, *action.may_name)
    return bool(
        not _coming_days(reply).isdisjoint(reply.reading.days)
        or (not lacks and _names_today(reply))
        or any(each >= occasion.today for each in dates_in_numbers(reply))
        or reply.reading.amounts.intersection(occasion.amounts_of(mentions))
    )


def says_all(reply: Reply) -> bool:
    """Whether it names the amount as all of it: *you get everything back*."""
    return any(each.kind.id == ALL_OF_IT and each.way != NOT for each in made(reply))


def needs_no_day(reply: Reply) -> bool:
    """Whether what it claims is done or is done at once, or the day is shown elsewhere.

    *I have refunded it* and *we cancel it now* tell when as plainly as a day.
    """
    if reply.claims.has(DAY_ELSEWHERE):
        return True
    now = reply.claims.clauses_with(AT_ONCE)
    return any(
        each.way == DONE or (each.way == SAYS and each.clause in now)
        for each in made(reply)
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


def is_day_off(day: Found, reply: Reply) -> bool:
    """Whether a clause names a day only as one on which nobody works.

    A clause that promises something as well, and names no other day, names the day of
    that: *we answer on Monday, after the holiday*.
    """
    promises = [each.start for each in made(reply) if each.way != NOT]
    days = [each.start for each in reply.reading.of("day")]
    return any(
        start <= day.start < end
        and not (
            any(start <= each < end for each in promises)
            and sum(start <= each < end for each in days) == 1
        )
        for start, end in reply.claims.spans_with(DAY_OFF)
    )


def is_past_promise(day: Found, reply: Reply) -> bool:
    """Whether something is promised by a day that has gone by: *we refund by 4 May*."""
    if any(each >= reply.occasion.today for each in day.days):
        return False
    return _is_behind(day, reply) and any(
        start <= day.start < end
        for each in made(reply)
        if each.kind.is_timed and each.way in {SAYS, LATER} and not each.is_asked
        for start, end in [reply.claims.span_of(each.clause)]
    )


def _is_behind(day: Found, reply: Reply, *marks: str) -> bool:
    """Whether a day stands behind a word such as *by*, or one of other marks."""
    return any(
        0 <= day.start - end <= FARTHEST_DAY
        for mark in (LAST_DAY, *marks)
        for end in reply.claims.ends_of(mark)
    )


def words_of(claim: Claim) -> str:
    """A claim as its agent reads it."""
    if claim.way == NOT:
        return claim.kind.denies
    if claim.way == LATER:
        return say("practice.reply.later", claim=claim.kind.says)
    return claim.kind.says


def made(reply: Reply) -> tuple[Claim, ...]:
    """The claims that a letter surely makes, or that it may make in its case."""
    row = row_of(reply)
    return tuple(
        each
        for each in reply.claims.found
        if each.decides or (row is not None and _is_allowed(each, row))
    )


def told(reply: Reply) -> tuple[str, ...]:
    """What a letter claims, as its agent reads it; each once.

    News is left out, and so is what is only asked.
    """
    claims = (
        each for each in made(reply) if each.kind.topic != NEWS and not each.is_asked
    )
    return tuple(dict.fromkeys(map(words_of, claims)))
