"""Stories: the words, days and constraints from which practice cases are generated.

The tables decide a case; stories give it words, values and days. No rule of a playbook
is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...rules.conditions import Cell
from ...rules.facts import MARKETPLACE
from ...rules.tables import Table
from ...rules.values import Kind, point_of
from ..playbook.playbook import Playbook
from .constraints import AmountRatio, Constraint, DayDistance, Implication, When


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A fact that a case has, with its possible values."""

    fact: str
    """Its key; an answer of a table can be bound too."""

    kind: Kind
    """What its values look like."""

    can_be: Cell
    """What it can be in these cases."""

    usually: Cell
    """What it is most of the time, where nothing asks for anything else."""


@dataclass(frozen=True, slots=True, eq=False)
class PoolRow:
    """One row of words for text facts."""

    when: When
    """Where these words fit; a number or an amount is drawn so that they do."""

    words: Mapping[str, tuple[str, ...]]
    """By the key of each text fact what it can be; ``#`` stands for any digit."""

    def fits_marketplace(self, marketplace: str) -> bool:
        """Whether a case of a marketplace can take these words."""
        wanted = [each for each in self.when if each.fact == MARKETPLACE]
        return all(
            each.cell.region(each.kind, {}, currency="").has(
                point_of(marketplace, each.kind)
            )
            for each in wanted
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """One table of words; a case takes one row of it."""

    gives: tuple[str, ...]
    """The keys of the text facts that it gives."""

    rows: tuple[PoolRow, ...]
    """What can be drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class JourneyStep:
    """One event of a journey."""

    when: When
    """For which cases it is told."""

    days: tuple[str, str]
    """Keys of the two dates between which it happens; twice the same for that day."""

    not_before: int
    """How many days after the first one it happens at the earliest."""

    where: tuple[str, ...]
    """Where it can have happened, with ``{slots}``."""

    what: tuple[str, ...]
    """What can have happened, with ``{slots}``."""


@dataclass(frozen=True, slots=True)
class OpeningText:
    """An opening message of a buyer."""

    words: str
    """The words, with ``{slots}``."""

    meaning: str
    """The same for an agent who does not read the language; empty in English."""

    slots: tuple[str, ...]
    """Keys of the facts that fill it."""

    line: int
    """The line of the quotation, counted from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One kind of case: which decisions it asks, what is known, how it opens."""

    id: str
    """Kebab-case name."""

    decisions: tuple[str, ...]
    """The names of the tables that have to be decided; none where the page says it."""

    only_at: Mapping[str, str]
    """Where a decision is asked at one marketplace alone, by its name."""

    facts: tuple[Bound, ...]
    """What these cases have beyond what their tables and messages need."""

    day_distances: tuple[DayDistance, ...]
    """The days between dates in these cases."""

    openings: Table
    """Which openings fit which case; several may."""

    opening_texts: Mapping[tuple[str, str], tuple[OpeningText, ...]]
    """What is written, by the opening and the language."""

    line: int
    """The line of its heading, counted from 1."""

    def decisions_at(self, marketplace: str) -> tuple[str, ...]:
        """The names of the tables that have to be decided at a marketplace."""
        return tuple(
            name
            for name in self.decisions
            if self.only_at.get(name, marketplace) == marketplace
        )


@dataclass(frozen=True, slots=True, eq=False)
class CaseVocabulary:
    """What the stories of all playbooks share."""

    always: tuple[Bound, ...] = ()
    """The facts that every case has."""

    usual: tuple[Bound, ...] = ()
    """What other facts can be, in the cases that have them."""

    pools: tuple[Pool, ...] = ()
    """The words."""

    implications: tuple[Implication, ...] = ()
    """What goes together."""

    day_distances: tuple[DayDistance, ...] = ()
    """The days between dates."""

    amount_ratios: tuple[AmountRatio, ...] = ()
    """How large amounts are."""

    steps: tuple[JourneyStep, ...] = ()
    """The journey."""

    constraints: tuple[Constraint, ...] = ()
    """What is true in every case that could be real."""


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """Everything from which the cases of one playbook are generated."""

    playbook: Playbook
    """The page that decides them."""

    case_vocabulary: CaseVocabulary
    """What it shares with other pages."""

    scenes: tuple[Scene, ...]
    """The kinds of cases."""

    def has_words(self, marketplace: str) -> bool:
        """Whether there are words for all that every case of a marketplace tells."""
        always = {each.fact for each in self.case_vocabulary.always}
        return all(
            any(row.fits_marketplace(marketplace) for row in pool.rows)
            for pool in self.case_vocabulary.pools
            if always & set(pool.gives)
        )
