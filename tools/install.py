"""Install packages with pip, and say all the time what is going on.

pip alone is silent for minutes, or prints some three hundred lines. This prints one
line every few seconds, and what pip itself said if it does not succeed::

    python tools/install.py --editable .
"""

import re
import subprocess
import sys
import threading
import time

SECONDS = 10
PIP = ["-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off"]
PASSING = (
    "Collecting",
    "Downloading",
    "Using cached",
    "Requirement already",
    "Looking",
)


class Installing:
    """What pip has done so far."""

    def __init__(self) -> None:
        """Begin now."""
        self._began = time.monotonic()
        self.is_over = threading.Event()
        self.doing = "looking for packages"
        self.found = 0
        self.said: list[str] = []

    def hear(self, line: str) -> None:
        """Understand one line that pip prints."""
        text = line.strip()
        kind, _, rest = text.partition(" ")
        if kind == "Collecting":
            self.found += 1
            name = re.split(r"[^\w.-]", rest)[0]
            self.doing = f"packages found: {self.found}, now {name}"
        elif text.startswith("Installing collected packages"):
            count = text.count(",") + 1
            self.doing = f"unpacking {count} packages, which takes longest"
        elif "Retrying" in text:
            self.doing = "no answer from where packages come from; trying again"
        if text and not text.startswith(PASSING):
            self.said.append(line.rstrip())

    def tell(self) -> None:
        """Say where it is, every few seconds until it is over."""
        while not self.is_over.wait(SECONDS):
            self._print(f"{self.doing} …")

    def end(self, code: int) -> None:
        """Say how it went."""
        self.is_over.set()
        if code == 0:
            self._print("done")
            return
        print("\n".join(self.said), file=sys.stderr)
        print("pip could not install this; the lines above say why.", file=sys.stderr)

    def _print(self, words: str) -> None:
        print(f"  {time.monotonic() - self._began:3.0f} s: {words}", flush=True)


def install(arguments: list[str]) -> int:
    """Run pip to its end.

    Args:
        arguments: What ``pip install`` is told.

    Returns:
        Its exit code.
    """
    state = Installing()
    with subprocess.Popen(
        [sys.executable, *PIP, *arguments],
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as pip:
        threading.Thread(target=state.tell, daemon=True).start()
        for line in pip.stdout or ():
            state.hear(line)
    state.end(pip.returncode)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:]))
