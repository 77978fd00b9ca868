"""A desktop: it restores the sessions of one agent and stores what the agent does.

It is given who is learning, the content, and where records lie, so that one process
can serve several agents. A notebook has one
desktop, from the environment that ``kit learn`` sets up; see ``desktop_here``.
"""

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from ..catalogue import in_one_line, say
from ..content.cases import PracticeCase
from ..content.exercises import Exercise, read_exercise
from ..content.library import Library, find_content
from ..errors import KitError
from ..practice.case import deeds
from ..practice.case.deeds import Deed
from ..practice.desk.session import Session, fitting
from .identities import SIGNED_IN, Identity, Named, SignedIn
from .marks.content_cache import ContentCache, cached_or_new_content
from .marks.marks import Marker
from .records.answers import is_agent
from .records.deskwork import event_of
from .records.events import Began, Decided, Event, HandedIn
from .records.progress import Progress, progress_of
from .workspaces import Store, Workspace

_logger = logging.getLogger(__name__)
_SHARED: WeakValueDictionary[tuple[object, ...], Session] = WeakValueDictionary()
"""Every session of a signed-in agent that a desk of this process still shows."""


class Desktop:
    """The agent, the content and the store of records of a lesson or exercise."""

    def __init__(
        self, identity: Identity, store: Store | None, content: ContentCache
    ) -> None:
        """Create the desktop of an agent.

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
        """The id of the agent; empty while nobody is signed in.

        An invalid id counts as nobody, so that the agent is asked again.
        """
        return self._identity.agent

    @property
    def keeps_records(self) -> bool:
        """Whether there is a store, so that events are kept."""
        return self._store is not None

    def sign_in(self, agent: str) -> str:
        """Store the id of the agent.

        Args:
            agent: The id, as typed.

        Returns:
            Why the id is not valid, as a sentence; empty if it was stored.
        """
        if self._store is None:
            return ""
        if not is_agent(agent):
            return say("desk.sign-in.bad", text=in_one_line(agent))
        self._identity.sign_in(agent)
        return ""

    def marker(self, exercise: str) -> Marker:
        """Return the marker of an exercise; see ``ContentCache.marker``."""
        return self._content.marker(exercise)

    def begin(self, exercise: Exercise, attempt: str) -> Exercise:
        """Record that an attempt was begun, with a snapshot of its criteria.

        An attempt that was begun before is not recorded again.

        Args:
            exercise: The exercise of today.
            attempt: Id of the attempt.

        Returns:
            The exercise as it was when the attempt was begun.

        Raises:
            ContentMistakes: The exercise has mistakes.
            CannotStart: The event could not be saved.
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
        """Return an exercise as it was under older criteria.

        Args:
            exercise: The exercise of today.
            criteria: The criteria hash; ``None`` for those of today.

        Returns:
            The older exercise; the one of today, if there is no such snapshot.
        """
        if self._store is None or criteria == self._hash_of(exercise):
            return exercise
        return self._store.in_force(exercise, criteria)

    def _hash_of(self, exercise: Exercise) -> str:
        """Return the criteria hash of an exercise; empty if it was read elsewhere."""
        is_same = self._content.marker(exercise.id).exercise is exercise
        return self._content.criteria(exercise.id) if is_same else ""

    def progress(self) -> Progress:
        """Compute the progress of the agent from the records.

        Raises:
            BadRecord: The records cannot be read.
        """
        return self._progress_of(self.agent)

    def _progress_of(self, agent: str) -> Progress:
        if self._store is None or not agent:
            return Progress()
        return progress_of(self._store.events_of(agent))

    def keep(self, event: Event) -> None:
        """Append an event to the records of its agent, if there are any.

        Args:
            event: The event.

        Raises:
            CannotStart: It could not be saved.
        """
        if self._store is not None and event.agent:
            self._store.keep(event)
        if isinstance(event, Decided):
            self._notify_subscribers()

    def hand_in(self, event: HandedIn) -> None:
        """Append an attempt to the records, unless another tab was first.

        Args:
            event: The attempt with its answers.

        Raises:
            BadRecord: The records cannot be read.
            CannotStart: It could not be saved.
        """
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

    def _notify_subscribers(self) -> None:
        """Call each subscriber; errors are only logged, since the event is saved."""
        for subscriber in self.after_decision:
            try:
                subscriber()
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
        """Restore the session of a case from the records.

        Two tabs of one lesson share one session, so that both show the same state; two
        agents never do.

        Args:
            case: The case.
            work: Id of the lesson, or ids of the exercise and attempt.
            progress: The progress of the agent; read if not given.
            exercise: The exercise of the case; ``None`` for practice.
            shared: Whether to return the session that another tab uses, if any.

        Raises:
            BadRecord: The records cannot be read.
        """
        agent = self.agent  # for good: another one may sign in meanwhile
        shared = shared and bool(agent)
        seat = (self._identity, agent, self._store, self.library.folder)
        place = (*seat, work, case.id, case.playbook.digest)
        found = _SHARED.get(place) if shared else None

        def keep(event: Deed) -> None:
            if agent and self._store is not None:
                place = {"agent": agent, "work": work, "case": case.id}
                digest = case.playbook.digest
                self.keep(event_of(event, **place, playbook=digest))
            elif isinstance(event, deeds.Decide):
                self._notify_subscribers()

        if found is not None:
            found.keep = keep
            return found
        kept = (progress or self._progress_of(agent)).case(work, case.id)
        session = Session(
            case,
            keep,
            exercise.reply_rules if exercise else self.library.reply_rules,
            fitting(case, kept),
            is_exam=exercise is not None,
        )
        session.advance_to_reply()
        return _SHARED.setdefault(place, session) if shared else session


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
    shared = cached_or_new_content(folder)
    if not workspace:
        return Desktop(Named(agent), None, shared)
    place = Path(workspace)
    identity = Named(agent) if agent else SignedIn(place / SIGNED_IN)
    return Desktop(identity, Workspace(place), shared)
