"""A small question says what is right, and only once somebody has answered it."""

from datetime import date, timedelta

import ipywidgets as widgets
import pytest
from markupsafe import Markup
from shipped import LIBRARY

from kit.catalogue import say
from kit.content.reference.question_kinds import QUESTION_KINDS, day_in
from kit.errors import KitError
from kit.practice.case.questions import (
    FEWEST_ACTIONS,
    FEWEST_CHOICES,
    Choice,
    Question,
    can_answer,
    questions_of,
    words_of,
)
from kit.rules.values import Sort
from kit.screens.exercise.quiz import Quiz, predict_quiz, spot_quiz
from kit.screens.forms import outline

ON = date(2024, 9, 6)
RIGHT, EARLY, LATE = "2024-09-05", "2024-09-02", "2024-09-06"
"""What is offered of the check below, which lies on 31 August 2024."""


@pytest.fixture
def labor_day():
    """A request of Friday 30 August 2024, with a holiday in its three business days."""
    page = LIBRARY.playbook("inr-request")
    return page, next(each for each in page.checks if each.title == "Over Labor Day")


def guess(page, check, answer="Act by", chosen="", tell=lambda _: None):
    """Ask what a page says of a check."""
    return predict_quiz(page, check, answer, chosen=chosen, tell=tell)


def control(quiz):
    """The list of answers."""
    return next(
        each for each in quiz.screen.children if isinstance(each, widgets.RadioButtons)
    )


def result(quiz):
    """What is said about the answer."""
    return quiz.screen.children[2].value


def simple(chosen="", tell=lambda _: None, verdict=Markup):
    """A question with two answers."""
    choices = [("the first", "one"), ("the second", "two")]
    return Quiz(Markup("Which?"), choices, verdict, chosen=chosen, tell=tell)


@pytest.mark.parametrize(
    ("value", "kind", "key"),
    [
        pytest.param(RIGHT, "right", "right", id="the last day"),
        pytest.param(EARLY, "right", "early", id="a day before it"),
        pytest.param(LATE, "wrong", "wrong", id="a day after it"),
    ],
)
def test_a_guessed_day_is_judged_as_the_page_decides(labor_day, value, kind, key):
    """Right is not wrong, in time is right, and late is never in time."""
    page, check = labor_day
    quiz = guess(page, check)
    words = {value: words for words, value in control(quiz).options}

    control(quiz).value = value

    said = say(f"desk.predict.{key}", given=words[value], right=words[RIGHT])
    assert result(quiz).startswith(f'<p class="kit-{kind}" role="status">{said}</p>')


def test_a_guess_gets_its_reason_with_the_row_that_decides(labor_day):
    """The reason is what one learns; the day alone is soon forgotten."""
    page, check = labor_day
    quiz = guess(page, check, chosen=LATE)

    shown = outline(quiz.screen)
    assert any(
        say(f"desk.reason-for.{reader}") in shown
        for reader in ("buyer", "anyone", "anyone-to-buyer")
    )
    assert "kit-wrong" in result(quiz)


def test_a_guess_shows_the_facts_of_the_case_and_the_day(labor_day):
    """One cannot guess without what the page would look at."""
    page, check = labor_day

    shown = outline(guess(page, check).screen)

    assert say("desk.predict.today") in shown
    assert "31 August 2024" in shown
    assert "30 August 2024" in shown
    assert page.reference.marketplaces["EBAY_US"].name in shown
    assert page.reference.answers["act_by"].meaning in shown


def test_days_are_offered_in_their_order_and_words_behind_them():
    """A list out of order would give away which days were added."""
    page = LIBRARY.playbook("address-change")
    check = next(each for each in page.checks if each.title == "Nobody can redirect it")

    values = [value for _, value in control(guess(page, check, "Next word")).options]

    days = [value for value in values if day_in(value)]
    assert days == sorted(days)
    assert values == [*days, "none"]


def test_the_usual_errors_are_offered_beside_the_right_day(labor_day):
    """One day early, one day late, and calendar days instead of business days."""
    page, check = labor_day
    right = date.fromisoformat(RIGHT)
    calendar_days = date(2024, 8, 30) + timedelta(3)

    values = {value for _, value in control(guess(page, check)).options}

    assert values >= {
        *(each.isoformat() for each in (right - timedelta(1), right)),
        *(each.isoformat() for each in (right + timedelta(1), calendar_days)),
    }


@pytest.mark.long
@pytest.mark.parametrize("page", LIBRARY.ids)
def test_the_right_answer_is_among_the_choices_of_every_guess(page):
    """A question without its answer can only be answered wrong."""
    playbook = LIBRARY.playbook(page)

    for check in playbook.checks:
        for column in playbook.table(check.table).answers:
            told = check.answers.get(column.key)
            if told is None or column.kind.sort in (Sort.MESSAGE, Sort.TEXT):
                continue
            try:
                quiz = guess(playbook, check, column.name)
            except (TypeError, KitError):  # the check says that nothing is decided
                continue
            options = control(quiz).options
            kinds = []
            for _, value in options:
                control(quiz).value = value
                kinds.append("kit-right" in result(quiz))
            assert any(kinds), (check.title, column.name)
            assert all("_" not in words for words, _ in options)


@pytest.mark.parametrize("page", LIBRARY.ids)
def test_a_mistake_of_others_has_one_right_reason_among_three(page):
    """The other reasons belong to other mistakes, and stay the same on every visit."""
    playbook = LIBRARY.playbook(page)

    for slip in playbook.typical_mistakes:
        quiz = spot_quiz(playbook, slip, on=ON, chosen="", tell=lambda _: None)
        again = spot_quiz(playbook, slip, on=ON, chosen="", tell=lambda _: None)
        values = [value for _, value in control(quiz).options]
        others = {each.why for each in playbook.typical_mistakes} - {slip.why}
        assert values.count(slip.why) == 1
        assert len({*values}) == len(values) == min(3, 1 + len(others))
        assert {*values} - {slip.why} <= others
        assert values == [value for _, value in control(again).options]


def test_the_right_reason_is_not_always_at_the_same_place():
    """Else one learns the place and not the reason."""
    places = {
        [value for _, value in control(quiz).options].index(slip.why)
        for page in LIBRARY.ids
        for slip in LIBRARY.playbook(page).typical_mistakes
        for quiz in [
            spot_quiz(
                LIBRARY.playbook(page), slip, on=ON, chosen="", tell=lambda _: None
            )
        ]
    }

    assert len(places) > 1


@pytest.mark.parametrize("is_right", [True, False], ids=["right", "wrong"])
def test_a_picked_reason_is_judged(is_right):
    """The colour and the sentence say the same."""
    page = LIBRARY.playbook("wrong-size-remorse")
    slip = page.typical_mistakes[0]
    quiz = spot_quiz(page, slip, on=ON, chosen="", tell=lambda _: None)
    values = [value for _, value in control(quiz).options]

    control(quiz).value = next(v for v in values if (v == slip.why) is is_right)

    kind = "right" if is_right else "wrong"
    assert result(quiz).startswith(f'<p class="kit-{kind}" role="status">')


def test_an_answer_is_told_once_and_judged_at_once():
    """It is saved, and what is right is shown below."""
    told = []
    quiz = simple(tell=told.append)
    before = result(quiz)

    control(quiz).value = "two"

    assert (before, told, result(quiz)) == ("", ["two"], "two")


def test_an_answer_that_was_kept_is_shown_again_and_not_told_again():
    """Opening a page is no answer."""
    told = []

    quiz = simple(chosen="two", tell=told.append)

    assert (control(quiz).value, result(quiz), told) == ("two", "two", [])


def test_an_answer_that_is_not_offered_any_more_is_none():
    """The page has changed since; the question is open again."""
    quiz = simple(chosen="three")

    assert (control(quiz).value, result(quiz)) == (None, "")


@pytest.mark.parametrize("chosen", ["", "two"], ids=["open", "answered"])
def test_the_right_answer_is_marked_only_once_there_is_one(chosen):
    """Before that the mark would be the answer."""
    told = []
    quiz = simple(chosen=chosen, tell=told.append)

    quiz.mark("one")
    marked = [words for words, _ in control(quiz).options]
    control(quiz).value = "one"

    answer = say("desk.spot.marked", answer="The first")
    assert marked == ([answer] if chosen else ["The first"]) + ["The second"]
    assert [words for words, _ in control(quiz).options] == [answer, "The second"]
    assert told == ["one"]
    assert control(quiz).value == "one"


@pytest.mark.incident
def test_what_cannot_be_saved_is_said_beside_the_question():
    """Choosing never ends in nothing."""

    def tell(_):
        raise OSError("the disk is full")

    quiz = simple(tell=tell)

    control(quiz).value = "two"

    assert "kit-wrong" in quiz.status.value
    assert quiz.screen.children[3] is quiz.status


SINCE = date(2024, 9, 2)


@pytest.mark.parametrize(
    ("given", "right", "is_due", "since", "counts"),
    [
        pytest.param(RIGHT, RIGHT, True, SINCE, True, id="the last day"),
        pytest.param("2024-09-02", RIGHT, True, SINCE, True, id="the day of the case"),
        pytest.param("2024-09-01", RIGHT, True, SINCE, False, id="a day before it"),
        pytest.param(LATE, RIGHT, True, SINCE, False, id="a day late"),
        pytest.param("2024-09-04", RIGHT, False, SINCE, False, id="not a last day"),
        pytest.param("2024-09-04", RIGHT, True, None, False, id="only the day itself"),
        pytest.param(RIGHT, RIGHT, False, None, True, id="the same is always right"),
        pytest.param("none", RIGHT, True, SINCE, False, id="no day given"),
        pytest.param("2024-09-04", "none", True, SINCE, False, id="no day is right"),
    ],
)
def test_a_day_in_time_is_right_and_no_other(given, right, is_due, since, counts):
    """The one rule of practice, exams, marks and quizzes."""
    kind = QUESTION_KINDS["due day" if is_due else "day"]

    assert kind.equal(given, right, since=since) is counts


def question(is_day=False):
    """A question with one word to choose."""
    choices = (Choice("not-covered", "Not covered"),)
    kind = QUESTION_KINDS["day" if is_day else "one of"]
    return Question("act_by", "Act by", "The last day.", choices, kind)


@pytest.mark.parametrize(
    ("text", "is_day", "can"),
    [
        pytest.param("not covered", True, True, id="a choice"),
        pytest.param(RIGHT, True, True, id="a day where a day is asked"),
        pytest.param(RIGHT, False, False, id="a day where none is asked"),
        pytest.param("soon", True, False, id="neither"),
    ],
)
def test_only_what_is_offered_is_an_answer(text, is_day, can):
    """What comes from outside is held against the question."""
    assert can_answer(question(is_day), text) is can


def test_an_answer_is_said_in_the_words_of_its_choice():
    """And as it is where it is no choice, such as a day."""
    assert words_of(question(), "not covered") == "Not covered"
    assert words_of(question(), RIGHT) == RIGHT


def test_messages_and_texts_are_no_questions():
    """They are written, and judged in another way."""
    for page in LIBRARY.ids:
        for case in LIBRARY.cases(page):
            kinds = {
                column.key: column.kind.sort
                for table in case.tables()
                for column in table.answers
            }
            assert [each.key for each in questions_of(case)] == [
                key
                for key, sort in kinds.items()
                if sort not in (Sort.MESSAGE, Sort.TEXT)
            ]


def test_of_days_only_what_is_none_is_offered_as_a_word():
    """“none” is offered where a row says it, and nowhere else; so is “not covered”."""
    special, seen = ("none", "not covered"), set()
    for page in LIBRARY.ids:
        for case in LIBRARY.cases(page):
            answered = {}
            for table in case.tables():
                for number, column in enumerate(table.answers):
                    texts = {row.outcomes[number].text for row in table.rows}
                    answered[column.key] = [each for each in special if each in texts]
            for each in questions_of(case):
                if each.is_day:
                    offered = [choice.value for choice in each.choices]
                    assert offered == answered[each.key], (case.id, each.key)
                    seen.update(offered)

    assert "none" in seen


@pytest.mark.parametrize("page", LIBRARY.ids)
def test_enough_actions_are_offered_to_choose_from(page):
    """Three at least, and where the page says which table speaks eight, if it has them.

    To hand over is always among them: else its being there would be the answer.
    """
    for case in LIBRARY.cases(page):
        on_page = {
            row.outcomes[number].text
            for table in case.playbook.tables
            for number, column in enumerate(table.answers)
            if column.key == "action"
            for row in table.rows
        }
        most = FEWEST_ACTIONS if case.by_gates else FEWEST_CHOICES
        for each in questions_of(case):
            if each.key == "action":
                offered = {choice.value for choice in each.choices}
                assert len(offered) >= min(most, len(on_page)), case.id
                assert {*case.playbook.reference.hand_over.values()} <= offered


def test_a_guess_and_a_mistake_of_others_say_what_is_asked(labor_day):
    """What to do stands above the answers."""
    page, check = labor_day
    slip = page.typical_mistakes[0]

    spot = spot_quiz(page, slip, on=ON, chosen="", tell=lambda _: None).screen
    predict = guess(page, check).screen

    lead = spot.children[0].value
    assert f'<p class="kit-step">{say("desk.spot.lead")}</p><blockquote>' in lead
    assert f'<p class="kit-label">{say("desk.spot.ask")}</p>' in lead
    name = page.reference.name_on_screen("Act by")
    assert f'<p class="kit-step">{say("desk.predict.lead")}</p>' in (
        predict.children[0].value
    )
    assert say("desk.predict.ask", name=name) in predict.children[0].value
    for screen in (spot, predict):
        assert "kit-quiz" in screen._dom_classes
