"""Start what an agent sees: the lessons as pages in the browser.

``kit learn`` calls ``start_lab``. It lays a fresh copy of the content into the
workspace, writes JupyterLab's settings beside it and serves until it is stopped. This
module decides nothing about lessons; what makes a notebook look like a page stands in
``kit/lab``.
"""

import asyncio
import errno
import json
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from filelock import FileLock, Timeout

from ...catalogue import say
from ...errors import CannotStart
from .laid_pages import KERNEL, lay_pages
from .settings import LabPlace, arguments, environment, page_url, write_settings

__all__ = ["LabPlace", "running_url", "start_lab"]

LONGEST_START_SECONDS = 30
LONGEST_STOP_SECONDS = 5
REMINDER_SECONDS = 10
NO_ROOM = {errno.ENOSPC, errno.EROFS}
"""What says that it is the disk, and not Jupyter, that fails."""

OPENED_FOR = "opened-for.txt"
"""In it stands for whom the lessons were opened; empty if the page asks."""


def start_lab(
    place: LabPlace, *, tell: Callable[[str], None], open_browser: bool = True
) -> None:
    """Serve the lessons until Ctrl-C, the page's own stop button or a signal.

    If they are already being served from this workspace, open those and return.

    Args:
        place: Content, workspace, agent, first page and port.
        tell: Shows a sentence to the person in the terminal.
        open_browser: Open the first page; without it only the address is told.

    Raises:
        CannotStart: The port is taken, a page is missing or Jupyter does not start.
        OSError: The workspace cannot be written.
    """
    place.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.state / "running.lock")
    url = _locked_or_running(place, lock, tell=tell)
    if url is not None:
        _go_to_running(place, url, tell=tell, open_browser=open_browser)
        return
    try:
        (place.state / OPENED_FOR).write_text(place.agent or "", encoding="utf-8")
        _serve_pages(_at_a_port(place), tell=tell, open_browser=open_browser)
    finally:
        lock.release()
    tell(say("lab.stopped"))


def running_url(place: LabPlace) -> str | None:
    """Find the address of the lessons that this workspace serves now, if any answer."""
    for file in (place.state / "runtime").glob("jpserver-*.json"):
        with suppress(OSError, ValueError, KeyError):
            server = json.loads(file.read_text(encoding="utf-8"))
            asked = Request(
                f"{server['url']}api/status",
                headers={"Authorization": f"token {server['token']}"},
            )
            with urlopen(asked, timeout=2):
                return page_url(server["url"], place.first, token=server["token"])
    return None


def _locked_or_running(
    place: LabPlace, lock: FileLock, *, tell: Callable[[str], None]
) -> str | None:
    """Take the lock, or find the address of the lessons that another window serves.

    That window may just be opening: then they answer in a moment. Or it is closing:
    then the lock is free in a moment.
    """
    give_up, is_told = time.monotonic() + LONGEST_START_SECONDS, False
    while time.monotonic() < give_up:
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return None
        url = running_url(place)
        if url is not None:
            return url
        if not is_told:
            tell(say("lab.waiting"))
            is_told = True
        time.sleep(0.2)
    raise CannotStart(
        problem=say("lab.still-starting.problem"), fix=say("lab.still-starting.fix")
    )


def _go_to_running(
    place: LabPlace, url: str, *, tell: Callable[[str], None], open_browser: bool
) -> None:
    runs_for = _agent_of_running(place)
    if runs_for and place.agent not in {None, runs_for}:
        raise CannotStart(
            problem=say("lab.other-agent.problem", agent=runs_for, url=url),
            fix=say("lab.other-agent.fix", agent=place.agent),
        )
    key = "already-of" if runs_for else "already"
    tell(say(f"lab.{key}", agent=runs_for, url=url))
    if open_browser:
        _show(url)


def _agent_of_running(place: LabPlace) -> str:
    """Who learns in the lessons that run already; empty if nobody has said so."""
    from ...marking.identities import SIGNED_IN, read_agent  # noqa: PLC0415 (slow, and rarely asked)

    files = (place.state / OPENED_FOR, place.workspace / SIGNED_IN)
    return next(filter(None, map(read_agent, files)), "")


def _serve_pages(
    place: LabPlace, *, tell: Callable[[str], None], open_browser: bool
) -> None:
    tell(say("lab.laying", folder=place.workspace))
    pages = lay_pages(place.content, desk=place.desk)
    if all(page.path != place.first for page in pages):
        raise CannotStart(
            problem=say("lab.no-page.problem", page=place.first, content=place.content),
            fix=say("lab.no-page.fix"),
        )
    with (
        as_file(files("kit") / "lab") as face,
        _written_to(place.log),
        _set(environment(place)),
        _reminder(tell) as is_open,
    ):
        write_settings(place, face=face, pages=pages)
        try:
            server = _server(arguments(place, face=face, is_root=_is_root()))

            def announce() -> None:
                is_open.set()
                token = server.identity_provider.token
                url = page_url(server.connection_url, place.first, token=token)
                is_shown = open_browser and _show(url)
                tell(say("lab.started" if is_shown else "lab.offered", url=url))

            # Jupyter opens its port in the loop, so all that needs it queues up behind.
            server.io_loop.add_callback(announce)
            _warm_up(server, place.first)
            _stop_quietly(server)
            server.start()
            end_tasks(server.io_loop.asyncio_loop)
        except (SystemExit, OSError) as refused:
            if getattr(refused, "errno", None) in NO_ROOM:
                raise
            raise CannotStart(
                problem=say("lab.no-server.problem"),
                fix=say("lab.no-server.fix", log=place.log),
            ) from refused


@contextmanager
def _reminder(tell: Callable[[str], None]) -> Iterator[threading.Event]:
    """Say that the lessons are being opened, again and again until they are.

    Yields:
        What to set as soon as they are open.
    """
    is_open = threading.Event()

    def remind() -> None:
        while not is_open.wait(REMINDER_SECONDS):
            tell(say("lab.still-working"))

    tell(say("lab.starting"))
    threading.Thread(target=remind, daemon=True).start()
    try:
        yield is_open
    finally:
        is_open.set()


def _server(argv: list[str]) -> Any:
    # jsonschema builds a grammar at import when it finds this package, which costs
    # 1.2 of 2.2 seconds (measured 2026-11-22). Without it jsonschema leaves out one
    # check of formats, that of international addresses, which nothing here needs. See
    # https://github.com/python-jsonschema/jsonschema/blob/v4.26.0/jsonschema/_format.py
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Imported here because it takes a second, and lessons import this package too.
    from jupyterlab.labapp import (  # type: ignore[import-untyped]  # noqa: PLC0415
        LabApp,
    )

    # What else is installed or set for Jupyter here has no place in a lesson.
    LabApp.load_other_extensions = False
    for app in (LabApp, LabApp.serverapp_class):
        app.load_config_file = lambda *_, **__: None
    return LabApp.initialize_server(argv=argv)


def _warm_up(server: Any, page: str) -> None:
    """Start the kernel of the first page while the browser is still loading."""
    if page.endswith(".ipynb"):
        server.io_loop.add_callback(
            server.session_manager.create_session,
            path=page,
            name=page.rpartition("/")[2],
            type="notebook",
            kernel_name=KERNEL,
        )


def _stop_quietly(server: Any) -> None:
    """Stop at the first Ctrl-C; Jupyter itself would ask a question first."""

    def stop(*_: object) -> None:
        server.stop(from_signal=True)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the last when a terminal is closed
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """End what a stopped loop was still doing, so that the process can end too.

    A request that is being answered at that moment has a thread, which anyio lets go
    only when its task is done. Python waits for threads before it exits: without this
    the terminal stays busy after "Stopped".
    """
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=LONGEST_STOP_SECONDS))


def _at_a_port(place: LabPlace) -> LabPlace:
    """Choose the port: the one asked for, else the last one again, else a free one.

    The same address as last time finds the browser's cache warm and old tabs alive.
    """
    if place.port:
        if not _is_free(place.port):
            raise CannotStart(
                problem=say("lab.busy-port.problem", port=place.port),
                fix=say("lab.busy-port.fix"),
            )
        return place
    kept = place.state / "port"
    with suppress(OSError, ValueError):
        last = int(kept.read_text(encoding="ascii"))
        if _is_free(last):
            return replace(place, port=last)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    kept.write_text(str(port), encoding="ascii")
    return replace(place, port=port)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        if os.name != "nt":  # on Windows it would let two servers share one port
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _show(url: str) -> bool:
    """Open the browser if there is one with windows; a text browser shows no lesson."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser and "BROWSER" not in os.environ:
        return False
    threading.Thread(target=browser.open, args=(url,), daemon=True).start()
    return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _written_to(log: Path) -> Iterator[None]:
    """Send what Jupyter and its kernels write to the terminal to a file instead."""
    sys.stderr.flush()
    terminal = os.dup(2)
    # Only its owner may read it: Jupyter writes the address with its token.
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, 2)
    os.close(file)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
