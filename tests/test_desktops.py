"""A desktop takes up a case where its agent left it, also after the page changed."""

import random
from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets
import pytest

from kit.content.answer_sheets import read_model
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart
from kit.lesson import open_exercise, open_lesson
from kit.marking.desktops import desktop_here
from kit.marking.marks.marks import mark_attempt, sheets_of
from kit.marking.records.events import HandedIn, Marked, Overridden, SignedOff
from kit.marking.records.progress import CaseProgress, Progress
from kit.practice.case.keys import judge
from kit.practice.desk.session import MOST_SUBSCRIBERS
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.exercise.exercise_screen import ExerciseWork
from kit.screens.forms import outline

ROOT = Path(__file__).parents[1]
WORK = "01-lesson"


@pytest.fixture
def desktop(monkeypatch, tmp_path):
    """A desktop that keeps what is done."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("KIT_AGENT", "mei-2")
    return desktop_here()


@pytest.fixture(scope="module")
def case():
    """A case that asks an action and a day."""
    return next(
        each
        for each in Library(ROOT).cases("inr-request")
        if any(verdict.question.is_day for verdict in judge(each, {}))
    )


def noon():
    """The moment of every test."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def press(screen, words):
    """Press the newest button with these words."""
    found = [each for each in buttons(screen) if each.description == words]
    found[-1].click()


def buttons(screen):
    """Every button below a screen."""
    if isinstance(screen, widgets.Button):
        return [screen]
    children = getattr(screen, "children", ())
    return [each for child in children for each in buttons(child)]


def taken_up(desktop, case, **kept):
    """Take up a case of which something was kept."""
    progress = Progress({(WORK, case.id): CaseProgress(**kept)})
    return desktop.session(case, WORK, progress=progress)


def test_what_was_chosen_is_there_again(desktop, case):
    """After a restart nobody answers twice."""
    right = {each.question.key: each.right for each in judge(case, {})}

    session = taken_up(desktop, case, answers=right)

    assert session.answers == right
    assert not set(session.still_open) - {"sure", "reply"}


@pytest.mark.parametrize(
    "is_day", [pytest.param(True, id="a day"), pytest.param(False, id="a word")]
)
def test_an_answer_that_cannot_be_chosen_any_more_is_open_again(desktop, case, is_day):
    """Else it would count as given, and the screen would show nothing chosen."""
    question = next(
        each.question for each in judge(case, {}) if each.question.is_day is is_day
    )

    session = taken_up(desktop, case, answers={question.key: "gone-since-then"})

    assert question.key not in session.answers
    assert question.key in session.still_open


def test_two_tabs_of_one_case_show_the_same(desktop, case):
    """What is done in one tab stands in the other, and nothing is decided twice."""
    first = PracticeDesk(desktop.session(case, WORK), place="", clock=noon)
    second = PracticeDesk(desktop.session(case, WORK), place="", clock=noon)

    first.session.look("order")
    first.session.answer("sure", "guessing")

    assert first.session is second.session
    assert "(x) Guessing" in outline(second.screen)
    assert outline(first.screen) == outline(second.screen)


def test_a_page_that_was_loaded_again_a_hundred_times_is_not_told_a_hundred_times(
    desktop, case
):
    """A closed tab tells nobody that it is gone, so only the newest are followed."""
    for _ in range(100):
        PracticeDesk(desktop.session(case, WORK), place="", clock=noon)

    assert len(desktop.session(case, WORK).subscribers) == MOST_SUBSCRIBERS


def test_a_panel_that_is_no_more_does_not_close_the_desk(desktop, case):
    """A playbook may move its facts to other panels between two days of a lesson."""
    session = taken_up(desktop, case, looked=("crystal-ball", "order"))

    PracticeDesk(session, place="Case 1", clock=lambda: datetime.now(UTC))

    assert session.looked == ("order",)


@pytest.mark.parametrize(
    "opens",
    [
        pytest.param(lambda: open_lesson("00-welcome").course(), id="a lesson"),
        pytest.param(lambda: open_exercise("inr-request"), id="an exercise"),
    ],
)
@pytest.mark.usefixtures("desktop")
def test_records_that_cannot_be_read_are_a_sentence_with_a_next_step(
    opens, tmp_path, capsys
):
    """The agent sees which file and whom to ask, and the page opens all the same."""
    records = tmp_path / "records"
    records.mkdir()
    (records / "mei-2.jsonl").write_text("not what was written\n", encoding="utf-8")

    opens()

    shown = capsys.readouterr().out
    assert "mei-2.jsonl:1" in shown
    assert "ask your lead" in shown


@pytest.mark.parametrize(
    "percent", [pytest.param(100, id="as today"), pytest.param(40, id="another mark")]
)
def test_a_mark_that_was_given_stays_when_the_playbook_changes(
    desktop, capsys, percent
):
    """The records say what the mark is; the page may only explain it."""
    exercise = read_exercise(desktop.library, "inr-request")
    answers = sheets_of(exercise, read_model(desktop.library, exercise))
    mark = mark_attempt(exercise, answers, attempt="attempt-1").record
    now = {"at": datetime.now(UTC), "agent": "mei-2"}
    desktop.keep(
        HandedIn(**now, exercise=exercise.id, attempt="attempt-1", answers=answers)
    )
    kept = {**mark.model_dump(), "percent": percent}
    desktop.keep(Marked(**now, **kept, report="reports/mei-2/one.html"))

    open_exercise("inr-request")

    shown = capsys.readouterr().out
    assert ("Your mark stays 40 %" in shown) is (percent == 40)


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_mark_set_by_hand_is_shown_with_who_and_why(desktop, capsys, is_marked):
    """It outranks what the page would count, and nobody wonders where it is from."""
    exercise = read_exercise(desktop.library, "inr-request")
    answers = sheets_of(exercise, read_model(desktop.library, exercise))
    now = {"at": datetime.now(UTC), "agent": "mei-2"}
    work = {"exercise": exercise.id, "attempt": "attempt-1"}
    desktop.keep(HandedIn(**now, **work, answers=answers))
    if is_marked:
        mark = mark_attempt(exercise, answers, attempt="attempt-1").record
        desktop.keep(Marked(**now, **mark.model_dump(), report="reports/one.html"))
    by_hand = {"by": "lead-1", "percent": 41, "passed": False}
    desktop.keep(Overridden(**now, **work, **by_hand, reason="Somebody <b>helped</b>."))

    open_exercise("inr-request")
    exam = capsys.readouterr().out
    open_lesson("00-welcome").course()
    course = capsys.readouterr().out

    assert "Attempt 1: 41 %. Not passed." in exam
    assert "lead-1 has set this mark by hand" in exam
    assert "Somebody <b>helped</b>." in exam
    assert "it would be 100 %" in exam
    assert "✗ 41 %, not passed yet" in course


def test_an_agent_is_told_of_a_sign_off_and_of_what_a_new_attempt_is(desktop, capsys):
    """Good news needs no supervisor to carry it, and nothing comes as a surprise."""
    exercise = read_exercise(desktop.library, "inr-request")
    answers = sheets_of(exercise, read_model(desktop.library, exercise))
    now = {"at": datetime.now(UTC), "agent": "mei-2"}
    work = {"exercise": exercise.id, "attempt": "attempt-1"}
    mark = mark_attempt(exercise, answers, attempt="attempt-1").record
    desktop.keep(HandedIn(**now, **work, answers=answers))
    desktop.keep(Marked(**now, **mark.model_dump(), report="reports/one.html"))

    open_exercise("inr-request")
    before = capsys.readouterr().out
    desktop.keep(SignedOff(**now, **work, by="lead-1", evidence="0" * 64))
    open_exercise("inr-request")
    after = capsys.readouterr().out
    by_hand = {"by": "lead-1", "percent": 41, "passed": False, "reason": "Helped."}
    desktop.keep(Overridden(**now, **work, **by_hand))
    open_exercise("inr-request")
    lapsed = capsys.readouterr().out

    assert "signed off" not in lapsed
    assert "The sign-off by lead-1 of" in lapsed
    assert "your supervisor sees that you knew the exam" in before
    assert "signed off" not in before
    assert "✓ Your supervisor lead-1 has signed off your pass" in after


def test_a_new_attempt_says_which_it_is_and_whose(desktop):
    """Nobody wonders where the mark has gone, or writes in another's name."""
    exercise = read_exercise(desktop.library, "inr-request")
    answers = sheets_of(exercise, read_model(desktop.library, exercise))
    now = {"at": datetime.now(UTC), "agent": "mei-2"}
    mark = mark_attempt(exercise, answers, attempt="attempt-1").record
    first = ExerciseWork(exercise, desktop, clock=noon)
    first.show()
    desktop.keep(
        HandedIn(**now, exercise=exercise.id, attempt="attempt-1", answers=answers)
    )
    desktop.keep(Marked(**now, **mark.model_dump(), report="reports/one.html"))
    second = ExerciseWork(exercise, desktop, clock=noon)
    second.show()

    press(second.screen, "Begin a new attempt")

    begun = [outline(each.screen) for each in (first, second)]
    assert ["Attempt 2." in each for each in begun] == [False, True]
    assert ["You are signed in as mei-2." in each for each in begun] == [True, True]


def test_an_exam_handed_in_is_closed_in_every_tab_and_handed_in_once(desktop):
    """What is typed into a forgotten tab afterwards is not shown as saved."""
    exercise = read_exercise(desktop.library, "inr-request")
    first, second = (ExerciseWork(exercise, desktop, clock=noon) for _ in range(2))
    first.show()
    second.show()
    session = desktop.session(
        exercise.cases[0], f"{exercise.id}/attempt-1", exercise=exercise
    )
    session.answer("sure", "guessing")

    for work in (first, second):
        press(work.screen, "Hand in")
        press(work.screen, "Yes, hand in")

    attempts = desktop.progress().attempts_at(exercise.id)
    assert session.is_closed
    assert [each.attempt for each in attempts] == ["attempt-1"]
    assert attempts[0].answers[exercise.cases[0].id]["sure"] == "guessing"


@pytest.mark.parametrize("page", Library(ROOT).ids)
def test_a_desk_is_opened_again_as_it_was_left_after_each_step(desktop, page):
    """Nothing is lost by a reload: days, hints, tries, and the end of a talk."""
    for case in desktop.library.cases(page)[:2]:
        dice = random.Random(case.id)
        session = desktop.session(case, WORK, shared=False)
        for _ in range(12):
            step(session, dice)

            again = desktop.session(case, WORK, shared=False)
            assert (again.progress, again.sheet) == (session.progress, session.sheet)


def step(session, dice):
    """Do anything that can be done at a desk."""
    question = dice.choice(session.questions)
    values = [None, *(each.value for each in question.choices)]
    dice.choice(
        (
            lambda: session.look(dice.choice(session.panels).name),
            lambda: session.ask(dice.choice([*session.case.asked, "edd"])),
            session.wait,
            lambda: session.answer(question.key, dice.choice(values)),
            session.decide,
            session.decide,
            session.show_answers,
            session.restart,
        )
    )()


def test_a_page_that_cannot_follow_does_not_undo_a_decision(desktop, case):
    """The event is safe; a course table that fails is no reason to lose it."""

    def cannot_follow():
        raise CannotStart(problem="The records are gone.", fix="Ask your lead.")

    desktop.after_decision.append(cannot_follow)
    session = desktop.session(case, WORK)

    session.decide()

    assert len(session.decided) == 1
    assert desktop.progress().case(WORK, case.id).tries == 1
