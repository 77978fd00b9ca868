"""What an agent sees, in a real browser, with the real server and a real kernel."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from newcomer import FORM, Server, kernels_of, lessons
from playwright.sync_api import Browser, BrowserContext, Page, expect
from stand_in import BROKEN, PLAYBOOK, WELCOME, write_content

NOTE = "#kit-note"
CODE = ".jp-CodeCell .cm-editor, .jp-InputPrompt, .jp-OutputPrompt"
CHROME = "#jp-top-panel, #jp-menu-panel, .jp-Toolbar, .jp-SideBar, .jp-Dialog"

Screenshot = Callable[[Page, str], Path]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep content and workspace for all tests of this page."""
    folder = tmp_path_factory.mktemp("face")
    write_content(folder / "content")
    return folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    """Serve the stand-in lessons."""
    with lessons(place / "content", place / "workspace", first=WELCOME) as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    """Open the first lesson and wait until its form can be used."""
    return open_page(context, server.url)


@pytest.fixture(scope="module")
def seen(browser: Browser, server: Server) -> Iterator[Page]:
    """Open the first lesson once, for all tests that only look at it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield open_page(context, server.url)
    context.close()


def open_page(context: BrowserContext, url: str) -> Page:
    """Open a lesson in a tab of its own."""
    tab = context.new_page()
    tab.goto(url)
    tab.wait_for_selector(FORM)
    return tab


def answer(page: Page) -> None:
    """Choose the second answer and check it."""
    page.get_by_label("Ask for a photo").check()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".said")).to_have_text("You chose: Ask for a photo")


def test_a_lesson_runs_by_itself_and_takes_an_answer(
    page: Page, screenshot: Screenshot
) -> None:
    """A new agent types nothing but answers."""
    answer(page)

    expect(page.locator(NOTE)).to_be_hidden()
    screenshot(page, "lesson-1280-light")


def test_no_code_and_nothing_of_jupyterlab_is_in_sight(seen: Page) -> None:
    """An agent sees a page: no input, no prompt, no toolbar, no menu, no file list."""
    shown = seen.locator(f"{CODE}, {CHROME}").filter(visible=True)

    expect(shown).to_have_count(0)
    assert "THE MODEL ANSWER" not in seen.content()
    assert seen.title() == "Welcome · aftersales-kit"


def test_a_lesson_opens_at_its_beginning(seen: Page) -> None:
    """Running the last cell does not carry the reader to the end of the page."""
    expect(seen.get_by_role("heading", name="Welcome")).to_be_in_viewport()
    expect(seen.locator("pre", has_text="The last line")).not_to_be_in_viewport()


def test_a_lesson_prints_to_its_end(seen: Page) -> None:
    """Paper has no scroll bar: all of the page is printed, and nothing but the page."""
    seen.emulate_media(media="print")
    length = seen.evaluate("document.documentElement.scrollHeight")

    assert length > 2000
    expect(seen.locator("#kit-bar")).to_be_hidden()
    seen.emulate_media(media="screen")


def test_a_price_in_dollars_is_not_taken_for_a_formula(seen: Page) -> None:
    """Two dollar signs in a sentence about prices stay two dollar signs."""
    text = seen.locator(".jp-RenderedMarkdown", has_text="blender")

    expect(text).to_contain_text("cost $5, and then $7")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 1920])
def test_the_column_is_centred_in_every_light(
    seen: Page, width: int, scheme: str, screenshot: Screenshot
) -> None:
    """Wide screens get wide margins, not wide lines."""
    seen.set_viewport_size({"width": width, "height": 900})
    seen.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    box = seen.locator(".jp-MarkdownCell").first.bounding_box()

    assert box is not None
    assert box["width"] <= 880
    assert abs(box["x"] - (width - box["x"] - box["width"])) <= 20
    screenshot(seen, f"lesson-{width}-{scheme}")


def test_nothing_is_asked_from_outside_and_nothing_fails(
    context: BrowserContext, server: Server
) -> None:
    """The kit works with the network off, and the browser does not complain."""
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )
    page.goto(server.url)
    page.wait_for_selector(FORM)
    answer(page)

    hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
    assert hosts == {"localhost"}
    assert complaints == []


def test_a_page_that_is_loaded_again_runs_again(page: Page) -> None:
    """F5 is no accident."""
    page.reload()
    page.wait_for_selector(FORM)

    answer(page)
    expect(page.locator(FORM).filter(visible=True).first).to_be_visible()


def test_two_tabs_of_one_lesson_do_not_disturb_each_other(
    page: Page, context: BrowserContext, server: Server
) -> None:
    """A second tab runs too, and the first one still answers."""
    second = open_page(context, server.url)

    answer(second)
    answer(page)
    expect(page.locator(NOTE)).to_be_hidden()


def test_links_lead_to_a_playbook_and_back_with_what_was_typed(
    page: Page, screenshot: Screenshot
) -> None:
    """Looking something up costs nobody half a reply."""
    page.locator(f"{FORM} input[type=text]").fill("half a reply")

    page.get_by_role("link", name="It does not fit").click()
    expect(page).to_have_url(re.compile(PLAYBOOK))
    expect(page.get_by_role("heading", name="It does not fit")).to_be_visible()
    expect(page.locator("#kit-title")).to_have_text("It does not fit")
    screenshot(page, "playbook-1280-light")
    page.get_by_role("link", name="Back to Welcome").click()

    expect(page).to_have_url(re.compile(WELCOME))
    expect(page.locator(f"{FORM} input[type=text]")).to_have_value("half a reply")


def test_the_way_back_of_the_browser_works(page: Page) -> None:
    """The browser's own back button leads to the page before."""
    page.get_by_role("link", name="Playbooks").click()
    expect(page.get_by_role("heading", name="Playbooks")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def test_a_link_to_nowhere_is_a_sentence(page: Page) -> None:
    """Practice cases are not for reading, and no dialog asks about files."""
    page.get_by_role("link", name="A page that is absent").click()

    expect(page.locator(NOTE)).to_contain_text("not part of your lessons")


def test_an_error_is_a_sentence_not_a_traceback(
    page: Page, screenshot: Screenshot
) -> None:
    """Nobody who answers buyers has to read Python."""
    page.get_by_role("link", name="The broken lesson").click()
    expect(page).to_have_url(re.compile(BROKEN))

    expect(page.get_by_role("alert")).to_contain_text("Something went wrong here")
    expect(page.locator(NOTE)).to_contain_text("Start again")
    assert "ZeroDivisionError" not in page.locator("body").inner_text()
    screenshot(page, "broken-1280-light")


def test_keys_and_clicks_of_a_notebook_do_nothing(page: Page) -> None:
    """Two d's delete a cell in JupyterLab, and a double click opens its source."""
    heading = page.get_by_role("heading", name="Welcome")
    heading.dblclick()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")

    expect(heading).to_be_visible()
    expect(page.locator(".cm-editor").filter(visible=True)).to_have_count(0)


def test_leaving_says_that_everything_is_saved(
    page: Page, screenshot: Screenshot
) -> None:
    """The way out is kind, and back in is one click."""
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("dialog")).to_contain_text("Everything is saved")
    screenshot(page, "leave-1280-light")

    page.get_by_role("button", name="Keep learning").click()

    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds kernels in /proc")
def test_a_dead_kernel_is_a_sentence_and_a_button(
    page: Page, place: Path, screenshot: Screenshot
) -> None:
    """Whatever happens to the machine, one click starts the lesson again."""
    for kernel in kernels_of(place / "workspace"):
        os.kill(kernel, signal.SIGKILL)
    expect(page.locator(NOTE)).to_contain_text("The lesson has stopped")
    screenshot(page, "stopped-1280-light")

    page.get_by_role("button", name="Start again").click()

    expect(page.locator(NOTE)).to_be_hidden()
    page.wait_for_selector(FORM)
    answer(page)


def test_a_changed_lesson_does_not_run_by_itself(
    context: BrowserContext, server: Server, place: Path, screenshot: Screenshot
) -> None:
    """A notebook that somebody has changed runs only if the agent says so."""
    laid = place / "workspace" / "desk" / WELCOME
    shipped = laid.read_text(encoding="utf-8")
    laid.write_text(shipped.replace("Refund at once", "Refund always"), "utf-8")
    page = context.new_page()
    page.goto(server.url)
    try:
        expect(page.locator(NOTE)).to_contain_text("did not start by itself")
        expect(page.locator(".jupyter-widgets")).to_have_count(0)
        screenshot(page, "changed-1280-light")

        page.get_by_role("button", name="Start the page").click()

        expect(page.get_by_label("Refund always")).to_be_visible()
    finally:
        laid.write_text(shipped, "utf-8")


def test_a_second_start_opens_the_lessons_that_run(server: Server, place: Path) -> None:
    """Two clicks on an icon do not make two servers write into one folder."""
    with lessons(place / "content", place / "workspace", first=WELCOME) as second:
        code = second.process.wait(timeout=30)

    assert code == 0
    assert second.url == server.url


def test_the_page_can_stop_the_kit(
    context: BrowserContext, tmp_path: Path, screenshot: Screenshot
) -> None:
    """Who does not know Ctrl-C can stop it from the page."""
    write_content(tmp_path / "content")
    with lessons(
        tmp_path / "content", tmp_path / "workspace", first=PLAYBOOK
    ) as running:
        page = context.new_page()
        page.goto(running.url)
        page.get_by_role("button", name="Leave").click()
        page.get_by_role("button", name="Stop the kit").click()

        expect(page.get_by_role("dialog")).to_contain_text("See you next time")
        screenshot(page, "gone-1280-light")
        said, _ = running.process.communicate(timeout=30)

    assert said.endswith("Stopped. Everything is saved.\n")
    assert running.process.returncode == 0
