"""Turn deeds at a desk (``practice/case/deeds``) into events of records, and back.

What an event changes is told by ``practice/case/casework``; this says nothing of it.
"""

from datetime import UTC, datetime
from typing import Any

from ...practice.case import deeds
from ...practice.case.deeds import Deed
from ...practice.case.sheets import Sheet
from .events import Answered, Asked, Decided, Looked, OfCase, Shown, Started, Waited


def event_of(  # noqa: PLR0911 (one for each)
    deed: Deed, *, agent: str, work: str, case: str, playbook: str
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
        case deeds.Restart():
            return Started(**place)
        case deeds.Look():
            return Looked(**place, panel=deed.panel)
        case deeds.Ask():
            return Asked(**place, fact=deed.fact, day=deed.day)
        case deeds.Wait():
            return Waited(**place, day=deed.day)
        case deeds.Answer():
            return Answered(**place, question=deed.question, value=deed.value)
        case deeds.Decide():
            right, number = deed.right, deed.number
            return Decided(
                **place, answers=deed.sheet.texts, right=right, number=number
            )
        case deeds.ShowAnswers():
            return Shown(**place)


def deed_of(event: OfCase) -> Deed:  # noqa: PLR0911 (one for each)
    """Read what was done at a desk from the event of the records."""
    match event:
        case Started():
            return deeds.Restart()
        case Looked():
            return deeds.Look(event.panel)
        case Asked():
            return deeds.Ask(event.fact, event.day)
        case Waited():
            return deeds.Wait(event.day)
        case Answered():
            return deeds.Answer(event.question, event.value)
        case Decided():
            sheet = Sheet.read(event.answers)
            return deeds.Decide(sheet, event.right, event.number)
        case Shown():
            return deeds.ShowAnswers()
