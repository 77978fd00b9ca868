"""A practice case holds facts and no answer: its page decides it."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.library import Library
from kit.errors import ContentMistakes
from kit.rules.decisions import FactNeeded
from kit.rules.values import Money

REPO = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"
CASES = Path("playbooks/cases/late-parcel.md")
SHIPPED = [case for page in LIBRARY.ids for case in LIBRARY.cases(page)]


@pytest.fixture
def folder(tmp_path):
    """A copy of the small good folder."""
    copy = tmp_path / "content"
    shutil.copytree(GOOD, copy)
    return copy


def rewrite(folder, path, before, after):
    """Change one file of a folder."""
    text = (folder / path).read_text(encoding="utf-8")
    assert before in text
    (folder / path).write_text(text.replace(before, after), encoding="utf-8")


def test_a_case_is_what_its_author_wrote(folder):
    """Message, day, place, facts and the parcel's journey; nothing is added."""
    (case,) = Library(folder).cases("late-parcel")

    assert (case.id, case.decisions) == ("standing-still", ("urgency", "next step"))
    assert case.message == "Where is my parcel?"
    assert (case.on, case.marketplace.id) == (date(2024, 5, 8), "EBAY_GB")
    assert case.facts == {
        "buyer_name": "Rosa",
        "opened_on": date(2024, 5, 1),
        "tracking": "stopped",
    }
    assert [(scan.where, scan.what) for scan in case.journey] == [("Leeds", "Sorted")]


def test_the_page_decides_a_case_and_says_why(folder):
    """The answer key and the playbook are one text, so they cannot drift apart."""
    (case,) = Library(folder).cases("late-parcel")
    urgency, step = case.decide()

    assert (urgency.row.number, step.row.number) == ("2", "3")
    assert step.answers["action"] == "write"
    assert step.because == "It moves no more."


def test_a_changed_rule_changes_the_answer_of_a_case(folder):
    """The case has not been touched; only the number of the policy has."""
    rewrite(folder, "playbooks/late-parcel.md", "| 3 days |", "| 10 days |")

    (case,) = Library(folder).cases("late-parcel")

    assert case.decide()[0].answers["urgency"] == "low"


def test_a_page_without_cases_has_none(folder):
    """Cases may come later than their page."""
    (folder / CASES).unlink()

    assert Library(folder).cases("late-parcel") == ()


def test_a_case_may_leave_open_what_does_not_matter(folder):
    """“unknown” is a fact too: nobody has looked, and nobody needs to."""
    rewrite(
        folder,
        CASES,
        "| tracking | stopped |",
        "| tracking | stopped |\n| order total | unknown |",
    )

    (case,) = Library(folder).cases("late-parcel")

    assert case.facts["order_total"] is None
    assert {each.table.name for each in case.decide()} == {
        table.name for table in case.tables()
    }


def test_an_amount_in_the_money_of_another_marketplace_is_refused(folder):
    """800 pounds are not 800 dollars, so no threshold may compare them."""
    rewrite(
        folder,
        CASES,
        "| tracking | stopped |",
        "| tracking | stopped |\n| order total | USD 5 |",
    )

    with pytest.raises(ContentMistakes, match="USD 5"):
        Library(folder).cases("late-parcel")


def test_cases_with_mistakes_are_never_handed_out(folder):
    """Nobody practises with a case that its page cannot decide."""
    rewrite(folder, CASES, "| tracking | stopped |\n", "")

    with pytest.raises(ContentMistakes, match="does not say “tracking”"):
        Library(folder).cases("late-parcel")


def test_every_shipped_case_has_an_id_of_its_own():
    """Records name a case by its id alone."""
    ids = [case.id for case in SHIPPED]

    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_is_decided_in_all_that_it_asks(case):
    """An agent must never be asked what the page itself cannot tell."""
    results = list(case.try_tables(case.known()))
    decisions = case.decide()

    assert decisions
    assert not [each for each in results if isinstance(each, FactNeeded)]
    assert all(not decision.missing for decision in decisions)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_tells_no_scan_from_the_future(case):
    """What is seen on the day of the case cannot have happened after it."""
    days = [scan.day for scan in case.journey]

    assert days == sorted(days)
    assert all(day <= case.on for day in days)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_pays_in_the_money_of_its_marketplace(case):
    """A German buyer does not pay in dollars."""
    amounts = [each for each in case.facts.values() if isinstance(each, Money)]

    assert {each.currency for each in amounts} <= {case.marketplace.currency}
