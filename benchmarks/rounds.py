"""Rounds in which ours and the peers mark the same attempts, one after the other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from .attempts import Drawn, drawn
from .graders import Nbgrader, Otter, papermill_marked
from .kitruns import graded
from .report import Reading

SEED = 7
OURS = ("one", "two", "kernels")

Pair = tuple[Reading, Reading]
"""A run over few attempts, and one over many."""


class Sizes(NamedTuple):
    """How much is graded."""

    rounds: int
    """Rounds in which ours and the peers take turns."""

    few: int
    """Attempts of the shorter run of ours."""

    many: int
    """Attempts of the longer one."""

    papermill: tuple[int, int]
    """The same for ours with the engine that starts a kernel for each."""

    submissions: tuple[int, int]
    """The same for one call of nbgrader."""

    runs: int
    """Runs of otter in each round, of either way."""

    notebooks: int
    """Runs of papermill as it comes, in each round."""

    watched: int
    """Attempts during which the memory is looked at."""

    large: tuple[int, int]
    """Attempts of the two runs that shall take no longer for each."""


FULL = Sizes(5, 100, 500, (10, 30), (5, 20), 2, 5, 1_000, (1_000, 5_000))
QUICK = Sizes(1, 20, 120, (10, 20), (2, 8), 1, 2, 100, (100, 200))


class Round(NamedTuple):
    """One round: seconds of each run, and for the peers of each attempt."""

    one: Pair | None
    """Ours with one worker: few and many attempts; ``None`` if it cannot do it."""

    two: Pair | None
    """The same with two workers."""

    kernels: Pair | None
    """Ours with papermill."""

    nbgrader: Pair
    """nbgrader: few and many submissions."""

    otter: Sequence[Reading]
    """Single runs of otter."""

    otter_inside: Sequence[Reading]
    """Single runs of otter in one process."""

    papermill: Sequence[Reading]
    """Single runs of papermill as it comes."""


class Peers:
    """All peers, made ready, with the attempts that they mark."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        """Make them ready in a folder; this is not timed."""
        self.folder = folder
        self.nbgrader = Nbgrader(folder / "course")
        self.otter = Otter(folder / "otter")
        self.attempts: list[Drawn] = list(
            drawn(sizes.submissions[1], SEED, signed=True)
        )


def take_round(peers: Peers, number: int, sizes: Sizes, *, is_ours: bool) -> Round:
    """Let everybody mark once; each turn begins with another.

    Args:
        peers: The peers.
        number: Number of the round.
        sizes: How much is graded.
        is_ours: Whether ours can do it.
    """
    folder = peers.folder / f"round-{number}"
    alone = peers.attempts[: sizes.runs]
    turns: dict[str, Callable[[], object]] = {
        "nbgrader": lambda: _nbgrader(peers, folder, sizes),
        "otter": lambda: [
            peers.otter.marked(attempt, f"run-{number}-{place}")
            for place, attempt in enumerate(alone)
        ],
        "otter_inside": lambda: peers.otter.in_one_process(alone, f"inside-{number}"),
        "papermill": lambda: papermill_marked(
            peers.attempts[: sizes.notebooks], folder / "papermill"
        ),
        "one": lambda: _ours((sizes.few, sizes.many), 1),
        "two": lambda: _ours((sizes.few, sizes.many), 2),
        "kernels": lambda: _ours(sizes.papermill, 1, "papermill"),
    }
    names = [*turns][number % len(turns) :] + [*turns][: number % len(turns)]
    taken = {name for name in names if is_ours or name not in OURS}
    found = {name: turns[name]() for name in names if name in taken}
    return Round(**{name: found.get(name) for name in turns})


def _ours(counts: tuple[int, int], jobs: int, engine: str = "") -> Pair:
    few, many = counts
    shorter = graded(few, jobs=jobs, engine=engine)
    return shorter, graded(many, jobs=jobs, engine=engine)


def _nbgrader(peers: Peers, folder: Path, sizes: Sizes) -> Pair:
    few, many = sizes.submissions
    shorter = peers.nbgrader.marked(peers.attempts[:few], folder / "few")
    return shorter, peers.nbgrader.marked(peers.attempts[:many], folder / "many")
