"""The events of a session: what an agent can do with a case, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .sheets import Sheet


@dataclass(frozen=True, slots=True)
class Looked:
    """A panel was opened."""

    panel: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The buyer was asked for a fact, and has answered."""

    fact: str
    """Key of the fact."""

    day: date
    """The day on which the answer came."""


@dataclass(frozen=True, slots=True)
class Waited:
    """A day went by."""

    day: date
    """The day after it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered, or an answer taken back."""

    question: str
    """Key of the question; ``sure`` and ``reply`` are questions of every desk."""

    value: str | None
    """The answer as an author writes it; ``None`` if it was taken back."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The case was decided in practice."""

    sheet: Sheet
    """All that was done with it."""

    right: bool
    """Whether all of it is what the playbook says."""

    number: int = 1
    """Which try at the case it was, counted from 1; only the first is unaided."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The right answers were shown, because the agent asked for them."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The case was laid on the desk again, with nothing answered."""


SessionEvent = Looked | Asked | Waited | Answered | Decided | Shown | Restarted
"""Any event of a session."""

EventSink = Callable[[SessionEvent], None]
"""Stores an event; it returns when the event is on the disk."""
