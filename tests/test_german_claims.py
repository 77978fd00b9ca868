"""Claims of German letters: the object of a verb decides, not the verb alone."""

from pathlib import Path

import pytest

from kit.content.library import Library
from kit.practice.findings import reply_of
from kit.practice.occasions import occasion_of
from kit.practice.replies import check_reply

LIBRARY = Library(Path(__file__).parents[1])
RULES = LIBRARY.reply_rules
CASES = {case.id: case for page in LIBRARY.ids for case in LIBRARY.cases(page)}


def read(text, case="doppelt-bestellt"):
    """Read the claims of a text: their ids and ways."""
    reply = reply_of(text, occasion_of(CASES[case]), RULES)
    return {(each.kind.id, each.way) for each in reply.claims.found}


def wrong(text, case):
    """Name the rules by which a text is wrong."""
    found = check_reply(text, occasion_of(CASES[case]), RULES)
    return {each.rule for each in found if each.severity == "wrong"}


@pytest.mark.parametrize(
    ("text", "claim", "is_read"),
    [
        ("Die Lampe behalten Sie.", "keep-it", True),
        ("Alle übrigen Rechte behalten Sie.", "keep-it", False),
        ("Warten Sie bitte zwei Wochen.", "buyer-waits", True),
        ("Bitte warten Sie auf den Schein.", "buyer-waits", False),
        ("Von dem Geld behalten wir 10 Prozent.", "keep-money", True),
        ("Das Paket behalten wir im Auge.", "keep-money", False),
        ("Auch den Aufpreis erstatten wir.", "refund-faster-delivery", True),
        ("Nur den Aufpreis behalten wir.", "refund-faster-delivery", False),
    ],
)
def test_the_object_of_a_verb_decides(text, claim, is_read):
    """*Behalten* is of the item, of rights, of money or of an eye kept on a parcel."""
    assert (claim in {each for each, _ in read(text)}) is is_read


def test_without_denies_only_what_stands_next_to_it():
    """The money comes without effort; nothing is taken off without a deduction."""
    text = "Ohne weiteren Aufwand für Sie selbst erstatten wir das Geld."

    assert ("refund", "says") in read(text)
    assert ("keep-money", "not") in read("Sie bekommen es ohne jeden Abzug zurück.")


def test_please_ends_no_clause():
    """The object behind *bitte* belongs to its verb."""
    assert ("send-back", "says") in read("Senden Sie uns bitte den Karton zurück.")


def test_what_is_done_at_once_on_a_condition_is_not_done_now():
    """Who pays at once when it is back has not paid today."""
    now = "Wir erstatten sofort."
    later = "Wenn die Maschine zurück ist, erstatten wir sofort."

    assert ("refund-today", "says") in read(now)
    assert "refund-today" not in {each for each, _ in read(later)}


def test_only_later_allows_no_plain_claim():
    """The money follows the item, also in a letter that only tells where it is."""
    case = "widerruf-bestaetigt"

    assert "claim" in wrong("Sie bekommen Ihr Geld zurück.", case)
    assert "claim" not in wrong(
        "Wenn das Paket zurück ist, bekommen Sie Ihr Geld zurück.", case
    )


def test_a_wish_that_goes_on_is_only_named():
    """Who tells the buyer their own question back has answered nothing."""
    text = (
        "Guten Tag, Sie haben in der App etwas von Umleiten gelesen. Sie möchten"
        " wissen, ob Sie das Paket umleiten können. Vielen Dank für Ihre Frage. Jonas"
    )

    assert wrong(text, "parcel-to-the-pick-up-shop") == {"hollow"}


def test_a_letter_about_something_else_is_hollow():
    """Thanks for a photo of shoes is no answer to who asks about a tax."""
    text = (
        "Hallo, vielen Dank für das Foto der Schuhe. Die Größe fällt kleiner aus."
        " Sagen Sie mir bitte, ob es mit dünneren Socken besser geht. Mei"
    )

    assert "hollow" in wrong(text, "steuer-zum-zweiten-mal")
