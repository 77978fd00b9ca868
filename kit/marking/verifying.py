"""Say whether a certificate holds, from the records of this workspace alone.

It holds if it is to the letter what this workspace has signed, if the records still
say what it rests on, and if nobody has judged otherwise since. It needs no network.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catalogue import say
from ..errors import BadRecord, CannotStart
from .answers import is_agent
from .certificates import evidence_at, evidence_of
from .events import Event, SignedOff
from .lines import Line
from .progress import progress_of
from .records import read_lines, record_path
from .signatures import find_key, is_signed_by, issuer_of
from .xapi import HOME

LARGEST_BYTES = 100_000
DEEPEST = 20
"""More than any certificate of ours is nested; far less than stops a program."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said of a certificate."""

    name: str
    """``holds``, ``altered``, ``not-here``, ``records-changed`` or ``overruled``."""

    words: str
    """The same in a sentence."""

    @property
    def holds(self) -> bool:
        """Whether it can be relied on."""
        return self.name == "holds"


@dataclass(frozen=True, slots=True)
class _Claim:
    agent: str
    exercise: str
    evidence: str
    issuer: str


def verify(workspace: Path, path: Path) -> Checked:
    """Hold a certificate against the records.

    Args:
        workspace: The folder with ``records/`` and the key.
        path: The certificate.

    Raises:
        CannotStart: The file cannot be opened, or the key of the workspace cannot.
    """
    document = _read(path)
    claim = _claim_of(document)
    if claim is None or not is_signed_by(document, claim.issuer):
        return _said("altered", path)
    key = find_key(workspace)
    if key is None or issuer_of(key) != claim.issuer:
        return _said("not-here", path)
    try:
        lines = tuple(read_lines(record_path(workspace, claim.agent)))
    except BadRecord as error:
        return _said("records-changed", path, problem=error)
    return _against(lines, claim, path)


def _against(lines: tuple[Line, ...], claim: _Claim, path: Path) -> Checked:
    """Find the line that signed it off, and see what it rests on, then and now."""
    events = tuple(line.event for line in lines)
    found = [
        (place, event)
        for place, event in enumerate(events)
        if isinstance(event, SignedOff)
        and (event.exercise, event.evidence) == (claim.exercise, claim.evidence)
    ]
    if not found:
        return _said("not-here", path)
    place, event = found[-1]
    if not _rests_on(lines[:place], event):
        problem = say("marking.certificate.other-evidence")
        return _said("records-changed", path, problem=problem)
    attempts = progress_of(events).attempts_at(event.exercise)
    if not any(each.attempt == event.attempt and each.passed for each in attempts):
        return _said("overruled", path)
    words = {"agent": event.agent, "by": event.by, "day": event.at.date()}
    return _said("holds", path, exercise=event.exercise, **words)


def _rests_on(before: tuple[Line, ...], event: SignedOff) -> bool:
    """Whether the lines before a sign-off still say what it rests on.

    Those of its own branch, since others may have come between them with a merge. Or
    all, since there may have been several branches when it was signed off.
    """
    every = tuple(line.event for line in before)
    return any(
        evidence_of(events, event.exercise, event.attempt) == event.evidence
        for events in (_branch_of(before, event), every)
    )


def _branch_of(before: tuple[Line, ...], event: SignedOff) -> tuple[Event, ...]:
    """Follow the lines back from one to the beginning; the first comes first."""
    wanted = event.previous
    branch: list[Event] = []
    for line in reversed(before):
        if line.hash == wanted:
            branch.append(line.event)
            wanted = line.event.previous
    return tuple(reversed(branch))


def _read(path: Path) -> dict[str, Any]:
    """Read a certificate; what is none becomes an empty one."""
    try:
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
    """Whether it is nested deeper than a certificate; this itself goes no deeper."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
    return bool(level)


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice: two readers would read two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _claim_of(document: dict[str, Any]) -> _Claim | None:
    """Take out what a certificate says; ``None`` if it has not the shape of ours."""
    try:
        subject = document["credentialSubject"]
        claim = _Claim(
            agent=str(subject["identifier"][0]["identityHash"]),
            exercise=str(subject["achievement"]["id"]).removeprefix(
                f"{HOME}exercises/"
            ),
            evidence=evidence_at(str(document["evidence"][0]["id"])),
            issuer=str(document["issuer"]["id"]),
        )
    except (LookupError, TypeError, ValueError):
        return None
    return claim if is_agent(claim.agent) else None


def _said(name: str, path: Path, **values: object) -> Checked:
    return Checked(name, say(f"marking.certificate.{name}", path=path.name, **values))
