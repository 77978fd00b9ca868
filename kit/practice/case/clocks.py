"""The local times of a case: at the desk, at the marketplace and at the buyer.

A day of a case is a day at its marketplace. The moment at which our desk takes the
case up is the first full hour of that day that lies in our working hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ...content.cases import PracticeCase

DESK, MARKETPLACE, BUYER = "desk", "marketplace", "buyer"
WORKING_HOURS = range(9, 21)
"""The hours in which our desk works, by its own clock."""

AWAKE = range(8, 22)
"""The hours of a marketplace's day in which a case is taken up."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the clocks."""

    name: str
    """``desk``, ``marketplace`` or ``buyer``."""

    at: datetime
    """What it shows, in its own time zone."""


def clocks_of(case: PracticeCase) -> tuple[Clock, ...]:
    """Say what every clock shows while the case lies on the desk.

    A folder that does not say where our desk stands has two clocks.
    """
    moment = taken_up(case)
    return tuple(Clock(name, moment.astimezone(zone)) for name, zone in _zones(case))


def end_of_day(case: PracticeCase, day: date) -> tuple[Clock, ...]:
    """Say what every clock shows when a day ends at the marketplace."""
    zone = ZoneInfo(case.marketplace.zone)
    last = datetime.combine(day, time(23, 59), tzinfo=zone)
    return tuple(Clock(name, last.astimezone(each)) for name, each in _zones(case))


def taken_up(case: PracticeCase) -> datetime:
    """Find the moment at which our desk takes the case up, on its day."""
    zone = ZoneInfo(case.marketplace.zone)
    desk = case.playbook.reference.desk_zone
    hours = [datetime.combine(case.on, time(hour), tzinfo=zone) for hour in AWAKE]
    if not desk:
        return hours[0]
    at_work = (
        each for each in hours if each.astimezone(ZoneInfo(desk)).hour in WORKING_HOURS
    )
    return next(at_work, hours[0])


def _zones(case: PracticeCase) -> Iterator[tuple[str, ZoneInfo]]:
    desk = case.playbook.reference.desk_zone
    if desk:
        yield DESK, ZoneInfo(desk)
    yield MARKETPLACE, ZoneInfo(case.marketplace.zone)
    yield BUYER, ZoneInfo(case.zone or case.marketplace.zone)
