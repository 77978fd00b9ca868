"""A timeline puts each day in its place, and nothing on it covers anything else."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shipped import LIBRARY

from kit.catalogue import say
from kit.content.reference.question_kinds import QUESTION_KINDS
from kit.practice.case.keys import judge
from kit.practice.case.panels import JOURNEY_PANEL
from kit.practice.desk.timeline import (
    DAYS_AHEAD,
    MOST_DAYS,
    Event,
    Timeline,
    timeline_of,
)
from kit.screens.desk.timeline_view import clock_cards, place_labels, timeline_picture
from kit.screens.markup import plain

MONDAY = date(2024, 9, 2)


@pytest.fixture
def bag():
    """Siobhan's school bag: delivered in Britain, and not found."""
    cases = LIBRARY.cases("inr-request")
    return next(each for each in cases if each.id == "over-the-garden-wall")


def line(*events, days=10, free=(), holidays=()):
    """A timeline that begins on a Monday and shows so many days."""
    found = tuple(
        Event(MONDAY + timedelta(n), words, kind) for n, words, kind in events
    )
    return Timeline(found, free, holidays, MONDAY + timedelta(days - 1))


def on_day(case, **facts):
    """A case that knows only its own day and these facts."""
    return replace(case, facts=facts)


def seen(case, **facts):
    """The timeline of a case with some facts, all of them seen."""
    panels = {LIBRARY.reference.facts[key].place for key in facts}
    return timeline_of(on_day(case, **facts), looked=panels, asked=facts)


@pytest.mark.parametrize("side", [-1, 1], ids=["past", "future"])
@pytest.mark.parametrize(
    ("away", "is_shown"),
    [
        pytest.param(MOST_DAYS, True, id="the farthest day"),
        pytest.param(MOST_DAYS + 1, False, id="a day farther"),
    ],
)
def test_a_day_about_a_year_away_is_the_farthest(bag, side, away, is_shown):
    """One day that was typed wrong must not squeeze all the others together."""
    day = bag.on + timedelta(side * away)

    timeline = seen(bag, delivered_on=day)

    assert (day in {each.day for each in timeline.events}) is is_shown


def test_a_timeline_goes_on_for_some_days_after_today(bag):
    """Who counts business days from today sees the weekend that comes."""
    timeline = timeline_of(on_day(bag), looked=(), asked=())

    assert (timeline.first, timeline.last) == (
        bag.on,
        bag.on + timedelta(DAYS_AHEAD),
    )


def test_a_timeline_ends_with_its_last_event_where_that_is_later(bag):
    """The last day is on it, with nothing behind it."""
    far = bag.on + timedelta(DAYS_AHEAD + 1)

    assert seen(bag, delivered_on=far).last == far


def test_a_timeline_ends_where_the_calendar_ends(bag):
    """A day that was typed wrong stops no desk."""
    end = replace(on_day(bag), on=date.max - timedelta(1))

    assert timeline_of(end, looked=(), asked=()).last == date.max


def test_a_timeline_is_in_the_order_of_days(bag):
    """A list is read from the top: what came first stands first."""
    later, earlier = bag.on + timedelta(3), bag.on - timedelta(3)

    days = [e.day for e in seen(bag, delivered_on=later, edd=earlier).events]

    assert days == sorted(days)
    assert {earlier, bag.on, later} <= {*days}


def test_free_days_are_weekends_and_holidays_and_no_others(bag):
    """Thursday 22 August 2024 in Britain, with a bank holiday on Monday the 26th."""
    timeline = timeline_of(
        replace(on_day(bag), on=date(2024, 8, 22)), looked=(), asked=()
    )

    assert [day.day for day in timeline.free] == [24, 25, 26, 31, 1]
    assert timeline.holidays == (date(2024, 8, 26),)


def test_each_event_says_what_it_is(bag):
    """The stylesheet gives each kind its colour, and knows no others."""
    verdicts = judge(bag, {each.question.key: each.right for each in judge(bag, {})})
    panels = {LIBRARY.reference.facts[key].place for key in bag.facts}
    timeline = timeline_of(bag, looked={*panels, JOURNEY_PANEL}, asked=bag.asked)
    decided = timeline_of(bag, looked=(), asked=(), verdicts=verdicts)
    due, edd = (
        next(each for each in found.events if each.kind == kind)
        for found, kind in ((decided, "due"), (timeline, "fact"))
    )
    scans = [each for each in timeline.events if each.kind == "scan"]
    question = next(v.question for v in verdicts if v.question.is_due)

    assert {each.kind for each in timeline.events} == {"today", "fact", "scan"}
    assert due.words == question.name
    assert edd.words in {
        LIBRARY.reference.name_on_screen(fact.name)
        for fact in LIBRARY.reference.facts.values()
    }
    assert [each.day for each in scans] == [each.day for each in bag.journey]
    assert all(
        scan.what in each.words for scan, each in zip(bag.journey, scans, strict=True)
    )


def test_a_missed_day_stands_where_it_was_missed(bag):
    """The right day is over, so the day that was missed is the one to show."""
    verdict = next(each for each in judge(bag, {}) if each.question.is_due)
    missed = replace(verdict, missed=bag.on - timedelta(2))

    timeline = timeline_of(on_day(bag), looked=(), asked=(), verdicts=[missed])

    assert [e.day for e in timeline.events if e.kind == "due"] == [missed.missed]


def test_a_day_that_is_not_due_is_a_day_and_no_last_day(bag):
    """Else the desk would call an ordinary day a last one."""
    verdict = next(each for each in judge(bag, {}) if each.question.is_due)
    question = replace(verdict.question, kind=QUESTION_KINDS["day"])
    other = replace(verdict, question=question)

    timeline = timeline_of(on_day(bag), looked=(), asked=(), verdicts=[other])

    assert [e.kind for e in timeline.events] in (["today", "day"], ["day", "today"])


def test_words_begin_at_their_day_and_take_the_first_free_line():
    """Ten days: each is a tenth of the width; two short words do not touch."""
    first, second, third = place_labels(
        line((0, "sent", "fact"), (1, "left", "scan"), (6, "now", "today"))
    )

    assert [round(each.at) for each in (first, second, third)] == [0, 10, 60]
    assert [each.lane for each in (first, second, third)] == [0, 1, 0]
    assert [each.start for each in (first, second, third)] == [0, 10, 60]
    assert not any(each.leans_left for each in (first, second, third))
    assert [each.day.day for each in (first, second, third)] == [2, 3, 8]


def test_a_line_is_free_again_after_a_small_gap():
    """Words that touch would be read as one."""
    width = place_labels(line((0, "sent", "fact")))[0].width
    lanes = {
        days: [
            e.lane
            for e in place_labels(
                line((0, "sent", "fact"), (1, "x", "fact"), days=days)
            )
        ]
        for days in range(3, 40)
    }

    for days, (_, lane) in lanes.items():
        assert lane == (0 if 100 / days >= width + 2 else 1)
    assert {lane for _, lane in lanes.values()} == {0, 1}


def test_a_line_that_is_taken_again_leaves_the_others_as_they_were():
    """Three lines are in use; the first ends, and only that one is free."""
    labels = place_labels(
        line(
            *((0, "x" * 20, "fact"), (1, "x" * 60, "fact"), (2, "x" * 20, "fact")),
            *((13, "x", "fact"), (15, "x", "fact")),
            days=40,
        )
    )

    assert [each.lane for each in labels] == [0, 1, 2, 0, 2]
    assert labels[1].start + labels[1].width > labels[4].start


def test_words_at_the_right_edge_end_at_their_day():
    """Nothing stands outside; what ends at its day says so to the stylesheet."""
    (_, label) = place_labels(line((0, "sent", "fact"), (9, "the last day", "due")))

    assert label.leans_left
    assert label.start == label.at - label.width
    assert label.at == 90


def test_words_that_fit_on_neither_side_are_moved_as_far_as_they_must():
    """They end at the right edge, or begin at the left one where they are too long."""
    fits = place_labels(line((0, "sent", "fact"), (5, "x" * 70, "fact")))[1]
    cut = place_labels(line((0, "sent", "fact"), (5, "x" * 200, "fact")))[1]

    assert fits.start + fits.width == pytest.approx(100)
    assert not fits.leans_left
    assert cut.start == 0


def test_words_that_just_fit_begin_at_their_day():
    """The edge itself is still inside, on both sides."""
    width = place_labels(line((0, "x" * 40, "fact")))[0].width
    days = 1000

    for number in range(0, days, 7):
        label = place_labels(
            Timeline(
                (
                    Event(MONDAY, "a", "fact"),
                    Event(MONDAY + timedelta(number or 1), "x" * 40, "fact"),
                ),
                (),
                (),
                MONDAY + timedelta(days - 1),
            )
        )[1]
        if label.at + label.width <= 100:
            assert label.start == label.at
        else:
            assert label.leans_left
    assert 0 < width < 100


def test_what_happens_on_one_day_is_said_once_and_in_one_place():
    """Two panels with the same word are one thing; the loudest gives the colour."""
    (label,) = place_labels(
        line((0, "sent", "scan"), (0, "sent", "fact"), (0, "today", "today"))
    )

    assert label.words == "sent · today"
    assert label.kind == "today"


@pytest.mark.parametrize(
    ("louder", "quieter"),
    [("today", "due"), ("due", "day"), ("day", "fact"), ("fact", "scan")],
)
def test_the_louder_of_two_kinds_gives_the_colour(louder, quieter):
    """A last day is never hidden under a scan of the same day."""
    (label,) = place_labels(line((0, "one", quieter), (0, "two", louder)))

    assert label.kind == louder


def test_the_picture_has_a_line_for_each_lane_and_a_band_for_each_free_day():
    """Holidays look different from weekends, and are named below."""
    saturday, holiday = date(2024, 9, 7), date(2024, 9, 9)
    picture = str(
        timeline_picture(
            line(
                (0, "sent", "fact"),
                (1, "left", "scan"),
                (9, "the last day", "due"),
                free=(saturday, holiday),
                holidays=(holiday,),
            )
        )
    )

    assert picture.startswith('<figure class="kit-timeline" style="--lanes: 2">')
    assert re.findall(r'<i class="kit-(\w+)" style="--at: ([\d.]+)%', picture) == [
        ("weekend", "50.0"),
        ("holiday", "70.0"),
    ]
    assert picture.count("--days: 10") == 2
    assert re.findall(r'<li class="kit-at-([\w -]+)" style="--at: (\S+)%', picture) == [
        ("fact", "0.0"),
        ("scan", "10.0"),
        ("due kit-leans", "90.0"),
    ]
    assert say("desk.timeline.holidays", days="Mon 9 Sep") in plain(picture)
    assert re.search(r"2 Sep</b> sent</span></li><li", picture)


def test_every_holiday_is_named_under_the_picture():
    """Two in one week, as at Easter."""
    days = (date(2024, 9, 3), date(2024, 9, 6))

    picture = timeline_picture(line((0, "sent", "fact"), free=days, holidays=days))

    assert say("desk.timeline.holidays", days="Tue 3 Sep, Fri 6 Sep") in plain(picture)


def test_without_a_holiday_only_weekends_are_explained():
    """Nothing is said of holidays that are none."""
    picture = timeline_picture(line((0, "sent", "fact"), days=3))

    assert say("desk.timeline.free") in plain(picture)
    assert "--lanes: 1" in str(picture)


def test_the_clocks_say_when_the_last_day_ends_once_it_is_known(bag):
    """A deadline of the marketplace ends at another hour where the agent sits."""
    before = str(clock_cards(bag))
    after = str(clock_cards(bag, due=bag.on))

    assert before.count('<p class="kit-clock">') == after.count('<p class="kit-clock">')
    assert "kit-due" not in before
    assert after.count('<span class="kit-due">') == after.count('class="kit-clock"')
    assert before.startswith('<div class="kit-clocks"><p class="kit-clock"><span>')
