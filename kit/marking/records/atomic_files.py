"""Durable file writes: replace a file atomically, or append and undo what fails."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ...catalogue import say
from ...errors import CannotStart

_FIRST_BLOCK = 8 * 1024
_GROWTH = 8


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """Convert an ``OSError`` while writing to an error with a sentence for the user.

    Args:
        path: The file that the sentence names.

    Raises:
        CannotStart: The block raised an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise CannotStart(
            problem=say("marking.record.not-saved", path=path),
            fix=say("marking.record.not-saved-fix"),
        ) from error


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, and sync them to the disk.

    Raises:
        OSError: It cannot be created.
    """
    fresh = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in fresh:
        sync_folder(each.parent)


def read_end(path: Path) -> tuple[int, bytes]:
    """Read the end of a file of lines, without reading the whole file.

    Returns:
        The offset of that part, and its bytes: at least the last line, complete or
        not, with the newline before it and all zero bytes after it. A missing file is
        empty.

    Raises:
        OSError: It cannot be read, or is not a regular file.
    """
    if not path.exists():
        return 0, b""
    if not path.is_file():
        raise OSError(errno.EINVAL, path)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        block = _FIRST_BLOCK
        while True:
            start = max(0, size - block)
            file.seek(start)
            content = file.read(size - start)
            if start == 0 or b"\n" in content.rstrip(b"\0\n"):
                return start, content
            block *= _GROWTH


def write_end(path: Path, content: bytes) -> None:
    """Append to a file, and sync it to the disk.

    Raises:
        OSError: It could not be written; the file is unchanged.
    """
    is_new = not path.exists()
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            written = file.write(content)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise
        if written != len(content):
            file.truncate(before)
            raise OSError(path)
    if is_new:
        sync_folder(path.parent)


def cut_end(path: Path, *, keep: int) -> None:
    """Truncate a file to its first ``keep`` bytes, and sync it."""
    with path.open("r+b") as file:
        file.truncate(keep)
        os.fsync(file.fileno())


def rewrite_file(path: Path, content: bytes, *, beside: Path) -> None:
    """Replace the content of a file atomically; it keeps its permissions.

    Args:
        path: The file.
        content: The new content.
        beside: The temporary file, in the same folder; it must not exist.

    Raises:
        OSError: It could not be written; the file is unchanged.
    """
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(
    path: Path, text: str, *, encoding: str = "utf-8", sync: bool = True
) -> None:
    """Write a text file atomically, in place of an old one if there is one.

    Args:
        path: The file; its folder must exist.
        text: The content. Line ends are not translated.
        encoding: The encoding; ``utf-8-sig`` for spreadsheets.
        sync: Whether to sync the folder, too. For several files in one folder it is
            enough to do so with the last one.

    Raises:
        OSError: It cannot be written; the old file is unchanged.
    """
    fresh = path.with_name(f".{token_hex(4)}{path.suffix}")
    try:
        with fresh.open("x", encoding=encoding, newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    if sync:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that new file names in it survive a power failure."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
