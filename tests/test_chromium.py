"""What becomes of the tests in a browser on a machine that has none.

One process installs it before they start; where that is not allowed they are skipped,
in one sentence, and a machine that only tests fails.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
CHROMIUM = "tests/browser/chromium.py"
SENTENCE = "need Chromium, and this machine has none that starts. Install it with"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

APT_GET = """\
#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "{log}"
for word in "$@"; do
  if [ "$word" = {package} ]; then
    printf '#!/bin/sh\\nexit 0\\n' > "{bin}/chromium"
    /bin/chmod +x "{bin}/chromium"
  fi
done
"""
"""Installs as Debian's program does, below another folder."""


def run(folder: Path, *arguments: str, ci: str = "") -> "subprocess.CompletedProcess":
    """Run Python where no browser is found but in a folder, and none can be had."""
    left_out = ("PYTEST_", "PLAYWRIGHT_", "CI")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(left_out)
    }
    here = {
        "PATH": str(folder / "bin"),
        "PLAYWRIGHT_BROWSERS_PATH": str(folder / "own"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        "CI": ci,
    }
    (folder / "bin").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=kept | here,
    )


PAGES = "tests/browser/test_playbook_page.py"
PAGE = ["-m", "pytest", "-q", "-p", "no:cacheprovider", PAGES]


def test_without_a_browser_its_tests_are_skipped_in_one_sentence(tmp_path):
    """Whoever may not install one still sees that all the rest is well."""
    ran = run(tmp_path, *PAGE)

    skipped = [line for line in ran.stdout.splitlines() if line.startswith("SKIPPED")]
    assert ran.returncode == 0, ran.stdout
    assert len(skipped) == 1
    assert SENTENCE in skipped[0]


def test_a_machine_that_only_tests_fails_without_a_browser(tmp_path):
    """Nobody reads its skipped tests, so they must not look like success."""
    ran = run(tmp_path, *PAGE, "-x", ci="true")

    assert ran.returncode == 1
    assert SENTENCE in ran.stdout


def test_a_browser_that_cannot_be_had_is_asked_for_once(tmp_path):
    """Nobody waits for it 29 times; a file that only names another shop is none."""
    note = tmp_path / "bin" / "chromium"
    note.parent.mkdir()
    note.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    note.chmod(0o755)

    ran = run(tmp_path, CHROMIUM, ci="true")

    assert ran.returncode == 1
    assert ran.stdout.count("playwright install chromium") == 1
    assert SENTENCE in ran.stdout
    assert ran.stderr == ""


@pytest.mark.skipif(not IS_ROOT, reason="only root may install with apt-get")
@pytest.mark.parametrize(
    ("package", "tried"),
    [
        ("chromium-headless-shell", ["chromium-headless-shell"]),
        ("chromium", ["chromium-headless-shell", "chromium"]),
    ],
)
def test_debian_installs_it_without_a_question_from_a_fresh_list(
    package, tried, tmp_path
):
    """A new machine has an empty list of packages, and nobody to answer."""
    log = tmp_path / "log"
    program = tmp_path / "bin" / "apt-get"
    program.parent.mkdir()
    text = APT_GET.format(log=log, bin=program.parent, package=package)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)

    ran = run(tmp_path, CHROMIUM, ci="true")

    asked = log.read_text(encoding="utf-8").splitlines()
    assert ran.returncode == 0, ran.stdout
    assert {line.split()[0] for line in asked} == {"noninteractive"}
    assert asked[0].endswith("update")
    assert [line.split(" --yes ")[1] for line in asked[1:]] == tried
    assert "playwright install" not in ran.stdout


def test_the_engine_without_windows_is_taken_where_playwright_has_both(tmp_path):
    """It does the same in less time."""
    asked = "import sys; sys.path.append('tests/browser'); import chromium; "
    own = run(tmp_path, "-c", asked + "print(chromium.own_place())").stdout.strip()
    folder = next(each for each in Path(own).parents if each.parent.name == "own")
    shells = folder.with_name(
        folder.name.replace("chromium", "chromium_headless_shell")
    )
    shell = shells / "chrome-headless-shell-linux64" / "chrome-headless-shell"
    for browser in (Path(own), shell):
        browser.parent.mkdir(parents=True)
        browser.write_text("#!/bin/sh\nexit 0\n", "utf-8")
        browser.chmod(0o755)

    found = run(tmp_path, "-c", asked + "print(chromium.find_chromium())")

    assert found.stdout.strip() == str(shell), found.stderr
