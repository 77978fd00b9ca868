"""Claims: what a letter says, clause by clause, and in which way."""

from dataclasses import replace

import pytest
from letters import CASES, LIBRARY, RULES, claims, wrong

from kit.content.letters.reply_reader import read_reply_rules
from kit.practice.case.review import review_of
from kit.practice.case.sheets import Sheet
from kit.practice.letters.letter_check import (
    check_reply,
    claims_of,
    is_praised,
    reply_context_of,
)
from kit.practice.reading.addressees import addresses_buyer
from kit.practice.reading.findings import reply_of

SCOOTER = "the-green-scooter"
KETTLE = "kettle-back-in-time-for-tea"


@pytest.mark.parametrize(
    ("text", "claim", "way"),
    [
        ("We refund $812.40 by Thursday.", "refund", "says"),
        ("I have refunded $812.40 through eBay.", "refund", "done"),
        ("We can't refund $812.40.", "refund", "not"),
        ("Once it is here, we refund $812.40.", "refund", "later"),
        ("We refund $812.40 as soon as it is here.", "refund", "later"),
        ("We refund $812.40 of course, but only once it is here.", "refund", "later"),
        ("If you like, we refund $812.40.", "refund", "says"),
        ("You get $812.40 back no later than Thursday.", "refund", "says"),
        ("I cannot start the return or a refund.", "refund", "not"),
        ("You pay the postage.", "buyer-pays-return", "says"),
        ("You have our free label today.", "we-pay-return", "done"),
        ("There is nothing to send back.", "keep-it", "says"),
        ("Once it is paid I can't change it, so we refund $812.40.", "refund", "says"),
        ("Please wait; if it isn't there, we refund $812.40.", "refund", "later"),
        ("Should it come back to us, we refund $812.40.", "refund", "later"),
        ("You get $812.40 back, with nothing taken off.", "refund", "says"),
        ("Wir erstatten 812,40 $, sobald es da ist.", "refund", "later"),
        ("Hilft das nicht, erstatten wir Ihnen das Geld.", "refund", "later"),
        ("Solange können wir Ihnen nichts erstatten.", "refund", "not"),
        ("Das lehnen wir bei Ihnen nie ab.", "refuse-return", "not"),
        ("Das Porto tragen Sie.", "buyer-pays-return", "says"),
    ],
)
def test_a_claim_is_read_with_its_way(text, claim, way):
    """Who reads the same words with and without a condition reads two claims."""
    german = any(word in text for word in (" es ", "Sie", "Ihnen"))
    case = "nie-gescannt" if german else None
    found = claims(text, case) if case else claims(text)

    assert (claim, way) in found


def test_what_the_buyer_wants_is_no_promise():
    """Who repeats a wish, or wonders about it, has promised nothing."""
    case = "curtains-one-day-late"
    wish = "I know whether you want a new one is not my question."

    reply = reply_of(wish, reply_context_of(CASES[case]), RULES)
    assert {each.is_asked for each in reply.claims.found} <= {True}
    assert "claim" not in wrong("You asked for another one by mail.", case)


def test_a_small_pronoun_is_not_the_buyer():
    """*Schicken sie* is not *schicken Sie* where the letter writes *Sie* elsewhere."""
    ours = "Wir packen sie ein und schicken sie zurück, wie Sie es möchten."
    yours = "Packen Sie sie ein und schicken Sie sie zurück."

    assert ("send-back", "says") not in claims(ours, "nie-gescannt")
    assert ("send-back", "says") in claims(yours, "nie-gescannt")


def test_the_name_of_a_button_is_read():
    """A return is asked for by the words of the button."""
    text = 'Please choose "Return this item" in your orders.'

    assert ("open-return", "says") in claims(text)


def needs(text, case="camera-without-a-signature"):
    """What a letter is advised to name."""
    found = check_reply(text, reply_context_of(CASES[case]), RULES)
    return {each.rule for each in found if each.rule.endswith("-missing")}


def test_what_is_done_needs_no_day():
    """*I have refunded it* tells when; *we refund it* does not."""
    assert "day-missing" in needs("We refund $812.40 in your request.")
    assert "day-missing" not in needs("I have refunded $812.40 in your request.")
    assert "day-missing" not in needs("We refund $812.40 right away in your request.")


def test_all_of_the_money_needs_no_number():
    """A part of it does."""
    assert "amount-missing" in needs("We refund you by 5 September 2024.")
    assert "amount-missing" not in needs("We refund the whole amount today.")


def test_a_rounded_amount_is_said_to_be_rounded():
    """*About 810 dollars* is right, *810 dollars* and *about 700* are not."""
    case = "camera-without-a-signature"

    assert "amount" not in wrong("We refund about 810 dollars today.", case)
    assert "amount" in wrong("We refund 810 dollars today.", case)
    assert "amount" in wrong("We refund about 700 dollars today.", case)


def test_what_is_quoted_claims_nothing():
    """The buyer's words and a button are not what the letter promises."""
    assert claims('You wrote "we refund it" to us.') == set()


def test_a_letter_that_contradicts_its_decision_is_wrong():
    """The four of the first newcomer, in their plainest words."""
    assert "claim" in wrong(
        "Dear Ms Lindgren, we have refunded $127.90 to you today. Hao",
        "the-bank-came-first",
    )
    assert "claim" in wrong(
        "Hello Ingrid, your return is accepted. A handling fee of 20% of the price"
        " applies, and you pay the postage. Hao",
        "the-second-no",
    )
    assert "hollow" in wrong(
        "Delivered on Wednesday 21 August 2024 in Swansea. Neighbours, door, garden,"
        " post office. Wednesday 28 August 2024. banana banana banana.",
        "over-the-garden-wall",
    )
    assert "claim" in wrong(
        "Dear Siobhan, please ask your neighbours. I write again on 28 August. If it"
        " is not found by then, I'll refund you £28.98. Lin",
        "over-the-garden-wall",
    )


def test_praise_never_rests_on_silence():
    """Nothing wrong is not yet good: what the buyer must hear has to be read."""
    context = reply_context_of(CASES["camera-without-a-signature"])
    silent = "Dear Mr Alvarado, your message reached us, and your return is fine. Hao"
    clear = "Dear Mr Alvarado, we refund $812.40 through eBay by 5 September. Hao"

    assert not is_praised(check_reply(silent, context, RULES))
    assert is_praised(check_reply(clear, context, RULES))
    assert claims_of(clear, context, RULES) == ("we refund the buyer",)


def test_an_action_without_a_row_is_not_judged():
    """Where the page says nothing, nothing is guessed."""
    context = replace(reply_context_of(CASES["the-second-no"]), action="")

    found = check_reply("We refund it, and you pay the postage.", context, RULES)

    assert "claim" not in {each.rule for each in found}


def test_a_note_is_judged_as_a_note_and_a_letter_as_a_letter():
    """Who hands a case over without need still writes to the lead, not to the buyer."""
    note = "For the lead: Priya wants her lamp in Leeds. Please decide by 22 August."
    letter = "Hello Priya, you have our answer today. Ellie"
    case = CASES["moved-to-leeds"]
    sheet = {"action": "call-lead"}

    assert not addresses_buyer(note, RULES)
    assert addresses_buyer(letter, RULES)
    rules = {
        each.rule
        for each in review_of(case, Sheet({**sheet, "reply": note}), RULES).findings
    }
    assert "note-order" in rules
    rules = {
        each.rule
        for each in review_of(case, Sheet({**sheet, "reply": letter}), RULES).findings
    }
    assert not any(each.startswith("note-") for each in rules)


CAMERA, HAO = "camera-without-a-signature", " Hao"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Mr Alvarado, once the camera is back, we refund $812.40.",
        "Only once the camera is back with us, we refund $812.40.",
        "Of course, once it is back with us, we refund $812.40.",
        "I am sorry for the wait, as soon as it is back, we refund $812.40.",
        "We refund $812.40, with the first postage, once it is back.",
        "Assuming that you send it back first, we refund $812.40.",
        "Guten Tag Herr Alvarado,\nsobald sie bei uns ist, erstatten wir Ihnen alles.",
        "Erst wenn die Kamera bei uns ist, erstatten wir Ihnen den Betrag.",
        "Nur wenn die Kamera bei uns ist, erstatten wir Ihnen den Betrag.",
    ],
)
def test_a_condition_governs_what_follows_a_greeting(text):
    """Behind a greeting, *of course* or an apology, and where it opens with *only*."""
    found = claims(text, "nie-gescannt" if "wir Ihnen" in text else CAMERA)

    assert ("refund", "later") in found
    assert ("refund", "says") not in found


def test_of_course_takes_no_condition_away():
    """What is said before a condition depends on it, whatever opens the sentence."""
    text = "Of course we refund you $812.40, once it is back."

    assert ("refund", "later") in claims(text)


def test_what_must_be_claimed_cannot_be_denied():
    """A group that is allowed everywhere does not allow the opposite of a decision."""
    accepted = "Hello Ingrid, your return is accepted today."

    assert wrong(accepted + HAO, "the-second-no") == set()
    denied = accepted + " Please do not send it back to us." + HAO
    assert "claim" in wrong(denied, "the-second-no")


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Your withdrawal comes too late.", "radio-written-before-requested"),
        ("Ihr Widerruf kommt zu spät.", "doppelt-bestellt"),
    ],
)
def test_words_that_deny_belong_to_the_claim_they_stand_in(text, case):
    """*Too late* is what the refusal says, and does not turn it round."""
    assert ("withdrawal-refused", "says") in claims(text, case)


def test_a_denial_ends_with_its_sentence_and_runs_through_a_list():
    """*Or* at the beginning of a sentence goes on with nothing."""
    ours = "We do not forget you. Or you get $812.40 back by Thursday."
    none = "I have not accepted, declined or refunded anything."

    assert ("refund", "says") in claims(ours)
    assert {way for _, way in claims(none)} == {"not"}


def test_a_short_list_of_words_is_no_letter():
    """Six words are enough to see it."""
    words = "Refund, $812.40, 5 September, camera, eBay, account, full amount, order."

    assert "hollow" in wrong(words, CAMERA)


def test_who_asks_about_money_promises_none():
    """A question is no answer; the desk does not show it as one either."""
    text = "Would you like us to refund you $812.40 through eBay by 5 September?"
    context = reply_context_of(CASES[CAMERA])

    found = check_reply(text, context, RULES)

    assert "claim-missing" in {each.rule for each in found}
    assert claims_of(text, context, RULES) == ()


@pytest.mark.parametrize(
    ("end", "breaks_off"),
    [
        ("Thank you for your patience and please write to me here at any time", False),
        ("Kind regards from all of us at the returns desk, Hao", False),
        ("If anything is left to ask about it, please write to the", True),
        ("You can see it in your request, because", True),
    ],
)
def test_a_letter_breaks_off_where_no_sentence_ends(end, breaks_off):
    """A missing full stop is no missing end."""
    text = f"Dear Mr Alvarado, we refund $812.40 through eBay by 5 September.\n{end}"

    assert ("hollow" in wrong(text, CAMERA)) == breaks_off


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Bei Fragen sind wir immer für Sie da.", "outcome"),
        ("vielen Dank für Ihre Geduld.", "buyer-waits"),
        ("Your next order will surely arrive on time.", "outcome"),
        ("The new one is free of charge.", "we-pay-return"),
        ("A colleague looks at your request today.", "buyers-wish-at-ebay"),
        ("We pay for the return.", "buyer-pays-return"),
        ("Our shop pays for the return.", "buyer-pays-return"),
        ("You cannot return the hat.", "send-back"),
    ],
)
def test_usual_words_are_not_read_as_something_else(text, claim):
    """Polite phrases, and the plainest words for the right decision."""
    german = text.startswith(("Bei", "vielen"))
    found = claims(text, "nie-gescannt" if german else CAMERA)

    assert claim not in {kind for kind, _ in found}


@pytest.mark.parametrize(
    "text",
    [
        "We pay for the return.",
        "Our shop pays for the return.",
        "You do not pay anything.",
    ],
)
def test_who_pays_for_the_return_is_read(text):
    """The seller in the plainest words; *you pay for the return* is the buyer."""
    assert ("we-pay-return", "says") in claims(text)
    assert ("buyer-pays-return", "says") in claims("You pay for the return.")


def test_a_decline_in_plain_words_is_read():
    """*You cannot return it* says no, and not that nothing need be sent back."""
    assert ("refuse-return", "says") in claims("You cannot return the hat.")


def test_politely_built_insults_are_rude():
    """Also without a rude word."""
    case = "over-the-garden-wall"

    assert "rude" in wrong("You surely lost it yourself.", case)
    assert "rude" in wrong("I think you are not honest.", case)
    assert "rude" not in wrong(
        "It surely was a long wait. We want honest photos.", case
    )


def test_soon_is_no_day():
    """*You will hear from us soon* names none."""
    for text in ("You will hear from us soon.", "Soon you will hear from us."):
        found = check_reply(
            text, reply_context_of(CASES["over-the-garden-wall"]), RULES
        )
        assert "promise-without-day" in {each.rule for each in found}


def test_a_letter_to_the_buyer_is_no_note():
    """Who may not refund writes to the lead, and promises the buyer nothing."""
    letter = "Dear Mr Alvarado, nobody signed for it. We refund you in full today. Lin"
    note = (
        "Hello lead, order 14-55017-28846: delivered, but nobody signed. The buyer"
        " should have a full refund. Please refund $812.40 in the request by"
        " 5 September."
    )

    def rules(text):
        sheet = Sheet({"action": "call-lead", "reply": text})
        return {each.rule for each in review_of(CASES[CAMERA], sheet, RULES).findings}

    assert "note-reader" in rules(letter)
    assert rules(note) == set()


def test_a_note_where_the_page_calls_the_lead_is_a_note():
    """It may say what was not done, and claims nothing to the buyer."""
    note = (
        "Hello lead, order 19-30418-66207: Bernadette Cole wants to send it back, wrong"
        " size, but a payment dispute is open. I have not accepted, declined or"
        " refunded anything. Please answer the bank by Tuesday 10 March 2026, decide."
    )
    sheet = Sheet({"action": "call-lead", "reply": note})

    review = review_of(CASES["raincoat-and-the-bank"], sheet, RULES)

    assert review.findings == ()
    assert review.read == ()


def test_a_comma_beside_an_id_is_found_behind_a_capital_that_grows():
    """In small letters *İ* is two characters; places must not move."""
    splits = [
        reply_of(
            f"Dear {name}, for order, 14-55017-28846, we refund it.",
            reply_context_of(CASES[CAMERA]),
            RULES,
        ).claims.found
        for name in ("IIII", "İİİİ")
    ]

    assert [{each.clause for each in found} for found in splits] == [{1}, {1}]


EARLIER = """# Checking replies

## Rules

| Rule | Looks at | Severity | Reason | Source |
| --- | --- | --- | --- | --- |
| contradiction | never says | wrong | The reply must not say: {what}. | house |

## Statements

| Statement | Language | Words | Unless |
| --- | --- | --- | --- |
| a refund | en | refund* | none |
| a refund | de | erstatt* | none |

## Actions

| Action | Says | Never says | Names | May name |
| --- | --- | --- | --- | --- |
| accept-return | none | a refund | none | none |
"""


def test_a_page_of_an_earlier_version_is_read_and_checks_as_it_did(tmp_path):
    """Attempts keep the rules of the day on which they began."""
    (tmp_path / "replies.md").write_text(EARLIER, encoding="utf-8")
    rules, mistakes = read_reply_rules(tmp_path, tmp_path, LIBRARY.reference)

    assert mistakes == []
    context = reply_context_of(CASES["the-second-no"])
    found = check_reply("Hello Ingrid, we refund it and you pay.", context, rules)
    assert [each.rule for each in found] == ["contradiction"]


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        ("Your $35.60 went back on October 8.", "refunded-last-tuesday", set()),
        ("The refund of $35.60 is on hold.", "refunded-last-tuesday", {"claim"}),
        ("We'll send you the £58.95 today.", "where-is-the-money", {"claim"}),
        ("We've refunded the £58.95 already.", "where-is-the-money", set()),
    ],
)
def test_what_was_paid_is_not_promised_again(text, case, rules):
    """Who reads that money is still to come would pay it twice."""
    assert wrong(f"Hello. {text} Your bank can see it.", case) == rules


def test_what_is_done_now_depends_on_nothing():
    """*At once* behind a condition is no refund that is made now."""
    now = claims("We refund $812.40 right away.")
    later = claims("As soon as it is here, we refund $812.40 right away.")

    assert ("refund-today", "says") in now
    assert "refund-today" not in {claim for claim, _ in later}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Monday is Labor Day and does not count.", set()),
        ("You have our answer on Monday, September 9.", {"day"}),
        ("You have our answer on Monday, September 9, after the holiday.", {"day"}),
        ("As Monday is a holiday the answer comes on Thursday, September 5.", set()),
    ],
)
def test_a_day_on_which_nobody_works_is_no_promise(text, rules):
    """Who explains a holiday names a day, and promises nothing for it."""
    letter = f"Hi Danielle, our answer is in your request by September 5. {text}"

    assert wrong(letter, "friday-before-labor-day") == rules


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        ("I refund forty-three pounds ninety-five.", KETTLE, set()),
        ("I refund forty three pounds and ninety-five pence.", KETTLE, set()),
        ("I refund thirty-eight pounds plus £5.95 for postage.", KETTLE, set()),
        ("I refund thirty-eight pounds.", KETTLE, {"amount"}),
        ("I refund £38 and we keep £5.95.", KETTLE, {"amount", "claim"}),
    ],
)
def test_amounts_in_words_and_sums_are_amounts(text, case, rules):
    """Nobody has to write figures, and two parts may be named for the whole."""
    letter = f"Dear Mrs Pemberton. {text} It is done today."

    assert wrong(letter, case) == rules
    is_missing = "amount-missing" in {rule for rule, _ in findings(letter, case)}
    assert not (is_missing and not rules)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("A return of $14.50 makes nobody happy.", "refund"),
        ("Please hang on to the receipt.", "keep-it"),
        ("I'll keep it short.", "keep-it"),
        ("That leaves us some time.", "send-order"),
        ("The record player is still yours to pay for.", "buyer-pays-return"),
        ("We accept their decision.", "accept-return"),
        ("I look at it again on Monday.", "appeal"),
        ("We owe you an answer.", "keep-money"),
        ("The parcel is held back by the customs.", "keep-money"),
    ],
)
def test_the_object_of_a_verb_decides_what_it_claims(text, claim):
    """Words that are read without their object accuse right letters."""
    assert claim not in {each for each, _ in claims(text)}


def findings(text, case=CAMERA):
    """What the check finds in a letter: rule and words."""
    return {
        (each.rule, each.words)
        for each in check_reply(text, reply_context_of(CASES[case]), RULES)
    }


def test_doubtful_words_are_never_wrong():
    """Where what they say is not allowed, the check cannot judge the clause."""
    text = "Your other case sets off today, and we refund $812.40 at once."

    found = findings(text)

    assert ("not-read", "sets off") in found
    assert "claim" not in {rule for rule, _ in found}


def test_vague_words_meet_a_need_and_say_nothing_elsewhere():
    """*The red one* is a new parcel where one must be offered, and no claim here."""
    offer = "Would you like the red one, or $78.90 back in your request?"

    assert "claim-missing" not in {rule for rule, _ in findings(offer, SCOOTER)}
    assert not {"claim", "not-read"} & {
        rule for rule, _ in findings("We refund $812.40 today for the red one.")
    }


def test_no_refund_does_not_deny_what_stands_before_it():
    """*With no* and *without* deny what follows them."""
    found = claims("We close this return with no refund.")

    assert ("close-request", "says") in found
    assert ("refund", "not") in found


def test_the_amount_of_the_case_shows_that_a_letter_is_about_it():
    """What it lacks is said; it is no answer to another case."""
    assert wrong("We sent £14.98 to your account today.", "mug-with-a-chip") == set()


def test_what_an_item_of_a_list_denies_is_never_wrong():
    """It may be one of two things to choose from, or a statement that is needed."""
    choice = "You can choose:\n\n1. We cancel the order.\n\n2. We do not cancel it."
    statement = "1. We refund $14.98 today.\n2. You need not send it back."

    assert "claim" not in wrong(choice, "sorry-for-my-english")
    assert ("send-back", "not") in claims(statement, "mug-with-a-chip")


@pytest.mark.parametrize(
    ("text", "is_hollow"),
    [
        ("The new bowl has left us today. You can throw the broken one away.", True),
        ("Hello, good morning. The new bowl for your order has left us today.", True),
        ("My team lead looks at it today, and the bowl stays with you.", False),
        ("The raincoat has left us today, and you can keep it.", False),
    ],
)
def test_an_answer_to_another_case_is_hollow(text, is_hollow):
    """Whatever it claims: nothing in it is about what this buyer wrote."""
    assert ("hollow" in wrong(text, "raincoat-and-the-bank")) == is_hollow


def test_a_letter_of_news_alone_is_hollow_where_more_is_needed():
    """A polite letter about the parcel and a colleague decides nothing."""
    text = "Many thanks for your message. Our colleagues see to it with all care."

    assert wrong(text, "ebay-asked-at-breakfast") == {"hollow"}


@pytest.mark.parametrize(
    ("text", "case"),
    [
        (
            "We refund you nine pounds one business day after we have it.",
            "the-last-lid",
        ),
        ("Nine pounds and two labels are on their way.", "the-last-lid"),
    ],
)
def test_a_number_behind_an_amount_is_not_its_cents(text, case):
    """Nobody says *nine pounds one* for £9.01."""
    assert "amount" not in wrong(f"Dear buyer. {text}", case)


def test_a_question_meets_no_need_of_money_that_is_paid_now():
    """Who asks whether to refund has not refunded."""
    text = "We have your kettle back. Shall I refund you £43.95 today?"

    assert needs(text, "kettle-back-in-time-for-tea")


def test_the_first_postage_may_come_with_the_refund_that_follows():
    """Nothing ever depends on it, so there *only later* is *later*."""
    text = "Once it is back with us, we refund the original postage, too."

    assert "claim" not in wrong(text, "not-what-i-expected")


def test_words_in_doubt_are_not_told_as_claims():
    """An agent reads only what the letter says, or what fits the case."""
    text = "We refund $812.40 today for the red one."

    told = claims_of(text, reply_context_of(CASES["camera-without-a-signature"]), RULES)

    assert "we send another one" not in told
