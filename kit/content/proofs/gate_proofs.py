"""Prove that every case of a page gets exactly one action.

The proof tries every combination of what the *Only when* lines of a page ask about,
in the order of the page: every value that a fact can have, and every answer that an
earlier table can give. Facts are treated as independent of one another, so the proof
may report a case that cannot occur, but never misses one that can.
"""

from collections.abc import Collection, Iterator
from datetime import date

from ...catalogue import say
from ...errors import Mistake, NotCovered
from ...rules.facts import MARKETPLACE, Situation
from ...rules.proofs import SearchTooLarge
from ..playbook.playbook import Playbook
from .gate_facts import gates_of
from .gate_walks import GateExplorer


def unproved_gates(playbook: Playbook) -> Iterator[Mistake]:
    """Find cases in which two tables give an action, or none does."""
    acting = [table for table in playbook.tables if table.gives_action]
    if not acting or (len(acting) == 1 and not gates_of(playbook)):
        return
    for situation, when in _situations(playbook):
        try:
            yield from GateExplorer(playbook, situation, when).mistakes()
        except NotCovered:
            continue
        except SearchTooLarge:
            values: dict[str, object] = {"table": acting[0].name, "when": when}
            yield Mistake("not-proven", playbook.path, acting[0].line, values)


def _situations(playbook: Playbook) -> Iterator[tuple[Situation, str]]:
    """Where and when the gates of a page can mean something else.

    Places and days with the same limits everywhere on the page are one situation.
    """
    seen = set()
    keys = {column.key for gate in gates_of(playbook) for column in gate.inputs}
    limits = {name for gate in gates_of(playbook) for name in gate.limits}
    for table in playbook.tables:
        for column in table.inputs:
            if column.key in keys:
                limits |= set(table.limits)
    every = sorted(_limits_walked(playbook, keys))
    starts = {row.start for row in playbook.limits.rows if row.name in limits}
    places = list(playbook.reference.marketplaces.values())
    for place in places if limits or MARKETPLACE in keys else places[:1]:
        for day in sorted(starts) or [date.max]:
            words = say("cli.when", marketplace=place.id, day=day) if limits else ""
            situation = Situation(place, day, day, playbook.limits)
            values = tuple(_value_of(name, situation) for name in every)
            meant = (values, place.currency, place.id if MARKETPLACE in keys else "")
            if meant not in seen:
                seen.add(meant)
                yield situation, f" {words}" if words else ""


def _limits_walked(playbook: Playbook, keys: Collection[str]) -> set[str]:
    """The limits that a walk looks up: of what gates ask, and of what tables lack."""
    found: set[str] = set()
    facts = playbook.reference.facts
    for table in playbook.tables:
        for part in table.parts:
            for number, column in enumerate(part.inputs):
                if column.key in keys:
                    cells = (row.conditions[number] for row in part.rows)
                    found.update(name for cell in cells for name in cell.limits)
        if any(column.key not in facts for column in table.inputs):
            found.update(table.limits)
    return found


def _value_of(name: str, situation: Situation) -> object:
    try:
        return situation.limit(name).value
    except NotCovered:
        return None
