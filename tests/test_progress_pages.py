"""A supervisor reads on one page what an agent can do, and what to talk about."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import UnknownName
from kit.marking.export import summary
from kit.marking.export.overview import standing_of
from kit.marking.export.summary import Summaries
from kit.marking.marks.marks import mark_attempt, sheets_of
from kit.marking.records.events import Decided, HandedIn, Marked, Overridden, SignedOff
from kit.marking.records.progress import progress_of
from kit.marking.records.store import (
    append_event,
    read_events,
    record_files,
    record_path,
)
from kit.marking.signoff.override import events_of
from kit.screens.markup import plain
from kit.screens.printed.overview_pages import write_overview
from kit.screens.printed.progress_pages import write_progress

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
EXERCISE = "inr-request"
PLACE = {"agent": "mei-2", "at": NOON}
EVIL = '<script src="https://evil.example/x.js">alert(1)</script>'


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


def progress_page(library: Library, workspace: Path) -> str:
    """The page of the agent."""
    found = Summaries(library).of("mei-2", progress_of(events_of(workspace, "mei-2")))
    return write_progress(workspace, found, on=TODAY).read_text(encoding="utf-8")


def overview_page(workspace: Path, titles=None, problems=None) -> str:
    """The page of all agents."""
    standings = [
        standing_of(path.stem, read_events(path))
        for path in record_files(workspace)
        if path.stem not in (problems or {})
    ]
    path = write_overview(workspace, titles or {}, standings, problems or {}, on=TODAY)
    return path.read_text(encoding="utf-8")


def hand_in(workspace: Path, library: Library, attempt: str, **sure: str) -> None:
    """Hand in the likeliest wrong answers, with how sure somebody was of each case."""
    exercise = read_exercise(library, EXERCISE)
    near = sheets_of(exercise, read_near_miss(library, exercise).answers)
    sheets = {
        case: {key: text for key, text in each.items() if text and key != "sure"}
        for case, each in near.items()
    }
    for case, words in sure.items():
        sheets[case.replace("_", "-")]["sure"] = words
    mark = mark_attempt(exercise, sheets, attempt=attempt).record
    work = {"exercise": EXERCISE, "attempt": attempt}
    report = f"reports/mei-2/{EXERCISE}/{attempt}.html"
    append_event(workspace, HandedIn(**PLACE, **work, answers=sheets))
    append_event(workspace, Marked(**PLACE, **mark.model_dump(), report=report))


@pytest.fixture(scope="module")
def workspace(library, tmp_path_factory):
    """An agent was sure and wrong, sure and right; a supervisor has set the mark."""
    folder = tmp_path_factory.mktemp("workspace")
    sure = {"music_box_without_news": "sure", "headphones_and_the_bank": "guessing"}
    hand_in(folder, library, "attempt-1", **sure)
    work = {"exercise": EXERCISE, "attempt": "attempt-1"}
    by_hand = {"by": "lead-1", "percent": 81, "passed": True}
    append_event(folder, Overridden(**PLACE, **work, **by_hand, reason=EVIL))
    gone = {"exercise": "gone-exam", "attempt": "attempt-1"}
    append_event(folder, HandedIn(**PLACE, **gone, answers={"one": {"action": EVIL}}))
    desk = {"work": "01-item-not-received", "case": "one", "answers": {}}
    for right in (False, True, True):
        append_event(folder, Decided(**PLACE, **desk, right=right))
    return folder


@pytest.fixture(scope="module")
def page(workspace, library):
    """The page of that agent."""
    return progress_page(library, workspace)


def lines(page: str) -> str:
    """The page as it is read."""
    return plain(page.split("<main>")[1])


def test_it_says_what_the_agent_was_sure_of_and_got_wrong(page):
    """What somebody is sure of they do not look up, so it is talked about first."""
    text = lines(page)
    coach = text[text.index("Talk about this first") : text.index("First tries in")]

    assert coach.count("Music box without news") == 1
    assert "Decided without having looked at:" in coach
    assert "We write again by: chose “Tuesday 18 November 2025”; right is" in coach
    assert "Headphones and the bank" not in coach


def test_it_counts_how_far_being_sure_can_be_trusted(workspace, library):
    """Only cases of which something was said are counted."""
    events = read_events(record_path(workspace, "mei-2"))

    confidence = Summaries(library).of("mei-2", progress_of(events)).confidence

    assert confidence == {"sure": (0, 1), "fairly": (0, 0), "guessing": (0, 1)}


def test_it_shows_each_exam_of_the_course_and_each_mark(page):
    """Also an exam that was never begun, and one that is in the course no more."""
    text = lines(page)

    assert (
        "Exam: the parcel has not come | 1 | 81 % | ✓ passed (by hand, lead-1)" in text
    )
    assert "Exam: not as described | 0 | – | not begun" in text
    assert "gone-exam | 1 | – | handed in, waiting for its mark" in text
    assert "Where is my parcel? | 3 | 2 (67 %)" in text


def test_it_says_critical_errors_in_words_and_why_a_mark_was_set_by_hand(page):
    """The id of a case means nothing to a supervisor."""
    text = lines(page)

    assert "critical error: The bank was already deciding" in text
    assert "lead-1 has set this mark by hand" in text
    assert "Counted from the answers: 68 %." in text


def test_a_critical_error_that_no_page_knows_any_more_is_named_by_its_case(
    library, tmp_path
):
    """A case that was taken out of an exam still failed this attempt."""
    work = {"exercise": "gone-exam", "attempt": "attempt-1"}
    mark = {"percent": 90, "passed": False, "dimensions": {}, "critical": ["the-bank"]}
    append_event(tmp_path, HandedIn(**PLACE, **work, answers={}))
    append_event(tmp_path, Marked(**PLACE, **work, **mark, report="reports/a.html"))

    page = progress_page(library, tmp_path)

    errors = re.findall("critical error: .*", lines(page))
    assert errors == ["critical error: the-bank"]


def test_it_holds_no_script_and_asks_for_no_address(page):
    """An agent's words, or a supervisor's, run nothing where the page is opened."""
    tags = re.findall(r"<[^>]*>", page)
    links = re.findall(r'(?:href|src)="([^"]*)"', " ".join(tags))

    assert "<script" not in page
    assert "&lt;script" in page
    assert links == [f"{EXERCISE}/attempt-1.html"]
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_a_case_that_went_wrong_twice_is_talked_about_once(library, tmp_path):
    """The second try tells what is still wrong; the first is only named."""
    for attempt in ("attempt-1", "attempt-2"):
        hand_in(tmp_path, library, attempt, music_box_without_news="sure")

    page = progress_page(library, tmp_path)

    text = lines(page)
    assert text.count("Music box without news") == 1
    assert "Wrong in: Attempt 1, Attempt 2." in text


def test_an_exam_sat_again_is_named_on_both_pages(library, tmp_path):
    """A supervisor sees that the reasons were known, before signing anything off."""
    hand_in(tmp_path, library, "attempt-1")
    hand_in(tmp_path, library, "attempt-2")
    work = {"exercise": EXERCISE, "attempt": "attempt-2"}
    passes = {"by": "lead-1", "reason": "Seen.", "percent": 85, "passed": True}
    append_event(tmp_path, Overridden(**PLACE, **work, **passes))

    page = progress_page(library, tmp_path)
    overview = overview_page(tmp_path)

    assert "Attempt 2: the exam was known" in lines(page)
    assert "Attempt 1: the exam was known" not in lines(page)
    assert "the exam was known" in lines(overview)


def test_a_page_that_may_be_of_other_answers_is_named(library, tmp_path):
    """After a merge the report on this machine can be about the other set."""
    hand_in(tmp_path, library, "attempt-1")
    hand_in(tmp_path, library, "attempt-2")
    work = {"exercise": EXERCISE, "attempt": "attempt-1"}
    other = {"music-box-without-news": {"action": "wait"}}
    unmarked = work | {"attempt": "attempt-3"}
    append_event(tmp_path, HandedIn(**PLACE, **work, answers=other))
    append_event(tmp_path, HandedIn(**PLACE, **unmarked, answers=other))
    append_event(tmp_path, HandedIn(**PLACE, **unmarked, answers={}))

    page = progress_page(library, tmp_path)

    assert "Attempt 1 was handed in twice, with different answers" in lines(page)
    assert "Attempt 2 was handed in twice" not in lines(page)
    assert "Attempt 3 was handed in twice" not in lines(page)


def test_a_sign_off_that_has_lapsed_is_not_shown_as_standing(library, tmp_path):
    """Neither for the supervisor of one agent nor in the overview."""
    hand_in(tmp_path, library, "attempt-1")
    work = {"exercise": EXERCISE, "attempt": "attempt-1"}
    hand = {"by": "lead-1", "reason": "Seen."}
    passes = {"percent": 85, "passed": True}
    append_event(tmp_path, Overridden(**PLACE, **work, **hand, **passes))
    append_event(tmp_path, SignedOff(**PLACE, **work, by="lead-1", evidence="0" * 64))
    stands = lines(progress_page(library, tmp_path))
    signed = lines(overview_page(tmp_path))

    fails = {"percent": 20, "passed": False}
    append_event(tmp_path, Overridden(**PLACE, **work, **hand, **fails))

    lapsed = lines(progress_page(library, tmp_path))
    after = lines(overview_page(tmp_path))
    assert "✓ Attempt 1: signed off by lead-1" in stands
    assert "signed off by lead-1" in signed
    assert "✗ Attempt 1: the sign-off by lead-1 of Sunday 22 November 2026" in lapsed
    assert "signed off by" not in after


def test_an_exercise_is_read_once_for_all_its_attempts(library, tmp_path, monkeypatch):
    """Who tries an exam thirty times makes nobody wait."""
    read = []
    real = summary.read_exercise

    def noting(library, exercise):
        read.append(exercise)
        return real(library, exercise)

    monkeypatch.setattr(summary, "read_exercise", noting)
    for number in range(3):
        work = {"exercise": EXERCISE, "attempt": f"attempt-{number}"}
        append_event(tmp_path, HandedIn(**PLACE, **work, answers={}))

    events = read_events(record_path(tmp_path, "mei-2"))
    found = Summaries(library).of("mei-2", progress_of(events))

    assert sum(len(each.attempts) for each in found.exercises) == 3
    assert read == [EXERCISE]


def test_who_is_not_known_gets_no_page(workspace):
    """A slip in the name makes no empty report."""
    with pytest.raises(UnknownName, match="mei-2"):
        events_of(workspace, "mei-3")

    assert not (workspace / "reports" / "mei-3").exists()


def test_what_was_not_read_in_a_letter_is_listed_for_the_supervisor(library, tmp_path):
    """It costs the agent nothing, and a person can read it."""
    exercise = read_exercise(library, EXERCISE)
    sheets = sheets_of(exercise, read_model(library, exercise))
    answers = {case: {**each} for case, each in sheets.items()}
    clause = "is your part"
    case = next(each for each, sheet in answers.items() if "Hello" in sheet["reply"])
    answers[case]["reply"] = (
        f"{answers[case]['reply']}\nThe price of the tape {clause}."
    )
    work = {"exercise": EXERCISE, "attempt": "attempt-1"}
    append_event(tmp_path, HandedIn(**PLACE, **work, answers=answers))

    page = progress_page(library, tmp_path)

    text = lines(page)
    listed = text[text.index("please read these words yourself") :]
    assert f"“{clause}”" in listed


def test_best_answers_leave_nothing_to_talk_about(library, tmp_path):
    """Sure and right is no reason to coach."""
    exercise = read_exercise(library, EXERCISE)
    sheets = sheets_of(exercise, read_model(library, exercise))
    answers = {case: {**each, "sure": "sure"} for case, each in sheets.items()}
    work = {"exercise": EXERCISE, "attempt": "attempt-1"}
    append_event(tmp_path, HandedIn(**PLACE, **work, answers=answers))

    page = progress_page(library, tmp_path)

    text = lines(page)
    assert "Talk about this first" not in text
    assert "please read these words yourself" not in text
    assert f"Sure | {len(answers)} | {len(answers)} (100 %)" in text


def test_the_overview_has_a_row_for_each_agent(workspace):
    """Who has no page of their own is named with the reason, and has no dead link."""
    problems = {"eve-3": "eve-3.jsonl:1: This line is not what was written."}
    append_event(
        workspace,
        HandedIn(**(PLACE | {"agent": "eve-3"}), exercise="x", attempt="y", answers={}),
    )
    titles = {EXERCISE: "The parcel"}

    page = overview_page(workspace, titles, problems)
    text = lines(page)
    assert "mei-2 | 2 | 1 | Sunday 22 November 2026" in text
    assert "eve-3 | – | – | –" in text
    assert "Agent | The parcel | gone-exam" in text
    assert "mei-2 | 81 % ✓ passed (by hand, lead-1) | handed in" in text
    assert "The parcel | 74 % | 67 % | 67 % | 50 %" in text
    assert 'href="mei-2/progress.html"' in page
    assert "eve-3/progress.html" not in page
    assert "eve-3.jsonl:1:" in text
