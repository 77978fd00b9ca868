"""How fast attempts are marked, with a report for each, beside others that mark.

All of them mark the same exercise with the same answers, in turns. What one attempt
takes is the slope between few and many, so that neither our start-up nor nbgrader's
hides in it; otter and papermill are measured run by run.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from .gradinglines import (
    memory_lines,
    our_lines,
    peer_lines,
    ratio_lines,
    size_lines,
)
from .kitruns import graded, graded_and_watched, offers
from .processes import Sample, can_watch
from .report import Line, Reading
from .rounds import Peers, Round, Sizes, take_round


def measure_grading(sizes: Sizes, tell: Callable[[str], None]) -> list[Line]:
    """Measure ours and the peers in rounds, then memory and large numbers."""
    is_ours = offers("grade", "--jobs") and offers("grade", "--engine")
    if not is_ours:
        tell("kit grade knows no --jobs and no --engine here: ours is not measured")
    rounds = _rounds(sizes, tell, is_ours=is_ours)
    samples: Sequence[Sample] = ()
    if is_ours and can_watch():
        tell(f"memory while {sizes.watched:,} attempts are graded")
        samples = graded_and_watched(sizes.watched, jobs=2)
    large: list[Reading] = []
    for count in sizes.large if is_ours else ():
        tell(f"{count:,} attempts graded by one worker")
        large.append(graded(count, jobs=1))
    return [
        *our_lines(rounds, sizes),
        *peer_lines(rounds, sizes),
        *ratio_lines(rounds, sizes),
        *memory_lines(samples, sizes),
        *size_lines(rounds, large, sizes),
    ]


def _rounds(sizes: Sizes, tell: Callable[[str], None], *, is_ours: bool) -> list[Round]:
    with tempfile.TemporaryDirectory(prefix="kit-peers-") as folder:
        tell("grading: the peers are made ready")
        peers = Peers(Path(folder), sizes)
        rounds = []
        for number in range(sizes.rounds):
            tell(f"grading, round {number + 1} of {sizes.rounds}")
            rounds.append(take_round(peers, number, sizes, is_ours=is_ours))
    return rounds
