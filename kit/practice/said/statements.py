"""Whether a letter says what was decided.

Does it claim something that the action does not allow, and does it claim what the
action needs? A list of forbidden words cannot tell. See ``is_answer.py`` for whether it
is an answer at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...catalogue import say
from ...content.letters.claims import (
    AT_ONCE,
    DAY_ELSEWHERE,
    DAY_OFF,
    DONE,
    FUTURE,
    HAPPENED,
    LAST_DAY,
    LATER,
    NEGATION,
    NOT,
    ROUGHLY,
    SAYS,
    ActionClaims,
    Allowed,
)
from ...content.letters.reply_rules import ReplyRule
from ...rules.values import Money
from ..reading.claims_read import Claim
from ..reading.findings import Finding, Place, Reply
from ..reading.spellings import Found

NEWS = "news"
"""The topic of claims that decide nothing, such as *you hear from us*."""

NEXT_NEWS = "next-news"
"""The claim that the buyer hears from us."""

ALL_OF_IT = "full-refund"
"""The claim that names an amount without a number."""

NEAR = 0.03
"""How far a rounded amount can be from the right one: a part of it."""

MOST_SPACES = 2
"""Between an amount and the word that says that it is rounded."""

SEND_BACK = "send-back"
"""The claim that the buyer sends it back."""

FARTHEST_DAY = 5
"""In characters: from *by* to its day, as in *by the 4 June*."""


def claims(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that the action does not allow, each once."""
    named: set[str] = set()
    told_to = 0
    for each in contradicting(reply):
        words = words_of(each)
        if each.way == DONE and is_allowed(replace(each, way=SAYS), row_of(reply)):
            words = say("practice.reply.done", claim=words)
        if words not in named and each.start >= told_to:
            named.add(words)
            told_to = each.end
            yield reply.finding(rule, each, words)


def facts_told(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that the facts of the case rule out, such as *it was delivered*."""
    context = reply.context
    not_true = [
        each for each, when in reply.rules.claims.ruled_out if context.is_one(when)
    ]
    for claim in reply.claims.found:
        if claim.is_asked or not claim.decides:
            continue
        if any(
            claim.kind.id == each.claim and claim.way in each.ways for each in not_true
        ):
            yield reply.finding(rule, claim, words_of(claim))


def told_of_buyer(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that only the buyer can have said, and did not say: *it is broken*."""
    context, own = reply.context, reply.rules.claims.of_buyer
    named = {each.claim for each, _ in own}
    told = [
        each
        for each in reply.claims.found
        if each.kind.id in named
        and each.way != NOT
        and not (each.is_doubtful or each.is_vague)
        and (each.is_named or not each.is_asked)
    ]
    if not told:
        return
    true = {
        each.name
        for each in reply.rules.claims.buyers_words
        if reply.buyers.wording.has(each.phrases, each.unless)
    }
    true |= {each.claim for each, when in own if context.is_one(when)}
    for claim in told:
        if claim.kind.id not in true:
            yield reply.finding(rule, claim, words_of(claim))


def contradicting(reply: Reply) -> tuple[Claim, ...]:
    """The claims of a reply that its action does not allow."""
    return tuple(each for each in _not_allowed(reply) if each.decides)


def _not_allowed(reply: Reply) -> Iterator[Claim]:
    for each in reply.claims.found:
        if not each.is_asked and not is_allowed(each, row_of(reply)):
            yield each


def is_allowed(claim: Claim, row: ActionClaims | None) -> bool:
    """Whether a row allows a claim; without a row all is allowed."""
    return row is None or row.allows(claim.kind.id, claim.way, for_now=claim.is_for_now)


def row_of(reply: Reply) -> ActionClaims | None:
    """What a letter may claim in its case: the first row that fits."""
    context = reply.context
    rows = reply.rules.claims.actions.get(context.action, ())
    return next((each for each in rows if context.is_one(each.when)), None)


def missing_claims(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Claims that the action needs and the reply does not make."""
    if not reply.is_readable:
        return
    for needs in unmet(reply):
        need = needs[0]
        kind = reply.rules.claims.kinds[need.claim]
        words = kind.denies if need.ways == (NOT,) else kind.says
        if LATER in need.ways:
            words = say("practice.reply.once", claim=words)
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
        for each in unread_places(reply):
            if not any(one.start < each.end and each.start < one.end for one in wrong):
                text = reply.reading.text[each.start : each.end]
                yield reply.finding(rule, each, text)


def unread_places(reply: Reply) -> list[Place]:
    """Where something stands of which nobody can tell whether it fits."""
    row = row_of(reply)
    read = {
        each.clause
        for each in reply.claims.found
        if not each.is_vague or is_allowed(each, row)
    }
    doubtful = (each for each in _not_allowed(reply) if each.is_doubtful)
    return [*reply.claims.unread(read), *doubtful]


def says_all(reply: Reply) -> bool:
    """Whether it names the amount as all of it: *you get everything back*."""
    return any(
        each.kind.id == ALL_OF_IT and each.way != NOT for each in claims_made(reply)
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
        for each in claims_made(reply)
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
    promises = [each.start for each in claims_made(reply) if each.way != NOT]
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
    if any(each >= reply.context.today for each in day.days):
        return False
    return is_behind(day, reply) and is_promised_by(day, reply)


def is_day_of_news(day: Found, reply: Reply) -> bool:
    """Whether a day to come is one on which the buyer is to hear from us."""
    return any(each > reply.context.today for each in day.days) and _is_beside(
        day,
        reply,
        (
            each
            for each in claims_made(reply)
            if each.kind.id == NEXT_NEWS and each.way != NOT and not each.is_asked
        ),
    )


def is_promised_by(place: Place, reply: Reply) -> bool:
    """Whether something of ours is promised in the clause of a place."""
    return _is_beside(
        place,
        reply,
        (
            each
            for each in claims_made(reply)
            if each.kind.is_timed and each.way in {SAYS, LATER} and not each.is_asked
        ),
    )


def _is_beside(place: Place, reply: Reply, claims: Iterable[Claim]) -> bool:
    """Whether a place stands in the clause of one of some claims."""
    spans = (reply.claims.span_of(each.clause) for each in claims)
    return any(start <= place.start < end for start, end in spans)


def is_sent_back(reply: Reply) -> bool:
    """Whether it says that the buyer sends something back, as the action needs it."""
    row = row_of(reply)
    needed = {each.claim for needs in row.required for each in needs} if row else set()
    return SEND_BACK in needed and any(
        each.kind.id == SEND_BACK and each.way == SAYS for each in claims_made(reply)
    )


def is_to_come(day: Found, reply: Reply) -> bool:
    """Whether a day that has gone by is named as one to come: *there by 4 May*."""
    if any(each >= reply.context.today for each in day.days):
        return False
    told_clauses = reply.claims.clauses_with(HAPPENED) | reply.claims.clauses_with(
        NEGATION
    )
    return is_behind(day, reply) and any(
        hit.sentence not in told_clauses and start <= hit.start < day.start < end
        for hit in reply.claims.hits_of(FUTURE)
        for start, end in [reply.claims.span_of(hit.sentence)]
    )


def is_behind(day: Found, reply: Reply, *marks: str) -> bool:
    """Whether a day stands behind a word such as *by*, or one of other marks."""
    return any(
        0 <= day.start - end <= FARTHEST_DAY
        for mark in (LAST_DAY, *marks)
        for end in reply.claims.ends_of(mark)
    )


def is_said_in_a_word(day: Found) -> bool:
    """Whether a day is said as *today*: a weekday could be several days."""
    return len(day.days) == 1 and day.words.isalpha()


def words_of(claim: Claim) -> str:
    """A claim as its agent reads it."""
    if claim.way == NOT:
        return claim.kind.denies
    if claim.way == LATER:
        return say("practice.reply.later", claim=claim.kind.says)
    return claim.kind.says


def claims_made(reply: Reply) -> tuple[Claim, ...]:
    """The claims that a letter surely makes, or that it may make in its case."""
    row = row_of(reply)
    return tuple(
        each
        for each in reply.claims.found
        if each.decides or (row is not None and is_allowed(each, row))
    )


def claims_in_words(reply: Reply) -> tuple[str, ...]:
    """What a letter claims, as its agent reads it; each once.

    News is left out, and so is what is only asked.
    """
    claims = (
        each
        for each in claims_made(reply)
        if each.kind.topic != NEWS and not each.is_asked
    )
    return tuple(dict.fromkeys(map(words_of, claims)))
