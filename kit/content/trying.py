"""Try the checks of a playbook, and find the ends of stretches that none of them tries.

A check that names no marketplace must hold at every one.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..catalogue import say
from ..errors import KitError, Mistake, NoRowFits, NotCovered, RowsOverlap
from ..rules.calendars import Marketplace
from ..rules.conditions import Cell, Endpoint, Named
from ..rules.decisions import Answer, Ask, Decision, Silent
from ..rules.facts import MARKETPLACE, Known
from ..rules.limits import Limits, plain_value
from ..rules.outcomes import NOT_COVERED
from ..rules.regions import NOWHERE, Cut, after, before, between, reachable_of
from ..rules.tables import Grid, HitPolicy, Row, Table, open_grid_of
from ..rules.values import (
    Kind,
    Money,
    Point,
    Sort,
    Value,
    key_of,
    point_of,
    value_words,
)
from .agreeing import check_agreement
from .answering import possible_points
from .checkrows import NOTHING
from .playbooks import Check, Playbook

AGGREGATES = {HitPolicy.SUM, HitPolicy.MIN, HitPolicy.MAX}
"""What answers nothing at all where no row fits; a count is 0 there."""


def known_of(playbook: Playbook, check: Check, marketplace: Marketplace) -> Known:
    """Take the facts of a check at a marketplace."""
    facts = {key: value for key, value in check.facts.items() if key != MARKETPLACE}
    return playbook.known(facts, marketplace=marketplace, on=check.on)


def places_of(playbook: Playbook, check: Check) -> list[Marketplace]:
    """Where a check must hold: at the marketplace it names, or else at every one."""
    named = check.facts.get(MARKETPLACE)
    every = playbook.reference.marketplaces
    return [every[str(named)]] if named is not None else list(every.values())


Finding = tuple[str, dict[str, object]]
"""A kind of mistake, and what stands in the slots of its sentences."""


def try_check(playbook: Playbook, check: Check) -> Iterator[Mistake]:
    """Find where a page decides a check otherwise than it says."""
    for marketplace in places_of(playbook, check):
        when = "" if MARKETPLACE in check.facts else f" ({marketplace.id})"
        values: dict[str, object] = {"title": check.title, "when": when}
        differs = list(_tried(playbook, check, marketplace))
        for kind, more in differs:
            yield Mistake(kind, playbook.path, check.line, {**values, **more})
        if differs:
            return


def _tried(
    playbook: Playbook, check: Check, marketplace: Marketplace
) -> Iterator[Finding]:
    try:
        known = known_of(playbook, check, marketplace)
        check_agreement(playbook, [check.table], known)
        result = playbook.decide(check.table, known, is_open=True)
        yield from list(_unlike(playbook, check, result))
    except NotCovered as error:
        if not check.not_covered:
            yield "check-refused", {"reason": str(error)}
    except (NoRowFits, RowsOverlap) as error:
        # The proof of the table has already found every gap, and overlaps of U.
        if playbook.table(error.table).policy is HitPolicy.ANY:
            yield "check-refused", {"reason": str(error)}
    except KitError as error:
        yield "check-refused", {"reason": str(error)}


def _unlike(
    playbook: Playbook, check: Check, result: Decision | Ask | Silent
) -> Iterator[Finding]:
    """Find where a result is otherwise than a check says, silence among it."""
    if isinstance(result, Silent) is not check.is_silent:
        kind = "check-speaks" if check.is_silent else "check-silent"
        yield kind, {"table": check.table}
    elif not isinstance(result, Silent):
        yield from _differences(playbook, check, result)


def _differences(
    playbook: Playbook, check: Check, result: Decision | Ask
) -> Iterator[Finding]:
    names = {key: fact.name for key, fact in playbook.vocabulary().items()}
    if isinstance(result, Ask):
        if not check.asks:
            yield "check-asks", {"fact": names[result.first]}
        elif result.first != check.asks:
            found = say("mistakes.found-ask", fact=names[result.first])
            yield "check-decides", {"fact": names[check.asks], "found": found}
        return
    if check.asks and check.asks not in result.missing.values():
        found = _rows_words("found", result)
        yield "check-decides", {"fact": names[check.asks], "found": found}
    if check.not_covered and NOT_COVERED not in result.answers.values():
        found = _rows_words("found", result)
        yield "check-covered", {"found": found, "table": check.table}
        return
    for column in result.table.answers:
        wanted = check.answers.get(column.key)
        found_value = result.answers[column.key]
        if wanted is not None and not _is_same(result.table, found_value, wanted):
            yield (
                "check-differs",
                {
                    "answer": column.name,
                    "wanted": _shown(wanted, column.kind),
                    "found": _shown(found_value, column.kind),
                    "gives": _rows_words("gives", result),
                },
            )


def _rows_words(key: str, decision: Decision) -> str:
    """Say which rows decide, or that none does."""
    rows = ", ".join(row.number for row in decision.rows)
    many = "one" if len(decision.rows) == 1 else "several" if rows else "none"
    return say(f"mistakes.{key}-{many}", rows=rows)


def _is_same(table: Table, found: Answer, wanted: Answer) -> bool:
    """Whether a table answers what a check wants; ``C`` lists in no order."""
    if found is None and table.policy in AGGREGATES:
        return wanted == ()
    is_loose = table.policy is HitPolicy.COLLECT
    if is_loose and isinstance(found, tuple) and isinstance(wanted, tuple):
        return Counter(found) == Counter(wanted)
    return found == wanted


def _shown(answer: Answer, kind: Kind) -> str:
    if isinstance(answer, tuple):
        return "; ".join(value_words(each, kind) for each in answer) or NOTHING
    return NOTHING if answer is None else value_words(answer, kind)


def missing_edges(playbook: Playbook, table: Table) -> Iterator[Mistake]:
    """Find the ends of a table's stretches at which no check stands on both sides.

    An author reads of all of them at once: one mistake for a table.
    """
    found = list(_all_untried(playbook, table))
    if len(found) == 1:
        (edge,) = found
        values: dict[str, object] = {
            "question": edge.question,
            "value": edge.value,
            "end": edge.end,
            "row": edge.row.number,
            "table": table.name,
        }
        yield Mistake("check-edge", playbook.path, edge.row.line, values)
    elif found:
        edges = "; ".join(
            say(
                "mistakes.edge",
                question=each.question,
                value=each.value,
                row=each.row.number,
            )
            for each in found
        )
        values = {"count": len(found), "edges": edges, "table": table.name}
        yield Mistake("check-edges", playbook.path, table.line, values)


class _Edge(NamedTuple):
    """One end of a stretch that no check tries from one side."""

    question: str
    """The name of the question."""

    end: str
    """The end, as the author wrote it."""

    value: str
    """The side, in words."""

    row: Row
    """The first row that has it."""


def _all_untried(playbook: Playbook, table: Table) -> Iterator[_Edge]:
    for number, column in enumerate(table.questions):
        if not column.kind.is_ordered:
            continue
        points = possible_points(playbook, table, column)
        reach = _Reach(playbook.limits, column.kind, points)
        tried = list(_tried_points(playbook, table, number))
        seen: set[str] = set()
        for row in table.rows:
            for end, value in _untried(row.conditions[number], tried, reach):
                if value not in seen:
                    seen.add(value)
                    yield _Edge(column.name, end, value, row)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a question can be at all, beside the end of a stretch."""

    limits: Limits
    """The limits that an end may name."""

    kind: Kind
    """The kind of the question."""

    points: frozenset[Point] | None
    """All that an earlier table answers; ``None`` for every value of the kind."""

    def sides(self, end: Endpoint, side: Callable[[Value, Kind], Cut]) -> set[str]:
        """Say on which sides of an end a case can stand, in any edition."""
        if not isinstance(end, Named):
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
    """Find what the checks of a table say of one question, each in its edition."""
    for check in playbook.checks:
        if key_of(check.table) != key_of(table.name):
            continue
        for marketplace in places_of(playbook, check):
            try:
                known = known_of(playbook, check, marketplace)
                if table is not playbook.tables[0]:
                    playbook.decide(table.name, known, is_open=True)  # It learns.
                value = known.value(table.questions[number].key)
                if value is not None:
                    yield open_grid_of(table, known.situation), value
            except KitError:
                continue


def _untried(
    cell: Cell, tried: list[tuple[Grid, Value]], reach: _Reach
) -> Iterator[tuple[str, str]]:
    """Find the ends of a cell's stretches, and the value beside each, not yet tried."""
    kind = reach.kind
    for stretch in cell.stretches:
        for end, side in (
            (stretch.low, before if stretch.low_included else after),
            (stretch.high, after if stretch.high_included else before),
        ):
            if end is None:
                continue
            name = end.limit if isinstance(end, Named) else value_words(end, kind)
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
    """Say on which side of an end a tried value stands, if it is right beside it."""
    if isinstance(end, Named) and end.limit not in grid.limits:
        return ""
    at = plain_value(grid.limits[end.limit].value) if isinstance(end, Named) else end
    return _place(point_of(value, kind), side(at, kind), kind)


def _place(point: Point, cut: Cut, kind: Kind) -> str:
    """Say on which side of a cut a place is, if it is right beside it.

    Amounts and plain numbers have no agreed neighbour, so any value on that side does.
    """
    if isinstance(cut, int) and isinstance(point, int) and kind.sort is not Sort.MONEY:
        return {cut - 1: "last below", cut: "first above"}.get(point, "")
    return "first above" if between(cut, None).has(point) else "last below"
