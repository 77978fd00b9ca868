"""Read a Decide section: a decision table and the reason of each row."""

import re
from collections.abc import Sequence

from ...errors import BadCell
from ...rules.conditions import ANY, Cell, read_cell
from ...rules.facts import Vocabulary
from ...rules.limits import Limits
from ...rules.outcomes import NO_DAY, Outcome, read_outcome
from ...rules.tables import Column, HitPolicy, Row, Table
from ...rules.values import Kind, Sort, key_of, nearest
from ..markdown.documents import Heading, Item, RowText, Section, TableText
from ..markdown.files import Notes
from ..markdown.lookups import source_at
from ..playbook.gates import gate_of
from ..playbook.playbook import vocabulary_of
from ..reference.reference import Reference

NOTES = ("because", "source")

Reason = tuple[str, tuple[str, ...]]
"""A because, and the ids of its sources."""

_SOURCES = re.compile(r"\s*\[([^\[\]]+)\]\s*$")


class DecideReader:
    """Reads the decision tables of one page, in their order."""

    def __init__(
        self,
        reference: Reference,
        limits: Limits,
        messages: Sequence[str],
        notes: Notes,
    ) -> None:
        """Store what the tables may name; ``messages`` are ids of the Say section."""
        self.reference = reference
        self.limits = limits
        self.messages = Kind(Sort.MESSAGE, (*dict.fromkeys(messages), NO_DAY))
        self.notes = notes
        self.tables: list[Table] = []
        self._unread = False

    @property
    def vocabulary(self) -> Vocabulary:
        """Every fact that the next table can ask about."""
        return vocabulary_of(self.reference, self.tables)

    def read(self, section: Section, name: str) -> None:
        """Read the table of a section and append it; nothing if it cannot be parsed."""
        read = len(self.tables)
        self._read(section, name)
        if len(self.tables) == read:
            self._unread = True

    def _read(self, section: Section, name: str) -> None:
        source = self._source(section)
        if source is None:
            return
        marks = [heading.mark for heading in source.header]
        if "bold" not in marks:
            self.notes.add("answers-lack", source.line, name=name)
            return
        facts = self.vocabulary
        columns = [
            self._column(heading, source.line, facts) for heading in source.header[1:]
        ]
        found = [column for column in columns if column]
        if len(found) < len(columns):
            return
        rows = self._rows(section, source, found, facts)
        if not rows:
            self.notes.add("section-empty", section.line, title=section.title)
            return
        by_mark = list(zip(found, marks[1:], strict=True))
        table = Table(
            name=name,
            policy=HitPolicy(source.header[0].text),
            inputs=tuple(column for column, mark in by_mark if mark == "plain"),
            answers=tuple(column for column, mark in by_mark if mark == "bold"),
            rows=tuple(rows),
            path=self.notes.shown,
            line=source.line,
            only_when=gate_of(section, name, facts, self.limits, self.notes),
        )
        self.tables.append(table)

    def _source(self, section: Section) -> TableText | None:
        """The one table of a section, with a known hit policy."""
        if len(section.tables) != 1:
            self.notes.add(
                "table-expected",
                section.line,
                columns="U · facts · **answers**",
                count=len(section.tables),
            )
            return None
        source = section.tables[0]
        head = source.header[0].text
        if head not in {policy.value for policy in HitPolicy}:
            policies = " ".join(policy.value for policy in HitPolicy)
            self.notes.add("policy-unknown", source.line, head=head, policies=policies)
            return None
        return source

    def _column(self, heading: Heading, line: int, facts: Vocabulary) -> Column | None:
        key = key_of(heading.text)
        if heading.mark == "bold":
            return self._answer_column(heading.text, line)
        if heading.mark == "italic":
            if key in NOTES:
                return Column(heading.text, key, Kind(Sort.TEXT))
            self.notes.add(
                "word-unknown",
                line,
                column="an italic heading",
                word=heading.text,
                words="Because, Source",
            )
            return None
        if key in facts:
            return Column(facts[key].name, key, facts[key].kind)
        if self._unread and key in self.reference.answers:
            return None  # An earlier table answers it; that one has the mistake.
        names = [each.name for each in facts.values()]
        self.notes.add(
            "question-unknown",
            line,
            name=heading.text,
            nearest=nearest(heading.text, names),
        )
        return None

    def _answer_column(self, name: str, line: int) -> Column | None:
        answer = self.reference.answers.get(key_of(name))
        if answer is None:
            names = [each.name for each in self.reference.answers.values()]
            self.notes.add(
                "answer-undeclared", line, name=name, nearest=nearest(name, names)
            )
            return None
        kind = self.messages if answer.kind.sort is Sort.MESSAGE else answer.kind
        return Column(answer.name, key_of(name), kind)

    def _rows(
        self,
        section: Section,
        source: TableText,
        columns: Sequence[Column],
        facts: Vocabulary,
    ) -> list[Row]:
        marks = [heading.mark for heading in source.header[1:]]
        reasons = self._reasons(section, source)
        rows: list[Row] = []
        for text in source.rows:
            cells = list(zip(columns, marks, text.cells[1:], strict=True))
            conditions = [
                self._condition(cell, column, text.line)
                for column, mark, cell in cells
                if mark == "plain"
            ]
            outcomes = [
                self._outcome(cell, column, text.line, facts)
                for column, mark, cell in cells
                if mark == "bold"
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
                    tuple(conditions),
                    tuple(outcomes),
                    because,
                    sources,
                )
            )
        return rows

    def _condition(self, text: str, column: Column, line: int) -> Cell:
        try:
            return read_cell(text, column.kind, fact=column.name, limits=self.limits)
        except BadCell as error:
            self.notes.add_cell(error, line)
            return ANY

    def _outcome(
        self, text: str, column: Column, line: int, facts: Vocabulary
    ) -> Outcome:
        try:
            return read_outcome(
                text, column.kind, answer=column.name, facts=facts, limits=self.limits
            )
        except BadCell as error:
            self.notes.add_cell(error, line)
            return Outcome(text, text)

    def _reasons(self, section: Section, source: TableText) -> dict[str, Reason]:
        """Find because and sources of each row, in the list below or in two columns."""
        keys = [key_of(heading.text) for heading in source.header]
        if "because" in keys:
            return {
                row.cells[0]: self._reason_in_columns(row, keys) for row in source.rows
            }
        numbers = {row.cells[0] for row in source.rows}
        reasons: dict[str, Reason] = {}
        for item in section.items:
            if str(item.number) not in numbers:
                self.notes.add("reason-extra", item.line, number=item.number)
            elif str(item.number) in reasons:
                self.notes.add("reason-twice", item.line, number=item.number)
            reasons[str(item.number)] = self._reason(item)
        return reasons

    def _reason_in_columns(self, row: RowText, keys: Sequence[str]) -> Reason:
        because = row.cells[keys.index("because")]
        if "source" not in keys:
            return self._reason(Item(0, because, row.line))
        return because, self._sources(row.cells[keys.index("source")], row.line)

    def _reason(self, item: Item) -> Reason:
        match = _SOURCES.search(item.text)
        if not match:
            self.notes.add("reason-source", item.line)
            return item.text, ()
        because = item.text[: match.start()].strip()
        return because, self._sources(match[1], item.line)

    def _sources(self, text: str, line: int) -> tuple[str, ...]:
        return tuple(
            source_at(name.strip(), line, self.reference.sources, self.notes)
            for name in text.split(",")
        )
