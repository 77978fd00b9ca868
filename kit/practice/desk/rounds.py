"""Replay the decisions about a case: the review of each, and the talk with the buyer.

A correction counts for the day on which the case was first decided: time that goes by
while somebody reads feedback changes no right answer. A right action ends the matter
once the other answers are right, too: until then nothing is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ...content.cases import PracticeCase
from ...content.letters.reply_rules import ReplyRules
from ...content.playbook.talk import Talk, TalkLine
from ..case.review import Review, review_of, sent_day
from ..case.sheets import Sheet
from .buyer_reactions import buyer_reply
from .buyer_talk import Move, TalkProgress, answer_day, begin_talk, take_move


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """The reviews of all decisions about a case, and the talk with the buyer."""

    case: PracticeCase
    """The case, as it arrived."""

    sheets: tuple[Sheet, ...]
    """All that was done at each decision."""

    reviews: tuple[Review, ...]
    """Each decision, held against the page."""

    talk_progress: TalkProgress | None
    """The talk that came of it; ``None`` where the page has none."""

    answered: tuple[int, ...] = ()
    """For each round of the talk the number of the decision that the buyer answers."""

    @property
    def late_before(self) -> tuple[bool, ...]:
        """For each decision, whether an earlier one was too late."""
        late = [each.is_late for each in self.reviews]
        return tuple(any(late[:number]) for number in range(len(late)))

    @property
    def is_held_back(self) -> bool:
        """Whether the last decision was not sent: an answer or the note is wrong."""
        if (
            self.talk_progress is None
            or self.talk_progress.end is not None
            or not self.reviews
        ):
            return False
        return len(self.reviews) - 1 not in self.answered

    @property
    def answered_on(self) -> date | None:
        """The day on which the buyer answered last; ``None`` while nobody has."""
        return _answered_on(self.case, self.talk_progress, self.sheets, self.answered)


def case_history(
    case: PracticeCase, sheets: Sequence[Sheet], rules: ReplyRules | None
) -> CaseHistory:
    """Review every decision in order, and let the buyer reply.

    Args:
        case: The case, as it arrived.
        sheets: All that was done at each decision, in their order.
        rules: How replies are checked; ``None`` where the folder has no such rules.
    """
    talk = case.playbook.talk
    talk_progress = begin_talk(talk, case.mood) if talk else None
    reviews: list[Review] = []
    answered: list[int] = []
    for number, sheet in enumerate(sheets):
        since = _answered_on(case, talk_progress, sheets, answered)
        review = review_of(case, sheet, rules, since=since)
        reviews.append(review)
        if talk_progress is not None and talk_progress.end is None:
            line = buyer_reply(case, talk_progress.talk, talk_progress.state, review)
            if _is_sent(review, talk_progress.talk, line):
                talk_progress = take_move(
                    talk_progress, review.move, review.action, line=line
                )
                answered.append(number)
    return CaseHistory(
        case, tuple(sheets), tuple(reviews), talk_progress, tuple(answered)
    )


def _is_sent(review: Review, talk: Talk, line: TalkLine) -> bool:
    """Whether the buyer hears of a decision.

    A right action does not end the matter while an answer beside it is wrong, nor does
    a note for the team lead in which something is missing: no buyer reads it. A note
    where the buyer is to be answered goes to nobody.
    """
    if review.is_misaddressed:
        return False
    is_poor = review.is_note and not review.reply_is_right
    if is_poor and review.move is not Move.WRONG:
        return False
    ends = talk.end(line.next) is not None
    return review.all_right or review.move is Move.WRONG or not ends


def _answered_on(
    case: PracticeCase,
    talk_progress: TalkProgress | None,
    sheets: Sequence[Sheet],
    answered: Sequence[int],
) -> date | None:
    if talk_progress is None or not talk_progress.rounds:
        return None
    on = sent_day(case, sheets[answered[-1]])
    return answer_day(talk_progress.rounds[-1].line, on, case.marketplace)
