"""The Talk of a playbook: the buyer's answer to each move of the agent.

It is a state machine. Its states are the buyer's moods; a row leads to another mood
or to an end. ``practice/desk/buyer_talk`` runs it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from ...rules.values import Duration, key_of
from ..reference.moods import End, Mood

ANY_MOVE = "any"


class Move(Enum):
    """How the buyer experiences the agent's move; the value is an author's word."""

    RIGHT = "right"
    """Decided as the page says, in time, with a good reply."""

    HAND_OVER = "hand-over"
    """Handed over as the page and the role require, with a good note."""

    POOR_REPLY = "poor-reply"
    """Decided as the page says, in time, with a fault in the reply."""

    LATE = "late"
    """Decided as the page says, but after its day."""

    WRONG = "wrong"
    """Decided differently from the page."""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One row of a Talk."""

    state: str
    """Id of the buyer's mood."""

    moves: tuple[str, ...]
    """The moves that it answers: words of ``Move``, ids of actions, or ``any``."""

    says: str
    """What the buyer writes, with ``{slots}`` of facts."""

    after: Duration
    """The time between the agent's move and the answer: days or business days."""

    next: str
    """Id of the mood or of the end to which it leads."""

    line: int
    """The line of the page, counted from 1."""

    translations: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The same in other languages, by their two letters."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The words in every language, English first."""
        return (self.says, *self.translations.values())


@dataclass(frozen=True, slots=True)
class Talk:
    """The answers of the buyers of one playbook."""

    start: str
    """Id of the mood at the start."""

    lines: tuple[TalkLine, ...]
    """Every answer, in the order of the page."""

    moods: Mapping[str, Mood]
    """Every mood of the folder, by its key."""

    ends: Mapping[str, End]
    """Every end of the folder, by its key."""

    @property
    def states(self) -> tuple[str, ...]:
        """Ids of the moods in which something is answered, in the page's order."""
        return tuple(dict.fromkeys(line.state for line in self.lines))

    def lines_in(self, state: str) -> Iterator[TalkLine]:
        """Every answer of a buyer in this mood."""
        return (line for line in self.lines if key_of(line.state) == key_of(state))

    def mood(self, name: str) -> Mood | None:
        """Find a mood; ``None`` if the name is that of an end."""
        return self.moods.get(key_of(name))

    def end(self, name: str) -> End | None:
        """Find an end; ``None`` if the name is that of a mood."""
        return self.ends.get(key_of(name))


def line_for(talk: Talk, state: str, move: Move, action: str = "") -> TalkLine | None:
    """Find the answer of a buyer in a mood; ``None`` where the page has a gap.

    Args:
        talk: The talk.
        state: Id of the mood.
        move: What the agent did.
        action: Id of the action that was taken; a row that names it precedes the row
            of ``wrong``, and never applies if the action was right.

    Returns:
        The row. A hand-over that no row names is answered like a right move.
    """
    lines = list(talk.lines_in(state))
    wanted = [move.value, ANY_MOVE]
    if move is Move.HAND_OVER:
        wanted.insert(1, Move.RIGHT.value)
    if move is Move.WRONG and action:
        wanted.insert(0, action)
    for word in wanted:
        for line in lines:
            if word in line.moves:
                return line
    return None
