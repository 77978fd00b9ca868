"""Compare the mark of an attempt that counts now with its mark under other pages.

A mark that a supervisor has set by hand stays as it is. Else the mark in the records
counts now, and where there is none yet, what the answers are worth by today's pages.
A mark that was given by today's criteria is believed; whether it is what its answers
are worth is what ``kit doctor`` looks at. Nothing is read here, and nothing written.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from ...content.cases import PracticeCase
from ...content.exercises import Exercise
from ...practice.case.keys import Verdict
from ...practice.case.review import asks_reply, right_messages
from ...practice.case.sheets import SheetTexts
from ...practice.reading.reply_context import reply_context_of
from ..marks.marks import CaseMark, Mark, Marker, asked_of
from ..records.answers import validate_answers
from ..records.progress import AttemptProgress

MOST_KEPT = 4096
"""How many pairs of cases are remembered as asking the same."""


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The result of an attempt: percent, and whether it passes."""

    percent: int
    """Percent of the whole."""

    passed: bool
    """Whether it passes."""


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What the pages decide for one question of a case."""

    row: str
    """The row that decides, as ``<decision> <number>``."""

    right: str
    """What is right, as an author writes it."""

    counts: bool
    """Whether the row is sure enough to mark somebody by it."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One question of a case that the other pages decide differently."""

    case: str
    """Id of the case."""

    question: str
    """Key of the answer."""

    before: RowVerdict | None
    """What today's page says; ``None`` where it does not ask this."""

    after: RowVerdict | None
    """What the other page says; ``None`` where it does not ask this."""


@dataclass(frozen=True, slots=True)
class KeptMark:
    """An attempt that keeps its mark, because it was set by hand."""

    agent: str
    exercise: str
    attempt: str

    standing: AttemptResult
    """What it was set to."""


@dataclass(frozen=True, slots=True)
class Change:
    """An attempt whose mark changes under the other pages."""

    agent: str
    exercise: str
    attempt: str

    is_marked: bool
    """Whether it has a mark; if not, today's pages say what counts now."""

    before: AttemptResult
    """The result that counts now."""

    after: AttemptResult
    """The result under the other pages."""

    dimensions: Mapping[str, tuple[int | None, int | None]]
    """Each dimension whose percent changes, before and after."""


@dataclass(frozen=True, slots=True)
class PassChange(Change):
    """A change by which an attempt passes, or does not pass any more."""

    rows: tuple[RowChange, ...]
    """Every question that the two decide differently."""

    lapses: bool
    """Whether somebody is signed off by it, and it does not pass any more."""

    today_too: bool
    """Whether today's pages flip it, too: its mark is older than they are."""

    knows_today: bool = True
    """Whether today's pages can decide its cases."""


class Count(Protocol):
    """A function that marks attempts at one exercise."""

    def __call__(self, sheets: Mapping[str, SheetTexts], *, attempt: str) -> Mark:
        """Compute the mark of the sheets of an attempt."""


def counting(exercise: Exercise) -> Count:
    """Create a function that marks many attempts at an exercise."""
    return Marker(exercise).mark


class Replay:
    """One exercise under today's pages and under others, ready for many attempts."""

    def __init__(
        self,
        today: Exercise,
        other: Exercise,
        *,
        trusted: str | None = None,
        knows_today: bool = True,
    ) -> None:
        """Take the same exercise twice, as the two sets of pages decide its cases.

        Args:
            today: By the pages of today.
            other: By the other pages.
            trusted: The hash of today's criteria, if both check replies by the same
                words: a mark that was given by them need not be found again where the
                other pages see the same, and its replies need not be read.
            knows_today: Whether today's pages can decide the cases; if not, the other
                ones stand in for them, and only the mark says what counts now.
        """
        self._knows_today = knows_today
        self.exercise = today
        self.today, self.other = counting(today), counting(other)
        self.asked = asked_of(today)
        self._trusted = trusted
        changes = row_changes(self.today({}, attempt=""), self.other({}, attempt=""))
        first = {each.case for each in changes}
        self._unread = [Marker(_unread(each, first)) for each in (today, other)]
        self._rows: dict[tuple[RowChange, ...], tuple[RowChange, ...]] = {}

    def change(self, agent: str, attempt: AttemptProgress) -> Change | None:
        """Mark an attempt by the other pages; ``None`` where nothing changes.

        Raises:
            BadAnswers: It has no mark yet, and could not be marked today.
        """
        now = attempt.mark or self._marked_today(attempt)
        sheets, name = _sheets(attempt), attempt.attempt
        if self._is_untouched(attempt, sheets):
            return None
        other = self.other(sheets, attempt=name)
        before = AttemptResult(now.percent, now.passed)
        after = AttemptResult(other.percent, other.passed)
        if before == after:
            return None
        change = Change(
            agent,
            self.exercise.id,
            name,
            is_marked=attempt.mark is not None,
            before=before,
            after=after,
            dimensions=_between(now.dimensions, other.dimensions),
        )
        if before.passed == after.passed:
            return change
        return self._flip(change, attempt, self.today(sheets, attempt=name), other)

    def _is_untouched(
        self, attempt: AttemptProgress, sheets: Mapping[str, SheetTexts]
    ) -> bool:
        """Whether the other pages see in it what its mark says, replies unread."""
        if self._trusted is None or attempt.marked_by != self._trusted:
            return False
        today, other = (marker.case_marks(sheets) for marker in self._unread)
        pairs = zip(today, other, strict=True)  # up to the first case that differs
        return all(_sees_the_same(one, two) for one, two in pairs)

    def _flip(
        self, change: Change, attempt: AttemptProgress, today: Mark, other: Mark
    ) -> PassChange:
        rows = tuple(row_changes(today, other))
        return PassChange(
            change.agent,
            change.exercise,
            change.attempt,
            is_marked=change.is_marked,
            before=change.before,
            after=change.after,
            dimensions=change.dimensions,
            rows=self._rows.setdefault(rows, rows),
            lapses=attempt.is_signed_off and not other.passed,
            today_too=self._knows_today and today.passed == other.passed,
            knows_today=self._knows_today,
        )

    def _marked_today(self, attempt: AttemptProgress) -> Mark:
        raw = {
            "exercise": attempt.exercise,
            "attempt": attempt.attempt,
            "answers": {case: dict(each) for case, each in attempt.answers.items()},
        }
        answers = validate_answers(self.exercise.id, self.asked, raw)
        return self.today(answers.by_case, attempt=attempt.attempt)


def _unread(exercise: Exercise, first: Container[str]) -> Exercise:
    """The same with no reply to read, and some of its cases before the others."""
    cases = sorted(exercise.cases, key=lambda case: case.id not in first)
    return replace(exercise, reply_rules=None, cases=tuple(cases))


def _sees_the_same(one: CaseMark, other: CaseMark) -> bool:
    """Whether a case is worth the same twice, and its reply answers the same."""
    return (
        one.points == other.points
        and one.critical == other.critical
        and one.review.is_handed_over == other.review.is_handed_over
        and _asks_the_same(one.review.case, other.review.case)
    )


@lru_cache(maxsize=MOST_KEPT)
def _asks_the_same(one: PracticeCase, other: PracticeCase) -> bool:
    """Whether a reply has to agree with the same in both."""
    return (
        asks_reply(one) == asks_reply(other)
        and right_messages(one) == right_messages(other)
        and reply_context_of(one) == reply_context_of(other)
    )


def row_changes(before: Mark, after: Mark) -> Iterator[RowChange]:
    """Find every question that two sets of pages decide differently.

    A row that only has another number now is not told: it marks nobody differently.
    """
    old, new = _row_verdicts(before), _row_verdicts(after)
    for place in dict.fromkeys((*old, *new)):
        one, other = old.get(place), new.get(place)
        if one is None or other is None or _weight(one) != _weight(other):
            yield RowChange(*place, one, other)


def _row_verdicts(mark: Mark) -> dict[tuple[str, str], RowVerdict]:
    return {
        (case.case.id, verdict.question.key): _row_verdict(verdict)
        for case in mark.cases
        for verdict in case.verdicts
    }


def _row_verdict(verdict: Verdict) -> RowVerdict:
    return RowVerdict(verdict.row, verdict.right, verdict.counts)


def _weight(ruling: RowVerdict) -> tuple[str, bool]:
    return ruling.right, ruling.counts


def _between(
    before: Mapping[str, int], after: Mapping[str, int]
) -> dict[str, tuple[int | None, int | None]]:
    return {
        name: (before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def _sheets(attempt: AttemptProgress) -> dict[str, dict[str, str]]:
    """Drop blank answers, as marking does."""
    return {
        case: {name: text for name, text in each.items() if text.strip()}
        for case, each in attempt.answers.items()
    }
