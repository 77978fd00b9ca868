"""Parse Markdown files strictly: what Markdown would silently repair is a mistake.

A document is a tree of headings with paragraphs, quotations, tables and numbered
lists, each with its line. Markdown pads a short row, cuts a long one and drops a
table when one bar is missing; here each of these is a mistake with its line and its
fix. This module knows neither what a playbook is nor what a cell means.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ...errors import Mistake
from .files import MOST_BYTES, Notes, read_text
from .table_syntax import mark_tables
from .table_text import (
    Heading,
    RowText,
    TableText,
    has_bar,
    note_lost_table,
    note_misleading,
    plain_name,
    read_table,
)
from .yamls import Places, Yaml, parse_names, read_yaml

__all__ = [
    "Document",
    "Front",
    "Heading",
    "Item",
    "Passage",
    "RowText",
    "Section",
    "TableText",
    "Yaml",
    "parse_document",
    "read_document",
    "read_yaml",
]

Front: TypeAlias = Literal["required", "none"]

DEEPEST_HEADING = 3

_QUOTE_MARK = re.compile(r"^ {0,3}> ?")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or a quotation."""

    text: str
    """The source, its line breaks kept, without the ``>`` marks of a quotation."""

    line: int
    """The line of the file on which it starts, counted from 1."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a numbered list."""

    number: int
    """The number as the author wrote it, which Markdown itself would ignore."""

    text: str
    """The source, its wrapped lines joined by a space."""

    line: int
    """The line of the file on which it starts, counted from 1."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it, up to the next one of its level."""

    title: str
    """The words of the heading."""

    line: int
    """The line of the heading, counted from 1."""

    level: int
    """2 for a section, 3 for a subsection."""

    paragraphs: tuple[Passage, ...]
    """Its paragraphs."""

    quotes: tuple[Passage, ...]
    """Its quotations."""

    tables: tuple[TableText, ...]
    """Its tables."""

    items: tuple[Item, ...]
    """The items of its numbered lists."""

    subsections: tuple["Section", ...]
    """The sections of the next level."""


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file."""

    path: Path
    """The path for messages."""

    text: str
    """The whole source, without byte order mark and with plain line ends."""

    digest: str
    """SHA-256 of ``text``, the same on every system."""

    front: Mapping[str, Yaml]
    """The front matter (the lines between ``---`` at the top), by name."""

    front_lines: Mapping[str, int]
    """The line of each name of ``front``, counted from 1."""

    title: str
    """The heading of level 1; empty where there is none."""

    tables: tuple[TableText, ...]
    """The tables above the first section."""

    sections: tuple[Section, ...]
    """The headings of level 2, in their order."""

    front_places: Places = field(default_factory=dict)
    """The line of every value of ``front``, by the names that lead to it."""


def read_document(
    path: Path, shown: Path, *, front: Front = "required", most: int = MOST_BYTES
) -> tuple[Document | None, list[Mistake]]:
    """Read a Markdown file.

    Args:
        path: Where the file is.
        shown: The path for messages.
        front: Whether the file must open with front matter or must not.
        most: The largest size in bytes.

    Returns:
        The document, or ``None`` if the file is not text, and all mistakes. With
        mistakes the document has what could be read without guessing.
    """
    notes = Notes(shown)
    text = read_text(path, notes, most=most)
    if text is None:
        return None, notes.mistakes
    return parse_document(text, shown, front=front)


def parse_document(
    text: str, shown: Path, *, front: Front = "required"
) -> tuple[Document, list[Mistake]]:
    """Parse the text of a Markdown file.

    The arguments and results are those of ``read_document``.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    notes = Notes(shown)

    end = _end_of_front(lines, front, notes)
    values, places = _front(lines[:end], notes)
    body = _Body([""] * end + lines[end:], notes)
    body.read()
    note_misleading(lines, notes)

    document = Document(
        path=shown,
        text=text,
        digest=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        front=values,
        front_lines={name: places[name,] for name in values},
        front_places=places,
        title=body.root.title,
        tables=tuple(body.root.tables),
        sections=body.root.freeze().subsections,
    )
    return document, notes.mistakes


def _end_of_front(lines: Sequence[str], front: Front, notes: Notes) -> int:
    """How many lines the front matter takes, both its ``---`` included."""
    if lines[0].rstrip() != "---":
        if front == "required":
            notes.add("front-missing", 1)
        return 0
    if front == "none":
        notes.add("front-unwanted", 1)
    for index, line in enumerate(lines[1:], start=2):
        if line.rstrip() == "---":
            return index
    notes.add("front-open", 1)
    return 1


def _front(lines: Sequence[str], notes: Notes) -> tuple[dict[str, Yaml], Places]:
    if not lines[1:]:
        return {}, {}
    return parse_names("\n".join(lines[1:-1]), 2, notes)


@dataclass(slots=True)
class _Draft:
    """A section while it is being filled."""

    title: str = ""
    line: int = 0
    level: int = 1
    paragraphs: list[Passage] = field(default_factory=list)
    quotes: list[Passage] = field(default_factory=list)
    tables: list[TableText] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    subsections: list["_Draft"] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)

    def freeze(self) -> Section:
        return Section(
            title=self.title,
            line=self.line,
            level=self.level,
            paragraphs=tuple(self.paragraphs),
            quotes=tuple(self.quotes),
            tables=tuple(self.tables),
            items=tuple(self.items),
            subsections=tuple(each.freeze() for each in self.subsections),
        )


class _Body:
    """The part of a file below its front matter."""

    def __init__(self, lines: Sequence[str], notes: Notes) -> None:
        self.root = _Draft()
        self._here = self.root
        self._lines = lines
        self._notes = notes
        self._prose: set[int] = set()
        self._settled: set[int] = set()
        self._suspect: set[int] = set()

    def read(self) -> None:
        tokens = _markdown().parse("\n".join(self._lines))
        outer = ""
        for token, after in pairwise([*tokens, Token("end", "", 0)]):
            if token.level == 0:
                outer = token.type
                self._block(token, after.content)
            elif token.level == 1 and outer == "ordered_list_open":
                self._item(token)
            self._settle(token)
        for start, end in _runs(self._stray()):
            note_lost_table(self._lines, start, end, self._notes)

    def _settle(self, token: Token) -> None:
        """Refuse what a page must not hold, and remember what needs no second look."""
        if token.map is None or token.type not in ("fence", "html_block", "table"):
            return
        start, end = token.map
        self._settled |= set(range(start, end))
        if token.type == "html_block":
            self._notes.add("html", start + 1)
        elif token.type == "table" and token.level > 0:
            self._notes.add("table-nested", start + 1)

    def _stray(self) -> Iterator[int]:
        """Find lines that look like a part of a table, but are in none."""
        for index, line in enumerate(self._lines):
            if index in self._settled:
                continue
            is_prose = index in self._prose and has_bar(line)
            if is_prose or index in self._suspect or line.lstrip().startswith("|"):
                yield index

    def _block(self, token: Token, content: str) -> None:
        """Add a block of the top level."""
        if token.map is None:
            return
        start, end = token.map
        if token.type == "heading_open":
            self._heading(token, content.strip(), start + 1)
        elif token.type == "paragraph_open":
            self._prose |= set(range(start, end))
            self._here.paragraphs.append(self._passage(start, end))
        elif token.type == "blockquote_open":
            self._here.quotes.append(self._passage(start, end))
        elif token.type == "table":
            table = read_table(self._lines, start, end, self._notes)
            self._here.tables.append(table)

    def _passage(self, start: int, end: int) -> Passage:
        lines = [_QUOTE_MARK.sub("", each).rstrip() for each in self._lines[start:end]]
        return Passage("\n".join(lines).strip(), start + 1)

    def _item(self, token: Token) -> None:
        if token.map is None:
            return
        start, end = token.map
        number, words = self._lines[start].split(token.markup, 1)
        others = [each.strip() for each in self._lines[start + 1 : end]]
        text = " ".join(each for each in (words.strip(), *others) if each)
        self._here.items.append(Item(int(number), text, start + 1))

    def _heading(self, token: Token, title: str, line: int) -> None:
        level = int(token.tag.removeprefix("h"))
        if not token.markup.startswith("#"):
            self._underlined(title, line)
        elif level > DEEPEST_HEADING:
            self._notes.add("heading-deep", line, title=title)
        elif level == 1:
            self._title(title, line)
        else:
            self._section(_Draft(title, line, level))

    def _underlined(self, title: str, line: int) -> None:
        """Refuse a heading with a line under it: often it was meant as a table."""
        last = title.rpartition("\n")[2]
        if has_bar(last):
            under = line + title.count("\n")
            self._suspect |= {under - 1, under}
        else:
            self._notes.add("heading-underlined", line, title=last)

    def _title(self, title: str, line: int) -> None:
        if self.root.line:
            self._notes.add("heading-second-title", line, first=self.root.line)
        else:
            self.root.title, self.root.line = title, line

    def _section(self, draft: _Draft) -> None:
        parent = self.root
        if draft.level == DEEPEST_HEADING:
            if not parent.subsections:
                self._notes.add("heading-alone", draft.line, title=draft.title)
                return
            parent = parent.subsections[-1]
        first = parent.titles.setdefault(plain_name(draft.title), draft.line)
        if first != draft.line:
            self._notes.add("heading-twice", draft.line, title=draft.title, first=first)
        parent.subsections.append(draft)
        self._here = draft


@cache
def _markdown() -> MarkdownIt:
    """The parser; its inline rule is off, since words are wanted as written."""
    return mark_tables(MarkdownIt("commonmark").disable("inline"))


def _runs(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Join neighbouring indexes; the end of each run is one past its last."""
    start = end = -1
    for index in indexes:
        if index != end:
            if start >= 0:
                yield start, end
            start = index
        end = index + 1
    if start >= 0:
        yield start, end
