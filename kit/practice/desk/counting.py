"""Detect by which common mistake of counting days a wrong day was found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ...errors import KitError
from ...rules.calendars import add_business_days, add_days, is_holiday
from ...rules.decisions import Decision
from ...rules.derivations import EARLIER_OF
from ...rules.facts import Known
from ...rules.outcomes import DayRule
from ...rules.tables import Column
from ...rules.values import Duration, key_of, read_duration

BUSINESS_DAYS = "business days"
NO_HOLIDAYS = "none"


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """A number of days or business days that is counted."""

    count: int
    """How many; fewer than 0 goes back."""

    unit: str
    """``days`` or ``business days``."""

    calendar: str
    """The calendar of its holidays."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How the day of an answer is counted."""

    fact: str
    """Key of the date from which it is counted."""

    start: date
    """That date."""

    periods: tuple[CountedPeriod, ...]
    """What is counted from it, one after the other; none where it is the date."""

    @property
    def in_business_days(self) -> bool:
        """Whether business days are counted."""
        return any(each.unit == BUSINESS_DAYS for each in self.periods)


def count_of(decision: Decision, column: Column) -> DayCount | None:
    """Say how the day of an answer is counted; ``None`` where it is not."""
    number = decision.table.answers.index(column)
    rule = decision.rows[0].outcomes[number].value if decision.rows else None
    if not isinstance(rule, DayRule):
        return None
    known = decision.known
    step = (
        _duration_of(known, rule.step) if rule.step is not None else Duration(0, "days")
    )
    found = _from(known, rule.anchor)
    if found is None or step is None:
        return None
    last = CountedPeriod(rule.sign * step.count, step.unit, known.situation.calendar)
    periods = (*found.periods, last) if step.count else found.periods
    return DayCount(found.fact, found.start, periods)


def mistakes_in(count: DayCount, given: date) -> Iterator[str]:
    """Name the ways of counting wrong that lead to a day.

    Yields:
        Words of ``practice.hint.days``: ``business``, ``holiday``, ``weekend``,
        ``every`` and ``first``.
    """
    for name, way in _WAYS.items():
        is_of = count.in_business_days == (name != "every") or name == "first"
        if is_of and count.periods and _counted(count, way) == given:
            yield name


Way = Callable[[date, CountedPeriod], date]


def _counted(count: DayCount, way: Way) -> date | None:
    day = count.start
    try:
        for each in count.periods:
            day = way(day, each)
    except KitError:  # it lies outside the calendar
        return None
    return day


def _right(day: date, period: CountedPeriod) -> date:
    if period.unit == BUSINESS_DAYS:
        return add_business_days(day, period.count, calendar=period.calendar)
    return add_days(day, period.count)


def _every_day(day: date, period: CountedPeriod) -> date:
    return add_days(day, period.count)


def _without_holidays(day: date, period: CountedPeriod) -> date:
    if period.unit == BUSINESS_DAYS:
        return add_business_days(day, period.count, calendar=NO_HOLIDAYS)
    return add_days(day, period.count)


def _with_weekends(day: date, period: CountedPeriod) -> date:
    """Leave out holidays, and count Saturdays and Sundays."""
    if period.unit != BUSINESS_DAYS:
        return add_days(day, period.count)
    step, left = (1 if period.count >= 0 else -1), abs(period.count)
    while left:
        day = add_days(day, step)
        left -= not is_holiday(day, period.calendar)
    return day


def _business_days(day: date, period: CountedPeriod) -> date:
    return add_business_days(day, period.count, calendar=period.calendar)


def _first_day_too(day: date, period: CountedPeriod) -> date:
    """Take the day of the event for day 1."""
    step = 1 if period.count >= 0 else -1
    return _right(day, CountedPeriod(period.count - step, period.unit, period.calendar))


_WAYS: dict[str, Way] = {
    "holiday": _without_holidays,
    "weekend": _with_weekends,
    "business": _every_day,
    "every": _business_days,
    "first": _first_day_too,
}
"""The ways of counting wrong; the one that is nearest to the right one comes first."""


def _from(known: Known, key: str) -> DayCount | None:
    """Say how a date is counted that follows from another; else it is the start."""
    start = known.value(key)
    fact = known.vocabulary.get(key)
    how = fact.derivation if fact else None
    if not isinstance(start, date):
        return None
    is_stated = how is not None and (
        how.outranked_by is not None
        and known.value(key_of(how.outranked_by)) is not None
    )
    if how is not None and is_stated:
        return DayCount(key_of(how.outranked_by or ""), start, ())
    if how is not None and how.form == EARLIER_OF:
        both = (key_of(how.first), key_of(how.second))
        return next(
            (_from(known, each) for each in both if known.value(each) == start), None
        )
    if how is None or how.form not in {"plus", "minus"} or how.ends_on_business_day:
        return DayCount(key, start, ())
    duration = _duration_of(known, f"{how.second} {how.unit}".strip())
    first = _from(known, key_of(how.first))
    if first is None or duration is None:
        return DayCount(key, start, ())
    calendar = how.calendar or known.situation.calendar
    count = duration.count if how.form == "plus" else -duration.count
    period = CountedPeriod(count, duration.unit, calendar)
    return DayCount(first.fact, first.start, (*first.periods, period))


def _duration_of(known: Known, step: Duration | str) -> Duration | None:
    """Find how many days a step is: a number of them, or a limit."""
    if isinstance(step, Duration):
        return step
    try:
        return read_duration(step)
    except ValueError:
        pass
    try:
        value = known.situation.limit(step).value
    except KitError:  # a limit that has no value here, or no limit at all
        return None
    return value if isinstance(value, Duration) else None
