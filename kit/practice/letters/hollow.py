"""Signs of an empty letter: it breaks off, is a copy, or is about something else.

Words alone show them, whatever the letter claims; see ``is_answer.py``.
"""

import re
from collections.abc import Iterator
from datetime import date

from ...content.letters.claims import NO_ENDING, OPENING
from ..reading.findings import Reply
from ..reading.spellings import is_number
from ..reading.texts import Reading

RUN = 4
"""Words in a row that are the same: what somebody has copied."""

MOST_COPIED, MOST_SAID_AFTER, MOST_SAID_AGAIN = 0.5, 0.62, 0.35
"""Of its words: what somebody has copied, or said again where something is claimed, and
where what must be said is not: 0.32 is the most in 99 of 100 good letters."""

MOST_OF_ANYBODY = 0.52
"""Of its words, where something lacks: the buyer's, and those of any letter."""

FEWEST_OWN = 12
"""Words that are no little ones: fewer are easily those of the buyer, and an answer."""

STEM = 6
"""How many letters of a word are compared: *haben* and *habe* are nearly the same."""

SHORTEST = 4
"""In letters: a shorter word can stand in any message."""

LONGEST_SIGNATURE = 8
"""In words: *Best wishes from all of us, Lin* is no sentence that breaks off."""

_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?…:)](?=\s|$)")


def breaks_off(reply: Reply) -> bool:
    """Whether it ends in the middle of a sentence, such as with *the* or *and*.

    The agent's name is no sentence, and regards and thanks often have no full stop.
    """
    text = reply.reading.text.rstrip()
    last = _END.split(text.splitlines()[-1])[-1]
    if not last.strip():
        return False
    if text.endswith(",") or len(text) in reply.claims.ends_of(NO_ENDING):
        return True
    start = len(text) - len(last.lstrip())
    is_closing = start in reply.claims.starts_of(OPENING)
    names = map(str, reply.context.values.get("agent_name", ()))
    is_signed = any(last.endswith(f", {name}") for name in names)
    is_end = is_closing or is_signed or len(last.split()) <= LONGEST_SIGNATURE
    return not is_end


def is_copied(reply: Reply, decides: bool) -> bool:
    """Whether it repeats what the buyer wrote, also turned round, and no more.

    Args:
        reply: The letter.
        decides: Whether it claims something that decides; then most may be repeated.
    """
    runs = _runs(reply.reading)
    if len(runs & _runs(reply.buyers)) > MOST_COPIED * max(1, len(runs)):
        return True
    own = _stems(reply.reading) - reply.claims.little_words
    same = own & _stems(reply.buyers)
    if decides and len(own) < FEWEST_OWN:
        return False
    return len(same) > (MOST_SAID_AFTER if decides else MOST_COPIED) * len(own)


def says_only_what_anybody_says(reply: Reply) -> bool:
    """Whether most of its words are the buyer's, or stand in any letter.

    That is no answer where the letter does not say what it must.
    """
    own = _stems(reply.reading) - reply.claims.little_words
    same = own & _stems(reply.buyers)
    courtesy = own & {each[:STEM] for each in reply.claims.courtesy_words}
    return len(same) > MOST_SAID_AGAIN * len(own) or len(
        same | courtesy
    ) > MOST_OF_ANYBODY * len(own)


def _runs(reading: Reading) -> set[tuple[str, ...]]:
    words = [each.word for each in reading.wording.tokens]
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _stems(reading: Reading) -> set[str]:
    return {each.word[:STEM] for each in reading.wording.tokens if not each.shape}


def is_about_it(reply: Reply) -> bool:
    """Whether it names a number, day or amount of the case, or a word of the buyer.

    Words of the item count as well. A greeting and other words that any letter may have
    show nothing. Nor does today.
    """
    context = reply.context
    own = filter(is_number, context.own_words)
    if any(each in reply.reading.text for each in own):
        return True
    known = {each for values in context.values.values() for each in values}
    known |= reply.buyers.days
    said = {*reply.reading.amounts, *dates_in_numbers(reply)} - {context.today}
    if said & known:
        return True
    if _names_the_action(reply):
        return True
    anyone = reply.claims.little_words | reply.claims.courtesy_words
    tokens = reply.reading.wording.tokens
    own_words = {each.word for each in tokens if not each.shape} - anyone
    words = {each[:STEM] for each in own_words}
    item = {str(each).casefold() for each in context.values.get("item", ())}
    theirs = _stems(reply.buyers) | {
        word[:STEM] for each in item for word in _WORD.findall(each)
    }
    is_shared = any(len(each) >= SHORTEST for each in words & theirs)
    return is_shared or not reply.buyers.wording.tokens


def _names_the_action(reply: Reply) -> bool:
    """Whether it says in words what is done, as a note to the lead would."""
    phrases = reply.rules.note_actions.get(reply.context.action)
    return phrases is not None and bool(reply.reading.wording.hits(phrases))


def dates_in_numbers(reply: Reply) -> Iterator[date]:
    """The days that it names by a number: *today* is said without a thought."""
    for each in reply.reading.of("day"):
        if any(sign.isdigit() for sign in each.words):
            yield from each.days
