"""Read the limits and messages that pages share, in ``playbooks/reference``.

Both pages are optional, and a page of an earlier version, which has all its limits and
messages itself, can still be read. A name is defined in one place only: what two pages
need is here, and what is here is on no page.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ...errors import Mistake
from ...rules.limits import Limit, Limits
from ...rules.values import key_of
from ..markdown.documents import Document, Section, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import section_named
from ..playbook.derived_facts import limits_needed
from ..playbook.playbook import Playbook
from ..reference.limit_rows import limits_in
from ..reference.messages import Message, language_base
from ..reference.reference import Reference
from .messages_sent import messages_in, note_unknown_slots

LIMITS_PAGE, LIMITS = "limits", "Limits"
MESSAGES_PAGE, MESSAGES = "messages", "Messages"


def read_shared_limits(
    folder: Path, shown: Path, reference: Reference
) -> tuple[Limits, list[Mistake]]:
    """Read the shared limits; a missing page has none.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder for messages.
        reference: The other reference pages.

    Returns:
        The limits, and all mistakes.
    """
    section, notes = _section(folder, shown, LIMITS_PAGE, LIMITS)
    rows = limits_in(section, reference, notes) if section else ()
    return Limits(tuple(rows)), notes.mistakes


def read_shared_messages(
    folder: Path, shown: Path, reference: Reference
) -> tuple[tuple[Message, ...], list[Mistake]]:
    """Read the shared messages; the arguments are those of ``read_shared_limits``.

    Each has a text in every language of a marketplace, since every page may send it.
    """
    section, notes = _section(folder, shown, MESSAGES_PAGE, MESSAGES)
    messages = tuple(messages_in(section, reference, notes)) if section else ()
    note_unknown_slots(messages, reference, reference.limits, notes)
    places = reference.marketplaces.values()
    wanted = sorted({language_base(place.language) for place in places})
    spoken = {(each.id, each.language) for each in messages}
    for each in messages:
        first = next(other for other in messages if other.id == each.id)
        lacks = [tag for tag in wanted if (each.id, tag) not in spoken]
        if each is first and lacks:
            languages = ", ".join(lacks)
            notes.add("message-language", each.line, id=each.id, languages=languages)
    return messages, notes.mistakes


def not_shared(pages: Sequence[Playbook]) -> Iterator[Mistake]:
    """Find limits that are defined on two pages and should be shared."""
    first: dict[str, tuple[Playbook, Limit]] = {}
    for page in pages:
        own: dict[str, Limit] = {}
        for row in page.own_limits:
            own.setdefault(key_of(row.name), row)
        for key, row in own.items():
            other, _ = first.setdefault(key, (page, row))
            if other is not page:
                values: dict[str, object] = {"name": row.name, "page": other.path}
                yield Mistake("limit-two-pages", page.path, row.line, values)


def unused_limits(
    reference: Reference, pages: Sequence[Playbook], shown: Path, told: Collection[str]
) -> Iterator[Mistake]:
    """Find shared limits that no page and no lesson uses.

    Args:
        reference: The reference pages with the limits.
        pages: Every page.
        shown: The folder of the reference pages for messages.
        told: The keys of the limits that lessons and briefs name.
    """
    used = {*told, *(name for page in pages for name in limits_needed(page))}
    seen: set[str] = set()
    for row in reference.limits.rows:
        key = key_of(row.name)
        if key not in used and key not in seen:
            seen.add(key)
            path = shown / f"{LIMITS_PAGE}.md"
            yield Mistake("limit-no-page", path, row.line, {"name": row.name})


def _section(
    folder: Path, shown: Path, name: str, title: str
) -> tuple[Section | None, Notes]:
    """Find the one section of such a page, with the mistakes of reading it."""
    file = folder / f"{name}.md"
    notes = Notes(shown / file.name)
    if not file.is_file():
        return None, notes
    page, mistakes = read_document(file, shown / file.name, front="none")
    for each in mistakes:
        notes.take(each)
    if page is None or mistakes:
        return None, notes
    section = section_named(page, title)
    if section is None:
        notes.add("section-lacks", 1, title=title)
    _note_others(page, title, notes)
    return section, notes


def _note_others(page: Document, title: str, notes: Notes) -> None:
    for section in page.sections:
        if key_of(section.title) != key_of(title):
            notes.add("section-unknown", section.line, title=section.title, nearest="")
