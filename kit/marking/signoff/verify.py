"""Verify a certificate against the records of this workspace.

It holds if it is to the letter what this workspace has signed, if the records still
say what it rests on, and if nobody has judged otherwise since. It needs no network.
"""

import errno
import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from ...catalogue import say
from ...errors import BadRecord, CannotStart
from ..export.xapi import HOME
from ..records.answers import is_agent
from ..records.events import Event, HandedIn, Marked, Overridden, SignedOff
from ..records.progress import AttemptProgress, is_mark_of, progress_of
from ..records.store import read_events, record_path
from .certificates import evidence_at, evidence_in, line_in_evidence, moment_of
from .signatures import find_key, is_signed_by, issuer_of

LARGEST_BYTES = 100_000
DEEPEST = 20
"""More than any certificate of ours is nested; far less than stops a program."""


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The result of verifying a certificate."""

    name: str
    """``holds``, ``altered``, ``page``, ``other-key``, ``other-issuer``, ``not-here``,
    ``records-changed`` or ``overruled``."""

    words: str
    """The result as a sentence."""

    @property
    def holds(self) -> bool:
        """Whether the certificate is valid."""
        return self.name == "holds"


@dataclass(frozen=True, slots=True)
class _CertificateClaim:
    agent: str
    exercise: str
    evidence: str
    issuer: str
    at: str
    percent: str
    title: str


def verify(
    workspace: Path, path: Path, *, issuer: str | None = None
) -> VerificationResult:
    """Verify a certificate against the records.

    Args:
        workspace: The folder with ``records/`` and the key.
        path: The certificate.
        issuer: Who is trusted to have signed it, as ``did:key:…``; ``None`` for the
            key of this workspace.

    Raises:
        CannotStart: The file cannot be opened, or the key of the workspace cannot.
    """
    if path.suffix.lower() == ".html":
        return _result("page", path)
    document = _read(path)
    claim = _claim_of(document)
    if claim is None or not is_signed_by(document, claim.issuer):
        return _result("altered", path)
    if issuer is None:
        key = find_key(workspace)
        if key is None or issuer_of(key) != claim.issuer:
            return _result("other-key", path)
    elif issuer != claim.issuer:
        return _result("other-issuer", path)
    try:
        events = read_events(record_path(workspace, claim.agent))
    except BadRecord as error:
        return _result("records-changed", path, problem=error)
    return _against(events, claim, path)


def _against(
    events: tuple[Event, ...], claim: _CertificateClaim, path: Path
) -> VerificationResult:
    """Find the sign-off event of a certificate, and check its evidence then and now."""
    found = [
        event
        for event in events
        if isinstance(event, SignedOff)
        and (event.exercise, event.evidence) == (claim.exercise, claim.evidence)
        and moment_of(event) == claim.at
    ]
    if not found:
        return _result("not-here", path, agent=claim.agent)
    event = found[-1]
    now = next(
        (
            each
            for each in progress_of(events).attempts_at(event.exercise)
            if each.attempt == event.attempt
        ),
        None,
    )
    if now is None or not _rests_on(events, event, now):
        problem = say("marking.certificate.other-evidence")
        return _result("records-changed", path, problem=problem)
    if not now.passed:
        by = now.override.by if now.override else "kit grade"
        return _result("overruled", path, by=by, percent=now.percent)
    words = {"agent": event.agent, "by": event.by, "day": event.at.date()}
    said = _result("holds", path, exercise=claim.title, **words)
    if str(now.percent) == claim.percent:
        return said
    since = say("marking.certificate.since", now=now.percent, then=claim.percent)
    return VerificationResult(said.name, f"{said.words} {since}")


def _rests_on(
    events: tuple[Event, ...], event: SignedOff, now: AttemptProgress
) -> bool:
    """Tell whether the records still contain, unchanged, the lines that it rests on.

    The answers have to be those that count, and the mark theirs. Which of their marks
    counted then is not asked: machines that were put together since may have brought
    others to stand between them.
    """
    of = [
        each
        for each in events
        if isinstance(each, HandedIn | Marked | Overridden)
        and (each.exercise, each.attempt) == (event.exercise, event.attempt)
    ]
    handed_in = [
        line_in_evidence(each)
        for each in of
        if isinstance(each, HandedIn) and each.answers == now.answers
    ]
    marks = [
        line_in_evidence(each)
        for each in of
        if isinstance(each, Marked) and is_mark_of(each, now.answers)
    ]
    by_hand = [line_in_evidence(each) for each in of if isinstance(each, Overridden)]
    return any(
        evidence_in(*lines) == event.evidence
        for lines in product(handed_in, [None, *marks], [None, *by_hand])
    )


def _read(path: Path) -> dict[str, Any]:
    """Parse a certificate file; one that is not valid JSON becomes an empty one."""
    try:
        if not path.is_file():  # a pipe would be read for ever
            raise OSError(errno.EINVAL, path)
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        problem = say("marking.certificate.unreadable", path=path)
        fix = say("marking.certificate.unreadable-fix")
        raise CannotStart(problem=problem, fix=fix) from error
    try:
        whole = text if len(text) <= LARGEST_BYTES else b""
        found = json.loads(whole, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and not _is_too_deep(found) else {}


def _is_too_deep(value: object) -> bool:
    """Tell whether a value is nested deeper than any certificate; not recursive."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
    return bool(level)


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse duplicate keys: two readers could read two different things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _claim_of(document: dict[str, Any]) -> _CertificateClaim | None:
    """Take out what a certificate says; ``None`` if it has not the shape of ours."""
    try:
        subject = document["credentialSubject"]
        claim = _CertificateClaim(
            agent=str(subject["identifier"][0]["identityHash"]),
            exercise=str(subject["achievement"]["id"]).removeprefix(
                f"{HOME}exercises/"
            ),
            evidence=evidence_at(str(document["evidence"][0]["id"])),
            issuer=str(document["issuer"]["id"]),
            at=str(document["validFrom"]),
            percent=str(subject["result"][0]["value"]),
            title=str(document["name"]),
        )
    except (LookupError, TypeError, ValueError):
        return None
    return claim if is_agent(claim.agent) else None


def _result(name: str, path: Path, **values: object) -> VerificationResult:
    return VerificationResult(
        name, say(f"marking.certificate.{name}", path=path.name, **values)
    )
