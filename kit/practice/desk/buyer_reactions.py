"""What a buyer answers to a decision: the page's line, or what all buyers say.

A fault in the letter is answered before the line of the page, and a right question is
answered with news. Which news it is follows from the case and what the letter offers:
the same letter in the same case always goes on in the same way.
"""

from collections.abc import Iterator
from dataclasses import replace

from ...content.cases import PracticeCase
from ...content.letters.reactions import NONE_NEEDED, NONE_SENT
from ...content.letters.reply_rules import (
    HOLLOW,
    LANGUAGE,
    MISSING_CLAIMS,
    SLOTS,
    WORDS,
)
from ...content.playbook.talk import Move, Talk, TalkLine
from ...content.reference.messages import ENGLISH
from ...content.reference.moods import End, FollowUp, Reaction
from ...rules.values import key_of
from ..case.review import NO_REPLY_RULE, Review
from ..generate.seeded_random import SeededRandom
from ..letters.letter_check import ADVICE, WRONG
from .buyer_talk import answer_to

OF_THE_LETTER = (WORDS, LANGUAGE, SLOTS, HOLLOW)
"""What a rule looks at if it needs no decision: an insult is one in every letter."""


def buyer_reply(
    case: PracticeCase,
    talk: Talk,
    state: str,
    review: Review,
) -> TalkLine:
    """Find what the buyer answers to a decision.

    Args:
        case: The case.
        talk: The talk of its page.
        state: Id of the mood in which the buyer is.
        review: The decision, held against the page.

    Returns:
        The line of the page, with other words where letter or news ask for them.

    Raises:
        TalkEnded: The state is an end.
    """
    line = answer_to(talk, state, review.move, review.action)
    follow_up = _follow_up(case, talk, line, review)
    if follow_up is not None:
        said = _with_words(line, follow_up)
        return replace(said, next=follow_up.end or line.next)
    reaction = _reaction(case, state, review)
    if reaction is None or _ends_by_action(talk, line, review):
        return line
    end = talk.end(line.next)
    said = _with_words(line, reaction)
    return replace(said, next=reaction.end or line.next) if _is_good(end) else said


def _follow_up(
    case: PracticeCase, talk: Talk, line: TalkLine, review: Review
) -> FollowUp | None:
    """What comes of a right question; nothing where the page goes on talking."""
    if review.move is not Move.RIGHT or talk.end(line.next) is None:
        return None
    follow_ups = case.playbook.reference.follow_ups
    fitting = [
        each
        for each in follow_ups
        if review.action in each.actions
        and (not each.claim or each.claim in review.claims)
    ]
    if not fitting:
        return None
    return SeededRandom(f"{case.playbook.id} {case.id} {review.action}").choice(fitting)


def _reaction(case: PracticeCase, state: str, review: Review) -> Reaction | None:
    """The first row that names something found, for a buyer in this mood."""
    found = {key_of(each) for each in _felt_findings(review)}
    for each in case.playbook.reference.reactions:
        if each.fits(state) and not found.isdisjoint(map(key_of, each.findings)):
            return each
    return None


def _felt_findings(review: Review) -> Iterator[str]:
    """The names of the findings that a buyer feels.

    After a wrong decision these are only faults of the letter itself: everything else
    was held against a decision that the agent did not take.
    """
    hand_overs = review.case.playbook.reference.hand_over.values()
    if review.move is Move.WRONG and review.action in hand_overs:
        yield NONE_SENT  # What was written is a note to the lead.
        return
    is_good = review.move in {Move.RIGHT, Move.HAND_OVER}
    is_silent = review.reply == "" and not review.is_handed_over
    if (is_good and is_silent) or (review.move is Move.RIGHT and review.is_note):
        yield NONE_NEEDED
    for each in review.findings:
        if each.rule == NO_REPLY_RULE:
            yield NONE_SENT
        elif each.looks_at == MISSING_CLAIMS and review.claims:
            continue  # It says something of what was decided, perhaps in other words.
        elif each.severity == (ADVICE if is_good else WRONG) and (
            review.move is not Move.WRONG or each.looks_at in OF_THE_LETTER
        ):
            yield each.rule


def _is_good(end: End | None) -> bool:
    return end is not None and end.is_good


def _ends_by_action(talk: Talk, line: TalkLine, review: Review) -> bool:
    """Whether the action itself has ended the talk, whatever was written with it."""
    named = review.move is Move.WRONG and review.action in line.moves
    return named and talk.end(line.next) is not None


def _with_words(line: TalkLine, said: Reaction | FollowUp) -> TalkLine:
    others = {key: text for key, text in said.words.items() if key != ENGLISH}
    english = said.words.get(ENGLISH, line.says)
    return replace(line, says=english, translations=others)
