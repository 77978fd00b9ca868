"""Record files of many agents, written at once and not synced line by line.

The lines are what the kit itself would have written: the first file is read with its
own reader, which finds every changed or missing line.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

from kit.marking.marks.snapshots import criteria_of
from kit.marking.records.answers import MarkRecord
from kit.marking.records.events import (
    NOTHING_BEFORE,
    Event,
    HandedIn,
    Marked,
    hash_of_answers,
)
from kit.marking.records.store import read_events, record_path

from .attempts import EXERCISE, ROOT, Drawn, drawn, subject

FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
SEED = 20260105


def prepare(
    workspace: Path,
    *,
    agents: int,
    each: int,
    marked: bool = False,
    signed: bool = True,
) -> None:
    """Write the records of agents who have handed in.

    Args:
        workspace: The folder of records; it need not be there.
        agents: How many agents, named ``a-001`` and on.
        each: How many attempts each of them has handed in.
        marked: Whether each attempt is followed by a mark, given by the pages of today
            and always the same one.
        signed: Whether every reply is one of its own; see ``drawn``.

    Raises:
        BadRecord: The first file is not what the kit would have written.
    """
    attempts = drawn(agents * each, SEED, signed=signed)
    names = [f"a-{number:03}" for number in range(1, agents + 1)]
    (workspace / "records").mkdir(parents=True)
    for name in names:
        events = _events(name, islice(attempts, each), marked=marked)
        record_path(workspace, name).write_bytes(b"".join(_lines(events)))
    found = read_events(record_path(workspace, names[0]))
    assert len(found) == each * (1 + marked)


def _events(agent: str, sheets: Iterator[Drawn], *, marked: bool) -> Iterator[Event]:
    for number, answers in enumerate(sheets, start=1):
        at = FIRST_DAY + timedelta(minutes=number)
        attempt = f"attempt-{number}"
        # Not checked: what is drawn has the right shape, and the first file is read.
        yield HandedIn.model_construct(
            at=at,
            agent=agent,
            playbook=subject().exercise.playbook.digest,
            exercise=EXERCISE,
            attempt=attempt,
            answers=answers,
        )
        if marked:
            yield _mark(agent, attempt, at, answers)


@cache
def _criteria() -> str:
    return criteria_of(ROOT, subject().exercise)


def _mark(agent: str, attempt: str, at: datetime, answers: Drawn) -> Marked:
    mark = MarkRecord(
        exercise=EXERCISE,
        attempt=attempt,
        percent=62,
        passed=False,
        dimensions={"policy": 68, "deadline": 50, "evidence": 67, "reply": 50},
        critical=["headphones-and-the-bank"],
    )
    return Marked.model_construct(
        at=at + timedelta(seconds=30),
        agent=agent,
        playbook=subject().exercise.playbook.digest,
        report=f"reports/{agent}/{EXERCISE}/{attempt}.html",
        criteria=_criteria(),
        handed_in=hash_of_answers(answers),
        **mark.model_dump(),
    )


def _lines(events: Iterator[Event]) -> Iterator[bytes]:
    previous = NOTHING_BEFORE
    for event in events:
        body = event.model_copy(update={"previous": previous}).model_dump_json()
        seal = sha256(body.encode()).hexdigest()
        line = f'{body[:-1]},"seal":"{seal}"}}'.encode()
        previous = sha256(line).hexdigest()
        yield line + b"\n"
