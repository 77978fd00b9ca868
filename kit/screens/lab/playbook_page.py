"""Playbook pages as agents read them: made from the source, which stays as it is.

Agents look things up on these pages while a buyer waits. So there is a list of the
sections on top, and everything is called as the desk calls it. The buyers' answers of
a talk are left out: whoever has read them practises no more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from ...catalogue import language, say
from ...content.library import Library
from ...content.markdown.documents import (
    Document,
    Heading,
    Item,
    Passage,
    RowText,
    Section,
    TableText,
    read_document,
)
from ...content.playbook.derived_facts import limits_shown
from ...content.playbook.gates import opens_gate
from ...content.playbook.playbook import Playbook
from ...content.reference.limit_rows import COLUMNS
from ...content.reference.messages import Message
from ...content.reference.reference import AGENTS_PAGES, Reference
from ...errors import KitError
from ...practice.wording import day_words
from ...rules.limits import Limit
from ...rules.tables import Table
from ...rules.values import key_of
from .page_words import PageWords, anchor

_LEFT_OUT = {"talk", "on_screen", "the_buyer_knows"}
_OF_MANY = {"decide": "decisions", "check": "examples"}
_SOURCES = re.compile(r"^(?P<words>.*?)(?: \[(?P<sources>[^\]]+)\])?$", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?P<page>[a-z0-9-]+\.md)(?P<rest>#[^)]*)?\)")
_BREAK = "  \n"

_Block = Passage | TableText | Item


def pages_for_agents(content: Path, today: date) -> dict[str, str]:
    """Write every page of a folder in the words of agents, by its path.

    A page with mistakes is not among them: its author has to see it as it is.

    Args:
        content: The folder with ``playbooks``.
        today: The day on which it is read: limits in prose have the values of it.
    """
    library = Library(content)
    try:
        reference = library.reference
    except KitError:
        return {}
    pages = dict(_reference_pages(library, reference))
    read = list(_playbooks(library))
    titles = {f"{page.id}.md": page.title for page, _ in read}
    for page, document in read:
        path = f"playbooks/{page.id}.md"
        pages[path] = playbook_for_agents(page, document, titles, today)
    return pages


def playbook_for_agents(
    playbook: Playbook, document: Document, titles: Mapping[str, str], today: date
) -> str:
    """Write one playbook in the words of agents.

    Args:
        playbook: The page.
        document: Its text.
        titles: The titles of all pages by the name of their file, for links.
        today: The day whose limits are put into prose.
    """
    words = PageWords(playbook.reference, playbook, today)
    reviewed = say(
        "lab.playbooks.reviewed",
        day=day_words(playbook.reviewed, language()),
        until=day_words(playbook.review_by, language()),
    )
    kept = [each for each in document.sections if _kind(each) not in _LEFT_OUT]
    parts = [f"# {playbook.title}", f"<small>{reviewed}</small>", _contents(kept)]
    for section in kept:
        parts += _section(section, words, titles)
        parts += _shared(playbook, section, words)
    return "\n\n".join(parts) + "\n"


def reference_for_agents(document: Document, reference: Reference) -> str:
    """Write a page that all playbooks share in the words of agents."""
    words = PageWords(reference)
    parts = [f"# {document.title}", *_intro(document)]
    parts += [_table(each, words, without=(0,)) for each in document.tables]
    for section in document.sections:
        if _kind(section) not in _LEFT_OUT:
            parts += _section(section, words, {})
    return "\n\n".join(parts) + "\n"


def _playbooks(library: Library) -> Iterator[tuple[Playbook, Document]]:
    for name in library.ids:
        path = library.folder / "playbooks" / f"{name}.md"
        try:
            page = library.playbook(name)
        except KitError:
            continue
        document, _ = read_document(path, library.shown(path))
        if document is not None:
            yield page, document


def _reference_pages(
    library: Library, reference: Reference
) -> Iterator[tuple[str, str]]:
    for name in AGENTS_PAGES:
        path = library.folder / "playbooks" / "reference" / f"{name}.md"
        document, mistakes = read_document(path, library.shown(path), front="none")
        if document is not None and not mistakes:
            text = reference_for_agents(document, reference)
            yield f"playbooks/reference/{name}.md", text


def _kind(section: Section) -> str:
    return key_of(section.title.partition(":")[0])


def _name(section: Section) -> str:
    """What a section is called: its decision behind what is done with it."""
    kind, colon, name = section.title.partition(":")
    if not colon:
        return section.title
    word = _OF_MANY.get(key_of(kind))
    return f"{say(f'lab.playbooks.{word}')}: {name.strip()}" if word else section.title


def _contents(sections: Sequence[Section]) -> str:
    """List the sections: those of many beside one another, the rest in a line."""
    by_word: dict[str, list[str]] = {"sections": []}
    for section in sections:
        word = _OF_MANY.get(_kind(section), "sections")
        name = section.title.partition(":")[2].strip() or section.title
        link = f"[{name}](#{anchor(_name(section))})"
        by_word.setdefault(word, []).append(link)
    return "\n".join(
        f"- **{say(f'lab.playbooks.{word}')}:** {' · '.join(links)}"
        for word, links in by_word.items()
    )


def _section(
    section: Section, words: PageWords, titles: Mapping[str, str]
) -> Iterator[str]:
    """Write a section: its heading, and what stands in it in its order."""
    yield f"## {_name(section)}"
    blocks: list[_Block] = [*section.paragraphs, *section.tables, *section.items]
    blocks.sort(key=lambda block: block.line)
    for kind, group in groupby(blocks, key=type):
        between = "\n" if kind is Item else "\n\n"
        gate = _gate(section, words)
        if kind is Item and _kind(section) == "decide":
            yield say("desk.reasons")
        yield between.join(
            words.gate(gate)
            if gate and isinstance(each, Passage) and opens_gate(each)
            else _block(each, words, titles)
            for each in group
        )
    for each in section.subsections:
        yield f"### {words.message(each.title)}"
        yield from (_quoted(words.slots(quote.text)) for quote in each.quotes)


def _gate(section: Section, words: PageWords) -> Table | None:
    """When the table of a section speaks; ``None`` if always."""
    name = key_of(section.title.partition(":")[2])
    tables = words.playbook.tables if words.playbook else ()
    return next((each.only_when for each in tables if key_of(each.name) == name), None)


def _shared(playbook: Playbook, section: Section, words: PageWords) -> Iterator[str]:
    """Write what the page uses of the limits and messages that pages share."""
    if _kind(section) == "limits":
        own = {row.name for row in playbook.own_limits}
        shared = [each for each in limits_shown(playbook) if each.name not in own]
        if shared:
            yield say("lab.playbooks.shared-limits")
            yield _table(_limit_table(shared), words)
    if _kind(section) == "say":
        for message in playbook.messages:
            if message in playbook.reference.messages:
                yield from _message(message, words)


def _limit_table(limits: Sequence[Limit]) -> TableText:
    """Put limits into a table as authors write it."""
    heads = tuple(Heading(name, "plain") for name in COLUMNS)
    rows = tuple(
        RowText(
            each.line,
            (each.name, each.marketplace, each.since, str(each.value), each.source),
        )
        for each in limits
    )
    return TableText(0, heads, rows)


def _message(message: Message, words: PageWords) -> Iterator[str]:
    yield f"### {words.message(f'{message.id} · {message.language}')}"
    yield _quoted(words.slots(message.text))


def _block(block: _Block, words: PageWords, titles: Mapping[str, str]) -> str:
    if isinstance(block, Passage):
        return _linked(words.limits(words.cited(block.text)), titles)
    if isinstance(block, TableText):
        return _titled(_table(block, words), titles)
    return _reason(block, words)


def _intro(document: Document) -> Iterator[str]:
    """The words between the title and what follows it."""
    lines = document.text.split("\n")
    below = [each.line for each in document.tables]
    below += [each.line for each in document.sections]
    start = next((n for n, line in enumerate(lines) if line.startswith("# ")), 0)
    words = "\n".join(lines[start + 1 : min(below, default=len(lines)) - 1]).strip()
    if words:
        yield words


def _linked(text: str, titles: Mapping[str, str]) -> str:
    """Name every page that is linked by its title, line by line."""
    return _titled(text, titles).replace("\n", _BREAK)


def _titled(text: str, titles: Mapping[str, str]) -> str:
    """Name every page that is linked by its title."""

    def named(link: re.Match[str]) -> str:
        title = titles.get(link["page"])
        target = link["page"] + (link["rest"] or "")
        return f"[{title}]({target})" if title else link[0]

    return _LINK.sub(named, text)


def _table(table: TableText, words: PageWords, without: Sequence[int] = ()) -> str:
    """Write a table; its types are for authors, and so are columns of ids."""
    hidden = {n for n, each in enumerate(table.header) if key_of(each.text) == "type"}
    kept = [n for n in range(len(table.header)) if n not in {*hidden, *without}]
    heads = [
        words.heading(table.header[n], is_policy=n == 0 and _is_policy(table.header))
        for n in kept
    ]
    rows = [[_cell(words, table, row.cells, n) for n in kept] for row in table.rows]
    lines = [heads, ["---"] * len(kept), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(words: PageWords, table: TableText, cells: Sequence[str], n: int) -> str:
    if n == 0 and _is_policy(table.header):
        return cells[0]
    if key_of(table.header[n].text) in {"from", "ask_or_look"}:
        cells = [words.names_in(each) for each in cells]
    said = words.cell(table.header[n], cells[n]).replace("\n", " ")
    return words.limits(words.cited(said))


def _is_policy(header: Sequence[Heading]) -> bool:
    """Whether a table decides: no other one has an answer in bold and no case."""
    return key_of(header[0].text) != "case" and any(e.mark == "bold" for e in header)


def _reason(item: Item, words: PageWords) -> str:
    """Write the reason of a row, its sources small behind it."""
    found = _SOURCES.fullmatch(item.text)
    if found is None or not found["sources"]:
        return f"{item.number}. {words.limits(item.text)}"
    said = words.sources(found["sources"])
    return f"{item.number}. {words.limits(found['words'])} <small>{said}</small>"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}  " for line in text.split("\n"))
