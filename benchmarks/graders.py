"""The peers that mark notebooks, each run as its own manual says, and timed.

Whatever they say an attempt is worth is compared with what it is worth; one difference
ends the benchmark, so that no peer is timed at less than the work.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from .attempts import EXERCISE, Drawn
from .notebooks import (
    NOTEBOOK,
    fill_in,
    points_of,
    write_otter,
    write_otter_tests,
    write_source,
)
from .peers import NBGRADER, OTTER, peer_python
from .processes import timed
from .report import Reading

ROOT = Path(__file__).parents[1]

POINTS = """
select submission.student_id, sum(grade.auto_score)
from grade
join submitted_notebook on grade.notebook_id = submitted_notebook.id
join submitted_assignment as submission
  on submitted_notebook.assignment_id = submission.id
group by submission.student_id
"""


class Nbgrader:
    """nbgrader: one course, whose submissions are marked in one call."""

    def __init__(self, folder: Path) -> None:
        """Make the course with its released exercise; this is not timed."""
        self._python, self._course = peer_python(NBGRADER), folder
        write_source(folder / "source" / EXERCISE / NOTEBOOK)
        self._run(folder, "generate_assignment", EXERCISE)

    def marked(self, attempts: Sequence[Drawn], folder: Path) -> Reading:
        """Time ``nbgrader autograde`` over some submissions, in a copy of the course.

        Raises:
            AssertionError: A submission is worth something else in its gradebook.
        """
        shutil.copytree(self._course, folder)
        release = folder / "release" / EXERCISE / NOTEBOOK
        wanted = {}
        for number, attempt in enumerate(attempts, start=1):
            agent = f"a-{number:03}"
            path = folder / "submitted" / agent / EXERCISE / NOTEBOOK
            fill_in(release, path, attempt)
            wanted[agent] = points_of(attempt)
        reading = self._run(folder, "autograde", EXERCISE)
        with closing(sqlite3.connect(folder / "gradebook.db")) as book:
            found = dict(book.execute(POINTS).fetchall())
        assert found == wanted, (found, wanted)
        return reading

    def _run(self, folder: Path, *words: str) -> Reading:
        argv = [self._python, "-m", "nbgrader", *words]
        return timed(argv, cwd=folder, env=_first_on_path(self._python.parent))


class Otter:
    """otter-grader: one run without a container for each submission."""

    def __init__(self, folder: Path) -> None:
        """Make the zip file with the tests; this is not timed."""
        self._python, self._folder = peer_python(OTTER), folder
        write_otter_tests(folder / "tests")
        nothing = ("--no-config", "--no-requirements", "--no-environment")
        self._run("generate", "-t", "tests", "-o", "autograder.zip", *nothing)

    def marked(self, attempt: Drawn, name: str) -> Reading:
        """Time one ``otter run``, from the command to its end.

        Raises:
            AssertionError: The submission is worth something else in its results.
        """
        out = self._folder / name
        write_otter(out / NOTEBOOK, attempt)
        zipped = ("-a", "autograder.zip")
        reading = self._run("run", *zipped, "-o", name, f"{name}/{NOTEBOOK}")
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
        found = sum(test.get("score", 0) for test in results["tests"])
        assert found == points_of(attempt), (found, points_of(attempt))
        return reading

    def in_one_process(self, attempts: Sequence[Drawn], name: str) -> list[Reading]:
        """Time its Python function in a process that has imported it before."""
        paths = []
        for number, attempt in enumerate(attempts):
            paths.append(self._folder / f"{name}-{number}" / NOTEBOOK)
            write_otter(paths[-1], attempt)
        wanted = [points_of(attempt) for attempt in attempts]
        argv = [self._python, ROOT / "benchmarks" / "work_otter.py", *paths]
        found = _answer(argv, self._folder, {})
        assert found["points"] == wanted, (found["points"], wanted)
        return [Reading(*each) for each in found["seconds"]]

    def _run(self, *words: str) -> Reading:
        argv = [self._python, "-m", "otter", *words]
        env = _first_on_path(self._python.parent)
        return timed(argv, cwd=self._folder, env=env)


def papermill_marked(attempts: Sequence[Drawn], folder: Path) -> list[Reading]:
    """Time papermill as it comes with our own exercise notebook, in one process.

    Raises:
        AssertionError: A notebook shows no mark.
    """
    folder.mkdir(parents=True)
    given = folder / "attempts.json"
    given.write_text(json.dumps(list(attempts)), encoding="utf-8")
    argv = [sys.executable, "-m", "benchmarks.work_papermill", given, folder]
    found = _answer(argv, ROOT, {"KIT_CONTENT": str(ROOT)})
    assert found["marks"] == len(attempts), found
    return [Reading(*each) for each in found["seconds"]]


def _first_on_path(folder: Path) -> Mapping[str, str]:
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def _answer(
    argv: Sequence[object], cwd: Path, env: Mapping[str, str]
) -> dict[str, Any]:
    words = [str(each) for each in argv]
    env = {**os.environ, **env}
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, check=False)
    assert done.returncode == 0, (words, done.stderr.decode()[-2000:])
    return json.loads(done.stdout.splitlines()[-1])
