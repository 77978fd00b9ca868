"""How long people wait: for a command, and for the first page of the lessons."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .report import Line, Reading

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
LESSON = "notebooks/00-welcome.ipynb"
DESK = ".kit-page .kit-desk .kit-radio"
BARE_PORT = 8999  # the same each time, or the browser's cache is of no use

IMPORTS = (
    ("import kit", "kit", "the package alone, which loads nothing yet", 150.0),
    (
        "import kit.content.library",
        "kit.content.library",
        "all that reads, proves and decides playbooks",
        None,
    ),
    (
        "import kit.lesson",
        "kit.lesson",
        "the same and all screens, as a notebook does; a lesson loads it beforehand",
        None,
    ),
)

CASE = {
    "way": "on-its-way",
    "tracking": "moving",
    "redirect offered": "no",
    "order total": "USD 15",
    "written on": "2024-06-03",
}
DECIDE = (
    "decide",
    "address-change",
    "--table=already shipped",
    "--marketplace=EBAY_US",
    "--on=2024-06-03",
    *(f"--fact={name}={value}" for name, value in CASE.items()),
)


def measure_commands(rounds: int, tell: Callable[[str], None]) -> list[Line]:
    """Measure processes: imports, less an empty process, and ``kit decide``."""
    tell(f"commands, {rounds} rounds")
    kit = shutil.which("kit", path=str(Path(sys.executable).parent)) or "kit"
    readings: dict[str, list[Reading]] = {}
    empty: list[Reading] = []
    for _ in range(rounds):
        empty.append(_run([sys.executable, "-c", "pass"]))
        for _, module, _, _ in IMPORTS:
            found = _run([sys.executable, "-c", f"import {module}"])
            readings.setdefault(module, []).append(found)
        readings.setdefault("decide", []).append(_run([kit, *DECIDE]))
    lines = [
        Line(
            what,
            "ms",
            [
                _less(found, none)
                for found, none in zip(readings[module], empty, strict=True)
            ],
            f"{includes}; a process that imports it, less one that does nothing",
            goal,
            at_most=True,
        )
        for what, module, includes, goal in IMPORTS
    ]
    decide = Line(
        "kit decide, as a process",
        "s",
        readings["decide"],
        "from the command to its end: one case of a page that counts business days",
        0.6,
        at_most=True,
    )
    return [*lines, decide]


def measure_lessons(rounds: int, tell: Callable[[str], None]) -> list[Line]:
    """Measure a newcomer's wait in Chromium, in turns with JupyterLab as it comes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    ours: list[Reading] = []
    bare: list[Reading] = []
    if chromium is None:
        tell("there is no Chromium here: kit learn is not measured")
    else:
        _in_chromium(chromium, rounds, ours, bare, tell)
    return _lines(ours, bare)


def _in_chromium(
    chromium: str,
    rounds: int,
    ours: list[Reading],
    bare: list[Reading],
    tell: Callable[[str], None],
) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        _newcomer(browser, is_bare=False)
        _newcomer(browser, is_bare=True)
        for number in range(rounds):
            tell(f"lessons, round {number + 1} of {rounds}")
            ours.append(_newcomer(browser, is_bare=False))
            bare.append(_newcomer(browser, is_bare=True))
        browser.close()


def _newcomer(browser: "Browser", *, is_bare: bool) -> Reading:
    """Let one newcomer open a copy of the lessons for the second time."""
    from kit.content.library import copy_content  # noqa: PLC0415
    from tests.browser.newcomer import (  # noqa: PLC0415
        bare_jupyterlab,
        lessons,
        wait_for_form,
    )

    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        copy_content(ROOT, content)
        context = browser.new_context()
        for _ in ("to warm the caches", "to be measured"):
            started = time.perf_counter()
            place = Path(folder) / "workspace"
            serving = (
                bare_jupyterlab(content, first=LESSON, port=BARE_PORT)
                if is_bare
                else lessons(content, place, first=LESSON, agent="newcomer")
            )
            with serving as server:
                page = context.new_page()
                page.goto(server.url, wait_until="commit")
                if is_bare:
                    wait_for_form(page, is_bare=True)
                else:
                    page.wait_for_selector(DESK, timeout=60_000)
                waited = time.perf_counter() - started
                page.close()
        context.close()
        return Reading(waited)


def _lines(ours: Sequence[Reading], bare: Sequence[Reading]) -> list[Line]:
    ratios = [
        Reading(mine.wall / theirs.wall)
        for mine, theirs in zip(ours, bare, strict=True)
    ]
    return [
        Line(
            "kit learn to a usable lesson",
            "s",
            ours,
            "from the command to a form that can be used, in a running Chromium with "
            "a profile that has opened them once before, until the first desk is there",
            7,
            at_most=True,
        ),
        Line(
            "JupyterLab to the same notebook, run",
            "s",
            bare,
            "the same with JupyterLab as it comes, its caches as warm, and its menu: "
            "Run, Run All Cells",
        ),
        Line(
            "kit learn : JupyterLab",
            "times",
            ratios,
            "the two waits of one round",
            1.3,
            at_most=True,
        ),
    ]


def _less(found: Reading, none: Reading) -> Reading:
    cpu = None
    if found.cpu is not None and none.cpu is not None:
        cpu = (found.cpu - none.cpu) * 1000
    return Reading((found.wall - none.wall) * 1000, cpu)


def _run(argv: Sequence[str]) -> Reading:
    cpu, started = _children_seconds(), time.perf_counter()
    subprocess.run(argv, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    elapsed, used = time.perf_counter() - started, _children_seconds()
    return Reading(elapsed, None if used is None or cpu is None else used - cpu)


def _children_seconds() -> float | None:
    """The processor time of all processes that have ended; unknown on Windows."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
