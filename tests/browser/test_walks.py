"""Four scenarios, four ways through them, with the keyboard alone or with the mouse.

With the keyboard a right walk through each; with the mouse a late one, a wrong decision
that is put right, and a bad reply: each from the buyer's message to the end, in the
shipped lessons, with a picture of every end. ``test_desk_life.py`` plays the desk of
every case without a browser.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from keyboard import KeyboardUser, MouseUser
from newcomer import Server, new_form, served, wait_for_lesson
from playwright.sync_api import Browser, Locator, Page, expect
from shipped import LIBRARY

from kit.content.cases import PracticeCase
from kit.content.playbook.talk import Move, line_for
from kit.practice.case.keys import judge
from kit.practice.case.questions import Question, questions_of, words_of
from kit.practice.case.review import due_of, right_messages
from kit.practice.wording import sentence_case
from tests.sessions import session_at

ROOT = Path(__file__).parents[2]
WALKS = {
    "01-item-not-received": ("inr-request", "over-the-garden-wall"),
    "02-not-as-described": ("snad-return", "vase-in-eleven-pieces"),
    "03-wrong-size": ("wrong-size-remorse", "toast-rack-six-weeks-later"),
    "04-address-change": ("address-change", "moved-to-leeds"),
}
"""For each lesson the page and the case whose walks are made."""

walked = partial(pytest.mark.parametrize, "walk", indirect=True, scope="module")
"""Which lessons a way leads through; without it, through each."""

RUDE = "Please send your number to me at agent@example.com. It is your own fault."
"""A reply without the decision, with an address, and with the blame on the buyer."""

Screenshot = Callable[[Page, str], Path]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run ``kit learn`` on the shipped content."""
    workspace = tmp_path_factory.mktemp("walks") / "workspace"
    argv = [sys.executable, "-m", "kit", "--content", str(ROOT)]
    with served(
        [
            *argv,
            "--workspace",
            str(workspace),
            "learn",
            "--no-browser",
            "--agent",
            "lin",
        ]
    ) as running:
        yield running


@pytest.fixture(scope="module", params=list(WALKS))
def walk(
    request: pytest.FixtureRequest, browser: Browser, server: Server
) -> Iterator["Walker"]:
    """Somebody in front of one lesson, at the desk of its case."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(30_000)
    page = context.new_page()
    start, _, rest = server.url.partition("/doc/tree/")
    token = rest.partition("?")[2]
    page.goto(f"{start}/doc/tree/notebooks/{request.param}.ipynb?{token}")
    wait_for_lesson(page)
    playbook, name = WALKS[request.param]
    case = next(each for each in LIBRARY.cases(playbook) if each.id == name)
    yield Walker(page, case, request.param)
    context.close()


class Walker:
    """Somebody who walks through one case."""

    def __init__(self, page: Page, case: PracticeCase, lesson: str) -> None:
        """Sit down in front of the desk of a case."""
        self.page, self.case, self.lesson = page, case, lesson
        self.hands: KeyboardUser | MouseUser = KeyboardUser(page)
        first = case.message.split("\n")[0]
        self.desk = page.locator(".kit-desk", has=page.get_by_text(first)).first

    def begin(self, hands: type[KeyboardUser | MouseUser]) -> None:
        """Lay the case on the desk as if it had just come."""
        self.hands = hands(self.page)
        with new_form(self.desk):
            self.hands.press(self.button("Start this case again"))
        expect(self.desk.locator(".kit-panel")).to_have_count(0)

    def look(self) -> None:
        """Open every panel."""
        for each in self.desk.locator(".kit-panels button").all():
            self.hands.press(each)
        count = self.desk.locator(".kit-panels button").count()
        expect(self.desk.locator(".kit-panel")).to_have_count(count)

    def wait_past_the_last_day(self) -> PracticeCase:
        """Let days go by until it is too late."""
        due = due_of(self.case)
        assert due is not None
        case = self.case
        while case.on <= due:
            self.hands.press(self.button("Wait until tomorrow"))
            later = case.on_day(date.fromordinal(case.on.toordinal() + 1))
            assert later is not None
            case = later
            day = f"{case.on.day} {case.on:%B}"
            expect(self.desk.locator(".kit-case")).to_contain_text(day)
        return case

    def answer(self, answers: Mapping[str, str]) -> None:
        """Answer every question, and say that one is sure."""
        for question in questions_of(self.case):
            self._answer(question, answers[question.key])
        self.hands.choose(self.part("How sure are you?"), "Sure")

    def write_right(self, case: PracticeCase) -> None:
        """Take the message of the page, or say that nothing is to be sent."""
        ids = right_messages(case)
        if not ids:
            self.hands.press(self.button("Send nothing now"))
            return
        words = case.playbook.reference.word_on_screen(ids[0])
        self.hands.pick(self.desk.locator(".kit-reply select"), words)
        self.hands.press(self.button("Fill in what I know now"))

    def check(self) -> Locator:
        """Check the decision, and read what is said."""
        self.hands.press(self.button("Check my decision"))
        lead = self.desk.locator(".kit-result .kit-lead").first
        lead.wait_for()
        return lead

    def mend(self, case: PracticeCase) -> None:
        """Do all of it well after the buyer has answered, to the end."""
        self.answer(right(case))
        self.hands.write(self.desk.locator(".kit-reply textarea"), "")
        self.write_right(case)
        self.check()
        self.has_ended_well()

    def has_ended_well(self) -> None:
        """The matter has ended, and the buyer is content."""
        end = self.desk.locator(".kit-ending .kit-lead")
        expect(end).to_have_class(re.compile("kit-right"))

    def button(self, words: str) -> Locator:
        """A button of this desk."""
        return self.desk.get_by_role("button", name=words, exact=True)

    def part(self, name: str) -> Locator:
        """One question of this desk, by its visible name."""
        label = self.page.locator(".kit-label", has_text=re.compile(f"^{name}"))
        return self.desk.locator(".kit-question").filter(has=label).first

    def _answer(self, question: Question, answer: str) -> None:
        part = self.part(re.escape(question.name) + " ")
        try:
            day = date.fromisoformat(answer)
        except ValueError:
            self.hands.choose(part, sentence_case(words_of(question, answer)))
            return
        self.hands.enter_day(part.locator("input[type=date]"), day)


def right(case: PracticeCase) -> dict[str, str]:
    """What the playbook answers, by question."""
    return {each.question.key: each.right for each in judge(case, {})}


def after(case: PracticeCase, day: date, answers: Mapping[str, str]) -> PracticeCase:
    """The case on the day by which a correction of a decision is judged."""
    session = session_at(
        case, lambda _: None, LIBRARY.reply_rules, day=day, answers=dict(answers)
    )
    session.decide()
    return session.judged


def wrong(case: PracticeCase) -> dict[str, str]:
    """The same with another action, after which the buyer still writes."""
    talk = case.playbook.talk
    assert talk is not None
    question = next(each.question for each in judge(case, {}) if each.is_action)
    answers = right(case)
    for choice in question.choices:
        line = line_for(talk, talk.start, Move.WRONG, choice.value)
        if choice.value != answers[question.key] and line and talk.mood(line.next):
            return {**answers, question.key: choice.value}
    raise AssertionError("every other action ends this talk")


def test_a_right_walk_ends_well(walk: Walker, screenshot: Screenshot) -> None:
    """Look, decide, write the message, and the buyer is content."""
    walk.begin(KeyboardUser)
    walk.look()
    walk.answer(right(walk.case))
    walk.write_right(walk.case)

    expect(walk.check()).to_contain_text("All right")

    walk.has_ended_well()
    expect(walk.desk.get_by_text("looked before deciding")).to_be_visible()
    screenshot(walk.page, f"walk-{walk.lesson}-right")


@walked(["03-wrong-size"])
def test_a_late_walk_is_told_its_last_day(walk: Walker, screenshot: Screenshot) -> None:
    """Waiting is a move, and a missed day has its consequence."""
    walk.begin(MouseUser)
    walk.look()
    late = walk.wait_past_the_last_day()
    walk.answer(right(late))
    walk.write_right(late)

    walk.check()

    expect(walk.desk.get_by_text("You decided too late")).to_be_visible()
    screenshot(walk.page, f"walk-{walk.lesson}-late")

    walk.mend(after(walk.case, late.on, right(late)))
    screenshot(walk.page, f"walk-{walk.lesson}-late-end")


@walked(["02-not-as-described"])
def test_a_wrong_decision_is_answered_and_put_right(
    walk: Walker, screenshot: Screenshot
) -> None:
    """The buyer writes back, and it can still end well."""
    walk.begin(MouseUser)
    walk.look()
    walk.answer(wrong(walk.case))
    walk.write_right(walk.case)
    expect(walk.check()).to_contain_text("Read the hint")
    expect(walk.desk.get_by_text("not happy yet")).to_be_visible()
    action = next(each for each in judge(walk.case, {}) if each.is_action)
    because = walk.desk.locator(".kit-result").get_by_text(action.explanation.because)
    expect(because).to_have_count(0)
    expect(walk.desk.locator(".kit-result .kit-if").first).to_be_visible()
    screenshot(walk.page, f"walk-{walk.lesson}-wrong")

    walk.hands.press(walk.button("Show me the answers"))
    expect(because.first).to_be_visible()
    screenshot(walk.page, f"walk-{walk.lesson}-wrong-answers")
    question = action.question
    walk.hands.choose(
        walk.part(re.escape(question.name) + " "),
        sentence_case(words_of(question, right(walk.case)[question.key])),
    )
    walk.check()

    walk.has_ended_well()
    screenshot(walk.page, f"walk-{walk.lesson}-wrong-end")


@walked(["01-item-not-received"])
def test_a_bad_reply_is_marked_where_it_is_bad(
    walk: Walker, screenshot: Screenshot
) -> None:
    """The decision is right, and the buyer is not content all the same."""
    walk.begin(MouseUser)
    walk.look()
    walk.answer(right(walk.case))
    walk.hands.write(walk.desk.locator(".kit-reply textarea"), RUDE)

    walk.check()

    expect(walk.desk.locator(".kit-marked mark").first).to_be_visible()
    expect(walk.desk.get_by_text("not happy yet")).to_be_visible()
    screenshot(walk.page, f"walk-{walk.lesson}-bad-reply")

    walk.mend(after(walk.case, walk.case.on, {**right(walk.case), "reply": RUDE}))
    screenshot(walk.page, f"walk-{walk.lesson}-bad-reply-end")


def test_everybody_can_use_the_desk(
    walk: Walker, accessible: Callable[[Page], None]
) -> None:
    """Names, labels, contrast and order, in the light and in the dark."""
    accessible(walk.page)
    walk.page.emulate_media(color_scheme="dark")
    accessible(walk.page)
    walk.page.emulate_media(color_scheme="light")
