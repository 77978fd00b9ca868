"""Collect what people read, each piece with its file and its line.

What buyers say is left out: the messages of cases, the lines of a talk and the
stories. So are the tables that are rules, whose cells are names and not sentences.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

READ_COLUMNS = {
    "Ask or look",
    "How often",
    "In our words",
    "In words",
    "Is",
    "Meaning",
    "Mistake",
    "On screen",
    "Title",
    "Why it is wrong",
}
"""The columns of tables that hold sentences or names on screen."""

FRONT_LINES = re.compile(r"^\s*(?:title|why): *(.*)$")
BUYERS = ("Talk",)
RULES = ("Check",)
NOT_PAGES = {"replies.md", "stories.md"}
"""Words to look for in replies, and the words of buyers."""

_ENTRY = re.compile(r"""^[\w.-]+ = (["'])(.*)\1\s*$""")
_SAY = re.compile(r"^### \S+ · ([a-z]{2})")
_RULE = re.compile(r"^\|[\s:|-]+\|$")
_ITEM = re.compile(r"^\s*(?:\d+\.|[-*]) +")


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of text that a person reads."""

    path: Path
    """The file, as it is printed."""

    line: int
    """The line of the file, counted from 1."""

    text: str
    """The words, with their Markdown and slots."""

    language: str = "en"
    """Two letters."""


def collect(root: Path) -> list[Passage]:
    """Collect everything that agents, supervisors and authors read.

    Args:
        root: The folder of the project.

    Returns:
        The passages, file by file.
    """
    found: list[Passage] = []
    for path in files_to_read(root):
        found += read_file(root / path, path)
    return found


def files_to_read(root: Path) -> list[Path]:
    """List the files that are checked, each as a path inside the project.

    Args:
        root: The folder of the project.
    """
    wanted = [
        *sorted(root.glob("kit/texts/*/*.toml")),
        *sorted(root.glob("playbooks/*.md")),
        *sorted(root.glob("playbooks/reference/*.md")),
        *sorted(root.glob("notebooks/*.ipynb")),
        *sorted(root.glob("exercises/*/brief.md")),
        *sorted(root.glob("exercises/*/exercise.ipynb")),
        *sorted(root.glob("exercises/*.md")),
        root / "README.md",
        root / "docs/words.md",
    ]
    return [each.relative_to(root) for each in wanted if each.name not in NOT_PAGES]


def read_file(path: Path, shown: Path) -> list[Passage]:
    """Read one file.

    Args:
        path: Where the file is.
        shown: The path that findings print.

    Returns:
        Its passages. A ``.txt`` file has one sentence on each line.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return list(_catalogue(text, shown))
    if path.suffix == ".ipynb":
        return list(_notebook(text, shown))
    if path.suffix == ".txt":
        lines = enumerate(text.splitlines(), start=1)
        return [Passage(shown, at, line) for at, line in lines if line.strip()]
    return list(_page(text.splitlines(), shown))


def _catalogue(text: str, shown: Path) -> Iterator[Passage]:
    """Read the sentences of one language, each on a line of its own."""
    language = shown.parent.name
    for at, line in enumerate(text.splitlines(), start=1):
        entry = _ENTRY.match(line)
        if entry:
            value = tomllib.loads(f"text = {entry[1]}{entry[2]}{entry[1]}")["text"]
            yield Passage(shown, at, value, language)


def _notebook(text: str, shown: Path) -> Iterator[Passage]:
    """Read the cells of text, each with the line on which its source begins."""
    cells = json.loads(text)["cells"]
    starts = [
        at
        for at, line in enumerate(text.splitlines(), start=1)
        if line.lstrip().startswith('"source": ')
    ]
    for cell, at in zip(cells, starts, strict=True):
        if cell["cell_type"] == "markdown":
            lines = "".join(cell["source"]).split("\n")
            for each in _page(lines, shown):
                yield Passage(shown, at, each.text)


def _page(lines: Sequence[str], shown: Path) -> Iterator[Passage]:
    """Read a page of Markdown line by line: each sentence of a page is on one line."""
    reader = _Page(shown)
    for at, line in enumerate(lines, start=1):
        yield from reader.read(at, line)


class _Page:
    """Where in a page the reader is."""

    def __init__(self, shown: Path) -> None:
        self._shown = shown
        self._in_front = False
        self._in_code = False
        self._section = ""
        self._language = "en"
        self._columns: list[str] = []

    def read(self, at: int, line: str) -> Iterator[Passage]:
        """Read one line.

        Args:
            at: Its number.
            line: Its text.
        """
        if line.rstrip() == "---" and (at == 1 or self._in_front):
            self._in_front = not self._in_front
        elif self._in_front:
            entry = FRONT_LINES.match(line)
            if entry:
                yield self._passage(at, entry[1].strip("\"'"))
        elif line.startswith("```"):
            self._in_code = not self._in_code
        elif not self._in_code:
            yield from self._body(at, line)

    def _body(self, at: int, line: str) -> Iterator[Passage]:
        if line.startswith("#"):
            yield from self._heading(at, line)
        elif self._section.startswith((*BUYERS, *RULES)):
            return
        elif line.startswith("|"):
            yield from self._row(at, line)
        else:
            self._columns = []
            text = _ITEM.sub("", line.removeprefix("> ")).strip()
            if text and not text.startswith(("Only when ", "!")):
                yield self._passage(at, text)

    def _heading(self, at: int, line: str) -> Iterator[Passage]:
        self._columns = []
        title = line.lstrip("# ")
        if line.startswith("## "):
            self._section, self._language = title, "en"
        say = _SAY.match(line)
        if say:
            self._language = say[1]
        elif not title.startswith(("Decide:", "Check:")):
            yield self._passage(at, title)

    def _row(self, at: int, line: str) -> Iterator[Passage]:
        cells = [each.strip() for each in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not self._columns:
            self._columns = cells
        elif not _RULE.match(line):
            for name, cell in zip(self._columns, cells, strict=False):
                if name in READ_COLUMNS:
                    yield self._passage(at, cell)

    def _passage(self, at: int, text: str) -> Passage:
        return Passage(self._shown, at, text, self._language)
