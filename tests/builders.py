"""Small tables and situations in words, shared by the tests of the rules."""

from collections.abc import Mapping
from datetime import date

from kit.rules.calendars import Marketplace
from kit.rules.conditions import read_cell
from kit.rules.facts import Fact, Known, Situation, built_in_facts, read_derivation
from kit.rules.limits import Limit, Limits, read_amount
from kit.rules.outcomes import read_outcome
from kit.rules.tables import Column, Grid, HitPolicy, Row, Table, grid_of
from kit.rules.values import Value, key_of, read_kind

US = Marketplace("EBAY_US", "United States", "America/Los_Angeles", "USD", "en", "US")
GB = Marketplace("EBAY_GB", "United Kingdom", "Europe/London", "GBP", "en", "GB-ENG")
DE = Marketplace("EBAY_DE", "Germany", "Europe/Berlin", "EUR", "de", "DE")

TODAY = date(2024, 5, 15)


def facts_of(
    gathered: Mapping[str, str], derived: Mapping[str, tuple[str, str]] | None = None
) -> dict[str, Fact]:
    """Declare facts: name and type, and for derived ones also what they follow from."""
    facts = [
        *built_in_facts((US.id, GB.id, DE.id)),
        *(Fact(name, read_kind(kind)) for name, kind in gathered.items()),
        *(
            Fact(name, read_kind(kind), derivation=read_derivation(form))
            for name, (kind, form) in (derived or {}).items()
        ),
    ]
    return {fact.key: fact for fact in facts}


def limits_of(*rows: str) -> Limits:
    """Make limits from lines such as ``answer time | any | 2020-09-03 | 3 days``."""
    return Limits(
        tuple(
            Limit(name, place, date.fromisoformat(start), read_amount(value), "B-1")
            for name, place, start, value in (
                [part.strip() for part in row.split("|")] for row in rows
            )
        )
    )


def table_of(
    policy: str,
    questions: Mapping[str, str],
    answers: Mapping[str, str],
    *rows: str,
    limits: Limits | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Table:
    """Make a table from rows such as ``< 3 | lost => refund | now``.

    Args:
        policy: The letter in the top-left cell.
        questions: The type of each question, by its heading.
        answers: The type of each answer, by its heading.
        rows: Its rows, numbered from 1.
        limits: The limits that its cells may name.
        facts: The facts from which its days may count.
    """
    limits = limits or Limits()
    asked = [Column(name, key_of(name), read_kind(k)) for name, k in questions.items()]
    answered = [Column(name, key_of(name), read_kind(k)) for name, k in answers.items()]
    made = []
    for number, text in enumerate(rows, start=1):
        left, _, right = text.partition("=>")
        cells = [cell.strip() for cell in left.split("|")]
        outcomes = [cell.strip() for cell in right.split("|")]
        made.append(
            Row(
                str(number),
                number,
                tuple(
                    read_cell(cell, column.kind, fact=column.name, limits=limits)
                    for cell, column in zip(cells, asked, strict=True)
                ),
                tuple(
                    read_outcome(
                        cell,
                        column.kind,
                        answer=column.name,
                        facts=facts or facts_of(questions),
                        limits=limits,
                    )
                    for cell, column in zip(outcomes, answered, strict=True)
                ),
                because=f"Reason {number}.",
                sources=("house",),
            )
        )
    return Table(
        "what now", HitPolicy(policy), tuple(asked), tuple(answered), tuple(made)
    )


def situation_of(
    limits: Limits | None = None,
    *,
    marketplace: Marketplace = US,
    today: date = TODAY,
) -> Situation:
    """Stand somewhere on a day."""
    return Situation(marketplace, today, today, limits or Limits())


def case_of(
    table: Table,
    values: Mapping[str, Value | None],
    situation: Situation | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Known:
    """Know some facts of a case; the questions are the facts unless others are."""
    asked = {each.key: Fact(each.name, each.kind) for each in table.inputs}
    return Known(
        values,
        facts or {**facts_of({}), **asked},
        situation or situation_of(),
    )


def grid_at(table: Table, limits: Limits | None = None) -> Grid:
    """Take a table as it stands in the United States today."""
    return grid_of(table, situation_of(limits))
