"""Read the Talk section of a page: a table, with its words in it or in a list."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ...rules.limits import Limits
from ...rules.values import Duration, key_of, nearest, read_duration
from ..markdown.documents import Item, Section
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of
from ..playbook.talk import ANY_MOVE, Move, Talk, TalkLine
from ..reference.messages import ENGLISH
from ..reference.moods import End, Mood
from ..reference.reference import Reference
from .messages_sent import SLOT

NOW = "now"
UNITS = ("days", "business days")
NUMBER, SAYS = "Line", "Buyer says"
WITH_WORDS = ("State", "Agent's move", SAYS, "After", "Next state")
WITH_LIST = (NUMBER, "State", "Agent's move", "After", "Next state")
MOVES = (*(move.value for move in Move), ANY_MOVE)

_LANGUAGE = re.compile(r"[a-z]{2}")


def talk_in(
    section: Section, reference: Reference, limits: Limits, notes: Notes
) -> Talk | None:
    """Read a talk, if its table has a row that can be understood."""
    columns = WITH_LIST if _has_list(section) else WITH_WORDS
    rows = list(lines_of(section.tables, columns, at=section.line, notes=notes))
    numbers = _numbers(rows, columns, notes)
    words = _words(section.items, numbers, notes) if columns is WITH_LIST else {}
    if columns is WITH_LIST:
        _note_lacking(words, numbers, notes)
    translated = dict(_translated(section.subsections, numbers, notes))
    lines = []
    for number, row in numbers.items():
        says = words.get(number, "") if columns is WITH_LIST else row[SAYS]
        others = {
            language: found[number]
            for language, found in translated.items()
            if number in found
        }
        line = replace(_line(row, says, reference, notes), translations=others)
        for text in line.texts:
            _note_slots(text, row.number, {*reference.facts, *limits.names}, notes)
        lines.append(line)
    if not lines:
        return None
    return Talk(lines[0].state, tuple(lines), reference.moods, reference.ends)


def _has_list(section: Section) -> bool:
    if not section.tables:
        return False
    return key_of(section.tables[0].header[0].text) == key_of(NUMBER)


def _line(row: Line, says: str, reference: Reference, notes: Notes) -> TalkLine:
    return TalkLine(
        state=_state(row, reference, notes),
        moves=tuple(_moves(row, reference, notes)),
        says=says,
        after=_after(row, notes),
        next=_next(row, reference, notes),
        line=row.number,
    )


def _numbers(
    rows: Sequence[Line], columns: Sequence[str], notes: Notes
) -> Mapping[str, Line]:
    """Number the rows: as their column says, or else one after the other."""
    if columns is not WITH_LIST:
        return {str(number): row for number, row in enumerate(rows, start=1)}
    found: dict[str, Line] = {}
    for row in rows:
        if row[NUMBER] in found:
            notes.add("row-twice", row.number, number=row[NUMBER])
        found.setdefault(row[NUMBER], row)
    return found


def _words(
    items: Sequence[Item], numbers: Mapping[str, Line], notes: Notes
) -> Mapping[str, str]:
    """Take the words of each row from a list."""
    words: dict[str, str] = {}
    for item in items:
        number = str(item.number)
        if number in words:
            notes.add("says-twice", item.line, number=number)
        elif number not in numbers:
            notes.add("says-extra", item.line, number=number)
        words[number] = item.text
    return words


def _note_lacking(
    words: Mapping[str, str], numbers: Mapping[str, Line], notes: Notes
) -> None:
    for number, row in numbers.items():
        if not words.get(number):
            notes.add("says-lacks", row.number, number=number)


def _translated(
    parts: Sequence[Section], numbers: Mapping[str, Line], notes: Notes
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read the lists under ``### de``; each has the words of every row."""
    for part in parts:
        if not _LANGUAGE.fullmatch(part.title) or part.title == ENGLISH:
            notes.add("talk-heading", part.line, title=part.title)
            continue
        words = _words(part.items, numbers, notes)
        lacking = [number for number in numbers if not words.get(number)]
        if lacking:
            notes.add(
                "says-untranslated",
                part.line,
                language=part.title,
                numbers=", ".join(lacking),
            )
        yield part.title, words


def _state(row: Line, reference: Reference, notes: Notes) -> str:
    name = row["state"]
    mood = reference.moods.get(key_of(name))
    if mood is None:
        names = [each.id for each in reference.moods.values()]
        close = nearest(name, names)
        notes.add("mood-unknown", row.number, name=name, nearest=close)
    return mood.id if mood else name


def _next(row: Line, reference: Reference, notes: Notes) -> str:
    name = row["next state"]
    known: dict[str, Mood | End] = {**reference.moods, **reference.ends}
    found = known.get(key_of(name))
    if found is None:
        names = [each.id for each in known.values()]
        close = nearest(name, names)
        notes.add("next-unknown", row.number, name=name, nearest=close)
    return found.id if found else name


def _moves(row: Line, reference: Reference, notes: Notes) -> Iterator[str]:
    known = {key_of(each): each for each in (*reference.actions, *MOVES)}
    for part in row["agent's move"].split(","):
        name = part.strip()
        if key_of(name) in known:
            yield known[key_of(name)]
            continue
        close = nearest(name, known.values())
        notes.add("move-unknown", row.number, name=name, nearest=close)


def _after(row: Line, notes: Notes) -> Duration:
    text = row["after"]
    if text == NOW:
        return Duration(0, "days")
    try:
        duration = read_duration(text)
    except ValueError:
        duration = None
    if duration is None or duration.unit not in UNITS:
        notes.add("wait-unreadable", row.number, text=text)
        return Duration(0, "days")
    return duration


def _note_slots(says: str, line: int, known: Iterable[str], notes: Notes) -> None:
    keys = set(map(key_of, known))
    for slot in SLOT.findall(says):
        if key_of(slot) not in keys:
            close = nearest(slot, keys)
            notes.add("talk-slot", line, slot=slot, nearest=close)
