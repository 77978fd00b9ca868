"""Turn deeds at a desk (``practice/case/deeds``) into events of records, and back.

What an event changes is told by ``practice/case/casework``; this says nothing of it.
"""

from datetime import UTC, datetime
from typing import Any

from ...practice.case import deeds
from ...practice.case.deeds import SessionEvent
from ...practice.case.sheets import Sheet
from .events import Answered, Asked, Decided, Looked, OfCase, Shown, Started, Waited


def event_of(  # noqa: PLR0911 (one for each)
    deed: SessionEvent, *, agent: str, work: str, case: str, playbook: str
) -> OfCase:
    """Make the event of the records from one of a desk, as it happens now.

    Args:
        deed: What was done.
        agent: The id of who did it.
        work: The lesson, or the exercise and attempt.
        case: The case.
        playbook: The hash of the playbook that it was done under.
    """
    place: dict[str, Any] = {
        "at": datetime.now(UTC),
        "agent": agent,
        "work": work,
        "case": case,
        "playbook": playbook,
    }
    match deed:
        case deeds.Restarted():
            return Started(**place)
        case deeds.Looked():
            return Looked(**place, panel=deed.panel)
        case deeds.Asked():
            return Asked(**place, fact=deed.fact, day=deed.day)
        case deeds.Waited():
            return Waited(**place, day=deed.day)
        case deeds.Answered():
            return Answered(**place, question=deed.question, value=deed.value)
        case deeds.Decided():
            right, number = deed.right, deed.number
            return Decided(
                **place, answers=deed.sheet.texts, right=right, number=number
            )
        case deeds.Shown():
            return Shown(**place)


def deed_of(event: OfCase) -> SessionEvent:  # noqa: PLR0911 (one for each)
    """Read what was done at a desk from the event of the records."""
    match event:
        case Started():
            return deeds.Restarted()
        case Looked():
            return deeds.Looked(event.panel)
        case Asked():
            return deeds.Asked(event.fact, event.day)
        case Waited():
            return deeds.Waited(event.day)
        case Answered():
            return deeds.Answered(event.question, event.value)
        case Decided():
            sheet = Sheet.read(event.answers)
            return deeds.Decided(sheet, event.right, event.number)
        case Shown():
            return deeds.Shown()
