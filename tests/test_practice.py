"""Questions and sessions: the table is the key, and every deed is kept."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kit.content.library import Library
from kit.content.reference.question_kinds import same_answer
from kit.practice.case.deeds import Answer, Decide, Deed, Look, Restart
from kit.practice.case.keys import judge
from kit.practice.case.questions import questions_of
from kit.practice.case.sheets import Sheet
from kit.practice.desk.session import Session, panels_of
from kit.practice.wording import (
    day_words,
    fill_message,
    moment_words,
    money_words,
    sentence_case,
    short_day_words,
)
from kit.rules.values import Money, Sort

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.fixture
def case(library):
    """A case that a bank decides, so that two tables speak."""
    return case_of(library, "raincoat-and-the-bank")


def case_of(library, name):
    """A case of the page about a wrong size."""
    cases = library.cases("wrong-size-remorse")
    return next(each for each in cases if each.id == name)


def right_answers(case):
    """What the playbook answers, by question."""
    return {each.question.key: each.right for each in judge(case, {})}


def action_of(verdicts):
    """The verdict about what is done."""
    return next(each for each in verdicts if each.is_action)


def test_the_answers_of_the_tables_are_the_questions_of_the_case(case):
    """Nobody writes a key: what a table answers is what the agent is asked."""
    asked = [question.name for question in questions_of(case)]

    name_on_screen = case.playbook.reference.name_on_screen
    assert asked == [
        sentence_case(name_on_screen(column.name))
        for decision in case.decide()
        for column in decision.table.answers
        if column.kind.sort is not Sort.MESSAGE
    ]


def test_actions_are_offered_in_their_own_order_not_in_that_of_the_rows(library):
    """The order of the choices must not give the row away."""
    case = library.cases("inr-request")[0]
    action = next(each for each in questions_of(case) if each.key == "action")
    declared = list(library.reference.actions)

    offered = [choice.value for choice in action.choices]

    assert offered == sorted(offered, key=declared.index)


def test_the_playbooks_answer_is_right_in_every_practice_case(library):
    """Whoever answers as the page does is never told to be wrong."""
    wrong = [
        (case.id, verdict.question.key)
        for playbook in library.ids
        for case in library.cases(playbook)
        for verdict in judge(case, right_answers(case))
        if not verdict.is_right
    ]

    assert wrong == []


def test_every_other_choice_is_wrong(case):
    """A question has one right answer among its choices."""
    right = right_answers(case)["action"]
    question = next(each for each in questions_of(case) if each.key == "action")

    judged_right = [
        choice.value
        for choice in question.choices
        if action_of(judge(case, {"action": choice.value})).is_right
    ]

    assert judged_right == [right]


def test_a_wrong_answer_hears_what_would_have_made_it_right(library):
    """The nearest row that says what the agent chose names what was different."""
    case = case_of(library, "jacket-free-on-day-fifteen")

    verdict = action_of(judge(case, {"action": "decline-return"}))

    assert "would be right, for example, where" in verdict.if_right
    assert "inside the return period" in verdict.if_right


@pytest.mark.parametrize(
    ("given", "right"),
    [
        pytest.param("refund-in-request", "Refund in request", id="spelling of a name"),
        pytest.param("not-covered", "not covered", id="a hyphen for a space"),
    ],
)
def test_names_are_compared_as_authors_compare_them(given, right):
    """A hyphen more or less is no mistake of policy."""
    assert same_answer(given, right)


def test_no_answer_is_never_the_right_one():
    """Leaving a question open earns nothing, whatever is right."""
    assert not same_answer("", "")


def test_every_deed_is_kept_before_the_session_changes(case):
    """If saving fails the screen must not show what is not saved."""

    def full_disk(_: Deed) -> None:
        raise OSError("disk full")

    session = Session(case, full_disk)

    with pytest.raises(OSError, match="disk full"):
        session.answer("action", "wait-for-parcel")

    assert session.answers == {}


def test_a_walk_through_a_case_is_told_deed_by_deed(case):
    """The records can tell the whole walk again."""
    deeds: list[Deed] = []
    session = Session(case, deeds.append)

    session.look("order")
    session.look("order")
    session.answer("action", "wait-for-parcel")
    session.answer("action", "wait-for-parcel")
    session.answer("action", None)
    session.decide()
    session.restart()

    assert deeds == [
        Look("order"),
        Answer("action", "wait-for-parcel"),
        Answer("action", None),
        Decide(Sheet({}, looked=("order",), day=case.on), right=False),
        Restart(),
    ]


def test_every_fact_of_a_case_stands_on_a_panel(library):
    """What an agent needs can be found by looking."""
    for playbook in library.ids:
        for case in library.cases(playbook):
            panels = panels_of(case, asked=case.asked)
            shown = {fact.key for panel in panels for fact, _ in panel.lines}

            assert shown == set(case.facts), case.id


DAY_WORDS = {
    "en": ("Thursday 29 August 2024", "Thu", "29 Aug", "Thu 29 Aug, 16:00"),
    "de": ("Donnerstag, 29. August 2024", "Do.", "29. Aug.", "Do., 29. Aug., 16:00"),
    "fr": ("jeudi 29 août 2024", "jeu.", "29 août", "jeu. 29 août, 16:00"),
    "zh": ("2024年8月29日星期四", "周四", "8月29日", "8月29日周四, 16:00"),
}


@pytest.mark.parametrize("language", DAY_WORDS)
def test_a_day_is_said_with_its_weekday_in_the_order_of_its_language(language):
    """Nobody takes 03/04 for the wrong month, and nobody reads 29 八月 2024."""
    day, moment = date(2024, 8, 29), datetime(2024, 8, 29, 16, tzinfo=UTC)

    said = (day_words(day, language), *short_day_words(day, language))
    assert (*said, moment_words(moment, language)) == DAY_WORDS[language]


def test_an_amount_is_said_in_the_readers_way():
    """A German buyer reads a comma."""
    assert money_words(Money(75000, "EUR"), "de") == "750,00\xa0€"


def test_every_message_that_a_practice_case_sends_is_filled(library):
    """No buyer ever reads a brace."""
    sent = 0
    for playbook in library.ids:
        for case in library.cases(playbook):
            answers = {}
            ids = set()
            for decision in case.decide():
                answers |= decision.answers
                ids |= {
                    decision.answers[column.key]
                    for column in decision.table.answers
                    if column.kind.sort is Sort.MESSAGE
                } - {"none"}
            for name in ids:
                message = case.playbook.message(name, case.marketplace.language)
                text = fill_message(case, message, answers)
                sent += 1

                assert "{" not in text, (case.id, name)
    assert sent > 20


def test_a_new_answer_takes_a_decision_back(case):
    """No verdict stands over answers that were never checked."""
    session = Session(case, lambda _: None)
    session.decide()

    session.answer("action", "wait-for-parcel")

    assert not session.is_decided
