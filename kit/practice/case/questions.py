"""Questions: what a case asks an agent, and what it is right to answer.

Both come out of the playbook's tables: the answers of the tables are the questions of
the case, and the row that decides is the key. There is no other key anywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ...content.cases import PracticeCase
from ...content.playbook.explain import answer_words
from ...rules.outcomes import LimitRule, limit_of, value_of
from ...rules.tables import Column, Table
from ...rules.values import Sort, key_of, read_day, show_value
from ..wording import sentence_case

NOT_ASKED = {Sort.MESSAGE, Sort.TEXT}
FEWEST_CHOICES = 3
FEWEST_ACTIONS = 8
"""Where the page says which table speaks, other tables' actions are offered as well:
else the choices would say which one it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    """As an author writes it, such as ``"refund-in-request"``."""

    words: str
    """As an agent reads it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a case asks."""

    key: str
    """Key of the answer, such as ``"act_by"``."""

    name: str
    """The answer's name, such as ``"Act by"``."""

    meaning: str
    """One line that explains it."""

    choices: tuple[Choice, ...]
    """What can be chosen; for a day only what is not a day."""

    is_day: bool
    """Whether a day is asked."""

    is_due: bool = False
    """Whether the day is the last one on which something is in time."""


def questions_of(case: PracticeCase) -> tuple[Question, ...]:
    """Every question of a case, in the order of its tables."""
    found = {}
    for table in case.tables():
        for column in table.answers:
            if column.kind.sort not in NOT_ASKED:
                found[column.key] = _question(case, table, column)
    return tuple(found.values())


def same_answer(one: str, other: str) -> bool:
    """Whether two answers are the same to an author; nothing is the same as nothing."""
    return bool(one) and key_of(one) == key_of(other)


def counts_as_right(
    given: str, right: str, *, is_due: bool, since: date | None
) -> bool:
    """Whether an answer is right: the same, or of a due day one that is in time.

    This is the one rule for practice, exams, marks and quizzes.

    Args:
        given: What was answered.
        right: What the page answers.
        is_due: Whether it is the last day on which something is in time.
        since: The day on which the case lies there: a day before it is no answer.
            ``None`` where only the last day itself is right.
    """
    if same_answer(given, right):
        return True
    if since is None or not is_due:
        return False
    try:
        return since <= read_day(given) <= read_day(right)
    except ValueError:  # one of the two is no day, such as “none”
        return False


def can_answer(question: Question, text: str) -> bool:
    """Whether a text is something that the question offers to choose."""
    if any(same_answer(each.value, text) for each in question.choices):
        return True
    return question.is_day and day_in(text) is not None


def words_of(question: Question, value: str) -> str:
    """Say an answer as an agent reads it."""
    for choice in question.choices:
        if same_answer(choice.value, value):
            return choice.words
    return value


def day_in(text: str) -> date | None:
    """Read an answer that is a day; ``None`` where it is none, such as ``none``."""
    try:
        return read_day(text)
    except ValueError:
        return None


def _question(case: PracticeCase, table: Table, column: Column) -> Question:
    playbook = case.playbook
    answer = playbook.reference.answers[column.key]
    is_day = column.kind.sort is Sort.DAY
    values = _days(case, table, column) if is_day else _values(case, table, column)
    if column.kind.sort is Sort.ACTION:
        # Always among the choices: else its being there would be the answer.
        offered = {*values, *playbook.reference.hand_over.values()}
        values = [word for word in column.kind.words if word in offered]
    choices = tuple(
        Choice(value, answer_words(playbook, column.kind.sort, value))
        for value in values
    )
    name = sentence_case(playbook.reference.name_on_screen(column.name))
    return Question(column.key, name, answer.meaning, choices, is_day, answer.is_due)


def _values(case: PracticeCase, table: Table, column: Column) -> Sequence[str]:
    """What can be chosen: every declared word; of the actions those of the page."""
    if column.kind.sort is Sort.YES_NO:
        return ("yes", "no")
    if column.kind.sort is Sort.WORD:
        return column.kind.words
    found = set(_answered(case, table, column.key))
    for other in case.playbook.tables:
        if len(found) < (FEWEST_ACTIONS if case.by_gates else FEWEST_CHOICES):
            found |= set(_answered(case, other, column.key))
    return [word for word in column.kind.words if word in found] or sorted(found)


def _days(case: PracticeCase, table: Table, column: Column) -> Sequence[str]:
    """Of the days only what is none: ``none`` and ``not covered``, where they occur."""
    special = ("none", "not covered")
    answered = set(_answered(case, table, column.key))
    return [each for each in special if each in answered]


def _answered(case: PracticeCase, table: Table, key: str) -> Iterator[str]:
    """What the rows of a table answer; of an amount the one that holds for the case."""
    for number, column in enumerate(table.answers):
        if column.key == key:
            for row in table.rows:
                outcome = row.outcomes[number]
                value: object = outcome.value
                if isinstance(value, LimitRule):
                    limit = limit_of(outcome, case.known())
                    if limit is None:
                        continue
                    value = value_of(outcome, case.known())
                yield (
                    show_value(value, column.kind)
                    if isinstance(value, (bool, int))
                    else str(value)
                )
