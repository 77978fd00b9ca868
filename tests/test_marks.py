"""Marks: one pure function, and it can tell right from nearly right."""

import shutil
from pathlib import Path

import pytest

from kit.content.exercises import (
    exercise_ids,
    read_course,
    read_exercise,
    read_model,
    read_near_miss,
)
from kit.content.library import Library
from kit.errors import UnknownName
from kit.marking.marks import asked_of, mark_attempt
from kit.marking.rehearsal import feedback_of, rehearse

ROOT = Path(__file__).parents[1]
IDS = exercise_ids(Library(ROOT))


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.fixture
def copy(tmp_path):
    """A copy of the content, to break."""
    for part in ("playbooks", "exercises"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def edit(path, old, new):
    """Change a piece of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_there_are_the_four_exercises():
    """One for each scenario of the foundation."""
    assert IDS == (
        "address-change",
        "inr-request",
        "snad-return",
        "wrong-size-remorse",
    )


@pytest.mark.parametrize("name", IDS)
def test_the_best_answers_get_full_marks(library, name):
    """What we would answer ourselves is never marked down."""
    exercise = read_exercise(library, name)

    mark = mark_attempt(exercise, read_model(library, exercise), attempt="model")

    assert (mark.percent, mark.passed, mark.critical) == (100, True, ())


@pytest.mark.parametrize("name", IDS)
def test_the_near_miss_gets_exactly_what_it_states(library, name):
    """The likeliest wrong answers are seen, each with the row that is right."""
    exercise = read_exercise(library, name)
    near = read_near_miss(library, exercise)

    mark = mark_attempt(exercise, near.answers, attempt="near-miss")

    assert dict(mark.dimensions) == dict(near.marks)
    assert (mark.percent, mark.passed) == (near.percent, near.passed)
    assert mark.critical == near.critical
    assert feedback_of(mark) == dict(near.feedback)


@pytest.mark.parametrize("name", IDS)
def test_an_empty_attempt_is_worth_nothing(library, name):
    """Silence is marked, not guessed."""
    exercise = read_exercise(library, name)

    mark = mark_attempt(exercise, {}, attempt="empty")

    assert (mark.percent, mark.passed) == (0, False)


@pytest.mark.parametrize("name", IDS)
def test_an_exercise_hits_at_least_five_rows(library, name):
    """Six cases of one row would train one row."""
    assert len(set(read_exercise(library, name).covers)) >= 5


def test_every_mark_walks_back_to_a_row_and_a_source(library):
    """From each verdict one gets to the row, its line and where the rule comes from."""
    for name in IDS:
        exercise = read_exercise(library, name)
        for case in mark_attempt(exercise, {}, attempt="x").cases:
            for verdict in case.verdicts:
                path, line = verdict.explanation.place.rsplit(":", 1)
                row = (ROOT / path).read_text(encoding="utf-8").splitlines()
                text = row[int(line) - 1]

                assert text.startswith(f"| {verdict.explanation.row} |")
                assert verdict.explanation.sources


def test_a_row_without_a_sure_source_marks_nobody(copy):
    """L and NV facts are notes: an exercise cannot be lost because of one."""
    library = Library(copy)
    exercise = read_exercise(library, "wrong-size-remorse")
    before = mark_attempt(exercise, {}, attempt="x")
    decided = {
        each.explanation.row
        for case in before.cases
        for each in case.verdicts
        if each.explanation.table == "nothing comes"
    }
    sources = copy / "playbooks" / "reference" / "sources.md"
    lines = sources.read_text(encoding="utf-8").splitlines()
    sources.write_text(
        "\n".join(
            line.replace("| H |", "| L |").replace("| M |", "| L |") for line in lines
        )
        + "\n",
        encoding="utf-8",
    )

    weak = Library(copy)
    after = mark_attempt(read_exercise(weak, "wrong-size-remorse"), {}, attempt="x")

    assert decided
    assert sum(case.asked for case in before.cases) > 0
    assert sum(case.asked for case in after.cases) == 0


def test_a_changed_row_changes_the_marks(copy):
    """The playbook is the key: no other file has to be touched."""
    page = copy / "playbooks" / "wrong-size-remorse.md"
    edit(page, "| 3 business days |", "| 4 business days |")

    library = Library(copy)
    exercise = read_exercise(library, "wrong-size-remorse")
    mark = mark_attempt(exercise, read_model(library, exercise), attempt="model")

    assert mark.percent < 100


@pytest.mark.parametrize(
    ("file", "old", "new", "kind"),
    [
        pytest.param(
            "model.yaml",
            "action: remind-buyer",
            "action: wait-for-parcel",
            "model-wrong",
            id="a best answer that is not the playbook's",
        ),
        pytest.param(
            "near-miss.yaml",
            "  passed: false",
            "  passed: true",
            "near-miss-differs",
            id="a near miss that states too much",
        ),
        pytest.param(
            "model.yaml",
            "action: remind-buyer",
            "acton: remind-buyer",
            "answer-unasked",
            id="a misspelt answer",
        ),
        pytest.param(
            "brief.md",
            "covers:\n",
            "covers:\n  - whose case 3\n",
            "row-uncovered",
            id="a row that no case hits",
        ),
        pytest.param(
            "brief.md",
            "pass_mark: 80",
            "pass_mark: most",
            "exercise-refused",
            id="a pass mark that is no number",
        ),
        pytest.param(
            "brief.md",
            "pass_mark: 80",
            "pass_mark: 800",
            "model-falls-short",
            id="a pass mark that nobody reaches",
        ),
        pytest.param(
            "brief.md",
            "- answer: ",
            "- answer: x",
            "critical-never",
            id="a critical error of an answer that is not asked",
        ),
        pytest.param(
            "brief.md", "minutes:", "minuts:", "front-lacks", id="a misspelt name"
        ),
    ],
)
def test_a_broken_exercise_is_named(copy, file, old, new, kind):
    """An author hears of it before an agent does."""
    edit(copy / "exercises" / "wrong-size-remorse" / file, old, new)

    kinds = {mistake.kind for mistake in rehearse(Library(copy))}

    assert kind in kinds


def test_the_shipped_exercises_rehearse_without_a_mistake(library):
    """What we ship is what we would be marked by."""
    assert rehearse(library) == []


def test_an_unknown_exercise_is_named_with_its_nearest():
    """A slip of the finger gets the name that was meant."""
    with pytest.raises(UnknownName, match="snad-return"):
        read_exercise(Library(ROOT), "snad-retrun")


def test_the_course_leads_to_every_exercise(library):
    """Nobody has to find an exercise by its folder."""
    steps = {step.id for step in read_course(library) if step.kind == "exercise"}

    assert steps == set(IDS)


def test_all_answers_of_a_case_are_asked_but_messages(library):
    """An answer that nobody asks could never be wrong."""
    for name in IDS:
        exercise = read_exercise(library, name)
        for case in exercise.cases:
            answered = {
                column.key
                for decision in case.decide()
                for column in decision.table.answers
            }

            assert set(asked_of(exercise)[case.id]) == answered - {"say"}
