"""What the benchmarks are made of still fits the content of the folder.

A benchmark is rarely run; its attempts and its changed page are made here each time.
"""

import shutil
from itertools import islice

from benchmarks.attempts import ROOT, drawn, subject, with_reply
from benchmarks.regrading import change_limit
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.marking.marks.marks import asked_of
from kit.marking.records.answers import validate_answers


def test_drawn_attempts_can_be_handed_in():
    """Each case of the exercise has answers that can be marked."""
    exercise = subject().exercise
    asked = asked_of(exercise)
    for sheets in (*drawn(40, seed=5), *drawn(10, seed=6, signed=True), with_reply(0)):
        raw = {"exercise": exercise.id, "attempt": "a", "answers": sheets}
        assert set(validate_answers(exercise.id, asked, raw).by_case) == set(asked)


def test_drawn_attempts_vary():
    """Otherwise what is remembered would be timed, and not the work."""
    one, other = islice(drawn(2, seed=5), 2)
    assert one != other


def test_the_changed_limit_changes_a_last_day(tmp_path):
    """Otherwise regrading would compare what is equal."""
    for folder in ("playbooks", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    change_limit(tmp_path / "playbooks")
    exercise = subject().exercise
    changed = read_exercise(Library(tmp_path), exercise.id)
    before, after = (
        [[each.answers for each in case.decide()] for case in of.cases]
        for of in (exercise, changed)
    )
    assert before != after
