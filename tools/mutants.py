"""Change the code in small ways, and name the changes that no test notices.

``make mutants`` or ``python -m tools.mutants`` draws a sample of mutants from each
area below, runs the tests that reach the changed function, and prints the share that
was noticed and every survivor with its place and its change::

    python -m tools.mutants --area rules --most 100 --seed 7 --minutes 5

mutmut makes and runs the mutants. It has no sample and no time limit, and reads one
list of tests for all modules; this module adds the three. It works on a copy of the
tree, so a run that is stopped leaves no changed file behind. mutmut needs a system
that can fork, so on Windows it runs in WSL only. It leaves functions with decorators
alone, such as properties.
"""

import argparse
import ast
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("kit", "playbooks", "exercises", "notebooks", "docs", "tools", "tests")
NOTICED = ("killed", "timeout", "segfault", "suspicious")
"""What mutmut says of a mutant with which the tests do not pass."""

NOT_TRIED = "not checked"
_RESULT = re.compile(r"\s+(\S+__mutmut_\d+): (.+)")
_NAME = re.compile(r"(?P<module>[\w.]+)\.x(?P<function>[_ǁ].+)__mutmut_\d+")
_HUNK = re.compile(r"@@ -(\d+)")


@dataclass(frozen=True, slots=True)
class Area:
    """Modules, and the tests that are nearest to them."""

    modules: tuple[str, ...]
    """Their files, with ``*`` for any."""

    tests: tuple[str, ...]
    """The names of test files, without ``test_`` and ``.py``."""


AREAS: dict[str, Area] = {
    "rules": Area(
        ("kit/rules/*.py",),
        (
            *("calendars", "limits", "cells", "tables", "tablerule", "proofs"),
            *("regions", "facts", "decisions", "outcomes", "phrases", "generated"),
            *("typed", "values"),
        ),
    ),
    "questions": Area(
        ("kit/practice/case/questions.py", "kit/screens/exercise/quiz.py"),
        ("practice", "lessons", "screens", "due_days", "quizzes"),
    ),
    "timelines": Area(
        ("kit/practice/desk/timeline.py", "kit/screens/desk/timeline_view.py"),
        ("practice", "screens", "timelines"),
    ),
    "marks": Area(("kit/marking/marks/marks.py",), ("marks", "due_days")),
}


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test notices."""

    file: str
    """The file, from the folder of the project."""

    line: int
    """The first line that differs, from 1."""

    status: str
    """``survived``, or ``no tests`` where none reaches the function."""

    diff: str
    """The lines that differ."""


def results_in(printed: str) -> dict[str, str]:
    """Read what ``mutmut results`` prints.

    Returns:
        The status of each mutant by its name.
    """
    found = (_RESULT.fullmatch(line) for line in printed.splitlines())
    return {match[1]: match[2] for match in found if match}


def draw(names: Iterable[str], *, most: int, seed: int) -> list[str]:
    """Draw some mutants, the same ones for the same seed.

    Args:
        names: All mutants.
        most: How many at most.
        seed: Any number.
    """
    every = sorted(names)
    return random.Random(seed).sample(every, min(most, len(every)))


def changed_lines(shown: str) -> str:
    """Keep the lines of a diff that differ."""
    lines = shown.splitlines()
    return "\n".join(
        line
        for line in lines
        if line[:1] in ("-", "+") and not line.startswith(("---", "+++"))
    )


def place_of(name: str, shown: str, root: Path) -> tuple[str, int]:
    """Find the file and the line of a mutant.

    Args:
        name: What mutmut calls it: ``kit.a.x_do__mutmut_1`` for a function and
            ``kit.a.xǁThingǁdo__mutmut_1`` for a method.
        shown: What ``mutmut show`` prints of it: its lines count from the function.
        root: The folder of the project.

    Raises:
        ValueError: It is not the name of a mutant.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(name)
    path = f"{match['module'].replace('.', '/')}.py"
    inside = match["function"][1:].split("ǁ")
    start = _line_of(ast.parse((root / path).read_text(encoding="utf-8")), inside)
    return path, start + _offset(shown)


def _line_of(tree: ast.AST, path: Sequence[str]) -> int:
    """Find the first line of a function, or of a method by its class and name."""
    node = tree
    for name in path:
        node = next(
            each
            for each in ast.iter_child_nodes(node)
            if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name == name
        )
    decorators = getattr(node, "decorator_list", [])
    return min(getattr(each, "lineno", 1) for each in (node, *decorators))


def _offset(shown: str) -> int:
    """Count the lines from the start of the function to the first one that differs."""
    number = 0
    for line in shown.splitlines():
        if hunk := _HUNK.match(line):
            number = int(hunk[1]) - 1
        elif line.startswith(("---", "+++", "#")):
            continue
        elif line[:1] in ("-", "+"):
            return number
        else:
            number += 1
    return 0


def settings_for(area: Area) -> str:
    """Write mutmut's table of ``pyproject.toml``."""
    tests = [f"tests/test_{name}.py" for name in area.tests]
    table = {
        # A fork of the process that has run all tests would have full caches, and a
        # changed function behind a cache would never be called.
        "process_isolation": "forkserver",
        "track_dependencies": False,
        "source_paths": ["kit"],
        "only_mutate": list(area.modules),
        "also_copy": list(COPIED),
        "pytest_add_cli_args": ["-m", "not long"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in table.items()]
    return "\n".join(["", "[tool.mutmut]", *lines, ""])


class Tree:
    """A copy of the project in which mutmut works."""

    def __init__(self, folder: Path, area: Area) -> None:
        """Copy the project.

        Args:
            folder: An empty folder.
            area: What is changed, and by which tests it is tried.
        """
        self.folder = folder
        left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (folder / "pyproject.toml").write_text(
            settings + settings_for(area), encoding="utf-8"
        )

    def mutmut(self, *arguments: str, seconds: float | None = None) -> str:
        """Run a command of mutmut.

        Args:
            arguments: The command and its arguments.
            seconds: When it is stopped; it keeps what it has found by then.

        Returns:
            What it printed.
        """
        program = Path(sys.executable).with_name("mutmut")
        process = subprocess.Popen(
            [program, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            printed, _ = process.communicate()
        return printed

    def results(self) -> dict[str, str]:
        """Every mutant that there is, with its status."""
        return results_in(self.mutmut("results", "--all", "true"))

    def survivor(self, name: str, status: str) -> Survivor:
        """Describe a mutant that no test notices."""
        shown = self.mutmut("show", name)
        file, line = place_of(name, shown, ROOT)
        return Survivor(file, line, status, changed_lines(shown))


def try_area(
    area: Area, *, most: int, seed: int, until: float
) -> tuple[Counter[str], list[Survivor]]:
    """Try a sample of the mutants of an area.

    Args:
        area: The modules and their tests.
        most: How many mutants at most.
        seed: Which ones.
        until: When to stop, in seconds of the monotonic clock.

    Returns:
        How many mutants ended with which status, and the survivors.

    Raises:
        RuntimeError: mutmut made no mutants, or the tests fail without any.
    """
    with tempfile.TemporaryDirectory(prefix="kit-mutants-") as folder:
        tree = Tree(Path(folder), area)
        # A name that fits nothing: mutants are made and tests are timed, none is run.
        said = tree.mutmut("run", "--max-children", "1", "none", seconds=_left(until))
        drawn = draw(tree.results(), most=most, seed=seed)
        if drawn:
            run = ("run", "--max-children", "1", *drawn)
            said = tree.mutmut(*run, seconds=_left(until))
        results = tree.results()
        found = {name: results[name] for name in drawn}
        if {*found.values()} <= {NOT_TRIED} and _left(until) > 0:
            raise RuntimeError(said[-2000:])
        survivors = [
            tree.survivor(name, status)
            for name, status in found.items()
            if status not in {*NOTICED, NOT_TRIED}
        ]
    return Counter(found.values()), sorted(
        survivors, key=lambda each: (each.file, each.line)
    )


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0)


def report(name: str, counts: Counter[str], survivors: Sequence[Survivor]) -> str:
    """Say how many mutants were noticed, and show the others."""
    tried = counts.total() - counts[NOT_TRIED]
    noticed = sum(counts[each] for each in NOTICED)
    share = round(100 * noticed / tried) if tried else 0
    lines = [f"{name}: {noticed} of {tried} mutants noticed ({share} %)."]
    if counts[NOT_TRIED]:
        lines += [f"  {counts[NOT_TRIED]} more were not tried: the time was up."]
    for each in survivors:
        lines += [f"  {each.file}:{each.line} {each.status}"]
        lines += [f"    {line}" for line in each.diff.splitlines()]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Try a sample of each area and print what came of it.

    Returns:
        0; a survivor is something to look at, and no failure.
    """
    parser = argparse.ArgumentParser(prog="tools.mutants", description=__doc__)
    parser.add_argument("--area", choices=AREAS, action="append", help="default: all")
    parser.add_argument("--most", type=int, default=60, help="mutants of each area")
    parser.add_argument("--seed", type=int, default=1, help="which mutants are drawn")
    parser.add_argument("--minutes", type=float, default=12, help="for all areas")
    asked = parser.parse_args(arguments)
    names = asked.area or list(AREAS)
    end = time.monotonic() + 60 * asked.minutes
    total: Counter[str] = Counter()
    for number, name in enumerate(names):
        until = time.monotonic() + _left(end) / (len(names) - number)
        counts, survivors = try_area(
            AREAS[name], most=asked.most, seed=asked.seed, until=until
        )
        total += counts
        print(report(name, counts, survivors), flush=True)
    print(report("All", total, ()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
