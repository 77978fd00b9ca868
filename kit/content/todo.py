"""List what is to do: gaps of pages, course and coverage that are not mistakes.

An example is a page without practice cases: it decides correctly, but cannot be
trained. ``kit check`` lists what is found here; only a strict check fails on it.
"""

import re
from collections.abc import Iterator

from ..errors import ContentMistakes, KitError, Mistake
from ..rules.decisions import Decision
from ..rules.facts import MARKETPLACE
from ..rules.tables import Row, Table
from ..rules.values import Sort, key_of
from .course import COURSE, EXERCISE, LESSON, check_course
from .exercises import exercise_ids
from .lessons import OPEN_LESSON, calls_in, cells_of
from .library import Library
from .pages.prose_numbers import numbers_in_words
from .pages.shared_parts import MESSAGES_PAGE
from .pages.unfinished import as_todo
from .playbook.playbook import Check, Playbook
from .proofs.check_runner import check_result, places_of
from .reference.messages import ENGLISH
from .reference.reference import COVERAGE


def todos_of(library: Library) -> list[Mistake]:
    """Find what is to do in the folder as a whole."""
    return [as_todo(each) for each in (*_unsent(library), *_not_in_course(library))]


def todos_of_page(library: Library, page: Playbook) -> list[Mistake]:
    """Find what is to do on a page without mistakes."""
    found = (*_of_page(library, page), *_unnamed(library, page))
    return [as_todo(each) for each in found]


def _of_page(library: Library, page: Playbook) -> Iterator[Mistake]:
    yield from _without_practice(library, page)
    yield from _untranslated(page)
    yield from _untold(page)
    for table in page.tables:
        yield from _unchecked(page, table)
    yield from _unsayable(library, page)
    yield from _unnamed_messages(page)
    yield from numbers_in_words(page)


def _without_practice(library: Library, page: Playbook) -> Iterator[Mistake]:
    """Find out whether a page has practice cases, and stories for more of them."""
    values: dict[str, object] = {"playbook": page.id}
    try:
        if not library.cases(page.id):
            yield Mistake("page-no-cases", page.path, 1, values)
        if not library.stories(page.id).scenes:
            yield Mistake("page-no-stories", page.path, 1, values)
    except ContentMistakes:  # said elsewhere
        return


def _untranslated(page: Playbook) -> Iterator[Mistake]:
    """Find the messages that buyers of a marketplace cannot read."""
    written = {(each.id, each.language) for each in page.messages}
    for language, places in _languages(page).items():
        lacking = {
            each.id: each.line
            for each in page.messages
            if each.language == ENGLISH
            and (each.id, language) not in written
            and any(sends(page, each.id, place) for place in places)
        }
        if lacking:
            values: dict[str, object] = {
                "language": language,
                "messages": ", ".join(lacking),
                "places": ", ".join(places),
            }
            line = min(lacking.values())
            yield Mistake("page-language", page.path, line, values)


def _untold(page: Playbook) -> Iterator[Mistake]:
    """Find out in which languages of its buyers a talk has no words."""
    lines = page.talk.lines if page.talk else ()
    for language, places in _languages(page).items():
        if lines and not any(language in each.translations for each in lines):
            values: dict[str, object] = {
                "language": language,
                "places": ", ".join(places),
            }
            yield Mistake("talk-language", page.path, lines[0].line, values)


def sends(page: Playbook, message: str, place: str) -> bool:
    """Tell whether a page can send a message at a marketplace."""
    return any(
        _value(table, row, Sort.MESSAGE) == message and _fits(table, row, place)
        for table in page.tables
        for row in table.rows
    )


def _fits(table: Table, row: Row, place: str) -> bool:
    """Whether the cells of a row do not keep a marketplace out."""
    for column, cell in zip(table.inputs, row.conditions, strict=True):
        if column.key == MARKETPLACE and not cell.is_any:
            is_named = any(each.low == place for each in cell.intervals)
            if is_named is cell.negated:
                return False
    return True


def _languages(page: Playbook) -> dict[str, list[str]]:
    """Every language of a marketplace but English, with its marketplaces."""
    found: dict[str, list[str]] = {}
    for place in page.reference.marketplaces.values():
        language = place.language[:2]
        if language != ENGLISH:
            found.setdefault(language, []).append(place.id)
    return found


def _unchecked(page: Playbook, table: Table) -> Iterator[Mistake]:
    """Find the rows of a table that no Check tries."""
    rest = {row.number: row for row in table.rows}
    checks = [each for each in page.checks if each.table == table.name]
    for is_first in (True, False):  # nearly every row is found at the first place
        for check in checks if rest else ():
            for number in _rows_of(page, check, is_first=is_first):
                rest.pop(number, None)
    for row in rest.values() if checks else ():
        values: dict[str, object] = {"row": row.number, "table": table.name}
        yield Mistake("row-unchecked", page.path, row.line, values)


def _rows_of(page: Playbook, check: Check, *, is_first: bool) -> Iterator[str]:
    """The rows by which a check is decided: at its first marketplace, or the others."""
    places = places_of(page, check)
    for place in places[:1] if is_first else places[1:]:
        try:
            result = check_result(page, check, place).result
        except KitError:
            continue
        if isinstance(result, Decision):
            yield from (row.number for row in result.rows)


def _unsent(library: Library) -> Iterator[Mistake]:
    """Find shared messages that no page sends, if every page can be read."""
    try:
        sent = {each.id for page in library.playbooks() for each in page.messages}
        shared = library.reference.messages
    except ContentMistakes:
        return
    shown = library.shown(
        library.folder / "playbooks" / "reference" / f"{MESSAGES_PAGE}.md"
    )
    for each in shared:
        if each.id not in sent and each.language == ENGLISH:
            yield Mistake("message-no-page", shown, each.line, {"id": each.id})


def _unsayable(library: Library, page: Playbook) -> Iterator[Mistake]:
    """Find actions with a message for which nothing says what a reply must say."""
    try:
        rules = library.reply_rules
    except ContentMistakes:
        return
    if rules is None:
        return
    known = {"action-unsaid": set(rules.actions)}
    if rules.claims.kinds:
        known["action-unclaimed"] = set(rules.claims.actions)
    for table in page.tables:
        for row in table.rows:
            action = _value(table, row, Sort.ACTION)
            is_sent = _value(table, row, Sort.MESSAGE) not in {"", "none"}
            for kind, seen in known.items() if action else ():
                if action not in seen and (is_sent or kind == "action-unclaimed"):
                    seen.add(action)
                    values: dict[str, object] = {"action": action}
                    yield Mistake(kind, page.path, row.line, values)


def _unnamed_messages(page: Playbook) -> Iterator[Mistake]:
    """Find the messages that an agent would have to choose by their id."""
    shown = page.reference.on_screen
    sent = {
        key_of(_value(table, row, Sort.MESSAGE))
        for table in page.tables
        for row in table.rows
    }
    for each in page.messages if shown else ():
        name = key_of(each.id)
        if each.language == ENGLISH and name in sent and name not in shown:
            line = next(
                row.line
                for table in page.tables
                for row in table.rows
                if key_of(_value(table, row, Sort.MESSAGE)) == name
            )
            yield Mistake("message-unnamed", page.path, line, {"message": each.id})


def _value(table: Table, row: Row, sort: Sort) -> str:
    """The answer of a row that is of this sort; empty if it has none."""
    for column, outcome in zip(table.answers, row.outcomes, strict=True):
        if column.kind.sort is sort:
            return str(outcome.value)
    return ""


def _unnamed(library: Library, page: Playbook) -> Iterator[Mistake]:
    """Find statements that a page is said to carry but does not name."""
    text = (library.folder / page.path).read_text(encoding="utf-8")
    shown = page.path.parent / "reference" / f"{COVERAGE}.md"
    for each in library.statements:
        word = rf"(?<![\w-]){re.escape(each.id)}(?![\w-])"
        if page.id in each.stands_in and not re.search(word, text, re.IGNORECASE):
            values: dict[str, object] = {"statement": each.id, "playbook": page.id}
            yield Mistake("coverage-unnamed", shown, each.line, values)


def _not_in_course(library: Library) -> Iterator[Mistake]:
    """Find lessons and exercises to which the course does not lead."""
    steps, mistakes = check_course(library)
    lessons = tuple(_lessons(library))
    if mistakes:
        return
    if not (library.folder / COURSE).is_file():
        if lessons or exercise_ids(library):
            yield Mistake("course-lacks", COURSE, 1)
        return
    listed = {(step.kind, step.id) for step in steps}
    for step, kind, names in (
        (LESSON, "course-no-lesson", lessons),
        (EXERCISE, "course-no-exercise", exercise_ids(library)),
    ):
        for name in names:
            if (step, name) not in listed:
                values: dict[str, object] = {"name": name}
                yield Mistake(kind, COURSE, 1, values)


def _lessons(library: Library) -> Iterator[str]:
    """The name of every notebook that opens a lesson."""
    for path in sorted((library.folder / "notebooks").glob("*.ipynb")):
        try:
            sources = [each.text for each in cells_of(path) if each.is_code]
            calls = [call.name for text in sources for call in calls_in(text)]
        except (OSError, ValueError, SyntaxError):
            continue
        if OPEN_LESSON in calls:
            yield path.stem
