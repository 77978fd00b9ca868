"""Deciding one case, and saying why: this row, and why not the others.

A fact that the agent does not know is neither true nor false. If it could change the
result the answer is what to ask next (``Ask``), never a row. A table that is written
for other cases says nothing (``Silent``).
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
from .proofs import TooWide, Within, can_matter, possible_results, result_of
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
"""What a table answers: a value, the values of several rows, or not yet known."""


class Miss(NamedTuple):
    """One cell in which a row does not fit the case."""

    number: int
    """The number of the question, counted from 0."""

    question: Column
    """What was asked."""

    cell: Cell
    """What the row wanted."""


class WhyNot(NamedTuple):
    """Why one row did not decide."""

    row: Row
    """The row."""

    misses: tuple[Miss, ...]
    """Every cell that does not fit; none if an earlier row was taken first."""


@dataclass(frozen=True)
class Decision:
    """What a table answers for one case, with everything that explains it."""

    table: Table
    """The table that decided."""

    grid: Grid
    """The table with the limits that held."""

    known: Known
    """The case as far as it was known."""

    rows: tuple[Row, ...]
    """The deciding rows: exactly one unless the policy collects."""

    facts: tuple[Value | None, ...]
    """The value of each question."""

    why_not: tuple[WhyNot, ...]
    """Every other row, the nearest miss first."""

    @property
    def row(self) -> Row:
        """The deciding row.

        Raises:
            NoRowFits: The policy collects, and nothing fits.
        """
        if not self.rows:
            raise _no_row(self.table, self.facts)
        return self.rows[0]

    @property
    def because(self) -> str:
        """The reason, in words that can be said to a buyer, with what holds here."""
        return self.known.situation.said(self.row.because)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources behind the deciding row."""
        return self.row.sources

    @property
    def place(self) -> str:
        """Where the deciding row stands, as ``path:line``."""
        return self.table.place(self.row)

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """Every answer by its key; ``None`` while the date behind a day is unknown.

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
        """For each answer that cannot be told yet, the fact to ask for."""
        found = {}
        for column, outcomes in zip(self.table.answers, self._outcomes(), strict=True):
            for outcome in outcomes:
                rule = outcome.value
                if isinstance(rule, DayRule) and self.known.value(rule.anchor) is None:
                    found[column.key] = next(self.known.unknown_roots(rule.anchor))
        return found

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """The limits behind this decision, with the day on which each started."""
        used: dict[str, Limit] = {}
        for row in self.rows:
            for column, cell in zip(self.table.questions, row.conditions, strict=True):
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
        """What was stated behind this decision, and counted by us as well."""
        found: dict[str, Counted] = {}
        for row in self.rows:
            keys = [
                column.key
                for column, cell in zip(
                    self.table.questions, row.conditions, strict=True
                )
                if not cell.is_any
            ]
            for key in (*keys, *map(anchor_of, row.outcomes)):
                found |= {each.fact.key: each for each in self.known.counts_behind(key)}
        return tuple(found.values())

    def wanted(self, miss: Miss) -> str:
        """Say what the case would have needed, with the values of the limits named."""
        held = self.grid.limits
        named = [str(held[name]) for name in miss.cell.limits if name in held]
        return f"{miss.cell.text} ({', '.join(named)})" if named else miss.cell.text

    def shown(self, miss: Miss) -> str:
        """Say what the case has."""
        return value_words(self.facts[miss.number], miss.question.kind)

    def _outcomes(self) -> Iterator[tuple[Outcome, ...]]:
        for number in range(len(self.table.answers)):
            yield tuple(row.outcomes[number] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Ask:
    """The table cannot decide yet: something has to be asked or looked up first."""

    table: Table
    """The table that wants to know."""

    first: str
    """Key of the fact to ask for first."""

    facts: tuple[str, ...]
    """Keys of all gathered facts that could still change the result."""

    rows: tuple[Row, ...]
    """The rows that can still decide."""

    wants: tuple[str, ...] = ()
    """Keys of the questions that could still change the result, as the table asks."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The table says nothing about this case: it is written for others."""

    table: Table
    """The table."""

    gate: Decision
    """Its *Only when*, held against the case; the row that misses tells why."""


@dataclass(frozen=True, slots=True)
class Leads:
    """What is known of facts that are still unknown: what they can be at all."""

    possible: Mapping[str, frozenset[Value]]
    """By the key of a question, the only values that its fact can still have."""

    unanswered: Collection[str] = ()
    """Keys of questions that nobody answers: only cells that ask nothing fit them."""


NO_LEADS = Leads({})


def decide(
    table: Table,
    known: Known,
    *,
    ask_order: Sequence[str] = (),
    leads: Leads = NO_LEADS,
) -> Decision | Ask:
    """Decide one case with one table.

    Args:
        table: The table.
        known: What is known of the case.
        ask_order: Keys of facts, the one to ask for first at the front.
        leads: What facts can be that are not known.

    Raises:
        NoRowFits: The table has a gap here.
        RowsOverlap: Two rows fit where only one may.
        NotCovered: A limit has no value in this situation, and a row that needs it
            may be the one that fits.
        FactsDisagree: The case contradicts itself.
    """
    try:
        grid = grid_of(table, known.situation)
        facts = tuple([known.value(column.key) for column in table.questions])
    except NotCovered:
        # What needs the missing limit stays open, and nobody can be asked for it.
        grid = open_grid_of(table, known.situation)
        facts = tuple([known.covered_value(each.key) for each in table.questions])
    fits = tuple(
        [
            scale.unasked if value is None else scale.rows_at(value)
            for scale, value in zip(grid.scales, facts, strict=True)
        ]
    )
    open_questions = [number for number, value in enumerate(facts) if value is None]
    if open_questions and leads.unanswered:
        keys = [column.key for column in table.questions]
        open_questions = [n for n in open_questions if keys[n] not in leads.unanswered]
    rows = grid.all_rows
    for number, fit in enumerate(fits):
        if facts[number] is not None or number not in open_questions:
            rows &= fit
    if open_questions:
        within = _within(grid, open_questions, leads)
        results = _results(grid, rows, open_questions, within)
        if len(results) != 1:
            _refuse_open(grid, results, known)
            return _ask(grid, known, rows, (open_questions, within), ask_order)
        rows = next(iter(results))
    if grid.open_rows:
        _refuse_open(grid, {result_of(table)(rows)}, known)
    chosen = select(table, rows, facts)
    unknown = tuple(open_questions)
    why_not = _why_not(grid, fits, chosen, unknown)
    return Decision(table, grid, known, chosen, facts, why_not)


def _refuse_open(grid: Grid, results: Collection[int], known: Known) -> None:
    """Refuse a case that only rows without their limits could decide.

    Raises:
        NotCovered: Whatever is asked, such a row may be the one that fits.
    """
    if results and all(rows & grid.open_rows for rows in results):
        raise uncovered(grid, next(iter(results)), known.situation)


def select(table: Table, rows: int, facts: Sequence[Value | None]) -> tuple[Row, ...]:
    """Choose the deciding rows among those that fit, by the table's policy.

    Args:
        table: The table.
        rows: The rows that fit, as bits.
        facts: The value of each question, for the sentence of an error.

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


def _within(grid: Grid, open_questions: Sequence[int], leads: Leads) -> Within:
    """Find the segments in which facts can lie of which something is known."""
    found = {}
    for number in open_questions if leads.possible else ():
        values = leads.possible.get(grid.table.questions[number].key)
        if values is not None:
            segments = map(grid.scales[number].segment_of, values)
            found[number] = frozenset(segments)
    return found


def _results(
    grid: Grid, rows: int, open_questions: Sequence[int], within: Within
) -> frozenset[int]:
    """Find every result that the unknown facts leave; none if there are too many."""
    try:
        return possible_results(grid, rows, open_questions, within)
    except TooWide:
        return frozenset()


def _ask(
    grid: Grid,
    known: Known,
    rows: int,
    unknown: tuple[Sequence[int], Within],
    ask_order: Sequence[str],
) -> Ask:
    open_questions, within = unknown
    results = _results(grid, rows, open_questions, within)
    # Where even one search does not end, another for each question would not either.
    matter = [
        number
        for number in open_questions
        if not results or _can_matter(grid, rows, unknown, number)
    ] or open_questions
    matter = _askable(grid, known, matter)
    keys = dict.fromkeys(
        root
        for number in matter
        for root in known.unknown_roots(grid.table.questions[number].key)
    )
    ranks = {key: place for place, key in enumerate(ask_order)}
    ordered = sorted(keys, key=lambda key: ranks.get(key, len(ranks)))
    possible = reduce(or_, results or {rows})
    return Ask(
        grid.table,
        ordered[0],
        tuple(ordered),
        grid.table.rows_in(possible),
        tuple([grid.table.questions[number].key for number in matter]),
    )


def _askable(grid: Grid, known: Known, matter: Sequence[int]) -> Sequence[int]:
    """Leave out what nobody can be asked for, since a limit behind it has no value.

    Raises:
        NotCovered: Nothing else is left that could change the result.
    """
    left = []
    refused: NotCovered | None = None
    for number in matter:
        try:
            known.value(grid.table.questions[number].key)
            left.append(number)
        except NotCovered as error:
            refused = refused or error
    if refused and not left:
        raise refused
    return left


def _can_matter(
    grid: Grid, rows: int, unknown: tuple[Sequence[int], Within], number: int
) -> bool:
    open_questions, within = unknown
    try:
        return can_matter(grid, rows, open_questions, number, within)
    except TooWide:
        return True


@lru_cache(maxsize=16384)
def _why_not(
    grid: Grid,
    fits: tuple[int, ...],
    chosen: tuple[Row, ...],
    unknown: tuple[int, ...],
) -> tuple[WhyNot, ...]:
    """Collect what keeps the other rows out; cases with the same fits share it.

    What is not known keeps no row out that a known fact keeps out already.
    """
    asked = list(zip(range(len(fits)), grid.table.questions, fits, strict=True))
    found = []
    for bit, row in enumerate(grid.table.rows):
        if row in chosen:
            continue
        misses = [
            Miss(number, column, row.conditions[number])
            for number, column, fit in asked
            if not fit >> bit & 1
        ]
        known = [each for each in misses if each.number not in unknown]
        found.append(WhyNot(row, tuple(known or misses)))
    return tuple(sorted(found, key=_distance))


def _distance(why_not: WhyNot) -> int:
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
        for column, value in zip(table.questions, facts, strict=True)
    )
    return NoRowFits(table=table.name, facts=named)
