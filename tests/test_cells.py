"""The language of one cell: every spelling, every boundary, every slip by name."""

from datetime import date
from decimal import Decimal

import pytest
from builders import limits_of

from kit.errors import BadCell
from kit.rules.conditions import ANY, Cell, LimitRef, fits_kind, read_cell
from kit.rules.limits import Amount, Limits, plain_value
from kit.rules.regions import NOWHERE, IntervalSet, domain_of
from kit.rules.values import Duration, Money, Value, point_of, read_kind

LIMITS = limits_of(
    "reminder | any | 2020-01-01 | 5 days",
    "patience | any | 2020-01-01 | 10 days",
    "answer time | any | 2020-01-01 | 3 business days",
    "threshold | any | 2020-01-01 | USD 750",
    "most offers | any | 2020-01-01 | 2.5",
    "start | any | 2020-01-01 | 2024-05-15",
)
DAYS = "whole number of days"
WORDS = "one of none, no-scan, moving, lost"


def cell_of(text: str, kind: str) -> Cell:
    """Read a cell under a heading of a kind."""
    return read_cell(text, read_kind(kind), fact="it", limits=LIMITS)


def region_of(text: str, kind: str) -> IntervalSet:
    """What a cell means."""
    values = {limit.name: plain_value(limit.value) for limit in LIMITS.rows}
    return cell_of(text, kind).region(read_kind(kind), values, currency="USD")


def fits(text: str, kind: str, value: Value) -> bool:
    """Whether a value fits a cell."""
    return region_of(text, kind).has(point_of(value, read_kind(kind)))


@pytest.mark.parametrize(
    ("kind", "ours", "standard"),
    [
        pytest.param(WORDS, "any", "-", id="any"),
        pytest.param(WORDS, "lost", '"lost"', id="a word"),
        pytest.param(WORDS, "none, lost", '"none","lost"', id="a list"),
        pytest.param(WORDS, "not lost", 'not("lost")', id="not a word"),
        pytest.param(WORDS, "not none, lost", 'not("none", "lost")', id="not a list"),
        pytest.param(WORDS, "not none, lost", "not (none,lost)", id="not, loosely"),
        pytest.param("yes/no", "yes", "true", id="yes"),
        pytest.param("yes/no", "no", "false", id="no"),
        pytest.param("yes/no", "not yes", "not(true)", id="not yes"),
        pytest.param(DAYS, "3", "= 3", id="a number"),
        pytest.param(DAYS, "3..15", "[3..15]", id="both ends in"),
        pytest.param(DAYS, "(3..15]", "]3..15]", id="the lower end out"),
        pytest.param(DAYS, "[3..15)", "[3..15[", id="the upper end out"),
        pytest.param(DAYS, "(3..15)", "]3..15[", id="both ends out"),
        pytest.param(DAYS, "14", '@"P14D"', id="a duration"),
        pytest.param(DAYS, ">= 14", '>= @"P14D"', id="at least a duration"),
        pytest.param(DAYS, "3, 7..9, > 12", "3,[7..9],>12", id="a mixed list"),
        pytest.param(DAYS, "not 3..5", "not([3..5])", id="not a range"),
        pytest.param(DAYS, "not (3..15)", "not((3..15))", id="not, ends out"),
        pytest.param(DAYS, "not (3..15]", "not((3..15])", id="not, lower end out"),
        pytest.param(DAYS, "not (3..15), 20", "not((3..15), 20)", id="not, and more"),
        pytest.param(DAYS, "not (3..15, 20)", "not([3..15], 20)", id="not, as a list"),
        pytest.param("number", ">= 2.5", ">=2.5", id="no space"),
        pytest.param("date", "2024-05-15", '@"2024-05-15"', id="a day"),
        pytest.param("date", "> 2024-05-15", '> date("2024-05-15")', id="after a day"),
        pytest.param(
            "date",
            "2014-11-18..2020-09-02",
            '[date("2014-11-18")..@"2020-09-02"]',
            id="from day to day",
        ),
        pytest.param("money", "< USD 750", '< "USD 750"', id="less than an amount"),
    ],
)
def test_the_standards_spelling_means_the_same(
    kind: str, ours: str, standard: str
) -> None:
    """A table imported from another tool decides here as it did there."""
    assert region_of(standard, kind) == region_of(ours, kind)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        pytest.param(DAYS, ">= 3", "not < 3", id="at least and not less"),
        pytest.param(DAYS, "> 3", ">= 4", id="more than 3 days is at least 4"),
        pytest.param(DAYS, "3, 4, 5", "3..5", id="neighbours make a range"),
        pytest.param(DAYS, "[3..6)", "3..5", id="up to but not including"),
        pytest.param(DAYS, "= 3", "3", id="equal"),
        pytest.param(DAYS, ">= 3 days", ">= 3", id="with its unit"),
        pytest.param(DAYS, ">= Reminder", ">= reminder", id="a limit in capitals"),
        pytest.param(DAYS, ">= patience", ">= 10", id="a limit and its value"),
        pytest.param(DAYS, "reminder..patience", "5..10", id="from limit to limit"),
        pytest.param(DAYS, "[reminder..10)", "5..9", id="a limit and a number"),
        pytest.param(WORDS, "not none", "no-scan, moving, lost", id="all the others"),
        pytest.param(WORDS, "No Scan", "no-scan", id="a word spelt loosely"),
        pytest.param(WORDS, "none, no-scan, moving, lost", "any", id="every word"),
        pytest.param("yes/no", "not yes", "no", id="not yes is no"),
        pytest.param("yes/no", "yes, no", "any", id="yes or no is any"),
        pytest.param("money", "> USD 750", ">= USD 750.01", id="the next cent"),
        pytest.param("money", "<= threshold", "<= USD 750", id="an amount as a limit"),
        pytest.param("date", "> start", ">= 2024-05-16", id="the next day"),
        pytest.param(
            "whole number, at least 0", "< 3", "0..2", id="nothing below the lowest"
        ),
    ],
)
def test_two_ways_to_say_it_are_one_region(kind: str, one: str, other: str) -> None:
    """Authors phrase differently; overlaps and gaps are about what is meant."""
    assert region_of(one, kind) == region_of(other, kind)


@pytest.mark.parametrize(
    ("cell", "kind", "inside", "outside"),
    [
        pytest.param("< 3", DAYS, 2, 3, id="less than 3"),
        pytest.param("<= 3", DAYS, 3, 4, id="at most 3"),
        pytest.param("> 3", DAYS, 4, 3, id="more than 3"),
        pytest.param(">= 3", DAYS, 3, 2, id="at least 3"),
        pytest.param("-5..-3", DAYS, -3, -2, id="days before"),
        pytest.param("< reminder", DAYS, 4, 5, id="before the reminder"),
        pytest.param(">= patience", DAYS, 10, 9, id="from the end of patience on"),
        pytest.param(
            "<= USD 750",
            "money",
            Money(75000, "USD"),
            Money(75001, "USD"),
            id="the last cent",
        ),
        pytest.param(
            "> 2.5", "number", Decimal("2.5001"), Decimal("2.5"), id="a hair above"
        ),
        pytest.param(
            "<= 2024-05-15", "date", date(2024, 5, 15), date(2024, 5, 16), id="last day"
        ),
    ],
)
def test_a_boundary_has_a_last_value_in_and_a_first_value_out(
    cell: str, kind: str, inside: Value, outside: Value
) -> None:
    """One day or one cent decides, and the agent must see on which side it lies."""
    assert fits(cell, kind, inside)
    assert not fits(cell, kind, outside)


@pytest.mark.parametrize(
    ("kind", "cell", "mistake", "culprit"),
    [
        pytest.param(DAYS, "", "cell-syntax", "", id="nothing"),
        pytest.param(DAYS, ">=", "cell-syntax", "", id="a sign alone"),
        pytest.param(DAYS, "3,", "cell-syntax", "", id="a comma at the end"),
        pytest.param(DAYS, ", 3", "cell-syntax", ",", id="a comma at the start"),
        pytest.param(DAYS, "3..", "cell-syntax", "", id="a range without its end"),
        pytest.param(DAYS, "[3..5", "cell-syntax", "", id="a bracket left open"),
        pytest.param(DAYS, "3..5]", "cell-syntax", "]", id="a bracket never opened"),
        pytest.param(DAYS, "[3, 5]", "cell-syntax", ",", id="a comma in a range"),
        pytest.param(DAYS, ")3..5(", "cell-syntax", "", id="brackets turned round"),
        pytest.param(DAYS, "not", "cell-syntax", "", id="not, and nothing"),
        pytest.param(DAYS, "not(3", "cell-syntax", "", id="not left open"),
        pytest.param(DAYS, ">= 3 >= 5", "cell-syntax", ">", id="two comparisons"),
        pytest.param("date", 'date("2024-05-15"', "cell-syntax", "", id="date open"),
        pytest.param(WORDS, "stolen", "cell-unknown-word", "stolen", id="undeclared"),
        pytest.param(
            WORDS, "none, stolen", "cell-unknown-word", "stolen", id="in list"
        ),
        pytest.param(
            WORDS, '"stolen"', "cell-unknown-word", '"stolen"', id="in quotes"
        ),
        pytest.param(
            WORDS, "none or lost", "cell-unknown-word", "none or lost", id="or"
        ),
        pytest.param(
            WORDS, "not not lost", "cell-unknown-word", "not lost", id="twice"
        ),
        pytest.param("yes/no", "maybe", "cell-unknown-word", "maybe", id="maybe"),
        pytest.param("yes/no", "Yes", "cell-unknown-word", "Yes", id="capital yes"),
        pytest.param(DAYS, ">= remnder", "cell-unknown-word", "remnder", id="a slip"),
        pytest.param(DAYS, ">= 3 business days", "cell-unknown-word", None, id="unit"),
        pytest.param(DAYS, ">= 2.5", "cell-unknown-word", "2.5", id="half a day"),
        pytest.param("money", "< 750", "cell-unknown-word", "750", id="no currency"),
        pytest.param(
            "money", "< USD 1.005", "cell-unknown-word", None, id="half a cent"
        ),
        pytest.param(
            "date", "> 15.5.2024", "cell-unknown-word", None, id="a day abroad"
        ),
        pytest.param(WORDS, "< lost", "cell-not-ordered", "<", id="less than a word"),
        pytest.param(WORDS, "none..lost", "cell-not-ordered", "..", id="between words"),
        pytest.param("yes/no", ">= yes", "cell-not-ordered", ">=", id="at least yes"),
        pytest.param(
            DAYS, "15..3", "cell-reversed", "15..3", id="ends before it begins"
        ),
        pytest.param(WORDS, '"lost', "cell-syntax", '"', id="a quote never closed"),
        pytest.param(WORDS, 'none, lost"', "cell-syntax", '"', id="never opened"),
        pytest.param("text", "lost", "cell-text-fact", "lost", id="free text"),
        pytest.param(DAYS, ">= answer time", "cell-unit", "answer time", id="business"),
        pytest.param(
            "money", "< reminder", "cell-unit", "reminder", id="days as money"
        ),
        pytest.param(
            "date", "< reminder", "cell-unit", "reminder", id="days as a date"
        ),
        pytest.param("number", "< reminder", "cell-unit", "reminder", id="no unit"),
        pytest.param(
            "whole number",
            "< most offers",
            "cell-unit",
            "most offers",
            id="half offers",
        ),
    ],
)
def test_a_slip_is_refused_by_name_with_its_culprit_marked(
    kind: str, cell: str, mistake: str, culprit: str | None
) -> None:
    """An author sees which word is wrong; nothing is read as something near it."""
    with pytest.raises(BadCell) as caught:
        cell_of(cell, kind)

    error = caught.value
    assert error.kind == mistake
    if culprit is not None:
        assert cell[slice(*error.span)] == culprit


def test_a_misspelt_limit_is_answered_with_the_nearest_name() -> None:
    """“Did you mean reminder?” saves a walk to the table of limits."""
    with pytest.raises(BadCell) as caught:
        cell_of(">= remnder", DAYS)

    assert "reminder" in str(caught.value.values["nearest"])


def test_every_edition_of_a_limit_must_have_the_unit_of_the_fact() -> None:
    """The eight days of 2014 hide behind the business days of today."""
    limits = limits_of(
        "answer time | any | 2014-10-01 | 8 days",
        "answer time | any | 2020-09-03 | 3 business days",
    )

    with pytest.raises(BadCell, match="3 business days"):
        read_cell(">= answer time", read_kind(DAYS), fact="it", limits=limits)


def test_a_declared_word_wins_over_a_limit_of_the_same_name() -> None:
    """What the fact can be is nearer than what the page calls a number."""
    limits = limits_of("none | any | 2020-01-01 | 5 days")
    cell = read_cell("none", read_kind(WORDS), fact="it", limits=limits)

    assert cell.intervals[0].low == "none"
    assert cell.limits == ()


def test_a_cell_knows_the_limits_that_it_names() -> None:
    """The edition of a table hangs on them, each once."""
    cell = cell_of("< Reminder, [reminder..patience)", DAYS)

    assert cell.limits == ("reminder", "patience")
    assert cell.intervals[0].high == LimitRef("reminder")


@pytest.mark.parametrize(
    ("text", "asks_nothing"),
    [
        pytest.param("any", True, id="any"),
        pytest.param("-", True, id="the standard's hyphen"),
        pytest.param("3", False, id="a value"),
        pytest.param("not 3", False, id="all but one"),
    ],
)
def test_any_asks_nothing(text: str, asks_nothing: bool) -> None:
    """Only “any” is satisfied by a fact that nobody knows."""
    assert cell_of(text, DAYS).is_any is asks_nothing


def test_any_fits_all_there_is_and_nothing_else() -> None:
    """Also “any” does not reach below the lowest value."""
    kind = read_kind("whole number, at least 0")

    found = ANY.region(kind, {}, currency="USD")

    assert found == domain_of(kind, "USD")
    assert not found.has(-1)


def test_free_text_can_only_be_any() -> None:
    """Text cannot be compared, but a column of it may stay idle."""
    assert cell_of("any", "text").is_any


@pytest.mark.parametrize(
    ("amount", "kind", "is_right"),
    [
        pytest.param(Duration(3, "days"), "whole number of days", True, id="days"),
        pytest.param(
            Duration(3, "days"), "whole number of business days", False, id="other"
        ),
        pytest.param(
            Duration(3, "offers"), "whole number of offers", True, id="offers"
        ),
        pytest.param(Decimal(3), "whole number", True, id="a plain number"),
        pytest.param(Decimal("2.5"), "whole number", False, id="half among wholes"),
        pytest.param(Decimal("2.5"), "number", True, id="half among numbers"),
        pytest.param(Money(300, "USD"), "money", True, id="an amount"),
        pytest.param(
            Money(300, "USD"), "whole number", False, id="an amount as number"
        ),
        pytest.param(date(2024, 5, 15), "date", True, id="a day"),
        pytest.param(
            date(2024, 5, 15), "whole number of days", False, id="a day as days"
        ),
    ],
)
def test_a_limit_is_compared_only_with_its_own_kind(
    amount: Amount, kind: str, is_right: bool
) -> None:
    """Days with days, business days with business days, money with money."""
    assert fits_kind(amount, read_kind(kind)) is is_right


def test_a_range_between_limits_may_turn_out_empty() -> None:
    """Which limit is larger depends on the edition, so it is proved, not refused."""
    assert region_of("[patience..reminder)", DAYS) == NOWHERE


def test_a_page_without_limits_knows_only_values() -> None:
    """A name that no limit has is an unknown word."""
    with pytest.raises(BadCell):
        read_cell(">= reminder", read_kind(DAYS), fact="it", limits=Limits())
