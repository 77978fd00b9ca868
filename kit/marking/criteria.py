"""Criteria: all by which an attempt is marked, kept under its hash when it begins.

A page may change between the beginning of an attempt and its marking. The agent is
marked by what was in force at the beginning, so that is kept: the playbook, the
reference pages, the brief, the cases, the notebook. No best answer is among it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from ..content.exercises import Exercise

FOLDER = "criteria"


def criteria_of(content: Path, exercise: Exercise) -> str:
    """The hash of all by which an exercise is marked now.

    Args:
        content: The folder of content.
        exercise: The exercise, as it was read from there.
    """
    return _hash(_files(content, exercise.id, exercise.playbook.id))


def keep_criteria(content: Path, exercise: Exercise, workspace: Path) -> str:
    """Keep all by which an exercise is marked now, and give its hash.

    Raises:
        OSError: It cannot be written.
    """
    files = _files(content, exercise.id, exercise.playbook.id)
    name = _hash(files)
    target = workspace / FOLDER / name
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(files, target)
    return name


def kept_criteria(workspace: Path, name: str, exercise: str) -> Path | None:
    """The folder of content that was kept under a hash; none if it is not whole."""
    folder = workspace / FOLDER / name
    pages = sorted((folder / "playbooks").glob("*.md"))
    if len(pages) != 1:
        return None
    try:
        files = _files(folder, exercise, pages[0].stem)
    except (OSError, ValueError):
        return None
    return folder if _hash(files) == name else None


def _files(content: Path, exercise: str, playbook: str) -> dict[str, bytes]:
    """Every file that has a say, by its path in the folder."""
    paths = [
        *sorted((content / "playbooks" / "reference").glob("*.md")),
        content / "playbooks" / f"{playbook}.md",
        *(content / "exercises" / exercise / name for name in ("brief.md", "cases.md")),
    ]
    files = {each.relative_to(content).as_posix(): each.read_bytes() for each in paths}
    notebook = content / "exercises" / exercise / "exercise.ipynb"
    files[notebook.relative_to(content).as_posix()] = _without_outputs(notebook)
    return files


def _without_outputs(notebook: Path) -> bytes:
    """The notebook as it is run; the outputs of ours hold the best answers."""
    tree = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in tree["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _hash(files: Mapping[str, bytes]) -> str:
    each = {name: sha256(content).hexdigest() for name, content in files.items()}
    return sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()


def _write_whole(files: Mapping[str, bytes], target: Path) -> None:
    """Write a whole folder or none; somebody else may be writing the same one."""
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix="."))
    try:
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            os.rename(fresh, target)  # noqa: PTH104 (refuses a folder that is there)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
