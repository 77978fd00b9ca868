"""What is said about a piece of work: its answers, what was seen, how it reads."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from ...catalogue import language, say
from ...practice.case.panels import panel_title
from ...practice.case.review import CONFIDENCES, Review, right_messages
from ...practice.letters.letter_check import WRONG
from ...practice.wording import day_words, fill_message
from ..markup import join, paragraphs, piece
from .verdict_view import verdict_cards
from .writing import marked_reply

GOOD, BAD, NOTE = "good", "bad", "note"
SIGNS = {GOOD: "✓", BAD: "✗", NOTE: "!"}
"""How a part of the work is, and the sign of it."""


def review_cards(review: Review, *, unfolded: bool = False) -> Markup:
    """Show all reasons: time, evidence, each decision with its row, the reply.

    Args:
        review: The work.
        unfolded: Whether rules and tables stand open, as on paper.
    """
    decisions = verdict_cards(review.case, review.verdicts, unfolded=unfolded)
    reply = reply_card(review)
    cards = (decisions, reply) if review.reply_is_right else (reply, decisions)
    return join((lateness(review), evidence(review), *cards))


def summary(
    review: Review, *, gives_hints: bool = False, is_after_late: bool = False
) -> Markup:
    """Say in a few words with signs how the work is, and how sure its agent was.

    Args:
        review: The work.
        gives_hints: Whether hints follow. A reply to a wrong decision is not called
            good or bad then: it is checked against the right one.
        is_after_late: Whether an earlier decision about the case was too late. A
            correction is never called "in time" then.
    """
    is_told = review.all_right or not gives_hints
    signs = join(
        piece(
            '<li class="kit-{}">{} {}</li>',
            kind,
            SIGNS[kind],
            words,
        )
        for kind, words in _parts(
            review, tells_reply=is_told, is_after_late=is_after_late
        )
    )
    sure = Markup("")
    if review.sure in CONFIDENCES:
        words = say("desk.sum.sure", sure=say(f"desk.sure.{review.sure}"))
        sure = piece("<li>{}</li>", words)
    return piece('<ul class="kit-sum">{}{}</ul>', signs, sure)


def _parts(
    review: Review, *, tells_reply: bool, is_after_late: bool
) -> Iterator[tuple[str, str]]:
    """Say of each part whether it is good, and how it is."""
    right, count = sum(each.is_right for each in review.verdicts), len(review.verdicts)
    words = say("desk.sum.answers", right=right, count=count)
    yield _kind(is_good=right == count), words
    if review.due is not None and any(each.given for each in review.verdicts):
        is_early = not review.is_late and not is_after_late
        name = "late-before" if is_after_late else "in-time" if is_early else "late"
        yield _kind(is_good=is_early), say(f"desk.sum.{name}")
    name = "unseen" if review.unseen else "looked"
    yield _kind(is_good=not review.unseen), say(f"desk.sum.{name}")
    if review.reply is not None and tells_reply:
        wrong = sum(each.severity == WRONG for each in review.findings)
        name = "reply-wrong" if wrong else "reply"
        tips = len(review.findings) - wrong
        if wrong or not tips:
            yield _kind(is_good=not wrong), say(f"desk.sum.{name}", count=wrong)
        if tips:
            yield NOTE, say("desk.sum.tips", count=tips)


def _kind(*, is_good: bool) -> str:
    return GOOD if is_good else BAD


def lead(review: Review, *, is_over: bool, gives_hints: bool) -> Markup:
    """Say in a line how much is right, and whether it was in time.

    Args:
        review: The work.
        is_over: Whether nothing can be changed any more.
        gives_hints: Whether hints follow, and not yet the answers.
    """
    right = sum(each.is_right for each in review.verdicts)
    if review.is_right and not review.reply_is_right:
        words, tone = say("desk.right-but-reply"), "kit-wrong"
    elif review.is_right:
        words, tone = say("desk.all-right"), "kit-right"
    elif right == len(review.verdicts):
        words, tone = say("desk.right-too-late"), "kit-wrong"
    else:
        count = len(review.verdicts)
        name = "some-right-hints" if gives_hints else "some-right"
        words = say(f"desk.{name}", right=right, count=count)
        words += " " + say("desk.start-again" if is_over else "desk.change-it")
        tone = "kit-wrong"
    return piece('<p class="kit-lead {}" role="status">{}</p>', tone, words)


def lateness(review: Review, *, is_told: bool = True) -> Markup:
    """Say which day was missed; nothing where none was.

    Args:
        review: The work.
        is_told: Whether the day may be told.
    """
    if not review.is_late or review.due is None:
        return Markup("")
    if not is_told:
        return piece('<p class="kit-wrong">✗ {}</p>', say("desk.late-untold"))
    due = day_words(review.due, language())
    return piece('<p class="kit-wrong">✗ {}</p>', say("desk.late", due=due))


def evidence(review: Review) -> Markup:
    """Say what somebody decided before looking at; nothing where all was seen."""
    if not review.unseen:
        return Markup("")
    reference = review.case.playbook.reference
    lines = join(
        piece(
            "<li>{}</li>",
            say(
                "desk.unseen-buyer" if each.only_buyer else "desk.unseen",
                fact=reference.name_on_screen(each.fact.name),
                panel=panel_title(each.fact.place),
            ),
        )
        for each in review.unseen
    )
    return piece(
        '<p class="kit-wrong">✗ {}</p><ul>{}</ul>', say("desk.before-looking"), lines
    )


def reply_card(review: Review) -> Markup:
    """Show what there is to say about the reply, and what could be written."""
    if review.reply is None:
        return _message(review)
    return piece(
        '<div class="kit-verdict"><h3>{}</h3>{}</div>{}',
        say("desk.reply.yours"),
        marked_reply(review.reply, review.findings, review.read),
        _message(review),
    )


def _message(review: Review) -> Markup:
    """Show the message that the deciding rows name; for the lead, what a note names."""
    case = review.case
    if any(each.hands_over for each in review.verdicts):
        return piece(
            '<details class="kit-verdict"><summary>{}</summary><p>{}</p></details>',
            say("desk.note-title"),
            say("desk.note-needs"),
        )
    answers: dict[str, Any] = {}
    for decision in case.decide():
        answers |= decision.answers
    cards = []
    for each in right_messages(case):
        message = case.playbook.message(each, case.marketplace.language)
        if message is not None:
            text = fill_message(case, message, answers)
            cards.append(
                piece(
                    '<details class="kit-verdict"><summary>{}</summary>'
                    "<blockquote>{}</blockquote></details>",
                    say("desk.message-title"),
                    paragraphs(text),
                )
            )
    return join(cards)
