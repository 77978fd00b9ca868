"""What a refusal has to be: one printable line of plain words."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_SECONDS = 2.0

_JOINERS = {0x200C: "", 0x200D: ""}
"""What emoji are joined by; without it a family falls apart."""

_OF_PYTHON = (
    "Traceback",
    "object at 0x",
    "pydantic",
    "<class",
    "Exception",
    "invalid literal",
    "int()",
    'File "',
)


def is_plain(sentence: str) -> bool:
    """Whether a person can read it on any terminal, whatever was refused in it."""
    return (
        sentence.translate(_JOINERS).isprintable()
        and 0 < len(sentence) <= 4000
        and sentence.encode() != b""
        and not any(each in sentence for each in _OF_PYTHON)
    )


@contextmanager
def bounded(seconds: float = LONGEST_SECONDS) -> Iterator[None]:
    """Fail if this takes longer than so many seconds of the processor."""
    start = time.process_time()
    yield
    took = time.process_time() - start
    assert took < seconds, f"took {took:.1f} s"
