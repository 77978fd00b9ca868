"""Exams are fair: who decides well and counts Monday to Friday passes every one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kit.content.answer_sheets import read_model
from kit.content.exercises import exercise_ids, read_exercise
from kit.content.library import Library
from kit.errors import KitError
from kit.marking.marks.marks import DEADLINE, mark_attempt, sheets_of
from kit.practice.case.drafts import Knowledge, draft_of
from kit.practice.case.keys import Key
from kit.practice.case.panels import panels_of
from kit.practice.case.review import right_messages
from kit.practice.case.sheets import LOOKED, NO_REPLY, REPLY
from kit.practice.wording import day_words
from kit.rules.values import Money

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
IDS = exercise_ids(Library(ROOT))
TODAY = date(2026, 11, 29)
"""The day on which the pages were reviewed."""

ONE_UNIT = 100
"""Cents by which an amount is moved to see whether it lies at a limit."""


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.fixture(scope="module", params=IDS)
def exercise(library, request):
    """Each exercise."""
    return read_exercise(library, request.param)


def without_holidays(case):
    """The same case at a marketplace that has no public holidays."""
    return replace(case, marketplace=replace(case.marketplace, holidays="none"))


def rights(case):
    """What its page answers to every question, and which of them are days."""
    verdicts = Key(case).verdicts({})
    return {each.question.key: each for each in verdicts}


def answers_of(case, *, decides_plainly):
    """What an agent answers who knows no public holidays.

    Args:
        case: The case.
        decides_plainly: Whether the decisions rest on that count too, and not only
            the days.
    """
    plain = rights(without_holidays(case))
    right = plain if decides_plainly else rights(case)
    found = {}
    for key, verdict in right.items():
        answer = verdict.right
        if verdict.question.is_day and key in plain:
            answer = plain[key].right
            if answer[:1].isdigit():  # what is over is done today
                answer = max(answer, case.on.isoformat())
        found[key] = answer
    return found


def reply_of(case, answers, note, *, decides_plainly):
    """The message of the page, filled with the agent's own days; or the note."""
    judged = without_holidays(case) if decides_plainly else case
    if any(each.hands_over for each in rights(judged).values()):
        right = rights(case)
        for key, answer in answers.items():
            if right[key].question.is_day and answer != right[key].right:
                note = note.replace(said(right[key].right), said(answer))
        return note
    names = right_messages(judged)
    if not names:
        return NO_REPLY
    message = case.playbook.message(names[0], case.marketplace.language)
    return draft_of(case, message, Knowledge(case.facts, answers, counts=False))


def said(day):
    """A day as a note says it."""
    return day_words(date.fromisoformat(day), "en").partition(" ")[2]


def work_of(library, exercise, *, decides_plainly):
    """All that this agent hands in."""
    model = read_model(library, exercise)
    sheets = {}
    for case in exercise.cases:
        answers = answers_of(case, decides_plainly=decides_plainly)
        note = model[case.id][REPLY]
        reply = reply_of(case, answers, note, decides_plainly=decides_plainly)
        looked = ", ".join(each.name for each in panels_of(case))
        sheets[case.id] = {**answers, REPLY: reply, LOOKED: looked}
    return sheets


@pytest.mark.parametrize("decides_plainly", [False, True])
def test_who_counts_monday_to_friday_passes(
    library, exercise, decides_plainly, record_property
):
    """Good judgement passes, also where the agent forgets every public holiday."""
    work = work_of(library, exercise, decides_plainly=decides_plainly)

    mark = mark_attempt(exercise, work, attempt="x")

    name = "all" if decides_plainly else "days"
    record_property(f"{exercise.id}, {name} without holidays", mark.percent)
    assert mark.passed
    assert not mark.critical


def test_at_most_one_case_of_an_exam_has_a_holiday(exercise):
    """A holiday is worth one case, not the whole exam."""
    touched = [
        case.id
        for case in exercise.cases
        if {key: each.right for key, each in rights(case).items()}
        != {key: each.right for key, each in rights(without_holidays(case)).items()}
    ]

    assert len(touched) <= 1, touched


def moved(case):
    """The case with one amount a unit higher or lower, or delivered a day apart."""
    for key, value in case.facts.items():
        for step in (-1, 1):
            if isinstance(value, Money):
                other = Money(value.minor + step * ONE_UNIT, value.currency)
            elif key == "delivered_on" and isinstance(value, date):
                other = value + timedelta(days=step)
            else:
                continue
            yield replace(case, facts={**case.facts, key: other})


def decided(case):
    """Every answer but the days; ``None`` where the page cannot decide it."""
    try:
        found = rights(case)
    except KitError:
        return None
    return {k: each.right for k, each in found.items() if not each.question.is_day}


def test_at_most_one_pair_of_an_exam_lies_at_a_limit(exercise):
    """One pair on both sides of a limit shows the border; more would be a trap."""
    at_limit = [
        case.id
        for case in exercise.cases
        if any(decided(each) != decided(case) for each in moved(case))
    ]

    assert len(at_limit) <= 2, at_limit


def test_no_case_of_an_exam_rests_on_a_rule_of_the_past(exercise):
    """What was right years ago is no question for who answers buyers now."""
    past = [
        (case.id, limit.name, limit.start)
        for case in exercise.cases
        for decision in case.decide()
        for limit in decision.limits
        if case.playbook.limits.in_force(limit.name, case.marketplace, TODAY) != limit
    ]

    assert not past


def test_who_is_early_everywhere_loses_nothing(library, exercise):
    """Of every last day, the day of the case itself is in time too."""
    work = sheets_of(exercise, read_model(library, exercise))
    early = {
        case.id: {
            **work[case.id],
            **{
                key: case.on.isoformat()
                for key, each in rights(case).items()
                if each.question.is_due and each.right[:1].isdigit()
            },
        }
        for case in exercise.cases
    }

    mark = mark_attempt(exercise, early, attempt="x")

    assert early != work
    assert mark.dimensions[DEADLINE] == 100
