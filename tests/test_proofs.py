"""What is proved of a table holds for every case that there can be."""

from itertools import combinations

import pytest
from builders import US, grid_at, limits_of, table_of
from hypothesis import given, settings
from random_tables import Drawn, drawn_tables

from kit.rules import proofs
from kit.rules.proofs import SearchTooLarge, common_case, possible_results, prove

REPLY = {"Reply": "one of wait, remind, refund"}
DAYS = {"waited": "whole number of days, at least 0"}


def nothing_known(drawn: Drawn) -> list[None]:
    """A case of which every fact is still open."""
    return [None] * len(drawn.values)


@settings(max_examples=100)
@given(drawn_tables())
def test_a_gap_is_proved_exactly_when_some_case_fits_no_row(drawn: Drawn) -> None:
    """An agent never stands before a case that the page forgot."""
    proof = prove(drawn.grid)

    assert proof.is_complete
    assert bool(proof.gaps) == (0 in drawn.completions(nothing_known(drawn)))


@settings(max_examples=100)
@given(drawn_tables())
def test_the_case_named_for_a_gap_really_fits_no_row(drawn: Drawn) -> None:
    """An author who looks up the example finds the gap there, not elsewhere."""
    for gap in prove(drawn.grid).gaps:
        witness = drawn.grid.witness(gap, US.currency)

        case = [witness.get(column.name) for column in drawn.table.inputs]
        assert drawn.completions(case) == {0}


@settings(max_examples=100)
@given(drawn_tables())
def test_overlaps_are_exactly_the_pairs_that_share_a_case(drawn: Drawn) -> None:
    """Two rows that could both speak are found, and no two are accused wrongly."""
    cases = drawn.completions(nothing_known(drawn))

    shared = {
        (one, other)
        for one, other in combinations(range(len(drawn.fits)), 2)
        if any(rows >> one & 1 and rows >> other & 1 for rows in cases)
    }
    assert set(prove(drawn.grid).overlaps) == shared


@settings(max_examples=100)
@given(drawn_tables())
def test_the_case_named_for_an_overlap_fits_both_rows(drawn: Drawn) -> None:
    """The example that an author reads shows the two rows really speaking at once."""
    for pair in prove(drawn.grid).overlaps:
        witness = drawn.grid.witness(common_case(drawn.grid, pair), US.currency)

        case = [witness[column.name] for column in drawn.table.inputs]
        (rows,) = drawn.completions(case)
        assert all(rows >> each & 1 for each in pair)


@settings(max_examples=100)
@given(drawn_tables())
def test_rows_that_never_fit_or_never_decide_are_named(drawn: Drawn) -> None:
    """A row that cannot speak misleads everyone who reads it."""
    cases = drawn.completions(nothing_known(drawn))
    every = range(len(drawn.fits))
    proof = prove(drawn.grid)

    never = {row for row in every if not any(rows >> row & 1 for rows in cases)}
    decides = {row for row in every for rows in cases if drawn.result(rows) >> row & 1}
    assert set(proof.never) == never
    assert set(proof.masked) == set(every) - never - decides


@settings(max_examples=100)
@given(drawn_tables())
def test_a_question_is_dead_exactly_when_it_changes_no_result(drawn: Drawn) -> None:
    """Nobody is sent to look up a fact that cannot matter."""
    dead = {
        number
        for number in range(len(drawn.values))
        if not drawn.changes(nothing_known(drawn), number)
    }
    assert set(prove(drawn.grid).dead) == dead


def test_a_gap_is_named_by_its_lowest_case() -> None:
    """Day 3 is the forgotten one, so day 3 is what the author reads."""
    table = table_of("U", DAYS, REPLY, "< 3 => wait", "> 3 => refund")
    grid = grid_at(table)

    (gap,) = prove(grid).gaps

    assert grid.witness(gap, US.currency) == {"waited": 3}


def test_of_several_gaps_the_lowest_comes_first() -> None:
    """An author mends a table from the top."""
    grid = grid_at(table_of("U", DAYS, REPLY, "3..5 => wait"))

    found = [grid.witness(gap, US.currency) for gap in prove(grid).gaps]

    assert found == [{"waited": 0}, {"waited": 6}]


def test_a_value_below_the_lowest_is_no_gap() -> None:
    """A parcel is never minus one day late, so no row has to say so."""
    table = table_of("U", DAYS, REPLY, "[0..3) => wait", ">= 3 => refund")

    assert prove(grid_at(table)).gaps == ()


def test_a_proof_holds_for_the_limits_of_its_own_day() -> None:
    """Ten days once and five now: the same rows are whole or torn by the edition."""
    limits = limits_of(
        "first | any | 2020-01-01 | 5 days", "second | any | 2020-01-01 | 10 days"
    )
    table = table_of(
        "U", DAYS, REPLY, "< first => wait", ">= second => refund", limits=limits
    )

    torn = prove(grid_at(table, limits))
    whole = prove(
        grid_at(
            table,
            limits_of(
                "first | any | 2020-01-01 | 5 days",
                "second | any | 2020-01-01 | 5 days",
            ),
        )
    )

    assert torn.gaps
    assert not whole.gaps


def test_a_range_between_two_equal_limits_never_fits() -> None:
    """When reminder and end fall on one day, the row between them is dead."""
    limits = limits_of(
        "reminder | any | 2020-01-01 | 5 days", "end | any | 2020-01-01 | 5 days"
    )
    table = table_of(
        "U",
        DAYS,
        REPLY,
        "< reminder => wait",
        "[reminder..end) => remind",
        ">= end => refund",
        limits=limits,
    )

    assert prove(grid_at(table, limits)).never == (1,)


def test_earlier_rows_together_can_mask_a_later_one() -> None:
    """No single row covers the third, but two of them leave nothing to it."""
    table = table_of(
        "F", DAYS, REPLY, "<= 5 => wait", "> 5 => refund", "3..9 => remind"
    )

    assert prove(grid_at(table)).masked == (2,)


def test_a_row_that_always_loses_its_priority_is_masked() -> None:
    """Under P the answers rank, not the rows; the lowest rank may never come up."""
    table = table_of("P", DAYS, REPLY, "any => refund", "< 3 => wait", "any => remind")

    assert prove(grid_at(table)).masked == (0,)


def test_a_question_whose_day_is_never_asked_has_an_example_all_the_same() -> None:
    """A gap beside a date column that says “any” is shown, not a crash."""
    questions = {"paid on": "date", **DAYS}
    table = table_of("U", questions, REPLY, "any | < 3 => wait")
    grid = grid_at(table)

    (gap,) = prove(grid).gaps

    assert grid.witness(gap, US.currency)["waited"] == 3


def test_a_table_too_wide_to_prove_is_never_called_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """“Not proven” is honest; “complete” would be a guess."""
    monkeypatch.setattr(proofs, "MOST_NODES", 2)
    questions = {f"sign {number}": "yes/no" for number in range(4)}
    table = table_of(
        "U",
        questions,
        REPLY,
        "yes | no | any | any => wait",
        "any | yes | no | any => remind",
        "any | any | yes | no => refund",
    )
    grid = grid_at(table)

    proof = prove(grid)

    assert not proof.is_complete
    assert proof.overlaps == ((0, 2),)
    with pytest.raises(SearchTooLarge):
        possible_results(grid, grid.all_rows, range(4))
