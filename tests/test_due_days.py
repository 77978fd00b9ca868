"""A due day: the last day is the answer, and an earlier one is in time."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.exercises import exercise_ids, read_exercise
from kit.content.reference.question_kinds import QUESTION_KINDS
from kit.marking.marks.content_cache import in_force
from kit.marking.marks.marks import Marker, mark_attempt
from kit.marking.marks.snapshots import (
    COUNTING,
    FOLDER,
    criteria_of,
    keep_criteria,
    kept_criteria,
)
from kit.practice.case.keys import judge
from kit.screens.desk.verdict_view import verdict_line

ROOT = Path(__file__).parents[1]
DAY = timedelta(days=1)


def due_cases():
    """Every case of an exercise whose last day is after its own day."""
    for name in exercise_ids(LIBRARY):
        exercise = read_exercise(LIBRARY, name)
        for case in exercise.cases:
            for verdict in judge(case, {}):
                if verdict.question.is_due and verdict.right > case.on.isoformat():
                    yield exercise, case, verdict.question.key, verdict.right


DUE = list(due_cases())
IDS = [f"{exercise.id}/{case.id}" for exercise, case, _, _ in DUE]
"""There are some; else nothing below would be tried."""


def answered(case, key, day):
    """What is said to one day as an answer."""
    verdicts = judge(case, {key: day.isoformat()})
    return next(each for each in verdicts if each.question.key == key)


@pytest.mark.parametrize(
    ("given", "is_right"),
    [
        ("2024-09-05", True),
        ("2024-09-04", True),
        ("2024-08-30", True),
        ("2024-08-29", False),
        ("2024-09-06", False),
        ("none", False),
        ("", False),
        ("5 September", False),
    ],
)
def test_a_day_from_that_of_the_case_to_the_last_one_is_right(given, is_right):
    """Who does it sooner is in time; who names the day before the case is not."""
    due = QUESTION_KINDS["due day"]

    assert due.equal(given, "2024-09-05", since=date(2024, 8, 30)) is is_right


def test_a_day_that_is_no_last_day_has_to_be_the_day_itself():
    """The day on which a window closes is a fact, and no earlier one is it."""
    day, due = QUESTION_KINDS["day"], QUESTION_KINDS["due day"]
    since = date(2024, 8, 30)

    assert not day.equal("2024-09-04", "2024-09-05", since=since)
    assert not due.equal("2024-09-04", "none", since=since)


@pytest.mark.parametrize(("case", "key", "right"), [each[1:] for each in DUE], ids=IDS)
def test_an_early_day_is_right_and_the_last_one_is_said(case, key, right):
    """In practice the exact day is a bonus, and nobody fails for being careful."""
    last = date.fromisoformat(right)
    early, exact, late = (answered(case, key, last + DAY * n) for n in (-1, 0, 1))

    assert (early.is_right, exact.is_right, late.is_right) == (True, True, False)
    assert (early.is_early, exact.is_early) == (True, False)
    assert "The last day is" in verdict_line(early)
    assert "The last day is" not in verdict_line(exact)


@pytest.mark.parametrize(("exercise", "case", "key", "right"), DUE, ids=IDS)
def test_an_early_day_is_marked_as_the_last_one_is(exercise, case, key, right):
    """One rule for practice and for marks."""
    last = date.fromisoformat(right)

    marks = [
        mark_attempt(
            exercise, {case.id: {key: (last + DAY * n).isoformat()}}, attempt="a"
        ).percent
        for n in (-1, 0, 1)
    ]

    assert marks[0] == marks[1] >= marks[2]


@pytest.fixture
def workspace(tmp_path):
    """A workspace with the criteria of an earlier version, and of today."""
    return tmp_path


def as_it_was(workspace, exercise):
    """Keep criteria as the version before kept them: without a word about days."""
    new = workspace / FOLDER / keep_criteria(ROOT, exercise, workspace)
    old = workspace / FOLDER / ("0" * 64)
    shutil.copytree(new, old)
    (old / COUNTING).unlink()
    name = criteria_of(old, exercise)
    old.rename(old.with_name(name))
    return name


def test_an_attempt_of_an_earlier_version_is_marked_by_its_own_rule(workspace):
    """A mark that was given is not changed by a rule that came later."""
    exercise, case, key, right = DUE[0]
    early = (date.fromisoformat(right) - DAY).isoformat()
    old = as_it_was(workspace, exercise)
    new = keep_criteria(ROOT, exercise, workspace)

    found = {}
    for name in (old, new):
        assert kept_criteria(workspace, name, exercise.id) is not None
        kept = in_force(workspace, exercise, name)
        mark = Marker(kept).mark({case.id: {key: early}}, attempt="a")
        (of_case,) = [each for each in mark.cases if each.case.id == case.id]
        verdicts = {each.question.key: each for each in of_case.verdicts}
        found[name] = verdicts[key].is_right

    assert old != new
    assert found == {old: False, new: True}


def test_a_rule_that_was_taken_out_of_kept_criteria_makes_them_others(workspace):
    """Nobody turns a new attempt into an old one by removing a file."""
    exercise, *_ = DUE[0]
    name = keep_criteria(ROOT, exercise, workspace)
    (workspace / FOLDER / name / COUNTING).unlink()

    assert kept_criteria(workspace, name, exercise.id) is None
