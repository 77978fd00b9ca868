"""Who is named in a letter and is not in its case."""

import pytest
from shipped import LIBRARY

from kit.practice.replies import check_reply, occasion_of

EN = next(c for c in LIBRARY.cases("inr-request") if c.id == "over-the-garden-wall")
DE = next(c for c in LIBRARY.cases("inr-request") if c.id == "nie-gescannt")


def named(text, case):
    """The names that the check does not know."""
    found = check_reply(text, occasion_of(case), LIBRARY.reply_rules)
    return [each.words for each in found if each.rule == "stranger"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hello, a Mrs Gwen Hall at number 14 has the key.", ["Gwen Hall"]),
        ("Ask Mr. Parry about it.", ["Parry"]),
        ("Mrs Hall's parcel is late, too.", ["Hall"]),
        ("Dear Ms Hall and Mr Parry,\nit is here.", ["Hall", "Parry"]),
        ("Dear Siobhan, I miss the days of sun.", []),
        ("Dear Ms Siobhan, it is here.", []),
        ("It is with mr and mrs everybody.", []),
        ("Hello, that is what you miss. The parcel is here. I miss London.", []),
    ],
)
def test_a_person_of_another_case_is_named(text, names):
    """Somebody else's name is nobody's business; the buyer's own is fine."""
    assert named(text, EN) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Guten Tag, Herr Krause nebenan war krank.", ["Krause"]),
        ("Guten Tag, Frau Gerda Sommer hat dasselbe.", ["Gerda Sommer"]),
        ("Guten Tag, grüßen Sie bitte Ihre Frau Mama.", []),
        ("Guten Tag, eine Frau hat unterschrieben.", []),
        ("Guten Tag, dort wohnt eine Frau. Wir fragen sie.", []),
        ("Guten Tag, es ist eine Familie\n\nHerzliche Grüße", []),
    ],
)
def test_so_it_is_in_german(text, names):
    """Titles are words of the page, in each language."""
    assert named(text, DE) == names


def test_whom_the_buyer_names_may_be_named():
    """A neighbour of whom the buyer has written is no stranger."""
    for page in LIBRARY.ids:
        for case in LIBRARY.cases(page):
            for name in occasion_of(case).own_words:
                title = "Frau" if case.marketplace.language == "de" else "Mrs"
                if name.isalpha():
                    assert named(f"{title} {name}, it is here.", case) == []
