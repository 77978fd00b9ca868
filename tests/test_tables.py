"""The eleven hit policies, and tables as grids of one day at one marketplace."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from builders import (
    GB,
    US,
    case_of,
    facts_of,
    grid_at,
    limits_of,
    situation_of,
    table_of,
)

from kit.errors import NoRowFits, NotCovered, RowsOverlap
from kit.rules.decisions import Decision, decide
from kit.rules.tables import HitPolicy, Table, grid_of
from kit.rules.values import Money, Value

DAYS = {"waited": "whole number of days, at least 0"}
REPLY = {"Reply": "one of refund, remind, wait"}


def replies(policy: str, *rows: str) -> Table:
    """A table that answers with a reply; refund ranks first, wait last."""
    return table_of(policy, DAYS, REPLY, *rows)


def decided(table: Table, **values: Value) -> Decision:
    """Decide a case in which nothing has to be asked."""
    result = decide(table, case_of(table, values))
    assert isinstance(result, Decision)
    return result


def reply(table: Table, waited: int) -> object:
    """What a table answers after so many days."""
    return decided(table, waited=waited).answers["reply"]


def rows_of(table: Table, waited: int) -> list[str]:
    """The numbers of the rows that decide after so many days."""
    return [row.number for row in decided(table, waited=waited).rows]


def test_every_policy_of_the_standard_is_known() -> None:
    """A table from any tool that keeps to DMN can be imported."""
    assert {each.value for each in HitPolicy} == {
        *("U", "A", "P", "F"),
        *("R", "O", "C", "C+", "C<", "C>", "C#"),
    }


def test_unique_answers_with_the_one_row_that_fits() -> None:
    """Rows can be sorted and read alone, because only one may speak."""
    table = replies("U", "< 3 => wait", ">= 3 => refund")

    assert reply(table, 2) == "wait"
    assert reply(table, 3) == "refund"


def test_unique_refuses_two_rows_even_if_they_agree() -> None:
    """Two rows with one answer still give two reasons."""
    table = replies("U", "<= 3 => wait", ">= 3 => wait")

    with pytest.raises(RowsOverlap):
        reply(table, 3)


def test_any_lets_rows_overlap_while_they_agree() -> None:
    """Two reasons for one answer are no quarrel under A."""
    table = replies("A", "<= 3 => wait", ">= 3 => wait")

    assert reply(table, 3) == "wait"
    assert rows_of(table, 3) == ["1"]


def test_any_refuses_rows_that_disagree() -> None:
    """Wait and refund cannot both be right."""
    table = replies("A", "<= 3 => wait", ">= 3 => refund")

    assert reply(table, 2) == "wait"
    with pytest.raises(RowsOverlap, match="Rows 1 and 2"):
        reply(table, 3)


def test_priority_answers_with_the_best_answer_not_the_first_row() -> None:
    """Refund ranks before wait in the declaration, so it wins from below."""
    table = replies("P", "any => wait", ">= 3 => refund")

    assert reply(table, 2) == "wait"
    assert reply(table, 3) == "refund"


def test_priority_takes_the_first_of_equal_answers() -> None:
    """With one rank the author's order decides."""
    table = replies("P", "< 9 => wait", "any => wait")

    assert rows_of(table, 3) == ["1"]


def test_first_answers_with_the_first_row_that_fits() -> None:
    """Triage: the fire first, whatever else there is to do."""
    table = replies("F", ">= 3 => refund", "any => wait")

    assert reply(table, 3) == "refund"
    assert reply(table, 2) == "wait"


def test_rule_order_lists_every_answer_as_the_rows_stand() -> None:
    """A list of things to do, in the author's order."""
    table = replies("R", "any => wait", ">= 3 => refund", "any => remind")

    assert reply(table, 3) == ("wait", "refund", "remind")
    assert reply(table, 2) == ("wait", "remind")


def test_output_order_lists_every_answer_as_they_rank() -> None:
    """A list of things to do, the weightiest first."""
    table = replies("O", "any => wait", ">= 3 => refund", "any => remind")

    assert reply(table, 3) == ("refund", "remind", "wait")
    assert rows_of(table, 3) == ["2", "3", "1"]


def test_collect_lists_every_answer() -> None:
    """Everything that applies."""
    table = replies("C", "any => wait", ">= 3 => refund")

    assert reply(table, 3) == ("wait", "refund")
    assert reply(table, 2) == ("wait",)


@pytest.mark.parametrize("policy", ["R", "O", "C"])
def test_a_list_may_be_empty(policy: str) -> None:
    """Nothing applies: that is an answer, but there is no row to point at."""
    table = replies(policy, ">= 3 => refund")

    assert reply(table, 2) == ()
    with pytest.raises(NoRowFits):
        _ = decided(table, waited=2).row


@pytest.mark.parametrize("policy", ["U", "A", "P", "F"])
def test_one_answer_is_never_made_up(policy: str) -> None:
    """A gap is an error wherever one row has to decide."""
    table = replies(policy, ">= 3 => refund")

    with pytest.raises(NoRowFits):
        reply(table, 2)


FEES = ("any => 2", ">= 3 => 5", ">= 3 => 0.5")


@pytest.mark.parametrize(
    ("policy", "many", "one", "none"),
    [
        pytest.param("C+", Decimal("7.5"), Decimal(2), None, id="the sum"),
        pytest.param("C<", Decimal("0.5"), Decimal(2), None, id="the smallest"),
        pytest.param("C>", Decimal(5), Decimal(2), None, id="the largest"),
        pytest.param("C#", 3, 1, 0, id="how many"),
    ],
)
def test_numbers_can_be_collected_into_one(
    policy: str, many: Value, one: Value, none: Value | None
) -> None:
    """Points of a score, or fees of an order; of nothing there is only a count."""
    table = table_of(policy, DAYS, {"Fee": "number"}, *FEES)
    bare = table_of(policy, DAYS, {"Fee": "number"}, ">= 9 => 1")

    assert decided(table, waited=3).answers["fee"] == many
    assert decided(table, waited=2).answers["fee"] == one
    assert decided(bare, waited=2).answers["fee"] == none


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        pytest.param("C+", Money(750, "USD"), id="the sum"),
        pytest.param("C<", Money(250, "USD"), id="the smallest"),
        pytest.param("C>", Money(500, "USD"), id="the largest"),
    ],
)
def test_amounts_can_be_collected_into_one(policy: str, value: Money) -> None:
    """Two refunds of one order make one amount, in its currency."""
    rows = ("any => USD 2.50", "any => USD 5")
    table = table_of(policy, DAYS, {"Refund": "money"}, *rows)

    assert decided(table, waited=3).answers["refund"] == value


def test_days_have_an_earliest_and_a_latest_but_no_sum() -> None:
    """To add two dates means nothing, so nothing is answered."""
    rows = ("any => 2024-05-15", "any => 2024-05-20")
    days = {"Due": "date"}

    found = {
        policy: decided(table_of(policy, DAYS, days, *rows), waited=3).answers["due"]
        for policy in ("C<", "C>", "C+")
    }

    assert found == {"C<": date(2024, 5, 15), "C>": date(2024, 5, 20), "C+": None}


@pytest.mark.parametrize("policy", ["C+", "C<", "C>"])
def test_words_cannot_be_collected_into_one(policy: str) -> None:
    """Refund plus wait is nothing, and neither of them is the smaller."""
    assert reply(replies(policy, "any => refund", "any => wait"), 3) is None


@pytest.mark.parametrize(
    ("policy", "is_single"),
    [(each.value, each.value in {"U", "A", "P", "F"}) for each in HitPolicy],
)
def test_four_policies_answer_with_one_row(policy: str, is_single: bool) -> None:
    """The others answer with as many rows as fit."""
    assert HitPolicy(policy).is_single is is_single


def test_a_table_names_its_limits_once_and_in_order() -> None:
    """Its editions are the days on which one of them changes."""
    limits = limits_of(
        "reminder | any | 2020-01-01 | 5 days",
        "patience | any | 2020-01-01 | 10 days",
        "answer time | any | 2020-01-01 | 3 business days",
    )
    table = table_of(
        "U",
        DAYS,
        {"Act by": "day"},
        "< reminder => today + answer time",
        "[reminder..patience) => today + answer time",
        ">= patience => now",
        limits=limits,
        facts=facts_of(DAYS),
    )

    assert table.limits == ("reminder", "patience")
    assert table.answer_limits == ("answer time",)


def test_a_row_is_found_by_the_authors_number() -> None:
    """Watch out names rows; a number that is gone is noticed."""
    table = replies("U", "< 3 => wait", ">= 3 => refund")

    assert table.row("2") is table.rows[1]
    assert table.row("3") is None
    assert table.place(table.rows[1]) == ".:2"


PATIENCE = limits_of(
    "patience | any | 2020-01-01 | 10 days",
    "patience | EBAY_GB | 2022-01-01 | 7 days",
    "patience | any | 2024-01-01 | 5 days",
)


@pytest.mark.parametrize(
    ("on", "values"),
    [
        pytest.param("2020-01-01", {"EBAY_US": 10, "EBAY_GB": 10}, id="one for all"),
        pytest.param("2022-01-01", {"EBAY_US": 10, "EBAY_GB": 7}, id="one of its own"),
        pytest.param(
            "2024-01-01", {"EBAY_US": 5, "EBAY_GB": 5}, id="one for all again"
        ),
    ],
)
def test_a_table_means_what_its_limits_say_that_day(
    on: str, values: Mapping[str, int]
) -> None:
    """One page carries every edition of a policy."""
    table = table_of(
        "U", DAYS, REPLY, "< patience => wait", ">= patience => refund", limits=PATIENCE
    )
    day = date.fromisoformat(on)

    for marketplace in (US, GB):
        grid = grid_of(
            table, situation_of(PATIENCE, marketplace=marketplace, today=day)
        )
        border = values[marketplace.id]
        assert grid.scales[0].rows_at(border - 1) == 0b01
        assert grid.scales[0].rows_at(border) == 0b10


def test_the_same_limits_share_one_grid() -> None:
    """Two days of one edition are proved once."""
    table = table_of("U", DAYS, REPLY, "< patience => wait", limits=PATIENCE)

    first = grid_of(table, situation_of(PATIENCE, today=date(2020, 1, 1)))
    same = grid_of(table, situation_of(PATIENCE, today=date(2023, 12, 31)))
    other = grid_of(table, situation_of(PATIENCE, today=date(2024, 1, 1)))

    assert first is same
    assert first is not other


def test_the_edition_may_be_chosen_by_another_day() -> None:
    """A payment of 2023 keeps the window of 2023 although the case is of today."""
    table = table_of("U", DAYS, REPLY, "< patience => wait", limits=PATIENCE)
    situation = situation_of(PATIENCE)
    earlier = type(situation)(US, situation.today, date(2023, 12, 31), PATIENCE)

    assert grid_of(table, situation).limits["patience"].start == date(2024, 1, 1)
    assert grid_of(table, earlier).limits["patience"].start == date(2020, 1, 1)


def test_an_amount_of_a_foreign_currency_in_a_cell_is_not_covered() -> None:
    """A row about pounds has no meaning where people pay in dollars."""
    table = table_of("U", {"price": "money"}, REPLY, "<= GBP 30 => wait")

    assert grid_of(table, situation_of(marketplace=GB))
    with pytest.raises(NotCovered):
        grid_of(table, situation_of(marketplace=US))


def test_a_case_can_be_found_in_every_segment() -> None:
    """Practice cases are drawn where a cell changes: below, on and above."""
    table = replies("F", "3..5 => wait", "any => refund")
    (scale,) = grid_at(table).scales

    found = [scale.point_in(segment) for segment in scale.inside]

    assert found == [0, 3, 6]
    assert [scale.rows_at(each) for each in (0, 3, 5, 6)] == [0b10, 0b11, 0b11, 0b10]
