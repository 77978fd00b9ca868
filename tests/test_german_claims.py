"""Claims of German letters: the object of a verb decides, not the verb alone."""

import pytest
from letters import claims, wrong

CASE = "doppelt-bestellt"


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
    assert (claim in {each for each, _ in claims(text, CASE)}) is is_read


def test_without_denies_only_what_stands_next_to_it():
    """The money comes without effort; nothing is taken off without a deduction."""
    text = "Ohne weiteren Aufwand für Sie selbst erstatten wir das Geld."

    assert ("refund", "says") in claims(text, CASE)
    assert ("keep-money", "not") in claims(
        "Sie bekommen es ohne jeden Abzug zurück.", CASE
    )


def test_please_ends_no_clause():
    """The object behind *bitte* belongs to its verb."""
    assert ("send-back", "says") in claims(
        "Senden Sie uns bitte den Karton zurück.", CASE
    )


def test_what_is_done_at_once_on_a_condition_is_not_done_now():
    """Who pays at once when it is back has not paid today."""
    now = "Wir erstatten sofort."
    later = "Wenn die Maschine zurück ist, erstatten wir sofort."

    assert ("refund-today", "says") in claims(now, CASE)
    assert "refund-today" not in {each for each, _ in claims(later, CASE)}


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


SIDE_FACTS = (
    "Entschuldigung für den Ärger und danke für Ihre Geduld.",
    "Das Dankeschön gebe ich gern zurück.",
    "eBay hat uns um Auskunft gebeten.",
    "So tragen wir es auch bei eBay ein.",
    "Der Zoll hat das Paket freigegeben.",
    "Der Zusteller kommt am Donnerstag noch einmal.",
    "Ich schicke Ihnen gleich im Anschluss die Anleitung.",
    "Ich schicke Ihnen am Freitag den neuen Stand.",
    "Den Link zur Sendungsverfolgung schicke ich gleich hinterher.",
    "Morgen spricht der Paketdienst mit dem Fahrer.",
    "Der Abzug an der Seite war schon vor dem Versand da.",
    "Die Bank hat uns den Betrag schon abgezogen.",
    "Sie hatten beim Kauf einen Gutschein eingelöst.",
    "eBay wird Ihnen schreiben, wie es ausgeht.",
    "Die Frist lief ab dem zweiten Karton.",
    "Die Umleitung ist für Sie kostenfrei.",
    "Bitte überweisen Sie dem Paketdienst bis dahin nichts.",
    "Wir müssen beim Packen besser aufpassen.",
    "Das Paketgewicht spricht für sich.",
    "Ihr Fehler war das nicht.",
    "Das Blinken ist typisch für eine verrutschte Rolle.",
    "Schließen Sie die Klappe und starten Sie das Gerät neu.",
    "Das Paket wurde am Montag dem Paketdienst übergeben.",
    "Am Feiertag arbeitet bei uns niemand.",
    "Beim nächsten Mal schicken wir die Nummer gleich mit.",
    "Eine Ausrede habe ich dafür nicht.",
    "Fotografieren Sie es so, dass man den Aufkleber lesen kann.",
    "Der Aufpreis für die schnellere Lieferung, den Sie wählten, gehört nicht dazu.",
    "Ihr Geld geht dabei nicht verloren.",
)
"""What a right letter may say beside the decision, whatever that is."""


@pytest.mark.parametrize("case", ["steuer-zum-zweiten-mal", "der-drucker-blinkt"])
@pytest.mark.parametrize("text", SIDE_FACTS)
def test_a_side_fact_contradicts_no_decision(text, case):
    """Reasons, thanks and what others did are no claims about the case."""
    assert wrong(text, case) <= {"hollow"}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Am 27. Dezember verlässt das Puzzle unser Haus.", "send-order"),
        ("Sie können dort einen anderen Tag eintragen.", "buyer-redirects"),
        ("Ich löse den Kauf heute auf.", "cancel"),
        ("Wir haben der Forderung widersprochen.", "challenge"),
        ("Wir nehmen den Einwand an.", "give-in"),
        ("Ich packe Ihnen die Strickjacke neu ein.", "send-new"),
        ("Damit Ihr Widerruf wirksam wird, fehlt das Formular.", "withdrawal-refused"),
        ("Stattdessen schicken wir Ihnen das Nachfolgemodell.", "send-new"),
        ("Auf dem Etikett steht jetzt Ihr Ferienhaus.", "change-address"),
        ("Die Rücksendung geht auf Ihre Kappe.", "buyer-pays-return"),
        ("Wir haben heute Ihren Widerruf bekommen.", "withdrawal-valid"),
        ("Wir lassen die Rückbuchung zu.", "give-in"),
        ("Ich bitte deshalb heute eBay, beides anzusehen.", "ask-ebay"),
        ("Bis Mittwoch haben Sie Post von mir.", "next-news"),
        ("Ich gehe der Sache nach.", "looked"),
        ("Darüber entscheidet meine Leitung.", "lead-looks"),
        ("Wir versenden die Strickjacke nochmals.", "send-new"),
        ("Wechseln Sie bitte zur Rückgabe.", "open-return"),
        ("Den Anteil zahlen wir bis zum 6. Oktober.", "refund"),
        ("Würden Sie mir bis Freitag ein Foto schicken?", "asks-buyer"),
        ("Das Rücksenden ist für Sie umsonst.", "we-pay-return"),
        ("Ich habe der Rückgabe zugestimmt.", "accept-return"),
    ],
)
def test_what_a_letter_needs_is_read_in_other_words(text, claim):
    """People say what was decided in more words than the obvious ones."""
    assert claim in {each for each, _ in claims(text, CASE)}


def test_a_loose_word_is_never_wrong():
    """An amount beside the buyer may be a refund, and may be the bank's."""
    text = "Ihre Bank entscheidet, ob sie Ihnen die 12 € gibt."

    assert "claim" not in wrong(text, "gutschrift-vergessen")
    assert "claim" in wrong("Wir erstatten Ihnen die 12 €.", "gutschrift-vergessen")


def test_a_free_return_may_say_that_the_days_by_law_are_over():
    """Our own days still run."""
    text = "Die gesetzliche Frist ist vorbei, doch unsere 30 Tage laufen noch."

    assert "claim" not in wrong(text, "jacket-free-on-day-fifteen")
