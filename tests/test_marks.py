"""Marks: one pure function, and it can tell right from nearly right."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.course import read_course
from kit.content.exercise_files import exercise_folders
from kit.content.exercises import CriticalError, exercise_ids, read_exercise
from kit.content.library import Library
from kit.content.reference.vocabulary import RESERVED
from kit.errors import UnknownName
from kit.marking.marks.marks import asked_of, mark_attempt, sheets_of
from kit.marking.marks.rehearsal import feedback_of, rehearse

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


def rehearsed(library):
    """Every mistake of every exercise of a folder."""
    folders = exercise_folders(library)
    return [mistake for each in folders for mistake in rehearse(library, each)]


def test_the_first_scenarios_have_an_exercise():
    """One for each scenario of the foundation; more may come."""
    foundation = {"address-change", "inr-request", "snad-return", "wrong-size-remorse"}

    assert foundation <= {*IDS}
    assert tuple(sorted(IDS)) == IDS


def best(library, exercise):
    """The best work, as an agent would have handed it in."""
    return sheets_of(exercise, read_model(library, exercise))


@pytest.mark.parametrize("name", IDS)
def test_the_best_answers_get_full_marks(library, name):
    """What we would answer ourselves is never marked down."""
    exercise = read_exercise(library, name)

    mark = mark_attempt(exercise, best(library, exercise), attempt="model")

    assert (mark.percent, mark.passed, mark.critical) == (100, True, ())


@pytest.mark.parametrize("name", IDS)
def test_the_near_miss_gets_exactly_what_it_states(library, name):
    """The likeliest wrong answers are seen, each with the row that is right."""
    exercise = read_exercise(library, name)
    near = read_near_miss(library, exercise)

    mark = mark_attempt(
        exercise, sheets_of(exercise, near.answers), attempt="near-miss"
    )

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
        if each.explanation.table == "the request"
    }
    sources = copy / "playbooks" / "reference" / "sources.md"
    sources.with_name("replies.md").unlink()  # its rules may not rest on doubt at all
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
    page = copy / "playbooks" / "reference" / "limits.md"
    edit(page, "| 3 business days |", "| 2 business days |")

    library = Library(copy)
    exercise = read_exercise(library, "wrong-size-remorse")
    mark = mark_attempt(exercise, best(library, exercise), attempt="model")

    assert mark.percent < 100


@pytest.mark.long
def test_what_a_near_miss_states_is_compared_value_by_value(copy):
    """An author reads what to write where, and no data of a program."""
    near = copy / "exercises" / "wrong-size-remorse" / "near-miss.yaml"
    edit(near, "reply: 43", "reply: 42")
    edit(near, "    sofa-cover-on-the-last-day: [the request 8]\n", "")
    edit(near, "critical: [jumper-too-tight, ", "critical: [")

    found = [each.values for each in rehearsed(Library(copy))]

    assert found == [
        {"name": "marks: reply", "stated": "42", "found": "43"},
        {
            "name": "critical",
            "stated": "waistcoat-in-week-six",
            "found": "jumper-too-tight, waistcoat-in-week-six",
        },
        {
            "name": "feedback: sofa-cover-on-the-last-day",
            "stated": "–",
            "found": "the request 8",
        },
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "old", "new", "kind"),
    [
        pytest.param(
            "model.yaml",
            "action: decline-return",
            "action: accept-return",
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
            "action: decline-return",
            "acton: decline-return",
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
            "yaml-shape",
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

    kinds = {mistake.kind for mistake in rehearsed(Library(copy))}

    assert kind in kinds


@pytest.mark.long
def test_mistakes_in_every_file_of_an_exercise_are_named_at_once(copy):
    """An author corrects all of it in one go, each in its line."""
    folder = copy / "exercises" / "wrong-size-remorse"
    edit(folder / "brief.md", "pass_mark: 80", "pass_mark: most")
    edit(folder / "cases.md", "| marketplace | EBAY_DE |", "| marketplace | EBAY_DD |")
    edit(folder / "model.yaml", "action: decline-return", "action: [decline-return]")
    edit(folder / "near-miss.yaml", "  passed: false", "  passed: perhaps")
    (folder / "exercise.ipynb").unlink()

    found = rehearsed(Library(copy))

    assert {each.path.name for each in found} == {
        *("brief.md", "cases.md", "model.yaml", "near-miss.yaml", "exercise.ipynb"),
    }
    for each in found:
        if each.kind == "yaml-shape":
            path = copy / each.path
            line = path.read_text(encoding="utf-8").splitlines()[each.line - 1]
            assert any(word in line for word in ("most", "[decline", "perhaps"))


@pytest.mark.long
def test_a_folder_of_an_exercise_that_is_gone_is_no_mistake(copy):
    """Git and Jupyter leave folders behind in which nobody sees anything."""
    left = copy / "exercises" / "old" / ".ipynb_checkpoints"
    left.mkdir(parents=True)
    before = rehearsed(Library(copy))
    (left.parent / "notes.txt").write_text("Ideas", encoding="utf-8")

    assert before == []
    assert {each.kind for each in rehearsed(Library(copy))} == {"exercise-lacks"}


@pytest.mark.long
def test_the_shipped_exercises_rehearse_without_a_mistake(library):
    """What we ship is what we would be marked by."""
    assert rehearsed(library) == []


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

            asked = set(asked_of(exercise)[case.id]) - set(RESERVED)
            assert asked == answered - {"say"}


def marks_of(library, changes):
    """Mark the best work of an exercise with one case done otherwise."""
    exercise = read_exercise(library, "inr-request")
    sheets = best(library, exercise)
    sheets["music-box-without-news"] = {
        **sheets["music-box-without-news"],
        **changes,
    }
    return mark_attempt(exercise, sheets, attempt="x")


@pytest.mark.parametrize(
    ("changes", "dimension"),
    [
        pytest.param({"action": "send-tracking"}, "policy", id="another action"),
        pytest.param({"act_by": "2025-12-24"}, "deadline", id="another day"),
        pytest.param({"looked": "order"}, "evidence", id="a panel not opened"),
        pytest.param({"reply": "none"}, "reply", id="nothing written"),
        pytest.param({"reply": "Call +1 555 0100."}, "reply", id="a bad reply"),
    ],
)
def test_each_dimension_is_marked_apart(library, changes, dimension):
    """Whoever decides well and writes badly learns just that."""
    mark = marks_of(library, changes)

    assert [name for name, percent in mark.dimensions.items() if percent < 100] == [
        dimension
    ]


def test_a_decision_after_its_last_day_is_never_in_time(library):
    """The day itself may be named rightly; the buyer has waited too long."""
    late = marks_of(library, {"day": "2025-11-24", "next_word": "2025-11-26"})

    assert late.cases[0].review.is_late
    assert all(each.is_right for each in late.cases[0].verdicts if each.question.is_day)
    got, most = late.cases[0].points["deadline"]
    assert got == 0
    assert most > 0


def test_how_sure_somebody_is_changes_no_mark(library):
    """It is kept for coaching alone."""
    assert marks_of(library, {"sure": "guessing"}).percent == 100


def test_a_reply_can_be_a_critical_error(library):
    """An address in a message fails the exercise, whatever else is right."""
    sheet = best(library, read_exercise(library, "inr-request"))
    text = sheet["music-box-without-news"]["reply"] + "\nWrite to mia@example.com."

    mark = marks_of(library, {"reply": text})

    assert mark.critical == ("music-box-without-news",)
    assert not mark.passed


@pytest.mark.parametrize(
    ("chosen", "is_critical"),
    [
        pytest.param("send-tracking", True, id="the wrong answer"),
        pytest.param(
            None, False, id="the right answer, in another case a critical one"
        ),
    ],
)
def test_only_a_wrong_answer_is_a_critical_error(library, chosen, is_critical):
    """What fails an exam in one case may be just what another case needs."""
    exercise = read_exercise(library, "inr-request")
    sheets = best(library, exercise)
    name = "music-box-without-news"
    right = sheets[name]["action"]
    error = CriticalError("action", (right, "send-tracking"), "any", "It is wrong.")
    if chosen:
        sheets[name] = {**sheets[name], "action": chosen}

    mark = mark_attempt(replace(exercise, critical=(error,)), sheets, attempt="x")

    assert (name in mark.critical) is is_critical
    assert mark.passed is not is_critical


def test_weights_are_the_briefs(copy):
    """A company that does not mark replies leaves them out."""
    brief = copy / "exercises" / "inr-request" / "brief.md"
    text = brief.read_text(encoding="utf-8")
    start = text.index("weights: ")
    end = text.index("\n", start)
    changed = text[:start] + "weights: {policy: 3, evidence: 1}" + text[end:]
    brief.write_text(
        changed.replace("answer: reply", "answer: Action"), encoding="utf-8"
    )

    exercise = read_exercise(Library(copy), "inr-request")
    mark = mark_attempt(exercise, {}, attempt="x")

    assert set(mark.dimensions) == {"policy", "evidence"}
    assert exercise.reply_rules is None


@pytest.mark.parametrize(
    ("weights", "percent"),
    [
        pytest.param({"policy": 1, "evidence": 7}, 13, id="12.5 is 13, not 12"),
        pytest.param({"policy": 3, "evidence": 5}, 38, id="37.5 is 38"),
        pytest.param({"policy": 1, "evidence": 8}, 11, id="11.1 is 11"),
        pytest.param({"policy": 0, "evidence": 0}, 0, id="nothing that counts"),
    ],
)
def test_half_a_percent_is_rounded_up(library, weights, percent):
    """As everybody learned it at school, and always to the agent's favour."""
    exercise = replace(read_exercise(library, "inr-request"), weights=weights)
    sheets = {
        case: {**sheet, "looked": ""} for case, sheet in best(library, exercise).items()
    }

    mark = mark_attempt(exercise, sheets, attempt="attempt-3")

    assert mark.dimensions == {"policy": 100, "evidence": 0}
    assert mark.percent == percent
    assert mark.attempt == "attempt-3"


@pytest.mark.parametrize("name", IDS)
def test_the_page_of_an_exercise_says_what_its_brief_says(library, name):
    """Task and limits stand twice, for author and agent, and say the same."""
    exercise = read_exercise(library, name)
    cells = json.loads(exercise.notebook.read_text(encoding="utf-8"))["cells"]

    assert exercise.task in "".join(cells[0]["source"])
