"""A made case could have happened: what it costs, what is missing, who has written."""

import re
from functools import cache
from itertools import pairwise

import pytest
from shipped import LIBRARY

from kit.practice.generate.generator import generate_cases

pytestmark = pytest.mark.long

SEEDS = (5, 77)
OF_ONE_SEED = 60

MOST_FOR_A_PARCEL = 48_00
A_THIRD = 34

EARLIER = re.compile(
    r"No answer|Nothing new|The last message|Auf unser|Seit (unser|der )|Die letzte"
)
"""How a message begins that the buyer wrote before our last one."""


@cache
def made(page):
    """Made cases of a page."""
    stories = LIBRARY.stories(page)
    return [
        case
        for seed in SEEDS
        for case in generate_cases(stories, seed, count=OF_ONE_SEED)
    ]


def said(case, key):
    """What the page answers in a case; nothing if it is silent."""
    found = [each.answers[key] for each in case.decide() if key in each.answers]
    return found[-1] if found else None


@pytest.mark.parametrize(
    "page", ["snad-return", "wrong-size-remorse", "return-completion"]
)
@pytest.mark.parametrize("fact", ["return_cost", "return_postage"])
def test_sending_back_costs_what_a_parcel_costs(page, fact):
    """Nobody pays 710 pounds for the parcel of a camera."""
    costs = [
        (case.facts["item_price"].minor, case.facts[fact].minor, case)
        for case in made(page)
        if fact in case.facts
    ]

    for price, cost, case in costs:
        is_the_question = cost >= price or price - cost == 1
        assert cost <= MOST_FOR_A_PARCEL, case.id
        assert is_the_question or cost * 100 <= A_THIRD * price, case.id


def test_a_return_that_costs_as_much_is_one_of_a_cheap_item():
    """Such cases are still made, and only where they can be."""
    dear = [
        case
        for page in ("snad-return", "wrong-size-remorse")
        for case in made(page)
        if "return_cost" in case.facts
        and case.facts["return_cost"].minor >= case.facts["item_price"].minor
    ]

    assert len(dear) > 5
    assert max(case.facts["item_price"].minor for case in dear) <= MOST_FOR_A_PARCEL


def test_what_is_missing_belongs_to_the_item():
    """No hat lacks its screws, and no shirt one of its pieces."""
    worn = re.compile(r"in size|in Größe")
    parts = {
        (bool(worn.search(case.facts["item"])), case.facts["missing_part"])
        for case in made("missing-items")
        if "missing_part" in case.facts
    }

    assert {part for is_worn, part in parts if is_worn} <= {
        "the cloth bag",
        "der Stoffbeutel",
    }
    assert len({part for _, part in parts}) > 5


@pytest.mark.parametrize(
    ("page", "fact", "word"),
    [
        ("missing-items", "buyer_chooses", "silent-day-over"),
        ("inr-request", "buyer_picks", "silent-day-over"),
    ],
)
def test_who_has_not_answered_has_written_before(page, fact, word):
    """A letter of today would be the answer that has not come."""
    silent = [case for case in made(page) if case.facts.get(fact) == word]
    silent = [
        case
        for case in silent
        if case.facts.get("second_parcel") in {None, "none"}
        and not case.facts.get("payment_dispute_open")  # they write about the bank
    ]

    assert silent
    assert [case.message for case in silent if not EARLIER.match(case.message)] == []


def test_an_offer_that_was_refused_is_not_answered_by_a_first_letter():
    """Who answers our offer does not tell us for the first time what is wrong."""
    offered = [
        case
        for case in made("wrong-size-remorse")
        if case.facts.get("our_step") == "offered"
        and case.facts.get("buyer_answer") == "silent"
    ]

    assert [case.message for case in offered if not EARLIER.match(case.message)] == []


def test_a_letter_leaves_before_the_day_that_it_names():
    """The day named before does not wait for the last day of the request."""
    named = [
        case
        for case in made("missing-items")
        if said(case, "say") in {"lead-has-it", "missing-offer-open"}
    ]

    assert named
    assert [case.id for case in named if said(case, "act_by") != case.on] == []


def test_who_is_asked_for_a_photo_is_promised_no_return():
    """Where no return is needed, the buyer keeps the item: both must be true."""
    page = LIBRARY.playbook("snad-return")
    asking = {"snad-photo", "snad-which-variant", "snad-photo-waiting"}
    words = [each.text for each in page.messages if each.id in asking]

    assert len(words) == 7
    assert not any(re.search(r"free return|Rückgabe", each) for each in words)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ("not-received", "old-order"),
        ("not-described", "old-order"),
        ("payment", "bank-sets-days"),
        ("our-answer", "old-request"),
    ],
)
def test_an_old_order_is_answered_by_what_was_asked(about, message):
    """Who waits for our answer does not ask what the bank does."""
    old = [
        case
        for case in made("dispute-windows")
        if case.facts.get("asked_about") == about
        and case.facts["paid_on"].year < 2020
        and not case.facts.get("payment_dispute_open")
        and not case.facts.get("ebay_stepped_in")
    ]

    assert old
    assert {str(said(case, "say")) for case in old} == {message}


OF_OUR_SIDE = {"Shenzhen", "Yiwu", "Hangzhou", "Ningbo", "Guangzhou", "eBay"}
FEWEST_DAYS_TO_ANOTHER_COUNTRY = 5


@pytest.mark.parametrize("page", ["inr-request", "address-change", "cancellation"])
def test_no_parcel_is_in_another_country_the_next_day(page):
    """From China to a depot in Britain takes longer than a night."""
    pairs = [
        (before, after)
        for case in made(page)
        for before, after in pairwise(case.journey)
        if before.where in OF_OUR_SIDE - {"eBay"} and after.where not in OF_OUR_SIDE
    ]

    assert len(pairs) > 20
    assert [
        (before, after)
        for before, after in pairs
        if (after.day - before.day).days < FEWEST_DAYS_TO_ANOTHER_COUNTRY
    ] == []
