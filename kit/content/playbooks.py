"""Playbooks: a page that an agent reads, as the rules that the kit executes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ..errors import NotCovered, UnknownName
from ..rules.calendars import Marketplace
from ..rules.decisions import Answer, Ask, Decision, decide
from ..rules.facts import Fact, Known, Situation, Vocabulary, roots_of
from ..rules.limits import Limits
from ..rules.outcomes import DayRule
from ..rules.tables import Row, Table
from ..rules.values import Facts, Sort, key_of, nearest
from .reference import Reference, Source
from .talks import Talk

_NEVER_ASKED = {Sort.DAY, Sort.TEXT, Sort.MESSAGE}


@dataclass(frozen=True, slots=True)
class AskFor:
    """One line of the Ask section."""

    fact: str
    """Key of the fact to gather."""

    words: str
    """The question to put, or the place to look."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the Say section, in one language."""

    id: str
    """Kebab-case name, as tables write it."""

    language: str
    """Two letters, such as ``"en"``."""

    text: str
    """The words, with ``{slots}``."""

    slots: tuple[str, ...]
    """Keys of the facts and answers that fill it."""

    line: int
    """The line of its quotation, counted from 1."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One line of the Watch out section: a mistake that people make."""

    words: str
    """The mistake, as somebody would put it."""

    why: str
    """Why it is wrong."""

    table: str
    """The name of the decision that it gets wrong."""

    row: str
    """The number of the row that is right."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Check:
    """A case that the page must decide like this for ever."""

    title: str
    """The case in a few words."""

    table: str
    """The name of the decision."""

    on: date
    """The day of the case."""

    facts: Facts
    """What is known, by the key of each fact; ``marketplace`` among them if named."""

    answers: Mapping[str, Answer]
    """What must come out, by the key of each answer; ``None`` where it must ask.

    Of a table that collects, the values of all rows; none at all where no row fits.
    """

    asks: str
    """Key of the fact that the page must ask for; empty if it must decide."""

    not_covered: bool
    """Whether no edition may hold on that day."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Playbook:
    """One page."""

    id: str
    """Kebab-case name; also the name of its file."""

    title: str
    """Its heading."""

    owner: str
    """Who keeps it."""

    reviewed: date
    """The day of the last review."""

    review_by: date
    """The day until which it counts as reviewed."""

    status: str
    """``draft`` or ``ready``."""

    edition_by: str
    """Key of the date that chooses the edition of limits; empty for the case's day."""

    use_when: str
    """When this is the right page."""

    ask: tuple[AskFor, ...]
    """What to gather, in this order."""

    limits: Limits
    """Its limits with every value they ever had."""

    tables: tuple[Table, ...]
    """Its decisions, in the order of the page."""

    messages: tuple[Message, ...]
    """Its messages."""

    slips: tuple[Slip, ...]
    """The mistakes that people make."""

    checks: tuple[Check, ...]
    """What it must decide like this for ever."""

    talk: Talk | None
    """How its buyers answer, if the page says it."""

    reference: Reference
    """The vocabulary that it shares with its folder."""

    path: Path
    """The file as mistakes name it."""

    digest: str
    """SHA-256 of the page."""

    @property
    def is_ready(self) -> bool:
        """Whether it may mark anybody."""
        return self.status == "ready"

    def table(self, name: str) -> Table:
        """Find a decision by its name.

        Raises:
            UnknownName: The page decides nothing of this name.
        """
        for table in self.tables:
            if key_of(table.name) == key_of(name):
                return table
        names = [table.name for table in self.tables]
        raise UnknownName(sort="decision", name=name, nearest=nearest(name, names))

    def message(self, id: str, language: str) -> Message | None:  # noqa: A002
        """Find a message; in English where the language has none."""
        found = {each.language: each for each in self.messages if each.id == id}
        return found.get(language[:2], found.get("en"))

    def vocabulary(self) -> Vocabulary:
        """Every fact that its tables can ask about, answers of earlier tables too."""
        return _vocabulary(self)

    def known(self, facts: Facts, *, marketplace: Marketplace, on: date) -> Known:
        """Take the facts of a case in the situation where it stands.

        Raises:
            UnknownName: A fact is not declared.
            BadValue: A value is none of its fact.
        """
        edition = on
        if self.edition_by:
            chosen = {key_of(name): value for name, value in facts.items()}.get(
                self.edition_by
            )
            edition = chosen if isinstance(chosen, date) else date.min
        situation = Situation(marketplace, on, edition, self.limits)
        return Known(facts, self.vocabulary(), situation)

    def decide(self, name: str, known: Known) -> Decision | Ask:
        """Decide one table, after the earlier ones whose answers it asks about.

        Raises:
            UnknownName: The page decides nothing of this name.
            NoRowFits: A table has a gap here.
            NotCovered: A limit has no value on this day.
            FactsDisagree: The case contradicts itself.
        """
        table = self.table(name)
        asks = self._asks_before(table, known)
        for key, ask in asks.items():
            if key not in self.reference.facts:
                return ask
        if self._needs_edition(table) and known.value(self.edition_by) is None:
            return Ask(table, self.edition_by, (self.edition_by,), table.rows)
        result = decide(table, known, ask_order=[each.fact for each in self.ask])
        return asks.get(result.first, result) if isinstance(result, Ask) else result

    def answering(self, key: str, *, before: Table) -> Table | None:
        """Find the table whose answer a later table asks about, if one answers it."""
        earlier = self.tables[: self.tables.index(before)]
        for table in reversed(earlier):
            if any(column.key == key for column in table.answers):
                return table
        return None

    def marks(self, row: Row) -> bool:
        """Whether a row may decide about an answer: an H or M source says it."""
        return self.is_ready and any(source.marks for source in self.sources_of(row))

    def sources_of(self, row: Row) -> Iterator[Source]:
        """Find the sources behind a row."""
        for each in row.sources:
            if each in self.reference.sources:
                yield self.reference.sources[each]

    def _asks_before(self, table: Table, known: Known) -> dict[str, Ask]:
        """Learn what earlier tables answer, and find what they ask for, by question.

        What is also a fact may not be needed at all, so the search goes on after it.
        """
        asks: dict[str, Ask] = {}
        for key in answered_behind(self, table):
            if known.covered_value(key) is not None:
                continue
            earlier = self.answering(key, before=table)
            result = self._decided_before(earlier, key, known)
            if isinstance(result, Ask):
                asks[key] = result
                if key not in self.reference.facts:
                    break
            elif result is not None:
                answer = result.answers[key]
                if answer is not None and not isinstance(answer, tuple):
                    known.learn(key, answer)
        return asks

    def _decided_before(
        self, earlier: Table | None, key: str, known: Known
    ) -> Decision | Ask | None:
        """Decide what a later table asks about; ``None`` if it has to be gathered."""
        if earlier is None:
            return None
        try:
            return self.decide(earlier.name, known)
        except NotCovered:
            if key in self.reference.facts:
                return None
            raise

    def _needs_edition(self, table: Table) -> bool:
        return bool(self.edition_by and (table.limits or table.answer_limits))


@lru_cache(maxsize=1024)
def answered_behind(playbook: Playbook, table: Table) -> tuple[str, ...]:
    """Find what earlier tables answer and a table needs, also behind derived facts.

    Returns:
        The keys, those of its questions in their order, each once.
    """
    answered = {
        column.key
        for each in playbook.tables[: playbook.tables.index(table)]
        for column in each.answers
    }
    if not answered:
        return ()
    keys = [column.key for column in table.questions]
    keys += [
        outcome.value.anchor
        for row in table.rows
        for outcome in row.outcomes
        if isinstance(outcome.value, DayRule)
    ]
    found = (each for key in keys for each in roots_of(key, playbook.reference.facts))
    return tuple(dict.fromkeys(each for each in found if each in answered))


@lru_cache(maxsize=256)
def _vocabulary(playbook: Playbook) -> Vocabulary:
    """The vocabulary of a page, which is asked for with every case."""
    return vocabulary_of(playbook.reference, playbook.tables)


def vocabulary_of(reference: Reference, tables: Sequence[Table]) -> Vocabulary:
    """Every fact that a table can ask about after the given ones have answered."""
    answered = {
        column.key: Fact(column.name, column.kind)
        for table in tables
        for column in table.answers
        if column.kind.sort not in _NEVER_ASKED
    }
    return {**answered, **reference.facts}
