"""A real browser for the tests of the face, and a place for its pictures."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from playwright.sync_api import sync_playwright as playwright_session

SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW_MACHINE_MS = 60_000
PICTURES = Path(__file__).parents[2] / "screenshots"

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def system_chromium() -> str | None:
    """Find the Chromium of this machine."""
    return next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


def installed_chromium() -> str | None:
    """Install Chromium by Debian's own means, where that is allowed."""
    if not (IS_ROOT and shutil.which("apt-get")):
        return None
    subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], check=False)
    return system_chromium()


def downloaded_chromium(playwright: Playwright) -> str | None:
    """Take Playwright's own Chromium, downloaded if it is not there yet."""
    path = playwright.chromium.executable_path
    if not Path(path).exists():
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False)
    return path if Path(path).exists() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests."""
    expect.set_options(timeout=SLOW_MACHINE_MS)
    with playwright_session() as playwright:
        path = (
            system_chromium() or installed_chromium() or downloaded_chromium(playwright)
        )
        if path is None:
            pytest.fail(
                "These tests need Chromium, and none was found or could be installed: "
                "install it with your system, or run `playwright install chromium`."
            )
        options = [*QUIET, *(["--no-sandbox"] if IS_ROOT else [])]
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser profile that knows nothing of other tests."""
    new = browser.new_context(viewport={"width": 1280, "height": 900})
    new.set_default_timeout(SLOW_MACHINE_MS)
    yield new
    new.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Let axe-core find what somebody could not use: WCAG 2, levels A and AA."""

    def look(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.violations_count == 0, found.generate_report()

    return look


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """Keep a picture of a page below ``screenshots/``, to be looked at by people."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take
