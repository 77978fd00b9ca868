"""Two ways to run a notebook: a forked child is fast, and worth the same mark."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from shipped import LIBRARY

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import exercise_ids, read_exercise
from kit.errors import RunFailed
from kit.marking.grading import forked
from kit.marking.grading.kernels import Places
from kit.marking.grading.processes import CAN_FORK
from kit.marking.grading.report_files import ExerciseParameters
from kit.marking.grading.runner import FORKED, MARK_MIME, PAPERMILL, run_notebook
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


@pytest.mark.parametrize("name", exercise_ids(LIBRARY))
def test_both_engines_give_the_same_bytes(name):
    """Who marks on another system, or more carefully, marks nobody differently."""
    exercise = read_exercise(LIBRARY, name)
    sheets = sheets_of(exercise, read_near_miss(LIBRARY, exercise).answers)
    given = ExerciseParameters("ana", name, "attempt-1", sheets)
    places = Places(content=ROOT)

    fast, plain = (
        run_notebook(exercise.notebook, given, places, engine=engine)
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

    ran = run_notebook(exercise.notebook, given, Places(ROOT), engine=FORKED)

    assert ran.mark.percent == 100


def test_what_cells_show_is_kept_in_their_order(tmp_path):
    """A company's own notebook prints, displays and ends in values, as in a kernel."""
    notebook = write_notebook(
        tmp_path,
        "print('one')\ndisplay('two')\nprint('three')\n{'four': 4}",
        "import warnings\n'five'",
    )

    fast, plain = (
        run_notebook(notebook, ATTEMPT, Places(), engine=engine)
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
    run_notebook(write_notebook(tmp_path, change), ATTEMPT, Places(), engine=FORKED)
    notebook = write_notebook(tmp_path, f"assert not ({sees})")

    ran = run_notebook(notebook, ATTEMPT, Places(), engine=FORKED)

    assert ran.mark.percent == 80


def test_a_child_that_ends_in_mid_cell_is_one_failed_attempt(tmp_path):
    """Even a process that is gone without a word stops nothing else."""
    notebook = write_notebook(tmp_path, "import os; os._exit(3)")

    with pytest.raises(RunFailed, match="stopped with an error"):
        run_notebook(notebook, ATTEMPT, Places(), engine=FORKED)


def test_what_bypasses_the_cells_goes_into_the_log(tmp_path, capfd):
    """A library that writes past Python does not spoil the supervisor's terminal."""
    notebook = write_notebook(tmp_path, "import os; os.write(2, b'noise'); 1 / 0")

    with pytest.raises(RunFailed) as caught:
        run_notebook(notebook, ATTEMPT, Places(), engine=FORKED)

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
        start, child = time.monotonic(), forked.Child({}, tmp_path, tmp_path / name)
        with suppress(ChildProcessError, TimeoutError):
            list(forked._told([source], child, seconds))
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
    child = forked.Child(
        {"KIT_CONTENT": "here", "NEW": "1"}, tmp_path, tmp_path / "log"
    )
    source = "import os; print(dict(os.environ), os.getenv('NEW'))"

    (told,) = forked._told([source], child, 60)

    assert told["outputs"][0]["text"] == "{'KIT_CONTENT': 'here', 'NEW': '1'} 1\n"


@pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")
def test_a_cell_may_wait_for_something(tmp_path):
    """A notebook of JupyterLab may, so it may here."""
    child = forked.Child(os.environ, tmp_path, tmp_path / "log")
    source = "import types\nawait types.coroutine(lambda: (yield))()\nprint('waited')"

    (told,) = forked._told([source], child, 60)

    assert (told["failed"], told["outputs"][0]["text"]) == (False, "waited\n")


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
        "from kit.marking.grading.kernels import Places\n"
        "from kit.marking.grading.runner import *\n"
        f"run_notebook(Path({str(notebook)!r}), ExerciseParameters('ana', 'sizes', "
        "'a-1', {}), Places(), engine=FORKED)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as grader:
        while not (told.exists() and told.read_text()):
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
