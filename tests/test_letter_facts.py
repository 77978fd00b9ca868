"""A letter that says something else than its case: days, amounts, places, certainty."""

from datetime import date

import pytest
from letters import CASES, findings, wrong

from kit.practice.wording import fill_slots

FULL = "I am sorry for the wait. You get £71.95 back in full {day}, in your request."
RETURN = "Your return is accepted, and our free label is in the request. {money}"
DOOR = "Please ask your neighbours and look in the garden. You hear from us by Tuesday."


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        (FULL.format(day="today, Friday 30 August"), "the-fourth-business-day", set()),
        (FULL.format(day="today (30 August)"), "the-fourth-business-day", set()),
        (FULL.format(day="today"), "the-fourth-business-day", set()),
        (
            FULL.format(day="today, Monday 2 September"),
            "the-fourth-business-day",
            {"day"},
        ),
        (FULL.format(day="today (2 September)"), "the-fourth-business-day", {"day"}),
        (FULL.format(day="today, on 2 September"), "the-fourth-business-day", {"day"}),
        (
            "Guten Tag Frau Wilken, wir schicken Ihnen heute, am 7. Mai, noch einmal "
            "eine Strickjacke.",
            "nie-gescannt",
            set(),
        ),
        (
            "Guten Tag Frau Wilken, wir schicken Ihnen heute, am 8. Mai, noch einmal "
            "eine Strickjacke.",
            "nie-gescannt",
            {"day"},
        ),
        (
            "Hi Denise, of course, ask your son, and tell me which you choose. I wrote "
            "it down today, June 9 is your last day.",
            "the-answer-comes-on-monday",
            set(),
        ),
    ],
)
def test_a_date_beside_today_is_today(text, case, rules):
    """Who says today and writes another date has made a mistake in one of them."""
    assert wrong(text, case) == rules


@pytest.mark.parametrize(
    ("money", "rules"),
    [
        ("We refund $103.40 when it is back.", set()),
        ("The $24.10 for the way back are on us.", set()),
        ("We refund $95 when it is back.", {"amount"}),
        ("We refund $38 when it is back.", {"amount"}),
        ("You get $24.10 back when it is here.", {"amount"}),
        ("We refund $90 and $5 when it is back.", {"amount"}),
        ("We refund $95 and $8.40 postage when it is back.", set()),
        ("Instead of the $38 we refund $103.40 when it is back.", set()),
        ("The return postage of $24.10 is on you.", {"claim"}),
    ],
)
def test_only_what_is_due_is_paid_back(money, rules):
    """Another amount of the case may be named, and is not what the buyer gets."""
    assert wrong(RETURN.format(money=money), "the-second-no") == rules


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        (f"Maybe a neighbour has it. {DOOR}", "over-the-garden-wall", set()),
        (FULL.format(day="today"), "the-fourth-business-day", set()),
        ("Maybe " + FULL.format(day="today"), "the-fourth-business-day", set()),
        (
            FULL.format(day="today").replace("You get", "Maybe you get"),
            "the-fourth-business-day",
            {"unsure"},
        ),
        (
            FULL.format(day="today") + " I am not sure.",
            "the-fourth-business-day",
            {"unsure"},
        ),
        (
            "Guten Tag Frau Wilken, vielleicht schicken wir Ihnen noch einmal eine "
            "Strickjacke.",
            "nie-gescannt",
            {"unsure"},
        ),
        (
            "Guten Tag Frau Wilken, wir schicken Ihnen noch einmal eine Strickjacke. "
            "Vielleicht freut sich Ihre Schwester.",
            "nie-gescannt",
            set(),
        ),
        (f"{DOOR} Perhaps.", "over-the-garden-wall", {"unsure"}),
        (f"{DOOR} Maybe we write again.", "over-the-garden-wall", {"unsure"}),
    ],
)
def test_a_promise_is_not_taken_back_with_maybe(text, case, rules):
    """The buyer must be able to rely on it; a good idea may begin with maybe."""
    assert wrong(text, case) == rules


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        (f"The carrier says Swansea. {DOOR}", "over-the-garden-wall", set()),
        (f"The carrier says York. {DOOR}", "over-the-garden-wall", {"place"}),
        (
            "Your parcel goes to 12 Mill Lane on 27 May.",
            "house-number-twelve",
            set(),
        ),
        (
            "You typed 21 Mill Lane, and we ship it to 12 Mill Lane on 27 May.",
            "house-number-twelve",
            set(),
        ),
        (
            "Your parcel goes to 14 Mill Lane on 27 May.",
            "house-number-twelve",
            {"place"},
        ),
        (f"Our York Road depot says Swansea. {DOOR}", "over-the-garden-wall", set()),
        (
            "We hold it. Order again to Hull, or we send it to the address on the "
            "order. Please tell us by Thursday 12 February.",
            "sorry-for-my-english",
            set(),
        ),
        (
            "Your parcel is here and I stopped it today. I send it to Hull tomorrow.",
            "sorry-for-my-english",
            {"place"},
        ),
        (
            "Your parcel is still here. I send it to 61 Station Road, Hull today.",
            "sorry-for-my-english",
            {"place"},
        ),
        (
            "We send the tea cosy to 21 Mill Lane on 27 May.",
            "house-number-twelve",
            {"place"},
        ),
        (f"We have size 10 here, too. {DOOR}", "over-the-garden-wall", set()),
        (
            "Guten Tag Frau Bauer, das Paket geht am 27. Dezember nach Leipzig, an "
            "die Adresse der Bestellung.",
            "leave-it-as-it-is",
            {"place"},
        ),
    ],
)
def test_places_are_those_of_the_case(text, case, rules):
    """Another town, and another house in the same street, are somebody else's."""
    assert wrong(text, case) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (DOOR, set()),
        (DOOR.replace("Please ask", "Please do not ask"), {"not-true"}),
        (f"Sorry, the parcel is lost. {DOOR}", {"claim"}),
        (f"No, nothing is lost. {DOOR}", set()),
        (f"The carrier could not find your address. {DOOR}", {"claim"}),
    ],
)
def test_what_has_happened_is_what_the_case_says(text, rules):
    """Where a delivery is shown, nothing is lost, and looking around helps."""
    assert wrong(text, "over-the-garden-wall") == rules


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ("", set()),
        ("We also send the lamp to Leeds for free.", {"claim", "place"}),
        ("I will write Leeds on the label.", {"claim"}),
        ("I would love to write Leeds on the label, but we cannot.", set()),
    ],
)
def test_no_second_remedy_stands_beside_the_first(more, rules):
    """An order that is cancelled is not sent as well."""
    text = f"We cancel your order today and refund £64.90. {more}"
    assert wrong(text, "moved-to-leeds") == rules


def test_what_is_wrong_says_more_than_that_it_may_be_no_answer():
    """A letter that answers, and has one wrong day, is not called a list of words."""
    text = "You get £71.95 back in full on 9 September."
    assert wrong(text, "the-fourth-business-day") == {"day"}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("You will see that we did not answer by 29 August.", set()),
        ("What was due by 29 August will reach you today.", set()),
        ("The money will be with you by 28 August.", {"day"}),
    ],
)
def test_a_day_gone_by_is_told_and_never_promised(text, rules):
    """Why we are late has a day that is over; what is to come has none."""
    full = FULL.format(day="today")
    assert wrong(f"{full} {text}", "the-fourth-business-day") == rules


def test_a_list_of_words_stays_one_whatever_else_is_wrong_in_it():
    """Nobody is sent to mend the day of a letter that is none."""
    text = "Lamp refund parcel label photo carrier scan 9 September return postage."
    assert "hollow" in wrong(text, "the-fourth-business-day")


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("Please change the reason of your return to “changed my mind”.", True),
        ("Please pick another reason in the return.", True),
        ("You do not need to change the reason of your return.", False),
    ],
)
def test_nobody_is_asked_for_a_false_reason(text, is_wrong):
    """The reason says who pays."""
    text = RETURN.format(money=f"We refund $103.40 when it is back. {text}")
    assert ("reason-change" in wrong(text, "the-second-no")) is is_wrong


def test_for_a_day_that_is_over_the_right_one_is_over_too():
    """Who names a wrong end of the return period is told the right one."""
    text = (
        "Hello Leonard, I am sorry that we cannot accept the return: our 30 days ended "
        "on 20 June."
    )
    (finding,) = (
        each
        for each in findings(text, "toast-rack-six-weeks-later")
        if each.rule == "day"
    )

    assert "11 June 2026" in finding.reason
    assert "26 June" not in finding.reason


def test_what_may_come_is_not_called_done():
    """To offer it is right, and to have done it is not; the words say which."""
    text = "Hello Danuta, I stopped your parcel and cancelled your order today."
    (finding,) = (
        each for each in findings(text, "sorry-for-my-english") if each.rule == "claim"
    )

    assert finding.reason.endswith("we cancel the order, as if it were done already.")


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ("We take back what we wrote.", {"takes-back"}),
        ("All of this holds only if we have time.", {"takes-back"}),
        ("Our answer may change.", {"takes-back"}),
        ("Please ignore this letter.", {"takes-back"}),
        ("You may change your mind until Tuesday.", set()),
        ("The carrier's forecast may change.", set()),
        ("You will not hear from us again.", {"last-word"}),
        ("Please do not write to us again.", {"last-word"}),
        ("You do not have to write to us again.", set()),
        ("We will not write again before Tuesday.", set()),
        ("Thank you for buying the bicycle.", {"other-item"}),
    ],
)
def test_a_letter_does_not_take_itself_back(more, rules):
    """A right letter with one more sentence is judged by that sentence."""
    assert wrong(f"{DOOR} {more}", "over-the-garden-wall") == rules


@pytest.mark.parametrize(
    ("news", "case", "rules"),
    [
        ("We write to you next month.", "over-the-garden-wall", {"far-off"}),
        ("We write to you in three weeks.", "over-the-garden-wall", {"far-off"}),
        ("You hear from us in December.", "over-the-garden-wall", {"far-off"}),
        ("You hear from us on 28 August.", "over-the-garden-wall", set()),
        ("School begins next month.", "over-the-garden-wall", set()),
        ("It was sent in July.", "over-the-garden-wall", set()),
    ],
)
def test_what_is_due_this_week_is_not_promised_for_next_month(news, case, rules):
    """*Next month* names no day, and tells the buyer that it takes a month."""
    assert wrong(f"{DOOR} {news}", case) == rules


def test_an_amount_where_nothing_is_paid_is_said_to_be_none():
    """The price of the item is no hint at what would be right there."""
    (finding,) = [
        each
        for each in findings(f"{DOOR} We refund £12.00.", "over-the-garden-wall")
        if each.rule == "amount"
    ]

    assert "no amount at all" in finding.reason


def test_an_american_buyer_reads_the_month_first():
    """The screen keeps the order of the playbooks; the letter has that of its buyer."""
    case = CASES["curtains-one-day-late"]
    kettle = CASES["the-last-lid"]
    day = {"next_word": date(2024, 8, 19)}

    assert fill_slots(case, "{next_word}", "en", day) == "Monday, August 19, 2024"
    assert fill_slots(kettle, "{next_word}", "en", day) == "Monday 19 August 2024"


@pytest.mark.parametrize(
    ("told", "case", "rules"),
    [
        ("Your parcel is still at the depot.", "over-the-garden-wall", {"not-true"}),
        ("Your parcel was delivered on Wednesday.", "over-the-garden-wall", set()),
        ("Your bag has left our warehouse.", "over-the-garden-wall", set()),
        ("eBay now decides about it.", "over-the-garden-wall", {"not-true"}),
        ("If you ask eBay, eBay decides.", "over-the-garden-wall", set()),
        ("Your lamp was already shipped.", "moved-to-leeds", {"not-true"}),
        ("Thank you, your payment has arrived.", "the-card-with-moods", {"not-true"}),
    ],
)
def test_the_facts_of_a_case_are_told_as_they_are(told, case, rules):
    """A right decision does not make *it was delivered* true."""
    found = wrong(f"Hello and thank you. {told}", case)

    assert found & {"not-true"} == rules


@pytest.mark.parametrize(
    ("told", "case", "rules"),
    [
        ("It was sorted in Memphis on August 13.", "curtains-one-day-late", set()),
        (
            "It was sorted in Memphis on August 9.",
            "curtains-one-day-late",
            {"told-day"},
        ),
        (
            "Your parcel was delivered on Tuesday 20 August.",
            "over-the-garden-wall",
            {"told-day"},
        ),
        ("It was on its way for 16 days.", "over-the-garden-wall", set()),
        ("We give 90 days for it.", "over-the-garden-wall", {"day-count"}),
        ("Wir haben 90 Tage Zeit.", "jacket-free-on-day-fifteen", {"day-count"}),
        ("Im Angebot stehen dreißig Tage.", "jacket-free-on-day-fifteen", set()),
        ("It takes two or three days.", "over-the-garden-wall", set()),
    ],
)
def test_what_happened_is_told_with_its_own_day(told, case, rules):
    """A day that the case knows can still be the day of something else."""
    assert wrong(told, case) & {"told-day", "day-count"} == rules


@pytest.mark.parametrize(
    ("told", "case", "rules"),
    [
        ("I am sorry that the bag is broken.", "over-the-garden-wall", {"not-said"}),
        (
            "You wrote that the rack is broken.",
            "toast-rack-six-weeks-later",
            {"not-said"},
        ),
        ("I am glad that nothing is broken.", "the-second-no", set()),
        ("If it is broken, please write to me.", "the-second-no", set()),
        ("I am sorry that your vase is broken.", "vase-in-eleven-pieces", set()),
        ("You signed for it yourself.", "over-the-garden-wall", {"not-said"}),
        (
            "Schade, dass die Jacke kaputt ist.",
            "jacket-free-on-day-fifteen",
            {"not-said"},
        ),
    ],
)
def test_what_the_buyer_has_not_said_is_not_told(told, case, rules):
    """A letter about another problem answers another person."""
    assert wrong(told, case) & {"not-said"} == rules


WALKED = [
    ("never", "raincoat-and-the-bank", "Our team lead decides, not the bank."),
    ("never", "raincoat-and-the-bank", "Your bank has decided against you."),
    ("never", "toast-rack-six-weeks-later", "The listing takes no returns."),
    ("never", "toast-rack-six-weeks-later", "You have 14 days to send it back."),
    ("never", "hat-that-we-forgot", "You hear from us by Monday 23 February 2026."),
    ("never", "hat-that-we-forgot", "You had no open request at all."),
    ("never", "moved-to-leeds", "We have not cancelled anything."),
    ("never", "moved-to-leeds", "The parcel is on its way to York."),
    ("never", "sorry-for-my-english", "The carrier has your parcel already."),
    ("never", "house-number-twelve", "Your parcel is fully protected by eBay."),
    ("never", "the-green-scooter", "You pay the label for the green one."),
    ("never", "the-green-scooter", "You sent us the wrong one."),
    ("never", "the-green-scooter", "We refund $78.90 within 10 business days."),
    ("never", "over-the-garden-wall", "You do not need to look for it."),
    ("never", "the-fourth-business-day", "We answered you in time."),
    ("never", "nie-gescannt", "Wir können Ihnen leider nicht helfen."),
    ("never", "mug-with-a-chip", "Use our label."),
    ("fine", "raincoat-and-the-bank", "While it decides, we can't accept the return."),
    ("fine", "the-green-scooter", "If you would like to keep it, please tell me."),
    ("fine", "the-green-scooter", "Within 2 business days we refund $78.90."),
]
"""Sentences with which two people tried the desks of four lessons."""


@pytest.mark.parametrize(("kind", "case", "told"), WALKED)
def test_what_two_people_tried_is_judged_as_a_lead_does(kind, case, told):
    """Each alone, without the letter around it: only being no answer is no finding."""
    assert bool(wrong(told, case) - {"hollow"}) is (kind == "never")
