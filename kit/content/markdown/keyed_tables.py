"""Read tables with a fixed set of columns, as on reference pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...rules.values import key_of
from .documents import Document, Section, TableText
from .files import Notes


@dataclass(frozen=True, slots=True)
class Line:
    """One row of such a table."""

    number: int
    """The line of the file, counted from 1."""

    cells: Mapping[str, str]
    """The source of each cell by the key of its column."""

    def __getitem__(self, name: str) -> str:
        return self.cells[key_of(name)]


def lines_of(
    tables: Sequence[TableText], columns: Sequence[str], *, at: int, notes: Notes
) -> Iterator[Line]:
    """Read the one table of a section, if it has exactly the given columns.

    Args:
        tables: The tables of the section.
        columns: The names of the columns, in their order.
        at: The line for the mistake if there is no table.
        notes: Where mistakes are collected.

    Returns:
        Its rows; empty if the table is missing or has other columns.
    """
    if len(tables) != 1:
        notes.add("table-expected", at, columns=" · ".join(columns), count=len(tables))
        return
    table = tables[0]
    found = [key_of(heading.text) for heading in table.header]
    if found != [key_of(name) for name in columns]:
        notes.add(
            "columns-differ",
            table.line,
            columns=" | ".join(columns),
            found=" | ".join(heading.text for heading in table.header),
        )
        return
    for row in table.rows:
        yield Line(row.line, dict(zip(found, row.cells, strict=True)))


def is_as_wide(tables: Sequence[TableText], columns: Sequence[str]) -> bool:
    """Tell whether there is one table with as many columns as these."""
    return [len(table.header) for table in tables] == [len(columns)]


def section_named(document: Document, title: str) -> Section | None:
    """Find the section of a title; names are compared as authors compare them."""
    for section in document.sections:
        if key_of(section.title) == key_of(title):
            return section
    return None
