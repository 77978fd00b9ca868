"""Read the Talk section of a page: one table, its words in it or in a list below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..rules.limits import Limits
from ..rules.values import Span, key_of, nearest, read_span
from .documents import Item, Section
from .files import Notes
from .moods import End, Mood
from .reference import Reference
from .sayings import SLOT
from .sheets import Line, lines_of
from .talks import ANY_MOVE, Move, Talk, TalkLine

NOW = "now"
UNITS = ("days", "business days")
NUMBER, SAYS = "Line", "Buyer says"
WITH_WORDS = ("State", "Agent's move", SAYS, "After", "Next state")
WITH_LIST = (NUMBER, "State", "Agent's move", "After", "Next state")
MOVES = (*(move.value for move in Move), ANY_MOVE)


def talk_in(
    section: Section, reference: Reference, limits: Limits, notes: Notes
) -> Talk | None:
    """Read a talk, if its table has a row that can be understood."""
    columns = WITH_LIST if _has_list(section) else WITH_WORDS
    rows = list(lines_of(section.tables, columns, at=section.line, notes=notes))
    words = _words(section.items, rows, notes) if columns is WITH_LIST else {}
    lines = []
    for row in rows:
        says = words.get(row[NUMBER], "") if columns is WITH_LIST else row[SAYS]
        _note_slots(says, row.number, {*reference.facts, *limits.names}, notes)
        lines.append(_line(row, says, reference, notes))
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


def _words(
    items: Sequence[Item], rows: Sequence[Line], notes: Notes
) -> Mapping[str, str]:
    """Take the words of each row from the list under the table."""
    numbers: set[str] = set()
    for row in rows:
        if row[NUMBER] in numbers:
            notes.add("row-twice", row.number, number=row[NUMBER])
        numbers.add(row[NUMBER])
    words: dict[str, str] = {}
    for item in items:
        number = str(item.number)
        if number in words:
            notes.add("says-twice", item.line, number=number)
        elif number not in numbers:
            notes.add("says-extra", item.line, number=number)
        words[number] = item.text
    for row in rows:
        if not words.get(row[NUMBER]):
            notes.add("says-lacks", row.number, number=row[NUMBER])
    return words


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


def _after(row: Line, notes: Notes) -> Span:
    text = row["after"]
    if text == NOW:
        return Span(0, "days")
    try:
        span = read_span(text)
    except ValueError:
        span = None
    if span is None or span.unit not in UNITS:
        notes.add("wait-unreadable", row.number, text=text)
        return Span(0, "days")
    return span


def _note_slots(says: str, line: int, known: Iterable[str], notes: Notes) -> None:
    keys = set(map(key_of, known))
    for slot in SLOT.findall(says):
        if key_of(slot) not in keys:
            close = nearest(slot, keys)
            notes.add("talk-slot", line, slot=slot, nearest=close)
