"""What a lesson lays on the desk, read from its notebook without running it."""

import json
import re
from pathlib import Path

_DESK = re.compile(r'lesson\.desk\(\s*"[^"]+",\s*"([^"]+)"')


def cases_of_lesson(notebook: Path) -> tuple[str, ...]:
    """List the practice cases of a lesson, in their order.

    Args:
        notebook: The lesson; one that is not there or is no notebook has no cases.
    """
    if not notebook.is_file():
        return ()
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = [
            "".join(each["source"]) for each in cells if each["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return tuple(case for source in code for case in _DESK.findall(source))
