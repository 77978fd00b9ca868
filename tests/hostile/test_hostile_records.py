"""A file of records is read as data: refused in a sentence, or told as it stands."""

import json
import os
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from inputs import FIELDS, JSONS, MARKS
from sentences import bounded, is_plain

from kit.content.library import Library
from kit.errors import BadRecord, CannotStart
from kit.marking.desktops import desktop_here
from kit.marking.grading.grade_attempts import Grading, grade_all
from kit.marking.records.events import NOTHING_BEFORE, Answered, Waited
from kit.marking.records.store import append_event, read_events, record_path
from kit.screens.desk.practice_desk import PracticeDesk

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANSWERED = {
    "version": 1,
    "at": "2026-11-22T12:00:00.000000Z",
    "agent": "eve-3",
    "previous": NOTHING_BEFORE,
    "playbook": None,
    "event": "answered",
    "work": "sizes",
    "case": "case-1",
    "question": "action",
    "value": "refund",
}
MARKED = {
    **{name: ANSWERED[name] for name in ("version", "at", "agent", "previous")},
    "event": "marked",
    "exercise": "wrong-size-remorse",
    "attempt": "attempt-1",
    "percent": 100,
    "passed": True,
    "dimensions": {"policy": 100},
    "critical": [],
    "report": "reports/eve-3/wrong-size-remorse/attempt-1.html",
}


def sealed(body: bytes) -> bytes:
    """A line with a right seal: whoever knows the kit can write one."""
    return body[:-1] + b',"seal":"' + sha256(body).hexdigest().encode() + b'"}\n'


def line_of(fields: dict[str, object]) -> bytes:
    """An event as a sealed line."""
    return sealed(json.dumps(fields).encode())


def kept(workspace: Path, content: bytes, agent: str = "eve-3") -> Path:
    """Write a file of records."""
    path = record_path(workspace, agent)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def refused(path: Path) -> BadRecord:
    """Read a file that is refused, in bounded time."""
    with bounded(), pytest.raises(BadRecord) as caught:
        read_events(path)
    assert is_plain(str(caught.value))
    return caught.value


def test_the_line_that_the_hostile_ones_are_made_of_is_read(tmp_path):
    """Otherwise every one of them could be refused for another reason."""
    (answered,) = read_events(kept(tmp_path, line_of(ANSWERED)))
    (marked,) = read_events(kept(tmp_path, line_of(MARKED)))

    assert answered.value == "refund"
    assert marked.percent == 100


@pytest.mark.parametrize("body", JSONS.values(), ids=JSONS)
def test_a_sealed_line_that_says_nothing_is_refused(body, tmp_path):
    """A seal is no reason to believe what stands before it."""
    error = refused(kept(tmp_path, sealed(body)))

    assert error.line == 1


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_sealed_event_with_one_hostile_field_is_refused(fields, tmp_path):
    """Every field is held to its shape, also when the line is whole."""
    error = refused(kept(tmp_path, line_of({**ANSWERED, **fields})))

    assert error.line == 1


@pytest.mark.parametrize("fields", MARKS.values(), ids=MARKS)
def test_a_sealed_mark_out_of_shape_is_refused(fields, tmp_path):
    """A mark of 101 percent, or a report elsewhere, reaches no screen."""
    error = refused(kept(tmp_path, line_of({**MARKED, **fields})))

    assert error.line == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda line: b"\xef\xbb\xbf" + line, id="a byte order mark"),
        pytest.param(lambda line: line[:-1] + b"\r\n", id="line ends of Windows"),
        pytest.param(lambda line: line + b"\n", id="an empty line below"),
        pytest.param(lambda line: b"\n" * 100_000 + line, id="100000 empty lines"),
        pytest.param(lambda line: line + line, id="the same line twice"),
        pytest.param(lambda line: line.replace(b"refund", b"wait"), id="changed"),
        pytest.param(lambda line: line.replace(b"seal", b"SEAL"), id="another seal"),
        pytest.param(lambda line: b" " + line, id="a space before"),
        pytest.param(lambda line: line[:-2] + b" }\n", id="a space inside"),
        pytest.param(lambda line: line[:-2] + b',"x":1}\n', id="more after the seal"),
        pytest.param(lambda line: b"\x00" * 1_000_000 + b"\n" + line, id="zeros"),
        pytest.param(lambda _: b"\n", id="one empty line"),
        pytest.param(lambda _: b"x" * 50_000_000 + b"\n", id="50 MB in one line"),
        pytest.param(lambda _: os.urandom(1000) + b"\n", id="noise"),
    ],
)
def test_bytes_that_nobody_wrote_are_refused(change, tmp_path):
    """A file that went through another program is found on its first line."""
    refused(kept(tmp_path, change(line_of(ANSWERED))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            b'"agent": "eve-3"', b'"agent": "ana-1", "agent": "eve-3"', id="an agent"
        ),
        pytest.param(b'"value": ', b'"value": "wait", "value": ', id="a value"),
        pytest.param(b'"work": ', b'"seal": "x", "seal": "y", "work": ', id="a seal"),
    ],
)
def test_a_line_that_says_something_twice_is_refused(old, new, tmp_path):
    """Two readers would take it in two ways."""
    body = json.dumps(ANSWERED).encode()
    assert old in body

    error = refused(kept(tmp_path, sealed(body.replace(old, new))))

    assert "twice" in error.problem


def test_a_file_that_claims_to_be_somebody_elses_is_refused(tmp_path):
    """Nobody takes over the marks of a colleague by copying a file."""
    error = refused(kept(tmp_path, line_of(ANSWERED), agent="ana-1"))

    assert "belongs to “eve-3”" in error.problem


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    """What cannot be opened is named, and nothing is written into it."""
    path = record_path(tmp_path, "eve-3")
    path.mkdir(parents=True)

    refused(path)

    with pytest.raises(CannotStart):
        append_event(tmp_path, Answered(**{**ANSWERED, "at": NOON}))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_in_place_of_the_file_is_refused_and_does_not_hang(tmp_path):
    """Whoever opens a pipe waits for somebody who never comes."""
    path = record_path(tmp_path, "eve-3")
    path.parent.mkdir()
    os.mkfifo(path)

    refused(path)

    with pytest.raises(CannotStart):
        append_event(tmp_path, Answered(**{**ANSWERED, "at": NOON}))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_link_to_a_device_without_an_end_is_refused(tmp_path):
    """Reading it would fill all memory."""
    path = record_path(tmp_path, "eve-3")
    path.parent.mkdir()
    path.symlink_to("/dev/zero")

    refused(path)


def test_a_link_to_the_file_of_a_colleague_is_refused(tmp_path):
    """A link gives nobody the work of another one."""
    other = kept(tmp_path, line_of({**ANSWERED, "agent": "ana-1"}), agent="ana-1")
    path = record_path(tmp_path, "eve-3")
    path.symlink_to(other)

    refused(path)


def test_a_link_in_a_circle_has_no_events_or_is_refused(tmp_path):
    """It leads nowhere, and ends all the same."""
    path = record_path(tmp_path, "eve-3")
    path.parent.mkdir()
    path.symlink_to(path)

    refused(path)


def test_a_file_too_large_to_be_one_is_refused_before_it_is_read(tmp_path):
    """A gigabyte of zeros takes no room on the disk, and all of the memory."""
    path = kept(tmp_path, b"")
    with path.open("r+b") as file:
        file.truncate(2**30)

    error = refused(path)

    assert "larger than" in error.problem


def test_hostile_files_are_named_on_a_line_each_and_stop_nobody(tmp_path):
    """The supervisor reads which files are wrong; the names cannot clear the screen."""
    kept(tmp_path, sealed(b"[" * 100_000 + b"}"), agent="eve-1")
    kept(tmp_path, line_of(ANSWERED), agent="eve-2")
    folder = tmp_path / "records"
    for name in ("\x1b[2J", "a\nb", "{x}", "\u202eana", "Ana", "con"):
        (folder / f"{name}.jsonl").write_bytes(line_of(ANSWERED))
    (folder / "eve-4.jsonl").mkdir()
    (folder / "empty.jsonl").touch()

    with bounded():
        results = list(grade_all(Grading(Library(ROOT), tmp_path, lambda: NOON)))

    assert len(results) == 9
    assert all(each.mark is None and is_plain(each.words) for each in results)


@pytest.mark.parametrize("day", ["9999-12-31", "2999-01-01", "0001-01-01"])
def test_a_far_day_in_the_records_does_not_close_the_desk(day, monkeypatch, tmp_path):
    """The agent goes on with the case, in the time that it always takes."""
    monkeypatch.setenv("KIT_CONTENT", str(ROOT))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("KIT_AGENT", "eve-3")
    desktop = desktop_here()
    case = desktop.library.cases("inr-request")[0]
    place = {"at": NOON, "agent": "eve-3", "work": "w", "case": case.id}
    desktop.keep(Waited(**place, day=day))

    session = desktop.session(case, "w")

    with bounded():
        session.wait()
        assert session.review().case.on < date(2100, 1, 1)
        assert PracticeDesk(session, place="", clock=lambda: NOON).screen
