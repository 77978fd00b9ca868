"""A small folder of content: lessons that need nothing of the kit but its face."""

import json
from pathlib import Path

WELCOME = "notebooks/00-welcome.ipynb"
BROKEN = "notebooks/01-broken.ipynb"
PLAYBOOK = "playbooks/wrong-size.md"

_FORM = """\
import ipywidgets as widgets
from IPython.display import display
def form():
    choice = widgets.RadioButtons(options=["Refund at once", "Ask for a photo"])
    said = widgets.HTML()
    check = widgets.Button(description="Check my answer")
    def answer(_):
        said.value = f"<p class='said'>You chose: {choice.value}</p>"
    check.on_click(answer)
    return widgets.VBox([choice, widgets.Text(), check, said])
display(form())"""

_WELCOME_TEXT = """\
# Welcome

Decide what to do with **real kinds of cases**. A blender cost $5, and then $7.

- [The broken lesson](01-broken.ipynb)
- The playbook [It does not fit](../playbooks/wrong-size.md)
- [A page that is absent](../playbooks/cases/wrong-size.md)"""

_LONG_END = "## The end\n\n" + "One more line to read.\n\n" * 60

_LAST = "print('The last line')"

_PLAYBOOK_TEXT = """\
---
id: wrong-size
title: It does not fit
---

# It does not fit

## Use when

A buyer asks to send back an item that works.

| Fact | Ask or look |
| --- | --- |
| listing at fault | Do size chart and item sent agree with the listing? |
"""


def write_content(folder: Path) -> Path:
    """Write the folder of content and give it back."""
    form = [
        ("markdown", _WELCOME_TEXT),
        ("code", _FORM),
        ("markdown", _LONG_END),
        ("code", _LAST),
    ]
    broken = [("markdown", "# The broken lesson"), ("code", "1 / 0")]
    write_notebook(folder / WELCOME, form)
    write_notebook(folder / BROKEN, broken)
    write_text(folder / PLAYBOOK, _PLAYBOOK_TEXT)
    write_text(folder / "playbooks" / "reference" / "facts.md", "# Facts\n")
    write_text(folder / "playbooks" / "cases" / "wrong-size.md", "# The key\n")
    write_notebook(folder / "exercises" / "one" / "exercise.ipynb", broken)
    write_text(folder / "exercises" / "one" / "brief.md", "# One\n")
    write_text(folder / "exercises" / "one" / "model.yaml", "answer: refund\n")
    return folder


def write_notebook(path: Path, cells: list[tuple[str, str]]) -> None:
    """Write a notebook as it is committed: with the model answers in its outputs."""
    notebook = {
        "cells": [_cell(number, *cell) for number, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    write_text(path, json.dumps(notebook))


def write_text(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _cell(number: int, kind: str, source: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "id": f"cell-{number}",
        "cell_type": kind,
        "metadata": {"tags": ["shown"]},
        "source": source.splitlines(keepends=True),
    }
    if kind == "code":
        model = {"output_type": "stream", "name": "stdout", "text": "THE MODEL ANSWER"}
        cell |= {"execution_count": 7, "outputs": [model]}
    return cell
