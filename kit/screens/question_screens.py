"""What each type of question looks like: its control, and how its answers are said.

Each class stands for one or more types of ``content/reference/question_kinds``, under
their names; the one here is a list to choose from.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, TypeVar

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ..catalogue import language, say
from ..content.reference.question_kinds import QuestionKind, day_in, same_answer
from ..content.reference.reference import Reference
from ..practice.case.questions import Question
from ..practice.wording import day_words, due_words, sentence_case
from ..rules.tables import Column
from ..rules.values import Value
from .forms import html, safely, stack
from .markup import piece

Tell = Callable[[str | None], None]
"""Takes every new answer, or ``None``."""


class QuestionScreen:
    """A question on the screen; this one lists what can be chosen."""

    def control(self, question: Question, chosen: str, tell: Tell, status: Any) -> Any:
        """Make the control; the arguments are those of ``choice``."""
        control = _radio(_options(question), _chosen(question, chosen))
        control.observe(safely(lambda _: tell(control.value), status), names="value")
        return control

    def answer(self, text: str, words: str) -> str:
        """Say an answer as its agent reads it.

        Args:
            text: As an author writes it.
            words: In the words of the page.
        """
        return words

    def cell(self, text: str, asked: QuestionKind, reference: Reference) -> str:
        """Say what a cell of a table answers.

        Args:
            text: As an author writes it.
            asked: The type of the answer.
            reference: How everything is called.
        """
        return asked.words(text, reference)

    def guesses(
        self,
        column: Column,
        values: Collection[Value],
        near: Collection[Value],
        reference: Reference,
    ) -> list[tuple[str, str]]:
        """List what can be guessed of an answer, as words and as an author writes it.

        Args:
            column: The answer.
            values: What each row of the table would give.
            near: What is often taken for the right one.
            reference: How everything is called.
        """
        asked = reference.question_kind(column)
        texts = dict.fromkeys(asked.encode(each, column.kind) for each in values)
        return [(asked.words(each, reference), each) for each in texts]


SCREENS: dict[str, QuestionScreen] = {}
"""The screen of every type of question, by the name of the type."""

Screens = TypeVar("Screens", bound=QuestionScreen)


def question_screen(*names: str) -> Callable[[type[Screens]], type[Screens]]:
    """Enter a class as the screen of types of questions."""

    def entered(made: type[Screens]) -> type[Screens]:
        SCREENS.update(dict.fromkeys(names, made()))
        return made

    return entered


def screen_of(asked: QuestionKind) -> QuestionScreen:
    """Find the screen of a type of question."""
    return SCREENS[asked.name]


def choice(question: Question, chosen: str, tell: Tell, *, status: Any) -> Any:
    """Make the control of one question, with its label above it.

    Args:
        question: What is asked.
        chosen: The answer so far; empty for none.
        tell: Takes every new answer, or ``None``.
        status: The piece that says what went wrong, if something does.
    """
    label = html(
        piece(
            '<p class="kit-label">{} <span>{}</span></p>',
            question.name,
            question.meaning,
        )
    )
    control = screen_of(question.kind).control(question, chosen, tell, status)
    return stack(label, control, classes="kit-question")


@question_screen(
    "yes/no",
    "one of",
    "whole number",
    "number",
    "money",
    "date",
    "action",
    "message",
    "text",
)
class ChosenScreen(QuestionScreen):
    """One of a list. A message or a text is never asked, only said."""


@question_screen("day", "due day")
class DayScreen(QuestionScreen):
    """A day, or what is offered instead of one."""

    def control(self, question: Question, chosen: str, tell: Tell, status: Any) -> Any:
        """Make a calendar, and above it a list if something else can be chosen."""
        picker = widgets.DatePicker(
            description=say("desk.day-label"), value=day_in(chosen)
        )
        picker.add_class("kit-day")
        said = html(_day_text(picker.value))
        picker.observe(lambda change: _say_day(said, change["new"]), names="value")
        if not question.choices:
            picker.observe(
                safely(lambda _: tell(_iso(picker.value)), status), names="value"
            )
            return stack(picker, said)
        known = _chosen(question, chosen)
        radio = _radio(
            [(say("desk.other-day"), ""), *_options(question)],
            known or ("" if picker.value else None),
        )

        def told(_: object) -> None:
            tell(radio.value or _iso(picker.value))

        def picked(change: object) -> None:
            if picker.value is not None and radio.value != "":
                radio.value = ""
            told(change)

        radio.observe(safely(told, status), names="value")
        picker.observe(safely(picked, status), names="value")
        return stack(radio, picker, said)

    def answer(self, text: str, words: str) -> str:
        """Say a day with its weekday, and what is none in the words of the page."""
        return day_or(text, words)

    def cell(self, text: str, asked: QuestionKind, reference: Reference) -> str:
        """Say the day, or the fact from which it is counted."""
        return due_words(text, reference)

    def guesses(
        self,
        column: Column,
        values: Collection[Value],
        near: Collection[Value],
        reference: Reference,
    ) -> list[tuple[str, str]]:
        """List the days in their order, with those near the right one."""
        found = {*values, *near}
        days = sorted(each for each in found if isinstance(each, date))
        words = sorted(str(each) for each in found if not isinstance(each, date))
        choices = [(day_words(day, language()), day.isoformat()) for day in days]
        return [*choices, *((sentence_case(each), each) for each in words)]


def day_or(text: str, words: str) -> str:
    """Say a day with its weekday, and what is none in other words."""
    day = day_in(text)
    return words if day is None else day_words(day, language())


def _options(question: Question) -> list[tuple[str, str]]:
    return [(sentence_case(each.words), each.value) for each in question.choices]


def _chosen(question: Question, chosen: str) -> str | None:
    values = [each.value for each in question.choices]
    return next((each for each in values if same_answer(each, chosen)), None)


def _radio(options: Sequence[tuple[str, str]], value: str | None) -> Any:
    control = widgets.RadioButtons(options=options, value=value)
    control.add_class("kit-radio")
    return control


def _say_day(piece: Any, day: date | None) -> None:
    piece.value = str(_day_text(day))


def _day_text(day: date | None) -> Markup:
    """Say a chosen day in words: no browser shows all of its weekday and month."""
    if day is None:
        return Markup("")
    return piece('<p class="kit-hint">{}</p>', day_words(day, language()))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
