"""The amounts that a letter names, held against those of its case."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ...catalogue import say
from ...content.letters.claims import NOT, PLUS
from ...content.letters.reply_rules import ReplyRule
from ...rules.values import Money
from ..reading.findings import Finding, Reply
from ..reading.spellings import Found
from ..wording import money_words
from . import statements

MONEY, POSTAGE = "money", "postage"
"""Topics of claims: what is paid back, and who pays for sending it back."""

FARTHEST_PART, FARTHEST_PLUS = 40, 5
"""In characters: from one part of a sum to the next, and from *plus* to that."""


def amounts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Amounts with which the case does not agree."""
    for each in _wrong_amounts(reply):
        yield reply.finding(rule, each, _amount_words(reply))


def missing_amounts(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Amounts that the action needs and the letter does not name."""
    if not reply.action or not reply.is_readable or any(_wrong_amounts(reply)):
        return
    needed = reply.context.amounts_of(reply.action.names)
    named = named_amounts(reply)
    for amount in needed:
        if amount not in named:
            words = money_words(amount, reply.context.language)
            yield reply.finding(rule, None, words)


def named_amounts(reply: Reply) -> set[Money]:
    """The amounts that it names: one by one, as a sum, or the largest as all of it."""
    named = {*reply.reading.amounts, *(total for total, *_ in _sums(reply))}
    needed = reply.context.amounts_of(reply.action.names) if reply.action else ()
    if needed and statements.says_all(reply):
        named.add(max(needed))
    return named


def _wrong_amounts(reply: Reply) -> Iterator[Found]:
    """Amounts that the case does not know, and those paid back that are not due.

    Where the due amount is named as well, another one beside it is only mentioned:
    *instead of the $38 we refund $103.40*.
    """
    known = {*_right_amounts(reply), *reply.buyers.amounts}
    due = {*_due_amounts(reply)} or known
    named = reply.reading.of("amount")
    sums = _sums(reply)
    clauses = tuple(_spans_of_refunds(reply))
    paid_back = [
        (start, end)
        for start, end in clauses
        if not any(
            start <= each.start < end and due.intersection(each.amounts)
            for each in named
        )
    ]
    for each in named:
        is_paid_back = any(start <= each.start < end for start, end in paid_back)
        right = due if is_paid_back else known
        parts = (each in two for total, *two in sums if total in right)
        if right.intersection(each.amounts) or any(parts):
            continue
        if not statements.is_rough(each, reply, right):
            yield each


def _spans_of_refunds(reply: Reply) -> Iterator[tuple[int, int]]:
    """Where the clauses begin and end that say that money is paid back.

    What sending it back costs may stand beside: *the $9 for the label are on us*.
    """
    claims = statements.claims_made(reply)
    about_postage = {each.clause for each in claims if each.kind.topic == POSTAGE}
    for each in claims:
        is_paid = each.kind.is_timed or each.kind.is_now
        is_said = each.way != NOT and not each.is_named
        if each.kind.topic != MONEY or each.clause in about_postage:
            continue
        if is_paid and is_said:
            yield reply.claims.span_of(each.clause)


def _sums(reply: Reply) -> tuple[tuple[Money, Found, Found], ...]:
    """Sums of two amounts that are added, with the two: *$34 and $6 postage*."""
    ends = reply.claims.ends_of(PLUS)
    return tuple(
        (replace(first, minor=first.minor + second.minor), one, other)
        for one, other in pairwise(reply.reading.of("amount"))
        if other.start - one.end <= FARTHEST_PART
        and any(0 < other.start - end <= FARTHEST_PLUS for end in ends)
        for first in one.amounts
        for second in other.amounts
        if first.currency == second.currency
    )


def _right_amounts(reply: Reply) -> tuple[Money, ...]:
    """What a reply may name: what the action pays, or else any amount of the case."""
    if reply.action and reply.context.amounts_of(reply.action.names):
        return _due_amounts(reply)
    values = reply.context.values.values()
    return tuple(each for many in values for each in many if isinstance(each, Money))


def _due_amounts(reply: Reply) -> tuple[Money, ...]:
    """What the action pays, or may pay; nothing where the page does not say it."""
    action = reply.action
    mentions = (*action.names, *action.may_name) if action else ()
    return reply.context.amounts_of(mentions)


def _amount_words(reply: Reply) -> str:
    language = reply.context.language
    right = _due_amounts(reply)
    if reply.action and not right:
        return say("practice.reply.no-amount")
    right = right or _right_amounts(reply)
    words = (money_words(each, language) for each in right)
    return " · ".join(dict.fromkeys(words)) or "–"
