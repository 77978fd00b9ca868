"""What a supervisor reads of all agents is what each agent's own records tell."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.marking.export.overview import (
    DimensionMean,
    dimension_means,
    standing_of,
)
from kit.marking.records.events import Answered, HandedIn, Marked, Overridden, SignedOff

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def work(agent: str, attempt: str, exercise: str = "sizes", *, days: int = 0) -> dict:
    """Where something was done, and on which day of a clock that may run backwards."""
    at = NOON + timedelta(days=days)
    return {"agent": agent, "at": at, "exercise": exercise, "attempt": attempt}


def marked(place: dict, percent: int, **dimensions: int) -> Marked:
    """A mark."""
    mark = {"percent": percent, "passed": percent > 79, "dimensions": dimensions}
    return Marked(**place, **mark, critical=[], report="reports/a.html")


def by_hand(place: dict, percent: int, *, passed: bool) -> Overridden:
    """A mark that a supervisor has set."""
    return Overridden(**place, by="lead-1", percent=percent, passed=passed, reason="x")


ANA = (
    HandedIn(**work("ana-1", "attempt-1"), answers={}),
    marked(work("ana-1", "attempt-1"), 90, policy=90, reply=50),
    marked(work("ana-1", "attempt-1", days=-3), 60, policy=55, reply=65),
    HandedIn(**work("ana-1", "attempt-2", days=-2), answers={}),
    marked(work("ana-1", "attempt-2"), 85, policy=100, reply=40),
    HandedIn(**work("ana-1", "attempt-1", "parcels"), answers={}),
)
"""Marked again, marked once, and not marked yet."""

BEN = (
    HandedIn(**work("ben-2", "attempt-1"), answers={}),
    by_hand(work("ben-2", "attempt-1"), 30, passed=False),
    marked(work("ben-2", "attempt-1"), 70, policy=71),
    by_hand(work("ben-2", "attempt-1", days=-9), 88, passed=True),
    marked(work("ben-2", "attempt-9"), 100, policy=100),
)
"""Judged by hand twice, and a mark of something that was never handed in."""


def test_an_agent_is_counted_by_what_was_handed_in_and_passes():
    """The latest mark counts, one by hand before any other."""
    ana, ben = standing_of("ana-1", ANA), standing_of("ben-2", BEN)

    assert (len(ana.progress.attempts), ana.passed) == (3, 1)
    assert (len(ben.progress.attempts), ben.passed) == (1, 1)


def test_means_are_of_the_latest_mark_of_each_attempt():
    """An attempt that was marked twice counts once, whatever was said by hand."""
    standings = [standing_of("ana-1", ANA), standing_of("ben-2", BEN)]

    assert dimension_means(standings) == (
        DimensionMean("sizes", "policy", pytest.approx((55 + 100 + 71) / 3), 3),
        DimensionMean("sizes", "reply", pytest.approx((65 + 40) / 2), 2),
    )


def test_a_mark_does_not_say_that_the_agent_was_here():
    """A supervisor sees who has stopped learning, however often they are marked."""
    place, later = work("ana-1", "attempt-1"), work("ana-1", "attempt-1", days=30)
    ana = (
        HandedIn(**place, answers={}),
        marked(later, 90),
        SignedOff(**later, by="lead-1", evidence="0" * 64),
    )
    only_by_hand = (by_hand(place, 90, passed=True),)

    assert standing_of("ana-1", ana).last == NOON.date()
    assert standing_of("eve-3", only_by_hand).last == NOON.date()


def test_the_latest_day_counts_where_a_clock_was_set_back():
    """Two machines have two clocks."""
    desk = {"work": "w", "case": "c", "question": "q", "value": "退货"}
    events = (
        Answered(agent="mei-2", at=NOON, **desk),
        Answered(agent="mei-2", at=NOON - timedelta(days=5), **desk),
    )

    assert standing_of("mei-2", events).last == NOON.date()


def test_a_file_without_a_line_is_nobody():
    """The first morning is no error."""
    assert standing_of("ana-1", ()) is None
    assert dimension_means([]) == ()
