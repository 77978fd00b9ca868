"""Which tables and facts a scene needs: what is asked, counted from and written.

An author of stories lists only what a case has beyond that.
"""

from collections.abc import Iterable, Iterator

from ..rules.facts import ALWAYS_KNOWN
from ..rules.outcomes import DayRule
from ..rules.tables import Table
from ..rules.values import Sort, key_of
from .playbooks import Playbook, answered_behind
from .sayings import SLOT
from .stories import Scene, Stories


def tables_behind(playbook: Playbook, names: Iterable[str]) -> tuple[Table, ...]:
    """Find these tables and all whose answers they ask, in the page's order."""
    found: set[str] = set()
    open_ones = [playbook.table(name) for name in names]
    while open_ones:
        table = open_ones.pop()
        if table.name in found:
            continue
        found.add(table.name)
        for key in answered_behind(playbook, table):
            earlier = playbook.answering(key, before=table)
            if earlier is not None:
                open_ones.append(earlier)
    return tuple(table for table in playbook.tables if table.name in found)


def facts_of(stories: Stories, scene: Scene) -> tuple[str, ...]:
    """Find every fact that the cases of a scene can have, in the folder's order."""
    playbook = stories.playbook
    keys = {each.fact for each in scene.facts} | {playbook.edition_by}
    for table in tables_behind(playbook, scene.decisions):
        keys |= {column.key for column in table.questions}
        keys |= set(_answered_from(playbook, table))
    roots = {root for key in keys for root in gathered_behind(playbook, key)}
    keys |= set(_talked(playbook))
    always = {each.fact for each in stories.lore.always}
    return tuple(key for key in playbook.reference.facts if key in roots | always)


def _answered_from(playbook: Playbook, table: Table) -> Iterator[str]:
    """The dates from which a table counts, and what its messages say."""
    for row in table.rows:
        for column, outcome in zip(table.answers, row.outcomes, strict=True):
            if isinstance(outcome.value, DayRule):
                yield outcome.value.anchor
            elif column.kind.sort is Sort.MESSAGE:
                yield from slots_of(playbook, str(outcome.value))


def _talked(playbook: Playbook) -> Iterator[str]:
    """What buyers mention when they answer us."""
    for line in playbook.talk.lines if playbook.talk else ():
        yield from map(key_of, SLOT.findall(line.says))


def slots_of(playbook: Playbook, message: str) -> Iterator[str]:
    """The slots of a message in all its languages."""
    for each in playbook.messages:
        if each.id == message:
            yield from each.slots


def gathered_behind(playbook: Playbook, key: str) -> Iterator[str]:
    """The gathered facts from which a fact follows; itself, if it is gathered."""
    fact = playbook.reference.facts.get(key)
    if fact is None or key in ALWAYS_KNOWN:
        return
    if fact.derivation is None:
        yield key
        return
    for name in (fact.derivation.first, fact.derivation.second):
        yield from gathered_behind(playbook, key_of(name))
