"""Find the borders of conditions that no check tries from both sides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ...catalogue import say
from ...errors import KitError, Mistake
from ...rules.conditions import Cell, Endpoint, LimitRef
from ...rules.limits import Limits, plain_value
from ...rules.regions import NOWHERE, Cut, after, before, between, reachable_of
from ...rules.tables import Grid, Row, Table, open_grid_of
from ...rules.values import (
    Kind,
    Money,
    Point,
    Sort,
    Value,
    key_of,
    point_of,
    value_words,
)
from ..playbook.answering import possible_points
from ..playbook.playbook import Playbook
from .check_runner import check_result, places_of


def missing_borders(playbook: Playbook, table: Table) -> Iterator[Mistake]:
    """Find the borders in a table without a check on both sides.

    Returns:
        One mistake for the table, which lists all of them; none if all are tried.
    """
    found = list(_all_untried(playbook, table))
    if len(found) == 1:
        (border,) = found
        values: dict[str, object] = {
            "question": border.question,
            "value": border.value,
            "end": border.end,
            "row": border.row.number,
            "table": table.name,
        }
        yield Mistake("check-edge", playbook.path, border.row.line, values)
    elif found:
        borders = "; ".join(
            say(
                "mistakes.edge",
                question=each.question,
                value=each.value,
                row=each.row.number,
            )
            for each in found
        )
        values = {"count": len(found), "edges": borders, "table": table.name}
        yield Mistake("check-edges", playbook.path, table.line, values)


class _Border(NamedTuple):
    """A border that no check tries from one side."""

    question: str
    """The name of the question."""

    end: str
    """The border, as the author wrote it."""

    value: str
    """The side, in words."""

    row: Row
    """The first row that has it."""


def _all_untried(playbook: Playbook, table: Table) -> Iterator[_Border]:
    for number, column in enumerate(table.inputs):
        if not column.kind.is_ordered:
            continue
        points = possible_points(playbook, table, column)
        reach = _ReachablePoints(playbook.limits, column.kind, points)
        tried = list(_tried_points(playbook, table, number))
        seen: set[str] = set()
        for row in table.rows:
            for end, value in _untried(row.conditions[number], tried, reach):
                if value not in seen:
                    seen.add(value)
                    yield _Border(column.name, end, value, row)


@dataclass(frozen=True, slots=True)
class _ReachablePoints:
    """Which values a question can have."""

    limits: Limits
    """The limits that an end may name."""

    kind: Kind
    """The kind of the question."""

    points: frozenset[Point] | None
    """The possible answers of an earlier table; ``None`` for all values."""

    def sides(self, end: Endpoint, side: Callable[[Value, Kind], Cut]) -> set[str]:
        """List the sides of a border on which a case is possible, in any edition."""
        if not isinstance(end, LimitRef):
            return self._sides(end, side(end, self.kind))
        found: set[str] = set()
        for row in self.limits.all_of(end.limit):
            value = plain_value(row.value)
            found |= self._sides(value, side(value, self.kind))
        return found

    def _sides(self, at: Value, cut: Cut) -> set[str]:
        if self.points is not None:
            return {_place(point, cut, self.kind) for point in self.points}
        real = reachable_of(self.kind, at.currency if isinstance(at, Money) else "")
        halves = {"last below": between(None, cut), "first above": between(cut, None)}
        return {name for name, half in halves.items() if real & half != NOWHERE}


def _tried_points(
    playbook: Playbook, table: Table, number: int
) -> Iterator[tuple[Grid, Value]]:
    """List the values that the checks of a table give to one question."""
    for check in playbook.checks:
        if key_of(check.table) != key_of(table.name):
            continue
        for marketplace in places_of(playbook, check):
            try:
                tried = check_result(playbook, check, marketplace)
                if tried.error and table is not playbook.tables[0]:
                    continue
                known = tried.known
                value = known.value(table.inputs[number].key)
                if value is not None:
                    yield open_grid_of(table, known.situation), value
            except KitError:
                continue


def _untried(
    cell: Cell, tried: list[tuple[Grid, Value]], reach: _ReachablePoints
) -> Iterator[tuple[str, str]]:
    """Find the borders of a cell, with the neighbouring value, not yet tried."""
    kind = reach.kind
    for interval in cell.intervals:
        for end, side in (
            (interval.low, before if interval.low_included else after),
            (interval.high, after if interval.high_included else before),
        ):
            if end is None:
                continue
            name = end.limit if isinstance(end, LimitRef) else value_words(end, kind)
            sides = {_side(end, side, kind, grid, value) for grid, value in tried}
            untried = reach.sides(end, side) - sides
            if "last below" in untried:
                yield name, say("cli.below", end=name)
            if "first above" in untried:
                yield name, say("cli.above", end=name)


def _side(
    end: Endpoint,
    side: Callable[[Value, Kind], Cut],
    kind: Kind,
    grid: Grid,
    value: Value,
) -> str:
    """Tell on which side of a border a tried value is, if it is right next to it."""
    if isinstance(end, LimitRef) and end.limit not in grid.limits:
        return ""
    at = plain_value(grid.limits[end.limit].value) if isinstance(end, LimitRef) else end
    return _place(point_of(value, kind), side(at, kind), kind)


def _place(point: Point, cut: Cut, kind: Kind) -> str:
    """Tell on which side of a cut a place is, if it is right next to it.

    Amounts and plain numbers have no fixed neighbour, so any value on that side counts.
    """
    if isinstance(cut, int) and isinstance(point, int) and kind.sort is not Sort.MONEY:
        return {cut - 1: "last below", cut: "first above"}.get(point, "")
    return "first above" if between(cut, None).has(point) else "last below"
