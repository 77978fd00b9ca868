"""Practice cases: a buyer's message and all facts that can be found out.

A case holds no answer. The playbook decides it, so the two cannot disagree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from ..errors import KitError, Mistake, NotCovered, TableDisagrees
from ..rules.calendars import Marketplace
from ..rules.decisions import Decision, FactNeeded, NotApplicable
from ..rules.facts import MARKETPLACE, Known
from ..rules.tables import Table
from ..rules.values import Facts, Value, key_of, nearest
from .markdown.documents import Section, TableText, read_document
from .markdown.files import Notes
from .markdown.lookups import day_at, decision_at, fact_at, fact_value_at, has_zone
from .pages.messages_sent import SLOT
from .playbook.playbook import Playbook
from .proofs.agreeing import check_agreement
from .reference.reference import ROLES

ON = "on"
ZONE, ROLE, MOOD = "buyer_zone", "role", "mood"
IF_ASKED = " (if asked)"
LONGEST_DAYS = 366
"""The largest number of days between the day of a case and a later day."""

MOST_KEPT = 1024
"""How many decided cases are cached."""

_ID = re.compile(r"[a-z0-9-]+")
JOURNEY = ("day", "where", "what_happened")


@dataclass(frozen=True, slots=True)
class Scan:
    """One event of a parcel's journey."""

    day: date
    """The day, where it happened."""

    where: str
    """The place."""

    what: str
    """What happened, as the carrier says it."""


@dataclass(frozen=True, slots=True, eq=False)
class PracticeCase:
    """One case to practise with."""

    id: str
    """Kebab-case name; never changed once somebody has answered the case."""

    playbook: Playbook
    """The page that decides it."""

    decisions: tuple[str, ...]
    """The names of the tables that are asked, if they apply to the case."""

    message: str
    """The buyer's message."""

    marketplace: Marketplace
    """Where it happens."""

    on: date
    """The day of the case, at the marketplace."""

    facts: Facts
    """What can be found out, by the key of each fact."""

    journey: tuple[Scan, ...]
    """The parcel's journey, as far as it is known on the day of the case."""

    line: int
    """The line of its heading, counted from 1."""

    asked: frozenset[str] = frozenset()
    """Keys of the facts that are known only after asking the buyer."""

    zone: str = ""
    """Time zone of the buyer; empty if it is the marketplace's."""

    role: str = ""
    """The role of the agent in this case; empty where every action is allowed."""

    mood: str = ""
    """The buyer's mood at the start; empty for the start of the playbook's talk."""

    exact_days: bool = False
    """Whether only the last day counts as a right due day, as in earlier versions."""

    by_gates: bool = False
    """Whether *Only when* lines select the tables; else the case names them."""

    def known(self) -> Known:
        """All facts of the case that can be found out."""
        return self.known_from(self.facts)

    def known_from(self, facts: Facts) -> Known:
        """The facts that follow from some facts of the case.

        Args:
            facts: The gathered facts, by key.
        """
        return self.playbook.known(facts, marketplace=self.marketplace, on=self.on)

    def on_day(self, day: date) -> "PracticeCase | None":
        """Return the same case on a later day; ``None`` if it cannot be decided then.

        The distance is limited: counting the days of eight thousand years takes ten
        seconds, and the calendar ends with the year 9999.

        Args:
            day: The new day of the case, at the marketplace.
        """
        if abs((day - self.on).days) > LONGEST_DAYS:
            return None
        later = replace(self, on=day)
        try:
            results = _results(later)
            for each in later.decide():
                _ = each.answers
        except KitError:
            return None
        return None if any(isinstance(each, FactNeeded) for each in results) else later

    def decide(self) -> tuple[Decision, ...]:
        """Decide the case, table by table; tables that do not apply are left out.

        Raises:
            KitError: It cannot be decided; this was ruled out when the case was read.
        """
        return tuple([each for each in _results(self) if isinstance(each, Decision)])

    def tables(self) -> tuple[Table, ...]:
        """The tables that apply to the case; their answers are its questions."""
        return tuple([each.table for each in self.decide()])

    def try_tables(
        self, known: Known
    ) -> Iterator[Decision | FactNeeded | NotApplicable]:
        """Decide its tables with the given facts, one after the other.

        Where the page selects the tables, a table without an action may lack a limit in
        this situation; it is skipped then.

        Args:
            known: The facts that are known so far.

        Raises:
            KitError: It cannot be decided.
        """
        for name in self.decisions:
            result = self.try_table(name, known)
            if result is not None:
                yield result

    def try_table(
        self, name: str, known: Known
    ) -> Decision | FactNeeded | NotApplicable | None:
        """Decide one of its tables with the given facts; ``None`` if it is not asked.

        Args:
            name: The name of the table.
            known: The facts that are known so far.

        Raises:
            KitError: It cannot be decided.
        """
        try:
            return self.playbook.decide(name, known)
        except NotCovered:
            if self.by_gates and not self.playbook.table(name).gives_action:
                return None
            raise


@lru_cache(maxsize=MOST_KEPT)
def _results(case: PracticeCase) -> tuple[Decision | FactNeeded | NotApplicable, ...]:
    """Decide a case; cached for everything that shows it."""
    return tuple(case.try_tables(case.known()))


def read_cases(
    path: Path, shown: Path, playbook: Playbook
) -> tuple[tuple[PracticeCase, ...], list[Mistake]]:
    """Read a file of practice cases.

    Args:
        path: Where the file is; a missing file means no cases.
        shown: The path for messages.
        playbook: The page that decides them.

    Returns:
        The cases without mistakes, and all mistakes.
    """
    if not path.is_file():
        return (), []
    document, mistakes = read_document(path, shown, front="none")
    if document is None or mistakes:
        return (), mistakes
    notes = Notes(shown)
    seen: set[str] = set()
    cases = []
    for section in document.sections:
        reader = _Reader(section, playbook, notes)
        if reader.names and reader.id in seen:
            notes.add("id-twice", section.line, id=reader.id)
        seen.add(reader.id)
        case = reader.case()
        if case is not None:
            cases.append(case)
    return tuple(cases), notes.mistakes


class _Reader:
    """The state of reading one case."""

    def __init__(self, section: Section, playbook: Playbook, notes: Notes) -> None:
        self.section, self.playbook, self.notes = section, playbook, notes
        self.id, _, self.names = section.title.partition(" · ")

    def case(self) -> PracticeCase | None:
        line = self.section.line
        if not _ID.fullmatch(self.id) or ("·" in self.section.title and not self.names):
            self.notes.add("case-heading", line, title=self.section.title)
            return None
        if len(self.section.quotes) != 1:
            self.notes.add("case-message", line, id=self.id)
            return None
        facts, journey = self._tables()
        if facts is None:
            self.notes.add("case-tables", line, id=self.id)
            return None
        decisions = tuple(self._decisions())
        self.asked: set[str] = set()
        self.zone = self.role = self.mood = ""
        values = self._facts(facts)
        on, place = values.pop(ON, None), values.pop(MARKETPLACE, None)
        for name, value in (("On", on), (MARKETPLACE, place)):
            if value is None:
                self.notes.add("case-needs", line, id=self.id, name=name)
        if not isinstance(on, date) or not isinstance(place, str):
            return None
        case = PracticeCase(
            id=self.id,
            playbook=self.playbook,
            decisions=decisions,
            message=self.section.quotes[0].text,
            marketplace=self.playbook.reference.marketplaces[place],
            on=on,
            facts=values,
            journey=tuple(self._journey(journey)) if journey else (),
            line=line,
            asked=frozenset(self.asked),
            zone=self.zone,
            role=self.role,
            mood=self.mood,
            by_gates=not self.names,
        )
        self._try(case)
        return case

    def _tables(self) -> tuple[TableText | None, TableText | None]:
        facts = journey = None
        for table in self.section.tables:
            heads = tuple(key_of(heading.text) for heading in table.header)
            if heads == ("fact", "value") and facts is None:
                facts = table
            elif heads == JOURNEY and journey is None:
                journey = table
            else:
                return None, None
        return facts, journey

    def _decisions(self) -> Iterator[str]:
        page, line = self.playbook, self.section.line
        names = [table.name for table in page.tables]
        if not self.names:
            yield from names
            return
        for name in self.names.split(","):
            found = decision_at(name, line, page.id, names, self.notes)
            if found is not None:
                yield found

    def _facts(self, table: TableText) -> dict[str, Value | None]:
        values: dict[str, Value | None] = {}
        lines: dict[str, int] = {}
        facts = self.playbook.reference.facts
        for row in table.rows:
            name, text = row.cells
            key = key_of(name)
            if key in lines:
                self.notes.add("fact-twice", row.line, name=name, line=lines[key])
            lines[key] = row.line
            if key == ON:
                values[ON] = day_at(text, row.line, self.notes)
                continue
            if key in {ZONE, ROLE, MOOD}:
                self._setting(key, text, row.line)
                continue
            if text.endswith(IF_ASKED):
                self.asked.add(key)
                text = text.removesuffix(IF_ASKED)
            fact = fact_at(name, row.line, facts, self.notes)
            if fact is not None:
                values[key] = fact_value_at(text, row.line, fact, self.notes)
        return values

    def _setting(self, key: str, text: str, line: int) -> None:
        """Read what is no fact of the case: the buyer's clock and mood, our role."""
        if key == MOOD:
            self._mood(text, line)
        elif key == ROLE and text in ROLES:
            self.role = text
        elif key == ZONE and has_zone(text):
            self.zone = text
        elif key == ZONE:
            self.notes.add("zone-unknown", line, zone=text)
        else:
            words = ", ".join(ROLES)
            self.notes.add("word-unknown", line, column="Role", word=text, words=words)

    def _mood(self, name: str, line: int) -> None:
        talk = self.playbook.talk
        moods = {key_of(each): each for each in talk.states} if talk else {}
        self.mood = moods.get(key_of(name), "")
        if not self.mood:
            self.notes.add(
                "case-mood",
                line,
                mood=name,
                playbook=self.playbook.id,
                nearest=nearest(name, moods.values()),
            )

    def _journey(self, table: TableText) -> Iterator[Scan]:
        for row in table.rows:
            day = day_at(row.cells[0], row.line, self.notes)
            if day is not None:
                yield Scan(day, row.cells[1], row.cells[2])

    def _try(self, case: PracticeCase) -> None:
        """A case that its page cannot decide is a mistake of the case."""
        if self.notes.mistakes:
            return
        try:
            check_agreement(case.playbook, case.decisions, case.known())
        except TableDisagrees as error:
            values = {"id": self.id, "table": error.table, "reason": str(error)}
            self.notes.add("case-undecided", self.section.line, **values)
            return
        except KitError:
            pass  # What else is wrong is said below, table by table.
        needed: dict[str, None] = {}
        for name in case.decisions:
            try:
                result = case.try_table(name, case.known())
                needed |= dict.fromkeys(_missing(result))
            except KitError as error:
                self.notes.add(
                    "case-undecided",
                    self.section.line,
                    id=self.id,
                    table=name,
                    reason=str(error),
                )
                return
        needed |= dict.fromkeys(_unsaid(case))
        for key in needed:
            fact = case.playbook.vocabulary()[key].name
            self.notes.add("case-needs", case.line, id=case.id, name=fact)


def _unsaid(case: PracticeCase) -> Iterator[str]:
    """Find what the buyer's lines in the talk need and the case does not have."""
    talk = case.playbook.talk
    known = case.known()
    for line in talk.lines if talk else ():
        for slot in (each for text in line.texts for each in SLOT.findall(text)):
            if case.playbook.limits.all_of(slot):
                continue
            if known.value(key_of(slot)) is None:
                yield key_of(slot)


def _missing(result: Decision | FactNeeded | NotApplicable | None) -> Sequence[str]:
    if result is None or isinstance(result, NotApplicable):
        return ()
    if isinstance(result, FactNeeded):
        return (result.first,)
    _ = result.answers
    return tuple(result.missing.values())
