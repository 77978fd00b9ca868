"""Screens render a session and decide nothing; what fails becomes a sentence."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import ipywidgets as widgets
import pytest

from kit.catalogue import say
from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart
from kit.marking.marks.marks import mark_attempt, sheets_of
from kit.practice.case.deeds import Decide
from kit.practice.case.keys import judge
from kit.practice.desk.session import Session
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.verdict_view import (
    ANYONE,
    decision_table,
    reason_words,
    verdict_cards,
)
from kit.screens.exercise.exam import Exam
from kit.screens.exercise.quiz import spot_quiz
from kit.screens.forms import button, html, outline
from kit.screens.lab.welcome_page import SignIn
from kit.screens.markup import buyer_card, piece, plain
from kit.screens.printed.report_table import mark_page

ROOT = Path(__file__).parents[1]


def noon():
    """The moment of every test."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.fixture
def case(library):
    """A case with few decisions: a bank decides."""
    return next(
        each
        for each in library.cases("wrong-size-remorse")
        if each.id == "raincoat-and-the-bank"
    )


def all_of(screen, kind):
    """Every widget of a kind below a screen."""
    found = [screen] if isinstance(screen, kind) else []
    for child in getattr(screen, "children", ()):
        found += all_of(child, kind)
    return found


def press(screen, words):
    """Press the button with these words."""
    next(
        each for each in all_of(screen, widgets.Button) if each.description == words
    ).click()


def choose_right(screen, case, *, sure=True):
    """Choose what the playbook answers, write its message, and be sure of it."""
    if sure:
        choose_sure(screen)
    right = {each.question.name: each for each in judge(case, {})}
    for question in screen_questions(screen):
        name = next(
            (name for name in right if outline(question).startswith(f"{name} ")), ""
        )
        if not name:
            continue
        verdict = right[name]
        if verdict.question.is_day and verdict.right[0].isdigit():
            all_of(question, widgets.DatePicker)[0].value = datetime.fromisoformat(
                verdict.right
            ).date()
        else:
            all_of(question, widgets.RadioButtons)[0].value = verdict.right


def choose_sure(screen):
    """Say that one is sure."""
    for radio in all_of(screen, widgets.RadioButtons):
        if ("Guessing", "guessing") in radio.options:
            radio.value = "sure"


def screen_questions(screen):
    """The controls of the questions of a desk."""
    return [
        each
        for each in all_of(screen, widgets.VBox)
        if "kit-question" in each._dom_classes
    ]


def test_a_case_is_decided_by_clicks_and_explained(case):
    """Looking, choosing, checking: the whole walk works without typing a word."""
    deeds = []
    session = Session(case, deeds.append)
    desk = PracticeDesk(session, place="Practice case", clock=noon)

    press(desk.screen, "Order")
    choose_right(desk.screen, case)
    press(desk.screen, "Check my decision")

    assert deeds[-1] == Decide(session.sheet, right=True)
    assert say("desk.all-right") in outline(desk.screen)
    assert case.decide()[0].because in outline(desk.screen)
    assert "▶" in outline(desk.screen)


def test_an_open_question_is_named_before_anything_is_decided(case):
    """Nobody is marked for what they had not answered yet."""
    deeds = []
    desk = PracticeDesk(Session(case, deeds.append), place="", clock=noon)

    press(desk.screen, "Check my decision")

    assert deeds == []
    assert "Still open: Where we are, Action" in outline(desk.screen)


def test_a_desk_made_again_from_its_session_looks_the_same(case):
    """After a restart the agent finds everything where it stood."""
    session = Session(case, lambda _: None)
    desk = PracticeDesk(session, place="Practice case", clock=noon)
    press(desk.screen, "Order")
    choose_right(desk.screen, case)
    press(desk.screen, "Check my decision")
    before = outline(desk.screen)
    session.keep = lambda _: None

    again = PracticeDesk(session, place="Practice case", clock=noon)

    assert outline(again.screen) == before.replace(
        f"✓ {say('desk.saved', time='12:00:00')}\n", ""
    )


def test_changing_an_answer_sets_the_old_verdict_aside(case):
    """One reads why while correcting oneself, and never takes it for a new verdict."""
    session = Session(case, lambda _: None)
    desk = PracticeDesk(session, place="", clock=noon)
    choose_right(desk.screen, case)
    action = all_of(screen_questions(desk.screen)[0], widgets.RadioButtons)[0]
    action.index = (action.index + 1) % len(action.options)
    press(desk.screen, "Check my decision")

    action.index = (action.index + 1) % len(action.options)

    shown = outline(desk.screen)
    assert shown.index(say("desk.last-try")) < shown.index("Read the hint")
    press(desk.screen, "Check my decision")
    assert say("desk.last-try") not in outline(desk.screen)


def test_what_cannot_be_saved_is_said_and_not_shown_as_saved(case):
    """A full disk is told at once, in a sentence."""

    def full_disk(_):
        raise CannotStart(problem="The disk is full.", fix="Make room.")

    desk = PracticeDesk(Session(case, full_disk), place="", clock=noon)

    press(desk.screen, "Order")

    assert "Not saved: The disk is full. Make room." in outline(desk.screen)
    assert "Saved at" not in outline(desk.screen)


def test_an_answer_that_is_not_saved_goes_on_being_named(case):
    """A later click that is saved must not hide that another one was not."""
    deeds = []

    def choosy(deed):
        if getattr(deed, "question", "") == "action":
            raise CannotStart(problem="The disk is full.", fix="Make room.")
        deeds.append(deed)

    desk = PracticeDesk(Session(case, choosy), place="", clock=noon)
    choose_right(desk.screen, case)

    press(desk.screen, "Check my decision")

    assert "it is not saved: Action" in outline(desk.screen)
    assert not [each for each in deeds if isinstance(each, Decide)]


def test_what_a_reply_cannot_keep_is_cleaned_and_not_lost(case):
    """A pasted control character must not cost somebody a whole reply."""
    session = Session(case, lambda _: None)
    desk = PracticeDesk(session, place="", clock=noon)

    desk.tell("reply", "Hello\r\nRosa\x0b!")

    assert session.answers["reply"] == "Hello\nRosa !"


def test_who_sends_nothing_after_all_has_not_lost_a_word(library):
    """One button puts the words away, and the same brings them back."""
    exercise = read_exercise(library, "inr-request")
    session = Session(exercise.cases[0], lambda _: None, exercise.reply_rules)
    desk = PracticeDesk(session, place="", clock=noon)
    (text,) = all_of(desk.screen, widgets.Textarea)
    text.value = "Hello Rosa, it is on its way."

    press(desk.screen, "Send nothing now")
    away = (text.value, session.answers["reply"])
    press(desk.screen, "Put my words back")

    assert away == ("", "none")
    assert text.value == session.answers["reply"] == "Hello Rosa, it is on its way."
    press(desk.screen, "Send nothing now")
    assert session.answers["reply"] == "none"


def test_an_exam_that_cannot_be_handed_in_says_why(library):
    """A full disk at the last moment is a sentence, and the work is still there."""
    exercise = read_exercise(library, "wrong-size-remorse")

    def full_disk():
        raise CannotStart(problem="The disk is full.", fix="Make room.")

    sessions = [Session(case, lambda _: None) for case in exercise.cases]
    exam = Exam(exercise, sessions, clock=noon, hand_in=full_disk)

    press(exam.screen, "Hand in")
    press(exam.screen, "Yes, hand in")

    assert "The disk is full. Make room." in outline(exam.screen)


def test_going_back_and_forth_leaves_no_desks_behind(library):
    """Ten cases up and down, and still one desk follows its session."""
    exercise = read_exercise(library, "wrong-size-remorse")
    sessions = [Session(case, lambda _: None) for case in exercise.cases]
    exam = Exam(exercise, sessions, clock=noon, hand_in=lambda: None)

    for _ in range(3):
        press(exam.screen, "Next case")
        press(exam.screen, "Previous case")

    assert [len(each.subscribers) for each in sessions[:2]] == [1, 0]


@pytest.mark.incident
def test_a_failing_handler_shows_a_sentence_and_never_a_traceback(caplog):
    """The agent reads what to do; the details go to the log."""
    status = html()

    def broken(_):
        raise ZeroDivisionError

    button("Press", broken, status=status).click()

    assert "Something went wrong here" in plain(status.value)
    assert "ZeroDivisionError" not in status.value
    assert "ZeroDivisionError" in caplog.text


def test_two_controls_that_tell_something_at_once_are_heard_in_turn():
    """JupyterLab hands over in two threads what is done at once on one page."""
    heard, status = [], html()

    def slow(_):
        heard.append("begins")
        time.sleep(0.05)
        heard.append("ends")

    presses = [Thread(target=button("Press", slow, status=status).click) for _ in "ab"]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert heard == ["begins", "ends"] * 2


def test_a_buyers_message_is_shown_as_text_never_run(case):
    """A buyer who writes a script writes text."""
    hostile = "<script>alert(1)</script> & <img src=x onerror=alert(1)>"

    shown = buyer_card(
        type(case)(
            **{
                name: getattr(case, name)
                for name in case.__slots__
                if name not in {"message"}
            },
            message=hostile,
        )
    )

    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_the_lit_row_has_a_sign_and_not_only_a_colour(case):
    """Whoever sees no colours sees the row all the same."""
    decision = case.decide()[0]

    shown = plain(decision_table(case.playbook, decision.table, decision=decision))

    assert f"▶ {decision.row.number} |" in shown


def test_an_exam_is_handed_in_once_and_says_how_much_is_open(library):
    """Nobody hands in by a slip of the hand."""
    exercise = read_exercise(library, "wrong-size-remorse")
    handed = []
    sessions = [Session(case, lambda _: None) for case in exercise.cases]
    for question in sessions[0].wanted:
        sessions[0].answer(question, "anything")
    exam = Exam(exercise, sessions, clock=noon, hand_in=lambda: handed.append(1))

    press(exam.screen, "Hand in")
    asked = outline(exam.screen)
    press(exam.screen, "Yes, hand in")

    assert "have no answer yet" in asked
    assert "(case 2, case 3, " in asked
    assert handed == [1]


def test_a_place_left_open_in_a_reply_is_named_before_handing_in(library):
    """A reply with braces in it counts as answered, and is not ready to be sent."""
    exercise = read_exercise(library, "inr-request")
    sessions = [
        Session(case, lambda _: None, exercise.reply_rules, is_exam=True)
        for case in exercise.cases
    ]
    for session in sessions:
        for question in session.wanted:
            session.answer(question, "by {act_by}" if question == "reply" else "any")
    sessions[0].answer("reply", "by tomorrow")
    exam = Exam(exercise, sessions, clock=noon, hand_in=lambda: None)

    press(exam.screen, "Hand in")

    asked = outline(exam.screen)
    assert "still to fill in, in curly brackets. Cases: case 2, case 3, " in asked
    assert "have no answer yet" not in asked


def test_an_exam_never_shows_what_is_right(library):
    """The key is not on the screen before the work is marked."""
    exercise = read_exercise(library, "wrong-size-remorse")
    sessions = [Session(case, lambda _: None) for case in exercise.cases]
    exam = Exam(exercise, sessions, clock=noon, hand_in=lambda: None)
    reasons = {
        verdict.explanation.because
        for case in exercise.cases
        for verdict in judge(case, {})
    }

    shown = []
    for case in exercise.cases:
        choose_right(exam.screen, case)
        shown.append(outline(exam.screen))
        if case is not exercise.cases[-1]:
            press(exam.screen, "Next case")

    assert not [each for each in reasons if any(each in text for text in shown)]
    assert "Check my decision" not in "".join(shown)


def test_a_report_explains_every_wrong_answer(library):
    """Row, reason and source stand beside each mark."""
    exercise = read_exercise(library, "wrong-size-remorse")
    near = read_near_miss(library, exercise)
    mark = mark_attempt(
        exercise, sheets_of(exercise, near.answers), attempt="near-miss"
    )

    page = plain(mark_page(mark))

    wrong = [
        verdict
        for case in mark.cases
        for verdict in case.verdicts
        if not verdict.is_right
    ]
    assert wrong
    for verdict in wrong:
        assert verdict.explanation.because in page
        assert verdict.explanation.sources[0].title in page
    assert f"{near.percent} %" in page


def test_a_report_shows_only_the_steps_that_lead_to_the_action(library):
    """Photos are asked for, whether or not it must come back."""
    exercise = read_exercise(library, "snad-return")
    model = sheets_of(exercise, read_model(library, exercise))
    name = "mirror-in-a-dark-hall"
    (case,) = (each for each in exercise.cases if each.id == name)
    right = model[name]["return_needed"]
    model[name] = {**model[name], "return_needed": "no" if right == "yes" else "yes"}

    page = str(mark_page(mark_attempt(exercise, model, attempt="x")))

    buyer = str(case.facts["buyer_name"])
    (part,) = (each for each in page.split("<section>") if buyer in each)
    leading, _, aside = part.partition('<details class="kit-aside" open>')
    assert "<h3>The answer</h3>" in leading
    assert "<h3>Must it come back</h3>" not in leading
    assert "<h3>Must it come back</h3>" in aside
    assert f"{len(model[name]) - 2} of" in leading


def test_a_mistake_of_others_is_answered_with_its_reason(library):
    """The right answer gets its reason, and so does the wrong one."""
    page = library.playbook("wrong-size-remorse")
    slip = page.typical_mistakes[0]
    told = []
    quiz = spot_quiz(page, slip, on=date(2024, 9, 6), chosen="", tell=told.append)
    radio = all_of(quiz.screen, widgets.RadioButtons)[0]

    radio.value = slip.why

    because = page.table(slip.table).row(slip.row).because
    assert told == [slip.why]
    shown = outline(quiz.screen)
    assert "✓ Right." in shown
    assert "you" in because
    assert f"{say('desk.reason-for.anyone-to-buyer')} {because}" in shown


def test_after_a_wrong_pick_the_right_answer_is_marked_and_said(library):
    """An agent who picked wrong sees what is right, also when the page is reloaded."""
    page = library.playbook("wrong-size-remorse")
    slip = page.typical_mistakes[0]
    told = []
    quiz = spot_quiz(page, slip, on=date(2024, 9, 6), chosen="", tell=told.append)
    radio = all_of(quiz.screen, widgets.RadioButtons)[0]
    wrong = next(value for _, value in radio.options if value != slip.why)
    before = [words for words, _ in radio.options]

    radio.value = wrong

    again = spot_quiz(page, slip, on=date(2024, 9, 6), chosen=wrong, tell=told.append)
    assert not [words for words in before if words.startswith("✓")]
    assert told == [wrong]
    for each in (quiz, again):
        radio = all_of(each.screen, widgets.RadioButtons)[0]
        marked = [value for words, value in radio.options if words.startswith("✓")]
        assert (radio.value, marked) == (wrong, [slip.why])
        assert f"✗ Not quite. Right is: “{slip.why}”" in outline(each.screen)


def test_a_reason_says_whether_it_is_for_the_buyer(library):
    """What is sent can be said; what only leads there is a reason and no more."""
    case = next(c for c in library.cases("inr-request") if c.id == "nie-gescannt")
    sent = {v.explanation.because for v in judge(case, {}) if v.is_action}

    shown = plain(verdict_cards(case, judge(case, {})))

    for because in sent:
        assert f"{say('desk.reason-for.buyer')} {because}" in shown
    assert say("desk.reason-for.anyone-to-buyer") in shown
    assert say("desk.reason-for.agent") not in shown


@pytest.mark.parametrize(
    ("because", "reader"),
    [
        ("You have only written so far.", "anyone-to-buyer"),
        ("It is your order.", "anyone-to-buyer"),
        ("The buyer has our offer.", "anyone"),
        ("Young people ordered it.", "anyone"),
    ],
)
def test_a_reason_that_says_you_tells_whom_it_means(because, reader):
    """A learner reads "you" as himself."""
    shown = plain(reason_words(ANYONE, because))

    assert shown.strip() == f"{say(f'desk.reason-for.{reader}')} {because}"


def test_a_reason_of_the_lead_is_not_said_by_the_agent(library):
    """Who may not act alone tells the buyer nothing of what the lead may do."""
    case = next(
        c for c in library.cases("snad-return") if c.id == "vase-in-eleven-pieces"
    )
    trainee = replace(case, role="trainee")
    verdicts = judge(trainee, {})
    assert any(each.hands_over for each in verdicts)

    shown = plain(verdict_cards(trainee, verdicts))

    assert say("desk.reason-for.buyer") not in shown
    assert say("desk.reason-for.lead") in shown


def test_a_limit_that_is_the_same_everywhere_is_shown_with_its_value(library):
    """An agent reads how many days there are, and not the name of a limit."""
    page = library.playbook("inr-request")

    shown = plain(decision_table(page, page.table("before a request")))

    assert "below 5 days" in shown
    assert "today + 2 business days" in shown
    assert "silence limit" not in shown


def test_a_name_that_cannot_be_one_is_refused_with_an_example():
    """The agent is told what a short name looks like."""
    sign_in = SignIn(lambda text: say("desk.sign-in.bad", text=text), lambda: ())
    all_of(sign_in.screen, widgets.Text)[0].value = "../Mei"

    press(sign_in.screen, "This is me")

    assert "such as mei-2" in outline(sign_in.screen)
    assert all_of(sign_in.screen, widgets.Text)


def test_a_piece_shows_words_as_words_and_pieces_as_pieces():
    """What an agent typed never becomes a tag or ends an attribute."""
    inner = piece("<i>{}</i>", "5 < 6 {0} & more")

    shown = piece('<p title="{}">{}{}</p>', '"><script>', inner, 7)

    assert shown == (
        '<p title="&#34;&gt;&lt;script&gt;"><i>5 &lt; 6 {0} &amp; more</i>7</p>'
    )
