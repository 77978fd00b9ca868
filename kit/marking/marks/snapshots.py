"""Snapshots of the criteria of an attempt, stored under their hash when it begins.

A page may change between the beginning of an attempt and its marking. The agent is
marked by what was in force at the beginning, so that is stored: the playbook, the
reference pages, the brief, the cases, and how days are counted. No code is among it,
and no best answer: the notebook that shows the mark is always that of the content
folder.
"""

import json
import re
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from ...content.exercises import Exercise
from ..records.atomic_files import sync_folder, write_end

FOLDER = "criteria"
_HASH = re.compile(r"[0-9a-f]{64}")
COUNTING = "counting.md"
"""The file of kept criteria that says how answers are counted."""

EARLY_DAYS = b"Of a due day, an earlier day than the last one is in time.\n"
"""How answers are counted now. Criteria without it are of an earlier version, by which
only the last day itself was right; an attempt of that time is still marked so."""


def criteria_of(content: Path, exercise: Exercise) -> str:
    """Compute the criteria hash of an exercise as it is now.

    Args:
        content: The folder of content.
        exercise: The exercise, as it was read from there.

    Raises:
        OSError: A page cannot be read.
    """
    return _hash(_files(content, exercise.id, exercise.playbook.id))


def keep_criteria(content: Path, exercise: Exercise, workspace: Path) -> str:
    """Store a snapshot of the criteria of an exercise, and return its hash.

    Args:
        content: The content folder.
        exercise: The exercise, as it was read from there.
        workspace: The workspace that stores the snapshot.

    Raises:
        OSError: It cannot be written.
    """
    files = _files(content, exercise.id, exercise.playbook.id)
    name = _hash(files)
    if kept_criteria(workspace, name, exercise.id) is None:
        target = workspace / FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(files, target)
    return name


def kept_criteria(workspace: Path, name: str, exercise: str) -> Path | None:
    """Return the content folder of a snapshot; ``None`` if it is missing or changed.

    Args:
        workspace: The workspace with the snapshot.
        name: The criteria hash.
        exercise: Id of the exercise.
    """
    folder = workspace / FOLDER / name
    try:
        (page,) = (folder / "playbooks").glob("*.md")
        files = _files(folder, exercise, page.stem)
    except (OSError, ValueError):
        return None
    return folder if _hash(files) == name else None


def counts_exact_days(content: Path) -> bool:
    """Tell whether a snapshot is of a version that accepted only the last day."""
    return _is_kept(content) and not (content / COUNTING).is_file()


def _is_kept(content: Path) -> bool:
    return content.parent.name == FOLDER and bool(_HASH.fullmatch(content.name))


def _files(content: Path, exercise: str, playbook: str) -> dict[str, bytes]:
    """Read the files that make up the criteria, by their path in the folder."""
    paths = [
        *sorted((content / "playbooks" / "reference").glob("*.md")),
        content / "playbooks" / f"{playbook}.md",
        *(content / "exercises" / exercise / name for name in ("brief.md", "cases.md")),
    ]
    files = {each.relative_to(content).as_posix(): each.read_bytes() for each in paths}
    if not _is_kept(content):
        files[COUNTING] = EARLY_DAYS
    elif not counts_exact_days(content):
        files[COUNTING] = (content / COUNTING).read_bytes()
    return files


def _hash(files: Mapping[str, bytes]) -> str:
    each = {name: sha256(content).hexdigest() for name, content in files.items()}
    return sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()


def _write_whole(files: Mapping[str, bytes], target: Path) -> None:
    """Write a folder atomically; one that a crash left incomplete is replaced."""
    fresh = target.with_name(f".{token_hex(4)}")
    try:
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_end(path, content)
        shutil.rmtree(target, ignore_errors=True)
        try:
            fresh.rename(target)
        except OSError:  # somebody else was quicker, with the same files
            if not target.is_dir():
                raise
        sync_folder(target.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
