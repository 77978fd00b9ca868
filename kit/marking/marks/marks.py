"""Compute the mark of an attempt from its answers and the playbook.

The computation is pure. Screens and reports only show its result.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ...content.cases import PracticeCase
from ...content.exercises import (
    ANY_ANSWER,
    DIMENSIONS,
    AnswerTexts,
    CriticalError,
    Exercise,
)
from ...content.reference.question_kinds import same_answer
from ...content.reference.vocabulary import RESERVED
from ...practice.case.drafts import written_out
from ...practice.case.keys import Verdict
from ...practice.case.questions import questions_of
from ...practice.case.review import Review, Reviewer
from ...practice.case.sheets import Sheet, SheetTexts
from ..records.answers import MarkRecord

POLICY, DEADLINE, EVIDENCE, REPLY = DIMENSIONS


@dataclass(frozen=True, slots=True)
class CaseMark:
    """The mark of one case."""

    case: PracticeCase
    """The case."""

    review: Review
    """The review of all that was done with it."""

    critical: tuple[CriticalError, ...]
    """The critical errors in its answers."""

    points: Mapping[str, tuple[int, int]]
    """For each dimension the points reached, and the points possible."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every question with its answer and its reasons."""
        return self.review.verdicts

    @property
    def right(self) -> int:
        """How many answers are right, of those that count."""
        return sum(self.points[name][0] for name in (POLICY, DEADLINE))

    @property
    def asked(self) -> int:
        """How many answers count."""
        return sum(self.points[name][1] for name in (POLICY, DEADLINE))


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one attempt."""

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
        """Whether the attempt passes: pass mark reached, and no critical error."""
        return self.percent >= self.exercise.pass_mark and not self.critical

    @property
    def record(self) -> MarkRecord:
        """The mark in the form in which records store it."""
        return MarkRecord(
            exercise=self.exercise.id,
            attempt=self.attempt,
            percent=self.percent,
            passed=self.passed,
            dimensions=dict(self.dimensions),
            critical=list(self.critical),
        )


def asked_of(exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """List the keys that a sheet of each case may have, by case id."""
    return {
        case.id: (*(question.key for question in questions_of(case)), *RESERVED)
        for case in exercise.cases
    }


def sheets_of(exercise: Exercise, texts: AnswerTexts) -> dict[str, SheetTexts]:
    """Write out the answers in an author's YAML file, as records keep sheets.

    Args:
        exercise: The exercise.
        texts: The answers, by case id.

    Raises:
        UnknownName: A reply names a message that the page does not have.
        MissingFact: A case lacks a fact for a slot of that message.
    """
    cases = {case.id: case for case in exercise.cases}
    return {
        name: written_out(cases[name], sheet) if name in cases else sheet
        for name, sheet in texts.items()
    }


class Marker:
    """Marks attempts at one exercise.

    It only caches what all attempts share: the same answers always get the same mark.
    """

    def __init__(self, exercise: Exercise) -> None:
        """Prepare an exercise.

        Args:
            exercise: The exercise.
        """
        self.exercise = exercise
        self.asked = asked_of(exercise)
        self._reviewers = [
            Reviewer(case, exercise.reply_rules) for case in exercise.cases
        ]

    def mark(self, sheets: Mapping[str, SheetTexts], *, attempt: str) -> Mark:
        """Compute the mark of an attempt.

        Args:
            sheets: The sheet of each case, by case id. A missing case or answer counts
                as wrong.
            attempt: Id of the attempt.
        """
        exercise = self.exercise
        cases = tuple(self.case_marks(sheets))
        shares = {
            dimension: Decimal(100 * right) / of
            for dimension, (right, of) in _points(cases).items()
            if of and dimension in exercise.weights
        }
        return Mark(
            exercise,
            attempt,
            cases,
            {dimension: _rounded(share) for dimension, share in shares.items()},
            _rounded(_weighted(shares, exercise.weights)),
        )

    def case_marks(self, sheets: Mapping[str, SheetTexts]) -> Iterator[CaseMark]:
        """Yield the mark of each case of an attempt, in order."""
        exercise = self.exercise
        for case, reviewer in zip(exercise.cases, self._reviewers, strict=True):
            review = reviewer.review(Sheet.read(sheets.get(case.id, {})))
            yield _mark_case(exercise, case, review)


def mark_attempt(
    exercise: Exercise, sheets: Mapping[str, SheetTexts], *, attempt: str
) -> Mark:
    """Compute the mark of one attempt; see ``Marker.mark``."""
    return Marker(exercise).mark(sheets, attempt=attempt)


def _points(cases: Sequence[CaseMark]) -> dict[str, tuple[int, int]]:
    """Add up the points of every dimension over all cases."""
    return {
        dimension: (
            sum(case.points[dimension][0] for case in cases),
            sum(case.points[dimension][1] for case in cases),
        )
        for dimension in DIMENSIONS
    }


def dimension_of(verdict: Verdict) -> str:
    """Return the dimension of a question: deadlines for days, or else policy."""
    return DEADLINE if verdict.question.is_day else POLICY


def _mark_case(exercise: Exercise, case: PracticeCase, review: Review) -> CaseMark:
    critical = (*_critical(exercise, review.verdicts), *_unsayable(exercise, review))
    return CaseMark(case, review, critical, _points_of(review))


def _points_of(review: Review) -> dict[str, tuple[int, int]]:
    """Count the points of one case; a late decision gets none for deadlines."""
    right, of = {POLICY: 0, DEADLINE: 0}, {POLICY: 0, DEADLINE: 0}
    for each in review.verdicts:
        if each.counts:
            dimension = dimension_of(each)
            of[dimension] += 1
            right[dimension] += each.is_right
    writes = review.reply is not None
    return {
        POLICY: (right[POLICY], of[POLICY]),
        DEADLINE: (0 if review.is_late else right[DEADLINE], of[DEADLINE]),
        EVIDENCE: (int(not review.unseen), 1),
        REPLY: (int(writes and review.reply_is_right), int(writes)),
    }


def _unsayable(exercise: Exercise, review: Review) -> Sequence[CriticalError]:
    """Find the critical errors in the words of a reply."""
    found = {each.rule for each in review.findings}
    return [
        error
        for error in exercise.critical
        if error.answer == REPLY and found & set(error.given)
    ]


def _critical(
    exercise: Exercise, verdicts: Sequence[Verdict]
) -> Sequence[CriticalError]:
    wrong = [each for each in verdicts if each.counts and not each.is_right]
    return [
        error
        for error in exercise.critical
        for verdict in wrong
        if verdict.question.key == error.answer
        and any(same_answer(verdict.given, each) for each in error.given)
        and (error.when == ANY_ANSWER or same_answer(verdict.right, error.when))
    ]


def _weighted(shares: Mapping[str, Decimal], weights: Mapping[str, int]) -> Decimal:
    """Compute the weighted mean of the dimensions that were asked."""
    whole = sum(weights[dimension] for dimension in shares)
    if not whole:
        return Decimal(0)
    return sum(
        (share * weights[dimension] for dimension, share in shares.items()), Decimal(0)
    ) / Decimal(whole)


def _rounded(percent: Decimal) -> int:
    return int(percent.quantize(Decimal(1), rounding=ROUND_HALF_UP))
