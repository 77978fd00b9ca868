"""Who is learning, with which content, and where records lie.

A desktop takes up cases where their agent left them and keeps every deed as an event.
It is given all three, so that one process can serve several agents. A notebook has one
desktop, from the environment that ``kit learn`` sets up; see ``desktop_here``.
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
from ..practice.case.deeds import Deed
from ..practice.case.panels import panels_of
from ..practice.case.questions import can_answer, questions_of
from ..practice.case.review import DAY, WRITTEN
from ..practice.desk.session import Session
from .identities import SIGNED_IN, Identity, Named, SignedIn
from .marks.content_cache import Warm, warm_or_fresh
from .marks.marks import Marker
from .records.answers import is_agent
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
from .workspaces import Store, Workspace

_logger = logging.getLogger(__name__)
_SHARED: WeakValueDictionary[tuple[object, ...], Session] = WeakValueDictionary()
"""Every session that a desk of this process still shows."""


class Desktop:
    """Who is learning, with which content, and where records lie."""

    def __init__(self, identity: Identity, store: Store | None, content: Warm) -> None:
        """Sit an agent down.

        Args:
            identity: Who is learning.
            store: Where records lie; ``None`` to keep nothing.
            content: Playbooks, cases and exercises. Several desktops may share it.
        """
        self._identity, self._store, self._content = identity, store, content
        self.after_decision: list[Callable[[], None]] = []

    @property
    def library(self) -> Library:
        """The content."""
        return self._content.library

    @property
    def agent(self) -> str:
        """The agent's short name; empty while nobody is signed in.

        What cannot be a short name is nobody's, so it is asked for again.
        """
        return self._identity.agent

    @property
    def keeps_records(self) -> bool:
        """Whether anything is kept at all."""
        return self._store is not None

    def sign_in(self, agent: str) -> str:
        """Keep the agent's short name; give a sentence if it cannot be one."""
        if self._store is None:
            return ""
        if not is_agent(agent):
            return say("desk.sign-in.bad", text=in_one_line(agent))
        self._identity.sign_in(agent)
        return ""

    def marker(self, exercise: str) -> Marker:
        """What marks an exercise; see ``Warm``."""
        return self._content.marker(exercise)

    def begin(self, exercise: Exercise, attempt: str) -> Exercise:
        """Keep that an attempt was begun, and by what it will be marked.

        Returns:
            The exercise as it was when the attempt was begun: now, or some days ago.
        """
        if self._store is None:
            return exercise
        begun = self.progress().begun.get((exercise.id, attempt))
        if begun is not None:
            return self.in_force(exercise, begun)
        fresh = read_exercise(Library(self.library.folder), exercise.id)
        criteria = self._store.keep_criteria(self.library.folder, fresh)
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
        if self._store is None or criteria == self._hash_of(exercise):
            return exercise
        return self._store.in_force(exercise, criteria)

    def _hash_of(self, exercise: Exercise) -> str:
        """The hash of what an exercise was read from."""
        is_same = self._content.marker(exercise.id).exercise is exercise
        return self._content.criteria(exercise.id) if is_same else ""

    def progress(self) -> Progress:
        """Tell what the agent has done so far, from the records."""
        agent = self.agent
        if self._store is None or not agent:
            return Progress()
        return progress_of(self._store.events_of(agent))

    def keep(self, event: Event) -> None:
        """Write an event to the agent's records; nothing where nothing is kept."""
        if self._store is not None and self.agent:
            self._store.keep(event)
        if isinstance(event, Decided):
            self._tell_followers()

    def hand_in(self, event: HandedIn) -> None:
        """Write an attempt to the records, unless another page was quicker."""
        if self._store is None or not self.agent:
            return
        place = (event.exercise, event.attempt)
        self._store.keep_unless(
            event,
            lambda events: any(
                isinstance(each, HandedIn) and (each.exercise, each.attempt) == place
                for each in events
            ),
        )

    def _tell_followers(self) -> None:
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
        share one session, so that neither shows what is no longer true; two agents
        never do.

        Args:
            case: The case.
            work: The lesson, or the exercise and attempt.
            progress: What the agent has done so far; read if it is not given.
            exercise: The exercise of which it is a part.
            shared: Whether a session that a desk shows already is taken.
        """
        place = (*self._seat, work, case.id, case.playbook.digest)
        found = _SHARED.get(place) if shared else None

        def keep(deed: Deed) -> None:
            self.keep(self._event(deed, work, case))

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
        session.hear_answer()
        if shared:
            _SHARED[place] = session
        return session

    @property
    def _seat(self) -> tuple[object, ...]:
        """Who sits here, before which content: what no two agents have in common."""
        return (self._identity, self.agent, self._store, self.library.folder)

    def _event(self, deed: Deed, work: str, case: PracticeCase) -> Event:
        place: dict[str, Any] = {
            "at": datetime.now(UTC),
            "agent": self.agent,
            "work": work,
            "case": case.id,
            "playbook": case.playbook.digest,
        }
        match deed:
            case deeds.Looked():
                return Looked(**place, panel=deed.panel)
            case deeds.Asked():
                return Asked(**place, fact=deed.fact, day=deed.day.isoformat())
            case deeds.Waited():
                return Waited(**place, day=deed.day.isoformat())
            case deeds.Answered():
                return Answered(**place, question=deed.question, value=deed.value)
            case deeds.Decided():
                return Decided(
                    **place,
                    answers=dict(deed.answers),
                    right=deed.right,
                    number=deed.number,
                )
            case deeds.Shown() | deeds.Restarted():
                kind = Shown if isinstance(deed, deeds.Shown) else Started
                return kind(**place)


def desktop_here() -> Desktop:
    """Make the desktop of this process, from what ``kit learn`` has set up.

    Without a workspace nothing is kept. No other module asks the environment who is
    learning, with which content, or where records lie.

    Raises:
        CannotStart: There is no such folder of content.
    """
    content = os.environ.get("KIT_CONTENT")
    workspace = os.environ.get("KIT_WORKSPACE")
    agent = os.environ.get("KIT_AGENT", "")
    folder = find_content(Path(content) if content else None, Path.cwd())
    warm = warm_or_fresh(folder)
    if not workspace:
        return Desktop(Named(agent), None, warm)
    place = Path(workspace)
    identity = Named(agent) if agent else SignedIn(place / SIGNED_IN)
    return Desktop(identity, Workspace(place), warm)
