"""Cases of real sellers, retold: one action at a time, on every page, by true days.

What is right in each comes from law or eBay's own pages; the sources stand in the rows.
"""

from datetime import UTC, datetime
from functools import cache

import pytest
from shipped import LIBRARY

from kit.deciding import Question, answer
from kit.practice.generate.generator import case_at
from kit.rules.decisions import Decision

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
MADE_OF_EACH_PAGE = 6
"""Sixty made cases of ten pages."""

WITHOUT_A_PROMISE = {"call-lead"}
"""What an agent may do while the bank or eBay decides."""

GATES = ("payment_dispute_open", "ebay_stepped_in")
"""Who else may decide."""


@cache
def made(page):
    """Some cases of a page."""
    stories = LIBRARY.stories(page)
    found = [case_at(stories, 29, number) for number in range(MADE_OF_EACH_PAGE)]
    return [case for case in found if case is not None]


def told(page, marketplace, on, table=None, **facts):
    """Ask as ``kit decide`` does; each table with what it said."""
    named = {name.replace("_", " "): value for name, value in facts.items()}
    question = Question(LIBRARY.playbook(page), named, marketplace, on, table)
    return {each["table"]: each for each in answer(question, now=NOW).decisions}


def actions(page, marketplace, on, table=None, **facts):
    """Every action that is given."""
    return [
        said["value"]
        for each in told(page, marketplace, on, table, **facts).values()
        for said in each.get("answers", ())
        if said["key"] == "action"
    ]


def says(page, marketplace, on, table=None, **facts):
    """Every message that is to be sent."""
    return [
        said["value"]
        for each in told(page, marketplace, on, table, **facts).values()
        for said in each.get("answers", ())
        if said["key"] == "say" and said["value"] != "none"
    ]


def test_while_the_bank_decides_a_lost_parcel_is_no_reason_to_refund():
    """A refund beside a payment dispute is paid twice."""
    case = ("inr-request", "EBAY_US", "2024-06-24")
    facts = {
        "payment_dispute_open": "yes",
        "told_who_decides": "no",
        "tracking": "lost",
    }

    assert actions(*case, **facts) == ["call-lead"]
    assert says(*case, **facts) == ["bank-decides"]


def test_while_the_bank_decides_nothing_else_is_asked():
    """Only what the buyer knows; tracking, address and wish are nobody's business."""
    case = ("inr-request", "EBAY_US", "2024-06-24", "the answer")
    decides = {"payment_dispute_open": "yes"}

    assert actions(*case, **decides, told_who_decides="no") == ["call-lead"]
    assert actions(*case, **decides, told_who_decides="yes") == ["call-lead"]


def test_while_the_bank_decides_the_buyer_is_told_it_once():
    """A second line would not help, however often the buyer writes."""
    case = ("inr-request", "EBAY_US", "2024-06-24")
    decides = {"payment_dispute_open": "yes"}

    assert says(*case, **decides, told_who_decides="no") == ["bank-decides"]
    assert says(*case, **decides, told_who_decides="yes") == []


def test_while_the_bank_or_ebay_decides_no_return_is_accepted():
    """The gate of bank and eBay comes before everything, on every page."""
    given = actions(
        *("wrong-size-remorse", "EBAY_US", "2024-06-24", "the request"),
        payment_dispute_open="yes",
        ebay_stepped_in="yes",
        told_who_decides="no",
        return_reason="WRONG_SIZE",
        listing_at_fault="no",
        withdrawal_applies="no",
        delivered_on="2024-06-10",
        requested_on="2024-06-21",
        returns_accepted="yes",
        return_period="30",
        free_returns="no",
    )

    assert given == ["call-lead"]


@pytest.mark.parametrize("page", LIBRARY.ids)
def test_a_made_case_gets_one_action(page):
    """With every table open, nobody is told two things at once."""
    acts = [each for each in LIBRARY.playbook(page).tables if each.gives_action]
    for case in made(page):
        results = [case.playbook.decide(each.name, case.known()) for each in acts]

        assert sum(isinstance(each, Decision) for each in results) == 1, case.id

    assert len(made(page)) == MADE_OF_EACH_PAGE


@pytest.mark.parametrize("page", LIBRARY.ids)
@pytest.mark.parametrize("gate", GATES)
def test_nobody_pays_offers_or_declines_while_somebody_else_decides(page, gate):
    """Thirty-six such cases were tried, and ten were told to refund or accept."""
    playbook = LIBRARY.playbook(page)
    asked = {part.key for table in playbook.tables for part in table.inputs}
    if gate not in asked or page == "case-and-dispute":
        return
    for case in made(page):
        nobody = dict.fromkeys(
            (*GATES, "told_who_decides", "withdrawal_confirmed"), False
        )
        facts = {"withdrawal_applies": False, **case.facts, **nobody}
        known = case.known_from({**facts, gate: True})
        results = [case.playbook.decide(each.name, known) for each in playbook.tables]
        taken = [
            result.answers["action"]
            for result in results
            if isinstance(result, Decision) and "action" in result.answers
        ]

        assert set(taken) <= WITHOUT_A_PROMISE, case.id
        assert len(taken) == 1


@pytest.mark.parametrize(
    ("table", "on", "facts"),
    [
        ("not received", "2024-05-12", {"asked_about": "not-received"}),
        (
            "not as described",
            "2024-05-12",
            {
                "asked_about": "not-described",
                "delivered": "yes",
                "delivered_on": "2024-05-08",
                "return_period": "31",
            },
        ),
        (
            "not as described",
            "2024-05-12",
            {"asked_about": "not-described", "delivered": "no", "return_period": "31"},
        ),
    ],
)
def test_a_day_that_is_not_confirmed_marks_nobody(table, on, facts):
    """The German days are taken from the British page: shown, and never marked."""
    german = {"paid_on": "2024-04-20", "edd": "2024-05-10", **facts}

    (said,) = told("dispute-windows", "EBAY_DE", on, table, **german).values()
    (british,) = told("dispute-windows", "EBAY_GB", on, table, **german).values()

    assert said["result"] == british["result"] == "decided"
    assert not said["marks"]
    assert british["marks"]


@pytest.mark.parametrize("marketplace", ["EBAY_DE", "EBAY_AU"])
def test_where_no_day_is_confirmed_no_action_hangs_on_one(marketplace):
    """Before, within or after days that we only guess, the buyer gets one answer."""
    given = {
        (*actions(*case, **facts), *says(*case, **facts))
        for state in ("before", "open", "after")
        for case in [("dispute-windows", marketplace, "2024-05-12", "tell the buyer")]
        for facts in [
            {
                "payment_dispute_open": "no",
                "ebay_stepped_in": "no",
                "asked_about": "not-received",
                "paid_on": "2024-04-20",
                "window_state": state,
            }
        ]
    }

    assert given == {("tell-the-date", "window-undated")}


def test_a_period_of_days_ends_on_a_working_day_in_the_eu():
    """Day 14 is Saturday 18 May, Whit Monday is a holiday: Tuesday is in time."""
    facts = {
        "payment_dispute_open": "no",
        "ebay_stepped_in": "no",
        "withdrawal_applies": "yes",
        "exempt_goods": "no",
        "delivered_on": "2024-05-04",
        "our_calendar_fits": "yes",
        "informed_of_right": "yes",
    }
    page = ("statutory-withdrawal", "EBAY_DE")

    def clock(day):
        found = told(*page, day, "in time", declared_on=day, **facts)["in time"]
        return found["answers"][0]["value"]

    assert clock("2024-05-21") == "inside"
    assert clock("2024-05-22") == "over"
