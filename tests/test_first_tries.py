"""Only unaided first tries count; what earlier versions kept counts as it did."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.content.course import read_course
from kit.content.lessons import cases_of_lesson
from kit.content.library import Library
from kit.marking.desktops import desktop_here
from kit.marking.export.summary import Summaries
from kit.marking.export.xapi import HOME, statement
from kit.marking.records.course_progress import step_state
from kit.marking.records.events import Decided, Event, Shown, Started
from kit.marking.records.progress import CaseProgress, progress_of
from kit.marking.records.store import append_event, read_events, record_path

ROOT = Path(__file__).parents[1]
EARLIER = Path(__file__).parent / "earlier" / "mei-2.jsonl"
"""Records as version 0.1 wrote them on 29 November 2026, before tries were counted."""

LESSON = "01-item-not-received"
NOON = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)
DESK = {"agent": "mei-2", "at": NOON, "work": LESSON, "case": "one"}


def decided(number: int, *, right: bool, **changes: object) -> Decided:
    """One try at a case."""
    place = DESK | changes
    return Decided(**place, answers={"action": "wait"}, right=right, number=number)


def case_after(*events: Event) -> CaseProgress:
    """How far the case on the desk is after these events."""
    return progress_of(events).case(LESSON, "one")


@pytest.mark.parametrize(
    ("tries", "is_mastered", "is_solved"),
    [
        pytest.param([True], True, True, id="right at once"),
        pytest.param([False, True], False, True, id="right after a hint"),
        pytest.param([False, False], False, False, id="never right"),
        pytest.param([True, False], True, True, id="right, then played with"),
    ],
)
def test_only_the_first_try_masters_a_case(tries, is_mastered, is_solved):
    """After it the agent has read a hint."""
    events = [decided(n, right=each) for n, each in enumerate(tries, start=1)]

    case = case_after(*events)

    assert (case.is_mastered, case.is_solved) == (is_mastered, is_solved)
    assert case.tries == len(tries)


def test_a_new_start_takes_no_credit_and_gives_none():
    """Practising a case again costs nothing, and copying it earns nothing."""
    kept = case_after(decided(1, right=True), Started(**DESK))
    copied = case_after(
        decided(1, right=False), Shown(**DESK), Started(**DESK), decided(2, right=True)
    )

    assert (kept.is_mastered, kept.is_solved, kept.right) == (True, True, None)
    assert (copied.is_mastered, copied.is_solved) == (False, True)


def test_answers_that_were_shown_are_shown_again_until_the_case_is_begun_anew():
    """After a restart the desk stands as it was."""
    shown = case_after(decided(1, right=False), Shown(**DESK))
    again = case_after(decided(1, right=False), Shown(**DESK), Started(**DESK))

    assert (shown.is_shown, again.is_shown) == (True, False)


def test_two_machines_have_one_first_try():
    """After a merge the first line counts, as it does for attempts."""
    merged = case_after(decided(1, right=False), decided(1, right=True))

    assert not merged.is_mastered


def test_records_of_an_earlier_version_are_read():
    """Line by line, with every seal."""
    events = read_events(EARLIER)

    assert [each.number for each in events if isinstance(each, Decided)] == [0] * 5
    assert b"number" not in EARLIER.read_bytes()


def test_records_of_an_earlier_version_count_as_they_did():
    """There the latest decision counted, since nobody was given a hint."""
    progress = progress_of(read_events(EARLIER))

    mastered = {
        name: case.is_mastered for name, case in progress.cases_of(LESSON).items()
    }

    assert mastered == {
        "over-the-garden-wall": True,
        "curtains-one-day-late": False,
        "the-fourth-business-day": False,
    }


def test_a_supervisor_sees_every_decision_of_an_earlier_version_as_before():
    """Three of five were right."""
    summary = Summaries(Library(ROOT)).of("mei-2", progress_of(read_events(EARLIER)))

    lesson = next(each for each in summary.lessons if each.decisions)
    assert (lesson.right, lesson.decisions) == (3, 5)


def test_a_line_of_an_earlier_version_is_exported_as_it_was():
    """Another system that has it already does not get it twice under a new name."""
    events = [each for each in read_events(EARLIER) if isinstance(each, Decided)]
    lines = EARLIER.read_bytes().splitlines()

    for event in events:
        body = event.model_dump_json().encode()
        assert any(line.startswith(body[:-1]) for line in lines)
        assert f"{HOME}extensions/try" not in statement(event)["result"]["extensions"]


def test_a_number_is_kept_and_read_again(tmp_path):
    """The record says which try it was."""
    append_event(tmp_path, decided(2, right=True))

    (event,) = read_events(record_path(tmp_path, "mei-2"))

    assert event.number == 2
    assert statement(event)["result"]["extensions"][f"{HOME}extensions/try"] == 2


def test_a_supervisor_sees_first_tries_alone():
    """Four checks of two cases are two first tries, one of them right."""
    events = (
        decided(1, right=False),
        decided(2, right=True),
        decided(3, right=True),
        decided(1, right=True, case="two"),
    )

    summary = Summaries(Library(ROOT)).of("mei-2", progress_of(events))

    lesson = next(each for each in summary.lessons if each.decisions)
    assert (lesson.right, lesson.decisions) == (1, 2)


def test_a_lesson_ends_and_says_how_much_was_right_at_the_first_try():
    """Hints help to the end of a lesson, and earn no mastery."""
    step = next(each for each in read_course(Library(ROOT)) if each.id == LESSON)
    names = cases_of_lesson(ROOT / "notebooks" / f"{LESSON}.ipynb")
    first = {name: [False, True] if n else [True] for n, name in enumerate(names)}
    events = [
        decided(number, right=each, case=name)
        for name, tries in first.items()
        for number, each in enumerate(tries, start=1)
    ]

    state = step_state(step, progress_of(events), ROOT / "notebooks")

    assert state.is_done
    assert state.words == f"✓ done, 1 of {len(names)} cases right at the first try"


def test_a_session_goes_on_counting_where_the_records_stop(tmp_path, monkeypatch):
    """A restart makes no second first try."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("KIT_AGENT", "mei-2")
    case = Library(ROOT).cases("inr-request")[0]
    desktop_here().session(case, LESSON, shared=False).decide()

    again = desktop_here().session(case, LESSON, shared=False)
    gives_hints = again.gives_hints
    again.show_answers()
    third = desktop_here().session(case, LESSON, shared=False)
    third.restart()
    third.decide()

    events = read_events(record_path(tmp_path, "mei-2"))
    assert [each.number for each in events if isinstance(each, Decided)] == [1, 2]
    assert [each.event for each in events] == ["decided", "shown", "started", "decided"]
    assert gives_hints
    assert not desktop_here().session(case, LESSON, shared=False).progress.is_shown
