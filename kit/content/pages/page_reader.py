"""Read a playbook page with all its mistakes.

Every section is read by one function. What it cannot parse it notes, and continues,
so that an author sees all mistakes of a page at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ...errors import Mistake
from ...rules.limits import Limit, Limits
from ...rules.tables import Table
from ...rules.values import Sort, key_of, nearest
from ..markdown.documents import Document, Section, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import fact_at
from ..playbook.playbook import AskFor, Check, Playbook, TypicalMistake
from ..playbook.slots import note_prose
from ..playbook.talk import Talk
from ..reference.limit_rows import limits_in
from ..reference.messages import Message
from ..reference.reference import Reference
from .check_rows import checks_in
from .messages_sent import messages_in, note_unknown_slots, note_unsent, sent_of
from .table_reader import DecideReader
from .talk_rows import talk_in
from .unfinished import DRAFT, of_draft, stops, unwritten

FRONT = ("id", "title", "owner", "reviewed", "review_by", "status")
MORE_FRONT = ("edition_by", "sources")
STATUSES = ("draft", "ready")
SECTIONS = ("Use when", "Ask", "Limits", "Decide", "Say", "Watch out", "Talk", "Check")
OPTIONAL = ("Watch out", "Talk")
NAMED = ("Decide", "Check")
HEADINGS = tuple(f"{each}: …" if each in NAMED else each for each in SECTIONS)


def read_playbook(
    path: Path, shown: Path, reference: Reference
) -> tuple[Playbook | None, list[Mistake]]:
    """Read one page.

    Args:
        path: Where the file is.
        shown: The path for messages.
        reference: The reference pages of its folder.

    Returns:
        The page, or ``None`` if it has mistakes, and the mistakes; of a draft also
        what is to do.
    """
    document, mistakes = read_document(path, shown)
    if document is None or mistakes:
        return None, mistakes
    page = _Page(document, path.stem, reference)
    playbook = page.read()
    found = page.found
    return (None if stops(found) else playbook), found


class _Page:
    """The state of reading one page."""

    def __init__(self, document: Document, stem: str, reference: Reference) -> None:
        self.document = document
        self.stem = stem
        self.reference = reference
        self.notes = Notes(document.path)

    def read(self) -> Playbook:
        front = self._front()
        self.is_understood = self._order()
        before = self._mistaken()
        limits = Limits((*self._limits(), *self.reference.limits.rows))
        messages = tuple(self._messages())
        ids = [each.id for each in (*messages, *self.reference.messages)]
        ids += self._unwritten(ids)
        reader = DecideReader(self.reference, limits, ids, self.notes)
        # What names a limit or a message is blamed only if these are without mistakes.
        if self.is_understood and self._mistaken() == before:
            for name, section in self._named("Decide"):
                reader.read(section, name)
        self.tables: Sequence[Table] = tuple(reader.tables)
        note_unknown_slots(messages, self.reference, limits, self.notes)
        note_prose(self.document, limits, self.notes)
        if not self._unread:
            note_unsent(messages, self.tables, self.notes)
        return Playbook(
            id=str(front["id"]),
            title=str(front["title"]),
            owner=str(front["owner"]),
            reviewed=self._day("reviewed"),
            review_by=self._day("review_by"),
            status=str(front["status"]),
            edition_by=key_of(str(front.get("edition_by", ""))),
            use_when=self._use_when(),
            ask=tuple(self._ask()),
            limits=limits,
            tables=tuple(self.tables),
            messages=(*messages, *sent_of(self.reference.messages, self.tables)),
            typical_mistakes=tuple(self._typical_mistakes()),
            checks=tuple(self._checks(reader)),
            talk=self._talk(limits),
            reference=self.reference,
            path=self.document.path,
            digest=self.document.digest,
        )

    @property
    def found(self) -> list[Mistake]:
        """Every mistake so far, and of a draft what is to do."""
        return of_draft(self.notes.mistakes, self.status)

    @property
    def status(self) -> str:
        """``draft``, ``ready``, or what else stands there."""
        return str(self.document.front.get("status", ""))

    def _mistaken(self) -> int:
        """How many real mistakes there are so far."""
        return sum(not each.is_todo for each in self.found)

    def _unwritten(self, ids: Sequence[str]) -> Iterator[str]:
        """Take what a draft sends as a message that somebody still has to write."""
        sections = [section for _, section in self._named("Decide")]
        if self.status == DRAFT:
            for name, line in unwritten(sections, self.reference, ids):
                self.notes.add("message-unwritten", line, id=name)
                yield name

    def _front(self) -> Mapping[str, object]:
        front = dict(self.document.front)
        for name in FRONT:
            if name not in front:
                self.notes.add("front-lacks", 1, name=name)
                front[name] = ""
        for name in front:
            if name not in {*FRONT, *MORE_FRONT}:
                self.notes.add("front-unknown", self._front_line(name), name=name)
        if front["id"] and front["id"] != self.stem:
            line = self._front_line("id")
            self.notes.add("id-differs", line, id=front["id"], stem=self.stem)
        if front["status"] not in {"", *STATUSES}:
            self._word("status", str(front["status"]), STATUSES)
        if "edition_by" in front:
            self._edition_by(str(front["edition_by"]))
        return front

    def _edition_by(self, name: str) -> None:
        facts = self.reference.facts.values()
        dates = {each.key: each.name for each in facts if each.kind.sort is Sort.DATE}
        if key_of(name) not in dates:
            self._word("edition_by", name, dates.values())

    def _word(self, name: str, word: str, words: Iterable[str]) -> None:
        self.notes.add(
            "word-unknown",
            self._front_line(name),
            column=name,
            word=word,
            words=", ".join(words),
        )

    def _front_line(self, name: str) -> int:
        return self.document.front_lines.get(name, 1)

    def _day(self, name: str) -> date:
        value = self.document.front.get(name)
        if isinstance(value, date):
            return value
        if name in self.document.front:
            self.notes.add("day-unreadable", self._front_line(name), text=value)
        return date.min

    def _order(self) -> bool:
        """Note sections that are missing, unknown or out of order.

        Returns:
            Whether each section is known, so that none of them can have been lost.
        """
        at = 0
        present = set()
        is_known = True
        for section in self.document.sections:
            kind = _kind_of(section)
            if kind not in SECTIONS:
                self.notes.add(
                    "section-unknown",
                    section.line,
                    title=section.title,
                    nearest=nearest(section.title.split(":")[0], HEADINGS),
                )
                is_known = False
                continue
            present.add(kind)
            if SECTIONS.index(kind) < at:
                order = ", ".join(SECTIONS)
                self.notes.add(
                    "section-order", section.line, title=section.title, order=order
                )
            at = max(at, SECTIONS.index(kind))
        for name in SECTIONS:
            if name not in {*OPTIONAL, *present}:
                self.notes.add("section-lacks", 1, title=name)
        return is_known and ("Say" in present or self.status == DRAFT)

    def _named(self, kind: str) -> Iterator[tuple[str, Section]]:
        """Find the sections of a kind that stands several times, each with its name."""
        for section in self.document.sections:
            if _kind_of(section) == kind:
                yield section.title.partition(":")[2].strip(), section

    def _section(self, title: str) -> Section | None:
        return section_named(self.document, title)

    def _lines(self, title: str, columns: Sequence[str]) -> Iterator[Line]:
        section = self._section(title)
        if section is not None:
            yield from lines_of(
                section.tables, columns, at=section.line, notes=self.notes
            )

    def _use_when(self) -> str:
        section = self._section("Use when")
        if section is None:
            return ""
        if not section.paragraphs:
            self.notes.add("section-empty", section.line, title=section.title)
        return "\n\n".join(each.text for each in section.paragraphs)

    def _ask(self) -> Iterator[AskFor]:
        for row in self._lines("Ask", ("Fact", "Ask or look")):
            fact = fact_at(row["fact"], row.number, self.reference.facts, self.notes)
            if fact is not None:
                yield AskFor(fact.key, row["ask or look"])

    def _limits(self) -> Iterator[Limit]:
        section = self._section("Limits")
        if section is not None:
            yield from limits_in(section, self.reference, self.notes)

    def _messages(self) -> Iterator[Message]:
        section = self._section("Say")
        if section is not None:
            yield from messages_in(section, self.reference, self.notes)

    def _typical_mistakes(self) -> Iterator[TypicalMistake]:
        section = self._section("Watch out")
        if section and section.paragraphs and not section.tables:
            return  # A page may say in a sentence that nobody gets anything wrong yet.
        for row in self._lines("Watch out", ("Mistake", "Why it is wrong", "Row")):
            name, _, number = row["row"].rpartition(" ")
            found = self._table(name)
            if key_of(name) in self._unread:
                continue
            if found is None or found.row(number) is None:
                self.notes.add("slip-row", row.number, text=row["row"])
                continue
            yield TypicalMistake(
                row["mistake"], row["why it is wrong"], found.name, number, row.number
            )

    def _talk(self, limits: Limits) -> Talk | None:
        section = self._section("Talk")
        if section is None:
            return None
        return talk_in(section, self.reference, limits, self.notes)

    @property
    def _unread(self) -> set[str]:
        """Keys of the decisions that have mistakes: what names them is not blamed."""
        names = {key_of(name) for name, _ in self._named("Decide")}
        return names - {key_of(table.name) for table in self.tables}

    def _table(self, name: str) -> Table | None:
        return next(
            (table for table in self.tables if key_of(table.name) == key_of(name)), None
        )

    def _checks(self, reader: DecideReader) -> Iterator[Check]:
        checked: set[str] = set()
        for name, section in self._named("Check"):
            table = self._table(name)
            if key_of(name) in self._unread:
                continue
            if table is None and not self.is_understood:
                continue
            if table is None:
                names = [each.name for each in self.tables]
                self.notes.add(
                    "check-unknown",
                    section.line,
                    name=name,
                    nearest=nearest(name, names),
                )
                continue
            checked.add(table.name)
            yield from checks_in(section, table, reader.vocabulary, self.notes)
        for table in self.tables:
            if table.name not in checked:
                self.notes.add("check-lacks", table.line, name=table.name)


def _kind_of(section: Section) -> str:
    """Say which of the sections it is; empty if none, or if its name is missing."""
    kind, colon, name = section.title.partition(":")
    for each in SECTIONS:
        if key_of(each) == key_of(kind):
            is_named = bool(colon and name.strip())
            return each if is_named == (each in NAMED) else ""
    return ""
