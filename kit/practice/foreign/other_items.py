"""Items that a letter names and that are no part of its case.

The page lists what is often sold, one row for each kind of thing. A kind of which a
word stands in the case, or in what the buyer wrote, can be meant.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from ...content.letters.claims import ITEM, POINTING
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Phrases, Token, Wording, plain_word
from ..reading.findings import Finding, Reply

MOST_BEFORE = 2
"""In words: *your copper* kettle."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def other_items(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find an item of another kind: *your lamp* where a mug was sold.

    Only one that the letter points to counts: *a kettle* may be an example. A case
    knows its own item only in its own language.
    """
    items = reply.claims.claims.phrases_of(ITEM, reply.language)
    is_other_language = reply.language != reply.context.language
    if is_other_language or not reply.reading.wording.has(items):
        return
    tokens, pointing = reply.reading.wording.tokens, reply.claims.words_of(POINTING)
    words = [each.word for each in tokens]
    pointed = {
        tokens[place].start
        for place in range(1, len(words))
        if not pointing.isdisjoint(words[max(0, place - MOST_BEFORE) : place])
    }
    for kind in reply.claims.claims.marks_of(ITEM, reply.language):
        hits = reply.reading.wording.hits(kind.phrases, kind.unless)
        first = next((each for each in hits if each.start in pointed), None)
        if first is not None and not _is_known(reply, kind.phrases):
            words_of_it = reply.reading.text[first.start : first.end]
            yield reply.finding(rule, first, words_of_it)


def _is_known(reply: Reply, phrases: Phrases) -> bool:
    """Whether a word of its kind stands in the case or in the buyer's message."""
    words = _case_words(reply.context.texts)
    return words.has(phrases) or reply.buyers.wording.has(phrases)


@lru_cache(maxsize=256)
def _case_words(texts: str) -> Wording:
    """The words of the texts of a case, as one sentence."""
    return Wording(
        [
            Token(match.start(), match.end(), plain_word(match[0]), 0)
            for match in _WORD.finditer(texts)
        ]
    )
