"""Other playbooks beside today's exercises, in a folder that is gone afterwards.

They come from a folder, or from any version that git knows of the folder of content.
No shell is asked, nothing of the content is changed, and what is unpacked stays inside
the folder that is made for it.
"""

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ...catalogue import in_one_line, say
from ...content.library import Library
from ...errors import CannotStart, ContentMistakes, Mistake

_COMMIT = re.compile(rb"[0-9a-f]{40,64}")
_PASSING = shutil.ignore_patterns("__pycache__", ".*")

_OF_EXAMPLES = {
    *("check-differs", "check-asks", "check-decides", "check-covered"),
    *("check-refused", "check-edge", "check-edges", "check-silent", "check-speaks"),
    # What pages could not say before tables had “Only when” and limits were shared.
    *("two-actions", "no-action", "answer-silent", "limit-two-pages"),
}

# Set while git runs a hook; they would send it to another repository than the content.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


@dataclass(frozen=True, slots=True)
class OtherPages:
    """Other playbooks, beside today's exercises."""

    library: Library
    """The folder in which they lie."""

    differing: tuple[Mistake, ...]
    """The examples of their Checks that say something else than their tables."""


@contextmanager
def other_pages(content: Path, ref: str) -> Iterator[OtherPages]:
    """Lay other playbooks beside today's exercises, for as long as they are needed.

    Who asks what a changed row would do has not changed the examples of the page yet.
    So examples may differ; all else has to be as it is on a page that marks.

    Args:
        content: The folder of content of today.
        ref: A folder of content, a folder of playbooks, or else a version that git
            knows: a branch, a tag or a commit.

    Raises:
        CannotStart: There are no such playbooks, or they cannot be read.
        ContentMistakes: They have other mistakes than that.
    """
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        try:
            _create_content(content, ref, folder)
        except (OSError, tarfile.TarError) as error:
            problem = say("marking.regrade.unread", ref=ref, reason=error)
            raise _refused(problem) from error
        library = Library(folder)
        found = library.mistakes()
        differing = tuple(each for each in found if each.kind in _OF_EXAMPLES)
        if len(differing) < len(found):
            raise ContentMistakes([each for each in found if each not in differing])
        yield OtherPages(library, differing)


def _create_content(content: Path, ref: str, folder: Path) -> None:
    if (content / "exercises").is_dir():
        shutil.copytree(content / "exercises", folder / "exercises", ignore=_PASSING)
    found = _folder_of(ref)
    if found is not None:
        shutil.copytree(found, folder / "playbooks", ignore=_PASSING)
    else:
        unpack(_archive(content, _commit(content, ref), ref), folder)


def _folder_of(ref: str) -> Path | None:
    """Find the folder of playbooks that is meant, if a folder is meant."""
    if not ref or "\0" in ref:
        return None
    for folder in (Path(ref) / "playbooks", Path(ref)):
        if (folder / "reference").is_dir():
            return folder
    return None


def _commit(content: Path, ref: str) -> str:
    """Find the name of a version that nothing else can be mistaken for."""
    said = ""
    # What begins with a hyphen is an option to git, never a version.
    if ref and not ref.startswith("-") and "\0" not in ref:
        wanted = f"{ref}^{{commit}}"
        found = _git(content, "rev-parse", "--verify", "--quiet", wanted)
        name = found.stdout.strip()
        if found.returncode == 0 and _COMMIT.fullmatch(name):
            return name.decode()
        said = _first_error_line(found)
    problem = say("marking.regrade.unknown-ref", ref=ref, folder=content, said=said)
    raise _refused(problem.strip())


def _archive(content: Path, commit: str, ref: str) -> bytes:
    done = _git(content, "archive", "--format=tar", commit, "playbooks")
    if done.returncode:
        reason = _first_error_line(done)
        raise _refused(say("marking.regrade.unread", ref=ref, reason=reason))
    return done.stdout


def unpack(archive: bytes, folder: Path) -> None:
    """Write the plain files of an archive below a folder, and nothing anywhere else.

    Written here because ``extractall`` has its safe filter only from Python 3.11.4 on.

    Raises:
        TarError: There is a link in it, or a path that leads out of the folder.
    """
    with tarfile.open(fileobj=BytesIO(archive)) as file:
        for member in file:
            path = folder / member.name
            is_inside = path.resolve().is_relative_to(folder.resolve())
            content = file.extractfile(member) if member.isreg() else None
            if is_inside and content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
            elif not (is_inside and member.isdir()):
                name = in_one_line(member.name)
                raise tarfile.TarError(say("marking.regrade.no-file", name=name))


def _git(content: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    around = {
        name: value for name, value in os.environ.items() if name not in _OF_A_HOOK
    }
    try:
        return subprocess.run(
            ["git", "-C", str(content), *arguments],
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=around,
        )
    except OSError as error:
        raise CannotStart(
            problem=say("marking.regrade.no-git"), fix=say("marking.regrade.no-git-fix")
        ) from error


def _first_error_line(done: "subprocess.CompletedProcess[bytes]") -> str:
    """The first line of what git says is wrong."""
    lines = done.stderr.decode(errors="replace").splitlines()
    return lines[0].removeprefix("fatal: ") if lines else ""


def _refused(problem: str) -> CannotStart:
    return CannotStart(problem=problem, fix=say("marking.regrade.ref-fix"))
