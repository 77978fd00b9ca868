"""Grounds: one scene at one marketplace while one set of limits holds, ready to solve.

Everything that is the same for all cases of a scene stands here once: what each row
asks, as bits and stretches; which rows can be answered at all; what each fact can be.
A ground holds no chance and no case; ``problem.py`` makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...content.stories.story_model import Scene, Step, Stories
from ...rules.calendars import Marketplace
from ...rules.facts import TODAY, Derivation, Situation
from ...rules.values import Sort
from .int_sets import Stretches
from .interval_domains import Link


@dataclass(frozen=True, slots=True)
class Box:
    """What some facts can be: those that are words as bits, the others as stretches."""

    words: Mapping[str, int]
    """By the key of a fact or an answer, its words as bits."""

    counts: Mapping[str, Stretches]
    """By the key of a fact, where it can lie."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundRow:
    """One row of a table."""

    number: str
    """The author's number for it."""

    asks: Box
    """What it asks; a fact that may be anything is not among them."""

    needs: Box
    """The same, and what it answers must be what later tables ask."""

    behind: tuple[int, ...]
    """The places of the rows that go before it where both fit."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundTable:
    """One table."""

    name: str
    """What it decides."""

    rows: tuple[GroundRow, ...]
    """All of its rows."""

    usable: tuple[int, ...]
    """The places of the rows whose answers can be told here."""

    is_single: bool
    """Whether exactly one row decides."""

    gate: Box | None = None
    """When it speaks; ``None`` for always."""

    silences: tuple[Box, ...] = ()
    """What keeps it silent, each by itself."""

    lends: Mapping[str, int] = field(default_factory=dict)
    """By the key of an answer that it alone gives, all of its words as bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    """A bond, as numbers: if one fact lies in here, the other must lie in there."""

    fact: str
    """Key of the fact that leads."""

    inside: int
    """When it leads: its words as bits."""

    other: str
    """Key of the fact that follows."""

    words: int
    """What the other can be then, as bits; 0 if it is none of words."""

    counts: Stretches | None
    """Where the other can lie then; ``None`` if it is one of words, or unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """Two days or two amounts that lie so far apart."""

    when: Mapping[str, int]
    """For which cases it holds: by the key of a fact, its words as bits."""

    first: str
    """Key of the one."""

    second: str
    """Key of the other."""

    links: tuple[Link, ...]
    """How far; a case takes one of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One row of words."""

    when: Box
    """For which cases it is."""

    words: Mapping[str, tuple[str, ...]]
    """By the key of each text fact what it can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A scene at a marketplace while one set of limits holds."""

    stories: Stories
    """Where it comes from."""

    scene: Scene
    """The scene."""

    situation: Situation
    """The marketplace and the first day of the edition."""

    since: int
    """The first day of the edition, by its ordinal."""

    until: int
    """Its last day."""

    first: int
    """The earliest day that any case has, by its ordinal."""

    last: int
    """The latest."""

    tables: tuple[GroundTable, ...]
    """Every table that has to be decided, in the order of the page."""

    facts: tuple[str, ...]
    """Every gathered fact that a case can have, in the order of the folder."""

    counted: tuple[tuple[str, Sort], ...]
    """Those of them that are days, amounts or numbers."""

    start: Box
    """What each fact can be before any row is chosen."""

    usual: tuple[tuple[str, int | Stretches], ...]
    """What facts are most of the time."""

    follows: tuple[Follow, ...]
    """What goes together."""

    derived: tuple[tuple[str, Derivation], ...]
    """The derived facts that are asked."""

    ties: tuple[Tie, ...]
    """What lies how far apart."""

    pools: tuple[tuple[Words, ...], ...]
    """The words, of each pool the rows that can be drawn here."""

    steps: tuple[tuple[Mapping[str, int], Step], ...]
    """The journey: each step with the cases for which it is told."""

    @property
    def place(self) -> Marketplace:
        """The marketplace."""
        return self.situation.marketplace

    @property
    def edition_by(self) -> str:
        """Key of the day that chooses the edition."""
        return self.stories.playbook.edition_by or TODAY
