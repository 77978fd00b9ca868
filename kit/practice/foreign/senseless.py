"""Words of a letter that are grammar, and that nobody can mean.

Three signs are sure enough to say so: a thing that does what only people do (*the door
explains*), a thing that is another thing (*the door is a garden*), and a thing where a
verb has to stand (*we banana it*). They never make a letter wrong: they only keep it
from being praised.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...content.letters.claims import COPULA, ITEM, ONLY_PEOPLE, PRONOUN, THING
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Token
from ..reading.findings import Finding, Reply
from .strangers import TextSpan

MOST_BEFORE_SUBJECT = 2
"""In words: what may stand before a thing that opens its clause: *the old* door."""


def senseless(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find words that make no sense together, each place once."""
    text, ends = reply.reading.text, 0
    for place in sorted(_places(reply)):
        if place.start >= ends:
            ends = place.end
            yield reply.finding(rule, place, text[place.start : place.end])


def _places(reply: Reply) -> Iterator[TextSpan]:
    words = reply.claims.words_of
    tokens = reply.reading.wording.tokens
    things = words(THING) | words(ITEM)
    deeds = words(ONLY_PEOPLE)
    opens = {each.sentence: each.start for each in reversed(tokens)}
    for one, other in pairwise(tokens):
        if one.sentence != other.sentence:
            continue
        is_next = not reply.reading.text[one.end : other.start].strip()
        is_thing = one.word in things or one.shape == "day"
        is_subject = is_thing and _is_subject(reply, one, opens[one.sentence])
        if is_next and is_subject and other.word in deeds:
            yield TextSpan(one.start, other.end)
        if is_next and _stands_for_a_verb(
            reply, one, other, words(THING), words(PRONOUN)
        ):
            yield TextSpan(one.start, other.end)
    yield from _equated(reply, tokens, words(THING))


def _is_subject(reply: Reply, thing: Token, opens: int) -> bool:
    """Whether a thing with at most two words before it opens its clause."""
    before = reply.reading.text[opens : thing.start].rsplit(",", 1)[-1].split()
    return len(before) <= MOST_BEFORE_SUBJECT


def _stands_for_a_verb(
    reply: Reply,
    one: Token,
    other: Token,
    things: frozenset[str],
    pronouns: frozenset[str],
) -> bool:
    """Whether a thing stands right behind *we*: a noun of German has a capital."""
    said = reply.reading.text[other.start : other.end]
    is_noun = reply.language == "en" or said[0].isupper()
    return one.word in pronouns and other.word in things and is_noun


def _equated(
    reply: Reply, tokens: Sequence[Token], things: frozenset[str]
) -> Iterator[TextSpan]:
    """Find one thing that is said to be another one: *the door is a garden*."""
    for hit in reply.claims.hits_of(COPULA):
        before = [each for each in tokens if each.end <= hit.start][-1:]
        behind = [each for each in tokens if each.start >= hit.end][:1]
        for one in before:
            for other in behind:
                is_pair = {one.word, other.word} <= things and one.word != other.word
                if is_pair and one.sentence == other.sentence:
                    yield TextSpan(one.start, other.end)
