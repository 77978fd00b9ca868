"""List the targets of practice cases: rows, borders and mistakes of a playbook.

A row in each edition at each marketplace; the last value in and the first one out of
each cell; the days beside weekends and holidays where business days count; and each
mistake that people make. Nothing here makes a case.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from ...content.playbook.playbook import Playbook
from ...content.stories.story_model import Stories
from ...rules.calendars import Marketplace
from ...rules.conditions import Cell
from ...rules.facts import MARKETPLACE, Fact
from ...rules.limits import ALWAYS_FROM, Limit, are_written, plain_value
from ...rules.outcomes import DayRule
from ...rules.regions import IntervalSet, domain_of
from ...rules.tables import Grid, Row, Table, editions
from ...rules.values import Duration, Kind, Sort, key_of, show_value
from .int_sets import FAR, bits, int_ranges, intersection, value_of

TargetSort = Literal["row", "border", "mistake"]
Side = Literal["", "in", "out"]
Beside = Literal["", "friday", "monday", "holiday-eve", "holiday-after"]

BESIDES: tuple[Beside, ...] = ("friday", "monday", "holiday-eve", "holiday-after")
"""Days beside a weekend, and beside a public holiday on a working day."""

BUSINESS_DAYS = "business days"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What one practice case is about."""

    id: str
    """Its name, the same for ever: ``inr-request/by-when/row-3/EBAY_GB``."""

    sort: TargetSort
    """Whether it is about a row, the border of a cell, or a mistake."""

    playbook: str
    """Id of the playbook."""

    table: str
    """The name of the decision."""

    row: str
    """The number of the row that decides; on the far side of a border just does not."""

    marketplace: str
    """Where it happens."""

    since: date | None = None
    """The first day of the edition; ``None`` where the table has no limits."""

    until: date | None = None
    """The last day of the edition; ``None`` while it lasts."""

    question: str = ""
    """Key of the fact whose border it is."""

    side: Side = ""
    """Whether the fact just fits the cell of the row, or just does not."""

    number: int | None = None
    """The value at the border as a whole number; ``None`` for a comparison."""

    beside: Beside = ""
    """Beside which days the counting of business days has to stand."""

    anchor: str = ""
    """Key of the day that stands beside them."""


@lru_cache(maxsize=256)
def targets_of(playbook: Playbook) -> tuple[Target, ...]:
    """Find everything in a playbook that a case can be about.

    What its other tables or its stories rule out is among them all the same: only
    solving a case can tell.
    """
    rows = tuple(
        target
        for table in playbook.tables
        for target in _targets_of_table(playbook, table)
    )
    return (*rows, *_mistakes(playbook, rows))


@lru_cache(maxsize=256)
def targets_with_words(stories: Stories) -> tuple[Target, ...]:
    """Find what a case can be about, where there are words to tell it.

    A marketplace without buyers and orders of its own is decided, and not practised.
    The far side of a cell is no border where the other cells of its row keep it out:
    whoever is inside the counted days is never outside the longer period.
    """
    every = targets_of(stories.playbook)
    told = {
        place: stories.has_words(place)
        for place in stories.playbook.reference.marketplaces
    }
    return tuple(
        target
        for target in every
        if told[target.marketplace]
        and not (target.side == "out" and _is_contradicted(stories, target))
    )


def _is_contradicted(stories: Stories, target: Target) -> bool:
    """Whether one step beyond a border contradicts what its row asks besides."""
    table = next(each for each in stories.playbook.tables if each.name == target.table)
    row = next(each for each in table.rows if each.number == target.row)
    asks = {
        column.key: _bits_of(cell, column.kind)
        for column, cell in zip(table.inputs, row.conditions, strict=True)
        if _has_bits(column.kind) and not cell.is_any
    }
    if target.question not in asks:
        return False
    asks[target.question] = ~asks[target.question] & 3
    return any(
        implication.then is not None
        and {implication.when.fact, implication.then.fact} <= set(asks)
        and not asks[implication.when.fact]
        & ~_bits_of(implication.when.cell, implication.when.kind)
        and not asks[implication.then.fact]
        & _bits_of(implication.then.cell, implication.then.kind)
        for implication in stories.case_vocabulary.implications
    )


def _has_bits(kind: Kind) -> bool:
    return not kind.is_ordered and kind.sort is not Sort.TEXT


def _bits_of(cell: Cell, kind: Kind) -> int:
    """Find the words that fit a cell, as bits."""
    return bits(cell.region(kind, {}, currency=""), kind)


def limits_behind(playbook: Playbook, key: str) -> Iterator[str]:
    """Find the names of the limits from which a fact follows."""
    fact = playbook.reference.facts.get(key)
    if fact is None or fact.derivation is None:
        return
    for name in fact.derivation.names:
        if playbook.limits.all_of(name):
            yield name
        else:
            yield from limits_behind(playbook, key_of(name))


def _targets_of_table(playbook: Playbook, table: Table) -> Iterator[Target]:
    for place in playbook.reference.marketplaces.values():
        for since, until, grid in _editions(playbook, table, place):
            for index, row in enumerate(table.rows):
                if _is_elsewhere(grid, index, place):
                    continue
                parts = [_slug(table.name), f"row-{_slug(row.number)}", place.id]
                if since is not None:
                    parts.append(since.isoformat())
                target = Target(
                    "/".join((playbook.id, *parts)),
                    "row",
                    playbook.id,
                    table.name,
                    row.number,
                    place.id,
                    since,
                    until,
                )
                yield target
                yield from _borders(playbook, grid, index, target, place)
                yield from _deadlines(playbook, table, row, target, place)


def _editions(
    playbook: Playbook, table: Table, place: Marketplace
) -> Iterator[tuple[date | None, date | None, Grid]]:
    """Find what a table asked at one place, from which day to which."""
    names = [*table.limits]
    for column in table.inputs:
        names += limits_behind(playbook, column.key)
    wanted = tuple(dict.fromkeys(names))
    found: list[tuple[date, tuple[Limit, ...], Grid]] = []
    for situation, grid in editions(table, playbook.limits, place, wanted):
        day, limits = situation.edition, tuple(map(situation.limit, wanted))
        if not are_written(limits, day):
            continue
        if not found or found[-1][1] != limits:
            found.append((day, limits, grid))
    for number, (day, _, grid) in enumerate(found):
        is_last = number + 1 == len(found)
        until = None if is_last else found[number + 1][0] - _ONE_DAY
        is_dated = day not in {ALWAYS_FROM, date.max}
        yield (day if is_dated else None), until, grid


def _is_elsewhere(grid: Grid, index: int, place: Marketplace) -> bool:
    """Whether a row is about other marketplaces."""
    for column, scale in zip(grid.table.inputs, grid.scales, strict=True):
        if column.key == MARKETPLACE and not scale.rows_at(place.id) >> index & 1:
            return True
    return False


def _borders(
    playbook: Playbook, grid: Grid, index: int, target: Target, place: Marketplace
) -> Iterator[Target]:
    """Find the values just inside and just outside of a row's cells."""
    row = grid.table.rows[index]
    values = {name: plain_value(limit.value) for name, limit in grid.limits.items()}
    for column, cell in zip(grid.table.inputs, row.conditions, strict=True):
        if cell.is_any:
            continue
        fact = playbook.reference.facts.get(column.key)
        start = replace(target, sort="border", question=column.key)
        region = cell.region(column.kind, values, currency=place.currency)
        if column.kind.is_ordered:
            for number, side in _ends(region, column.kind, place.currency):
                shown = show_value(
                    value_of(number, column.kind, place.currency), column.kind
                )
                border = replace(
                    start,
                    id=f"{target.id}/{_slug(column.name)}-{_slug(shown)}-{side}",
                    side=side,
                    number=number,
                )
                yield border
                if side == "in":
                    yield from _counted(border, fact, place)
        elif compares(fact) and bits(region, column.kind) in {1, 2}:
            for side in _SIDES:
                yield replace(
                    start, id=f"{target.id}/{_slug(column.name)}-just-{side}", side=side
                )


_SIDES: tuple[Side, ...] = ("in", "out")


def compares(fact: Fact | None) -> bool:
    """Whether a fact follows from comparing two others."""
    how = fact.derivation if fact else None
    return how is not None and how.form in {"is at least", "is not after"}


def _ends(region: IntervalSet, kind: Kind, currency: str) -> Iterator[tuple[int, Side]]:
    """Find the last values in and the first ones out, where anything is beyond."""
    domain = int_ranges(domain_of(kind, currency))
    found: dict[tuple[int, Side], None] = {}
    for low, high in int_ranges(region):
        for inner, outer in ((low, low - 1), (high, high + 1)):
            if abs(inner) < FAR and intersection(domain, ((outer, outer),)):
                found[inner, "in"] = None
                found[outer, "out"] = None
    yield from found


def _counted(border: Target, fact: Fact | None, place: Marketplace) -> Iterator[Target]:
    """Where business days are counted, let the count end beside days that are none."""
    how = fact.derivation if fact else None
    if how is None or how.form != "business days from":
        return
    for beside in () if how.at_our_desk else _besides(place):
        yield replace(
            border,
            id=f"{border.id}/{beside}",
            beside=beside,
            anchor=key_of(how.second),
        )


def _deadlines(
    playbook: Playbook, table: Table, row: Row, target: Target, place: Marketplace
) -> Iterator[Target]:
    """Where an answer counts business days, let it begin beside days that are none."""
    for column, outcome in zip(table.answers, row.outcomes, strict=True):
        rule = outcome.value
        anchor = _counted_from(playbook, rule) if isinstance(rule, DayRule) else ""
        if anchor:
            for beside in _besides(place):
                yield replace(
                    target,
                    id=f"{target.id}/{_slug(column.name)}-from-{beside}",
                    sort="border",
                    beside=beside,
                    anchor=anchor,
                )


def _counted_from(playbook: Playbook, rule: DayRule) -> str:
    """The gathered date from which a day counts business days; empty if none."""
    facts = playbook.vocabulary()
    fact = facts.get(rule.anchor)
    if fact is None:
        return ""
    how = fact.derivation
    if how is None:
        if isinstance(rule.step, Duration):
            return fact.key if rule.step.unit == BUSINESS_DAYS else ""
        return fact.key if rule.step and _steps_over(playbook, rule.step) else ""
    first = facts.get(key_of(how.first))
    is_root = first is not None and first.derivation is None
    counts = how.unit == BUSINESS_DAYS or _steps_over(playbook, how.second)
    if rule.step or how.form != "plus" or how.at_our_desk or not is_root or not counts:
        return ""
    return key_of(how.first)


def _steps_over(playbook: Playbook, limit: str) -> bool:
    """Whether a limit is a number of business days, in any edition."""
    rows = playbook.limits.all_of(limit)
    return any(
        isinstance(each.value, Duration) and each.value.unit == BUSINESS_DAYS
        for each in rows
    )


def _besides(place: Marketplace) -> Iterator[Beside]:
    for each in BESIDES:
        if place.holidays != "none" or not each.startswith("holiday"):
            yield each


def _mistakes(playbook: Playbook, rows: tuple[Target, ...]) -> Iterator[Target]:
    """Every mistake at every place where its row can decide."""
    seen: dict[str, int] = {}
    for slip in playbook.typical_mistakes:
        name = _slug(slip.words)
        seen[name] = seen.get(name, 0) + 1
        again = f"-{seen[name]}" if seen[name] > 1 else ""
        for target in rows:
            if target.sort == "row" and (target.table, target.row) == (
                slip.table,
                slip.row,
            ):
                parts = [playbook.id, "watch-out", f"{name}{again}", target.marketplace]
                if target.since is not None:
                    parts.append(target.since.isoformat())
                yield replace(target, id="/".join(parts), sort="mistake")


@lru_cache(maxsize=4096)
def _slug(text: str) -> str:
    """Write a name with small letters and hyphens; ``<`` and the like fall away."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain_text.casefold()).strip("-")
