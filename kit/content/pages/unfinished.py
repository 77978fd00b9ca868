"""What a page may lack while it is a draft, and still be read and proved.

A draft marks nobody. Its author writes it piece by piece, and must see mistakes at
once; a piece that is not there yet is no mistake.
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
"""The mistakes that are only pieces which are not there yet."""


def as_todo(mistake: Mistake) -> Mistake:
    """Take a mistake as something that is only unfinished."""
    return replace(mistake, is_todo=True)


def of_draft(mistakes: Iterable[Mistake], status: str) -> list[Mistake]:
    """Take what a draft may lack as something to do."""
    is_draft = status == DRAFT
    return [
        as_todo(each) if is_draft and each.kind in OF_DRAFTS else each
        for each in mistakes
    ]


def stops(mistakes: Iterable[Mistake]) -> bool:
    """Whether there is a real mistake among them."""
    return not all(each.is_todo for each in mistakes)


def unwritten(
    sections: Sequence[Section], reference: Reference, written: Collection[str]
) -> Iterator[tuple[str, int]]:
    """Find the messages that tables of a draft send, and nobody has written yet.

    Args:
        sections: The Decide sections of the page.
        reference: What the reference pages declare.
        written: Ids of the messages of the page.

    Returns:
        The id of each, and the line of the row that names it first.
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
