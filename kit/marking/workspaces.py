"""Where a desktop keeps what its agent does: in a workspace, or in another store.

A store is handed to a desktop. Several agents may share one, each has their own
records in it. This module knows no identity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..content.exercises import Exercise
from .marks.content_cache import in_force
from .marks.snapshots import keep_criteria
from .records.events import Event
from .records.store import append_event, append_unless, read_events, record_path


class Store(Protocol):
    """Where events are kept. It can be a key of a dictionary."""

    def events_of(self, agent: str) -> Sequence[Event]:
        """Read all that an agent did, in its order."""

    def keep(self, event: Event) -> None:
        """Keep an event for good among those of its agent."""

    def keep_unless(
        self, event: Event, is_there: Callable[[Sequence[Event]], bool]
    ) -> None:
        """Keep an event, unless what its agent did says that it is there already."""

    def keep_criteria(self, content: Path, exercise: Exercise) -> str:
        """Keep all by which an exercise is marked now, and give its hash."""

    def in_force(self, exercise: Exercise, criteria: str | None) -> Exercise:
        """The exercise as it was under some criteria; as it is, if none are kept."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of records, with one file for each agent."""

    folder: Path
    """The folder with ``records/`` and ``criteria/``."""

    def events_of(self, agent: str) -> Sequence[Event]:
        """Read all that an agent did, in its order.

        Raises:
            BadRecord: The records of the agent are damaged.
        """
        return read_events(record_path(self.folder, agent))

    def keep(self, event: Event) -> None:
        """Write an event to its agent's file.

        Raises:
            CannotStart: It could not be saved.
        """
        append_event(self.folder, event)

    def keep_unless(
        self, event: Event, is_there: Callable[[Sequence[Event]], bool]
    ) -> None:
        """Write an event, unless it is there already; nobody comes in between.

        Raises:
            BadRecord: The records of the agent are damaged.
            CannotStart: It could not be saved.
        """
        append_unless(self.folder, event, is_there)

    def keep_criteria(self, content: Path, exercise: Exercise) -> str:
        """Keep all by which an exercise is marked now, and give its hash."""
        return keep_criteria(content, exercise, self.folder)

    def in_force(self, exercise: Exercise, criteria: str | None) -> Exercise:
        """The exercise as it was under some criteria; as it is, if none are kept."""
        return in_force(self.folder, exercise, criteria)
