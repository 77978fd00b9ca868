"""Eras: periods in which the limits of some tables stay the same, and their days.

A case lies within one era, so that solving it needs no limit that changes midway.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from ...content.playbook.derived_facts import limits_shown
from ...content.playbook.playbook import Playbook
from ...content.stories.scene_facts import slots_of
from ...errors import NotCovered
from ...rules.facts import Situation
from ...rules.limits import ALWAYS_FROM, Limit, are_written
from ...rules.outcomes import DayRule, limit_named
from ...rules.tables import Row, Table, grid_of
from ...rules.values import Sort
from .int_sets import number_of
from .targets import limits_behind

MOST_DAYS = 3 * 365
"""How far back cases lie, where no edition says otherwise."""

EARLIER = 365
"""How far before the first edition a day can lie."""


def days_of(playbook: Playbook) -> tuple[date, date]:
    """Find the earliest and the latest day that a case of a page can lie on."""
    last = playbook.reviewed
    days = [row.start for row in limits_shown(playbook) if row.start != ALWAYS_FROM]
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
                for each in cell.intervals:
                    for end in (each.low, each.high):
                        if isinstance(end, date):
                            yield number_of(end)


def eras(
    playbook: Playbook, tables: tuple[Table, ...], days: tuple[date, date]
) -> Iterator[tuple[date, date]]:
    """Cut the time where any limit of these tables changes."""
    names = {name for table in tables for name in _limits_of(playbook, table)}
    starts = {days[0], *(max(day, days[0]) for day in playbook.limits.starts(names))}
    cuts = sorted(each for each in starts if each <= days[1])
    for since, following in pairwise(cuts):
        yield since, following - timedelta(days=1)
    if cuts:
        yield cuts[-1], days[1]


def _limits_of(playbook: Playbook, table: Table) -> Iterator[str]:
    yield from table.answer_limits
    for each in table.parts:
        yield from each.limits
        for column in each.inputs:
            yield from limits_behind(playbook, column.key)
    for row in table.rows:
        yield from _limits_told(playbook, table, row)


def _limits_told(playbook: Playbook, table: Table, row: Row) -> Iterator[str]:
    """The limits from which a row counts its days, and those that its words name."""
    known = {*playbook.reference.facts, *playbook.reference.answers}
    for key in _told_by(playbook, table, row):
        if key not in known and playbook.limits.all_of(key):
            yield key
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
        limits: list[Limit] = []
        for each in table.parts:
            limits += grid_of(each, situation).limits.values()
            for column in each.inputs:
                for name in limits_behind(playbook, column.key):
                    limits.append(situation.limit(name))
    except NotCovered:
        return False
    return are_written(limits, situation.edition)


def is_told(playbook: Playbook, table: Table, row: Row, situation: Situation) -> bool:
    """Whether every answer of a row has its limits."""
    names = [name for each in row.outcomes if (name := limit_named(each))]
    names += _limits_told(playbook, table, row)
    try:
        limits = [situation.limit(name) for name in names]
    except NotCovered:
        return False
    return are_written(limits, situation.edition)
