"""The shipped pages: proved, cited, complete, and right about the cases we know.

The oracles are days that were computed by hand from calendars, not by the kit.
"""

import re
from datetime import date
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.proofs.check_runner import known_of, places_of
from kit.content.reference.messages import language_base
from kit.content.reference.reference import NOT_YET, read_coverage
from kit.practice.wording import fill_message
from kit.rules.decisions import Decision, FactNeeded, NotApplicable
from kit.rules.facts import MARKETPLACE
from kit.rules.values import Money, Sort, Value, key_of, point_of

REPO = Path(__file__).parents[1]
PAGES = list(LIBRARY.playbooks())
REFERENCE = REPO / "playbooks" / "reference"
EXERCISES = sorted((REPO / "exercises").glob("*/cases.md"))

LAST = {"S0": 27, "S1": 37, "S2": 10, "S3": 18, "S4": 26}
"""The number of the last statement of each training text that came in."""

CARRIED = [
    f"{text}-{number}"
    for text, numbers in {
        "S0": (11, 12, 20, 21, 22, 25, 26),
        "S1": (7, 12, 13, 14, 17, *range(20, 29), *range(30, 36)),
        "S2": (4, 5),
        "S3": (3,),
        "S4": (14, 15, 16, *range(18, 27)),
    }.items()
    for number in numbers
]
"""What belongs to windows, parcels, returns, wrong sizes and addresses."""

ONE_STEP = {"L", "NV"}
"""Confidences on which nobody is marked."""


def coverage():
    """Every statement with the pages on which it stands."""
    statements, mistakes = read_coverage(REFERENCE, Path("playbooks/reference"))
    assert mistakes == []
    return {each.id: each.stands_in for each in statements}


def test_the_shipped_folder_is_without_mistakes():
    """What we ship is what we ask of every author."""
    assert [str(each) for each in LIBRARY.mistakes()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_every_check_passes_wherever_it_must_hold(page):
    """A check without a marketplace holds at every one, not only at the first."""
    for check in page.checks:
        if check.not_covered or check.asks:
            continue
        for place in places_of(page, check):
            known = known_of(page, check, place)
            result = page.decide(check.table, known, is_open=True)
            assert isinstance(result, Decision), check.title
            for key, wanted in check.answers.items():
                assert result.answers[key] == wanted, check.title


def test_every_statement_of_the_training_texts_is_listed():
    """What came in is not lost on the way; a further text may come."""
    wanted = {f"{text}-{n}" for text, last in LAST.items() for n in range(1, last + 1)}

    assert wanted <= coverage().keys()


@pytest.mark.parametrize("statement", CARRIED)
def test_a_statement_of_these_scenarios_is_carried_and_cited(statement):
    """A page that carries a statement names it, so a reader can follow it back."""
    pages = coverage()[statement]

    assert pages
    assert NOT_YET not in pages
    for page in pages:
        text = (REPO / "playbooks" / f"{page}.md").read_text(encoding="utf-8")
        assert re.search(rf"\b{statement}\b(?!-)", text), page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_row_marks_only_if_a_source_is_sure(page):
    """Nobody loses a mark over something that we ourselves could not verify."""
    for table in page.tables:
        for row in table.rows:
            found = {source.confidence for source in page.sources_of(row)}
            assert page.marks(row) == bool(found - ONE_STEP), f"{table.name} {row}"


def test_notes_that_never_mark_exist():
    """The rule above must not hold for want of such rows."""
    notes = {
        (page.id, table.name, row.number)
        for page in PAGES
        for table in page.tables
        for row in table.rows
        if not page.marks(row)
    }

    assert ("dispute-windows", "not received", "2") in notes
    assert ("wrong-size-remorse", "the reason", "8") in notes


def practice_cases():
    """Every case that ships, of playbooks and of exercises."""
    cases = [case for page in PAGES for case in LIBRARY.cases(page.id)]
    for path in EXERCISES:
        text = (path.parent / "brief.md").read_text(encoding="utf-8")
        (playbook,) = re.findall(r"^playbook: (.+)$", text, re.M)
        cases += LIBRARY.cases_in(path, playbook)
    return cases


@pytest.mark.parametrize("case", practice_cases(), ids=lambda case: case.id)
def test_every_message_that_a_case_sends_can_be_filled(case):
    """An agent who sends our words must never send braces."""
    decisions = case.decide()
    answers = {key: each for one in decisions for key, each in one.answers.items()}
    for decision in decisions:
        for column in decision.table.answers:
            if column.kind.sort is not Sort.MESSAGE:
                continue
            name = str(decision.answers[column.key])
            for message in case.playbook.messages:
                if message.id == name:
                    text = fill_message(case, message, {**answers, **decision.answers})
                    assert not re.search(r"[{}]|unknown|None", text), text


@pytest.mark.parametrize("case", practice_cases(), ids=lambda case: case.id)
def test_no_panel_shows_what_its_case_asks(case):
    """Who finds the answer in a panel has looked, and decided nothing."""
    tables = [case.playbook.table(name) for name in case.decisions]
    asked = {column.key for table in tables for column in table.answers}

    assert asked & case.facts.keys() == set()


def proof(place: str, **facts: Value) -> Decision | FactNeeded | NotApplicable:
    """What can be shown for the delivery, while the days of a request are running."""
    page = LIBRARY.playbook("inr-request")
    stated = {
        "payment_dispute_open": False,
        "ebay_stepped_in": False,
        "buyer_has_it": "not-yet",
        "request_open": True,
        "requested_on": date(2024, 9, 5),
        "ebay_programme": False,
        "sent_to_order_address": True,
        "signed_for": False,
        **facts,
    }
    marketplace = page.reference.marketplaces[place]
    known = page.known(stated, marketplace=marketplace, on=date(2024, 9, 6))
    return page.decide("our proof", known)


def test_what_one_table_decides_is_looked_up_where_it_cannot():
    """Where an amount is known the total decides on a signature, else the request."""
    dear, cheap = (Money(cents, "USD") for cents in (75000, 74999))
    by_total = proof("EBAY_US", tracking="delivered", order_total=dear)
    below = proof("EBAY_US", tracking="delivered", order_total=cheap)
    looked_up = proof("EBAY_DE", tracking="delivered", signature_needed=True)

    assert isinstance(by_total, Decision)
    assert isinstance(below, Decision)
    assert isinstance(looked_up, Decision)
    assert by_total.answers["proof"] == looked_up.answers["proof"] == "incomplete"
    assert below.answers["proof"] == "complete"


def test_what_is_needed_for_it_is_asked_for_first():
    """The agent is told what to look at: the total here, the request page there."""
    here = proof("EBAY_GB", tracking="delivered")
    there = proof("EBAY_DE", tracking="delivered")

    assert isinstance(here, FactNeeded)
    assert isinstance(there, FactNeeded)
    assert (here.first, there.first) == ("order_total", "signature_needed")


@pytest.mark.parametrize("place", ["EBAY_US", "EBAY_GB", "EBAY_DE"])
def test_what_does_not_matter_is_not_asked_for(place):
    """A parcel on its way needs no signature yet, whatever it costs."""
    found = proof(
        place,
        tracking="moving",
        event_announced=False,
        last_news_on=date(2024, 9, 5),
    )

    assert isinstance(found, Decision)
    assert found.answers["proof"] == "on-the-way"


def is_for(table, row, place):
    """Whether a row can decide a case of a marketplace."""
    return all(
        cell.region(column.kind, {}, currency="").has(point_of(place.id, column.kind))
        for column, cell in zip(table.inputs, row.conditions, strict=True)
        if column.key == MARKETPLACE
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_buyer_is_answered_in_the_language_of_the_marketplace(page):
    """Whoever bought in German reads German; only notes to eBay stay in English."""
    to_buyers = {each.id for each in page.messages if "{buyer_name}" in each.text}
    written = {(each.id, language_base(each.language)) for each in page.messages}

    sent = {
        (str(outcome.value), language_base(place.language))
        for place in LIBRARY.reference.marketplaces.values()
        for table in page.tables
        for row in table.rows
        if is_for(table, row, place)
        for outcome in row.outcomes
        if str(outcome.value) in to_buyers
    }
    assert sent
    assert sent <= written


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_message_says_the_same_in_every_language(page):
    """A day or an amount that only one buyer is told is a promise to half of them."""
    slots: dict[str, set[frozenset[str]]] = {}
    for each in page.messages:
        slots.setdefault(each.id, set()).add(frozenset(each.slots))

    assert [name for name, found in slots.items() if len(found) > 1] == []


def test_what_stands_on_screen_is_the_name_of_something():
    """A line for a word that nobody uses any more hides one that nobody wrote."""
    reference = LIBRARY.reference
    named = (*reference.facts.values(), *reference.answers.values())
    words = {key_of(word) for each in named for word in each.kind.words}
    names = {*reference.facts, *reference.answers, *reference.moods, *reference.ends}
    for page in PAGES:
        names |= {key_of(each.id) for each in page.messages}
        names |= {key_of(each.name) for each in page.limits.rows}

    assert reference.on_screen.keys() <= words | names


def test_every_message_has_a_name_that_an_agent_can_choose():
    """“wismo-trace” says nothing to somebody who has to begin a reply."""
    shown = LIBRARY.reference.on_screen

    ids = {each.id for page in PAGES for each in page.messages}

    assert {each for each in ids if key_of(each) not in shown} == set()
    assert len({shown[key_of(each)] for each in ids}) == len(ids)


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.parent.name)
def test_one_agent_signs_all_messages_of_an_exercise(path):
    """Nobody changes their name between two buyers."""
    signed = re.findall(r"^\| agent name \| (.+) \|$", path.read_text("utf-8"), re.M)

    assert len(set(signed)) == 1


def test_every_page_says_when_it_was_reviewed_and_until_when():
    """A page that nobody looks after grows wrong unnoticed."""
    for page in PAGES:
        assert page.reviewed < page.review_by, page.id
        assert page.owner, page.id


def test_pages_link_only_to_pages_that_exist():
    """“Take that page instead” must lead somewhere."""
    for page in PAGES:
        text = (REPO / page.path).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([a-z-]+\.md)\)", text):
            assert (REPO / "playbooks" / link).is_file(), f"{page.id} → {link}"
