"""An agent's machine needs little; a command that needs more says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from grading import NOW, best_and_nearly, hand_in
from keeping import keep

from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.marking.records.events import Marked, Overridden, hash_of_answers
from kit.marking.records.store import append_event, read_events, record_path
from kit.marking.signoff.certificates import certify

ROOT = Path(__file__).parents[1]
EXERCISE = "inr-request"

GRADE = ("papermill", "nbclient", "nbconvert", "nh3")
SIGN = ("cryptography",)
HEAVY = (*GRADE, *SIGN, "zmq", "fcntl", "distributed", "jupyterlab")
"""What learning can do without, also in a browser, where there is no such library."""

WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""

LEARN = """
from kit.lesson import open_lesson
from kit.marking.desktops import desktop_here
from kit.practice.case.keys import judge

lesson = open_lesson("01-item-not-received")
lesson.table("inr-request", "signature")
desktop = desktop_here()
case = desktop.library.cases("inr-request")[0]
lesson.desk("inr-request", case.id)
session = desktop.session(case, "01-item-not-received")
session.look("order")
for each in judge(case, {}):
    session.answer(each.question.key, each.right)
session.decide()
print("tries:", desktop.progress().case("01-item-not-received", case.id).tries)
heavy = {"asyncio", "ipykernel", "jupyter_client", "jupyter_server", "nbformat"}
print("loaded:", sorted(heavy & sys.modules.keys()))
"""

COMMAND = """
from kit.cli import main

main()
"""


def run(
    code: str, *arguments: str, missing: tuple[str, ...], **places: str
) -> "subprocess.CompletedProcess[str]":
    """Run code in a fresh process in which some libraries are not installed."""
    names = ("KIT_CONTENT", "KIT_WORKSPACE", "KIT_AGENT", "PYTHONPATH")
    kept = {each: os.environ[each] for each in os.environ if each not in names}
    whole = WITHOUT.format(missing=set(missing)) + code
    return subprocess.run(
        [sys.executable, "-c", whole, *arguments],
        cwd=ROOT,
        env=kept | {"KIT_STRICT": "1", "PYTHONUTF8": "1"} | places,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def kit(
    workspace: Path, *arguments: str, missing: tuple[str, ...]
) -> "subprocess.CompletedProcess[str]":
    """Run a command of the kit without some libraries."""
    return run(COMMAND, "--workspace", str(workspace), *arguments, missing=missing)


def test_a_case_is_decided_with_what_learning_needs_alone(tmp_path):
    """The door is light: neither marking nor signing is behind it, nor a server."""
    done = run(
        LEARN,
        missing=HEAVY,
        KIT_CONTENT=str(ROOT),
        KIT_WORKSPACE=str(tmp_path),
        KIT_AGENT="ana-1",
    )

    assert done.returncode == 0, done.stderr
    assert "tries: 1" in done.stdout
    assert "loaded: []" in done.stdout
    assert [each.event for each in read_events(record_path(tmp_path, "ana-1"))][-1] == (
        "decided"
    )


@pytest.fixture(scope="module")
def signed_off(tmp_path_factory):
    """A workspace with a certificate, made where everything is installed."""
    workspace = tmp_path_factory.mktemp("workspace")
    library = Library(ROOT)
    exercise = read_exercise(library, EXERCISE)
    best, _ = best_and_nearly(library, exercise)
    hand_in(workspace, "ana-1", EXERCISE, best)
    answers = read_events(record_path(workspace, "ana-1"))[0].answers
    mark = {"percent": 100, "passed": True, "dimensions": {}, "critical": []}
    place = {"exercise": EXERCISE, "attempt": "attempt-1", "report": "reports/a.html"}
    hashed = hash_of_answers(answers)
    append_event(
        workspace, Marked(at=NOW, agent="ana-1", **place, **mark, handed_in=hashed)
    )
    return workspace, certify(workspace, "ana-1", exercise, by="lead-1", now=NOW).path


SET = ("--by", "lead-1", "--percent", "80", "--passed", "--reason", "I saw it.")


@pytest.mark.parametrize("library", GRADE)
def test_grading_without_its_extra_says_what_to_install(tmp_path, library):
    """One sentence and a next step, whichever library is missing."""
    keep(tmp_path, "first")

    done = kit(tmp_path, "grade", missing=(library,))

    assert done.returncode == 2
    assert done.stderr == (
        "The libraries that run and mark exercises are not installed. "
        'Install what is missing with: pip install "aftersales-kit[grade]"\n'
    )


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        pytest.param(
            ("certify", "ana-1", EXERCISE, "--by", "lead-1"), "sign", id="certify"
        ),
        pytest.param(("verify", "{certificate}"), "sign", id="verify"),
        pytest.param(("refresh",), "grade", id="refresh"),
        pytest.param(
            ("override", "ana-1", EXERCISE, "attempt-1", *SET), "grade", id="override"
        ),
    ],
)
def test_commands_of_supervisors_say_which_extra_they_need(signed_off, words, extra):
    """Nothing is half done: the records are as they were."""
    workspace, certificate = signed_off
    before = record_path(workspace, "ana-1").read_bytes()
    line = [each.format(certificate=certificate) for each in words]

    done = kit(workspace, *line, missing=(*GRADE, *SIGN))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f'pip install "aftersales-kit[{extra}]"' in done.stderr
    assert record_path(workspace, "ana-1").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("doctor",), id="doctor"),
        pytest.param(("report",), id="report"),
        pytest.param(("export", "--to", "{folder}/all.csv"), id="export"),
        pytest.param(("merge", "{folder}"), id="merge"),
        pytest.param(("cases", EXERCISE, "--count", "1"), id="cases"),
    ],
)
def test_other_commands_need_no_extra(tmp_path, words):
    """Who looks after records on an agent's machine installs nothing."""
    keep(tmp_path, "first")
    line = [each.format(folder=tmp_path) for each in words]

    done = kit(tmp_path, *line, missing=(*GRADE, *SIGN))

    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_a_report_is_written_without_notes_on_other_pages(signed_off, tmp_path):
    """A mark by hand needs no library to be shown on the page of progress."""
    workspace = tmp_path / "workspace"
    shutil.copytree(signed_off[0], workspace)
    place = {"exercise": EXERCISE, "attempt": "attempt-1"}
    hand = {"by": "lead-1", "percent": 80, "passed": True, "reason": "I saw it."}
    append_event(workspace, Overridden(at=NOW, agent="ana-1", **place, **hand))

    done = kit(workspace, "report", missing=GRADE)

    assert done.returncode == 0
    assert "ana-1" in done.stdout
    assert "index.html" in done.stdout
    assert done.stderr.count('pip install "aftersales-kit[grade]"') == 1


def test_the_doctor_says_that_it_could_not_look_at_certificates(signed_off):
    """Silence would be taken for health."""
    workspace, _ = signed_off

    done = kit(workspace, "doctor", missing=SIGN)

    assert done.returncode == 1
    assert 'pip install "aftersales-kit[sign]"' in done.stdout
