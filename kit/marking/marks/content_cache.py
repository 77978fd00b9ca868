"""Content that is read once for many attempts, of today or of the day of an attempt."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...content.exercises import Exercise, read_exercise
from ...content.library import Library
from .marks import Marker
from .snapshots import counts_exact_days, criteria_of, kept_criteria

MOST_TRIES = 5
"""How often a page is read again that somebody is saving meanwhile."""

_WARM: dict[Path, "Warm"] = {}
"""What a grader has read already, for the notebooks that it forks to run."""


@dataclass(frozen=True, slots=True)
class Warm:
    """A folder of content that was read once for many attempts.

    Nothing in it changes any more: whoever changes a page starts anew. Several threads
    may read in it; of two that read the same for the first time, one counts.
    """

    library: Library
    """The folder."""

    _read: dict[str, tuple[Marker, str]] = field(default_factory=dict)
    """For each exercise what marks it, and the hash of its criteria."""

    def marker(self, exercise: str) -> Marker:
        """What marks an exercise; read when it is asked for first.

        Raises:
            UnknownName: There is no such exercise.
            ContentMistakes: It has mistakes.
        """
        return self._of(exercise)[0]

    def criteria(self, exercise: str) -> str:
        """The hash of all by which an exercise is marked; empty if nobody can tell."""
        return self._of(exercise)[1]

    def _of(self, exercise: str) -> tuple[Marker, str]:
        if exercise not in self._read:
            folder = self.library.folder
            read, criteria = _read_steadily(folder, exercise)
            if counts_exact_days(folder):
                read = _exactly(read)
            self._read.setdefault(exercise, (Marker(read), criteria))
        return self._read[exercise]


def keep_warm(folder: Path) -> Warm:
    """Read a folder of content once for all that is marked in this process."""
    if folder not in _WARM:
        _WARM[folder] = Warm(Library(folder))
    return _WARM[folder]


def warm_or_fresh(folder: Path) -> Warm:
    """What is kept of a folder of content, or else one that nobody keeps."""
    return _WARM.get(folder) or Warm(Library(folder))


def let_go(folder: Path) -> None:
    """Forget a folder of content, because it has changed."""
    _WARM.pop(folder, None)


def in_force(workspace: Path, exercise: Exercise, criteria: str | None) -> Exercise:
    """The exercise as it was under some criteria; as it is, if they are not kept.

    Args:
        workspace: The folder in which criteria are kept.
        exercise: The exercise of today.
        criteria: The hash of the criteria; ``None`` for those of today.
    """
    if criteria is None:
        return exercise
    kept = kept_criteria(workspace, criteria, exercise.id)
    return keep_warm(kept).marker(exercise.id).exercise if kept else exercise


def _exactly(exercise: Exercise) -> Exercise:
    """The same exercise, of whose due days only the last one is right."""
    cases = tuple(replace(each, exact_days=True) for each in exercise.cases)
    return replace(exercise, cases=cases)


def _read_steadily(folder: Path, name: str) -> tuple[Exercise, str]:
    """Read an exercise together with the hash of what it was read from.

    It is read once more until nothing has changed since the hash before, so that a
    page that is saved meanwhile never gives its name to a mark by another one.
    """
    found = ""
    for _ in range(MOST_TRIES):
        exercise, before = read_exercise(Library(folder), name), found
        found = _hash_of(folder, exercise)
        if found == before:
            return exercise, found
    return exercise, ""


def _hash_of(folder: Path, exercise: Exercise) -> str:
    with suppress(OSError):  # a page that is gone again: no hash fits it
        return criteria_of(folder, exercise)
    return ""
