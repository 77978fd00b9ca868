"""Drafts: a message of the playbook, filled with what its agent knows so far.

A slot is filled by looking and by deciding, never by the case itself: what is on a
panel that nobody has opened stays open in the draft, as its name in brackets, and the
screen says so. In an exam a day that is asked is filled with the agent's own answer,
not the right one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ...content.cases import PracticeCase
from ...content.pages.messages_sent import SLOT
from ...content.playbook.playbook import Playbook
from ...content.reference.messages import Message
from ...content.reference.reference import Reference
from ...errors import KitError, UnknownName
from ...rules.decisions import Decision
from ...rules.facts import Fact, Known
from ...rules.outcomes import DayRule
from ...rules.values import Value, key_of, nearest
from ..articles import in_its_place
from ..wording import fill_message, limit_words, slot_words
from .questions import questions_of
from .review import day_of
from .sheets import REPLY, Sheet, SheetTexts

NAMED = "message "
"""How an author names a message of the page where a reply stands."""


SIGNATURE = "agent_name"
"""Key of the fact with which an agent signs; nobody has to look it up."""

_IN_BRACKETS = re.compile(r"\[[^\[\]\n]{1,80}\]")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an agent knows when writing."""

    seen: Mapping[str, Value | None]
    """The facts that were looked at, by their key."""

    answers: Mapping[str, str]
    """What was decided so far, as an author writes it, by its key."""

    counts: bool = True
    """Whether days that follow from others are counted for the agent. In an exam they
    are filled in only when every question has an answer, and a day that is asked is
    the agent's own."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """A message that can be picked."""

    id: str
    """Its id."""

    words: str
    """Its name as an agent reads it."""


def choosable_messages(case: PracticeCase) -> tuple[Choosable, ...]:
    """List the messages of the case's page, one for each id, in its order."""
    reference = case.playbook.reference
    ids = dict.fromkeys(each.id for each in case.playbook.messages)
    return tuple(Choosable(each, reference.word_on_screen(each)) for each in ids)


def draft_of(case: PracticeCase, message: Message, knows: Knowledge) -> str:
    """Fill the slots of a message of the case's page as far as its agent can know."""
    return fill_draft(case, message.text, message.language, knows)


def fill_draft(case: PracticeCase, text: str, language: str, knows: Knowledge) -> str:
    """Fill the slots that stand in any text; those not known yet stay open.

    What stays open is said in words, such as ``[order id]``: no agent reads a key.
    """
    text = _with_slots(case.playbook, text)
    own = {key: case.facts[key] for key in (SIGNATURE,) if key in case.facts}
    known = case.known_from({**own, **knows.seen})
    decided = _decided(case, knows.answers)
    is_complete = knows.counts or all(
        each.key in knows.answers for each in questions_of(case)
    )

    def value_of(key: str) -> Value | None:
        if key in decided:
            return decided[key]
        fact = known.vocabulary.get(key)
        if fact is None or (fact.derivation is not None and not is_complete):
            return None
        if fact.derivation is not None and not knows.counts:
            asked = _asked_as(case, fact)
            if asked:
                return decided.get(asked)
        return _value(known, key)

    def filled(slot: str) -> str:
        value = value_of(key_of(slot))
        if value is None:
            return _limit(known, slot, language) or _open(case.playbook, slot)
        return slot_words(case, slot, value, language)

    return SLOT.sub(lambda match: in_its_place(match, filled(match[1]), language), text)


def written_out(case: PracticeCase, sheet: SheetTexts) -> dict[str, str | None]:
    """Write out the reply of a sheet whose author named a message of the page.

    Args:
        case: The case.
        sheet: What was done with it, as an author writes it; a reply may be
            ``message`` and an id, and is then that message, filled from the case.

    Raises:
        UnknownName: The page has no such message.
        MissingFact: Nothing says what stands in a slot.
    """
    id = (sheet.get(REPLY) or "").removeprefix(NAMED)  # noqa: A001
    if id == (sheet.get(REPLY) or ""):
        return dict(sheet)
    message = case.playbook.message(id, case.marketplace.language)
    if message is None:
        ids = [each.id for each in case.playbook.messages]
        raise UnknownName(sort="message", name=id, nearest=nearest(id, ids))
    later = case.on_day(day_of(case, Sheet.read(sheet))) or case
    answers: dict[str, object] = {}
    for decision in later.decide():
        answers |= decision.answers
    return {**sheet, REPLY: fill_message(later, message, answers)}


def open_slots(playbook: Playbook, text: str) -> tuple[str, ...]:
    """Find the slots that are still open in a text, by their keys."""
    return tuple(dict.fromkeys(SLOT.findall(_with_slots(playbook, text))))


def _open(playbook: Playbook, slot: str) -> str:
    """Say an open slot in words, and one that no page knows as it was written."""
    said = f"[{playbook.reference.slot_on_screen(slot)}]"
    return said if said in _slots_by_words(playbook) else "{" + slot + "}"


def _with_slots(playbook: Playbook, text: str) -> str:
    """Write the slots that are said in words with their keys again."""
    keys = _slots_by_words(playbook)

    def slot(found: re.Match[str]) -> str:
        key = keys.get(found[0])
        return found[0] if key is None else "{" + key + "}"

    return _IN_BRACKETS.sub(slot, text)


@lru_cache(maxsize=64)
def _slots_by_words(playbook: Playbook) -> Mapping[str, str]:
    """The keys of all slots by their words; those of the page's own messages count."""
    limits = (key_of(row.name) for row in playbook.limits.rows)
    sent = (slot for each in playbook.messages for slot in each.slots)
    every = (*playbook.vocabulary(), *limits, *sent)
    name = playbook.reference.slot_on_screen
    return {f"[{name(key)}]": key for key in every}


def _limit(known: Known, slot: str, language: str) -> str:
    """Say the limit that a slot names; empty if it names none that holds here."""
    if not known.situation.limits.all_of(slot):
        return ""
    try:
        return limit_words(known.situation.limit(slot).value, language)
    except KitError:
        return ""


def _value(known: Known, key: str) -> Value | None:
    try:
        return known.value(key)
    except KitError:  # such as a limit that does not hold here: it stays open
        return None


def _asked_as(case: PracticeCase, fact: Fact) -> str:
    """Find the answer of a case that is the day of a derived fact; empty if none is."""
    reference = case.playbook.reference
    days = [
        each for decision in case.decide() for each in _days_of(decision, reference)
    ]
    named = [key for key, _, anchor in days if anchor == fact.key]
    if named:
        return named[0]
    value = _value(case.known(), fact.key)
    answers = reference.answers
    same = [key for key, day, _ in days if day is not None and day == value]
    return min(same, key=lambda key: answers[key].is_due, default="")


def _days_of(
    decision: Decision, reference: Reference
) -> Iterator[tuple[str, object, str]]:
    """Find the days that a table answers: key, day, and the fact that it is."""
    for row in decision.rows:
        columns = zip(decision.table.answers, row.outcomes, strict=True)
        for column, outcome in columns:
            if reference.question_kind(column).is_day:
                rule, anchor = outcome.value, ""
                if isinstance(rule, DayRule) and rule.step is None:
                    anchor = rule.anchor
                yield column.key, decision.answers[column.key], anchor


def _decided(case: PracticeCase, answers: Mapping[str, str]) -> dict[str, Value]:
    """Read the answers that are values: a day, an amount, a word."""
    found: dict[str, Value] = {}
    for key, text in answers.items():
        word = case.playbook.reference.answers.get(key)
        if word is None:
            continue
        try:
            found[key] = word.asked.read(text, word.kind)
        except ValueError:  # such as “not covered”: nothing to say to a buyer
            continue
    return found
