"""Check a whole folder of content: pages, course, lessons, exercises.

A mistake stops; what is only unfinished is to do, and is listed. No page, exercise or
lesson changes what is found in another one, so several can be checked at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..content.course import check_course
from ..content.exercise_files import exercise_folders
from ..content.lesson_checks import check_lessons
from ..content.library import Judge, Library
from ..content.pages.unfinished import as_todo, stops
from ..content.playbook.playbook import Playbook
from ..content.proofs.table_proofs import editions
from ..content.todo import todos_of, todos_of_page
from ..errors import ContentMistakes, Mistake
from ..practice.letters.own_letters import message_findings
from .grading.executors import run_jobs
from .marks.rehearsal import rehearse


@dataclass(slots=True)
class Proved:
    """How much of a folder was looked at."""

    tables: int = 0
    """Tables of its pages."""

    editions: int = 0
    """Different meanings that the tables ever had."""

    checks: int = 0
    """Rows of *Checks*."""

    cases: int = 0
    """Practice cases."""

    def add(self, other: "Proved") -> None:
        """Count what was looked at elsewhere."""
        self.tables += other.tables
        self.editions += other.editions
        self.checks += other.checks
        self.cases += other.cases


@dataclass(frozen=True, slots=True)
class Found:
    """All that is wrong or unfinished in a folder of content."""

    mistakes: tuple[Mistake, ...]
    """What an author has to correct, in the order of files and lines."""

    todos: tuple[Mistake, ...]
    """What is not finished yet, in the same order."""

    proved: Proved
    """How much was looked at."""


@dataclass(slots=True)
class _Part:
    """What was found in one page, in one exercise, or in all lessons."""

    mistakes: list[Mistake] = field(default_factory=list)
    rest: list[Mistake] = field(default_factory=list)
    lessons: list[Mistake] = field(default_factory=list)
    proved: Proved = field(default_factory=Proved)


_Job = Callable[[], _Part]


def check_content(library: Library, *, processes: int = 1) -> Found:
    """Find every mistake and everything to do of a folder.

    Args:
        library: The folder.
        processes: How many of them may work at the same time, where a process can be
            forked.
    """
    work = _ContentCheck(library, processes)
    found = library.findings(work.judged)
    blamed = {each.path for each in found if not each.is_todo}
    found += check_course(library)[1]
    work.finish()
    found += work.lessons
    found += (each for each in work.rest if each.path not in blamed)
    found += todos_of(library)
    return Found(
        tuple(_each_once(each for each in found if not each.is_todo)),
        tuple(_each_once(each for each in found if each.is_todo)),
        work.proved,
    )


class _ContentCheck:
    """The work on pages, exercises and lessons, several of them at a time."""

    def __init__(self, library: Library, processes: int) -> None:
        self._library, self._processes = library, processes
        self._beside: list[_Job] = [
            partial(_lessons, library),
            *(partial(_exercise, library, each) for each in exercise_folders(library)),
        ]
        self._done: list[_Part] = []

    def judged(self, judge: Judge, pages: Sequence[Playbook]) -> list[list[Mistake]]:
        """Judge pages, and do the other work beside them; the longest pages first."""
        longest = sorted(pages, key=lambda page: -sum(len(t.rows) for t in page.tables))
        jobs = [partial(_page, self._library, judge, each) for each in longest]
        self._done += run_jobs((*jobs, *self._beside), self._processes)
        self._beside = []
        found = dict(zip(longest, self._done[: len(pages)], strict=True))
        return [found[page].mistakes for page in pages]

    def finish(self) -> None:
        """Do what is left to do where no page could be judged."""
        self._done += [job() for job in self._beside]
        self._beside = []

    @property
    def lessons(self) -> list[Mistake]:
        """The mistakes of lessons."""
        return [mistake for each in self._done for mistake in each.lessons]

    @property
    def rest(self) -> list[Mistake]:
        """What counts only where the page itself has no mistakes."""
        return [mistake for each in self._done for mistake in each.rest]

    @property
    def proved(self) -> Proved:
        """How much was looked at."""
        proved = Proved()
        for each in self._done:
            proved.add(each.proved)
        return proved


def _page(library: Library, judge: Judge, page: Playbook) -> _Part:
    mistakes = judge(page)
    if any(each.path == page.path and not each.is_todo for each in mistakes):
        return _Part(mistakes)
    rest = [*todos_of_page(library, page), *_wrong_messages(library, page)]
    counts = [sum(1 for _ in editions(page, table)) for table in page.tables]
    cases = 0 if stops(mistakes) else len(library.cases(page.id))
    proved = Proved(len(page.tables), sum(counts), len(page.checks), cases)
    return _Part(mistakes, rest, proved=proved)


def _wrong_messages(library: Library, page: Playbook) -> Iterator[Mistake]:
    """Find what the check of letters calls wrong in the messages of a page."""
    try:
        rules = library.reply_rules
    except ContentMistakes:  # said elsewhere
        return
    yield from map(as_todo, message_findings(page, rules) if rules else ())


def _exercise(library: Library, folder: Path) -> _Part:
    return _Part(rest=rehearse(library, folder))


def _lessons(library: Library) -> _Part:
    return _Part(lessons=check_lessons(library))


def _each_once(found: Iterable[Mistake]) -> list[Mistake]:
    """Leave out what was found twice, and put the rest in order."""
    kept = {str(each): each for each in found}
    return sorted(kept.values(), key=lambda each: (str(each.path), each.line))
