"""What tests of grading share: work that is handed in, and marks that are read back."""

from datetime import UTC, datetime
from pathlib import Path

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import Exercise
from kit.content.library import Library
from kit.marking.marks.marks import sheets_of
from kit.marking.records.answers import MarkRecord
from kit.marking.records.events import HandedIn, Marked
from kit.marking.records.store import append_event, read_events

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Sheets = dict[str, dict[str, str | None]]


def best_and_nearly(library: Library, exercise: Exercise) -> tuple[Sheets, Sheets]:
    """The best answers of an exercise, and the likeliest wrong ones."""
    best = sheets_of(exercise, read_model(library, exercise))
    nearly = sheets_of(exercise, read_near_miss(library, exercise).answers)
    return (
        {case: dict(each) for case, each in best.items()},
        {case: dict(each) for case, each in nearly.items()},
    )


def hand_in(
    workspace: Path,
    agent: str,
    exercise: str,
    answers: Sheets,
    *,
    attempt: str = "attempt-1",
) -> None:
    """Hand in an attempt."""
    append_event(
        workspace,
        HandedIn(
            at=NOW, agent=agent, exercise=exercise, attempt=attempt, answers=answers
        ),
    )


def hand_in_many(
    library: Library, workspace: Path, exercise: Exercise, *, agents: int, each: int
) -> None:
    """Hand in attempts of several agents, good and bad in turns."""
    kinds = best_and_nearly(library, exercise)
    for number in range(agents * each):
        agent, attempt = f"a-{number % agents}", f"attempt-{number // agents + 1}"
        hand_in(workspace, agent, exercise.id, kinds[number % 2], attempt=attempt)


def marks_in(workspace: Path) -> dict[tuple[str, str, str], list[MarkRecord]]:
    """Every mark that was ever kept, by agent, exercise and attempt."""
    found: dict[tuple[str, str, str], list[MarkRecord]] = {}
    for path in sorted((workspace / "records").glob("*.jsonl")):
        for event in read_events(path):
            if isinstance(event, Marked):
                key = (event.agent, event.exercise, event.attempt)
                found.setdefault(key, []).append(event.mark)
    return found
