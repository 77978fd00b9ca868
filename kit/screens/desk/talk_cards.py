"""What buyer and agent write to each other, and how the matter ended."""

from collections.abc import Iterator, Sequence
from datetime import date

from markupsafe import Markup

from ...catalogue import language, say
from ...content.cases import PracticeCase
from ...practice.case.review import Review, sent_day
from ...practice.case.sheets import NO_REPLY
from ...practice.desk.buyer_talk import (
    Move,
    Round,
    TalkProgress,
    answer_day,
    buyer_words,
)
from ...practice.desk.rounds import CaseHistory
from ...practice.desk.session import Session
from ...practice.wording import day_words
from ..markup import buyer_card, initial, join, paragraphs, piece


def conversation(session: Session) -> Markup:
    """Show the buyer's first message, and every reply and answer since."""
    cards = [buyer_card(session.case)]
    reviews, talk_progress, answered = (
        session.reviews(),
        session.talk_progress,
        session.history.answered,
    )
    for number, each in zip(
        answered, talk_progress.rounds if talk_progress else (), strict=True
    ):
        sheet = session.decided[number]
        on = sent_day(session.case, sheet)
        cards.append(_ours(sheet.reply, reviews[number], on))
        day = answer_day(each.line, on, session.case.marketplace)
        cards.append(_theirs(session.case, each, day))
    return piece('<div class="kit-talk">{}</div>', join(cards))


def last_answer(session: Session) -> Markup:
    """Show what the buyer answered to the last decision; nothing if it was not sent."""
    talk_progress, day = session.talk_progress, session.history.answered_on
    if talk_progress is None or day is None or session.history.is_held_back:
        return Markup("")
    return _theirs(session.case, talk_progress.rounds[-1], day)


def ending(history: CaseHistory) -> Markup:
    """Show how a matter ended, and the way to it as a picture.

    Args:
        history: The decisions about a case whose talk has ended.
    """
    talk_progress = history.talk_progress
    end = talk_progress.end if talk_progress else None
    if talk_progress is None or end is None:
        return Markup("")
    tone = "kit-right" if end.is_good else "kit-wrong"
    sign = "✓" if end.is_good else "✗"
    return piece(
        '<div class="kit-ending"><h3>{}</h3><p class="kit-lead {}">{} {}</p>'
        '<p>{}</p><ol class="kit-walk">{}</ol></div>',
        say("desk.talk.ended"),
        tone,
        sign,
        end.words,
        say("desk.talk.feedback", feedback=end.feedback),
        join(
            _steps(
                talk_progress, [history.late_before[each] for each in history.answered]
            )
        ),
    )


def _steps(
    talk_progress: TalkProgress, late_before: Sequence[bool]
) -> Iterator[Markup]:
    """Show each mood, what was done in it, and at last the end."""
    for each, is_after_late in zip(talk_progress.rounds, late_before, strict=True):
        mood = talk_progress.talk.mood(each.state)
        yield piece('<li class="kit-mood">{}</li>', mood.words if mood else each.state)
        yield piece(
            '<li class="kit-move kit-{}">{}</li>',
            each.move.value,
            _move_words(each.move, is_after_late=is_after_late),
        )
    end = talk_progress.end
    if end is not None:
        yield piece(
            '<li class="kit-end {}">{}</li>',
            "kit-right" if end.is_good else "kit-wrong",
            end.words,
        )


def _move_words(move: Move, *, is_after_late: bool) -> str:
    """Say what was done; a good move after a late decision is not called in time."""
    if is_after_late and move in {Move.RIGHT, Move.HAND_OVER, Move.POOR_REPLY}:
        return say(f"desk.talk.move-after-late.{move.value}")
    return say(f"desk.talk.move.{move.value}")


def _ours(text: str, review: Review, on: date) -> Markup:
    """Show what was sent; a note is not sent to the buyer, and says so."""
    day = day_words(on, language())
    if text in {"", NO_REPLY}:
        words = say("desk.talk.no-reply", day=day)
        return piece('<p class="kit-hint">{}</p>', words)
    kind = "note" if review.is_handed_over else "you"
    return piece(
        '<div class="kit-message kit-ours"><p class="kit-from">{}</p><p>{}</p></div>',
        say(f"desk.talk.{kind}", day=day),
        paragraphs(text),
    )


def _theirs(case: PracticeCase, each: Round, day: date) -> Markup:
    name = str(case.facts.get("buyer_name") or say("desk.buyer"))
    title = say("desk.talk.answers", name=name, day=day_words(day, language()))
    return piece(
        '<div class="kit-message" data-initial="{}"><p class="kit-from">{}</p>'
        "<p>{}</p></div>",
        initial(name),
        title,
        paragraphs(buyer_words(case, each.line)),
    )
