"""Playbook pages as agents read them: in words, with nothing lost."""

import re
import shutil
from pathlib import Path

import pytest
from shipped import LIBRARY, pages
from shipped import PAGES_ON as TODAY

from kit.catalogue import say
from kit.content.library import Library
from kit.content.playbook.slots import limits_everywhere
from kit.screens.lab.laid_pages import lay_pages
from kit.screens.lab.playbook_page import pages_for_agents

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PLAYBOOKS = [pytest.param(name, id=name) for name in LIBRARY.ids]
CODE = re.compile(r"`[^`]*`")
TARGET = re.compile(r"\]\(([^)]*)\)")
HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)


def laid(name):
    """A playbook of ours as an agent reads it."""
    return pages()[f"playbooks/{name}.md"]


def read_aloud(text):
    """What is seen of a page: no code, and of a link its words."""
    return TARGET.sub("]", CODE.sub("", text))


def names_nobody_says():
    """Every name that the desk says in another way, or that is no word at all."""
    reference = LIBRARY.reference
    yield from reference.actions
    yield from reference.marketplaces
    yield from (each.id for page in LIBRARY.playbooks() for each in page.messages)
    for fact in reference.facts.values():
        words = {fact.name, *fact.kind.words}
        yield from (each for each in words if "-" in each)
        yield from (f"{{{key}}}" for key in (fact.key, fact.name))
    yield "edd"


def test_no_name_of_the_tables_is_left():
    """An agent reads “Send the tracking”, as on the desk, and no `send-tracking`."""
    names = set(names_nobody_says())

    left = {
        (page, name)
        for page, text in pages().items()
        for said in [read_aloud(text)]
        for name in names
        if name in said and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said)
    }

    assert left == set()


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_row_is_still_there_with_its_reason(name):
    """A page in other words decides nothing else, and says why."""
    page, text = LIBRARY.playbook(name), laid(name)
    places, sources = page.reference.marketplaces, page.reference.sources

    for table in page.tables:
        part = text.split(f"## Decide: {table.name}\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (\d+) \|", part, re.MULTILINE)
        assert rows == [row.number for row in table.rows]
        for row in table.rows:
            because = limits_everywhere(row.because, page.limits, places, TODAY)
            titles = "; ".join(sources[each].title for each in row.sources)
            reason = f"{row.number}. {because} <small>{titles}"
            assert f"\n{reason}" in part


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_row_without_a_sure_source_is_said_to_be_a_note(name):
    """What nobody first-hand says is not read as a rule."""
    sources = LIBRARY.reference.sources
    unsure = [
        row
        for table in LIBRARY.playbook(name).tables
        for row in table.rows
        if not any(sources[each].marks for each in row.sources)
    ]

    assert laid(name).count(say("desk.only-note")) == len(unsure)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_message_is_still_there_line_by_line(name):
    """What is sent stands on the page as it will be sent."""
    page, text = LIBRARY.playbook(name), laid(name)

    sent = [line for each in page.messages for line in each.text.split("\n")]
    shown = re.findall(r"^> (.+?) *$", text, re.MULTILINE)

    assert len(shown) == len(sent)
    assert not [line for line in shown if "{" in line]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_link_leads_somewhere(name):
    """The list on top, the messages of a table and the other pages can be followed."""
    text = laid(name)
    places = {heading.replace(" ", "-") for heading in HEADING.findall(text)}
    files = {Path(each).name for each in pages()}

    for target in TARGET.findall(text):
        page, _, place = target.partition("#")
        assert page in files or place in places, target


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_another_page_is_called_by_its_title(name):
    """“It does not fit, or I changed my mind” says more than the name of a file."""
    titles = {each.id: each.title for each in LIBRARY.playbooks()}

    links = re.findall(r"\[([^\]]*)\]\(([a-z-]+)\.md\)", laid(name))

    assert [words for words, _ in links] == [titles[page] for _, page in links]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_the_sections_stand_on_top(name):
    """Somebody with a buyer waiting finds the table in one click."""
    top, _, rest = laid(name).partition("\n## ")

    for heading in re.findall(r"^## (.+)$", f"## {rest}", re.MULTILINE):
        assert f"(#{heading.replace(' ', '-')})" in top


def test_what_a_buyer_will_answer_is_not_told():
    """Whoever has read the answers of a talk practises no more."""
    talks = [page.talk for page in LIBRARY.playbooks() if page.talk]
    says = [line.says for talk in talks for line in talk.lines]

    assert says
    assert not [words for words in says for text in pages().values() if words in text]


def test_pages_for_authors_are_not_laid(tmp_path):
    """The words by which replies are checked help nobody who writes one."""
    pages = {page.path for page in lay_pages(ROOT, desk=tmp_path / "desk")}

    laid_there = {Path(each).stem for each in pages if "/reference/" in each}
    assert laid_there == {"actions", "facts", "limits", "marketplaces", "sources"}


def test_the_source_stays_as_it_is(tmp_path):
    """An agent reads a copy; the page that decides is touched by its author alone."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "playbooks", content / "playbooks")
    before = {path: path.read_bytes() for path in content.rglob("*.md")}

    lay_pages(content, desk=tmp_path / "desk")

    assert {path: path.read_bytes() for path in content.rglob("*.md")} == before


def test_a_page_with_a_mistake_is_laid_as_it_is(tmp_path):
    """Its author sees it, and the other pages are none the worse."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "playbooks", content / "playbooks")
    broken = content / "playbooks" / "address-change.md"
    text = broken.read_text(encoding="utf-8").replace("+ reply time", "+ reply thyme")
    broken.write_text(text, encoding="utf-8")

    lay_pages(content, desk=tmp_path / "desk")

    desk = tmp_path / "desk" / "playbooks"
    assert (desk / "address-change.md").read_text(encoding="utf-8") == text
    assert "Send the tracking" in (desk / "inr-request.md").read_text("utf-8")


def test_a_page_of_another_trade_is_said_in_its_own_words():
    """Nothing of one trade stands in the program that writes the pages."""
    other = Library(Path(__file__).parent / "other_trade")

    pages = pages_for_agents(other.folder, TODAY)

    for name in other.ids:
        text = read_aloud(pages[f"playbooks/{name}.md"])
        assert not [each for each in other.reference.actions if each in text.split()]


def test_a_page_says_when_a_table_speaks_in_the_words_of_the_desk():
    """Who reads the page knows at once whether this table is for the case at hand."""
    other = Library(Path(__file__).parent / "other_trade")

    pages = pages_for_agents(other.folder, TODAY)

    assert "**Only when** reader wants is *to keep*." in pages["playbooks/late-book.md"]
