"""Measure how long a newcomer waits: from the command to a form that can be used.

Used by the tests of the face and by the benchmarks; it needs only Playwright, a
Chromium that is already running and the content folder of the lessons.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

FORM = "body[data-kit-ready] .kit-page .jp-OutputArea-output .jupyter-widgets"
BARE_FORM = ".jp-OutputArea-output .jupyter-widgets"
KERNEL_IS_READY = '#jp-main-statusbar :text-matches("^Python.* Idle")'
ADDRESS = re.compile(r"https?://\S+token=\S+")
LONGEST_SECONDS = 60

SERVE = """
import sys
from pathlib import Path
from kit.screens.lab.server import LabPlace, start_lab
content, workspace, first, agent = sys.argv[1:]
place = LabPlace(Path(content), Path(workspace), agent or None, first)
start_lab(place, tell=lambda text: print(text, flush=True), open_browser=False)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """Lessons that are being served."""

    url: str
    """The address of the first page, with its token."""

    process: subprocess.Popen[str]
    """The process; it stops at SIGINT."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What one newcomer waited, in seconds."""

    command_to_address: float
    """From the command to an address that can be opened."""

    address_to_form: float
    """From the address to a form that can be used."""

    reload_to_form: float
    """The same after the page is loaded again."""

    @property
    def total(self) -> float:
        """From the command to a form that can be used."""
        return self.command_to_address + self.address_to_form


@contextmanager
def lessons(
    content: Path, workspace: Path, *, first: str, agent: str = ""
) -> Iterator[Server]:
    """Serve the lessons in a process of their own, as ``kit learn`` does."""
    argv = [str(content), str(workspace), first, agent]
    with served([sys.executable, "-c", SERVE, *argv]) as server:
        yield server


@contextmanager
def bare_jupyterlab(content: Path, *, first: str, port: int = 0) -> Iterator[Server]:
    """Serve the same notebook with JupyterLab as it comes, to compare with."""
    argv = [sys.executable, "-m", "jupyterlab", "--no-browser"]
    argv.append(f"--ServerApp.port={port}")
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as home:
        own = {
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_DATA_DIR": f"{home}/data",
        }
        page = f"--LabApp.default_url=/lab/tree/{first}"
        news = "--LabApp.news_url=None"
        folder = f"--ServerApp.root_dir={content}"
        with served([*argv, *root, page, news, folder], environment=own) as server:
            yield server


@contextmanager
def served(
    argv: Sequence[str], *, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends, as soon as it has printed its address."""
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | (environment or {}),
    )
    assert process.stdout is not None
    try:
        yield Server(_address(process), process)
    finally:
        if process.poll() is None:
            process.terminate()  # JupyterLab answers Ctrl-C with a question
            _wait(process)
        process.stdout.close()


def _wait(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its own test fails; no other test finds what it left
        process.communicate()
        raise


def measure(
    browser: Browser, serving: AbstractContextManager[Server], *, is_bare: bool = False
) -> Wait:
    """Measure one newcomer with a fresh browser profile.

    Args:
        browser: A running browser.
        serving: ``lessons(…)`` or ``bare_jupyterlab(…)``, not entered yet.
        is_bare: Run all cells by the menu, as a person has to in JupyterLab.
    """
    started = time.perf_counter()
    with serving as server:
        addressed = time.perf_counter()
        page = browser.new_context().new_page()
        page.goto(server.url, wait_until="commit")
        wait_for_form(page, is_bare=is_bare)
        usable = time.perf_counter()
        page.reload(wait_until="commit")
        wait_for_form(page, is_bare=is_bare)
        again = time.perf_counter()
        page.context.close()
    return Wait(addressed - started, usable - addressed, again - usable)


def wait_for_form(page: Page, *, is_bare: bool) -> None:
    """Wait as a person does, who runs the cells by the menu in a bare JupyterLab."""
    page.set_default_timeout(LONGEST_SECONDS * 1000)
    if is_bare:
        # A person sees the kernel's circle too; what is run before it is idle is lost.
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        # Without a kernel the menu would open a dialog that asks for one.
        page.wait_for_selector(KERNEL_IS_READY)
        page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
    page.wait_for_selector(BARE_FORM if is_bare else FORM)


def kernels_of(workspace: Path) -> list[int]:
    """Find the processes that run lessons of a workspace."""
    runtime = os.fsencode(workspace / ".lab" / "runtime" / "kernel-")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if runtime in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = ADDRESS.search(line)
        if found:
            return found[0]
    raise RuntimeError("no address was printed: " + json.dumps(said))


@contextmanager
def new_form(desk: Locator) -> Iterator[None]:
    """Wait until what is done here has put a new form onto a desk.

    What is typed into the one before it would be gone with it.
    """
    form = desk.locator(".kit-reply textarea")
    form.evaluate("area => { area.dataset.before = 'yes' }")
    yield
    expect(desk.locator(".kit-reply textarea:not([data-before])")).to_have_count(1)


def wait_for_lesson(page: Page) -> None:
    """Wait for a lesson; where it stays away, press the button that is offered then.

    A machine that does many things at once may lose an answer of the kernel. The page
    must say so by itself, and one press must bring the lesson.
    """
    try:
        page.wait_for_selector(FORM, timeout=LONGEST_SECONDS * 1000 / 2)
    except TooLate:
        page.locator("#kit-note").get_by_role("button").click()
        page.wait_for_selector(FORM)
