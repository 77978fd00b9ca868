"""What an author of another trade may write, and what is then true of the page.

Each page is about an airline's bags, which the kit has never heard of.
"""

import json

import pytest
from airline import ANSWERS, FACTS, folder_of, page, printed, table
from typer.testing import CliRunner

from kit.cli import app
from kit.errors import TableDisagrees


def decide(library, *options):
    """Ask the command line; what it prints, and how it ends."""
    ran = CliRunner().invoke(app, line_of(library, *options))
    return ran.exit_code, ran.output


def line_of(library, *options):
    """What is typed to decide a case of today, in the States."""
    at = ["--on", "2024-05-15", "--marketplace", "US"]
    return ["--content", str(library.folder), "decide", "bags", *at, *options]


def only(decides, checks, **more):
    """A page of one table, “what now”."""
    return page({"what now": decides}, {"what now": checks}, ask=("bags",), **more)


def test_a_border_at_the_lowest_value_of_a_fact_wants_no_case_below_it(tmp_path):
    """Nobody can have minus one bag, so no example can say so."""
    decides = table(
        ("U", "bags", "**Bill**"), ("1", "0", "nothing to pay"), ("2", "> 0", "pay")
    )
    checks = table(
        ("Case", "On", "bags", "**Bill**"),
        ("None", "2024-05-15", "0", "nothing to pay"),
        ("One", "2024-05-15", "1", "pay"),
    )

    assert printed(folder_of(tmp_path, only(decides, checks))) == []


def test_a_border_at_the_highest_value_wants_no_case_above_it(tmp_path):
    """With “at most 9” a row for ten bags is neither missing nor possible."""
    decides = table(
        ("U", "bags", "**Bill**"), ("1", "<= 8", "nothing to pay"), ("2", "9", "pay")
    )
    checks = table(
        ("Case", "On", "bags", "**Bill**"),
        ("Eight", "2024-05-15", "8", "nothing to pay"),
        ("Nine", "2024-05-15", "9", "pay"),
    )

    assert printed(folder_of(tmp_path, only(decides, checks))) == []


def test_a_border_at_the_last_day_wants_no_case_after_it(tmp_path):
    """Behind 9999-12-31 there is no day, so there is no gap and no example."""
    decides = table(
        ("U", "flies on", "**Bill**"),
        ("1", "< 9999-12-31", "nothing to pay"),
        ("2", ">= 9999-12-31", "pay"),
    )
    checks = table(
        ("Case", "On", "flies on", "**Bill**"),
        ("The day before", "2024-05-15", "9999-12-30", "nothing to pay"),
        ("The last day", "2024-05-15", "9999-12-31", "pay"),
    )
    found = page({"what now": decides}, {"what now": checks}, ask=("flies on",))

    assert printed(folder_of(tmp_path, found)) == []


FREE = table(
    ("U", "status", "**Free bags**"),
    ("1", "none", "0"),
    ("2", "silver", "2"),
    ("3", "gold", "4"),
)
FREE_CHECKS = table(
    ("Case", "On", "status", "**Free bags**"),
    ("None", "2024-05-15", "none", "0"),
    ("Silver", "2024-05-15", "silver", "2"),
    ("Gold", "2024-05-15", "gold", "4"),
)
BILL = table(
    ("U", "bags over", "**Bill**"), ("1", "<= 0", "nothing to pay"), ("2", "> 0", "pay")
)
BILL_CHECKS = table(
    ("Case", "On", "status", "bags", "**Bill**"),
    ("As many as are free", "2024-05-15", "silver", "2", "nothing to pay"),
    ("One more", "2024-05-15", "silver", "3", "pay"),
)


def bills():
    """What is free is answered first, and what is over follows from it."""
    return page(
        {"allowance": FREE, "bill": BILL},
        {"allowance": FREE_CHECKS, "bill": BILL_CHECKS},
        ask=("status", "bags", "free bags"),
    )


def test_a_derived_fact_follows_from_what_an_earlier_table_answers(tmp_path):
    """“Free bags: 2” and “ask for free bags” must not stand in one output."""
    library = folder_of(tmp_path, bills())

    code, said = decide(library, "--fact", "status=silver", "--fact", "bags=3")

    assert printed(library) == []
    assert code == 0
    assert "Bill: pay" in said


def test_what_the_earlier_table_needs_is_asked_for_the_derived_fact(tmp_path):
    """The status decides what is free, so the status is what to look up."""
    library = folder_of(tmp_path, bills())

    code, said = decide(library, "--fact", "bags=3", "--table", "bill")

    assert code == 1
    assert "Ask first: status" in said


def test_a_fact_that_contradicts_a_table_is_named_with_both(tmp_path):
    """Neither silently wins: who states it is told what the table says."""
    library = folder_of(tmp_path, bills())
    facts = ("--fact", "status=silver", "--fact", "bags=3")

    line = line_of(library, *facts, "--fact", "free bags=1")
    with pytest.raises(TableDisagrees) as caught:
        CliRunner().invoke(app, line, catch_exceptions=False)

    assert "stated as 1 bag," in str(caught.value)
    assert "row 2 of “allowance” answers 2 bags" in str(caught.value)
    assert decide(library, *facts, "--fact", "free bags=2")[0] == 0


def test_a_check_that_contradicts_a_table_is_refused(tmp_path):
    """An example may not rest on what its own page rules out."""
    checks = table(
        ("Case", "On", "status", "bags", "free bags", "**Bill**"),
        ("As many as are free", "2024-05-15", "silver", "2", "2", "nothing to pay"),
        ("One more", "2024-05-15", "silver", "3", "2", "pay"),
        ("Out of thin air", "2024-05-15", "silver", "3", "3", "nothing to pay"),
    )
    text = page(
        {"allowance": FREE, "bill": BILL},
        {"allowance": FREE_CHECKS, "bill": checks},
        ask=("status", "bags", "free bags"),
    )

    (mistake,) = printed(folder_of(tmp_path, text))

    assert "“Out of thin air” cannot be decided" in mistake
    assert "row 2 of “allowance” answers 2 bags" in mistake


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        pytest.param((("1", "0"), ("2", "2"), ("3", "4")), "", id="all it answers"),
        pytest.param((("1", "0"), ("2", "2")), "no row of “bill”", id="one is out"),
    ],
)
def test_what_no_row_of_an_earlier_table_answers_is_no_gap(tmp_path, rows, gap):
    """It answers 0, 2 and 4: nobody has to write a row for 5, or for 1."""
    answers = {"Seats": "whole number", "Bill": ANSWERS["Bill"]}
    seats = table(
        ("U", "status", "**Seats**"),
        ("1", "none", "0"),
        ("2", "silver", "2"),
        ("3", "gold", "4"),
    )
    bill = table(("U", "Seats", "**Bill**"), *((*row, "pay") for row in rows))
    cases = table(
        ("Case", "On", "status", "**Seats**"), ("None", "2024-05-15", "none", "0")
    )
    paid = table(
        ("Case", "On", "status", "**Bill**"),
        ("None", "2024-05-15", "none", "pay"),
        ("Silver", "2024-05-15", "silver", "pay"),
        *([("Gold", "2024-05-15", "gold", "pay")] if not gap else []),
    )
    text = page(
        {"seats": seats, "bill": bill}, {"seats": cases, "bill": paid}, ask=("status",)
    )
    library = folder_of(tmp_path, text, answers=answers, derived={})

    assert [gap in each for each in printed(library)] == ([True] if gap else [])


ALL, NONE = ("gold", "3"), ("none", "1")
"""A case that all three rows fit, and one that none does."""

POINTS = ("1 | gold | any | 10", "2 | any | >= 2 | 5", "3 | any | >= 3 | 1")


def collecting(policy, answer, wanted, case=("gold", "3")):
    """A page of one table that collects, and one Check of it."""
    values = (
        ("10", "5", "1") if answer == "Points" else ("Check", "Approved", "Declined")
    )
    status, bags = case
    rows = [line.split(" | ")[:3] for line in POINTS]
    decides = table(
        (policy, "status", "bags", f"**{answer}**"),
        *((*row, value) for row, value in zip(rows, values, strict=True)),
    )
    checks = table(
        ("Case", "On", "status", "bags", f"**{answer}**"),
        ("The case", "2024-05-15", status, bags, wanted),
    )
    return page({"what now": decides}, {"what now": checks}, ask=("status", "bags"))


@pytest.mark.parametrize(
    ("policy", "wanted", "case", "passes"),
    [
        pytest.param("C+", "16", ALL, True, id="a sum"),
        pytest.param("C+", "999", ALL, False, id="a wrong sum"),
        pytest.param("C+", "nothing", NONE, True, id="nothing to add"),
        pytest.param("C+", "999", NONE, False, id="a sum of nothing"),
        pytest.param("C<", "1", ALL, True, id="the least"),
        pytest.param("C>", "10", ALL, True, id="the most"),
        pytest.param("C>", "nothing", NONE, True, id="the most of nothing"),
        pytest.param("C#", "3", ALL, True, id="a count"),
        pytest.param("C#", "0", NONE, True, id="a count of nothing"),
        pytest.param("C#", "1", NONE, False, id="a wrong count of nothing"),
        pytest.param("R", "10; 5; 1", ALL, True, id="a list in its order"),
        pytest.param("R", "5; 10; 1", ALL, False, id="in another order"),
        pytest.param("R", "10", ALL, False, id="only a part of it"),
        pytest.param("R", "nothing", NONE, True, id="an empty list"),
        pytest.param("R", "10", NONE, False, id="something for an empty list"),
        pytest.param("C", "1; 10; 5", ALL, True, id="a list without order"),
        pytest.param("C", "1; 10; 10", ALL, False, id="one of them twice"),
    ],
)
def test_a_check_of_a_table_that_collects_passes_if_it_is_right(
    tmp_path, policy, wanted, case, passes
):
    """A wrong example never passes for a proof, and a right one can be written."""
    text = collecting(policy, "Points", wanted, case)

    found = [each for each in printed(folder_of(tmp_path, text)) if "should" in each]

    assert (found == []) is passes


@pytest.mark.parametrize(
    ("policy", "wanted", "passes"),
    [
        pytest.param("R", "Check; Approved; Declined", True, id="in the order of rows"),
        pytest.param("O", "Approved; Declined; Check", True, id="by its words"),
        pytest.param("O", "Check; Approved; Declined", False, id="not by words"),
    ],
)
def test_a_list_of_words_has_the_order_of_its_policy(tmp_path, policy, wanted, passes):
    """R lists as the rows stand, O as the words are declared."""
    text = collecting(policy, "Note", wanted)

    found = [each for each in printed(folder_of(tmp_path, text)) if "should" in each]

    assert (found == []) is passes


def test_a_mistake_in_a_list_names_rows_and_values(tmp_path):
    """An author compares two lists that look alike."""
    text = collecting("R", "Note", "Check; Approved")

    (found,) = [each for each in printed(folder_of(tmp_path, text)) if "should" in each]

    wanted = "should give Note Check; Approved, "
    assert found.endswith(
        f"{wanted}but rows 1, 2, 3 give Check; Approved; Declined (US)"
    )


def test_rows_of_an_any_table_that_disagree_fail_their_check(tmp_path):
    """Under A several rows may fit, as long as they say the same."""
    text = collecting("A", "Note", "Check")

    found = [each for each in printed(folder_of(tmp_path, text)) if "cannot" in each]

    assert found
    assert "both fit" in found[0]


def test_deciding_names_every_row_of_a_table_that_collects(tmp_path):
    """Whoever asks why sixteen points gets three reasons."""
    library = folder_of(tmp_path, collecting("C+", "Points", "16"))
    facts = ("--fact", "status=gold", "--fact", "bags=3")

    code, said = decide(library, *facts)
    _, data = decide(library, *facts, "--json")
    (told,) = json.loads(data)["decisions"]

    assert code == 0
    assert "what now · rows 1, 2, 3" in said
    assert "Points: 16" in said
    for number in (1, 2, 3):
        assert f"{number}. Because of row {number}. [rule]" in said
    assert [row["row"] for row in told["rows"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        pytest.param("C#", "Points: 0", id="a count is 0"),
        pytest.param("C+", "Points: nothing", id="a sum is nothing"),
        pytest.param("R", "Points: nothing", id="a list is empty"),
    ],
)
def test_where_a_table_collects_nothing_that_is_its_answer(tmp_path, policy, answer):
    """No bags, no points: that is decided, and no mistake of anybody."""
    library = folder_of(tmp_path, collecting(policy, "Points", "16"))

    code, said = decide(library, "--fact", "status=none", "--fact", "bags=1")

    assert code == 0
    assert "what now · no row fits" in said
    assert answer in said


def test_the_letter_of_a_policy_is_no_column(tmp_path):
    """A fact may be named c, and a table may collect."""
    facts = {**FACTS, "c": "yes/no"}
    decides = table(
        ("C", "c", "**Note**"), ("1", "yes", "Approved"), ("2", "no", "Declined")
    )
    checks = table(
        ("Case", "On", "c", "**Note**"), ("Yes", "2024-05-15", "yes", "Approved")
    )
    text = page({"what now": decides}, {"what now": checks}, ask=("c",))

    assert printed(folder_of(tmp_path, text, facts=facts)) == []


def test_a_long_cell_is_shortened_in_its_message(tmp_path):
    """A cell of five thousand characters must not bury what is wrong with it."""
    decides = table(
        ("U", "bags", "**Bill**"), ("1", "0, " * 1600 + "x" * 300, "nothing to pay")
    )
    checks = table(
        ("Case", "On", "bags", "**Bill**"), ("One", "2024-05-15", "1", "pay")
    )

    (mistake,) = folder_of(tmp_path, only(decides, checks)).mistakes()

    assert len(str(mistake)) < 1200
    line, culprit = str(mistake).splitlines()[1:3]
    assert line[culprit.index("~")] == "x"


def test_one_bag_is_no_one_bags(tmp_path):
    """What an agent reads is a sentence."""
    library = folder_of(tmp_path, bills())

    _, said = decide(library, "--fact", "status=silver", "--fact", "bags=3")
    _, less = decide(library, "--fact", "status=gold", "--fact", "bags=3")

    assert "bags over is 1 bag;" in said
    assert "bags over is -1 bags;" in less


def test_a_limit_may_have_several_sources_and_hold_always(tmp_path):
    """A number stands in the rule, and in ours; nobody knows since when."""
    limits = table(
        ("Limit", "Marketplace", "From", "Value", "Source"),
        ("free", "any", "always", "1 bag", "rule, house"),
    )
    decides = table(
        ("U", "bags", "**Bill**"),
        ("1", "<= free", "nothing to pay"),
        ("2", "> free", "pay"),
    )
    checks = table(
        ("Case", "On", "bags", "**Bill**"),
        ("One", "1999-05-15", "1", "nothing to pay"),
        ("Two", "1999-05-15", "2", "pay"),
    )
    library = folder_of(tmp_path, only(decides, checks, limits=limits))

    code, said = decide(library, "--fact", "bags=1")

    assert printed(library) == []
    assert code == 0
    assert "free = 1 bag, always [rule, house]" in said


def test_nothing_of_another_trade_is_said(tmp_path):
    """The reminder of one marketplace belongs to the content, not to the kit."""
    library = folder_of(tmp_path, bills())
    reference = tmp_path / "playbooks" / "reference" / "marketplaces.md"

    _, without = decide(library, "--fact", "status=gold", "--fact", "bags=3")
    with reference.open("a", encoding="utf-8") as file:
        file.write("\n## Keep in mind\n\nThe ticket itself wins.\n")
    _, said = decide(library, "--fact", "status=gold", "--fact", "bags=3")

    assert "request" not in without
    assert said.rstrip().endswith("The ticket itself wins.")
