"""One action at a time: a table says when it speaks, and nothing useless is asked."""

from dataclasses import replace
from datetime import date
from itertools import product

from builders import facts_of, table_of
from hypothesis import given
from hypothesis import strategies as st
from shipped import LENDING

from kit.content.playbook.chains import Chain, plans_of
from kit.content.proofs.gate_proofs import unproved_gates
from kit.rules.decisions import Decision, FactNeeded, NotApplicable
from kit.rules.facts import Known, Situation
from kit.rules.outcomes import Outcome
from kit.rules.proofs import prove
from kit.rules.tables import Column, Table, grid_of
from kit.rules.values import Kind, Sort

PAGE = LENDING.playbook("late-book")
WORDS = ("a", "b", "c")
ONE_OF = "one of a, b, c"


def desk(**facts):
    """Stand at the lending desk with a book."""
    place = PAGE.reference.marketplaces["OLD_TOWN"]
    return PAGE.known(facts, marketplace=place, on=date(2024, 5, 10))


def test_a_table_that_is_written_for_other_cases_says_nothing():
    """Whoever wants to keep the book is not told to shelve it."""
    result = PAGE.decide("the book", desk(reader_wants="to-keep"))

    assert isinstance(result, NotApplicable)
    (why_not,) = result.gate.why_not
    assert [miss.column.name for miss in why_not.misses] == ["reader wants"]


def test_a_table_asks_first_whether_it_speaks():
    """Nobody turns the pages of a book before it is known what the reader wants."""
    result = PAGE.decide("the book", desk())

    assert isinstance(result, FactNeeded)
    assert result.facts == ("reader_wants",)


def test_whoever_names_a_table_means_that_it_speaks():
    """A check of one table need not tell the whole story before it."""
    known = desk(state_of_the_book="lost")

    result = PAGE.decide("the book", known, is_open=True)

    assert isinstance(result, Decision)
    assert result.row.number == "3"


def chain_of(tables, values):
    """Put tables behind one another for a case."""
    names = {f"fact {each}": ONE_OF for each in "xyz"}
    answered = {
        column.name: str(column.kind)
        for table in tables
        for column in table.answers
        if column.kind.sort is not Sort.ACTION
    }
    vocabulary = facts_of({**names, **answered})
    place = PAGE.reference.marketplaces["OLD_TOWN"]
    vocabulary = {key: fact for key, fact in vocabulary.items() if key != "marketplace"}
    vocabulary["marketplace"] = PAGE.reference.facts["marketplace"]
    situation = Situation(place, date(2024, 5, 10), date(2024, 5, 10))
    gathered = {f"fact_{each}" for each in "xyz"}
    return Chain(plans_of(tables), Known(values, vocabulary, situation), gathered)


def gate_of(asked, line):
    """When a table speaks: a table of one row without an answer."""
    return replace(table_of("C", asked, {"x": ONE_OF}, f"{line} => a"), answers=())


def acting(name, gate):
    """A table that gives an action whatever the case is."""
    kind = Kind(Sort.ACTION, ("wait",))
    body = table_of("U", {"fact y": ONE_OF}, {"x": ONE_OF}, "any => a")
    row = replace(body.rows[0], outcomes=(Outcome("wait", "wait"),))
    answers = (Column("Action", "action", kind),)
    return named(replace(body, answers=answers, rows=(row,)), name, gate)


def named(table, name, gate=None):
    """Give a table its name and its gate."""
    return replace(table, name=name, only_when=gate)


def early(*rows, asks="fact x"):
    """A table that answers *Stage* from one fact."""
    table = table_of("U", {asks: ONE_OF}, {"Stage": ONE_OF}, *rows)
    return named(table, "stage")


def late(*rows):
    """A table that asks about *Stage* and one more fact."""
    table = table_of("U", {"Stage": ONE_OF, "fact y": ONE_OF}, {"End": ONE_OF}, *rows)
    return named(table, "end")


def test_a_table_need_not_decide_the_cases_in_which_it_is_silent():
    """Three rows for our own stages need no fourth for those of the bank."""
    place = PAGE.reference.marketplaces["OLD_TOWN"]
    situation = Situation(place, date(2024, 5, 10), date(2024, 5, 10))
    always = late("a | any => a", "b | any => b")
    gated = replace(always, only_when=gate_of({"Stage": ONE_OF}, "a, b"))

    assert prove(grid_of(always, situation)).gaps
    assert prove(grid_of(gated, situation)).gaps == ()


def test_what_stands_behind_any_is_not_asked():
    """While the bank decides, nobody looks for the parcel."""
    stage = early("a => a", "not a => b")
    end = late("a | any => a", "not a | a => b", "not a | not a => c")

    result = chain_of([stage, end], {"fact_x": "a"}).decide(end)

    assert isinstance(result, Decision)
    assert result.answers["end"] == "a"


def test_an_earlier_answer_is_not_asked_where_it_cannot_matter():
    """A fact that settles the matter alone saves the whole way there."""
    stage = early("a => a", "not a => b")
    end = late("any | a => a", "a | not a => b", "not a | not a => c")

    result = chain_of([stage, end], {"fact_y": "a"}).decide(end)

    assert isinstance(result, Decision)


def test_what_an_earlier_table_can_still_answer_can_be_enough():
    """Proved or half proved, the money goes back either way: nobody asks which."""
    stage = early("a => a", "b => b", "c => a")
    end = late("a, b | any => a", "c | any => b")

    result = chain_of([stage, end], {}).decide(end)

    assert isinstance(result, Decision)
    assert result.answers["end"] == "a"


def test_what_a_silent_table_would_answer_is_answered_by_nobody():
    """Only cells that ask nothing fit where no table speaks."""
    gate = gate_of({"fact z": ONE_OF}, "a")
    stage = replace(early("a => a", "not a => b"), only_when=gate)
    end = late("any | a => a", "not a | b => b", "a | not a => c", "b, c | c => b")
    chain = chain_of([stage, end], {"fact_z": "b", "fact_x": "c", "fact_y": "a"})

    assert isinstance(chain.decide(stage), NotApplicable)
    result = chain.decide(end)

    assert isinstance(result, Decision)
    assert result.answers["end"] == "a"


def test_what_a_collecting_table_can_still_find_is_not_read_row_by_row():
    """One row of two that add up tells nothing of the sum."""
    rate = table_of(
        "C+", {"fact x": ONE_OF}, {"Rate": "number"}, "a => 1", "not b => 2"
    )
    end = table_of("U", {"Rate": "number"}, {"End": ONE_OF}, "<= 2 => a", "> 2 => b")
    tables = [named(rate, "rate"), named(end, "end")]

    assert isinstance(chain_of(tables, {}).decide(tables[1]), FactNeeded)
    full = chain_of(tables, {"fact_x": "a"}).decide(tables[1])
    assert full.answers["end"] == "b"


def test_what_is_asked_first_of_an_earlier_table_tells_nothing_of_a_later_one():
    """The rows that a table waits for are not those of the one that waits."""
    first = named(early("a => a", "not a => b", asks="fact z"), "first")
    second = table_of(
        "U",
        {"Stage": ONE_OF, "fact x": ONE_OF},
        {"Mood": ONE_OF},
        "a | any => a",
        "not a | a => b",
        "not a | not a => c",
    )
    end = table_of("U", {"Mood": ONE_OF}, {"End": ONE_OF}, "a, b => a", "c => b")
    tables = [first, named(second, "second"), named(end, "end")]

    result = chain_of(tables, {"fact_x": "b"}).decide(tables[2])

    assert isinstance(result, FactNeeded)
    assert result.first == "fact_z"


cells = st.one_of(
    st.just("any"),
    st.sampled_from(WORDS),
    st.sampled_from(["a, b", "b, c", "a, c", "not a", "not b"]),
)


@st.composite
def gated(draw):
    """A page: one table answers *Stage*, and some with an action have gates."""
    split = draw(st.permutations(WORDS))
    tables: list[Table] = []
    if draw(st.booleans()):
        gate = None
        if draw(st.booleans()):
            gate = gate_of({"fact z": ONE_OF}, draw(cells))
        rows = [f"{word} => {draw(st.sampled_from(WORDS))}" for word in split]
        tables.append(named(early(*rows), "stage", gate))
    for number in range(draw(st.integers(1, 3))):
        asked = {"fact x": ONE_OF, "fact z": ONE_OF}
        if tables and tables[0].name == "stage":
            asked["Stage"] = ONE_OF
        line = " | ".join(draw(cells) for _ in asked)
        gate = gate_of(asked, line) if draw(st.booleans()) else None
        tables.append(acting(f"act {number}", gate))
    return tables


@given(gated())
def test_the_proof_finds_what_trying_every_case_finds(tables):
    """No case gets two actions or none unnoticed, and no page is blamed for nothing."""
    facts = {f"fact_{each}": f"fact {each}" for each in "xyz"}
    declared = facts_of(dict.fromkeys(facts.values(), ONE_OF))
    reference = replace(PAGE.reference, facts={**declared, **PAGE.reference.facts})
    page = replace(PAGE, tables=tuple(tables), reference=reference)
    act = [table for table in tables if table.gives_action]
    counts = set()
    for values in product(WORDS, repeat=3):
        case = dict(zip(facts, values, strict=True))
        results = [chain_of(tables, case).decide(table) for table in act]
        counts.add(sum(isinstance(each, Decision) for each in results))

    kinds = {mistake.kind for mistake in unproved_gates(page)}

    assert ("two-actions" in kinds) is (max(counts) > 1)
    assert ("no-action" in kinds) is (0 in counts)
