"""The reference pages: the vocabulary that all playbooks of a folder share.

What an agent can know and do, where rules come from, and where marketplaces are. This
module reads them and knows no playbook.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import Mistake
from ..rules.calendars import Marketplace, has_calendar
from ..rules.facts import (
    ALWAYS_KNOWN,
    Derivation,
    Fact,
    Vocabulary,
    built_in_facts,
    read_derivation,
)
from ..rules.values import Kind, Sort, key_of, read_kind
from .documents import Document, read_document
from .files import Notes
from .lookups import fact_at
from .sheets import Line, lines_of, section_named

MARKING = ("H", "M")
CONFIDENCES = (*MARKING, "L", "NV")
ROLES = ("trainee", "agent", "lead")
NOT_YET = "not yet"
PAGES = ("facts", "actions", "sources", "marketplaces")
COVERAGE = "coverage"
MARKETPLACE = ("Marketplace", "Name", "Time zone", "Currency", "Language", "Holidays")


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an agent can do."""

    id: str
    """Kebab-case name, as tables write it."""

    words: str
    """What stands on the button."""

    meaning: str
    """One line that explains it."""

    role: str
    """The lowest role that may do it alone: ``trainee``, ``agent`` or ``lead``."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from."""

    id: str
    """Its name in brackets behind a rule."""

    title: str
    """What it is."""

    address: str
    """Where it can be read."""

    date: str
    """When it held or was read, as far as known."""

    confidence: str
    """``H``, ``M``, ``L`` or ``NV``."""

    @property
    def marks(self) -> bool:
        """Whether it is sure enough to decide about somebody's answer."""
        return self.confidence in MARKING


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """Something that a table can answer."""

    name: str
    """As authors write it, such as ``"Act by"``."""

    kind: Kind
    """What it can be."""

    meaning: str
    """One line that explains it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the texts from which the playbooks grew."""

    id: str
    """Its number, such as ``"S3-3"``."""

    words: str
    """What it says, in our words."""

    stands_in: tuple[str, ...]
    """Ids of the playbooks that carry it; none while no page does."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that the reference pages declare."""

    facts: Vocabulary = field(default_factory=dict)
    """Every fact by its key, the derived and the always known ones too."""

    answers: Mapping[str, AnswerWord] = field(default_factory=dict)
    """Every answer by its key."""

    actions: Mapping[str, Action] = field(default_factory=dict)
    """Every action by its id."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    """Every source by its id."""

    marketplaces: Mapping[str, Marketplace] = field(default_factory=dict)
    """Every marketplace by its id."""


def read_reference(folder: Path, shown: Path) -> tuple[Reference, list[Mistake]]:
    """Read the vocabulary with all its mistakes.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder as mistakes print it.
    """
    mistakes: list[Mistake] = []
    notes = {name: Notes(shown / f"{name}.md") for name in PAGES}
    pages = {name: _page(folder, shown, name, mistakes) for name in PAGES}
    actions = _actions(pages["actions"], notes["actions"])
    marketplaces = _marketplaces(pages["marketplaces"], notes["marketplaces"])
    facts = _facts(pages["facts"], tuple(marketplaces), notes["facts"])
    reference = Reference(
        facts=facts,
        answers=_answers(pages["facts"], facts, tuple(actions), notes["facts"]),
        actions=actions,
        sources=_sources(pages["sources"], notes["sources"]),
        marketplaces=marketplaces,
    )
    for each in notes.values():
        mistakes += each.mistakes
    return reference, mistakes


def read_coverage(
    folder: Path, shown: Path
) -> tuple[tuple[Statement, ...], list[Mistake]]:
    """Read which page carries which statement, with all mistakes.

    The arguments are those of ``read_reference``. No decision needs this page.
    """
    mistakes: list[Mistake] = []
    notes = Notes(shown / f"{COVERAGE}.md")
    page = _page(folder, shown, COVERAGE, mistakes)
    statements = tuple(_statements(page, notes))
    return statements, mistakes + notes.mistakes


def _page(
    folder: Path, shown: Path, name: str, mistakes: list[Mistake]
) -> Document | None:
    file = folder / f"{name}.md"
    if not file.is_file():
        mistakes.append(Mistake("reference-lacks", shown / file.name, 1))
        return None
    page, found = read_document(file, shown / file.name, front="none")
    mistakes += found
    return page


def _rows(
    page: Document | None, section: str, columns: tuple[str, ...], notes: Notes
) -> Iterator[Line]:
    """Read the table of a section."""
    if page is None:
        return
    found = section_named(page, section)
    if found is None:
        notes.add("section-lacks", 1, title=section)
        return
    yield from lines_of(found.tables, columns, at=found.line, notes=notes)


def _facts(
    page: Document | None, marketplaces: tuple[str, ...], notes: Notes
) -> dict[str, Fact]:
    facts = {fact.key: fact for fact in built_in_facts(marketplaces)}
    for row in _rows(page, "Facts", ("Fact", "Type", "Place", "Ask or look"), notes):
        kind = _kind(row, notes)
        if kind and _is_new(row["fact"], facts, row.number, notes):
            fact = Fact(
                row["fact"], kind, row["place"], row["ask or look"], line=row.number
            )
            facts[fact.key] = fact
    columns = ("Derived fact", "Type", "From")
    derived = []
    for row in _rows(page, "Derived facts", columns, notes):
        kind = _kind(row, notes)
        if kind is None or not _is_new(row["derived fact"], facts, row.number, notes):
            continue
        try:
            how = read_derivation(row["from"])
        except ValueError:
            notes.add("derivation-unknown", row.number, text=row["from"])
            continue
        fact = Fact(row["derived fact"], kind, derivation=how, line=row.number)
        facts[fact.key] = fact
        derived.append(fact)
    for fact in derived:
        _check_derived(fact, facts, notes)
    return facts


def _check_derived(fact: Fact, facts: Mapping[str, Fact], notes: Notes) -> None:
    """The first operand of a form is always a fact; the second may be a limit too."""
    how = fact.derivation
    if how is None:
        return
    first = fact_at(how.first, fact.line, facts, notes)
    if first is None:
        return
    if _leads_to(fact.key, fact.key, facts, set()):
        notes.add("derivation-circle", fact.line, name=fact.name)
    elif not _gives(how, first, facts.get(key_of(how.second)), fact.kind):
        notes.add(
            "derivation-type", fact.line, text=how, name=fact.name, kind=fact.kind
        )


def _gives(how: Derivation, first: Fact, second: Fact | None, kind: Kind) -> bool:
    """Whether a form can give a value of a kind."""
    if how.form.endswith("days from"):
        unit = how.form.removesuffix(" from")
        are_dates = {first.kind.sort, second.kind.sort if second else None}
        counts = kind.sort is Sort.WHOLE and kind.unit == unit
        return counts and are_dates == {Sort.DATE}
    if how.form in {"plus", "minus"}:
        return kind.sort is first.kind.sort and first.kind.is_ordered
    return kind.sort is Sort.YES_NO and first.kind.is_ordered


def _leads_to(start: str, goal: str, facts: Mapping[str, Fact], seen: set[str]) -> bool:
    how = facts[start].derivation if start in facts else None
    if how is None or start in seen:
        return False
    below = (key_of(how.first), key_of(how.second))
    return goal in below or any(
        _leads_to(each, goal, facts, seen | {start}) for each in below
    )


def _answers(
    page: Document | None,
    facts: Mapping[str, Fact],
    actions: tuple[str, ...],
    notes: Notes,
) -> dict[str, AnswerWord]:
    answers: dict[str, AnswerWord] = {}
    for row in _rows(page, "Answers", ("Answer", "Type", "Meaning"), notes):
        kind = _kind(row, notes)
        known = (*facts, *answers)
        if kind is None or not _is_new(row["answer"], known, row.number, notes):
            continue
        if kind.sort is Sort.ACTION:
            kind = Kind(Sort.ACTION, actions)
        answers[key_of(row["answer"])] = AnswerWord(row["answer"], kind, row["meaning"])
    return answers


def _actions(page: Document | None, notes: Notes) -> dict[str, Action]:
    actions: dict[str, Action] = {}
    columns = ("Action", "In words", "Meaning", "Role")
    for row in _only_table(page, columns, notes):
        if row["role"] not in ROLES:
            notes.add(
                "word-unknown",
                row.number,
                column="Role",
                word=row["role"],
                words=", ".join(ROLES),
            )
        if _is_new(row["action"], actions, row.number, notes):
            actions[row["action"]] = Action(
                row["action"], row["in words"], row["meaning"], row["role"]
            )
    return actions


def _sources(page: Document | None, notes: Notes) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    columns = ("Source", "Title", "Address", "Date", "Confidence")
    for row in _only_table(page, columns, notes):
        if row["confidence"] not in CONFIDENCES:
            notes.add(
                "word-unknown",
                row.number,
                column="Confidence",
                word=row["confidence"],
                words=", ".join(CONFIDENCES),
            )
        if _is_new(row["source"], sources, row.number, notes):
            sources[row["source"]] = Source(*row.cells.values())
    return sources


def _marketplaces(page: Document | None, notes: Notes) -> dict[str, Marketplace]:
    found: dict[str, Marketplace] = {}
    for row in _only_table(page, MARKETPLACE, notes):
        if not _has_zone(row["time zone"]):
            notes.add("zone-unknown", row.number, zone=row["time zone"])
        if _is_new(row["marketplace"], found, row.number, notes):
            found[row["marketplace"]] = Marketplace(*row.cells.values())
    return found


def check_calendars(folder: Path, shown: Path) -> list[Mistake]:
    """Find marketplaces whose public holidays are not known.

    Reading does not look, because few decisions count business days and the calendars
    of the world are slow to load; counting with an unknown one is refused.
    """
    page = _page(folder, shown, "marketplaces", [])
    notes = Notes(shown / "marketplaces.md")
    for row in _only_table(page, MARKETPLACE, Notes(shown)):
        if not has_calendar(row["holidays"]):
            notes.add("calendar-unknown", row.number, calendar=row["holidays"])
    return notes.mistakes


def _statements(page: Document | None, notes: Notes) -> Iterator[Statement]:
    columns = ("Statement", "In our words", "Stands in")
    seen: dict[str, None] = {}
    for row in _only_table(page, columns, notes):
        if not _is_new(row["statement"], seen, row.number, notes):
            continue
        seen[key_of(row["statement"])] = None
        pages = () if row["stands in"] == NOT_YET else row["stands in"].split(",")
        yield Statement(
            row["statement"],
            row["in our words"],
            tuple(page.strip() for page in pages),
            row.number,
        )


def _only_table(
    page: Document | None, columns: tuple[str, ...], notes: Notes
) -> Iterator[Line]:
    if page is not None:
        tables = [*page.tables, *(t for each in page.sections for t in each.tables)]
        yield from lines_of(tables, columns, at=1, notes=notes)


def _kind(row: Line, notes: Notes) -> Kind | None:
    try:
        return read_kind(row["type"])
    except ValueError:
        notes.add("type-unknown", row.number, type=row["type"])
        return None


def _is_new(name: str, known: Iterable[str], line: int, notes: Notes) -> bool:
    if key_of(name) in map(key_of, known):
        always = key_of(name) in ALWAYS_KNOWN
        notes.add("name-built-in" if always else "name-twice", line, name=name)
        return False
    return True


def _has_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def day_of(value: object) -> date | None:
    """Take a value of front matter as a day; ``None`` if it is none."""
    return value if isinstance(value, date) else None
