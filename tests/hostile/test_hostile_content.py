"""Content of any shape is refused with its line, in bounded time, or is plain text."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from inputs import CELLS, FRONTS, NOTEBOOKS, PAGES, TEXTS, YAMLS
from sentences import bounded, is_plain

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.lesson_checks import check_lessons
from kit.content.lessons import cases_of_lesson
from kit.content.library import Library
from kit.content.markdown.yamls import read_yaml
from kit.errors import CannotStart, ContentMistakes, KitError, RunFailed
from kit.marking.grading.report_files import ExerciseParameters
from kit.marking.grading.runner import run_exercise
from kit.screens.lab.laid_pages import lay_pages

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "tests" / "broken" / "good"
PAGE = Path("playbooks", "late-parcel.md")
NAME = "wrong-size-remorse"
CELL = "| 1 | yes |"


def are_plain(mistakes):
    """Whether every mistake reads well, and says where it is."""
    return all(
        is_plain(each.problem) and is_plain(each.fix) and each.line >= 1
        for each in mistakes[:100]
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A copy of the content, to put hostile files into."""
    folder = tmp_path_factory.mktemp("content")
    for part in ("playbooks", "exercises"):
        shutil.copytree(ROOT / part, folder / part)
    return Library(folder)


@pytest.fixture
def exercise(library):
    """An exercise of it, whole again after each test."""
    whole = read_exercise(library, NAME)
    yield whole
    for path in (ROOT / "exercises" / NAME).iterdir():
        if path.is_file():
            shutil.copy(path, whole.folder / path.name)


def write(path, text):
    """Write a text, also one that is none."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("text", YAMLS.values(), ids=YAMLS)
def test_hostile_answers_of_an_author_are_refused(text, library, exercise):
    """Nothing in a file of answers makes an object, or takes all memory."""
    write(exercise.folder / "model.yaml", text)

    with bounded(), pytest.raises(ContentMistakes) as caught:
        read_model(library, exercise)

    assert are_plain(caught.value.mistakes)


@pytest.mark.parametrize("text", [*YAMLS.values()][:12], ids=[*YAMLS][:12])
def test_hostile_near_misses_of_an_author_are_refused(text, library, exercise):
    """The other file of answers goes through the same gate."""
    write(exercise.folder / "near-miss.yaml", text)

    with bounded(), pytest.raises(ContentMistakes) as caught:
        read_near_miss(library, exercise)

    assert are_plain(caught.value.mistakes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXTS[each], id=each)
        for each in TEXTS
        if "\uffff" not in TEXTS[each]
    ],
)
def test_a_hostile_text_in_quotation_marks_is_read_as_it_stands(text, tmp_path):
    """YAML reads words in quotation marks, and nothing more of them."""
    path = tmp_path / "x.yaml"
    write(path, f"answer: {json.dumps(text, ensure_ascii=False)}\n")

    tree, mistakes = read_yaml(path, Path("x.yaml"))

    assert mistakes == []
    assert tree == {"answer": text}


@pytest.mark.parametrize(("old", "new"), FRONTS.values(), ids=FRONTS)
def test_a_hostile_brief_is_refused(old, new, library, exercise):
    """An exercise is read whole, or not at all."""
    path = exercise.folder / "brief.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(path, text.replace(old, new, 1))

    with bounded(), pytest.raises(KitError) as caught:
        read_exercise(library, NAME)

    mistakes = getattr(caught.value, "mistakes", ())
    assert are_plain(mistakes) if mistakes else is_plain(str(caught.value))


@pytest.fixture
def folder(tmp_path):
    """A small folder of content without mistakes."""
    shutil.copytree(GOOD, tmp_path / "content")
    return tmp_path / "content"


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_a_hostile_page_is_refused_with_its_line(text, folder):
    """One page on a shared drive must not hold up the check of all others."""
    page = folder / PAGE
    good = page.read_text(encoding="utf-8")
    front = good[: good.index("\n---\n", 4) + 5]
    write(page, f"{front}\n# Late\n\n{text}")

    with bounded():
        mistakes = Library(folder).mistakes()

    assert mistakes
    assert are_plain(mistakes)


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        pytest.param("\x00", "line-hidden", id="NUL"),
        pytest.param("\x1b[2J", "line-hidden", id="escape"),
        pytest.param("\x9b2J", "line-hidden", id="escape of the second row"),
        pytest.param("\u202e", "line-hidden", id="turned round"),
        pytest.param("\u2066", "line-hidden", id="isolated"),
        pytest.param("\ud83d", "file-not-utf8", id="half an emoji"),
        pytest.param("x" * 250_000, "file-too-large", id="a quarter of a megabyte"),
    ],
)
@pytest.mark.parametrize("place", ["\n## ", "\nowner: "], ids=["heading", "front"])
def test_a_character_that_hides_something_is_the_one_mistake(
    character, kind, place, folder
):
    """What an author sees on the page is what stands in it."""
    page = folder / PAGE
    good = page.read_text(encoding="utf-8")
    write(page, good.replace(place, f"{place}x{character}", 1))

    mistakes = Library(folder).mistakes()

    assert kind in {each.kind for each in mistakes} or place == "\nowner: "
    assert {each.kind for each in mistakes} & {kind, "yaml-character"}
    assert are_plain(mistakes)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_hostile_cell_is_refused_with_its_line(cell, folder):
    """A table that decides is printed as code: no cell may become any."""
    page = folder / PAGE
    good = page.read_text(encoding="utf-8")
    at = next(
        number
        for number, line in enumerate(good.split("\n"), start=1)
        if line.startswith("| 1 |")
    )
    lines = good.split("\n")
    cells = lines[at - 1].split("|")
    cells[2] = f" {cell} "
    lines[at - 1] = "|".join(cells)
    write(page, "\n".join(lines))

    with bounded():
        mistakes = Library(folder).mistakes()

    assert at in {each.line for each in mistakes}
    assert are_plain(mistakes)


@pytest.mark.parametrize("text", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_hostile_notebook_is_refused_before_a_kernel_starts(
    text, tmp_path, monkeypatch
):
    """One broken exercise must not stop the marking of all others."""
    monkeypatch.setattr("kit.marking.grading.runner.papermill", None)
    path = tmp_path / "exercise.ipynb"
    write(path, text)
    parameters = ExerciseParameters("ana-1", "sizes", "a-1", {})

    with bounded(), pytest.raises(RunFailed) as caught:
        run_exercise(path, parameters, tmp_path)

    assert is_plain(str(caught.value))
    assert [each.name for each in tmp_path.iterdir()] == ["exercise.ipynb"]


@pytest.mark.parametrize("text", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_hostile_lesson_has_no_cases_and_is_laid_or_refused(text, tmp_path):
    """The first page counts the cases of every lesson, also of a broken one."""
    path = tmp_path / "content" / "notebooks" / "01-x.ipynb"
    path.parent.mkdir(parents=True)
    write(path, text)

    assert cases_of_lesson(path) == ()
    problem = ""
    try:
        lay_pages(tmp_path / "content", desk=tmp_path / "desk")
    except CannotStart as error:
        problem = str(error)
    assert problem == "" or is_plain(problem)


@pytest.mark.parametrize("text", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_hostile_lesson_is_checked_in_bounded_time(text, folder):
    """One broken lesson is a line of the check, and hides no other mistake."""
    path = folder / "notebooks" / "01-x.ipynb"
    path.parent.mkdir(parents=True)
    write(path, text)

    with bounded():
        mistakes = check_lessons(Library(folder))

    assert {each.path.as_posix() for each in mistakes} <= {"notebooks/01-x.ipynb"}
    assert are_plain(mistakes)


def test_the_notebook_that_the_hostile_ones_are_made_of_is_read(tmp_path, monkeypatch):
    """Otherwise every one of them could be refused for another reason."""
    monkeypatch.setattr("kit.marking.grading.runner.papermill", None)
    cell = nbformat.v4.new_code_cell(
        "attempt = ''\nanswers = {}", metadata={"tags": ["parameters"]}
    )
    path = tmp_path / "exercise.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)

    with pytest.raises(RunFailed, match="stopped with an error"):
        run_exercise(path, ExerciseParameters("ana-1", "s", "a-1", {}), tmp_path)
