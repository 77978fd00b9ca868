"""Check what an agent writes to a buyer: each finding with its words and its reason.

The rules are data of the content folder, the days and amounts those of the case; so a
reply is held against the same decision as an answer at the desk. Nothing is changed in
the text, and where the rules know nothing about an action, nothing is found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ...catalogue import language as own_language
from ...content.letters.claims import NOT
from ...content.letters.reply_rules import (
    ADVICE,
    AMOUNTS,
    CAPITALS,
    CERTAINTY,
    CLAIMS,
    DAY_COUNTS,
    DAYS,
    FACTS_TOLD,
    FAR_DAYS,
    HOLLOW,
    ITEMS,
    LANGUAGE,
    LENGTH,
    LETTER_READER,
    LOOKS,
    MISSING_AMOUNTS,
    MISSING_CLAIMS,
    MISSING_DAYS,
    NAMES,
    NEVER_SAYS,
    NUMBERS,
    OF_BUYER,
    PLACES,
    QUESTIONS,
    SAYS,
    SENSE,
    SLOTS,
    TOLD_DAYS,
    UNREAD,
    WORDS,
    WRONG,
    ActionRule,
    ReplyRule,
    ReplyRules,
)
from ..foreign.other_items import other_items
from ..foreign.other_languages import foreign_sentences
from ..foreign.senseless import senseless
from ..foreign.strangers import unknown_people
from ..reading.addressees import speaks_to_lead
from ..reading.findings import Finding, Reply, reply_of
from ..reading.reply_context import ReplyContext, reply_context_of
from ..reading.spellings import is_number, number_like
from ..said import letter_amounts, letter_days, statements
from ..said.day_counts import day_counts
from ..said.far_days import far_days
from ..said.places import places
from ..said.told_days import told_days
from ..said.unsure import unsure
from ..wording import language_words
from . import is_answer

__all__ = [
    "ADVICE",
    "WRONG",
    "Finding",
    "ReplyContext",
    "check_reply",
    "claim_ids",
    "claims_of",
    "is_praised",
    "misaddressed",
    "reply_context_of",
]


NEEDED = frozenset({MISSING_CLAIMS, MISSING_DAYS, MISSING_AMOUNTS, UNREAD, SENSE})
"""What keeps a letter from being praised: something may be missing in it."""


FEWEST_LETTERS, MOST_CAPITALS = 30, 0.6
"""In a shorter text capitals say nothing; an order id and a name are no shouting."""


def check_reply(
    text: str, context: ReplyContext, rules: ReplyRules
) -> tuple[Finding, ...]:
    """Find what is wrong with a reply, or could be better.

    Args:
        text: What the agent wrote, whatever it is.
        context: The case that it answers.
        rules: What it is checked by.

    Returns:
        Every finding; first those of the whole text, then from the left. In the wrong
        language only what is wrong: the rest is for the letter that comes instead.
    """
    reply = reply_of(text, context, rules)
    found = [
        finding
        for rule in rules.rules
        if rule.looks_at in _CHECKS
        for finding in _CHECKS[rule.looks_at](reply, rule)
    ]
    if any(each.looks_at == LANGUAGE and not each.end for each in found):
        found = [each for each in found if _stands_in_any_language(each)]
    if any(
        each.severity == WRONG and not _is_hollow(each) and each.looks_at != ITEMS
        for each in found
    ):
        # What is wrong in it says more than that it may answer another case, which an
        # item of another kind says as well.
        found = [each for each in found if each.looks_at != is_answer.DECISION]
    return tuple(sorted(_told_once(found), key=lambda each: (each.start, each.end)))


def _told_once(found: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out what says less about words that are wrong for another reason."""
    wrong = [each for each in found if each.severity == WRONG and each.end]
    for each in found:
        better = _SAYS_MORE.get(each.looks_at)
        if better is None or not any(
            one.looks_at in better and one.start < each.end and each.start < one.end
            for one in wrong
        ):
            yield each


_SAYS_MORE: Mapping[str, Sequence[str]] = {
    DAYS: (TOLD_DAYS,),
    FACTS_TOLD: (CLAIMS,),
    UNREAD: LOOKS,
}
"""What tells more about the same words than each of these."""


def misaddressed(
    text: str, context: ReplyContext, rules: ReplyRules
) -> tuple[Finding, ...]:
    """Find that a text is no letter to the buyer but a note to the lead.

    Nothing else in it counts then: it has to be written anew.

    Args:
        text: What the agent wrote to the buyer.
        context: The case that it answers.
        rules: What it is checked by.
    """
    found = [each for each in rules.rules if each.looks_at == LETTER_READER]
    if not found or not speaks_to_lead(text, rules):
        return ()
    reply = reply_of(text, context, rules)
    return tuple(reply.finding(each, None, "") for each in found)


def _stands_in_any_language(finding: Finding) -> bool:
    """Whether it is to be said of a letter that has to be written anew, too."""
    return finding.severity == WRONG and not _is_hollow(finding)


def _is_hollow(finding: Finding) -> bool:
    return finding.looks_at in {HOLLOW, is_answer.DECISION}


def claims_of(text: str, context: ReplyContext, rules: ReplyRules) -> tuple[str, ...]:
    """Tell what a letter claims, as its agent reads it; each once, from the left.

    Args:
        text: What the agent wrote.
        context: The case that it answers.
        rules: What it is read by.
    """
    return statements.claims_in_words(reply_of(text, context, rules))


def claim_ids(text: str, context: ReplyContext, rules: ReplyRules) -> frozenset[str]:
    """The ids of what a letter claims and does not deny, without news."""
    reply = reply_of(text, context, rules)
    return frozenset(
        each.kind.id
        for each in statements.claims_made(reply)
        if each.way != NOT and not each.is_named and each.kind.topic != statements.NEWS
    )


def is_praised(findings: Iterable[Finding]) -> bool:
    """Whether a letter is called good: all that it needs was read, and it fits.

    Advice about style does not count against it.
    """
    return not any(
        each.severity == WRONG or each.looks_at in NEEDED for each in findings
    )


def _slots(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    for each in reply.reading.of("slot"):
        yield reply.finding(rule, each, each.words)


def _language(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if reply.language != reply.context.language:
        wanted = language_words(reply.context.language, own_language())
        yield reply.finding(rule, None, wanted)
        return
    for place in foreign_sentences(reply) if reply.is_readable else ():
        wanted = language_words(reply.language, own_language())
        yield reply.finding(rule, place, wanted)


def _words(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    hits = reply.hits(reply.rules.words, rule.id)
    for hit in hits[rule.at_most :]:
        yield reply.finding(rule, hit, reply.reading.text[hit.start : hit.end])


def _says(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """What the action needs to be said; who names its amounts and days has said it.

    People decide in more words than a list knows; ``$64.31 by Monday`` is plain.
    """
    if not reply.action or not reply.is_readable or _names_all(reply, reply.action):
        return
    for statement in reply.action.says:
        if not reply.says(statement):
            yield reply.finding(rule, None, statement)


def _names_all(reply: Reply, action: ActionRule) -> bool:
    amounts = reply.context.amounts_of(action.names)
    is_named = bool(amounts) and letter_amounts.named_amounts(reply).issuperset(amounts)
    return is_named and not any(letter_days.unnamed_days(reply))


def _never_says(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if reply.action:
        for statement in reply.action.never_says:
            for hit in reply.hits(reply.rules.statements, statement):
                yield reply.finding(rule, hit, statement)


def _numbers(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Numbers that look like one of the case, such as its order, and are another."""
    own = tuple(filter(is_number, reply.context.own_words))
    for each in reply.reading.of("number"):
        if each.words not in reply.buyers.text:
            right = (words for words in own if number_like(words).fullmatch(each.words))
            yield reply.finding(rule, each, " · ".join(right))


def _questions(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    if not reply.is_readable:
        return
    for question in reply.rules.questions:
        if not _is_asked(question.id, reply):
            continue
        if not any(reply.says(each) for each in question.answered_by):
            yield reply.finding(rule, None, question.words)


def _is_asked(question: str, reply: Reply) -> bool:
    """Whether the buyer asks it, in their own words or in those of a translation."""
    message = reply.buyers.wording
    return any(
        message.has(each.phrases, each.unless)
        for each in reply.rules.asked.named(question)
    )


def _capitals(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """A letter that is written in capitals, whatever its language."""
    letters = [each for each in reply.reading.text if each.isalpha()]
    capitals = sum(each.isupper() for each in letters)
    if len(letters) >= FEWEST_LETTERS and capitals >= MOST_CAPITALS * len(letters):
        yield reply.finding(rule, None, "")


def _length(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    bounds = reply.rules.lengths.get(reply.language)
    if bounds is not None:
        fewest, most = bounds
        count = len(reply.reading.wording.tokens)
        if not fewest <= count <= most:
            yield reply.finding(rule, None, f"{fewest}–{most}")


Check = Callable[[Reply, ReplyRule], Iterator[Finding]]

_CHECKS: Mapping[str, Check] = {
    SLOTS: _slots,
    LANGUAGE: _language,
    WORDS: _words,
    SAYS: _says,
    NEVER_SAYS: _never_says,
    AMOUNTS: letter_amounts.amounts,
    MISSING_AMOUNTS: letter_amounts.missing_amounts,
    DAYS: letter_days.days,
    MISSING_DAYS: letter_days.missing_days,
    NUMBERS: _numbers,
    NAMES: unknown_people,
    CAPITALS: _capitals,
    PLACES: places,
    ITEMS: other_items,
    SENSE: senseless,
    CERTAINTY: unsure,
    FAR_DAYS: far_days,
    FACTS_TOLD: statements.facts_told,
    TOLD_DAYS: told_days,
    DAY_COUNTS: day_counts,
    OF_BUYER: statements.told_of_buyer,
    QUESTIONS: _questions,
    LENGTH: _length,
    CLAIMS: statements.claims,
    MISSING_CLAIMS: statements.missing_claims,
    UNREAD: statements.unread,
    HOLLOW: is_answer.empty_letter,
}
"""What each rule of a reply does; the other rules look at notes."""
