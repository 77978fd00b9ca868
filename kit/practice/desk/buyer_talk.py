"""The state machine of a talk with a buyer.

``TalkProgress`` is immutable: each move returns a new one. The same moves always lead
to the same end.
"""

from dataclasses import dataclass, replace
from datetime import date

from ...catalogue import say
from ...content.cases import PracticeCase
from ...content.playbook.talk import Move, Talk, TalkLine, line_for
from ...content.reference.messages import ENGLISH, language_base
from ...content.reference.moods import End, Mood
from ...errors import TalkEnded, UnknownName
from ...rules.calendars import Marketplace
from ...rules.facts import shift
from ...rules.values import key_of, nearest
from ..wording import fill_slots

__all__ = [
    "Move",
    "Round",
    "TalkProgress",
    "answer_day",
    "answer_to",
    "begin_talk",
    "buyer_words",
    "take_move",
]


@dataclass(frozen=True, slots=True)
class Round:
    """One move of the agent, and what the buyer answered."""

    state: str
    """Id of the mood in which the buyer was."""

    move: Move
    """What the agent did."""

    action: str
    """Id of the action that was taken; empty where it does not matter."""

    line: TalkLine
    """The answer."""


@dataclass(frozen=True, slots=True)
class TalkProgress:
    """The state of a talk and the rounds that led to it."""

    talk: Talk
    """The states and lines of the talk."""

    begins: str
    """Id of the mood in which it began."""

    rounds: tuple[Round, ...] = ()
    """What has been said so far."""

    @property
    def state(self) -> str:
        """Id of the mood in which the buyer is now, or of the end."""
        return self.rounds[-1].line.next if self.rounds else self.begins

    @property
    def mood(self) -> Mood | None:
        """The mood in which the buyer is now; ``None`` once the talk has ended."""
        return self.talk.mood(self.state)

    @property
    def end(self) -> End | None:
        """How it ended; ``None`` while it goes on."""
        return self.talk.end(self.state)


def begin_talk(talk: Talk, mood: str = "") -> TalkProgress:
    """Begin a talk, in the mood of a case if it names one.

    Raises:
        UnknownName: Nothing is answered in this mood.
    """
    if not mood:
        return TalkProgress(talk, talk.start)
    for state in talk.states:
        if key_of(state) == key_of(mood):
            return TalkProgress(talk, state)
    raise UnknownName(sort="mood", name=mood, nearest=nearest(mood, talk.states))


def take_move(
    talk_progress: TalkProgress,
    move: Move,
    action: str = "",
    *,
    line: TalkLine | None = None,
) -> TalkProgress:
    """Make one move, and add the buyer's reply.

    Args:
        talk_progress: The talk so far.
        move: What the agent did.
        action: Id of the action that was taken.
        line: What the buyer answers; without it the page's own line.

    Raises:
        TalkEnded: Nobody answers any more.
    """
    line = line or answer_to(talk_progress.talk, talk_progress.state, move, action)
    made = Round(talk_progress.state, move, action, line)
    return replace(talk_progress, rounds=(*talk_progress.rounds, made))


def answer_to(talk: Talk, state: str, move: Move, action: str = "") -> TalkLine:
    """Find what a buyer in this mood answers.

    Args:
        talk: The talk.
        state: Id of the mood.
        move: What the agent did.
        action: Id of the action that was taken; it matters where the move is wrong and
            a row names this very action.

    Raises:
        TalkEnded: The state is an end.
    """
    line = line_for(talk, state, move, action)
    if line is None:
        raise TalkEnded(state=state)
    return line


def buyer_words(case: PracticeCase, line: TalkLine) -> str:
    """Say what the buyer of a case answers, in the language of the marketplace.

    Where that is not English, the same follows in English below.

    Raises:
        MissingFact: The case does not know what stands in a slot.
    """
    english = fill_slots(case, line.says, ENGLISH, {})
    language = language_base(case.marketplace.language)
    if language not in line.translations:
        return english
    own = fill_slots(case, line.translations[language], language, {})
    return f"{own}\n{say('practice.meaning', words=english)}"


def answer_day(line: TalkLine, on: date, marketplace: Marketplace) -> date:
    """Find the day on which the buyer answers a move of the given day."""
    calendar = marketplace.holidays
    return shift(on, line.after.count, unit=line.after.unit, calendar=calendar)
