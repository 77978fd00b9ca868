"""Places that a letter names and that are not in its case."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ...content.letters.claims import IS_THERE, NOT, SAYS, TOWN
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Hit
from ..foreign.strangers import TextSpan
from ..reading.findings import Finding, Reply
from .statements import claims_made, row_of

ELSEWHERE, PARCEL = "change-address", "parcel"
"""The claim that it goes to another address, and the topic of what is sent."""

FARTHEST_TOWN = 3
"""In characters: from the end of a clause to a town that still belongs to it."""

ITEM = "item"
"""The key of the item: its size is no house number."""

_NUMBER = r"(?P<number>\d{1,5}[a-z]?)"
_HOUSE_FIRST = re.compile(_NUMBER + r" (?P<street>[^\W\d].{2,60})")
_HOUSE_LAST = re.compile(r"(?P<street>[^\W\d].{2,60}) " + _NUMBER)
_WORD = re.compile(r"\w+")
_GOES_ON = re.compile(r" (?=[^\W\d_])(?P<next>\w+)")
"""The word behind a town: *Oxford shirts*, *York Road*."""


def places(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find towns of which the case does not know, and wrong house numbers."""
    if towns := reply.claims.hits_of(TOWN):
        yield from _other_towns(reply, rule, towns)
    yield from _left_behind(reply, rule)
    for address in _addresses(reply):
        yield from _other_houses(reply, rule, address)


def _other_towns(
    reply: Reply, rule: ReplyRule, towns: Iterable[Hit]
) -> Iterator[Finding]:
    text, sent = reply.reading.text, _spans_that_send(reply)
    row = row_of(reply)
    may_change = row is None or row.allows(ELSEWHERE, SAYS)
    ours = frozenset(_WORD.findall(reply.context.texts))
    theirs = frozenset(_WORD.findall(reply.context.message.casefold()))
    for hit in towns:
        words = text[hit.start : hit.end]
        is_sent = not may_change and _is_behind(sent, hit.start)
        known = ours if is_sent else ours | theirs
        own = known.issuperset(_WORD.findall(words.casefold()))
        if words[0].isupper() and not own and not _is_part_of_a_name(text, hit.end):
            yield reply.finding(rule, hit, words)


def _left_behind(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find a town in which the parcel is said to be, and through which it has passed.

    Where the letter also says that it is in the last one, it tells of its journey. So
    does a clause with a day that has gone by.
    """
    passed, last = reply.context.passed, reply.context.last_town
    if not passed:
        return
    said = [
        (hit, place)
        for hit in reply.claims.hits_of(IS_THERE)
        for place in _towns_behind(hit.end, reply.reading.text, {*passed, last})
    ]
    if any(reply.reading.text[place.start : place.end] == last for _, place in said):
        return
    for hit, place in said:
        begin, end = reply.claims.span_of(hit.sentence)
        days = (each for each in reply.reading.of("day") if begin <= each.start < end)
        if not any(_is_over(each.days, reply.context.today) for each in days):
            words = reply.reading.text[place.start : place.end]
            yield reply.finding(rule, place, words)


def _is_over(days: Iterable[date], today: date) -> bool:
    return all(each < today for each in days)


def _towns_behind(end: int, text: str, towns: Iterable[str]) -> Iterator[TextSpan]:
    """Find one of some towns right behind a place of the text."""
    start = end + text[end:].startswith(" ")
    for town in towns:
        if re.match(rf"{re.escape(town)}\b", text[start:]):
            yield TextSpan(start, start + len(town))


def _spans_that_send(reply: Reply) -> tuple[tuple[int, int], ...]:
    """Where it says that a parcel is sent: the claim begins, and its clause ends.

    There a place for which only the buyer asks is as wrong as any other.
    """
    return tuple(
        (each.start, reply.claims.span_of(each.clause)[1])
        for each in claims_made(reply)
        if each.kind.topic == PARCEL and each.kind.is_timed and each.way != NOT
    )


def _is_behind(spans: Iterable[tuple[int, int]], place: int) -> bool:
    """Whether a place is in a clause or right behind: *61 Station Road, Hull*."""
    return any(start <= place < end + FARTHEST_TOWN for start, end in spans)


def _is_part_of_a_name(text: str, end: int) -> bool:
    """Whether a word with a capital follows, as in *York Road*."""
    match = _GOES_ON.match(text, end)
    return match is not None and match["next"][0].isupper()


def _addresses(reply: Reply) -> Iterator[re.Match[str]]:
    """The parts of the case's texts that are a street with its house number."""
    items = reply.context.values.get(ITEM, ())
    for own in reply.context.own_words:
        for part in own.split(", ") if own not in items else ():
            for pattern in (_HOUSE_FIRST, _HOUSE_LAST):
                match = pattern.fullmatch(part)
                if match and match["street"][0].isupper():
                    yield match


def _other_houses(
    reply: Reply, rule: ReplyRule, own: re.Match[str]
) -> Iterator[Finding]:
    """Find the street of an address with another house number.

    What the buyer has written may be repeated: *you typed 21 Mill Lane*.
    """
    street = re.escape(own["street"])
    last = _NUMBER.replace("number", "last")
    pattern = rf"(?<!\w)(?:{_NUMBER},? {street}|{street} {last})(?!\w)"
    sent = _spans_that_send(reply)
    for match in re.finditer(pattern, reply.reading.text, re.IGNORECASE):
        number = (match["number"] or match["last"]).casefold()
        is_buyers = match[0].casefold() in reply.buyers.text.casefold()
        is_sent = _is_behind(sent, match.start())
        if number != own["number"].casefold() and (is_sent or not is_buyers):
            yield reply.finding(rule, TextSpan(match.start(), match.end()), match[0])
