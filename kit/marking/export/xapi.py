"""Events in the words of other learning systems: xAPI statements, version 1.0.3.

Each event class has one verb and each verb one class, so that nothing is mixed up on
the other side. The same event always gives the same statement, with the same id: who
takes an export in twice finds nothing twice.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from ...catalogue import sentence
from ..records.events import (
    Answered,
    Asked,
    Began,
    Decided,
    Event,
    EventBase,
    HandedIn,
    Looked,
    Marked,
    OfCase,
    Overridden,
    Shown,
    SignedOff,
    Started,
    Waited,
)

HOME = "https://aftersales-kit.example/"
"""Under which names of ours stand. It is nobody's address, by its ending."""

VERSION = "1.0.3"

_ADL = "http://adlnet.gov/expapi"
_TIN_CAN = "http://id.tincanapi.com/verb"

VERBS: Mapping[type[EventBase], str] = {
    Started: f"{_ADL}/verbs/initialized",
    Looked: f"{_TIN_CAN}/viewed",
    Asked: f"{_ADL}/verbs/asked",
    Waited: f"{HOME}verbs/waited",
    Answered: f"{_ADL}/verbs/answered",
    Decided: f"{_ADL}/verbs/completed",
    Shown: f"{HOME}verbs/shown",
    Began: f"{_ADL}/verbs/attempted",
    HandedIn: "http://activitystrea.ms/schema/1.0/submit",
    Marked: f"{_ADL}/verbs/scored",
    Overridden: f"{HOME}verbs/overridden",
    SignedOff: f"{_TIN_CAN}/earned",
}
"""The verb of each event class, from the public lists where one of them fits."""


def statement(event: Event) -> dict[str, Any]:
    """Say one event as an xAPI statement.

    Args:
        event: The event as it was kept: what it says of the line before is part of
            the id, so that two equal deeds stay two.
    """
    said: dict[str, Any] = {
        "id": str(uuid5(NAMESPACE_URL, HOME + event.model_dump_json())),
        "version": VERSION,
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "actor": _account(event.agent),
        "verb": _verb(event),
        "object": _object(event),
        "context": _context(event),
    }
    result = _result(event)
    return {**said, "result": result} if result else said


def _account(id: str) -> dict[str, Any]:  # noqa: A002
    account = {"homePage": HOME, "name": id}
    return {"objectType": "Agent", "account": account}


def _verb(event: Event) -> dict[str, Any]:
    words = sentence(f"marking.verb.{event.event}", "en")
    return {"id": VERBS[type(event)], "display": {"en": words}}


def _object(event: Event) -> dict[str, Any]:
    """Say what it was done with, from the large to the small."""
    match event:
        case Looked():
            return _activity(*_case(event), ("panels", event.panel), sort="resource")
        case Asked():
            return _activity(*_case(event), ("facts", event.fact), sort="question")
        case Answered():
            asked = ("questions", event.question)
            return _activity(*_case(event), asked, sort="question")
        case Started() | Waited() | Decided() | Shown():
            return _activity(*_case(event), sort="simulation")
        case _:
            return _activity(("exercises", event.exercise), sort="assessment")


def _case(
    event: OfCase,
) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("works", event.work), ("cases", event.case)


def _activity(*steps: tuple[str, str], sort: str) -> dict[str, Any]:
    path = "/".join(f"{name}/{quote(value, safe='')}" for name, value in steps)
    kind = _TYPES.get(sort, f"{_ADL}/activities/{sort}")
    name = {"en": steps[-1][1]}
    return {
        "objectType": "Activity",
        "id": HOME + path,
        "definition": {"name": name, "type": kind},
    }


_TYPES = {"resource": "http://id.tincanapi.com/activitytype/resource"}


def _context(event: Event) -> dict[str, Any]:
    """Say under which attempt, by which supervisor and under which playbook."""
    match event:
        case Began() | HandedIn() | Marked() | Overridden() | SignedOff():
            work = f"{event.exercise}/{event.attempt}"
        case _:
            work = event.work
    found: dict[str, Any] = {
        "registration": str(uuid5(NAMESPACE_URL, f"{HOME}{event.agent}/{work}")),
        "platform": "aftersales-kit",
    }
    if isinstance(event, Overridden | SignedOff):
        found["instructor"] = _account(event.by)
    more = {"work": work, "playbook": event.playbook}
    return {**found, **_extensions(more)}


def _result(event: Event) -> dict[str, Any]:  # noqa: PLR0911 (one for each)
    match event:
        case Answered(value=str(value)):
            return {"response": value}
        case Asked() | Waited():
            return _extensions({"day": event.day.isoformat()})
        case Decided():
            more = {"answers": event.answers, "try": event.number}
            return {"success": event.right, "completion": True, **_extensions(more)}
        case HandedIn():
            return {"completion": True, **_extensions({"answers": event.answers})}
        case Marked():
            more = {"dimensions": event.dimensions, "critical": event.critical}
            return {**_score(event), **_extensions(more)}
        case Overridden():
            return {**_score(event), **_extensions({"reason": event.reason})}
        case SignedOff():
            return {"success": True, **_extensions({"evidence": event.evidence})}
        case _:
            return {}


def _score(event: Marked | Overridden) -> dict[str, Any]:
    score = {"scaled": event.percent / 100, "raw": event.percent, "min": 0, "max": 100}
    return {"score": score, "success": event.passed}


def _extensions(values: Mapping[str, object]) -> dict[str, Any]:
    known = {f"{HOME}extensions/{name}": each for name, each in values.items() if each}
    return {"extensions": known} if known else {}
