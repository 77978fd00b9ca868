"""A real browser for the tests of the face, and a place for its pictures."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import IS_ROOT, MISSING, find_chromium, is_ci
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import sync_playwright as playwright_session

QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW_MACHINE_MS = 60_000
PICTURES = Path(__file__).parents[2] / "screenshots"


chromium_here = cache(find_chromium)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say what is missing where there is no browser: in one place, so in one line."""
    if "browser" in item.fixturenames and chromium_here() is None:
        (pytest.fail if is_ci() else pytest.skip)(MISSING)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium for a module; other tests need the loop that drives it."""
    expect.set_options(timeout=SLOW_MACHINE_MS)
    options = [*QUIET, *(["--no-sandbox"] if IS_ROOT else [])]
    with playwright_session() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_here(), args=options
        )
        yield started
        started.close()


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
