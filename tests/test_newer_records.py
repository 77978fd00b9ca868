"""What a newer version wrote stays where it is, and an older one works on beside it."""

import json
import shutil
import sys
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from grading import NOW, best_and_nearly, hand_in, marks_in
from keeping import NOON, answer, keep, values_of

from kit import cli
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import BadRecord
from kit.lesson import warm_up
from kit.marking.care.doctor import examine
from kit.marking.care.merge import merge_records
from kit.marking.export.export_files import export
from kit.marking.grading.grade_attempts import Grading, grade_all
from kit.marking.records.events import NOTHING_BEFORE, SignedOff
from kit.marking.records.lines import Line, hash_of_line
from kit.marking.records.progress import progress_of
from kit.marking.records.store import (
    append_event,
    read_events,
    read_lines,
    record_path,
)
from kit.marking.signoff.certificates import certify
from kit.marking.signoff.verify import verify

ROOT = Path(__file__).parents[1]
EXERCISE = "wrong-size-remorse"


def sealed(body: bytes) -> bytes:
    """A line with its seal."""
    return body[:-1] + b',"seal":"' + sha256(body).hexdigest().encode() + b'"}\n'


def newer(path: Path, **changes: object) -> dict[str, object]:
    """What a newer version would write next: its form is other than that of today."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    fields = {
        "event": "coached",
        "version": 3,
        "at": "2026-11-22T12:00:01.000000Z",
        "agent": path.stem,
        "previous": hash_of_line(lines[-1]) if lines else NOTHING_BEFORE,
        "topics": [{"of": "due days", "since": None}, 2.5],
        "words": "Zoë, 退货 😀",
    }
    return fields | changes


def write_newer(path: Path, **changes: object) -> bytes:
    """Let a newer version add its line, and return it."""
    text = json.dumps(newer(path, **changes), ensure_ascii=False, indent=None)
    line = sealed(text.encode())
    with path.open("ab") as file:
        file.write(line)
    return line


@pytest.fixture(params=["in the middle", "at the end", "both"])
def known(request, tmp_path):
    """A record with lines of a newer version, those lines, and what it says else."""
    path = keep(tmp_path, "first")
    lines, values = [], ["first"]
    if request.param != "at the end":
        lines.append(write_newer(path))
        keep(tmp_path, "second")
        values.append("second")
    if request.param != "in the middle":
        lines.append(write_newer(path))
    return path, lines, values


def test_what_is_known_is_read_and_the_rest_is_left_out(known):
    """An agent who tried the newer kit goes on with the older one where they were."""
    path, _, values = known
    events = read_events(path)

    assert values_of(path) == values
    assert progress_of(events).case("sizes", "case-1").answers == {"action": values[-1]}


def test_the_next_event_names_the_newer_line_and_changes_nothing(known, tmp_path):
    """The newer version finds its chain whole when it comes back."""
    path, _, values = known
    before = path.read_bytes()

    kept = append_event(tmp_path, answer("next"))

    assert not kept.mended
    assert path.read_bytes().startswith(before)
    assert kept.event.previous == hash_of_line(before.splitlines()[-1])
    assert values_of(path) == [*values, "next"]


def test_a_chain_is_followed_through_a_newer_line(tmp_path):
    """Who takes such a line out is found as with any other."""
    path = keep(tmp_path, "first")
    line = write_newer(path)
    keep(tmp_path, "second")
    path.write_bytes(path.read_bytes().replace(line, b""))

    with pytest.raises(BadRecord, match=":2: A line before this one is missing"):
        read_events(path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"at": None}, "at", id="no moment"),
        pytest.param({"at": "noon"}, "has to be a moment", id="another moment"),
        pytest.param({"agent": "ben"}, "belongs to “ben”", id="of another agent"),
        pytest.param({"event": "x" * 121}, "1 to 120", id="a sort without end"),
        pytest.param({"event": 7}, "text", id="a sort that is a number"),
        pytest.param({"previous": "f" * 64}, "missing", id="out of its place"),
        pytest.param({"previous": "none"}, "characters", id="after nothing"),
        pytest.param(
            {"event": "looked", "version": 1}, "is missing", id="a sort of today"
        ),
    ],
)
def test_a_line_that_is_broken_is_refused_as_before(tmp_path, changes, said):
    """Only what a newer version can have written is passed over."""
    path = keep(tmp_path, "first")
    write_newer(path, **changes)

    with pytest.raises(BadRecord) as caught:
        read_events(path)

    assert caught.value.line == 2
    assert said in caught.value.problem


def test_an_event_of_today_with_a_field_of_tomorrow_is_refused(tmp_path):
    """What it means could be other than what is read."""
    path = record_path(tmp_path, "ana")
    path.parent.mkdir()
    fields = answer("first").model_dump(mode="json")
    path.write_bytes(sealed(json.dumps({**fields, "weight": 2}).encode()))

    with pytest.raises(BadRecord, match="“weight” is not known here"):
        read_events(path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda line: line.replace(b"2.5", b"3.5"), id="changed"),
        pytest.param(lambda line: sealed(line[1:-76] + b"}"), id="no JSON"),
        pytest.param(lambda line: line * 2, id="twice"),
        pytest.param(
            lambda line: sealed(line[:-76] + b',"event":"marked"}'), id="of two sorts"
        ),
        pytest.param(
            lambda line: sealed(line[:-76] + b',"words":""}'), id="says a thing twice"
        ),
        pytest.param(
            lambda line: sealed(line[:-76] + b',"deep":' + b"[" * 9000 + b"}"),
            id="nested without end",
        ),
    ],
)
def test_a_newer_line_is_held_to_its_seal_and_form(tmp_path, change):
    """A sort that nobody knows is no way around the checks."""
    path = keep(tmp_path, "first")
    line = write_newer(path)
    assert values_of(path) == ["first"]

    path.write_bytes(path.read_bytes().replace(line, change(line)))

    with pytest.raises(BadRecord):
        read_events(path)


def test_a_merge_takes_newer_lines_along(tmp_path):
    """An older machine in the middle loses nothing on the way between two new ones."""
    desk, laptop = tmp_path / "desk", tmp_path / "laptop"
    keep(desk, "one")
    shutil.copytree(desk, laptop)
    ours = write_newer(record_path(desk, "ana"), words="ours")
    keep(desk, "two")
    theirs = write_newer(record_path(laptop, "ana"), words="theirs")

    (merged,) = merge_records(desk, laptop)
    (back,) = merge_records(laptop, desk)
    content = record_path(desk, "ana").read_bytes()

    assert (merged.fresh, back.fresh) == (1, 2)
    assert record_path(laptop, "ana").read_bytes() == content
    assert {ours, theirs} <= set(content.splitlines(keepends=True))
    assert values_of(record_path(desk, "ana")) == ["one", "two"]


def test_a_merge_of_three_gives_the_same_whoever_begins(tmp_path):
    """The order of newer lines follows from the lines, too."""
    machines = [tmp_path / name for name in ("desk", "laptop", "phone")]
    for number, machine in enumerate(machines):
        path = keep(machine, f"machine {number}")
        write_newer(path, words=f"machine {number}")
        keep(machine, f"machine {number} again")

    results = set()
    for number, order in enumerate(permutations(machines)):
        target = tmp_path / f"merged-{number}"
        for each in order:
            list(merge_records(target, each))
        results.add(record_path(target, "ana").read_bytes())

    assert len(results) == 1


def test_the_doctor_counts_newer_lines_and_calls_none_damage(known, tmp_path):
    """A supervisor learns why a line is left out, and has nothing to do."""
    path, lines, values = known
    before = path.read_bytes()

    checkup = examine(tmp_path, Library(ROOT))

    (finding,) = checkup.findings
    count = {1: "1 line is", 2: "2 lines are"}[len(lines)]
    assert f"ana.jsonl: {count} of a newer version" in finding.words
    assert not finding.needs_person
    assert checkup.events == len(values) + len(lines)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["events.csv", "statements.json"])
def test_exports_leave_newer_lines_out(known, tmp_path, name):
    """A spreadsheet has no columns for what nobody here understands."""
    _, _, values = known
    file = tmp_path / name

    done = export(tmp_path, file, agent=None, each_event=True)

    text = file.read_text(encoding="utf-8")
    assert (done.count, list(done.problems)) == (len(values), [])
    assert [value in text for value in values] == [True] * len(values)
    assert "coached" not in text


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Handed in between newer lines, marked, signed off, and another one at the end."""
    workspace = tmp_path_factory.mktemp("workspace")
    library = Library(ROOT)
    exercise = read_exercise(library, EXERCISE)
    best, _ = best_and_nearly(library, exercise)
    path = record_path(workspace, "ana-1")
    path.parent.mkdir()
    write_newer(path)
    hand_in(workspace, "ana-1", EXERCISE, best)
    write_newer(path)
    done = list(
        grade_all(Grading(library, workspace, lambda: NOW, agent=None, warm_up=warm_up))
    )
    write_newer(path)
    certificate = certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)
    write_newer(path)
    return workspace, done, certificate


def test_what_was_handed_in_between_newer_lines_is_marked_once(graded):
    """Grading on the older machine waits for no update."""
    workspace, done, _ = graded
    again = Grading(Library(ROOT), workspace, lambda: NOW, agent=None, warm_up=warm_up)

    ((mark,),) = marks_in(workspace).values()
    assert mark.percent == 100
    assert len(done) == 1
    assert list(grade_all(again)) == []


def test_a_sign_off_stands_beside_newer_lines(graded):
    """Its certificate names the lines on which it rests, and these are there."""
    workspace, _, certificate = graded
    signed = [
        each
        for each in read_events(record_path(workspace, "ana-1"))
        if isinstance(each, SignedOff)
    ]

    assert len(signed) == 1
    assert verify(workspace, certificate.path).holds


@pytest.mark.parametrize("command", ["report", "doctor"])
def test_commands_of_supervisors_end_well(graded, monkeypatch, capsys, command):
    """Nobody is sent to look for damage that is none."""
    workspace, *_ = graded
    line = ["kit", "--content", str(ROOT), "--workspace", str(workspace), command]
    monkeypatch.setattr(sys, "argv", line)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    out = capsys.readouterr().out
    assert not ended.value.code
    assert ("4 lines are of a newer version" in out) is (command == "doctor")


def test_newer_lines_are_lines_with_their_place(known):
    """Whoever looks at each line finds them, and is told what they are."""
    path, lines, _ = known
    found: list[Line] = [line for line in read_lines(path) if line.is_newer]

    assert [line.text + b"\n" for line in found] == lines
    assert {line.event.event for line in found} == {"coached"}
