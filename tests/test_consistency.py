"""Made and written cases are stories that could be real, and the check can fail."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.cases import Scan
from kit.content.consistency import contradictions_of
from kit.content.exercises import exercise_ids, read_exercise
from kit.content.library import Library, copy_content
from kit.content.stories.constraints import (
    AmountRatio,
    Condition,
    Constraint,
    DayDistance,
)
from kit.marking.content_check import check_content
from kit.practice.generate.generator import case_at
from kit.rules.conditions import read_cell
from kit.rules.regions import domain_of
from kit.rules.values import Kind, Money, Sort, key_of, point_of

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
TRUE = LIBRARY.constraints
A_PAGE = LIBRARY.cases("inr-request")[0]
"""A case from which broken ones are made: only its page, place and day count."""

SEEDS = (3, 17, 2024, 9001, 77_777)
OF_ONE_SEED = 100
"""5,000 cases: of each page a hundred, by five seeds."""

DAY = date(2024, 6, 12)


def case_with(facts, *, journey=(), message="Hello.", marketplace=None):
    """A case that has only these facts."""
    place = LIBRARY.reference.marketplaces[marketplace or "EBAY_GB"]
    return replace(
        A_PAGE,
        facts=facts,
        journey=tuple(journey),
        message=message,
        marketplace=place,
        on=DAY,
    )


def named(case, constraint):
    """Whether the check names a constraint for a case."""
    found = contradictions_of(case, TRUE)
    return any(each.line == constraint.line for each in found)


def values_of(kind):
    """Some values of a kind."""
    if kind.is_words:
        return kind.words
    return {
        Sort.YES_NO: (True, False),
        Sort.WHOLE: (1, 2, 45, 0),
        Sort.NUMBER: (1, 2, 45, 0),
        Sort.DATE: (DAY, DAY - timedelta(9), DAY + timedelta(9), date(2009, 9, 1)),
        Sort.MONEY: (Money(500, "GBP"), Money(90_000, "GBP")),
        Sort.TEXT: ("something",),
    }[kind.sort]


def fits(condition, value):
    """Whether a value is as a condition asks."""
    if condition.cell.is_any:
        return True
    region = condition.cell.region(condition.kind, {}, currency="GBP")
    domain = domain_of(condition.kind, "GBP")
    return (region & domain).has(point_of(value, condition.kind))


def value_for(condition, *, is_met):
    """A value that fits a condition, or one that does not."""
    return next(
        value for value in values_of(condition.kind) if fits(condition, value) is is_met
    )


def facts_where(constraint):
    """Facts for which a constraint counts; a marketplace is none of them."""
    found = {each.fact: value_for(each, is_met=True) for each in constraint.when}
    return found, found.pop("marketplace", None)


def words_in(phrases):
    """Words that fit; what must not stand there does not."""
    if phrases is None or not phrases.texts:
        return "Sorted"
    return "Sorted" if phrases.negated else phrases.texts[0]


def facts_after(constraint, *, is_met):
    """Facts that keep what a constraint asks, or break it."""
    then = constraint.then
    if constraint.unknown:
        kind = LIBRARY.reference.facts[constraint.unknown].kind
        return {} if is_met else {constraint.unknown: values_of(kind)[0]}
    if isinstance(then, Condition):
        return {then.fact: value_for(then, is_met=is_met)}
    if isinstance(then, AmountRatio):
        part = Money(3_000 if is_met else 13_000, "GBP")
        return {then.of: Money(10_000, "GBP"), then.amount: part}
    return days_apart(then, is_met=is_met) if isinstance(then, DayDistance) else {}


def days_apart(then, *, is_met):
    """Two days as far apart as they must be, or not; “today” stays what it is."""
    whole = Kind(Sort.WHOLE)
    fitting = then.days.region(whole, {}, currency="")
    days = next(each for each in (0, 20, -1, 1) if fitting.has(each) is is_met)
    if then.earlier == "today":
        return {then.later: DAY + timedelta(days)}
    first = DAY - timedelta(days)
    return {then.earlier: first} | ({} if then.later == "today" else {then.later: DAY})


def broken_case(constraint, *, is_met=False):
    """The smallest case that breaks a constraint, or that keeps it."""
    facts, place = facts_where(constraint)
    facts |= facts_after(constraint, is_met=is_met)
    journey, day = [], constraint.day
    if constraint.scan is not None and not constraint.needs_scan:
        journey = [Scan(DAY, "York", words_in(constraint.scan))]
        if day is not None:
            away = {"on": 3, "not before": 3, "not after": -3}[day.sign]
            facts[day.date] = DAY + timedelta(0 if is_met else away)
    if constraint.needs_scan:
        words = words_in(constraint.scan) if is_met else "Something else"
        journey = [Scan(DAY, "York", words)]
        if day is not None:
            is_any = not constraint.scan.texts
            facts[day.date] = DAY + timedelta(3 if is_any and not is_met else 0)
    message = words_in(constraint.message) if constraint.message else "Hello."
    return case_with(facts, journey=journey, message=message, marketplace=place)


@pytest.mark.parametrize("constraint", TRUE, ids=lambda each: f"line-{each.line}")
def test_each_constraint_names_a_case_that_breaks_it(constraint):
    """A row that no case can break would hold nothing."""
    assert named(broken_case(constraint), constraint), constraint.why


@pytest.mark.parametrize("constraint", TRUE, ids=lambda each: f"line-{each.line}")
def test_each_constraint_lets_a_case_pass_that_keeps_it(constraint):
    """A row that no case can keep would blame every author."""
    assert not named(broken_case(constraint, is_met=True), constraint), constraint.why


def test_a_scan_after_today_is_named():
    """Nobody knows the scans of tomorrow."""
    case = case_with({}, journey=[Scan(DAY + timedelta(1), "York", "Sorted")])

    assert [each.why for each in contradictions_of(case, ())] == [
        "Nothing is scanned after the day of the case."
    ]


def test_scans_that_run_backwards_are_named():
    """A parcel does not arrive before it leaves."""
    scans = [Scan(DAY, "York", "Sorted"), Scan(DAY - timedelta(2), "Leeds", "Sorted")]

    (found,) = contradictions_of(case_with({}, journey=scans), ())

    assert found.why == "Scans are in the order of their days."
    assert "Leeds" in found.detail


def test_the_same_scan_twice_is_named():
    """The carrier takes a parcel once."""
    scans = [Scan(DAY, "Yiwu", "Handed to the carrier")] * 2

    (found,) = contradictions_of(case_with({}, journey=scans), ())

    assert found.why == "A journey has each scan of a day once."


def test_a_place_that_is_a_panel_is_named():
    """“request” is no place on earth."""
    case = case_with({}, journey=[Scan(DAY, "request", "Request opened")])

    (found,) = contradictions_of(case, ())

    assert found.why == "A scan names a place, not a panel of the desk."


@pytest.mark.parametrize("playbook", LIBRARY.ids)
def test_written_practice_cases_could_be_real(playbook):
    """What a person wrote is read by the same rows."""
    found = {case.id: contradictions_of(case, TRUE) for case in LIBRARY.cases(playbook)}

    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("exercise", exercise_ids(LIBRARY))
def test_cases_of_an_exercise_could_be_real(exercise):
    """An exam about an impossible order would be marked for nothing."""
    cases = read_exercise(LIBRARY, exercise).cases

    assert [contradictions_of(case, TRUE) for case in cases] == [()] * len(cases)


def test_kit_check_names_a_written_case_that_contradicts_itself(tmp_path):
    """Its author is told the sentence and both facts."""
    copy_content(ROOT, tmp_path / "content")
    page = tmp_path / "content" / "playbooks" / "cases" / "inr-request.md"
    text = page.read_text(encoding="utf-8")
    before = "| sent to order address | yes |"
    page.write_text(text.replace(before, before.replace("yes", "no"), 1), "utf-8")

    found = check_content(Library(tmp_path / "content"))

    (mistake,) = (each for each in found.mistakes if each.kind == "case-contradicts")
    assert "over-the-garden-wall" in str(mistake.values["id"])
    assert "sent to order address: no" in str(mistake.values["detail"])


@pytest.mark.parametrize("playbook", LIBRARY.ids)
def test_made_cases_could_be_real(playbook):
    """500 cases of each page, by five seeds: together 5,000."""
    stories = LIBRARY.stories(playbook)
    found, places, days = Counter(), set(), set()
    for seed in SEEDS:
        for number in range(OF_ONE_SEED):
            case = case_at(stories, seed, number)
            places.add(case.marketplace.id)
            days.add(case.on)
            found.update(each.why for each in contradictions_of(case, TRUE))

    assert found == {}
    assert {"EBAY_GB", "EBAY_DE"} <= places
    assert len(days) > OF_ONE_SEED


@pytest.mark.parametrize(
    ("cell", "amount", "of", "is_in"),
    [
        pytest.param("<= 100", 10_000, 10_000, True, id="the whole of it"),
        pytest.param("<= 100", 10_001, 10_000, False, id="a cent more than all"),
        pytest.param("<= 100", 100_999, 100_000, False, id="not yet 101 percent"),
        pytest.param("<= 50", 5_000, 10_000, True, id="half"),
        pytest.param("<= 50", 5_001, 10_000, False, id="a cent more than half"),
        pytest.param("<= 50", 5_001, 10_001, True, id="half of odd cents, up"),
        pytest.param("<= 50", 5_002, 10_001, False, id="too far up"),
        pytest.param(">= 50", 5_000, 10_001, True, id="half of odd cents, down"),
        pytest.param(">= 50", 4_999, 10_001, False, id="too far down"),
        pytest.param("> 0", 0, 10_000, False, id="nothing is not more than nothing"),
        pytest.param("> 0", 1, 1_000_000, True, id="a cent of a fortune"),
        pytest.param("< 100", 10_000, 10_000, False, id="all is not less than all"),
        pytest.param("< 100", 9_999, 10_000, True, id="a cent less than all"),
    ],
)
def test_a_share_is_measured_to_the_cent(cell, amount, of, is_in):
    """Nobody gets back more than was paid, not even half a percent."""
    kind = Kind(Sort.WHOLE)
    keys = (key_of("item price"), key_of("order total"))
    percent = read_cell(cell, kind, fact="share", limits=LIBRARY.limits)
    constraint = Constraint("Why.", 1, then=AmountRatio({}, *keys, percent))
    amounts = (Money(each, A_PAGE.marketplace.currency) for each in (amount, of))
    case = replace(A_PAGE, facts=dict(zip(keys, amounts, strict=True)), journey=())

    assert (contradictions_of(case, [constraint]) == ()) is is_in
