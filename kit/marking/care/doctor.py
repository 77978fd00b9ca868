"""Check all records: repair what a crash left, and report what needs a person.

Only what cannot be wrong is mended: a last line that was cut off, and files that were
written and never took their place. All else is named, with what to do, and stays as
it is.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...content.library import Library
from ...errors import BadRecord, CannotStart, KitError
from ..records.answers import is_agent
from ..records.events import HandedIn, Marked
from ..records.lines import Line, events_in
from ..records.progress import AttemptProgress, progress_of
from ..records.store import (
    CUT_OFF,
    LOCK,
    RECORD,
    is_cut_off,
    lines_or_faults,
    locked,
    repair_end,
)
from .mark_audit import differing_marks

_STRAY_REPORT = re.compile(r"\.[0-9a-f]{8}\.[a-z]+")
"""The names of temporary files that ``atomic_files.replace_file`` writes."""

_WRITTEN_BY_THEN_SECONDS = 60 * 60
"""The age at which a temporary file counts as abandoned."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that was found."""

    words: str
    """The problem, and what was done or is to be done, in sentences."""

    needs_person: bool
    """Whether a person has to act."""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The result of checking all records."""

    findings: tuple[Finding, ...]
    """All problems, by file name."""

    records: int
    """The number of record files."""

    events: int
    """The number of their valid lines."""


def examine(workspace: Path, library: Library | None = None) -> DoctorReport:
    """Check every record file, repair what a crash left, and report the rest.

    Args:
        workspace: The folder with ``records/`` and ``reports/``.
        library: The content by which marks are counted once more; ``None`` for not.

    Raises:
        CannotStart: The folder of records is no folder, or cannot be opened.
    """
    findings: list[Finding] = []
    records = events = 0
    for path in _files_in(workspace / "records"):
        if _is_record(path):
            lines = list(lines_or_faults(path))
            records, events = records + 1, events + len(_good(lines))
            findings += _of_record(workspace, path, lines)
            if library is not None:
                findings += _forged(library, workspace, lines)
        else:
            findings += _of_other(path)
    findings += _of_reports(workspace / "reports")
    findings += _of_certificates(workspace)
    return DoctorReport(tuple(findings), records, events)


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise CannotStart(
            problem=say("marking.doctor.no-folder", folder=folder),
            fix=say("marking.doctor.no-folder-fix"),
        ) from error


def _is_record(path: Path) -> bool:
    return path.suffix == RECORD and is_agent(path.stem)


def _good(lines: Sequence[Line | BadRecord]) -> list[Line]:
    return [line for line in lines if isinstance(line, Line)]


def _of_record(
    workspace: Path, path: Path, lines: Sequence[Line | BadRecord]
) -> Iterator[Finding]:
    yield from _repaired(path)
    bad = [line for line in lines if isinstance(line, BadRecord)]
    for each in bad:
        yield _finding(f"{path}:{each.line}", each.problem, each.fix)
    if not bad:
        yield from _handed_in_twice(workspace, path, _good(lines))
        yield from _without_report(workspace, path, _good(lines))
    newer = sum(line.is_newer for line in _good(lines))
    if newer:
        key = "newer-one" if newer == 1 else "newer"
        words = say(f"marking.doctor.{key}", path=path, count=newer)
        yield Finding(words, needs_person=False)


def _repaired(path: Path) -> Iterator[Finding]:
    try:
        if not is_cut_off(path):
            return
        with locked(path):
            mended = repair_end(path)
    except KitError as error:
        yield Finding(str(error), needs_person=True)
    except OSError:
        return  # it cannot be opened, and its lines say so
    else:
        if mended:
            yield Finding(mended, needs_person=False)


def _forged(
    library: Library, workspace: Path, lines: Sequence[Line | BadRecord]
) -> Iterator[Finding]:
    """Name marks that are not what their answers are worth."""
    events = events_in(_good(lines))
    for each in differing_marks(library, events, workspace=workspace):
        yield Finding(each.words, needs_person=True)


def _handed_in_twice(
    workspace: Path, path: Path, lines: Sequence[Line]
) -> Iterator[Finding]:
    """Name answers that were handed in under a name that others have, too."""
    for attempt in progress_of(events_in(lines)).attempts:
        if attempt.is_disputed:
            yield from _disputed(workspace, path, lines, attempt)


def _disputed(
    workspace: Path, path: Path, lines: Sequence[Line], attempt: AttemptProgress
) -> Iterator[Finding]:
    counts = next(line for line in lines if line.event is attempt.handed_in)
    place = (attempt.exercise, attempt.attempt)
    for line in lines:
        event = line.event
        if not isinstance(event, HandedIn) or event.answers == attempt.answers:
            continue
        if (event.exercise, event.attempt) == place:
            problem = say(
                "marking.doctor.twice",
                attempt=attempt.attempt,
                exercise=attempt.exercise,
                counts=counts.number,
                day=attempt.at.date(),
            )
            key = "twice-page-fix" if attempt.report else "twice-fix"
            report = workspace / (attempt.report or "")
            fix = say(f"marking.doctor.{key}", report=report)
            is_open = attempt.override is None
            where = f"{path}:{line.number}"
            yield _finding(where, problem, fix, needs_person=is_open)


def _without_report(
    workspace: Path, path: Path, lines: Sequence[Line]
) -> Iterator[Finding]:
    reports = {
        line.event.report: line.number
        for line in lines
        if isinstance(line.event, Marked)
    }
    for report, number in reports.items():
        if not (workspace / report).is_file():
            problem = say("marking.doctor.no-report", report=workspace / report)
            fix = say("marking.doctor.no-report-fix")
            yield _finding(f"{path}:{number}", problem, fix)


def _of_other(path: Path) -> Iterator[Finding]:
    if path.name.startswith("."):
        yield from _stray_record(path)
    elif path.suffix not in (LOCK, CUT_OFF) or not is_agent(path.stem):
        problem, fix = say("marking.doctor.name"), say("marking.doctor.name-fix")
        yield _finding(str(path), problem, fix)


def _stray_record(path: Path) -> Iterator[Finding]:
    agent = path.name.removeprefix(".").removesuffix(RECORD)
    if not is_agent(agent) or not path.name.endswith(RECORD):
        return
    record = path.with_name(agent + RECORD)
    try:
        with locked(record):
            yield _removed(path)
    except KitError as error:
        yield Finding(str(error), needs_person=True)


def _of_reports(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.rglob(".*")):
        if _STRAY_REPORT.fullmatch(path.name) and _is_left(path):
            yield _removed(path)


def _of_certificates(workspace: Path) -> Iterator[Finding]:
    """Name a certificate whose lines are gone: then the end of a file may be, too."""
    certificates = sorted((workspace / "reports").glob("*/certificate-*.json"))
    if not certificates:
        return
    try:
        from ..signoff.verify import verify  # noqa: PLC0415 (an extra, and slow)
    except CannotStart as error:
        yield Finding(str(error), needs_person=True)
        return
    for path in certificates:
        try:
            checked = verify(workspace, path)
        except KitError as error:
            yield Finding(str(error), needs_person=True)
            continue
        if checked.name == "not-here":
            problem = say("marking.doctor.no-sign-off")
            yield _finding(str(path), problem, say("marking.doctor.no-sign-off-fix"))


def _is_left(path: Path) -> bool:
    """Tell whether a temporary file is abandoned."""
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:  # it has just taken its place
        return False
    return path.is_file() and age > _WRITTEN_BY_THEN_SECONDS


def _removed(path: Path) -> Finding:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        problem, fix = say("marking.doctor.stays"), say("marking.doctor.stays-fix")
        return _finding(str(path), problem, fix)
    return Finding(say("marking.doctor.removed", path=path), needs_person=False)


def _finding(
    place: str, problem: str, fix: str, *, needs_person: bool = True
) -> Finding:
    words = say("marking.doctor.finding", place=place, problem=problem, fix=fix)
    return Finding(words, needs_person)
