"""The playbook: a page that agents read, as rules that the kit executes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ...errors import UnknownName
from ...rules.calendars import Marketplace
from ...rules.decisions import Answer, Decision, FactNeeded, NotApplicable
from ...rules.facts import Fact, Known, Situation, Vocabulary
from ...rules.limits import Limit, Limits
from ...rules.tables import Row, Table
from ...rules.values import Facts, Sort, key_of, nearest
from ..reference.messages import Message, best_of
from ..reference.reference import Reference, Source
from .chains import Chain, Plan, plans_of
from .talk import Talk

_NEVER_ASKED = {Sort.DAY, Sort.TEXT, Sort.MESSAGE}


@dataclass(frozen=True, slots=True)
class AskFor:
    """One item of the Ask section."""

    fact: str
    """Key of the fact to gather."""

    words: str
    """The question to ask, or where to look."""


@dataclass(frozen=True, slots=True)
class TypicalMistake:
    """One item of the Watch out section: a mistake that people make."""

    words: str
    """The mistake, in words that somebody would use."""

    why: str
    """Why it is wrong."""

    table: str
    """The name of the table that decides it correctly."""

    row: str
    """The number of the row that decides it correctly."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Check:
    """A test case of a page, with the expected result."""

    title: str
    """The case in a few words."""

    table: str
    """The name of the decision."""

    on: date
    """The day of the case."""

    facts: Facts
    """The facts by key; ``marketplace`` is among them if the check names one."""

    answers: Mapping[str, Answer]
    """What must come out, by the key of each answer; ``None`` where it must ask.

    Of a table that collects, the values of all rows; none at all where no row fits.
    """

    asks: str
    """Key of the fact that the page must ask for; empty if it must decide."""

    not_covered: bool
    """Whether the day must not be covered by any edition."""

    line: int
    """The line of the page, counted from 1."""

    is_silent: bool = False
    """Whether the table must not apply, because its *Only when* does not fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Playbook:
    """One page for one scenario: its tables, messages, checks and talk."""

    id: str
    """Kebab-case name; also the name of its file."""

    title: str
    """Its heading."""

    owner: str
    """The team that maintains it."""

    reviewed: date
    """The day of the last review."""

    review_by: date
    """The day on which the next review is due."""

    status: str
    """``draft`` or ``ready``."""

    edition_by: str
    """Key of the date that selects the edition of limits; empty for the case's day."""

    use_when: str
    """When this is the right page."""

    ask: tuple[AskFor, ...]
    """The facts to gather, in this order."""

    limits: Limits
    """Its own limits and the shared ones, with all their values."""

    tables: tuple[Table, ...]
    """Its decision tables, in the order of the page."""

    messages: tuple[Message, ...]
    """Its own messages, followed by the shared ones that it sends."""

    typical_mistakes: tuple[TypicalMistake, ...]
    """The mistakes that people make."""

    checks: tuple[Check, ...]
    """Its test cases."""

    talk: Talk | None
    """The answers of its buyers; ``None`` if the page has no Talk."""

    reference: Reference
    """The reference pages of its folder."""

    path: Path
    """The path for messages."""

    digest: str
    """SHA-256 of the page."""

    @property
    def is_ready(self) -> bool:
        """Whether it may be used to mark answers."""
        return self.status == "ready"

    @property
    def own_limits(self) -> tuple[Limit, ...]:
        """The limits that are defined on the page itself."""
        shared = {key_of(name) for name in self.reference.limits.names}
        return tuple(row for row in self.limits.rows if key_of(row.name) not in shared)

    def table(self, name: str) -> Table:
        """Find a table by its name.

        Raises:
            UnknownName: The page has no table of this name.
        """
        for table in self.tables:
            if key_of(table.name) == key_of(name):
                return table
        names = [table.name for table in self.tables]
        raise UnknownName(sort="decision", name=name, nearest=nearest(name, names))

    def message(self, id: str, language: str) -> Message | None:  # noqa: A002
        """Find a message in a language, or in the nearest available one."""
        return best_of([each for each in self.messages if each.id == id], language)

    def vocabulary(self) -> Vocabulary:
        """Every fact that its tables can ask about, answers of earlier tables too."""
        return _vocabulary(self)

    def known(self, facts: Facts, *, marketplace: Marketplace, on: date) -> Known:
        """Create the facts of a case at a marketplace on a day.

        Args:
            facts: Their values, by name or key.
            marketplace: Where the case happens.
            on: The day of the case, at the marketplace.

        Raises:
            UnknownName: A fact is not declared.
            BadValue: A value is not of the kind of its fact.
        """
        edition = on
        if self.edition_by:
            chosen = {key_of(name): value for name, value in facts.items()}.get(
                self.edition_by
            )
            edition = chosen if isinstance(chosen, date) else date.min
        situation = Situation(marketplace, on, edition, self.limits)
        return Known(facts, self.vocabulary(), situation)

    def decide(
        self, name: str, known: Known, *, is_open: bool = False
    ) -> Decision | FactNeeded | NotApplicable:
        """Decide one table, after the earlier ones whose answers it needs.

        Args:
            name: The name of the table.
            known: The facts of the case; answers of earlier tables are added.
            is_open: Whether to decide it even if the facts in its *Only when* are not
                known.

        Returns:
            The decision, what to ask for, or silence if the table does not apply.

        Raises:
            UnknownName: The page has no table of this name.
            NoRowFits: A table has a gap here.
            NotCovered: A limit has no value on this day.
            FactsDisagree: The case contradicts itself.
        """
        chain = Chain(
            _plans(self),
            known,
            self.reference.facts,
            _ask_order(self),
            self.edition_by,
        )
        return chain.decide(self.table(name), is_open=is_open)

    def answerers(self, key: str, *, before: Table) -> tuple[Table, ...]:
        """Find the earlier tables that answer what a table asks, the nearest first."""
        return _plans(self)[before].earlier.get(key, ())

    def marks(self, row: Row) -> bool:
        """Tell whether a row may mark an answer: it needs an H or M source."""
        return self.is_ready and any(source.marks for source in self.sources_of(row))

    def sources_of(self, row: Row) -> Iterator[Source]:
        """Find the sources behind a row."""
        for each in row.sources:
            if each in self.reference.sources:
                yield self.reference.sources[each]


@lru_cache(maxsize=256)
def _plans(playbook: Playbook) -> Mapping[Table, Plan]:
    """What the tables of a page can answer to one another."""
    return plans_of(playbook.tables)


@lru_cache(maxsize=256)
def _ask_order(playbook: Playbook) -> tuple[str, ...]:
    """The keys of facts in the order in which to gather them."""
    return tuple(each.fact for each in playbook.ask)


@lru_cache(maxsize=256)
def _vocabulary(playbook: Playbook) -> Vocabulary:
    """The vocabulary of a page, which is asked for with every case."""
    return vocabulary_of(playbook.reference, playbook.tables)


def vocabulary_of(reference: Reference, tables: Sequence[Table]) -> Vocabulary:
    """List every fact that a table after the given ones can ask about."""
    answered = {
        column.key: Fact(column.name, column.kind)
        for table in tables
        for column in table.answers
        if column.kind.sort not in _NEVER_ASKED
    }
    return {**answered, **reference.facts}
