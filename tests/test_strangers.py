"""Who is named in a letter and is not in its case."""

from dataclasses import replace

import pytest
from shipped import LIBRARY

from kit.practice.letters.letter_check import check_reply, reply_context_of

EN = next(c for c in LIBRARY.cases("inr-request") if c.id == "over-the-garden-wall")
DE = next(c for c in LIBRARY.cases("inr-request") if c.id == "nie-gescannt")


def named(text, case):
    """The names that the check does not know."""
    found = check_reply(text, reply_context_of(case), LIBRARY.reply_rules)
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
        ("Hello, Mr Hall. The parcel is here.", ["Hall"]),
        ("(Mrs Hall has it, too.)", ["Hall"]),
        ("Ask Mr van Dyke.", ["Dyke"]),
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
        ("Guten Tag, es war Ihre Frau\n\nHerzliche Grüße", []),
        ("Guten Tag, wenn Ihre Frau Zeit hat, ruft sie an.", []),
        ("Guten Tag, Frau Krause Ihr Paket zu geben war falsch.", ["Krause"]),
        ("Guten Tag, Herr Dr. med. Krause hat es.", ["Krause"]),
    ],
)
def test_so_it_is_in_german(text, names):
    """Titles are words of the page, in each language."""
    assert named(text, DE) == names


def test_whom_the_buyer_names_may_be_named():
    """A neighbour of whom the buyer has written is no stranger; elsewhere she is."""
    with_her = replace(EN, message=f"{EN.message}\nMrs Hall next door has not seen it.")

    assert named("Thank you for asking Mrs Hall.", with_her) == []
    assert named("Thank you for asking Mrs Hall.", EN) == ["Hall"]


def test_a_word_of_the_message_excuses_no_name():
    """The buyer's hall is no Mrs Hall."""
    with_it = replace(EN, message=f"{EN.message}\nIt is not in the hall.")

    assert named("Ask Mrs Hall.", with_it) == ["Hall"]


def test_no_buyer_is_a_stranger():
    """Every buyer may be addressed by each word of the name."""
    asked = 0
    for page in LIBRARY.ids:
        for case in LIBRARY.cases(page):
            title = "Frau" if case.marketplace.language == "de" else "Mrs"
            for name in reply_context_of(case).values.get("buyer_name", ()):
                assert named(f"{title} {name.split()[-1]},", case) == []
                asked += 1
    assert asked > len(LIBRARY.ids)
