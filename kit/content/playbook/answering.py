"""Which values a question can have, where an earlier table answers it.

A fact can have any value of its kind. The answer of a table has only the values in
the rows of that table, so the other values are no gap, and no check can try them.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...rules.regions import rank
from ...rules.tables import Column, Grid, Table
from ...rules.values import Money, Point, point_of
from .playbook import Playbook

PLAIN = (bool, int, Decimal, Money, date, str)


def possible_points(
    playbook: Playbook, table: Table, column: Column
) -> frozenset[Point] | None:
    """Find the places on its scale that a question can have.

    Returns:
        ``None`` where it can have every place, since it is a fact, or since the rows
        that answer it do not say plainly what they answer.
    """
    if column.key in playbook.reference.facts:
        return None
    found = set()
    tables = playbook.answerers(column.key, before=table)
    for earlier in tables:
        number = [each.key for each in earlier.answers].index(column.key)
        for row in earlier.rows:
            value = row.outcomes[number].value
            if not earlier.policy.is_single or not isinstance(value, PLAIN):
                return None
            found.add(point_of(value, column.kind))
    return frozenset(found) if tables else None


def narrowed(playbook: Playbook, table: Table, grid: Grid) -> Grid:
    """Drop the segments of a grid that no answer of an earlier table can reach."""
    scales = list(grid.scales)
    for number, column in enumerate(table.inputs):
        points = possible_points(playbook, table, column)
        if points is None:
            continue
        scale = scales[number]
        reached = {rank(scale.cuts, point) for point in points}
        inside = tuple(each for each in scale.inside if each in reached)
        scales[number] = replace(scale, inside=inside)
    if all(
        new.inside == old.inside for new, old in zip(scales, grid.scales, strict=True)
    ):
        return grid
    return replace(grid, scales=tuple(scales))
