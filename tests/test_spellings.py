"""Days, amounts and addresses, as people write them."""

import time
from datetime import date

import pytest

from benchmarks.replies import marked_replies
from kit.practice.reading import languages
from kit.practice.reading.languages import language_of
from kit.practice.reading.spellings import MoneyWords, found_in
from kit.rules.values import Money

TODAY = date(2024, 8, 27)
SIGNS = (("USD", ("$", "USD", "dollars")), ("EUR", ("€", "EUR", "euro")))
WRITTEN = MoneyWords(SIGNS, {"five": 5, "eight": 8})


def found(text, *, own=(), today=TODAY):
    """Everything in a text that has a shape."""
    return found_in(text, today=today, languages=("de", "en"), money=WRITTEN, own=own)


@pytest.mark.parametrize(
    "text",
    [
        "29 August",
        "29th of August",
        "August 29",
        "Aug 29, 2024",
        "29 Aug 2024",
        "Thursday 29 August 2024",
        "Thu, Aug 29",
        "on the 29th",
        "2024-08-29",
        "8/29/2024",
        "29/08/2024",
        "29.08.",
        "29.8.2024",
        "29.08.24",
        "29. August",
        "Donnerstag, 29. August 2024",
        "Donnerstag, dem 29. August",
        "Do, 29.08.",
        "Thursday",
        "Donnerstag",
    ],
)
def test_a_day_is_found_in_every_usual_spelling(text):
    """An agent writes as people write, and is held to the day all the same."""
    (day,) = found(f"We refund you by {text} at the latest.")

    assert day.shape == "day"
    assert date(2024, 8, 29) in day.days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param("27–29 August", (27, 29), id="a dash"),
        pytest.param("27 to 29 August", (27, 29), id="a word"),
        pytest.param("27. bis 29. August", (27, 29), id="in German"),
    ],
)
def test_both_ends_of_a_stretch_are_days(text, days):
    """“Between the 27th and the 29th” promises two days."""
    ends = found(f"It comes {text}.")

    assert [each.days for each in ends] == [(date(2024, 8, each),) for each in days]


@pytest.mark.parametrize("text", ["Monday 29 August", "30 February", "Mo, 29.08."])
def test_a_day_that_does_not_exist_is_no_day_of_the_case(text):
    """The wrong weekday sends a buyer to the door on the wrong day."""
    (day,) = found(f"We refund you by {text}")

    assert day.days == ()


def test_a_day_without_a_year_is_the_near_one():
    """In December, January is the next one."""
    (day,) = found("by 3 January", today=date(2024, 12, 23))

    assert day.days == (date(2025, 1, 3),)


def test_a_weekday_can_be_the_last_or_the_next_one():
    """“Delivered on Wednesday” and “refunded by Wednesday” are two days."""
    (day,) = found("Wednesday")

    assert day.days == (date(2024, 8, 21), date(2024, 8, 28))


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("$64.31", 6431, "USD"),
        ("USD 64.31", 6431, "USD"),
        ("64.31 USD", 6431, "USD"),
        ("64 dollars", 6400, "USD"),
        ("$1,234.56", 123456, "USD"),
        ("3,000 dollars", 300000, "USD"),
        ("64,31 €", 6431, "EUR"),
        ("EUR 64,31", 6431, "EUR"),
        ("1.234,56 €", 123456, "EUR"),
        ("64,- €", 6400, "EUR"),
        ("64 Euro", 6400, "EUR"),
        ("€64.3", 6430, "EUR"),
    ],
)
def test_an_amount_is_found_in_every_usual_spelling(text, minor, currency):
    """A comma for a point changes nothing about the money."""
    (amount,) = found(f"You get {text} back.")

    assert amount.words == text
    assert amount.amounts == (Money(minor, currency),)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("You get 64 dollars and 20 cents today.", 6420),
        ("You get 64 dollars 20 cents today.", 6420),
        ("You get 64 dollars and 20 days more.", 6400),
        ("You get 64 dollars and 5 cents today.", 6405),
        ("You get $64 and 20 cents today.", 6420),
        ("You get 64 dollars and 20.", 6400),
        ("You get 64 dollars 20, as agreed.", 6420),
        ("You get 64 dollars 20 back today.", 6420),
        ("All of it (64 dollars 20) is yours.", 6420),
        ("You get 64 dollars 20 days later.", 6400),
        ("You get 64 dollars 10 to 14 days later.", 6400),
    ],
)
def test_cents_can_stand_behind_the_currency(text, minor):
    """A number that goes on in words is none of them: *20 days later*."""
    (amount,) = found(text)

    assert amount.amounts == (Money(minor, "USD"),)


def test_an_amount_without_a_currency_can_be_of_each():
    """“We refund 64.31” is an amount, and the case knows its currency."""
    (amount,) = found("We refund 64.31 today.")

    assert Money(6431, "USD") in amount.amounts


@pytest.mark.parametrize(
    "text",
    [
        "+44 7700 900123",
        "0151 23456789",
        "(305) 555-0142",
        "305-555-0142",
        "0086-755-8321-4400",
    ],
)
def test_a_telephone_number_is_found(text):
    """Spaces and brackets do not hide it."""
    (phone,) = found(f"Call {text} now")

    assert phone.shape == "phone"


@pytest.mark.parametrize(
    "text",
    [
        "order 14-22871-90417",
        "parcel YT2407311122US",
        "within 2-3 business days",
        "9 mm too short",
        "1000 pieces",
        "a Golf VI of 2011",
    ],
)
def test_a_number_of_something_else_has_no_shape(text):
    """An order id is no telephone number, and a year is no day."""
    assert found(f"About your {text} again") == ()


def test_what_belongs_to_the_case_is_left_alone():
    """The order id of a German order begins like a telephone number."""
    text = "Bestellung 05-61209-44730"

    assert [each.shape for each in found(text)] == ["phone"]
    assert [each.shape for each in found(text, own=["05-61209-44730"])] == ["own"]


def test_a_link_with_the_order_id_in_it_is_still_a_link():
    """What belongs to the case does not hide what leads away from it."""
    (one,) = found("See www.track.net/YT123 now", own=["YT123"])

    assert one.shape == "link"


@pytest.mark.parametrize(
    ("text", "shape", "words"),
    [
        ("lin@shop.example.com", "e-mail", "lin@shop.example.com"),
        ("https://www.shop.com/a?b=1", "link", "shop.com"),
        ("www.track.net", "link", "track.net"),
        ("our-shop.de/sale", "link", "our-shop.de"),
        ("{act_by}", "slot", "{act_by}"),
        ("[date]", "slot", "[date]"),
        ("____", "slot", "____"),
    ],
)
def test_addresses_and_open_slots_are_found(text, shape, words):
    """What leads out of the marketplace, and what was forgotten."""
    (one,) = found(f"See {text}, please")

    assert (one.shape, one.words) == (shape, words)


@pytest.mark.parametrize(
    "character", ["a", "1", ".", "1.", "a.", "@", "a@", "{", "[", "1 ", "www.", "(1"]
)
def test_no_text_is_slow_to_read(character):
    """Four thousand of anything are read while an agent blinks."""
    text = (character * 4000)[:4000]

    start = time.process_time()
    found(text)
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We refund the full amount through eBay by Thursday.", "en"),
        ("Wir erstatten den vollen Betrag bis Donnerstag über eBay.", "de"),
        ("Nous vous remboursons le montant total avant jeudi.", "fr"),
        ("你好，我们今天退款给您。", "zh"),
        (
            "Hello Frau Wilken, die Strickjacke leaves us by 10 May, with tracking.",
            "en",
        ),
        ("OK, Siobhan!", ""),
    ],
)
def test_the_language_of_a_text_is_told(text, language):
    """A German name in an English sentence does not make it German."""
    told = []
    for _ in range(3):
        language_of.cache_clear()  # told anew, and the same
        told.append(language_of(text))

    assert told == [language] * 3


def test_three_draws_tell_a_language_as_seven_do(monkeypatch):
    """Being quicker changes nobody's mark."""
    pieces = [
        " ".join(words[at : at + many])
        for each in marked_replies()
        for words in [each.text.split()]
        for many in (8, 12, 20, len(words))
        for at in range(0, len(words) - many + 1, many)
    ]

    quick = [language_of.__wrapped__(each) for each in pieces]
    monkeypatch.setattr(languages, "TRIALS", 7)
    slow = [language_of.__wrapped__(each) for each in pieces]

    assert len(pieces) > 2000
    assert languages.TRIALS == 7
    assert quick == slow
