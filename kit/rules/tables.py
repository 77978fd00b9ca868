"""Decision tables: rows, inputs and answers, and how several fitting rows decide.

A table is what an author wrote. What it means on one day at one marketplace is its
*grid*: for every input the scale of its fact, cut into segments in which no cell
changes, and for every segment the set of rows that fit, as bits of a number. Deciding,
proving, explaining and the generated code all read the same grid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path

from ..errors import ForeignAmount, NotCovered
from .calendars import Marketplace
from .conditions import Cell
from .facts import Situation
from .limits import Limit, Limits, plain_value
from .outcomes import Outcome, limit_named
from .regions import (
    NOWHERE,
    Cut,
    IntervalSet,
    between,
    cuts_of,
    domain_of,
    place_before,
    rank,
    reachable_of,
)
from .values import Kind, Money, Point, Sort, Value, point_of, value_at


class HitPolicy(Enum):
    """How a table decides when several rows fit (DMN 1.5, 8.2.8)."""

    __hash__ = object.__hash__  # as in ``Sort``: quicker than hashing its name

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"
    COLLECT = "C"
    SUM = "C+"
    MIN = "C<"
    MAX = "C>"
    COUNT = "C#"

    @property
    def is_single(self) -> bool:
        """Whether the result is one row."""
        return self in _SINGLE

    @property
    def is_list(self) -> bool:
        """Whether the result lists the values of every row that fits."""
        return self in _LISTS


_SINGLE = {HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST}
_LISTS = {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """An input or an answer of a table."""

    name: str
    """The heading as the author wrote it."""

    key: str
    """Its name, normalised for comparison."""

    kind: Kind
    """The kind of its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One rule of a table."""

    number: str
    """The author's number of the row, such as ``"3"``."""

    line: int
    """Line of the page, counted from 1."""

    conditions: tuple[Cell, ...]
    """One cell for each input."""

    outcomes: tuple[Outcome, ...]
    """One cell for each answer."""

    because: str = ""
    """The reason, in words that can be said to the buyer."""

    sources: tuple[str, ...] = ()
    """Ids of the sources of this row."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A decision table, as an author wrote it."""

    name: str
    """What it decides, such as ``"who pays"``."""

    policy: HitPolicy
    """What happens when several rows fit."""

    inputs: tuple[Column, ...]
    """The columns of facts."""

    answers: tuple[Column, ...]
    """The columns of results."""

    rows: tuple[Row, ...]
    """Its rows, at least one."""

    path: Path = Path()
    """The file of its page."""

    line: int = 0
    """Line of the page, counted from 1."""

    only_when: "Table | None" = None
    """The condition for the whole table, as a table of one row; ``None`` for always."""

    @property
    def limits(self) -> tuple[str, ...]:
        """The names of the limits in the cells of its inputs."""
        return _limits(self)

    @property
    def answer_limits(self) -> tuple[str, ...]:
        """The names of the limits in the cells of its answers."""
        names = (limit_named(each) for row in self.rows for each in row.outcomes)
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def parts(self) -> "tuple[Table, ...]":
        """The table itself and, if there is one, the table of its *Only when*."""
        return (self,) if self.only_when is None else (self, self.only_when)

    @property
    def gives_action(self) -> bool:
        """Whether one of its answers is an action."""
        return any(column.kind.sort is Sort.ACTION for column in self.answers)

    def row(self, number: str) -> Row | None:
        """Find a row by the author's number; ``None`` if there is none."""
        return next((row for row in self.rows if row.number == number), None)

    def rows_in(self, rows: int) -> tuple[Row, ...]:
        """List the rows of a bit set, from the top of the table."""
        return tuple([self.rows[bit] for bit in bits_of(rows)])

    def priority(self, row: Row) -> tuple[int, ...]:
        """Rank a row for policy ``P``, by the declared order of its answers' words.

        Returns:
            A tuple that sorts rows; the lowest one takes precedence.
        """
        return tuple(
            column.kind.words.index(str(outcome.value))
            if str(outcome.value) in column.kind.words
            else len(column.kind.words)
            for column, outcome in zip(self.answers, row.outcomes, strict=True)
        )

    def place(self, row: Row) -> str:
        """Return the place of a row as ``path:line``."""
        return f"{self.path.as_posix()}:{row.line}"


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The scale of one input, cut wherever a cell changes."""

    kind: Kind
    """The kind of its fact."""

    cuts: tuple[Cut, ...]
    """The cuts in rising order; segment n lies below cut n and above cut n - 1."""

    fitting: tuple[int, ...]
    """For every segment the rows that fit, as a bit set."""

    inside: tuple[int, ...]
    """The numbers of the segments that contain a possible value of the fact."""

    by_word: Mapping[Value, int]
    """For every word, or yes and no, the rows that fit; empty for other kinds."""

    unasked: int
    """The rows that fit while the fact is unknown, as a bit set."""

    def rows_at(self, value: Value) -> int:
        """Return the rows that fit a value, as a bit set."""
        if self.by_word:
            return self.by_word[value]
        if not self.cuts:
            return self.fitting[0]
        return self.fitting[rank(self.cuts, point_of(value, self.kind))]

    def segment_of(self, value: Value) -> int:
        """Return the number of the segment that contains a value."""
        return self.segment_at(point_of(value, self.kind))

    def segment_at(self, point: Point) -> int:
        """Return the number of the segment that contains a place of the scale."""
        return rank(self.cuts, point)

    def point_in(self, segment: int) -> Point:
        """Return a place of a segment, as low as possible."""
        low = self.cuts[segment - 1] if segment else None
        high = self.cuts[segment] if segment < len(self.cuts) else None
        return place_before(low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table with the values of its limits on one day at one marketplace."""

    table: Table
    """The table it was built from."""

    scales: tuple[Scale, ...]
    """One for each input."""

    limits: Mapping[str, Limit]
    """The value in force of each limit that the inputs compare with, by name."""

    open_rows: int = 0
    """The rows that need a limit that has no value here, as a bit set."""

    @property
    def all_rows(self) -> int:
        """All rows of the table, as a bit set."""
        return (1 << len(self.table.rows)) - 1

    def witness(self, segments: Mapping[int, int], currency: str) -> dict[str, Value]:
        """Build an example case that lies in the given segments.

        Args:
            segments: The number of a segment by the number of its input.
            currency: ISO 4217 code of amounts.

        Returns:
            A value for each input, by the key of its fact.
        """
        from_scale = {}
        for number, segment in segments.items():
            column = self.table.inputs[number]
            point = self.scales[number].point_in(segment)
            from_scale[column.name] = value_at(point, column.kind, currency)
        return from_scale


def bits_of(rows: int) -> Iterator[int]:
    """Yield the indexes of the rows in a bit set, from the lowest."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


def grid_of(table: Table, situation: Situation) -> Grid:
    """Build the grid of a table for a situation.

    Args:
        table: The table.
        situation: The marketplace and the day, with their limits.

    Returns:
        The grid; the same object for equal values of the limits.

    Raises:
        NotCovered: A limit has no value there, or an amount is in another currency.
    """
    limits = tuple(situation.limit(name) for name in table.limits)
    return _grid(table, limits, situation.marketplace.currency)


def editions(
    table: Table, limits: Limits, marketplace: Marketplace, names: Sequence[str] = ()
) -> Iterator[tuple[Situation, Grid]]:
    """Find what a table meant at a marketplace, each day on which a limit starts.

    Args:
        table: The table.
        limits: The limits of its playbook.
        marketplace: The marketplace.
        names: More limits that count, besides those of the table.

    Yields:
        Each first day as a situation, with its grid. Two in a row may mean the same.
        A day on which a limit had no value yet is not covered, and is left out.
    """
    for day in limits.starts((*table.limits, *names)) or [date.max]:
        situation = Situation(marketplace, day, day, limits)
        try:
            for name in names:
                situation.limit(name)
            grid = grid_of(table, situation)
        except NotCovered:
            continue
        yield situation, grid


def open_grid_of(table: Table, situation: Situation) -> Grid:
    """Build the grid of a table where some limits may have no value.

    A row that needs such a limit is treated as fitting any value of that fact, and is
    listed in ``open_rows``. Other rows can decide as long as no open row could.

    Args:
        table: The table.
        situation: The marketplace and the day, with their limits.
    """
    try:
        return grid_of(table, situation)
    except NotCovered:
        found = tuple(_held(name, situation) for name in table.limits)
        return _grid(table, found, situation.marketplace.currency, is_open=True)


def uncovered(grid: Grid, rows: int, situation: Situation) -> NotCovered:
    """Build the error for the limit, or amount, that an open row lacks.

    Args:
        grid: The grid with open rows.
        rows: A bit set with at least one open row; the first one is named.
        situation: The marketplace and the day.
    """
    currency = situation.marketplace.currency
    for row in grid.table.rows_in(grid.open_rows & rows):
        for cell in row.conditions:
            for name in cell.limits:
                try:
                    situation.limit(name)
                except NotCovered as error:
                    return error
            for amount in _amounts(cell):
                if amount.currency != currency:
                    return ForeignAmount(amount=amount, currency=currency)
    raise ValueError(rows)


def _held(name: str, situation: Situation) -> Limit | None:
    try:
        return situation.limit(name)
    except NotCovered:
        return None


@cache
def _limits(table: Table) -> tuple[str, ...]:
    named = (
        name for row in table.rows for cell in row.conditions for name in cell.limits
    )
    return tuple(dict.fromkeys(named))


@lru_cache(maxsize=4096)
def _grid(
    table: Table,
    limits: tuple[Limit | None, ...],
    currency: str,
    *,
    is_open: bool = False,
) -> Grid:
    named = zip(table.limits, limits, strict=True)
    by_name = {name: limit for name, limit in named if limit is not None}
    values = {name: plain_value(limit.value) for name, limit in by_name.items()}
    if not is_open:
        for amount in (
            each for row in table.rows for each in _amounts(*row.conditions)
        ):
            if amount.currency != currency:
                raise ForeignAmount(amount=amount, currency=currency)
    scales = tuple(
        _scale(
            table,
            number,
            tuple((name, values[name]) for name in names if name in values),
            currency if column.kind.sort is Sort.MONEY else "",
            is_open=is_open,
        )
        for number, (column, names) in enumerate(
            zip(table.inputs, _limits_by_input(table), strict=True)
        )
    )
    open_rows = sum(
        1 << bit
        for bit, row in enumerate(table.rows if is_open else ())
        if any(_is_open(cell, values, currency) for cell in row.conditions)
    )
    return Grid(table, scales, by_name, open_rows)


def _is_open(cell: Cell, values: Mapping[str, Value], currency: str) -> bool:
    """Tell whether a cell needs a limit without a value, or another currency."""
    return any(name not in values for name in cell.limits) or any(
        amount.currency != currency for amount in _amounts(cell)
    )


@cache
def _limits_by_input(table: Table) -> tuple[tuple[str, ...], ...]:
    """List the limits in the cells of each input, the *Only when* included."""
    found = []
    for number, column in enumerate(table.inputs):
        cells = [row.conditions[number] for row in table.rows]
        cells += _only_when(table, column)
        found.append(
            tuple(dict.fromkeys(name for cell in cells for name in cell.limits))
        )
    return tuple(found)


@lru_cache(maxsize=16384)
def _scale(
    table: Table,
    number: int,
    limits: tuple[tuple[str, Value], ...],
    currency: str,
    *,
    is_open: bool,
) -> Scale:
    """Build the scale of an input.

    Cached: most inputs mean the same in nearly every edition.
    """
    values = dict(limits)
    kind = table.inputs[number].kind
    domain = domain_of(kind, currency)
    cells = [row.conditions[number] for row in table.rows]
    by_cell: dict[Cell, IntervalSet] = {}  # Most cells of a column are like another.
    for cell in cells:
        if cell not in by_cell:
            by_cell[cell] = (
                domain
                if is_open and _is_open(cell, values, currency)
                else cell.region(kind, values, currency=currency)
            )
    regions = [by_cell[cell] for cell in cells]
    spoken = [
        cell.region(kind, values, currency=currency)
        for cell in _only_when(table, table.inputs[number])
        if values.keys() >= set(cell.limits)
    ]
    cuts = tuple(cuts_of([*by_cell.values(), domain, *spoken]))
    fitting = _rows_by_segment(regions, cuts)
    ends = zip((None, *cuts), (*cuts, None), strict=True)
    reached = (reachable_of(kind, currency), *spoken)
    inside = (
        segment
        for segment, end in enumerate(ends)
        if all(region & between(*end) != NOWHERE for region in reached)
    )
    words: tuple[Value, ...] = kind.words or (
        (False, True) if kind.sort is Sort.YES_NO else ()
    )
    by_word = {word: fitting[rank(cuts, place)] for place, word in enumerate(words)}
    unasked = sum(1 << bit for bit, cell in enumerate(cells) if cell.is_any)
    return Scale(kind, cuts, fitting, tuple(inside), by_word, unasked)


def _only_when(table: Table, asked: Column) -> Iterator[Cell]:
    """Yield the cells of the *Only when* that restrict an input."""
    gate = table.only_when
    if gate is not None:
        cells = zip(gate.inputs, gate.rows[0].conditions, strict=True)
        yield from (cell for column, cell in cells if column.key == asked.key)


def _rows_by_segment(
    regions: Sequence[IntervalSet], cuts: Sequence[Cut]
) -> tuple[int, ...]:
    fitting = [0] * (len(cuts) + 1)
    for bit, region in enumerate(regions):
        changes = set(region.cuts)
        inside = region.begins_inside
        fitting[0] |= inside << bit
        for segment, cut in enumerate(cuts, start=1):
            inside ^= cut in changes
            fitting[segment] |= inside << bit
    return tuple(fitting)


def _amounts(*cells: Cell) -> Iterator[Money]:
    """Yield the amounts in some cells."""
    for cell in cells:
        for interval in cell.intervals:
            for end in (interval.low, interval.high):
                if isinstance(end, Money):
                    yield end
