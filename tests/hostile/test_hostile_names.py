"""A name from outside never becomes a path, an option or a sequence of the terminal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from inputs import IDS, REPORTS, TEXTS
from sentences import bounded, is_plain
from typer.testing import CliRunner

from kit.cli import app
from kit.errors import BadAnswers, UnknownName
from kit.marking.desktops import desktop_here
from kit.marking.records.answers import is_agent, validate_answers
from kit.marking.records.events import Answered, Began, HandedIn, Marked
from kit.marking.records.store import record_path

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHORT = "a letter too long"
"""Too long for an exercise and an attempt; for an agent forty are enough."""


@pytest.fixture
def desktop(monkeypatch, tmp_path):
    """A desktop at which nobody is signed in."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("KIT_AGENT", raising=False)
    return desktop_here()


def refused_event(kind, **fields):
    """The sentence with which an event is refused."""
    with pytest.raises(BadAnswers) as caught:
        kind(at=NOON, **fields)
    return str(caught.value)


@pytest.mark.parametrize("name", IDS.values(), ids=IDS)
def test_a_hostile_agent_is_refused_in_a_sentence_and_reaches_no_file(name, tmp_path):
    """The id of an agent is the name of a file on every system."""
    with bounded():
        sentence = refused_event(
            Answered, agent=name, work="w", case="c", question="q", value="x"
        )

    assert is_plain(sentence)
    with pytest.raises(UnknownName) as caught:
        record_path(tmp_path, name)
    assert is_plain(str(caught.value))


@pytest.mark.parametrize("name", IDS.values(), ids=IDS)
@pytest.mark.parametrize("field", ["exercise", "attempt"])
def test_a_hostile_exercise_or_attempt_is_refused_in_a_sentence(field, name):
    """Both are folders of a report."""
    fields = {"agent": "ana-1", "exercise": "sizes", "attempt": "a-1", field: name}

    handed_in = refused_event(HandedIn, answers={}, **fields)
    began = refused_event(Began, criteria="0" * 64, **fields)
    with pytest.raises(BadAnswers) as caught:
        validate_answers(
            fields["exercise"],
            {},
            {"exercise": "sizes", "attempt": "a-1", "answers": {}, field: name},
        )

    assert is_plain(handed_in)
    assert is_plain(began)
    assert "sizes" in str(caught.value) or is_plain(str(caught.value))


@pytest.mark.parametrize("name", IDS.values(), ids=IDS)
def test_nobody_signs_in_under_a_hostile_name(name, desktop, tmp_path):
    """The field on the first page takes whatever is typed or pasted."""
    sentence = desktop.sign_in(name)

    assert is_plain(sentence)
    assert desktop.agent == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", IDS.values(), ids=IDS)
def test_a_hostile_name_in_the_workspace_is_nobodys(name, desktop, tmp_path):
    """The file lies in a folder that others can write to."""
    file = tmp_path / "agent.txt"
    file.write_bytes(name.encode("utf-8", "surrogatepass"))

    assert desktop.agent in {"", name.strip()}
    assert desktop.agent == "" or is_agent(desktop.agent)
    assert desktop.progress().attempts == ()


@pytest.mark.parametrize("command", ["grade", "learn"])
@pytest.mark.parametrize(
    "name",
    [pytest.param(IDS[each], id=each) for each in IDS if "megabytes" not in each],
)
def test_the_command_line_refuses_a_hostile_agent(command, name, tmp_path):
    """A name that clears the screen of a supervisor hides what was refused."""
    given = ["--workspace", str(tmp_path), command, f"--agent={name}"]

    result = CliRunner().invoke(app, given)

    assert result.exit_code == 2
    assert all(line.isprintable() for line in result.output.split("\n"))
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_hostile_report_is_refused_in_a_sentence(report):
    """Somebody opens what stands there with one click."""
    sentence = refused_event(
        Marked,
        agent="ana-1",
        exercise="sizes",
        attempt="a-1",
        percent=100,
        passed=True,
        dimensions={},
        critical=[],
        report=report,
    )

    assert is_plain(sentence)


def test_the_report_that_the_kit_writes_is_accepted():
    """The strictest gate still lets in what belongs there."""
    event = Marked(
        at=NOON,
        agent="ana-1",
        exercise="sizes",
        attempt="a-1",
        percent=100,
        passed=True,
        dimensions={},
        critical=[],
        report="reports/ana-1/sizes/a-1.html",
    )

    assert event.report == "reports/ana-1/sizes/a-1.html"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_refusal_stays_one_line_whatever_it_names(text):
    """Names of playbooks, facts and exercises come from the command line, too."""
    assert is_plain(str(UnknownName(sort="playbook", name=text, nearest="")))
