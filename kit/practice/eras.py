"""Eras: how long the limits of some tables stay the same, and what they cover.

A case lies within one era, so that solving it needs no limit that changes midway.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from ..content.playbooks import Playbook
from ..content.scenefacts import slots_of
from ..errors import NotCovered
from ..rules.facts import Situation
from ..rules.limits import ALWAYS, are_written
from ..rules.outcomes import DayRule
from ..rules.tables import Row, Table, grid_of
from ..rules.values import Sort
from .aims import limits_behind
from .stretches import number_of

MOST_DAYS = 3 * 365
"""How far back cases lie, where no edition says otherwise."""

EARLIER = 365
"""How far before the first edition a day can lie."""


def days_of(playbook: Playbook) -> tuple[date, date]:
    """Find the earliest and the latest day that a case of a page can lie on."""
    last = playbook.reviewed
    days = [row.start for row in playbook.limits.rows if row.start > ALWAYS]
    days += [date.fromordinal(each) for each in _days_in_cells(playbook)]
    if not days:
        return _earlier(last, MOST_DAYS), last
    return _earlier(min(days), EARLIER), last


def _earlier(day: date, days: int) -> date:
    """Go back, but never out of the calendar."""
    return date.fromordinal(max(day.toordinal() - days, 1))


def _days_in_cells(playbook: Playbook) -> Iterator[int]:
    for table in playbook.tables:
        for row in table.rows:
            for cell in row.conditions:
                for each in cell.stretches:
                    for end in (each.low, each.high):
                        if isinstance(end, date):
                            yield number_of(end)


def eras(
    playbook: Playbook, tables: tuple[Table, ...], days: tuple[date, date]
) -> Iterator[tuple[date, date]]:
    """Cut the time where any limit of these tables changes."""
    names = {name for table in tables for name in _limits_of(playbook, table)}
    starts = {row.start for name in names for row in playbook.limits.all_of(name)} | {
        days[0]
    }
    cuts = sorted(each for each in starts if ALWAYS < each <= days[1])
    for since, following in pairwise(cuts):
        yield since, following - timedelta(days=1)
    if cuts:
        yield cuts[-1], days[1]


def _limits_of(playbook: Playbook, table: Table) -> Iterator[str]:
    yield from table.limits
    yield from table.answer_limits
    for column in table.questions:
        yield from limits_behind(playbook, column.key)
    for row in table.rows:
        for key in _told_by(playbook, table, row):
            yield from limits_behind(playbook, key)


def _told_by(playbook: Playbook, table: Table, row: Row) -> Iterator[str]:
    """The facts from which a row counts its days and fills its messages."""
    for column, outcome in zip(table.answers, row.outcomes, strict=True):
        if isinstance(outcome.value, DayRule):
            yield outcome.value.anchor
        elif column.kind.sort is Sort.MESSAGE:
            yield from slots_of(playbook, str(outcome.value))


def is_covered(playbook: Playbook, table: Table, situation: Situation) -> bool:
    """Whether a table can be asked at all."""
    try:
        grid = grid_of(table, situation)
        limits = list(grid.limits.values())
        for column in table.questions:
            for name in limits_behind(playbook, column.key):
                limits.append(situation.limit(name))
    except NotCovered:
        return False
    return are_written(limits, situation.edition)


def is_told(playbook: Playbook, table: Table, row: Row, situation: Situation) -> bool:
    """Whether every answer of a row has its limits."""
    names = [
        outcome.value.step
        for outcome in row.outcomes
        if isinstance(outcome.value, DayRule) and isinstance(outcome.value.step, str)
    ]
    for key in _told_by(playbook, table, row):
        names += limits_behind(playbook, key)
    try:
        limits = [situation.limit(name) for name in names]
    except NotCovered:
        return False
    return are_written(limits, situation.edition)
