"""What was measured of marking, as lines of the report."""

from collections.abc import Callable, Sequence
from statistics import median

from .processes import Sample
from .report import Line, Reading
from .rounds import Pair, Round, Sizes

FIRST_SHARE = 5
"""Memory is held against what it was when one attempt of so many was done."""

LEAST, MOST = 1.5, 1.2
"""How many times as long the longer run takes at least; and at most, for its work."""

COMMAND = "kit grade as a process"
Rate = Callable[[Round], Reading | None]


def each_of(pair: Pair | None, counts: tuple[int, int]) -> Reading | None:
    """Say how many seconds one more attempt takes, start-up taken off.

    Returns:
        ``None`` if it was not measured, or if one of the two runs was so disturbed
        that their difference says nothing.
    """
    if pair is None:
        return None
    (few, many), more = pair, counts[1] - counts[0]
    if not LEAST <= many.wall / few.wall <= MOST * counts[1] / counts[0]:
        return None
    known = few.cpu is not None and many.cpu is not None
    cpu = (many.cpu - few.cpu) / more if known else None
    return Reading((many.wall - few.wall) / more, cpu)


def middle(readings: Sequence[Reading]) -> Reading:
    """Take the median of a few runs of one round."""
    cpus = [each.cpu for each in readings if each.cpu is not None]
    return Reading(
        median(each.wall for each in readings), median(cpus) if cpus else None
    )


def our_lines(rounds: Sequence[Round], sizes: Sizes) -> list[Line]:
    """Write down how fast ours is, with one worker and with two."""
    both, kernels = (sizes.few, sizes.many), sizes.papermill
    slope = f"{COMMAND}, the slope between {both[0]} and {both[1]} attempts"
    return [
        Line(
            "kit grade, one worker",
            "/s",
            _rates(rounds, lambda each: each_of(each.one, both)),
            f"{slope}: record read, marked, report notebook and page, event on disk",
        ),
        Line(
            f"kit grade, one worker, {both[1]} attempts with start-up",
            "/s",
            _rates(rounds, lambda each: _over(each.one, both[1])),
            f"{COMMAND}, from the command to its end",
        ),
        Line(
            "kit grade, two workers",
            "/s",
            _rates(rounds, lambda each: each_of(each.two, both)),
            slope,
        ),
        Line(
            "two workers : one",
            "times",
            _ratios(
                rounds,
                lambda each: each_of(each.two, both),
                lambda each: each_of(each.one, both),
                by_cpu=False,
            ),
            "the two slopes of one round",
            1.8,
        ),
        Line(
            "kit grade --engine papermill, one worker",
            "/s",
            _rates(rounds, lambda each: each_of(each.kernels, kernels)),
            f"a kernel for each, the slope between {kernels[0]} and {kernels[1]}",
        ),
    ]


def peer_lines(rounds: Sequence[Round], sizes: Sizes) -> list[Line]:
    """Write down how fast the peers are."""
    few, many = sizes.submissions
    return [
        Line(
            "nbgrader autograde",
            "/s",
            _rates(rounds, lambda each: each_of(each.nbgrader, (few, many))),
            f"the slope between one call over {few} and one over {many} submissions: "
            "tests put back, notebook run, points in its gradebook; no page",
        ),
        Line(
            f"nbgrader autograde, {many} submissions with start-up",
            "/s",
            _rates(rounds, lambda each: _over(each.nbgrader, many)),
            "one call, from the command to its end",
        ),
        Line(
            "papermill as it comes",
            "/s",
            _rates(rounds, lambda each: middle(each.papermill)),
            "our exercise notebook run with parameters and written, in a process that "
            "has imported papermill before; no page, no record",
        ),
        Line(
            "otter run",
            "/s",
            _rates(rounds, lambda each: middle(each.otter)),
            "one process for each submission, without a container",
        ),
        Line(
            "otter, its function in one process",
            "/s",
            _rates(rounds, lambda each: middle(each.otter_inside)),
            "the same without the start of the process; its first run included",
        ),
    ]


def ratio_lines(rounds: Sequence[Round], sizes: Sizes) -> list[Line]:
    """Hold ours with one worker against each peer, within each round."""
    both, submissions = (sizes.few, sizes.many), sizes.submissions
    peers: tuple[tuple[str, Rate, str, float | None], ...] = (
        (
            "nbgrader autograde",
            lambda each: each_of(each.nbgrader, submissions),
            "the two slopes of one round",
            25,
        ),
        (
            "papermill as it comes",
            lambda each: middle(each.papermill),
            "our slope to the median of its runs in one round",
            15,
        ),
        (
            "otter run",
            lambda each: middle(each.otter),
            "our slope to the median of its runs in one round, its start-up in each",
            60,
        ),
        (
            "otter in one process",
            lambda each: middle(each.otter_inside),
            "the same without its start-up",
            None,
        ),
    )
    return [
        Line(
            f"kit grade : {name}",
            "times",
            _ratios(rounds, lambda each: each_of(each.one, both), rate),
            includes,
            goal,
        )
        for name, rate, includes, goal in peers
    ]


def memory_lines(samples: Sequence[Sample], sizes: Sizes) -> list[Line]:
    """Write down the memory of all processes, and whether it goes on growing."""
    first = sizes.watched // FIRST_SHARE
    early = [each.megabytes for each in samples if each.done <= first]
    late = [each.megabytes for each in samples if each.done > first]
    is_known = bool(early and late)
    return [
        Line(
            f"memory of two workers, {sizes.watched:,} attempts",
            "MB",
            [Reading(max(late))] if is_known else [],
            "the highest sum of the resident sizes of all processes, seen twice a "
            "second; what they share counts for each",
        ),
        Line(
            f"memory after {first:,} attempts : until then",
            "times",
            [Reading(max(late) / max(early))] if is_known else [],
            "the highest sum of the rest to the highest of the beginning",
            1.1,
            at_most=True,
        ),
    ]


def size_lines(
    rounds: Sequence[Round], large: Sequence[Reading], sizes: Sizes
) -> list[Line]:
    """Write down what an attempt takes among few and among many."""
    both = (sizes.few, sizes.many)
    slopes = _known(rounds, lambda each: each_of(each.one, both))
    counts = (sizes.few, *sizes.large)
    found: list[list[float]] = [[] for _ in counts]
    if slopes and large:
        slope = median(each.wall for each in slopes)
        few = median(each.one[0].wall for each in rounds if each_of(each.one, both))
        start = few - sizes.few * slope
        found = [
            [slope],
            *(
                [(each.wall - start) / n]
                for each, n in zip(large, sizes.large, strict=True)
            ),
        ]
    lines = [
        Line(
            f"an attempt among {count:,}",
            "ms",
            [Reading(each * 1000) for each in seconds],
            "one worker, start-up taken off; start-up is what the slope leaves over",
        )
        for count, seconds in zip(counts, found, strict=True)
    ]
    growth = [last / first for first, last in zip(found[0], found[-1], strict=True)]
    return [
        *lines,
        Line(
            f"an attempt among {counts[-1]:,} : among {counts[0]:,}",
            "times",
            [Reading(each) for each in growth],
            "the two lines above",
            1.3,
            at_most=True,
        ),
    ]


def _over(pair: Pair | None, count: int) -> Reading | None:
    if pair is None:
        return None
    whole = pair[1]
    return Reading(whole.wall / count, whole.cpu / count if whole.cpu else None)


def _known(rounds: Sequence[Round], seconds: Rate) -> list[Reading]:
    found = [seconds(each) for each in rounds]
    return [each for each in found if each is not None]


def _rates(rounds: Sequence[Round], seconds: Rate) -> list[Reading]:
    return [
        Reading(1 / each.wall, 1 / each.cpu if each.cpu else None)
        for each in _known(rounds, seconds)
    ]


def _ratios(
    rounds: Sequence[Round], ours: Rate, theirs: Rate, *, by_cpu: bool = True
) -> list[Reading]:
    """Compare within each round: how many times more ours does in the same time."""
    found = []
    for each in rounds:
        mine, their = ours(each), theirs(each)
        if mine is None or their is None:
            continue
        cpu = their.cpu / mine.cpu if by_cpu and mine.cpu and their.cpu else None
        found.append(Reading(their.wall / mine.wall, cpu))
    return found
