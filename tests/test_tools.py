"""Installing says what it is doing, and what was wrong if it does not succeed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def install(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run what ``make`` runs."""
    return subprocess.run(
        [sys.executable, "tools/install.py", "--dry-run", "--no-index", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )


def test_what_is_there_is_installed_in_a_moment():
    """A second `make` says so and goes on."""
    ran = install("pytest")

    assert ran.returncode == 0
    assert ran.stdout.endswith(" s: done\n")
    assert ran.stderr == ""


def test_what_cannot_be_installed_is_said_with_pips_own_words():
    """The exit code stops make, and the reason is on the screen."""
    ran = install("--find-links", "nowhere", "no-such-package-of-anybody")

    assert ran.returncode == 1
    assert "No matching distribution found for no-such-package" in ran.stderr
    assert "done" not in ran.stdout


def test_it_says_what_pip_does():
    """The names of packages, while they are looked for and unpacked."""
    code = (
        "import sys; sys.path.insert(0, 'tools'); from install import Installing\n"
        "state = Installing()\n"
        "for line in sys.stdin: state.hear(line); print(state.doing)\n"
    )
    said = "Collecting babel<3,>=2.17 (from kit)\nInstalling collected packages: a, b\n"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
        input=said,
    )

    assert ran.stdout.splitlines() == [
        "packages found: 1, now babel",
        "unpacking 2 packages, which takes longest",
    ]
