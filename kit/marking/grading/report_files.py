"""The report of an attempt: a notebook and a page, and what is said on top of the page.

Whole files or none, and nothing of a report is ever read again to find a mark.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import language, say
from ...errors import needing
from ...practice.wording import day_words
from ..records.answers import MarkRecord
from ..records.atomic_files import replace_file
from ..records.events import Overridden
from .report_page import page_of

with needing("grade"):
    import nbformat
    from nbformat import NotebookNode


@dataclass(frozen=True, slots=True)
class ExerciseParameters:
    """One attempt to be marked: where its report goes, and what the notebook gets."""

    agent: str
    """The id of the agent; part of the path of the report."""

    exercise: str
    """The id of the exercise; part of the path of the report."""

    attempt: str
    """The id of the attempt; the name of the report, and a parameter."""

    answers: Mapping[str, Mapping[str, str | None]]
    """For each case and question the answer; a parameter."""


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a run has shown, before anything is kept of it."""

    mark: MarkRecord
    """The mark that the notebook showed."""

    report: str
    """The text of the report notebook."""

    page: str
    """The text of the page to read and print."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of a run."""

    mark: MarkRecord
    """The mark that the notebook showed."""

    notebook: Path
    """The report as a notebook."""

    page: Path
    """The report as a page to read and print."""

    report: str
    """The page as a path inside the folder it was written to, for the records."""


def keep_run(ran: RunOutput, parameters: ExerciseParameters, out: Path) -> RunResult:
    """Write the report of a run: whole files or none.

    Raises:
        OSError: They cannot be written.
    """
    base = _base(parameters, out)
    report = out / base / f"{parameters.attempt}.ipynb"
    page = report.with_suffix(".html")
    replace_file(report, ran.report, sync=False)
    replace_file(page, ran.page)
    report.with_suffix(".log").unlink(missing_ok=True)
    return RunResult(ran.mark, report, page, (base / page.name).as_posix())


def keep_log(details: str, parameters: ExerciseParameters, out: Path) -> None:
    """Write down the details of a failed run, where there are any."""
    if details:
        base = _base(parameters, out)
        log = out / base / f"{parameters.attempt}.log"
        log.write_text(details, encoding="utf-8", errors="backslashreplace")


def _base(parameters: ExerciseParameters, out: Path) -> Path:
    base = Path("reports", parameters.agent, parameters.exercise)
    (out / base).mkdir(parents=True, exist_ok=True)
    return base


def note_by_hand(workspace: Path, given: Overridden) -> Path | None:
    """Say on the page of an attempt that its mark was set by hand.

    The records count, not the page; so one that cannot be written is no error.

    Returns:
        The page; ``None`` if there is none to write again.
    """
    parameters = ExerciseParameters(given.agent, given.exercise, given.attempt, {})
    base = workspace / "reports" / given.agent / given.exercise
    report = base / f"{given.attempt}.ipynb"
    if not report.is_file():
        return None
    words = say(
        f"marking.page.by-hand-{'passed' if given.passed else 'not-passed'}",
        by=given.by,
        day=day_words(given.at.date(), language()),
        percent=given.percent,
        reason=given.reason,
    )
    page = report.with_suffix(".html")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook: NotebookNode = nbformat.v4.reads(  # type: ignore[no-untyped-call]
                report.read_text(encoding="utf-8")
            )
            nbformat.validate(notebook)
            text = page_words(notebook, parameters, notes=[words])
        replace_file(page, text)
    except Exception:  # nbformat and nbconvert let out what another shape provokes
        return None
    return page


def page_words(
    notebook: NotebookNode, parameters: ExerciseParameters, *, notes: Sequence[str] = ()
) -> str:
    """Write the text of the page of a report.

    Args:
        notebook: The report as a notebook.
        parameters: Whose it is.
        notes: What is said on top of it.
    """
    attempt, agent = parameters.attempt, parameters.agent
    subtitle = say("marking.page.attempt", attempt=attempt, agent=agent)
    return page_of(
        notebook, subtitle=subtitle, otherwise=parameters.exercise, notes=notes
    )
