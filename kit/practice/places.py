"""Places that a letter names and that are not in its case."""

import re
from collections.abc import Iterator

from ..content.claims import TOWN
from ..content.replyrules import ReplyRule
from .findings import Finding, Reply
from .strangers import Span

_HOUSE_FIRST = re.compile(r"(?P<number>\d{1,5}[a-z]?) (?P<street>[^\W\d].{2,60})")
_HOUSE_LAST = re.compile(r"(?P<street>[^\W\d].{2,60}) (?P<number>\d{1,5}[a-z]?)")


def places(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find towns of which the case does not know, and wrong house numbers."""
    known = reply.occasion.places.casefold()
    for hit in reply.claims.hits_of(TOWN):
        words = reply.reading.text[hit.start : hit.end]
        if words[0].isupper() and words.casefold() not in known:
            yield reply.finding(rule, hit, words)
    for own in reply.occasion.own_words:
        for pattern, other in ((_HOUSE_FIRST, "{0} {1}"), (_HOUSE_LAST, "{1} {0}")):
            if match := pattern.fullmatch(own):
                yield from _other_houses(reply, rule, match, other)


def _other_houses(
    reply: Reply, rule: ReplyRule, own: re.Match[str], order: str
) -> Iterator[Finding]:
    """Find the street of an address with another house number."""
    number, street = r"(?P<number>\d{1,5}[a-z]?)", re.escape(own["street"])
    pattern = rf"(?<!\w){order.format(number, street)}(?!\w)"
    for match in re.finditer(pattern, reply.reading.text, re.IGNORECASE):
        if match["number"].casefold() != own["number"].casefold():
            place = Span(match.start(), match.end())
            yield reply.finding(rule, place, match[0])
