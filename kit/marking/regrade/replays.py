"""Replay every attempt of all records under other pages, several files at a time.

A file that is damaged, and an exercise that one of the two sets of pages cannot
decide, is named and stops nothing. Records are only read. An attempt is held against
other pages with the cases that its agent has answered. Where today's pages ask for
facts that those cases do not have, the mark of the attempt is what counts now.
"""

import gc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from ...catalogue import say
from ...content.exercises import BRIEF, Exercise, read_exercise
from ...content.library import Library
from ...errors import BadAnswers, BadRecord, ContentMistakes, KitError
from ..marks.snapshots import criteria_of
from ..records.progress import AttemptProgress, progress_of
from ..records.store import read_events
from .compare import AttemptResult, Change, KeptMark, PassChange, Replay
from .own_cases import OwnCases, lay_own_cases, own_cases

WORTH_A_WORKER = 8_000_000
"""The number of bytes of records that justify one more process."""

SELDOM = 50_000
"""New things after which a process looks which of them nobody needs any more."""


@dataclass(slots=True)
class Replayed:
    """The result of replaying attempts."""

    attempts: int = 0
    """How many could be replayed, those that stay by hand among them."""

    changes: list[Change] = field(default_factory=list)
    """Each attempt that is worth something else; a ``PassChange`` where it flips."""

    kept: list[KeptMark] = field(default_factory=list)
    """Each attempt that stays, since its mark was set by hand."""

    left_out: int = 0
    """How many attempts could not be replayed."""

    problems: dict[str, None] = field(default_factory=dict)
    """What could not be read or replayed, a sentence each."""

    @property
    def flips(self) -> list[PassChange]:
        """Each attempt that passes under one of the two and not under the other."""
        return [each for each in self.changes if isinstance(each, PassChange)]

    def add(self, other: "Replayed") -> None:
        """Add the result of other files."""
        self.attempts += other.attempts
        self.changes += other.changes
        self.kept += other.kept
        self.left_out += other.left_out
        self.problems |= other.problems


def replay_all(
    today: Path, other: Path, files: Sequence[Path], *, jobs: int
) -> Replayed:
    """Replay every attempt of some record files.

    Args:
        today: The folder of content of today.
        other: The same exercises beside other playbooks, without mistakes.
        files: The record files.
        jobs: How many processes may work at the same time.
    """
    shares = _distributed(files, jobs)
    work = partial(replay_files, today, other)
    whole = Replayed()
    if len(shares) == 1:
        whole.add(work(shares[0]))
    else:
        # A process begun afresh is the same on every system, whatever runs here.
        with ProcessPoolExecutor(
            len(shares), get_context("spawn"), initializer=_collect_garbage_less_often
        ) as pool:
            for part in pool.map(work, shares):
                whole.add(part)
    # Whoever reads it twice finds everything where it was.
    whole.changes.sort(key=lambda each: each.agent)
    whole.kept.sort(key=lambda each: each.agent)
    return whole


def _collect_garbage_less_often() -> None:
    """Collect garbage less often: nearly all new objects stay, or die at once."""
    gc.set_threshold(SELDOM, 5, 2)


def _distributed(files: Sequence[Path], jobs: int) -> list[list[Path]]:
    """Distribute files over processes by size; small ones share a process."""
    sizes = {path: path.stat().st_size if path.exists() else 0 for path in files}
    count = max(1, min(jobs, len(files), sum(sizes.values()) // WORTH_A_WORKER))
    shares: list[list[Path]] = [[] for _ in range(count)]
    loads = [0] * count
    for path in sorted(files, key=lambda each: (-sizes[each], each)):
        lightest = loads.index(min(loads))
        shares[lightest].append(path)
        loads[lightest] += sizes[path]
    return [sorted(share) for share in shares]


def replay_files(today: Path, other: Path, files: Sequence[Path]) -> Replayed:
    """Replay every attempt of some record files in this process."""
    with ExitStack() as folders:
        work = _ReplayWorker(Library(today), Library(other), folders)
        for path in files:
            try:
                attempts = progress_of(read_events(path)).attempts
            except BadRecord as error:
                work.done.problems[str(error)] = None
                continue
            for attempt in attempts:
                work.take(path, attempt)
    return work.done


@dataclass(frozen=True, slots=True)
class _Unread:
    """Why pages cannot read an exercise."""

    words: str
    """A sentence."""

    lacks: bool
    """Whether its cases lack what the pages ask for, or its brief names other rows."""


_Held = tuple[Replay | None, str]
"""An exercise under both sets of pages, and why today's cannot read its cases."""


class _ReplayWorker:
    """The pages and exercises that one process has read, and its results so far."""

    def __init__(self, today: Library, other: Library, folders: ExitStack) -> None:
        self.today, self.other, self.folders = today, other, folders
        self.done = Replayed()
        self._replays: dict[tuple[str, OwnCases | None], _Held] = {}
        self._own: dict[tuple[Path, str, str | None], OwnCases | None] = {}

    def take(self, path: Path, attempt: AttemptProgress) -> None:
        agent, hand = path.stem, attempt.override
        if hand is not None:
            standing = AttemptResult(hand.percent, hand.passed)
            kept = KeptMark(agent, attempt.exercise, attempt.attempt, standing)
            self.done.kept.append(kept)
            self.done.attempts += 1
            return
        own = self._own_cases(path.parents[1], attempt)
        replay, lacks_today = self._replay(attempt.exercise, own)
        if lacks_today and attempt.mark is None:
            self.done.problems[lacks_today] = None
            replay = None
        if replay is None or not self._replayed(replay, agent, attempt):
            self.done.left_out += 1
        else:
            self.done.attempts += 1

    def _own_cases(self, workspace: Path, attempt: AttemptProgress) -> OwnCases | None:
        place = (workspace, attempt.exercise, attempt.criteria)
        if place not in self._own:
            today = self.today.folder
            found = own_cases(workspace, today, attempt.exercise, attempt.criteria)
            self._own[place] = found
        return self._own[place]

    def _replayed(self, replay: Replay, agent: str, attempt: AttemptProgress) -> bool:
        try:
            if attempt.mark is not None and set(attempt.answers) - set(replay.asked):
                problem = say("marking.regrade.other-cases")
                raise BadAnswers(exercise=attempt.exercise, problem=problem)
            change = replay.change(agent, attempt)
        except KitError as error:
            place = f"{agent} · {attempt.exercise} · {attempt.attempt}"
            self.done.problems[_left_out(place, error)] = None
            return False
        if change is not None:
            self.done.changes.append(change)
        return True

    def _replay(self, exercise: str, own: OwnCases | None) -> _Held:
        if (exercise, own) not in self._replays:
            self._replays[exercise, own] = self._held(exercise, own)
        return self._replays[exercise, own]

    def _held(self, exercise: str, own: OwnCases | None) -> _Held:
        today = self._read(self.today, exercise, own, side="today")
        other = self._read(self.other, exercise, own, side="other")
        is_old = own is not None and isinstance(today, _Unread) and today.lacks
        if isinstance(today, _Unread) and not is_old:
            self.done.problems[today.words] = None
        if isinstance(other, _Unread):
            self.done.problems[other.words] = None
            return None, ""
        if not isinstance(today, _Unread):
            trusted = None if own else self._trusted(today)
            return self._both(today, other, trusted), ""
        if is_old:
            return self._both(other, other, None, knows_today=False), today.words
        return None, ""

    def _both(
        self,
        today: Exercise,
        other: Exercise,
        trusted: str | None,
        *,
        knows_today: bool = True,
    ) -> Replay | None:
        try:
            return Replay(today, other, trusted=trusted, knows_today=knows_today)
        except KitError as error:  # a case that no row decides, on one of the two
            what = say("marking.regrade.by-either", exercise=today.id)
            self.done.problems[_left_out(what, error)] = None
            return None

    def _trusted(self, today: Exercise) -> str | None:
        """The hash of today's criteria, if both folders check replies alike."""
        if _reference(self.today.folder) != _reference(self.other.folder):
            return None
        try:
            return criteria_of(self.today.folder, today)
        except (OSError, ValueError):  # an exercise whose notebook cannot be read
            return None

    def _read(
        self, library: Library, exercise: str, own: OwnCases | None, *, side: str
    ) -> "Exercise | _Unread":
        """Read an exercise with the pages of a folder, or say why they cannot.

        Today's brief says what counts; where it names rows that the pages do not have,
        the brief that was kept with the cases does.
        """
        try:
            try:
                return self._laid(library, exercise, own)
            except ContentMistakes as error:
                if own is None or all(m.path.name != BRIEF for m in error.mistakes):
                    raise
                return self._laid(library, exercise, own, with_brief=True)
        except (KitError, KeyError, OSError, ValueError) as error:
            what = say(f"marking.regrade.by-{side}", exercise=exercise)
            return _Unread(_left_out(what, error), isinstance(error, ContentMistakes))

    def _laid(
        self,
        library: Library,
        exercise: str,
        own: OwnCases | None,
        *,
        with_brief: bool = False,
    ) -> Exercise:
        """Read an exercise, if need be with the cases of an attempt."""
        if own is None:
            return read_exercise(library, exercise)
        name = TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True)
        folder = Path(self.folders.enter_context(name)).resolve()
        lay_own_cases(own, library.folder, exercise, folder, with_brief=with_brief)
        return read_exercise(Library(folder), exercise)


def _left_out(what: str, problem: Exception) -> str:
    """Say what could not be marked; of many mistakes the first stands for all."""
    words: object = problem
    if isinstance(problem, ContentMistakes):
        first, *rest = problem.mistakes
        words = f"{first.path}:{first.line}: {first.problem}"
        if rest:
            words = say("marking.regrade.first-of", first=words, count=len(rest))
    return say("marking.regrade.left-out", what=what, problem=words)


def _reference(folder: Path) -> dict[str, bytes]:
    pages = (folder / "playbooks" / "reference").glob("*.md")
    return {path.name: path.read_bytes() for path in pages}
