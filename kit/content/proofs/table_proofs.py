"""Prove the tables of a playbook in every edition.

A proof holds for one edition: for each day on which a limit starts and for each
marketplace the table is another grid, and every different grid is proved once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from ...catalogue import say
from ...errors import Mistake
from ...rules import tables
from ...rules.facts import Situation
from ...rules.limits import ALWAYS, ALWAYS_FROM
from ...rules.proofs import Proof, common_case, prove
from ...rules.tables import Grid, HitPolicy, Table
from ...rules.values import value_words
from ..playbook.answering import narrowed
from ..playbook.playbook import Playbook

Finding = tuple[str, int, Mapping[str, object]]
"""A kind of mistake, its line, and the values of the slots of its sentences."""

_WITHOUT_GAPS = {HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY}


@dataclass(frozen=True, slots=True)
class Edition:
    """One grid of a table, with a situation in which it is in force."""

    situation: Situation
    """A marketplace and the first day on which the limits are like this."""

    grid: Grid
    """What the table means then."""

    when: str
    """The situation in words; empty if the table is the same always and everywhere."""


def unproved(playbook: Playbook, table: Table) -> Iterator[Mistake]:
    """Find gaps, overlaps and rows without effect of a table, in every edition."""
    for edition in editions(playbook, table):
        yield from _proved(playbook, table, edition)


def editions(playbook: Playbook, table: Table) -> Iterator[Edition]:
    """Find every different grid that a table has had.

    A day on which a limit had no value yet is not covered, and has no edition.
    """
    seen: set[int] = set()
    for marketplace in playbook.reference.marketplaces.values():
        for situation, grid in tables.editions(table, playbook.limits, marketplace):
            if id(grid) not in seen:
                seen.add(id(grid))
                when = _when(situation) if table.limits else ""
                yield Edition(situation, grid, when)


def _when(situation: Situation) -> str:
    day = ALWAYS if situation.edition == ALWAYS_FROM else situation.edition
    words = say("cli.when", marketplace=situation.marketplace.id, day=day)
    return f" {words}"


def _proof(playbook: Playbook, table: Table, grid: Grid) -> Proof:
    """Prove a grid; no case is made of what an earlier table never answers."""
    proof = prove(grid)
    real = narrowed(playbook, table, grid)
    if real is grid or not (proof.gaps or proof.overlaps):
        return proof
    found = prove(real)
    is_complete = proof.is_complete and found.is_complete
    return replace(
        proof, gaps=found.gaps, overlaps=found.overlaps, is_complete=is_complete
    )


def _proved(playbook: Playbook, table: Table, edition: Edition) -> Iterator[Mistake]:
    proof = _proof(playbook, table, edition.grid)
    words: dict[str, object] = {"table": table.name, "when": edition.when}
    findings: Iterator[Finding] = chain(
        () if proof.is_complete else [("not-proven", table.line, {})],
        _gaps(table, edition, proof),
        _overlaps(table, edition, proof),
        _idle_rows(table, edition, proof),
        (
            ("column-dead", table.line, {"name": table.inputs[number].name})
            for number in proof.dead
        ),
    )
    for kind, line, values in findings:
        yield Mistake(kind, table.path, line, {**words, **values})


def _gaps(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    if table.policy in _WITHOUT_GAPS:
        for gap in proof.gaps:
            yield "gap", table.line, {"case": _in_words(edition, gap)}


def _overlaps(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    if table.policy is not HitPolicy.UNIQUE:
        return
    for first, second in proof.overlaps:
        case = _in_words(edition, common_case(edition.grid, (first, second)))
        one, other = table.rows[first], table.rows[second]
        values = {"first": one.number, "second": other.number, "case": case}
        yield "overlap", other.line, values


def _idle_rows(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    for index in proof.never:
        row = table.rows[index]
        cell = _empty_cell(edition.grid, index)
        yield "row-never", row.line, {"number": row.number, "cell": cell}
    if table.policy is HitPolicy.FIRST:
        for index in proof.masked:
            row = table.rows[index]
            yield "row-masked", row.line, {"number": row.number}


def _in_words(edition: Edition, segments: Mapping[int, int]) -> str:
    """Say a case in words: the questions that matter to it, in the table's order."""
    currency = edition.situation.marketplace.currency
    table = edition.grid.table
    by_name = edition.grid.witness(segments, currency)
    kinds = {column.name: column.kind for column in table.inputs}
    return ", ".join(
        f"{column.name} = {value_words(by_name[column.name], kinds[column.name])}"
        for column in table.inputs
        if column.name in by_name
    ) or say("cli.any-case")


def _empty_cell(grid: Grid, index: int) -> str:
    for number, scale in enumerate(grid.scales):
        if not any(scale.fitting[each] >> index & 1 for each in scale.inside):
            return grid.table.rows[index].conditions[number].text
    return ""
