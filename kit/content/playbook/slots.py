"""Fill limits into prose, and find names that are no limit.

A limit stands there in braces, such as ``{answer time}`` in a lesson or a brief.

No number of a policy is written into prose, where it would be forgotten when it
changes. A sentence names the limit, and the value is filled in when it is shown: that
of the case if there is one, or else that of a day at every marketplace.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ...catalogue import say
from ...errors import Mistake, NotCovered
from ...rules.calendars import Marketplace
from ...rules.limits import SLOT, Limits, fill_limits
from ...rules.values import key_of, nearest
from ..markdown.documents import Document, Section
from ..markdown.files import Notes
from ..reference.messages import CODE

PROSE = ("use_when", "ask", "limits", "decide", "watch_out")
"""Keys of the sections of a page in which prose can name a limit."""


def limits_everywhere(
    text: str, limits: Limits, marketplaces: Mapping[str, Marketplace], on: date
) -> str:
    """Fill a text with the values of a day; where they differ, for each marketplace.

    Args:
        text: Prose with the names of limits in braces.
        limits: The limits that can be named.
        marketplaces: Every marketplace by its id.
        on: The day.
    """

    def value(name: str) -> str:
        places: dict[str, list[str]] = {}
        for place in marketplaces.values():
            try:
                found = str(limits.in_force(name, place, on).value)
            except NotCovered:
                continue
            places.setdefault(found, []).append(place.name)
        if len(places) < 2:  # noqa: PLR2004 (it is the same everywhere)
            return next(iter(places), name)
        each = [
            say("lab.playbooks.value-at", value=value, places=", ".join(names))
            for value, names in places.items()
        ]
        return ", ".join(each)

    parts = CODE.split(text)
    return "".join(
        each if place % 2 else fill_limits(each, limits, value)
        for place, each in enumerate(parts)
    )


def note_prose(document: Document, limits: Limits, notes: Notes) -> None:
    """Note the slots in the prose of a page that name no limit."""
    for section in document.sections:
        if key_of(section.title.partition(":")[0]) in PROSE:
            for text, line in _prose(section):
                for number, each in enumerate(text.split("\n")):
                    _note_unknown(each, line + number, limits, notes)


def lesson_mistakes(path: Path, shown: Path, limits: Limits) -> Iterator[Mistake]:
    """Find the slots in a lesson or a brief that name no limit.

    Args:
        path: A notebook, of which the texts are read, or a Markdown file.
        shown: The path as mistakes print it.
        limits: Every limit of the folder.
    """
    notes = Notes(shown)
    for number, line in _lines(path):
        _note_unknown(line, number, limits, notes)
    yield from notes.mistakes


def slots_in(path: Path) -> set[str]:
    """The keys of all that a lesson or a brief names in braces."""
    found = (name for _, line in _lines(path) for name in SLOT.findall(line))
    return set(map(key_of, found))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of prose of a lesson or a brief, each with its number."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    lines = source.split("\n")
    if path.suffix == ".ipynb":
        yield from enumerate(_lines_of_cells(source, lines), start=1)
        return
    is_front = lines[0].rstrip() == "---"
    for number, line in enumerate(lines, start=1):
        if is_front:
            is_front = number == 1 or line.rstrip() != "---"
            continue
        yield number, line


def _lines_of_cells(source: str, lines: Sequence[str]) -> list[str]:
    """Keep the lines of text cells of a notebook's file, and empty the others."""
    try:
        cells = json.loads(source)["cells"]
        texts = {
            json.dumps(line, ensure_ascii=False)[1:-1]
            for cell in cells
            if cell["cell_type"] == "markdown"
            for line in "".join(cell["source"]).splitlines(keepends=True)
        }
    except (ValueError, LookupError, TypeError):
        return [""]
    return [line if line.strip().strip(',"') in texts else "" for line in lines]


def _prose(section: Section) -> Iterator[tuple[str, int]]:
    yield from ((each.text, each.line) for each in section.paragraphs)
    yield from ((each.text, each.line) for each in section.items)
    for table in section.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell, row.line


def _note_unknown(text: str, line: int, limits: Limits, notes: Notes) -> None:
    for name in SLOT.findall(CODE.sub("", text)):
        if not limits.all_of(name):
            close = nearest(name, limits.names)
            notes.add("prose-slot", line, name=name, nearest=close)
