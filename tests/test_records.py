"""Nothing that an agent did is lost, and nothing in it is changed unseen."""

import os
import tracemalloc
from datetime import datetime, timedelta

import pytest
from keeping import NOON, answer, keep, values_of

from kit.errors import BadAnswers, BadRecord
from kit.marking.records.events import (
    NOTHING_BEFORE,
    Answered,
    Decided,
    Event,
    HandedIn,
    Looked,
    Marked,
    Started,
)
from kit.marking.records.store import (
    agents_in,
    append_event,
    append_unless,
    hash_of,
    read_events,
    record_files,
    record_path,
)

PLAYBOOK = hash_of("# It does not fit")

EVERY_KIND: list[Event] = [
    Started(agent="ana", at=NOON, work="sizes", case="case-1"),
    Looked(agent="ana", at=NOON, work="sizes", case="case-1", panel="tracking"),
    Answered(
        agent="ana",
        at=NOON,
        playbook=PLAYBOOK,
        work="sizes",
        case="case-1",
        question="reply",
        value="Hello Zoë,\n退货 is fine. 😀\u2028",
    ),
    Decided(
        agent="ana",
        at=NOON,
        work="sizes",
        case="case-1",
        answers={"action": "accept-return"},
        right=True,
    ),
    HandedIn(
        agent="ana",
        at=NOON,
        exercise="sizes",
        attempt="a-1",
        answers={"case-1": {"action": "accept-return"}},
    ),
    Marked(
        agent="ana",
        at=NOON,
        exercise="sizes",
        attempt="a-1",
        percent=80,
        passed=True,
        dimensions={"policy": 100},
        critical=[],
        report="reports/ana/sizes/a-1.html",
    ),
]


def test_every_event_is_read_as_it_was_written(tmp_path):
    """After a crash the desk shows what the agent did, to the last emoji."""
    for event in EVERY_KIND:
        append_event(tmp_path, event)

    events = read_events(record_path(tmp_path, "ana"))

    assert [type(event) for event in events] == [type(event) for event in EVERY_KIND]
    assert [
        event.model_copy(update={"previous": NOTHING_BEFORE}) for event in events
    ] == EVERY_KIND


def test_an_agent_without_a_file_has_done_nothing_yet(tmp_path):
    """The first day starts without an error."""
    assert read_events(record_path(tmp_path, "ana")) == ()


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    """One file without rights must not keep the others from being marked."""
    path = record_path(tmp_path, "ana")
    path.mkdir(parents=True)

    with pytest.raises(BadRecord) as caught:
        read_events(path)

    assert caught.value.path == path


def test_every_line_carries_the_hash_of_the_line_before(tmp_path):
    """A supervisor can show that nothing was slipped in between."""
    path = keep(tmp_path, "first", "second")

    first, second = read_events(path)
    line = path.read_bytes().split(b"\n")[0]

    assert first.previous == NOTHING_BEFORE
    assert second.previous == hash_of(line.decode())


def test_moments_are_written_in_utc_with_microseconds(tmp_path):
    """Lines of all agents sort and compare as text, also at a full second."""
    path = keep(tmp_path, "first")

    assert b'"at":"2026-11-22T12:00:00.000000Z"' in path.read_bytes()


def test_a_clock_that_runs_backwards_is_no_error(tmp_path):
    """A laptop that corrects its clock must not lose its agent's work."""
    append_event(tmp_path, answer("first"))
    append_event(tmp_path, answer("second", at=NOON - timedelta(days=1)))

    assert values_of(record_path(tmp_path, "ana")) == ["first", "second"]


def test_a_last_line_cut_off_anywhere_loses_nothing_else(tmp_path):
    """Power can fail at any byte; whatever it leaves is kept beside the file."""
    whole = keep(tmp_path / "model", "first", "second", "third").read_bytes()
    start = whole[:-1].rfind(b"\n") + 1

    for cut in range(start, len(whole)):
        path = record_path(tmp_path / f"cut-{cut}", "ana")
        path.parent.mkdir(parents=True)
        path.write_bytes(whole[:cut])

        assert values_of(path) == ["first", "second"]

        appended = append_event(tmp_path / f"cut-{cut}", answer("next"))
        aside = path.with_suffix(".cut-off")

        assert values_of(path) == ["first", "second", "next"]
        assert bool(appended.mended) == (cut > start)
        assert (aside.read_bytes() if aside.exists() else b"\n") == (
            whole[start:cut] + b"\n"
        )


def test_a_first_line_cut_off_is_moved_aside_too(tmp_path):
    """The very first click may be the one that power fails on."""
    path = keep(tmp_path, "first")
    path.write_bytes(path.read_bytes()[:40])

    keep(tmp_path, "again")

    assert values_of(path) == ["again"]


def test_pieces_that_were_cut_off_add_up(tmp_path):
    """A second crash does not wipe out what the first one left."""
    path = keep(tmp_path, "first")
    for piece in (b'{"one', b'{"two'):
        path.write_bytes(path.read_bytes() + piece)
        keep(tmp_path, "next")

    assert path.with_suffix(".cut-off").read_bytes() == b'{"one\n{"two\n'
    assert values_of(path) == ["first", "next", "next"]


def test_any_changed_byte_is_found_and_its_line_named(tmp_path):
    """Whoever changes a record by hand, or a failing disk, is seen at that line."""
    path = keep(tmp_path, "first", "second", "third")
    whole = path.read_bytes()

    for place in range(len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)

        with pytest.raises(BadRecord) as caught:
            read_events(path)

        assert caught.value.line == whole[:place].count(b"\n") + 1
        assert str(caught.value).startswith(f"{path}:{caught.value.line}: This line ")


@pytest.mark.parametrize(
    ("order", "line", "problem"),
    [
        pytest.param([0, 2], 2, "A line before this one", id="a line taken out"),
        pytest.param([1, 2], 1, "A line before this one", id="the first taken out"),
        pytest.param([0, 1, 1, 2], 3, "is already on line 2", id="a line twice"),
        pytest.param([0, 1, 2, 0], 4, "is already on line 1", id="the first again"),
        pytest.param([1, 0, 2], 1, "A line before this one", id="two lines swapped"),
    ],
)
def test_a_line_that_is_missing_or_elsewhere_is_found(tmp_path, order, line, problem):
    """A wrong answer cannot be made to disappear."""
    path = keep(tmp_path, "first", "second", "third")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[each] for each in order))

    with pytest.raises(BadRecord, match=f":{line}: .*{problem}"):
        read_events(path)


def test_a_file_of_another_agent_is_found(tmp_path):
    """Renaming a file does not hand over the marks in it."""
    path = keep(tmp_path, "first")
    renamed = path.rename(path.with_stem("bob"))

    with pytest.raises(BadRecord, match="belongs to “ana”"):
        read_events(renamed)


def test_an_event_of_a_newer_kit_is_named_not_guessed(tmp_path):
    """An old kit on a new workspace says so, and touches nothing."""
    newer = answer("first").model_copy(update={"version": 2})
    append_event(tmp_path, newer)

    with pytest.raises(BadRecord, match=":1: This line cannot be read"):
        read_events(record_path(tmp_path, "ana"))


def test_a_record_may_branch(tmp_path):
    """Two machines of one agent go on from the same line, and both are right."""
    path = keep(tmp_path, "first", "second")
    whole = path.read_bytes()
    other = keep(tmp_path / "other", "first", "on the train")
    branch = other.read_bytes().splitlines(keepends=True)[1]
    path.write_bytes(whole + branch)

    first, second, third = read_events(path)

    assert second.previous == third.previous != NOTHING_BEFORE
    assert first.previous == NOTHING_BEFORE
    assert values_of(keep(tmp_path, "next")) == [
        "first",
        "second",
        "on the train",
        "next",
    ]


def test_a_record_may_begin_twice(tmp_path):
    """Who starts on two machines at once has done both."""
    path = keep(tmp_path, "here")
    path.write_bytes(path.read_bytes() + keep(tmp_path / "other", "there").read_bytes())

    assert values_of(path) == ["here", "there"]


def test_a_line_before_the_one_that_it_names_is_found(tmp_path):
    """Also in a record with branches nothing stands before its beginning."""
    path = keep(tmp_path, "first", "second")
    first, second = path.read_bytes().splitlines(keepends=True)
    third = keep(tmp_path / "other", "elsewhere").read_bytes()
    path.write_bytes(third + second + first)

    with pytest.raises(BadRecord, match=":2: A line before this one is missing"):
        read_events(path)


def test_a_click_costs_the_same_after_years(tmp_path):
    """Only the end of a file is read, however long the file has become."""
    path = keep(tmp_path, "first", "x" * 4000)
    whole = path.read_bytes()
    path.write_bytes(whole * 500)

    tracemalloc.start()
    kept = append_event(tmp_path, answer("next")).event
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 200_000 < len(whole * 500)
    assert kept.previous == hash_of(whole.splitlines()[-1].decode())


@pytest.mark.parametrize("length", [0, 2600, 2700, 3700, 4000])
@pytest.mark.parametrize("piece", [0, 1, 9000, 70_000])
def test_the_last_line_is_found_whatever_its_length(tmp_path, length, piece):
    """A long reply does not fall between two blocks of the disk."""
    path = keep(tmp_path, "first", "退" * length)
    before = path.read_bytes()
    path.write_bytes(before + b"x" * piece)

    keep(tmp_path, "next")

    assert path.read_bytes().startswith(before)
    assert values_of(path) == ["first", "退" * length, "next"]


@pytest.mark.parametrize(
    "zeros",
    [
        pytest.param(b"\0", id="one zero"),
        pytest.param(b"\0" * 20_000, id="several blocks of zeros"),
        pytest.param(b'{"version":1,"at' + b"\0" * 500, id="half a line, then zeros"),
        pytest.param(b"\0\0\n\0\0", id="zeros around the end of a line"),
        pytest.param(b'{"version"\0\0\n', id="zeros before the end of a line"),
        pytest.param(b"\0" * 70_000 + b"\n\n" + b"\0" * 9000, id="zeros all around"),
    ],
)
def test_an_end_full_of_zeros_is_moved_aside(tmp_path, zeros):
    """A network drive gives zeros back for what it never wrote."""
    path = keep(tmp_path, "first", "second")
    path.write_bytes(path.read_bytes() + zeros)

    assert values_of(path) == ["first", "second"]

    appended = append_event(tmp_path, answer("next"))

    assert appended.mended
    assert values_of(path) == ["first", "second", "next"]
    assert path.with_suffix(".cut-off").read_bytes() == zeros + b"\n"


def test_zeros_with_lines_behind_them_are_named(tmp_path):
    """What is lost in the middle is a matter for a person, not for a guess."""
    path = keep(tmp_path, "first", "second", "third")
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b"\0" * (len(second) - 1) + b"\n" + third)

    with pytest.raises(BadRecord, match=":2: This line is not what was written"):
        read_events(path)


def has_first(events):
    """Whether the first answer is there."""
    return any(getattr(event, "value", None) == "first" for event in events)


def test_what_is_there_already_is_not_written_again(tmp_path):
    """A mark that somebody else has just written is not written twice."""
    kept = append_unless(tmp_path, answer("first"), has_first)
    again = append_unless(tmp_path, answer("first"), has_first)

    assert kept is not None
    assert again is None
    assert values_of(record_path(tmp_path, "ana")) == ["first"]


def test_nothing_is_added_to_a_record_that_cannot_be_read(tmp_path):
    """Whether it is there already, nobody can tell from a damaged file."""
    path = keep(tmp_path, "first")
    damaged = path.read_bytes().replace(b"first", b"thirst")
    path.write_bytes(damaged)

    with pytest.raises(BadRecord, match=":1: "):
        append_unless(tmp_path, answer("second"), has_first)

    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "../ana",
        "ana/bob",
        "ana\\bob",
        "Ana",
        "-ana",
        "ana.jsonl",
        "ana\n",
        "ana\x00",
        "anä",
        "{x}",
        "con",
        "lpt1",
        "\ud800",
        "a" * 41,
    ],
    ids=ascii,
)
def test_a_hostile_agent_id_is_refused(agent):
    """An id is the name of a file, on every system."""
    with pytest.raises(BadAnswers, match="“agent”"):
        answer("first", agent=agent)


def test_the_longest_agent_id_is_accepted():
    """Forty characters are in, forty-one are out."""
    assert answer("first", agent="a" * 40).agent == "a" * 40


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"value": "\ud83d"}, id="half an emoji"),
        pytest.param({"value": "a\x00b"}, id="a control character"),
        pytest.param({"value": "x" * 4001}, id="one character too long"),
        pytest.param({"value": 3}, id="a number"),
        pytest.param({"question": "two\nlines"}, id="a name of two lines"),
        pytest.param({"question": " action"}, id="a name with a space before it"),
        pytest.param({"question": "x" * 121}, id="a name too long"),
        pytest.param({"at": datetime(2026, 11, 22, 12)}, id="a moment nowhere"),
        pytest.param({"playbook": "main"}, id="no hash"),
        pytest.param({"mood": "fine"}, id="an unknown field"),
    ],
)
def test_an_event_out_of_shape_is_refused_in_a_sentence(changes):
    """What cannot be kept is said at once, not found when the file is read."""
    with pytest.raises(BadAnswers, match=f"“{next(iter(changes))}”"):
        answer("first").__class__(**(answer("first").model_dump() | changes))


def test_the_longest_answer_is_kept(tmp_path):
    """Four thousand characters are in."""
    assert values_of(keep(tmp_path, "退" * 4000)) == ["退" * 4000]


@pytest.mark.parametrize(
    ("cases", "length"),
    [
        pytest.param(201, 1, id="201 cases"),
        pytest.param(17, 4000, id="more than 64 kB"),
    ],
)
def test_an_attempt_too_large_to_be_marked_is_refused(cases, length):
    """What papermill cannot carry must be refused while the agent still sees it."""
    answers = {f"case-{n}": {"reply": "x" * length} for n in range(cases)}

    with pytest.raises(BadAnswers, match="“answers”"):
        HandedIn(agent="ana", at=NOON, exercise="sizes", attempt="a-1", answers=answers)


@pytest.mark.parametrize(
    "report", ["/etc/x.html", "../x.html", "a/../x.html", "a\\x.html", "a//x", ""]
)
def test_a_report_outside_the_workspace_is_refused(report):
    """A link to a report never leads to another place."""
    fields = EVERY_KIND[-1].model_dump() | {"report": report}

    with pytest.raises(BadAnswers, match="“report”"):
        Marked(**fields)


def test_a_file_that_is_only_being_written_belongs_to_nobody(tmp_path):
    """A merge writes one beside the record for a moment, and a crash may leave it."""
    path = keep(tmp_path, "first")
    path.with_name(".ana.jsonl").write_bytes(path.read_bytes())
    other = keep(tmp_path, "first", agent="bob")

    assert record_files(tmp_path) == [path, other]
    assert record_files(tmp_path, "bob") == [other]
    assert agents_in(tmp_path) == ["ana", "bob"]


@pytest.mark.skipif(os.name != "posix", reason="folders are not synced on Windows")
def test_a_new_folder_of_records_survives_a_power_cut(tmp_path, monkeypatch):
    """The first answer of all is as safe as any later one."""
    workspace, synced = tmp_path / "new" / "workspace", []
    real = os.fsync

    def noting(handle):
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", noting)
    keep(workspace, "first")

    above = (tmp_path, tmp_path / "new", workspace, workspace / "records")
    assert {each.stat().st_ino for each in above} <= {*synced}
    synced.clear()
    keep(workspace, "second")
    assert len(synced) == 1
