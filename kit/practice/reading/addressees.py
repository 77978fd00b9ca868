"""To whom a text is written: to the buyer, or to somebody else about the buyer."""

from datetime import date

from ...content.letters.claims import OF_BUYER, OPENING, PROPOSAL, TO_BUYER
from ...content.letters.reply_rules import ReplyRules
from .texts import read_text

A_DAY = date(2000, 1, 1)
"""Which day it is says nothing of whom a text addresses."""


def tells_reader(rules: ReplyRules) -> bool:
    """Whether rules have words that tell to whom a text is written."""
    return any(each.name == TO_BUYER for each in rules.claims.marks)


def addresses_buyer(text: str, rules: ReplyRules) -> bool:
    """Whether a text speaks to the buyer, and not about the buyer."""
    marks = _marks_of(text, rules)
    return TO_BUYER in marks and OF_BUYER not in marks


def is_about_buyer(text: str, rules: ReplyRules) -> bool:
    """Whether a text tells somebody else about the buyer.

    Who proposes something to *you* and greets nobody writes to the lead, and not to the
    buyer of whom the text speaks.
    """
    marks = _marks_of(text, rules)
    if {OF_BUYER, PROPOSAL} <= marks:
        return TO_BUYER not in marks or not _greets(text, rules)
    return marks == {OF_BUYER}


def speaks_to_lead(text: str, rules: ReplyRules) -> bool:
    """Whether a text can only be a note: about the buyer, or a proposal to nobody.

    A letter greets its reader, whatever it proposes.
    """
    marks = _marks_of(text, rules)
    if TO_BUYER in marks or not marks & {OF_BUYER, PROPOSAL}:
        return False
    return OF_BUYER in marks or not _greets(text, rules)


def _greets(text: str, rules: ReplyRules) -> bool:
    wording = read_text(text, rules, today=A_DAY).wording
    return any(
        hit.start == wording.tokens[0].start
        for each in rules.claims.marks
        if each.name == OPENING
        for hit in wording.hits(each.phrases, each.unless)
    )


def _marks_of(text: str, rules: ReplyRules) -> set[str]:
    wording = read_text(text, rules, today=A_DAY).wording
    return {
        each.name
        for each in rules.claims.marks
        if each.name in {TO_BUYER, OF_BUYER, PROPOSAL}
        and wording.has(each.phrases, each.unless)
    }
