"""Two machines of one agent come together: nothing is lost, and nothing is twice."""

import os
import shutil
import sys
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keeping import NOON, keep, values_of

from kit import cli
from kit.errors import CannotStart
from kit.marking.care.merge import in_order, merge_records
from kit.marking.records.events import NOTHING_BEFORE, HandedIn, Overridden, SignedOff
from kit.marking.records.lines import hash_of_line
from kit.marking.records.store import append_event, read_events, read_lines, record_path

MACHINES = ("desk", "laptop", "phone")
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(MACHINES),
        st.sampled_from(["answer", "answer", *MACHINES]),
        st.integers(-3, 3),
    ),
    max_size=14,
)
"""Which machine, what it does (an answer, or a merge from one), by which clock."""


def merge(into: Path, source: Path) -> list[int | None]:
    """Merge, and say how many events of each file were new."""
    return [each.fresh for each in merge_records(into, source)]


def copied(workspace: Path, to: Path) -> Path:
    """The same workspace on another machine."""
    return shutil.copytree(workspace, to, dirs_exist_ok=True)


def lived(folder: Path, deeds: list[tuple[str, str, int]]) -> list[Path]:
    """Let three machines live for a while."""
    places = {name: folder / name for name in MACHINES}
    for place in places.values():
        (place / "records").mkdir(parents=True)
    for number, (machine, deed, minutes) in enumerate(deeds):
        if deed == "answer":
            at = NOON + timedelta(minutes=minutes)
            keep(places[machine], f"{machine} {number}", at=at)
        else:
            merge(places[machine], places[deed])
    return list(places.values())


def content_of(workspace: Path) -> bytes:
    """What a workspace keeps of ana."""
    path = record_path(workspace, "ana")
    return path.read_bytes() if path.exists() else b""


@pytest.fixture
def two(tmp_path):
    """Two machines that went on from two common lines, one half an hour later."""
    keep(tmp_path / "desk", "one", "two")
    copied(tmp_path / "desk", tmp_path / "laptop")
    keep(tmp_path / "desk", "at noon", "at noon, too")
    later = NOON + timedelta(minutes=30)
    keep(tmp_path / "laptop", "later", "and later", at=later)
    return tmp_path / "desk", tmp_path / "laptop"


def test_both_branches_are_kept_and_each_keeps_its_order(two):
    """What the agent did on the train counts as what they did at the desk."""
    desk, laptop = two

    assert merge(desk, laptop) == [2]
    assert values_of(record_path(desk, "ana")) == [
        "one",
        "two",
        "at noon",
        "at noon, too",
        "later",
        "and later",
    ]


@settings(max_examples=40)
@given(deeds=DEEDS)
def test_the_result_is_the_same_whoever_merges_whom(tmp_path_factory, deeds):
    """Three machines that merge over a drive agree, without a head machine."""
    folder = tmp_path_factory.mktemp("machines")
    machines = lived(folder, deeds)
    lines = {line for each in machines for line in content_of(each).splitlines()}

    results = set()
    for number, (first, second, third) in enumerate(permutations(machines)):
        left = copied(first, folder / f"left-{number}")
        merge(left, second)
        merge(left, third)
        right, pair = (
            copied(first, folder / f"right-{number}"),
            copied(second, folder / f"pair-{number}"),
        )
        merge(pair, third)
        merge(right, pair)
        results |= {content_of(left), content_of(right)}

    assert len(results) == 1
    assert sorted(results.pop().splitlines()) == sorted(lines)


@settings(max_examples=40)
@given(deeds=DEEDS)
def test_every_file_that_the_kit_writes_is_in_order(tmp_path_factory, deeds):
    """Merging never moves what stands: answering and merging agree on the order."""
    for workspace in lived(tmp_path_factory.mktemp("machines"), deeds):
        lines = list(read_lines(record_path(workspace, "ana")))

        assert in_order(reversed(lines)) == lines


def test_a_line_stands_behind_the_one_it_names_whatever_the_clocks_say(two):
    """A laptop whose clock is a year behind does not put its answers upside down."""
    desk, laptop = two
    keep(laptop, "by a slow clock", at=NOON - timedelta(days=365))

    merge(desk, laptop)

    seen = {NOTHING_BEFORE}
    for line in read_lines(record_path(desk, "ana")):
        assert line.event.previous in seen
        seen.add(line.hash)
    assert values_of(record_path(desk, "ana"))[-1] == "by a slow clock"


def test_merging_again_touches_nothing(two):
    """A script may merge each night; backups see no change where there is none."""
    desk, laptop = two
    merge(desk, laptop)
    path = record_path(desk, "ana")
    path.write_bytes(path.read_bytes() + b'{"cut')
    os.utime(path, (1, 1))
    before = path.read_bytes()

    assert merge(desk, laptop) == [0]
    assert (path.stat().st_mtime, path.read_bytes()) == (1, before)
    assert not path.with_suffix(".cut-off").exists()


def test_after_a_merge_the_agent_goes_on(two):
    """The next click follows the last line, and the other machine can take it."""
    desk, laptop = two
    merge(desk, laptop)
    last = content_of(desk).splitlines()[-1]
    keep(desk, "next")

    assert read_events(record_path(desk, "ana"))[-1].previous == hash_of_line(last)
    assert merge(laptop, desk) == [3]
    assert content_of(laptop) == content_of(desk)


def test_an_agent_who_was_never_here_is_added(tmp_path):
    """A supervisor collects the records of a whole team in one workspace."""
    path = keep(tmp_path / "laptop", "first", agent="bob")

    assert merge(tmp_path / "desk", tmp_path / "laptop" / "records") == [1]
    assert record_path(tmp_path / "desk", "bob").read_bytes() == path.read_bytes()


def test_half_a_file_of_a_merge_over_there_is_no_record(tmp_path):
    """What a crash left on the other machine is not said to be an agent."""
    path = keep(tmp_path / "laptop", "first")
    path.with_name(".ana.jsonl").write_bytes(path.read_bytes())

    assert merge(tmp_path / "desk", tmp_path / "laptop") == [1]


def test_any_folder_with_files_of_records_will_do(tmp_path):
    """Files that came by mail lie in a folder of any name."""
    keep(tmp_path / "laptop", "first")
    mail = (tmp_path / "laptop" / "records").rename(tmp_path / "from a mail")

    assert merge(tmp_path / "desk", mail) == [1]


def test_a_merged_file_keeps_its_rights(two):
    """A file that the team may read can be read by the team afterwards, too."""
    desk, laptop = two
    record_path(desk, "ana").chmod(0o640)

    merge(desk, laptop)

    assert record_path(desk, "ana").stat().st_mode & 0o777 == 0o640


def test_a_line_cut_off_here_is_moved_aside_and_there_is_left(two):
    """A merge repairs our file as an answer would, and never changes theirs."""
    desk, laptop = two
    ours, theirs = record_path(desk, "ana"), record_path(laptop, "ana")
    ours.write_bytes(ours.read_bytes() + b'{"ours')
    theirs.write_bytes(theirs.read_bytes() + b'{"theirs')
    before = theirs.read_bytes()

    (merged,) = merge_records(desk, laptop)

    assert merged.words.startswith("The last line of ana.jsonl had been cut off.")
    assert len(values_of(ours)) == 6
    assert ours.with_suffix(".cut-off").read_bytes() == b'{"ours\n'
    assert theirs.read_bytes() == before


@pytest.mark.parametrize("damaged", [0, 1], ids=["ours", "theirs"])
def test_a_damaged_file_is_named_and_left_and_the_others_go_on(two, damaged):
    """One bad disk must not keep a whole team from being merged."""
    desk, laptop = two
    keep(laptop, "first", agent="bob")
    path = record_path(two[damaged], "ana")
    path.write_bytes(path.read_bytes().replace(b"two", b"toe"))
    before = [content_of(each) for each in two]

    ana, bob = merge_records(desk, laptop)

    assert (ana.fresh, bob.fresh) == (None, 1)
    assert f"{path}:2: This line is not what was written." in ana.words
    assert [content_of(each) for each in two] == before


def test_a_file_of_another_agent_is_named_and_left(two):
    """Nobody gets the marks of a colleague by giving a file another name."""
    desk, laptop = two
    record_path(laptop, "ana").rename(record_path(laptop, "eve"))

    (eve,) = merge_records(desk, laptop)

    assert eve.fresh is None
    assert "eve.jsonl:1: This line belongs to “ana”." in eve.words
    assert not record_path(desk, "eve").exists()


def test_a_name_that_is_no_agent_is_named_and_left(two):
    """A copy that a browser has named is not taken for an agent."""
    desk, laptop = two
    record_path(laptop, "ana").rename(laptop / "records" / "ana (1).jsonl")

    (copy,) = merge_records(desk, laptop)

    assert copy.fresh is None
    assert "ana (1).jsonl: not merged. Its name is not the id" in copy.words
    assert [each.name for each in (desk / "records").glob("*(1)*")] == []


def test_a_full_or_closed_folder_leaves_the_old_file(two):
    """If the new file cannot be written, the old one stands as it was."""
    desk, laptop = two
    before = content_of(desk)
    (desk / "records" / ".ana.jsonl").mkdir()

    (ana,) = merge_records(desk, laptop)

    assert ana.fresh is None
    assert "could not be saved" in ana.words
    assert content_of(desk) == before


def set_by_hand(workspace: Path, percent: int, by: str) -> None:
    """Let a supervisor set a mark on one machine."""
    work = {"exercise": "sizes", "attempt": "attempt-1"}
    mark = {"percent": percent, "passed": percent > 79, "reason": "Seen."}
    append_event(workspace, Overridden(at=NOON, agent="ana", **work, **mark, by=by))


def test_marks_set_by_hand_on_both_sides_are_named_once(two):
    """One of them counts, and both supervisors learn that there are two."""
    desk, laptop = two
    set_by_hand(desk, 90, "lead-1")
    set_by_hand(laptop, 40, "lead-2")

    (first,) = merge_records(desk, laptop)
    (again,) = merge_records(desk, laptop)

    assert (
        "set by hand to 90 % by lead-1 here, and to 40 % by lead-2 there" in first.words
    )
    assert "Look at" not in again.words


def test_what_supervisors_are_said_to_have_done_is_named(two):
    """A file from an agent's own machine may say that a lead has passed it."""
    desk, laptop = two
    set_by_hand(laptop, 90, "lead-1")
    signed = {"exercise": "sizes", "attempt": "attempt-1", "evidence": "0" * 64}
    append_event(laptop, SignedOff(at=NOON, agent="ana", by="lead-1", **signed))

    (ana,) = merge_records(desk, laptop)

    assert "set by hand to 90 %, passed, by lead-1: “Seen.”" in ana.words
    assert "signed off by lead-1." in ana.words


def test_two_sets_of_answers_to_one_attempt_are_named(two):
    """Before anybody signs off what nobody has read."""
    desk, laptop = two
    work = {"agent": "ana", "exercise": "sizes", "attempt": "attempt-1", "at": NOON}
    append_event(desk, HandedIn(**work, answers={"one": {"action": "refund"}}))
    append_event(laptop, HandedIn(**work, answers={"one": {"action": "replace"}}))

    (ana,) = merge_records(desk, laptop)

    assert "“attempt-1” of “sizes”: it was handed in twice" in ana.words


def test_marks_set_by_hand_that_agree_need_no_settling(two):
    """Two supervisors who think the same have nothing to settle."""
    desk, laptop = two
    set_by_hand(desk, 90, "lead-1")
    set_by_hand(laptop, 90, "lead-2")

    (ana,) = merge_records(desk, laptop)

    assert ana.fresh
    assert "Look at" not in ana.words


def test_a_folder_without_records_is_refused(tmp_path):
    """A slip in the name of a folder does not pass for “nothing is new”."""
    with pytest.raises(CannotStart, match="There are no records in"):
        merge(tmp_path, tmp_path / "nowhere")


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str]:
    """Run one command line: its exit code, and what it prints."""
    monkeypatch.setattr(sys, "argv", ["kit", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), "".join(capsys.readouterr())


def test_the_command_says_for_each_agent_what_was_new(two, monkeypatch, capsys):
    """Who merges sees at once that it was the right folder."""
    desk, laptop = two
    keep(desk, "first", agent="bob")
    keep(laptop, "first", agent="bob")
    keep(laptop, "first", agent="mei")

    code, printed = run(
        monkeypatch, capsys, "--workspace", str(desk), "merge", str(laptop)
    )

    assert code == 0
    assert printed.splitlines() == [
        "ana: 2 events are new.",
        "bob: nothing is new.",
        "mei: 1 event is new.",
    ]


def test_the_command_refuses_what_it_left_alone(two, monkeypatch, capsys):
    """A script that merges sees that one file needs a person."""
    desk, laptop = two
    path = record_path(laptop, "ana")
    path.write_bytes(path.read_bytes()[1:])

    code, printed = run(
        monkeypatch, capsys, "--workspace", str(desk), "merge", str(laptop)
    )

    assert code == 1
    assert printed.startswith("ana: not merged. ")


def test_the_command_says_when_there_is_nothing(tmp_path, monkeypatch, capsys):
    """An empty folder is said to be empty."""
    (tmp_path / "records").mkdir()

    code, printed = run(
        monkeypatch, capsys, "--workspace", str(tmp_path), "merge", str(tmp_path)
    )

    assert code == 0
    assert printed == f"There are no files of records in {tmp_path}.\n"
