"""Other learning systems get every event, each under its own verb, and never twice."""

import json
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

import pytest

from kit.marking.export.xapi import HOME, VERBS, statement
from kit.marking.records import events
from kit.marking.records.events import (
    Answered,
    Asked,
    Began,
    Decided,
    Event,
    EventBase,
    HandedIn,
    Looked,
    Marked,
    Overridden,
    Shown,
    SignedOff,
    Started,
    Waited,
)
from kit.marking.records.store import hash_of

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
DESK = {"agent": "ana-1", "at": NOON, "work": "sizes", "case": "Größe & co"}
TRY = {"agent": "ana-1", "at": NOON, "exercise": "sizes", "attempt": "attempt-1"}
PAGE = hash_of("# It does not fit")
EXTENSIONS = f"{HOME}extensions"

EVERY_KIND: list[Event] = [
    Started(**DESK),
    Looked(**DESK, panel="tracking"),
    Asked(**DESK, fact="photos", day="2026-11-23"),
    Waited(**DESK, day="2026-11-24"),
    Answered(**DESK, question="reply", value="Hello Zoë"),
    Decided(**DESK, answers={"action": "wait"}, right=False),
    Began(**TRY, criteria=PAGE),
    HandedIn(**TRY, answers={"one": {"action": "wait"}}, playbook=PAGE),
    Marked(
        **TRY, percent=79, passed=False, dimensions={}, critical=[], report="a.html"
    ),
    Overridden(**TRY, by="lead-1", percent=82, passed=True, reason="Typing slip"),
    SignedOff(**TRY, by="lead-1", evidence=PAGE),
    Shown(**DESK),
]


def test_every_event_class_has_exactly_one_verb_and_shares_it_with_none():
    """What were two things here must not become one on the other side."""
    classes = set(get_args(Event))

    assert VERBS.keys() == classes
    assert len(set(VERBS.values())) == len(classes)
    assert {type(each) for each in EVERY_KIND} == classes
    assert classes == {
        each
        for each in vars(events).values()
        if isinstance(each, type) and issubclass(each, EventBase) and each != EventBase
    }


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda each: each.event)
def test_a_statement_has_what_every_statement_needs(event):
    """A store refuses a statement without actor, verb or object."""
    said = statement(event)

    assert said["actor"]["account"] == {"homePage": HOME, "name": "ana-1"}
    assert said["verb"]["id"] == VERBS[type(event)]
    assert said["verb"]["display"]["en"]
    assert said["object"]["id"].startswith(HOME)
    assert " " not in said["object"]["id"]
    assert said["timestamp"] == "2026-11-22T12:00:00Z"
    assert UUID(said["id"]).version == 5
    assert UUID(said["context"]["registration"])
    assert json.loads(json.dumps(said)) == said


def test_the_same_event_has_the_same_id_and_another_one_has_not():
    """Who exports twice sends nothing twice, and loses no second deed."""
    event = Looked(**DESK, panel="tracking")
    later = event.model_copy(update={"previous": PAGE})

    assert statement(event) == statement(event.model_copy())
    assert statement(event)["id"] != statement(later)["id"]


def test_a_mark_is_a_score_between_nought_and_one():
    """Scores are scaled there; 79 percent must not arrive as 7900."""
    said = statement(EVERY_KIND[8])["result"]

    assert said["score"] == {"scaled": 0.79, "raw": 79, "min": 0, "max": 100}
    assert said["success"] is False


def test_what_was_answered_is_the_response_and_what_was_taken_back_is_none():
    """An empty answer is not an answer that says nothing."""
    given = statement(Answered(**DESK, question="reply", value="Hello"))
    taken = statement(Answered(**DESK, question="reply", value=None))

    assert given["result"] == {"response": "Hello"}
    assert "result" not in taken


def test_a_mark_set_by_hand_names_the_supervisor_beside_the_agent():
    """The agent is still whose mark it is."""
    said = statement(EVERY_KIND[9])

    assert said["actor"]["account"]["name"] == "ana-1"
    assert said["context"]["instructor"]["account"]["name"] == "lead-1"
    assert said["result"]["extensions"][f"{EXTENSIONS}/reason"] == "Typing slip"


def test_work_at_the_desk_and_its_mark_belong_to_one_registration():
    """All of one attempt is found together."""
    desk = Looked(**(DESK | {"work": "sizes/attempt-1"}), panel="tracking")
    other = HandedIn(**(TRY | {"attempt": "attempt-2"}), answers={})

    ids = [
        statement(each)["context"]["registration"]
        for each in (desk, EVERY_KIND[8], other)
    ]

    assert ids[0] == ids[1] != ids[2]


def test_a_statement_says_under_which_playbook():
    """A mark of last year is read with the page of last year."""
    said = statement(EVERY_KIND[7])

    assert said["context"]["extensions"][f"{EXTENSIONS}/playbook"] == PAGE
