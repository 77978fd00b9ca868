"""The number of a policy that holds on a day: the last that started, never a guess."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import DE, GB, US, limits_of
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import NotCovered, PlaceNotCovered, UnknownName
from kit.rules.calendars import Marketplace
from kit.rules.limits import Amount, Limit, Limits, plain_value, read_amount, unit_of
from kit.rules.values import Duration, Money

ANSWER_TIME = limits_of(
    "answer time | EBAY_GB | 2014-10-01 | 8 days",
    "answer time | any | 2020-09-03 | 3 business days",
)


@pytest.mark.parametrize(
    ("marketplace", "on", "value"),
    [
        pytest.param(
            GB, "2014-10-01", Duration(8, "days"), id="the first day of its own"
        ),
        pytest.param(
            GB, "2020-09-02", Duration(8, "days"), id="the last day of its own"
        ),
        pytest.param(
            GB, "2020-09-03", Duration(3, "business days"), id="the later one for all"
        ),
        pytest.param(
            US, "2020-09-03", Duration(3, "business days"), id="the first day for all"
        ),
        pytest.param(
            DE,
            "2030-01-01",
            Duration(3, "business days"),
            id="until something new starts",
        ),
    ],
)
def test_the_last_value_that_has_started_holds(
    marketplace: Marketplace, on: str, value: Duration
) -> None:
    """A case of 2018 is judged by the rule of 2018, a live one by today's."""
    found = ANSWER_TIME.in_force("answer time", marketplace, date.fromisoformat(on))

    assert found.value == value


@pytest.mark.parametrize(
    ("marketplace", "on"),
    [
        pytest.param(GB, "2014-09-30", id="the day before its first"),
        pytest.param(US, "2014-10-01", id="where only another marketplace has one"),
        pytest.param(US, "2020-09-02", id="the day before the one for all"),
    ],
)
def test_a_day_before_the_first_value_is_not_covered(
    marketplace: Marketplace, on: str
) -> None:
    """An agent hears “not covered”, and never a number that did not hold."""
    with pytest.raises(NotCovered, match="answer time") as caught:
        ANSWER_TIME.in_force("answer time", marketplace, date.fromisoformat(on))

    assert (caught.value.marketplace, caught.value.day) == (marketplace.id, on)


@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "own last"])
def test_on_the_same_day_the_marketplaces_own_value_beats_any(own_first: bool) -> None:
    """Britain keeps its ten days although fifteen started everywhere that day."""
    rows = [
        "patience | EBAY_GB | 2023-01-01 | 10 days",
        "patience | any | 2023-01-01 | 15 days",
    ]
    limits = limits_of(*(rows if own_first else reversed(rows)))
    day = date(2023, 1, 1)

    assert limits.in_force("patience", GB, day).value == Duration(10, "days")
    assert limits.in_force("patience", US, day).value == Duration(15, "days")


def test_a_later_value_for_all_ends_an_earlier_own_one() -> None:
    """What started last holds, wherever it was written."""
    limits = limits_of(
        "patience | EBAY_GB | 2020-09-03 | 10 days",
        "patience | any | 2023-01-01 | 15 days",
    )

    assert limits.in_force("patience", GB, date(2023, 1, 1)).value == Duration(
        15, "days"
    )
    assert limits.in_force("patience", GB, date(2022, 12, 31)).value == Duration(
        10, "days"
    )


@settings(max_examples=50)
@given(st.permutations(range(4)), st.integers(-1, 8))
def test_the_order_of_the_rows_means_nothing(order: list[int], later: int) -> None:
    """An author may add a row above or below the others."""
    starts = [date(2020, 1, 1) + timedelta(days=2 * each) for each in order]
    limits = limits_of(
        *(
            f"patience | any | {start} | {each} days"
            for each, start in zip(order, starts, strict=True)
        )
    )
    on = date(2020, 1, 1) + timedelta(days=later)

    if later < 0:
        with pytest.raises(NotCovered):
            limits.in_force("patience", US, on)
    else:
        found = limits.in_force("patience", US, on)
        assert found.value == Duration(min(later // 2, 3), "days")


def test_an_amount_of_another_currency_does_not_hold() -> None:
    """A threshold of 750 dollars says nothing about a parcel paid in pounds."""
    limits = limits_of("threshold | any | 2020-01-01 | USD 750")
    day = date(2024, 5, 15)

    assert limits.in_force("threshold", US, day).value == Money(75000, "USD")
    with pytest.raises(NotCovered):
        limits.in_force("threshold", GB, day)


def test_a_misspelt_limit_is_refused_with_the_likeliest_name() -> None:
    """A slip of the keyboard never becomes “no limit”."""
    with pytest.raises(UnknownName, match="answer time"):
        ANSWER_TIME.in_force("anwser time", US, date(2024, 5, 15))


def test_names_are_compared_without_capitals_and_hyphens() -> None:
    """Two spellings of one limit are one limit."""
    limits = limits_of(
        "Answer-Time | any | 2020-01-01 | 8 days",
        "answer time | any | 2021-01-01 | 3 days",
    )

    assert limits.names == ("answer time",)
    assert len(limits.all_of("ANSWER_TIME")) == 2


def test_a_limit_is_shown_with_its_value() -> None:
    """“answer time” alone tells an agent nothing."""
    assert str(ANSWER_TIME.rows[1]) == "answer time = 3 business days"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        pytest.param("3 business days", Duration(3, "business days"), "business days"),
        pytest.param("1 day", Duration(1, "days"), "days"),
        pytest.param("1 business day", Duration(1, "business days"), "business days"),
        pytest.param("3 offers", Duration(3, "offers"), "offers"),
        pytest.param("USD 750", Money(75000, "USD"), ""),
        pytest.param("2.5", Decimal("2.5"), ""),
        pytest.param("-3", Decimal(-3), ""),
        pytest.param("2024-05-15", date(2024, 5, 15), ""),
        pytest.param("20240515", Decimal(20240515), ""),
    ],
)
def test_a_limit_is_read_as_authors_write_it(
    text: str, value: Amount, unit: str
) -> None:
    """Units are kept, so that days and business days cannot be mixed up."""
    found = read_amount(text)

    assert found == value
    assert type(found) is type(value)
    assert unit_of(found) == unit


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("three days", id="a number in words"),
        pytest.param("2.5 days", id="half a day"),
        pytest.param("--3", id="two signs"),
        pytest.param("²", id="a raised two"),
        pytest.param("NaN", id="not a number"),
        pytest.param("Infinity", id="endless"),
        pytest.param("USD 1.005", id="half a cent"),
        pytest.param("1,000", id="a comma among thousands"),
        pytest.param("2024-02-30", id="a day that no calendar has"),
        pytest.param("2024-W20-3", id="a day of a week"),
    ],
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    """A number that was misread decides about every case."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_amount(text)


def test_a_number_of_units_compares_as_its_count() -> None:
    """The unit was checked before; what is left is a number."""
    assert plain_value(Duration(3, "days")) == 3
    assert plain_value(Money(300, "USD")) == Money(300, "USD")


HOUSE = Limits(
    tuple(
        Limit(
            "reminder",
            "any",
            date.fromisoformat(start),
            Duration(count, "days"),
            source,
        )
        for start, count, source in (
            ("2020-09-03", 5, "house"),
            ("2023-01-01", 7, "B-1"),
        )
    )
)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        pytest.param("1999-01-01", 5, id="long before it was written"),
        pytest.param("2022-12-31", 5, id="until another number starts"),
        pytest.param("2023-01-01", 7, id="from its first day"),
    ],
)
def test_a_house_number_has_no_history(on: str, count: int) -> None:
    """Nobody published it, so no day is too early for it."""
    found = HOUSE.in_force("reminder", US, date.fromisoformat(on))

    assert found.value == Duration(count, "days")


def test_a_published_number_behind_which_a_house_number_comes_has_a_first_day() -> None:
    """What eBay published in 2014 did not hold in 2010, whatever we did later."""
    limits = Limits(
        tuple(
            replace(row, source=source)
            for row, source in zip(HOUSE.rows, ("B-1", "house"), strict=True)
        )
    )

    with pytest.raises(NotCovered):
        limits.in_force("reminder", US, date(2010, 1, 1))


def test_not_covered_names_the_marketplace_where_no_day_is_covered() -> None:
    """To blame the day sends people looking for another day, and there is none."""
    limits = limits_of("signature threshold | EBAY_US | 2020-10-19 | USD 750")

    with pytest.raises(PlaceNotCovered, match="that marketplace is not covered"):
        limits.in_force("signature threshold", GB, date(2024, 6, 22))
    with pytest.raises(NotCovered, match="that day is not covered"):
        limits.in_force("signature threshold", US, date(2019, 6, 22))


def test_an_amount_for_everywhere_covers_only_its_own_currency() -> None:
    """750 dollars for all are none for Britain, on any day."""
    limits = limits_of("signature threshold | any | 2020-10-19 | USD 750")

    with pytest.raises(PlaceNotCovered):
        limits.in_force("signature threshold", GB, date(2024, 6, 22))
