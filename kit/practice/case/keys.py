"""The answer key of a case: what is right, by which row, and why not another answer.

The playbook's tables decide; nothing here knows a rule of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from ...catalogue import say
from ...content.cases import PracticeCase
from ...content.playbook.explain import Explanation, FactText, explain
from ...content.playbook.playbook import Playbook
from ...content.reference.question_kinds import day_in, same_answer
from ...rules.decisions import Decision
from ...rules.tables import Column
from ..acting_roles import may_take_action
from ..wording import condition_words, in_words
from .questions import Question, questions_of

MOST_KEPT = 512
"""How many different answers a key remembers; what agents type has no end."""


@dataclass(frozen=True)
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

    hands_over: bool = False
    """Whether it is right to hand the case over, because the role may not act alone."""

    since: date | None = None
    """The day on which it was answered, from which on an earlier day than the due one
    is in time; ``None`` where only the day itself is right."""

    missed: date | None = None
    """The last day, where it has passed already and the page names a later one; who
    answers it is right, because a last day never moves."""

    @cached_property
    def is_right(self) -> bool:
        """Whether the answer is the playbook's, or a day on which it is in time."""
        if self.missed and same_answer(self.given, self.missed.isoformat()):
            return True
        return self.question.kind.equal(self.given, self.right, since=self.since)

    @property
    def is_action(self) -> bool:
        """Whether it says what is done, which is what a buyer feels."""
        return self.question.kind.is_action

    @property
    def is_early(self) -> bool:
        """Whether a day was answered that is in time, but not the last one."""
        is_other = self.is_right and not same_answer(self.given, self.right)
        return is_other and self.question.is_due and self.missed is None

    @cached_property
    def counts(self) -> bool:
        """Whether the row is sure enough to mark somebody by it."""
        return self.explanation.marks

    @cached_property
    def row(self) -> str:
        """The row that decides, as ``<decision> <number>``."""
        return f"{self.explanation.table} {self.explanation.row}"


class Key:
    """What is right in one case on one day, and what there is to say of each answer.

    Many agents are marked by one key: what has been worked out once is kept.
    """

    def __init__(self, case: PracticeCase, *, due: date | None = None) -> None:
        """Decide the case and explain each decision.

        Args:
            case: The case, on the day by which it is judged.
            due: The last day on which deciding it is in time, if there is one.

        Raises:
            KitError: The playbook cannot decide it; reading it has ruled this out.
        """
        self._case = case
        is_missed = due is not None and due < case.on and not case.exact_days
        self._missed = due if is_missed else None
        asked = {question.key: question for question in questions_of(case)}
        found = {}
        for decision in case.decide():
            explanation = explain(case.playbook, decision)
            said = {each.key: each for each in explanation.answers}
            for column in decision.table.answers:
                if column.key in asked:
                    place = (decision, column, asked[column.key])
                    found[column.key] = (place, (said[column.key], explanation))
        self._places = {key: found[key] for key in asked}
        self._verdict = lru_cache(maxsize=MOST_KEPT)(self._made_verdict)

    def verdicts(self, answers: Mapping[str, str | None]) -> tuple[Verdict, ...]:
        """Compare answers with what the playbook decides.

        Args:
            answers: What was chosen for each question, by its key.
        """
        return tuple(
            [self._verdict(key, answers.get(key) or "") for key in self._places]
        )

    def _made_verdict(self, key: str, given: str) -> Verdict:
        place, said = self._places[key]
        verdict = _verdict(self._case, place, said, given)
        if self._missed is None or not verdict.question.is_due:
            return verdict
        right = day_in(verdict.right)
        is_later = right is not None and right > self._missed
        return replace(verdict, missed=self._missed) if is_later else verdict


def judge(case: PracticeCase, answers: Mapping[str, str | None]) -> tuple[Verdict, ...]:
    """Compare answers with what the playbook decides; see ``Key``."""
    return Key(case).verdicts(answers)


def _verdict(
    case: PracticeCase,
    place: tuple[Decision, Column, Question],
    said: tuple[FactText, Explanation],
    given: str,
) -> Verdict:
    _, _, question = place
    right, explanation = said
    value, words = right.value, right.words
    over = case.playbook.reference.hand_over.get(case.role, "")
    is_role_asked = question.kind.is_action and bool(over)
    hands_over = is_role_asked and not may_take_action(case, value)
    if hands_over:
        value, words = over, question.kind.words(over, case.playbook.reference)
    since = None if case.exact_days else case.on
    is_right = question.kind.equal(given, value, since=since)
    needed = _said_of(case, place, said, ("" if is_right else given, hands_over))
    return Verdict(
        question,
        given,
        value,
        words,
        explanation,
        needed,
        hands_over,
        since,
    )


def _said_of(
    case: PracticeCase,
    place: tuple[Decision, Column, Question],
    said: tuple[FactText, Explanation],
    wrong: tuple[str, bool],
) -> str:
    """Say what a wrong answer would have needed, or why a case is handed over."""
    _, _, question = place
    right, _ = said
    given, hands_over = wrong
    role = say(f"practice.role.{case.role}") if case.role else ""
    if not given:
        words = {"answer": right.words, "role": role}
        return say("practice.hands-over", **words) if hands_over else ""
    if hands_over and same_answer(given, right.value):
        return say("practice.not-alone", role=role)
    needed = _needed(case.playbook, place, given)
    if hands_over:
        why = say("practice.hands-over", answer=right.words, role=role)
        return f"{why} {needed}".strip()
    if question.kind.is_action and given in _hand_overs(case):
        return needed or say("practice.over-escalated", answer=right.words)
    return needed


def _hand_overs(case: PracticeCase) -> frozenset[str]:
    return frozenset(case.playbook.reference.hand_over.values())


def _needed(
    playbook: Playbook, place: tuple[Decision, Column, Question], given: str
) -> str:
    """Say what the case would have needed for the given answer, by the nearest row."""
    decision, column, question = place
    number = [each.key for each in decision.table.answers].index(column.key)
    for why_not in decision.why_not:
        outcome = why_not.row.outcomes[number]
        if not question.kind.is_in_row(outcome.text, given):
            continue
        if why_not.misses:
            misses = "; ".join(
                say(
                    "practice.miss",
                    fact=playbook.reference.name_on_screen(miss.column.name),
                    wanted=condition_words(
                        decision.wanted(miss), miss.column.kind, playbook.reference
                    ),
                    value=in_words(
                        decision.facts[miss.number],
                        miss.column.kind,
                        playbook.reference,
                    ),
                )
                for miss in why_not.misses
            )
            words = question.kind.words(given, playbook.reference)
            return say("practice.if-right", answer=words, misses=misses)
    return ""
