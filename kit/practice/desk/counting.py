"""Counting days as people do it wrong: what an answer tells of how it was counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ...errors import KitError
from ...rules.calendars import add_business_days, add_days, is_holiday
from ...rules.decisions import Decision
from ...rules.facts import Known
from ...rules.outcomes import DayRule
from ...rules.tables import Column
from ...rules.values import Span, key_of, read_span

BUSINESS_DAYS = "business days"
NO_HOLIDAYS = "none"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of days that is counted."""

    count: int
    """How many; fewer than 0 goes back."""

    unit: str
    """``days`` or ``business days``."""

    calendar: str
    """The calendar of its holidays."""


@dataclass(frozen=True, slots=True)
class Count:
    """How the day of an answer is counted."""

    fact: str
    """Key of the date from which it is counted."""

    start: date
    """That date."""

    stretches: tuple[Stretch, ...]
    """What is counted from it, one after the other; none where it is the date."""

    @property
    def in_business_days(self) -> bool:
        """Whether business days are counted."""
        return any(each.unit == BUSINESS_DAYS for each in self.stretches)


def count_of(decision: Decision, column: Column) -> Count | None:
    """Say how the day of an answer is counted; ``None`` where it is not."""
    number = decision.table.answers.index(column)
    rule = decision.rows[0].outcomes[number].value if decision.rows else None
    if not isinstance(rule, DayRule):
        return None
    known = decision.known
    step = _span(known, rule.step) if rule.step is not None else Span(0, "days")
    found = _from(known, rule.anchor)
    if found is None or step is None:
        return None
    last = Stretch(rule.sign * step.count, step.unit, known.situation.calendar)
    stretches = (*found.stretches, last) if step.count else found.stretches
    return Count(found.fact, found.start, stretches)


def mistakes_in(count: Count, given: date) -> Iterator[str]:
    """Name the ways of counting wrong that lead to a day.

    Yields:
        Words of ``practice.hint.days``: ``business``, ``holiday``, ``weekend``,
        ``every`` and ``first``.
    """
    for name, way in _WAYS.items():
        is_of = count.in_business_days == (name != "every") or name == "first"
        if is_of and count.stretches and _counted(count, way) == given:
            yield name


Way = Callable[[date, Stretch], date]


def _counted(count: Count, way: Way) -> date | None:
    day = count.start
    try:
        for each in count.stretches:
            day = way(day, each)
    except KitError:  # it lies outside the calendar
        return None
    return day


def _right(day: date, stretch: Stretch) -> date:
    if stretch.unit == BUSINESS_DAYS:
        return add_business_days(day, stretch.count, calendar=stretch.calendar)
    return add_days(day, stretch.count)


def _every_day(day: date, stretch: Stretch) -> date:
    return add_days(day, stretch.count)


def _without_holidays(day: date, stretch: Stretch) -> date:
    if stretch.unit == BUSINESS_DAYS:
        return add_business_days(day, stretch.count, calendar=NO_HOLIDAYS)
    return add_days(day, stretch.count)


def _with_weekends(day: date, stretch: Stretch) -> date:
    """Leave out holidays, and count Saturdays and Sundays."""
    if stretch.unit != BUSINESS_DAYS:
        return add_days(day, stretch.count)
    step, left = (1 if stretch.count >= 0 else -1), abs(stretch.count)
    while left:
        day = add_days(day, step)
        left -= not is_holiday(day, stretch.calendar)
    return day


def _business_days(day: date, stretch: Stretch) -> date:
    return add_business_days(day, stretch.count, calendar=stretch.calendar)


def _first_day_too(day: date, stretch: Stretch) -> date:
    """Take the day of the event for day 1."""
    step = 1 if stretch.count >= 0 else -1
    return _right(day, Stretch(stretch.count - step, stretch.unit, stretch.calendar))


_WAYS: dict[str, Way] = {
    "holiday": _without_holidays,
    "weekend": _with_weekends,
    "business": _every_day,
    "every": _business_days,
    "first": _first_day_too,
}
"""The ways of counting wrong; the one that is nearest to the right one comes first."""


def _from(known: Known, key: str) -> Count | None:
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
        return Count(key_of(how.outranked_by or ""), start, ())
    if how is None or how.form not in {"plus", "minus"} or how.ends_on_business_day:
        return Count(key, start, ())
    span = _span(known, f"{how.second} {how.unit}".strip())
    first = _from(known, key_of(how.first))
    if first is None or span is None:
        return Count(key, start, ())
    calendar = how.calendar or known.situation.calendar
    count = span.count if how.form == "plus" else -span.count
    stretch = Stretch(count, span.unit, calendar)
    return Count(first.fact, first.start, (*first.stretches, stretch))


def _span(known: Known, step: Span | str) -> Span | None:
    """Find how many days a step is: a number of them, or a limit."""
    if isinstance(step, Span):
        return step
    try:
        return read_span(step)
    except ValueError:
        pass
    try:
        value = known.situation.limit(step).value
    except KitError:  # a limit that has no value here, or no limit at all
        return None
    return value if isinstance(value, Span) else None
