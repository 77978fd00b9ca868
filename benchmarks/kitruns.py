"""The kit's own commands over many attempts, each as a process from start to end."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .bulk import prepare
from .processes import Sample, timed, watched
from .report import Reading

ROOT = Path(__file__).parents[1]
KIT = shutil.which("kit", path=str(Path(sys.executable).parent)) or "kit"
EACH = 10
"""How many attempts every agent has handed in, where attempts are graded."""


def offers(command: str, option: str) -> bool:
    """Whether the kit of this checkout has a command with an option."""
    argv = [KIT, command, "--help"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.returncode == 0 and option in done.stdout


def graded(attempts: int, *, jobs: int, engine: str = "") -> Reading:
    """Time ``kit grade`` over so many attempts that wait for their mark.

    Raises:
        AssertionError: It failed, or not every attempt has a report.
    """
    with _waiting(attempts) as workspace:
        reading = timed(_grade(workspace, jobs, engine), cwd=ROOT)
        assert _reports(workspace) == attempts, (_reports(workspace), attempts)
    return reading


def graded_and_watched(attempts: int, *, jobs: int) -> list[Sample]:
    """Look at the memory of ``kit grade`` while it marks so many attempts.

    Raises:
        AssertionError: It failed, or not every attempt has a report.
    """
    with _waiting(attempts) as workspace:
        argv = _grade(workspace, jobs, "")
        samples = watched(argv, cwd=ROOT, done=lambda: _reports(workspace))
        assert _reports(workspace) == attempts
    return samples


def regraded(workspace: Path, playbooks: Path, *, jobs: int) -> Reading:
    """Time ``kit regrade`` over the records of a workspace.

    Raises:
        AssertionError: It failed.
    """
    argv = [KIT, "--content", ROOT, "--workspace", workspace, "regrade"]
    return timed([*argv, "--playbooks", playbooks, "--jobs", jobs], cwd=ROOT)


@contextmanager
def _waiting(attempts: int) -> Iterator[Path]:
    assert attempts % EACH == 0, attempts
    with tempfile.TemporaryDirectory(prefix="kit-graded-") as folder:
        workspace = Path(folder) / "workspace"
        prepare(workspace, agents=attempts // EACH, each=EACH)
        yield workspace


def _grade(workspace: Path, jobs: int, engine: str) -> list[object]:
    argv = [KIT, "--content", ROOT, "--workspace", workspace, "grade", "--jobs", jobs]
    return [*argv, "--engine", engine] if engine else argv


def _reports(workspace: Path) -> int:
    return sum(1 for _ in workspace.glob("reports/*/*/*.html"))
