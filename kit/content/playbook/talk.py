"""A talk: what the buyer answers to each move of the agent, until the matter ends.

The lines of a talk are the arrows of a small map. Its states are moods of the buyer;
an arrow leads to another mood or to an end. Who walks it: ``practice/desk/buyer_talk``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from ...rules.values import Span, key_of
from ..reference.moods import End, Mood

ANY_MOVE = "any"


class Move(Enum):
    """What an agent did, as the buyer feels it; the value is the author's word."""

    RIGHT = "right"
    """Decided as the page says, in time, and the reply is fine."""

    HAND_OVER = "hand-over"
    """Left to somebody who may act, as the page and the role say, with a good note."""

    POOR_REPLY = "poor-reply"
    """Decided as the page says, in time, and the reply has a fault."""

    LATE = "late"
    """Decided as the page says, but after its day."""

    WRONG = "wrong"
    """Decided otherwise than the page says."""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One row of a Talk: an answer of the buyer."""

    state: str
    """Id of the mood in which the buyer is."""

    moves: tuple[str, ...]
    """The moves that it answers: words of ``Move``, ids of actions, or ``any``."""

    says: str
    """What the buyer writes, with ``{slots}`` of facts."""

    after: Span
    """How long after the agent's move: a number of days or business days."""

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
    """How the buyers of one playbook answer."""

    start: str
    """Id of the mood in which a talk begins."""

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
    """Find what a buyer in this mood answers; ``None`` where the page has a gap.

    Args:
        talk: The talk.
        state: Id of the mood.
        move: What the agent did.
        action: Id of the action that was taken; a row that names it speaks before the
            row of ``wrong``, and never if the action was right.

    A hand-over that no row names is answered as what is right.
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
