"""Made cases of an agent: an endless row of their own, and what of a page they met.

A made case is kept under its number and the hash of what it says: number and agent
make it again, the same on every machine. Under another page another case may come of
them; that one has another name, so nobody finds old answers on it.
"""

from dataclasses import replace
from hashlib import sha256

from ..content.cases import PracticeCase
from ..content.stories.story_model import Stories
from ..practice.generate.generator import case_at, case_bytes
from .records.progress import MADE_CASES, Progress

_EIGHT_DIGITS = 10**8
_LETTERS = 8


def made_case(stories: Stories, agent: str, number: int) -> PracticeCase | None:
    """Make one case of an agent's row; ``None`` where the stories tell of none.

    Args:
        stories: How cases of the playbook are told.
        agent: Id of the agent.
        number: Its place in the row, counted from 1.
    """
    seed = int(sha256(agent.encode()).hexdigest(), 16) % _EIGHT_DIGITS
    case = case_at(stories, seed, number - 1)
    if case is None:
        return None
    digest = sha256(case_bytes(case)).hexdigest()[:_LETTERS]
    return replace(case, id=f"{_prefix(stories)}{number}-{digest}")


def newest_number(stories: Stories, progress: Progress) -> int:
    """The number of the newest case that the agent has touched; 1 for a newcomer."""
    return max(_numbers(stories, progress), default=1)


def rows_met(
    stories: Stories, agent: str, progress: Progress
) -> frozenset[tuple[str, str]]:
    """Find the rows of a page that an agent met and decided rightly at the first try.

    Args:
        stories: How cases of the playbook are told.
        agent: Id of the agent.
        progress: What the agent has done so far.

    Returns:
        For each row the name of its decision and its number.
    """
    kept = progress.cases_of(MADE_CASES)
    made = (made_case(stories, agent, number) for number in _numbers(stories, progress))
    return frozenset(
        (decision.table.name, row.number)
        for case in made
        if case is not None and case.id in kept and kept[case.id].is_mastered
        for decision in case.decide()
        for row in decision.rows
    )


def _numbers(stories: Stories, progress: Progress) -> list[int]:
    prefix = _prefix(stories)
    names = (
        name.removeprefix(prefix).partition("-")[0]
        for name in progress.cases_of(MADE_CASES)
        if name.startswith(prefix)
    )
    return sorted({int(name) for name in names if name.isdecimal()})


def _prefix(stories: Stories) -> str:
    return f"{stories.playbook.id}-made-"
