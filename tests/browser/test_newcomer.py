"""The newcomer's path, from the command to the mark, in a real browser.

Everything is real: the command, JupyterLab, its kernels, the shipped lessons, the
records on disk, papermill. The newcomer types a name once and days; all else is clicks.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from newcomer import FORM, Server, served
from playwright.sync_api import Browser, Locator, Page, expect

from kit.content.answer_sheets import read_near_miss
from kit.content.cases import PracticeCase
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.marking.records.progress import progress_of
from kit.marking.records.store import read_events, record_path
from kit.practice.case.drafts import NAMED, written_out
from kit.practice.case.keys import judge
from kit.practice.case.panels import panel_title
from kit.practice.case.questions import Question, questions_of, words_of
from kit.practice.case.review import right_messages
from kit.practice.case.sheets import ASKED, LOOKED, NO_REPLY, REPLY, SURE
from kit.practice.wording import sentence_case
from kit.screens.desk.desk_screen import how_sure

ROOT = Path(__file__).parents[2]
KIT = [sys.executable, "-m", "kit"]
AGENT = "mei-2"
EXERCISE = "wrong-size-remorse"
SECRETS = re.compile(
    r"Traceback|\.py\b|playbooks/|ipynb:|/home/|/root/|/tmp/|KeyError|import kit"
)

Screenshot = Callable[[Page, str], Path]
Accessible = Callable[[Page], None]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this newcomer's records and reports go."""
    return tmp_path_factory.mktemp("newcomer") / "workspace"


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Server]:
    """Run ``kit learn`` on the shipped content."""
    with learning(workspace) as running:
        yield running


@contextmanager
def learning(workspace: Path) -> Iterator[Server]:
    """Run the command that the README names, without opening a browser of its own."""
    argv = [*KIT, "--content", str(ROOT), "--workspace", str(workspace)]
    with served([*argv, "learn", "--no-browser"]) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window that the newcomer keeps open all the time."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(30_000)
    outside: list[str] = []
    context.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if not re.match(
                r"(https?|wss?)://(localhost|127\.0\.0\.1)|data:|blob:", request.url
            )
            else None
        ),
    )
    page = context.new_page()
    yield page
    context.close()
    assert outside == []


def opened(page: Page, server: Server, path: str) -> None:
    """Open a page of the course and wait until it can be used."""
    start, _, rest = server.url.partition("/doc/tree/")
    token = rest.partition("?")[2]
    page.goto(f"{start}/doc/tree/{path}?{token}")
    ready(page)


def ready(page: Page) -> None:
    """Wait until every cell of the page has run."""
    page.wait_for_selector(FORM)


def no_secrets(page: Page) -> None:
    """No code, no path, no traceback is ever in sight."""
    text = page.locator("body").inner_text()

    assert not SECRETS.search(text), SECRETS.search(text)
    assert page.locator(".cm-editor:visible").count() == 0


def right_answers(case: PracticeCase) -> dict[str, str]:
    """What the playbook answers, by question, and the message that it has for it."""
    answers = {each.question.key: each.right for each in judge(case, {})}
    ids = right_messages(case)
    named = {REPLY: f"{NAMED}{ids[0]}"} if ids else {REPLY: NO_REPLY}
    return {**answers, **named, SURE: "sure"}


def decide(desk: Locator, case: PracticeCase, answers: Mapping[str, str]) -> None:
    """Look at all that is named, or at everything, then answer and write."""
    wanted = [each for each in answers.get(LOOKED, "").split(", ") if each]
    panels = [panel_title(each) for each in wanted]
    panels = panels or desk.locator(".kit-panels button").all_inner_texts()
    for number, each in enumerate(panels):
        desk.get_by_role("button", name=each.strip(" ✓"), exact=True).click()
        expect(desk.locator(".kit-panel")).to_have_count(number + 1)
    for question in questions_of(case):
        choose(desk, question, answers.get(question.key, ""))
    write(desk, case, answers[REPLY])
    form = part(desk, how_sure().name)
    form.get_by_label(words_of(how_sure(), answers[SURE]), exact=True).check()


def write(desk: Locator, case: PracticeCase, reply: str) -> None:
    """Write a reply, take a message of the page, or send nothing."""
    if reply == NO_REPLY:
        desk.get_by_role("button", name="Send nothing now").click()
        return
    field = desk.locator(".kit-reply textarea")
    written = written_out(case, {REPLY: reply})[REPLY] or ""
    field.fill(written)
    field.press("Tab")


def part(desk: Locator, name: str) -> Locator:
    """One question of a desk, by its visible name."""
    label = desk.page.locator(".kit-label", has_text=re.compile(f"^{re.escape(name)} "))
    return desk.locator(".kit-question").filter(has=label)


def choose(desk: Locator, question: Question, answer: str) -> None:
    """Answer one question by its visible label."""
    form = part(desk, question.name)
    if not answer:
        return
    try:
        date.fromisoformat(answer)
    except ValueError:
        form.get_by_label(sentence_case(words_of(question, answer)), exact=True).check()
        return
    field = form.locator("input[type=date]")
    field.fill(answer)
    field.press("Tab")


def test_the_first_page_asks_who_is_learning(
    page: Page, server: Server, screenshot: Screenshot, accessible: Accessible
) -> None:
    """A newcomer opens the address, gives a short name once, and sees the course."""
    page.goto(server.url)
    ready(page)
    screenshot(page, "newcomer-1-welcome")

    name = page.get_by_label("Your short name").first
    name.fill(AGENT)
    page.get_by_role("button", name="This is me").first.click()
    page.locator(".kit-desk").first.wait_for()
    page.reload()
    ready(page)

    expect(page.get_by_text(f"You are signed in as {AGENT}.")).to_be_visible()
    screenshot(page, "newcomer-2-course")
    accessible(page)
    no_secrets(page)


def test_a_case_is_decided_by_clicks_and_the_row_lights_up(
    page: Page, server: Server, workspace: Path, screenshot: Screenshot
) -> None:
    """The first lesson: look, decide, read why."""
    opened(page, server, "notebooks/01-item-not-received.ipynb")
    desk = page.locator(".kit-desk").first
    message = desk.locator(".kit-message p").last.inner_text()
    cases = Library(ROOT).cases("inr-request")
    case = next(each for each in cases if each.message.split() == message.split())

    decide(desk, case, right_answers(case))
    desk.get_by_role("button", name="Check my decision").click()
    expect(desk.locator(".kit-lead").first).to_contain_text("All right")
    desk.locator("summary").first.click()

    expect(desk.locator("tr.kit-lit").first).to_contain_text("▶")
    screenshot(page, "newcomer-3-row-lights-up")
    kept = progress_of(read_events(record_path(workspace, AGENT)))
    assert kept.case("01-item-not-received", case.id).right is True
    no_secrets(page)


def test_after_a_reload_the_desk_stands_where_it_stood(
    page: Page, server: Server
) -> None:
    """Nothing answered is ever lost, and nothing has to be done twice."""
    opened(page, server, "notebooks/01-item-not-received.ipynb")

    desk = page.locator(".kit-desk").first

    expect(desk.locator(".kit-lead").first).to_contain_text("All right")
    assert desk.locator(".kit-panel").count() > 0


def test_an_exercise_is_handed_in_marked_and_explained(
    page: Page,
    server: Server,
    workspace: Path,
    screenshot: Screenshot,
    accessible: Accessible,
) -> None:
    """Six cases, one hand-in, ``kit grade``, and the mark with its reasons."""
    library = Library(ROOT)
    exercise = read_exercise(library, EXERCISE)
    near = read_near_miss(library, exercise)
    opened(page, server, f"exercises/{EXERCISE}/exercise.ipynb")

    for case in exercise.cases:
        desk = page.locator(".kit-desk")
        expect(desk.locator(".kit-message")).to_contain_text(
            case.message.split("\n")[0]
        )
        decide(desk, case, near.answers[case.id])
        if case is not exercise.cases[-1]:
            page.get_by_role("button", name="Next case").click()
    asked = sum(
        len(set(each) - {LOOKED, ASKED, SURE}) for each in near.answers.values()
    )
    expect(page.get_by_text(f"{asked} of ")).to_be_visible()
    screenshot(page, "newcomer-4-exercise")
    accessible(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_text("Your supervisor marks it")).to_be_visible()
    graded = subprocess.run(
        [*KIT, "--content", str(ROOT), "--workspace", str(workspace), "grade"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    page.reload()
    ready(page)

    assert f"{near.percent} %" in graded.stdout, graded.stderr
    expect(page.locator(".kit-report .kit-lead")).to_contain_text(f"{near.percent} %")
    screenshot(page, "newcomer-5-mark")
    accessible(page)
    no_secrets(page)


def test_the_report_page_shows_the_mark(
    browser: Browser, workspace: Path, screenshot: Screenshot, accessible: Accessible
) -> None:
    """The supervisor opens one file and sees mark, row, reason and source."""
    near = read_near_miss(Library(ROOT), read_exercise(Library(ROOT), EXERCISE))
    report = workspace / "reports" / AGENT / EXERCISE / "attempt-1.html"
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()

    page.goto(report.as_uri())

    expect(page.get_by_text(f"{near.percent} %").first).to_be_visible()
    source = page.get_by_text("(we have read it there)")
    expect(source.filter(visible=True).first).to_be_visible()
    screenshot(page, "newcomer-6-report")
    accessible(page)
    page.context.close()


def test_the_course_shows_what_is_done(
    page: Page, server: Server, screenshot: Screenshot
) -> None:
    """Back on the start page the mark stands beside its exercise."""
    opened(page, server, "notebooks/00-welcome.ipynb")

    expect(page.locator(".kit-course")).to_contain_text("not passed yet")
    screenshot(page, "newcomer-7-course")


def test_a_restarted_kit_finds_everything_again(
    browser: Browser, server: Server, workspace: Path
) -> None:
    """The next morning the lesson is where it was left."""
    server.process.send_signal(2)
    server.process.wait(30)
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(30_000)

    with learning(workspace) as again:
        opened(page, again, "notebooks/01-item-not-received.ipynb")
        desk = page.locator(".kit-desk").first

        expect(desk.locator(".kit-lead").first).to_contain_text("All right")
    page.context.close()
