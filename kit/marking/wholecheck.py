"""Check a whole folder of content: pages, course, lessons, exercises.

A mistake stops; what is only unfinished is to do, and is listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..content.courses import check_course
from ..content.lessonchecks import check_lessons
from ..content.library import Library
from ..content.todo import todos_of
from ..errors import Mistake
from .rehearsal import rehearse


@dataclass(frozen=True, slots=True)
class Found:
    """All that is wrong or unfinished in a folder of content."""

    mistakes: tuple[Mistake, ...]
    """What an author has to correct, in the order of files and lines."""

    todos: tuple[Mistake, ...]
    """What is not finished yet, in the same order."""


def check_content(library: Library) -> Found:
    """Find every mistake and everything to do of a folder."""
    found = library.findings()
    blamed = {each.path for each in found if not each.is_todo}
    found += check_course(library)[1]
    found += check_lessons(library)
    found += (each for each in rehearse(library) if each.path not in blamed)
    found += todos_of(library, blamed)
    return Found(
        tuple(_each_once(each for each in found if not each.is_todo)),
        tuple(_each_once(each for each in found if each.is_todo)),
    )


def _each_once(found: Iterable[Mistake]) -> list[Mistake]:
    """Leave out what was found twice, and put the rest in order."""
    kept = {str(each): each for each in found}
    return sorted(kept.values(), key=lambda each: (str(each.path), each.line))
