"""The course: the one list of lessons and exercises in their order."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import ContentMistakes
from ..rules.numbers import is_whole, whole
from .documents import Document, read_document
from .files import Notes
from .library import Library


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One line of the course."""

    kind: str
    """``lesson`` or ``exercise``."""

    id: str
    """Name of the notebook or of the exercise."""

    title: str
    """Its heading."""

    minutes: int
    """How long it takes."""

    after: str
    """Id of the step that comes before; empty where one can begin."""


def read_course(library: Library) -> tuple[CourseStep, ...]:
    """Read the order of lessons and exercises.

    Raises:
        ContentMistakes: The page has mistakes.
    """
    path = library.folder / "exercises" / "course.md"
    if not path.is_file():
        return ()
    document, mistakes = read_document(path, library.shown(path))
    if document is None or mistakes:
        raise ContentMistakes(mistakes)
    notes = Notes(document.path)
    for line, text in _minutes(document):
        if not is_whole(text):
            notes.add("reply-number", line, text=text)
    if notes.mistakes:
        raise ContentMistakes(notes.mistakes)
    return tuple(
        CourseStep(
            kind=row.cells[1],
            id=row.cells[2],
            title=row.cells[3],
            minutes=whole(row.cells[4]),
            after="" if row.cells[5] == "none" else row.cells[5],
        )
        for table in document.tables
        for row in table.rows
    )


def _minutes(document: Document) -> Iterator[tuple[int, str]]:
    for table in document.tables:
        for row in table.rows:
            yield row.line, row.cells[4]
