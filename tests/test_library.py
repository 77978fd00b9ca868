"""A folder of content is found, read when asked for, and judged as a whole."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kit.content.library import CHECKOUT, Library, find_content
from kit.errors import CannotStart, ContentMistakes, UnknownName
from kit.rules.decisions import Decision

GOOD = Path(__file__).parent / "broken" / "good"
PAGE = Path("playbooks/late-parcel.md")
FACTS = Path("playbooks/reference/facts.md")


@pytest.fixture
def folder(tmp_path):
    """A copy of the small good folder."""
    copy = tmp_path / "content"
    shutil.copytree(GOOD, copy)
    return copy


def change(folder, path, before, after):
    """Change one file of a folder."""
    text = (folder / path).read_text(encoding="utf-8")
    assert before in text
    (folder / path).write_text(text.replace(before, after), encoding="utf-8")


def test_the_folder_that_was_named_is_taken(folder, tmp_path):
    """A company's own rules must never be mixed up with the product's."""
    assert find_content(folder, tmp_path) == folder.resolve()


def test_the_folder_where_one_stands_comes_before_the_product(folder):
    """Who stands in a folder of playbooks means that one."""
    assert find_content(None, folder) == folder.resolve()


def test_elsewhere_the_content_of_the_product_is_taken(tmp_path):
    """A new agent types one command, wherever she stands."""
    assert find_content(None, tmp_path) == CHECKOUT


def test_a_named_folder_without_content_is_refused(tmp_path):
    """Falling back to the product would decide by rules that nobody asked for."""
    with pytest.raises(CannotStart, match="is not a folder of content"):
        find_content(tmp_path, GOOD)


def test_a_page_is_read_once(folder):
    """A lesson asks for its page again and again; all its cards must agree."""
    library = Library(folder)
    page = library.playbook("late-parcel")
    change(folder, PAGE, "3 days", "5 days")

    assert library.playbook("late-parcel") is page


WEIGHT = """## Decide: weight

| U | tracking | **Weight** |
| --- | --- | --- |
| 1 | moving | light |
| 2 | stopped | heavy |

1. It moves. [house]
2. It lies there. [house]

## Decide: next step
"""
WEIGHT_CHECK = """## Check: weight

| Case | On | tracking | **Weight** |
| --- | --- | --- | --- |
| It lies there | 2024-05-04 | stopped | heavy |

## Check: next step
"""


def test_what_may_be_looked_up_is_no_reason_to_stop(folder):
    """What a later question answers may make the earlier one needless."""
    urgency = "| urgency | one of low, high | desk | Ask somebody. |"
    change(folder, FACTS, "| opened on |", f"{urgency}\n| opened on |")
    weight = "| Weight | one of light, heavy | How it lies. |"
    change(folder, FACTS, "| Action |", f"{weight}\n| Action |")
    change(folder, PAGE, "## Decide: next step\n", WEIGHT)
    change(folder, PAGE, "## Check: next step\n", WEIGHT_CHECK)
    change(folder, PAGE, "| U | tracking | Urgency |", "| U | Urgency | Weight |")
    change(folder, PAGE, "| 1 | moving | low |", "| 1 | low | light |")
    change(folder, PAGE, "| 2 | moving | high |", "| 2 | high | light |")
    change(folder, PAGE, "| 3 | stopped | any |", "| 3 | any | heavy |")
    page = Library(folder).playbook("late-parcel")
    place = page.reference.marketplaces["EBAY_GB"]
    known = page.known({"tracking": "stopped"}, marketplace=place, on=date(2024, 5, 8))

    result = page.decide("next step", known)

    assert isinstance(result, Decision)
    assert result.row.number == "3"


def test_a_misspelt_page_is_refused_with_the_likeliest_name(folder):
    """A slip of one letter must not end in “not found”."""
    with pytest.raises(UnknownName, match="Did you mean “late-parcel”"):
        Library(folder).playbook("late-parcle")


def test_a_page_with_mistakes_is_never_handed_out(folder):
    """Half a rule is no rule."""
    change(folder, PAGE, "| 1 | moving | low |", "| 1 | mowing | low |")

    with pytest.raises(ContentMistakes, match=r"late-parcel\.md:43"):
        Library(folder).playbook("late-parcel")


def test_a_broken_vocabulary_stops_every_page(folder):
    """All pages rest on it, so none of them can be trusted then."""
    change(folder, FACTS, "one of moving, stopped", "one of moving, moving")

    with pytest.raises(ContentMistakes, match="is not a type"):
        Library(folder).playbook("late-parcel")


def test_pages_are_not_blamed_for_a_broken_vocabulary(folder):
    """One slip in one word would else look like forty on every page."""
    change(folder, FACTS, "| tracking | one of", "| trackin | one of")
    change(folder, FACTS, "| order total | money", "| order total | monney")

    mistakes = Library(folder).mistakes()

    assert {mistake.path for mistake in mistakes} == {FACTS}


def test_mistakes_come_in_the_order_of_files_and_lines(folder):
    """An author mends from the top."""
    change(folder, PAGE, "[house]", "[hause]")
    change(folder, PAGE, "| opened on | When", "| openned on | When")
    change(
        folder, "playbooks/reference/coverage.md", "| late-parcel |", "| late-parcle |"
    )

    places = [
        (str(mistake.path), mistake.line) for mistake in Library(folder).mistakes()
    ]

    assert len(places) > 2
    assert places == sorted(places)


def test_what_was_checked_is_not_read_again(folder):
    """Exercises and lessons rest on the same pages; reading is most of a check."""
    library, before = Library(folder), Library(folder)
    assert library.mistakes() == []
    cases = [each.id for each in before.cases("late-parcel")]
    scenes = [each.id for each in before.stories("late-parcel").scenes]
    shutil.rmtree(folder / "playbooks")

    assert library.playbook("late-parcel").reference is library.reference
    assert [each.id for each in library.cases("late-parcel")] == cases != []
    assert [each.id for each in library.stories("late-parcel").scenes] == scenes != []


def test_mistakes_name_files_as_their_author_knows_them(folder):
    """Wherever the folder lies, a path begins in it."""
    (folder / FACTS).unlink()

    (mistake,) = Library(folder).mistakes()

    assert str(mistake).startswith("playbooks/reference/facts.md:1: ")


def test_an_unknown_calendar_is_refused_when_days_are_counted(folder):
    """Reading does not load calendars; counting must not guess one."""
    change(
        folder,
        "playbooks/reference/marketplaces.md",
        "GBP | en | none",
        "GBP | en | XX",
    )
    change(folder, PAGE, "2020-01-01 | 3 days", "2020-01-01 | 3 business days")
    change(folder, FACTS, "whole number of days", "whole number of business days")
    change(folder, FACTS, "days from opened on", "business days from opened on")
    page = Library(folder).playbook("late-parcel")
    place = page.reference.marketplaces["EBAY_GB"]
    known = page.known(
        {"opened on": date(2024, 5, 1)}, marketplace=place, on=date(2024, 5, 8)
    )

    with pytest.raises(UnknownName, match="holiday calendar named “XX”"):
        page.decide("urgency", known)


def test_a_changed_word_changes_the_digest_of_a_page(folder):
    """Records keep it, so that a mark can be traced to the rule as it stood."""
    before = Library(folder).playbook("late-parcel").digest
    change(folder, PAGE, "It moves no more.", "It does not move any more.")

    assert Library(folder).playbook("late-parcel").digest != before
