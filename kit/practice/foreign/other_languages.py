"""Sentences of a letter that are in another language than the rest of it."""

import re
from collections.abc import Iterator, Sequence

from ...content.letters.claims import COURTESY, LITTLE, OPENING
from ...rules.phrases import Token
from ..reading.commas import quotes
from ..reading.findings import Reply
from ..reading.languages import language_of
from .strangers import TextSpan

FEWEST_WORDS = 4
"""A shorter one may be a greeting, a name or a button."""

LONGEST_GREETING = 9
"""In words: *Viele Grüße aus Hamburg und ein schönes Wochenende*."""

FEWEST_OTHERS = 2
"""Words of any letter in another language that show it, where there is none of ours."""

FEWEST_TO_TELL, MOST_OWN = 8, 0.13
"""In words, and of them: without known words, the library tells a long sentence."""

_SIGNS = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]{4,}")
"""Words in another script."""


def foreign_sentences(reply: Reply) -> Iterator[TextSpan]:
    """Find sentences in another language; greetings and what is quoted are none."""
    text, buyers = reply.reading.text, reply.buyers.text.casefold()
    for words in _sentences(reply):
        start, end = words[0].start, words[-1].end
        said = text[start:end]
        if (
            _is_foreign(reply, words, said)
            and not _is_greeting(reply, words)
            and said.casefold() not in buyers
        ):
            yield TextSpan(start, end)
    for match in _SIGNS.finditer(text):
        if match[0] not in reply.buyers.text:
            yield TextSpan(*match.span())


def _sentences(reply: Reply) -> Iterator[Sequence[Token]]:
    """The sentences, without what is quoted in them, and without texts of the case."""
    text = reply.reading.text
    quoted = [*quotes(text)]
    for own in (each for each in reply.context.own_words if " " in each):
        quoted += [
            match.span() for match in re.finditer(re.escape(own), text, re.IGNORECASE)
        ]
    found: dict[int, list[Token]] = {}
    for token in reply.reading.wording.tokens:
        if not any(start <= token.start < end for start, end in quoted):
            found.setdefault(token.sentence, []).append(token)
    yield from (each for each in found.values() if len(each) >= FEWEST_WORDS)


def _is_foreign(reply: Reply, tokens: Sequence[Token], said: str) -> bool:
    """Whether its words are those of any letter in another language.

    Of a language without such words on the page, the library tells.
    """
    words = [each.word for each in tokens if not each.shape]
    ours = _words_of_any_letter(reply, reply.language)
    own = sum(word in ours for word in words)
    for language in reply.rules.languages:
        if language != reply.language:
            theirs = _words_of_any_letter(reply, language) - ours
            if sum(word in theirs for word in words) >= FEWEST_OTHERS + 2 * own:
                return True
    is_address = any(sign.isdigit() for sign in said)
    if is_address or own > MOST_OWN * len(words) or len(words) < FEWEST_TO_TELL:
        return False
    return language_of(said) not in {"", reply.language}


def _words_of_any_letter(reply: Reply, language: str) -> frozenset[str]:
    claims = reply.claims.claims
    return claims.first_words(LITTLE, language) | claims.first_words(COURTESY, language)


def _is_greeting(reply: Reply, tokens: Sequence[Token]) -> bool:
    """Whether it opens or closes a letter, in any language: *Viele Grüße*."""
    if len(tokens) > LONGEST_GREETING:
        return False
    return any(
        hit.start == tokens[0].start
        for language in reply.rules.languages
        for hit in reply.reading.wording.hits(
            reply.claims.claims.phrases_of(OPENING, language)
        )
    )
