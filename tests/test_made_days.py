"""Made cases by the forms of days: each border is met, in whatever calendar it lies."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.content.library import Library
from kit.practice.generate.coverage import coverage_of
from kit.practice.generate.generator import generate_case
from kit.practice.generate.interval_domains import (
    NextBusinessDay,
    SumOfBusinessDays,
    business_day_counts,
)
from kit.practice.generate.targets import targets_of
from kit.rules.calendars import add_business_days, first_business_day, is_business_day

GOOD = Path(__file__).parent / "broken" / "good"
DERIVED = "| days open | whole number of days | days from opened on to today |"
FIRST, LAST = date(2023, 1, 1).toordinal(), date(2026, 1, 1).toordinal()

SHOWN = "| shown on | date | request | As shown. |"
PERIOD = "opened on plus patience, or the next business day"
FORMS = {
    "a period": PERIOD,
    "our desk": "opened on plus 3 business days at our desk",
    "a period at our desk": f"{PERIOD} at our desk",
    "a day that may be shown": "shown on, else opened on plus 3 business days",
}


def edit(path, *changes):
    """Change pieces of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def folder_of(tmp_path, form, *, shown=False):
    """The small good folder, whose urgency asks whether a day by this form is over."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    pages = folder / "playbooks"
    edit(
        pages / "reference" / "facts.md",
        (
            "| order total | money",
            f"{SHOWN}\n| order total | money",
        ),
        (
            DERIVED,
            f"| ends on | date | {form} |\n"
            "| in time | yes/no | today is not after ends on |",
        ),
    )
    edit(
        pages / "reference" / "marketplaces.md",
        (
            "| EBAY_GB | United Kingdom | Europe/London | GBP | en | none |",
            "| EBAY_GB | United Kingdom | Europe/London | GBP | en | GB-ENG |\n\n"
            "## Our desk\n\n| Desk | Time zone | Holidays |\n| --- | --- | --- |\n"
            "| Shenzhen | Asia/Shanghai | CN |",
        ),
    )
    page = pages / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    text = text.split("## Check: urgency")[0] + (
        "## Check: urgency\n\n"
        "| Case | On | opened on | **Urgency** |\n| --- | --- | --- | --- |\n"
        "| The same day | 2024-05-06 | 2024-05-06 | low |\n\n"
        "## Check: next step\n\n"
        "| Case | On | opened on | tracking | **Action** |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| In time | 2024-05-06 | 2024-05-06 | moving | wait |\n"
    )
    page.write_text(text, encoding="utf-8")
    edit(
        page,
        ("| U | days open |", "| U | in time |"),
        ("<= patience", "yes"),
        ("> patience", "no"),
    )
    if shown:
        edit(
            pages / "stories" / "late-parcel.md",
            (
                "| tracking | any | any |",
                "| tracking | any | any |\n| shown on | any | any |\n\n"
                "| Earlier | Later | Days apart |\n| --- | --- | --- |\n"
                "| opened on | shown on | 1..7 |",
            ),
        )
    return folder


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_made_case_stands_exactly_at_the_border_of_a_day(tmp_path, form):
    """The last day in and the first one out, over weekends and holidays."""
    library = Library(folder_of(tmp_path, form))
    assert [str(each) for each in library.mistakes()] == []
    stories = library.stories("late-parcel")
    borders = [
        each
        for each in targets_of(library.playbook("late-parcel"))
        if each.question == "in_time"
    ]

    apart = set()
    for target in borders:
        for seed in range(25):
            known = generate_case(target, seed, stories).known()
            ends, today = known.value("ends_on"), known.value("today")
            apart.add((today - ends).days)
            if "desk" not in form:
                calendar = known.situation.calendar
                assert is_business_day(ends, calendar)

    assert apart == {0, 1}
    assert coverage_of(stories, range(3)).is_full


def test_a_made_case_counts_from_the_day_that_is_shown(tmp_path):
    """Where a story gives it, it outranks the count, and is beside it on the desk."""
    form = FORMS["a day that may be shown"]
    library = Library(folder_of(tmp_path, form, shown=True))
    stories = library.stories("late-parcel")

    differ = 0
    for target in targets_of(library.playbook("late-parcel")):
        if target.question != "in_time":
            continue
        for seed in range(25):
            case = generate_case(target, seed, stories)
            known = case.known()
            shown = case.facts["shown_on"]
            assert known.value("ends_on") == shown
            assert abs((case.on - shown).days) <= 1
            differ += known.counted("ends_on") != shown
    assert differ


days = st.integers(FIRST + 200, LAST - 200)
calendars = st.sampled_from(["US", "GB-ENG", "DE", "CN"])


def moved(day, calendar, count):
    """A sum of business days, or the next business day where none is added."""
    if count:
        found = add_business_days(date.fromordinal(day), count, calendar=calendar)
    else:
        found = first_business_day(date.fromordinal(day), calendar=calendar)
    return found.toordinal()


@given(days, calendars, st.sampled_from([0, 1, 2, 5, -1, -3]), st.integers(0, 9))
def test_a_link_knows_just_the_days_that_lead_to_a_day(day, calendar, count, more):
    """Neither a day too many nor one too few is left for the first of the two."""
    counts = business_day_counts(calendar, FIRST, LAST)
    link = (
        SumOfBusinessDays("a", "b", more, count, counts)
        if count
        else NextBusinessDay("a", "b", more, counts)
    )
    second = moved(day + more, calendar, count)

    assert link.second_from((day, day)) == (second, second)
    low, high = link.first_from((second, second))
    assert low <= day <= high
    assert {moved(each + more, calendar, count) for each in (low, high)} == {second}
    beyond = {moved(each + more, calendar, count) for each in (low - 1, high + 1)}
    assert second not in beyond


def test_the_days_of_october_are_free_at_our_desk():
    """And a Saturday that makes up for one of them is worked."""
    golden = [date(2024, 10, 1) + timedelta(days=each) for each in range(7)]

    assert not any(is_business_day(each, "CN") for each in golden)
    assert is_business_day(date(2024, 10, 12), "CN")
    assert not is_business_day(date(2024, 10, 12), "US")
