"""Who is learning, with which content, and where records lie.

A desktop takes up cases where their agent left them and keeps every deed as an event.
It is made from the environment that ``kit learn`` sets up; without a workspace nothing
is kept.
"""

import logging
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from ..catalogue import in_one_line, say
from ..content.cases import PracticeCase
from ..content.exercises import Exercise, read_exercise
from ..content.library import Library, find_content
from ..errors import KitError
from ..practice.case import deeds
from ..practice.case.deeds import SessionEvent
from ..practice.case.panels import panels_of
from ..practice.case.questions import can_answer, questions_of
from ..practice.case.review import DAY, WRITTEN
from ..practice.desk.session import Session
from .marks.content_cache import cached_or_new_content, in_force
from .marks.marks import Marker
from .marks.snapshots import keep_criteria
from .records.answers import LONGEST_AGENT_ID, is_agent
from .records.events import (
    Answered,
    Asked,
    Began,
    Decided,
    Event,
    HandedIn,
    Looked,
    Shown,
    Started,
    Waited,
)
from .records.progress import Progress, progress_of
from .records.store import append_event, append_unless, read_events, record_path

SIGNED_IN = "agent.txt"
"""In this file of the workspace stands who has signed in on the start page."""

_logger = logging.getLogger(__name__)
_SHARED: WeakValueDictionary[tuple[object, ...], Session] = WeakValueDictionary()
"""Every session that a desk of this kernel still shows."""


def read_agent(file: Path) -> str:
    """Read whose short name a file holds; empty if it holds none."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            given = lines.read(2 * LONGEST_AGENT_ID).strip()
    except OSError:
        return ""
    return given if is_agent(given) else ""


class Desktop:
    """Who is learning, with which content, and where records lie."""

    def __init__(self) -> None:
        """Take what ``kit learn`` has set up."""
        content = os.environ.get("KIT_CONTENT")
        workspace = os.environ.get("KIT_WORKSPACE")
        folder = find_content(Path(content) if content else None, Path.cwd())
        self._warm = cached_or_new_content(folder)
        self.library = self._warm.library
        self.workspace = Path(workspace) if workspace else None
        self.after_decision: list[Callable[[], None]] = []

    @property
    def agent(self) -> str:
        """The agent's short name; empty while nobody is signed in.

        What cannot be a short name is nobody's, so it is asked for again.
        """
        given = os.environ.get("KIT_AGENT", "")
        if not given and self.workspace is not None:
            return read_agent(self.workspace / SIGNED_IN)
        return given if is_agent(given) else ""

    @property
    def keeps_records(self) -> bool:
        """Whether anything is kept at all."""
        return self.workspace is not None

    def sign_in(self, agent: str) -> str:
        """Keep the agent's short name; give a sentence if it cannot be one."""
        if self.workspace is None:
            return ""
        if not is_agent(agent):
            return say("desk.sign-in.bad", text=in_one_line(agent))
        file = self.workspace / SIGNED_IN
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{agent}\n", encoding="utf-8")
        return ""

    def marker(self, exercise: str) -> Marker:
        """What marks an exercise; see ``Warm``."""
        return self._warm.marker(exercise)

    def begin(self, exercise: Exercise, attempt: str) -> Exercise:
        """Keep that an attempt was begun, and by what it will be marked.

        Returns:
            The exercise as it was when the attempt was begun: now, or some days ago.
        """
        if self.workspace is None:
            return exercise
        begun = self.progress().begun.get((exercise.id, attempt))
        if begun is not None:
            return self.in_force(exercise, begun)
        fresh = read_exercise(Library(self.library.folder), exercise.id)
        criteria = keep_criteria(self.library.folder, fresh, self.workspace)
        self.keep(
            Began(
                at=datetime.now(UTC),
                agent=self.agent,
                playbook=fresh.playbook.digest,
                exercise=exercise.id,
                attempt=attempt,
                criteria=criteria,
            )
        )
        return self.in_force(exercise, criteria)

    def in_force(self, exercise: Exercise, criteria: str | None) -> Exercise:
        """The exercise as it was under some criteria; as it is, if they are not kept.

        Args:
            exercise: The exercise of today.
            criteria: The hash of the criteria; ``None`` for those of today.
        """
        if self.workspace is None or criteria == self._hash_of(exercise):
            return exercise
        return in_force(self.workspace, exercise, criteria)

    def _hash_of(self, exercise: Exercise) -> str:
        """The hash of what an exercise was read from."""
        is_same = self._warm.marker(exercise.id).exercise is exercise
        return self._warm.criteria(exercise.id) if is_same else ""

    def progress(self) -> Progress:
        """Tell what the agent has done so far, from the records."""
        if self.workspace is None or not self.agent:
            return Progress()
        return progress_of(read_events(record_path(self.workspace, self.agent)))

    def keep(self, event: Event) -> None:
        """Write an event to the agent's records; nothing where nothing is kept."""
        if self.workspace is not None and self.agent:
            append_event(self.workspace, event)
        if isinstance(event, Decided):
            self._notify_subscribers()

    def hand_in(self, event: HandedIn) -> None:
        """Write an attempt to the records, unless another page was quicker."""
        if self.workspace is None or not self.agent:
            return
        place = (event.exercise, event.attempt)
        append_unless(
            self.workspace,
            event,
            lambda events: any(
                isinstance(each, HandedIn) and (each.exercise, each.attempt) == place
                for each in events
            ),
        )

    def _notify_subscribers(self) -> None:
        """Tell who wants to know; the event is safe, whatever they make of it."""
        for follow in self.after_decision:
            try:
                follow()
            except KitError:
                _logger.exception("a page could not follow a decision")

    def session(
        self,
        case: PracticeCase,
        work: str,
        *,
        progress: Progress | None = None,
        exercise: Exercise | None = None,
        shared: bool = True,
    ) -> Session:
        """Take up a case where the agent left it.

        What was opened or answered under an older page, and is there no more, is left
        out: it would count as done, and nobody could see it. Two tabs of one lesson
        share one session, so that neither shows what is no longer true.

        Args:
            case: The case.
            work: The lesson, or the exercise and attempt.
            progress: What the agent has done so far; read if it is not given.
            exercise: The exercise of which it is a part.
            shared: Whether a session that a desk shows already is taken.
        """
        place = (self.workspace, self.agent, work, case.id, case.playbook.digest)
        found = _SHARED.get(place) if shared else None

        def keep(event: SessionEvent) -> None:
            self.keep(self._event(event, work, case))

        if found is not None:
            found.keep = keep
            return found
        kept = (progress or self.progress()).case(work, case.id)
        panels = {panel.name for panel in panels_of(case)}
        facts = case.playbook.reference.facts
        asked = {question.key: question for question in questions_of(case)}
        answers = {
            key: text
            for key, text in kept.answers.items()
            if text is not None
            and (key in WRITTEN or (key in asked and can_answer(asked[key], text)))
        }
        session = Session(
            case,
            keep,
            exercise.reply_rules if exercise else self.library.reply_rules,
            looked=[panel for panel in kept.looked if panel in panels],
            asked=[fact for fact in kept.asked if fact in facts],
            day=date.fromisoformat(kept.day) if kept.day else None,
            answers=answers,
            decided=[sheet for sheet in kept.decided if DAY in sheet],
            is_decided=kept.is_decided and not kept.is_changed,
            is_exam=exercise is not None,
            tries=kept.tries,
            is_shown=kept.is_shown,
        )
        session.advance_to_reply()
        if shared:
            _SHARED[place] = session
        return session

    def _event(self, event: SessionEvent, work: str, case: PracticeCase) -> Event:
        place: dict[str, Any] = {
            "at": datetime.now(UTC),
            "agent": self.agent,
            "work": work,
            "case": case.id,
            "playbook": case.playbook.digest,
        }
        match event:
            case deeds.Looked():
                return Looked(**place, panel=event.panel)
            case deeds.Asked():
                return Asked(**place, fact=event.fact, day=event.day.isoformat())
            case deeds.Waited():
                return Waited(**place, day=event.day.isoformat())
            case deeds.Answered():
                return Answered(**place, question=event.question, value=event.value)
            case deeds.Decided():
                return Decided(
                    **place,
                    answers=dict(event.answers),
                    right=event.right,
                    number=event.number,
                )
            case deeds.Shown() | deeds.Restarted():
                kind = Shown if isinstance(event, deeds.Shown) else Started
                return kind(**place)
