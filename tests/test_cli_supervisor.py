"""A supervisor's commands: a sentence each, an exit code, and never a traceback."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit import cli
from kit.marking.events import HandedIn, Marked
from kit.marking.records import append_event, record_path

REPO = Path(__file__).parents[1]
EXERCISE, TITLE = "inr-request", "Exam: the parcel has not come"
TRY = {
    "agent": "ana-1",
    "at": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    "exercise": EXERCISE,
    "attempt": "attempt-1",
}
SET = ("override", "ana-1", EXERCISE, "attempt-1", "--by", "lead-1", "--percent", "85")


AGAIN = (*SET[:3], "attempt-2", *SET[4:])


@pytest.fixture
def workspace(tmp_path):
    """An agent has handed in and failed."""
    mark = {"percent": 60, "passed": False, "dimensions": {}, "critical": []}
    append_event(tmp_path, HandedIn(**TRY, answers={}))
    append_event(tmp_path, Marked(**TRY, **mark, report="reports/a.html"))
    return tmp_path


@pytest.fixture
def kit(monkeypatch, capsys, workspace):
    """Run one command line in this process, as ``main`` runs it."""
    monkeypatch.chdir(REPO)
    monkeypatch.setenv("KIT_STRICT", "1")

    def run(*arguments):
        line = ["kit", "--workspace", str(workspace), *arguments]
        monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


def test_the_whole_way_from_a_failed_attempt_to_a_certificate(kit, workspace):
    """Refused, then set by hand, signed off, confirmed, taken back."""
    file = str(workspace / "reports" / "ana-1" / f"certificate-{EXERCISE}.json")
    certify = ("certify", "ana-1", EXERCISE, "--by", "lead-1")

    refused = kit(*certify)
    by_hand = kit(*SET, "--passed", "--reason", "I was there.")
    done, again = kit(*certify), kit(*certify)
    holds = kit("verify", file)
    taken = kit(*SET, "--not-passed", "--reason", "It was somebody else.")
    gone = kit("verify", file)

    assert refused[0] == 2
    assert "has not passed it" in refused[2]
    assert by_hand[0] == 0
    assert by_hand[1].splitlines() == [
        f"ana-1 · {TITLE} · attempt-1: 85 %, passed, set by hand by lead-1.",
        "The pages of progress know it after: kit report",
    ]
    assert (done[0], again[0], holds[0], taken[0], gone[0]) == (0, 0, 0, 0, 1)
    assert "signed off by lead-1 on " in done[1]
    assert "had signed this off" in again[1]
    assert "holds: ana-1 has passed" in holds[1]
    assert "That sign-off lapses" in taken[1]
    assert "holds no longer" in gone[1]
    assert Path(file).with_suffix(".html").is_file()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("override", "../x", EXERCISE, "attempt-1", *SET[4:]), "short name"),
        ((*SET[:5], "Lead One", *SET[6:]), "short name"),
        ((*SET[:-1], "101"), "101"),
    ],
    ids=["agent", "supervisor", "percent"],
)
def test_what_cannot_be_a_name_or_a_percent_is_refused_at_once(
    kit, line, words, workspace
):
    """Nothing is written, least of all outside the records."""
    before = record_path(workspace, "ana-1").read_bytes()

    code, _, said = kit(*line, "--passed", "--reason", "x")

    assert code == 2
    assert words in said
    assert record_path(workspace, "ana-1").read_bytes() == before


def test_an_export_is_written_and_counted(kit, workspace, tmp_path):
    """Both forms by their ending, and damage is told by the exit code."""
    table, said = tmp_path / "a.csv", tmp_path / "a.json"

    first = kit("export", "--to", str(table))
    second = kit("export", "--to", str(said))
    (workspace / "records" / "eve-3.jsonl").write_text("broken\n", encoding="utf-8")
    third = kit("export", "--to", str(table), "--events")

    assert (first[0], first[1]) == (0, f"Rows written to {table}: 1.\n")
    assert (second[0], second[1]) == (0, f"Statements written to {said}: 2.\n")
    assert third[0] == 1
    assert "eve-3.jsonl:1" in third[2]
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2


def test_an_export_to_a_folder_that_is_not_there_says_so(kit, tmp_path):
    """Nobody has to guess whether the disk is full."""
    code, _, said = kit("export", "--to", str(tmp_path / "nowhere" / "a.csv"))

    assert code == 2
    assert f"There is no folder “{tmp_path / 'nowhere'}”" in said


def test_a_title_instead_of_an_id_is_answered_by_all_ids(kit):
    """The screens show titles, and the commands take ids."""
    code, _, said = kit("certify", "ana-1", "Please send it elsewhere", "--by", "lea")

    assert code == 2
    assert "There are: address-change, inr-request, snad-return" in said


def test_reports_are_written_for_one_or_for_all(kit, workspace):
    """Paths are printed, a line each, to be opened with a click."""
    reports = workspace / "reports"
    (workspace / "records" / "eve-3.jsonl").write_text("broken\n", encoding="utf-8")

    one = kit("report", "ana-1")
    all_of_them = kit("report")

    progress = reports / "ana-1" / "progress.html"
    assert one[:2] == (0, f"{progress}\n")
    assert all_of_them[0] == 1
    assert all_of_them[1] == f"{progress}\n{reports / 'index.html'}\n"
    assert "eve-3.jsonl:1" in all_of_them[2]


READING = {
    "grade": ("grade",),
    "doctor": ("doctor",),
    "regrade": ("regrade", "--playbooks", str(REPO)),
    "export": ("export", "--to", "out.csv"),
    "report": ("report",),
}


@pytest.mark.parametrize("line", READING.values(), ids=READING)
def test_a_mistyped_folder_is_not_well(line, kit, tmp_path):
    """What has no records at all is no folder of records, and nothing is made there."""
    empty = tmp_path / "workspcae"

    code, out, said = kit("--workspace", str(empty), *line)

    assert (code, out) == (2, "")
    assert f"no records of anybody in {empty}" in said
    assert not empty.exists()


@pytest.mark.parametrize("command", ["grade", "regrade", "export"])
def test_a_mistyped_agent_is_not_done(command, kit):
    """The likeliest one is named."""
    code, out, said = kit(*READING[command], "--agent", "ana-2")

    assert (code, out) == (2, "")
    assert "no agent named “ana-2”. Did you mean “ana-1”?" in said


def test_a_mark_by_hand_stands_on_top_of_the_report(kit, workspace):
    """Who opens the page later sees what counts, and the words are only words."""
    append_event(workspace, HandedIn(**TRY | {"attempt": "attempt-2"}, answers={}))
    kit("grade")
    page = workspace / "reports" / "ana-1" / EXERCISE / "attempt-2.html"

    code, out, _ = kit(*AGAIN, "--passed", "--reason", "<b>I was there.</b>")

    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert f"The report says so on top: {page}" in out
    assert "lead-1 has set this mark by hand on" in text
    assert "&lt;b&gt;I was there.&lt;/b&gt;" in text
    assert text.index("set this mark by hand") < text.index("<h1")


def test_too_little_to_pass_is_refused_with_what_it_takes(kit, workspace):
    """The pass mark is that of the brief."""
    before = record_path(workspace, "ana-1").read_bytes()

    code, _, said = kit(*SET[:-1], "0", "--passed", "--reason", "x")

    assert code == 2
    assert "0 % is less than the 80 % that it takes to pass" in said
    assert record_path(workspace, "ana-1").read_bytes() == before
