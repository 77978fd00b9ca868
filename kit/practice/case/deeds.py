"""Deeds: what an agent can do with a case at a desk, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .sheets import Sheet


@dataclass(frozen=True, slots=True)
class Look:
    """A panel was opened."""

    panel: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The buyer was asked for a fact, and has answered."""

    fact: str
    """Key of the fact."""

    day: date
    """The day on which the answer came."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A day went by."""

    day: date
    """The day after it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question was answered, or an answer taken back."""

    question: str
    """Key of the question; ``sure`` and ``reply`` are questions of every desk."""

    value: str | None
    """The answer as an author writes it; ``None`` if it was taken back."""


@dataclass(frozen=True, slots=True)
class Decide:
    """The case was decided in practice."""

    sheet: Sheet
    """All that was done with it."""

    right: bool
    """Whether all of it is what the playbook says."""

    number: int = 1
    """Which try at the case it was, counted from 1; only the first is unaided."""


@dataclass(frozen=True, slots=True)
class ShowAnswers:
    """The right answers were shown, because the agent asked for them."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The case was laid on the desk again, with nothing answered."""


Deed = Look | Ask | Wait | Answer | Decide | ShowAnswers | Restart
"""Any event of a session."""

DeedSink = Callable[[Deed], None]
"""Stores an event; it returns when the event is on the disk."""
