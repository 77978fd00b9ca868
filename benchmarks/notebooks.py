"""The same exercise as notebooks of the peers: answers as data, a check for each.

A case is one cell with the answers of an agent as a literal. What is checked is each
answer and each panel that had to be opened; a check is worth one point.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .attempts import Drawn, subject

WRITTEN = ("looked", "sure", "reply")
"""What of a sheet is no answer to a question."""

NOTEBOOK = "exam.ipynb"
ANSWER = "answer-"

Check = tuple[str, str]
"""Name of an answer, and an expression that is true if it is right."""


def checks_of(case: str) -> list[Check]:
    """List what is checked in a case: every answer, and the panels as one."""
    model, name = subject().model[case], variable(case)
    answers = [
        (key, f'{name}["{key}"] == {value!r}')
        for key, value in model.items()
        if key not in WRITTEN
    ]
    panels = set(model["looked"].split(", "))
    looked = f'{_sorted(panels)} <= set({name}["looked"].split(", "))'
    return [*answers, ("looked", looked)]


def _sorted(words: set[str]) -> str:
    return "{" + ", ".join(map(repr, sorted(words))) + "}"


def variable(case: str) -> str:
    """Name the variable that holds the answers of a case."""
    return case.replace("-", "_")


def points_of(attempt: Drawn) -> int:
    """Say how many checks an attempt passes, found without running a notebook."""
    return sum(
        _is_right(sheet[key], subject().model[case][key], key)
        for case, sheet in attempt.items()
        for key, _ in checks_of(case)
    )


def _is_right(given: str, right: str, key: str) -> bool:
    if key == "looked":
        return set(right.split(", ")) <= set(given.split(", "))
    return given == right


def write_source(path: Path) -> None:
    """Write the notebook of nbgrader from which the exercise is made, with its key."""
    cells: list[dict[str, Any]] = []
    for case, sheet in subject().model.items():
        code = f"### BEGIN SOLUTION\n{_literal(case, sheet)}\n### END SOLUTION"
        cells.append(_cell(f"{ANSWER}{case}", code, solution=True))
        for key, test in checks_of(case):
            code = f"### BEGIN HIDDEN TESTS\nassert {test}\n### END HIDDEN TESTS"
            cells.append(_cell(f"test-{case}-{key}", code, grade=True, points=1))
    _write(path, cells)


def fill_in(release: Path, path: Path, attempt: Drawn) -> None:
    """Fill the released notebook of nbgrader with the answers of an agent."""
    cells = json.loads(release.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name.startswith(ANSWER):
            case = name.removeprefix(ANSWER)
            cell["source"] = _literal(case, attempt[case])
    _write(path, cells)


def write_otter(path: Path, attempt: Drawn) -> None:
    """Write a submission for otter-grader, whose tests are files of their own."""
    _write(
        path,
        [
            _cell(f"{ANSWER}{case}", _literal(case, each))
            for case, each in attempt.items()
        ],
    )


def write_otter_tests(folder: Path) -> None:
    """Write a file of tests for each case, one hidden test for each check."""
    folder.mkdir(parents=True)
    for number, case in enumerate(subject().exercise.cases, start=1):
        checks = checks_of(case.id)
        tests = [
            {"code": f">>> {test}\nTrue", "hidden": True, "locked": False}
            for _, test in checks
        ]
        suite = {"cases": tests, "scored": True, "type": "doctest"}
        suite |= {"setup": "", "teardown": ""}
        test = {"name": f"q{number}", "points": [1] * len(checks), "suites": [suite]}
        (folder / f"q{number}.py").write_text(
            f"OK_FORMAT = True\n\ntest = {test!r}\n", encoding="utf-8"
        )


def _literal(case: str, sheet: Mapping[str, str]) -> str:
    lines = [f"    {key!r}: {value!r}," for key, value in sheet.items()]
    return "\n".join((f"{variable(case)} = {{", *lines, "}"))


def _cell(name: str, code: str, **graded: bool | int) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": name[-64:],
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": code,
    }
    if graded:
        metadata = {"grade": False, "solution": False, "task": False} | graded
        metadata |= {"grade_id": name, "locked": bool(metadata["grade"])}
        metadata |= {"schema_version": 3, "cell_type": "code"}
        cell["metadata"] = {"nbgrader": metadata}
    return cell


def _write(path: Path, cells: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
