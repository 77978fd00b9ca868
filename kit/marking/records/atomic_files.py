"""Write to the disk so that a crash leaves the old or the new, never half of each."""

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
    """Say in a sentence that something could not be written to a file.

    Raises:
        CannotStart: The disk is full, the folder has no rights, the file is in use.
    """
    try:
        yield
    except OSError as error:
        raise CannotStart(
            problem=say("marking.record.not-saved", path=path),
            fix=say("marking.record.not-saved-fix"),
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those it lies in, so that it survives a power cut.

    Raises:
        OSError: It cannot be made.
    """
    fresh = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in fresh:
        sync_folder(each.parent)


def read_end(path: Path) -> tuple[int, bytes]:
    """Read the end of a file of lines, at the same cost however long the file is.

    Returns:
        Where that part begins, and its bytes: at least the last line, whether it is
        whole or not, with the end of the line before and all zeros behind it. A file
        that is not there is empty.

    Raises:
        OSError: It cannot be read, or is no plain file.
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
    """Add to the end of a file, and return when it is on disk.

    Raises:
        OSError: It could not be written; the file is as it was.
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
    """Take away all after the first bytes of a file."""
    with path.open("r+b") as file:
        file.truncate(keep)
        os.fsync(file.fileno())


def rewrite_file(path: Path, content: bytes, *, beside: Path) -> None:
    """Put a whole new file in the place of the old one, with the same rights.

    Args:
        path: The file.
        content: All that is to stand in it.
        beside: A free name in the same folder, where it is written first.

    Raises:
        OSError: It could not be written; the file is as it was.
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
    """Put a text where a file was, or was not, in one step.

    Args:
        path: The file; its folder is there.
        text: What stands in it. Its line ends are kept as they are.
        encoding: In which bytes; ``utf-8-sig`` for spreadsheets.
        sync: Whether its name is on disk, too, when this returns. Of several files in
            one folder the last one does it for all.

    Raises:
        OSError: It cannot be written; what was there before is still there.
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
    """A new name survives a power cut only when its folder is on disk, too."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
