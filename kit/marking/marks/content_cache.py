"""Cache content folders, so that many attempts are marked after reading them once."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...content.exercises import Exercise, read_exercise
from ...content.library import Library
from .marks import Marker
from .snapshots import counts_exact_days, criteria_of, kept_criteria

MOST_TRIES = 5
"""How often an exercise is read again that is being changed meanwhile."""

_CACHE: dict[Path, "ContentCache"] = {}
"""The content folders read in this process; forked children inherit them."""


@dataclass(frozen=True, slots=True)
class ContentCache:
    """A content folder with the markers of its exercises, each read once.

    It does not notice changes of the folder: call ``invalidate`` for that. Several
    threads may read it; of two that read the same for the first time, one counts.
    """

    library: Library
    """The content folder."""

    _read: dict[str, tuple[Marker, str]] = field(default_factory=dict)
    """The marker and the criteria hash of each exercise that was read so far."""

    def marker(self, exercise: str) -> Marker:
        """Return the marker of an exercise; the exercise is read at the first call.

        Args:
            exercise: Id of the exercise.

        Raises:
            UnknownName: There is no such exercise.
            ContentMistakes: The exercise, or a page that it uses, has mistakes.
        """
        return self._of(exercise)[0]

    def criteria(self, exercise: str) -> str:
        """Return the criteria hash of an exercise.

        It is empty if the content was changed again and again while it was read.

        Args:
            exercise: Id of the exercise.

        Raises:
            UnknownName: There is no such exercise.
            ContentMistakes: The exercise, or a page that it uses, has mistakes.
        """
        return self._of(exercise)[1]

    def _of(self, exercise: str) -> tuple[Marker, str]:
        if exercise not in self._read:
            folder = self.library.folder
            read, criteria = _read_consistently(folder, exercise)
            if counts_exact_days(folder):
                read = _with_exact_days(read)
            self._read.setdefault(exercise, (Marker(read), criteria))
        return self._read[exercise]


def cached_content(folder: Path) -> ContentCache:
    """Return the cache of a content folder, created at the first call."""
    if folder not in _CACHE:
        _CACHE[folder] = ContentCache(Library(folder))
    return _CACHE[folder]


def cached_or_new_content(folder: Path) -> ContentCache:
    """Return the cache of a content folder, or else a new one that is not kept."""
    return _CACHE.get(folder) or ContentCache(Library(folder))


def invalidate(folder: Path) -> None:
    """Drop the cache of a content folder, because the folder may have changed."""
    _CACHE.pop(folder, None)


def in_force(workspace: Path, exercise: Exercise, criteria: str | None) -> Exercise:
    """Return an exercise as it was under older criteria.

    Args:
        workspace: The workspace with the snapshots of criteria.
        exercise: The exercise of today.
        criteria: The criteria hash; ``None`` for those of today.

    Returns:
        The older exercise; the one of today, if there is no such snapshot.
    """
    if criteria is None:
        return exercise
    kept = kept_criteria(workspace, criteria, exercise.id)
    return cached_content(kept).marker(exercise.id).exercise if kept else exercise


def _with_exact_days(exercise: Exercise) -> Exercise:
    """Copy an exercise so that only the last day counts as right for a due day."""
    cases = tuple(replace(each, exact_days=True) for each in exercise.cases)
    return replace(exercise, cases=cases)


def _read_consistently(folder: Path, name: str) -> tuple[Exercise, str]:
    """Read an exercise and its criteria hash, both from the same state of the files.

    It is read again until the hash is the same twice in a row. After ``MOST_TRIES``
    the hash is empty.
    """
    found = ""
    for _ in range(MOST_TRIES):
        exercise, before = read_exercise(Library(folder), name), found
        found = _hash_of(folder, exercise)
        if found == before:
            return exercise, found
    return exercise, ""


def _hash_of(folder: Path, exercise: Exercise) -> str:
    with suppress(OSError):  # a file was removed meanwhile
        return criteria_of(folder, exercise)
    return ""
