"""The numbers over all agents are the numbers that each agent's own records tell."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean

import pytest

from kit.marking.export.record_tables import (
    AgentRow,
    AttemptRow,
    DimensionRow,
    Overview,
    overview_of,
)
from kit.marking.records.events import (
    Answered,
    HandedIn,
    Marked,
    Overridden,
    SignedOff,
    hash_of_answers,
)
from kit.marking.records.progress import progress_of
from kit.marking.records.store import append_event, read_events, record_path

pytestmark = pytest.mark.long

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def work(agent: str, attempt: str, exercise: str = "sizes", *, days: int = 0) -> dict:
    """Where something was done, and on which day of a clock that may run backwards."""
    at = NOON + timedelta(days=days)
    return {"agent": agent, "at": at, "exercise": exercise, "attempt": attempt}


def marked(place: dict, percent: int, **dimensions: int) -> Marked:
    """A mark."""
    mark = {"percent": percent, "passed": percent > 79, "dimensions": dimensions}
    return Marked(**place, **mark, critical=[], report="reports/a.html")


def by_hand(place: dict, percent: int, *, passed: bool) -> Overridden:
    """A mark that a supervisor has set."""
    return Overridden(**place, by="lead-1", percent=percent, passed=passed, reason="x")


@pytest.fixture
def workspace(tmp_path):
    """Several agents: marked again, overridden, unmarked, with a clock set back."""
    ana, ben, mei = "ana-1", "ben-2", "mei-2"
    events = [
        HandedIn(**work(ana, "attempt-1"), answers={}),
        marked(work(ana, "attempt-1"), 90, policy=90, reply=50),
        marked(work(ana, "attempt-1", days=-3), 60, policy=55, reply=65),
        HandedIn(**work(ana, "attempt-2", days=-2), answers={}),
        marked(work(ana, "attempt-2"), 85, policy=100, reply=40),
        HandedIn(**work(ana, "attempt-1"), answers={"one": {"action": "late"}}),
        HandedIn(**work(ana, "attempt-1", "parcels"), answers={}),
        HandedIn(**work(ben, "attempt-1"), answers={}),
        by_hand(work(ben, "attempt-1"), 30, passed=False),
        marked(work(ben, "attempt-1"), 70, policy=71),
        by_hand(work(ben, "attempt-1", days=-9), 88, passed=True),
        marked(work(ben, "attempt-1", days=5), 20, policy=21),
        marked(work(ben, "attempt-9"), 100, policy=100),
        HandedIn(**work(ben, "attempt-1", "parcels"), answers={}),
        by_hand(work(ben, "attempt-1", "parcels"), 95, passed=True),
        marked(work(ben, "attempt-2"), 100, policy=100),
        HandedIn(**work(ben, "attempt-2"), answers={}),
        Answered(
            agent=mei, at=NOON, work="w", case="c", question="q", value="<b>\n退货"
        ),
    ]
    for event in events:
        append_event(tmp_path, event)
    return tmp_path


def told(workspace: Path) -> Overview:
    """The same from each agent's own records, line by line."""
    agents, attempts, shares = [], [], {}
    for path in sorted((workspace / "records").glob("*.jsonl")):
        events = read_events(path)
        found = progress_of(events).attempts
        others = (Marked, Overridden, SignedOff)
        own = [each for each in events if not isinstance(each, others)]
        days = [each.at.date() for each in own or events]
        passed = sum(each.passed for each in found)
        agents.append(AgentRow(path.stem, len(found), passed, max(days)))
        for each in sorted(found, key=lambda one: one.exercise):
            by = each.override.by if each.override else None
            row = (path.stem, each.exercise, each.attempt, each.percent, each.passed)
            attempts.append(AttemptRow(*row, by))
            for name, percent in (each.mark.dimensions if each.mark else {}).items():
                shares.setdefault((each.exercise, name), []).append(percent)
    dimensions = [
        DimensionRow(*key, mean(each), len(each)) for key, each in shares.items()
    ]
    dimensions.sort(key=lambda each: (each.exercise, each.dimension))
    return Overview(tuple(attempts), tuple(agents), tuple(dimensions))


def test_the_overview_is_what_the_records_of_each_agent_tell(workspace):
    """A supervisor must not read another number on the overview than on the page."""
    overview = overview_of(workspace)

    assert overview == told(workspace)
    assert len(overview.attempts) == 6
    assert len(overview.agents) == 3
    assert overview.agents[1] == AgentRow("ben-2", 3, 2, NOON.date())


def test_a_mark_does_not_say_that_the_agent_was_here(tmp_path):
    """A supervisor sees who has stopped learning, however often they are marked."""
    place = work("ana-1", "attempt-1")
    later = work("ana-1", "attempt-1", days=30)
    append_event(tmp_path, HandedIn(**place, answers={}))
    append_event(tmp_path, marked(later, 90))
    append_event(tmp_path, SignedOff(**later, by="lead-1", evidence="0" * 64))
    append_event(tmp_path, by_hand(work("eve-3", "attempt-1"), 90, passed=True))

    ana, eve = overview_of(tmp_path).agents

    assert (ana.last, eve.last) == (NOON.date(), NOON.date())


@pytest.mark.parametrize(
    "damage",
    [
        b"not what was written\n",
        b"\xff\xfe\x00\n",
        b'{"event":"handed-in","agent":7,"attempt":[1]}\n',
        b"[1, 2]\n\n{}\n",
        b'{"event":"marked","agent":"ana-1","exercise":"sizes","attempt":"att',
    ],
)
def test_a_damaged_line_stops_no_other(damage, workspace):
    """One broken file must not hide all agents from their supervisor."""
    before = overview_of(workspace)
    path = record_path(workspace, "ana-1")
    lines = path.read_bytes().splitlines(keepends=True)
    if damage.endswith(b"\n"):
        path.write_bytes(lines[0] + damage + b"".join(lines[1:]))
    else:
        path.write_bytes(b"".join(lines) + damage)

    assert overview_of(workspace) == before


def test_an_empty_workspace_has_nobody(tmp_path):
    """The first morning is no error, with or without an empty file."""
    first = overview_of(tmp_path)
    record_path(tmp_path, "ana-1").parent.mkdir()
    record_path(tmp_path, "ana-1").write_bytes(b"")

    assert first == overview_of(tmp_path) == Overview()


def test_a_folder_with_signs_in_its_name_is_read(tmp_path):
    """Square brackets and stars are names here and no patterns."""
    folder, other = tmp_path / "a[1]* ' b", tmp_path / "a1c ' b"
    for each in (folder, other):
        append_event(each, HandedIn(**work("ana-1", "attempt-1"), answers={}))
    append_event(other, HandedIn(**work("ana-1", "attempt-2"), answers={}))

    assert [each.attempt for each in overview_of(folder).attempts] == ["attempt-1"]


def test_many_lines_are_read_in_their_order(tmp_path):
    """Of a thousand marks the last line counts, whatever the clock says."""
    append_event(tmp_path, HandedIn(**work("ana-1", "attempt-1"), answers={}))
    path = record_path(tmp_path, "ana-1")
    line = {
        **marked(work("ana-1", "attempt-1"), 1).model_dump(mode="json"),
        "filler": "x" * 400,
    }
    with path.open("a", encoding="utf-8") as file:
        for number in range(5000):
            file.write(json.dumps(line | {"percent": number % 90}) + "\n")

    assert overview_of(tmp_path).attempts[0].percent == 4999 % 90


def test_of_two_sets_of_answers_the_marked_ones_count(tmp_path):
    """As ``progress`` tells it, whichever machine was the first to hand in."""
    place = work("ana-1", "attempt-1")
    for answer, percent in (("wait", 90), ("refund", 40)):
        answers = {"case": {"action": answer}}
        append_event(tmp_path, HandedIn(**place, answers=answers))
        mark = marked(place, percent, policy=percent)
        named = mark.model_copy(update={"handed_in": hash_of_answers(answers)})
        append_event(tmp_path, named)

    assert overview_of(tmp_path).attempts == told(tmp_path).attempts
    assert [each.percent for each in overview_of(tmp_path).attempts] == [90]


def test_nobody_is_counted_by_a_line_in_another_file(workspace):
    """Whoever can write one file cannot pass for another agent."""
    before = overview_of(workspace)
    line = {"event": "handed-in", "agent": "ana-1", "exercise": "sizes"}
    line |= {"at": "2026-11-22T12:00:00Z", "attempt": "attempt-7"}
    other = workspace / "records" / "eve-3.jsonl"
    other.write_text(json.dumps(line) + "\n", encoding="utf-8")

    assert overview_of(workspace) == before


def test_a_damaged_file_is_left_out_where_it_is_named(workspace):
    """Its numbers would be those of whoever damaged it."""
    found = overview_of(workspace, without={"ben-2"})

    assert [each.agent for each in found.agents] == ["ana-1", "mei-2"]
    assert {each.agent for each in found.attempts} == {"ana-1"}
