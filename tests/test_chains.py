"""The reasons of one case never say two things that cannot both be true."""

import re
from functools import cache

import pytest
from shipped import LIBRARY

from kit.content.playbook.explain import AGENT, ANYONE, BUYER
from kit.practice.case.keys import judge
from kit.practice.generate.generator import generate_cases

pytestmark = pytest.mark.long

SEEDS = (3, 2024)
OF_ONE_SEED = 60

NEVER_TOGETHER = (
    (r"promises returns for any reason", r"takes no returns"),
    (r"keep the return open", r"money back in full today"),
    (r"do not send you to the post office", r"here is the label|accept"),
    (r"please keep it", r"we take it back|is accepted"),
    (r"Nothing is wrong with the item, and", r"something is wrong with the item, and"),
    (r"return policy (on the listing )?(counts|decides)", r"whatever (the|our) policy"),
    (r"our return policy counts", r"a fault is never declined"),
    (r"order can be cancelled", r"cannot cancel it"),
    (r"The carrier has the parcel", r"is back with us"),
    (r"We are late|have missed the day", r"the same answer time is running"),
    (r"no signature is asked", r"a signature is needed"),
    (r"we answer you today", r"by the next business day"),
    (r"do nothing (here|else)", r"We confirm today"),
    (r"everything that you paid comes back", r"no refund"),
    (r"We must still send you the label", r"cannot make one|no label for"),
    (r"have sent or refunded already", r"find no refund"),
)
"""Words of two reasons that stood in one chain, and contradicted each other."""


@cache
def chains():
    """The reasons of every practice case, and of made ones of each page."""
    found = []
    for page in LIBRARY.ids:
        cases = [*LIBRARY.cases(page)]
        for seed in SEEDS:
            stories = LIBRARY.stories(page)
            cases += generate_cases(stories, seed, count=OF_ONE_SEED)
        found += [(case, judge(case, {})) for case in cases]
    return found


@pytest.mark.parametrize(("one", "other"), NEVER_TOGETHER)
def test_no_chain_says_both(one, other):
    """An agent reads the reasons from the first to the last, as one thought."""
    for case, verdicts in chains():
        told = " ".join(dict.fromkeys(v.explanation.because for v in verdicts))
        both = re.search(one, told) and re.search(other, told)

        assert not both, f"{case.playbook.id} {case.id}: {told}"


def test_who_is_told_a_reason_follows_from_what_is_sent():
    """A reason can be said to the buyer only with a message to the buyer."""
    for case, verdicts in chains():
        for each in verdicts:
            page = case.playbook
            table = page.table(each.explanation.table)
            sends = any(column.key == "say" for column in table.answers)

            assert (each.explanation.reader in {BUYER, AGENT}) is sends
            assert (each.explanation.reader == ANYONE) is not sends


def test_a_statement_to_the_bank_is_nothing_for_the_buyer():
    """What the bank is sent shows our weak side."""
    told = {
        each.explanation.reader
        for case, verdicts in chains()
        for each in verdicts
        if each.explanation.table == "the bank"
    }

    assert told == {ANYONE}


@pytest.mark.parametrize("phrase", ["the buyer", "this page", "open the page", "code"])
def test_what_is_said_to_the_buyer_speaks_to_the_buyer(phrase):
    """Nobody tells a buyer what *the buyer* pays, or which page to open."""
    for case, verdicts in chains():
        for each in verdicts:
            if each.explanation.reader == BUYER:
                because = each.explanation.because
                words = rf"(?<!\w){re.escape(phrase)}(?!\w)"
                assert not re.search(words, because, re.IGNORECASE), (case.id, because)


def test_a_reason_that_is_not_sent_speaks_of_the_buyer():
    """Where no message goes out, the agent alone reads it, and is not the buyer."""
    unsent = [
        (page.id, table.name, row.number, row.because)
        for page in LIBRARY.playbooks()
        for table in page.tables
        for row in table.rows
        for column, outcome in zip(table.answers, row.outcomes, strict=True)
        if column.key == "say" and str(outcome.value) == "none"
    ]

    said = re.compile(r"\b(you|your|yours)\b", re.IGNORECASE)

    assert len(unsent) > 50
    assert [each for each in unsent if said.search(each[-1])] == []
