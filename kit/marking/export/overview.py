"""What a supervisor reads about all agents: how each stands, and what goes badly.

It is counted from the progress that each agent's records tell, and from nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import mean

from ..records.events import Event, Marked, Overridden, SignedOff
from ..records.progress import Progress, progress_of

OF_OTHERS = Marked | Overridden | SignedOff
"""Events that are not written by the agent's own doing."""


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """How far an agent is."""

    agent: str
    """Id of the agent."""

    progress: Progress
    """All that the agent has done."""

    last: date
    """The day on which the agent last did something, in UTC."""

    @property
    def passed(self) -> int:
        """How many attempts pass."""
        return sum(each.passed for each in self.progress.attempts)


@dataclass(frozen=True, slots=True)
class DimensionMean:
    """How well a dimension of an exercise goes, over all marked attempts."""

    exercise: str
    """Id of the exercise."""

    dimension: str
    """Its name, such as ``policy``."""

    percent: float
    """The mean of the latest marks."""

    count: int
    """Of how many attempts."""


def standing_of(agent: str, events: tuple[Event, ...]) -> AgentStanding | None:
    """Tell how far an agent is.

    What a grader or a supervisor adds later says nothing of when the agent was here.

    Args:
        agent: Id of the agent.
        events: All that the records of the agent hold.

    Returns:
        ``None`` where they hold nothing.
    """
    own = [each.at for each in events if not isinstance(each, OF_OTHERS)]
    days = own or [each.at for each in events]
    if not days:
        return None
    return AgentStanding(agent, progress_of(events), max(days).date())


def dimension_means(standings: Iterable[AgentStanding]) -> tuple[DimensionMean, ...]:
    """Take the mean of each dimension of each exercise, by exercise and dimension."""
    found: dict[tuple[str, str], list[int]] = {}
    for standing in standings:
        for attempt in standing.progress.attempts:
            for name, percent in (
                attempt.mark.dimensions if attempt.mark else {}
            ).items():
                found.setdefault((attempt.exercise, name), []).append(percent)
    return tuple(
        DimensionMean(*place, mean(each), len(each))
        for place, each in sorted(found.items())
    )
