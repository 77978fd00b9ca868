"""Made cases of an agent: an endless row, the same again on every machine."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.library import Library, copy_content
from kit.marking.desktops import desktop_here
from kit.marking.made_cases import made_case, newest_number, rows_met
from kit.marking.records.progress import MADE_CASES, Progress
from kit.practice.case.keys import judge
from kit.practice.case.review import due_of
from kit.practice.generate.generator import case_bytes
from kit.screens.exercise.practising import Practising
from kit.screens.forms import outline

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
AGAIN = Library(ROOT)


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    """A place for the records of one agent."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("KIT_AGENT", "mei-2")
    return desktop_here()


def noon():
    """The moment of every test."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("playbook", LIBRARY.ids)
def test_a_case_of_a_number_is_the_same_again(playbook):
    """Number and agent are all that records keep of it."""
    stories = LIBRARY.stories(playbook)
    again = AGAIN.stories(playbook)

    for number in (1, 2, 50):
        one, other = (made_case(each, "mei-2", number) for each in (stories, again))
        assert case_bytes(one) == case_bytes(other)


def test_two_agents_have_rows_of_their_own():
    """Nobody can copy a neighbour's answers."""
    stories = LIBRARY.stories("inr-request")

    one, other = (made_case(stories, agent, 1) for agent in ("mei-2", "ana-1"))

    assert case_bytes(one) != case_bytes(other)


def test_an_agent_goes_on_where_the_last_day_ended(desktop):
    """After a restart the newest case lies on the desk."""
    stories = desktop.library.stories("inr-request")
    case = made_case(stories, "mei-2", 7)
    desktop.session(case, MADE_CASES).look("order")

    page = Practising(desktop_here(), "inr-request", clock=noon)

    assert newest_number(stories, desktop.progress()) == 7
    assert "Made for you: case 7" in outline(page.screen)


def test_only_rows_that_were_decided_rightly_count_as_met(desktop):
    """Coverage says what somebody can do, not what somebody has seen."""
    stories = desktop.library.stories("inr-request")
    right, wrong = (made_case(stories, "mei-2", number) for number in (1, 2))
    for case, answers in (
        (right, {each.question.key: each.right for each in judge(right, {})}),
        (wrong, {}),
    ):
        session = desktop.session(case, MADE_CASES)
        for key, value in answers.items():
            session.answer(key, value)
        session.decide()

    met = rows_met(stories, "mei-2", desktop.progress())

    assert met == {(each.table.name, each.row.number) for each in right.decide()}
    assert rows_met(stories, "mei-2", Progress()) == frozenset()


def test_a_page_says_how_much_of_it_was_met(desktop):
    """The agent sees the whole page shrink."""
    page = Practising(desktop, "inr-request", clock=noon)

    rows = sum(len(table.rows) for table in LIBRARY.playbook("inr-request").tables)

    assert f"0 of the {rows} rows" in outline(page.screen)


def test_a_case_that_a_changed_page_makes_otherwise_has_another_name(tmp_path):
    """Nobody finds the answers to yesterday's case on today's."""
    copy_content(ROOT, tmp_path / "content")
    page = tmp_path / "content" / "playbooks" / "reference" / "limits.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("| 5 days | house |", "| 9 days | house |"), "utf-8")
    before = LIBRARY.stories("inr-request")
    after = Library(tmp_path / "content").stories("inr-request")

    pairs = [
        (made_case(before, "mei-2", number), made_case(after, "mei-2", number))
        for number in range(1, 60)
    ]

    changed = [(one, two) for one, two in pairs if case_bytes(one) != case_bytes(two)]
    assert changed
    assert all(one.id != two.id for one, two in changed)


@pytest.mark.parametrize("playbook", LIBRARY.ids)
def test_no_case_is_overdue_when_it_arrives(playbook):
    """Nobody can be in time for a day that was over before they began."""
    stories = LIBRARY.stories(playbook)

    for number in range(1, 16):
        case = made_case(stories, "mei-2", number)
        due = due_of(case)
        assert due is None or due >= case.on, case.id
