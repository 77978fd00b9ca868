"""A playbook as an agent opens it beside a case: long, and quick to find a way in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newcomer import Server, lessons
from playwright.sync_api import BrowserContext, Page, expect

ROOT = Path(__file__).parents[2]
PLAYBOOK = "playbooks/address-change.md"

Screenshot = Callable[[Page, str], Path]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped content."""
    workspace = tmp_path_factory.mktemp("playbook") / "workspace"
    with lessons(ROOT, workspace, first=PLAYBOOK, agent="lin") as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    """Open the playbook."""
    tab = context.new_page()
    tab.goto(server.url)
    tab.get_by_role("heading", name="Use when").wait_for()
    return tab


def test_a_long_page_can_be_scrolled(page: Page) -> None:
    """What stands below the edge of the window is part of the rule."""
    last_row = page.get_by_role("row").last
    expect(last_row).not_to_be_in_viewport()

    page.mouse.move(600, 600)
    page.mouse.wheel(0, 100_000)

    expect(last_row).to_be_in_viewport()


def test_the_list_on_top_leads_to_a_table_and_its_row_to_a_message(
    page: Page, screenshot: Screenshot
) -> None:
    """Two clicks from a buyer's question to the words that answer it."""
    page.get_by_role("link", name="not yet shipped", exact=True).first.click()
    table = page.get_by_role("heading", name="Decide: not yet shipped")
    expect(table).to_be_in_viewport()
    screenshot(page, "playbook-table")

    page.get_by_role("link", name="is this line right?").first.click()

    message = page.get_by_role(
        "heading", name="Is this line right? · English", exact=True
    )
    expect(message).to_be_in_viewport()
    expect(table).not_to_be_in_viewport()


def test_another_playbook_is_one_click_away(page: Page) -> None:
    """A case that belongs to another page is not answered by this one."""
    page.get_by_role("link", name="Where is my parcel, and a request for it").click()

    expect(page.locator("#kit-title")).to_have_text(
        "Where is my parcel, and a request for it"
    )
    expect(page.get_by_role("heading", name="Decide: whose turn")).to_be_attached()
