"""Check what an agent writes to a buyer: each finding with its words and its reason.

The rules are data of the content folder, the days and amounts those of the case; so a
reply is held against the same decision as an answer at the desk. Nothing is changed in
the text, and where the rules know nothing about an action, nothing is found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

from ..catalogue import language as own_language
from ..content.claims import PLUS
from ..content.replyrules import (
    ADVICE,
    AMOUNTS,
    CAPITALS,
    CLAIMS,
    DAYS,
    HOLLOW,
    LANGUAGE,
    LENGTH,
    MISSING_AMOUNTS,
    MISSING_CLAIMS,
    MISSING_DAYS,
    NAMES,
    NEVER_SAYS,
    NUMBERS,
    QUESTIONS,
    SAYS,
    SLOTS,
    UNREAD,
    WORDS,
    WRONG,
    ActionRule,
    Mention,
    ReplyRule,
    ReplyRules,
)
from ..rules.values import Money
from . import answering, lettersense
from .findings import Finding, Reply, reply_of
from .occasions import Occasion, occasion_of
from .spellings import Found, is_number, number_like
from .strangers import strangers
from .words import day_words, language_words, money_words

__all__ = [
    "ADVICE",
    "WRONG",
    "Finding",
    "Occasion",
    "check_reply",
    "claims_of",
    "is_praised",
    "occasion_of",
]


NEEDED = frozenset({MISSING_CLAIMS, MISSING_DAYS, MISSING_AMOUNTS, UNREAD})
"""What keeps a letter from being praised: something may be missing in it."""


FEWEST_LETTERS, MOST_CAPITALS = 30, 0.6
"""In a shorter text capitals say nothing; an order id and a name are no shouting."""

FARTHEST_PART, FARTHEST_PLUS = 40, 5
"""In characters: from one part of a sum to the next, and from *plus* to that."""


def check_reply(
    text: str, occasion: Occasion, rules: ReplyRules
) -> tuple[Finding, ...]:
    """Find what is wrong with a reply, or could be better.

    Args:
        text: What the agent wrote, whatever it is.
        occasion: The case that it answers.
        rules: What it is checked by.

    Returns:
        Every finding; first those of the whole text, then from the left. In the wrong
        language only what is wrong: the rest is for the letter that comes instead.
    """
    reply = reply_of(text, occasion, rules)
    found = [
        finding
        for rule in rules.rules
        if rule.looks_at in _CHECKS
        for finding in _CHECKS[rule.looks_at](reply, rule)
    ]
    if any(each.looks_at == LANGUAGE for each in found):
        found = [each for each in found if _stands_in_any_language(each)]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _stands_in_any_language(finding: Finding) -> bool:
    """Whether it is to be said of a letter that has to be written anew, too."""
    is_hollow = finding.looks_at in {HOLLOW, answering.DECISION}
    return finding.severity == WRONG and not is_hollow


def claims_of(text: str, occasion: Occasion, rules: ReplyRules) -> tuple[str, ...]:
    """Tell what a letter claims, as its agent reads it; each once, from the left.

    Args:
        text: What the agent wrote.
        occasion: The case that it answers.
        rules: What it is read by.
    """
    return lettersense.told(reply_of(text, occasion, rules))


def is_praised(findings: Iterable[Finding]) -> bool:
    """Whether a letter is called good: all that it needs was read, and it fits.

    Advice about style does not count against it.
    """
    return not any(
        each.severity == WRONG or each.looks_at in NEEDED for each in findings
    )


def _slots(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    for each in reply.reading.of("slot"):
        yield reply.finding(rule, each, each.words)


def _language(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if reply.language != reply.occasion.language:
        wanted = language_words(reply.occasion.language, own_language())
        yield reply.finding(rule, None, wanted)


def _words(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    hits = reply.hits(reply.rules.words, rule.id)
    for hit in hits[rule.at_most :]:
        yield reply.finding(rule, hit, reply.reading.text[hit.start : hit.end])


def _says(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """What the action needs to be said; who names its amounts and days has said it.

    People decide in more words than a list knows; ``$64.31 by Monday`` is plain.
    """
    if not reply.action or not reply.is_readable or _names_all(reply, reply.action):
        return
    for statement in reply.action.says:
        if not reply.says(statement):
            yield reply.finding(rule, None, statement)


def _names_all(reply: Reply, action: ActionRule) -> bool:
    amounts = reply.occasion.amounts_of(action.names)
    is_named = bool(amounts) and _named_amounts(reply).issuperset(amounts)
    return is_named and not any(_unnamed_days(reply))


def _never_says(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if reply.action:
        for statement in reply.action.never_says:
            for hit in reply.hits(reply.rules.statements, statement):
                yield reply.finding(rule, hit, statement)


def _amounts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    for each in _wrong_amounts(reply):
        yield reply.finding(rule, each, _amount_words(reply))


def _missing_amounts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if not reply.action or not reply.is_readable or any(_wrong_amounts(reply)):
        return
    needed = reply.occasion.amounts_of(reply.action.names)
    named = _named_amounts(reply)
    for amount in needed:
        if amount not in named:
            words = money_words(amount, reply.occasion.language)
            yield reply.finding(rule, None, words)


def _named_amounts(reply: Reply) -> set[Money]:
    """The amounts that it names: one by one, as a sum, or the largest as all of it."""
    named = {*reply.reading.amounts, *(total for total, *_ in _sums(reply))}
    needed = reply.occasion.amounts_of(reply.action.names) if reply.action else ()
    if needed and lettersense.says_all(reply):
        named.add(max(needed))
    return named


def _wrong_amounts(reply: Reply) -> Iterator[Found]:
    right = {*_right_amounts(reply), *reply.buyers.amounts}
    sums = _sums(reply)
    parts = [each for total, *two in sums if total in right for each in two]
    for each in reply.reading.of("amount"):
        if right.intersection(each.amounts) or each in parts:
            continue
        if not (lettersense.is_rough(each, reply, right)):
            yield each


def _sums(reply: Reply) -> tuple[tuple[Money, Found, Found], ...]:
    """Sums of two amounts that are added, with the two: *$34 and $6 postage*."""
    ends = reply.claims.ends_of(PLUS)
    return tuple(
        (replace(first, minor=first.minor + second.minor), one, other)
        for one, other in pairwise(reply.reading.of("amount"))
        if other.start - one.end <= FARTHEST_PART
        and any(0 < other.start - end <= FARTHEST_PLUS for end in ends)
        for first in one.amounts
        for second in other.amounts
        if first.currency == second.currency
    )


def _right_amounts(reply: Reply) -> tuple[Money, ...]:
    """What a reply may name: what the action pays, or else any amount of the case."""
    if reply.action and reply.occasion.amounts_of(reply.action.names):
        mentions = (*reply.action.names, *reply.action.may_name)
        return reply.occasion.amounts_of(mentions)
    values = reply.occasion.values.values()
    return tuple(each for many in values for each in many if isinstance(each, Money))


def _amount_words(reply: Reply) -> str:
    language = reply.occasion.language
    words = (money_words(each, language) for each in _right_amounts(reply))
    return " · ".join(dict.fromkeys(words)) or "–"


def _days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    for each in _wrong_days(reply):
        yield reply.finding(rule, each, _day_words(reply))


def _missing_days(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if not reply.action or not reply.is_readable or any(_wrong_days(reply)):
        return
    if not lettersense.needs_no_day(reply):
        for day in _unnamed_days(reply):
            yield reply.finding(rule, None, day_words(day, reply.occasion.language))


def _agrees(named: date, day: date, mention: Mention, occasion: Occasion) -> bool:
    is_until = mention.until or mention.key in occasion.due
    return named == day or (is_until and occasion.today <= named <= day)


def _wrong_days(reply: Reply) -> Iterator[Found]:
    """Days with which the case does not agree.

    What has been may be told of any day that the case knows. What is to come may be a
    day of the action or one that the buyer has named; another day of the case only
    beside the one that the action needs, so that it does not stand in for it. A day
    on which nobody works is no promise: *Monday is a holiday*. A promise by a day that
    has gone by is none, whatever the case knows of that day.
    """
    occasion = reply.occasion
    known = {*_known_days(occasion)}
    if not (reply.action and reply.action.names and not any(_unnamed_days(reply))):
        known = {day for day in known if day <= occasion.today}
    free = {*known, *reply.buyers.days, occasion.today}
    mentions = tuple(_mentions(reply))
    for each in reply.reading.of("day"):
        if lettersense.is_day_off(each, reply):
            continue
        if lettersense.is_past_promise(each, reply) or not any(
            day in free or _is_of(day, mentions, occasion) for day in each.days
        ):
            yield each


def _is_of(day: date, mentions: Iterable[Mention], occasion: Occasion) -> bool:
    return any(
        _agrees(day, value, mention, occasion)
        for mention in mentions
        for value in occasion.days_of([mention])
    )


def _unnamed_days(reply: Reply) -> Iterator[date]:
    """The days that the action needs and the reply does not name."""
    named = reply.reading.days
    for mention in reply.action.names if reply.action else ():
        for day in reply.occasion.days_of([mention]):
            if not any(_agrees(each, day, mention, reply.occasion) for each in named):
                yield day


def _mentions(reply: Reply) -> Iterator[Mention]:
    """What belongs to the action; where nothing is said of it, all of the case."""
    if reply.action is not None:
        yield from reply.action.names
        yield from reply.action.may_name
        return
    coming = [
        day
        for key in reply.occasion.answers
        for day in reply.occasion.days_of([Mention(key, until=False)])
        if day >= reply.occasion.today
    ]
    for key, values in reply.occasion.values.items():
        yield Mention(key, until=bool(coming) and min(coming) in values)


def _known_days(occasion: Occasion) -> Iterator[date]:
    yield from occasion.journey
    for values in occasion.values.values():
        yield from (each for each in values if isinstance(each, date))


def _day_words(reply: Reply) -> str:
    language = reply.occasion.language
    days = reply.occasion.days_of(_mentions(reply))
    coming = sorted(day for day in set(days) if day >= reply.occasion.today)
    return " · ".join(day_words(day, language) for day in coming) or "–"


def _numbers(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Numbers that look like one of the case, such as its order, and are another."""
    own = tuple(filter(is_number, reply.occasion.own_words))
    for each in reply.reading.of("number"):
        if each.words not in reply.buyers.text:
            right = (words for words in own if number_like(words).fullmatch(each.words))
            yield reply.finding(rule, each, " · ".join(right))


def _questions(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if not reply.is_readable:
        return
    for question in reply.rules.questions:
        if not _is_asked(question.id, reply):
            continue
        if not any(reply.says(each) for each in question.answered_by):
            yield reply.finding(rule, None, question.words)


def _is_asked(question: str, reply: Reply) -> bool:
    """Whether the buyer asks it, in their own words or in those of a translation."""
    message = reply.buyers.wording
    return any(
        message.has(each.phrases, each.unless)
        for each in reply.rules.asked.named(question)
    )


def _capitals(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """A letter that is written in capitals, whatever its language."""
    letters = [each for each in reply.reading.text if each.isalpha()]
    capitals = sum(each.isupper() for each in letters)
    if len(letters) >= FEWEST_LETTERS and capitals >= MOST_CAPITALS * len(letters):
        yield reply.finding(rule, None, "")


def _length(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    bounds = reply.rules.lengths.get(reply.language)
    if bounds is not None:
        fewest, most = bounds
        count = len(reply.reading.wording.tokens)
        if not fewest <= count <= most:
            yield reply.finding(rule, None, f"{fewest}–{most}")


Check = Callable[[Reply, ReplyRule], Iterator[Finding]]

_CHECKS: Mapping[str, Check] = {
    SLOTS: _slots,
    LANGUAGE: _language,
    WORDS: _words,
    SAYS: _says,
    NEVER_SAYS: _never_says,
    AMOUNTS: _amounts,
    MISSING_AMOUNTS: _missing_amounts,
    DAYS: _days,
    MISSING_DAYS: _missing_days,
    NUMBERS: _numbers,
    NAMES: strangers,
    CAPITALS: _capitals,
    QUESTIONS: _questions,
    LENGTH: _length,
    CLAIMS: lettersense.claims,
    MISSING_CLAIMS: lettersense.missing_claims,
    UNREAD: lettersense.unread,
    HOLLOW: answering.hollow,
}
"""What each rule of a reply does; the other rules look at notes."""
