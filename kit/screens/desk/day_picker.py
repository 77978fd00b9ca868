"""A few weeks of a marketplace, with its business days counted."""

from datetime import date, timedelta

from markupsafe import Markup

from ...catalogue import language, say
from ...practice.wording import day_words, short_day_words
from ...rules.calendars import (
    Marketplace,
    add_business_days,
    business_days_between,
    is_business_day,
    is_holiday,
)
from ..markup import hint, join, piece

_WEEK = 7


def counted_days(
    marketplace: Marketplace, start: date, count: int, *, reminder: str
) -> Markup:
    """Show how business days are counted from a day on, week by week.

    Args:
        marketplace: Where they are counted.
        start: Day 0, on which something happened.
        count: How many there are until the last day.
        reminder: What the folder wants to be kept in mind; nothing if it is empty.
    """
    last = add_business_days(start, count, calendar=marketplace.holidays)
    first = start - timedelta(days=start.weekday())
    weeks = (last - first).days // _WEEK + 1
    days = [first + timedelta(days=number) for number in range(weeks * _WEEK)]
    heads = join(
        piece('<th scope="col">{}</th>', short_day_words(day, language())[0])
        for day in days[:_WEEK]
    )
    rows = join(
        piece(
            "<tr>{}</tr>",
            join(_day(marketplace, day, start, last) for day in days[at : at + _WEEK]),
        )
        for at in range(0, len(days), _WEEK)
    )
    title = say(
        "desk.calendar.title",
        count=count,
        place=marketplace.name,
        start=day_words(start, language()),
        last=day_words(last, language()),
    )
    return piece(
        '<div class="kit-calendar"><p class="kit-label">{}</p>'
        '<div class="kit-scroll" tabindex="0">'
        '<table class="kit-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        "</div>{}</div>",
        title,
        heads,
        rows,
        hint(reminder),
    )


def _day(marketplace: Marketplace, day: date, start: date, last: date) -> Markup:
    kind = _kind(marketplace, day, start, last)
    number = business_days_between(start, day, calendar=marketplace.holidays)
    words = say(f"desk.calendar.{kind}", number=number) if kind != "outside" else ""
    return piece(
        '<td class="kit-{}"><span>{}</span> <b>{}</b></td>',
        kind,
        short_day_words(day, language())[1],
        words,
    )


def _kind(marketplace: Marketplace, day: date, start: date, last: date) -> str:
    if day == start:
        return "start"
    if day < start or day > last:
        return "outside"
    if day == last:
        return "last"
    if is_business_day(day, marketplace.holidays):
        return "counted"
    return "holiday" if is_holiday(day, marketplace.holidays) else "weekend"
