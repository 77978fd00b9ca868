"""The copy that agents work on, and what JupyterLab is told."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest
from anyio import to_thread
from filelock import FileLock

from kit.errors import CannotStart
from kit.marking.identities import SIGNED_IN
from kit.screens.lab import server
from kit.screens.lab.laid_pages import (
    KERNEL,
    PLAYBOOK_LIST,
    Page,
    digest_of,
    lay_pages,
    without_answers,
    without_key,
)
from kit.screens.lab.settings import (
    LabPlace,
    arguments,
    environment,
    page_config,
    page_url,
    write_settings,
)

FACE = Path(server.__file__).parents[2] / "lab"
TEXT = {
    "cell_type": "markdown",
    "id": "a",
    "metadata": {},
    "source": ["# Hello\n", "x"],
}
CODE = {
    "cell_type": "code",
    "id": "b",
    "metadata": {"tags": ["answers"], "collapsed": True},
    "source": "start()",
    "execution_count": 3,
    "outputs": [{"output_type": "stream", "name": "stdout", "text": "the answer"}],
}


def notebook(*cells: dict[str, object]) -> dict[str, object]:
    """Make a notebook as it is committed."""
    return {
        "cells": list(cells),
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Write one file of every sort that content has."""
    files = {
        "notebooks/00-welcome.ipynb": json.dumps(notebook(TEXT, CODE)),
        "notebooks/supervisor/workshop.ipynb": json.dumps(notebook(TEXT)),
        "notebooks/.ipynb_checkpoints/00-welcome.ipynb": "{}",
        "notebooks/map.svg": "<svg/>",
        "notebooks/secret.py": "",
        "playbooks/late.md": "---\nid: late\ntitle: It is late\n---\n\n## Use when\n",
        "playbooks/reference/facts.md": "# Facts\n",
        "playbooks/cases/late.md": "# Cases\n",
        "exercises/one/exercise.ipynb": json.dumps(notebook(CODE)),
        "exercises/one/brief.md": "# One\n",
        "exercises/one/model.yaml": "answers: {}\n",
    }
    for name, text in files.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "content"


@pytest.fixture
def place(content: Path, tmp_path: Path) -> LabPlace:
    """Name a content folder and a workspace."""
    return LabPlace(content, tmp_path / "workspace", agent="amira")


def test_the_desk_holds_pages_and_pictures_and_no_keys(content, tmp_path):
    """Model answers and practice cases are not within an agent's reach."""
    lay_pages(content, desk=tmp_path / "desk")

    laid = {
        path.relative_to(tmp_path / "desk").as_posix()
        for path in (tmp_path / "desk").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert laid == {
        "notebooks/00-welcome.ipynb",
        "notebooks/map.svg",
        "notebooks/supervisor/workshop.ipynb",
        "playbooks/index.md",
        "playbooks/late.md",
        "playbooks/reference/facts.md",
        "exercises/one/exercise.ipynb",
        "exercises/one/brief.md",
    }


def test_a_laid_brief_does_not_name_its_rows_and_critical_errors():
    """Whoever knows which rows an exam hits need not read the cases."""
    brief = (
        '---\nid: one\ntitle: "Exam: late"\ncovers:\n  - whose turn 1\n'
        "critical:\n  - answer: Action\n    given: [wait]\n---\n"
        "\n## Goal\n\nYou help.\n"
    )

    laid = without_key(brief, "Exam: late")

    assert laid == "# Exam: late\n\n## Goal\n\nYou help.\n"


def test_no_shipped_brief_gives_its_key_away(tmp_path):
    """The same for all that we ship."""
    lay_pages(Path(server.__file__).parents[3], desk=tmp_path / "desk")

    briefs = list((tmp_path / "desk" / "exercises").glob("*/brief.md"))
    assert briefs
    for brief in briefs:
        text = brief.read_text(encoding="utf-8")
        assert text.startswith("# Exam: ")
        assert "covers:" not in text
        assert "critical:" not in text


def test_a_page_is_called_by_its_heading(content, tmp_path):
    """The bar on top names the lesson in words, not by its file."""
    titles = {
        page.path: page.title for page in lay_pages(content, desk=tmp_path / "desk")
    }

    assert titles["notebooks/00-welcome.ipynb"] == "Hello"
    assert titles["playbooks/late.md"] == "It is late"
    assert titles["exercises/one/exercise.ipynb"] == "exercise"


def test_the_list_of_playbooks_links_each_page(content, tmp_path):
    """An agent finds every playbook from one page."""
    lay_pages(content, desk=tmp_path / "desk")

    text = (tmp_path / "desk" / PLAYBOOK_LIST).read_text(encoding="utf-8")

    assert "- [It is late](late.md)" in text
    assert "- [Facts](reference/facts.md)" in text


def test_what_was_on_the_desk_is_replaced(content, tmp_path):
    """Whatever an agent does to the copy is gone at the next start."""
    desk = tmp_path / "desk"
    lay_pages(content, desk=desk)
    (desk / "notebooks" / "00-welcome.ipynb").write_text("scribbled", encoding="utf-8")
    (desk / "left-over.md").touch()

    lay_pages(content, desk=desk)

    assert "Hello" in (desk / "notebooks" / "00-welcome.ipynb").read_text("utf-8")
    assert not (desk / "left-over.md").exists()


def test_a_desk_of_somebody_else_is_left_alone(content, tmp_path):
    """A person may have a folder of that name, and it is not ours to empty."""
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "thesis.txt").touch()

    with pytest.raises(CannotStart, match="did not put there"):
        lay_pages(content, desk=desk)
    assert (desk / "thesis.txt").exists()


def test_a_broken_notebook_is_named(content, tmp_path):
    """An author reads which file to mend."""
    (content / "notebooks" / "02-cut.ipynb").write_text('{"cells": [', "utf-8")

    with pytest.raises(CannotStart, match=r"02-cut\.ipynb"):
        lay_pages(content, desk=tmp_path / "desk")


def test_a_laid_notebook_shows_no_answer_and_cannot_be_edited():
    """Committed outputs are the model's answers; tags are kept, other metadata not."""
    text, code = without_answers(notebook(TEXT, CODE))["cells"]

    assert code["outputs"] == []
    assert code["execution_count"] is None
    assert code["metadata"] == {
        "tags": ["answers"],
        "editable": False,
        "deletable": False,
    }
    assert text["source"] == "# Hello\nx"


def test_a_laid_notebook_asks_for_the_kernel_of_the_kit():
    """Another Python on the machine may not know the kit."""
    laid = without_answers(notebook(TEXT))

    assert laid["metadata"]["kernelspec"]["name"] == KERNEL


def test_the_digest_sees_text_and_kind_only():
    """Outputs, ids and how lines are stored do not change what a notebook does."""
    again = {**CODE, "id": "z", "outputs": [], "source": ["sta", "rt()"]}

    assert digest_of([CODE]) == digest_of([again])
    assert digest_of([CODE]) != digest_of([{**CODE, "source": "start( )"}])
    assert digest_of([CODE]) != digest_of([{**CODE, "cell_type": "markdown"}])
    assert digest_of([TEXT, CODE]) != digest_of([CODE, TEXT])


def test_the_digest_of_a_laid_notebook_is_that_of_the_shipped_one(content, tmp_path):
    """What the browser opens is what was measured."""
    pages = lay_pages(content, desk=tmp_path / "desk")
    laid = json.loads((tmp_path / "desk" / "notebooks/00-welcome.ipynb").read_text())

    expected = {page.path: page.digest for page in pages}["notebooks/00-welcome.ipynb"]

    assert digest_of(laid["cells"]) == expected


def test_jupyter_writes_only_into_the_workspace(place):
    """No setting of the person's own Jupyter is read or changed."""
    variables = environment(place)
    told = {
        name: each for name, each in variables.items() if name.startswith("JUPYTER")
    }
    folders = [each for each in told.values() if each]

    assert len(folders) == 3
    assert told["JUPYTER_CONFIG_PATH"] == told["JUPYTER_NO_CONFIG"] == ""
    assert all(Path(each).is_relative_to(place.workspace) for each in folders)
    assert Path(variables["IPYTHONDIR"]).is_relative_to(place.workspace)


def test_kernels_know_content_workspace_and_agent(place):
    """A lesson finds its cases and writes its records without being told twice."""
    variables = environment(place)

    assert variables["KIT_CONTENT"] == str(place.content)
    assert variables["KIT_WORKSPACE"] == str(place.workspace)
    assert variables["KIT_AGENT"] == "amira"


def test_nobody_is_an_agent_by_default(content, tmp_path):
    """Without ``--agent`` the start page asks; no name is made up."""
    assert "KIT_AGENT" not in environment(LabPlace(content, tmp_path))


def test_jupyterlab_serves_the_desk_and_never_asks_outside(place):
    """No news, no updates, no terminals, and the copy instead of the content."""
    told = arguments(place, face=FACE, is_root=False)

    assert f"--ServerApp.root_dir={place.desk}" in told
    assert "--ServerApp.terminals_enabled=False" in told
    assert "--LabApp.news_url=None" in told
    assert "--LabApp.default_url=/doc/tree/notebooks/00-welcome.ipynb" in told
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in told


def test_root_is_let_in_only_if_it_is_root(place):
    """Containers run as root; nobody else needs the exception."""
    assert "--allow-root" in arguments(place, face=FACE, is_root=True)
    assert "--allow-root" not in arguments(place, face=FACE, is_root=False)


def test_the_kernel_of_lessons_is_this_python(place):
    """A lesson runs where the kit is installed."""
    for name in ("app", "config", "data"):
        (place.state / name).mkdir(parents=True)
    write_settings(place, face=FACE, pages=[])

    spec = place.state / "data" / "kernels" / KERNEL / "kernel.json"

    assert json.loads(spec.read_text(encoding="utf-8"))["argv"][0] == sys.executable


def test_the_browser_gets_every_word_unfilled_and_every_page():
    """The page says its own sentences, from the catalogue."""
    told = page_config(FACE, [Page("playbooks/late.md", "It is late", "")])
    known = json.loads(str(told["kitFace"]))

    assert known["pages"] == {
        "playbooks/late.md": {"title": "It is late", "digest": ""}
    }
    assert known["words"]["back"] == "Back to {title}"


def test_every_word_that_the_page_says_is_in_the_catalogue():
    """A sentence that is missing would be an error in front of an agent."""
    script = (FACE / "aftersales-kit-face" / "static" / "face.js").read_text("utf-8")
    words = json.loads(str(page_config(FACE, [])["kitFace"]))["words"]

    unsaid = [key for key in words if f'"{key}"' not in script and key != "opening"]

    assert unsaid == []


def test_an_address_carries_page_and_token():
    """Spaces and signs in a name survive."""
    url = page_url("http://localhost:8888/", "notebooks/a b.ipynb", token="t+k")

    assert url == "http://localhost:8888/doc/tree/notebooks/a%20b.ipynb?token=t%2Bk"


def test_a_taken_port_is_one_clear_sentence(place):
    """The person learns which port, and that none is needed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        asked = LabPlace(place.content, place.workspace, port=port)

        with pytest.raises(CannotStart, match=f"Port {port} is used.*Leave out --port"):
            server.start_lab(asked, tell=print, open_browser=False)


def test_a_first_page_that_is_missing_is_named(place):
    """A wrong ``--content`` is told before anything starts."""
    asked = LabPlace(place.content, place.workspace, first="notebooks/99-none.ipynb")

    with pytest.raises(CannotStart, match="99-none"):
        server.start_lab(asked, tell=print, open_browser=False)


def test_nothing_runs_in_a_workspace_of_its_own(place):
    """Stale files of a crashed server are no server."""
    runtime = place.state / "runtime"
    runtime.mkdir(parents=True)
    (runtime / "jpserver-1.json").write_text(
        '{"url": "http://localhost:9/", "token": ""}'
    )
    (runtime / "jpserver-2.json").write_text("half a fi")

    assert server.running_url(place) is None


RUNS = "http://localhost:9/lab"


def go_to_running(
    place: LabPlace, monkeypatch: pytest.MonkeyPatch, *, opened_for: str, signed_in: str
) -> list[str]:
    """Ask for the lessons while others run in the same workspace: what is told."""
    told: list[str] = []
    place.state.mkdir(parents=True)
    (place.state / server.OPENED_FOR).write_text(opened_for, encoding="utf-8")
    if signed_in:
        (place.workspace / SIGNED_IN).write_text(signed_in, encoding="utf-8")
    monkeypatch.setattr(server, "running_url", lambda _: RUNS)
    with FileLock(place.state / "running.lock"):
        server.start_lab(place, tell=told.append, open_browser=False)
    return told


@pytest.mark.parametrize(
    ("opened_for", "signed_in"),
    [
        pytest.param("ben", "", id="opened for somebody else"),
        pytest.param("", "ben", id="somebody else has signed in"),
    ],
)
def test_nobody_learns_in_the_lessons_of_somebody_else(
    place, monkeypatch, opened_for, signed_in
):
    """Their answers would be kept under the other name."""
    with pytest.raises(CannotStart, match="ben") as refused:
        go_to_running(place, monkeypatch, opened_for=opened_for, signed_in=signed_in)

    assert RUNS in str(refused.value)
    assert "amira" in str(refused.value)


@pytest.mark.parametrize(
    ("asks", "opened_for"),
    [
        pytest.param("amira", "amira", id="the same agent"),
        pytest.param(None, "ben", id="whoever does not say who they are"),
        pytest.param("amira", "", id="nobody has signed in yet"),
        pytest.param("amira", "not a name!", id="what is nobody's name"),
    ],
)
def test_lessons_that_run_already_are_opened_again(
    place, monkeypatch, asks, opened_for
):
    """A second start is no mistake."""
    again = replace(place, agent=asks)

    told = go_to_running(again, monkeypatch, opened_for=opened_for, signed_in="")

    assert RUNS in told[0]


@pytest.mark.parametrize(
    "variable", ["JUPYTER_CONFIG_PATH", "JUPYTER_CONFIG_DIR", "PWD"]
)
def test_a_persons_own_jupyter_settings_change_no_lesson(tmp_path, variable):
    """What is set for other notebooks on this machine is not set for lessons."""
    settings = tmp_path / "jupyter_server_config.py"
    settings.write_text("c.ServerApp.password_required = True\n", encoding="utf-8")
    learning = subprocess.Popen(
        [sys.executable, "-m", "kit", "learn", "--no-browser"],
        cwd=tmp_path,
        env=environ_of_the_kit() | {variable: str(tmp_path)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        told = list(takewhile(lambda line: "http" not in line, learning.stdout))
        assert learning.poll() is None, told
        assert any("Starting the lessons" in line for line in told)
    finally:
        learning.terminate()
        learning.communicate(timeout=30)


def environ_of_the_kit() -> dict[str, str]:
    """This environment, in which a process finds this kit from any folder."""
    return {**os.environ, "PYTHONPATH": str(FACE.parents[1])}


def test_lessons_can_be_opened_again_while_the_last_ones_are_closing(place):
    """Whoever is quick waits a moment, and is not refused by a lock that is free."""
    place.state.mkdir(parents=True)
    lock = FileLock(place.state / "running.lock", thread_local=False)
    lock.acquire()
    closing = threading.Timer(1, lock.release)
    closing.start()
    told: list[str] = []
    asked = replace(place, first="notebooks/99-none.ipynb")

    with pytest.raises(CannotStart, match="99-none"):
        server.start_lab(asked, tell=told.append, open_browser=False)

    assert not closing.is_alive()
    assert "Waiting" in told[0]


def test_lessons_import_the_screens_without_jupyterlab():
    """A lesson opens quickly because the server's libraries stay out of its kernel."""
    program = (
        "import sys, kit.screens.lab.server; sys.exit('jupyterlab' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_was_going_on_when_it_stopped_keeps_no_terminal_busy():
    """A page that was just being read must not keep the process alive for ever."""
    loop = asyncio.new_event_loop()

    async def answer_a_request() -> None:
        await to_thread.run_sync(int)
        loop.stop()
        await asyncio.Event().wait()

    task = loop.create_task(answer_a_request())
    loop.run_forever()
    server.end_tasks(loop)
    loop.close()
    threads = [each for each in threading.enumerate() if "AnyIO" in each.name]
    for each in threads:
        each.join(timeout=10)

    assert task.cancelled()
    assert not [each for each in threads if each.is_alive()]
