"""Find a Chromium for the tests of the face, or install one before they start.

``make test`` runs this file once. The tests themselves only look: two of them that
install at the same time would stand in each other's way.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

WITHOUT_WINDOWS = "chromium-headless-shell"
"""The same engine without windows: a quarter less work for a small machine."""

SYSTEM_NAMES = [
    WITHOUT_WINDOWS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
LONGEST_SECONDS = 900
REMINDER_SECONDS = 10
MISSING = (
    "The tests in a browser need Chromium, and this machine has none that starts. "
    "Install it with your system (on Debian: apt install chromium), or run: "
    "python -m playwright install --with-deps chromium"
)


def is_ci() -> bool:
    """Whether nobody is there to install what is missing, so that it is a failure."""
    return os.environ.get("CI", "").casefold() not in {"", "0", "false"}


def starts(path: str) -> bool:
    """Whether a browser starts: some are only a note that it is to be had elsewhere."""
    try:
        asked = [path, "--version"]
        done = subprocess.run(asked, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def places() -> Iterator[str]:
    """Where a Chromium may be: on this system, or where Playwright keeps its own."""
    yield from filter(None, map(shutil.which, SYSTEM_NAMES))
    own = Path(own_place())
    yield from map(str, sorted(shells_beside(own)))
    if own.exists():
        yield str(own)


@cache
def own_place() -> str:
    """Where Playwright keeps its own, if it has downloaded one."""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def shells_beside(own: Path) -> Iterator[Path]:
    """Where Playwright keeps the same engine without windows.

    Playwright names both folders by the same revision: ``chromium-1255`` and
    ``chromium_headless_shell-1255``.
    """
    for folder in own.parents:
        name, _, revision = folder.name.rpartition("-")
        if name == "chromium":
            shells = folder.with_name(f"chromium_headless_shell-{revision}")
            yield from shells.glob("*/*headless*shell")


def find_chromium() -> str | None:
    """Find a Chromium that starts."""
    return next(filter(starts, places()), None)


def commands() -> Iterator[list[str]]:
    """What may install one, one after the other until one is there."""
    if IS_ROOT and shutil.which("apt-get"):
        patient = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        yield [*patient, "update"]
        yield [*patient, "install", "--yes", WITHOUT_WINDOWS]
        yield [*patient, "install", "--yes", "chromium"]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


def run(command: list[str]) -> str:
    """Run a command to its end, and give the first line of what it says is wrong."""
    with subprocess.Popen(
        command,
        encoding="utf-8",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        errors="replace",
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        for waited in range(REMINDER_SECONDS, LONGEST_SECONDS, REMINDER_SECONDS):
            try:
                told = process.communicate(timeout=REMINDER_SECONDS)[1]
                break
            except subprocess.TimeoutExpired:
                print(f"  {waited} s: still working …", flush=True)
        else:
            process.kill()
            return "It took too long."
    said = [line for line in told.splitlines() if line.startswith("E")]
    return next(iter(said), "It did not succeed.") if process.returncode else ""


def install_chromium() -> str | None:
    """Install a Chromium if there is none, and say what is being done."""
    found = find_chromium()
    for command in commands():
        if found is not None:
            break
        shown = " ".join([Path(command[0]).name, *command[1:]])
        print(
            f"Chromium is missing. This may take a minute or two: {shown}", flush=True
        )
        if problem := run(command):
            print(f"  {problem}", flush=True)
        found = find_chromium()
    return found


if __name__ == "__main__":
    browser = install_chromium()
    print(f"The browser: {browser}" if browser else f"{MISSING}. They are skipped.")
    sys.exit(1 if browser is None and is_ci() else 0)
