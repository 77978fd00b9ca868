"""Practice cases without end: reachable, consistent, and the same everywhere."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import LENDING, LIBRARY

from kit.content.library import Library
from kit.errors import NoCaseMade
from kit.practice.generate import solving
from kit.practice.generate.coverage import coverage_of
from kit.practice.generate.filling import is_beside
from kit.practice.generate.generator import (
    case_at,
    case_bytes,
    generate_case,
    generate_cases,
    name_of,
)
from kit.practice.generate.int_sets import number_of
from kit.practice.generate.solving import problems_of
from kit.practice.generate.targets import targets_of, targets_with_words
from kit.practice.wording import fill_message
from kit.rules.values import Money, Sort

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
EVERY = [
    *(LIBRARY.stories(each) for each in LIBRARY.ids),
    *(LENDING.stories(each) for each in LENDING.ids),
]
TRADE = EVERY[: len(LIBRARY.ids)]
MANY = 250

EARLIER = [
    ("paid_on", "dispatched_on"),
    ("dispatched_on", "edd"),
    ("dispatched_on", "last_news_on"),
    ("dispatched_on", "delivered_on"),
    ("delivered_on", "last_news_on"),
    ("requested_on", "accepted_on"),
    ("accepted_on", "returned_on"),
]
"""The first day is never after the second."""

PAST = [
    "paid_on",
    "dispatched_on",
    "delivered_on",
    "last_news_on",
    "requested_on",
    "written_on",
    "accepted_on",
    "returned_on",
]
"""Days that an agent can only know once they are there."""


@cache
def about():
    """What the cases of each page can be about."""
    return {stories.playbook.id: targets_with_words(stories) for stories in EVERY}


RULED_OUT = {
    # Britain's eight days to answer began in 2014, the other numbers of a page later:
    # a row whose reply names them, or a border to it, has no case before they began.
    ("case-and-dispute", "before anybody asks eBay", "EBAY_GB", "2014-10-01"): "3",
    ("missing-items", "not clear yet", "EBAY_GB", "2014-10-01"): "2 3 4 6 7 8 14 15",
    ("return-completion", "the label", "EBAY_GB", "2014-10-01"): "1 2 3 4 5",
    ("snad-return", "after our offer", "EBAY_GB", "2014-10-01"): "1 7 8 9 11",
    ("statutory-withdrawal", "what we do now", "EBAY_GB", "2014-10-01"): (
        "2 3 4 5 6 7 8 14 15 16 17"
    ),
    # The guarantee of those years is not known of Germany: "old edition" says so.
    ("dispute-windows", "old not received", "EBAY_DE", ""): "6",
    ("dispute-windows", "old not as described", "EBAY_DE", ""): "5 6",
}
"""Rows that are ruled out outside of the United States, wholly or at one border."""


def name(stories):
    """A playbook as it is named in the list of tests."""
    return stories.playbook.id


@cache
def cases(stories, seed=3, count=MANY):
    """Some cases of a playbook, made once for all tests."""
    return list(generate_cases(stories, seed, count=count))


@cache
def made(target, seed, stories):
    """The case of an aim, made once for all tests."""
    return generate_case(target, seed, stories)


def possible(stories, sort):
    """Every aim of a sort that can occur."""
    return [
        target
        for target in about()[stories.playbook.id]
        if target.sort == sort and problems_of(stories, target)
    ]


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_every_row_border_and_mistake_can_be_practised(stories, monkeypatch):
    """What no case is ever about, nobody learns."""
    monkeypatch.setattr("kit.practice.generate.coverage.generate_case", made)

    coverage = coverage_of(stories, (1,))

    assert [each for tally in coverage.tallies for each in tally.missing] == []
    assert coverage.is_full
    rows = len({(target.table, target.row) for target in about()[stories.playbook.id]})
    wanted = {tally.sort: tally.wanted for tally in coverage.tallies}
    assert wanted["row"] == rows
    assert wanted["mistake"] == len(stories.playbook.typical_mistakes)
    assert wanted["border"] > 0


def test_only_rows_of_marketplaces_without_words_are_not_practised():
    """Australia is decided; nobody has invented its buyers and orders yet."""
    for stories in TRADE:
        told = {(target.table, target.row) for target in targets_with_words(stories)}
        untold = [
            target
            for target in targets_of(stories.playbook)
            if (target.table, target.row) not in told
        ]
        assert not any(stories.has_words(target.marketplace) for target in untold)

    places = {target.marketplace for targets in about().values() for target in targets}
    assert {"EBAY_US", "EBAY_GB", "EBAY_DE"} <= places
    assert "EBAY_AU" not in places


def test_a_row_that_no_case_can_reach_is_named():
    """Coverage that could not fall short would prove nothing."""
    stories = LIBRARY.stories("inr-request")
    without = type(stories)(
        stories.playbook, stories.case_vocabulary, stories.scenes[:1]
    )

    rows, _, mistakes = coverage_of(without, (1,)).tallies

    assert not rows.is_full
    assert "inr-request/by-when/row-3/EBAY_GB" in rows.missing
    assert not any("/before-a-request/" in each for each in rows.missing)
    assert not mistakes.is_full


def test_only_what_goes_together_rules_a_row_out_at_one_place():
    """In the United States there is no withdrawal by law; the rest has its reason.

    Whatever else no case can reach is a gap in the stories.
    """
    lost = [
        target
        for stories in TRADE
        for target in about()[stories.playbook.id]
        if not problems_of(stories, target)
    ]
    rows: dict[tuple[str, ...], set[int]] = {}
    for target in lost:
        if target.marketplace != "EBAY_US":
            since = target.since.isoformat() if target.since else ""
            place = (target.playbook, target.table, target.marketplace, since)
            rows.setdefault(place, set()).add(int(target.row))

    assert any(target.marketplace == "EBAY_US" for target in lost)
    assert {
        place: " ".join(map(str, sorted(found))) for place, found in rows.items()
    } == RULED_OUT


def test_a_border_that_its_own_row_keeps_out_is_not_asked():
    """Nobody is inside the counted days and outside the longer period."""
    stories = LIBRARY.stories("statutory-withdrawal")
    kept_out = set(targets_of(stories.playbook)) - set(targets_with_words(stories))
    here = {target.id for target in kept_out if target.marketplace == "EBAY_GB"}

    assert here == {
        f"statutory-withdrawal/in-time/row-{row}/EBAY_GB/2014-06-13"
        "/inside-withdrawal-days-just-out"
        for row in (4, 5)
    }


def test_beyond_a_border_what_no_table_answers_is_not_asked():
    """After the window nobody is asked to keep it, and that day is practised."""
    stories = LIBRARY.stories("wrong-size-remorse")
    (target,) = (
        target
        for target in about()["wrong-size-remorse"]
        if target.id == "wrong-size-remorse/the-request/row-8/EBAY_GB"
        "/inside-window-just-out"
    )

    decided = {
        each.table.name: each.row.number
        for each in generate_case(target, 1, stories).decide()
    }

    assert decided["the request"] in {"5", "10"}  # The lead, or a kind no.
    assert "keep it instead" not in decided


def test_an_aim_that_cannot_be_met_is_refused_by_name():
    """A case that is about something else would teach the wrong thing."""
    stories = LIBRARY.stories("wrong-size-remorse")
    (target,) = (
        target
        for target in about()["wrong-size-remorse"]
        if target.id == "wrong-size-remorse/the-law-first/row-2/EBAY_US/2014-06-13"
    )

    with pytest.raises(NoCaseMade, match="the-law-first/row-2/EBAY_US"):
        generate_case(target, 1, stories)


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_the_aimed_row_decides(stories):
    """The playbook itself says so, read anew for the finished case."""
    for target in possible(stories, "row"):
        case = made(target, 1, stories)
        decided = {each.table.name: each for each in case.decide()}

        assert set(decided) == {each.name for each in case.tables()}
        assert target.row in {row.number for row in decided[target.table].rows}, (
            target.id
        )
        assert case.marketplace.id == target.marketplace


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_one_step_beyond_a_border_another_row_decides(stories):
    """The last value in and the first one out are one step apart, and differ."""
    for target in possible(stories, "border"):
        case = made(target, 1, stories)
        decided = {each.table.name: each for each in case.decide()}
        rows = {row.number for row in decided[target.table].rows}

        assert (target.row in rows) is (target.side != "out"), target.id
        if target.beside:
            day = case.known().value(target.anchor)
            calendar = case.marketplace.holidays
            assert is_beside(day.toordinal(), calendar, target.beside), target.id


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_the_two_values_at_a_border_are_neighbours(stories):
    """A border that is tried a week away from it is not tried."""
    borders = possible(stories, "border")
    inside = {
        (
            target.table,
            target.row,
            target.marketplace,
            target.since,
            target.question,
            target.number,
        )
        for target in borders
        if target.side == "in"
    }

    for target in borders:
        if target.side == "out" and target.number is not None:
            place = (
                target.table,
                target.row,
                target.marketplace,
                target.since,
                target.question,
            )
            near = {(*place, target.number + 1), (*place, target.number - 1)}
            assert near & inside, target.id


@pytest.mark.parametrize("stories", TRADE, ids=name)
def test_a_comparison_stands_exactly_at_its_border(stories):
    """“Not after” is tried on the very day, and on the day after it."""
    facts = stories.playbook.reference.facts
    for target in possible(stories, "border"):
        if target.number is not None or not target.question:
            continue
        known = made(target, 1, stories).known()
        how = facts[target.question].derivation
        one = known.value(how.first.replace(" ", "_"))
        other = known.value(how.second.replace(" ", "_"))

        is_day = isinstance(one, date)
        apart = (one - other).days if is_day else other.minor - one.minor
        assert apart == (0 if known.value(target.question) else 1), target.id


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_a_mistake_is_tempting(stories):
    """Its row decides, and only just, with another row one fact away."""
    borders: dict[tuple[object, ...], set[tuple[str, int]]] = {}
    for target in possible(stories, "border"):
        is_day = target.question == "paid_on"  # its border may lie in another edition
        if target.side == "in" and target.number is not None and not is_day:
            place = (target.table, target.row, target.marketplace, target.since)
            borders.setdefault(place, set()).add((target.question, target.number))

    for target in possible(stories, "mistake"):
        case = made(target, 1, stories)
        (decision,) = (
            each for each in case.decide() if each.table.name == target.table
        )
        known = case.known()
        near = borders.get(
            (target.table, target.row, target.marketplace, target.since), set()
        )

        assert decision.row.number == target.row
        assert min(len(each.misses) for each in decision.why_not) <= 1, target.id
        assert not near or any(
            number_of(known.value(key)) == number for key, number in near
        ), target.id


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_days_follow_one_another(stories):
    """No parcel is scanned before it was sent, and nothing is known from tomorrow."""
    for case in cases(stories):
        known = case.facts
        for one, other in EARLIER:
            if one in known and other in known:
                assert known[one] <= known[other], (case.id, one, other)
        assert all(known[each] <= case.on for each in PAST if each in known), case.id
        days = [scan.day for scan in case.journey]
        assert days == sorted(days)
        assert all(day <= case.on for day in days)


@pytest.mark.parametrize("stories", TRADE, ids=name)
def test_no_request_for_a_missing_item_comes_before_the_estimate_is_over(stories):
    """A buyer can open it only after the latest day of the estimate.

    The requests of the page about faulty items are returns: those can come earlier.
    """
    if stories.playbook.id == "snad-return":
        return
    rows = [made(target, 1, stories) for target in possible(stories, "row")]
    for case in (*cases(stories), *rows):
        edd, requested = (case.facts.get(key) for key in ("edd", "requested_on"))
        if edd is not None and requested is not None:
            assert requested > edd, case.id


@pytest.mark.parametrize("stories", TRADE, ids=name)
def test_the_journey_ends_with_the_last_news(stories):
    """What the tracking page says and what its last scan says are one story."""
    seen = 0
    for case in cases(stories):
        scans = [scan.day for scan in case.journey]
        state = case.facts.get("tracking")
        if state in {None, "none"} or "last_news_on" not in case.facts:
            continue
        if "dispatched_on" in case.facts:
            seen += 1
            assert max(scans) == case.facts["last_news_on"], case.id
            assert min(scans) == case.facts["dispatched_on"], case.id
        if state == "delivered":
            assert case.facts["delivered_on"] == case.facts["last_news_on"]

    assert seen or stories.playbook.id not in {"inr-request", "address-change"}


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_amounts_are_of_the_marketplace_and_of_a_size_that_can_be(stories):
    """A German buyer does not pay in dollars, nor more for the item than in all."""
    for case in cases(stories):
        amounts = [each for each in case.facts.values() if isinstance(each, Money)]
        assert {each.currency for each in amounts} <= {case.marketplace.currency}
        if "order_total" in case.facts:
            assert case.facts["item_price"] <= case.facts["order_total"]
        if "deduction" in case.facts:
            half = case.facts["item_price"].minor / 2
            assert case.facts["deduction"].minor <= half


def test_a_price_in_pounds_names_nothing_that_is_sold_in_dollars(tmp_path):
    """A row of words counts for the money in which it is written, and no other."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "tests" / "broken" / "good", folder)
    page = folder / "playbooks" / "reference" / "stories.md"
    before, _, after = page.read_text(encoding="utf-8").partition("### people")
    words = "\n\n| order total | buyer name |\n| --- | --- |\n"
    words += "| USD 5..USD 9 | Rosa |\n| GBP 5..GBP 9 | Morag |\n\n## Together"
    text = f"{before}### people{words}{after.partition('## Together')[2]}"
    page.write_text(text, encoding="utf-8")

    made = cases(Library(folder).stories("late-parcel"), count=40)

    named = {(case.marketplace.id, case.facts["buyer_name"]) for case in made}
    assert named == {("EBAY_US", "Rosa"), ("EBAY_GB", "Morag")}


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_every_message_of_a_case_can_be_filled(stories):
    """An agent who sends our words must never send braces, or “not covered”."""
    for case in cases(stories):
        decisions = case.decide()
        said = {key: each for one in decisions for key, each in one.answers.items()}
        for decision in decisions:
            for column in decision.table.answers:
                if column.kind.sort is not Sort.MESSAGE:
                    continue
                wanted = str(decision.answers[column.key])
                for message in case.playbook.messages:
                    if message.id == wanted:
                        answers = {**said, **decision.answers}
                        text = fill_message(case, message, answers)
                        assert not re.search(r"[{}]|unknown|None|not covered", text)


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_buyers_write_in_their_language_and_fill_every_slot(stories):
    """German buyers write German, and every agent can tell what they mean."""
    for case in cases(stories):
        assert case.message
        assert not re.search(r"[{}]|unknown|None", case.message)
        is_foreign = not case.marketplace.language.startswith("en")
        assert ("(In English: " in case.message) is is_foreign, case.message


@pytest.mark.parametrize("stories", TRADE, ids=name)
def test_a_scene_has_at_least_six_openings_in_each_language(stories):
    """Whoever practises for a week must not read the same words every day."""
    languages = {
        place.language[:2] for place in stories.playbook.reference.marketplaces.values()
    }
    for scene in stories.scenes:
        for language in languages:
            told = [
                telling.words
                for (_, spoken), tellings in scene.opening_texts.items()
                for telling in tellings
                if spoken == language
            ]
            assert len(told) >= 6, (scene.id, language)
            assert len(set(told)) == len(told)


@pytest.mark.parametrize("stories", EVERY, ids=name)
def test_another_seed_is_another_case(stories):
    """Practice that repeats itself trains the memory, not the judgement."""
    target = possible(stories, "row")[0]
    found = set()
    for seed in range(20):
        case = replace(generate_case(target, seed, stories), id="")
        found.add(case_bytes(case))

    assert len(found) == 20


@given(seed=st.integers(min_value=-(10**9), max_value=10**9), place=st.integers(0, 999))
def test_the_same_seed_is_the_same_case_whatever_was_made_before(seed, place):
    """A case that is named in a report can be laid on the desk again."""
    stories = TRADE[place % len(TRADE)]
    targets = possible(stories, "row")
    target = targets[place % len(targets)]

    first = case_bytes(generate_case(target, seed, stories))
    generate_case(targets[0], seed + 1, stories)

    assert case_bytes(generate_case(target, seed, stories)) == first


class Forgetful(dict):
    """What led nowhere, for a search that walks there again each time."""

    met = 0
    """How often a search came to a place that led nowhere before."""

    def get(self, key, default=None):
        """Remember nothing."""
        Forgetful.met += key in self
        return default


@pytest.mark.parametrize("page", ["cancellation", "snad-return"])
def test_remembering_what_led_nowhere_changes_no_case(page, monkeypatch):
    """A way that is spared throws the dice as often as one that is walked."""
    search = solving.combinations

    def without_memory(problem, target, start, dead, dice=None):
        return search(problem, target, start, Forgetful() if dice else dead, dice)

    stories = LIBRARY.stories(page)
    remembering = [case_bytes(case_at(stories, 11, number)) for number in range(15)]
    monkeypatch.setattr(Forgetful, "met", 0)
    monkeypatch.setattr(solving, "combinations", without_memory)

    forgetting = [case_bytes(case_at(stories, 11, number)) for number in range(15)]

    assert forgetting == remembering
    assert Forgetful.met > 0


def test_the_name_of_a_case_tells_nothing_about_it():
    """The key must not stand above the exercise."""
    for stories in TRADE:
        for case in cases(stories, count=40):
            assert re.fullmatch(rf"{stories.playbook.id}-[0-9a-f]{{10}}", case.id)


PRINT = """
import sys
from pathlib import Path
from kit.content.library import Library
from kit.practice.generate.generator import case_bytes, generate_cases
library = Library(Path(sys.argv[1]))
for name in library.ids:
    for case in generate_cases(library.stories(name), 5, count=12):
        sys.stdout.buffer.write(case_bytes(case) + b"\\n")
"""


def test_cases_are_the_same_to_the_byte_on_every_machine():
    """Neither the hash seed, the time zone nor the language of a machine has a say."""
    machines = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8"},
    ]

    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINT, str(ROOT)],
            cwd=ROOT,
            env=os.environ | machine,
            capture_output=True,
            check=True,
        ).stdout
        for machine in machines
    ]

    assert printed[0] == printed[1]
    assert printed[0].count(b"\n") == 12 * len(LIBRARY.ids)


def test_the_first_case_waits_for_no_other():
    """A lesson that solved every aim before it opened would open seconds later."""
    problems_of.cache_clear()

    assert case_at(Library(ROOT).stories("inr-request"), 3, 0)

    assert problems_of.cache_info().currsize < 10


def test_a_row_of_cases_begins_again_when_every_aim_was_met():
    """The second round has the aims of the first in their order, and other cases."""
    stories = LENDING.stories("late-book")
    targets = [
        each for each in targets_with_words(stories) if problems_of(stories, each)
    ]

    first, again = (case_at(stories, 3, number) for number in (0, len(targets)))

    (target,) = (each for each in targets if name_of(each, 3) == first.id)
    assert again.id == name_of(target, 4)


def test_a_case_is_the_one_that_it_has_always_been():
    """Cases are named in reports; a new version must not change old ones unnoticed.

    The lending desk of the tests changes with nobody's policy, so its bytes are a
    measure of the generator alone.
    """
    stories = LENDING.stories("late-book")
    (target,) = (
        each
        for each in about()["late-book"]
        if each.id == "late-book/the-fee/row-3/HARBOUR/2024-04-01"
    )

    text = case_bytes(generate_case(target, 7, stories)).decode()

    assert text == REMEMBERED


REMEMBERED = (
    '{"decisions": ["the fee", "the book"], '
    '"facts": {"clerk name": "Jo", "due on": "2026-10-17", '
    '"price of the book": "EUR 14.99", "reader is a child": "no", '
    '"reader name": "Pavel", "reader wants": "to-return", '
    '"state of the book": "as-lent", '
    '"title": "A Book of Knots"}, "id": "late-book-78cc2e36ed", '
    '"journey": [{"day": "2026-10-17", "what": "Due", "where": "slip"}], '
    '"marketplace": "HARBOUR", "message": "I am sorry, A Book of Knots was due on '
    'October 17. It hid behind the sofa.", "on": "2026-11-13", '
    '"playbook": "late-book"}'
)
