"""Which parts a page may lack while it is a draft.

A draft marks nobody. Its author writes it step by step and must see mistakes at once;
a part that is not written yet is not a mistake, but something to do.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ...errors import Mistake
from ...rules.values import Sort, key_of
from ..markdown.documents import Section, TableText
from ..reference.reference import Reference

DRAFT = "draft"

OF_DRAFTS = {
    *("section-lacks", "section-empty", "check-lacks", "check-edge", "check-edges"),
    *("message-english", "message-quote", "message-unsent", "message-unwritten"),
    "opening-lacks",
}
"""The kinds of mistakes that mean a part is not written yet."""


def as_todo(mistake: Mistake) -> Mistake:
    """Convert a mistake to something that is to do."""
    return replace(mistake, is_todo=True)


def of_draft(mistakes: Iterable[Mistake], status: str) -> list[Mistake]:
    """Convert the mistakes that a draft may have to what is to do."""
    is_draft = status == DRAFT
    return [
        as_todo(each) if is_draft and each.kind in OF_DRAFTS else each
        for each in mistakes
    ]


def stops(mistakes: Iterable[Mistake]) -> bool:
    """Tell whether any of them is a real mistake."""
    return not all(each.is_todo for each in mistakes)


def unwritten(
    sections: Sequence[Section], reference: Reference, written: Collection[str]
) -> Iterator[tuple[str, int]]:
    """Find the messages that tables of a draft send and that are not written yet.

    Args:
        sections: The Decide sections of the page.
        reference: The reference pages.
        written: Ids of the messages of the page.

    Returns:
        The id of each, with the line of the first row that names it.
    """
    seen = {*map(key_of, written), key_of("none")}
    for table in (table for section in sections for table in section.tables):
        for number in _columns(table, reference):
            for row in table.rows:
                name = row.cells[number]
                if key_of(name) not in seen and name.replace("-", "").isalnum():
                    seen.add(key_of(name))
                    yield name, row.line


def _columns(table: TableText, reference: Reference) -> Iterator[int]:
    """Find the columns of a table that send messages."""
    for number, heading in enumerate(table.header):
        word = reference.answers.get(key_of(heading.text))
        is_answer = heading.mark == "bold" and word is not None
        if is_answer and word is not None and word.kind.sort is Sort.MESSAGE:
            yield number
