"""The reference pages: what all playbooks of a folder share.

What an agent can do, where rules come from, and where marketplaces are; what can be
known and answered is read in ``vocabulary.py``. Nothing here knows a playbook.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import Mistake
from ...rules.calendars import Marketplace, has_calendar
from ...rules.facts import Vocabulary
from ...rules.limits import Limits
from ...rules.tables import Column
from ...rules.values import key_of
from ..markdown.documents import Document, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of
from ..markdown.lookups import has_zone, is_first_use
from .desks import (
    AuthorityLimit,
    desk_calendar_line,
    desk_in,
    hand_over_in,
    is_of_desk,
    keep_in_mind_in,
)
from .messages import Message
from .moods import End, FollowUp, Mood, Reaction, read_moods
from .question_kinds import QuestionKind, kind_for
from .vocabulary import AnswerWord, answers_in, buyers_in, facts_in, shown_in

MARKING = ("H", "M")
CONFIDENCES = (*MARKING, "L", "NV")
ROLES = ("trainee", "agent", "lead")
NOT_YET = "not yet"
PAGES = ("facts", "actions", "sources", "marketplaces")
AGENTS_PAGES = (*PAGES, "limits")
"""The pages that agents open too; the others are for authors."""

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

    on_screen: Mapping[str, str] = field(default_factory=dict)
    """How names and words look on a screen where it differs, by their key."""

    hand_over: Mapping[str, str] = field(default_factory=dict)
    """The action by which a role hands over what it may not do alone, by the role."""

    authority_limits: tuple[AuthorityLimit, ...] = ()
    """Up to which amounts roles may act alone; none if no page says it."""

    desk_zone: str = ""
    """IANA name of the time zone in which our desk stands; empty if no page says it."""

    desk_calendar: str = ""
    """The calendar of public holidays at our desk; empty if no page says it."""

    limits: Limits = field(default_factory=Limits)
    """The limits that pages share."""

    messages: tuple[Message, ...] = ()
    """The messages that pages share."""

    keep_in_mind: str = ""
    """A sentence to end every decision with; empty if no page says it."""

    moods: Mapping[str, Mood] = field(default_factory=dict)
    """How a buyer can feel, by key; none if no page says it."""

    ends: Mapping[str, End] = field(default_factory=dict)
    """How a talk can end, by key; none if no page says it."""

    reactions: tuple[Reaction, ...] = ()
    """What buyers answer to a letter in which something was found."""

    follow_ups: tuple[FollowUp, ...] = ()
    """How cases go on when the buyer was asked for something."""

    buyer_knows: frozenset[str] = frozenset()
    """Keys of the facts that a buyer can tell; empty if no page says it."""

    def name_on_screen(self, name: str) -> str:
        """Say the name of a fact or an answer as an agent reads it."""
        return self.on_screen.get(key_of(name), name)

    def slot_on_screen(self, slot: str) -> str:
        """Say what belongs into a slot as an agent reads it, inside of a line."""
        key = key_of(slot)
        known = self.answers.get(key) or self.facts.get(key)
        shown = self.name_on_screen(known.name if known else slot.replace("_", " "))
        return shown if shown[1:2].isupper() else shown[:1].lower() + shown[1:]

    def action_on_screen(self, action: str) -> str:
        """Say an action as an agent reads it, and what is none as it is written."""
        known = self.actions.get(action)
        return known.words if known else action

    def question_kind(self, column: Column) -> QuestionKind:
        """Find how an answer of a table is asked."""
        answer = self.answers.get(column.key)
        return answer.asked if answer else kind_for(column.kind.sort)

    def word_on_screen(self, word: str) -> str:
        """Say a declared word as an agent reads it, a marketplace by its name."""
        place = self.marketplaces.get(word)
        plain = place.name if place else word.replace("-", " ")
        return self.on_screen.get(key_of(word), plain)


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
    zone, calendar = desk_in(pages["marketplaces"], notes["marketplaces"])
    facts = facts_in(pages["facts"], tuple(marketplaces), notes["facts"], desk=calendar)
    moods, ends, found = read_moods(folder, shown)
    mistakes += found
    reference = Reference(
        facts=facts,
        moods=moods,
        ends=ends,
        answers=answers_in(pages["facts"], facts, tuple(actions), notes["facts"]),
        on_screen=shown_in(pages["facts"], notes["facts"]),
        buyer_knows=buyers_in(pages["facts"], facts, notes["facts"]),
        actions=actions,
        hand_over=hand_over_in(
            pages["actions"],
            {each.id: each.role for each in actions.values()},
            ROLES,
            notes["actions"],
        ),
        desk_zone=zone,
        desk_calendar=calendar,
        keep_in_mind=keep_in_mind_in(pages["marketplaces"], notes["marketplaces"]),
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

    The arguments are those of ``read_reference``. No decision needs this page, and a
    folder may have none.
    """
    if not (folder / f"{COVERAGE}.md").is_file():
        return (), []
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
        if is_first_use(row["action"], actions, row.number, notes):
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
        if is_first_use(row["source"], sources, row.number, notes):
            sources[row["source"]] = Source(*row.cells.values())
    return sources


def _marketplaces(page: Document | None, notes: Notes) -> dict[str, Marketplace]:
    found: dict[str, Marketplace] = {}
    for row in _only_table(page, MARKETPLACE, notes):
        if not has_zone(row["time zone"]):
            notes.add("zone-unknown", row.number, zone=row["time zone"])
        if is_first_use(row["marketplace"], found, row.number, notes):
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
    calendar, line = desk_calendar_line(page)
    if calendar and not has_calendar(calendar):
        notes.add("calendar-unknown", line, calendar=calendar)
    return notes.mistakes


def _statements(page: Document | None, notes: Notes) -> Iterator[Statement]:
    columns = ("Statement", "In our words", "Stands in")
    seen: dict[str, None] = {}
    for row in _only_table(page, columns, notes):
        if not is_first_use(row["statement"], seen, row.number, notes):
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
        sections = [each for each in page.sections if not is_of_desk(each)]
        tables = [*page.tables, *(t for each in sections for t in each.tables)]
        yield from lines_of(tables, columns, at=1, notes=notes)
