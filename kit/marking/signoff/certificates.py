"""Sign off passed exercises, and write certificates as Open Badges 3.0 credentials.

What it rests on is named by one hash over the lines of the records that show it: what
was handed in, its latest mark, and the mark by hand if there is one. The records keep
that hash in a line of their own, so both can be held against each other at any time.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ...catalogue import say
from ...content.exercises import Exercise
from ...errors import CannotStart
from ...practice.wording import cases_words, weight_words
from ..export.xapi import HOME
from ..marks.content_cache import in_force
from ..records.atomic_files import make_folder, replace_file, saving
from ..records.events import Event, SignedOff
from ..records.progress import AttemptProgress, best_of, progress_of
from ..records.store import append_unless
from .override import events_of, refuse_own_work, refuse_untested
from .signatures import canonical, is_signed_by, issuer_of, make_key, signed

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_NAMED_BY_HASH = "ni:///sha-256;"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A sign-off with its certificate file."""

    event: SignedOff
    """The event in the records."""

    exercise: Exercise
    """The exercise as it was when the attempt began, or as far as is known."""

    attempt: AttemptProgress
    """The attempt on which it rests."""

    path: Path
    """Path of the credential; the page to print lies beside it."""

    issuer: str
    """The public key that it was signed with, as ``did:key:…``."""

    is_new: bool
    """Whether the sign-off is new; if not, only the file was written again."""


def certify(
    workspace: Path, agent: str, exercise: Exercise, *, by: str, now: datetime
) -> Certificate:
    """Sign off an exercise that an agent has passed, and write the certificate.

    What was signed off already, and rests on the same lines, gets no second event; its
    file is written again where it is gone or was altered.

    Args:
        workspace: The folder with ``records/``; the certificate goes to ``reports/``.
        agent: Id of the agent.
        exercise: The exercise.
        by: Id of the supervisor.
        now: The moment of it, in UTC.

    Raises:
        CannotStart: No attempt is passed, the supervisor may not judge it, or nothing
            can be written there.
        UnknownName: Nothing is kept of such an agent.
        BadRecord: The records of the agent are damaged.
    """
    refuse_own_work(agent, by)
    refuse_untested(workspace, by, exercise.id)
    path = certificate_path(workspace, agent, exercise.id)
    event, attempt, is_new = _signed_off(workspace, agent, exercise, by, now)
    exercise = in_force(workspace, exercise, attempt.marked_by or attempt.criteria)
    key = make_key(workspace)
    issuer = issuer_of(key)
    certificate = Certificate(event, exercise, attempt, path, issuer, is_new)
    if not is_new and _is_intact(path, event, issuer):
        return certificate
    document = signed(_credential(certificate), key, at=event.at)
    with saving(path):
        make_folder(path.parent)
        replace_file(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return certificate


def certificate_path(workspace: Path, agent: str, exercise: str) -> Path:
    """Return the path of a certificate, whether it exists or not."""
    return workspace / "reports" / agent / f"certificate-{exercise}.json"


def _is_intact(path: Path, event: SignedOff, issuer: str) -> bool:
    """Tell whether the certificate file of a sign-off exists and is unchanged."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    is_whole = isinstance(document, dict) and is_signed_by(document, issuer)
    return is_whole and document.get("validFrom") == moment_of(event)


def _signed_off(
    workspace: Path, agent: str, exercise: Exercise, by: str, now: datetime
) -> tuple[SignedOff, AttemptProgress, bool]:
    """Find or record the sign-off of the attempt that counts, and tell if it is new."""
    while True:
        events = events_of(workspace, agent)
        attempt = _passed_attempt(events, agent, exercise)
        evidence = evidence_of(attempt)
        if attempt.signed_off and attempt.signed_off.evidence == evidence:
            return attempt.signed_off, attempt, False
        make_key(workspace)  # nothing is signed off that could not be handed over
        with saving(folder := workspace / "reports" / agent):
            make_folder(folder)
        event = SignedOff(
            at=now.replace(microsecond=0),
            agent=agent,
            exercise=exercise.id,
            attempt=attempt.attempt,
            by=by,
            playbook=attempt.playbook,
            evidence=evidence,
        )
        # What came in meanwhile may change what it rests on.
        if append_unless(workspace, event, partial(_has_more, len(events))):
            return event, attempt, True


def _has_more(count: int, events: Sequence[Event]) -> bool:
    return len(events) > count


def _passed_attempt(
    events: tuple[Event, ...], agent: str, exercise: Exercise
) -> AttemptProgress:
    """Return the attempt that is signed off, or else the best that could be.

    Raises:
        CannotStart: None is passed, or nobody can tell which answers are meant.
    """
    attempts = progress_of(events).attempts_at(exercise.id)
    passed = [each for each in attempts if each.passed]
    clear = [each for each in passed if each.override or not each.is_disputed]
    signed = [each for each in passed if each.is_signed_off]
    found = best_of(signed or clear or passed)
    words = {"agent": agent, "title": exercise.title}
    if found is None:
        is_marked = any(each.percent is not None for each in attempts)
        key = "not-passed" if is_marked else "not-marked"
        key = key if attempts else "not-handed-in"
        problem = say(f"marking.certificate.{key}", **words)
        raise CannotStart(problem=problem, fix=say("marking.certificate.fix"))
    if found.is_disputed and found.override is None:
        problem = say("marking.certificate.disputed", attempt=found.attempt, **words)
        raise CannotStart(problem=problem, fix=say("marking.certificate.disputed-fix"))
    return found


def evidence_of(attempt: AttemptProgress) -> str:
    """Compute the hash of the record lines that prove the mark of an attempt."""
    lines = (attempt.handed_in, attempt.marked, attempt.override)
    return evidence_in(*map(line_in_evidence, lines))


def evidence_in(*lines: bytes | None) -> str:
    """Compute the hash of some record lines; ``None`` is left out."""
    return sha256(b"[" + b",".join(each for each in lines if each) + b"]").hexdigest()


def line_in_evidence(event: Event | None) -> bytes | None:
    """Format a record line as it goes into that hash."""
    return canonical(event.model_dump(mode="json")) if event else None


def address_of(evidence: str) -> str:
    """Convert a hash to a URI that names content by its hash (RFC 6920)."""
    text = urlsafe_b64encode(bytes.fromhex(evidence)).decode()
    return _NAMED_BY_HASH + text.rstrip("=")


def evidence_at(address: str) -> str:
    """Extract the hash from such a URI."""
    return urlsafe_b64decode(address.removeprefix(_NAMED_BY_HASH) + "=").hex()


def moment_of(event: SignedOff) -> str:
    """Format the time of a sign-off as in a certificate."""
    return f"{event.at:%Y-%m-%dT%H:%M:%SZ}"


def criteria_words(exercise: Exercise) -> str:
    """Describe what had to be reached, as a sentence."""
    return say(
        "marking.certificate.criteria",
        count=len(exercise.cases),
        pass_mark=exercise.pass_mark,
        weights=weight_words(exercise.weights),
    )


def _credential(certificate: Certificate) -> dict[str, Any]:
    """Convert a certificate to an ``AchievementCredential``."""
    event, exercise = certificate.event, certificate.exercise
    name = f"{HOME}{event.agent}/{event.exercise}/{event.evidence}/{event.at}"
    return {
        "@context": list(CONTEXT),
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, name)}",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": exercise.title,
        "issuer": {
            "id": certificate.issuer,
            "type": ["Profile"],
            "name": say("marking.certificate.issuer", by=event.by),
        },
        "validFrom": moment_of(event),
        "credentialSubject": _subject(certificate),
        "evidence": [
            {
                "id": address_of(event.evidence),
                "type": ["Evidence"],
                "name": say("marking.certificate.evidence-name"),
                "narrative": " ".join(_narrative(certificate)),
            }
        ],
    }


def _narrative(certificate: Certificate) -> Iterator[str]:
    """Say on what it rests, and what was counted where it was set by hand."""
    event = certificate.event
    values = {"attempt": event.attempt, "hash": event.evidence}
    yield say("marking.certificate.evidence", **values)
    yield from words_beside(certificate.attempt)


def words_beside(attempt: AttemptProgress) -> Iterator[str]:
    """Say what a percent does not: that the exam was known, or who set it by hand."""
    if attempt.is_informed:
        yield say("marking.certificate.informed")
    override, mark = attempt.override, attempt.mark
    if override is None:
        return
    reason = {"by": override.by, "reason": override.reason}
    yield say("marking.certificate.by-hand", percent=override.percent, **reason)
    if mark is not None:
        yield say("marking.certificate.counted", percent=mark.percent)
        if mark.critical:
            cases = cases_words(mark.critical)
            yield say("marking.certificate.critical", cases=cases)


def _subject(certificate: Certificate) -> dict[str, Any]:
    """Build the subject of the credential: who has reached what."""
    exercise, home = certificate.exercise, f"{HOME}exercises/{certificate.exercise.id}"
    who = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": certificate.event.agent,
        "identityType": "userName",
    }
    percent = {
        "id": f"{home}#percent",
        "type": ["ResultDescription"],
        "name": say("marking.certificate.percent"),
        "resultType": "Percent",
        "valueMin": "0",
        "valueMax": "100",
    }
    result = {
        "type": ["Result"],
        "resultDescription": f"{home}#percent",
        "value": str(certificate.attempt.percent),
    }
    achievement = {
        "id": home,
        "type": ["Achievement"],
        "name": exercise.title,
        "description": exercise.goal,
        "criteria": {"narrative": criteria_words(exercise)},
        "resultDescription": [percent],
    }
    return {
        "type": ["AchievementSubject"],
        "identifier": [who],
        "achievement": achievement,
        "result": [result],
    }
