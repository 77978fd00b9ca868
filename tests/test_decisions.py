"""One case, one row, its reasons: what an agent is told, and what is asked first."""

from datetime import date

import pytest
from builders import US, case_of, facts_of, limits_of, situation_of, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables import Drawn, drawn_cases, drawn_tables, numbers_of

from kit.errors import NoRowFits, NotCovered, RowsOverlap
from kit.rules import proofs
from kit.rules.decisions import Decision, FactNeeded, Possibilities, RowMismatch, decide
from kit.rules.tables import Table
from kit.rules.values import Money, Value

REPLY = {"Reply": "one of wait, remind, refund"}
DAYS = {"waited": "whole number of days, at least 0"}
PARCEL = {"tracking": "one of none, moving, lost", **DAYS, "insured": "yes/no"}


def facts(drawn: Drawn, case: tuple[Value | None, ...]) -> dict[str, Value | None]:
    """Name the values of a random case."""
    keys = [column.key for column in drawn.table.inputs]
    return dict(zip(keys, case, strict=True))


def decided(table: Table, values: dict[str, Value | None]) -> Decision:
    """Decide a case in which nothing has to be asked."""
    result = decide(table, case_of(table, values))
    assert isinstance(result, Decision)
    return result


def asked(table: Table, values: dict[str, Value | None]) -> FactNeeded:
    """Decide a case in which something has to be asked."""
    result = decide(table, case_of(table, values))
    assert isinstance(result, FactNeeded)
    return result


def parcels() -> Table:
    """Lost needs no waiting, and insurance matters only from the tenth day."""
    return table_of(
        "U",
        PARCEL,
        REPLY,
        "lost | any | any => refund",
        "none, moving | < 10 | any => wait",
        "none, moving | >= 10 | yes => remind",
        "none, moving | >= 10 | no => refund",
    )


@settings(max_examples=100)
@given(drawn_tables(), st.data())
def test_the_row_that_fits_by_hand_decides(drawn: Drawn, data: st.DataObject) -> None:
    """The machine reads a page exactly as a careful person would."""
    case = data.draw(drawn_cases(drawn, unknown=False))
    known = case_of(drawn.table, facts(drawn, case), drawn.situation)
    (fitting,) = drawn.completions(case)

    policy, count = drawn.table.policy.value, fitting.bit_count()
    if policy != "C" and not count:
        with pytest.raises(NoRowFits):
            decide(drawn.table, known)
    elif policy == "U" and count > 1:
        with pytest.raises(RowsOverlap):
            decide(drawn.table, known)
    else:
        result = decide(drawn.table, known)
        assert isinstance(result, Decision)
        wanted = numbers_of(drawn.result(fitting))
        assert [row.number for row in result.rows] == wanted


@settings(max_examples=100)
@given(drawn_tables("UFP"), st.data())
def test_it_asks_exactly_when_an_unknown_fact_could_change_the_row(
    drawn: Drawn, data: st.DataObject
) -> None:
    """Nothing is guessed while it matters; nothing is asked when it does not."""
    case = data.draw(drawn_cases(drawn, unknown=True))
    known = case_of(drawn.table, facts(drawn, case), drawn.situation)
    results = {drawn.result(rows) for rows in drawn.completions(case)}

    if len(results) > 1:
        result = decide(drawn.table, known)
        assert isinstance(result, FactNeeded)
        possible = {number for each in results for number in numbers_of(each)}
        assert {row.number for row in result.rows} == possible
        return
    (rows,) = results
    if rows.bit_count() == 1:
        result = decide(drawn.table, known)
        assert isinstance(result, Decision)
        assert [row.number for row in result.rows] == numbers_of(rows)
    else:
        with pytest.raises((NoRowFits, RowsOverlap)):
            decide(drawn.table, known)


@settings(max_examples=100)
@given(drawn_tables(), st.data())
def test_it_asks_for_exactly_the_facts_that_can_matter(
    drawn: Drawn, data: st.DataObject
) -> None:
    """An agent looks up what the answer hangs on, and not one fact more."""
    case = data.draw(drawn_cases(drawn, unknown=True))
    results = {drawn.result(rows) for rows in drawn.completions(case)}
    if len(results) < 2:
        return

    result = decide(
        drawn.table, case_of(drawn.table, facts(drawn, case), drawn.situation)
    )

    assert isinstance(result, FactNeeded)
    assert set(result.facts) == {
        column.key
        for number, column in enumerate(drawn.table.inputs)
        if case[number] is None and drawn.changes(case, number)
    }


@settings(max_examples=100)
@given(drawn_tables("FC"), st.data())
def test_every_other_row_says_exactly_which_of_its_cells_do_not_fit(
    drawn: Drawn, data: st.DataObject
) -> None:
    """“Why not this row?” is answered cell by cell, and truly."""
    case = data.draw(drawn_cases(drawn, unknown=False))
    known = case_of(drawn.table, facts(drawn, case), drawn.situation)
    (fitting,) = drawn.completions(case)
    if drawn.table.policy.value == "F" and not fitting:
        return

    result = decide(drawn.table, known)

    assert isinstance(result, Decision)
    chosen = {row.number for row in result.rows}
    assert {
        each.row.number: [miss.number for miss in each.misses]
        for each in result.why_not
    } == {
        row.number: [
            number for number, fits in enumerate(cells) if not fits(case[number])
        ]
        for row, cells in zip(drawn.table.rows, drawn.fits, strict=True)
        if row.number not in chosen
    }


def test_a_decision_carries_its_reason_its_source_and_its_place() -> None:
    """Whoever reads the answer can walk back to the line that gave it."""
    result = decided(parcels(), {"tracking": "lost"})

    assert result.row.number == "1"
    assert result.answers == {"reply": "refund"}
    assert (result.because, result.sources) == ("Reason 1.", ("house",))
    assert result.place == ".:1"


def test_a_fact_that_cannot_matter_is_never_asked() -> None:
    """A lost parcel is refunded without counting days."""
    assert decided(parcels(), {"tracking": "lost"}).row.number == "1"


def test_only_one_row_left_decides_although_facts_are_unknown() -> None:
    """On day 9 the parcel is waited for, insured or not, moving or not at all."""
    table = parcels()

    result = decided(table, {"tracking": "moving", "waited": 9})

    assert result.row.number == "2"
    third = next(each for each in result.why_not if each.row.number == "3")
    assert [result.shown(miss) for miss in third.misses] == ["9 days"]


def test_asking_names_only_facts_that_still_matter() -> None:
    """On day 10 the insurance decides, so it and nothing else is asked for."""
    result = asked(parcels(), {"tracking": "moving", "waited": 10})

    assert result.facts == ("insured",)
    assert [row.number for row in result.rows] == ["3", "4"]


def test_the_page_says_what_to_ask_first() -> None:
    """The order of Ask is the order in which an agent looks things up."""
    table = parcels()

    first = decide(table, case_of(table, {}), ask_order=["insured", "waited"])
    other = decide(table, case_of(table, {}), ask_order=["waited", "tracking"])

    assert isinstance(first, FactNeeded)
    assert isinstance(other, FactNeeded)
    assert (first.first, first.facts) == ("insured", ("insured", "waited", "tracking"))
    assert (other.first, other.facts) == ("waited", ("waited", "tracking", "insured"))


def test_an_unknown_derived_fact_asks_for_what_it_follows_from() -> None:
    """Nobody can look up “days since payment”; the day of payment one can."""
    known_facts = facts_of(
        {"paid on": "date"},
        {"waited": ("whole number of days", "days from paid on to today")},
    )
    table = table_of("U", DAYS, REPLY, "< 10 => wait", ">= 10 => refund")

    result = decide(table, case_of(table, {}, facts=known_facts))

    assert isinstance(result, FactNeeded)
    assert result.first == "paid_on"


def test_an_unknown_that_every_value_satisfies_is_not_asked() -> None:
    """“yes, no” and “any” mean the same, also while the fact is unknown."""
    table = table_of("U", {"insured": "yes/no"}, REPLY, "yes, no => wait")

    assert decided(table, {}).row.number == "1"


def test_facts_that_only_matter_together_are_both_asked() -> None:
    """Neither alone decides between the rows, but the two of them do."""
    table = table_of(
        "F",
        {"a": "yes/no", "b": "yes/no"},
        REPLY,
        "yes | yes => refund",
        "any | any => wait",
    )

    assert asked(table, {}).facts == ("a", "b")
    assert decided(table, {"a": False}).row.number == "2"


def test_a_masked_row_is_not_called_possible() -> None:
    """What an earlier row always takes away is no hope for the agent."""
    table = table_of(
        "F",
        {"a": "yes/no"},
        REPLY,
        "yes => refund",
        "any => wait",
        "any => remind",
    )

    assert [row.number for row in asked(table, {}).rows] == ["1", "2"]


def test_under_priority_a_weaker_row_is_not_asked_about() -> None:
    """Refund ranks first and fits already, so the rest changes nothing."""
    table = table_of(
        "P",
        {"a": "yes/no"},
        {"Reply": "one of refund, wait"},
        "any => refund",
        "yes => wait",
    )

    assert decided(table, {}).row.number == "1"


def test_too_many_possibilities_are_asked_not_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search that gives up never passes for an answer."""
    monkeypatch.setattr(proofs, "MOST_NODES", 0)

    result = asked(parcels(), {"tracking": "moving", "waited": 9})

    assert result.facts == ("insured",)
    assert [row.number for row in result.rows] == ["2"]


def test_why_not_begins_with_the_nearest_miss() -> None:
    """The row that missed by one cell teaches more than the one that missed by two."""
    values = {"tracking": "moving", "waited": 9, "insured": True}

    result = decided(parcels(), values)

    assert [
        (each.row.number, [miss.column.name for miss in each.misses])
        for each in result.why_not
    ] == [
        ("1", ["tracking"]),
        ("3", ["waited"]),
        ("4", ["waited", "insured"]),
    ]


def test_a_row_that_came_too_late_misses_nothing() -> None:
    """Under F a later row may fit as well; that is said, not hidden."""
    table = table_of("F", DAYS, REPLY, "< 5 => wait", "any => refund")

    result = decided(table, {"waited": 3})

    assert result.why_not == (RowMismatch(table.rows[1], ()),)


def test_a_miss_says_what_the_case_has_and_what_was_wanted() -> None:
    """A name of a limit tells nothing without the number that holds today."""
    limits = limits_of("patience | any | 2020-01-01 | 10 days")
    table = table_of(
        "U", DAYS, REPLY, "< patience => wait", ">= patience => refund", limits=limits
    )

    result = decide(table, case_of(table, {"waited": 9}, situation_of(limits)))

    assert isinstance(result, Decision)
    (miss,) = result.why_not[0].misses
    assert result.shown(miss) == "9 days"
    assert result.wanted(miss) == ">= patience (patience = 10 days)"


def test_a_miss_without_a_limit_is_said_as_the_author_wrote_it() -> None:
    """Plain cells are plain enough."""
    result = decided(parcels(), {"tracking": "lost"})

    assert result.wanted(result.why_not[0].misses[0]) == "none, moving"


def test_a_decision_names_every_limit_behind_it() -> None:
    """Cell, derived fact and day: each with the edition that held."""
    limits = limits_of(
        "patience | any | 2020-01-01 | 10 days",
        "patience | any | 2024-01-01 | 5 days",
        "window | any | 2020-01-01 | 30 days",
        "answer time | any | 2020-01-01 | 3 business days",
        "idle | any | 2020-01-01 | 1 days",
    )
    known_facts = facts_of(
        {**DAYS, "paid on": "date"},
        {"window ends on": ("date", "paid on plus window")},
    )
    table = table_of(
        "U",
        {**DAYS, "window ends on": "date"},
        {"Act by": "day"},
        "< patience | >= 2024-01-01 => paid on + answer time",
        limits=limits,
        facts=known_facts,
    )
    values = {"waited": 4, "paid_on": date(2024, 5, 10)}

    result = decide(table, case_of(table, values, situation_of(limits), known_facts))

    assert isinstance(result, Decision)
    assert [str(limit) for limit in result.limits] == [
        "patience = 5 days",
        "window = 30 days",
        "answer time = 3 business days",
    ]


def test_an_answer_whose_date_is_unknown_says_what_to_ask() -> None:
    """What to do is clear although its last day cannot be told yet."""
    known_facts = facts_of({**DAYS, "paid on": "date"})
    table = table_of(
        "U",
        DAYS,
        {**REPLY, "Act by": "day"},
        "any => wait | paid on + 3 days",
        facts=known_facts,
    )

    result = decide(table, case_of(table, {"waited": 1}, facts=known_facts))

    assert isinstance(result, Decision)
    assert result.answers == {"reply": "wait", "act_by": None}
    assert result.missing == {"act_by": "paid_on"}


def test_a_gap_is_an_error_that_names_the_case() -> None:
    """Nobody is refunded, or refused, because a table forgot them."""
    table = table_of("U", DAYS, REPLY, "< 3 => wait")

    with pytest.raises(NoRowFits, match="waited = 3 days"):
        decide(table, case_of(table, {"waited": 3}))


def test_two_fitting_rows_are_an_error_that_names_both() -> None:
    """Which of two answers is right is not for the kit to pick."""
    table = table_of("U", DAYS, REPLY, "<= 3 => wait", ">= 3 => refund")

    with pytest.raises(RowsOverlap, match="Rows 1 and 2") as refused:
        decide(table, case_of(table, {"waited": 3}))

    assert refused.value.table == table.name


def test_a_day_before_the_first_limit_is_not_covered() -> None:
    """No edition is borrowed for a day on which it did not hold."""
    limits = limits_of("patience | any | 2024-05-16 | 10 days")
    table = table_of("U", DAYS, REPLY, "< patience => wait", limits=limits)

    with pytest.raises(NotCovered):
        decide(table, case_of(table, {"waited": 3}, situation_of(limits)))


def test_an_amount_in_another_currency_is_not_covered() -> None:
    """A threshold in dollars says nothing about pounds."""
    table = table_of("U", {"price": "money"}, REPLY, "<= GBP 30 => wait")

    with pytest.raises(NotCovered):
        decide(table, case_of(table, {"price": Money(2000, US.currency)}))


def test_free_text_may_stand_in_a_table_that_does_not_ask_about_it() -> None:
    """A column of “any” is idle, whatever the text says."""
    table = table_of("U", {"note": "text"}, REPLY, "any => wait")

    assert decided(table, {"note": "Where is it?"}).row.number == "1"
    assert decided(table, {}).row.number == "1"


PATIENCE = limits_of("patience | any | 2024-05-16 | 10 days")
"""It starts on the day after the case."""


def waiting(policy: str = "U") -> Table:
    """Only a parcel that moves is waited for, as long as the patience goes."""
    return table_of(
        policy,
        {"tracking": "one of moving, lost", **DAYS},
        REPLY,
        "lost | any => refund",
        "moving | < patience => wait",
        "moving | >= patience => remind",
        limits=PATIENCE,
    )


def test_a_limit_is_needed_only_by_the_rows_that_compare_with_it() -> None:
    """A lost parcel is refunded on any day; nobody has to wait for a number."""
    case = case_of(waiting(), {"tracking": "lost"}, situation_of(PATIENCE))

    result = decide(waiting(), case)

    assert isinstance(result, Decision)
    assert result.row.number == "1"
    assert [result.wanted(each.misses[0]) for each in result.why_not] == ["moving"] * 2


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"tracking": "moving", "waited": 3}, id="all is known"),
        pytest.param({"tracking": "moving"}, id="what is unknown changes nothing"),
    ],
)
def test_a_row_that_needs_a_limit_without_a_value_is_not_covered(
    values: dict[str, Value | None],
) -> None:
    """It may be the row that fits, and then any other would be a guess."""
    with pytest.raises(NotCovered, match="patience"):
        decide(waiting(), case_of(waiting(), values, situation_of(PATIENCE)))


def test_what_can_still_lead_to_a_covered_row_is_asked() -> None:
    """Whether the parcel is lost decides between an answer and “not covered”."""
    result = decide(waiting(), case_of(waiting(), {}, situation_of(PATIENCE)))

    assert isinstance(result, FactNeeded)
    assert result.first == "tracking"


def test_an_earlier_row_covers_for_a_later_one_that_is_not() -> None:
    """Under F the first row that fits decides, whatever stands below it."""
    table = table_of(
        "F", DAYS, REPLY, "< 3 => wait", "< patience => remind", limits=PATIENCE
    )
    early = case_of(table, {"waited": 2}, situation_of(PATIENCE))
    late = case_of(table, {"waited": 3}, situation_of(PATIENCE))

    result = decide(table, early)

    assert isinstance(result, Decision)
    assert result.row.number == "1"
    with pytest.raises(NotCovered):
        decide(table, late)


def test_a_derived_fact_without_its_limit_is_needed_only_where_it_matters() -> None:
    """The way back closes by a number; a lost parcel has no way back."""
    known_facts = facts_of(
        {"tracking": "one of moving, lost", "paid on": "date"},
        {
            "ends on": ("date", "paid on plus patience"),
            "in time": ("yes/no", "today is not after ends on"),
        },
    )
    questions = {"tracking": "one of moving, lost", "in time": "yes/no"}
    rows = ("lost | any => refund", "moving | yes => wait", "moving | no => remind")
    table = table_of("U", questions, REPLY, *rows, limits=PATIENCE, facts=known_facts)
    case = {"paid_on": date(2024, 5, 1)}
    at = situation_of(PATIENCE)

    lost = decide(table, case_of(table, {**case, "tracking": "lost"}, at, known_facts))

    assert isinstance(lost, Decision)
    assert lost.row.number == "1"
    with pytest.raises(NotCovered, match="patience"):
        decide(table, case_of(table, {**case, "tracking": "moving"}, at, known_facts))
    open_one = decide(table, case_of(table, case, at, known_facts))
    assert isinstance(open_one, FactNeeded)
    assert open_one.facts == ("tracking",)


def test_what_is_ruled_out_is_no_row_that_can_still_decide() -> None:
    """An earlier table leaves two of three reasons: the third is not asked about."""
    questions = {"why": "one of size, colour, broken"}
    table = table_of(
        "U", questions, REPLY, "size => wait", "colour => refund", "broken => wait"
    )
    leads = Possibilities({"why": frozenset({"size", "colour"})})

    asked = decide(table, case_of(table, {}), leads=leads)
    open_to_all = decide(table, case_of(table, {}))

    assert isinstance(asked, FactNeeded)
    assert [row.number for row in asked.rows] == ["1", "2"]
    assert [row.number for row in open_to_all.rows] == ["1", "2", "3"]
    only = Possibilities({"why": frozenset({"colour"})})
    decided = decide(table, case_of(table, {}), leads=only)
    assert isinstance(decided, Decision)
    assert decided.row.number == "2"
