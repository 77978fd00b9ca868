"""Measure coverage: which rows, borders and mistakes generated cases can reach.

Each is tried at every marketplace and in every edition. What the tables themselves, or
what goes together in the stories, rule out at one place must be possible at another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...content.stories.story_model import Stories
from ...errors import NoCaseMade
from .generator import generate_case
from .solving import problems_of
from .targets import Target, TargetSort, targets_with_words

SORTS: tuple[TargetSort, ...] = ("row", "border", "mistake")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of one sort can be practised."""

    sort: TargetSort
    """Rows, borders or mistakes."""

    wanted: int
    """How many the playbook has."""

    missing: tuple[str, ...]
    """The targets that could not be met."""

    met: int
    """How many were met wherever they can occur."""

    @property
    def is_full(self) -> bool:
        """Whether all of them were met."""
        return self.met == self.wanted


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the stories of one playbook reach."""

    playbook: str
    """Id of the playbook."""

    tallies: tuple[Tally, ...]
    """Rows, borders and mistakes."""

    cases: int
    """How many cases were made."""

    impossible: tuple[str, ...]
    """Targets that are ruled out at their marketplace, and possible at another."""

    @property
    def is_full(self) -> bool:
        """Whether everything in the playbook can be practised."""
        return all(each.is_full for each in self.tallies)

    def as_data(self) -> dict[str, object]:
        """Everything, for JSON."""
        return {
            "playbook": self.playbook,
            "full": self.is_full,
            "cases": self.cases,
            "impossible": list(self.impossible),
            **{
                each.sort: {
                    "wanted": each.wanted,
                    "met": each.met,
                    "missing": list(each.missing),
                }
                for each in self.tallies
            },
        }


def coverage_of(stories: Stories, seeds: Sequence[int]) -> Coverage:
    """Make a case for every target of a playbook and every seed, and count."""
    met: dict[str, bool] = {}
    possible: dict[str, bool] = {}
    groups: dict[tuple[str, ...], list[str]] = {}
    for target in targets_with_words(stories):
        possible[target.id] = bool(problems_of(stories, target))
        met[target.id] = all(_is_met(target, seed, stories) for seed in seeds)
        groups.setdefault(_topic(target), []).append(target.id)
    wanted = {
        thing: [each for each in ids if possible[each]] or ids
        for thing, ids in groups.items()
    }
    return Coverage(
        playbook=stories.playbook.id,
        tallies=tuple(_tallies(wanted, met)),
        cases=sum(met.values()) * len(seeds),
        impossible=tuple(
            each
            for thing, ids in groups.items()
            for each in ids
            if each not in wanted[thing]
        ),
    )


def _topic(target: Target) -> tuple[str, ...]:
    """What a target is about, wherever and whenever it happens."""
    slip = target.id.split("/")[2] if target.sort == "mistake" else ""
    question = (target.question, target.side, target.beside, target.anchor)
    return (target.sort, target.table, target.row, *question, slip)


def _is_met(target: Target, seed: int, stories: Stories) -> bool:
    try:
        generate_case(target, seed, stories)
    except NoCaseMade:
        return False
    return True


def _tallies(
    wanted: dict[tuple[str, ...], list[str]], met: dict[str, bool]
) -> Iterator[Tally]:
    for sort in SORTS:
        groups = [ids for thing, ids in wanted.items() if thing[0] == sort]
        yield Tally(
            sort=sort,
            wanted=len(groups),
            missing=tuple(each for ids in groups for each in ids if not met[each]),
            met=sum(all(met[each] for each in ids) for ids in groups),
        )
