"""What does not belong in a letter: other towns, items, languages and nonsense."""

from dataclasses import replace

import pytest
from letters import CASES, RULES, findings, wrong
from shipped import LIBRARY

from kit.practice.case.keys import judge
from kit.practice.case.review import review_of
from kit.practice.case.sheets import Sheet
from kit.practice.desk.session import Session
from kit.practice.letters.letter_check import is_praised, reply_context_of
from kit.practice.letters.notes import check_note
from tests.sessions import give

MUG = "Hello Callum,\n\nI have refunded the £14.98 today, and you keep the mug. "
CARDIGAN = (
    "Guten Tag Frau Wilken,\n\nwir schicken Ihnen heute, am 7. Mai, noch einmal eine "
    "Strickjacke. "
)


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        (
            "Your bank is looking at it. Until they decide, I cannot take it back.",
            "the-bank-came-first",
            set(),
        ),
        (
            "The bank decides. As long as it has not decided, we cannot accept a "
            "return.",
            "raincoat-and-the-bank",
            set(),
        ),
        (
            "The case is with your bank. Until then I can't refund and I can't take "
            "the item back.",
            "never-bought-that",
            set(),
        ),
        (
            "Because your bank has the matter, we are not able to take it back.",
            "the-bank-has-it-already",
            set(),
        ),
        (
            "I cannot take it back before eBay has decided. eBay decides.",
            "ebay-asked-at-breakfast",
            set(),
        ),
        (
            "Ihre Bank entscheidet. Bis sie entschieden hat, kann ich die Ware nicht "
            "zurücknehmen.",
            "microscope-and-the-bank",
            set(),
        ),
        (
            "Der Fall liegt bei Ihrer Bank. Bis zur Entscheidung darf ich keine "
            "Rückgabe annehmen.",
            "gutschrift-vergessen",
            set(),
        ),
        (
            "Solange die Bank prüft, müssen wir die Rückgabe leider ablehnen. Die Bank "
            "entscheidet.",
            "microscope-and-the-bank",
            set(),
        ),
        ("The bank decides. We decline the return.", "the-bank-came-first", {"claim"}),
        ("We decline your return. The bank decides.", "the-bank-came-first", {"claim"}),
        (
            "Die Bank entscheidet. Wir lehnen die Rückgabe ab.",
            "microscope-and-the-bank",
            {"claim"},
        ),
        (
            "For now we cannot take it back. The postage is on us.",
            "the-second-no",
            {"claim"},
        ),
    ],
)
def test_a_refusal_while_others_decide_is_right(text, case, rules):
    """It holds for now; for ever, or where nobody else decides, it is wrong."""
    assert wrong(text, case) & {"claim"} == rules


@pytest.mark.parametrize(
    ("text", "case", "is_wrong"),
    [
        ("Your parcel is in Los Angeles now.", "curtains-one-day-late", True),
        ("Right now in Los Angeles, it waits.", "curtains-one-day-late", True),
        ("It is now in Miami because of the storm.", "hurricane-in-tampa", True),
        ("The last scan is in Cardiff.", "over-the-garden-wall", True),
        ("Ihr Paket ist jetzt in Frankfurt.", "montag-vor-himmelfahrt", True),
        ("Ihr Paket liegt derzeit in Leipzig.", "parcel-to-the-pick-up-shop", True),
        ("Es befindet sich in Leipzig.", "parcel-to-the-pick-up-shop", True),
        ("Your parcel is in Memphis now.", "curtains-one-day-late", False),
        (
            "It was cleared in Los Angeles and is now in Memphis.",
            "curtains-one-day-late",
            False,
        ),
        ("It left Los Angeles on 9 August.", "curtains-one-day-late", False),
        ("It is in Orlando, where the storm is.", "hurricane-in-tampa", False),
        ("Ihr Paket ist jetzt in Bremen.", "montag-vor-himmelfahrt", False),
        (
            "Es ist in Frankfurt durch den Zoll gekommen und jetzt in Bremen.",
            "montag-vor-himmelfahrt",
            False,
        ),
        (
            "Am 29. April war es in Frankfurt beim Zoll.",
            "montag-vor-himmelfahrt",
            False,
        ),
    ],
)
def test_a_parcel_is_not_where_it_has_been(text, case, is_wrong):
    """A town of the journey is right only as a part of the journey."""
    assert ("place" in wrong(text, case)) is is_wrong


@pytest.mark.parametrize(
    ("text", "case", "is_wrong"),
    [
        ("Please keep the lamp.", "mug-with-a-chip", True),
        ("Your blue vase stays with you.", "mug-with-a-chip", True),
        ("I refund this kettle today.", "mug-with-a-chip", True),
        ("We bring your tent back.", "over-the-garden-wall", True),
        ("The telescope is on its way.", "curtains-one-day-late", True),
        ("Behalten Sie die Lampe.", "nie-gescannt", True),
        ("Ihre Kamera geht heute los.", "nie-gescannt", True),
        ("Wir schicken den Wasserkessel.", "nie-gescannt", True),
        ("Please keep the mug, or the cup.", "mug-with-a-chip", False),
        ("Put the kettle on.", "mug-with-a-chip", False),
        ("A lamp would have been stronger.", "mug-with-a-chip", False),
        ("Take a photo with the camera.", "mug-with-a-chip", False),
        ("Your cardigan leaves today.", "nie-gescannt", False),
        ("Ihre Jacke geht heute los.", "nie-gescannt", False),
        ("Der Pullover geht heute los.", "nie-gescannt", False),
    ],
)
def test_an_item_of_another_kind_is_wrong(text, case, is_wrong):
    """Only what the letter points to; other words for the same kind are right."""
    assert ("other-item" in wrong(text, case)) is is_wrong


@pytest.mark.parametrize(
    ("letter", "case", "end", "is_wrong"),
    [
        (MUG, "mug-with-a-chip", "Das Geld ist in drei Tagen bei Ihnen.", True),
        (MUG, "mug-with-a-chip", "Das Geld kommt bald.", True),
        (
            MUG,
            "mug-with-a-chip",
            "Merci beaucoup pour votre patience et à bientôt sur notre boutique.",
            True,
        ),
        (MUG, "mug-with-a-chip", "我们会尽快给您退款", True),
        (CARDIGAN, "nie-gescannt", "The money will be with you in three days.", True),
        (CARDIGAN, "nie-gescannt", "It leaves us today.", True),
        (MUG, "mug-with-a-chip", "Viele Grüße\nEllie", False),
        (MUG, "mug-with-a-chip", "Vielen Dank für Ihre Geduld.\nEllie", False),
        (MUG, "mug-with-a-chip", "You wrote “das ist ja nicht Ihr Ernst”.", False),
        (
            MUG,
            "mug-with-a-chip",
            "Best wishes from Returns Desk, Unit 4, Dock Road, Coventry CV1 2XX.",
            False,
        ),
        (CARDIGAN, "nie-gescannt", "Kind regards\nMei", False),
        (CARDIGAN, "nie-gescannt", "Have a nice day!", False),
    ],
)
def test_a_sentence_in_another_language_is_named(letter, case, end, is_wrong):
    """The buyer reads one language; greetings and quotations may be in any."""
    assert ("language" in wrong(letter + end, case)) is is_wrong


@pytest.mark.parametrize(
    ("letter", "case", "words", "makes_sense"),
    [
        (MUG, "mug-with-a-chip", "We banana the parcel.", False),
        (MUG, "mug-with-a-chip", "The door is a garden.", False),
        (MUG, "mug-with-a-chip", "The neighbours' door is a garden.", False),
        (MUG, "mug-with-a-chip", "The window explains Tuesday.", False),
        (MUG, "mug-with-a-chip", "Monday accepts the roof.", False),
        (MUG, "mug-with-a-chip", "The moon writes tomorrow.", False),
        (CARDIGAN, "nie-gescannt", "Wir Banane das Paket.", False),
        (CARDIGAN, "nie-gescannt", "Die Tür ist ein Garten.", False),
        (CARDIGAN, "nie-gescannt", "Das Fenster verspricht Suppe.", False),
        (MUG, "mug-with-a-chip", "Enjoy your tea in the garden.", True),
        (MUG, "mug-with-a-chip", "Maybe the fox likes pencils.", True),
        (CARDIGAN, "nie-gescannt", "Es wartet an der Tür, nicht im Garten.", True),
    ],
)
def test_nonsense_beside_a_right_sentence_is_not_praised(
    letter, case, words, makes_sense
):
    """It is not called wrong either: the check cannot know what was meant."""
    found = findings(letter + words, case)

    assert ("sense" in {each.rule for each in found}) is not makes_sense
    assert is_praised(findings(letter, case))
    if not makes_sense:
        assert not is_praised(found)
        assert "sense" not in wrong(letter + words, case)


def of_note(case, words):
    """The rules that find something in a note."""
    order = CASES[case].facts["order_id"]
    text = f"Order {order}. The buyer wants the money back. {words}"
    found = check_note(text, reply_context_of(CASES[case]), RULES, LIBRARY.reference)
    return {each.rule: each.severity for each in found}


@pytest.mark.parametrize(
    ("words", "rule", "severity"),
    [
        ("He is an idiot.", "note-rude", "wrong"),
        ("This liar will regret it.", "note-rude", "wrong"),
        ("Let us teach her a lesson.", "note-rude", "wrong"),
        ("The buyer calls us idiots.", "note-rude", None),
        ("He wrote “you idiots” to us.", "note-rude", None),
        ("The bank has it.", "note-rude", None),
        ("Proposal: a discount if the feedback is good.", "note-forbidden", "wrong"),
        ("I propose to refund $500.00.", "note-lead", "advice"),
        ("I propose to accept the return.", "note-lead", "advice"),
        ("I propose to leave it to the bank.", "note-lead", None),
        ("I propose not to refund while the bank decides.", "note-lead", None),
    ],
)
def test_a_note_is_polite_and_proposes_what_the_page_knows(words, rule, severity):
    """Where the page itself calls the lead, another proposal is only advice."""
    assert of_note("the-bank-came-first", words).get(rule) == severity


def right(case):
    """What the page answers to every question."""
    return {each.question.key: each.right for each in judge(case, {})}


@pytest.mark.parametrize(
    ("text", "is_held"),
    [
        ("Dear lead, the buyer wants the money back. I propose a refund.", True),
        ("Proposal: refund £14.98 and let the mug be kept.", True),
        (MUG, False),
    ],
)
def test_a_note_where_the_buyer_is_to_be_answered_goes_to_nobody(text, is_held):
    """The buyer must not read what was written about the buyer."""
    case = replace(CASES["mug-with-a-chip"], role="")
    session = Session(case, lambda _: None, rules=RULES)
    give(session, {**right(case), "sure": "sure", "reply": text})
    session.decide()
    found = {each.rule for each in session.reviews()[0].findings}

    assert ("note-to-buyer" in found) is is_held
    assert session.history.is_held_back is is_held


@pytest.mark.parametrize("text", ["Thank you!", "Thanks, have a nice day."])
def test_where_nothing_is_due_no_more_words_are_asked_for(text):
    """The tip says that nothing has to be written."""
    case = CASES["dress-with-the-wrong-chart"]
    review = review_of(case, Sheet({**right(case), "reply": text}), RULES)

    assert {each.rule for each in review.findings} == {"nothing-due"}
    assert review.reply_is_right


@pytest.mark.parametrize(
    ("text", "case"),
    [
        (
            "Dear Harriet,\n\nyou choose:\n- I refund you the £43.49 today\n- or you "
            "wait for it, and I ask the carrier where it is\n\nJust tell me which one. "
            "I write to you again on Tuesday 14 May at the latest.",
            "kettle-for-leeds",
        ),
        (
            "Guten Tag Frau Behrens,\n\nheute können Sie den Fall noch öffnen. Sie "
            "suchen aus: Sie bekommen die vollen 23,80 € zurück, oder wir warten "
            "zusammen. Am 23. April hören Sie auf jeden Fall wieder von mir.",
            "bezahlt-mit-paypal",
        ),
        (
            "Guten Tag Frau Behrens,\n\ndie erste Lampe bräuchten wir bitte zurück. "
            "Das Etikett dafür liegt in der Rückgabe bei eBay. Bitte schicken Sie sie "
            "bis zum 30. September.",
            "zwei-lampen-und-eine-leuchtet",
        ),
        (
            "Guten Tag Frau Wilken,\n\nwir senden Ihnen die Strickjacke heute nochmals "
            "zu, mit einer neuen Nummer, die Sie in Ihrer Anfrage sehen.",
            "nie-gescannt",
        ),
    ],
)
def test_what_is_offered_or_set_for_the_buyer_is_no_promise(text, case):
    """Who lets the buyer choose, or sets a day for the buyer, writes well."""
    assert wrong(text, case) == set()


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Hello Harriet,\n\nI refund you the £43.49 today.", "kettle-for-leeds"),
        (
            "Guten Tag Frau Behrens,\n\nSie bekommen die vollen 23,80 € zurück. "
            "Spätestens am 23. April schreibe ich Ihnen wieder.",
            "bezahlt-mit-paypal",
        ),
        (
            "Guten Tag Frau Behrens,\n\nbitte schicken Sie die erste Lampe zurück. Wir "
            "erstatten Ihnen den Betrag am 30. September.",
            "zwei-lampen-und-eine-leuchtet",
        ),
    ],
)
def test_the_same_without_a_choice_is_wrong(text, case):
    """A promise that was not decided stays one."""
    assert wrong(text, case)
