"""Check a playbook as a whole: its proofs, its checks, unused and missing parts.

The page has been read line by line before; these are the checks that need all of it.
"""

from collections.abc import Iterator, Sequence

from ...errors import Mistake
from ...rules.facts import ALWAYS_KNOWN, Fact
from ...rules.numbers import is_whole
from ...rules.tables import Table
from ...rules.values import bounds_of, key_of, nearest
from ..playbook.derived_facts import derived_facts, limits_needed
from ..playbook.playbook import Playbook
from .borders import missing_borders
from .check_runner import try_check
from .gate_proofs import unproved_gates
from .table_proofs import unproved
from .talk_proofs import unproved_talk


def check_playbook(playbook: Playbook) -> list[Mistake]:
    """Find every mistake of a page as a whole: unproved tables, failing checks.

    A consequence of a mistake is not reported: a table without its proof is not
    searched for missing checks, and a page that cannot derive its facts is not tried.
    """
    found = [*_asked(playbook), *_used(playbook), *_derivable(playbook)]
    can_try = not any(each.kind == "derivation-limit" for each in found)
    for table in playbook.tables:
        refused = list(unproved(playbook, table))
        found += refused
        if can_try and not refused:
            found += missing_borders(playbook, table)
    if can_try:
        for check in playbook.checks:
            found += try_check(playbook, check)
    found += unproved_gates(playbook)
    found += _answered_again(playbook)
    found += unproved_talk(playbook)
    return _first_of_each(found)


def _asked(playbook: Playbook) -> Iterator[Mistake]:
    """Find gathered facts that tables need and Ask does not name."""
    facts = playbook.reference.facts
    listed = {each.fact for each in playbook.ask} | set(ALWAYS_KNOWN)
    needed: dict[str, int] = {}
    for table in playbook.tables:
        for column in (each for part in table.parts for each in part.inputs):
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
    for name in fact.derivation.operands:
        yield from _roots(playbook.reference.facts.get(key_of(name)), playbook)


def _used(playbook: Playbook) -> Iterator[Mistake]:
    """Find limits that nothing uses."""
    used = limits_needed(playbook)
    for limit in playbook.own_limits:
        if key_of(limit.name) not in used:
            values: dict[str, object] = {"name": limit.name}
            yield Mistake("limit-unused", playbook.path, limit.line, values)


def _answered_again(playbook: Playbook) -> Iterator[Mistake]:
    """Find answers of a table that an earlier table has already asked for as facts.

    Whether the later table is used would then depend on the order of the questions.
    """
    answered: set[str] = set()
    asked: dict[str, Table] = {}
    for number, table in enumerate(playbook.tables):
        for key in answered & set(_questions([table])):
            asked.setdefault(key, table)
        later = set(_questions(playbook.tables[number + 1 :]))
        for column in table.answers:
            if column.key in asked and column.key in later:
                values: dict[str, object] = {
                    "name": column.name,
                    "table": table.name,
                    "asking": asked[column.key].name,
                }
                yield Mistake("answer-again", playbook.path, table.line, values)
            answered.add(column.key)


def _questions(tables: Sequence[Table]) -> Iterator[str]:
    """The keys of all that tables ask, *Only when* among it."""
    for part in (part for table in tables for part in table.parts):
        yield from (column.key for column in part.inputs)


def _derivable(playbook: Playbook) -> Iterator[Mistake]:
    """Find derived facts that name something which this page does not have."""
    limits = playbook.limits.names
    known = {*playbook.reference.facts, *map(key_of, limits)}
    for table in playbook.tables:
        for fact, how in derived_facts(playbook, table):
            word = how.second
            if key_of(word) in known or is_whole(word):
                continue
            known.add(key_of(word))
            values: dict[str, object] = {
                "name": fact.name,
                "word": word,
                "nearest": nearest(word, limits) or bounds_of(word),
            }
            yield Mistake("derivation-limit", playbook.path, table.line, values)


def _first_of_each(mistakes: list[Mistake]) -> list[Mistake]:
    """Keep the first of mistakes that differ only in the edition in which they show."""
    seen: dict[tuple[object, ...], Mistake] = {}
    for mistake in mistakes:
        values = {k: v for k, v in mistake.values.items() if k not in {"when", "case"}}
        place = (mistake.kind, mistake.line, tuple(sorted(map(str, values.values()))))
        seen.setdefault(place, mistake)
    return list(seen.values())
