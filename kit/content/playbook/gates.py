"""Parse *Only when*: the line that says to which cases a table applies.

It becomes a table of one row: ``Only when Request stage is in-time or past-due and
request open is yes.``
"""

import re
from collections.abc import Iterator

from ...errors import BadCell
from ...rules.conditions import ANY, Cell, read_cell
from ...rules.facts import Fact, Vocabulary
from ...rules.limits import Limits
from ...rules.tables import Column, HitPolicy, Row, Table
from ...rules.values import key_of, nearest
from ..markdown.documents import Passage, Section
from ..markdown.files import Notes

OPENING = "only when "
_OR = re.compile(r",? or ")


def gate_of(
    section: Section, name: str, facts: Vocabulary, limits: Limits, notes: Notes
) -> Table | None:
    """Parse the *Only when* of a section; ``None`` if there is none.

    Args:
        section: The Decide section.
        name: The name of its table.
        facts: Every fact that it can ask about, answers of earlier tables too.
        limits: The limits that it may name.
        notes: Where mistakes are collected.
    """
    lines = [each for each in section.paragraphs if opens_gate(each)]
    if not lines:
        return None
    for each in lines[1:]:
        notes.add("only-when-twice", each.line, name=name)
    line = lines[0]
    asked = list(_clauses(line, facts, limits, notes))
    return Table(
        name=name,
        policy=HitPolicy.COLLECT,
        inputs=tuple(column for column, _ in asked),
        answers=(),
        rows=(Row("1", line.line, tuple(cell for _, cell in asked), ()),),
        path=notes.shown,
        line=line.line,
    )


def words_of_gate(gate: Table) -> str:
    """Format an *Only when* as its author wrote it: ``Request stage is in-time``."""
    cells = zip(gate.inputs, gate.rows[0].conditions, strict=True)
    return " and ".join(f"{column.name} is {cell.text}" for column, cell in cells)


def opens_gate(passage: Passage) -> bool:
    """Tell whether a paragraph is an *Only when*."""
    return " ".join(passage.text.split()).casefold().startswith(OPENING)


def _clauses(
    line: Passage, facts: Vocabulary, limits: Limits, notes: Notes
) -> Iterator[tuple[Column, Cell]]:
    """Parse each ``<question> is <cell>``."""
    text = " ".join(line.text.split())[len(OPENING) :]
    if not text.endswith("."):
        notes.add("only-when", line.line, text=text)
        return
    seen: set[str] = set()
    for clause in _parted(text.removesuffix("."), facts):
        name, found, words = clause.partition(" is ")
        fact = facts.get(key_of(name))
        if not found or not words.strip():
            notes.add("only-when", line.line, text=clause)
        elif fact is None:
            names = [each.name for each in facts.values()]
            near = nearest(name, names)
            notes.add("question-unknown", line.line, name=name, nearest=near)
        elif fact.key in seen:
            notes.add("column-twice", line.line, column=fact.name)
        else:
            seen.add(fact.key)
            yield (
                Column(fact.name, fact.key, fact.kind),
                _cell(words, fact, limits, line, notes),
            )


def _parted(text: str, facts: Vocabulary) -> list[str]:
    """Split at each " and " that is followed by a question."""
    parts: list[str] = []
    for piece in text.split(" and "):
        name = piece.partition(" is ")[0]
        if parts and key_of(name) not in facts and " is " not in piece:
            parts[-1] += f" and {piece}"
        else:
            parts.append(piece)
    return parts


def _cell(words: str, fact: Fact, limits: Limits, line: Passage, notes: Notes) -> Cell:
    """Read a cell in which a list may be said with *or*."""
    text = words.strip()
    try:
        cell = read_cell(_OR.sub(", ", text), fact.kind, fact=fact.name, limits=limits)
    except BadCell as error:
        notes.add_cell(error, line.line)
        return ANY
    return Cell(text, cell.negated, cell.intervals)


def listed(cell: Cell) -> str:
    """Convert a cell of *Only when* to the form with commas of table cells."""
    return _OR.sub(", ", cell.text)
