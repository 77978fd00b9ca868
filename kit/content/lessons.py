"""Read what a lesson shows from its notebook, without running it.

Each cell is parsed: a lesson is known by its calls, whose names are string literals.
So there is no second list of its cases that could differ.
"""

import ast
import json
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LESSON = "lesson"
"""The variable in which the notebooks of the kit keep their lesson."""

OPEN_LESSON, OPEN_EXERCISE = "open_lesson", "open_exercise"
OPENS = {
    OPEN_LESSON: ("name",),
    OPEN_EXERCISE: ("name", "answers", "attempt"),
}
"""The functions that open a page, with the names of their arguments."""

SHOWS: Mapping[str, tuple[str, ...]] = {
    "desk": ("playbook", "case"),
    "practise": ("playbook",),
    "table": ("playbook", "decision"),
    "limits": ("playbook",),
    "calendar": ("playbook", "limit", "marketplace", "start"),
    "spot": ("playbook", "mistake"),
    "predict": ("playbook", "check", "answer"),
    "course": (),
}
"""What a lesson can show, with the names of its arguments, as in ``kit.lesson``."""

_NO_NOTEBOOK = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""The errors that a file of another form can cause, however deeply it is nested."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook."""

    text: str
    """Its source."""

    is_code: bool
    """Whether it is run; else it is text."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call by which a cell shows something."""

    name: str
    """What is called, such as ``desk``."""

    arguments: Mapping[str, str | None]
    """The arguments by name; ``None`` for one that is not a string literal."""

    given: int
    """How many arguments were passed, also those that the call does not accept."""

    source: str
    """Its source in one line, for messages."""

    begins: str
    """The first line of its text, as it stands in the cell."""


def cells_of(notebook: Path) -> tuple[Cell, ...]:
    """Read the cells of a notebook.

    Raises:
        OSError: It cannot be opened.
        ValueError: It is no notebook.
    """
    text = notebook.read_text(encoding="utf-8")
    try:
        return tuple(_cell(each) for each in json.loads(text)["cells"])
    except json.JSONDecodeError:
        raise
    except _NO_NOTEBOOK as error:
        raise ValueError(error) from error


def calls_in(source: str, lesson: str = LESSON) -> tuple[Call, ...]:
    """Find the calls of a cell that open a page or show something.

    Args:
        source: The source of the cell.
        lesson: The variable in which the notebook keeps its lesson.

    Raises:
        SyntaxError: The cell is not Python.
    """
    source = _without_magics(source)
    nodes = [each for each in ast.walk(_parsed(source)) if isinstance(each, ast.Call)]
    found = (_call(node, source, lesson) for node in nodes)
    return tuple(call for call in found if call is not None)


def name_of_lesson(cells: Sequence[Cell]) -> str:
    """Find the variable in which a notebook keeps its lesson."""
    for cell in cells:
        with suppress(SyntaxError):
            for node in ast.walk(_parsed(_without_magics(cell.text))):
                if cell.is_code and isinstance(node, ast.Assign) and _opens(node.value):
                    return ast.unparse(node.targets[0])
    return LESSON


def cases_of_lesson(notebook: Path) -> tuple[str, ...]:
    """List the practice cases of a lesson, in their order.

    Args:
        notebook: The file of the lesson; a missing or malformed one has no cases.
    """
    if not notebook.is_file():
        return ()
    try:
        cells = cells_of(notebook)
        name = name_of_lesson(cells)
        sources = [each.text for each in cells if each.is_code]
        calls = [call for source in sources for call in calls_in(source, name)]
    except (OSError, ValueError, SyntaxError):
        return ()
    cases = (each.arguments.get("case") for each in calls if each.name == "desk")
    return tuple(case for case in cases if case)


def _cell(cell: Any) -> Cell:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return Cell(text, is_code=cell["cell_type"] == "code")


def _without_magics(source: str) -> str:
    """Blank the lines that only IPython understands."""
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!")) else line
        for line in source.split("\n")
    )


def _parsed(source: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd backslash is the author's affair
            return ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:  # such as a NUL
        raise SyntaxError(str(error)) from error


def _call(node: ast.Call, source: str, lesson: str) -> Call | None:
    """Take a call as one of a lesson; nothing if it is another."""
    func = node.func
    if isinstance(func, ast.Name) and func.id in OPENS:
        name, takes = func.id, OPENS[func.id]
    elif isinstance(func, ast.Attribute) and _is_lesson(func.value, lesson):
        name, takes = func.attr, SHOWS.get(func.attr, ())
    else:
        return None
    given = dict(zip(takes, node.args, strict=False))
    given |= {each.arg: each.value for each in node.keywords if each.arg}
    text = ast.get_source_segment(source, node) or name
    return Call(
        name,
        {each: _text_of(value) for each, value in given.items()},
        len(node.args) + len(node.keywords),
        " ".join(text.split()),
        text.partition("\n")[0],
    )


def _opens(node: ast.expr) -> bool:
    """Whether this is the call that opens a lesson."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call and node.func.id == OPEN_LESSON  # type: ignore[attr-defined]


def _is_lesson(node: ast.expr, name: str) -> bool:
    """Whether this is a lesson: the name that keeps it, or the call that opens it."""
    return _opens(node) or (isinstance(node, ast.Name) and node.id == name)


def _text_of(node: ast.expr) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else None  # type: ignore[attr-defined]
