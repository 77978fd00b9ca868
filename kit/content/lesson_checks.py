"""Check the notebooks: everything that a lesson shows exists on the pages.

Cells are parsed, never run. A page that has mistakes itself is skipped, so that the
lesson is not blamed for them.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from ..errors import ContentMistakes, KitError, Mistake
from ..rules.values import Duration, key_of, nearest
from .exercises import NOTEBOOK
from .lessons import (
    OPEN_EXERCISE,
    OPEN_LESSON,
    OPENS,
    SHOWS,
    Call,
    Cell,
    calls_in,
    cells_of,
    name_of_lesson,
)
from .library import Library
from .markdown.files import Notes
from .playbook.playbook import Playbook

LAID = "playbooks/index.md"
"""The page that the kit adds to the content of an agent."""

MAY_LACK = {"answers", "attempt"}

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def check_lessons(library: Library) -> list[Mistake]:
    """Find all mistakes of the lessons and of the notebooks of exercises."""
    pages = _Pages(library)
    return [
        mistake
        for path in library.notebooks()
        for mistake in _Notebook(library, path, pages).mistakes()
    ]


class _Pages:
    """The content of the pages, cached for all lessons."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.page = cache(self._page)
        self.cases = cache(self._cases)
        self.has_stories = cache(self._has_stories)

    @property
    def ids(self) -> tuple[str, ...]:
        return self._library.ids

    def _page(self, name: str) -> Playbook | None:
        """A page; none where it has mistakes."""
        try:
            return self._library.playbook(name)
        except ContentMistakes:
            return None

    def _cases(self, name: str) -> tuple[str, ...] | None:
        try:
            return tuple(each.id for each in self._library.cases(name))
        except ContentMistakes:
            return None

    def _has_stories(self, name: str) -> bool:
        try:
            return bool(self._library.stories(name).scenes)
        except ContentMistakes:
            return True


class _Notebook:
    """The state of checking one notebook."""

    def __init__(self, library: Library, path: Path, pages: _Pages) -> None:
        self.library, self.path, self.pages = library, path, pages
        self.notes = Notes(library.shown(path))
        self.at = 0
        self.checks: Mapping[str, Callable[[Call, Playbook], None]] = {
            "desk": self._desk,
            "practise": self._practise,
            "table": self._table,
            "calendar": self._calendar,
            "spot": self._spot,
            "predict": self._predict,
        }

    def mistakes(self) -> list[Mistake]:
        cells = self._cells()
        name = name_of_lesson(cells)
        for cell in cells:
            self.at = self._find(cell.text, self.at)
            if cell.is_code:
                self._code(cell, name)
            else:
                self._links(cell)
        return self.notes.mistakes

    def _cells(self) -> tuple[Cell, ...]:
        self.raw = ""
        try:
            cells = cells_of(self.path)
            self.raw = self.path.read_text(encoding="utf-8")
        except OSError as error:
            self.notes.add("file-closed", 1, reason=error.strerror)
        except json.JSONDecodeError as error:
            self.notes.add("notebook-broken", error.lineno)
        except ValueError:
            self.notes.add("notebook-broken", 1)
        else:
            return cells
        return ()

    def _find(self, text: str, after: int) -> int:
        """Find where the first line of a text stands in the file."""
        first = next((each for each in text.split("\n") if each.strip()), "")
        for plain in (False, True):
            written = json.dumps(first, ensure_ascii=plain)[1:-1]
            found = self.raw.find(written, after)
            if found >= 0:
                return found
        return after

    def _note(self, kind: str, call: Call | None = None, /, **values: object) -> None:
        at = self._find(call.begins, self.at) if call else self.at
        line = self.raw.count("\n", 0, at) + 1
        if call:
            values["call"] = call.source
        self.notes.add(kind, line, **values)

    def _code(self, cell: Cell, name: str) -> None:
        try:
            calls = calls_in(cell.text, name)
        except SyntaxError:
            self._note("lesson-cell")
            return
        for call in calls:
            if self._is_whole(call):
                self._call(call)

    def _is_whole(self, call: Call) -> bool:
        """Whether a call names all that it needs, in quotation marks."""
        known = {**OPENS, **SHOWS}
        takes = known.get(call.name)
        if takes is None:
            near = nearest(call.name, SHOWS)
            self._note("lesson-call", call, name=call.name, nearest=near)
            return False
        needs = set(takes) - MAY_LACK
        if call.given > len(takes) or not needs <= set(call.arguments) <= set(takes):
            self._note("lesson-arguments", call, takes=", ".join(takes) or "()")
            return False
        if any(call.arguments[each] is None for each in needs):
            self._note("lesson-argument", call)
            return False
        return True

    def _call(self, call: Call) -> None:
        if call.name in OPENS:
            self._opens(call)
        elif "playbook" in call.arguments:
            name = _given(call, "playbook")
            if not self._is_known(call, "playbook", name, self.pages.ids):
                return
            page = self.pages.page(name)
            if page is not None and call.name in self.checks:
                self.checks[call.name](call, page)

    def _opens(self, call: Call) -> None:
        """A page opens itself: else answers were kept under another name."""
        is_exercise = self.path.name == NOTEBOOK
        opens = OPEN_EXERCISE if is_exercise else OPEN_LESSON
        wanted = self.path.parent.name if is_exercise else self.path.stem
        if (call.name, _given(call, "name")) != (opens, wanted):
            self._note("lesson-name", call, right=f'{opens}("{wanted}")')

    def _is_known(self, call: Call, sort: str, name: str, known: Iterable[str]) -> bool:
        names = tuple(known)
        if key_of(name) in map(key_of, names) and (
            sort not in {"playbook", "case", "marketplace"} or name in names
        ):
            return True
        near = nearest(name, names)
        self._note("lesson-unknown", call, sort=sort, name=name, nearest=near)
        return False

    def _desk(self, call: Call, page: Playbook) -> None:
        cases = self.pages.cases(page.id)
        if cases is not None:
            self._is_known(call, "case", _given(call, "case"), cases)

    def _practise(self, call: Call, page: Playbook) -> None:
        if not self.pages.has_stories(page.id):
            self._note("lesson-stories", call, playbook=page.id)

    def _table(self, call: Call, page: Playbook) -> None:
        names = [each.name for each in page.tables]
        self._is_known(call, "decision", _given(call, "decision"), names)

    def _calendar(self, call: Call, page: Playbook) -> None:
        limit, place = _given(call, "limit"), _given(call, "marketplace")
        places = page.reference.marketplaces
        is_known = self._is_known(call, "limit", limit, page.limits.names)
        if not self._is_known(call, "marketplace", place, places) or not is_known:
            return
        try:
            day = date.fromisoformat(_given(call, "start"))
        except ValueError:
            self._note("lesson-day", call, text=_given(call, "start"))
            return
        try:
            known = page.known({}, marketplace=places[place], on=day)
            counts = isinstance(known.situation.limit(limit).value, Duration)
        except KitError:
            counts = False
        if not counts:
            self._note("lesson-limit", call, name=limit)

    def _spot(self, call: Call, page: Playbook) -> None:
        names = [each.words for each in page.typical_mistakes]
        self._is_known(call, "mistake", _given(call, "mistake"), names)

    def _predict(self, call: Call, page: Playbook) -> None:
        title = _given(call, "check")
        names = [each.title for each in page.checks]
        if not self._is_known(call, "check", title, names):
            return
        answer = _given(call, "answer")
        columns = {
            column.name: check
            for check in reversed(page.checks)
            if key_of(check.title) == key_of(title)
            for column in page.table(check.table).answers
        }
        if not self._is_known(call, "answer", answer, columns):
            return
        (check,) = (c for name, c in columns.items() if key_of(name) == key_of(answer))
        if check.asks or check.not_covered:
            self._note("lesson-undecided", call, name=title)

    def _links(self, cell: Cell) -> None:
        for target in _LINK.findall(cell.text):
            if not _FOREIGN.match(target) and not self._leads(target):
                self.at = self._find(target, self.at)
                self._note("lesson-link", target=target)

    def _leads(self, target: str) -> bool:
        """Whether a link leads to a file of the content."""
        name = unquote(target.partition("#")[0].partition("?")[0])
        try:
            path = (self.path.parent / name).resolve()
            inside = path.relative_to(self.library.folder.resolve())
            return inside.as_posix() == LAID or path.exists()
        except (OSError, ValueError):
            return False


def _given(call: Call, name: str) -> str:
    return call.arguments.get(name) or ""
