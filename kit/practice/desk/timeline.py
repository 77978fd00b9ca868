"""The timeline of a case: what happened on which day, as far as somebody has looked.

It shows nothing that an agent has not seen: a date appears when its panel is opened,
and the days that the page answers appear once they are decided.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ...catalogue import say
from ...content.cases import PracticeCase
from ...content.reference.question_kinds import day_in
from ...rules.calendars import is_holiday
from ..case.evidence import seen_facts
from ..case.keys import Verdict
from ..case.panels import JOURNEY_PANEL

MOST_DAYS = 370
"""How far from today a day may lie; what lies farther is left out."""

DAYS_AHEAD = 10
"""How many days after today are shown at least."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Event:
    """Something on one day."""

    day: date
    """The day, at the marketplace."""

    words: str
    """What it is."""

    kind: str
    """``fact``, ``scan``, ``today``, ``due`` or ``day``."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened on which day."""

    events: tuple[Event, ...]
    """Every event, in the order of days."""

    free: tuple[date, ...]
    """The days between the first and the last event that are no business days."""

    holidays: tuple[date, ...]
    """Those of them that are public holidays at the marketplace."""

    last: date
    """The last day that is shown, which may be later than every event."""

    @property
    def first(self) -> date:
        """The first day."""
        return self.events[0].day


def timeline_of(
    case: PracticeCase,
    *,
    looked: Collection[str],
    asked: Collection[str],
    verdicts: Collection[Verdict] = (),
) -> Timeline:
    """Lay out what an agent has seen of a case.

    Args:
        case: The case, on the day on which it stands.
        looked: The names of the open panels.
        asked: The keys of the facts for which the buyer was asked.
        verdicts: What was decided, once it may be shown.
    """
    events = [
        Event(case.on, say("practice.timeline.today"), "today"),
        *_dates(case, looked, asked),
        *(_scans(case) if JOURNEY_PANEL in looked else ()),
        *_decided(verdicts),
    ]
    shown = sorted(
        (each for each in events if abs((case.on - each.day).days) <= MOST_DAYS),
        key=lambda each: each.day,
    )
    # Whoever counts business days from today sees the holidays that come.
    last = max(shown[-1].day, _ahead(case.on))
    free, holidays = _free_days(case, shown[0].day, last)
    return Timeline(tuple(shown), free, holidays, last)


def _ahead(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + DAYS_AHEAD, date.max.toordinal()))


def _dates(
    case: PracticeCase, looked: Collection[str], asked: Collection[str]
) -> Iterator[Event]:
    reference = case.playbook.reference
    for key, value in seen_facts(case, looked=looked, asked=asked).items():
        if isinstance(value, date):
            name = reference.name_on_screen(reference.facts[key].name)
            yield Event(value, name, "fact")


def _scans(case: PracticeCase) -> Iterator[Event]:
    for scan in case.journey:
        words = say("practice.timeline.scan", what=scan.what, where=scan.where)
        yield Event(scan.day, words, "scan")


def _decided(verdicts: Collection[Verdict]) -> Iterator[Event]:
    for each in verdicts:
        if not each.question.is_day:
            continue
        day = each.missed or day_in(each.right)
        if day is None:  # such as “not covered”
            continue
        kind = "due" if each.question.is_due else "day"
        yield Event(day, each.question.name, kind)


def _free_days(
    case: PracticeCase, first: date, last: date
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    days = [first + _ONE_DAY * number for number in range((last - first).days + 1)]
    calendar = case.marketplace.holidays
    holidays = tuple(day for day in days if is_holiday(day, calendar))
    weekends = (day for day in days if day.weekday() >= _SATURDAY)
    return tuple(sorted({*weekends, *holidays})), holidays
