"""Grading by many hands, and grading that is cut short: nobody is marked otherwise."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import filelock
import pytest
from grading import NOW, best_and_nearly, hand_in, hand_in_many, marks_in
from shipped import LIBRARY

from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart
from kit.lesson import warm_up
from kit.marking.care.merge import merge_records
from kit.marking.grading import executors, grade_attempts, processes
from kit.marking.grading.grade_attempts import GradedAttempt, Grading, grade_all
from kit.marking.marks.content_cache import cached_content
from kit.marking.marks.snapshots import criteria_of, keep_criteria
from kit.marking.records.events import Began, Marked, hash_of_answers
from kit.marking.records.store import append_event

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
EXERCISE = read_exercise(LIBRARY, "address-change")
KILLS = 60

CLUSTER = """
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""

GRADE_UNTIL_KILLED = """
import os, random, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path

from kit.content.library import Library
from kit.lesson import warm_up
from kit.marking.marks.content_cache import cached_content
from kit.marking.grading.grade_attempts import Grading, grade_all

content, workspace, kills, longest = sys.argv[1:]
warm_up(cached_content(Path(content)).marker("address-change"))
chance = random.Random(4)
for _ in range(int(kills)):
    child = os.fork()
    if child == 0:
        os.setsid()
        grading = Grading(Library(Path(content)), Path(workspace),
                          lambda: datetime.now(UTC), warm_up=warm_up)
        for _ in grade_all(grading):
            pass
        os._exit(0)
    time.sleep(chance.uniform(0, float(longest)))
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


def grade(workspace: Path, **how: object) -> list[GradedAttempt]:
    """Mark what waits."""
    how.setdefault("warm_up", warm_up)
    return list(grade_all(Grading(LIBRARY, workspace, lambda: NOW, **how)))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty attempts, marked by one process."""
    workspace = tmp_path_factory.mktemp("alone")
    hand_in_many(LIBRARY, workspace, EXERCISE, agents=4, each=5)
    grade(workspace)
    return workspace


def reports_of(workspace: Path) -> dict[str, bytes]:
    """Every file of every report."""
    folder = workspace / "reports"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_processes_give_the_same_marks_and_reports(alone, tmp_path):
    """More hands make it faster, and change nothing else."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=4, each=5)

    results = grade(tmp_path, jobs=2)

    assert len(results) == 20
    assert marks_in(tmp_path) == marks_in(alone)
    assert reports_of(tmp_path) == reports_of(alone)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be forked there")
def test_killed_at_any_point_loses_nothing_and_marks_nobody_twice(alone, tmp_path):
    """A power cut in the middle of a batch costs the rest of the batch, once."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=4, each=5)
    handed_in = {path.name: path.read_bytes() for path in records_of(tmp_path)}
    again = 4
    for _ in range(again):
        # What was marked before is forgotten, so that there is always work to cut off.
        for name, content in handed_in.items():
            (tmp_path / "records" / name).write_bytes(content)
        kill_graders(tmp_path, kills=KILLS // again)
        grade(tmp_path)

        assert marks_in(tmp_path) == marks_in(alone)
        assert reports_of(tmp_path).items() >= reports_of(alone).items()


def records_of(workspace: Path) -> list[Path]:
    """The files of records."""
    return sorted((workspace / "records").glob("*.jsonl"))


def kill_graders(workspace: Path, *, kills: int) -> None:
    """Start grading and kill it, again and again, each time at another moment."""
    argv = [sys.executable, "-c", GRADE_UNTIL_KILLED, str(ROOT), str(workspace)]
    subprocess.run([*argv, str(kills), "0.12"], check=True, timeout=120)


@contextmanager
def cluster() -> Iterator[str]:
    """A Dask cluster of two workers on this machine, by its address."""
    with subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().replace("tcp://", "dask://")
        finally:
            process.terminate()


def test_a_cluster_of_two_workers_gives_the_same_marks(tmp_path):
    """A company with many agents adds machines, and nobody is marked otherwise."""
    one, many = tmp_path / "one", tmp_path / "many"
    hand_in_many(LIBRARY, one, EXERCISE, agents=6, each=5)
    shutil.copytree(one, many)
    grade(one, jobs=2)

    with cluster() as address:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "kit", "--content", str(ROOT)),
                *("--workspace", str(many), "grade", "--executor", address),
            ],
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )

    assert done.returncode == 0, done.stderr
    assert len(marks_in(many)) == 30
    assert marks_in(many) == marks_in(one)
    assert reports_of(many) == reports_of(one)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        pytest.param("127.0.0.1:8786", "is not an address", id="no scheme"),
        pytest.param("dask://", "is not an address", id="no place"),
        pytest.param("dask://127.0.0.1:1", "No Dask cluster answers", id="nobody"),
    ],
)
def test_a_cluster_that_is_none_is_said(tmp_path, monkeypatch, address, says):
    """A slip in an address is a sentence, not a screen full of Python."""
    monkeypatch.setattr("kit.marking.grading.executors.LONGEST_WAIT_SECONDS", 1)
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=1, each=1)

    with pytest.raises(CannotStart, match=says):
        grade(tmp_path, cluster=address)


def test_nothing_is_forked_where_libraries_do_not_survive_it(monkeypatch):
    """On macOS a worker that was forked may stop for good."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(processes, "CAN_FORK", False)

    assert executors._context().get_start_method() == "spawn"


def test_only_one_grades_in_a_workspace(tmp_path):
    """Two supervisors at once do not mark the same attempt twice."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=1, each=1)

    with (
        filelock.FileLock(tmp_path / "grading.lock"),
        pytest.raises(CannotStart, match="Somebody else is grading"),
    ):
        grade(tmp_path)

    assert marks_in(tmp_path) == {}


def test_a_worker_that_dies_once_costs_nobody_a_mark(tmp_path, monkeypatch):
    """Memory that runs out kills a process; who was in it is marked in another one."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=1, each=2)
    monkeypatch.setenv("KIT_TEST_DIES", str(tmp_path / "died"))

    results = grade(tmp_path, jobs=2, warm_up=die_once)

    assert (tmp_path / "died").exists()
    assert not [each.words for each in results if each.mark is None]
    assert len(marks_in(tmp_path)) == 2


def test_an_attempt_that_always_ends_its_worker_is_named(tmp_path):
    """Nobody waits for ever for what cannot be marked here."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=1, each=2)

    results = grade(tmp_path, jobs=2, warm_up=die)

    assert len(results) == 2
    assert all("ended without a word" in each.words for each in results)


def die_once(_: object) -> None:
    """End the first process that asks, as a machine without memory would."""
    died = Path(os.environ["KIT_TEST_DIES"])
    if not died.exists():
        died.touch()
        die(None)


def die(_: object) -> None:
    """End this process without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def changing(tmp_path: Path) -> Library:
    """A folder of content whose author changes a page."""
    folder = tmp_path / "content"
    for part in ("playbooks", "exercises"):
        shutil.copytree(ROOT / part, folder / part)
    return Library(folder)


def change_a_row(content: Path) -> None:
    """Let the playbook decide something else than before."""
    page = content / "playbooks" / "address-change.md"
    text = page.read_text(encoding="utf-8")
    changed = text.replace("| cancel-for-address |", "| ship-as-ordered |")
    assert changed != text
    page.write_text(changed, encoding="utf-8")


def begin(library: Library, workspace: Path) -> str:
    """Begin an attempt as the exam screen does."""
    criteria = keep_criteria(library.folder, EXERCISE, workspace)
    append_event(
        workspace,
        Began(
            at=NOW,
            agent="ana",
            exercise=EXERCISE.id,
            attempt="attempt-1",
            criteria=criteria,
        ),
    )
    return criteria


def test_an_attempt_is_marked_by_what_was_in_force_when_it_began(changing, tmp_path):
    """Nobody fails by a rule that came in the middle of the exam."""
    begin(changing, tmp_path)
    best, _ = best_and_nearly(LIBRARY, EXERCISE)
    hand_in(tmp_path, "ana", EXERCISE.id, best)
    change_a_row(changing.folder)

    grade_attempts = Grading(
        Library(changing.folder), tmp_path, lambda: NOW, warm_up=warm_up
    )
    (result,) = grade_all(grade_attempts)

    assert result.mark is not None
    assert result.mark.percent == 100


def test_criteria_that_were_touched_do_not_count(changing, tmp_path):
    """Who changes the kept page changes no mark: its hash is another one."""
    criteria = begin(changing, tmp_path)
    _, nearly = best_and_nearly(LIBRARY, EXERCISE)
    hand_in(tmp_path, "ana", EXERCISE.id, nearly)
    before = grade_one(changing, tmp_path / "elsewhere", nearly)
    change_a_row(tmp_path / "criteria" / criteria)

    grade_attempts = Grading(changing, tmp_path, lambda: NOW, warm_up=warm_up)
    (result,) = grade_all(grade_attempts)

    assert result.mark == before


def grade_one(library: Library, workspace: Path, answers: dict) -> object:
    """The mark of one attempt without kept criteria."""
    hand_in(workspace, "ana", EXERCISE.id, answers)
    grade_attempts = Grading(library, workspace, lambda: NOW, warm_up=warm_up)
    return next(iter(grade_all(grade_attempts))).mark


def test_kept_criteria_hold_no_best_answer_and_no_code(tmp_path):
    """Who can write into a workspace can lay a page there, and nothing that runs."""
    criteria = keep_criteria(ROOT, EXERCISE, tmp_path)

    kept = (tmp_path / "criteria" / criteria).rglob("*")

    assert {path.suffix for path in kept if path.is_file()} == {".md"}


def test_a_notebook_in_the_workspace_is_never_run(changing, tmp_path):
    """Nobody's code runs as the supervisor, whatever lies beside the records."""
    criteria = begin(changing, tmp_path)
    best, _ = best_and_nearly(LIBRARY, EXERCISE)
    hand_in(tmp_path, "ana", EXERCISE.id, best)
    folder = tmp_path / "criteria" / criteria / "exercises" / EXERCISE.id
    (folder / "exercise.ipynb").write_text("{}", encoding="utf-8")

    (result,) = grade(tmp_path)

    assert result.mark is not None
    assert result.mark.percent == 100


def test_half_a_folder_of_criteria_is_written_anew(tmp_path):
    """A power cut in the middle of writing them changes nobody's mark."""
    criteria = keep_criteria(ROOT, EXERCISE, tmp_path)
    page = tmp_path / "criteria" / criteria / "playbooks" / "address-change.md"
    whole = page.read_bytes()
    page.write_bytes(b"")

    keep_criteria(ROOT, EXERCISE, tmp_path)

    assert page.read_bytes() == whole


def test_records_merged_in_while_grading_are_not_marked_twice(tmp_path):
    """The other machine has marked it already; one mark is enough."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=1, each=2)
    grade_attempts = Grading(LIBRARY, tmp_path, lambda: NOW, warm_up=warm_up)
    results = grade_all(grade_attempts)
    next(results)
    (kept,) = [each for marks in marks_in(tmp_path).values() for each in marks]
    second = second_answers()
    append_event(
        tmp_path,
        Marked(
            at=NOW,
            agent="a-0",
            report="reports/a-0/x.html",
            handed_in=second,
            **(kept.model_dump() | {"attempt": "attempt-2"}),
        ),
    )

    list(results)

    assert [len(each) for each in marks_in(tmp_path).values()] == [1, 1]


def second_answers() -> str:
    """The hash of the second answers that ``hand_in_many`` hands in."""
    return hash_of_answers(best_and_nearly(LIBRARY, EXERCISE)[1])


def test_a_merge_right_after_a_mark_doubles_no_other(tmp_path, monkeypatch):
    """What is known of a file is how long it was before anybody else could write."""
    best, _ = best_and_nearly(LIBRARY, EXERCISE)
    for attempt in ("attempt-1", "attempt-2"):
        hand_in(tmp_path, "ana", EXERCISE.id, best, attempt=attempt)
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "records", other / "records")
    grade(other)
    write = grade_attempts.append_unless
    merged = []

    def written(*arguments, **how):
        kept = write(*arguments, **how)
        if not merged:
            merged.extend(merge_records(tmp_path, other))
        return kept

    monkeypatch.setattr(grade_attempts, "append_unless", written)
    later = NOW + timedelta(hours=1)
    list(grade_all(Grading(LIBRARY, tmp_path, lambda: later, warm_up=warm_up)))

    assert [each.fresh for each in merged] == [2]
    counts = {place[2]: len(marks) for place, marks in marks_in(tmp_path).items()}
    assert counts["attempt-2"] == 1


def test_a_page_that_has_changed_gives_its_name_to_no_mark_by_the_old_one(
    tmp_path,
):
    """A worker that lives long has read one exercise, and marks the next one now."""
    folder = (tmp_path / "content").resolve()
    for part in ("playbooks", "exercises"):
        shutil.copytree(ROOT / part, folder / part)
    again = folder / "exercises" / "address-again"
    shutil.copytree(folder / "exercises" / "address-change", again)
    brief = again / "brief.md"
    text = brief.read_text(encoding="utf-8")
    brief.write_text(text.replace("id: address-change", "id: address-again"), "utf-8")
    warm = cached_content(folder)
    warm.marker("address-change")
    page = folder / "playbooks" / "address-change.md"
    old = page.read_text(encoding="utf-8")

    page.write_text(
        old.replace("| cancel-for-address |", "| ship-as-ordered |"), "utf-8"
    )

    fresh = read_exercise(Library(folder), "address-again")
    assert warm.criteria("address-again") == criteria_of(folder, fresh)
    read = warm.marker("address-again").exercise
    assert read.playbook.digest == fresh.playbook.digest


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_stops_with_a_sentence_and_keeps_what_is_marked(jobs, tmp_path):
    """The next call marks the rest, and each attempt has one mark in the end."""
    hand_in_many(LIBRARY, tmp_path, EXERCISE, agents=2, each=5)
    line = [sys.executable, "-m", "kit", "--workspace", str(tmp_path), "grade"]
    process = subprocess.Popen(
        [*line, "--jobs", jobs],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    first = process.stdout.readline()

    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert "passed" in first
    assert process.returncode == 130, err
    assert out.splitlines()[-1].startswith("Stopped. What is marked is kept")
    assert err == ""
    marked = sum(len(each) for each in marks_in(tmp_path).values())
    assert 0 < marked < 10
    assert len(grade(tmp_path)) == 10 - marked
    assert all(len(each) == 1 for each in marks_in(tmp_path).values())
