"""Answers from outside stay text, or they are refused; they never become code."""

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inputs import SHAPES, TEXTS
from papermill.translators import PythonTranslator
from sentences import bounded, is_plain

from kit.content.answer_sheets import read_model
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.content.reference.question_kinds import same_answer
from kit.errors import BadAnswers
from kit.marking.marks.marks import asked_of, mark_attempt, sheets_of
from kit.marking.records.answers import clean_text, validate_answers
from kit.marking.records.events import HandedIn
from kit.marking.records.store import append_event, read_events, record_path

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ASKED = {"case-1": ["action"]}


@pytest.fixture(scope="module")
def exercise():
    """The first case of a shipped exercise."""
    whole = read_exercise(Library(ROOT), "wrong-size-remorse")
    return replace(whole, cases=whole.cases[:1])


@pytest.mark.parametrize("answers", SHAPES.values(), ids=SHAPES)
def test_what_is_no_set_of_answers_is_refused_in_a_sentence(answers):
    """A notebook of a company may hand over anything at all."""
    raw = {"exercise": "sizes", "attempt": "a-1", "answers": answers}

    with bounded(), pytest.raises(BadAnswers) as caught:
        validate_answers("sizes", ASKED, raw)

    assert is_plain(str(caught.value))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_what_is_no_attempt_at_all_is_refused_in_a_sentence(raw):
    """Also when the whole of it is of another shape."""
    with bounded(), pytest.raises(BadAnswers) as caught:
        validate_answers("sizes", ASKED, raw)

    assert is_plain(str(caught.value))


@pytest.mark.parametrize("work", SHAPES.values(), ids=SHAPES)
def test_an_exercise_of_any_shape_is_refused_in_a_sentence(work):
    """The sentence names the exercise, which here is none."""
    with bounded(), pytest.raises(BadAnswers) as caught:
        HandedIn(at=NOON, agent="eve-3", exercise=work, attempt="a-1", answers={})

    assert is_plain(str(caught.value))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_comes_back_from_the_records_as_it_was_typed(text, tmp_path):
    """What is kept is what was written, and nothing has read it on the way."""
    answers = {"case-1": {"reply": text}}
    event = HandedIn(
        at=NOON, agent="eve-3", exercise="sizes", attempt="a-1", answers=answers
    )

    append_event(tmp_path, event)

    (kept,) = read_events(record_path(tmp_path, "eve-3"))
    assert kept.answers == answers
    assert clean_text(text) == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_is_one_literal_in_the_cell_that_papermill_writes(text):
    """Nothing that an agent types becomes code of the notebook."""
    written = PythonTranslator.translate({"case-1": {"reply": text}})

    assert ast.literal_eval(written) == {"case-1": {"reply": text}}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_is_worth_nothing_wherever_it_is_answered(text, exercise):
    """It is marked as a wrong answer, in the time that a right one takes."""
    (case,) = exercise.cases
    best = sheets_of(exercise, read_model(Library(ROOT), exercise))[case.id]
    questions = [
        each
        for each in asked_of(exercise)[case.id]
        # “None” is a way to write the right answer “none”.
        if each not in {"reply", "sure"} and not same_answer(text, best.get(each) or "")
    ]
    sheet = dict.fromkeys(questions, text)

    with bounded():
        mark = mark_attempt(exercise, {case.id: sheet}, attempt="a-1")

    assert (mark.percent, mark.passed) == (0, False)
    assert mark.record.percent == 0


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_reply_is_marked_like_any_other(text, exercise):
    """A reply is read word by word, which must end."""
    (case,) = exercise.cases
    best = sheets_of(exercise, read_model(Library(ROOT), exercise))[case.id]

    with bounded():
        mark = mark_attempt(exercise, {case.id: {**best, "reply": text}}, attempt="a-1")

    assert mark.cases[0].review.reply == text
    assert mark.dimensions["policy"] == 100


def test_a_day_beyond_all_calendars_is_late_and_stops_nobody(exercise):
    """One line in a file of records must not end the marking of all others."""
    (case,) = exercise.cases
    best = sheets_of(exercise, read_model(Library(ROOT), exercise))[case.id]

    for day in ("9999-12-31", "2999-01-01"):
        with bounded():
            mark = mark_attempt(exercise, {case.id: {**best, "day": day}}, attempt="x")

        assert mark.cases[0].review.case.on >= case.on
        assert mark.cases[0].review.is_late or mark.cases[0].review.due is None
