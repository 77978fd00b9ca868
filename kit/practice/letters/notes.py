"""Check the note with which an agent hands a case over to the team lead.

A note is complete when the lead can act without opening the case again: which order,
what the buyer wants, what was found, what is proposed, and by when.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import islice

from ...catalogue import language
from ...content.letters.claims import PROPOSAL
from ...content.letters.reply_rules import (
    NOTE_ACTION,
    NOTE_FACTS,
    NOTE_FINDINGS,
    NOTE_LEAD,
    NOTE_PROPOSES,
    NOTE_READER,
    NOTE_SAYS,
    NOTE_WORDS,
    SLOTS,
    FindingWords,
    ReplyRule,
    ReplyRules,
)
from ...content.reference.reference import Reference
from ...rules.phrases import NO_PHRASES, Phrase, Phrases
from ...rules.values import Kind, Money, Value, key_of, show_value
from ..reading.addressees import addresses_buyer
from ..reading.commas import quotes
from ..reading.findings import Finding, Place, Reply, reply_of
from ..reading.reply_context import ReplyContext
from ..said.letter_days import unknown_days
from ..said.statements import (
    contradicting,
    facts_told,
    row_of,
    told_of_buyer,
    words_of,
)
from ..said.told_days import told_days
from ..wording import day_words, money_words

VALUE = "value"

_WORD = re.compile(r"\w+")


def check_note(
    text: str, context: ReplyContext, rules: ReplyRules, reference: Reference
) -> tuple[Finding, ...]:
    """Find what is missing in a note to the lead.

    Args:
        text: What the agent wrote, in any language of the rules.
        context: The case that is handed over, with what was decided.
        rules: What a note is checked by.
        reference: How actions and facts are called.

    Returns:
        Every finding, in the order of the rules.
    """
    note = reply_of(text, context, rules)
    found: list[Finding] = []
    for rule in rules.rules:
        if rule.named_fact:
            found += _named(note, rule)
        elif rule.looks_at in _CHECKS:
            found += _CHECKS[rule.looks_at](note, rule, reference)
    return tuple(found)


def _named(note: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """The value of a fact or an answer stands in the note, if the case has one."""
    values = note.context.values.get(rule.named_fact, ())
    is_due = rule.named_fact in note.context.due
    if values and not any(_has_value(note, each, is_due=is_due) for each in values):
        yield note.finding(rule, None, _shown(values[-1]))


def _slots(note: Reply, rule: ReplyRule, _: Reference) -> Iterator[Finding]:
    for each in note.reading.of("slot"):
        yield note.finding(rule, each, each.words)


def _says(note: Reply, rule: ReplyRule, _: Reference) -> Iterator[Finding]:
    """One of the rule's own words stands in the note, in whatever language."""
    lists = note.rules.words.named(rule.id)
    if not any(note.reading.wording.has(each.phrases, each.unless) for each in lists):
        yield note.finding(rule, None, "")


def _findings(note: Reply, rule: ReplyRule, reference: Reference) -> Iterator[Finding]:
    """Of the facts on which the decision rests, those that a note must tell."""
    for key, value in note.context.rests_on.items():
        told = [
            each
            for each in note.rules.findings
            if each.fact == key and each.value in {None, value}
        ]
        if not told:
            continue
        fact = reference.facts[key]
        on_screen = _on_screen(value, fact.kind, reference)
        is_quoted = isinstance(value, str) and _quotes(note, on_screen)
        if not is_quoted and not any(_tells(note, each, value) for each in told):
            name = reference.name_on_screen(fact.name)
            yield note.finding(rule, None, f"{name}: {on_screen}")


def _quotes(note: Reply, words: str) -> bool:
    """Whether a note has words as the panels show them, word for word."""
    said, wanted = (
        f" {' '.join(_WORD.findall(each.casefold()))} "
        for each in (note.reading.text, words)
    )
    return wanted in said


def _tells(note: Reply, words: FindingWords, value: Value) -> bool:
    phrases = Phrases(each for each in words.phrases if not _is_value(each))
    if len(phrases) < len(words.phrases) and _has_value(note, value):
        return True
    return note.reading.wording.has(phrases)


def _is_value(phrase: Phrase) -> bool:
    return len(phrase) == 1 and phrase[0].shape == VALUE


def _has_value(note: Reply, value: Value, *, is_due: bool = False) -> bool:
    if isinstance(value, Money):
        return value in note.reading.amounts
    if isinstance(value, date):
        first = note.context.today if is_due else value
        return any(first <= day <= value for day in note.reading.days)
    words = {key_of(each.word) for each in note.reading.wording.tokens}
    return key_of(str(value)) in words or str(value) in note.reading.text


def _shown(value: Value, kind: Kind | None = None) -> str:
    if isinstance(value, Money):
        return money_words(value, language())
    if isinstance(value, date):
        return day_words(value, language())
    return show_value(value, kind) if kind else str(value)


def _on_screen(value: Value, kind: Kind, reference: Reference) -> str:
    """A value as the panels show it; a word of a list by its words there."""
    if isinstance(value, str):
        return reference.name_on_screen(value)
    return _shown(value, kind)


def _action(note: Reply, rule: ReplyRule, reference: Reference) -> Iterator[Finding]:
    """What is proposed: the id of the action, its words, or those of the page.

    What stands before a word such as *propose* is what the buyer wants.
    """
    action = reference.actions.get(note.context.action)
    if action is None or action.id in reference.hand_over.values():
        return  # To leave it to the lead is what a note does.
    told = (action.id, action.words)
    text = key_of(note.reading.text)
    if any(key_of(each) in text for each in told):
        return
    named = note.reading.wording.hits(
        note.rules.note_actions.get(action.id, NO_PHRASES)
    )
    first = min((start for start, _ in _proposals(note)), default=0)
    if not any(each.start >= first for each in named):
        yield note.finding(rule, None, action.words)


def _reader(note: Reply, rule: ReplyRule, _: Reference) -> Iterator[Finding]:
    """The note is for the lead; a letter to the buyer is none."""
    if addresses_buyer(note.reading.text, note.rules):
        yield note.finding(rule, None, "")


def _proposes(note: Reply, rule: ReplyRule, reference: Reference) -> Iterator[Finding]:
    """What is proposed must not contradict the action; the lead may do as it says.

    Where the page itself calls the lead, only what no lead may do contradicts it.
    """
    if note.context.action not in reference.hand_over.values():
        due = {*note.context.amounts_of(note.action.names)} if note.action else set()
        yield from _unfit(note, rule, due)
        return
    row = row_of(note)
    for each in contradicting(note):
        is_proposed = any(start <= each.start < end for start, end in _proposals(note))
        if is_proposed and row is not None and row.is_never(each.kind.id):
            yield note.finding(rule, each, words_of(each))


def _lead(note: Reply, rule: ReplyRule, reference: Reference) -> Iterator[Finding]:
    """Where the page itself calls the lead: a proposal that it does not know.

    The lead may do more than a page allows, so it is advice. An amount is known if the
    case has it.
    """
    if note.context.action in reference.hand_over.values():
        known = {
            value
            for values in note.context.values.values()
            for value in values
            if isinstance(value, Money)
        }
        yield from islice(_unfit(note, rule, known), 1)


def _unfit(
    note: Reply, rule: ReplyRule, amounts: AbstractSet[Money]
) -> Iterator[Finding]:
    """Find what is proposed and does not fit: claims, and other than some amounts."""
    proposals = _proposals(note)

    def is_proposed(place: Place) -> bool:
        return any(start <= place.start < end for start, end in proposals)

    for each in filter(is_proposed, contradicting(note)):
        yield note.finding(rule, each, words_of(each))
    for amount in filter(is_proposed, note.reading.of("amount")):
        if amounts and amounts.isdisjoint(amount.amounts):
            yield note.finding(rule, amount, amount.words)


def _words(note: Reply, rule: ReplyRule, _: Reference) -> Iterator[Finding]:
    """Words that no note has, such as insults; what somebody else said is quoted."""
    quoted = tuple(quotes(note.reading.text))
    for hit in note.hits(note.rules.words, rule.id):
        if not any(start < hit.start < end for start, end in quoted):
            said = note.reading.text[hit.start : hit.end]
            yield note.finding(rule, hit, said)


def _facts(note: Reply, rule: ReplyRule, _: Reference) -> Iterator[Finding]:
    """What is told of the case and is not so: the lead decides by it."""
    found = [
        *facts_told(note, rule),
        *told_of_buyer(note, rule),
        *told_days(note, rule),
        *unknown_days(note, rule),
    ]
    yield from islice(sorted(found, key=lambda each: each.start), 1)


def _proposals(note: Reply) -> tuple[tuple[int, int], ...]:
    """Where what is proposed begins and ends: from its word to the sentence's end.

    The last one of a sentence counts: *we could refund it, but I propose …*.
    """
    wording, ends, starts = note.reading.wording, dict[int, int](), dict[int, int]()
    for token in wording.tokens:
        ends[token.sentence] = token.end
    for words in note.rules.claims.marks_of(PROPOSAL, note.language):
        for hit in wording.hits(words.phrases, words.unless):
            starts[hit.sentence] = max(hit.start, starts.get(hit.sentence, 0))
    return tuple((start, ends[number]) for number, start in starts.items())


_Check = Callable[[Reply, ReplyRule, Reference], Iterator[Finding]]

_CHECKS: Mapping[str, _Check] = {
    SLOTS: _slots,
    NOTE_SAYS: _says,
    NOTE_FINDINGS: _findings,
    NOTE_ACTION: _action,
    NOTE_READER: _reader,
    NOTE_PROPOSES: _proposes,
    NOTE_LEAD: _lead,
    NOTE_WORDS: _words,
    NOTE_FACTS: _facts,
}
"""What each rule of a note does; the other rules look at replies."""
