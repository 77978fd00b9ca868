"""Executors for grading jobs: in this process, in several processes, or on a cluster.

Each is a ``concurrent.futures.Executor``, so callers need not know which one it is.
"""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from ...catalogue import say
from ...errors import CannotStart, needing
from .processes import die_with_parent, is_safe_to_fork

DASK = "dask://"
MOST_PROCESSES = 256
LONGEST_WAIT_SECONDS = 10


T = TypeVar("T")


class InlineExecutor(Executor):
    """Runs each job synchronously in this process."""

    def submit(
        self, work: Callable[..., Any], /, *args: Any, **options: Any
    ) -> Future[Any]:
        """Call the function, and return a future that is already done."""
        done: Future[Any] = Future()
        done.set_result(work(*args, **options))
        return done


class Workers(NamedTuple):
    """An executor and its size."""

    executor: Executor
    """What runs jobs."""

    number: int
    """How many it runs at the same time."""


@contextmanager
def executor_for(processes: int, address: str | None) -> Iterator[Workers]:
    """Create an executor, and shut it down when the block ends.

    Args:
        processes: The number of worker processes; 1 runs jobs in this process.
        address: ``dask://HOST:PORT`` for the workers of a Dask cluster; ``None`` for
            processes on this machine.

    Yields:
        The executor, and how many jobs it runs at the same time.

    Raises:
        CannotStart: The cluster cannot be reached, or Dask is not installed.
    """
    if address is not None:
        with _cluster(address) as workers:
            yield workers
    elif processes <= 1:
        yield Workers(InlineExecutor(), 1)
    else:
        count = min(processes, MOST_PROCESSES)
        pool = _pool(count)
        try:
            yield Workers(pool, count)
        finally:
            pool.shutdown(cancel_futures=True)


def single_worker_executor() -> Executor:
    """Create a pool of one worker process, for a job that may crash its process."""
    return _pool(1)


_jobs: Sequence[Callable[[], Any]] = ()
"""What the processes do that are being forked: they find it where they begin."""


def run_jobs(jobs: Sequence[Callable[[], T]], processes: int) -> list[T]:
    """Do jobs, several at a time where a process can be forked.

    Args:
        jobs: What to do. Each may use all that this process has read.
        processes: How many may work at the same time.

    Returns:
        What each gives, in their order.
    """
    global _jobs  # noqa: PLW0603 (a process is forked with it)
    if min(processes, len(jobs)) <= 1 or not is_safe_to_fork():
        return [job() for job in jobs]
    _jobs = jobs
    try:
        with executor_for(min(processes, len(jobs)), None) as (workers, _):
            return list(workers.map(_run_job, range(len(jobs))))
    except BrokenExecutor:  # somebody, or a lack of memory, has ended one
        return [job() for job in jobs]
    finally:
        _jobs = ()


def _run_job(number: int) -> Any:
    return _jobs[number]()


def _pool(processes: int) -> Executor:
    return ProcessPoolExecutor(
        processes, mp_context=_context(), initializer=_init_worker
    )


def _init_worker() -> None:
    """Ignore Ctrl-C, which the parent handles, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what was read before the fork stays, and is looked through no more
    die_with_parent()


def _context() -> Any:
    """Fork where it is safe, so that workers inherit what was already read."""
    return multiprocessing.get_context("fork" if is_safe_to_fork() else "spawn")


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    place = address.removeprefix(DASK)
    if not address.startswith(DASK) or not place:
        raise CannotStart(
            problem=say("marking.executor.bad-address", address=address),
            fix=say("marking.executor.bad-address-fix"),
        )
    with needing("dask"):
        from distributed import Client  # noqa: PLC0415 (an extra, and slow to import)
    try:
        client = Client(  # type: ignore[no-untyped-call]
            f"tcp://{place}", timeout=LONGEST_WAIT_SECONDS
        )
    except (OSError, ValueError) as error:
        raise CannotStart(
            problem=say("marking.executor.no-cluster", address=address),
            fix=say("marking.executor.no-cluster-fix"),
        ) from error
    with client:
        found = client.scheduler_info(n_workers=-1)["workers"]
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
        yield Workers(executor, max(1, len(found)))
