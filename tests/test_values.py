"""What a fact can be: read as authors write it, checked strictly, shown as written."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import BadValue
from kit.rules.numbers import MOST
from kit.rules.values import (
    Duration,
    Kind,
    Money,
    Sort,
    Value,
    bounds_of,
    check_value,
    key_of,
    nearest,
    one_of,
    point_of,
    read_duration,
    read_kind,
    read_money,
    read_value,
    show_value,
    value_at,
)

ROUND_TRIPS = [
    ("yes/no", st.booleans()),
    ("whole number", st.integers(-MOST, MOST)),
    ("whole number of days, at least 0", st.integers(0, MOST)),
    ("number", st.decimals(-MOST, MOST, places=3)),
    ("money", st.builds(Money, st.integers(-MOST, MOST), st.just("USD"))),
    ("date", st.dates()),
    ("one of none, no-scan, lost", st.sampled_from(["none", "no-scan", "lost"])),
]
of_any_kind = st.sampled_from(ROUND_TRIPS).flatmap(
    lambda each: st.tuples(st.just(read_kind(each[0])), each[1])
)


@settings(max_examples=50)
@given(of_any_kind)
def test_what_is_shown_can_be_read_again(pair: tuple[Kind, Value]) -> None:
    """What an agent copies from the screen is understood when typed in."""
    kind, value = pair

    shown = value.isoformat() if isinstance(value, date) else show_value(value, kind)
    assert read_value(shown, kind) == value


@settings(max_examples=50)
@given(of_any_kind)
def test_every_value_has_its_own_place_on_the_scale(pair: tuple[Kind, Value]) -> None:
    """A proof names a place; the way back gives the very value."""
    kind, value = pair

    assert value_at(point_of(value, kind), kind, "USD") == value


@settings(max_examples=50)
@given(of_any_kind)
def test_every_value_that_can_be_read_passes_the_check(
    pair: tuple[Kind, Value],
) -> None:
    """Reading and checking never disagree about what a fact can be."""
    kind, value = pair

    assert check_value(value, kind, fact="it") == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("yes/no", Kind(Sort.YES_NO), id="yes or no"),
        pytest.param("whole number", Kind(Sort.WHOLE), id="a whole number"),
        pytest.param(
            "whole number of business days",
            Kind(Sort.WHOLE, unit="business days"),
            id="with a unit",
        ),
        pytest.param(
            "whole number of days, at least 0",
            Kind(Sort.WHOLE, unit="days", at_least=Decimal(0)),
            id="with a unit and a lowest value",
        ),
        pytest.param(
            "whole number of bags, at least 0, at most 9",
            Kind(Sort.WHOLE, (), "bags", Decimal(0), Decimal(9)),
            id="with a lowest and a highest value",
        ),
        pytest.param(
            "money, at least 0.50",
            Kind(Sort.MONEY, at_least=Decimal("0.50")),
            id="money with a lowest amount",
        ),
        pytest.param(
            "number, at least -1", Kind(Sort.NUMBER, at_least=Decimal(-1)), id="below 0"
        ),
        pytest.param("date", Kind(Sort.DATE), id="a date"),
        pytest.param(
            "one of none, no-scan", Kind(Sort.WORD, ("none", "no-scan")), id="words"
        ),
        pytest.param("action", Kind(Sort.ACTION), id="an action"),
    ],
)
def test_a_type_is_read_as_authors_write_it(text: str, kind: Kind) -> None:
    """The vocabulary is one table that anyone can edit."""
    assert read_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("integer", id="a programmer's word"),
        pytest.param("one of", id="no words"),
        pytest.param("one of a, , b", id="an empty word"),
        pytest.param("one of No-Scan, no scan", id="one word twice"),
        pytest.param("yes/no, at least 0", id="a lowest yes"),
        pytest.param("text of days", id="text with a unit"),
        pytest.param("date, at least 5", id="a lowest day as a number"),
        pytest.param("date of days", id="a date with a unit"),
        pytest.param("number, at least 1.2.3", id="two points"),
        pytest.param("number, at least .", id="only a point"),
        pytest.param("number, at least zero", id="a number in words"),
        pytest.param("number, at least 2, at most 1", id="nothing between"),
        pytest.param("number, at least " + "9" * 5000, id="five thousand digits"),
    ],
)
def test_what_is_no_type_is_refused(text: str) -> None:
    """A fact of an unclear type would take any value."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_kind(text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param("yes/no", "yes", True, id="yes"),
        pytest.param("yes/no", "false", False, id="the standard's false"),
        pytest.param("whole number of days", "3", 3, id="a bare number"),
        pytest.param("whole number of days", "3 days", 3, id="with its unit"),
        pytest.param("whole number of days", "1 day", 1, id="one of its unit"),
        pytest.param("whole number of hours", "24 hours", 24, id="hours"),
        pytest.param("whole number of days", "P14D", 14, id="the standard's duration"),
        pytest.param("number", "2.50", Decimal("2.5"), id="a number"),
        pytest.param("money", "USD 12.5", Money(1250, "USD"), id="one decimal"),
        pytest.param("money", "JPY 1200", Money(1200, "JPY"), id="a yen has no cents"),
        pytest.param("money", "KWD 1.250", Money(1250, "KWD"), id="a dinar has three"),
        pytest.param("date", "2024-05-15", date(2024, 5, 15), id="a day"),
        pytest.param("one of No Scan, lost", "no-scan", "No Scan", id="loose spelling"),
    ],
)
def test_a_value_is_read_as_authors_write_it(
    kind: str, text: str, value: Value
) -> None:
    """Nobody has to learn a second way to write a day or an amount."""
    assert read_value(text, read_kind(kind)) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("yes/no", "Y", id="a letter for yes"),
        pytest.param("yes/no", "1", id="a number for yes"),
        pytest.param("whole number", "2.5", id="half a thing"),
        pytest.param("whole number of days", "3 business days", id="another unit"),
        pytest.param("whole number of business days", "P3D", id="plain days"),
        pytest.param("whole number, at least 0", "-1", id="below the lowest"),
        pytest.param("whole number", "1_5", id="a slip for a range or a comma"),
        pytest.param("number", "1_5", id="the same with decimals"),
        pytest.param("whole number", "１５", id="digits of another width"),
        pytest.param("number", "NaN", id="not a number"),
        pytest.param("number", "Infinity", id="endless"),
        pytest.param("number", "a few", id="words"),
        pytest.param("money", "750", id="no currency"),
        pytest.param("money", "usd 750", id="a currency in small letters"),
        pytest.param("money", "USD 1.005", id="half a cent"),
        pytest.param("money", "JPY 1.5", id="half a yen"),
        pytest.param("money, at least 1", "USD 0.99", id="a cent too little"),
        pytest.param("money, at most 1", "USD 1.01", id="a cent too much"),
        pytest.param("whole number, at most 9", "10", id="above the highest"),
        pytest.param("whole number", "9" * 5000, id="five thousand digits"),
        pytest.param("whole number", "1000000000", id="larger than any policy"),
        pytest.param("whole number", "²", id="a digit that is none"),
        pytest.param("number", "1E+999999999", id="more digits than atoms"),
        pytest.param("number", "0.0000000001", id="finer than any policy"),
        pytest.param("money", "USD 99999999999999999999", id="all the money"),
        pytest.param("date", "15/05/2024", id="a day turned round"),
        pytest.param("date", "20240515", id="a day without hyphens"),
        pytest.param("date", "2024-W20-3", id="a day of a week"),
        pytest.param("date", "2024-02-30", id="a day that no calendar has"),
        pytest.param("one of none, lost", "stolen", id="an undeclared word"),
        pytest.param("one of none, lost", "", id="nothing"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused(kind: str, text: str) -> None:
    """A slip is a mistake with a line, never some value near it."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_value(text, read_kind(kind))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("yes/no", 1, id="one for yes"),
        pytest.param("yes/no", "yes", id="the word yes"),
        pytest.param("whole number", True, id="yes for one"),
        pytest.param("whole number", 3.0, id="a float"),
        pytest.param("whole number", Decimal(3), id="a decimal"),
        pytest.param("whole number", "3", id="a number in text"),
        pytest.param("whole number, at least 0", -1, id="below the lowest"),
        pytest.param("number", 2.5, id="a float for a number"),
        pytest.param("number", Decimal("NaN"), id="not a number"),
        pytest.param("number", Decimal("Infinity"), id="endless"),
        pytest.param("number, at least 0", Decimal("NaN"), id="not above anything"),
        pytest.param("money", 300, id="an amount without currency"),
        pytest.param("money, at least 0", Money(-1, "USD"), id="a cent below nothing"),
        pytest.param("date", "2024-05-15", id="a day in text"),
        pytest.param("date", datetime(2024, 5, 15), id="a moment for a day"),
        pytest.param("one of none, lost", "Lost", id="a word in other letters"),
        pytest.param("one of none, lost", True, id="yes for a word"),
        pytest.param("text", 3, id="a number for text"),
    ],
)
def test_a_value_from_a_program_is_never_coerced(kind: str, value: Value) -> None:
    """“5” is not 5: a screen or an import that mixes them up is told so."""
    with pytest.raises(BadValue, match="“it”"):
        check_value(value, read_kind(kind), fact="it")


def test_a_lowest_amount_counts_in_the_minor_units_of_its_currency() -> None:
    """At least 2 is 200 cents, but 2 yen."""
    kind = read_kind("money, at least 2")

    assert check_value(Money(2, "JPY"), kind, fact="price")
    assert check_value(Money(200, "USD"), kind, fact="price")
    with pytest.raises(BadValue):
        check_value(Money(199, "USD"), kind, fact="price")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        pytest.param(Money(75000, "USD"), "USD 750", id="whole dollars"),
        pytest.param(Money(1250, "GBP"), "GBP 12.50", id="with pence"),
        pytest.param(Money(5, "EUR"), "EUR 0.05", id="five cents"),
        pytest.param(Money(0, "EUR"), "EUR 0", id="nothing"),
        pytest.param(Money(-1250, "EUR"), "EUR -12.50", id="a deduction"),
        pytest.param(Money(1200, "JPY"), "JPY 1200", id="yen"),
    ],
)
def test_an_amount_is_shown_as_authors_write_it(amount: Money, shown: str) -> None:
    """The same words in the table, in the reason and on the screen."""
    assert str(amount) == shown
    assert read_money(shown) == amount


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        pytest.param(None, "yes/no", "unknown", id="not known"),
        pytest.param(True, "yes/no", "yes", id="yes"),
        pytest.param(3, "whole number of business days", "3 business days", id="unit"),
        pytest.param(date(2024, 5, 15), "date", "2024-05-15", id="a day"),
    ],
)
def test_a_value_is_shown_with_its_unit(
    value: Value | None, kind: str, shown: str
) -> None:
    """Three what? Days and business days are a week-end apart."""
    assert show_value(value, read_kind(kind)) == shown


def test_a_span_needs_a_whole_number_and_a_unit() -> None:
    """A deadline of “3” is a deadline of three of anything."""
    assert read_duration("3 business days") == Duration(3, "business days")
    for text in ("3", "days", "2.5 days", "3 Days"):
        with pytest.raises(ValueError):  # noqa: PT011
            read_duration(text)


@pytest.mark.parametrize(
    "name", ["Accepted On", "accepted-on", " accepted_on ", "accepted   on"]
)
def test_names_are_compared_in_one_form(name: str) -> None:
    """Capitals, spaces, hyphens and underscores are no difference to an author."""
    assert key_of(name) == "accepted_on"


def test_a_misspelt_name_finds_the_one_that_was_meant() -> None:
    """One letter off is told at once; something quite different is not guessed."""
    assert "accepted on" in nearest("acepted on", ["paid on", "accepted on"])
    assert nearest("photos", ["paid on", "accepted on"]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "yes/no",
        "whole number of business days, at least 0",
        "one of none, lost",
        "money",
    ],
)
def test_a_type_is_shown_as_it_was_written(text: str) -> None:
    """The sentence about a mistake quotes the reference page."""
    assert str(read_kind(text)) == text


@pytest.mark.parametrize(
    ("one", "many"),
    [
        pytest.param("offer", "offers", id="an s"),
        pytest.param("business day", "business days", id="days stay regular"),
        pytest.param("delivery", "deliveries", id="y to ies"),
        pytest.param("key", "keys", id="a vowel before the y"),
        pytest.param("box", "boxes", id="after x"),
        pytest.param("watch", "watches", id="after ch"),
        pytest.param("dish", "dishes", id="after sh"),
    ],
)
def test_one_of_a_unit_is_read_and_said_in_the_singular(one: str, many: str) -> None:
    """“1 deliveries” is never shown, and “1 delivery” is the same unit."""
    assert one_of(many) == one
    assert read_duration(f"1 {one}") == Duration(1, many)
    assert read_duration(f"2 {many}") == Duration(2, many)


def test_bounds_are_explained_only_where_a_number_is_out_of_them() -> None:
    """A misspelt word is not told how large a number may be."""
    assert bounds_of("soon") == ""
    assert bounds_of("12") == ""
    assert str(len(str(MOST))) in bounds_of(str(MOST * 10))
