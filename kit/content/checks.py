"""Prove a playbook and try its checks; what fails is a mistake with its line.

A proof holds for one edition: for each day on which a limit starts and for each
marketplace the table is another grid, and every different grid is proved once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from ..catalogue import say
from ..errors import KitError, Mistake, NotCovered
from ..rules.calendars import Marketplace
from ..rules.conditions import Endpoint, Named
from ..rules.decisions import Ask, Decision
from ..rules.facts import ALWAYS_KNOWN, MARKETPLACE, Fact, Known, Situation
from ..rules.limits import plain_value
from ..rules.outcomes import NOT_COVERED
from ..rules.proofs import Proof, common_case, prove
from ..rules.regions import Cut, after, before, between
from ..rules.tables import Grid, HitPolicy, Row, Table, grid_of
from ..rules.values import Kind, Sort, Value, key_of, point_of, show_value
from .playbooks import Check, Playbook

Finding = tuple[str, int, Mapping[str, object]]
"""A kind of mistake, its line, and what stands in the slots of its sentences."""

_WITHOUT_GAPS = {HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY}


@dataclass(frozen=True, slots=True)
class Edition:
    """One grid of a table, with a situation in which it holds."""

    situation: Situation
    """A marketplace and the first day on which the limits are like this."""

    grid: Grid
    """What the table means then."""

    when: str
    """The situation in words; empty if the table is the same always and everywhere."""


def check_playbook(playbook: Playbook) -> list[Mistake]:
    """Find every mistake of a page as a whole: tables unproved, checks failing."""
    found = [
        mistake
        for table in playbook.tables
        for edition in editions(playbook, table)
        for mistake in _proved(table, edition)
    ]
    for check in playbook.checks:
        found += _tried(playbook, check)
    found += _edges(playbook)
    found += _asked(playbook)
    found += _used(playbook)
    return _first_of_each(found)


def editions(playbook: Playbook, table: Table) -> Iterator[Edition]:
    """Find every different meaning that a table ever had.

    A day on which a limit had no value yet is not covered, and has no edition.
    """
    names = {*table.limits}
    starts = {row.start for row in playbook.limits.rows if row.name in names}
    seen: set[int] = set()
    for marketplace in playbook.reference.marketplaces.values():
        for day in sorted(starts) or [date.max]:
            situation = Situation(marketplace, day, day, playbook.limits)
            try:
                grid = grid_of(table, situation)
            except NotCovered:
                continue
            if id(grid) not in seen:
                seen.add(id(grid))
                yield Edition(situation, grid, _when(situation) if names else "")


def prove_table(playbook: Playbook, table: Table) -> list[tuple[Edition, Proof]]:
    """Prove every edition of one table."""
    return [(each, prove(each.grid)) for each in editions(playbook, table)]


def _when(situation: Situation) -> str:
    return say("cli.when", marketplace=situation.marketplace.id, day=situation.edition)


def _proved(table: Table, edition: Edition) -> Iterator[Mistake]:
    proof = prove(edition.grid)
    words: dict[str, object] = {"table": table.name, "when": edition.when}
    findings: Iterator[Finding] = chain(
        () if proof.is_complete else [("not-proven", table.line, {})],
        _gaps(table, edition, proof),
        _overlaps(table, edition, proof),
        _idle_rows(table, edition, proof),
        (
            ("column-dead", table.line, {"name": table.questions[number].name})
            for number in proof.dead
        ),
    )
    for kind, line, values in findings:
        yield Mistake(kind, table.path, line, {**words, **values})


def _gaps(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    if table.policy in _WITHOUT_GAPS:
        for gap in proof.gaps:
            yield "gap", table.line, {"case": _in_words(edition, gap)}


def _overlaps(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    if table.policy is not HitPolicy.UNIQUE:
        return
    for first, second in proof.overlaps:
        case = _in_words(edition, common_case(edition.grid, (first, second)))
        one, other = table.rows[first], table.rows[second]
        values = {"first": one.number, "second": other.number, "case": case}
        yield "overlap", other.line, values


def _idle_rows(table: Table, edition: Edition, proof: Proof) -> Iterator[Finding]:
    for index in proof.never:
        row = table.rows[index]
        cell = _empty_cell(edition.grid, index)
        yield "row-never", row.line, {"number": row.number, "cell": cell}
    if table.policy is HitPolicy.FIRST:
        for index in proof.masked:
            row = table.rows[index]
            yield "row-masked", row.line, {"number": row.number}


def _in_words(edition: Edition, segments: Mapping[int, int]) -> str:
    """Say a case in words: the questions that matter to it, in the table's order."""
    currency = edition.situation.marketplace.currency
    table = edition.grid.table
    by_name = edition.grid.witness(segments, currency)
    kinds = {column.name: column.kind for column in table.questions}
    return ", ".join(
        f"{column.name} = {show_value(by_name[column.name], kinds[column.name])}"
        for column in table.questions
        if column.name in by_name
    ) or say("cli.any-case")


def _empty_cell(grid: Grid, index: int) -> str:
    for number, scale in enumerate(grid.scales):
        if not any(scale.fitting[each] >> index & 1 for each in scale.inside):
            return grid.table.rows[index].conditions[number].text
    return ""


def known_of(playbook: Playbook, check: Check, marketplace: Marketplace) -> Known:
    """Take the facts of a check at a marketplace."""
    facts = {key: value for key, value in check.facts.items() if key != MARKETPLACE}
    return playbook.known(facts, marketplace=marketplace, on=check.on)


def places_of(playbook: Playbook, check: Check) -> list[Marketplace]:
    """Where a check must hold: at the marketplace it names, or else at every one."""
    named = check.facts.get(MARKETPLACE)
    every = playbook.reference.marketplaces
    return [every[str(named)]] if named is not None else list(every.values())


def _tried(playbook: Playbook, check: Check) -> Iterator[Mistake]:
    for marketplace in places_of(playbook, check):
        when = "" if MARKETPLACE in check.facts else f" ({marketplace.id})"
        values: dict[str, object] = {"title": check.title, "when": when}
        try:
            known = known_of(playbook, check, marketplace)
            result = playbook.decide(check.table, known)
            differs = list(_differences(check, result))
        except NotCovered as error:
            if check.not_covered:
                continue
            differs = [("check-refused", {"reason": str(error)})]
        except KitError as error:
            differs = [("check-refused", {"reason": str(error)})]
        for kind, more in differs:
            yield Mistake(kind, playbook.path, check.line, {**values, **more})
        if differs:
            return


def _differences(
    check: Check, result: Decision | Ask
) -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(result, Ask):
        if key_of(result.first) != check.asks:
            yield "check-asks", {"fact": result.first}
        return
    if check.asks and check.asks not in result.missing.values():
        yield "check-decides", {"fact": check.asks, "found": f"row {result.row.number}"}
    for key, wanted in check.answers.items():
        found = result.answers[key]
        if found != wanted or (wanted is not None and found is None):
            column = next(each for each in result.table.answers if each.key == key)
            yield (
                "check-differs",
                {
                    "answer": column.name,
                    "wanted": wanted,
                    "found": found,
                    "row": result.row.number,
                },
            )
    if check.not_covered and NOT_COVERED not in result.answers.values():
        yield "check-decides", {"fact": NOT_COVERED, "found": result.row.number}


def _edges(playbook: Playbook) -> Iterator[Mistake]:
    """Find the ends of stretches at which no check stands on both sides."""
    for table in playbook.tables:
        for number, column in enumerate(table.questions):
            if not column.kind.is_ordered:
                continue
            tried = list(_tried_points(playbook, table, number))
            for row in table.rows:
                for end, value in _untried(row, number, column.kind, tried):
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


def _asked(playbook: Playbook) -> Iterator[Mistake]:
    """Find gathered facts that tables need and Ask does not name."""
    facts = playbook.reference.facts
    listed = {each.fact for each in playbook.ask} | set(ALWAYS_KNOWN)
    needed: dict[str, int] = {}
    for table in playbook.tables:
        for column in table.questions:
            for fact in _roots(facts.get(column.key), playbook):
                needed.setdefault(fact.key, table.line)
    for key, line in needed.items():
        derived_from_listed = facts[key].derivation is not None and key in listed
        if key not in listed and not derived_from_listed:
            name = facts[key].name
            yield Mistake("ask-lacks", playbook.path, line, {"name": name})


def _roots(fact: Fact | None, playbook: Playbook) -> Iterator[Fact]:
    listed = {each.fact for each in playbook.ask}
    if fact is None:
        return
    if fact.derivation is None or fact.key in listed:
        yield fact
        return
    for name in (fact.derivation.first, fact.derivation.second):
        yield from _roots(playbook.reference.facts.get(key_of(name)), playbook)


def _used(playbook: Playbook) -> Iterator[Mistake]:
    """Find limits that nothing uses."""
    used = {name for table in playbook.tables for name in _limits_used(playbook, table)}
    for limit in playbook.limits.rows:
        if key_of(limit.name) not in used:
            values: dict[str, object] = {"name": limit.name}
            yield Mistake("limit-unused", playbook.path, limit.line, values)


def _limits_used(playbook: Playbook, table: Table) -> Iterator[str]:
    yield from map(key_of, (*table.limits, *table.answer_limits))
    keys = [column.key for column in table.questions]
    keys += [
        outcome.value.anchor
        for row in table.rows
        for outcome in row.outcomes
        if hasattr(outcome.value, "anchor")
    ]
    for message in playbook.messages:
        keys += message.slots
    seen: set[str] = set()
    while keys:
        fact = playbook.reference.facts.get(keys.pop())
        if fact is None or fact.derivation is None or fact.key in seen:
            continue
        seen.add(fact.key)
        operands = map(key_of, (fact.derivation.first, fact.derivation.second))
        for operand in operands:
            keys.append(operand)
            yield operand


def _first_of_each(mistakes: list[Mistake]) -> list[Mistake]:
    """Keep the first of mistakes that differ only in the edition in which they show."""
    seen: dict[tuple[object, ...], Mistake] = {}
    for mistake in mistakes:
        values = {k: v for k, v in mistake.values.items() if k not in {"when", "case"}}
        place = (mistake.kind, mistake.line, tuple(sorted(map(str, values.values()))))
        seen.setdefault(place, mistake)
    return list(seen.values())
