"""Check what an agent writes to a buyer: each finding with its words and its reason.

The rules are data of the content folder, the days and amounts those of the case; so a
reply is held against the same decision as an answer at the desk. Nothing is changed in
the text, and where the rules know nothing about an action, nothing is found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..catalogue import language as own_language
from ..content.cases import PracticeCase
from ..content.replyrules import (
    ADVICE,
    AMOUNTS,
    ANY,
    DAYS,
    LANGUAGE,
    LENGTH,
    MISSING_AMOUNTS,
    MISSING_DAYS,
    NEVER_SAYS,
    QUESTIONS,
    SAYS,
    SLOTS,
    WORDS,
    WRONG,
    ActionRule,
    Mention,
    ReplyRule,
    ReplyRules,
    WordList,
)
from ..errors import KitError
from ..rules.decisions import Decision
from ..rules.facts import Known
from ..rules.phrases import Hit
from ..rules.values import Money, Sort, Value, key_of
from .languages import language_of
from .spellings import Found
from .texts import Reading, read_text
from .words import day_words, language_words, money_words

__all__ = [
    "ADVICE",
    "WRONG",
    "Finding",
    "Occasion",
    "check_reply",
    "occasion_of",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a text, or could be better."""

    rule: str
    """The id of the rule."""

    severity: str
    """``wrong`` or ``advice``; nobody is marked by advice."""

    start: int
    """The place of the first character to mark; 0 where the whole text is meant."""

    end: int
    """One past the last character to mark; 0 where the whole text is meant."""

    words: str
    """The words to mark; empty where the whole text is meant."""

    reason: str
    """What is wrong, as an agent reads it."""

    sources: tuple[str, ...]
    """Ids of the sources behind the rule."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A case as far as a reply to it has to agree with it."""

    language: str
    """The language in which the buyer is answered, as two letters."""

    message: str
    """What the buyer wrote."""

    today: date
    """The day of the case, at the marketplace."""

    action: str
    """The id of the action that was decided; empty if none was."""

    values: Mapping[str, tuple[Value, ...]]
    """Every fact and decided answer that is known, by its key."""

    answers: frozenset[str]
    """The keys of those that were decided."""

    journey: frozenset[date]
    """The days of the parcel's journey."""

    rests_on: Mapping[str, Value]
    """The facts for which the deciding rows asked, by their key."""

    def amounts_of(self, mentions: Iterable[Mention]) -> tuple[Money, ...]:
        """The amounts among some facts and answers."""
        return tuple(each for each in self._of(mentions) if isinstance(each, Money))

    def days_of(self, mentions: Iterable[Mention]) -> tuple[date, ...]:
        """The days among some facts and answers."""
        return tuple(each for each in self._of(mentions) if isinstance(each, date))

    @property
    def own_words(self) -> tuple[str, ...]:
        """Texts of the case, such as the id of its order, as they stand in a reply."""
        texts = (each for values in self.values.values() for each in values)
        return tuple(each for each in texts if isinstance(each, str))

    def _of(self, mentions: Iterable[Mention]) -> Iterator[Value]:
        for mention in mentions:
            yield from self.values.get(mention.key, ())


def occasion_of(
    case: PracticeCase,
    *,
    answers: Mapping[str, Value] | None = None,
    language: str | None = None,
) -> Occasion:
    """Take a practice case as the occasion of a reply.

    Args:
        case: The case.
        answers: What was decided, by the key of each answer; if none are given, what
            the playbook decides.
        language: The language of the reply, if not that of the marketplace.

    Raises:
        KitError: The playbook cannot decide the case; reading it has ruled this out.
    """
    decisions = case.decide() if answers is None else ()
    decided = _decided(decisions)
    decided |= {key: (value,) for key, value in (answers or {}).items()}
    values: dict[str, tuple[Value, ...]] = {
        key: (value,) for key, value in case.facts.items() if value is not None
    }
    return Occasion(
        language=(language or case.marketplace.language)[:2],
        message=case.message,
        today=case.on,
        action=_action(case, decided),
        values=values | _derived(case, case.known()) | decided,
        answers=frozenset(decided),
        journey=frozenset(scan.day for scan in case.journey),
        rests_on=dict(_rests_on(decisions)),
    )


def _derived(case: PracticeCase, known: Known) -> dict[str, tuple[Value, ...]]:
    """Days and amounts that follow from the facts; a limit may not cover the day."""
    found: dict[str, tuple[Value, ...]] = {}
    for key, fact in case.playbook.reference.facts.items():
        if fact.derivation is None or fact.kind.sort not in {Sort.DATE, Sort.MONEY}:
            continue
        try:
            value = known.value(key)
        except KitError:
            continue
        if value is not None:
            found[key] = (value,)
    return found


def _decided(decisions: Iterable[Decision]) -> dict[str, tuple[Value, ...]]:
    """Every answer; two tables may answer the same, such as the day that closes."""
    found: dict[str, tuple[Value, ...]] = {}
    for decision in decisions:
        for key, answer in decision.answers.items():
            if answer is not None and not isinstance(answer, tuple):
                found[key] = (*found.get(key, ()), answer)
    return found


def _action(case: PracticeCase, decided: Mapping[str, tuple[Value, ...]]) -> str:
    kinds = case.playbook.reference.answers
    for key, values in decided.items():
        if kinds[key].kind.sort is Sort.ACTION:
            return str(values[-1])
    return ""


def _rests_on(decisions: Iterable[Decision]) -> Iterator[tuple[str, Value]]:
    for decision in decisions:
        for column, cell, value in zip(
            decision.table.questions,
            decision.row.conditions,
            decision.facts,
            strict=True,
        ):
            if not cell.is_any and value is not None:
                yield column.key, value


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply while it is being checked."""

    reading: Reading
    """Its words, days and amounts."""

    buyers: Reading
    """Those of the buyer's message."""

    occasion: Occasion
    """What it has to agree with."""

    rules: ReplyRules
    """What it is checked by."""

    language: str
    """The language in which it is written."""

    @property
    def action(self) -> ActionRule | None:
        """What must be said about the action; nothing where the page says nothing."""
        return self.rules.actions.get(self.occasion.action)

    @property
    def is_readable(self) -> bool:
        """Whether there are words for its language."""
        return self.language in self.rules.languages

    def hits(self, lists: Iterable[WordList], name: str) -> tuple[Hit, ...]:
        """Find the words of a rule, a statement or a question."""
        found = [
            hit
            for each in lists
            if key_of(each.name) == key_of(name)
            and each.language in {self.language, ANY}
            for hit in self.reading.wording.hits(each.phrases, each.unless)
        ]
        return tuple(sorted(found, key=lambda hit: (hit.start, hit.end)))

    def says(self, statement: str) -> bool:
        """Whether it makes a statement."""
        return bool(self.hits(self.rules.statements, statement))

    def finding(self, rule: ReplyRule, place: Hit | Found | None, what: str) -> Finding:
        """Make a finding of a place, or of the whole text."""
        start, end = (place.start, place.end) if place else (0, 0)
        return Finding(
            rule.id,
            rule.severity,
            start,
            end,
            self.reading.text[start:end],
            rule.reason.replace("{what}", what),
            rule.sources,
        )


def check_reply(
    text: str, occasion: Occasion, rules: ReplyRules
) -> tuple[Finding, ...]:
    """Find what is wrong with a reply, or could be better.

    Args:
        text: What the agent wrote, whatever it is.
        occasion: The case that it answers.
        rules: What it is checked by.

    Returns:
        Every finding; first those of the whole text, then from the left.
    """
    reply = reply_of(text, occasion, rules)
    found = [
        finding
        for rule in rules.rules
        if rule.looks_at in _CHECKS
        for finding in _CHECKS[rule.looks_at](reply, rule)
    ]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def reply_of(text: str, occasion: Occasion, rules: ReplyRules) -> Reply:
    """Read a text as a reply to an occasion."""
    reading = read_text(text, rules, today=occasion.today, own=occasion.own_words)
    buyers = read_text(occasion.message, rules, today=occasion.today)
    language = language_of(text) or occasion.language
    return Reply(reading, buyers, occasion, rules, language)


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
    named = reply.reading.amounts
    return bool(amounts) and named.issuperset(amounts) and not any(_unnamed_days(reply))


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
    for amount in reply.occasion.amounts_of(reply.action.names):
        if amount not in reply.reading.amounts:
            words = money_words(amount, reply.occasion.language)
            yield reply.finding(rule, None, words)


def _wrong_amounts(reply: Reply) -> Iterator[Found]:
    right = {*_right_amounts(reply), *reply.buyers.amounts}
    for each in reply.reading.of("amount"):
        if not right.intersection(each.amounts):
            yield each


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
    for day in _unnamed_days(reply):
        yield reply.finding(rule, None, day_words(day, reply.occasion.language))


def _agrees(named: date, day: date, mention: Mention, occasion: Occasion) -> bool:
    return named == day or (mention.until and occasion.today <= named <= day)


def _wrong_days(reply: Reply) -> Iterator[Found]:
    """Days with which the case does not agree.

    What has been may be told of any day that the case knows. What is to come may be a
    day of the action or one that the buyer has named; another day of the case only
    beside the one that the action needs, so that it does not stand in for it.
    """
    occasion = reply.occasion
    known = {*_known_days(occasion)}
    if not (reply.action and reply.action.names and not any(_unnamed_days(reply))):
        known = {day for day in known if day <= occasion.today}
    free = {*known, *reply.buyers.days, occasion.today}
    mentions = tuple(_mentions(reply))
    for each in reply.reading.of("day"):
        if not any(day in free or _is_of(day, mentions, occasion) for day in each.days):
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
        for each in reply.rules.asked
        if key_of(each.name) == key_of(question)
    )


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
    QUESTIONS: _questions,
    LENGTH: _length,
}
"""What each rule of a reply does; the other rules look at notes."""
