"""Questions: what a case asks an agent, and what it is right to answer.

Both come out of the playbook's tables: the answers of the tables are the questions of
the case, and the row that decides is the key. There is no other key anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import say
from ..content.cases import PracticeCase
from ..content.explain import Explanation, Said, answer_words, explain
from ..content.playbooks import Playbook
from ..rules.decisions import Decision
from ..rules.tables import Column, Table
from ..rules.values import Sort, key_of, read_day, show_value
from .roles import may_take
from .words import condition_words, in_words

NOT_ASKED = {Sort.MESSAGE, Sort.TEXT}
FEWEST_CHOICES = 3


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question of a case, with what was answered and what is right."""

    question: Question
    """What was asked."""

    given: str
    """What was answered, as an author writes it; empty if nothing was."""

    right: str
    """What the playbook answers."""

    right_words: str
    """The same as an agent reads it."""

    explanation: Explanation
    """The row that decides, its reason and source, and why no other row fits."""

    if_right: str
    """What would have had to be different for the given answer; empty if nothing."""

    is_action: bool = False
    """Whether it says what is done, which is what a buyer feels."""

    hands_over: bool = False
    """Whether it is right to hand the case over, because the role may not act alone."""

    @property
    def is_right(self) -> bool:
        """Whether the answer is the playbook's."""
        return same_answer(self.given, self.right)

    @property
    def counts(self) -> bool:
        """Whether the row is sure enough to mark somebody by it."""
        return self.explanation.marks

    @property
    def row(self) -> str:
        """The row that decides, as ``<decision> <number>``."""
        return f"{self.explanation.table} {self.explanation.row}"


def questions_of(case: PracticeCase) -> tuple[Question, ...]:
    """Every question of a case, in the order of its tables."""
    found = {}
    for name in case.decisions:
        table = case.playbook.table(name)
        for column in table.answers:
            if column.kind.sort not in NOT_ASKED:
                found[column.key] = _question(case, table, column)
    return tuple(found.values())


def judge(case: PracticeCase, answers: Mapping[str, str | None]) -> tuple[Verdict, ...]:
    """Compare answers with what the playbook decides.

    Args:
        case: The case.
        answers: What was chosen for each question, by its key.

    Raises:
        KitError: The playbook cannot decide the case; reading it has ruled this out.
    """
    asked = {question.key: question for question in questions_of(case)}
    verdicts = {}
    for decision in case.decide():
        explanation = explain(case.playbook, decision)
        said = {each.key: each for each in explanation.answers}
        for column in decision.table.answers:
            if column.key in asked:
                verdicts[column.key] = _verdict(
                    case,
                    (decision, column, asked[column.key]),
                    (said[column.key], explanation),
                    answers.get(column.key) or "",
                )
    return tuple(verdicts[key] for key in asked)


def _verdict(
    case: PracticeCase,
    place: tuple[Decision, Column, Question],
    said: tuple[Said, Explanation],
    given: str,
) -> Verdict:
    _, column, question = place
    right, explanation = said
    value, words = right.value, right.words
    is_action = column.kind.sort is Sort.ACTION
    over = case.playbook.reference.hand_over.get(case.role, "")
    hands_over = is_action and bool(over) and not may_take(case, value)
    if hands_over:
        value, words = over, answer_words(case.playbook, Sort.ACTION, over)
    wrong = "" if same_answer(given, value) else given
    needed = _said_of(case, place, said, (wrong, hands_over))
    return Verdict(
        question, given, value, words, explanation, needed, is_action, hands_over
    )


def _said_of(
    case: PracticeCase,
    place: tuple[Decision, Column, Question],
    said: tuple[Said, Explanation],
    wrong: tuple[str, bool],
) -> str:
    """Say what a wrong answer would have needed, or why a case is handed over."""
    decision, column, _ = place
    right, _ = said
    given, hands_over = wrong
    role = say(f"practice.role.{case.role}") if case.role else ""
    if not given:
        words = {"answer": right.words, "role": role}
        return say("practice.hands-over", **words) if hands_over else ""
    if hands_over and same_answer(given, right.value):
        return say("practice.not-alone", role=role)
    needed = _needed(case.playbook, decision, column, given)
    is_action = column.kind.sort is Sort.ACTION
    if is_action and not hands_over and given in _hand_overs(case):
        return needed or say("practice.over-escalated", answer=right.words)
    return needed


def _hand_overs(case: PracticeCase) -> frozenset[str]:
    return frozenset(case.playbook.reference.hand_over.values())


def same_answer(one: str, other: str) -> bool:
    """Whether two answers are the same to an author; nothing is the same as nothing."""
    return bool(one) and key_of(one) == key_of(other)


def can_answer(question: Question, text: str) -> bool:
    """Whether a text is something that the question offers to choose."""
    if any(same_answer(each.value, text) for each in question.choices):
        return True
    return question.is_day and _is_day(text)


def words_of(question: Question, value: str) -> str:
    """Say an answer as an agent reads it."""
    for choice in question.choices:
        if same_answer(choice.value, value):
            return choice.words
    return value


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except ValueError:
        return False
    return True


def _question(case: PracticeCase, table: Table, column: Column) -> Question:
    playbook = case.playbook
    meaning = playbook.reference.answers[column.key].meaning
    is_day = column.kind.sort is Sort.DAY
    values = _days(table, column) if is_day else _values(playbook, table, column)
    if column.kind.sort is Sort.ACTION:
        # Always among the choices: else its being there would be the answer.
        offered = {*values, *playbook.reference.hand_over.values()}
        values = [word for word in column.kind.words if word in offered]
    choices = tuple(
        Choice(value, answer_words(playbook, column.kind.sort, value))
        for value in values
    )
    name = playbook.reference.name_on_screen(column.name)
    return Question(column.key, name, meaning, choices, is_day)


def _values(playbook: Playbook, table: Table, column: Column) -> Sequence[str]:
    """What can be chosen: every declared word; of the actions those of the page."""
    if column.kind.sort is Sort.YES_NO:
        return ("yes", "no")
    if column.kind.sort is Sort.WORD:
        return column.kind.words
    found = set(_answered(table, column.key))
    for other in playbook.tables:
        if len(found) < FEWEST_CHOICES:
            found |= set(_answered(other, column.key))
    return [word for word in column.kind.words if word in found] or sorted(found)


def _days(table: Table, column: Column) -> Sequence[str]:
    """Of the days only what is none: ``none`` and ``not covered``, where they occur."""
    special = ("none", "not covered")
    answered = set(_answered(table, column.key))
    return [each for each in special if each in answered]


def _answered(table: Table, key: str) -> Iterator[str]:
    for number, column in enumerate(table.answers):
        if column.key == key:
            for row in table.rows:
                value = row.outcomes[number].value
                yield (
                    show_value(value, column.kind)
                    if isinstance(value, (bool, int))
                    else str(value)
                )


def _needed(playbook: Playbook, decision: Decision, column: Column, given: str) -> str:
    """Say what the case would have needed for the given answer, by the nearest row."""
    number = [each.key for each in decision.table.answers].index(column.key)
    for why_not in decision.why_not:
        outcome = why_not.row.outcomes[number]
        if column.kind.sort is Sort.DAY or not same_answer(str(outcome.text), given):
            continue
        if why_not.misses:
            misses = "; ".join(
                say(
                    "practice.miss",
                    fact=playbook.reference.name_on_screen(miss.question.name),
                    wanted=condition_words(
                        decision.wanted(miss), miss.question.kind, playbook.reference
                    ),
                    value=in_words(
                        decision.facts[miss.number],
                        miss.question.kind,
                        playbook.reference,
                    ),
                )
                for miss in why_not.misses
            )
            words = answer_words(playbook, column.kind.sort, given)
            return say("practice.if-right", answer=words, misses=misses)
    return ""
