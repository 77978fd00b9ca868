"""What a lesson lays on the desk, read from its notebook without running it."""

import json
import re
from pathlib import Path

_DESK = re.compile(r'lesson\.desk\(\s*"[^"]+",\s*"([^"]+)"')


def cases_of_lesson(notebook: Path) -> tuple[str, ...]:
    """List the practice cases of a lesson, in their order.

    Args:
        notebook: The lesson; one that is not there has no cases.
    """
    if not notebook.is_file():
        return ()
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ("".join(each["source"]) for each in cells if each["cell_type"] == "code")
    return tuple(case for source in sources for case in _DESK.findall(source))
