"""Deadlines in business days, as agents count them on a calendar on the wall."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import DE, GB, US
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import DayTooFar
from kit.rules.calendars import (
    add_business_days,
    add_days,
    business_days_between,
    day_at,
    first_business_day,
    has_calendar,
    is_business_day,
    is_holiday,
)
from kit.rules.facts import shift
from kit.rules.numbers import MOST_DAYS

days = st.dates(date(2013, 1, 1), date(2028, 12, 31))
calendars = st.sampled_from(["US", "GB-ENG", "DE", "none"])


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("opened", "calendar", "count", "last"),
    [
        pytest.param(
            "2024-08-23", "GB-ENG", 3, "2024-08-29", id="over the August bank holiday"
        ),
        pytest.param("2024-08-30", "US", 3, "2024-09-05", id="over Labor Day"),
        pytest.param("2024-05-06", "DE", 3, "2024-05-10", id="over Ascension Day"),
        pytest.param("2024-09-03", "US", 21, "2024-10-02", id="21 days of September"),
        pytest.param("2024-08-23", "none", 3, "2024-08-28", id="with no holidays"),
        pytest.param(
            "2024-08-24", "GB-ENG", 1, "2024-08-27", id="opened on a Saturday"
        ),
        pytest.param("2024-12-24", "DE", 1, "2024-12-27", id="both days of Christmas"),
        pytest.param("2024-12-24", "US", 1, "2024-12-26", id="one day of Christmas"),
        pytest.param("2022-06-01", "GB-ENG", 1, "2022-06-06", id="the Jubilee weekend"),
    ],
)
def test_a_deadline_ends_where_an_agent_would_count_it(
    opened: str, calendar: str, count: int, last: str
) -> None:
    """A day too early annoys the seller; a day too late loses the case."""
    assert add_business_days(day(opened), count, calendar=calendar) == day(last)
    assert business_days_between(day(opened), day(last), calendar=calendar) == count


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        pytest.param(
            "2024-03-20", 1, "2024-03-21", id="from the day after the estimate"
        ),
        pytest.param(
            "2024-05-10", 30, "2024-06-09", id="thirty days after the estimate"
        ),
        pytest.param("2024-05-08", 30, "2024-06-07", id="thirty days after delivery"),
        pytest.param(
            "2014-03-03", 45, "2014-04-17", id="forty-five days after payment"
        ),
        pytest.param(
            "2014-11-17", 45, "2015-01-01", id="the last payment with 45 days"
        ),
        pytest.param("2014-11-18", 180, "2015-05-17", id="the first payment with 180"),
    ],
)
def test_plain_days_count_weekends_and_holidays(
    start: str, count: int, last: str
) -> None:
    """Windows for buyers run through; only answer times skip days."""
    assert shift(day(start), count, unit="days", calendar="US") == day(last)
    assert shift(day(last), -count, unit="days", calendar="US") == day(start)


def test_the_day_of_the_event_is_day_zero() -> None:
    """What happened today is due nowhere before tomorrow."""
    friday = day("2024-08-23")

    assert add_business_days(friday, 0, calendar="GB-ENG") == friday
    assert business_days_between(friday, friday, calendar="GB-ENG") == 0


def test_day_zero_may_be_a_sunday() -> None:
    """Buyers open requests on Sundays; the count begins on Monday."""
    sunday, monday = day("2024-05-12"), day("2024-05-13")

    assert add_business_days(sunday, 0, calendar="US") == sunday
    assert add_business_days(sunday, 1, calendar="US") == monday
    assert business_days_between(sunday, monday, calendar="US") == 1


def test_counting_back_skips_the_same_days() -> None:
    """Two business days before a Tuesday after a bank holiday is a Thursday."""
    tuesday = day("2024-08-27")

    assert add_business_days(tuesday, -2, calendar="GB-ENG") == day("2024-08-22")
    assert business_days_between(tuesday, day("2024-08-22"), calendar="GB-ENG") == -2


@pytest.mark.parametrize(
    ("from_day", "first"),
    [
        pytest.param("2024-08-23", "2024-08-23", id="a Friday is its own"),
        pytest.param("2024-08-24", "2024-08-27", id="Saturday before a bank holiday"),
        pytest.param("2024-08-26", "2024-08-27", id="the bank holiday itself"),
        pytest.param("2024-08-31", "2024-09-02", id="an ordinary Saturday"),
    ],
)
def test_a_period_that_ends_on_a_free_day_runs_to_the_next_business_day(
    from_day: str, first: str
) -> None:
    """A withdrawal period never ends on a day on which nobody works."""
    assert first_business_day(day(from_day), calendar="GB-ENG") == day(first)


def test_a_hundred_years_are_the_longest_time_that_is_counted() -> None:
    """The last count that is in, and the first that is refused, both ways."""
    start, far = day("2024-08-23"), timedelta(MOST_DAYS)

    assert add_business_days(start, MOST_DAYS, calendar="none") > start
    assert add_business_days(start, -MOST_DAYS, calendar="none") < start
    assert business_days_between(start, start + far, calendar="none") > 0
    assert business_days_between(start, start - far, calendar="none") < 0
    with pytest.raises(DayTooFar):
        add_business_days(start, MOST_DAYS + 1, calendar="none")
    with pytest.raises(DayTooFar):
        add_business_days(start, -MOST_DAYS - 1, calendar="none")
    with pytest.raises(DayTooFar):
        business_days_between(start, start + far + timedelta(1), calendar="none")


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(
            lambda end: add_business_days(end, 2, calendar="none"), id="business days"
        ),
        pytest.param(lambda end: add_days(end, 2), id="days"),
    ],
)
def test_a_day_behind_the_calendar_is_refused_with_what_was_counted(
    count: Callable[[date], date],
) -> None:
    """The sentence names the day and the count, so that the slip is found."""
    with pytest.raises(DayTooFar) as refused:
        count(date.max)

    assert (refused.value.day, refused.value.count) == ("9999-12-31", 2)
    assert refused.value.most == MOST_DAYS


def test_two_days_too_far_apart_are_refused_with_their_distance() -> None:
    """A year that was typed wrong is found by the number of days."""
    start, end = day("1824-08-23"), day("2024-08-23")

    with pytest.raises(DayTooFar) as refused:
        business_days_between(start, end, calendar="none")

    assert (refused.value.day, refused.value.count) == ("1824-08-23", 73_049)


@settings(max_examples=50)
@given(days, st.integers(1, 30), calendars)
def test_adding_and_counting_agree(start: date, count: int, calendar: str) -> None:
    """A deadline of n business days is n business days away, on every calendar."""
    last = add_business_days(start, count, calendar=calendar)

    assert is_business_day(last, calendar)
    assert business_days_between(start, last, calendar=calendar) == count


@settings(max_examples=50)
@given(days, st.integers(0, 40), calendars)
def test_counting_is_counting_day_by_day(
    start: date, length: int, calendar: str
) -> None:
    """After the first day, up to and including the last: as with a finger."""
    end = start + timedelta(days=length)
    between = [start + timedelta(days=n + 1) for n in range(length)]

    assert business_days_between(start, end, calendar=calendar) == len(
        [each for each in between if is_business_day(each, calendar)]
    )


@pytest.mark.parametrize(
    ("calendar", "holiday"),
    [
        pytest.param(
            "GB-ENG", "2020-05-08", id="the early May holiday moved to VE Day"
        ),
        pytest.param("GB-ENG", "2022-06-02", id="spring holiday moved to the Jubilee"),
        pytest.param("GB-ENG", "2022-06-03", id="the Platinum Jubilee"),
        pytest.param("GB-ENG", "2022-09-19", id="the funeral of the Queen"),
        pytest.param("GB-ENG", "2023-05-08", id="the Coronation"),
        pytest.param("GB-ENG", "2021-12-27", id="Christmas on a Saturday, made up for"),
        pytest.param("GB-ENG", "2021-12-28", id="Boxing Day on a Sunday, made up for"),
        pytest.param("GB-ENG", "2022-01-03", id="New Year on a Saturday, made up for"),
        pytest.param("US", "2021-06-18", id="the first Juneteenth, kept on a Friday"),
        pytest.param("US", "2022-06-20", id="Juneteenth on a Sunday, kept on Monday"),
        pytest.param("US", "2021-12-31", id="New Year on a Saturday, kept on Friday"),
        pytest.param("US", "2026-07-03", id="Independence Day kept on Friday"),
        pytest.param("US", "2024-10-14", id="Columbus Day"),
        pytest.param("US", "2024-11-28", id="Thanksgiving"),
        pytest.param("DE", "2017-10-31", id="five hundred years of Reformation"),
        pytest.param("DE", "2024-05-09", id="Ascension Day"),
        pytest.param("DE", "2024-05-20", id="Whit Monday"),
        pytest.param("DE", "2024-10-03", id="the Day of Unity"),
        pytest.param("DE", "2024-12-26", id="the second day of Christmas"),
    ],
)
def test_a_public_holiday_is_no_business_day(calendar: str, holiday: str) -> None:
    """An agent is not late because the whole country was off."""
    assert is_holiday(day(holiday), calendar)
    assert not is_business_day(day(holiday), calendar)


@pytest.mark.parametrize(
    ("calendar", "working"),
    [
        pytest.param("GB-ENG", "2022-05-30", id="the usual spring holiday of 2022"),
        pytest.param("GB-ENG", "2020-05-04", id="the usual early May holiday of 2020"),
        pytest.param("GB-ENG", "2024-12-27", id="the day after Boxing Day"),
        pytest.param("US", "2020-06-19", id="Juneteenth before it was a holiday"),
        pytest.param("US", "2024-11-29", id="the day after Thanksgiving"),
        pytest.param("US", "2024-03-29", id="Good Friday in the United States"),
        pytest.param("DE", "2018-10-31", id="Reformation Day in other years"),
        pytest.param("DE", "2024-05-30", id="Corpus Christi, in some states only"),
        pytest.param("DE", "2024-12-31", id="New Year's Eve"),
    ],
)
def test_other_days_of_the_week_are_business_days(calendar: str, working: str) -> None:
    """A holiday that is not the country's would make a deadline look later."""
    assert is_business_day(day(working), calendar)


@settings(max_examples=50)
@given(days, calendars)
def test_no_weekend_is_a_business_day(start: date, calendar: str) -> None:
    """Saturday and Sunday never count, holiday or not."""
    weekend = start + timedelta(days=5 - start.weekday())

    assert not is_business_day(weekend, calendar)
    assert not is_business_day(weekend + timedelta(days=1), calendar)


@pytest.mark.parametrize(
    ("weekend", "is_worked"),
    [
        pytest.param("2024-02-04", True, id="the Sunday before the Spring Festival"),
        pytest.param("2024-02-11", False, id="the Sunday within it"),
        pytest.param("2024-03-03", False, id="any other Sunday"),
    ],
)
def test_a_weekend_that_makes_up_for_a_holiday_is_worked(
    weekend: str, is_worked: bool
) -> None:
    """Our own desk in China answers on such a Sunday, and counts it."""
    friday = day(weekend) - timedelta(2)

    assert is_business_day(day(weekend), "CN") is is_worked
    counted = business_days_between(friday, day(weekend), calendar="CN")
    assert counted == (1 if is_worked else 0)


@pytest.mark.parametrize(
    ("moment", "zone", "local"),
    [
        pytest.param(
            datetime(2024, 5, 15, 6, 59, tzinfo=UTC),
            US.zone,
            "2024-05-14",
            id="a minute to midnight in California",
        ),
        pytest.param(
            datetime(2024, 5, 15, 7, 0, tzinfo=UTC),
            US.zone,
            "2024-05-15",
            id="midnight in California",
        ),
        pytest.param(
            datetime(2024, 1, 15, 7, 59, tzinfo=UTC),
            US.zone,
            "2024-01-14",
            id="in winter midnight comes an hour later",
        ),
        pytest.param(
            datetime(2024, 5, 14, 22, 59, tzinfo=UTC),
            GB.zone,
            "2024-05-14",
            id="a minute to midnight in London",
        ),
        pytest.param(
            datetime(2024, 5, 14, 23, 0, tzinfo=UTC),
            GB.zone,
            "2024-05-15",
            id="midnight in London in summer",
        ),
        pytest.param(
            datetime(2024, 5, 14, 22, 0, tzinfo=UTC),
            DE.zone,
            "2024-05-15",
            id="midnight in Berlin in summer",
        ),
    ],
)
def test_a_moment_belongs_to_the_day_of_its_marketplace(
    moment: datetime, zone: str, local: str
) -> None:
    """A request of late evening in California is not tomorrow's."""
    assert day_at(moment, zone) == day(local)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """Whose midnight it was cannot be guessed."""
    with pytest.raises(ValueError, match="time zone"):
        day_at(datetime(2024, 5, 15, 12, 0), US.zone)


@pytest.mark.parametrize("calendar", ["US", "GB-ENG", "DE", "none"])
def test_the_calendars_of_our_marketplaces_are_known(calendar: str) -> None:
    """Each marketplace that we answer for can count its days."""
    assert has_calendar(calendar)


@pytest.mark.parametrize("calendar", ["XX", "GB-XYZ", "", "Deutschland"])
def test_a_misspelt_calendar_is_not_taken_for_one_without_holidays(
    calendar: str,
) -> None:
    """A slip in a reference page would shift every deadline there."""
    assert not has_calendar(calendar)
