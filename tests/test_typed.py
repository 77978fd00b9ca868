"""Values as people and exports write them: read where clear, refused with a word."""

from datetime import date
from decimal import Decimal

import pytest
from builders import DE, GB, US
from typer.testing import CliRunner

from kit.cli import app
from kit.errors import UnclearValue
from kit.rules.calendars import Marketplace
from kit.rules.typed import Unclear, read_typed, read_typed_day
from kit.rules.values import Money, Value, read_kind

CA = Marketplace("EBAY_CA", "Canada", "America/Toronto", "CAD", "en", "CA")


@pytest.mark.parametrize(
    ("text", "place", "amount"),
    [
        pytest.param("USD 64.31", US, Money(6431, "USD"), id="as pages write it"),
        pytest.param("$64.31", US, Money(6431, "USD"), id="a dollar in the States"),
        pytest.param("$64.31", CA, Money(6431, "CAD"), id="a dollar in Canada"),
        pytest.param("US $64.31", CA, Money(6431, "USD"), id="as eBay writes it"),
        pytest.param("C $64.31", US, Money(6431, "CAD"), id="a foreign dollar"),
        pytest.param("64.31 USD", None, Money(6431, "USD"), id="the currency behind"),
        pytest.param("64.31USD", None, Money(6431, "USD"), id="and no space"),
        pytest.param("usd 64.31", None, Money(6431, "USD"), id="small letters"),
        pytest.param("1,234.56 USD", US, Money(123456, "USD"), id="thousands"),
        pytest.param("1,234,567 USD", US, Money(123456700, "USD"), id="millions"),
        pytest.param("$1,234.56", US, Money(123456, "USD"), id="thousands of dollars"),
        pytest.param("£12", GB, Money(1200, "GBP"), id="pounds"),
        pytest.param("12,50 €", DE, Money(1250, "EUR"), id="a comma for the cents"),
        pytest.param("1.234,56 €", DE, Money(123456, "EUR"), id="German thousands"),
        pytest.param("1 234,56 €", DE, Money(123456, "EUR"), id="with a space"),
        pytest.param("1'234.50 CHF", DE, Money(123450, "CHF"), id="a Swiss apostrophe"),
        pytest.param("-$5.00", US, Money(-500, "USD"), id="money back"),
        pytest.param("12\u00a0€", DE, Money(1200, "EUR"), id="a space that holds"),
    ],
)
def test_an_amount_is_read_where_it_can_be_only_one(
    text: str, place: Marketplace | None, amount: Money
) -> None:
    """Whoever copies a line of an export does not write it anew."""
    assert read_typed(text, read_kind("money"), place) == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2024-07-29", "2024-07-29", id="as pages write it"),
        pytest.param("Jul-29-24", "2024-07-29", id="as eBay exports it"),
        pytest.param("29-Jul-2024", "2024-07-29", id="the same in Britain"),
        pytest.param("29 Jul 2024", "2024-07-29", id="the day first"),
        pytest.param("29. Juli 2024", "2024-07-29", id="in German"),
        pytest.param("July 29, 2024", "2024-07-29", id="the month first"),
        pytest.param("2024/07/29", "2024-07-29", id="the year first"),
        pytest.param("29.07.2024", "2024-07-29", id="no month has 29"),
        pytest.param("07/29/2024", "2024-07-29", id="the same turned round"),
        pytest.param("05/05/2024", "2024-05-05", id="the same both ways"),
        pytest.param("2024-07-29T10:15:00Z", "2024-07-29", id="a moment"),
        pytest.param("2024-07-29T03:15:00.000Z", "2024-07-28", id="evening over there"),
        pytest.param("2024-07-29T09:15:00+02:00", "2024-07-29", id="with its zone"),
    ],
)
def test_a_day_is_read_where_it_can_be_only_one(text: str, day: str) -> None:
    """A month in words is no day; a moment belongs to a day of the marketplace."""
    found = read_typed(text, read_kind("date"), US)

    assert found == read_typed_day(text, US) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "kind", "place", "how"),
    [
        pytest.param("07/08/24", "date", US, "day", id="July or August"),
        pytest.param("24-Jul-29", "date", US, "day", id="2024 or 2029"),
        pytest.param("07/08/2024", "date", GB, "day", id="with the whole year"),
        pytest.param("07.08.2024", "date", DE, "day", id="with dots"),
        pytest.param("13/12/24", "date", US, "day", id="2013 or 2024"),
        pytest.param("2024-07-29T10:15:00", "date", US, "time", id="no zone"),
        pytest.param("2024-07-29T10:15:00Z", "date", None, "time", id="no place"),
        pytest.param("1.234", "number", US, "number", id="a thousand or one"),
        pytest.param("1,234", "whole number", US, "number", id="with a comma"),
        pytest.param("1.234 USD", "money", US, "number", id="thousands or one"),
        pytest.param("1,234 €", "money", DE, "number", id="and euros"),
        pytest.param("$64.31", "money", None, "dollar", id="which dollar"),
        pytest.param("$64.31", "money", GB, "dollar", id="no dollars in Britain"),
        pytest.param("64.31", "money", US, "currency", id="of nothing"),
    ],
)
def test_what_can_be_read_twice_is_refused_with_what_is_unclear(
    text: str, kind: str, place: Marketplace | None, how: str
) -> None:
    """A guess would be right for one half of the people."""
    with pytest.raises(Unclear) as caught:
        read_typed(text, read_kind(kind), place)

    assert caught.value.how == how


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("12,5", "number", Decimal("12.5"), id="a comma"),
        pytest.param("-1,234.5", "number", Decimal("-1234.5"), id="below zero"),
        pytest.param("-1,234,567", "whole number", -1234567, id="far below zero"),
        pytest.param("0.500", "number", Decimal("0.5"), id="less than one"),
        pytest.param("1.2340", "number", Decimal("1.234"), id="four digits behind"),
        pytest.param("1,234,567", "whole number", 1234567, id="two commas"),
        pytest.param("3 days", "whole number of days", 3, id="with its unit"),
        pytest.param("Yes", "yes/no", True, id="a capital"),
        pytest.param("FALSE", "yes/no", False, id="a spreadsheet's no"),
        pytest.param("No-Scan", "one of none, no-scan", "no-scan", id="a word"),
    ],
)
def test_other_values_are_read_as_they_are_exported(
    text: str, kind: str, value: Value
) -> None:
    """Numbers with marks, and the yes and no of spreadsheets."""
    assert read_typed(text, read_kind(kind), US) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("$12 USD", "money", id="two currencies"),
        pytest.param("12 $ 5", "money", id="two numbers"),
        pytest.param("1,23,456 USD", "money", id="groups of two"),
        pytest.param("1,2345.6", "number", id="a group of four"),
        pytest.param("$99999999999999999999", "money", id="all the money"),
        pytest.param("£" + "9" * 5000, "money", id="five thousand digits"),
        pytest.param("USD -5.00", "money, at least 0", id="below the lowest"),
        pytest.param("31 Feb 2024", "date", id="no such day"),
        pytest.param("29 Foo 2024", "date", id="no such month"),
        pytest.param("31/31/2024", "date", id="no such month in digits"),
        pytest.param("0001-01-01T00:00:00Z", "date", id="before the calendar"),
        pytest.param("soon", "date", id="a word"),
        pytest.param("²", "whole number", id="a digit that is none"),
        pytest.param("1E+999999999", "number", id="more digits than atoms"),
        pytest.param("lost", "one of none, no-scan", id="no word of it"),
    ],
)
def test_what_is_no_value_is_refused(text: str, kind: str) -> None:
    """Loose reading never makes something of nothing."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_typed(text, read_kind(kind), US)


def test_the_sentence_says_how_to_write_it() -> None:
    """A real orders report was refused without a word; now there is one."""
    line = ["decide", "inr-request", "--marketplace", "EBAY_US", "--fact"]

    with pytest.raises(UnclearValue, match="year first, such as 2024-07-29"):
        CliRunner().invoke(app, [*line, "edd=07/08/24"], catch_exceptions=False)
    with pytest.raises(UnclearValue, match="Write the currency"):
        CliRunner().invoke(app, [*line, "order total=64.31"], catch_exceptions=False)


def test_a_line_of_an_orders_report_is_decided() -> None:
    """Amount, day and moment as they stand in it."""
    line = ["decide", "inr-request", "--marketplace", "EBAY_US", "--table", "signature"]
    facts = ["--fact", "order total=$764.31", "--fact", "ebay programme=No"]
    facts += ["--on", "Jul-29-24"]

    ran = CliRunner().invoke(app, [*line, *facts])

    assert ran.exit_code == 0
    assert "Signature needed: yes" in ran.output
    assert "2024-07-29" in ran.output
