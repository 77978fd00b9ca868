"""Check the folder of an exercise: files, cases, and words that no answer can have.

``exercises.py`` reads what is needed to mark an attempt; the checks here concern
only the author of an exercise.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import Mistake
from ..rules.tables import Column
from ..rules.values import key_of, nearest
from .answer_sheets import MODEL, NEAR_MISS
from .consistency import contradicting_cases
from .exercises import BRIEF, CASES, NOTEBOOK, CriticalError, Exercise
from .library import Library
from .markdown.yaml_trees import line_in

FILES = (BRIEF, CASES, MODEL, NEAR_MISS, NOTEBOOK)
"""Every file of an exercise."""

REPLY = "reply"


def exercise_folders(library: Library) -> tuple[Path, ...]:
    """Every folder under ``exercises`` that holds anything, sorted."""
    return tuple(
        path
        for path in sorted((library.folder / "exercises").glob("*"))
        if path.is_dir() and _is_seen(path) and any(map(_is_seen, path.iterdir()))
    )


def missing_files(library: Library, folder: Path) -> Iterator[Mistake]:
    """List the files that the folder of an exercise lacks."""
    for name in FILES:
        path = folder / name
        if not path.is_file():
            values: dict[str, object] = {"name": name, "exercise": folder.name}
            yield Mistake("exercise-lacks", library.shown(path), 1, values)


def check_exercise(library: Library, exercise: Exercise) -> Iterator[Mistake]:
    """Find what makes an exercise impossible: no cases, or errors that cannot occur."""
    cases = exercise.folder / CASES
    if not exercise.cases and cases.is_file():
        path = library.shown(cases)
        yield Mistake("exercise-no-cases", path, 1, {"exercise": exercise.id})
    yield from contradicting_cases(
        exercise.cases, library.constraints, library.shown(cases)
    )
    columns = {
        column.key: column
        for table in exercise.playbook.tables
        for column in table.answers
    }
    for error in exercise.critical:
        yield from _unknown_words(library, exercise, error, columns.get(error.answer))


def _unknown_words(
    library: Library, exercise: Exercise, error: CriticalError, column: Column | None
) -> Iterator[Mistake]:
    """List the words of a critical error that are not possible answers."""
    rules = exercise.reply_rules
    if error.answer == REPLY and rules is not None:
        words: Iterable[str] = [rule.id for rule in rules.rules]
        given = list(error.given)
    elif column is not None and _is_of_words(exercise, column):
        words, given = column.kind.words, [*error.given, error.when]
        words = [*words, "any", "not covered"]
    else:
        return
    known = set(map(key_of, words))
    path = exercise.folder / BRIEF
    for word in given:
        if key_of(word) not in known:
            values: dict[str, object] = {
                "word": word,
                "answer": column.name if column else error.answer,
                "nearest": nearest(word, words),
            }
            line = line_in(path, "critical", word)
            yield Mistake("critical-word", library.shown(path), line, values)


def _is_of_words(exercise: Exercise, column: Column) -> bool:
    """Tell whether agents answer with a declared word."""
    asked = exercise.playbook.reference.question_kind(column)
    return asked.is_asked and column.kind.is_words


def _is_seen(path: Path) -> bool:
    """Tell whether a file is visible in a folder, not hidden."""
    return not path.name.startswith((".", "__"))
