"""Make 10,000 practice cases with their stories, and say how long it took.

Run as a process of its own: the pages are read and proved first, which is not counted;
what a scene is made ready with is counted, as whoever asks for cases waits for it.
"""

import json
import sys
import time
from pathlib import Path

from kit.content.library import Library
from kit.practice.generate.generator import case_bytes, generate_cases

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Make as many cases as the argument says, of all playbooks alike."""
    library = Library(ROOT)
    told = [library.stories(name) for name in library.ids]
    each = int(sys.argv[1]) // len(told)
    cpu, started = time.process_time(), time.perf_counter()
    cases = [
        case for stories in told for case in generate_cases(stories, 1, count=each)
    ]
    found = {
        "cases": len(cases),
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "different": len({case_bytes(case) for case in cases}),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
