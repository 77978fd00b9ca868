"""A supervisor has the last word, under their own name and with a reason."""

from datetime import UTC, datetime

import pytest

from kit.errors import CannotStart, UnknownName
from kit.marking.records.events import HandedIn, Marked, SignedOff
from kit.marking.records.progress import progress_of
from kit.marking.records.store import append_event, read_events, record_path
from kit.marking.signoff.override import ManualMark, override_mark

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
TRY = {"agent": "ana-1", "at": NOON, "exercise": "sizes", "attempt": "attempt-1"}
WORK = ("ana-1", "sizes", "attempt-1")
PASSED = ManualMark(by="lead-1", percent=82, passed=True, reason="A typing slip.")


def marked(percent: int) -> Marked:
    """What the kit has found."""
    mark = {"percent": percent, "passed": percent > 79, "dimensions": {}}
    return Marked(**TRY, **mark, critical=[], report="reports/a.html")


@pytest.fixture
def workspace(tmp_path):
    """An agent has handed in and failed."""
    for each in (HandedIn(**TRY, answers={}), marked(70)):
        append_event(tmp_path, each)
    return tmp_path


def attempt(workspace):
    """The attempt as the records tell it."""
    return progress_of(read_events(record_path(workspace, "ana-1"))).attempts[0]


def test_a_mark_set_by_hand_counts_and_the_other_one_stays(workspace):
    """Anybody can see what was changed, by whom and why."""
    override_mark(workspace, WORK, PASSED, now=NOON)

    found = attempt(workspace)
    assert (found.percent, found.passed) == (82, True)
    assert (found.mark.percent, found.mark.passed) == (70, False)
    assert (found.override.by, found.override.reason) == ("lead-1", "A typing slip.")


def test_a_later_marking_does_not_undo_it(workspace):
    """Marking everything again after a change of rules leaves a person's word alone."""
    override_mark(workspace, WORK, PASSED, now=NOON)

    append_event(workspace, marked(10))

    assert (attempt(workspace).percent, attempt(workspace).passed) == (82, True)


@pytest.mark.parametrize(
    ("work", "sort"),
    [
        (("ana-2", "sizes", "attempt-1"), "agent"),
        (("ana-1", "size", "attempt-1"), "handed-in exercise"),
        (("ana-1", "sizes", "attempt-2"), "attempt"),
    ],
)
def test_what_was_never_handed_in_has_no_mark(work, sort, workspace):
    """A slip of the hand does not give a mark to nobody, and the likeliest is named."""
    with pytest.raises(UnknownName, match=f"There is no {sort} named .*Did you mean"):
        override_mark(workspace, work, PASSED, now=NOON)

    assert attempt(workspace).override is None
    assert not record_path(workspace, "ana-2").exists()


@pytest.mark.parametrize(
    "mark",
    [
        ManualMark(by="lead-1", percent=82, passed=True, reason=" \n"),
        ManualMark(by="ana-1", percent=82, passed=True, reason="I know it."),
    ],
    ids=["no reason", "one's own"],
)
def test_nobody_sets_a_mark_without_a_reason_or_for_themselves(mark, workspace):
    """A mark by hand is worth what its reason is worth."""
    with pytest.raises(CannotStart):
        override_mark(workspace, WORK, mark, now=NOON)

    assert attempt(workspace).override is None


@pytest.fixture
def signed(workspace):
    """The attempt was set to pass and signed off; it had a critical error."""
    mark = {"percent": 71, "passed": False, "dimensions": {}}
    critical = {"critical": ["late-parcel"], "report": "reports/a.html"}
    append_event(workspace, Marked(**TRY, **mark, **critical))
    override_mark(workspace, WORK, PASSED, now=NOON)
    append_event(workspace, SignedOff(**TRY, by="lead-1", evidence="0" * 64))
    return workspace


def test_a_pass_needs_what_the_exercise_needs(workspace):
    """Nobody reads “0 %, passed” and understands it."""
    mark = ManualMark(by="lead-1", percent=79, passed=True, reason="Close enough.")

    with pytest.raises(CannotStart, match="79 % is less than the 80 %"):
        override_mark(workspace, WORK, mark, now=NOON, pass_mark_of=lambda _: 80)

    assert attempt(workspace).override is None


def test_a_mark_below_the_line_may_be_set_where_it_does_not_pass(workspace):
    """The line is about passing alone."""
    mark = ManualMark(by="lead-1", percent=40, passed=False, reason="Copied.")

    override_mark(workspace, WORK, mark, now=NOON, pass_mark_of=lambda _: 80)

    assert attempt(workspace).percent == 40


def test_who_is_learning_here_and_has_not_passed_judges_nobody(workspace):
    """A trainee signs off no trainee; one who has passed may."""
    other = TRY | {"agent": "lead-1"}
    append_event(workspace, HandedIn(**other, answers={}))
    with pytest.raises(CannotStart, match="has not passed “sizes”"):
        override_mark(workspace, WORK, PASSED, now=NOON)

    mark = {"percent": 90, "passed": True, "dimensions": {}, "critical": []}
    append_event(workspace, Marked(**other, **mark, report="reports/b.html"))
    override_mark(workspace, WORK, PASSED, now=NOON)

    assert attempt(workspace).override.by == "lead-1"


def test_what_else_a_mark_by_hand_changes_is_said(signed):
    """A sign-off lapses, an earlier mark goes, and nobody learns it too late."""
    fails = ManualMark(by="lead-2", percent=50, passed=False, reason="Copied.")

    judged = override_mark(signed, WORK, fails, now=NOON)

    said = " ".join(judged.consequences)
    assert "place of 82 %, set by hand by lead-1" in said
    assert "signed off by lead-1 on 2026-11-22" in said
    assert "lapses" in said
    assert "critical" not in said


def test_a_pass_over_a_critical_error_is_said(signed):
    """It may be right, and must not go by unnoticed."""
    again = ManualMark(
        by="lead-2", percent=85, passed=True, reason="A fault of the page."
    )

    judged = override_mark(signed, WORK, again, now=NOON)

    said = " ".join(judged.consequences)
    assert "critical error in Late parcel" in said
    assert "lapses" not in said


def test_a_sign_off_stands_only_while_its_attempt_passes(signed):
    """It is kept, and it lapses; one that is set to pass again has it back."""
    fails = ManualMark(by="lead-2", percent=50, passed=False, reason="Copied.")
    assert attempt(signed).is_signed_off

    override_mark(signed, WORK, fails, now=NOON)
    lapsed = attempt(signed)
    override_mark(signed, WORK, PASSED, now=NOON)

    assert lapsed.signed_off is not None
    assert not lapsed.is_signed_off
    assert attempt(signed).is_signed_off


def test_what_is_named_like_nothing_that_was_handed_in_is_answered_by_a_list(workspace):
    """Who types a title or a number learns what it is called."""
    with pytest.raises(UnknownName, match="Handed in: attempt-1"):
        override_mark(workspace, ("ana-1", "sizes", "1"), PASSED, now=NOON)


def test_the_same_mark_twice_is_one_mark(workspace):
    """A command that is sent again writes nothing."""
    override_mark(workspace, WORK, PASSED, now=NOON)
    before = record_path(workspace, "ana-1").read_bytes()

    with pytest.raises(CannotStart, match="is that already"):
        override_mark(workspace, WORK, PASSED, now=NOON)

    assert record_path(workspace, "ana-1").read_bytes() == before
