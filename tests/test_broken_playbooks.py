"""Every mistake that an author can make is named, with its line and its remedy.

Each file of ``tests/broken/`` is one: what it is, the change that makes it in the small
folder ``tests/broken/good``, and what ``kit check`` then says; what is only to do it
lists. Where course, lessons or exercises have a part, ``tests/broken/good-course`` lies
beside the pages. To add one, copy a neighbour; its name is the kind of mistake, with a
number where a kind has several.
"""

import pickle
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.catalogue import keys
from kit.content.library import Library
from kit.marking.content_check import check_content

pytestmark = pytest.mark.long

BROKEN = Path(__file__).parent / "broken"
GOOD = BROKEN / "good"
COURSE = BROKEN / "good-course"
SAYS, LISTS = "kit check says", "kit check lists"
OUTSIDE = ("exercises/", "notebooks/")

NO_TEXT = {"file-closed", "file-too-large", "file-not-utf8", "yaml-character"}
"""What no change of a page's words makes: proved below and in test_documents.py."""

_PART = re.compile(
    r"^## (Change in .+|New file .+|Missing file .+|kit check (?:says|lists))\n",
    re.MULTILINE,
)
_FENCE = re.compile(r"^~~~\n(.*?)\n?^~~~$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"(?P<what>Change in|New file|Missing file) `(?P<path>.+)`")


@dataclass(frozen=True)
class Change:
    """What one slip does to one file."""

    what: str
    path: str
    texts: tuple[str, ...]

    def make(self, folder: Path) -> None:
        """Make it in a copy of the good folder."""
        file = folder / self.path
        if self.what == "Missing file":
            file.unlink()
            return
        if self.what == "New file":
            (new,) = self.texts
            file.write_text(f"{new}\n", encoding="utf-8")
            return
        before, after = self.texts
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} must stand once in {self.path}"
        file.write_text(text.replace(before, after), encoding="utf-8")


@dataclass(frozen=True)
class Slip:
    """One file of the folder."""

    kind: str
    changes: tuple[Change, ...]
    printed: str
    is_todo: bool

    @property
    def needs_course(self) -> bool:
        """Whether course, lessons or exercises have a part in it."""
        places = [*(each.path for each in self.changes), *self.printed.splitlines()]
        return any(each.startswith(OUTSIDE) for each in places)


def read_slip(path: Path) -> Slip:
    """Read a slip; its last part is what ``kit check`` says."""
    _, *parts = _PART.split(path.read_text(encoding="utf-8"))
    *changes, (last, said) = zip(parts[::2], parts[1::2], strict=True)
    assert last in {SAYS, LISTS}, f"{path.name} must end with what kit check says"
    found = []
    for heading, body in changes:
        place = _PLACE.fullmatch(heading)
        assert place, f"{path.name}: {heading}"
        found.append(Change(place["what"], place["path"], tuple(_FENCE.findall(body))))
    (printed,) = _FENCE.findall(said)
    kind = re.sub(r"-\d+$", "", path.stem)
    return Slip(kind, tuple(found), printed, last == LISTS)


SLIPS = sorted(BROKEN.glob("*.md"))


def test_the_good_folder_is_without_mistakes():
    """Otherwise a slip could hide behind a mistake that was there before."""
    assert Library(GOOD).mistakes() == []


def test_the_good_course_is_without_mistakes_and_nothing_is_to_do(tmp_path):
    """The same for lessons and exercises, and for what is only to do."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    shutil.copytree(COURSE, folder, dirs_exist_ok=True)

    found = check_content(Library(folder))

    assert (found.mistakes, found.todos) == ((), ())


@pytest.mark.parametrize("path", SLIPS, ids=lambda path: path.stem)
def test_a_slip_is_named_with_its_line_and_its_remedy(path, tmp_path):
    """An author who reads only what is printed knows where to go and what to do."""
    slip = read_slip(path)
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    if slip.needs_course:
        shutil.copytree(COURSE, folder, dirs_exist_ok=True)
    for change in slip.changes:
        change.make(folder)

    mistakes = Library(folder).mistakes()
    if slip.is_todo or slip.needs_course:
        found = check_content(Library(folder))
        mistakes = found.todos if slip.is_todo else found.mistakes
        assert not (slip.is_todo and found.mistakes)

    assert "\n".join(map(str, mistakes)) == slip.printed
    assert slip.kind in {mistake.kind for mistake in mistakes}
    # What another process has found is sent to the one that prints it.
    sent = pickle.loads(pickle.dumps(mistakes))
    assert list(map(str, sent)) == list(map(str, mistakes))


BOTH_WAYS = """
import sys
from pathlib import Path
from kit.content.library import Library
from kit.marking.grading.processes import CAN_FORK, is_safe_to_fork
from kit.marking.content_check import check_content

assert is_safe_to_fork() is CAN_FORK
folder = Path(sys.argv[1])
alone, several = (check_content(Library(folder), processes=n) for n in (1, 3))
assert list(map(str, alone.mistakes)) == list(map(str, several.mistakes))
assert list(map(str, alone.todos)) == list(map(str, several.todos))
assert alone.proved == several.proved
print(len(alone.mistakes), len(alone.todos), alone.proved.checks)
"""


def test_several_processes_find_what_one_finds(tmp_path):
    """Mistakes and things to do of pages and exercises, and what was counted."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    shutil.copytree(COURSE, folder, dirs_exist_ok=True)
    for name in ("near-miss-differs", "row-unchecked"):
        for change in read_slip(BROKEN / f"{name}.md").changes:
            change.make(folder)

    ran = subprocess.run(
        [sys.executable, "-c", BOTH_WAYS, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    mistakes, todos, checks = map(int, ran.stdout.split())
    assert min(mistakes, todos, checks) > 0


@pytest.mark.parametrize(
    "name", ["check-lacks-2", "check-edge-2", "section-lacks-4", "message-unwritten"]
)
def test_what_a_draft_may_lack_is_a_mistake_of_a_page_that_is_ready(name, tmp_path):
    """A page that marks people has to be whole."""
    slip = read_slip(BROKEN / f"{name}.md")
    drafted, *others = slip.changes
    assert drafted.texts == ("status: ready", "status: draft")
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    for change in others:
        change.make(folder)

    assert Library(folder).mistakes()


def test_every_kind_of_mistake_has_a_slip():
    """Whoever adds a mistake shows here how it is made and how it reads."""
    kinds = {key.split(".")[1] for key in keys("mistakes") if key.count(".") == 2}
    shown = {read_slip(path).kind for path in SLIPS}

    assert kinds - shown == NO_TEXT
    assert shown - kinds == set()


def test_a_folder_named_like_a_page_is_a_mistake_and_no_crash(tmp_path):
    """Files come and go on shared drives; what cannot be opened is said, by name."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    (folder / "playbooks" / "odd.md").mkdir()

    (mistake,) = Library(folder).mistakes()

    assert mistake.kind == "file-closed"
    assert mistake.path.as_posix() == "playbooks/odd.md"


def test_no_sentence_has_an_open_slot_or_a_double_space():
    """A slot left open, or a hint that is not there, must not show on the screen."""
    printed = "\n".join(read_slip(path).printed for path in SLIPS)
    fixes = [line[2:] for line in printed.splitlines() if line.startswith("  Fix:")]

    assert fixes
    assert "None" not in printed
    assert [line for line in fixes if "  " in line or line != line.rstrip()] == []
