"""One process serves several agents: nobody answers in the name of somebody else."""

import ast
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from test_house import MODULES

from kit.content.answer_sheets import read_model
from kit.content.library import Library
from kit.lesson import Lesson
from kit.marking.desktops import Desktop, desktop_here
from kit.marking.identities import SIGNED_IN, Named, SignedIn
from kit.marking.marks.content_cache import ContentCache
from kit.marking.marks.marks import sheets_of
from kit.marking.records.events import Answered, Decided, HandedIn
from kit.marking.records.store import read_events, record_path
from kit.marking.workspaces import Workspace
from kit.practice.case.keys import judge
from kit.practice.generate import generator
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.exercise.exercise_screen import ExerciseWork
from kit.screens.forms import outline

ROOT = Path(__file__).parents[1]
WORK = "01-item-not-received"
PLAYBOOK = "inr-request"
ROUNDS = 4


@pytest.fixture(scope="module")
def content():
    """Content that is read once for all, as a server does; at first in threads."""
    return ContentCache(Library(ROOT))


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """An environment that names somebody else, in a place of their own."""
    place = tmp_path / "elsewhere"
    monkeypatch.setenv("KIT_AGENT", "zed-9")
    monkeypatch.setenv("KIT_WORKSPACE", str(place))
    yield
    assert not place.exists()


def noon():
    """The moment of every test."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def together(*works: Callable[[Barrier], object]) -> list[object]:
    """Do several things at the same time, each in a thread; each may wait for all."""
    barrier = Barrier(len(works), timeout=30)
    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result() for each in [threads.submit(w, barrier) for w in works]]


def worked(desktop: Desktop, *, is_right: bool) -> Callable[[Barrier], object]:
    """Decide one case many times over, step by step with all the others."""

    def work(all_others: Barrier) -> object:
        all_others.wait()
        case = desktop.library.cases(PLAYBOOK)[0]
        session = desktop.session(case, WORK)
        desk = PracticeDesk(session, place="", clock=noon)
        answers = {each.question.key: each.right for each in judge(case, {})}
        for number in range(ROUNDS):
            all_others.wait()
            session.look("order")
            if is_right:
                for key, value in answers.items():
                    session.answer(key, value)
            session.answer("reply", f"{desktop.agent} writes {number}.")
            session.decide()
            session.restart()
        return desk

    return work


def chosen(content: ContentCache, answers: Mapping[str, str]) -> set[str]:
    """The questions of the case that were answered."""
    judged = judge(content.library.cases(PLAYBOOK)[0], answers)
    return {each.question.key for each in judged if each.question.key in answers}


def replies_in(path: Path) -> list[str]:
    """Every reply of a file, seals and chain verified."""
    return [
        str(event.value)
        for event in read_events(path)
        if isinstance(event, Answered) and event.question == "reply"
    ]


@pytest.mark.parametrize("is_shared", [True, False], ids=["one workspace", "two"])
def test_two_agents_work_on_the_same_case_at_the_same_time(
    content, tmp_path, is_shared
):
    """Each file holds what its agent did, all of it, and nothing of the other."""
    names = ("ana-1", "mei-2")
    places = [tmp_path / ("all" if is_shared else name) for name in names]
    desktops = [
        Desktop(Named(name), Workspace(place), content)
        for name, place in zip(names, places, strict=True)
    ]

    first, second = together(
        worked(desktops[0], is_right=True), worked(desktops[1], is_right=False)
    )

    assert first.session is not second.session
    for name, place, is_right in zip(names, places, (True, False), strict=True):
        path = record_path(place, name)
        events = read_events(path)
        decided = [each for each in events if isinstance(each, Decided)]
        assert {each.agent for each in events} == {name}
        assert replies_in(path) == [f"{name} writes {n}." for n in range(ROUNDS)]
        assert [each.number for each in decided] == [n + 1 for n in range(ROUNDS)]
        found = [bool(chosen(content, each.answers)) for each in decided]
        assert found == [is_right] * ROUNDS
    records = {each.name for each in tmp_path.rglob("*.jsonl")}
    assert records == {f"{name}.jsonl" for name in names}


def test_agents_of_one_name_in_two_workspaces_are_two(content, tmp_path):
    """Two companies on one server may both have an Ana."""
    case = content.library.cases(PLAYBOOK)[0]
    one, other = (
        Desktop(Named("ana"), Workspace(tmp_path / each), content).session(case, WORK)
        for each in ("acme", "globex")
    )

    one.answer("reply", "From Acme.")

    assert "reply" not in other.answers
    assert replies_in(record_path(tmp_path / "acme", "ana")) == ["From Acme."]
    assert not record_path(tmp_path / "globex", "ana").exists()


def test_guests_whose_work_is_not_kept_do_not_share_a_desk(content):
    """Nobody sees on the screen what a stranger has chosen."""
    case = content.library.cases(PLAYBOOK)[0]
    one, other, again = (
        Desktop(Named(each), None, content).session(case, WORK)
        for each in ("guest-1", "guest-2", "guest-1")
    )

    one.answer("sure", "guessing")

    assert "sure" not in other.answers
    assert again is one


def test_who_signs_in_at_one_desktop_is_signed_in_there_alone(content, tmp_path):
    """A second person at another screen is asked for their own name."""
    store = Workspace(tmp_path)
    one, other = (
        Desktop(SignedIn(tmp_path / each / SIGNED_IN), store, content)
        for each in ("left", "right")
    )

    assert one.sign_in("Ana Maria") != ""
    assert one.sign_in("ana-1") == ""

    assert (one.agent, other.agent) == ("ana-1", "")


def test_the_start_page_of_each_agent_says_who_they_are(content, tmp_path, capsys):
    """A lesson is laid for a desktop, and for nobody whom the environment names."""
    for agent in ("ana-1", "mei-2"):
        desktop = Desktop(Named(agent), Workspace(tmp_path), content)
        Lesson("00-welcome", desktop).course()

        assert f"You are signed in as {agent}." in capsys.readouterr().out


def test_two_agents_hand_in_their_own_exams(content, tmp_path):
    """An attempt is begun, worked on and handed in beside that of somebody else."""
    marker = content.marker(PLAYBOOK)
    best = sheets_of(marker.exercise, read_model(content.library, marker.exercise))

    def examined(agent: str, *, is_best: bool) -> Callable[[Barrier], object]:
        def work(all_others: Barrier) -> object:
            desktop = Desktop(Named(agent), Workspace(tmp_path), content)
            page = ExerciseWork(marker.exercise, desktop, clock=noon)
            all_others.wait()
            page.show()
            for case in marker.exercise.cases if is_best else ():
                all_of = f"{PLAYBOOK}/attempt-1"
                session = desktop.session(case, all_of, exercise=marker.exercise)
                for key, value in best[case.id].items():
                    session.answer(key, value)
            all_others.wait()
            return outline(page.screen)

        return work

    pages = together(examined("ana-1", is_best=True), examined("mei-2", is_best=False))
    for agent, page in zip(("ana-1", "mei-2"), pages, strict=True):
        desktop = Desktop(Named(agent), Workspace(tmp_path), content)
        work = ExerciseWork(marker.exercise, desktop, clock=noon)
        work._begin()
        work._hand_in(marker.exercise, "attempt-1")
        assert f"You are signed in as {agent}." in page

    handed_in = {
        agent: next(
            each
            for each in read_events(record_path(tmp_path, agent))
            if isinstance(each, HandedIn)
        )
        for agent in ("ana-1", "mei-2")
    }
    counts = {
        agent: {len(answers) for answers in event.answers.values()}
        for agent, event in handed_in.items()
    }
    assert min(counts["ana-1"]) > 3
    assert counts["mei-2"] == {1}  # the day of the case, which is always there


def test_a_notebook_has_the_desktop_that_the_environment_names(monkeypatch, tmp_path):
    """What `kit learn` sets up reaches the lesson, and somebody named needs no file."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path / "mine"))
    named = desktop_here()
    monkeypatch.delenv("KIT_AGENT")
    unnamed = desktop_here()
    monkeypatch.delenv("KIT_WORKSPACE")
    reader = desktop_here()

    unnamed.sign_in("mei-2")

    assert [each.agent for each in (named, unnamed, reader)] == ["zed-9", "mei-2", ""]
    assert [each.keeps_records for each in (named, unnamed, reader)] == [
        True,
        True,
        False,
    ]


ASKED_FOR = {
    "KIT_AGENT": {"marking/desktops"},
    "KIT_WORKSPACE": {"marking/desktops"},
    "KIT_CONTENT": {"marking/desktops"},
}
"""What is personal, and the module that reads it from the environment."""

SETS_IT_UP = {"marking/grading/kernels", "screens/lab/settings"}
"""Modules that write the environment of another process."""


@pytest.mark.parametrize("name", ASKED_FOR)
def test_one_module_asks_the_environment_who_is_learning(name):
    """Whoever asks a second time serves the wrong agent on a shared server."""
    found = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == name
    }

    assert found - SETS_IT_UP == ASKED_FOR[name]


def test_an_open_desk_stays_with_the_agent_who_opened_it(content, tmp_path):
    """Somebody else signs in on the same machine: what was begun is not theirs."""
    desktop = Desktop(SignedIn(tmp_path / SIGNED_IN), Workspace(tmp_path), content)
    case = content.library.cases(PLAYBOOK)[0]
    desktop.sign_in("ana-1")
    session = desktop.session(case, WORK)
    session.answer("reply", "Ana writes.")

    desktop.sign_in("mei-2")
    session.answer("reply", "Ana goes on.")
    desktop.session(case, WORK).answer("reply", "Mei writes.")

    assert replies_in(record_path(tmp_path, "ana-1")) == ["Ana writes.", "Ana goes on."]
    assert replies_in(record_path(tmp_path, "mei-2")) == ["Mei writes."]


def test_guests_without_a_name_have_desks_of_their_own(content):
    """Nothing is kept of them, and nobody sees what another one chooses."""
    case = content.library.cases(PLAYBOOK)[0]
    one, other = (
        Desktop(Named(""), None, content).session(case, WORK) for _ in range(2)
    )

    one.answer("reply", "The first guest writes.")

    assert one is not other
    assert "reply" not in other.answers


def test_two_tabs_that_open_at_once_show_one_desk(content, tmp_path):
    """What is chosen in one tab is chosen in the other."""
    desktop = Desktop(Named("ana-1"), Workspace(tmp_path), content)
    case = content.library.cases(PLAYBOOK)[0]

    def opens(other: Barrier) -> object:
        other.wait()
        return desktop.session(case, WORK)

    for _ in range(20):
        one, two = together(opens, opens)
        assert one is two
        del one, two


def test_made_cases_have_one_order_however_many_ask(content, monkeypatch):
    """The number of a case is all that records keep of it."""
    stories, seed, asked = content.library.stories(PLAYBOOK), 900, []
    alone = [name_of_case(stories, seed, number) for number in range(4)]
    real = generator.problems_of

    def slow_at_first(stories, target):
        asked.append(target)
        if len(asked) == 1:  # whoever comes later would be done sooner
            time.sleep(0.5)
        return real(stories, target)

    def asks(others: Barrier) -> object:
        others.wait()
        return [name_of_case(stories, seed, number) for number in range(4)]

    monkeypatch.setattr(generator, "problems_of", slow_at_first)
    generator._series.cache_clear()

    assert together(asks, asks, asks) == [alone] * 3


def name_of_case(stories, seed, number):
    """The id of a made case; it says what the case is about."""
    case = generator.case_at(stories, seed, number)
    return case.id if case else None
