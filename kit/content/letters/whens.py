"""Rows of ``reference/replies.md`` that count only in some cases.

An author writes ``route is remorse, unsure and action is not call-lead``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...rules.values import Kind, Sort, Value, key_of
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line
from .word_lists import ANY

WHEN = "when"
"""The key of the column."""

YES, NO = "yes", "no"
NOT = "not "

_MEASURED = {Sort.MONEY, Sort.DATE, Sort.DAY, Sort.WHOLE, Sort.NUMBER}
"""What is written in many ways: a row does not depend on one of them."""


@dataclass(frozen=True, slots=True)
class When:
    """A fact or an answer of the case on which a row depends."""

    key: str
    """Its key."""

    values: tuple[str, ...]
    """The values, any of which will do, as an author writes them."""

    is_other: bool = False
    """Whether the case must have another value than these."""

    def holds(self, values: Mapping[str, tuple[Value, ...]]) -> bool:
        """Whether one of the values of a case is among these, or is another one."""
        given = values.get(self.key, ())
        return any((_name(each) in self.values) is not self.is_other for each in given)


def read_when(
    row: Line,
    facts: Mapping[str, Kind],
    known: Callable[[str, str, Iterable[str], int], str],
    notes: Notes,
) -> Iterator[When]:
    """Read the cell that says when a row counts.

    Args:
        row: The row.
        facts: The kinds of the facts and answers there are, by their keys.
        known: Finds a name as it was declared, or notes that there is none.
        notes: Where mistakes go.
    """
    if row[WHEN] == ANY:
        return
    for part in row[WHEN].split(" and "):
        name, is_there, values = part.partition(" is ")
        if not is_there:
            notes.add("claim-when", row.number, text=part)
            continue
        key = key_of(known(name.strip(), "fact", facts, row.number))
        is_other = values.startswith(NOT)
        given = [each.strip() for each in values.removeprefix(NOT).split(",")]
        kind = facts.get(key)
        words = _words_of(kind)
        if kind is not None and kind.sort in _MEASURED:
            notes.add("claim-when", row.number, text=part)
        for each in given:
            if words and key_of(each) not in map(key_of, words):
                listed = ", ".join(words)
                notes.add(
                    "word-unknown",
                    row.number,
                    word=each,
                    column=name.strip(),
                    words=listed,
                )
        yield When(key, tuple(map(key_of, given)), is_other)


def _words_of(kind: Kind | None) -> tuple[str, ...]:
    if kind is not None and kind.sort is Sort.YES_NO:
        return (YES, NO)
    return tuple(kind.words) if kind is not None and kind.is_words else ()


def _name(value: Value) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return key_of(str(value))
