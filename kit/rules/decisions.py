"""Decide one case with one table, and explain the result.

A fact that the agent does not know is neither true nor false. If it could change the
result, the result is what to ask next (``FactNeeded``), never a row. A table whose
*Only when* does not fit has no result (``NotApplicable``).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import NamedTuple

from ..errors import NoRowFits, NotCovered, RowsOverlap
from .conditions import Cell
from .facts import Counted, Known
from .limits import Limit
from .outcomes import DayRule, Outcome, anchor_of, limit_of, value_of
from .proofs import SearchTooLarge, Within, can_matter, possible_results, result_of
from .tables import (
    Column,
    Grid,
    HitPolicy,
    Row,
    Table,
    grid_of,
    open_grid_of,
    uncovered,
)
from .values import Kind, Money, Value, point_of, value_words

Answer = Value | tuple[Value | None, ...] | None
"""The value of an answer, the values of several rows, or ``None`` if not yet known."""


class CellMismatch(NamedTuple):
    """A cell because of which a row does not fit the case."""

    number: int
    """The number of the input, counted from 0."""

    column: Column
    """The column."""

    cell: Cell
    """The condition in the cell."""


class RowMismatch(NamedTuple):
    """Why a row did not decide."""

    row: Row
    """The row."""

    misses: tuple[CellMismatch, ...]
    """Every cell that does not fit; empty if an earlier row took precedence."""


@dataclass(frozen=True)
class Decision:
    """The result of a table for one case, with everything that explains it."""

    table: Table
    """The table that decided."""

    grid: Grid
    """The table with the limits in force."""

    known: Known
    """The facts of the case."""

    rows: tuple[Row, ...]
    """The deciding rows: exactly one unless the policy collects."""

    facts: tuple[Value | None, ...]
    """The value of each input."""

    why_not: tuple[RowMismatch, ...]
    """Every other row, the nearest miss first."""

    @property
    def row(self) -> Row:
        """The deciding row.

        Raises:
            NoRowFits: The policy collects rows, and none fits.
        """
        if not self.rows:
            raise _no_row(self.table, self.facts)
        return self.rows[0]

    @property
    def because(self) -> str:
        """The reason, in words for the buyer, with the values of limits filled in."""
        return self.known.situation.said(self.row.because)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the deciding row."""
        return self.row.sources

    @property
    def place(self) -> str:
        """The place of the deciding row, as ``path:line``."""
        return self.table.place(self.row)

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """The value of every answer by its key; ``None`` while its date is unknown.

        Raises:
            NotCovered: The limit of a day has no value on this day.
        """
        columns = self.table.answers
        if self.table.policy.is_single:
            return {
                column.key: value_of(outcome, self.known)
                for column, outcome in zip(columns, self.row.outcomes, strict=True)
            }
        return {
            column.key: _collected(self.table.policy, column, outcomes, self.known)
            for column, outcomes in zip(columns, self._outcomes(), strict=True)
        }

    @cached_property
    def missing(self) -> Mapping[str, str]:
        """For each answer without a value, the key of the fact to ask for."""
        found = {}
        for column, outcomes in zip(self.table.answers, self._outcomes(), strict=True):
            for outcome in outcomes:
                rule = outcome.value
                if isinstance(rule, DayRule) and self.known.value(rule.anchor) is None:
                    found[column.key] = next(self.known.unknown_roots(rule.anchor))
        return found

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """The limits used by this decision, with the day on which each started."""
        used: dict[str, Limit] = {}
        for row in self.rows:
            for column, cell in zip(self.table.inputs, row.conditions, strict=True):
                used |= {name: self.grid.limits[name] for name in cell.limits}
                if not cell.is_any:
                    used |= {
                        each.name: each for each in self.known.limits_behind(column.key)
                    }
            for outcome in row.outcomes:
                limit = limit_of(outcome, self.known)
                used |= {limit.name: limit} if limit else {}
                anchor = anchor_of(outcome)
                used |= {each.name: each for each in self.known.limits_behind(anchor)}
        return tuple(used.values())

    @cached_property
    def counted(self) -> tuple[Counted, ...]:
        """The values behind this decision that were stated and also computed."""
        found: dict[str, Counted] = {}
        for row in self.rows:
            keys = [
                column.key
                for column, cell in zip(self.table.inputs, row.conditions, strict=True)
                if not cell.is_any
            ]
            for key in (*keys, *map(anchor_of, row.outcomes)):
                found |= {each.fact.key: each for each in self.known.counts_behind(key)}
        return tuple(found.values())

    def wanted(self, miss: CellMismatch) -> str:
        """Format the condition of a miss, with the values of its limits."""
        held = self.grid.limits
        named = [str(held[name]) for name in miss.cell.limits if name in held]
        return f"{miss.cell.text} ({', '.join(named)})" if named else miss.cell.text

    def shown(self, miss: CellMismatch) -> str:
        """Format the value that the case has for the input of a miss."""
        return value_words(self.facts[miss.number], miss.column.kind)

    def _outcomes(self) -> Iterator[tuple[Outcome, ...]]:
        for number in range(len(self.table.answers)):
            yield tuple(row.outcomes[number] for row in self.rows)


@dataclass(frozen=True, slots=True)
class FactNeeded:
    """The result of a table that needs another fact before it can decide."""

    table: Table
    """The table."""

    first: str
    """Key of the fact to ask for first."""

    facts: tuple[str, ...]
    """Keys of all gathered facts that could still change the result."""

    rows: tuple[Row, ...]
    """The rows that can still decide."""

    wants: tuple[str, ...] = ()
    """Keys of the inputs that could still change the result, as the table asks."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The result of a table that does not apply to the case."""

    table: Table
    """The table."""

    gate: Decision
    """Its *Only when*, decided for this case; the misses of its row say why."""


@dataclass(frozen=True, slots=True)
class Possibilities:
    """Partial knowledge of unknown facts: which values are still possible."""

    possible: Mapping[str, frozenset[Value]]
    """By the key of an input, the only values that its fact can still have."""

    unanswered: Collection[str] = ()
    """Keys of inputs that get no answer: only cells that ask nothing fit them."""


NO_POSSIBILITIES = Possibilities({})


def decide(
    table: Table,
    known: Known,
    *,
    ask_order: Sequence[str] = (),
    leads: Possibilities = NO_POSSIBILITIES,
) -> Decision | FactNeeded:
    """Decide one case with one table.

    Args:
        table: The table.
        known: The facts of the case, with its marketplace and day.
        ask_order: Keys of facts in the order in which to ask for them.
        leads: Which values are possible for facts that are not known.

    Returns:
        The decision, or what to ask for if an unknown fact could change it.

    Raises:
        NoRowFits: The table has a gap here.
        RowsOverlap: Two rows fit where only one may.
        NotCovered: A limit has no value in this situation, and a row that needs it
            may be the one that fits.
        FactsDisagree: The case contradicts itself.
    """
    try:
        grid = grid_of(table, known.situation)
        facts = tuple([known.value(column.key) for column in table.inputs])
    except NotCovered:
        # What needs the missing limit stays open, and nobody can be asked for it.
        grid = open_grid_of(table, known.situation)
        facts = tuple([known.covered_value(each.key) for each in table.inputs])
    fits = tuple(
        [
            scale.unasked if value is None else scale.rows_at(value)
            for scale, value in zip(grid.scales, facts, strict=True)
        ]
    )
    open_inputs = [number for number, value in enumerate(facts) if value is None]
    if open_inputs and leads.unanswered:
        keys = [column.key for column in table.inputs]
        open_inputs = [n for n in open_inputs if keys[n] not in leads.unanswered]
    rows = grid.all_rows
    for number, fit in enumerate(fits):
        if facts[number] is not None or number not in open_inputs:
            rows &= fit
    if open_inputs:
        within = _within(grid, open_inputs, leads)
        results = _results(grid, rows, open_inputs, within)
        if len(results) != 1:
            _refuse_open(grid, results, known)
            return _ask(grid, known, rows, (open_inputs, within), ask_order)
        rows = next(iter(results))
    if grid.open_rows:
        _refuse_open(grid, {result_of(table)(rows)}, known)
    chosen = select(table, rows, facts)
    unknown = tuple(open_inputs)
    why_not = _why_not(grid, fits, chosen, unknown)
    return Decision(table, grid, known, chosen, facts, why_not)


def _refuse_open(grid: Grid, results: Collection[int], known: Known) -> None:
    """Raise if every possible result depends on a row without its limit.

    Raises:
        NotCovered: Whatever is asked, such a row may be the one that fits.
    """
    if results and all(rows & grid.open_rows for rows in results):
        raise uncovered(grid, next(iter(results)), known.situation)


def select(table: Table, rows: int, facts: Sequence[Value | None]) -> tuple[Row, ...]:
    """Choose the deciding rows among those that fit, by the table's hit policy.

    Args:
        table: The table.
        rows: The rows that fit, as a bit set.
        facts: The value of each input, for the message of an error.

    Returns:
        The deciding rows: exactly one unless the policy collects.

    Raises:
        NoRowFits: Nothing fits, and the policy wants one row.
        RowsOverlap: Several rows fit, and the policy does not allow it.
    """
    fitting = table.rows_in(rows)
    if not fitting and table.policy.is_single:
        raise _no_row(table, facts)
    if table.policy is HitPolicy.UNIQUE and len(fitting) > 1:
        raise RowsOverlap(
            table=table.name, first=fitting[0].number, second=fitting[1].number
        )
    if table.policy is HitPolicy.ANY:
        return (_all_agree(table, fitting),)
    if table.policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
        fitting = tuple(sorted(fitting, key=table.priority))
    return fitting[:1] if table.policy.is_single else fitting


def _within(grid: Grid, open_inputs: Sequence[int], leads: Possibilities) -> Within:
    """Convert the leads to the segments that unknown facts can still be in."""
    found = {}
    for number in open_inputs if leads.possible else ():
        values = leads.possible.get(grid.table.inputs[number].key)
        if values is not None:
            segments = map(grid.scales[number].segment_of, values)
            found[number] = frozenset(segments)
    return found


def _results(
    grid: Grid, rows: int, open_inputs: Sequence[int], within: Within
) -> frozenset[int]:
    """Find every result that the unknown facts allow; empty if there are too many."""
    try:
        return possible_results(grid, rows, open_inputs, within)
    except SearchTooLarge:
        return frozenset()


def _ask(
    grid: Grid,
    known: Known,
    rows: int,
    unknown: tuple[Sequence[int], Within],
    ask_order: Sequence[str],
) -> FactNeeded:
    open_inputs, within = unknown
    results = _results(grid, rows, open_inputs, within)
    # Where even one search does not end, another for each input would not either.
    matter = [
        number
        for number in open_inputs
        if not results or _can_matter(grid, rows, unknown, number)
    ] or open_inputs
    matter = _askable(grid, known, matter)
    keys = dict.fromkeys(
        root
        for number in matter
        for root in known.unknown_roots(grid.table.inputs[number].key)
    )
    ranks = {key: place for place, key in enumerate(ask_order)}
    ordered = sorted(keys, key=lambda key: ranks.get(key, len(ranks)))
    possible = reduce(or_, results or {rows})
    return FactNeeded(
        grid.table,
        ordered[0],
        tuple(ordered),
        grid.table.rows_in(possible),
        tuple([grid.table.inputs[number].key for number in matter]),
    )


def _askable(grid: Grid, known: Known, matter: Sequence[int]) -> Sequence[int]:
    """Drop the inputs that cannot be asked, because their limit has no value.

    Raises:
        NotCovered: Nothing else is left that could change the result.
    """
    left = []
    refused: NotCovered | None = None
    for number in matter:
        try:
            known.value(grid.table.inputs[number].key)
            left.append(number)
        except NotCovered as error:
            refused = refused or error
    if refused and not left:
        raise refused
    return left


def _can_matter(
    grid: Grid, rows: int, unknown: tuple[Sequence[int], Within], number: int
) -> bool:
    open_inputs, within = unknown
    try:
        return can_matter(grid, rows, open_inputs, number, within)
    except SearchTooLarge:
        return True


@lru_cache(maxsize=16384)
def _why_not(
    grid: Grid,
    fits: tuple[int, ...],
    chosen: tuple[Row, ...],
    unknown: tuple[int, ...],
) -> tuple[RowMismatch, ...]:
    """List what excludes the other rows; cases with the same fits share the result.

    A miss on an unknown fact counts only if no known fact excludes the row.
    """
    asked = list(zip(range(len(fits)), grid.table.inputs, fits, strict=True))
    found = []
    for bit, row in enumerate(grid.table.rows):
        if row in chosen:
            continue
        misses = [
            CellMismatch(number, column, row.conditions[number])
            for number, column, fit in asked
            if not fit >> bit & 1
        ]
        known = [each for each in misses if each.number not in unknown]
        found.append(RowMismatch(row, tuple(known or misses)))
    return tuple(sorted(found, key=_distance))


def _distance(why_not: RowMismatch) -> int:
    return len(why_not.misses)


def _collected(
    policy: HitPolicy, column: Column, outcomes: Sequence[Outcome], known: Known
) -> Answer:
    values = tuple(value_of(outcome, known) for outcome in outcomes)
    if policy is HitPolicy.COUNT:
        return len(values)
    if policy in {HitPolicy.SUM, HitPolicy.MIN, HitPolicy.MAX}:
        return _aggregate(policy, column.kind, values)
    return values


def _aggregate(
    policy: HitPolicy, kind: Kind, values: Sequence[Value | None]
) -> Value | None:
    numbers = [value for value in values if value is not None]
    if not numbers or not kind.is_ordered:
        return None
    if policy is HitPolicy.SUM:
        return _sum(numbers)
    order = {value: point_of(value, kind) for value in numbers}
    pick = min if policy is HitPolicy.MIN else max
    return pick(numbers, key=order.__getitem__)


def _sum(numbers: Sequence[Value]) -> Value | None:
    """Add numbers, or amounts of one currency; days have no sum."""
    amounts = [each for each in numbers if isinstance(each, Money)]
    if amounts:
        return Money(sum(each.minor for each in amounts), amounts[0].currency)
    plain = [each for each in numbers if isinstance(each, (int, Decimal))]
    return sum(plain) if plain else None


def _all_agree(table: Table, fitting: Sequence[Row]) -> Row:
    first = fitting[0]
    for row in fitting[1:]:
        if [each.value for each in row.outcomes] != [
            each.value for each in first.outcomes
        ]:
            raise RowsOverlap(table=table.name, first=first.number, second=row.number)
    return first


def _no_row(table: Table, facts: Sequence[Value | None]) -> NoRowFits:
    named = ", ".join(
        f"{column.name} = {value_words(value, column.kind)}"
        for column, value in zip(table.inputs, facts, strict=True)
    )
    return NoRowFits(table=table.name, facts=named)
