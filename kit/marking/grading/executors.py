"""Executors for grading jobs: in this process, in several processes, or on a cluster.

Each is a ``concurrent.futures.Executor``, so callers need not know which one it is.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from ...catalogue import say
from ...errors import CannotStart
from .processes import die_with_parent, is_safe_to_fork

DASK = "dask://"
MOST_PROCESSES = 256
LONGEST_WAIT_SECONDS = 10


class InlineExecutor(Executor):
    """Runs each job synchronously in this process."""

    def submit(
        self, work: Callable[..., Any], /, *args: Any, **options: Any
    ) -> Future[Any]:
        """Call the function, and return a future that is already done."""
        done: Future[Any] = Future()
        done.set_result(work(*args, **options))
        return done


@contextmanager
def executor_for(processes: int, address: str | None) -> Iterator[Executor]:
    """Create an executor, and shut it down when the block ends.

    Args:
        processes: The number of worker processes; 1 runs jobs in this process.
        address: ``dask://HOST:PORT`` for the workers of a Dask cluster; ``None`` for
            processes on this machine.

    Yields:
        The executor.

    Raises:
        CannotStart: The cluster cannot be reached, or Dask is not installed.
    """
    if address is not None:
        with _cluster(address) as executor:
            yield executor
    elif processes <= 1:
        yield InlineExecutor()
    else:
        pool = _pool(min(processes, MOST_PROCESSES))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def single_worker_executor() -> Executor:
    """Create a pool of one worker process, for a job that may crash its process."""
    return _pool(1)


def _pool(processes: int) -> Executor:
    return ProcessPoolExecutor(
        processes, mp_context=_context(), initializer=_init_worker
    )


def _init_worker() -> None:
    """Ignore Ctrl-C, which the parent handles, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()


def _context() -> Any:
    """Fork where it is safe, so that workers inherit what was already read."""
    return multiprocessing.get_context("fork" if is_safe_to_fork() else "spawn")


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    place = address.removeprefix(DASK)
    if not address.startswith(DASK) or not place:
        raise CannotStart(
            problem=say("marking.executor.bad-address", address=address),
            fix=say("marking.executor.bad-address-fix"),
        )
    try:
        from distributed import Client  # noqa: PLC0415 (an extra, and slow to import)
    except ImportError as error:
        raise CannotStart(
            problem=say("marking.executor.no-dask"), fix=say("marking.executor.no-dask-fix")
        ) from error
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
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]
