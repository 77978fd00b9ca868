"""Generated functions decide as the page does, and refuse what it would refuse."""

from datetime import date
from decimal import Decimal

import pytest
from builders import grid_at, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables import (
    KINDS,
    Drawn,
    cells_of,
    drawn_cases,
    drawn_tables,
    numbers_of,
    values_around,
)

from kit.errors import NoRowFits, RowsOverlap
from kit.rules import proofs
from kit.rules.generated import Generated, generate, plain
from kit.rules.values import Money, Value

REPLY = {"Reply": "one of wait, refund"}
NAN = float("nan")

TYPES = {
    "yes/no": "yes",
    "one of none, lost": "lost",
    "whole number": ">= 3",
    "number": ">= 2.5",
    "money": ">= USD 3",
    "date": ">= 2024-05-15",
}


def asks_one(kind: str) -> Generated:
    """A function that asks one question of a kind, and asks it truly."""
    cell = TYPES[kind]
    rows = [f"{cell} => refund", "any => wait"]
    return generate(grid_at(table_of("F", {"it": kind}, REPLY, *rows)))


@settings(max_examples=100)
@given(drawn_tables(), st.data())
def test_it_decides_every_boundary_and_every_unknown_as_by_hand(
    drawn: Drawn, data: st.DataObject
) -> None:
    """A month of cases is audited by the rules that the agents were taught."""
    decide = generate(drawn.grid)
    for _ in range(5):
        case = data.draw(drawn_cases(drawn, unknown=True))
        results = {drawn.result(rows) for rows in drawn.completions(case)}
        _agrees(drawn, decide, case, results)


def _agrees(
    drawn: Drawn,
    decide: Generated,
    case: tuple[Value | None, ...],
    results: set[int],
) -> None:
    values = [plain(value) for value in case]
    if len(results) > 1:
        assert decide(*values) is None
        return
    (rows,) = results
    policy = drawn.table.policy.value
    if policy != "C" and not rows:
        with pytest.raises(NoRowFits):
            decide(*values)
    elif policy == "U" and rows.bit_count() > 1:
        with pytest.raises(RowsOverlap):
            decide(*values)
    else:
        found = decide(*values)
        assert found is not None
        assert [row.number for row in found] == numbers_of(rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_warm_function_decides_every_cell_at_every_border(kind: str) -> None:
    """The quick path only answers what it has met before, so it meets all of it."""
    cells = cells_of(kind)
    rows = [f"{text} => wait" for text, _ in cells]
    decide = generate(grid_at(table_of("C", {"it": kind}, REPLY, *rows)))
    values = values_around(kind)
    for value in values:
        decide(plain(value))

    for value in values:
        found = decide(plain(value))
        assert found is not None
        wanted = [str(n) for n, (_, fits) in enumerate(cells, start=1) if fits(value)]
        assert [row.number for row in found] == wanted


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("yes/no", 1, id="one is not yes"),
        pytest.param("yes/no", 0, id="zero is not no"),
        pytest.param("yes/no", "yes", id="the word yes is not yes"),
        pytest.param("yes/no", NAN, id="a missing number is not no"),
        pytest.param("one of none, lost", "stolen", id="an undeclared word"),
        pytest.param("one of none, lost", "Lost", id="a word in other letters"),
        pytest.param("one of none, lost", 1, id="the place of a word"),
        pytest.param("one of none, lost", True, id="yes is no word"),
        pytest.param("one of none, lost", ["lost"], id="a list of words"),
        pytest.param("one of none, lost", NAN, id="a missing word"),
        pytest.param("whole number", "5", id="a number in text"),
        pytest.param("whole number", 5.0, id="a floating number"),
        pytest.param("whole number", NAN, id="not a number among whole numbers"),
        pytest.param("whole number", Decimal("2.5"), id="half a day"),
        pytest.param("whole number", True, id="yes is no count"),
        pytest.param("number", NAN, id="not a number"),
        pytest.param("number", Decimal("NaN"), id="a decimal that is not a number"),
        pytest.param("number", Decimal("sNaN"), id="a decimal that signals"),
        pytest.param("number", Decimal("Infinity"), id="endless"),
        pytest.param("number", 2.5, id="a float that may be off by a hair"),
        pytest.param("number", "2.5", id="a decimal in text"),
        pytest.param("number", True, id="yes is no number"),
        pytest.param("money", Money(300, "USD"), id="an amount not in minor units"),
        pytest.param("money", 300.0, id="an amount as a float"),
        pytest.param("money", Decimal(300), id="an amount in dollars"),
        pytest.param("money", NAN, id="a missing amount"),
        pytest.param("date", date(2024, 5, 15), id="a day not as an ordinal"),
        pytest.param("date", "2024-05-15", id="a day in text"),
        pytest.param("date", NAN, id="a missing day"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: object) -> None:
    """A mixed-up column of an export stops the audit instead of bending it."""
    decide = asks_one(kind)

    with pytest.raises((KeyError, TypeError)):
        decide(value)


@pytest.mark.parametrize("kind", TYPES)
def test_a_wrong_value_is_refused_beside_an_unknown_too(kind: str) -> None:
    """The slow path of unknown facts is as strict as the quick one."""
    table = table_of(
        "F",
        {"it": kind, "sure": "yes/no"},
        REPLY,
        f"{TYPES[kind]} | yes => refund",
        "any | any => wait",
    )
    decide = generate(grid_at(table))

    with pytest.raises((KeyError, TypeError)):
        decide(object(), None)
    with pytest.raises((KeyError, TypeError)):
        decide(NAN, None)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in TYPES if not kind.startswith(("one of", "yes/no"))],
)
def test_a_question_that_no_row_asks_still_refuses_nonsense(kind: str) -> None:
    """An idle column keeps its type, so a shifted export is noticed."""
    decide = generate(grid_at(table_of("U", {"it": kind}, REPLY, "any => wait")))

    with pytest.raises(TypeError):
        decide(NAN)


def test_a_wrong_value_is_refused_again_after_right_ones() -> None:
    """What was found before never answers for what is not known."""
    decide = asks_one("whole number")
    decide(5)

    with pytest.raises(TypeError):
        decide(NAN)
    with pytest.raises(TypeError):
        decide(5.0)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        pytest.param(None, None, id="unknown stays unknown"),
        pytest.param(True, True, id="yes"),
        pytest.param("lost", "lost", id="a word"),
        pytest.param(5, 5, id="a whole number"),
        pytest.param(Decimal("2.5"), Decimal("2.5"), id="a number"),
        pytest.param(Money(1250, "GBP"), 1250, id="an amount in minor units"),
        pytest.param(date(2024, 5, 15), 739021, id="a day as its ordinal"),
    ],
)
def test_values_travel_to_generated_functions_in_plain_form(
    value: Value | None, wanted: object
) -> None:
    """Columns of an export are numbers and words; nothing is lost on the way."""
    assert plain(value) == wanted


def test_an_unknown_fact_that_changes_nothing_is_decided() -> None:
    """Refund comes at three days, whatever the insurance says."""
    table = table_of(
        "U",
        {"waited": "whole number of days", "insured": "yes/no"},
        REPLY,
        ">= 3 | any => refund",
        "< 3 | yes => wait",
        "< 3 | no => refund",
    )
    decide = generate(grid_at(table))

    assert decide(3, None) == (table.rows[0],)
    assert decide(2, None) is None
    assert decide(None, None) is None


def test_too_many_possibilities_are_unknown_not_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search that gives up leaves the case open."""
    monkeypatch.setattr(proofs, "MOST_NODES", 0)
    decide = asks_one("yes/no")

    assert decide(None) is None


def test_an_overlap_is_never_missed() -> None:
    """All rows are tried each time, not only up to the first that fits."""
    table = table_of(
        "U",
        {"waited": "whole number of days"},
        REPLY,
        "<= 3 => wait",
        ">= 3 => refund",
    )
    decide = generate(grid_at(table))

    assert decide(2) == (table.rows[0],)
    with pytest.raises(RowsOverlap):
        decide(3)
    with pytest.raises(RowsOverlap):
        decide(3)


def test_borders_between_whole_numbers_are_exact() -> None:
    """A tenth has no exact float, so borders are compared as decimals."""
    table = table_of("F", {"x": "number"}, REPLY, "<= 0.1 => wait", "any => refund")
    decide = generate(grid_at(table))

    assert decide(Decimal("0.1")) == (table.rows[0],)
    assert decide(Decimal("0.1000000000000000000000000001")) == (table.rows[1],)


def test_a_long_list_of_borders_stays_a_valid_function() -> None:
    """A rate card has hundreds of steps; Python allows no thousand brackets."""
    rows = [f"[{step}..{step + 1}) => wait" for step in range(600)]
    table = table_of("U", {"x": "whole number"}, REPLY, *rows)
    decide = generate(grid_at(table))

    assert decide(599) == (table.rows[599],)
    with pytest.raises(NoRowFits):
        decide(600)
