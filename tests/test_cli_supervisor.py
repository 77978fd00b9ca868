"""A supervisor's commands: a sentence each, an exit code, and never a traceback."""

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit import cli
from kit.marking.records.events import HandedIn, Marked, Overridden, SignedOff
from kit.marking.records.progress import progress_of
from kit.marking.records.store import append_event, read_events, record_path

pytestmark = pytest.mark.long

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


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("{}", "report", "ana-1"), id="before"),
        pytest.param(("report", "{}", "ana-1"), id="between"),
        pytest.param(("report", "ana-1", "{}"), id="after"),
    ],
)
@pytest.mark.parametrize("form", ["--workspace={}", "--workspace {}"])
def test_shared_options_stand_where_people_type_them(
    monkeypatch, capsys, workspace, line, form
):
    """Nobody has to remember which option comes before the command."""
    monkeypatch.chdir(REPO)
    option = form.format(workspace).split()
    words = [word for each in line for word in (option if each == "{}" else [each])]
    monkeypatch.setattr(sys, "argv", ["kit", *words])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert not ended.value.code
    assert str(workspace) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("report", "--workspace"), "--workspace", id="no value"),
        pytest.param(("check", "--content"), "--content", id="no value either"),
    ],
)
def test_a_shared_option_without_its_value_is_named(kit, words, said):
    """Nobody is told of a command that they did not type."""
    code, _, error = kit(*words)

    assert code == 2
    assert said in error
    assert "argument" in error


def test_what_a_reason_says_is_no_option(kit, workspace):
    """A supervisor may write about options."""
    code, *_ = kit(*SET, "--passed", "--reason", "--workspace=/tmp was wrong")

    (kept,) = progress_of(read_events(record_path(workspace, "ana-1"))).attempts
    assert (code, kept.override.reason) == (0, "--workspace=/tmp was wrong")


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
        "To bring the pages of progress up to date, run: kit report",
    ]
    assert (done[0], again[0], holds[0], taken[0], gone[0]) == (0, 0, 0, 0, 1)
    assert "signed off by lead-1 on " in done[1]
    assert "had signed this off" in again[1]
    assert "is valid: ana-1 has passed" in holds[1]
    assert "That sign-off lapses" in taken[1]
    assert "is not valid any more" in gone[1]
    page = Path(file).with_suffix(".html").read_text(encoding="utf-8")
    assert page.count("This is not valid any more: lead-1 has set the mark") == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("override", "../x", EXERCISE, "attempt-1", *SET[4:]), "short name"),
        ((*SET[:5], "Lead One", *SET[6:]), "short name"),
        ((*SET[:-1], "101"), "101"),
        ((*SET[:-1], "most"), "most"),
    ],
    ids=["agent", "supervisor", "percent", "no number"],
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


@pytest.mark.parametrize("typed", ["85", "85%", "85 %"])
def test_a_percent_is_typed_with_its_sign_or_without(kit, workspace, typed):
    """People write it as they read it."""
    code, *_ = kit(*SET[:-1], typed, "--passed", "--reason", "I was there.")

    (kept,) = progress_of(read_events(record_path(workspace, "ana-1"))).attempts
    assert (code, kept.percent) == (0, 85)


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
    assert one[:2] == (0, f"ana-1: {progress}\n")
    assert all_of_them[0] == 1
    assert all_of_them[1].splitlines() == [
        f"ana-1: {progress}",
        f"All agents: {reports / 'index.html'}",
    ]
    assert "eve-3.jsonl:1" in all_of_them[2]


def test_a_stray_file_is_named_and_stops_no_page(kit, workspace):
    """A copy that somebody made by hand costs nobody a report."""
    record = record_path(workspace, "ana-1")
    record.with_name("ana 2.jsonl").write_bytes(record.read_bytes())
    record.with_name(".ana-1.jsonl").write_bytes(record.read_bytes())

    code, said, refused = kit("report")

    reports = workspace / "reports"
    assert code == 1
    assert said.splitlines() == [
        f"ana-1: {reports / 'ana-1' / 'progress.html'}",
        f"All agents: {reports / 'index.html'}",
    ]
    assert refused.count("\n") == 1
    assert "ana 2.jsonl is not named as a file of records is" in refused


def test_a_page_that_cannot_be_written_stops_no_other(kit, workspace):
    """Who is shut out of one folder is told so, and has all other pages."""
    append_event(workspace, HandedIn(**(TRY | {"agent": "ben-2"}), answers={}))
    reports = workspace / "reports"
    reports.mkdir()
    (reports / "ana-1").write_text("in the way", encoding="utf-8")

    one, all_of_them = kit("report", "ana-1"), kit("report")

    assert one[0] == 2
    assert all_of_them[0] == 1
    for refused in (one[2], all_of_them[2]):
        assert f"could not be saved in {reports / 'ana-1' / 'progress.html'}" in refused
    assert all_of_them[1].splitlines() == [
        f"ben-2: {reports / 'ben-2' / 'progress.html'}",
        f"All agents: {reports / 'index.html'}",
    ]


def test_an_overview_that_cannot_be_written_is_a_sentence(kit, workspace):
    """A folder in its place is no accident inside the kit."""
    (workspace / "reports" / "index.html").mkdir(parents=True)

    code, _, refused = kit("report")

    assert code == 2
    assert "could not be saved" in refused


def test_a_certificate_that_cannot_be_written_signs_nothing_off(kit, workspace):
    """The records never say more than somebody has in hand."""
    kit(*SET, "--passed", "--reason", "I was there.")
    (workspace / "reports").mkdir()
    (workspace / "reports" / "ana-1").write_text("in the way", encoding="utf-8")

    code, _, refused = kit("certify", "ana-1", EXERCISE, "--by", "lead-1")

    assert code == 2
    assert "could not be saved" in refused
    events = read_events(record_path(workspace, "ana-1"))
    assert not [each for each in events if isinstance(each, SignedOff)]


@pytest.mark.parametrize("ending", [".json", ".html"])
def test_a_certificate_with_something_in_its_place_is_a_sentence(
    kit, workspace, ending
):
    """It is written again once there is room."""
    kit(*SET, "--passed", "--reason", "I was there.")
    name = f"certificate-{EXERCISE}{ending}"
    (workspace / "reports" / "ana-1" / name).mkdir(parents=True)

    code, _, refused = kit("certify", "ana-1", EXERCISE, "--by", "lead-1")

    assert code == 2
    assert f"{name}" in refused


CELL = {"cell_type": "markdown", "metadata": {}, "source": "# Sizes"}
CODE = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": None}
ODD = {
    "no-source": {"cells": [{"cell_type": "markdown", "metadata": {}}]},
    "no-cells": {},
    "another-cell": {"cells": [CELL, CELL | {"cell_type": "x", "a": 1}]},
    "no-outputs": {"cells": [CELL, CELL | {"cell_type": "code"}]},
    "another-output": {"cells": [CELL, CODE | {"outputs": [{"output_type": "x"}]}]},
    "no-names-of-cells": {"cells": [CELL]},
    "a-list": {"cells": [CELL, [CELL]]},
}


def test_odd_reports_stop_no_page_and_are_nothing_to_say(workspace):
    """Whoever opened a report in an editor is told nothing of notebooks."""
    hand = {"by": "lead-1", "percent": 85, "passed": True, "reason": "I was there."}
    form = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    for name, odd in ODD.items():
        work = TRY | {"attempt": name}
        append_event(workspace, HandedIn(**work, answers={}))
        append_event(workspace, Overridden(**work, **hand))
        report = workspace / "reports" / "ana-1" / EXERCISE / f"{name}.ipynb"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(form | odd), encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "kit", "--workspace", str(workspace), "report"],
        capture_output=True,
        check=False,
        cwd=REPO,
        encoding="utf-8",
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    pages = report.parent.glob("*.html")
    assert [each.stem for each in pages] == ["no-names-of-cells"]


def test_a_mark_that_another_machine_has_set_by_hand_stands_on_the_page(kit, workspace):
    """Also on one that an editor has saved, which writes each text as lines."""
    base = workspace / "reports" / "ana-1" / EXERCISE
    base.mkdir(parents=True)
    cell = CELL | {"source": ["# Sizes\n", "All of them."]}
    form = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (base / "attempt-1.ipynb").write_text(json.dumps(form), encoding="utf-8")
    hand = {"by": "lead-1", "percent": 85, "passed": True, "reason": "I was there."}
    append_event(workspace, Overridden(**TRY, **hand))

    assert kit("report")[0] == 0

    text = (base / "attempt-1.html").read_text(encoding="utf-8")
    assert "I was there." in text
    assert "All of them." in text


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


def test_a_mark_set_by_hand_before_marking_stands_on_the_report(kit, workspace):
    """Who marks later says what counts, and so does the page."""
    append_event(workspace, HandedIn(**TRY | {"attempt": "attempt-2"}, answers={}))
    kit(*AGAIN, "--passed", "--reason", "Seen at the desk.")

    _, out, _ = kit("grade")

    page = workspace / "reports" / "ana-1" / EXERCISE / "attempt-2.html"
    assert "attempt-2: 85 % counts, as lead-1 has set it by hand; its answers" in out
    assert "lead-1 has set this mark by hand" in page.read_text(encoding="utf-8")


def test_too_little_to_pass_is_refused_with_what_it_takes(kit, workspace):
    """The pass mark is that of the brief."""
    before = record_path(workspace, "ana-1").read_bytes()

    code, _, said = kit(*SET[:-1], "0", "--passed", "--reason", "x")

    assert code == 2
    assert "0 % is less than the 80 % that it takes to pass" in said
    assert record_path(workspace, "ana-1").read_bytes() == before
