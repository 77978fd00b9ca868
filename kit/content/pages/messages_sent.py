"""Read the Say section of a page: messages in one or more languages."""

import re
from collections.abc import Iterator, Sequence

from ...rules.limits import SLOT, Limits
from ...rules.tables import Table
from ...rules.values import Sort, key_of, nearest
from ..markdown.documents import Section
from ..markdown.files import Notes
from ..reference.messages import ENGLISH, Message
from ..reference.reference import Reference

__all__ = [
    "SLOT",
    "messages_in",
    "note_unknown_slots",
    "note_unsent",
    "sent_of",
]

_HEADING = re.compile(r"(?P<id>[a-z0-9-]+) · (?P<language>[a-z]{2}(?:-[A-Z]{2})?)")


def messages_in(
    section: Section, reference: Reference, notes: Notes
) -> Iterator[Message]:
    """Read every message. Each has an English text; other languages are optional.

    A page must not have a message with the name of a shared one.
    """
    shared = {each.id for each in reference.messages}
    lines: dict[tuple[str, str], int] = {}
    for part in section.subsections:
        match = _HEADING.fullmatch(part.title)
        if not match:
            notes.add("message-heading", part.line, title=part.title)
            continue
        if len(part.quotes) != 1:
            notes.add("message-quote", part.line, id=match["id"])
            continue
        quote = part.quotes[0]
        slots = tuple(dict.fromkeys(map(key_of, SLOT.findall(quote.text))))
        lines[match["id"], match["language"]] = part.line
        if match["id"] in shared:
            notes.add("message-shared", part.line, id=match["id"])
        yield Message(match["id"], match["language"], quote.text, slots, quote.line)
    for (name, language), line in lines.items():
        if language != ENGLISH and (name, ENGLISH) not in lines:
            notes.add("message-english", line, id=name)


def note_unknown_slots(
    messages: Sequence[Message], reference: Reference, limits: Limits, notes: Notes
) -> None:
    """Note every slot that is neither a fact nor an answer nor a limit."""
    known = {*reference.facts, *reference.answers, *map(key_of, limits.names)}
    for message in messages:
        for slot in message.slots:
            if slot not in known:
                notes.add(
                    "slot-unknown",
                    message.line,
                    slot=slot,
                    id=message.id,
                    nearest=nearest(slot, known),
                )


def note_unsent(
    messages: Sequence[Message], tables: Sequence[Table], notes: Notes
) -> None:
    """Note every message that no row sends."""
    sent = sent_of(messages, tables)
    for message in messages:
        if message not in sent and message.language == ENGLISH:
            notes.add("message-unsent", message.line, id=message.id)


def sent_of(
    messages: Sequence[Message], tables: Sequence[Table]
) -> tuple[Message, ...]:
    """Select the messages that some row of the tables sends."""
    sent = {
        outcome.value
        for table in tables
        for row in table.rows
        for column, outcome in zip(table.answers, row.outcomes, strict=True)
        if column.kind.sort is Sort.MESSAGE
    }
    return tuple(each for each in messages if each.id in sent)
