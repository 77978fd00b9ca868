"""A supervisor has the last word, under their own name and with a reason."""

from datetime import UTC, datetime

import pytest

from kit.errors import CannotStart, UnknownName
from kit.marking.events import HandedIn, Marked
from kit.marking.progress import progress_of
from kit.marking.records import append_event, read_events, record_path
from kit.marking.supervising import ByHand, override_mark

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
TRY = {"agent": "ana-1", "at": NOON, "exercise": "sizes", "attempt": "attempt-1"}
WORK = ("ana-1", "sizes", "attempt-1")
PASSED = ByHand(by="lead-1", percent=82, passed=True, reason="A typing slip.")


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
        (("ana-1", "size", "attempt-1"), "exercise"),
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
        ByHand(by="lead-1", percent=82, passed=True, reason=" \n"),
        ByHand(by="ana-1", percent=82, passed=True, reason="I know it."),
    ],
    ids=["no reason", "one's own"],
)
def test_nobody_sets_a_mark_without_a_reason_or_for_themselves(mark, workspace):
    """A mark by hand is worth what its reason is worth."""
    with pytest.raises(CannotStart):
        override_mark(workspace, WORK, mark, now=NOON)

    assert attempt(workspace).override is None
