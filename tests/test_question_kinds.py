"""A type of question is one class and its screen; nothing else asks which it is."""

import ast
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal

import ipywidgets as widgets
import pytest
from shipped import LENDING, ROOT, TESTS

from kit.content.library import Library
from kit.content.reference.question_kinds import (
    QUESTION_KINDS,
    QuestionKind,
    question_kind,
    read_type,
)
from kit.marking.marks.marks import POLICY, dimension_of
from kit.practice.case.deeds import Answer
from kit.practice.case.drafts import Knowledge, draft_of
from kit.practice.case.keys import judge
from kit.practice.case.questions import can_answer, questions_of
from kit.practice.case.sheets import Sheet
from kit.practice.desk.hints import Hints
from kit.practice.desk.session import Session
from kit.rules.typed import read_typed
from kit.rules.values import Kind, Money, Sort
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.verdict_view import decision_table, verdict_line
from kit.screens.exercise.quiz import predict_quiz
from kit.screens.forms import outline
from kit.screens.question_screens import SCREENS, QuestionScreen, question_screen

WORDS = ("seller", "see-that-playbook")
VALUES = {
    "yes/no": (True, Kind(Sort.YES_NO)),
    "one of": ("seller", Kind(Sort.WORD, WORDS)),
    "whole number": (3, Kind(Sort.WHOLE, unit="business days")),
    "number": (Decimal("2.5"), Kind(Sort.NUMBER, unit="bags")),
    "money": (Money(1250, "GBP"), Kind(Sort.MONEY)),
    "date": (date(2024, 8, 30), Kind(Sort.DATE)),
    "action": ("seller", Kind(Sort.ACTION, WORDS)),
    "message": ("seller", Kind(Sort.MESSAGE, WORDS)),
    "text": ("any words", Kind(Sort.TEXT)),
    "day": (date(2024, 8, 30), Kind(Sort.DAY)),
    "due day": (date(2024, 8, 30), Kind(Sort.DAY)),
}
"""A value of every type."""

ROOMS = (
    "content/exercise_files.py",
    "marking",
    "practice/case",
    "practice/desk",
    "screens",
)
"""Where the questions of a case are asked, judged, marked and shown."""


@pytest.mark.parametrize("name", QUESTION_KINDS)
def test_every_type_has_a_screen(name):
    """Else a page that asks it would be a traceback in front of an agent."""
    assert isinstance(SCREENS[name], QuestionScreen)
    assert QUESTION_KINDS[name].name == name


def test_no_screen_stands_for_nothing():
    """A type that was taken away takes its screen with it."""
    assert SCREENS.keys() == QUESTION_KINDS.keys()


@pytest.mark.parametrize("sort", Sort, ids=lambda each: each.name)
def test_every_sort_of_values_can_be_asked(sort):
    """An author may declare an answer of any sort."""
    assert QUESTION_KINDS[sort.value].values is None


@pytest.mark.parametrize("name", QUESTION_KINDS)
def test_what_stands_in_records_is_read_again(name):
    """An attempt that was kept means the same when it is marked."""
    value, kind = VALUES[name]
    asked = QUESTION_KINDS[name]

    assert asked.read(asked.encode(value, kind), kind) == value


def test_a_number_with_a_unit_is_offered_as_it_is_right(tmp_path):
    """Else nobody could choose what the page answers."""
    bags = ("| Fee | money |", "| Fee | number of bags |")
    fees = [(f"| EUR {each} |", f"| {each} |") for each in ("0", "1.50", "10")]
    case = the_atlas(changed_trade(tmp_path, bags, *fees))
    verdict = fee_of(case, "1.50 bags")

    assert [each.value for each in verdict.question.choices] == [
        "0 bags",
        "1.50 bags",
        "10 bags",
    ]
    assert verdict.is_right


def test_a_type_is_read_as_authors_write_it():
    """A due day is a day; what else there is follows from the sort of the value."""
    assert read_type("due day") == (QUESTION_KINDS["due day"], Kind(Sort.DAY))
    assert read_type("whole number of days") == (
        QUESTION_KINDS["whole number"],
        Kind(Sort.WHOLE, unit="days"),
    )
    with pytest.raises(ValueError, match="due night"):
        read_type("due night")


@pytest.mark.parametrize("room", ROOMS)
def test_no_chain_asks_of_which_type_a_question_is(room):
    """What differs from type to type stands in the classes of the types.

    Which column names the message is asked: no type behaves by it.
    """
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in modules_of(room)]
    compared = {
        each.attr
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Compare)
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "Sort"
    }
    assert modules
    assert compared <= {"MESSAGE"}


def modules_of(room):
    """Every module of a room and of the rooms inside."""
    path = ROOT / "kit" / room
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


class TypedAmount(QuestionKind):
    """An amount that is typed; who is a little too low is near enough."""

    name = "typed amount"
    values = Kind(Sort.MONEY)

    def read(self, text, kind):
        """As people type it."""
        return read_typed(text, kind, None)

    def accepts(self, text, choices):
        """Any amount."""
        try:
            self.read(text, self.values)
        except ValueError:
            return False
        return True

    def offered(self, offer):
        """Nothing."""
        return ()

    def equal(self, given, right, *, since):
        """Up to ten cents less."""
        if not self.accepts(given, ()):
            return False
        amount, wanted = (self.read(each, self.values) for each in (given, right))
        return wanted.minor - 10 <= amount.minor <= wanted.minor

    def words(self, value, names):
        """As the library says it."""
        return f"{value} in cash"

    def explain(self, wrong):
        """Where to look."""
        yield "Look at the list of fees again."


class TypedAmountScreen(QuestionScreen):
    """A line to type in."""

    def control(self, question, chosen, tell, status):
        """Make a field that tells every letter."""
        field = widgets.Text(description="Amount", value=chosen)
        field.observe(lambda change: tell(change["new"]), names="value")
        return field


def changed_trade(folder, *changes):
    """Copy the other trade, with other words on its page of facts and its playbook."""
    shutil.copytree(TESTS / "other_trade", folder, dirs_exist_ok=True)
    for name in ("reference/facts.md", "late-book.md"):
        path = folder / "playbooks" / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return Library(folder)


@pytest.fixture
def lending(tmp_path, monkeypatch):
    """Another trade, whose fee is typed and not chosen."""
    for registry in (QUESTION_KINDS, SCREENS):
        monkeypatch.setitem(registry, TypedAmount.name, None)
    question_kind(TypedAmount)
    question_screen(TypedAmount.name)(TypedAmountScreen)
    fee = ("| Fee | money |", "| Fee | typed amount |")
    return changed_trade(tmp_path, fee)


@pytest.fixture
def atlas(lending):
    """A case of the other trade with a fee of EUR 1.50."""
    return the_atlas(lending)


def the_atlas(library):
    """The case of a damaged book that comes back late."""
    return next(c for c in library.cases("late-book") if c.id == "the-wet-atlas")


def fee_of(case, given):
    """What is said to a fee."""
    verdicts = judge(case, {"fee": given})
    return next(each for each in verdicts if each.question.key == "fee")


def test_a_new_type_is_offered_and_held_against_the_question(atlas):
    """What is typed is an answer, and any words are none."""
    fee = next(each for each in questions_of(atlas) if each.key == "fee")

    assert (fee.kind.name, fee.choices, fee.is_day) == ("typed amount", (), False)
    assert can_answer(fee, "1,50 €")
    assert not can_answer(fee, "a lot")


@pytest.mark.parametrize(
    ("given", "is_right"),
    [
        pytest.param("EUR 1.50", True, id="as authors write it"),
        pytest.param("1,45 €", True, id="near enough"),
        pytest.param("EUR 1.60", False, id="too much"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_new_type_says_itself_what_is_right(atlas, given, is_right):
    """It is marked as policy, as all that is no day."""
    verdict = fee_of(atlas, given)

    assert verdict.is_right is is_right
    assert dimension_of(verdict) == POLICY


def test_a_new_type_is_said_and_explained_in_its_own_words(atlas):
    """On the card, in the table, in the hint, and in a letter."""
    page, wrong = atlas.playbook, fee_of(atlas, "EUR 9")
    hints = Hints(atlas, [wrong], Sheet.read({"asked": ", ".join(atlas.facts)}))
    letter = draft_of(
        atlas, page.message("fee", "en"), Knowledge(atlas.facts, {"fee": "1,50 €"})
    )

    assert verdict_line(fee_of(atlas, "1,45 €")) == "✓ Fee: EUR 1.50 in cash"
    assert "EUR 10 in cash" in decision_table(page, page.table("the fee"))
    assert hints.of(wrong) == "Look at the list of fees again."
    assert "€1.50" in letter


def test_a_new_type_has_its_own_field_on_the_desk(atlas):
    """What is typed there is kept as it stands, and checked with everything else."""
    deeds = []
    session = Session(atlas, deeds.append)
    desk = PracticeDesk(session, place="", clock=lambda: datetime.now(UTC))
    field = field_in(desk.screen)
    before = outline(desk.screen)

    field.value = "1,50 €"

    assert "Amount: __________" in before
    assert deeds == [Answer("fee", "1,50 €")]
    assert session.review().verdicts[0].is_right


def field_in(screen):
    """The line to type in below a screen; ``None`` if there is none."""
    if type(screen) is widgets.Text:
        return screen
    found = map(field_in, getattr(screen, "children", ()))
    return next((each for each in found if each is not None), None)


def test_a_new_type_can_be_guessed_in_a_lesson(lending):
    """A quiz offers what the rows give, in the words of the type."""
    page = lending.playbook("late-book")
    check = next(each for each in page.checks if each.table == "the fee")
    quiz = predict_quiz(page, check, "Fee", chosen="", tell=lambda _: None)

    assert "EUR 10 in cash" in outline(quiz.screen)


def test_without_its_class_a_type_is_not_known():
    """An author who writes it is told so, as of any other word."""
    assert TypedAmount.name not in QUESTION_KINDS
    assert LENDING.reference.answers["fee"].asked is QUESTION_KINDS["money"]
