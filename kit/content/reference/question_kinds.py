"""The types of questions: how each is read, kept, compared, offered, said, explained.

A table answers in values of some sort; how an agent is asked for such a value is its
type, one class each. Authors name it in the column *Type* of the answers. What a type
looks like is registered under the same name in ``screens/question_screens``.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol, TypeVar

from ...catalogue import say
from ...rules.values import (
    Kind,
    Sort,
    Value,
    key_of,
    read_day,
    read_kind,
    read_value,
    show_value,
)


class Names(Protocol):
    """How a reference says what authors write."""

    def action_on_screen(self, action: str) -> str:
        """Say an action as an agent reads it."""

    def word_on_screen(self, word: str) -> str:
        """Say a declared word as an agent reads it."""


class Offer(Protocol):
    """What a case can offer to choose from, as authors write it."""

    @property
    def declared(self) -> Sequence[str]:
        """Every word that the answer can be, in its declared order."""

    @property
    def answered(self) -> Collection[str]:
        """What the rows of the table answer."""

    @property
    def enough(self) -> Collection[str]:
        """The same, with what other tables of the page answer if that is too little."""

    @property
    def hand_overs(self) -> Collection[str]:
        """The actions that leave the case to somebody else."""


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that is not right, with all that there is to say of it."""

    given: str
    """What was answered."""

    right: str
    """What the page answers."""

    on: date
    """The day of the case."""

    miscounted: Iterable[str] = ()
    """By which mistakes of counting the day is found, if it is one."""

    again: Iterable[str] = ()
    """What to count or to look at again."""


class QuestionKind:
    """One type of question; this one is answered by one of the values in the table."""

    name: ClassVar[str]
    """As authors write it, and the key of its screen."""

    values: ClassVar[Kind | None] = None
    """What its values are, if its name does not say it: ``due day`` is a day."""

    is_asked: ClassVar[bool] = True
    """Whether agents are asked; what they write is judged in another way."""

    is_day: ClassVar[bool] = False
    """Whether a day is asked: it counts as a deadline and stands on the timeline."""

    is_due: ClassVar[bool] = False
    """Whether the day is the last one on which something is in time."""

    is_action: ClassVar[bool] = False
    """Whether it says what is done: a buyer feels it, and not every role may do it."""

    def read(self, text: str, kind: Kind) -> Value:
        """Read an answer, as it was typed or chosen.

        Args:
            text: As an author writes it.
            kind: What its values are.

        Returns:
            The value.

        Raises:
            ValueError: It is no value of this kind.
        """
        return read_value(text, kind)

    def encode(self, value: Value | None, kind: Kind) -> str:
        """Write a value as it stands in records and attempts; ``read`` reads it."""
        return show_value(value, kind)

    def equal(self, given: str, right: str, *, since: date | None) -> bool:
        """Whether an answer is right. The one rule for all that is practised or marked.

        Args:
            given: What was answered.
            right: What the page answers.
            since: The day on which the case lies there: a day before it is no answer.
                ``None`` where only the last day itself is right.
        """
        return same_answer(given, right)

    def accepts(self, text: str, choices: Iterable[str]) -> bool:
        """Whether a text can be an answer.

        Args:
            text: What comes from outside.
            choices: What is offered to choose.
        """
        return any(same_answer(each, text) for each in choices)

    def offered(self, offer: Offer) -> Sequence[str]:
        """List what can be chosen, as an author writes it."""
        found = offer.enough
        return [word for word in offer.declared if word in found] or sorted(found)

    def words(self, value: object, names: Names) -> str:
        """Say an answer in the words of the page.

        Args:
            value: The answer, or what an author writes for it.
            names: How everything is called.
        """
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.isoformat() if isinstance(value, date) else str(value)

    def is_in_row(self, cell: str, given: str) -> bool:
        """Whether the cell of a row gives an answer, so that the row explains it."""
        return same_answer(cell, given)

    def explain(self, wrong: WrongAnswer) -> Iterator[str]:
        """Say what is wrong with an answer, as far as its type tells.

        Args:
            wrong: The answer, and what is known of it.

        Yields:
            Sentences for the agent, the best one first. None tells what is right.
        """
        yield from ()


Kinds = TypeVar("Kinds", bound=QuestionKind)

QUESTION_KINDS: dict[str, QuestionKind] = {}
"""Every type by its name."""


def question_kind(made: type[Kinds]) -> type[Kinds]:
    """Enter the class of a type."""
    QUESTION_KINDS[made.name] = made()
    return made


def kind_for(sort: Sort) -> QuestionKind:
    """Find the type that asks for values of a sort, if no other is named."""
    return QUESTION_KINDS[sort.value]


def read_type(text: str) -> tuple[QuestionKind, Kind]:
    """Parse the type of an answer as authors write it.

    Args:
        text: Such as ``"due day"``, or any type of a fact.

    Returns:
        How the answer is asked, and what its values are.

    Raises:
        ValueError: It is none of the known types.
    """
    named = QUESTION_KINDS.get(text)
    if named is not None and named.values is not None:
        return named, named.values
    kind = read_kind(text)
    return kind_for(kind.sort), kind


def same_answer(one: str, other: str) -> bool:
    """Whether two answers are the same to an author; nothing is the same as nothing."""
    return bool(one) and key_of(one) == key_of(other)


def day_in(text: str) -> date | None:
    """Read an answer that is a day; ``None`` where it is none, such as ``none``."""
    try:
        return read_day(text)
    except ValueError:
        return None


@question_kind
class YesNo(QuestionKind):
    """Yes or no."""

    name = "yes/no"

    def offered(self, offer: Offer) -> Sequence[str]:
        """Both."""
        return ("yes", "no")


@question_kind
class OneOf(QuestionKind):
    """One of declared words."""

    name = "one of"

    def offered(self, offer: Offer) -> Sequence[str]:
        """Every word: which of them a table can answer would tell something."""
        return offer.declared

    def words(self, value: object, names: Names) -> str:
        """Say the word as the screen calls it."""
        return names.word_on_screen(super().words(value, names))


@question_kind
class WholeNumber(QuestionKind):
    """A number of something."""

    name = "whole number"


@question_kind
class Number(QuestionKind):
    """A number, which may have decimals."""

    name = "number"

    def read(self, text: str, kind: Kind) -> Value:
        """Read it with its unit, as it is kept, or without."""
        return super().read(text.removesuffix(f" {kind.unit}"), kind)


@question_kind
class Amount(QuestionKind):
    """An amount of money."""

    name = "money"


@question_kind
class StatedDate(QuestionKind):
    """A date that stands in the table, so that it is chosen and not counted."""

    name = "date"


@question_kind
class Act(QuestionKind):
    """What is done, from the closed list of actions."""

    name = "action"
    is_action = True

    def offered(self, offer: Offer) -> Sequence[str]:
        """Always with handing over: else its being there would be the answer."""
        found = {*super().offered(offer), *offer.hand_overs}
        return [word for word in offer.declared if word in found]

    def words(self, value: object, names: Names) -> str:
        """Say the action in its words."""
        return names.action_on_screen(super().words(value, names))


@question_kind
class Day(QuestionKind):
    """A day that is counted from a date of the case."""

    name = "day"
    is_day = True

    def accepts(self, text: str, choices: Iterable[str]) -> bool:
        """Any day, and what is offered instead of one."""
        return super().accepts(text, choices) or day_in(text) is not None

    def offered(self, offer: Offer) -> Sequence[str]:
        """Of days only what is none, where it occurs."""
        return [each for each in ("none", "not covered") if each in offer.answered]

    def is_in_row(self, cell: str, given: str) -> bool:
        """No cell is a day: it says how one is counted."""
        return False

    def explain(self, wrong: WrongAnswer) -> Iterator[str]:
        """Say how it was counted wrong."""
        if day_in(wrong.given) is not None and day_in(wrong.right) is not None:
            yield from wrong.miscounted
            yield from wrong.again


@question_kind
class DueDay(Day):
    """The last day on which something is in time."""

    name = "due day"
    values = Kind(Sort.DAY)
    is_due = True

    def equal(self, given: str, right: str, *, since: date | None) -> bool:
        """An earlier day is in time, too, but none before the case lies there."""
        if super().equal(given, right, since=since):
            return True
        day, last = day_in(given), day_in(right)
        if since is None or day is None or last is None:
            return False
        return since <= day <= last

    def explain(self, wrong: WrongAnswer) -> Iterator[str]:
        """Say how it was counted wrong, and on which side of the right days it lies."""
        day, last = day_in(wrong.given), day_in(wrong.right)
        if day is None or last is None:
            return
        if day < wrong.on:
            yield say("practice.hint.days.before")
        yield from wrong.miscounted
        if day > last:
            yield say("practice.hint.days.after")
        yield from wrong.again


@question_kind
class Text(QuestionKind):
    """Words of the agent's own."""

    name = "text"
    is_asked = False


@question_kind
class MessageToSend(QuestionKind):
    """The message that is sent; the letter itself is judged."""

    name = "message"
    is_asked = False
