"""What a crash left is mended; what needs a person is named, and touched by nobody."""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from grading import hand_in as hand_in_work
from keeping import NOON, keep, values_of

from kit import cli
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart
from kit.marking.care.doctor import DoctorReport, examine
from kit.marking.care.merge import merge_records
from kit.marking.records.events import HandedIn, Marked, Overridden
from kit.marking.records.store import append_event, record_path

REPORT = "reports/ana/sizes/a-1.html"


def hand_in(workspace: Path, action: str, hours: int = 0) -> None:
    """Hand in the attempt, some hours after noon."""
    append_event(
        workspace,
        HandedIn(
            agent="ana",
            at=NOON + timedelta(hours=hours),
            exercise="sizes",
            attempt="a-1",
            answers={"case-1": {"action": action}},
        ),
    )


def mark(workspace: Path, *, with_report: bool = True) -> Path:
    """Mark the attempt, and give the page of its report."""
    page = workspace / REPORT
    page.parent.mkdir(parents=True, exist_ok=True)
    if with_report:
        page.write_text("80 %", encoding="utf-8")
    append_event(
        workspace,
        Marked(
            agent="ana",
            at=NOON,
            exercise="sizes",
            attempt="a-1",
            percent=80,
            passed=True,
            dimensions={},
            critical=[],
            report=REPORT,
        ),
    )
    return page


def an_hour_ago(path: Path, *, seconds: int = 1) -> None:
    """Let a file have been written an hour ago, and some seconds more."""
    then = time.time() - 3600 - seconds
    os.utime(path, (then, then))


def content_of(workspace: Path) -> dict[str, bytes]:
    """Every file of a workspace, but locks."""
    return {
        path.relative_to(workspace).as_posix(): path.read_bytes()
        for path in workspace.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def needs(checkup: DoctorReport) -> list[str]:
    """What needs a person."""
    return [each.words for each in checkup.findings if each.needs_person]


def mended(checkup: DoctorReport) -> list[str]:
    """What was mended, or is only said."""
    return [each.words for each in checkup.findings if not each.needs_person]


def test_records_that_are_well_are_counted_and_left(tmp_path):
    """Who looks for trouble and finds none is told how much was looked at."""
    keep(tmp_path, "first", "second")
    keep(tmp_path, "first", agent="bob")
    hand_in(tmp_path, "refund")
    mark(tmp_path)
    before = content_of(tmp_path)

    assert examine(tmp_path) == DoctorReport((), records=2, events=5)
    assert content_of(tmp_path) == before


def test_a_workspace_that_nobody_has_used_is_well(tmp_path):
    """The first day is no illness."""
    assert examine(tmp_path) == DoctorReport((), 0, 0)


@pytest.mark.parametrize(
    "end", [b'{"version":1,"at', b"\0" * 4096, b'{"ver\0\0\n\0\0'], ids=repr
)
def test_a_last_line_cut_off_is_mended_and_said(tmp_path, end):
    """After a power cut one command makes the record whole again."""
    path = keep(tmp_path, "first", "second")
    whole = path.read_bytes()
    path.write_bytes(whole + end)

    checkup = examine(tmp_path)

    assert needs(checkup) == []
    assert "The last line of ana.jsonl had been cut off." in mended(checkup)[0]
    assert path.read_bytes() == whole
    assert path.with_suffix(".cut-off").read_bytes() == end + b"\n"
    assert examine(tmp_path) == DoctorReport((), 1, 2)


def changed(lines: list[bytes]) -> list[bytes]:
    """The second line, changed by hand."""
    return [lines[0], lines[1].replace(b"second", b"decoy!"), *lines[2:]]


@pytest.mark.parametrize(
    ("damage", "numbers", "problem"),
    [
        pytest.param(
            changed, [2, 3], "This line is not what was written", id="changed"
        ),
        pytest.param(
            lambda lines: [lines[0], lines[2], lines[3]],
            [2],
            "A line before this one is missing",
            id="missing",
        ),
        pytest.param(
            lambda lines: [*lines, lines[1]],
            [5],
            "This line is already on line 2",
            id="twice",
        ),
        pytest.param(
            lambda lines: [b"{}\n", *lines],
            [1],
            "This line is not what was written",
            id="added",
        ),
    ],
)
def test_a_damaged_line_is_named_with_its_remedy_and_left(
    tmp_path, damage, numbers, problem
):
    """A person decides about what the kit cannot know."""
    path = keep(tmp_path, "first", "second", "third", "fourth")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(damage(lines)))
    before = content_of(tmp_path)

    found = needs(examine(tmp_path))

    places = [each.split(": ")[0] for each in found]
    assert places == [f"{path}:{number}" for number in numbers]
    assert problem in found[0]
    assert "\n  Fix: If you are learning, ask your lead" in found[0]
    assert content_of(tmp_path) == before


def test_every_line_of_another_agent_is_named(tmp_path):
    """A file under a wrong name is said to be that, and no event in it counts."""
    keep(tmp_path, "first", "second").rename(tmp_path / "records" / "eve.jsonl")

    checkup = examine(tmp_path)

    assert checkup.events == 0
    assert [each.count("belongs to “ana”") for each in needs(checkup)] == [1, 1]


def test_an_attempt_with_two_sets_of_answers_is_named_with_the_one_that_counts(
    tmp_path,
):
    """After a merge a supervisor sees which answers the mark has to be about."""
    hand_in(tmp_path / "desk", "refund", hours=2)
    hand_in(tmp_path / "laptop", "replace", hours=1)
    hand_in(tmp_path / "laptop", "replace", hours=3)
    list(merge_records(tmp_path / "desk", tmp_path / "laptop"))

    (found,) = needs(examine(tmp_path / "desk"))

    path = record_path(tmp_path / "desk", "ana")
    assert found.startswith(f"{path}:2: “a-1” of “sizes” was handed in twice")
    assert "Line 1 counts, of 2026-11-22, and this one does not." in found
    assert "the page" not in found


def test_the_page_that_may_be_of_either_set_of_answers_is_named(tmp_path):
    """Who reads only the report could read about answers that do not count."""
    hand_in(tmp_path, "refund")
    hand_in(tmp_path, "replace")
    page = mark(tmp_path)

    (found,) = needs(examine(tmp_path))

    assert f"the page {page} may be that of either" in found


def test_two_sets_of_answers_need_nobody_once_the_mark_is_set_by_hand(tmp_path):
    """What a supervisor has settled is said, and no longer an alarm."""
    hand_in(tmp_path, "refund")
    hand_in(tmp_path, "replace")
    settled = Overridden(
        agent="ana",
        at=NOON,
        exercise="sizes",
        attempt="a-1",
        by="lea",
        percent=70,
        passed=True,
        reason="Both answers were read.",
    )
    append_event(tmp_path, settled)

    checkup = examine(tmp_path)

    assert needs(checkup) == []
    assert "handed in twice" in mended(checkup)[0]


def test_the_same_answers_twice_are_nothing_to_say(tmp_path):
    """A double click is no second attempt."""
    hand_in(tmp_path, "refund")
    hand_in(tmp_path, "refund", hours=1)

    assert examine(tmp_path).findings == ()


def test_a_mark_without_its_report_is_named_once(tmp_path):
    """After a merge somebody has to bring the pages, too."""
    hand_in(tmp_path, "refund")
    mark(tmp_path, with_report=False)
    mark(tmp_path, with_report=False)

    (found,) = needs(examine(tmp_path))

    assert found.startswith(
        f"{record_path(tmp_path, 'ana')}:3: The report of this mark"
    )
    assert str(tmp_path / REPORT) in found


def test_what_a_crash_left_beside_reports_and_records_is_removed(tmp_path):
    """Half a report is never found by somebody who takes it for a whole one."""
    keep(tmp_path, "first")
    page = mark(tmp_path)
    strays = [
        page.with_name(".a1b2c3d4.html"),
        page.with_name(".00000000.ipynb"),
        tmp_path / "records" / ".ana.jsonl",
    ]
    others = [page.with_name(".settings.json"), tmp_path / "records" / ".gitkeep"]
    for each in (*strays, *others):
        each.write_text("half", encoding="utf-8")
        an_hour_ago(each)

    checkup = examine(tmp_path)

    assert needs(checkup) == []
    assert len(mended(checkup)) == 3
    for each in strays:
        assert any(words.startswith(str(each)) for words in mended(checkup))
        assert not each.exists()
    assert all(each.exists() for each in (page, *others))


def test_a_report_that_is_just_being_written_is_left_alone(tmp_path):
    """Whoever grades meanwhile still has the file that is about to take its place."""
    keep(tmp_path, "first")
    page = mark(tmp_path)
    fresh, old = page.with_name(".a1b2c3d4.html"), page.with_name(".b1b2c3d4.html")
    for path, seconds in ((fresh, -60), (old, 60)):
        path.write_text("half", encoding="utf-8")
        an_hour_ago(path, seconds=seconds)

    assert len(mended(examine(tmp_path))) == 1
    assert fresh.exists()
    assert not old.exists()


def test_locks_and_pieces_that_were_cut_off_are_nothing_to_say(tmp_path):
    """What the kit itself leaves in the folder alarms nobody."""
    path = keep(tmp_path, "first")
    path.with_suffix(".cut-off").write_text("half\n", encoding="utf-8")
    path.with_name("bob.lock").touch()

    assert examine(tmp_path).findings == ()


@pytest.mark.parametrize(
    "name", ["Ana.jsonl", "ana (1).jsonl", "con.jsonl", "ana.jsonl.bak", "a.b.lock"]
)
def test_a_name_that_is_no_agent_is_named(tmp_path, name):
    """A copy that nobody reads may hold answers that somebody misses."""
    path = tmp_path / "records" / name
    path.parent.mkdir()
    path.write_bytes(b"")

    (found,) = needs(examine(tmp_path))

    assert found.startswith(f"{path}: This is not the name of a file of records")
    assert path.exists()


def test_a_file_that_cannot_be_opened_is_named_and_stops_nothing(tmp_path):
    """The others are looked at all the same."""
    record_path(tmp_path, "ana").mkdir(parents=True)
    path = keep(tmp_path, "first", agent="bob")
    path.write_bytes(path.read_bytes() + b"{")

    checkup = examine(tmp_path)

    assert [each.split(" ")[0] for each in needs(checkup)] == [
        f"{record_path(tmp_path, 'ana')}:1:"
    ]
    assert len(mended(checkup)) == 1
    assert values_of(path) == ["first"]


def test_a_folder_of_records_that_is_none_is_said(tmp_path):
    """Something in its place is told apart from “nobody has done anything”."""
    (tmp_path / "records").write_text("in the way", encoding="utf-8")

    with pytest.raises(CannotStart, match="cannot be opened as a folder"):
        examine(tmp_path)


def run(monkeypatch, capsys, workspace: Path) -> tuple[int, str]:
    """Run the command: its exit code, and what it prints."""
    monkeypatch.setattr(sys, "argv", ["kit", "--workspace", str(workspace), "doctor"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), "".join(capsys.readouterr())


def test_the_command_says_that_all_is_well(tmp_path, monkeypatch, capsys):
    """Silence would leave people wondering."""
    path = keep(tmp_path, "first", "second")
    path.write_bytes(path.read_bytes() + b"{")

    first, again = (run(monkeypatch, capsys, tmp_path) for _ in range(2))

    assert first[0] == again[0] == 0
    assert first[1].splitlines()[1:] == again[1].splitlines()
    assert again[1] == "All is well. Agents: 1. Events: 2.\n"


def test_the_command_refuses_when_somebody_has_to_act(tmp_path, monkeypatch, capsys):
    """A script that looks each night sees it by the exit code."""
    path = keep(tmp_path, "first")
    path.write_bytes(path.read_bytes().replace(b"first", b"thirst"))

    code, printed = run(monkeypatch, capsys, tmp_path)

    assert code == 1
    assert printed.splitlines() == [
        f"{path}:1: This line is not what was written.",
        "  Fix: If you are learning, ask your lead. If you are the lead, put back a "
        "copy of the file from before; kit doctor names every such line.",
        "Things that need a person: 1.",
    ]


def test_a_mark_that_nobody_gave_is_named(tmp_path):
    """Who can write a file can write a right seal; the answers tell on them."""
    library = Library(Path(__file__).parents[1])
    exercise = read_exercise(library, "address-change")
    hand_in_work(tmp_path, "ana", exercise.id, {})
    event = Marked(
        at=NOON,
        agent="ana",
        report=REPORT,
        exercise=exercise.id,
        attempt="attempt-1",
        percent=100,
        passed=True,
        dimensions={},
        critical=[],
    )
    append_event(tmp_path, event)

    found = needs(examine(tmp_path, library))

    assert [each for each in found if "the records say 100 %" in each]
