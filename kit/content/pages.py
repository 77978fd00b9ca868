"""Read a playbook page with all its mistakes.

Every section is read by one function; what it cannot understand it notes, and goes on,
so that an author sees all mistakes of a page at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ..errors import BadCell, Mistake
from ..rules.conditions import Cell, read_cell
from ..rules.facts import Fact, Vocabulary
from ..rules.limits import ANYWHERE, Limit, Limits, read_amount
from ..rules.outcomes import NO_DAY, NOT_COVERED, Outcome, read_outcome
from ..rules.tables import Column, HitPolicy, Row, Table
from ..rules.values import Kind, Sort, Value, key_of, nearest, read_value
from .documents import (
    Document,
    Heading,
    Item,
    RowText,
    Section,
    TableText,
    read_document,
)
from .files import Notes
from .playbooks import UNKNOWN, AskFor, Check, Message, Playbook, Slip, vocabulary_of
from .reference import Reference
from .sheets import Line, lines_of, section_named

FRONT = ("id", "title", "owner", "reviewed", "review_by", "status")
SECTIONS = ("Use when", "Ask", "Limits", "Decide", "Say", "Watch out", "Talk", "Check")
OPTIONAL = {"Talk"}
NOTES = ("because", "source")
SLOT = re.compile(r"\{([^{}]*)\}")

_SOURCES = re.compile(r"\s*\[([^\[\]]+)\]\s*$")
_MESSAGE = re.compile(r"(?P<id>[a-z0-9-]+) · (?P<language>[a-z]{2})")


def read_playbook(
    path: Path, shown: Path, reference: Reference
) -> tuple[Playbook | None, list[Mistake]]:
    """Read one page with all its mistakes.

    Args:
        path: Where the file lies.
        shown: The path as mistakes print it.
        reference: The vocabulary of its folder.

    Returns:
        The page, or nothing where it has mistakes, and the mistakes.
    """
    document, mistakes = read_document(path, shown)
    if document is None or mistakes:
        return None, mistakes
    page = _Page(document, path.stem, reference)
    playbook = page.read()
    found = page.notes.mistakes
    return (None if found else playbook), found


class _Page:
    """One page while it is being read."""

    def __init__(self, document: Document, stem: str, reference: Reference) -> None:
        self.document = document
        self.stem = stem
        self.reference = reference
        self.notes = Notes(document.path)

    def read(self) -> Playbook:
        front = self._front()
        self._order()
        self.limits = Limits(tuple(self._limits()))
        self.messages = tuple(self._messages())
        self.tables: list[Table] = []
        for section in self._sections("Decide"):
            self._decide(section)
        self._slots()
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
            limits=self.limits,
            tables=tuple(self.tables),
            messages=self.messages,
            slips=tuple(self._slips()),
            checks=tuple(self._checks()),
            reference=self.reference,
            path=self.document.path,
            digest=self.document.digest,
        )

    def _front(self) -> Mapping[str, object]:
        front = dict(self.document.front)
        for name in FRONT:
            if name not in front:
                self.notes.add("front-lacks", 1, name=name)
                front[name] = ""
        for name in front:
            if name not in {*FRONT, "edition_by", "sources"}:
                self.notes.add("front-unknown", self._front_line(name), name=name)
        if front["id"] and front["id"] != self.stem:
            line = self._front_line("id")
            self.notes.add("id-differs", line, id=front["id"], stem=self.stem)
        if front["status"] not in {"", "draft", "ready"}:
            self._word("status", str(front["status"]), "draft, ready")
        edition_by = str(front.get("edition_by", ""))
        fact = self.reference.facts.get(key_of(edition_by))
        if edition_by and (fact is None or fact.kind.sort is not Sort.DATE):
            self._unknown_fact(edition_by, self._front_line("edition_by"))
        return front

    def _front_line(self, name: str) -> int:
        return self.document.front_lines.get(name, 1)

    def _word(self, column: str, word: str, words: str) -> None:
        line = self._front_line(column)
        self.notes.add("word-unknown", line, column=column, word=word, words=words)

    def _day(self, name: str) -> date:
        value = self.document.front.get(name)
        if isinstance(value, date):
            return value
        if name in self.document.front:
            self.notes.add("day-unreadable", self._front_line(name), text=value)
        return date.min

    def _order(self) -> None:
        """Sections stand in the agreed order, and none is missing or unheard of."""
        at = 0
        kinds = [key_of(name) for name in SECTIONS]
        for section in self.document.sections:
            kind = key_of(section.title.split(":")[0])
            if kind not in kinds:
                self.notes.add(
                    "section-unknown",
                    section.line,
                    title=section.title,
                    nearest=nearest(section.title, SECTIONS),
                )
            elif kinds.index(kind) < at:
                order = ", ".join(SECTIONS)
                self.notes.add(
                    "section-order", section.line, title=section.title, order=order
                )
            else:
                at = kinds.index(kind)
        present = {key_of(each.title.split(":")[0]) for each in self.document.sections}
        for name in SECTIONS:
            if name not in OPTIONAL and key_of(name) not in present:
                self.notes.add("section-lacks", 1, title=name)

    def _sections(self, kind: str) -> Iterator[Section]:
        for section in self.document.sections:
            if section.title.startswith(f"{kind}:"):
                yield section

    def _use_when(self) -> str:
        section = section_named(self.document, "Use when")
        if section is None:
            return ""
        if not section.paragraphs:
            self.notes.add("section-empty", section.line, title=section.title)
        return "\n\n".join(each.text for each in section.paragraphs)

    def _ask(self) -> Iterator[AskFor]:
        for row in self._lines("Ask", ("Fact", "Ask or look")):
            if key_of(row["fact"]) in self.reference.facts:
                yield AskFor(key_of(row["fact"]), row["ask or look"])
            else:
                self._unknown_fact(row["fact"], row.number)

    def _lines(self, title: str, columns: Sequence[str]) -> Iterator[Line]:
        section = section_named(self.document, title)
        if section is not None:
            yield from lines_of(
                section.tables, columns, at=section.line, notes=self.notes
            )

    def _unknown_fact(self, name: str, line: int) -> None:
        names = [fact.name for fact in self.reference.facts.values()]
        self.notes.add("fact-unknown", line, name=name, nearest=nearest(name, names))

    def _limits(self) -> Iterator[Limit]:
        seen: dict[tuple[str, str, date], int] = {}
        section = section_named(self.document, "Limits")
        if section is not None and not section.tables and section.paragraphs:
            return  # A page may say in a sentence that it needs no limit.
        columns = ("Limit", "Marketplace", "From", "Value", "Source")
        for row in self._lines("Limits", columns):
            limit = self._limit(row)
            if limit is None:
                continue
            place = (key_of(limit.name), limit.marketplace, limit.start)
            if place in seen:
                self.notes.add(
                    "limit-twice", row.number, name=limit.name, line=seen[place]
                )
            seen[place] = row.number
            yield limit

    def _limit(self, row: Line) -> Limit | None:
        known = (ANYWHERE, *self.reference.marketplaces)
        if row["marketplace"] not in known:
            self.notes.add(
                "marketplace-unknown",
                row.number,
                name=row["marketplace"],
                nearest=nearest(row["marketplace"], known),
            )
            return None
        if key_of(row["limit"]) in self.reference.facts:
            self.notes.add("limit-is-fact", row.number, name=row["limit"])
        self._source(row["source"], row.number)
        start = self._read_day(row["from"], row.number)
        try:
            value = read_amount(row["value"])
        except ValueError:
            self.notes.add("limit-value", row.number, text=row["value"])
            return None
        if start is None:
            return None
        return Limit(
            row["limit"], row["marketplace"], start, value, row["source"], row.number
        )

    def _read_day(self, text: str, line: int) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.notes.add("day-unreadable", line, text=text)
            return None

    def _source(self, name: str, line: int) -> None:
        if name not in self.reference.sources:
            known = list(self.reference.sources)
            self.notes.add(
                "source-unknown", line, name=name, nearest=nearest(name, known)
            )

    def _vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.reference, self.tables)

    def _decide(self, section: Section) -> None:
        name = section.title.partition(":")[2].strip()
        if len(section.tables) != 1:
            self.notes.add(
                "table-expected",
                section.line,
                columns="U · facts · **answers**",
                count=len(section.tables),
            )
            return
        source = section.tables[0]
        head = source.header[0].text
        if head not in {policy.value for policy in HitPolicy}:
            policies = " ".join(policy.value for policy in HitPolicy)
            self.notes.add("policy-unknown", source.line, head=head, policies=policies)
            return
        marks = [heading.mark for heading in source.header]
        if "bold" not in marks:
            self.notes.add("answers-lack", source.line, name=name)
            return
        columns = [self._column(each, source.line) for each in source.header[1:]]
        if any(column is None for column in columns):
            return
        rows = self._rows(section, source, columns)
        self._in_words(section, rows)
        table = Table(
            name=name,
            policy=HitPolicy(head),
            questions=tuple(
                column
                for column, mark in zip(columns, marks[1:], strict=True)
                if column and mark == "plain"
            ),
            answers=tuple(
                column
                for column, mark in zip(columns, marks[1:], strict=True)
                if column and mark == "bold"
            ),
            rows=tuple(rows),
            path=self.document.path,
            line=source.line,
        )
        if rows:
            self.tables.append(table)

    def _column(self, heading: Heading, line: int) -> Column | None:
        key = key_of(heading.text)
        if heading.mark == "italic":
            if key not in NOTES:
                self.notes.add(
                    "word-unknown",
                    line,
                    column="*…*",
                    word=heading.text,
                    words="Because, Source",
                )
                return None
            return Column(heading.text, key, Kind(Sort.TEXT))
        if heading.mark == "bold":
            return self._answer_column(heading.text, line)
        fact = self._vocabulary().get(key)
        if fact is None:
            names = [each.name for each in self._vocabulary().values()]
            self.notes.add(
                "question-unknown",
                line,
                name=heading.text,
                nearest=nearest(heading.text, names),
            )
            return None
        return Column(fact.name, key, fact.kind)

    def _answer_column(self, name: str, line: int) -> Column | None:
        answer = self.reference.answers.get(key_of(name))
        if answer is None:
            names = [each.name for each in self.reference.answers.values()]
            self.notes.add(
                "answer-undeclared", line, name=name, nearest=nearest(name, names)
            )
            return None
        kind = answer.kind
        if kind.sort is Sort.MESSAGE:
            ids = dict.fromkeys(each.id for each in self.messages)
            kind = Kind(Sort.MESSAGE, (*ids, NO_DAY))
        return Column(answer.name, key_of(name), kind)

    def _rows(
        self, section: Section, source: TableText, columns: Sequence[Column | None]
    ) -> list[Row]:
        marks = [heading.mark for heading in source.header[1:]]
        reasons = self._reasons(section, source)
        rows: list[Row] = []
        for text in source.rows:
            cells = list(zip(columns, marks, text.cells[1:], strict=True))
            conditions = [
                self._condition(cell, column, text.line)
                for column, mark, cell in cells
                if column and mark == "plain"
            ]
            outcomes = [
                self._outcome(cell, column, text.line)
                for column, mark, cell in cells
                if column and mark == "bold"
            ]
            number = text.cells[0]
            if any(row.number == number for row in rows):
                self.notes.add("row-twice", text.line, number=number)
            because, sources = reasons.get(number, ("", ()))
            if not because:
                self.notes.add("reason-lacks", text.line, number=number)
            rows.append(
                Row(
                    number,
                    text.line,
                    tuple(each for each in conditions if each),
                    tuple(each for each in outcomes if each),
                    because,
                    sources,
                )
            )
        return rows

    def _reasons(
        self, section: Section, source: TableText
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Find because and sources of each row, in the list below or in two columns."""
        keys = [key_of(heading.text) for heading in source.header]
        if "because" in keys:
            return {
                row.cells[0]: self._reason_in_columns(row, keys) for row in source.rows
            }
        numbers = {row.cells[0] for row in source.rows}
        reasons = {}
        for item in section.items:
            if str(item.number) not in numbers:
                self.notes.add("reason-extra", item.line, number=item.number)
            elif str(item.number) in reasons:
                self.notes.add("reason-twice", item.line, number=item.number)
            reasons[str(item.number)] = self._reason(item)
        return reasons

    def _reason_in_columns(
        self, row: RowText, keys: Sequence[str]
    ) -> tuple[str, tuple[str, ...]]:
        because = row.cells[keys.index("because")]
        if "source" not in keys:
            return self._reason(Item(0, because, row.line))
        sources = tuple(
            each.strip() for each in row.cells[keys.index("source")].split(",")
        )
        for each in sources:
            self._source(each, row.line)
        return because, sources

    def _reason(self, item: Item) -> tuple[str, tuple[str, ...]]:
        match = _SOURCES.search(item.text)
        if not match:
            self.notes.add("reason-source", item.line)
            return item.text, ()
        sources = tuple(each.strip() for each in match[1].split(","))
        for each in sources:
            self._source(each, item.line)
        return item.text[: match.start()].strip(), sources

    def _in_words(self, section: Section, rows: Sequence[Row]) -> None:
        if not rows:
            self.notes.add("section-empty", section.line, title=section.title)

    def _condition(self, text: str, column: Column, line: int) -> Cell | None:
        try:
            return read_cell(text, column.kind, fact=column.name, limits=self.limits)
        except BadCell as error:
            self.notes.add_cell(error, line)
            return None

    def _outcome(self, text: str, column: Column, line: int) -> Outcome | None:
        try:
            return read_outcome(
                text,
                column.kind,
                answer=column.name,
                facts=self._vocabulary(),
                limits=self.limits,
            )
        except BadCell as error:
            self.notes.add_cell(error, line)
            return None

    def _messages(self) -> Iterator[Message]:
        section = section_named(self.document, "Say")
        seen: dict[tuple[str, str], int] = {}
        for part in section.subsections if section else ():
            match = _MESSAGE.fullmatch(part.title)
            if not match:
                self.notes.add("message-heading", part.line, title=part.title)
                continue
            place = (match["id"], match["language"])
            if len(part.quotes) != 1:
                self.notes.add("message-quote", part.line, id=match["id"])
                continue
            quote = part.quotes[0]
            slots = tuple(dict.fromkeys(map(key_of, SLOT.findall(quote.text))))
            seen[place] = part.line
            yield Message(*place, quote.text, slots, quote.line)
        for (name, language), line in seen.items():
            if language != "en" and (name, "en") not in seen:
                self.notes.add("message-english", line, id=name)

    def _slots(self) -> None:
        """Every slot is a fact or an answer, and every message is sent by some row."""
        known = {**self.reference.facts, **self.reference.answers}
        names = list(known)
        for message in self.messages:
            for slot in message.slots:
                if slot not in known:
                    self.notes.add(
                        "slot-unknown",
                        message.line,
                        slot=slot,
                        id=message.id,
                        nearest=nearest(slot, names),
                    )
        sent = {
            outcome.value
            for table in self.tables
            for row in table.rows
            for outcome in row.outcomes
        }
        for message in self.messages:
            if message.id not in sent and message.language == "en":
                self.notes.add("message-unsent", message.line, id=message.id)

    def _slips(self) -> Iterator[Slip]:
        for row in self._lines("Watch out", ("Mistake", "Why it is wrong", "Row")):
            name, _, number = row["row"].rpartition(" ")
            found = self._table(name)
            if found is None or found.row(number) is None:
                self.notes.add("slip-row", row.number, text=row["row"])
                continue
            yield Slip(
                row["mistake"], row["why it is wrong"], found.name, number, row.number
            )

    def _table(self, name: str) -> Table | None:
        return next(
            (table for table in self.tables if key_of(table.name) == key_of(name)), None
        )

    def _checks(self) -> Iterator[Check]:
        checked: set[str] = set()
        for section in self._sections("Check"):
            name = section.title.partition(":")[2].strip()
            table = self._table(name)
            if table is None:
                names = [each.name for each in self.tables]
                self.notes.add(
                    "check-unknown",
                    section.line,
                    name=name,
                    nearest=nearest(name, names),
                )
                continue
            checked.add(key_of(name))
            if len(section.tables) != 1:
                self.notes.add(
                    "table-expected",
                    section.line,
                    columns="Case · On · facts · **answers**",
                    count=len(section.tables),
                )
                continue
            yield from self._check_rows(section.tables[0], table)
        for table in self.tables:
            if key_of(table.name) not in checked:
                self.notes.add("check-lacks", table.line, name=table.name)

    def _check_rows(self, source: TableText, table: Table) -> Iterator[Check]:
        heads = [key_of(heading.text) for heading in source.header]
        if heads[:2] != ["case", "on"]:
            found = " | ".join(heading.text for heading in source.header)
            self.notes.add(
                "columns-differ", source.line, columns="Case | On | …", found=found
            )
            return
        facts = self._vocabulary()
        answers = {column.key: column for column in table.answers}
        for heading in source.header[2:]:
            key = key_of(heading.text)
            if heading.mark == "bold" and key not in answers:
                self.notes.add(
                    "check-answer", source.line, name=heading.text, table=table.name
                )
                return
            if heading.mark != "bold" and key not in facts:
                self._unknown_fact(heading.text, source.line)
                return
        for row in source.rows:
            check = self._check(row, source.header, table, facts)
            if check:
                yield check

    def _check(
        self,
        row: RowText,
        header: Sequence[Heading],
        table: Table,
        facts: Vocabulary,
    ) -> Check | None:
        on = self._read_day(row.cells[1], row.line)
        known: dict[str, Value | None] = {}
        wanted: dict[str, Value | None] = {}
        asks = ""
        not_covered = False
        for heading, text in zip(header[2:], row.cells[2:], strict=True):
            key = key_of(heading.text)
            if heading.mark != "bold":
                known[key] = self._fact_value(text, facts[key], row.line)
            elif text.startswith("ask "):
                asks = key_of(text.removeprefix("ask "))
            else:
                column = next(each for each in table.answers if each.key == key)
                not_covered |= text == NOT_COVERED and not _says(table, key, text)
                wanted[key] = self._answer_value(text, column, row.line)
        if on is None:
            return None
        return Check(
            row.cells[0], table.name, on, known, wanted, asks, not_covered, row.line
        )

    def _fact_value(self, text: str, fact: Fact, line: int) -> Value | None:
        if text == UNKNOWN:
            return None
        try:
            return read_value(text, fact.kind)
        except ValueError:
            self.notes.add(
                "value-unreadable", line, text=text, fact=fact.name, kind=fact.kind
            )
            return None

    def _answer_value(self, text: str, column: Column, line: int) -> Value | None:
        if text in {NO_DAY, NOT_COVERED} and column.kind.sort is Sort.DAY:
            return text
        if text == NOT_COVERED:
            return text
        try:
            return read_value(text, column.kind)
        except ValueError:
            self.notes.add(
                "value-unreadable", line, text=text, fact=column.name, kind=column.kind
            )
            return None


def _says(table: Table, key: str, text: str) -> bool:
    """Whether some row itself answers this."""
    number = [column.key for column in table.answers].index(key)
    return any(row.outcomes[number].value == text for row in table.rows)
