"""Read ``roles.md``: up to which amount a role may take an action alone.

The page is optional. Its amounts are limits like those of a playbook, with a start and
a source; a table says which action of which role is bound by which of them.
"""

from collections.abc import Iterator
from pathlib import Path

from ...errors import Mistake
from ...rules.limits import Limits
from ...rules.values import Money, Sort, key_of, nearest
from ..markdown.documents import Document, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import fact_at
from .desks import AuthorityLimit
from .limit_rows import limits_in
from .reference import ROLES, Reference

PAGE = "roles"
LIMITS, UP_TO = "Limits", "Up to"
COLUMNS = ("Role", "Action", "Amount", "Limit")


def read_authority_limits(
    folder: Path, shown: Path, reference: Reference
) -> tuple[tuple[AuthorityLimit, ...], list[Mistake]]:
    """Read the amounts of each role; a missing page has none.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder for messages.
        reference: The other reference pages.
    """
    file = folder / f"{PAGE}.md"
    if not file.is_file():
        return (), []
    page, mistakes = read_document(file, shown / file.name, front="none")
    if page is None or mistakes:
        return (), mistakes
    notes = Notes(page.path)
    found = tuple(_read(page, reference, notes))
    return found, notes.mistakes


def _read(
    page: Document, reference: Reference, notes: Notes
) -> Iterator[AuthorityLimit]:
    sections = {title: section_named(page, title) for title in (LIMITS, UP_TO)}
    for title, section in sections.items():
        if section is None:
            notes.add("section-lacks", 1, title=title)
    amounts, table = sections[LIMITS], sections[UP_TO]
    if amounts is None or table is None:
        return
    limits = Limits(tuple(limits_in(amounts, reference, notes)))
    _note_amounts(limits, reference, notes)
    rows = list(lines_of(table.tables, COLUMNS, at=table.line, notes=notes))
    for row in rows:
        found = _authority_limit(row, limits, reference, notes)
        if found is not None:
            yield found
    if not notes.mistakes:  # else a limit may be named, but not spelt as it is
        _note_unused(limits, {key_of(row["limit"]) for row in rows}, notes)


def _note_amounts(limits: Limits, reference: Reference, notes: Notes) -> None:
    """A limit of a role is money, in the currency of its marketplace."""
    for limit in limits.rows:
        place = reference.marketplaces.get(limit.marketplace)
        currency = place.currency if place else None
        value = limit.value
        if not isinstance(value, Money) or currency not in {None, value.currency}:
            wanted = currency or ", ".join(
                sorted({each.currency for each in reference.marketplaces.values()})
            )
            notes.add("role-value", limit.line, text=value, currency=wanted)


def _note_unused(limits: Limits, used: set[str], notes: Notes) -> None:
    for limit in limits.rows:
        if key_of(limit.name) not in used:
            notes.add("limit-unused", limit.line, name=limit.name)


def _authority_limit(
    row: Line, limits: Limits, reference: Reference, notes: Notes
) -> AuthorityLimit | None:
    before = len(notes.mistakes)
    if row["role"] not in ROLES:
        words = ", ".join(ROLES)
        notes.add(
            "word-unknown", row.number, column="Role", word=row["role"], words=words
        )
    actions = tuple(each.strip() for each in row["action"].split(","))
    for action in actions:
        if action not in reference.actions:
            near = nearest(action, reference.actions)
            notes.add("action-unknown", row.number, name=action, nearest=near)
    fact = fact_at(row["amount"], row.number, reference.facts, notes)
    if fact is not None and fact.kind.sort is not Sort.MONEY:
        notes.add("role-amount", row.number, name=fact.name)
    if not limits.all_of(row["limit"]):
        near = nearest(row["limit"], limits.names)
        notes.add("role-limit", row.number, name=row["limit"], nearest=near)
    if fact is None or len(notes.mistakes) > before:
        return None
    return AuthorityLimit(row["role"], actions, fact.key, row["limit"], limits)
