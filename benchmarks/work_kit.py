"""The kit's own work: deciding, explaining, proving and reading one table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from operator import itemgetter
from pathlib import Path

from kit.content.library import Library
from kit.content.pages.page_reader import read_playbook
from kit.content.playbook.explain import explain
from kit.rules.decisions import Decision, FactNeeded, decide
from kit.rules.facts import Facts, Known, Situation
from kit.rules.generated import generate
from kit.rules.proofs import prove
from kit.rules.tables import Table, grid_of
from kit.rules.values import Money

from .cases import FIRST_DAY, Case, compared_cases, drawn_cases
from .workers import Answer, Work, serve

QUESTIONS = ("country", "reason", "tier", "amount_cents", "days", "opened")

FOLDER = Path(__file__).parent / "table"
LIBRARY = Library(FOLDER)
PAGE = LIBRARY.playbook("refund-outcome")
TABLE = PAGE.tables[0]
PLACE = LIBRARY.reference.marketplaces["EBAY_DE"]
SITUATION = Situation(PLACE, FIRST_DAY, FIRST_DAY, PAGE.limits)
FACTS = PAGE.vocabulary()


def generated() -> Work:
    """Call the generated function with values that stand ready, in their order."""
    function = generate(grid_of(TABLE, SITUATION))
    cases = [itemgetter(*QUESTIONS)(case) for case in drawn_cases(20_000)]

    def work() -> int:
        for values in cases:
            function(*values)
        return len(cases)

    return work


def generated_from_dict() -> Work:
    """Call it from a dict, as other engines take a case."""
    function = generate(grid_of(TABLE, SITUATION))
    values_of = itemgetter(*QUESTIONS)
    cases = drawn_cases(20_000)

    def work() -> int:
        for case in cases:
            function(*values_of(case))
        return len(cases)

    return work


def explained() -> Work:
    """Take the facts of a case, decide it, and say why and why not."""
    cases = [facts_of(case) for case in drawn_cases(10_000)]
    return lambda: sum(_explain(TABLE, facts) for facts in cases)


def explained_from_days() -> Work:
    """The same, with the number of days derived from two dates of the case."""
    cases = [dated_facts_of(case) for case in drawn_cases(10_000)]
    return lambda: sum(_explain(TABLE, facts) for facts in cases)


def explained_new_table() -> Work:
    """The same, for the first 1,000 cases of a table that was never seen."""
    cases = [facts_of(case) for case in drawn_cases(1_000)]

    def work() -> int:
        table = replace(TABLE)
        return sum(_explain(table, facts) for facts in cases)

    return work


def words() -> Work:
    """Put all of it into words, as ``kit decide --json`` prints it."""
    cases = [facts_of(case) for case in drawn_cases(500)]

    def work() -> int:
        for facts in cases:
            explain(PAGE, decided(TABLE, facts))
        return len(cases)

    return work


def proof() -> Work:
    """Cut a table into its grid and prove it; nothing is remembered from before."""

    def work() -> int:
        prove(grid_of(replace(TABLE), SITUATION))
        return 1

    return work


def page() -> Work:
    """Read the page of the table from its file: Markdown, cells, checks, mistakes."""
    path = FOLDER / "playbooks" / "refund-outcome.md"

    def work() -> int:
        read_playbook(path, path, LIBRARY.reference)
        return 1

    return work


def decided(table: Table, facts: Facts) -> Decision:
    """Decide one case of which everything is known."""
    result = decide(table, Known(facts, FACTS, SITUATION))
    if isinstance(result, FactNeeded):
        raise TypeError(result)
    return result


def facts_of(case: Case) -> Facts:
    """Say a case in the kit's own values."""
    return {
        "country": case["country"],
        "reason": case["reason"],
        "tier": case["tier"],
        "amount": Money(case["amount_cents"], "EUR"),
        "days": case["days"],
        "opened": case["opened"],
    }


def dated_facts_of(case: Case) -> Facts:
    """Say a case with the two dates instead of the number of days."""
    facts = {name: value for name, value in facts_of(case).items() if name != "days"}
    facts["delivered_on"] = case["delivered_on"]
    facts["requested_on"] = case["delivered_on"] + timedelta(days=case["days"])
    return facts


def answers() -> Iterator[Answer]:
    """Decide every compared case twice: explained, and by the generated function."""
    function = generate(grid_of(TABLE, SITUATION))
    values_of = itemgetter(*QUESTIONS)
    for case in compared_cases():
        decision = decided(TABLE, dated_facts_of(case))
        if function(*values_of(case)) != decision.rows:
            raise AssertionError(case)
        outcome, percent, approver = decision.answers.values()
        yield str(outcome), int(str(percent)), str(approver)


def _explain(table: Table, facts: Facts) -> int:
    decision = decided(table, facts)
    because, why_not, said = decision.because, decision.why_not, decision.answers
    return 1 if because and why_not and said else 0


WORKS: Mapping[str, Callable[[], Work]] = {
    "generated": generated,
    "generated-from-dict": generated_from_dict,
    "explained": explained,
    "explained-from-days": explained_from_days,
    "explained-new-table": explained_new_table,
    "words": words,
    "proof": proof,
    "page": page,
}

if __name__ == "__main__":
    serve(WORKS, answers)
