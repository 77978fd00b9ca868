"""Two ways to run a notebook: a forked child is fast, and worth the same mark."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from shipped import LIBRARY

from kit import lesson
from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import exercise_ids, read_exercise
from kit.errors import RunFailed
from kit.marking.grading import forked
from kit.marking.grading.kernels import RunFolders
from kit.marking.grading.processes import CAN_FORK
from kit.marking.grading.report_files import ExerciseParameters
from kit.marking.grading.runner import (
    FORKED,
    MARK_MIME,
    PAPERMILL,
    ExerciseRun,
    run_notebook,
    run_notebooks,
)
from kit.marking.marks.marks import sheets_of

ROOT = Path(__file__).parents[1]
MARK = (
    '{"exercise": "sizes", "attempt": attempt, "percent": 80, "passed": True,'
    ' "dimensions": {}, "critical": []}'
)
SHOW = f"""
from IPython.display import display
display({{"{MARK_MIME}": {MARK}, "text/plain": "80 percent"}}, raw=True)
"""
ATTEMPT = ExerciseParameters("ana", "sizes", "a-1", {})


def write_notebook(folder: Path, *code: str) -> Path:
    """Write an exercise notebook with the cells given before the one of its mark."""
    tags = {"tags": ["parameters"]}
    cells = [nbformat.v4.new_code_cell("answers, attempt = 1, 2", metadata=tags)]
    cells[0].source = "answers = None\nattempt = None"
    cells += [nbformat.v4.new_code_cell(each) for each in (*code, SHOW)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    path = folder / "exercise.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def run_of(source, environment, folder, name="log"):
    """A notebook of one cell beside its parameters."""
    tags = {"tags": ["parameters"]}
    cells = [nbformat.v4.new_code_cell("answers = None", metadata=tags)]
    cells += [nbformat.v4.new_code_cell(source)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    around = forked.RunEnvironment(environment, folder, folder / name)
    return forked.NotebookRun(notebook, {"answers": {}}, around)


@pytest.mark.parametrize("name", exercise_ids(LIBRARY))
def test_both_engines_give_the_same_bytes(name):
    """Who marks on another system, or more carefully, marks nobody differently."""
    exercise = read_exercise(LIBRARY, name)
    sheets = sheets_of(exercise, read_near_miss(LIBRARY, exercise).answers)
    given = ExerciseParameters("ana", name, "attempt-1", sheets)
    folders = RunFolders(content=ROOT)

    fast, plain = (
        run_notebook(exercise.notebook, given, folders, engine=engine)
        for engine in (FORKED, PAPERMILL)
    )

    assert fast.mark == plain.mark
    assert fast.report == plain.report
    assert fast.page == plain.page


def test_best_answers_pass_in_a_fork():
    """A right answer is right in the fast engine, too."""
    exercise = read_exercise(LIBRARY, "address-change")
    sheets = sheets_of(exercise, read_model(LIBRARY, exercise))
    given = ExerciseParameters("ana", exercise.id, "attempt-1", sheets)

    ran = run_notebook(exercise.notebook, given, RunFolders(ROOT), engine=FORKED)

    assert ran.mark.percent == 100


def test_what_cells_show_is_kept_in_their_order(tmp_path):
    """A company's own notebook prints, displays and ends in values, as in a kernel."""
    notebook = write_notebook(
        tmp_path,
        "print('one')\ndisplay('two')\nprint('three')\n{'four': 4}",
        "import warnings\n'five'",
    )

    fast, plain = (
        run_notebook(notebook, ATTEMPT, RunFolders(), engine=engine)
        for engine in (FORKED, PAPERMILL)
    )

    assert fast.report == plain.report


@pytest.mark.parametrize(
    ("change", "sees"),
    [
        pytest.param("x = 1", "'x' in globals()", id="a name"),
        pytest.param(
            "import builtins; builtins.x = 1",
            "hasattr(__import__('builtins'), 'x')",
            id="a builtin",
        ),
        pytest.param(
            "import os; os.environ['X'] = '1'",
            "'X' in __import__('os').environ",
            id="the environment",
        ),
        pytest.param(
            "import os; os.chdir('/')",
            "__import__('os').getcwd() == '/'",
            id="the folder",
        ),
        pytest.param(
            "import kit.lesson; kit.lesson.open_exercise = 1",
            "__import__('kit.lesson').lesson.open_exercise == 1",
            id="a module of the kit",
        ),
    ],
)
def test_no_attempt_sees_what_another_one_did(tmp_path, change, sees):
    """Nobody's mark may depend on who was marked before."""
    run_notebook(write_notebook(tmp_path, change), ATTEMPT, RunFolders(), engine=FORKED)
    notebook = write_notebook(tmp_path, f"assert not ({sees})")

    ran = run_notebook(notebook, ATTEMPT, RunFolders(), engine=FORKED)

    assert ran.mark.percent == 80


def attempts_of(name: str, *ids: str) -> list[ExerciseRun]:
    """Attempts at one shipped exercise, each with other answers."""
    exercise = read_exercise(LIBRARY, name)
    sheets = sheets_of(exercise, read_near_miss(LIBRARY, exercise).answers)
    found = []
    for number, each in enumerate(ids):
        some = dict(list(sheets.items())[number:])
        given = ExerciseParameters("ana", name, each, some)
        found.append(ExerciseRun(exercise.notebook, given, RunFolders(content=ROOT)))
    return found


@pytest.fixture
def children(monkeypatch):
    """Count the processes that are forked."""
    real, pids = os.fork, []

    def counted():
        pid = real()
        pids.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", counted)
    return pids


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_attempts_that_share_a_process_give_the_bytes_of_each_alone(children):
    """Who was marked before in the same process changes nothing."""
    runs = [
        *attempts_of("inr-request", "a-1", "a-2", "a-3"),
        *attempts_of("address-change", "a-4", "a-5"),
    ]

    together = list(run_notebooks(runs, engine=FORKED))
    assert len(children) == 1

    for ran, run in zip(together, runs, strict=True):
        assert ran == run_notebook(
            run.notebook, run.parameters, run.folders, engine=PAPERMILL
        )


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_a_notebook_that_does_more_has_a_process_of_its_own(tmp_path, children):
    """A company's own cell changes only its own process."""
    own = write_notebook(tmp_path, "import builtins; builtins.x = 1")
    runs = [
        *attempts_of("inr-request", "a-1"),
        ExerciseRun(own, ATTEMPT, RunFolders()),
        *attempts_of("inr-request", "a-2", "a-3"),
    ]

    done = list(run_notebooks(runs, engine=FORKED))

    assert [each.mark.attempt for each in done] == ["a-1", "a-1", "a-2", "a-3"]
    assert len(children) == 3


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
@pytest.mark.parametrize(
    ("end", "told"),
    [
        pytest.param(lambda: os._exit(3), "stopped with an error", id="it ends"),
        pytest.param(lambda: 1 / 0, "stopped with an error", id="it fails"),
        pytest.param(lambda: time.sleep(60), "took longer", id="it hangs"),
    ],
)
def test_one_that_breaks_its_process_takes_nobody_with_it(monkeypatch, end, told):
    """Those behind it in the same process are run in another one."""
    real = lesson.open_exercise

    def breaks(name, answers, attempt):
        if attempt == "a-2":
            end()
        real(name, answers, attempt)

    monkeypatch.setattr(lesson, "open_exercise", breaks)
    runs = attempts_of("inr-request", "a-1", "a-2", "a-3", "a-4")

    first, second, *rest = run_notebooks(runs, cell_seconds=4, engine=FORKED)

    assert isinstance(second, RunFailed)
    assert told in str(second)
    assert [each.mark.attempt for each in (first, *rest)] == ["a-1", "a-3", "a-4"]


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_one_that_fails_only_behind_others_leaves_no_trace(monkeypatch):
    """Run again alone it gives the bytes that it would have given at once."""
    real, before = lesson.open_exercise, []

    def fails_behind_another(name, answers, attempt):
        before.append(attempt)
        if len(before) > 1 and attempt == "a-2":
            raise RuntimeError
        real(name, answers, attempt)

    runs = attempts_of("inr-request", "a-1", "a-2", "a-3")
    alone = list(run_notebooks(runs, engine=FORKED))
    monkeypatch.setattr(lesson, "open_exercise", fails_behind_another)

    assert list(run_notebooks(runs, engine=FORKED)) == alone


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_one_that_cannot_be_prepared_takes_nobody_with_it(monkeypatch):
    """Whatever papermill makes of one notebook, the others are run."""
    real = forked.parameterize_notebook

    def breaks(notebook, given, **names):
        if given["attempt"] == "a-1":
            raise KeyError(given["attempt"])
        return real(notebook, given, **names)

    monkeypatch.setattr(forked, "parameterize_notebook", breaks)
    runs = attempts_of("inr-request", "a-1", "a-2")

    first, second = run_notebooks(runs, engine=FORKED)

    assert isinstance(first, RunFailed)
    assert "KeyError" in first.log
    assert second.mark.attempt == "a-2"


@pytest.mark.parametrize(
    ("code", "shares"),
    [
        ("from kit.lesson import open_exercise\nopen_exercise('a', answers)", True),
        ("from kit.lesson import open_exercise as o\no('a', attempt='b')", True),
        ("answers = {'a': ['b', 1]}\nattempt = None", True),
        ("import kit.lesson", False),
        ("from kit.errors import KitError", False),
        ("from .lesson import open_exercise", False),
        ("exec('import os')", False),
        ("from kit.lesson import open_exercise\nsetattr(open_exercise, 'x', 1)", False),
        ("from kit.lesson import open_exercise\nopen_exercise.x = 1", False),
        ("from kit.lesson import open_lesson\nopen_lesson(exec('x = 1'))", False),
        ("from kit.lesson import open_lesson\nopen_lesson('a').desk('b', 'c')", False),
        ("from kit.lesson import open_lesson as o\no = exec\no('x = 1')", False),
        ("from kit.lesson import open_lesson as o\no = 'x'\no('a')", False),
        ("%cd /", False),
    ],
)
def test_only_cells_that_call_the_kit_share_a_process(code, shares):
    """Whatever else a cell does could be seen by the next one."""
    assert forked._only_calls_the_kit((code,)) == shares


def test_a_child_that_ends_in_mid_cell_is_one_failed_attempt(tmp_path):
    """Even a process that is gone without a word stops nothing else."""
    notebook = write_notebook(tmp_path, "import os; os._exit(3)")

    with pytest.raises(RunFailed, match="stopped with an error"):
        run_notebook(notebook, ATTEMPT, RunFolders(), engine=FORKED)


def test_what_bypasses_the_cells_goes_into_the_log(tmp_path, capfd):
    """A library that writes past Python does not spoil the supervisor's terminal."""
    notebook = write_notebook(tmp_path, "import os; os.write(2, b'noise'); 1 / 0")

    with pytest.raises(RunFailed) as caught:
        run_notebook(notebook, ATTEMPT, RunFolders(), engine=FORKED)

    assert "noise" in caught.value.log
    assert "ZeroDivisionError" in caught.value.log
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_two_threads_that_fork_at_once_do_not_wait_for_each_other(
    tmp_path, monkeypatch
):
    """A child that is gone is told at once, however long another one works."""
    real, took = os.fork, {}

    def slow_fork():
        pid = real()
        if pid:
            time.sleep(0.3)
        return pid

    def run(name, source, seconds):
        start = time.monotonic()
        list(forked.execute([run_of(source, {}, tmp_path, name)], seconds))
        took[name] = time.monotonic() - start

    monkeypatch.setattr(os, "fork", slow_fork)
    threads = [
        threading.Thread(target=run, args=("gone", "import os; os._exit(3)", 60)),
        threading.Thread(target=run, args=("busy", "import time; time.sleep(60)", 8)),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert took["gone"] < 5 < took["busy"]


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_a_child_has_its_environment_and_nothing_else(tmp_path, monkeypatch):
    """What the grader knows is no business of a notebook."""
    monkeypatch.setenv("KIT_SECRET", "a password")
    monkeypatch.setenv("KIT_CONTENT", "another folder")
    source = "import os; print(dict(os.environ), os.getenv('NEW'))"
    run = run_of(source, {"KIT_CONTENT": "here", "NEW": "1"}, tmp_path)

    (done,) = forked.execute([run], 60)

    assert done.cells[-1].outputs[0].text == "{'KIT_CONTENT': 'here', 'NEW': '1'} 1\n"


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_a_cell_may_wait_for_something(tmp_path):
    """A notebook of JupyterLab may, so it may here."""
    source = "import types\nawait types.coroutine(lambda: (yield))()\nprint('waited')"

    (done,) = forked.execute([run_of(source, os.environ, tmp_path)], 60)

    assert done.cells[-1].outputs[0].text == "waited\n"


@pytest.mark.skipif(sys.platform != "linux", reason="told by /proc")
def test_no_child_outlives_a_grader_that_was_killed(tmp_path):
    """A killed grader leaves no process behind that eats the machine."""
    told = tmp_path / "pid"
    notebook = write_notebook(
        tmp_path,
        f"import os, time\nopen({str(told)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)",
    )
    code = (
        "from pathlib import Path\n"
        "from kit.marking.grading.kernels import RunFolders\n"
        "from kit.marking.grading.runner import *\n"
        f"run_notebook(Path({str(notebook)!r}), ExerciseParameters('ana', 'sizes', "
        "'a-1', {}), RunFolders(), engine=FORKED)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as grader:
        while not (told.exists() and told.read_text()):
            assert grader.poll() is None, "the grader has ended before its child began"
            time.sleep(0.02)
        child = int(told.read_text())
        grader.send_signal(signal.SIGKILL)

    until = time.monotonic() + 10
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.02)

    assert not is_running(child)


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}
