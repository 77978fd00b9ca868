"""The course: the one list of lessons and exercises in their order."""

from dataclasses import dataclass

from ..errors import ContentMistakes
from .documents import read_document
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
    return tuple(
        CourseStep(
            kind=row.cells[1],
            id=row.cells[2],
            title=row.cells[3],
            minutes=int(row.cells[4]),
            after="" if row.cells[5] == "none" else row.cells[5],
        )
        for table in document.tables
        for row in table.rows
    )
