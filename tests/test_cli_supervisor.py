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
EXERCISE = "inr-request"
TRY = {
    "agent": "ana-1",
    "at": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    "exercise": EXERCISE,
    "attempt": "attempt-1",
}
SET = ("override", "ana-1", EXERCISE, "attempt-1", "--by", "lead-1", "--percent", "85")


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
    done = kit(*certify)
    holds = kit("verify", file)
    kit(*SET, "--not-passed", "--reason", "It was somebody else.")
    gone = kit("verify", file)

    assert refused[0] == 2
    assert "has not passed it" in refused[2]
    assert by_hand[:2] == (
        0,
        f"ana-1 · {EXERCISE} · attempt-1: 85 %, passed, set by hand by lead-1.\n",
    )
    assert (done[0], holds[0], gone[0]) == (0, 0, 1)
    assert "holds: ana-1 has passed" in holds[1]
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

    assert (first[0], first[1]) == (0, f"Written to {table}: 1.\n")
    assert (second[0], second[1]) == (0, f"Written to {said}: 2.\n")
    assert third[0] == 1
    assert "eve-3.jsonl:1" in third[2]
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2


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
