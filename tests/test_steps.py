"""Steps of a case that do not lead to the action are shown apart from those that do."""

from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape
from shipped import LENDING, LIBRARY

from kit.catalogue import say
from kit.content.proofs.check_runner import known_of, places_of
from kit.practice.case.keys import judge
from kit.practice.desk.steps import rests_on, unused_steps
from kit.practice.wording import sentence_case
from kit.screens.desk.hint_view import hint_cards
from kit.screens.desk.review_view import review_cards
from kit.screens.desk.verdict_view import verdict_cards
from kit.screens.markup import plain
from tests.sessions import session_at

TESTS = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{page} {case.id}")
    for page in LIBRARY.ids
    for case in LIBRARY.cases(page)
]
FOLDED = '<details class="kit-aside">'
OPEN = '<details class="kit-aside" open>'


def case_of(page, name):
    """A practice case of the shipped content."""
    return next(each for each in LIBRARY.cases(page) if each.id == name)


@pytest.fixture
def second_no():
    """Who would rather return it may, whatever the photos show."""
    case = case_of("snad-return", "the-second-no")
    return replace(case, facts={**case.facts, "buyer_answer": "wants-return"})


def checked(case, **wrong):
    """A session whose answers were checked once, right but for some."""
    answers = {each.question.key: each.right for each in judge(case, {})} | wrong
    session = session_at(case, answers=answers)
    session.decide()
    return session


def as_corrected(case, **wrong):
    """What stands on the desk after the second check."""
    session = checked(case, **wrong)
    session.show_answers()
    return str(review_cards(session.reviews()[-1]))


@pytest.mark.parametrize("case", CASES)
def test_a_step_that_changes_nothing_is_no_advice(case):
    """Its reason would contradict the action in which the case ends."""
    verdicts = judge(case, {each.question.key: each.right for each in judge(case, {})})
    unused = unused_steps(case)

    leading, _, aside = str(verdict_cards(case, verdicts)).partition(FOLDED)

    assert not {v.explanation.table for v in verdicts if v.is_action} & {*unused}
    assert bool(aside) == bool(unused)
    for verdict in verdicts:
        table, because = verdict.explanation.table, verdict.explanation.because
        part = aside if table in unused else leading
        assert f"<h3>{escape(sentence_case(table))}</h3>" in part
        if table in unused:
            assert f"{because}\n" not in plain(leading + aside)


@pytest.mark.parametrize(
    ("page", "name", "unused"),
    [
        pytest.param(
            "wrong-size-remorse",
            "dress-with-the-wrong-chart",
            {"the law first": "whose case"},
            id="the table that could have asked is named",
        ),
        pytest.param(
            "dispute-windows",
            "eight-days-in-2016",
            {"old edition": "tell the buyer of an old order"},
            id="if no such table speaks, the action is named",
        ),
        pytest.param("inr-request", "over-the-garden-wall", {}, id="all are used"),
    ],
)
def test_the_table_that_decides_without_a_step_is_named(page, name, unused):
    """A step is used if a row on the way to the action looks at its answer."""
    assert unused_steps(case_of(page, name)) == unused


def test_what_only_an_unused_step_looks_at_is_unused_too(second_no):
    """What the photos show matters only for whether it must come back."""
    assert unused_steps(second_no) == {
        "what we see": "after our offer",
        "must it come back": "after our offer",
    }


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("as-lent", {"state_of_the_book"}),
        ("damaged", {"state_of_the_book", "book_is_dear"}),
    ],
)
def test_where_the_order_of_rows_decides_the_earlier_ones_were_looked_at(name, facts):
    """The last row of such a table asks for nothing, and rests on those before it."""
    page = LENDING.playbook("late-book")
    check = next(
        each
        for each in page.checks
        if each.table == "the book" and each.facts["state_of_the_book"] == name
    )
    known = known_of(page, check, places_of(page, check)[0])

    decision = page.decide(check.table, known, is_open=True)

    assert {*rests_on(decision)} == facts


def test_the_desk_names_a_step_that_changes_nothing_below_the_others(second_no):
    """In a lesson as on a marked page."""
    leading, _, aside = as_corrected(second_no, action="wait").partition(FOLDED)

    assert "<h3>After our offer</h3>" in leading
    assert "<h3>What we see</h3>" in aside
    assert plain(aside).count(say("desk.unused", table="After our offer")) == 2
    assert say("desk.also-asked") in aside


def test_a_step_that_was_answered_wrong_is_not_folded(second_no):
    """It counts, so nobody has to look for it."""
    shown = as_corrected(second_no, finding="no-fault-seen")

    assert OPEN in shown
    assert FOLDED not in shown


def test_no_hint_tells_which_step_changes_nothing(second_no):
    """It follows from the row that decides, which is not shown yet."""
    shown = plain(hint_cards(checked(second_no, action="wait")))

    assert "What we see" in shown
    assert say("desk.unused", table="After our offer") not in shown
    assert say("desk.also-asked") not in shown
