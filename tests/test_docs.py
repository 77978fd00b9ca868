"""What the pages say is so: links, commands, examples, floors and fences."""

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from test_house import FLOORS, MODULES, imports_of

from kit.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
KIT = ROOT / "kit"

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
SAID = re.compile(r"\b(?:uv run )?(kit|make)((?: +(?:--content \w+|[a-z]+))+)")
INLINE = re.compile(r"`([^`\n]+)`")
TYPED = re.compile(r"^(?:\$ )?((?:uv run )?(?:kit|make) .+)$", re.MULTILINE)
CONSOLE = re.compile(r"```console\n\$ kit (.+)\n([\s\S]+?)```")
DECISION_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def page_id(path: Path) -> str:
    """A page as it is named in the list of tests."""
    return path.relative_to(ROOT).as_posix()


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the architecture page."""
    section = ARCHITECTURE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def names_in(cell: str) -> list[str]:
    """What stands between backquotes."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    """A dead link is where a newcomer gives up."""
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]

    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_exist(page):
    """Whatever a page tells people to type can be typed."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = {
        "kit": {
            each.name or each.callback.__name__ for each in app.registered_commands
        },
        "make": set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)),
    }
    text = page.read_text(encoding="utf-8")
    quoted = "\n".join(re.findall(r"`([^`\n]+)`|^\$ (.+)$", text, re.MULTILINE)[0:0])
    quoted += "\n".join(re.findall(r"`([^`\n]+)`", text))
    quoted += "\n".join(
        re.findall(r"^(?:\$ )?((?:kit|make|uv run kit) .+)$", text, re.M)
    )
    said = {
        (program, words.split()[-1] if "--content" in words else words.split()[0])
        for program, words in SAID.findall(quoted)
    }

    assert {(who, what) for who, what in said if what not in known[who]} == set()


def test_the_readme_shows_what_the_kit_prints():
    """The first example that anybody sees is true to the letter."""
    examples = CONSOLE.findall(README)
    kit = [sys.executable, "-m", "kit"]

    for command, shown in examples:
        done = subprocess.run(
            [*kit, *shlex.split(command)],
            cwd=ROOT,
            env=os.environ | {"PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.stdout == shown
    assert examples


def test_the_readme_quotes_rows_that_stand_in_the_playbook():
    """Read and executed are the same lines."""
    pages = ("inr-request.md", "reference/limits.md")
    texts = [(ROOT / "playbooks" / each).read_text(encoding="utf-8") for each in pages]
    playbook = "\n".join(texts)
    section = README.split("## One rule, read and executed")[1].split("\n## ")[0]
    quoted = [line for line in section.splitlines() if line.startswith("| ")]

    assert quoted
    assert [line for line in quoted if line not in playbook.splitlines()] == []


def test_decisions_are_numbered_and_dated():
    """Each has the same five parts, fits on a screen, and none is missing."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    for number, path in enumerate(files, start=1):
        text = path.read_text(encoding="utf-8")
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert int(DECISION_NAME.fullmatch(path.name)[1]) == number
        assert text.startswith(f"# {number}. ")
        assert re.search(r"^Status: \w+, \d{4}-\d\d-\d\d", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"]
        assert 20 <= len(text.splitlines()) <= 45


def test_the_floors_are_the_ones_that_are_kept():
    """Who plans a change by the page must not find another house."""
    drawn = [set(names_in(row[1])) for row in reversed(rows_under("Floors"))]
    numbers = [int(row[0]) for row in reversed(rows_under("Floors"))]

    floors: list[set[str]] = []
    for rooms in FLOORS:
        whole = {room.partition("/")[0] for room in rooms}
        if not floors or floors[-1] != whole:
            floors.append(whole)

    assert drawn == floors
    assert numbers == list(range(len(floors)))


def test_the_fences_are_where_the_page_draws_them():
    """Each library with the modules that know it, not one more and not one less."""
    owners = packages_distributions()
    known: dict[str, set[str]] = {}
    for name in MODULES:
        for package in imports_of(name)[1] - sys.stdlib_module_names:
            known.setdefault(owners[package][0].lower(), set()).add(name)
    drawn = {row[0].lower(): set(names_in(row[1])) for row in rows_under("Fences")}

    assert drawn.keys() == known.keys()
    for library, modules in known.items():
        whole = ("screens/", "cli/")
        places = {
            next((f"{room}*" for room in whole if each.startswith(room)), each)
            for each in modules
        }
        assert drawn[library] in (modules, places), library


def test_words_that_are_not_ours_are_not_on_the_screen():
    """One word for one idea: who learns ours from the lesson finds it on the page."""
    words = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    screen = "\n".join(
        path.read_text(encoding="utf-8") for path in (KIT / "texts" / "en").iterdir()
    )
    refused = ["student", "learner", "ticket", "score", "submission", "customer"]

    for word in refused:
        assert word in words
        assert not re.search(rf"\b{word}s?\b", screen, re.IGNORECASE), word
