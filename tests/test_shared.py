"""What pages share: one history of each limit, one text of each message."""

import shutil
from pathlib import Path

import pytest
from shipped import LIBRARY as OURS
from shipped import PAGES_ON as TODAY
from shipped import pages

from kit.content.library import Library
from kit.content.playbook.derived_facts import limits_shown
from kit.rules.limits import ALWAYS_FROM
from kit.screens.lab.playbook_page import pages_for_agents

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"
HEAD = (
    "| Limit | Marketplace | From | Value | Source |\n| --- | --- | --- | --- | --- |"
)
PATIENCE = "| patience | any | 2020-01-01 | 3 days | house |"


def shared_folder(tmp_path, *, limit=PATIENCE, messages=""):
    """The small good folder, its only limit shared."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    page = folder / "playbooks" / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    assert f"{HEAD}\n{PATIENCE}\n" in text
    own = "This page uses only the shared limits."
    page.write_text(text.replace(f"{HEAD}\n{PATIENCE}\n", f"{own}\n"), encoding="utf-8")
    reference = folder / "playbooks" / "reference"
    shared = f"# Limits that pages share\n\n## Limits\n\n{HEAD}\n{limit}\n"
    (reference / "limits.md").write_text(shared, encoding="utf-8")
    if messages:
        (reference / "messages.md").write_text(messages, encoding="utf-8")
    return folder


def test_a_page_decides_by_a_shared_limit(tmp_path):
    """The page names it, and does not say where it stands."""
    library = Library(shared_folder(tmp_path))

    assert library.mistakes() == []
    assert [each.name for each in library.playbook("late-parcel").own_limits] == []


def test_a_house_number_always_holds(tmp_path):
    """What our house sets has no history, so no old day is blocked by it."""
    always = PATIENCE.replace("2020-01-01", "always")
    library = Library(shared_folder(tmp_path, limit=always))

    (row,) = library.playbook("late-parcel").limits.rows

    assert library.mistakes() == []
    assert (row.start, row.since) == (ALWAYS_FROM, "always")


@pytest.mark.parametrize("name", OURS.ids)
def test_a_limit_that_pages_share_stands_on_none_of_them(name):
    """The same limit by the same name holds the same editions on all pages."""
    shared = set(OURS.reference.limits.names)

    assert not shared & {each.name for each in OURS.playbook(name).own_limits}


@pytest.mark.long
@pytest.mark.parametrize("name", OURS.ids)
def test_the_page_that_agents_open_shows_the_shared_limits_that_it_uses(name):
    """Nobody has to look on another page for a number of this one."""
    page = OURS.playbook(name)
    text = pages()[f"playbooks/{name}.md"]
    limits = text.split("## Limits")[1].split("\n## ")[0].casefold()

    for row in limits_shown(page):
        assert page.reference.name_on_screen(row.name).casefold() in limits


def test_a_variant_of_a_language_is_taken_first(tmp_path):
    """US words for US buyers; everybody else reads the common ones."""
    folder = shared_folder(tmp_path)
    page = folder / "playbooks" / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    american = "### late · en-US\n\n> Hi {buyer_name},\n> shipping takes longer.\n\n"
    text = text.replace("### late · de", f"{american}### late · de")
    page.write_text(text, encoding="utf-8")
    library = Library(folder)
    playbook = library.playbook("late-parcel")

    found = {
        tag: playbook.message("late", tag).language
        for tag in ("en-US", "en-GB", "en", "de", "de-AT", "fr")
    }

    assert library.mistakes() == []
    assert found == {
        "en-US": "en-US",
        "en-GB": "en",
        "en": "en",
        "de": "de",
        "de-AT": "de",
        "fr": "en",
    }


BANK = """# Messages that pages share

## Messages

### bank · en

> Hello {buyer_name},
> your bank decides; we answer within {patience}.
"""


def test_a_page_sends_a_shared_message(tmp_path):
    """A table names it like a message of its own page."""
    folder = shared_folder(tmp_path, messages=BANK)
    page = folder / "playbooks" / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    row = "| 3 | stopped | any | write | now | late |"
    page.write_text(text.replace(row, row.replace("late", "bank")), encoding="utf-8")
    library = Library(folder)

    assert library.mistakes() == []
    assert library.playbook("late-parcel").message("bank", "en-US") is not None
    shown = pages_for_agents(folder, TODAY)["playbooks/late-parcel.md"]
    assert "your bank decides" in shown.split("## Say")[1].split("\n## ")[0]


def test_a_page_that_sends_no_shared_message_has_none(tmp_path):
    """Only what a page sends can be chosen at its desk."""
    library = Library(shared_folder(tmp_path, messages=BANK))

    ids = {each.id for each in library.playbook("late-parcel").messages}

    assert "bank" not in ids
    assert library.mistakes() == []


def test_a_folder_without_shared_pages_is_read_as_before():
    """Snapshots of an earlier version hold all their limits on their page."""
    library = Library(GOOD)

    assert library.reference.limits.rows == ()
    assert [each.name for each in library.playbook("late-parcel").own_limits] == [
        "patience"
    ]
