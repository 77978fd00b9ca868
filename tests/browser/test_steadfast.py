"""Nothing answered is ever lost, and the desk stands where it stood.

A killed kernel, a page loaded again, a lesson closed and opened, two tabs at once: each
in the middle of a real case, in a real browser, in a lesson with one case.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from newcomer import (
    FORM,
    LONGEST_SECONDS,
    Server,
    kernels_of,
    new_form,
    served,
    wait_for_lesson,
)
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from kit.marking.records.progress import progress_of
from kit.marking.records.store import read_events, record_path

ROOT = Path(__file__).parents[2]
LESSON = "notebooks/01-item-not-received.ipynb"
WELCOME = "notebooks/00-welcome.ipynb"
PLAYBOOK = "playbooks/inr-request.md"
WORDS = "Hello Siobhan, half a reply"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where records go."""
    return tmp_path_factory.mktemp("steadfast") / "workspace"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content, its lesson cut behind the first case: so it opens sooner."""
    folder = tmp_path_factory.mktemp("content")
    for part in ("playbooks", "notebooks", "exercises"):
        shutil.copytree(ROOT / part, folder / part)
    lesson = nbformat.read(folder / LESSON, as_version=4)
    desks = [n for n, cell in enumerate(lesson.cells) if ".desk(" in cell.source]
    del lesson.cells[desks[0] + 1 :]
    nbformat.write(lesson, folder / LESSON)
    return folder


@pytest.fixture(scope="module")
def server(content: Path, workspace: Path) -> Iterator[Server]:
    """Run ``kit learn``."""
    argv = [sys.executable, "-m", "kit", "--content", str(content)]
    argv += ["--workspace", str(workspace), "learn", "--no-browser", "--agent", "lin"]
    with served(argv) as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    """The lesson, opened."""
    return opened(context, server)


def opened(context: BrowserContext, server: Server) -> Page:
    """Open the lesson in a tab of its own."""
    page = context.new_page()
    page.goto(address_of(LESSON, server))
    wait_for_lesson(page)
    return page


def desk_of(page: Page) -> Locator:
    """The first desk of the lesson."""
    return page.locator(".kit-desk").first


def half_done(page: Page, workspace: Path) -> None:
    """Open a panel, answer a question, wait a day and write half a reply."""
    desk = desk_of(page)
    with new_form(desk):
        desk.get_by_role("button", name="Start this case again").click()
    expect(desk.locator(".kit-panel")).to_have_count(0)
    desk.get_by_role("button", name="Tracking", exact=True).click()
    expect(desk.locator(".kit-panel")).to_have_count(1)
    desk.get_by_label("Ask to look around", exact=True).check()
    desk.get_by_role("button", name="Wait until tomorrow").click()
    expect(desk.locator(".kit-case")).to_contain_text("24 August")
    desk.locator(".kit-reply textarea").fill(WORDS)
    desk.locator(".kit-reply textarea").press("Tab")
    expect(desk.locator(".kit-saved")).to_be_visible()
    wait_until_kept(workspace)


def wait_until_kept(workspace: Path, words: str = WORDS) -> None:
    """Wait for the last words; "saved" stood there before, for the click before."""
    until = time.monotonic() + LONGEST_SECONDS
    while words not in replies_of(workspace):
        assert time.monotonic() < until
        time.sleep(0.05)


def replies_of(workspace: Path) -> list[str | None]:
    """What stands in the records as the reply of each case."""
    progress = progress_of(read_events(record_path(workspace, "lin")))
    return [case.answers.get("reply") for case in progress.cases.values()]


def stands_where_it_stood(page: Page) -> None:
    """All that was half done is there."""
    desk = desk_of(page)
    expect(desk.locator(".kit-panel")).to_have_count(1)
    expect(desk.get_by_label("Ask to look around", exact=True)).to_be_checked()
    expect(desk.locator(".kit-case")).to_contain_text("24 August")
    expect(desk.locator(".kit-reply textarea")).to_have_value(WORDS)


def test_a_page_loaded_again_stands_where_it_stood(page: Page, workspace: Path) -> None:
    """Pressing F5 in the middle of a case costs nothing."""
    half_done(page, workspace)

    page.reload()
    wait_for_lesson(page)

    stands_where_it_stood(page)


def test_a_lesson_closed_and_opened_stands_where_it_stood(
    page: Page, context: BrowserContext, server: Server, workspace: Path
) -> None:
    """After lunch the case lies as it lay."""
    half_done(page, workspace)

    page.close()

    stands_where_it_stood(opened(context, server))


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds kernels in /proc")
def test_a_kernel_killed_in_mid_case_loses_nothing(page: Page, workspace: Path) -> None:
    """One click starts the lesson again, and the desk stands where it stood."""
    half_done(page, workspace)

    for kernel in kernels_of(workspace):
        os.kill(kernel, signal.SIGKILL)
    expect(page.locator("#kit-note")).to_contain_text("The lesson has stopped")
    page.get_by_role("button", name="Start again").click()
    page.wait_for_selector(FORM)

    stands_where_it_stood(page)


def test_two_tabs_of_one_case_show_the_same(
    page: Page, context: BrowserContext, server: Server, workspace: Path
) -> None:
    """What is done in one tab stands in the other at once."""
    second = opened(context, server)

    half_done(page, workspace)

    stands_where_it_stood(second)
    stands_where_it_stood(page)


def test_words_are_saved_while_they_are_typed(page: Page, workspace: Path) -> None:
    """Who closes the page in mid sentence finds the sentence, and goes on in peace."""
    area = desk_of(page).locator(".kit-reply textarea")
    area.fill("")
    area.press_sequentially("Hello Siobhan, the")
    wait_until_kept(workspace, "Hello Siobhan, the")
    area.press_sequentially(" parcel", delay=200)
    wait_until_kept(workspace, "Hello Siobhan, the parcel")
    area.press_sequentially(" is near")
    wait_until_kept(workspace, "Hello Siobhan, the parcel is near")

    expect(area).to_be_focused()
    expect(area).to_have_value("Hello Siobhan, the parcel is near")
    page.reload()
    wait_for_lesson(page)

    area = desk_of(page).locator(".kit-reply textarea")
    expect(area).to_have_value("Hello Siobhan, the parcel is near")


HURRIED = """
const later = window.setTimeout;
window.setTimeout = (act, wait, ...rest) =>
    later(act, wait === 15000 ? 3000 : wait, ...rest);
"""
"""Fifteen seconds, after which a file never comes, are three for a test."""


@pytest.mark.parametrize(
    ("what", "accident"),
    [
        (WELCOME, "hangs"),
        (f"{WELCOME}/checkpoints", "breaks off"),
        (PLAYBOOK, "is refused"),
    ],
)
def test_a_page_that_does_not_come_is_loaded_again(
    context: BrowserContext, server: Server, what: str, accident: str
) -> None:
    """A request that fails once keeps nobody waiting for ever."""
    page, loads = context.new_page(), []
    page.add_init_script(HURRIED)

    def count(request: Request) -> None:
        if request.is_navigation_request():
            loads.append(request.url)

    def fail(route: Route) -> None:
        if len(loads) > 1:
            route.continue_()
        elif accident == "breaks off":
            route.abort("connectionreset")
        elif accident == "is refused":
            route.fulfill(status=500, json={"message": "The disk is busy."})

    page.on("request", count)
    page.route(f"**/api/contents/{what}?*", fail)
    page.goto(address_of(what.removesuffix("/checkpoints"), server))

    page.wait_for_selector("body[data-kit-ready] .kit-page h1")

    assert len(loads) == 2


def test_a_page_that_never_comes_offers_a_button(
    context: BrowserContext, server: Server
) -> None:
    """It is loaded again once by itself, and then when the agent asks for it."""
    page, is_broken = context.new_page(), True
    page.add_init_script(HURRIED)

    def fail(route: Route) -> None:
        if is_broken:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**/api/contents/{WELCOME}?*", fail)
    page.goto(address_of(WELCOME, server))
    expect(page.locator("#kit-note")).to_contain_text("longer than usual")
    is_broken = False

    page.locator("#kit-note").get_by_role("button").click()

    page.wait_for_selector(FORM)


def address_of(path: str, server: Server) -> str:
    """Give the address of a page; the server's own leads to its first page."""
    start, _, rest = server.url.partition("/doc/tree/")
    return f"{start}/doc/tree/{path}?{rest.partition('?')[2]}"
