"""Read a Check section: test cases of a page with their expected results."""

from collections.abc import Iterator, Mapping, Sequence

from ...rules.decisions import Answer
from ...rules.facts import Vocabulary
from ...rules.outcomes import NO_DAY, NOT_COVERED, can_be
from ...rules.tables import Column, HitPolicy, Table
from ...rules.values import Kind, Sort, Value, bounds_of, key_of, nearest, read_value
from ..markdown.documents import Heading, RowText, Section
from ..markdown.files import Notes
from ..markdown.lookups import day_at, fact_at, fact_value_at
from ..playbook.playbook import Check

ASK = "ask "
SEPARATOR = ";"
"""Separates the values of several rows."""

NOTHING = "nothing"
"""What an author writes if a table that collects must find no row."""

COUNTED = Kind(Sort.WHOLE)
"""What a table answers that counts its rows."""
SILENT = "silent"


def checks_in(
    section: Section, table: Table, facts: Vocabulary, notes: Notes
) -> Iterator[Check]:
    """Read the rows of a Check section.

    Args:
        section: The section.
        table: The table that it checks.
        facts: Every fact that a column can be.
        notes: Where mistakes are collected.
    """
    if len(section.tables) != 1:
        notes.add(
            "table-expected",
            section.line,
            columns="Case · On · facts · **answers**",
            count=len(section.tables),
        )
        return
    source = section.tables[0]
    reader = _Reader(table, facts, notes)
    if reader.understands(source.header, section, source.line):
        for row in source.rows:
            check = reader.check(row, source.header)
            if check:
                yield check


class _Reader:
    """The state of reading the checks of one table."""

    def __init__(self, table: Table, facts: Vocabulary, notes: Notes) -> None:
        self.table, self.facts, self.notes = table, facts, notes
        self.answers: Mapping[str, Column] = {each.key: each for each in table.answers}

    def understands(
        self, header: Sequence[Heading], section: Section, line: int
    ) -> bool:
        """Whether every column is known; what is not is noted."""
        if [key_of(heading.text) for heading in header[:2]] != ["case", "on"]:
            found = " | ".join(heading.text for heading in header)
            self.notes.add("columns-differ", line, columns="Case | On | …", found=found)
            return False
        if all(heading.mark != "bold" for heading in header):
            self.notes.add("answers-lack", line, name=section.title)
            return False
        unknown = [each for each in header[2:] if not self._knows(each, line)]
        return not unknown

    def _knows(self, heading: Heading, line: int) -> bool:
        if heading.mark != "bold":
            return fact_at(heading.text, line, self.facts, self.notes) is not None
        if key_of(heading.text) in self.answers:
            return True
        self.notes.add("check-answer", line, name=heading.text, table=self.table.name)
        return False

    def check(self, row: RowText, header: Sequence[Heading]) -> Check | None:
        on = day_at(row.cells[1], row.line, self.notes)
        known: dict[str, Value | None] = {}
        wanted: dict[str, Answer] = {}
        asks = ""
        not_covered = is_silent = False
        for heading, text in zip(header[2:], row.cells[2:], strict=True):
            key = key_of(heading.text)
            if heading.mark != "bold":
                known[key] = fact_value_at(text, row.line, self.facts[key], self.notes)
            elif text == SILENT and not self._says(key, text):
                is_silent = True
            elif text.startswith(ASK):
                asks = self._asks(text.removeprefix(ASK), row.line)
            else:
                not_covered |= text == NOT_COVERED and not self._says(key, text)
                wanted[key] = self._collected(text, self.answers[key], row.line)
        if on is None:
            return None
        return Check(
            title=row.cells[0],
            table=self.table.name,
            on=on,
            facts=known,
            answers=wanted,
            asks=asks,
            not_covered=not_covered,
            line=row.line,
            is_silent=is_silent,
        )

    def _asks(self, name: str, line: int) -> str:
        fact = fact_at(name, line, self.facts, self.notes)
        return fact.key if fact else ""

    def _collected(self, text: str, column: Column, line: int) -> Answer:
        """Read what must come out: of a table that lists, every value, in its order."""
        policy = self.table.policy
        if policy.is_single or text == NOT_COVERED:
            return self._wanted(text, column, line)
        if policy is HitPolicy.COUNT:
            return self._wanted(text, Column(column.name, column.key, COUNTED), line)
        if text == NOTHING:
            return ()
        if not policy.is_list:
            return self._wanted(text, column, line)
        parts = [each.strip() for each in text.split(SEPARATOR)]
        return tuple([self._wanted(each, column, line) for each in parts])

    def _wanted(self, text: str, column: Column, line: int) -> Value | None:
        is_day = column.kind.sort is Sort.DAY
        if text == NOT_COVERED or (text == NO_DAY and is_day):
            return text
        try:
            return read_value(text, column.kind)
        except ValueError:
            self.notes.add(
                "answer-unknown",
                line,
                word=text,
                answer=column.name,
                kind=can_be(column.kind),
                nearest=nearest(text, column.kind.words) or bounds_of(text),
            )
            return None

    def _says(self, key: str, text: str) -> bool:
        """Whether some row itself answers this."""
        number = list(self.answers).index(key)
        return any(row.outcomes[number].value == text for row in self.table.rows)
