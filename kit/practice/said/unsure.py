"""Decisions that a letter takes back with a word such as *maybe*."""

from collections.abc import Iterator

from ...content.letters.claims import MAYBE, NOT
from ...content.letters.reply_rules import ReplyRule
from ...rules.phrases import Hit
from ..reading.findings import Finding, Reply
from .statements import NEWS, claims_made, row_of

_ENDS = frozenset({"", ".", "!", "?", "…"})


def unsure(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find where a letter is not sure of what it promises.

    *Maybe* is wrong only beside a promise or as a sentence of its own: *maybe a
    neighbour has it* is a good idea. The words of the rule are wrong everywhere.
    """
    for hit in reply.hits(reply.rules.words, rule.id):
        yield reply.finding(rule, hit, "")
    promised = _clauses_that_promise(reply)
    for hit in reply.claims.hits_of(MAYBE):
        if hit.sentence in promised or _is_sentence(hit, reply.reading.text):
            yield reply.finding(rule, hit, "")


def _is_sentence(hit: Hit, text: str) -> bool:
    """Whether it is a sentence of its own, such as *perhaps* and a full stop."""
    before, behind = text[: hit.start].rstrip(), text[hit.end :].lstrip()
    return before[-1:] in _ENDS and behind[:1] in _ENDS


def _clauses_that_promise(reply: Reply) -> frozenset[int]:
    """The clauses with what the action needs, or with money and parcels to come."""
    row = row_of(reply)
    needed = {each.claim for needs in (row.required if row else ()) for each in needs}
    return frozenset(
        each.clause
        for each in claims_made(reply)
        if not (each.is_asked or each.way == NOT or each.kind.topic == NEWS)
        and (each.kind.id in needed or each.kind.is_timed or each.kind.is_now)
    )
