"""What an earlier version has written stays readable, and is worth what it was.

``tests/earlier/2026-11-27.tar.xz`` is a workspace of that day: 48 attempts at the four
exams, each begun, handed in and marked, what they were marked by, and a certificate.
Since then the pages ask for more facts, the exams have other cases, and an earlier day
than the last one is in time.
"""

import re
import shutil
import tarfile
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from kit.content.library import Library
from kit.marking.care.doctor import examine
from kit.marking.records.events import Marked
from kit.marking.records.store import append_event, read_events, record_files
from kit.marking.regrade.replay_text import replay_lines
from kit.marking.regrade.replays import Replayed, replay_all
from kit.marking.signoff.verify import verify

ROOT = Path(__file__).parents[1]
EARLIER = Path(__file__).parent / "earlier" / "2026-11-27.tar.xz"
ISSUER = "did:key:z6MktnZhKCAqt4ziYpRoaS1H964UbZoYoyMEvtvMCyHh6GGJ"
ATTEMPTS, PASSED, FAILED = 48, 24, 24
"""What that workspace holds; no page that comes later changes it."""
EXAMS = {"address-change", "inr-request", "snad-return", "wrong-size-remorse"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The workspace of that day."""
    with tarfile.open(EARLIER) as file:
        for member in file.getmembers():
            content = file.extractfile(member) if member.isreg() else None
            if content is not None:
                path = tmp_path / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    return tmp_path


def replayed(workspace: Path, other: Path) -> Replayed:
    """Replay all records under other playbooks."""
    return replay_all(ROOT, other, record_files(workspace), jobs=1)


@pytest.fixture
def pages_of_that_day(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The playbooks of that day beside today's exams."""
    folder = tmp_path_factory.mktemp("then")
    for kept in (workspace / "criteria").iterdir():
        shutil.copytree(kept / "playbooks", folder / "playbooks", dirs_exist_ok=True)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    return folder


def test_every_mark_is_what_its_answers_were_worth(workspace):
    """Each attempt is marked once more by what was in force when it began."""
    marks = [
        event
        for path in record_files(workspace)
        for event in read_events(path)
        if isinstance(event, Marked)
    ]
    assert len(marks) == ATTEMPTS
    assert Counter(each.passed for each in marks) == {True: PASSED, False: FAILED}

    checkup = examine(workspace, Library(ROOT))

    worth = [each.words for each in checkup.findings if "worth" in each.words]
    assert worth == []
    assert len(checkup.findings) == ATTEMPTS  # their reports were not kept with them


def test_a_certificate_holds(workspace):
    """Who was signed off stays signed off."""
    certificate = workspace / "certificate-address-change.json"

    assert verify(workspace, certificate, issuer=ISSUER).name == "holds"


def test_pages_that_cannot_decide_its_cases_are_named_once_for_each_exam(workspace):
    """A supervisor reads which fact is missing, not what an author would do."""
    done = replayed(workspace, ROOT)

    assert (done.attempts, done.left_out) == (0, ATTEMPTS)
    assert len(done.problems) == len(EXAMS)
    for problem in done.problems:
        assert re.search(r"does not say “(payment dispute|request) open”", problem)
        assert "\n" not in problem


def test_each_is_replayed_by_the_pages_that_knew_its_cases(
    workspace, pages_of_that_day
):
    """Today's pages ask for facts that those cases lack: the mark counts now.

    An attempt without a mark is named, since nothing says what it is worth now.
    """
    path = record_files(workspace)[0]
    first, handed_in = islice(read_events(path), 2)
    append_event(workspace, first.model_copy(update={"attempt": "attempt-9"}))
    append_event(workspace, handed_in.model_copy(update={"attempt": "attempt-9"}))

    done = replayed(workspace, pages_of_that_day)

    assert (done.attempts, done.left_out, done.flips) == (ATTEMPTS, 1, [])
    # An earlier day than the last one is in time now: the likely wrong answers gain.
    assert len(done.changes) == FAILED
    assert all(each.after.percent > each.before.percent for each in done.changes)
    (problem,) = done.problems
    assert "by today's playbooks" in problem


def test_an_attempt_that_flips_says_nothing_of_pages_that_cannot_decide_it(
    workspace, pages_of_that_day
):
    """Today's pages have not looked at it, so they do not “say so, too”."""
    path = record_files(workspace)[1]
    failed = next(
        each
        for each in read_events(path)
        if isinstance(each, Marked) and not each.passed
    )
    append_event(workspace, failed.model_copy(update={"percent": 90, "passed": True}))

    done = replayed(workspace, pages_of_that_day)

    (flip,) = done.flips
    assert (flip.before.passed, flip.after.passed) == (True, False)
    assert not flip.knows_today
    assert not flip.today_too
    told = [line for _, line in replay_lines(done, workspace, {})]
    assert any("Today's playbooks cannot decide its cases" in each for each in told)
    assert not any("would say so, too" in each for each in told)
