r"""Read the source lines of one table.

Markdown pads a row that is too short, drops the last cells of one that is too long,
and takes text right below a table as a row. So the bars are counted here, line by
line; ``\|`` is not a bar.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from ...rules.tables import HitPolicy
from .files import Notes

Mark: TypeAlias = Literal["plain", "bold", "italic"]

LETTERS = {policy.value for policy in HitPolicy}
"""The hit policies that the first column header of a decision table can be."""

_BAR = re.compile(r"(?<!\\)\|")
_CODE_SPAN = re.compile(r"`[^`]*`")
_WHOLE_CODE = re.compile(r"`([^`]+)`")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
# Word processors turn two hyphens into a dash; the author still means a rule line.
_MEANT_AS_RULE = re.compile(r"[\s|:–—-]*[–—-][\s|:–—-]*")
_MARKED: tuple[tuple[Mark, re.Pattern[str]], ...] = (
    ("bold", re.compile(r"(\*\*|__)(?![*_\s])(.+?)(?<![*_\s])\1")),
    ("italic", re.compile(r"(\*|_)(?![*_\s])(.+?)(?<![*_\s])\1")),
)
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Controls, halves of characters, and what lets a line read otherwise than it is.
_MISLEADING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One cell of a table's header."""

    text: str
    """The name of the column, without its asterisks."""

    mark: Mark
    """Whether the name is written ``plain``, ``**bold**`` or ``*italic*``."""


@dataclass(frozen=True, slots=True)
class RowText:
    """One row of a table, as text."""

    line: int
    """The line of the file, counted from 1."""

    cells: tuple[str, ...]
    """The source of each cell, as many as the header has, none of them empty."""


@dataclass(frozen=True, slots=True)
class TableText:
    """One table, as text."""

    line: int
    """The line of its header, counted from 1."""

    header: tuple[Heading, ...]
    """The columns, from the left."""

    rows: tuple[RowText, ...]
    """The rows without a mistake, from the top."""


def read_table(lines: Sequence[str], start: int, end: int, notes: Notes) -> TableText:
    """Read one table and note its mistakes.

    Args:
        lines: The whole file.
        start: The index of the header in ``lines``.
        end: One past the index of the last row.
        notes: Where mistakes go.

    Returns:
        The table with its good rows: each has as many cells as the header.
    """
    if start > 0 and lines[start - 1].strip():
        notes.add("table-not-apart", start + 1)
    below = lines[end].strip() if end < len(lines) else ""
    if below and not below.startswith("|"):
        notes.add("table-text-below", end + 1)
    if end == start + 2:
        notes.add("table-no-rows", start + 1)
    for index in (start, start + 1):
        _has_hidden(lines[index], index + 1, notes)

    header = tuple(_heading(each) for each in cells_of(lines[start]))
    _check_header(header, start + 1, notes)
    read = [_row(lines[at], at + 1, header, notes) for at in range(start + 2, end)]
    return TableText(start + 1, header, tuple(row for row in read if row))


def cells_of(source: str) -> tuple[str, ...]:
    """Split a line at its bars and clean each cell."""
    cells = _BAR.split(source.strip())
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return tuple(_cell(each) for each in cells)


def has_bar(source: str) -> bool:
    """Whether a line has a bar, one inside backticks not counted."""
    return _BAR.search(_CODE_SPAN.sub("", source)) is not None


def note_lost_table(lines: Sequence[str], start: int, end: int, notes: Notes) -> None:
    """Explain why lines with bars are not a table in Markdown.

    Args:
        lines: The whole file.
        start: The index of the first line with a bar.
        end: One past the index of the last.
        notes: Where the mistake is collected.
    """
    for header, rule in pairwise(range(start, end)):
        if _MEANT_AS_RULE.fullmatch(lines[rule]):
            _note_rule(lines[header], lines[rule], rule + 1, notes)
            return
    notes.add("bar-alone", start + 1)


def note_misleading(lines: Sequence[str], notes: Notes) -> None:
    """Note every line with invisible or misleading characters, once for each line."""
    told = {each.line for each in notes.mistakes}
    for line, source in enumerate(lines, start=1):
        found = _MISLEADING.search(source)
        if found and line not in told:
            notes.add("line-hidden", line, **_named(found[0]))


def _note_rule(header: str, rule: str, line: int, notes: Notes) -> None:
    """Explain why this rule line, on line ``line``, makes no table."""
    wanted, found = len(cells_of(header)), len(cells_of(rule))
    if wanted == found and _RULE.fullmatch(rule.strip()):
        notes.add("table-not-apart", line - 1)
        return
    pattern = "|" + " --- |" * wanted
    notes.add("table-rule", line, found=found, wanted=wanted, pattern=pattern)


def _row(
    source: str, line: int, header: Sequence[Heading], notes: Notes
) -> RowText | None:
    if not _BAR.search(source):
        notes.add("table-text-below", line)
        return None
    if _has_hidden(source, line, notes):
        return None
    cells = cells_of(source)
    if len(cells) != len(header):
        notes.add("row-length", line, found=len(cells), wanted=len(header))
        return None
    empty = [each.text for each, cell in zip(header, cells, strict=True) if not cell]
    for column in empty:
        notes.add("cell-empty", line, column=column)
    return None if empty else RowText(line, cells)


def _check_header(header: Sequence[Heading], line: int, notes: Notes) -> None:
    seen: set[str] = set()
    for position, heading in enumerate(header, start=1):
        name = plain_name(heading.text)
        if not name:
            notes.add("column-no-name", line, position=position)
        elif name in seen:
            notes.add("column-twice", line, column=heading.text)
        if position > 1 or heading.text not in LETTERS:
            seen.add(name)


def _has_hidden(source: str, line: int, notes: Notes) -> bool:
    """Note the first invisible character of a line."""
    if source.isprintable():
        return False
    for char in source:
        if unicodedata.category(char) in _HIDDEN:
            notes.add("table-hidden", line, **_named(char))
            return True
    return False


def _named(char: str) -> dict[str, str]:
    name = unicodedata.name(char, "TAB" if char == "\t" else "CONTROL")
    return {"name": name, "code": f"U+{ord(char):04X}"}


def _cell(source: str) -> str:
    straight = source if source.isascii() else source.translate(_STRAIGHT)
    text = " ".join(straight.replace("\\|", "|").split())
    code = _WHOLE_CODE.fullmatch(text)
    return code[1].strip() if code else text


def _heading(cell: str) -> Heading:
    for mark, pattern in _MARKED:
        marked = pattern.fullmatch(cell)
        if marked:
            return Heading(_cell(marked[2]), mark)
    return Heading(cell, "plain")


def plain_name(name: str) -> str:
    """Normalise a name: case, and spaces, hyphens and underscores, do not count."""
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
