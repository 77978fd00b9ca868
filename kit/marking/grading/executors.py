"""Crews: who carries out orders: this process, some more, or the workers of a cluster.

Every crew is an ``Executor`` of the standard library, so nobody else has to know which
one it is.
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
MOST_JOBS = 256
LONGEST_WAIT_SECONDS = 10


class Alone(Executor):
    """Carries out each order at once, in this process."""

    def submit(
        self, work: Callable[..., Any], /, *args: Any, **options: Any
    ) -> Future[Any]:
        """Do it, and give the result as one that is there already."""
        done: Future[Any] = Future()
        done.set_result(work(*args, **options))
        return done


@contextmanager
def crew(jobs: int, address: str | None) -> Iterator[Executor]:
    """Call a crew together until the block ends.

    Args:
        jobs: How many processes work at the same time; 1 for this one alone.
        address: ``dask://HOST:PORT`` for the workers of a Dask cluster.

    Raises:
        CannotStart: There is no such cluster, or what it takes is not installed.
    """
    if address is not None:
        with _cluster(address) as executor:
            yield executor
    elif jobs <= 1:
        yield Alone()
    else:
        pool = _pool(min(jobs, MOST_JOBS))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def lonely_worker() -> Executor:
    """A crew of one other process, for an order that may end whoever carries it out."""
    return _pool(1)


def _pool(jobs: int) -> Executor:
    return ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_be_worker)


def _be_worker() -> None:
    """Leave Ctrl-C to whoever has given the orders, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()


def _context() -> Any:
    """Fork where it is safe, so that workers have all that was read already."""
    return multiprocessing.get_context("fork" if is_safe_to_fork() else "spawn")


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    place = address.removeprefix(DASK)
    if not address.startswith(DASK) or not place:
        raise CannotStart(
            problem=say("marking.crew.bad-address", address=address),
            fix=say("marking.crew.bad-address-fix"),
        )
    try:
        from distributed import Client  # noqa: PLC0415 (an extra, and slow to import)
    except ImportError as error:
        raise CannotStart(
            problem=say("marking.crew.no-dask"), fix=say("marking.crew.no-dask-fix")
        ) from error
    try:
        client = Client(  # type: ignore[no-untyped-call]
            f"tcp://{place}", timeout=LONGEST_WAIT_SECONDS
        )
    except (OSError, ValueError) as error:
        raise CannotStart(
            problem=say("marking.crew.no-cluster", address=address),
            fix=say("marking.crew.no-cluster-fix"),
        ) from error
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]
