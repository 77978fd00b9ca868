"""What machines do to people: crashes, full disks, lost blocks, two windows at once.

Whatever was said to be saved is there afterwards, once; whatever could not be saved is
said; and the next answer can be kept.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from keeping import NOON, answer, keep, values_of

from kit.errors import CannotStart
from kit.marking.care.doctor import examine
from kit.marking.care.merge import merge_records
from kit.marking.records.progress import progress_of
from kit.marking.records.store import (
    append_event,
    append_unless,
    read_events,
    record_path,
)

resource = pytest.importorskip("resource", reason="limits and forks need POSIX")

pytestmark = pytest.mark.long

TESTS = Path(__file__).parent
KILLS = 100
LONGER = 0.001
"""Each process may live a millisecond longer: slow machines get their answers done."""

LAST_BYTES = 300

FORKING = """
import os, signal, sys
from pathlib import Path
from keeping import keep
from kit.marking.care.merge import merge_records

def answer_for_ever(workspace, name):
    for number in range(1_000_000):
        keep(workspace, f"{name} {number} 退货")
        os.write(1, f"{name} {number} 退货\\n".encode())

def merge_once(workspace, name):
    list(merge_records(workspace, Path(name)))
    signal.pause()

deed, workspace = globals()[sys.argv[1]], Path(sys.argv[2])
for name in sys.stdin:
    child = os.fork()
    if child == 0:
        os.write(1, f"{os.getpid()}\\n".encode())
        deed(workspace, name.strip())
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""
"""Starts one process for each line that it reads, as fast as a machine can."""


@contextmanager
def forking(deed: str, workspace: Path) -> Iterator["subprocess.Popen[str]"]:
    """Let processes do one deed, each until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", FORKING, deed, str(workspace)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=TESTS,
    ) as parent:
        yield parent


def killed(parent: "subprocess.Popen[str]", name: str, seconds: float) -> list[str]:
    """Start a process, kill it without a warning, and give what it said until then."""
    parent.stdin.write(f"{name}\n")
    parent.stdin.flush()
    child = int(parent.stdout.readline())
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return [line.strip() for line in iter(parent.stdout.readline, "dead\n")]


def test_a_hundred_kills_lose_nothing_that_was_said_to_be_saved(tmp_path):
    """“Saved” on the screen is a promise that also a crash in the next moment keeps."""
    chance = random.Random(22)
    promised: list[str] = []

    with forking("answer_for_ever", tmp_path) as parent:
        for number in range(KILLS):
            seconds = chance.uniform(0, LONGER * number)
            promised += killed(parent, f"run {number}", seconds)
            keep(tmp_path, f"after {number}")
            promised.append(f"after {number}")

    values = values_of(record_path(tmp_path, "ana"))
    assert len(promised) > KILLS + 1
    assert len(values) == len(set(values)) <= len(promised) + KILLS
    assert [each for each in values if each in set(promised)] == promised
    assert examine(tmp_path).findings == ()


def test_a_merge_that_is_killed_leaves_the_old_or_the_new(tmp_path):
    """Pulling the plug while a team is merged costs at most the merge."""
    chance = random.Random(22)
    for each in ("desk", "laptop"):
        keep(tmp_path / each, *(f"{each} {number}" for number in range(20)))
    path = record_path(tmp_path / "desk", "ana")
    old, found = path.read_bytes(), set()

    with forking("merge_once", tmp_path / "desk") as parent:
        for number in range(KILLS):
            path.write_bytes(old)
            seconds = chance.uniform(0, LONGER * number)
            killed(parent, str(tmp_path / "laptop"), seconds)
            found.add(path.read_bytes())
            examine(tmp_path / "desk")

            assert list(path.parent.glob(".*")) == []

    path.write_bytes(old)
    list(merge_records(tmp_path / "desk", tmp_path / "laptop"))
    assert found == {old, path.read_bytes()}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB, where this machine lets us have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can only be mounted by root, on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as ballast, suppress(OSError):
        while ballast.write(b"x" * 512):
            pass


def test_a_full_disk_is_said_and_the_file_stays(small_disk):
    """The screen never says “saved” when it is not; with room again, all goes on."""
    path = keep(small_disk, "first")
    fill(small_disk / "ballast")
    saved = ["first"]

    def answer_on():
        for number in range(100):
            keep(small_disk, f"answer {number}")
            saved.append(f"answer {number}")

    with pytest.raises(CannotStart, match=r"could not be saved.*Is the disk full"):
        answer_on()

    assert path.read_bytes().endswith(b"\n")
    assert values_of(path) == saved
    (small_disk / "ballast").unlink()
    assert values_of(keep(small_disk, "again")) == [*saved, "again"]
    assert examine(small_disk).findings == ()


def test_on_a_full_disk_a_merge_leaves_the_file_and_nothing_beside_it(
    small_disk, tmp_path
):
    """A merge needs room for a second file; without it nothing has happened."""
    path = keep(small_disk, "first")
    keep(tmp_path / "laptop", *(f"there {number}" for number in range(20)))
    fill(small_disk / "ballast")
    before = path.read_bytes()

    (merged,) = merge_records(small_disk, tmp_path / "laptop")

    assert merged.fresh is None
    assert "Is the disk full" in merged.words
    assert path.read_bytes() == before
    assert list(path.parent.glob(".*")) == []
    (small_disk / "ballast").unlink()
    assert [each.fresh for each in merge_records(small_disk, tmp_path / "laptop")] == [
        20
    ]


def kit(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=TESTS.parent,
        timeout=60,
    )


def assert_one_sentence(ran: "subprocess.CompletedProcess[str]", *, why: str) -> None:
    """No accident, no traceback: a sentence with a reason and what to do."""
    assert ran.returncode == 2, ran.stderr
    assert why in ran.stderr
    assert "Make room, or name another folder" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_on_a_full_disk_nothing_is_opened_and_no_half_folder_is_left(small_disk):
    """64 kB hold neither the lessons nor a copy of all playbooks."""
    made = kit("new", str(small_disk / "company"))
    assert list(small_disk.iterdir()) == []
    opened = kit("--workspace", str(small_disk / "desk"), "learn", "--no-browser")

    assert_one_sentence(made, why="No space left")
    assert_one_sentence(opened, why="No space left")


def test_on_a_disk_without_rights_nothing_is_opened_or_made(small_disk):
    """A drive of the company on which somebody may only read."""
    with read_only(small_disk):
        made = kit("new", str(small_disk / "company"))
        opened = kit("--workspace", str(small_disk / "desk"), "learn", "--no-browser")

    assert_one_sentence(made, why="Read-only")
    assert_one_sentence(opened, why="Read-only")


def test_a_file_in_the_place_of_a_folder_is_said_in_a_sentence(tmp_path):
    """A name that is mistyped by a letter may be that of a file."""
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    made = kit("new", str(file / "company"))
    opened = kit("--workspace", str(file), "learn", "--no-browser")

    assert_one_sentence(made, why="Not a directory")
    assert_one_sentence(opened, why="Not a directory")
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_said_in_a_sentence(tmp_path):
    """A folder of somebody else."""
    tmp_path.chmod(0o500)
    made = kit("new", str(tmp_path / "company"))
    opened = kit("--workspace", str(tmp_path / "desk"), "learn", "--no-browser")

    assert_one_sentence(made, why="Permission denied")
    assert_one_sentence(opened, why="Permission denied")


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_line_of_which_only_a_part_fits_is_not_written_at_all(tmp_path):
    """A quota takes the first half of a line; that half does not stay."""
    path = keep(tmp_path, "first")
    before = path.read_bytes()

    with (
        longest_file(len(before) + 100),
        pytest.raises(CannotStart, match="could not be saved"),
    ):
        keep(tmp_path, "second")

    assert path.read_bytes() == before
    assert values_of(keep(tmp_path, "again")) == ["first", "again"]


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Take the right to write away."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def test_a_read_only_folder_is_said_and_can_be_read(small_disk, tmp_path):
    """An archive on a drive without rights can be looked at, and is not changed."""
    path = keep(small_disk, "first")
    path.write_bytes(path.read_bytes() + b'{"cut')
    keep(tmp_path / "laptop", "there")

    with read_only(small_disk):
        with pytest.raises(CannotStart, match="could not be saved"):
            keep(small_disk, "second")
        (merged,) = merge_records(small_disk, tmp_path / "laptop")
        (found,) = examine(small_disk).findings

        assert values_of(path) == ["first"]

    assert merged.fresh is None
    assert found.needs_person
    assert "could not be saved" in found.words
    assert values_of(keep(small_disk, "again")) == ["first", "again"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda workspace: append_event(workspace, answer("first")),
        lambda workspace: append_unless(workspace, answer("first"), lambda _: False),
    ],
    ids=["append", "append unless"],
)
def test_a_file_in_the_place_of_the_folder_is_said_and_stays(tmp_path, deed):
    """The screen must never say “saved” when the folder cannot be written."""
    (tmp_path / "records").write_text("in the way", encoding="utf-8")

    with pytest.raises(CannotStart, match="could not be saved"):
        deed(tmp_path)

    assert (tmp_path / "records").read_text(encoding="utf-8") == "in the way"


def test_the_last_answer_counts_whatever_the_clock_says(tmp_path):
    """A clock that is set back by a year does not bring an old answer back."""
    keep(tmp_path, "first")
    path = keep(tmp_path, "second", at=NOON - timedelta(days=365))

    progress = progress_of(read_events(path))

    assert progress.case("sizes", "case-1").answers == {"action": "second"}
    assert examine(tmp_path).findings == ()


@pytest.mark.parametrize("zeros", [False, True], ids=["cut off", "zeros"])
def test_a_lost_last_block_costs_no_line_before_it(tmp_path, zeros):
    """A drive may lose its end at any byte, also in the middle of a character."""
    whole = keep(tmp_path, "first", "second", "退货 😀" * 40).read_bytes()
    path = record_path(tmp_path, "ana")

    for lost in range(1, LAST_BYTES + 1):
        left = whole[:-lost]
        path.write_bytes(left + b"\0" * lost * zeros)

        assert values_of(path) == ["first", "second"]
        assert append_event(tmp_path, answer("next")).mended
        assert values_of(path) == ["first", "second", "next"]

    assert whole[-LAST_BYTES:].count("😀".encode()) > 5


@pytest.mark.parametrize("zeros", [False, True], ids=["cut off", "zeros"])
def test_a_block_that_held_several_lines_costs_only_these(tmp_path, zeros):
    """A block of 4 kB is some ten answers; all before them survive."""
    path = keep(tmp_path, *(f"退货 {number}" for number in range(30)))
    whole = path.read_bytes()
    block = len(whole) // 4096 * 4096
    path.write_bytes(whole[:block] + b"\0" * (len(whole) - block) * zeros)
    survived = whole[:block].count(b"\n")

    assert not examine(tmp_path).findings[0].needs_person
    assert 0 < survived < 30
    assert values_of(path) == [f"退货 {number}" for number in range(survived)]


TOGETHER = """
import sys
from pathlib import Path
from keeping import answer, keep
from kit.marking.records.store import append_unless

def append(workspace, name, number):
    keep(workspace, f"{name} {number}")

def append_once(workspace, name, number):
    value = f"mark {number}"
    append_unless(
        workspace, answer(value), lambda events: value in {e.value for e in events}
    )

deed, workspace, name = globals()[sys.argv[1]], Path(sys.argv[2]), sys.argv[3]
(workspace / f"{name}.ready").touch()
while len(list(workspace.glob("*.ready"))) < 2:
    pass
for number in range(100):
    deed(workspace, name, number)
"""
"""Does one deed a hundred times, as soon as the other process is there, too."""


def together(deed: str, workspace: Path) -> list[str | None]:
    """Let two processes do one deed at once, and give the answers that are there."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, deed, str(workspace), name], cwd=TESTS
        )
        for name in ("left", "right")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    return values_of(record_path(workspace, "ana"))


def test_two_writers_at_once_lose_nothing_and_the_chain_holds(tmp_path):
    """The same lesson may be open in two windows."""
    values = together("append", tmp_path)

    for name in ("left", "right"):
        own = [value for value in values if value.startswith(name)]
        assert own == [f"{name} {number}" for number in range(100)]
    assert len(values) == 200
    events = read_events(record_path(tmp_path, "ana"))
    assert len({event.previous for event in events}) == 200


def test_two_graders_at_once_write_no_mark_twice(tmp_path):
    """Two supervisors who grade in the same minute give one mark for an attempt."""
    values = together("append_once", tmp_path)

    assert values == [f"mark {number}" for number in range(100)]
