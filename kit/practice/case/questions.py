"""Questions: what a case asks an agent, and which answers it offers.

The answers of the playbook's tables are the questions of a case. What is right to
answer stands in ``keys.py``: the row that decides is the key.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...content.cases import PracticeCase
from ...content.reference.question_kinds import QuestionKind, same_answer
from ...rules.outcomes import DayRule, LimitRule, limit_of, value_of
from ...rules.tables import Column, Table
from ..wording import sentence_case

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

    kind: QuestionKind
    """How an answer is read, compared, said and explained."""

    @property
    def is_day(self) -> bool:
        """Whether a day is asked."""
        return self.kind.is_day

    @property
    def is_due(self) -> bool:
        """Whether the day is the last one on which something is in time."""
        return self.kind.is_due


def questions_of(case: PracticeCase) -> tuple[Question, ...]:
    """Every question of a case, in the order of its tables."""
    found = {}
    for table in case.tables():
        for column in table.answers:
            if case.playbook.reference.question_kind(column).is_asked:
                found[column.key] = _question(case, table, column)
    return tuple(found.values())


def can_answer(question: Question, text: str) -> bool:
    """Whether a text is something that the question offers to choose."""
    return question.kind.accepts(text, [each.value for each in question.choices])


def words_of(question: Question, value: str) -> str:
    """Say an answer as an agent reads it."""
    for choice in question.choices:
        if same_answer(choice.value, value):
            return choice.words
    return value


def _question(case: PracticeCase, table: Table, column: Column) -> Question:
    reference = case.playbook.reference
    kind = reference.question_kind(column)
    choices = tuple(
        Choice(value, kind.words(value, reference))
        for value in kind.offered(_Offer(case, table, column))
    )
    name = sentence_case(reference.name_on_screen(column.name))
    meaning = reference.answers[column.key].meaning
    return Question(column.key, name, meaning, choices, kind)


class _Offer:
    """What a case can offer to choose from for one question."""

    def __init__(self, case: PracticeCase, table: Table, column: Column) -> None:
        self._case, self._table, self._column = case, table, column
        self.declared = column.kind.words
        self.hand_overs = (*case.playbook.reference.hand_over.values(),)

    @cached_property
    def answered(self) -> Collection[str]:
        """What the rows of the table answer."""
        return set(self._answered(self._table))

    @cached_property
    def enough(self) -> Collection[str]:
        """The same, with what other tables answer if that is too little."""
        found = set(self.answered)
        fewest = FEWEST_ACTIONS if self._case.by_gates else FEWEST_CHOICES
        for other in self._case.playbook.tables:
            if len(found) < fewest:
                found |= set(self._answered(other))
        return found

    def _answered(self, table: Table) -> Iterator[str]:
        """What the rows of a table answer; of a limit the value that holds here."""
        case, kind = self._case, self._column.kind
        asked = case.playbook.reference.question_kind(self._column)
        for number, column in enumerate(table.answers):
            if column.key != self._column.key:
                continue
            for row in table.rows:
                outcome = row.outcomes[number]
                value = outcome.value
                if isinstance(value, DayRule):
                    continue  # no day stands in a row
                if isinstance(value, LimitRule):
                    if limit_of(outcome, case.known()) is None:
                        continue
                    yield asked.encode(value_of(outcome, case.known()), kind)
                else:
                    yield asked.encode(value, kind)
