"""The clocks of a case, and its timeline as a picture that can be read aloud.

The picture is a list in the order of days: a screen reader reads it as one, and a
narrow screen shows it as one. Where there is room each day stands at its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from ...catalogue import language, say
from ...content.cases import PracticeCase
from ...practice.case.clocks import Clock, clocks_of, end_of_day
from ...practice.desk.timeline import Event, Timeline
from ...practice.wording import city_words, moment_words, short_day_words
from ..markup import join, piece

_LETTER = 0.98
"""The width of a letter, in percent of the picture at its usual width of 780 px."""

_WHOLE = 100.0
_GAP = 2.0
_LOUDEST = ("today", "due", "day", "fact", "scan")


@dataclass(frozen=True, slots=True)
class Label:
    """The words of one day, and where they stand."""

    day: date
    """The day."""

    words: str
    """All that happened on it."""

    kind: str
    """The loudest kind of what happened."""

    at: float
    """Its place from left to right, in percent."""

    lane: int
    """The line on which its words stand, 0 next to the axis."""

    start: float
    """Where its words begin, in percent."""

    width: float
    """How much room its words take, in percent; they are cut where there is less."""

    leans_left: bool
    """Whether its words end at its place instead of beginning there."""


def clock_cards(case: PracticeCase, *, due: date | None = None) -> Markup:
    """Show what every clock says, and when the last day ends there once it is known."""
    ends = end_of_day(case, due) if due else ()
    cards = join(
        _clock(clock, ends[number] if ends else None)
        for number, clock in enumerate(clocks_of(case))
    )
    return piece('<div class="kit-clocks">{}</div>', cards)


def _clock(clock: Clock, end: Clock | None) -> Markup:
    last = Markup("")
    if end is not None:
        words = say("desk.clock.due", moment=moment_words(end.at, language()))
        last = piece(' <span class="kit-due">{}</span>', words)
    return piece(
        '<p class="kit-clock"><span>{}</span> <b>{}</b> <span>{}</span>{}</p>',
        say(f"desk.clock.{clock.name}"),
        moment_words(clock.at, language()),
        city_words(clock.at, language()),
        last,
    )


def timeline_picture(timeline: Timeline) -> Markup:
    """Show a timeline."""
    labels = place_labels(timeline)
    lanes = max((each.lane for each in labels), default=0) + 1
    items = join(_label(each) for each in labels)
    bands = join(_bands(timeline))
    return piece(
        '<figure class="kit-timeline" style="--lanes: {}"><figcaption>{}</figcaption>'
        '<div class="kit-axis" aria-hidden="true">{}</div><ol>{}</ol>'
        '<p class="kit-hint">{}</p></figure>',
        lanes,
        say("desk.timeline.title"),
        bands,
        items,
        _free_words(timeline),
    )


def place_labels(timeline: Timeline) -> tuple[Label, ...]:
    """Give every day a place, and its words a line on which nothing covers them."""
    ends: list[float] = []
    labels = []
    for day, group in groupby(timeline.events, key=lambda event: event.day):
        events = list(group)
        words = " · ".join(dict.fromkeys(each.words for each in events))
        at = _place(timeline, day)
        width = _LETTER * (len(words) + len(_day(day)) + 1)
        start = _start(at, width)
        lane = next((n for n, end in enumerate(ends) if start >= end), len(ends))
        ends[lane : lane + 1] = [start + width + _GAP]
        leans = start + width == at
        labels.append(
            Label(day, words, _loudest(events), at, lane, start, width, leans)
        )
    return tuple(labels)


def _start(at: float, width: float) -> float:
    """Find where words begin: at their place, ending there, or as far as they must."""
    if at + width <= _WHOLE:
        return at
    return at - width if at >= width else max(_WHOLE - width, 0)


def _label(label: Label) -> Markup:
    return piece(
        '<li class="kit-at-{}{}" style="--at: {}%; --lane: {}; --start: {}%">'
        "<span><b>{}</b> {}</span></li>",
        label.kind,
        " kit-leans" if label.leans_left else "",
        round(label.at, 2),
        label.lane,
        round(label.start, 2),
        _day(label.day),
        label.words,
    )


def _bands(timeline: Timeline) -> Iterator[Markup]:
    """Shade the days that are no business days."""
    for day in timeline.free:
        kind = "holiday" if day in timeline.holidays else "weekend"
        yield piece(
            '<i class="kit-{}" style="--at: {}%; --days: {}"></i>',
            kind,
            round(_place(timeline, day), 2),
            (timeline.last - timeline.first).days + 1,
        )


def _free_words(timeline: Timeline) -> str:
    if not timeline.holidays:
        return say("desk.timeline.free")
    days = ", ".join(_day(day) for day in timeline.holidays)
    return say("desk.timeline.holidays", days=days)


def _place(timeline: Timeline, day: date) -> float:
    whole = (timeline.last - timeline.first).days + 1
    return _WHOLE * (day - timeline.first).days / whole


def _loudest(events: Sequence[Event]) -> str:
    kinds = {each.kind for each in events}
    return next(kind for kind in _LOUDEST if kind in kinds)


def _day(day: date) -> str:
    return " ".join(short_day_words(day, language()))
