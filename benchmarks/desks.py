"""How fast a desk is: to render, and to answer and save one click in the browser."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from .report import Line, Reading

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
LESSON = "notebooks/01-item-not-received.ipynb"

A_SECOND_MS = 1_050
"""What stands on the screen names the second, and changes only with it."""

WATCH = """
() => {
  window.kitWaits = [];
  const desk = document.querySelector(".kit-desk");
  let pressed = 0;
  desk.addEventListener("click", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    if (pressed && desk.querySelector(".kit-status .kit-saved")) {
      window.kitWaits.push(performance.now() - pressed);
      pressed = 0;
    }
  }).observe(desk.querySelector(".kit-status"), { childList: true, subtree: true });
}
"""
"""Measures in the page itself: from a click to the moment at which “saved” stands."""


def measure_desks(rounds: int, tell: Callable[[str], None]) -> list[Line]:
    """Measure a desk of every shipped practice case, and clicks in a real browser."""
    tell(f"desks, {rounds} rounds")
    rendered, decided = [], []
    for _ in range(rounds):
        fresh, full = _render_all()
        rendered.append(Reading(fresh * 1000))
        decided.append(Reading(full * 1000))
    lines = [
        Line(
            "a desk rendered in the kernel",
            "ms",
            rendered,
            "a practice case as it comes: all controls made; the median of all shipped",
            300,
            at_most=True,
        ),
        Line(
            "a decided desk rendered in the kernel",
            "ms",
            decided,
            "all panels open, decided, with reasons, tables and the buyer's answer",
            300,
            at_most=True,
        ),
    ]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        tell("there is no Chromium here: clicks are not measured")
        return lines
    return [*lines, _clicks(chromium, rounds, tell)]


def _render_all() -> tuple[float, float]:
    """Render every practice case, as it comes and decided; the medians, in seconds."""
    from kit.content.library import Library  # noqa: PLC0415
    from kit.practice.case.keys import judge  # noqa: PLC0415
    from kit.practice.desk.session import Session  # noqa: PLC0415
    from kit.screens.desk.practice_desk import PracticeDesk  # noqa: PLC0415

    library = Library(ROOT)
    fresh, full = [], []
    for playbook in library.ids:
        for case in library.cases(playbook):
            session = Session(case, lambda _: None, library.reply_rules)

            def seconds(session: Session = session) -> float:
                started = time.perf_counter()
                PracticeDesk(session, place="", clock=lambda: datetime.now(UTC))
                return time.perf_counter() - started

            fresh.append(seconds())
            right = {each.question.key: each.right for each in judge(case, {})}
            for key, text in {**right, "sure": "sure", "reply": case.message}.items():
                session.answer(key, text)
            for panel in session.panels:
                session.look(panel.name)
            session.decide()
            full.append(seconds())
    return median(fresh), median(full)


def _clicks(chromium: str, rounds: int, tell: Callable[[str], None]) -> Line:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.browser.newcomer import FORM, lessons  # noqa: PLC0415

    readings = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        place = Path(folder) / "workspace"
        with lessons(ROOT, place, first=LESSON, agent="newcomer") as server:
            page = browser.new_page()
            page.goto(server.url)
            page.wait_for_selector(FORM)
            page.evaluate(WATCH)
            for number in range(rounds):
                tell(f"clicks, round {number + 1} of {rounds}")
                readings.append(Reading(median(_round_of_clicks(page))))
        browser.close()
    return Line(
        "a click answered and saved",
        "ms",
        readings,
        "in Chromium on loopback, from the click to “saved”: through the kernel, the "
        "record written with its hash and synced to disk; the median of a round",
        50,
        at_most=True,
    )


def _round_of_clicks(page: "Page") -> list[float]:
    """Click every choice of the first question of the first desk."""
    page.evaluate("() => { window.kitWaits = []; }")
    radios = page.locator(".kit-desk").first.locator("input[type=radio]")
    count = radios.count()
    for number in range(count):
        page.wait_for_timeout(A_SECOND_MS)
        radios.nth(number).click()
        page.wait_for_function(
            f"() => window.kitWaits.length > {number}", timeout=20_000
        )
    return list(page.evaluate("() => window.kitWaits"))
