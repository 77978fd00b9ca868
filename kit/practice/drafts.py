"""Drafts: a message of the playbook, filled with what its agent knows so far.

A slot is filled by looking and by deciding, never by the case itself: what stands on
a panel that nobody has opened stays open in the draft, and is seen to be open.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..content.cases import PracticeCase
from ..content.playbooks import Message
from ..content.sayings import SLOT
from ..rules.facts import Known
from ..rules.values import Sort, Value, key_of, read_day, read_value
from .words import slot_words


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


def draft_of(
    case: PracticeCase,
    message: Message,
    *,
    seen: Mapping[str, Value | None],
    answers: Mapping[str, str],
) -> str:
    """Fill the slots of a message as far as its agent can know.

    Args:
        case: The case.
        message: A message of its page.
        seen: The facts that were looked at.
        answers: What was decided so far, as an author writes it.
    """
    return fill_draft(case, message.text, message.language, seen=seen, answers=answers)


def fill_draft(
    case: PracticeCase,
    text: str,
    language: str,
    *,
    seen: Mapping[str, Value | None],
    answers: Mapping[str, str],
) -> str:
    """Fill the slots that stand in any text; those not known yet stay open."""
    known = case.known_from(seen)
    decided = _decided(case, answers)

    def filled(slot: str) -> str:
        value = decided.get(key_of(slot))
        if value is None:
            value = _value(known, key_of(slot))
        if value is None:
            return "{" + slot + "}"
        return slot_words(case, slot, value, language)

    return SLOT.sub(lambda match: filled(match[1]), text)


def open_slots(text: str) -> tuple[str, ...]:
    """Find the slots that are still open in a text."""
    return tuple(dict.fromkeys(SLOT.findall(text)))


def _value(known: Known, key: str) -> Value | None:
    return known.value(key) if key in known.vocabulary else None


def _decided(case: PracticeCase, answers: Mapping[str, str]) -> dict[str, Value]:
    """Read the answers that are values: a day, an amount, a word."""
    found: dict[str, Value] = {}
    for key, text in answers.items():
        word = case.playbook.reference.answers.get(key)
        if word is None:
            continue
        try:
            is_day = word.kind.sort is Sort.DAY
            found[key] = read_day(text) if is_day else read_value(text, word.kind)
        except ValueError:  # such as “not covered”: nothing to say to a buyer
            continue
    return found
