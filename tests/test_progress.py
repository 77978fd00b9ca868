"""The events alone tell what an agent has done."""

from datetime import UTC, datetime, timedelta

from kit.marking.records.events import (
    Answered,
    Decided,
    Event,
    HandedIn,
    Looked,
    Marked,
    Overridden,
    Started,
    hash_of_answers,
)
from kit.marking.records.progress import CaseProgress, Progress, progress_of

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
DESK = {"agent": "ana", "at": NOON, "work": "sizes", "case": "case-1"}
TRY = {"agent": "ana", "at": NOON, "exercise": "sizes", "attempt": "a-1"}


def answered(question: str, value: str | None, **changes: object) -> Answered:
    """An answer on the desk."""
    return Answered(**(DESK | {"question": question, "value": value} | changes))


def decided(*, right: bool, **answers: str) -> Decided:
    """A decision in practice."""
    return Decided(**DESK, answers=answers, right=right)


def marked(percent: int, **changes: object) -> Marked:
    """A mark for the attempt."""
    mark = {"percent": percent, "passed": percent > 79, "dimensions": {}}
    page = {"critical": [], "report": f"reports/ana/sizes/{percent}.html"}
    return Marked(**(TRY | mark | page | changes))


def case_after(*events: Event) -> CaseProgress:
    """How far the case on the desk is after these events."""
    return progress_of(events).case("sizes", "case-1")


def test_without_events_nothing_was_done():
    """A new agent sees an untouched desk."""
    assert progress_of([]) == Progress()
    assert case_after() == CaseProgress()


def test_the_latest_answer_counts():
    """Who changes their mind finds the last choice again."""
    case = case_after(
        Started(**DESK),
        answered("action", "refund"),
        answered("reply", "Hello"),
        answered("action", "wait"),
        answered("reply", None),
    )

    assert case.answers == {"action": "wait"}


def test_the_order_of_the_file_counts_and_not_the_clock():
    """A clock that was set back must not bring an old answer back."""
    case = case_after(
        answered("action", "refund"),
        answered("action", "wait", at=NOON - timedelta(days=1)),
    )

    assert case.answers == {"action": "wait"}


def test_cases_and_works_are_kept_apart():
    """The same case name in another lesson is another case."""
    progress = progress_of(
        [
            answered("action", "refund"),
            answered("action", "wait", case="case-2"),
            answered("action", "ask", work="exam"),
        ]
    )

    assert progress.case("exam", "case-1").answers == {"action": "ask"}
    assert {
        name: dict(case.answers) for name, case in progress.cases_of("sizes").items()
    } == {"case-1": {"action": "refund"}, "case-2": {"action": "wait"}}


def test_panels_stay_open_in_the_order_of_opening():
    """Looking before deciding is part of the mark, so it is not forgotten."""
    panels = ["tracking", "photos", "tracking"]

    case = case_after(*(Looked(**DESK, panel=panel) for panel in panels))

    assert case.looked == ("tracking", "photos")


def test_a_decision_keeps_its_answers_and_whether_it_was_right():
    """After a restart the row that lit up lights up again."""
    case = case_after(answered("reply", "Hello"), decided(right=False, action="wait"))

    assert (case.is_decided, case.right, case.tries) == (True, False, 1)
    assert case.answers == {"reply": "Hello", "action": "wait"}


def test_a_case_started_anew_is_empty_again():
    """Practising again means deciding again, and the tries are counted."""
    case = case_after(
        Started(**DESK),
        Looked(**DESK, panel="photos"),
        decided(right=False, action="wait"),
        Started(**DESK),
    )

    assert case == CaseProgress(tries=1, unaided=(False,))


def test_an_open_case_started_again_is_empty():
    """What the agent wiped off the desk does not come back after a reload."""
    case = case_after(answered("action", "wait"), Started(**DESK))

    assert case.answers == {}


def test_an_attempt_waits_for_its_mark_until_it_has_one():
    """Marking again after a crash finds exactly what is still unmarked."""
    first = HandedIn(**TRY, answers={"case-1": {"action": "wait"}})
    second = HandedIn(**(TRY | {"attempt": "a-2"}), answers={})

    progress = progress_of([first, second, marked(80)])

    assert [each.attempt for each in progress.unmarked] == ["a-2"]
    assert [each.attempt for each in progress.attempts_at("sizes")] == ["a-1", "a-2"]
    assert progress.attempts_at("other") == ()


def test_the_latest_mark_counts_and_names_its_report():
    """A regraded attempt shows its new mark, with the page that explains it."""
    progress = progress_of([HandedIn(**TRY, answers={}), marked(60), marked(90)])

    (attempt,) = progress.attempts
    assert attempt.mark is not None
    assert (attempt.mark.percent, attempt.mark.passed) == (90, True)
    assert attempt.report == "reports/ana/sizes/90.html"


def test_only_the_first_handing_in_of_an_attempt_counts():
    """Nobody improves an attempt after the key was shown."""
    first = HandedIn(**TRY, answers={"case-1": {"action": "wait"}})
    later = HandedIn(**TRY, answers={"case-1": {"action": "refund"}})

    progress = progress_of([first, later])

    assert [each.answers for each in progress.attempts] == [
        {"case-1": {"action": "wait"}}
    ]


def test_an_attempt_after_a_mark_is_told_from_one_before_it():
    """Who has read the reasons sits another exam than who has not."""
    first = HandedIn(**TRY, answers={})
    second = HandedIn(**(TRY | {"attempt": "a-2"}), answers={})
    third = HandedIn(**(TRY | {"attempt": "a-3"}), answers={})
    other = HandedIn(**(TRY | {"exercise": "colours"}), answers={})

    progress = progress_of([first, second, marked(60), third, other])

    informed = [each.attempt for each in progress.attempts if each.is_informed]
    assert informed == ["a-3"]


def test_a_mark_by_hand_shows_the_reasons_too():
    """An attempt that was never counted, and set by hand, is read like a marked one."""
    hand = {"by": "lea", "percent": 60, "passed": False, "reason": "Seen."}
    first = HandedIn(**TRY, answers={})
    second = HandedIn(**(TRY | {"attempt": "a-2"}), answers={})

    progress = progress_of([first, Overridden(**TRY, **hand), second])

    assert [each.is_informed for each in progress.attempts] == [False, True]


def test_other_answers_after_a_mark_are_told_from_those_before_it():
    """Two machines handed in under one name; the answers that count were later."""
    first = HandedIn(**TRY, answers={})
    place = TRY | {"attempt": "a-2"}
    before = HandedIn(**place, answers={"case-1": {"action": "wait"}})
    after = HandedIn(**place, answers={"case-1": {"action": "refund"}})
    mark = marked(90, attempt="a-2", handed_in=hash_of_answers(after.answers))

    progress = progress_of([first, before, marked(60), after, mark])

    _, counted = progress.attempts
    assert (counted.answers, counted.is_informed) == (after.answers, True)


def test_an_answer_changed_after_a_decision_is_told() -> None:
    """A desk drawn again shows no verdict over answers that were never checked."""
    place = {"at": datetime(2026, 11, 22, tzinfo=UTC), "agent": "mei-2"}
    case = {"work": "01-lesson", "case": "one"}
    decided = Decided(**place, **case, answers={"action": "wait"}, right=False)
    changed = Answered(**place, **case, question="action", value="refund")

    before = progress_of([decided]).case("01-lesson", "one")
    after = progress_of([decided, changed]).case("01-lesson", "one")

    assert (before.is_changed, after.is_changed) == (False, True)
    assert after.right is False
