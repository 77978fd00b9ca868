"""An exercise notebook is run with answers, and nothing of them becomes code."""

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from kit.errors import BadAnswers, RunFailed
from kit.marking.grading.kernels import RunFolders
from kit.marking.grading.report_files import (
    ExerciseParameters,
    RunOutput,
    RunResult,
    keep_run,
)
from kit.marking.grading.runner import (
    ENGINES,
    MARK_MIME,
    mark_of,
    rerun_notebook,
    run_exercise,
)
from kit.marking.records.answers import MarkRecord

PARAMETERS = 'attempt = ""\nanswers = {}'
SHOW = f"""
from IPython.display import HTML, Markdown, display

mark = {{
    "exercise": "sizes",
    "attempt": attempt,
    "percent": 80,
    "passed": True,
    "dimensions": {{"policy": 100, "deadline": 60}},
    "critical": [],
}}
display({{"{MARK_MIME}": mark, "text/plain": "80 percent"}}, raw=True)
"""
TELL = """
import json, os, sys

typed = answers["case-1"]["reply"]
display(HTML("<h2>Your reply</h2><p style='color: red; background: url(//x)'>" + typed))
display(Markdown(typed + "\\n\\n[a link](javascript:alert(1)) ![p](//tracker/x.png)"))
print(typed)
print("ANSWERS", json.dumps(answers, sort_keys=True))
print("PLACES", os.environ["KIT_CONTENT"], os.environ["KIT_WORKSPACE"], os.getcwd())
print("a warning", "with a path", sep=" ", file=sys.stderr)
"""
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> "); import os '
    "<style>@import '//x'</style> {x} \\ ' \u2028 😀 退货 "
    "<a href='javascript:a()'>x</a>"
)


def write_notebook(folder: Path, *code: str, parameters: str = PARAMETERS) -> Path:
    """Write an exercise notebook with a title, parameters and the cells given."""
    cells = [
        nbformat.v4.new_markdown_cell("# Sizes & returns"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(each) for each in code),
    ]
    path = folder / "exercise.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def attempt_of(answers: dict[str, dict[str, str | None]]) -> ExerciseParameters:
    """The attempt that is run in these tests."""
    return ExerciseParameters("ana", "sizes", "a-1", answers)


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.values: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Keep the tag and what its attributes say."""
        self.names.add(tag)
        self.values += [f"{name}={value}" for name, value in attrs]


@pytest.fixture(scope="module", params=ENGINES)
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> RunResult:
    """A real run in each engine: hostile answers, a path that looks like a template."""
    folder = tmp_path_factory.mktemp("run") / "{x} {attempt}"
    notebook = write_notebook(folder / "exercise", SHOW, TELL)
    answers = {"case-1": {"reply": HOSTILE, "action": None}}
    folders = RunFolders(content=folder / "content", workspace=folder / "workspace")
    engine = request.param
    attempt = attempt_of(answers)
    return run_exercise(notebook, attempt, folder, folders=folders, engine=engine)


def lines_of(run: RunResult) -> dict[str, str]:
    """The printed lines of the report, by their first word."""
    report = nbformat.read(run.notebook, as_version=4)
    text = "".join(
        output.text
        for cell in report.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )
    return dict(line.split(" ", 1) for line in text.split("\n") if " " in line)


def test_the_mark_comes_from_the_notebook(run):
    """The grader and the agent see the same mark: there is only one computation."""
    assert (run.mark.percent, run.mark.passed) == (80, True)
    assert run.mark.dimensions == {"policy": 100, "deadline": 60}


def test_answers_arrive_as_they_were_typed(run):
    """A quote, an emoji or a missing answer must not change what is marked."""
    assert json.loads(lines_of(run)["ANSWERS"]) == {
        "case-1": {"reply": HOSTILE, "action": None}
    }


def test_the_notebook_finds_content_and_workspace(run):
    """A company's own folder is marked by its own playbooks."""
    content, workspace, start = (
        run.notebook.parents[3] / name for name in ("content", "workspace", "exercise")
    )

    assert lines_of(run)["PLACES"] == f"{content} {workspace} {start}"


def test_the_report_lies_under_the_ids_of_the_attempt(run):
    """A supervisor finds a report without a search, whatever the person's name is."""
    assert run.report == "reports/ana/sizes/a-1.html"
    assert run.page == run.notebook.parents[3] / run.report
    assert sorted(path.name for path in run.page.parent.iterdir()) == [
        "a-1.html",
        "a-1.ipynb",
    ]


def test_the_report_notebook_keeps_no_paths_times_or_warnings(run):
    """A report can be handed on: it shows the work, not the machine."""
    report = nbformat.read(run.notebook, as_version=4)

    assert set(report.metadata) <= {"kernelspec", "language_info"}
    assert all("papermill" not in cell.metadata for cell in report.cells)
    assert "a warning with a path" not in run.notebook.read_text("utf-8")
    assert "a warning with a path" not in run.page.read_text("utf-8")


def test_nothing_an_agent_typed_acts_on_the_page(run):
    """A reply with a script in it must not run in the supervisor's browser."""
    tags = Tags()
    tags.feed(run.page.read_text("utf-8"))

    assert tags.names.isdisjoint({"script", "img", "iframe", "object", "svg", "link"})
    assert not [each for each in tags.values if each.startswith("on")]
    assert not [each for each in tags.values if "javascript" in each or "//" in each]


def test_the_page_shows_what_was_typed_and_no_code(run):
    """The agent reads their own words in the report, and no Python."""
    page = run.page.read_text("utf-8")

    assert "&lt;img src=x onerror=" in page
    assert "<h2>Your reply</h2>" in page
    assert "退货" in page
    assert "80 percent" in page
    assert "import json" not in page


def test_the_page_has_the_title_of_the_exercise_and_asks_no_other_machine(run):
    """Reports open with the network off, and print with a name."""
    page = run.page.read_text("utf-8")

    assert "<title>Sizes &amp; returns</title>" in page
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize("engine", ENGINES)
def test_a_notebook_that_raises_is_one_sentence_and_a_log(tmp_path, engine):
    """One broken exercise must not stop the marking of all others."""
    notebook = write_notebook(tmp_path, SHOW, "raise ValueError('the details')")

    with pytest.raises(RunFailed, match="stopped with an error") as caught:
        run_exercise(notebook, attempt_of({}), tmp_path, engine=engine)

    folder = tmp_path / "reports" / "ana" / "sizes"
    assert "\n" not in str(caught.value)
    assert [path.name for path in folder.iterdir()] == ["a-1.log"]
    assert "the details" in (folder / "a-1.log").read_text("utf-8")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_endless_notebook_is_stopped(tmp_path, engine):
    """A loop in a company's own exercise must not hold up the marking for ever."""
    notebook = write_notebook(tmp_path, SHOW, "while True: pass")

    with pytest.raises(RunFailed, match="longer than 1 seconds"):
        run_exercise(notebook, attempt_of({}), tmp_path, cell_seconds=1, engine=engine)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        pytest.param('attmpt = ""\nanswers = {}', "attmpt", id="misspelt"),
        pytest.param('attempt = ""', "answers", id="missing"),
        pytest.param(PARAMETERS + "\nseed = 1", "seed", id="unknown"),
        pytest.param("attempt, answers = '', {}", "attempt, answers", id="unpacked"),
        pytest.param("attempt = = 1", "–", id="not code"),
    ],
)
def test_a_wrong_parameter_is_refused_before_a_kernel_starts(
    tmp_path, monkeypatch, parameters, says
):
    """Papermill would only log it, and mark the notebook's empty answers."""
    monkeypatch.setattr("kit.marking.grading.runner.papermill", None)
    notebook = write_notebook(tmp_path, SHOW, parameters=parameters)

    with pytest.raises(RunFailed, match="parameters cell") as caught:
        run_exercise(notebook, attempt_of({}), tmp_path)

    assert says in str(caught.value)


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    """Papermill would put the answers on top, where the notebook overwrites them."""
    path = tmp_path / "exercise.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)

    with pytest.raises(RunFailed, match="exactly one code cell"):
        run_exercise(path, attempt_of({}), tmp_path)


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    """A half-saved exercise is named, not shown as a traceback."""
    path = tmp_path / "exercise.ipynb"
    path.write_text("{", encoding="utf-8")

    with pytest.raises(RunFailed, match="cannot be read"):
        run_exercise(path, attempt_of({}), tmp_path)


@pytest.mark.parametrize(
    ("agent", "exercise", "attempt"),
    [
        pytest.param("../ana", "sizes", "a-1", id="agent climbs out"),
        pytest.param("ana", "..", "a-1", id="exercise climbs out"),
        pytest.param("ana", "sizes", "{x}", id="attempt is a template"),
        pytest.param("ana", "sizes", "a/b", id="attempt is a folder"),
        pytest.param("ana", "sizes", "\ud800", id="attempt is half an emoji"),
    ],
)
def test_a_hostile_id_never_becomes_a_path(tmp_path, agent, exercise, attempt):
    """Nobody writes a report over a file of somebody else."""
    notebook = write_notebook(tmp_path / "exercise", SHOW)

    with pytest.raises(BadAnswers):
        run_exercise(
            notebook, ExerciseParameters(agent, exercise, attempt, {}), tmp_path
        )

    assert [path.name for path in tmp_path.iterdir()] == ["exercise"]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"case-1": {"reply": "\ud800"}}, id="half an emoji"),
        pytest.param({"c": {f"q{n}": "x" * 4000 for n in range(17)}}, id="over 64 kB"),
    ],
)
def test_answers_that_papermill_cannot_carry_are_refused(tmp_path, answers):
    """Half an emoji would leave an empty report; a megabyte would take seconds."""
    notebook = write_notebook(tmp_path, SHOW)

    with pytest.raises(BadAnswers):
        run_exercise(notebook, attempt_of(answers), tmp_path)


MARK = {
    "exercise": "sizes",
    "attempt": "a-1",
    "percent": 80,
    "passed": True,
    "dimensions": {},
    "critical": [],
}


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        pytest.param([], "shows 0", id="no mark"),
        pytest.param([MARK, MARK], "shows 2", id="two marks"),
        pytest.param([MARK | {"percent": 101}], "percent", id="an impossible mark"),
        pytest.param([MARK | {"bonus": 1}], "bonus", id="an unknown field"),
        pytest.param([MARK | {"attempt": "a-2"}], "a-2", id="another attempt"),
        pytest.param([MARK | {"exercise": "b"}], "“b”", id="another exercise"),
    ],
)
def test_only_exactly_one_fitting_mark_counts(marks, says):
    """A mark that nobody meant must never reach the records."""
    outputs = [
        nbformat.v4.new_output("display_data", data={MARK_MIME: mark}) for mark in marks
    ]
    cell = nbformat.v4.new_code_cell(outputs=outputs)
    notebook = nbformat.v4.new_notebook(cells=[cell])

    with pytest.raises(RunFailed, match=says):
        mark_of(notebook, attempt_of({}))


@pytest.mark.skipif(os.name != "posix", reason="folders are not synced on Windows")
def test_a_report_survives_a_power_cut_and_costs_one_look_at_its_folder(
    tmp_path, monkeypatch
):
    """Both files are on disk by their names, and marking stays as fast."""
    synced, real = [], os.fsync

    def noting(handle):
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", noting)
    mark = {"exercise": "sizes", "attempt": "a-1", "percent": 80, "passed": True}
    ran = RunOutput(MarkRecord(**mark, dimensions={}, critical=[]), "{}", "<p>80 %</p>")

    kept = keep_run(ran, ExerciseParameters("ana", "sizes", "a-1", {}), tmp_path)

    assert synced.count(kept.page.parent.stat().st_ino) == 1
    assert synced[-1] == kept.page.parent.stat().st_ino
    assert len(synced) == 3


SPOILT = {
    "KIT_AGENT": "zed",
    "KIT_WORKSPACE": "elsewhere",
    "KIT_LANGUAGE": "de",
}
"""What a person may have set in the shell in which they refresh."""


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """A notebook that was run again on a machine where much is set."""
    folder = tmp_path_factory.mktemp("refresh")
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    spec = {"argv": ["no-such-python"], "display_name": "Mine", "language": "python"}
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    told = f"import os\nprint([os.environ.get(name) for name in {list(SPOILT)}])"
    path = write_notebook(folder, told)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SPOILT.items():
            patch.setenv(name, value)
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        assert rerun_notebook(path, RunFolders(content=folder, language="en"))
    return nbformat.read(path, as_version=4)


def test_a_refresh_keeps_nothing_of_the_person_who_runs_it(refreshed):
    """No name of a person and no language of theirs is saved in a lesson."""
    assert refreshed.cells[-1].outputs[0].text == "[None, None, 'en']\n"


def test_a_refresh_does_not_say_which_python_ran_it(refreshed):
    """Else each Python would change every lesson, although it says the same."""
    assert refreshed.metadata.language_info.name == "python"
    assert "version" not in refreshed.metadata.language_info
