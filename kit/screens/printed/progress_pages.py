"""The progress of one agent as a page to read and print, for a supervisor."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from textwrap import shorten

from markupsafe import Markup

from ...catalogue import language, say
from ...content.exercises import DIMENSIONS
from ...content.letters.reply_rules import UNREAD
from ...marking.export.summary import (
    AgentSummary,
    AttemptSummary,
    ExerciseSummary,
)
from ...marking.marks.marks import CaseMark
from ...marking.records.atomic_files import replace_file, saving
from ...practice.letters.letter_check import WRONG
from ...practice.wording import day_words, id_words
from ..desk.verdict_view import answers_in_words
from ..markup import join, piece
from .paper import paper_page, row, state, table

LONGEST_QUOTE = 140


def write_progress(workspace: Path, summary: AgentSummary, *, on: date) -> Path:
    """Write the progress of an agent, and say where.

    Args:
        workspace: The page goes to its ``reports/``.
        summary: All about the agent.
        on: The day that is written on it.

    Raises:
        CannotStart: It could not be saved.
    """
    path = workspace / "reports" / summary.agent / "progress.html"
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, progress_page(summary, on=on))
    return path


def progress_page(summary: AgentSummary, *, on: date) -> str:
    """Show all about one agent: what to talk about first, then every mark."""
    title = say("desk.progress.title", agent=summary.agent)
    small = say("desk.progress.small", day=day_words(on, language()))
    body = piece(
        "<h1>{}</h1>{}{}{}{}{}",
        title,
        _exams(summary),
        _coaching(summary),
        _not_read(summary),
        _practice(summary),
        join(_exercise(each) for each in summary.exercises if each.attempts),
    )
    return paper_page(title, small, body)


def _exams(summary: AgentSummary) -> Markup:
    heads = [say(f"desk.progress.{name}") for name in ("exam", "attempts", "best")]
    rows = []
    for each in summary.exercises:
        best = each.best
        percent = _percent(best.percent if best else None)
        rows.append(
            row(each.title, len(each.attempts), percent, state(best), numbers=2)
        )
    heads.append(say("desk.progress.state"))
    return piece(
        "<h2>{}</h2>{}", say("desk.progress.exams"), table(heads, rows, numbers=2)
    )


def _percent(percent: float | None) -> str:
    return "–" if percent is None else f"{percent:.0f} %"


def _coaching(summary: AgentSummary) -> Markup:
    """List what the agent was sure of and got wrong: there is most to learn."""
    found: dict[tuple[str, str], list[tuple[AttemptSummary, CaseMark]]] = {}
    for exercise in summary.exercises:
        for attempt in exercise.attempts:
            for case in attempt.sure_but_wrong:
                place = (exercise.title, case.case.id)
                found.setdefault(place, []).append((attempt, case))
    if not found:
        return Markup("")
    return piece(
        '<div class="kit-coach"><h2>{}</h2><p>{}</p>{}</div>',
        say("desk.progress.coach"),
        say("desk.progress.coach-lead"),
        join(_sure_but_wrong(title, each) for (title, _), each in found.items()),
    )


def _not_read(summary: AgentSummary) -> Markup:
    """List what the kit could not read in letters of exams: it cost nothing."""
    lines = [
        piece(
            "<li>{}: “{}”</li>",
            say("desk.progress.case", title=each.title, case=id_words(case.case.id)),
            finding.words,
        )
        for each in summary.exercises
        for attempt in each.attempts
        for case in (attempt.found.cases if attempt.found else ())
        for finding in case.review.findings
        if finding.looks_at == UNREAD
    ]
    if not lines:
        return Markup("")
    return piece(
        "<h2>{}</h2><p>{}</p><ul>{}</ul>",
        say("desk.progress.not-read"),
        say("desk.progress.not-read-lead"),
        join(dict.fromkeys(lines)),
    )


def _sure_but_wrong(
    title: str, wrong: Sequence[tuple[AttemptSummary, CaseMark]]
) -> Markup:
    """Show one case once, however often it went wrong: as it did the last time."""
    _, case = wrong[-1]
    attempts = ", ".join(id_words(attempt.kept.attempt) for attempt, _ in wrong)
    key = "case-in" if len(wrong) == 1 else "case-of"
    return piece(
        '<h3>{}</h3><p class="kit-hint">“{}”</p><p class="kit-hint">{}</p><ul>{}</ul>',
        say("desk.progress.case", title=title, case=id_words(case.case.id)),
        shorten(case.case.message, LONGEST_QUOTE, placeholder=" …"),
        say(f"desk.progress.{key}", attempts=attempts),
        join(piece("<li>✗ {}</li>", line) for line in _slips(case)),
    )


def _slips(case: CaseMark) -> Iterable[str]:
    """Say to a supervisor all that is wrong with the work on a case."""
    for verdict in case.verdicts:
        if not verdict.is_right:
            right, given = answers_in_words(verdict)
            values = {"name": verdict.question.name, "right": right}
            if verdict.given:
                yield say("desk.progress.chose", given=given, **values)
            else:
                yield say("desk.progress.left-open", **values)
    if case.review.is_late:
        yield say("desk.sum.late")
    if case.review.unseen:
        reference = case.case.playbook.reference
        facts = (
            reference.name_on_screen(each.fact.name) for each in case.review.unseen
        )
        yield say("desk.progress.unseen", facts=", ".join(dict.fromkeys(facts)))
    for each in case.review.findings:
        if each.severity == WRONG:
            key = "reply-quoted" if each.words else "reply"
            yield say(f"desk.progress.{key}", words=each.words, reason=each.reason)


def _practice(summary: AgentSummary) -> Markup:
    """Show how often was decided right, and how far being sure can be trusted."""
    lessons = table(
        [say(f"desk.progress.{name}") for name in ("lesson", "decisions", "right")],
        [
            row(
                each.title,
                each.decisions,
                _share(each.right, each.decisions),
                numbers=2,
            )
            for each in summary.lessons
        ],
        numbers=2,
    )
    sure = table(
        [say(f"desk.progress.{name}") for name in ("sure", "cases", "right")],
        [
            row(say(f"desk.sure.{name}"), count, _share(right, count), numbers=2)
            for name, (right, count) in summary.confidence.items()
        ],
        numbers=2,
    )
    return piece(
        "<section><h2>{}</h2>{}</section><section><h2>{}</h2>{}</section>",
        say("desk.progress.lessons"),
        lessons,
        say("desk.progress.confidence"),
        sure,
    )


def _share(right: int, count: int) -> str:
    return f"{right} ({_percent(100 * right / count)})" if count else "–"


def _exercise(exercise: ExerciseSummary) -> Markup:
    """Show every attempt at an exercise, and what there is to say about it."""
    heads = [
        say("desk.progress.attempt"),
        say("desk.progress.whole"),
        *(say(f"desk.exam.dimension-{name}") for name in DIMENSIONS),
        say("desk.progress.state"),
    ]
    numbers = len(DIMENSIONS) + 1
    rows = (_attempt(each, numbers) for each in exercise.attempts)
    notes = join(note for each in exercise.attempts for note in _notes(each))
    return piece(
        "<section><h2>{}</h2>{}{}</section>",
        exercise.title,
        table(heads, rows, numbers=numbers),
        notes,
    )


def _attempt(attempt: AttemptSummary, numbers: int) -> Markup:
    kept = attempt.kept
    marks = kept.mark.dimensions if kept.mark else {}
    name = id_words(kept.attempt)
    beside = _from_beside(kept.report or "")
    title = piece(
        '{}<br><span class="kit-hint">{}</span>',
        piece('<a href="{}">{}</a>', beside, name) if kept.report else name,
        kept.at.date().isoformat(),
    )
    dimensions = (_percent(marks.get(each)) for each in DIMENSIONS)
    return row(title, _percent(kept.percent), *dimensions, state(kept), numbers=numbers)


def _from_beside(report: str) -> str:
    """Lead to a report from a page in the folder of its agent, wherever that is sent.

    Args:
        report: Its path inside the workspace: ``reports/<agent>/<exercise>/…``.
    """
    top, _, inside = report.split("/", 2) if report.count("/") > 1 else ("", "", "")
    return inside if top == "reports" else f"../../{report}"


def _notes(attempt: AttemptSummary) -> Iterable[Markup]:
    """Say what a mark alone does not: why it was set by hand, critical errors."""
    kept, name = attempt.kept, id_words(attempt.kept.attempt)
    if kept.is_disputed and kept.report:
        yield piece("<p>{}</p>", say("desk.progress.disputed", attempt=name))
    if kept.is_informed:
        yield piece("<p>{}</p>", say("desk.progress.informed", attempt=name))
    if kept.override is not None:
        counted = kept.mark.percent if kept.mark else None
        yield piece(
            "<p>{}</p>",
            say(
                "desk.progress.why",
                attempt=name,
                by=kept.override.by,
                reason=kept.override.reason,
                counted=_percent(counted),
            ),
        )
    if kept.signed_off is not None:
        day = day_words(kept.signed_off.at.date(), language())
        values = {"attempt": name, "by": kept.signed_off.by, "day": day}
        if kept.is_signed_off:
            words = say("desk.progress.signed", **values)
            yield piece('<p class="kit-good">✓ {}</p>', words)
        else:
            words = say("desk.progress.lapsed", **values)
            yield piece('<p class="kit-wrong">✗ {}</p>', words)
    for why in attempt.critical:
        words = say("desk.progress.critical", attempt=name, why=why)
        yield piece('<p class="kit-wrong">✗ {}</p>', words)
