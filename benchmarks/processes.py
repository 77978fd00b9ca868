"""Run a process, and say how long it took and how much memory it and its own took."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .report import Reading

SAMPLE_SECONDS = 0.5
PROC = Path("/proc")


class Sample(NamedTuple):
    """How much memory a process and all that it has begun take at one moment."""

    done: int
    """How much of its work was done."""

    megabytes: float
    """Their resident sizes added up; what they share counts for each of them."""


def timed(
    argv: Sequence[object],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    answers: Sequence[int] = (0,),
) -> Reading:
    """Run a command to its end, unseen.

    Args:
        argv: The command.
        cwd: The folder in which it runs.
        env: Its environment; ``None`` for ours.
        answers: The exit codes that are no failure.

    Raises:
        AssertionError: It failed; with the end of what it said.
    """
    words = [str(each) for each in argv]
    cpu, started = children_seconds(), time.perf_counter()
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, check=False)
    elapsed, used = time.perf_counter() - started, children_seconds()
    assert done.returncode in answers, (words, done.stderr.decode()[-2000:])
    return Reading(elapsed, None if used is None or cpu is None else used - cpu)


def children_seconds() -> float | None:
    """The processor time of all processes that have ended; unknown on Windows."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watched(
    argv: Sequence[object], *, cwd: Path, done: Callable[[], int]
) -> list[Sample]:
    """Run a command, and look twice a second at the memory of its processes.

    Args:
        argv: The command.
        cwd: The folder in which it runs.
        done: Says how much of the work is done.

    Raises:
        AssertionError: It failed.
    """
    words = [str(each) for each in argv]
    samples = []
    with subprocess.Popen(words, cwd=cwd, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            samples.append(Sample(done(), _megabytes(process.pid)))
            time.sleep(SAMPLE_SECONDS)
    assert process.returncode == 0, words
    return samples


def can_watch() -> bool:
    """Whether the system says how much memory a process takes."""
    return (PROC / "self" / "status").is_file()


def _megabytes(root: int) -> float:
    """Add up the resident sizes of a process and of all that descend from it."""
    parents, kilobytes = {}, {}
    for path in PROC.glob("[0-9]*/status"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has ended since
            continue
        said = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        number = int(path.parent.name)
        parents[number] = int(said["PPid"])
        kilobytes[number] = int(said.get("VmRSS", "0 kB").split()[0])
    family = {root}
    # A child may have a smaller number than its parent, so look until none is new.
    while found := {each for each, of in parents.items() if of in family} - family:
        family |= found
    return sum(kilobytes.get(each, 0) for each in family) / 1024
