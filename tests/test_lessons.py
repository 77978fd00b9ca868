"""Lessons: what they lay on the page, and what an agent reads there."""

import inspect
import json
from datetime import date
from pathlib import Path

import pytest

from kit.catalogue import say
from kit.content.lessons import SHOWS, calls_in, cases_of_lesson, cells_of
from kit.content.library import Library
from kit.content.reference.reference import Reference
from kit.lesson import Lesson
from kit.practice.wording import condition_words, unit_words
from kit.rules.values import Kind, Sort, read_kind
from kit.screens.desk.day_picker import counted_days
from kit.screens.exercise.quiz import predict_quiz
from kit.screens.forms import outline
from kit.screens.markup import initial, plain

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_lays_one_to_five_cases_on_the_desk(path):
    """A lesson without a case teaches nothing; one with six is too long."""
    assert 1 <= len(cases_of_lesson(path)) <= 5


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_text_of_a_lesson_is_short(path):
    """One idea a cell: what is longer is skipped by somebody in front of a desk."""
    words = [len(each.text.split()) for each in cells_of(path) if not each.is_code]

    assert max(words) <= 90
    assert sum(words) / len(words) <= 55


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_a_case_needs_has_been_told_before_it_comes(path, library):
    """No agent meets a new button or a new role without a word about it."""
    cases = {each.id: each for page in library.ids for each in library.cases(page)}
    told = ""
    for cell in cells_of(path):
        if not cell.is_code:
            told += cell.text
        for name in cases_in(cell):
            assert not cases[name].asked or say("desk.moves.about") in told
            assert not cases[name].role or cases[name].role in told


def test_the_story_of_the_lessons_names_every_move():
    """Waiting, asking, handing over and a bad reply: each is met once and tried."""
    told = "".join(
        cell.text for path in LESSONS for cell in cells_of(path) if not cell.is_code
    )

    for key in ("moves.wait", "moves.about", "check", "fresh", "show-table"):
        assert say(f"desk.{key}") in told
    for words in ("Call the team lead", "bad reply", "how sure you are"):
        assert words in told


def cases_in(cell):
    """The cases that one cell lays on the desk."""
    calls = calls_in(cell.text) if cell.is_code else ()
    return [each.arguments["case"] for each in calls if each.name == "desk"]


def test_a_lesson_that_is_not_there_has_no_cases(tmp_path):
    """A company may take a lesson out; the course page still opens."""
    assert cases_of_lesson(tmp_path / "gone.ipynb") == ()


def test_what_a_notebook_can_call_is_what_a_lesson_has():
    """A new call of lessons is checked by ``kit check`` from its first day on."""
    methods = {
        name: tuple(inspect.signature(method).parameters)[1:]
        for name, method in vars(Lesson).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }

    assert methods == dict(SHOWS)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('lesson.desk("page", "one")', id="as our lessons write it"),
        pytest.param("lesson.desk(\n    'page',\n    'one',\n)", id="on several lines"),
        pytest.param('lesson.desk(case="one", playbook="page")', id="by names"),
        pytest.param('%time\nlesson.desk("page", "one")', id="below a magic"),
        pytest.param('x = open_lesson("y")\nx.desk("page", "one")', id="renamed"),
        pytest.param('open_lesson("y").desk("page", "one")', id="at once"),
    ],
)
def test_a_case_is_found_however_its_cell_is_written(tmp_path, source):
    """The start page counts it: a lesson must not be done before its last case."""
    path = tmp_path / "lesson.ipynb"
    cells = [{"cell_type": "code", "source": source.splitlines(keepends=True)}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")

    assert cases_of_lesson(path) == ("one",)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('# lesson.desk("page", "one")', id="a comment"),
        pytest.param('\'lesson.desk("page", "one")\'', id="a text"),
        pytest.param('shop.desk("page", "one")', id="the desk of somebody else"),
    ],
)
def test_what_is_no_call_lays_no_case(tmp_path, source):
    """A case that a lesson only talks about can never be decided there."""
    path = tmp_path / "lesson.ipynb"
    cells = [{"cell_type": "code", "source": source}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")

    assert cases_of_lesson(path) == ()


def test_the_calendar_counts_over_labor_day(library):
    """The Friday is day 0, weekend and holiday do not count, Thursday is the last."""
    place = library.reference.marketplaces["EBAY_US"]

    text = plain(counted_days(place, date(2024, 8, 30), 3, reminder="Look."))

    assert "30 Aug day 0 | 31 Aug weekend | 1 Sep weekend" in text
    assert "2 Sep holiday | 3 Sep day 1 | 4 Sep day 2 | 5 Sep day 3, the last" in text


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        pytest.param("<= 3", "at most 3", id="the number itself is in"),
        pytest.param("< 3", "below 3", id="the number itself is out"),
        pytest.param("[3..15)", "at least 3, below 15", id="a stretch"),
        pytest.param("(3..15]", "above 3, at most 15", id="the other way round"),
        pytest.param(
            "> reminder (reminder = 5)",
            "above reminder (reminder = 5)",
            id="with the value of its limit",
        ),
        pytest.param("any", "any", id="whatever it is"),
    ],
)
def test_a_condition_is_said_without_brackets_and_signs(cell, words):
    """An agent reads the table aloud; nobody reads a bracket aloud."""
    assert condition_words(cell, Kind(Sort.WHOLE), Reference()) == words


def test_a_day_is_before_and_not_below():
    """Days have words of their own."""
    words = condition_words("< 2020-09-03", Kind(Sort.DATE), Reference())

    assert words == "before 2020-09-03"


def test_a_word_is_said_without_hyphens():
    """Ids have hyphens, sentences have spaces."""
    kind = read_kind("one of no-scan, moving")

    assert condition_words("no-scan, moving", kind, Reference()) == "no scan or moving"


def test_a_word_with_a_name_on_screen_is_said_by_it() -> None:
    """An agent reads "not as described", not the short word of the tables."""
    kind = Kind(Sort.WORD, ("snad", "no-scan"))
    reference = Reference(on_screen={"snad": "not as described"})

    words = condition_words("not snad, no-scan", kind, reference)

    assert words == "anything except not as described or no scan"


def test_one_business_day_is_one():
    """One day is not one days, and eleven days stay eleven."""
    assert unit_words("1 business days") == "1 business day"
    assert unit_words("11 days") == "11 days"


def test_the_picture_of_a_buyer_takes_the_name_and_not_the_title():
    """Frau Wilken is a W."""
    assert initial("Frau Wilken") == "W"
    assert initial("Siobhan") == "S"


def test_a_day_is_guessed_among_the_days_beside_it(library):
    """The right day is offered, the day before, the day after, and calendar days."""
    page = library.playbook("inr-request")
    check = next(each for each in page.checks if each.title == "Over Labor Day")

    quiz = predict_quiz(page, check, "Act by", chosen="", tell=lambda _: None)

    _, radio, _, _ = quiz.screen.children
    values = {value for _, value in radio.options}
    assert {"2024-09-02", "2024-09-04", "2024-09-05", "2024-09-06"} <= values


def test_a_guess_never_names_its_check(library):
    """The name of a check often tells its answer, and tells an agent nothing else."""
    page = library.playbook("inr-request")
    check = next(each for each in page.checks if "a trace" in each.title)

    quiz = predict_quiz(page, check, "Action", chosen="", tell=lambda _: None)
    _, radio, result, _ = quiz.screen.children
    before = result.value
    radio.value = "trace-parcel"

    assert before == ""
    assert "Have the parcel traced" in result.value
    assert check.title not in outline(quiz.screen)
