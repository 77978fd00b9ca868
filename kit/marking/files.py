"""Write a whole file or none: nobody ever reads half of one."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Put a text where a file was, or was not, in one step.

    Args:
        path: The file; its folder is there.
        text: What stands in it. Its line ends are kept as they are.
        encoding: In which bytes; ``utf-8-sig`` for spreadsheets.

    Raises:
        OSError: It cannot be written; what was there before is still there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
