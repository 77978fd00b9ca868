"""A mark in the records that is not what its answers are worth is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.marking.care.mark_audit import differing_marks
from kit.marking.marks.marks import asked_of, mark_attempt, sheets_of
from kit.marking.records.answers import validate_answers
from kit.marking.records.events import HandedIn, Marked, Overridden
from kit.marking.records.store import append_event, read_events, record_path

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NAME = "wrong-size-remorse"


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.fixture(scope="module")
def exercise(library):
    """An exercise of it."""
    return read_exercise(library, NAME)


@pytest.fixture
def workspace(tmp_path, library, exercise):
    """A workspace in which an attempt was handed in that is nearly right."""
    near = read_near_miss(library, exercise)
    answers = {
        case: {name: text for name, text in each.items() if text}
        for case, each in sheets_of(exercise, near.answers).items()
    }
    keep(tmp_path, HandedIn, answers=answers)
    return tmp_path


def keep(workspace, kind, **fields):
    """Write an event with a right seal."""
    place = {"at": NOON, "agent": "eve-3", "exercise": NAME, "attempt": "attempt-1"}
    append_event(workspace, kind(**(place | fields)))


def keep_mark(workspace, by, /, **changes):
    """Write a mark: what the answers are worth, with changes."""
    (handed_in, *_) = events_in(workspace)
    raw = {"exercise": NAME, "attempt": "attempt-1", "answers": handed_in.answers}
    answers = validate_answers(NAME, asked_of(by), raw)
    mark = mark_attempt(by, answers.by_case, attempt="attempt-1").record
    fields = {"playbook": by.playbook.digest, "report": "reports/x.html"}
    keep(workspace, Marked, **(mark.model_dump() | fields | changes))
    return mark


def events_in(workspace):
    """The events of the agent."""
    return read_events(record_path(workspace, "eve-3"))


def test_a_mark_that_the_kit_gave_differs_from_nothing(library, exercise, workspace):
    """Nobody is suspected for an honest mark."""
    keep_mark(workspace, exercise)

    assert differing_marks(library, events_in(workspace)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"percent": 100, "passed": True}, id="a hundred percent"),
        pytest.param({"percent": 0}, id="nothing"),
        pytest.param({"passed": True, "critical": []}, id="only passed"),
        pytest.param({"dimensions": {"policy": 100}}, id="only a dimension"),
    ],
)
def test_a_forged_mark_is_named_with_what_it_should_be(
    changes, library, exercise, workspace
):
    """A right seal makes a line whole, and not true."""
    right = keep_mark(workspace, exercise, **changes)

    (found,) = differing_marks(library, events_in(workspace))

    assert found.agent == "eve-3"
    assert found.counted == right
    assert found.kept != right
    assert not found.page_changed
    assert f"the records say {found.kept.percent} %" in found.words
    assert f"worth {right.percent} %" in found.words


def test_a_forged_mark_is_found_behind_an_honest_one(library, exercise, workspace):
    """The last line counts on the screen, so each is looked at."""
    keep_mark(workspace, exercise)
    keep_mark(workspace, exercise, percent=99)
    keep_mark(workspace, exercise)

    assert [
        each.kept.percent for each in differing_marks(library, events_in(workspace))
    ] == [99]


def test_better_answers_handed_in_again_do_not_hide_a_forged_mark(
    library, exercise, workspace
):
    """Whoever has seen the key hands in better answers; the first ones count."""
    best = sheets_of(exercise, read_model(library, exercise))
    keep(workspace, HandedIn, answers={case: dict(each) for case, each in best.items()})
    full = mark_attempt(exercise, best, attempt="attempt-1").record
    keep_mark(workspace, exercise, **full.model_dump())

    (found,) = differing_marks(library, events_in(workspace))

    assert found.kept == full
    assert found.counted is not None
    assert found.counted.percent < 100


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"attempt": "attempt-9"}, "No answers", id="without answers"),
        pytest.param({"exercise": "gone"}, "No answers", id="of no exercise"),
    ],
)
def test_a_mark_that_cannot_be_counted_is_named(
    fields, says, library, exercise, workspace
):
    """A mark from nowhere must not pass because nothing contradicts it."""
    keep_mark(workspace, exercise, **fields)

    (found,) = differing_marks(library, events_in(workspace))

    assert found.counted is None
    assert says in found.words


def test_answers_to_an_exercise_that_is_no_more_are_named(library, exercise, workspace):
    """The supervisor reads why the mark could not be counted."""
    keep(workspace, HandedIn, exercise="gone", answers={})
    keep_mark(workspace, exercise, exercise="gone")

    (found,) = differing_marks(library, events_in(workspace))

    assert "no exercise named “gone”" in found.words


def test_a_mark_under_another_page_says_that_this_may_be_why(
    library, exercise, workspace
):
    """A page that was mended since must not look like a forgery."""
    keep_mark(workspace, exercise, percent=99, playbook="0" * 64)

    (found,) = differing_marks(library, events_in(workspace))

    assert found.page_changed
    assert "names another page" in found.words


def test_a_mark_by_hand_is_left_alone(library, exercise, workspace):
    """A supervisor may overrule what was counted, and says so by name."""
    keep_mark(workspace, exercise)
    keep(
        workspace, Overridden, by="sam-1", percent=100, passed=True, reason="We agreed."
    )

    assert differing_marks(library, events_in(workspace)) == ()
