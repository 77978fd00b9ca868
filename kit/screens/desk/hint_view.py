"""Feedback with hints: which answers are right, and what to look at again.

Nothing here tells what is right of an answer that is wrong: a table whose row would
give it away is not shown, nor the day, nor the words of a message.
"""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from ...catalogue import say
from ...content.letters.reply_rules import (
    LANGUAGE,
    LENGTH,
    NOTE_WORDS,
    SLOTS,
    WORDS,
)
from ...practice.case.keys import Verdict
from ...practice.case.review import NO_REPLY_RULE, Review
from ...practice.case.sheets import Sheet
from ...practice.desk.hints import Hints
from ...practice.desk.session import Session
from ...practice.desk.steps import unused_steps
from ...practice.wording import sentence_case
from ..markup import join, piece
from .review_view import evidence, lateness
from .verdict_view import answers_in_words, verdict_cards, verdict_line
from .writing import marked_reply

TELLS_NOTHING = {SLOTS, LANGUAGE, WORDS, LENGTH, NOTE_WORDS}
"""What a rule of replies may look at so that its finding tells nothing of the case."""


def shown_verdicts(session: Session, review: Review) -> Sequence[Verdict]:
    """List the answers that may be shown: the right ones, or all after the hints."""
    if not session.gives_hints:
        return review.verdicts
    return [each for each in review.verdicts if each.is_right]


def hint_cards(session: Session) -> Markup:
    """Show of what is wrong only a hint, and below it what is right with its reason.

    Args:
        session: A session that was decided once.
    """
    review = session.reviews()[-1]
    if review.all_right:
        decisions = verdict_cards(review.case, review.verdicts)
    else:
        decisions = _decisions(review, session.decided[-1])
    wrong = (each for each in review.verdicts if not each.is_right)
    is_told = not any(each.question.is_due for each in wrong)
    late = lateness(review, is_told=is_told)
    cards = [decisions, _reply(session, review)]
    if review.all_right and not review.reply_is_right:
        cards.reverse()  # What is still to do comes first.
    return join((late, evidence(review), *cards))


def _decisions(review: Review, sheet: Sheet) -> Markup:
    """Show one card for each decision, the wrong ones first.

    Which step changes nothing follows from the rows of the later ones, so it is not
    told while some answer is wrong.
    """
    hints = Hints(review.case, review.verdicts, sheet)
    unused = unused_steps(review.case)
    first, then = [], []
    for table, group in groupby(review.verdicts, key=lambda v: v.explanation.table):
        same = list(group)
        if not all(each.is_right for each in same):
            first.append(_card(table, same, hints))
        elif table in unused or hints.rests_on_wrong(table):
            then.append(_card(table, same, hints))
        else:
            then.append(verdict_cards(review.case, same))
    return join((*first, *then))


def _card(table: str, verdicts: Sequence[Verdict], hints: Hints) -> Markup:
    """Show the answers of one table, without its row."""
    lines = join(_line(each, hints) for each in verdicts)
    return piece(
        '<div class="kit-verdict"><h3>{}</h3>{}</div>', sentence_case(table), lines
    )


def _line(verdict: Verdict, hints: Hints) -> Markup:
    if verdict.is_right:
        return piece('<p class="kit-right">{}</p>', verdict_line(verdict))
    _, given = answers_in_words(verdict)
    kind = "wrong" if verdict.given else "open"
    words = say(f"desk.hint-{kind}", name=verdict.question.name, given=given)
    return piece(
        '<p class="kit-{}">{}</p><p class="kit-if">{}</p>',
        kind,
        words,
        hints.of(verdict),
    )


def _reply(session: Session, review: Review) -> Markup:
    """Show what is wrong with the reply, as far as it tells nothing of the answers."""
    if review.reply is None:
        return Markup("")
    rules = session.rules.rules if session.rules else ()
    looks = {each.id: each.looks_at for each in rules}
    shown = tuple(
        each
        for each in review.findings
        if review.all_right
        or each.rule == NO_REPLY_RULE
        or looks.get(each.rule) in TELLS_NOTHING
    )
    is_all = review.all_right
    read = review.read if is_all else ()
    parts = [marked_reply(review.reply, shown, read)] if shown or is_all else []
    if not is_all and not session.is_over:
        words = say("desk.reply.later")
        parts.append(piece('<p class="kit-hint">{}</p>', words))
    if not parts:
        return Markup("")
    return piece(
        '<div class="kit-verdict"><h3>{}</h3>{}</div>',
        say("desk.reply.yours"),
        join(parts),
    )
