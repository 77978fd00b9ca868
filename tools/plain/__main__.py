"""Print every finding of plain language.

Without arguments the whole project is read, else the files that are named; a ``.txt``
file has one sentence on each line. The exit code is 1 if there is a finding.
"""

import sys
from pathlib import Path

from .checks import check
from .passages import collect, read_file

ROOT = Path(__file__).parents[2]


def main(names: list[str]) -> int:
    """Check and print.

    Args:
        names: Files, or none for the whole project.

    Returns:
        The exit code.
    """
    passages = [each for name in names for each in read_file(Path(name), Path(name))]
    found = check(passages if names else collect(ROOT))
    for each in found:
        print(each)
    print(f"{len(found)} findings of plain language.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
