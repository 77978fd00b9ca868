"""What tests of letters share: the shipped cases, and what is read in a letter."""

from shipped import LIBRARY

from kit.practice.letters.letter_check import check_reply, reply_context_of
from kit.practice.reading.findings import reply_of

RULES = LIBRARY.reply_rules
CASES = {case.id: case for page in LIBRARY.ids for case in LIBRARY.cases(page)}


def claims(text, case="camera-without-a-signature"):
    """The claims of a letter, each with its way."""
    reply = reply_of(text, reply_context_of(CASES[case]), RULES)
    return {(each.kind.id, each.way) for each in reply.claims.found}


def findings(text, case):
    """All that there is to say about a letter."""
    return check_reply(text, reply_context_of(CASES[case]), RULES)


def wrong(text, case):
    """The rules by which a letter is wrong."""
    return {each.rule for each in findings(text, case) if each.severity == "wrong"}
