"""Try the checks of a playbook, and find the ends of stretches that none of them tries.

A check that names no marketplace must hold at every one.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from ..catalogue import say
from ..errors import KitError, Mistake, NoRowFits, NotCovered, RowsOverlap
from ..rules.calendars import Marketplace
from ..rules.conditions import Endpoint, Named
from ..rules.decisions import Answer, Ask, Decision
from ..rules.facts import MARKETPLACE, Known
from ..rules.limits import plain_value
from ..rules.outcomes import NOT_COVERED
from ..rules.regions import Cut, after, before, between
from ..rules.tables import Grid, HitPolicy, Row, Table, grid_of
from ..rules.values import Kind, Sort, Value, key_of, point_of, show_value
from .agreeing import check_agreement
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
        result = playbook.decide(check.table, known)
        yield from list(_differences(playbook, check, result))
    except NotCovered as error:
        if not check.not_covered:
            yield "check-refused", {"reason": str(error)}
    except (NoRowFits, RowsOverlap) as error:
        # The proof of the table has already found every gap, and overlaps of U.
        if playbook.table(error.table).policy is HitPolicy.ANY:
            yield "check-refused", {"reason": str(error)}
    except KitError as error:
        yield "check-refused", {"reason": str(error)}


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
        return "; ".join(show_value(each, kind) for each in answer) or NOTHING
    return NOTHING if answer is None else show_value(answer, kind)


def missing_edges(playbook: Playbook, table: Table) -> Iterator[Mistake]:
    """Find the ends of a table's stretches at which no check stands on both sides."""
    for number, column in enumerate(table.questions):
        if not column.kind.is_ordered:
            continue
        tried = list(_tried_points(playbook, table, number))
        seen: set[str] = set()
        for row in table.rows:
            for end, value in _untried(row, number, column.kind, tried):
                if value in seen:
                    continue
                seen.add(value)
                values: dict[str, object] = {
                    "question": column.name,
                    "value": value,
                    "end": end,
                    "row": row.number,
                    "table": table.name,
                }
                yield Mistake("check-edge", playbook.path, row.line, values)


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
                value = known.value(table.questions[number].key)
                if value is not None:
                    yield grid_of(table, known.situation), value
            except KitError:
                continue


def _untried(
    row: Row, number: int, kind: Kind, tried: list[tuple[Grid, Value]]
) -> Iterator[tuple[str, str]]:
    """Find the ends of a row's stretches, and the value beside each, not yet tried."""
    for stretch in row.conditions[number].stretches:
        for end, side in (
            (stretch.low, before if stretch.low_included else after),
            (stretch.high, after if stretch.high_included else before),
        ):
            if end is None:
                continue
            name = end.limit if isinstance(end, Named) else show_value(end, kind)
            sides = [_side(end, side, kind, grid, value) for grid, value in tried]
            if "last below" not in sides:
                yield name, say("cli.below", end=name)
            if "first above" not in sides:
                yield name, say("cli.above", end=name)


def _side(
    end: Endpoint,
    side: Callable[[Value, Kind], Cut],
    kind: Kind,
    grid: Grid,
    value: Value,
) -> str:
    """Say on which side of an end a tried value stands, if it stands right beside it.

    Amounts and plain numbers have no agreed neighbour, so any value on that side does.
    """
    at = plain_value(grid.limits[end.limit].value) if isinstance(end, Named) else end
    cut, point = side(at, kind), point_of(value, kind)
    if isinstance(cut, int) and isinstance(point, int) and kind.sort is not Sort.MONEY:
        return {cut - 1: "last below", cut: "first above"}.get(point, "")
    return "first above" if between(cut, None).has(point) else "last below"
