"""Read the course: the list of lessons and exercises in their order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseMistakes, Mistake
from ..rules.values import nearest
from .exercise_files import exercise_folders
from .library import Library
from .markdown.documents import Document, read_document
from .markdown.files import Notes
from .markdown.keyed_tables import Line, lines_of

COURSE = Path("exercises") / "course.md"
COLUMNS = ("Step", "Kind", "Id", "Title", "Minutes", "After")
LESSON, EXERCISE = KINDS = ("lesson", "exercise")
NONE = "none"

_UNKNOWN = {LESSON: "course-lesson", EXERCISE: "course-exercise"}
LONGEST = 600
"""The largest number of minutes that a step may take: ten hours."""


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One row of the course."""

    kind: str
    """``lesson`` or ``exercise``."""

    id: str
    """Name of the notebook or of the exercise."""

    title: str
    """Its heading."""

    minutes: int
    """How long it takes."""

    after: str
    """Id of the step that comes before; empty where an agent can begin."""


def read_course(library: Library) -> tuple[CourseStep, ...]:
    """Read the order of lessons and exercises.

    Raises:
        CourseMistakes: The page has mistakes.
    """
    steps, mistakes = check_course(library)
    if mistakes:
        raise CourseMistakes(mistakes)
    return steps


def check_course(library: Library) -> tuple[tuple[CourseStep, ...], list[Mistake]]:
    """Find all mistakes of the course; a folder without a course has none."""
    path = library.folder / COURSE
    if not path.is_file():
        return (), []
    document, mistakes = read_document(path, library.shown(path))
    if document is None or mistakes:
        return (), mistakes
    notes = Notes(document.path)
    rows = list(_rows(document, notes))
    steps = tuple(_step(row, notes) for row in rows)
    # A folder without its brief is a mistake of that exercise, not of the course.
    exercises = tuple(folder.name for folder in exercise_folders(library))
    known = {LESSON: lesson_ids(library), EXERCISE: exercises}
    for row in rows:
        _note_unknown(row, known, notes)
    _note_order(rows, notes)
    return steps, notes.mistakes


def lesson_ids(library: Library) -> tuple[str, ...]:
    """The name of every notebook that can be a lesson, sorted."""
    notebooks = (library.folder / "notebooks").glob("*.ipynb")
    return tuple(sorted(each.stem for each in notebooks))


def _rows(document: Document, notes: Notes) -> Iterator[Line]:
    """List every row of the page; it may have several tables, one for each part."""
    inner = [table for section in document.sections for table in section.tables]
    tables = [*document.tables, *inner]
    if not tables:
        list(lines_of([], COLUMNS, at=1, notes=notes))
    for table in tables:
        yield from lines_of([table], COLUMNS, at=table.line, notes=notes)


def _step(row: Line, notes: Notes) -> CourseStep:
    return CourseStep(
        kind=row["kind"],
        id=row["id"],
        title=row["title"],
        minutes=_minutes(row, notes),
        after="" if row["after"] == NONE else row["after"],
    )


def _minutes(row: Line, notes: Notes) -> int:
    text = row["minutes"]
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LONGEST))
    if is_number and 1 <= int(text) <= LONGEST:
        return int(text)
    notes.add("course-minutes", row.number, text=text, longest=LONGEST)
    return 0


def _note_unknown(row: Line, known: Mapping[str, Sequence[str]], notes: Notes) -> None:
    """Note an unknown kind, or an id that does not exist."""
    kind, name = row["kind"], row["id"]
    if kind not in KINDS:
        words = ", ".join(KINDS)
        notes.add("word-unknown", row.number, column="Kind", word=kind, words=words)
    elif name not in known[kind]:
        near = nearest(name, known[kind])
        notes.add(_UNKNOWN[kind], row.number, name=name, nearest=near)


def _note_order(rows: Sequence[Line], notes: Notes) -> None:
    """Note steps that occur twice, and steps that cannot be reached."""
    lines: dict[str, int] = {}
    after: dict[str, str] = {}
    for row in rows:
        if row["id"] in lines:
            first = lines[row["id"]]
            notes.add("course-twice", row.number, name=row["id"], line=first)
            continue
        lines[row["id"]], after[row["id"]] = row.number, row["after"]
    for name, before in after.items():
        if before != NONE and before not in lines:
            near = nearest(before, lines)
            notes.add("course-after", lines[name], name=before, nearest=near)
    for circle in _circles(after):
        way = " → ".join((*circle, circle[0]))
        notes.add("course-circle", lines[circle[0]], way=way)


def _circles(after: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Find each circle once, from the step of it that stands first on the page."""
    seen: set[str] = set()
    for name in after:
        way: list[str] = []
        while name in after and name not in seen:
            seen.add(name)
            way.append(name)
            name = after[name]  # noqa: PLW2901 (one step back)
        if name in way:
            yield tuple(way[way.index(name) :])
