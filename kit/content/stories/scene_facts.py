"""Find the tables and facts that a scene needs.

An author of stories lists only the facts that a case has in addition.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ...rules.conditions import Cell
from ...rules.facts import ALWAYS_KNOWN, MARKETPLACE, roots_of
from ...rules.outcomes import DayRule
from ...rules.tables import Row, Table
from ...rules.values import Kind, Sort, key_of
from ..pages.messages_sent import SLOT
from ..playbook.playbook import Playbook
from .story_model import Bound, Scene, Stories


def tables_behind(playbook: Playbook, names: Iterable[str]) -> tuple[Table, ...]:
    """Find these tables and all whose answers they ask, in the page's order."""
    return _behind(playbook, frozenset(names))


@lru_cache(maxsize=4096)
def _behind(playbook: Playbook, names: frozenset[str]) -> tuple[Table, ...]:
    found: set[str] = set()
    open_ones = [playbook.table(name) for name in names]
    while open_ones:
        table = open_ones.pop()
        if table.name in found:
            continue
        found.add(table.name)
        for column in (each for part in table.parts for each in part.inputs):
            for key in roots_of(column.key, playbook.reference.facts):
                open_ones += playbook.answerers(key, before=table)
    return tuple(table for table in playbook.tables if table.name in found)


@lru_cache(maxsize=4096)
def tables_of(
    stories: Stories, scene: Scene, marketplace: str = ""
) -> tuple[Table, ...]:
    """Find every table that cases of a scene can meet, in the page's order.

    Args:
        stories: Where the scene comes from.
        scene: The scene.
        marketplace: Where it plays; empty for anywhere.
    """
    playbook = stories.playbook
    if scene.decisions:
        place = scene.decisions_at(marketplace) if marketplace else scene.decisions
        return tables_behind(playbook, place)
    return tuple(_reached(stories, scene, marketplace))


def _reached(stories: Stories, scene: Scene, marketplace: str) -> Iterator[Table]:
    """Walk down the page and leave out the tables that cannot speak in a scene."""
    playbook = stories.playbook
    bounds = (
        *stories.case_vocabulary.always,
        *stories.case_vocabulary.usual,
        *scene.facts,
    )
    limited = {
        key: _bounded(key, fact.kind, bounds)
        for key, fact in playbook.vocabulary().items()
    }
    if marketplace:
        limited[MARKETPLACE] &= {marketplace}
    # What only a table answers is nothing until a table has spoken.
    gathered = playbook.reference.facts
    can = {key: limited[key] if key in gathered else frozenset() for key in limited}
    for table in playbook.tables:
        gate = table.only_when
        if gate is None or _can_fit(gate, gate.rows[0], can):
            yield table
            for key, said in _said_by(table, can):
                can[key] |= said & limited[key]


def _said_by(
    table: Table, can: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """What a table can answer to the questions of later ones."""
    rows = [row for row in table.rows if _can_fit(table, row, can)]
    for number, column in enumerate(table.answers):
        if column.key in can:
            found = (str(row.outcomes[number].value) for row in rows)
            yield column.key, frozenset(found)


def _bounded(key: str, kind: Kind, bounds: Iterable[Bound]) -> frozenset[str]:
    """The words that the bounds of a scene leave to a fact."""
    found = frozenset(_words_of(kind))
    for bound in bounds:
        if bound.fact == key and found:
            found &= _words(bound.can_be, kind)
    return found


def _can_fit(table: Table, row: Row, can: Mapping[str, frozenset[str]]) -> bool:
    """Whether a row can fit, by its questions that are words."""
    return all(
        cell.is_any
        or not _words_of(column.kind)
        or bool(_words(cell, column.kind) & can.get(column.key, frozenset()))
        for column, cell in zip(table.inputs, row.conditions, strict=True)
    )


@lru_cache(maxsize=16384)
def _words(cell: Cell, kind: Kind) -> frozenset[str]:
    region = cell.region(kind, {}, currency="")
    return frozenset(word for n, word in enumerate(_words_of(kind)) if region.has(n))


def _words_of(kind: Kind) -> tuple[str, ...]:
    """The words of a kind; of numbers and days there are none."""
    if kind.sort is Sort.YES_NO:
        return (str(False), str(True))
    return kind.words


def facts_of(stories: Stories, scene: Scene) -> tuple[str, ...]:
    """Find every fact that the cases of a scene can have, in the folder's order."""
    playbook = stories.playbook
    keys = {each.fact for each in scene.facts} | {playbook.edition_by}
    for table in tables_of(stories, scene):
        keys |= {column.key for part in table.parts for column in part.inputs}
        keys |= set(_answered_from(playbook, table))
    roots = {root for key in keys for root in gathered_behind(playbook, key)}
    keys |= set(_talked(playbook))
    always = {each.fact for each in stories.case_vocabulary.always}
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
        for text in line.texts:
            yield from map(key_of, SLOT.findall(text))


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
    for name in fact.derivation.operands:
        yield from gathered_behind(playbook, key_of(name))
