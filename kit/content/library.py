"""A folder of content: playbooks, practice cases, exercises and lessons.

A company's own folder, a checkout of the product and the content inside the installed
package all have the same form.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from ..catalogue import say
from ..errors import CannotStart, ContentMistakes, Mistake, UnknownName
from ..rules.limits import Limits
from ..rules.values import key_of, nearest
from .cases import PracticeCase, read_cases
from .consistency import contradicting_cases
from .letters.reactions import read_reactions, unknown_names
from .letters.reply_reader import read_reply_rules
from .letters.reply_rules import ReplyRules
from .pages.page_reader import read_playbook
from .pages.shared_parts import (
    not_shared,
    read_shared_limits,
    read_shared_messages,
    unused_limits,
)
from .pages.unfinished import of_draft, stops
from .playbook.playbook import Playbook
from .playbook.slots import lesson_mistakes, slots_in
from .proofs.checks import check_playbook
from .proofs.story_checks import check_stories
from .proofs.talk_proofs import idle_ends
from .reference.moods import PAGE as TALK
from .reference.reference import (
    COVERAGE,
    Reference,
    Statement,
    check_calendars,
    read_coverage,
    read_reference,
)
from .reference.roles import read_authority_limits
from .stories.case_vocabulary import PAGE as CASE_VOCABULARY
from .stories.case_vocabulary import read_case_vocabulary
from .stories.constraints import Constraint
from .stories.scene_reader import read_stories
from .stories.story_model import CaseVocabulary, Stories

PARTS = ("playbooks", "notebooks", "exercises")
Judge = Callable[[Playbook], list[Mistake]]
"""A function that finds the mistakes of one page."""

Share = Callable[[Judge, Sequence[Playbook]], Iterable[list[Mistake]]]
"""A function like ``map`` that may check several pages at a time, in order."""

_PASSING = shutil.ignore_patterns("__pycache__", ".*")
SHIPPED = Path(__file__).parents[1] / "shipped"
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Library:
    """One folder of content. Pages are read when they are first needed.

    Several threads may read in it: what one of them has read first, all others get.
    """

    folder: Path
    """The folder that holds ``playbooks/``, ``notebooks/`` and ``exercises/``."""

    _pages: dict[str, Playbook] = field(default_factory=dict)
    _stories: dict[str, Stories] = field(default_factory=dict)
    _cases: dict[str, tuple[PracticeCase, ...]] = field(default_factory=dict)

    @cached_property
    def reference(self) -> Reference:
        """The vocabulary of the folder.

        Raises:
            ContentMistakes: A reference page has mistakes.
        """
        reference, mistakes = self._read_reference()
        if mistakes:
            raise ContentMistakes(mistakes)
        return reference

    @cached_property
    def reply_rules(self) -> ReplyRules | None:
        """The rules for replies; ``None`` if the folder has no such page.

        Raises:
            ContentMistakes: The page has mistakes.
        """
        rules, mistakes = self._read_reply_rules(self.reference)
        if mistakes:
            raise ContentMistakes(mistakes)
        return rules

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of every playbook, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.md")))

    def playbook(self, id: str) -> Playbook:  # noqa: A002
        """Read one playbook.

        Args:
            id: Its id, which is the name of its file.

        Raises:
            UnknownName: No playbook has this id.
            ContentMistakes: It has mistakes.
        """
        if id not in self._pages:
            if id not in self.ids:
                raise UnknownName(
                    sort="playbook", name=id, nearest=nearest(id, self.ids)
                )
            page, mistakes = self._read_page(id, self.reference)
            if page is None:
                raise ContentMistakes([each for each in mistakes if not each.is_todo])
            self._pages.setdefault(id, page)
        return self._pages[id]

    def playbooks(self) -> Iterator[Playbook]:
        """Read every playbook.

        Raises:
            ContentMistakes: One has mistakes.
        """
        return (self.playbook(each) for each in self.ids)

    def cases(self, playbook: str) -> tuple[PracticeCase, ...]:
        """Read the practice cases of a playbook.

        Raises:
            ContentMistakes: They have mistakes.
        """
        if playbook not in self._cases:
            path = self._cases_path(playbook)
            self._cases.setdefault(playbook, self.cases_in(path, playbook))
        return self._cases[playbook]

    def cases_in(self, path: Path, playbook: str) -> tuple[PracticeCase, ...]:
        """Read the cases of one file.

        Args:
            path: The file.
            playbook: The page that decides them.

        Raises:
            ContentMistakes: They have mistakes.
        """
        cases, mistakes = read_cases(path, self.shown(path), self.playbook(playbook))
        if mistakes:
            raise ContentMistakes(mistakes)
        return cases

    def stories(self, playbook: str) -> Stories:
        """Read the stories from which practice cases of a playbook are generated.

        Raises:
            ContentMistakes: They have mistakes.
        """
        if playbook not in self._stories:
            case_vocabulary, mistakes = self._case_vocabulary
            if not mistakes:
                stories, mistakes = self._read_stories(
                    self.playbook(playbook), case_vocabulary
                )
            if mistakes:
                raise ContentMistakes(mistakes)
            self._stories.setdefault(playbook, stories)
        return self._stories[playbook]

    @cached_property
    def limits(self) -> Limits:
        """Every limit of the folder; names are unique across pages.

        Raises:
            ContentMistakes: A page has mistakes.
        """
        own = (row for page in self.playbooks() for row in page.own_limits)
        return Limits((*self.reference.limits.rows, *own))

    def notebooks(self) -> list[Path]:
        """Every lesson and exercise notebook, sorted."""
        lessons = (self.folder / "notebooks").rglob("*.ipynb")
        exercises = (self.folder / "exercises").glob("*/exercise.ipynb")
        return sorted(
            path
            for path in (*lessons, *exercises)
            if ".ipynb_checkpoints" not in path.parts
        )

    def mistakes(self) -> list[Mistake]:
        """Find every mistake of all pages at once."""
        return [each for each in self.findings() if not each.is_todo]

    def findings(self, share: Share = map) -> list[Mistake]:
        """Find all mistakes of the folder, and what is to do in drafts.

        All pages depend on the reference pages: while those have mistakes, the others
        are not checked, since they would be blamed for what is missing there.

        Args:
            share: Runs the checks of the pages, one by one or several at a time.
        """
        reference, found = self._read_reference()
        folder = self._folder / "reference"
        found += check_calendars(folder, self.shown(folder))
        statements, uncovered = self._coverage()
        vars(self).setdefault("statements", statements)
        if not found:
            vars(self).setdefault("reference", reference)
            rules, mistakes = self._read_reply_rules(reference)
            found += mistakes
            if not mistakes:
                vars(self).setdefault("reply_rules", rules)
                found += unknown_names(
                    reference, rules or ReplyRules(), self.shown(folder / f"{TALK}.md")
                )
            case_vocabulary, mistakes = self._read_case_vocabulary(reference)
            found += mistakes
            told = None if mistakes else case_vocabulary
            read = {name: self._read_page(name, reference) for name in self.ids}
            for page, mistakes in read.values():
                found += mistakes
                if page is not None:
                    self._pages.setdefault(page.id, page)
            judged = [page for page, _ in read.values() if page is not None]
            for mistakes in share(
                partial(self._page_mistakes, case_vocabulary=told), judged
            ):
                found += mistakes
            found += self._stray("cases", "case-playbook")
            found += self._stray("stories", "story-playbook")
            pages = [page for page, _ in read.values()]
            found += self._idle_ends(reference, pages)
            found += self._sharing(reference, pages)
        found += uncovered
        found = [_told_apart(each, statements) for each in found]
        return sorted(found, key=lambda each: (str(each.path), each.line))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of the sources, with the pages that carry them."""
        return self._coverage()[0]

    def shown(self, path: Path) -> Path:
        """Return a path for messages, relative to the folder of content."""
        return path.relative_to(self.folder)

    @property
    def _folder(self) -> Path:
        return self.folder / "playbooks"

    def _read_reference(self) -> tuple[Reference, list[Mistake]]:
        folder = self._folder / "reference"
        reference, mistakes = read_reference(folder, self.shown(folder))
        if mistakes:
            return reference, mistakes
        shown = self.shown(folder)
        authority_limits, found = read_authority_limits(folder, shown, reference)
        limits, mistakes = read_shared_limits(folder, shown, reference)
        found += mistakes
        reference = replace(reference, authority_limits=authority_limits, limits=limits)
        if not mistakes:
            messages, mistakes = read_shared_messages(folder, shown, reference)
            found += mistakes
            reference = replace(reference, messages=messages)
        reactions, follow_ups, mistakes = read_reactions(folder, shown, reference)
        reference = replace(reference, reactions=reactions, follow_ups=follow_ups)
        return reference, [*found, *mistakes]

    def _read_reply_rules(
        self, reference: Reference
    ) -> tuple[ReplyRules | None, list[Mistake]]:
        folder = self._folder / "reference"
        return read_reply_rules(folder, self.shown(folder), reference)

    def _read_page(
        self, name: str, reference: Reference
    ) -> tuple[Playbook | None, list[Mistake]]:
        path = self._folder / f"{name}.md"
        return read_playbook(path, self.shown(path), reference)

    def _page_mistakes(
        self, page: Playbook, case_vocabulary: CaseVocabulary | None
    ) -> list[Mistake]:
        """A page's mistakes as a whole; without any, those of cases and stories."""
        tried = {check.table for check in page.checks}
        found = [
            each
            for each in of_draft(check_playbook(page), page.status)
            if not each.is_todo or each.values.get("table") in tried
        ]
        if stops(found):
            return found
        path = self._cases_path(page.id)
        cases, mistakes = read_cases(path, self.shown(path), page)
        found += mistakes
        if not mistakes:
            self._cases.setdefault(page.id, cases)
        if case_vocabulary is not None:
            if not mistakes:
                found += contradicting_cases(
                    cases, case_vocabulary.constraints, self.shown(path)
                )
            stories, mistakes = self._read_stories(page, case_vocabulary)
            found += of_draft(mistakes or check_stories(stories), page.status)
            if not mistakes:
                self._stories.setdefault(page.id, stories)
        return found

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """What is true in every case; empty if the stories have mistakes."""
        case_vocabulary, mistakes = self._case_vocabulary
        return () if mistakes else case_vocabulary.constraints

    @cached_property
    def _case_vocabulary(self) -> tuple[CaseVocabulary, list[Mistake]]:
        return self._read_case_vocabulary(self.reference)

    def _read_case_vocabulary(
        self, reference: Reference
    ) -> tuple[CaseVocabulary, list[Mistake]]:
        path = self._folder / "reference" / CASE_VOCABULARY
        return read_case_vocabulary(path, self.shown(path), reference)

    def _read_stories(
        self, page: Playbook, case_vocabulary: CaseVocabulary
    ) -> tuple[Stories, list[Mistake]]:
        path = self._folder / "stories" / f"{page.id}.md"
        return read_stories(path, self.shown(path), page, case_vocabulary)

    def _cases_path(self, name: str) -> Path:
        return self._folder / "cases" / f"{name}.md"

    def _stray(self, folder: str, kind: str) -> Iterator[Mistake]:
        """Find files that belong to no playbook."""
        for path in (self._folder / folder).glob("*.md"):
            if path.stem not in self.ids:
                values: dict[str, object] = {"id": path.stem}
                yield Mistake(kind, self.shown(path), 1, values)

    def _idle_ends(
        self, reference: Reference, pages: Sequence[Playbook | None]
    ) -> Iterator[Mistake]:
        """Look for good ends to which no page leads, if every page could be read."""
        if None in pages:
            return
        shown = self.shown(self._folder / "reference" / f"{TALK}.md")
        talks = [page.talk for page in pages if page and page.talk]
        for end, line in idle_ends(reference, talks):
            yield Mistake("end-unreached", shown, line, {"end": end})

    def _sharing(
        self, reference: Reference, pages: Sequence[Playbook | None]
    ) -> Iterator[Mistake]:
        """Look for what two pages have, and for what no page uses."""
        known = [page for page in pages if page]
        yield from not_shared(known)
        if None in pages:
            return
        own = (row for page in known for row in page.own_limits)
        limits = Limits((*reference.limits.rows, *own))
        told = [*self.notebooks(), *(self.folder / "exercises").glob("*/brief.md")]
        used: set[str] = set()
        for path in told:
            yield from lesson_mistakes(path, self.shown(path), limits)
            used |= slots_in(path)
        shown = self.shown(self._folder / "reference")
        yield from unused_limits(reference, known, shown, used)

    def _coverage(self) -> tuple[tuple[Statement, ...], list[Mistake]]:
        folder = self._folder / "reference"
        statements, mistakes = read_coverage(folder, self.shown(folder))
        for statement in statements:
            for name in statement.stands_in:
                if name not in self.ids:
                    values: dict[str, object] = {
                        "name": name,
                        "nearest": nearest(name, self.ids),
                    }
                    page = self.shown(folder / f"{COVERAGE}.md")
                    mistakes.append(
                        Mistake("coverage-page", page, statement.line, values)
                    )
        return statements, mistakes


def _told_apart(mistake: Mistake, statements: Sequence[Statement]) -> Mistake:
    """Say of an unknown source that it is a statement which only has to be added."""
    name = str(mistake.values.get("name", ""))
    if mistake.kind != "source-unknown" or not any(
        key_of(each.id) == key_of(name) for each in statements
    ):
        return mistake
    return replace(mistake, kind="source-unlisted", values={"name": name})


def copy_content(source: Path, target: Path) -> None:
    """Copy a folder of content, for a company to change.

    Args:
        source: The folder to copy.
        target: The new folder; it may exist if it is empty.

    Raises:
        CannotStart: The target exists and is not empty.
        OSError: It cannot be written; what was copied is removed again.
    """
    is_new = not target.exists()
    if not is_new and (not target.is_dir() or any(target.iterdir())):
        raise CannotStart(
            problem=say("cli.new.taken", folder=target), fix=say("cli.new.taken-fix")
        )
    try:
        for part in PARTS:
            shutil.copytree(source / part, target / part, ignore=_PASSING)
    except OSError:
        for part in PARTS:
            shutil.rmtree(target / part, ignore_errors=True)
        if is_new:
            with suppress(OSError):
                target.rmdir()
        raise


def find_content(given: Path | None, here: Path) -> Path:
    """Find the folder of content: the given one, this one, or that of the package.

    Args:
        given: The folder that the person named, if any.
        here: The current folder.

    Raises:
        CannotStart: The given folder has no content, or none is found at all.
    """
    for folder in (given,) if given is not None else (here, SHIPPED, CHECKOUT):
        if (folder / "playbooks" / "reference").is_dir():
            return folder.resolve()
    missing = say("cli.content-none", folder=(given or here).resolve())
    raise CannotStart(problem=missing, fix=say("cli.content-none-fix"))
