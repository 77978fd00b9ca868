"""Files and lines of records as bytes, before anybody asks what they say.

What is no plain file is refused before it is opened: reading a pipe waits for ever,
and a device never ends. A line that names something twice is refused, because two
readers could take it in two ways.
"""

import errno
import json
import stat
from pathlib import Path

from ...catalogue import say

MOST_MEGABYTES = 256
"""More than an agent writes in a working life: 268,000 deeds of a thousand bytes."""

MOST_LINE_MEGABYTES = 4
"""More than the largest event: a mark with 200 critical errors takes 3.2 MB."""


def read_whole(path: Path) -> bytes:
    """Read a file; one that is not there is empty.

    Raises:
        OSError: It is no plain file, is too large, or cannot be opened.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return b""
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, say("marking.record.no-file"))
    if found.st_size > MOST_MEGABYTES * 2**20:
        raise OSError(errno.EFBIG, say("marking.record.too-large", most=MOST_MEGABYTES))
    return path.read_bytes()


def refuse_long(body: bytes) -> None:
    """Refuse a line that is longer than any event.

    Raises:
        ValueError: It is, with the sentence to show.
    """
    if len(body) > MOST_LINE_MEGABYTES * 2**20:
        raise ValueError(say("marking.record.too-long", most=MOST_LINE_MEGABYTES))


def refuse_twice(body: bytes) -> None:
    """Refuse a line that says something twice.

    Raises:
        ValueError: It does, with the sentence to show.
    """
    try:
        json.loads(body, object_pairs_hook=_once)
    except _Twice:
        raise ValueError(say("marking.record.twice")) from None
    except (ValueError, RecursionError):
        return  # no JSON, which whoever reads it says with its place


class _Twice(Exception):
    """Something is named twice."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found
