"""Find the derived facts and the limits that a page uses.

A limit is used where a cell compares with it, an answer counts with it, a derived fact
behind a table or a message depends on it, or words name it in braces.
"""

from collections.abc import Iterator

from ...rules.facts import Derivation, Fact
from ...rules.limits import SLOT, Limit
from ...rules.outcomes import DayRule
from ...rules.tables import Table
from ...rules.values import key_of
from .playbook import Playbook


def derived_facts(
    playbook: Playbook, table: Table
) -> Iterator[tuple[Fact, Derivation]]:
    """Find every derived fact that a table uses, in questions, days and messages."""
    keys = [column.key for part in table.parts for column in part.inputs]
    keys += [
        outcome.value.anchor
        for row in table.rows
        for outcome in row.outcomes
        if isinstance(outcome.value, DayRule)
    ]
    for message in playbook.messages:
        keys += message.slots
    seen: set[str] = set()
    while keys:
        fact = playbook.reference.facts.get(keys.pop())
        if fact is None or fact.derivation is None or fact.key in seen:
            continue
        seen.add(fact.key)
        yield fact, fact.derivation
        keys += map(key_of, fact.derivation.names)


def limits_needed(playbook: Playbook) -> frozenset[str]:
    """The keys of everything on a page that may be the name of a limit."""
    names = {key_of(slot) for each in playbook.messages for slot in each.slots}
    names |= {key_of(slot) for each in _prose(playbook) for slot in SLOT.findall(each)}
    for table in playbook.tables:
        compared = (name for part in table.parts for name in part.limits)
        names |= set(map(key_of, (*compared, *table.answer_limits)))
        names |= {key_of(how.second) for _, how in derived_facts(playbook, table)}
    return frozenset(names)


def _prose(playbook: Playbook) -> Iterator[str]:
    """What a page says in words in which a limit can be named."""
    yield playbook.use_when
    yield from (each.words for each in playbook.ask)
    for slip in playbook.typical_mistakes:
        yield from (slip.words, slip.why)
    for table in playbook.tables:
        yield from (row.because for row in table.rows)
    for line in playbook.talk.lines if playbook.talk else ():
        yield from line.texts


def limits_shown(playbook: Playbook) -> tuple[Limit, ...]:
    """The limits of a page as it is read: its own, and of the shared what it uses."""
    needed = limits_needed(playbook)
    shared = {key_of(each.name) for each in playbook.reference.limits.rows}
    return tuple(
        row
        for row in playbook.limits.rows
        if key_of(row.name) not in shared or key_of(row.name) in needed
    )
