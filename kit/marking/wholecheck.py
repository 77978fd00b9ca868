"""Check a whole folder of content: pages, course, lessons, exercises.

A mistake stops; what is only unfinished is to do, and is listed.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..content.courses import check_course
from ..content.lessonchecks import check_lessons
from ..content.library import Library
from ..content.todo import todos_of
from ..content.unfinished import as_todo
from ..errors import ContentMistakes, Mistake
from ..practice.ownletters import wrong_messages
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
    found += map(as_todo, _wrong_messages(library, blamed))
    return Found(
        tuple(_each_once(each for each in found if not each.is_todo)),
        tuple(_each_once(each for each in found if each.is_todo)),
    )


def _wrong_messages(library: Library, blamed: Collection[Path]) -> Iterator[Mistake]:
    """Find what the check of letters calls wrong in the messages of sound pages."""
    for name in library.ids:
        try:
            page, rules = library.playbook(name), library.reply_rules
        except ContentMistakes:  # said elsewhere
            continue
        if rules is not None and page.path not in blamed:
            yield from wrong_messages(page, rules)


def _each_once(found: Iterable[Mistake]) -> list[Mistake]:
    """Leave out what was found twice, and put the rest in order."""
    kept = {str(each): each for each in found}
    return sorted(kept.values(), key=lambda each: (str(each.path), each.line))
