"""How far one case is on a desk, told by what was done with it alone.

A desk that is open and the records of years ago are both told by ``after``. Only the
first try at a case is unaided: after it the agent has read a hint. So the first one is
kept apart from all that follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from .deeds import (
    Answer,
    Ask,
    Decide,
    Deed,
    Look,
    Restart,
    ShowAnswers,
    Wait,
)
from .sheets import Sheet


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """How far one case is."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """The latest answer to each question; none where it was taken back."""

    looked: tuple[str, ...] = ()
    """The panels that were opened, in the order of opening."""

    asked: tuple[str, ...] = ()
    """The facts for which the buyer was asked, in their order."""

    day: date | None = None
    """The day of the case, once one has gone by."""

    decided: tuple[Sheet, ...] = ()
    """All that was done with the case at each decision since it was started."""

    right: bool | None = None
    """Whether the latest decision was right; ``None`` while the case is open."""

    is_changed: bool = False
    """Whether an answer was changed, or a day went by, after the latest decision."""

    tries: int = 0
    """How often the case was decided, also before it was started anew."""

    first: bool | None = None
    """Whether the first try was right; ``None`` where the records do not say."""

    earlier: bool | None = None
    """Whether the latest decision of an earlier version was right, which did not count
    its tries; ``None`` where there is none since the case was started."""

    unaided: tuple[bool, ...] = ()
    """Whether each try without help was right: the first one, and all of an earlier
    version, which gave no hints."""

    was_right: bool = False
    """Whether some try was right, aided or not."""

    is_shown: bool = False
    """Whether the right answers were shown since the case was started."""

    @property
    def is_decided(self) -> bool:
        """Whether the case is decided and was not started anew since."""
        return self.right is not None

    @property
    def is_mastered(self) -> bool:
        """Whether the first try was right, before any hint.

        What an earlier version kept counts as it did there: by its latest decision.
        """
        return self.first is True or self.earlier is True

    @property
    def is_solved(self) -> bool:
        """Whether the case was decided rightly in the end, with hints or without."""
        return self.was_right or self.earlier is True


def after(deed: Deed, before: CaseProgress) -> CaseProgress:
    """Say how far a case is after one more deed."""
    match deed:
        case Restart():
            return CaseProgress(
                tries=before.tries,
                first=before.first,
                unaided=before.unaided,
                was_right=before.was_right,
            )
        case Look():
            opened = dict.fromkeys((*before.looked, deed.panel))
            return replace(before, looked=tuple(opened))
        case Ask() | Wait():
            fact = (deed.fact,) if isinstance(deed, Ask) else ()
            asked = tuple(dict.fromkeys((*before.asked, *fact)))
            changed = before.is_decided
            return replace(before, asked=asked, day=deed.day, is_changed=changed)
        case Answer():
            answers = {**before.answers, deed.question: deed.value}
            given = {key: text for key, text in answers.items() if text is not None}
            return replace(before, answers=given, is_changed=before.is_decided)
        case Decide():
            return _decided(deed, before)
        case ShowAnswers():
            return replace(before, is_shown=True)


def _decided(deed: Decide, before: CaseProgress) -> CaseProgress:
    days = (before.day, deed.sheet.day, deed.sheet.sent)
    now = replace(
        before,
        answers={**before.answers, **deed.sheet.answers},
        day=max(filter(None, days), default=None),
        decided=(*before.decided, deed.sheet),
        right=deed.right,
        is_changed=False,
        tries=before.tries + 1,
    )
    unaided = (*before.unaided, deed.right)
    if deed.number == 0:
        return replace(now, earlier=deed.right, unaided=unaided)
    now = replace(now, was_right=before.was_right or deed.right)
    if deed.number == 1 and before.first is None:
        return replace(now, first=deed.right, unaided=unaided)
    return now
