"""Grading: what was handed in is run by papermill, marked once, and explained."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.lesson import warm_up
from kit.marking.grading.grade_attempts import GradedAttempt, Grading, grade_all
from kit.marking.marks.marks import sheets_of
from kit.marking.records.events import HandedIn
from kit.marking.records.progress import progress_of
from kit.marking.records.store import append_event, read_events, record_path
from kit.marking.signoff.override import ManualMark, override_mark

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


def hand_in(workspace, agent, exercise, answers, attempt="attempt-1"):
    """Hand in an attempt."""
    append_event(
        workspace,
        HandedIn(
            at=NOW,
            agent=agent,
            exercise=exercise,
            attempt=attempt,
            answers={case: dict(each) for case, each in answers.items()},
        ),
    )


def grade(library: Library, workspace: Path, **how) -> list[GradedAttempt]:
    """Mark what waits, at the moment of these tests."""
    grading = Grading(library, workspace, lambda: NOW, warm_up=warm_up, **how)
    return list(grade_all(grading))


@pytest.fixture(scope="module")
def graded(library, tmp_path_factory):
    """Three agents hand in; one of them something that is no exercise."""
    workspace = tmp_path_factory.mktemp("workspace")
    exercise = read_exercise(library, "wrong-size-remorse")
    near = read_near_miss(library, exercise)
    model = read_model(library, exercise)
    hand_in(workspace, "ana-1", exercise.id, sheets_of(exercise, model))
    hand_in(workspace, "ben-2", "no-such-exercise", {})
    hand_in(workspace, "mei-2", exercise.id, sheets_of(exercise, near.answers))
    results = list(grade(library, workspace, agent=None))
    return workspace, results, near


def test_model_and_near_miss_are_marked_through_the_notebook(graded):
    """What papermill ran and what the records keep is the same mark."""
    workspace, _, near = graded

    best = progress_of(read_events(record_path(workspace, "ana-1"))).attempts[0].mark
    nearly = progress_of(read_events(record_path(workspace, "mei-2"))).attempts[0].mark

    assert (best.percent, best.passed) == (100, True)
    assert (nearly.percent, nearly.passed) == (near.percent, near.passed)
    assert nearly.dimensions == dict(near.marks)


def test_the_report_shows_the_mark_with_its_reasons(graded):
    """A person can read why, in the notebook and on the page."""
    workspace, _, near = graded

    folder = workspace / "reports" / "mei-2" / "wrong-size-remorse"
    page = (folder / "attempt-1.html").read_text(encoding="utf-8")

    assert f"{near.percent} %" in page
    assert "(we have read it there)" in page
    assert (folder / "attempt-1.ipynb").is_file()
    assert str(workspace) not in page


def test_one_bad_attempt_is_named_and_stops_nothing(graded):
    """The others get their marks all the same."""
    _, results, _ = graded

    by_agent = {each.agent: each for each in results}

    assert by_agent["ben-2"].mark is None
    assert "no-such-exercise" in by_agent["ben-2"].words
    assert by_agent["ana-1"].mark
    assert by_agent["mei-2"].mark


def test_a_mark_set_by_hand_while_others_are_marked_is_on_the_page(library, tmp_path):
    """A supervisor who did not wait reads on the page what counts, and why."""
    exercise = read_exercise(library, "wrong-size-remorse")
    near = sheets_of(exercise, read_near_miss(library, exercise).answers)
    for attempt in ("attempt-1", "attempt-2", "attempt-3"):
        hand_in(tmp_path, "ana-1", exercise.id, near, attempt)
    results = grade_all(Grading(library, tmp_path, lambda: NOW, warm_up=warm_up))

    next(results)
    mark = ManualMark(by="lead-1", percent=81, passed=True, reason="I saw it.")
    override_mark(tmp_path, ("ana-1", exercise.id, "attempt-3"), mark, now=NOW)
    _, last = results

    page = tmp_path / "reports" / "ana-1" / exercise.id / "attempt-3.html"
    assert "lead-1" in last.words
    assert "I saw it." in page.read_text(encoding="utf-8")


def test_what_is_marked_is_not_marked_again(graded, library):
    """Grading twice doubles no mark."""
    workspace, _, _ = graded
    before = record_path(workspace, "mei-2").read_bytes()

    again = list(grade(library, workspace, agent="mei-2"))

    assert again == []
    assert record_path(workspace, "mei-2").read_bytes() == before


def test_a_changed_record_is_named_by_line_and_stops_nothing(library, tmp_path):
    """Somebody's edited file is found; nobody else waits for it."""
    hand_in(tmp_path, "eve-3", "wrong-size-remorse", {})
    path = record_path(tmp_path, "eve-3")
    path.write_bytes(path.read_bytes().replace(b"attempt-1", b"attempt-9"))

    results = list(grade(library, tmp_path, agent=None))

    assert [each.mark for each in results] == [None]
    assert "eve-3.jsonl:1:" in results[0].words


def test_warming_up_that_fails_costs_nobody_a_mark(library, tmp_path):
    """What goes wrong before the first attempt is not the fault of its agent."""
    exercise = read_exercise(library, "address-change")
    best = sheets_of(exercise, read_model(library, exercise))
    hand_in(tmp_path, "ana-1", exercise.id, best)
    grading = Grading(library, tmp_path, lambda: NOW, warm_up=lambda _: 1 / 0)

    (result,) = grade_all(grading)

    assert result.mark is not None
    assert result.mark.passed


def test_answers_that_were_never_asked_are_refused(library, tmp_path):
    """A made-up question cannot earn a mark."""
    hand_in(tmp_path, "eve-3", "wrong-size-remorse", {"nobody": {"action": "x"}})

    results = list(grade(library, tmp_path, agent=None))

    assert results[0].mark is None
    assert "nobody" in results[0].words
