"""The data of a problem: a scene at a marketplace in one edition, ready to solve.

Everything that is the same for all cases of a scene stands here once: what each row
asks, as bits and ranges; which rows can be answered at all; what each fact can be.
A problem holds no chance and no case; ``problem_builder.py`` makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...content.stories.story_model import JourneyStep, Scene, Stories
from ...rules.calendars import Marketplace
from ...rules.facts import TODAY, Derivation, Situation
from ...rules.values import Sort
from .int_sets import IntRanges
from .interval_domains import Link


@dataclass(frozen=True, slots=True)
class Domains:
    """The domains of some facts: words as bit sets, numbers as sets of intervals."""

    words: Mapping[str, int]
    """The possible words of each fact or answer as a bit set, by its key."""

    counts: Mapping[str, IntRanges]
    """The possible numbers of each ordered fact, by its key."""


@dataclass(frozen=True, slots=True, eq=False)
class ProblemRow:
    """One row of a table."""

    number: str
    """The author's number for it."""

    asks: Domains
    """The conditions of the row; a fact that may be anything is left out."""

    needs: Domains
    """The conditions, and its answers, which later tables may restrict."""

    earlier_rows: tuple[int, ...]
    """The indexes of the rows that take precedence where both fit."""


@dataclass(frozen=True, slots=True, eq=False)
class ProblemTable:
    """One table."""

    name: str
    """What it decides."""

    rows: tuple[ProblemRow, ...]
    """All of its rows."""

    usable: tuple[int, ...]
    """The indexes of the rows whose answers can be computed here."""

    is_single: bool
    """Whether exactly one row decides."""

    gate: Domains | None = None
    """When the table applies (its *Only when*); ``None`` for always."""

    inapplicable_domains: tuple[Domains, ...] = ()
    """Domains for which the table does not apply; each of them is enough."""

    sole_answers: Mapping[str, int] = field(default_factory=dict)
    """All words of each answer that only this table gives, as a bit set by its key."""


@dataclass(frozen=True, slots=True, eq=False)
class DomainImplication:
    """An implication between the domains of two facts."""

    fact: str
    """Key of the fact in the premise."""

    inside: int
    """The words for which the premise holds, as a bit set."""

    other: str
    """Key of the fact in the consequence."""

    words: int
    """The possible words of the other fact then, as a bit set; 0 if it has no words."""

    counts: IntRanges | None
    """Its possible numbers then; ``None`` if it has words, or must be unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class DistanceRule:
    """A constraint on the distance of two days, or of two amounts."""

    when: Mapping[str, int]
    """For which cases it holds: by the key of a fact, its words as bits."""

    first: str
    """Key of the one."""

    second: str
    """Key of the other."""

    links: tuple[Link, ...]
    """How far; a case takes one of them."""


@dataclass(frozen=True, slots=True, eq=False)
class PoolChoice:
    """One row of a pool of words."""

    when: Domains
    """For which cases it is."""

    words: Mapping[str, tuple[str, ...]]
    """By the key of each text fact what it can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
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

    tables: tuple[ProblemTable, ...]
    """Every table that has to be decided, in the order of the page."""

    facts: tuple[str, ...]
    """Every gathered fact that a case can have, in the order of the folder."""

    counted: tuple[tuple[str, Sort], ...]
    """Those of them that are days, amounts or numbers."""

    start: Domains
    """What each fact can be before any row is chosen."""

    usual: tuple[tuple[str, int | IntRanges], ...]
    """What facts are most of the time."""

    implications: tuple[DomainImplication, ...]
    """What goes together."""

    derived: tuple[tuple[str, Derivation], ...]
    """The derived facts that are asked."""

    distance_rules: tuple[DistanceRule, ...]
    """What lies how far apart."""

    pools: tuple[tuple[PoolChoice, ...], ...]
    """The words, of each pool the rows that can be drawn here."""

    steps: tuple[tuple[Mapping[str, int], JourneyStep], ...]
    """The journey: each step with the cases for which it is told."""

    @property
    def place(self) -> Marketplace:
        """The marketplace."""
        return self.situation.marketplace

    @property
    def edition_by(self) -> str:
        """Key of the day that chooses the edition."""
        return self.stories.playbook.edition_by or TODAY
