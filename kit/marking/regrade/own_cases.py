"""The cases of an attempt, where the exercise of today has others.

A case that is changed is another case. An attempt at an exercise of an earlier day is
held against other pages with the cases that its agent has answered: they were kept
when the attempt began. Today's brief says what counts, or the one that was kept with
them.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ...content.exercises import BRIEF, CASES
from ..marks.snapshots import kept_criteria

EXERCISES, PLAYBOOKS = "exercises", "playbooks"


@dataclass(frozen=True, slots=True)
class OwnCases:
    """The cases of an attempt that are not those of today."""

    criteria: str
    """The hash under which they were kept."""

    file: Path
    """The file with the cases."""


def own_cases(
    workspace: Path, content: Path, exercise: str, criteria: str | None
) -> OwnCases | None:
    """Find the cases of an attempt that were kept and differ from those of today.

    Args:
        workspace: The folder of the records.
        content: The folder of content of today.
        exercise: The id of the exercise.
        criteria: The hash of all that was in force when the attempt began.

    Returns:
        The cases; ``None`` where they are those of today, or where none were kept.
    """
    kept = kept_criteria(workspace, criteria, exercise) if criteria else None
    if criteria is None or kept is None:
        return None
    file = kept / EXERCISES / exercise / CASES
    try:
        today = (content / EXERCISES / exercise / CASES).read_bytes()
        is_same = file.read_bytes() == today
    except OSError:
        return None
    return None if is_same else OwnCases(criteria, file)


def lay_own_cases(
    own: OwnCases,
    content: Path,
    exercise: str,
    folder: Path,
    *,
    with_brief: bool = False,
) -> Path:
    """Copy the playbooks and one exercise of a folder, with other cases.

    Args:
        own: The cases.
        content: The folder of content from which all else is copied.
        exercise: The id of the exercise.
        folder: An empty folder.
        with_brief: Whether the brief that was kept with the cases says what counts.

    Returns:
        The folder of content that was made.

    Raises:
        OSError: It cannot be written.
    """
    shutil.copytree(content / PLAYBOOKS, folder / PLAYBOOKS)
    shutil.copytree(content / EXERCISES / exercise, folder / EXERCISES / exercise)
    for name in (CASES, BRIEF) if with_brief else (CASES,):
        shutil.copy(own.file.with_name(name), folder / EXERCISES / exercise / name)
    return folder
