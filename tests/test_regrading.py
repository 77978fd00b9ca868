"""What if: who flips under other playbooks, by which row; nothing is overwritten."""

import json
import random
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from kit import cli
from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart, ContentMistakes
from kit.marking.marks.marks import mark_attempt, sheets_of
from kit.marking.marks.snapshots import criteria_of, keep_criteria
from kit.marking.records.events import Began, HandedIn, Marked, Overridden, SignedOff
from kit.marking.records.progress import AttemptProgress
from kit.marking.records.store import append_event, record_files, record_path
from kit.marking.regrade import replays
from kit.marking.regrade.compare import AttemptResult, Replay
from kit.marking.regrade.other_pages import other_pages, unpack
from kit.marking.regrade.replay_text import (
    FIRST_NAMES,
    MOST_ALONE,
    replay_data,
    replay_lines,
)
from kit.marking.regrade.replays import replay_all
from kit.practice.case.sheets import NO_REPLY

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORK = {"exercise": "late-parcel", "attempt": "attempt-1"}
TITLES = {"late-parcel": "The parcel is late"}

PATIENT = {
    "standing-still": {"urgency": "high", "action": "write", "act_by": "2024-05-08"},
    "third-day": {"urgency": "low", "action": "wait", "act_by": "2024-05-04"},
}
"""The best answers by today's playbook."""

HASTY = {
    **PATIENT,
    "third-day": {"urgency": "high", "action": "write", "act_by": "2024-05-04"},
}
"""The best answers where patience ends a day earlier."""

BRIEF = """\
---
id: {id}
title: The parcel is late
minutes: 5
playbook: late-parcel
pass_mark: 80
mode: exam
weights: {{policy: 80, deadline: 20}}
covers: []
critical: []
---

# The parcel is late

## Goal

You know when to wait.

## Task

Decide.

## Out of scope

All else.
"""

CASES = """\
# Cases of the exam

## standing-still · urgency, next step

> Where is my parcel?

| Fact | Value |
| --- | --- |
| On | 2024-05-08 |
| marketplace | EBAY_GB |
| buyer name | Rosa |
| opened on | 2024-05-01 |
| tracking | stopped |
"""

THIRD_DAY = """
## third-day · urgency, next step

> Is it on its way?

| Fact | Value |
| --- | --- |
| On | 2024-05-04 |
| marketplace | EBAY_GB |
| buyer name | Rosa |
| opened on | 2024-05-01 |
| tracking | moving |
"""

LESS_PATIENCE = {
    "| 2020-01-01 | 3 days |": "| 2020-01-01 | 2 days |",
    "| The third day | 2024-05-04 | 2024-05-01 | low |": (
        "| The second day | 2024-05-03 | 2024-05-01 | low |\n"
        "| The third day | 2024-05-04 | 2024-05-01 | high |"
    ),
    "| wait | 2024-05-04 |": "| wait | 2024-05-03 |",
}
"""One limit, and the checks that guard it."""

LATE_PATIENCE = {
    "| 2020-01-01 | 3 days | house |": "| 2024-05-05 | 3 days | hearsay |",
    "| The third day | 2024-05-04 | 2024-05-01 |": (
        "| The third day | 2024-05-07 | 2024-05-04 |"
    ),
    "| The fourth day | 2024-05-05 | 2024-05-01 |": (
        "| The fourth day | 2024-05-08 | 2024-05-04 |"
    ),
    "| In time | 2024-05-02 | 2024-05-01 |": "| In time | 2024-05-05 | 2024-05-02 |",
    "| wait | 2024-05-04 |": "| wait | 2024-05-05 |",
    "| Standing still | 2024-05-02 |": "| Standing still | 2024-05-05 |",
    "| stopped | write | 2024-05-02 |": "| stopped | write | 2024-05-05 |",
    "| Nobody looked | 2024-05-02 |": "| Nobody looked | 2024-05-05 |",
}
"""A limit that does not hold yet on the third day."""


OTHER_NUMBERS = {
    "| 1 | moving | low | wait | opened on + patience | none |\n": "",
    "| 2 | moving | high | write | now | late |\n": (
        "| 1 | moving | high | write | now | late |\n"
        "| 2 | moving | low | wait | opened on + patience | none |\n"
    ),
    "1. It moves and is in time. [house]\n": "",
    "2. It moves, but slowly. [house]\n": (
        "1. It moves, but slowly. [house]\n2. It moves and is in time. [house]\n"
    ),
}
"""Two rows that change places."""


@pytest.fixture
def content(tmp_path):
    """Today's content: one playbook, one exercise of two cases and one of one."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    for name, cases in (("late-parcel", CASES + THIRD_DAY), ("one-case", CASES)):
        exercise = folder / "exercises" / name
        exercise.mkdir(parents=True)
        (exercise / "brief.md").write_text(BRIEF.format(id=name), encoding="utf-8")
        (exercise / "cases.md").write_text(cases, encoding="utf-8")
    return folder


@pytest.fixture
def other(content, tmp_path):
    """The same playbooks with less patience, in a folder of their own."""
    folder = tmp_path / "other"
    shutil.copytree(content / "playbooks", folder / "playbooks")
    return changed(folder, LESS_PATIENCE)


@pytest.fixture
def workspace(tmp_path):
    """Where records lie."""
    return tmp_path / "workspace"


@pytest.fixture
def kit(monkeypatch, capsys, content, workspace):
    """Run one command line in this process, as ``main`` runs it."""

    def run(*arguments):
        places = ["--content", str(content), "--workspace", str(workspace)]
        monkeypatch.setattr(sys, "argv", ["kit", *places, *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def changed(folder, changes):
    """Change pieces of the playbook that must be there."""
    path = folder / "playbooks" / "late-parcel.md"
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def hand_in(workspace, agent, answers, **work):
    """Hand in an attempt."""
    event = HandedIn(at=NOW, agent=agent, answers=answers, **{**WORK, **work})
    append_event(workspace, event)


def mark(workspace, content, agent, answers, **changes):
    """Keep the mark that today's playbooks give, or another one."""
    exercise = read_exercise(Library(content), "late-parcel")
    found = mark_attempt(exercise, answers, attempt="attempt-1").record
    by = {"report": "reports/x.html", "criteria": criteria_of(content, exercise)}
    event = Marked(at=NOW, agent=agent, **{**dict(found), **by, **changes})
    append_event(workspace, event)


def sign_off(workspace, agent):
    """Sign an agent off by the attempt."""
    by = {"by": "sue", "evidence": "0" * 64}
    append_event(workspace, SignedOff(at=NOW, agent=agent, **WORK, **by))


def override(workspace, agent, percent):
    """Set a mark by hand."""
    hand = {"by": "sue", "percent": percent, "passed": percent >= 80, "reason": "Seen."}
    append_event(workspace, Overridden(at=NOW, agent=agent, **WORK, **hand))


def replayed(content, other, workspace, *, jobs=1):
    """Replay all records of a workspace under other playbooks."""
    files = record_files(workspace)
    with other_pages(content, str(other)) as found:
        return replay_all(content, found.library.folder, files, jobs=jobs)


def told(done, workspace):
    """The lines that a supervisor reads."""
    return [line for _, line in replay_lines(done, workspace, TITLES)]


def in_git(folder, *commands):
    """Run git there, as somebody with a name."""
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com"]
    for command in commands:
        subprocess.run(
            ["git", "-C", str(folder), *who, *command], check=True, capture_output=True
        )


def bytes_below(*folders):
    """Every file with what stands in it."""
    return {
        path: path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_exactly_the_attempts_that_flip_are_listed(content, other, workspace):
    """Before a rule changes, its owner knows whom it would have failed."""
    for agent, answers in (("ana", PATIENT), ("ben", HASTY), ("eve", {})):
        hand_in(workspace, agent, answers)
        mark(workspace, content, agent, answers)

    done = replayed(content, other, workspace)

    found = {each.agent: (each.before, each.after) for each in done.flips}
    assert done.attempts == 3
    assert found == {
        "ana": (AttemptResult(100, passed=True), AttemptResult(60, passed=False)),
        "ben": (AttemptResult(60, passed=False), AttemptResult(100, passed=True)),
    }


def test_a_flip_names_the_rows_that_make_it(content, other, workspace):
    """A supervisor can look up what has changed, and only that."""
    hand_in(workspace, "ana", PATIENT)
    mark(workspace, content, "ana", PATIENT)

    (flip,) = replayed(content, other, workspace).flips

    rows = {
        each.question: (each.case, each.before.row, each.after.row)
        for each in flip.rows
    }
    assert rows == {
        "urgency": ("third-day", "urgency 1", "urgency 2"),
        "action": ("third-day", "next step 1", "next step 2"),
    }
    assert not flip.today_too


def test_a_row_that_only_has_another_number_is_not_blamed(content, other, workspace):
    """Two rows that changed places mark nobody differently."""
    shutil.rmtree(other)
    shutil.copytree(content, other)
    changed(other, OTHER_NUMBERS)
    hand_in(workspace, "ana", PATIENT)
    mark(workspace, content, "ana", PATIENT, percent=10, passed=False, criteria=None)

    (flip,) = replayed(content, other, workspace).flips

    assert flip.rows == ()


def test_a_mark_that_was_set_by_hand_stays(content, other, workspace):
    """What a supervisor has decided, no rule takes back."""
    hand_in(workspace, "ana", PATIENT)
    mark(workspace, content, "ana", PATIENT)
    override(workspace, "ana", 90)
    sign_off(workspace, "ana")

    done = replayed(content, other, workspace)

    assert done.changes == []
    assert [(each.agent, each.standing.percent) for each in done.kept] == [("ana", 90)]
    assert "Set by hand, stays: ana" in told(done, workspace)[0]


def test_a_sign_off_lapses_only_where_its_attempt_fails(content, other, workspace):
    """Whoever was signed off in good faith is named before anybody is told."""
    for agent, answers in (("ana", PATIENT), ("ben", HASTY), ("cho", PATIENT)):
        hand_in(workspace, agent, answers)
        mark(workspace, content, agent, answers)
    sign_off(workspace, "ana")
    sign_off(workspace, "ben")  # who does not pass: it has lapsed before

    done = replayed(content, other, workspace)

    assert {each.agent: each.lapses for each in done.flips} == {
        "ana": True,
        "ben": False,
        "cho": False,
    }
    lines = told(done, workspace)
    assert "The parcel is late: sign-offs that would lapse: 1, of ana." in lines
    assert "Sign-offs that would lapse: 1." in lines[-2]


def test_what_waits_for_its_mark_is_counted_by_the_playbooks_of_today(
    content, other, workspace
):
    """An attempt of this morning is part of the question, too."""
    hand_in(workspace, "ana", PATIENT)

    (flip,) = replayed(content, other, workspace).flips

    assert flip.before == AttemptResult(100, passed=True)
    assert (
        "not marked yet, by today's playbooks 100 %, passed; would be"
        in told(replayed(content, other, workspace), workspace)[0]
    )


def test_the_mark_in_the_records_counts_even_if_it_is_old(content, other, workspace):
    """Today's playbooks decide like the others here; the record does not know it."""
    hand_in(workspace, "ben", HASTY)
    mark(workspace, content, "ben", HASTY)
    changed(content, LESS_PATIENCE)

    (flip,) = replayed(content, other, workspace).flips

    assert (flip.before.percent, flip.rows, flip.today_too) == (60, (), True)


def test_a_blank_reply_is_no_reply_as_it_is_when_marked(workspace):
    """The same playbooks must find the same mark, or nobody would trust the others."""
    exercise = read_exercise(Library(ROOT), "wrong-size-remorse")
    blank = {case.id: {"reply": " \n"} for case in exercise.cases}
    hand_in(workspace, "ana", blank, exercise=exercise.id)

    done = replayed(ROOT, ROOT, workspace)

    assert (done.attempts, done.changes) == (1, [])


def test_nothing_in_workspace_and_content_changes(kit, content, other, workspace):
    """A question may not cost anybody a mark."""
    for agent, answers in (("ana", PATIENT), ("ben", HASTY)):
        hand_in(workspace, agent, answers)
        mark(workspace, content, agent, answers)
    before = bytes_below(content, other, workspace)

    code, out, _ = kit("regrade", "--playbooks", other)

    assert code == 0
    assert "Would pass, and do not now: 1. Would fail, and pass now: 1." in out
    assert bytes_below(content, other, workspace) == before


@pytest.mark.parametrize("inner", ["", "playbooks"])
def test_content_and_its_playbooks_are_the_same_to_a_reader(
    content, other, workspace, inner
):
    """Either folder is what a person may point at."""
    hand_in(workspace, "ana", PATIENT)

    done = replayed(content, other / inner, workspace)

    assert [each.agent for each in done.flips] == ["ana"]


@pytest.mark.parametrize("ref", ["HEAD~1", "last-year"])
@pytest.mark.parametrize("inner", [".", "desk/content"])
def test_a_version_that_git_knows_is_as_good_as_a_folder(
    tmp_path, content, workspace, ref, inner
):
    """What the playbooks said last year is asked without a checkout."""
    root = tmp_path / "repository"
    today = root / inner
    shutil.copytree(content, today)
    commit = ["commit", "--quiet", "--message", "Playbooks"]
    in_git(root, ["init", "--quiet"], ["add", "."], commit, ["tag", "last-year"])
    changed(today, LESS_PATIENCE)
    in_git(root, ["add", "."], commit)
    hand_in(workspace, "ana", PATIENT)
    before = bytes_below(root)

    (flip,) = replayed(today, ref, workspace).flips

    assert (flip.before.percent, flip.after.percent) == (60, 100)
    assert bytes_below(root) == before


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "-h",
        "--output=stolen",
        "--remote=ext::touch stolen",
        "^HEAD",
        "HEAD:playbooks",
        "HEAD..HEAD",
        "HEAD; touch stolen",
        "$(touch stolen)",
        "HEAD\0",
        "no-such-version",
        "..",
    ],
)
def test_what_is_no_version_is_refused_in_a_sentence(
    content, monkeypatch, ref, tmp_path
):
    """No text that somebody pastes becomes a command or an option."""
    commit = ["commit", "--quiet", "--message", "Playbooks"]
    in_git(content, ["init", "--quiet"], ["add", "."], commit)
    monkeypatch.chdir(tmp_path)
    before = bytes_below(tmp_path)

    with (
        pytest.raises(CannotStart, match="not a version that git knows"),
        other_pages(content, ref),
    ):
        pass

    assert bytes_below(tmp_path) == before


def test_a_link_that_leads_out_of_a_version_is_refused(content):
    """A version that somebody else wrote reads no file of this machine."""
    (content / "playbooks" / "key.md").symlink_to("../../secret.md")
    commit = ["commit", "--quiet", "--message", "Playbooks"]
    in_git(content, ["init", "--quiet"], ["add", "."], commit)

    with (
        pytest.raises(CannotStart, match="cannot be read"),
        other_pages(content, "HEAD"),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("../out.md", tarfile.REGTYPE, id="one folder up"),
        pytest.param("playbooks/../../out.md", tarfile.REGTYPE, id="up from below"),
        pytest.param("/out.md", tarfile.REGTYPE, id="an absolute path"),
        pytest.param("../out", tarfile.DIRTYPE, id="a folder outside"),
        pytest.param("playbooks/in.md", tarfile.SYMTYPE, id="a link"),
        pytest.param("playbooks/in.md", tarfile.LNKTYPE, id="a hard link"),
        pytest.param("playbooks/in.md", tarfile.FIFOTYPE, id="a pipe"),
    ],
)
def test_an_archive_writes_plain_files_below_its_folder_alone(tmp_path, name, kind):
    """On every Python: the safe way of the library is missing from 3.11.0 to 3.11.3."""
    packed, folder = BytesIO(), tmp_path / "inside"
    folder.mkdir()
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "../secret.md"
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(member, BytesIO())

    with pytest.raises(tarfile.TarError, match="Only plain files are read"):
        unpack(packed.getvalue(), folder)

    assert list(tmp_path.iterdir()) == [folder]
    assert list(folder.rglob("*.md")) == []


def test_a_version_without_playbooks_is_refused_in_a_sentence(content):
    """An early version may have had another form."""
    commit = ["commit", "--quiet", "--message", "Exercises"]
    in_git(content, ["init", "--quiet"], ["add", "exercises"], commit)

    with (
        pytest.raises(CannotStart, match="did not match any files"),
        other_pages(content, "HEAD"),
    ):
        pass


def test_content_that_git_does_not_know_is_said_in_its_words(content, monkeypatch):
    """Whoever never used git learns what is missing."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(content.parent))

    with (
        pytest.raises(CannotStart, match="not a git repository"),
        other_pages(content, "HEAD"),
    ):
        pass


def test_a_machine_without_git_gets_a_sentence(content, monkeypatch, tmp_path):
    """Not everybody has git, and a folder works without it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with (
        pytest.raises(CannotStart, match="git is not installed"),
        other_pages(content, "HEAD"),
    ):
        pass


def test_a_hook_of_another_repository_does_not_lead_astray(
    content, workspace, monkeypatch, tmp_path
):
    """Asked from within a hook, git looks at the content all the same."""
    commit = ["commit", "--quiet", "--message", "Playbooks"]
    in_git(content, ["init", "--quiet"], ["add", "."], commit)
    hand_in(workspace, "ana", PATIENT)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    done = replayed(content, "HEAD", workspace)

    assert done.attempts == 1


def test_other_playbooks_with_mistakes_mark_nobody(kit, other, workspace):
    """A limit that nobody can read is mended first."""
    changed(other, {"| 2 days |": "| some days |"})
    hand_in(workspace, "ana", PATIENT)

    code, out, err = kit("regrade", "--playbooks", other)

    assert (code, out) == (1, "")
    assert "The other playbooks have mistakes" in err
    assert "playbooks/late-parcel.md:" in err
    with (
        pytest.raises(ContentMistakes),
        other_pages(other, str(other)),
    ):
        pass


def test_who_asks_what_a_rule_would_do_need_not_change_its_examples_first(
    kit, content, workspace
):
    """The question comes before the work; that it is left to do is said."""
    shutil.copytree(content, other := workspace.with_name("asked"))
    changed(other, {"| 2020-01-01 | 3 days |": "| 2020-01-01 | 2 days |"})
    hand_in(workspace, "ana", PATIENT)

    code, out, err = kit("regrade", "--playbooks", other)

    assert code == 0
    assert "100 %, passed; would be 60 %, not passed" in out
    assert "do not agree with their tables" in err
    with other_pages(content, str(other)) as found:
        assert {each.kind for each in found.differing} >= {"check-differs"}


def test_an_exercise_that_cannot_be_decided_stops_no_other(
    kit, content, tmp_path, workspace
):
    """The others are answered, and what is left out is said."""
    shutil.copytree(content, tmp_path / "late")
    other = changed(tmp_path / "late", LATE_PATIENCE)
    hand_in(workspace, "ana", PATIENT)
    still = {"standing-still": PATIENT["standing-still"]}
    hand_in(workspace, "ana", still, exercise="one-case")
    hand_in(workspace, "ben", PATIENT)

    code, out, _ = kit("regrade", "--playbooks", other)

    assert code == 1
    assert out.count("Could not be marked: late-parcel by the other playbooks:") == 1
    assert "third-day" in out
    assert "Attempts: 1." in out
    assert "Could not be marked: 2." in out


def test_damaged_records_and_answers_stop_no_other(kit, other, workspace):
    """One edited file does not hide all the others."""
    for agent, answers in (
        ("ana", PATIENT),
        ("ben", PATIENT),
        ("eve", {"nobody": {"x": "y"}}),
    ):
        hand_in(workspace, agent, answers)
    path = record_path(workspace, "ben")
    path.write_bytes(path.read_bytes().replace(b"attempt-1", b"attempt-9"))

    code, out, _ = kit("regrade", "--playbooks", other)

    assert code == 1
    assert "ben.jsonl:1:" in out
    assert "Could not be marked: eve · late-parcel · attempt-1:" in out
    assert "100 %, passed; would be 60 %, not passed" in out


def test_another_percent_is_told_with_its_name(kit, content, other, workspace):
    """A supervisor wants to know whose mark would move, also without a flip."""
    half = {**PATIENT, "standing-still": {}}
    hand_in(workspace, "fay", half)
    mark(workspace, content, "fay", half)

    _, out, _ = kit("regrade", "--playbooks", other)

    assert "Another percent, and the same result: fay · late-parcel · attempt-1" in out
    assert "now 50 %, not passed; would be 10 %, not passed" in out


def test_one_agent_alone_can_be_asked_about(kit, other, workspace):
    """A talk with one agent needs no list of all."""
    for agent in ("ana", "ben"):
        hand_in(workspace, agent, PATIENT)

    code, out, _ = kit("regrade", "--playbooks", other, "--agent", "ben")
    refused, _, nobody = kit("regrade", "--playbooks", other, "--agent", "cho")

    assert code == 0
    assert "ben · late-parcel" in out
    assert "ana" not in out
    assert refused == 2
    assert "There is no agent named “cho”" in nobody


def test_programs_get_every_percent_that_changes(kit, content, other, workspace):
    """A spreadsheet wants more than those who flip."""
    half = {**PATIENT, "standing-still": {}}
    for agent, answers in (("ana", PATIENT), ("fay", half), ("gil", {})):
        hand_in(workspace, agent, answers)
        mark(workspace, content, agent, answers)
    override(workspace, "gil", 90)

    code, out, _ = kit("regrade", "--playbooks", other, "--json")

    data = json.loads(out)
    assert code == 0
    assert [(each["agent"], each["flips"]) for each in data["changes"]] == [
        ("ana", True),
        ("fay", False),
    ]
    assert data["changes"][0]["rows"][0]["after"]["row"] == "urgency 2"
    assert data["changes"][1]["dimensions"]["policy"] == [50, 0]
    assert [each["agent"] for each in data["set_by_hand"]] == ["gil"]


def test_many_flips_are_put_together_by_what_makes_them(content, other, workspace):
    """Nobody reads ten thousand lines."""
    agents = [f"agent-{number:02}" for number in range(MOST_ALONE + 1)]
    for agent in agents:
        hand_in(workspace, agent, PATIENT)

    done = replayed(content, other, workspace)
    lines = told(done, workspace)

    assert len(done.flips) == len(agents)
    assert len(lines) < len(agents)
    start = "The parcel is late: 21 attempts would fail that pass now: agent-00"
    assert lines[0].startswith(start)
    assert f"and {len(agents) - FIRST_NAMES} more" in lines[0]
    row = "row 1 of “urgency”, then row 2 of “urgency”, decides differently in 21 of"
    assert row in " ".join(lines)


def test_several_processes_find_what_one_finds(content, other, workspace, monkeypatch):
    """Being quick changes no answer, and no order."""
    for number in range(6):
        hand_in(workspace, f"agent-{number}", PATIENT)
    override(workspace, "agent-5", 90)
    (workspace / "records" / "bad.jsonl").write_text("no\n", encoding="utf-8")
    monkeypatch.setattr(replays, "WORTH_A_WORKER", 1)

    alone = replayed(content, other, workspace, jobs=1)
    together = replayed(content, other, workspace, jobs=2)

    assert replay_data(alone) == replay_data(together)
    assert len(alone.flips) == 5


WHAT_CHANGES = {
    "a limit": {"| 2020-09-03 | 3 business days |": "| 2020-09-03 | 4 business days |"},
    "an action": {
        "| not past-due | any | any | any | refund-in-request |": (
            "| not past-due | any | any | any | keep-informed |"
        )
    },
    "a row that is a note by now": {"[B-INR-2, B-INR-4, S1-12]": "[S1-35]"},
    "a message that is none by now": {
        "| payment-dispute | any | no | call-lead | none | bank-decides |": (
            "| payment-dispute | any | no | call-lead | none | none |"
        )
    },
    "what has to be looked at": {
        "| 1 | complete | any | any | any | any | any | any | any | prove |\n": (
            "| 1 | complete | any | any | any | any | any | any | yes | prove |\n"
            "| 19 | complete | any | any | any | any | any | any | no | prove |\n"
        ),
        "\n## Decide: by when\n": "19. The same. [B-INR-3]\n\n## Decide: by when\n",
    },
}


@pytest.fixture(params=WHAT_CHANGES.values(), ids=WHAT_CHANGES)
def other_exercise(request, tmp_path):
    """The exam about missing parcels, by a page on which one thing is another."""
    for name in ("playbooks", "exercises"):
        shutil.copytree(ROOT / name, tmp_path / name)
    pages = [
        tmp_path / "playbooks" / name
        for name in ("inr-request.md", "reference/limits.md")
    ]
    for old, new in request.param.items():
        (path,) = [each for each in pages if old in each.read_text(encoding="utf-8")]
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_exercise(Library(tmp_path), "inr-request")


def mixed_attempts(exercise, count):
    """Attempts that take each answer from the best, the likeliest wrong, or none.

    Of the panels that were opened one is left out now and then, and some send nothing.
    """
    library, draw = Library(ROOT), random.Random(7)
    best = sheets_of(exercise, read_model(library, exercise))
    near = sheets_of(exercise, read_near_miss(library, exercise).answers)
    for _ in range(count):
        drawn = {}
        for case, sheet in best.items():
            sources = (sheet, sheet, near.get(case, {}), {})
            drawn[case] = {key: draw.choice(sources).get(key) or "" for key in sheet}
            panels = (sheet["looked"] or "").split(", ")
            if draw.random() < 0.7:
                left_out = draw.choice(panels)
                seen = [each for each in panels if each != left_out]
                drawn[case]["looked"] = ", ".join(seen)
            if draw.random() < 0.2:
                drawn[case]["reply"] = NO_REPLY
        yield drawn


def test_a_mark_that_is_believed_changes_as_one_that_is_found_again(other_exercise):
    """Leaving out what both pages see the same saves time, and never a change."""
    today = read_exercise(Library(ROOT), "inr-request")
    believing = Replay(today, other_exercise, trusted="today")
    counting = Replay(today, other_exercise)
    changed = 0
    for answers in mixed_attempts(today, 30):
        mark = mark_attempt(today, answers, attempt="attempt-1").record
        attempt = AttemptProgress(
            "inr-request",
            "attempt-1",
            NOW,
            answers,
            None,
            mark=mark,
            marked_by="today",
        )

        found = counting.change("ana", attempt)

        changed += found is not None
        assert believing.change("ana", attempt) == found
    assert changed


def test_replies_are_read_again_where_they_are_checked_by_other_words(
    content, other, workspace
):
    """A mark by the same criteria is not believed where pages check otherwise."""
    shutil.rmtree(other)
    shutil.copytree(content, other)
    page = other / "playbooks" / "reference" / "facts.md"
    hand_in(workspace, "ana", PATIENT)
    mark(workspace, content, "ana", PATIENT, percent=10, passed=False)

    believed = replayed(content, other, workspace).changes
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = replayed(content, other, workspace).changes

    assert believed == []
    assert [each.after.percent for each in found] == [100]


COLLECTING = """
## Decide: warning

| C# | tracking | days open | **Reasons** |
| --- | --- | --- | --- |
| 1 | stopped | any | 1 |
| 2 | moving | <= patience | 1 |

1. It stands. [house]
2. It moves. [house]
"""

ITS_CHECKS = """
## Check: warning

| Case | On | opened on | tracking | **Reasons** |
| --- | --- | --- | --- | --- |
| In | 2024-05-04 | 2024-05-01 | moving | 1 |
| Still | 2024-05-05 | 2024-05-01 | stopped | 1 |
"""

ITS_FACT = "| Reasons | whole number, at least 0 | How many reasons there are. |\n"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_table_that_collects_nothing_under_other_pages_still_answers(
    content, workspace, tmp_path, monkeypatch, jobs
):
    """That it counts no row is an answer, so the attempt is worth something there."""
    monkeypatch.setattr(replays, "WORTH_A_WORKER", 1)
    page = content / "playbooks" / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    text = text.replace("\n## Say\n", f"{COLLECTING}\n## Say\n") + ITS_CHECKS
    page.write_text(text, encoding="utf-8")
    facts = content / "playbooks" / "reference" / "facts.md"
    facts.write_text(facts.read_text(encoding="utf-8") + ITS_FACT, encoding="utf-8")
    cases = content / "exercises" / "one-case" / "cases.md"
    cases.write_text(CASES.replace("urgency, next step", "warning"), encoding="utf-8")
    other = tmp_path / "narrower"
    shutil.copytree(content, other)
    changed(other, {"| 1 | stopped | any | 1 |": "| 1 | stopped | <= patience | 1 |"})
    hand_in(workspace, "ana", PATIENT)
    answers = {"standing-still": {"reasons": "1"}}
    hand_in(workspace, "ben", answers, exercise="one-case")

    done = replayed(content, other, workspace, jobs=jobs)

    assert (done.attempts, done.left_out) == (2, 0)
    assert not done.problems


def test_a_mark_by_the_rule_of_an_earlier_version_is_counted_anew(content, workspace):
    """An early day was wrong then and is in time now: the same pages flip it."""
    facts = content / "playbooks" / "reference" / "facts.md"
    text = facts.read_text(encoding="utf-8")
    changed_facts = text.replace("| Act by | day |", "| Act by | due day |")
    assert changed_facts != text
    facts.write_text(changed_facts, encoding="utf-8")
    third_day = {**PATIENT["third-day"], "act_by": "2024-05-03"}
    early = {**PATIENT, "third-day": third_day}
    missed = {"percent": 70, "passed": False}
    for agent, changes in (
        ("ana", {**missed, "criteria": "0" * 64}),
        ("ben", {}),
    ):
        hand_in(workspace, agent, early)
        mark(workspace, content, agent, early, **changes)

    done = replayed(content, content / "playbooks", workspace)

    assert [(each.agent, each.after.passed) for each in done.flips] == [("ana", True)]
    assert [each.agent for each in done.changes] == ["ana"]


OTHER_THIRD_DAY = THIRD_DAY.replace("third-day", "moving-parcel").replace(
    "| opened on | 2024-05-01 |", "| opened on | 2024-05-02 |"
)
"""A case that has taken the place of another one, and has its own name."""


def with_other_cases(content):
    """Let the exercise of today have another second case."""
    cases = content / "exercises" / "late-parcel" / "cases.md"
    cases.write_text(CASES + OTHER_THIRD_DAY, encoding="utf-8")


def begin(workspace, content, agent):
    """Begin the attempt by the content of now."""
    exercise = read_exercise(Library(content), "late-parcel")
    criteria = keep_criteria(content, exercise, workspace)
    append_event(workspace, Began(at=NOW, agent=agent, criteria=criteria, **WORK))


def test_an_attempt_is_held_against_its_own_cases(content, other, workspace):
    """A case that was changed since flips nobody; a rule that differs does."""
    for agent, answers in (("ana", PATIENT), ("ben", HASTY)):
        begin(workspace, content, agent)
        hand_in(workspace, agent, answers)
        mark(workspace, content, agent, answers)
    with_other_cases(content)

    same = replayed(content, content / "playbooks", workspace)
    done = replayed(content, other, workspace)

    assert (same.attempts, same.changes, same.problems) == (2, [], {})
    found = {each.agent: each.after.passed for each in done.flips}
    assert found == {"ana": False, "ben": True}


def test_an_attempt_whose_cases_are_gone_is_named(content, other, workspace):
    """Its answers say nothing about other cases, so nobody is called failed."""
    hand_in(workspace, "ana", PATIENT)
    mark(workspace, content, "ana", PATIENT)
    with_other_cases(content)

    done = replayed(content, other, workspace)

    assert (done.attempts, done.left_out, done.changes) == (0, 1, [])
    (problem,) = done.problems
    assert "ana" in problem
    assert "those of this attempt were not kept" in problem
