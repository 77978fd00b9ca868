"""The pages that an agent can open: a fresh copy of the content, without answers.

A lesson is opened from a copy that is laid anew at every start, so nothing that an
agent clicks can change the content, and no committed output (a model answer) can be
read before the lesson is done. Playbooks are laid in the words of agents. This module
knows files and text, no server and no browser.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ...catalogue import say
from ...content.library import Library
from ...content.playbook.slots import limits_everywhere
from ...content.reference.reference import AGENTS_PAGES
from ...errors import CannotStart, KitError
from .playbook_page import pages_for_agents

KERNEL = "aftersales-kit"
PLAYBOOK_LIST = "playbooks/index.md"
BRIEF = "brief.md"

# What a file of another shape provokes, however deep it is nested.
_NO_NOTEBOOK = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_FRONT = re.compile(r"\A---\s*\n.*?^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)

_MARK = ".laid-by-aftersales-kit"
_PAGES = [
    "notebooks/*.ipynb",
    "notebooks/supervisor/*.ipynb",
    "playbooks/*.md",
    "playbooks/reference/*.md",
    "exercises/*/exercise.ipynb",
    f"exercises/*/{BRIEF}",
]
_PICTURES = [f"notebooks/**/*.{ending}" for ending in ("svg", "png", "jpg")]


@dataclass(frozen=True, slots=True)
class Page:
    """One page that an agent can open."""

    path: str
    """Where it stands below the content folder, with slashes."""

    title: str
    """Its first heading, for the bar on top and the list of playbooks."""

    digest: str
    """``digest_of`` its cells if it may run by itself; empty for a Markdown page."""


def lay_pages(content: Path, *, desk: Path, today: date | None = None) -> list[Page]:
    """Lay a fresh copy of the content on the desk, in place of the last one.

    Args:
        content: The folder with ``notebooks``, ``playbooks`` and ``exercises``.
        desk: The folder of the copy. It is emptied first, if the kit made it.
        today: The day whose limits are put into prose; that of the clock, if none.

    Returns:
        Every page of the copy, in the order of their paths.

    Raises:
        CannotStart: The desk is a folder with things of somebody else, or a notebook
            is not readable.
    """
    _clear(desk)
    day = today or datetime.now(UTC).date()
    in_words = pages_for_agents(content, day)
    said = _limits_of(content, day)
    pages = [
        _write_page(path, content, desk, in_words, said)
        for path in _found(content, _PAGES)
        if not _is_for_authors(path)
    ]
    for picture in _found(content, _PICTURES):
        _copy(picture, desk / picture.relative_to(content))
    if not any(page.path == PLAYBOOK_LIST for page in pages):
        pages.append(_lay_playbook_list(pages, desk))
    return sorted(pages, key=lambda page: page.path)


def digest_of(cells: list[dict[str, Any]]) -> str:
    """Say in 64 characters what a notebook does: kinds and texts of its cells.

    The browser computes the same from the page it has opened, and runs it by itself
    only if both agree. Outputs, tags and ids do not count.

    Args:
        cells: The cells as nbformat 4 writes them.
    """
    kinds = [[cell["cell_type"], _text(cell)] for cell in cells]
    written = json.dumps(kinds, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def without_answers(notebook: dict[str, Any]) -> dict[str, Any]:
    """Copy a notebook as an agent first sees it: nothing run, nothing to edit."""
    return {
        "cells": [_blank(cell) for cell in notebook["cells"]],
        "metadata": {
            "kernelspec": {
                "name": KERNEL,
                "display_name": say("lab.product"),
                "language": "python",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": notebook["nbformat"],
        "nbformat_minor": notebook["nbformat_minor"],
    }


def without_key(brief: str, title: str) -> str:
    """Copy a brief as an agent may read it.

    Its front matter names the rows that the cases hit and the answers that fail.
    """
    front = _FRONT.match(brief)
    return f"# {title}\n{brief[front.end() :]}" if front else brief


def _clear(desk: Path) -> None:
    if desk.exists() and any(desk.iterdir()) and not (desk / _MARK).exists():
        raise CannotStart(
            problem=say("lab.strange-desk.problem", desk=desk),
            fix=say("lab.strange-desk.fix"),
        )
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir(parents=True, exist_ok=True)
    (desk / _MARK).touch()


def _found(content: Path, patterns: list[str]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(content.glob(pattern)):
            if not any(
                part.startswith(".") for part in path.relative_to(content).parts
            ):
                yield path


def _is_for_authors(path: Path) -> bool:
    """Whether it says how pages are written, replies checked and buyers played."""
    return path.parent.name == "reference" and path.stem not in AGENTS_PAGES


def _limits_of(content: Path, today: date) -> Callable[[str], str]:
    """Say how limits are put into the prose of lessons and briefs."""
    library = Library(content)
    try:
        limits, places = library.limits, library.reference.marketplaces
    except KitError:
        return str  # Its author has to see a page with mistakes as it is.
    return lambda text: limits_everywhere(text, limits, places, today)


def _write_page(
    path: Path,
    content: Path,
    desk: Path,
    in_words: Mapping[str, str],
    said: Callable[[str], str],
) -> Page:
    name = path.relative_to(content)
    target = desk / name
    if path.suffix != ".ipynb":
        found = in_words.get(name.as_posix())
        text = path.read_text(encoding="utf-8") if found is None else found
        title = _title(text, path)
        if path.name == BRIEF:
            text = said(without_key(text, title))
        _write(target, text)
        return Page(name.as_posix(), title, "")
    notebook = _read_notebook(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = said(_text(cell))
    _write(target, json.dumps(without_answers(notebook), ensure_ascii=False, indent=1))
    texts = [
        _text(each) for each in notebook["cells"] if each["cell_type"] == "markdown"
    ]
    return Page(
        name.as_posix(), _title("\n".join(texts), path), digest_of(notebook["cells"])
    )


def _read_notebook(path: Path) -> dict[str, Any]:
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        without_answers(notebook)
        digest_of(notebook["cells"])
    except _NO_NOTEBOOK as broken:
        raise CannotStart(
            problem=say("lab.broken-notebook.problem", path=path),
            fix=say("lab.broken-notebook.fix"),
        ) from broken
    return notebook


def _blank(cell: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        key: cell[key] for key in ("id", "cell_type", "attachments") if key in cell
    }
    tags = cell.get("metadata", {}).get("tags", [])
    kept["metadata"] = {"tags": tags, "editable": False, "deletable": False}
    kept["source"] = _text(cell)
    if cell["cell_type"] == "code":
        kept |= {"execution_count": None, "outputs": []}
    return kept


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _title(markdown: str, path: Path) -> str:
    heading = re.search(r"^# +(.+?)\s*$", markdown, re.MULTILINE)
    if heading is None:
        heading = re.search(r"""^title: *["']?(.+?)["']?\s*$""", markdown, re.MULTILINE)
    return heading[1] if heading else path.stem


def _lay_playbook_list(pages: list[Page], desk: Path) -> Page:
    title = say("lab.playbooks.title")
    lines = [f"# {title}", "", say("lab.playbooks.lead"), ""]
    for page in pages:
        folder, _, name = page.path.rpartition("/")
        if folder == "playbooks":
            lines.append(f"- [{page.title}]({name})")
    reference = [page for page in pages if page.path.startswith("playbooks/reference/")]
    if reference:
        lines += ["", f"## {say('lab.playbooks.reference')}", ""]
    for page in reference:
        lines.append(f"- [{page.title}](reference/{page.path.rpartition('/')[2]})")
    _write(desk / PLAYBOOK_LIST, "\n".join(lines) + "\n")
    return Page(PLAYBOOK_LIST, title, "")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
