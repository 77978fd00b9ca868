"""A certificate holds as long as the records say the same, and no moment longer."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import CannotStart, UnknownName
from kit.marking.care.doctor import Finding, examine
from kit.marking.care.merge import merge_records
from kit.marking.marks.snapshots import keep_criteria
from kit.marking.records.events import (
    Began,
    HandedIn,
    Marked,
    SignedOff,
    hash_of_answers,
)
from kit.marking.records.progress import progress_of
from kit.marking.records.store import append_event, read_events, record_path
from kit.marking.signoff.certificates import certify
from kit.marking.signoff.override import ManualMark, override_mark
from kit.marking.signoff.signatures import (
    KEY_FILE,
    is_signed_by,
    issuer_of,
    make_key,
    signed,
)
from kit.marking.signoff.verify import verify
from kit.screens.printed.certificate_pages import certificate_page

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
EXERCISE = "inr-request"
PLACE = {"agent": "ana-1", "at": NOON, "exercise": EXERCISE}


@pytest.fixture(scope="module")
def exercise():
    """A shipped exercise."""
    return read_exercise(Library(ROOT), EXERCISE)


def hand_in(workspace: Path, percent: int, attempt: str = "attempt-1") -> None:
    """Let an agent hand in and be marked."""
    mark = {"percent": percent, "passed": percent > 79, "dimensions": {"policy": 90}}
    page = {"critical": [], "report": "reports/a.html"}
    append_event(workspace, HandedIn(**PLACE, attempt=attempt, answers={}))
    append_event(workspace, Marked(**PLACE, attempt=attempt, **mark, **page))


def marked(workspace: Path, percent: int, *, minutes: int) -> None:
    """Let a machine mark the second attempt, some minutes after noon by its clock."""
    place = PLACE | {"at": NOON + timedelta(minutes=minutes), "attempt": "attempt-2"}
    mark = {"percent": percent, "passed": percent > 79, "dimensions": {"policy": 90}}
    append_event(workspace, Marked(**place, **mark, critical=[], report="reports/a"))


@pytest.fixture
def workspace(tmp_path):
    """An agent has failed once and then passed."""
    hand_in(tmp_path, 60)
    hand_in(tmp_path, 90, "attempt-2")
    return tmp_path


def by_hand(workspace: Path, attempt: str, *, passed: bool) -> None:
    """Let a supervisor set a mark."""
    work = ("ana-1", EXERCISE, attempt)
    mark = ManualMark(by="lead-1", percent=81, passed=passed, reason="I saw <it>.")
    override_mark(workspace, work, mark, now=NOON)


def refused(*_: object) -> None:
    """Stand for a drive that cannot do it."""
    raise OSError(errno.EPERM, "not here")


@pytest.fixture
def certificate(workspace, exercise):
    """The passed attempt is signed off."""
    return certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)


def test_a_certificate_names_the_passed_attempt_and_the_records_keep_it(
    workspace, certificate
):
    """Who looks into the records finds the certificate, and the other way round."""
    document = json.loads(certificate.path.read_text(encoding="utf-8"))

    last = read_events(record_path(workspace, "ana-1"))[-1]
    subject = document["credentialSubject"]
    assert isinstance(last, SignedOff)
    assert (last.attempt, last.by) == ("attempt-2", "lead-1")
    assert last.evidence in document["evidence"][0]["narrative"]
    assert document["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert subject["result"][0]["value"] == "90"
    assert "at least 80 %" in subject["achievement"]["criteria"]["narrative"]
    assert document["validFrom"] == "2026-11-22T12:00:00Z"
    assert document["issuer"]["id"].startswith("did:key:z6Mk")


def test_it_holds(workspace, certificate):
    """An honest certificate is confirmed, with its names."""
    checked = verify(workspace, certificate.path)

    assert checked.name == "holds"
    assert "ana-1" in checked.words
    assert "lead-1" in checked.words


def test_it_holds_after_more_work_and_after_marking_again(workspace, certificate):
    """What was signed off is not undone by a later attempt or the same mark again."""
    hand_in(workspace, 10, "attempt-3")
    hand_in(workspace, 85, "attempt-2")

    assert verify(workspace, certificate.path).name == "holds"


@pytest.mark.parametrize("minutes", [-9, 3, 9])
def test_it_holds_when_another_machine_has_marked_the_same_attempt(
    minutes, workspace, exercise, tmp_path_factory
):
    """Lines of another branch may come to stand before the one that signed it off."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(workspace / "records", other / "records")
    marked(workspace, 90, minutes=2)
    marked(other, 85, minutes=minutes)
    later = NOON + timedelta(minutes=5)
    done = certify(workspace, "ana-1", exercise, by="lead-1", now=later)
    assert verify(workspace, done.path).name == "holds"

    assert [each.fresh for each in merge_records(workspace, other)] == [1]

    assert verify(workspace, done.path).name == "holds"


def test_what_is_signed_off_after_a_merge_may_rest_on_both_branches(
    workspace, exercise, tmp_path_factory
):
    """A supervisor set the mark on one machine, the certificate comes from another."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(workspace / "records", other / "records")
    by_hand(other, "attempt-2", passed=True)
    marked(workspace, 70, minutes=5)
    assert [each.fresh for each in merge_records(workspace, other)] == [1]

    done = certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)

    assert done.attempt.percent == 81
    assert isinstance(read_events(record_path(workspace, "ana-1"))[-2], Marked)
    assert verify(workspace, done.path).name == "holds"


def work_with(percent: int, answer: str, *, minutes: int) -> list[HandedIn | Marked]:
    """Answers that a machine has handed in under one name, and their mark."""
    place = PLACE | {"at": NOON + timedelta(minutes=minutes), "attempt": "attempt-9"}
    answers = {"case": {"action": answer}}
    mark = {"percent": percent, "passed": percent > 79, "dimensions": {}}
    named = {"handed_in": hash_of_answers(answers), "report": "reports/a.html"}
    return [
        HandedIn(**place, answers=answers),
        Marked(**place, **mark, critical=[], **named),
    ]


def settle(workspace: Path, percent: int) -> None:
    """Let a supervisor say what counts."""
    mark = ManualMark(by="lead-1", percent=percent, passed=True, reason="I read both.")
    override_mark(workspace, ("ana-1", EXERCISE, "attempt-9"), mark, now=NOON)


def test_two_sets_of_answers_are_not_signed_off_until_somebody_has_read_them(
    tmp_path, exercise
):
    """A clock that was set back makes no failed attempt a passed one."""
    for event in work_with(60, "wait", minutes=5):
        append_event(tmp_path, event)
    better = work_with(100, "refund", minutes=-99)[0]
    append_event(tmp_path / "laptop", better)
    assert [each.fresh for each in merge_records(tmp_path, tmp_path / "laptop")] == [1]

    found = progress_of(read_events(record_path(tmp_path, "ana-1"))).attempts[0]
    assert (found.percent, found.is_disputed) == (60, True)
    with pytest.raises(CannotStart, match="has not passed"):
        certify(tmp_path, "ana-1", exercise, by="lead-1", now=NOON)
    append_event(tmp_path, work_with(85, "wait", minutes=6)[1])
    with pytest.raises(CannotStart, match="two different sets of answers"):
        certify(tmp_path, "ana-1", exercise, by="lead-1", now=NOON)

    settle(tmp_path, 81)

    done = certify(tmp_path, "ana-1", exercise, by="lead-1", now=NOON)
    assert verify(tmp_path, done.path).name == "holds"


def test_it_rests_on_the_mark_of_the_answers_that_count(tmp_path, exercise):
    """A mark of other answers under the same name is no evidence, and no alibi."""
    first, mark = work_with(90, "wait", minutes=1)
    for event in (first, mark, *work_with(40, "refund", minutes=2)):
        append_event(tmp_path, event)
    settle(tmp_path, 90)
    done = certify(tmp_path, "ana-1", exercise, by="lead-1", now=NOON)
    assert verify(tmp_path, done.path).name == "holds"
    events = read_events(record_path(tmp_path, "ana-1"))
    record_path(tmp_path, "ana-1").unlink()

    for event in events:
        is_mark = isinstance(event, Marked) and event.percent == 90
        append_event(
            tmp_path, event.model_copy(update={"percent": 81} if is_mark else {})
        )

    assert verify(tmp_path, done.path).name == "records-changed"


def test_a_certificate_says_by_what_the_attempt_was_marked(workspace, certificate):
    """The exam has changed since: neither the file nor its copy says anything else."""
    text = certificate.path.read_bytes()
    other = replace(certificate.exercise, pass_mark=95, title="Another exam")

    again = certify(workspace, "ana-1", other, by="lead-1", now=NOON)

    assert not again.is_new
    assert certificate.path.read_bytes() == text


def test_the_brief_of_the_day_is_on_a_certificate(tmp_path, exercise):
    """What was kept when the attempt began is what had to be reached."""
    name = keep_criteria(ROOT, exercise, tmp_path)
    append_event(tmp_path, Began(**PLACE, attempt="attempt-1", criteria=name))
    hand_in(tmp_path, 90)
    other = replace(exercise, pass_mark=95, title="Another exam")

    done = certify(tmp_path, "ana-1", other, by="lead-1", now=NOON)

    assert done.exercise.title == exercise.title
    assert "at least 80 %" in done.path.read_text(encoding="utf-8")


def test_a_signed_off_attempt_keeps_its_certificate_after_a_worse_one(
    workspace, exercise, certificate
):
    """A later pass with less takes nothing away."""
    hand_in(workspace, 81, "attempt-3")

    again = certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)

    assert (again.is_new, again.attempt.percent) == (False, 90)
    assert again.event.evidence == certificate.event.evidence


def test_two_who_sign_off_at_the_same_time_sign_once(workspace, exercise):
    """Whoever comes second finds the first."""
    with ThreadPoolExecutor(8) as threads:
        done = list(
            threads.map(
                lambda by: certify(workspace, "ana-1", exercise, by=by, now=NOON),
                [f"lead-{number}" for number in range(8)],
            )
        )

    events = read_events(record_path(workspace, "ana-1"))
    assert sum(isinstance(each, SignedOff) for each in events) == 1
    assert sum(each.is_new for each in done) == 1


def test_one_that_rests_on_two_branches_holds_after_a_third_has_come(
    workspace, exercise, tmp_path_factory
):
    """Marks of a machine that nobody had heard of come to stand between the others."""
    other, third = (tmp_path_factory.mktemp(name) for name in ("other", "third"))
    for folder in (other, third):
        shutil.copytree(workspace / "records", folder / "records")
    by_hand(other, "attempt-2", passed=True)
    marked(workspace, 70, minutes=5)
    marked(third, 88, minutes=6)
    marked(third, 87, minutes=7)
    assert [each.fresh for each in merge_records(workspace, other)] == [1]
    later = NOON + timedelta(minutes=9)
    done = certify(workspace, "ana-1", exercise, by="lead-2", now=later)

    assert [each.fresh for each in merge_records(workspace, third)] == [2]

    assert verify(workspace, done.path).name == "holds"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"value": "90"', '"value": "99"'),
        ('"identityHash": "ana-1"', '"identityHash": "ben-2"'),
        ("supervisor lead-1", "supervisor lead-2"),
        ("2026-11-22T12:00:00Z", "2027-11-22T12:00:00Z"),
        ("at least 80 %", "at least 99 %"),
        ('"value": "90"', '"value": "99", "value": "90"'),
        ('"hashed": false', '"hashed": 0'),
        ('"proofValue": "z', '"proofValue": "z1'),
        ('"proofValue": "z', '"proofValue": "z0'),
        ('"proofValue": "z', '"proofValue": "'),
        ('"name": "Exam', '"name": "\\ud800Exam'),
        ('"eddsa-jcs-2022"', '"none"'),
        ("{", "["),
    ],
)
def test_any_altered_word_is_found(old, new, workspace, certificate):
    """A better mark, another name or a later day is not signed."""
    text = certificate.path.read_text(encoding="utf-8")
    assert old in text

    certificate.path.write_text(text.replace(old, new), encoding="utf-8")

    assert verify(workspace, certificate.path).name == "altered"


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", "\ufeff{}", "[" * 99_000, '"' + "x" * 200_000 + '"', "NaN"],
)
def test_what_never_was_a_certificate_is_no_traceback(text, tmp_path):
    """Whatever file is named, the answer is a sentence."""
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")

    assert verify(tmp_path, path).name == "altered"


def test_one_that_is_nested_too_deep_is_altered(workspace, certificate):
    """What can be read and is too deep to be written again is no traceback, either."""
    text = certificate.path.read_text(encoding="utf-8")

    for depth in (20, *range(900, 1000)):
        deep = f'{{"more": {"[" * depth}{"]" * depth},'
        certificate.path.write_text(text.replace("{", deep, 1), encoding="utf-8")
        assert verify(workspace, certificate.path).name == "altered"


def test_nothing_can_hide_behind_the_end_of_a_certificate(workspace, certificate):
    """The whole file is read or none of it."""
    with certificate.path.open("a", encoding="utf-8") as file:
        file.write(" " * 200_000 + '{"value": "99"}')

    assert verify(workspace, certificate.path).name == "altered"


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    """A slip in the name is not an altered certificate."""
    with pytest.raises(CannotStart, match="cannot be opened"):
        verify(tmp_path, tmp_path / "no.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_before_it_is_opened(tmp_path):
    """Reading one would wait for ever."""
    os.mkfifo(tmp_path / "pipe.json")
    line = ["kit", "--workspace", str(tmp_path), "verify", str(tmp_path / "pipe.json")]

    ran = subprocess.run(
        [sys.executable, "-m", *line],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=30,
    )

    assert ran.returncode == 2
    assert "cannot be opened" in ran.stderr


def test_one_that_somebody_else_has_signed_is_not_ours(workspace, certificate):
    """Who alters a certificate can sign it again, but not with our key."""
    document = json.loads(certificate.path.read_text(encoding="utf-8"))
    del document["proof"]
    key = Ed25519PrivateKey.generate()
    document["issuer"]["id"] = issuer_of(key)
    forged = signed(document, key, at=NOON)
    certificate.path.write_text(json.dumps(forged), encoding="utf-8")

    assert verify(workspace, certificate.path).name == "other-key"


@pytest.mark.parametrize(
    ("lost", "name", "remedy"),
    [("records", "not-here", "kit merge"), (KEY_FILE, "other-key", "--issuer NAME")],
)
def test_without_records_or_key_nothing_is_confirmed(
    lost, name, remedy, workspace, certificate
):
    """A certificate alone proves nothing; which of the two is missing is said."""
    path = workspace / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()

    checked = verify(workspace, certificate.path)

    assert checked.name == name
    assert remedy in checked.words


def test_another_machine_that_trusts_the_signer_and_has_the_records_confirms_it(
    workspace, certificate, tmp_path_factory
):
    """Records travel by a merge; the key that signs never does."""
    other = tmp_path_factory.mktemp("other")
    assert verify(other, certificate.path).name == "other-key"
    trusted = certificate.issuer
    assert verify(other, certificate.path, issuer=trusted).name == "not-here"

    assert [each.fresh for each in merge_records(other, workspace)] == [5]

    assert verify(other, certificate.path, issuer=trusted).name == "holds"
    assert not (other / KEY_FILE).exists()


def test_to_trust_another_signer_is_no_way_around_a_signature(workspace, certificate):
    """Neither a stranger's name nor an altered file is confirmed by an option."""
    stranger = issuer_of(Ed25519PrivateKey.generate())
    assert verify(workspace, certificate.path, issuer=stranger).name == "other-issuer"
    text = certificate.path.read_text(encoding="utf-8")

    certificate.path.write_text(text.replace('"90"', '"99"'), encoding="utf-8")

    checked = verify(workspace, certificate.path, issuer=certificate.issuer)
    assert checked.name == "altered"


def test_the_page_of_a_certificate_is_not_called_a_forgery(workspace, certificate):
    """What people hold in their hands is the page; the file lies beside it."""
    page = certificate.path.with_suffix(".html")
    page.write_text(certificate_page(certificate), encoding="utf-8")

    checked = verify(workspace, page)

    assert (checked.name, checked.holds) == ("page", False)
    assert ".json file next to it" in checked.words


def test_signing_off_twice_signs_once(workspace, exercise, certificate):
    """Another supervisor, another day: the first word stands, and so does the file."""
    before = record_path(workspace, "ana-1").read_bytes()
    text = certificate.path.read_bytes()
    certificate.path.unlink()

    later = NOON + timedelta(days=3)
    again = certify(workspace, "ana-1", exercise, by="lead-2", now=later)

    assert (certificate.is_new, again.is_new) == (True, False)
    assert (again.event.by, again.event.at) == ("lead-1", NOON)
    assert record_path(workspace, "ana-1").read_bytes() == before
    assert again.path.read_bytes() == text


def test_each_of_two_certificates_names_its_own_supervisor(workspace, exercise):
    """The mark was changed in between, so the second rests on something else."""
    first = certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)
    older = first.path.with_name("older.json")
    shutil.copy(first.path, older)
    by_hand(workspace, "attempt-2", passed=True)
    later = NOON + timedelta(hours=1)
    second = certify(workspace, "ana-1", exercise, by="lead-2", now=later)

    new, old = verify(workspace, second.path), verify(workspace, older)

    assert (new.name, old.name) == ("holds", "holds")
    assert "signed off by lead-2" in new.words
    assert "signed off by lead-1" in old.words
    assert "changed since then: 81 %, and not 90 %" in old.words
    assert "changed" not in new.words


def test_records_without_the_line_that_signed_it_off_do_not_confirm_it(
    workspace, certificate
):
    """An older copy of the records knows nothing of it."""
    path = record_path(workspace, "ana-1")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))

    assert verify(workspace, certificate.path).name == "not-here"


def lost_sign_offs(workspace: Path) -> list[Finding]:
    """What the doctor says of certificates."""
    return [each for each in examine(workspace).findings if "sign-off" in each.words]


def test_lost_last_lines_are_noticed_by_the_certificate_that_rests_on_them(
    workspace, certificate
):
    """Nothing in a file says how long it once was; what was signed does."""
    assert not [
        each for each in examine(workspace).findings if "sign-off" in each.words
    ]
    path = record_path(workspace, "ana-1")
    lines = path.read_bytes().splitlines(keepends=True)

    path.write_bytes(b"".join(lines[:-1]))

    (found,) = [
        each for each in examine(workspace).findings if "sign-off" in each.words
    ]
    assert found.needs_person
    assert found.words.startswith(str(certificate.path))


def test_changed_records_are_named(workspace, certificate):
    """A mark that was changed in the file supports no certificate."""
    path = record_path(workspace, "ana-1")
    path.write_bytes(path.read_bytes().replace(b'"percent":90', b'"percent":95'))

    checked = verify(workspace, certificate.path)

    assert checked.name == "records-changed"
    assert "ana-1.jsonl:4" in checked.words


def test_a_line_that_rests_on_something_else_confirms_nothing(workspace, certificate):
    """Whoever writes the records anew, seals and all, has to find the same hash."""
    events = read_events(record_path(workspace, "ana-1"))
    record_path(workspace, "ana-1").unlink()
    for event in events:
        is_mark = isinstance(event, Marked) and event.attempt == "attempt-2"
        better = {"percent": 95} if is_mark else {}
        append_event(workspace, event.model_copy(update=better))

    checked = verify(workspace, certificate.path)

    assert checked.name == "records-changed"
    assert "say something else" in checked.words


def test_a_later_word_of_a_supervisor_takes_it_back(workspace, certificate):
    """The attempt turned out to be somebody else's work."""
    by_hand(workspace, "attempt-2", passed=False)

    checked = verify(workspace, certificate.path)
    assert checked.name == "overruled"
    assert "81 %, by lead-1" in checked.words


def test_what_is_not_passed_is_not_signed_off(workspace, exercise):
    """No word of a supervisor without a passed attempt; not even a key is made."""
    by_hand(workspace, "attempt-2", passed=False)
    before = record_path(workspace, "ana-1").read_bytes()

    with pytest.raises(CannotStart, match="has not passed"):
        certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)

    assert record_path(workspace, "ana-1").read_bytes() == before
    assert not (workspace / KEY_FILE).exists()


def test_a_mark_set_by_hand_counts_and_stands_on_the_page(tmp_path, exercise):
    """Who reads the certificate sees that a person decided, and why; all escaped."""
    hand_in(tmp_path, 60)
    mark = {"percent": 60, "passed": False, "dimensions": {"policy": 60}}
    late = {"critical": ["the-tent"], "report": "reports/a.html"}
    append_event(tmp_path, Marked(**PLACE, attempt="attempt-1", **mark, **late))
    by_hand(tmp_path, "attempt-1", passed=True)

    done = certify(tmp_path, "ana-1", exercise, by="lead-2", now=NOON)

    page = certificate_page(done)
    said = json.loads(done.path.read_text(encoding="utf-8"))["evidence"][0]["narrative"]
    assert verify(tmp_path, done.path).name == "holds"
    assert "81 %" in page
    for place in (page, said):
        assert "Counted from the answers: 60 %." in place
        assert "critical error: The tent." in place
    assert "I saw &lt;it&gt;." in page
    assert "<script" not in page


def test_a_certificate_says_that_the_exam_was_known(workspace, tmp_path, exercise):
    """Who reads it knows that the agent had seen the reasons before."""
    known = certify(workspace, "ana-1", exercise, by="lead-1", now=NOON)
    other = tmp_path / "other"
    hand_in(other, 90)
    unknown = certify(other, "ana-1", exercise, by="lead-1", now=NOON)

    words = "The exam was known"
    assert words in certificate_page(known)
    assert words in known.path.read_text(encoding="utf-8")
    assert words not in certificate_page(unknown)
    assert words not in unknown.path.read_text(encoding="utf-8")


def test_a_certificate_has_room_for_a_name_and_a_signature(certificate):
    """On paper a person signs, and the agent is more than an id."""
    page = certificate_page(certificate)

    assert "Name of ana-1" in page
    assert "Signature of lead-1" in page


def test_a_clear_attempt_is_signed_off_before_a_disputed_one(tmp_path, exercise):
    """Nobody waits for a certificate because of answers that are not needed for it."""
    hand_in(tmp_path, 95, "attempt-1")
    other = {"one": {"action": "wait"}}
    append_event(tmp_path, HandedIn(**PLACE, attempt="attempt-1", answers=other))
    hand_in(tmp_path, 90, "attempt-2")

    done = certify(tmp_path, "ana-1", exercise, by="lead-1", now=NOON)

    assert done.attempt.attempt == "attempt-2"


def test_nobody_signs_off_themselves_or_a_stranger(workspace, exercise):
    """A certificate is worth what its supervisor is worth."""
    with pytest.raises(CannotStart, match="own work"):
        certify(workspace, "ana-1", exercise, by="ana-1", now=NOON)
    with pytest.raises(UnknownName, match="ana-1"):
        certify(workspace, "ana-2", exercise, by="lead-1", now=NOON)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are posix")
def test_only_the_owner_can_read_the_key_and_it_stays_the_same(workspace, certificate):
    """Who can read the key can sign; who loses it can confirm nothing."""
    first = issuer_of(make_key(workspace))

    assert stat.S_IMODE((workspace / KEY_FILE).stat().st_mode) == 0o600
    assert issuer_of(make_key(workspace)) == first
    assert first in certificate.path.read_text(encoding="utf-8")


def test_a_broken_key_is_a_sentence_and_is_not_replaced(workspace):
    """A new key would make every old certificate worthless without a word."""
    (workspace / KEY_FILE).write_text("not a key", encoding="utf-8")

    with pytest.raises(CannotStart, match="could not be read"):
        make_key(workspace)

    assert (workspace / KEY_FILE).read_text(encoding="utf-8") == "not a key"


@pytest.mark.parametrize("can_link", [True, False])
def test_an_empty_key_of_a_crash_is_replaced(can_link, workspace, monkeypatch):
    """It has signed nothing, and nobody could ever sign again beside it."""
    if not can_link:
        monkeypatch.setattr(os, "link", refused)
    (workspace / KEY_FILE).touch()

    first = issuer_of(make_key(workspace))

    assert issuer_of(make_key(workspace)) == first
    if os.name == "posix":
        assert stat.S_IMODE((workspace / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("can_link", [True, False])
@pytest.mark.parametrize("is_empty", [True, False])
def test_all_who_make_the_key_at_once_get_the_same(
    can_link, is_empty, tmp_path, monkeypatch
):
    """Who signs with a key that is not kept signs what nobody can confirm."""
    if not can_link:
        monkeypatch.setattr(os, "link", refused)
    places = [tmp_path / str(number) for number in range(20)]
    for place in places:
        place.mkdir()
        if is_empty:
            (place / KEY_FILE).touch()

    with ThreadPoolExecutor(8) as pool:
        for place in places:
            keys = pool.map(make_key, [place] * 8)
            assert {issuer_of(key) for key in keys} == {issuer_of(make_key(place))}


def test_a_key_that_could_not_be_written_leaves_nothing(tmp_path, monkeypatch):
    """On a full disk there is a sentence, and a key once there is room again."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refused)
        with pytest.raises(CannotStart, match="could not be read or made"):
            make_key(tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert make_key(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_to_a_key_that_is_not_there_today_is_not_replaced(tmp_path):
    """The drive with the key is not plugged in; a new key would hide that."""
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "drive" / KEY_FILE)

    with pytest.raises(CannotStart, match="could not be read or made"):
        make_key(tmp_path)

    assert (tmp_path / KEY_FILE).is_symlink()


def test_the_proof_is_the_one_that_other_programs_make():
    """A known key and document give, for ever, the proof that the standard gives.

    The code was held against a published test vector of the W3C for this suite
    (vc-di-eddsa, eddsa-jcs-2022) when this was written down.
    """
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "Zoë 退"}

    done = signed(document, key, at=NOON)

    assert issuer_of(key) == "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    assert done["proof"]["proofValue"] == (
        "z2wij515VzK9PYJuauuXZ7Kh1dyUh4yWW5gvFsh3X9Et7"
        "AtqeBDcnLPLBBHEteuSrxshhKdgk6L6PgNLdawLM6P5R"
    )
    assert is_signed_by(done, issuer_of(key))
    assert not is_signed_by({**done, "name": "Zoe 退"}, issuer_of(key))
    assert not is_signed_by(done, "did:key:z6MkhaXgBZD")
