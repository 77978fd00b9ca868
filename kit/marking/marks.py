"""Marks: what an attempt is worth, from its answers and the playbook alone.

One pure function decides. Screens and reports show what it gives, and never count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..content.cases import PracticeCase
from ..content.exercises import ANY_ANSWER, CriticalError, Exercise
from ..practice.questions import Verdict, judge, questions_of, same_answer
from .answers import MarkRecord

POLICY, DEADLINE = "policy", "deadline"

WEIGHTS = {POLICY: 70, DEADLINE: 30}
"""What each dimension is worth, in percent of the whole; those not asked fall away."""


@dataclass(frozen=True, slots=True)
class CaseMark:
    """What one case is worth."""

    case: PracticeCase
    """The case."""

    verdicts: tuple[Verdict, ...]
    """Every question with its answer and its reasons."""

    critical: tuple[CriticalError, ...]
    """The critical errors in its answers."""

    @property
    def right(self) -> int:
        """How many answers are right, of those that count."""
        return sum(each.is_right for each in self.verdicts if each.counts)

    @property
    def asked(self) -> int:
        """How many answers count."""
        return sum(each.counts for each in self.verdicts)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one attempt is worth."""

    exercise: Exercise
    """The exercise."""

    attempt: str
    """Id of the attempt."""

    cases: tuple[CaseMark, ...]
    """Each case in its order."""

    dimensions: Mapping[str, int]
    """Percent of each dimension that was asked."""

    percent: int
    """Percent of the whole."""

    @property
    def critical(self) -> tuple[str, ...]:
        """Ids of the cases with a critical error."""
        return tuple(each.case.id for each in self.cases if each.critical)

    @property
    def passed(self) -> bool:
        """Whether it passes: enough is right, and nothing critical is wrong."""
        return self.percent >= self.exercise.pass_mark and not self.critical

    @property
    def record(self) -> MarkRecord:
        """The same, as it is kept in the records."""
        return MarkRecord(
            exercise=self.exercise.id,
            attempt=self.attempt,
            percent=self.percent,
            passed=self.passed,
            dimensions=dict(self.dimensions),
            critical=list(self.critical),
        )


def asked_of(exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """Say which questions each case of an exercise asks, by their keys."""
    return {
        case.id: tuple(question.key for question in questions_of(case))
        for case in exercise.cases
    }


def mark_attempt(
    exercise: Exercise,
    answers: Mapping[str, Mapping[str, str | None]],
    *,
    attempt: str,
) -> Mark:
    """Find what an attempt is worth.

    Args:
        exercise: The exercise.
        answers: For each case and question what was chosen, as an author writes it;
            what is absent or ``None`` was not answered, and is wrong.
        attempt: Id of the attempt.
    """
    cases = tuple(
        _mark_case(exercise, case, answers.get(case.id, {})) for case in exercise.cases
    )
    verdicts = [each for case in cases for each in case.verdicts if each.counts]
    shares = {
        dimension: Decimal(100 * sum(each.is_right for each in of)) / len(of)
        for dimension in WEIGHTS
        if (of := [each for each in verdicts if dimension_of(each) == dimension])
    }
    return Mark(
        exercise,
        attempt,
        cases,
        {dimension: _rounded(share) for dimension, share in shares.items()},
        _rounded(_weighted(shares)),
    )


def dimension_of(verdict: Verdict) -> str:
    """Say which dimension a question belongs to: days are about deadlines."""
    return DEADLINE if verdict.question.is_day else POLICY


def _mark_case(
    exercise: Exercise, case: PracticeCase, answers: Mapping[str, str | None]
) -> CaseMark:
    verdicts = judge(case, answers)
    return CaseMark(case, verdicts, tuple(_critical(exercise, verdicts)))


def _critical(
    exercise: Exercise, verdicts: Sequence[Verdict]
) -> Sequence[CriticalError]:
    return [
        error
        for error in exercise.critical
        for verdict in verdicts
        if verdict.question.key == error.answer
        and verdict.counts
        and not verdict.is_right
        and any(same_answer(verdict.given, each) for each in error.given)
        and (error.when == ANY_ANSWER or same_answer(verdict.right, error.when))
    ]


def _weighted(shares: Mapping[str, Decimal]) -> Decimal:
    whole = sum(WEIGHTS[dimension] for dimension in shares)
    if not whole:
        return Decimal(0)
    return sum(
        (share * WEIGHTS[dimension] for dimension, share in shares.items()), Decimal(0)
    ) / Decimal(whole)


def _rounded(percent: Decimal) -> int:
    return int(percent.quantize(Decimal(1), rounding=ROUND_HALF_UP))
