"""Limits in words: a number of a policy is written once, and read where it is named."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kit.content.library import Library
from kit.content.playbook.explain import explain
from kit.content.playbook.slots import limits_everywhere
from kit.practice.case.drafts import Knowledge, fill_draft
from kit.practice.wording import fill_slots, limit_words
from kit.rules.limits import read_amount
from kit.screens.lab.laid_pages import digest_of, lay_pages
from kit.screens.lab.playbook_page import pages_for_agents

TODAY = date(2026, 11, 22)
GOOD = Path(__file__).parent / "broken" / "good"
LATER = "| patience | any | 2024-06-01 | 5 days | house |"
PATIENCE = "| patience | any | 2020-01-01 | 3 days | house |"


@pytest.fixture
def folder(tmp_path):
    """The small good folder, to be changed."""
    shutil.copytree(GOOD, tmp_path / "content")
    return tmp_path / "content"


def edit(folder, old, new, page="late-parcel.md"):
    """Change a page of the folder."""
    path = folder / "playbooks" / page
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        ("3 business days", "en", "3 business days"),
        ("1 business day", "en-US", "1 business day"),
        ("3 business days", "de", "3 Werktagen"),
        ("1 business day", "de", "1 Werktag"),
        ("14 days", "de", "14 Tagen"),
        ("24 hours", "de", "24 Stunden"),
        ("2 offers", "en", "2 offers"),
        ("USD 750", "en", "$750.00"),
        ("EUR 750", "de", "750,00\xa0€"),
        ("2024-05-15", "de", "Mittwoch, 15. Mai 2024"),
        ("2.5", "en", "2.5"),
    ],
)
def test_a_limit_is_said_in_the_language_of_a_message(value, language, words):
    """German in the dative: it stands behind “innerhalb von”."""
    assert limit_words(read_amount(value), language) == words


def test_a_message_has_the_value_that_holds_for_its_case(folder):
    """The same words are right before a change and after it."""
    edit(
        folder,
        PATIENCE,
        f"{PATIENCE}\n{LATER}",
    )
    edit(folder, "we look into it today, {act_by}.", "within {patience}, {act_by}.")
    library = Library(folder)
    (case, *_) = library.cases("late-parcel")

    texts = [
        fill_slots(replace(case, on=on), "{patience}", "en", {})
        for on in (date(2024, 5, 31), date(2024, 6, 1))
    ]

    assert texts == ["3 days", "5 days"]


def test_a_draft_leaves_a_limit_open_that_does_not_hold(folder):
    """Nobody sends a number that no source gives for that day."""
    edit(folder, PATIENCE, PATIENCE.replace("house", "hearsay"))
    (case, *_) = Library(folder).cases("late-parcel")
    knows = Knowledge({}, {})
    early = replace(case, on=date(2019, 5, 1))

    assert fill_draft(case, "within {patience}", "en", knows) == "within 3 days"
    assert fill_draft(early, "within {patience}", "en", knows) == "within [patience]"


def test_a_reason_is_told_with_the_value_of_the_case(folder):
    """“Because” can be said to a buyer, so it names the number that held."""
    edit(
        folder,
        PATIENCE,
        f"{PATIENCE}\n{LATER}",
    )
    edit(folder, "1. The buyer has just written.", "1. The {patience} are not over.")
    page = Library(folder).playbook("late-parcel")
    place = page.reference.marketplaces["EBAY_US"]

    said = []
    for on in (date(2024, 5, 31), date(2024, 6, 1)):
        known = page.known({"opened on": on}, marketplace=place, on=on)
        said.append(explain(page, page.decide("urgency", known)).because)

    assert said == ["The 3 days are not over.", "The 5 days are not over."]


def test_the_page_of_agents_has_the_value_of_today_and_names_places_that_differ(folder):
    """A reader at work sees a number, not a name in braces."""
    row = "| patience | EBAY_GB | 2021-01-01 | 8 days | house |"
    edit(folder, PATIENCE, f"{PATIENCE}\n{row}")
    edit(folder, "1. The buyer has just written.", "1. The {patience} are not over.")
    edit(folder, "A buyer asks where the parcel is.", "It is late: over {patience}.")

    before = pages_for_agents(folder, date(2020, 6, 1))["playbooks/late-parcel.md"]
    today = pages_for_agents(folder, TODAY)["playbooks/late-parcel.md"]

    assert "The 3 days are not over." in before
    both = "3 days (United States), 8 days (United Kingdom)"
    assert f"The {both} are not over." in today
    assert f"It is late: over {both}." in today


def test_a_limit_that_holds_nowhere_is_called_by_its_name(folder):
    """Better a name than a guess."""
    edit(folder, PATIENCE, PATIENCE.replace("house", "hearsay"))
    page = Library(folder).playbook("late-parcel")
    places = page.reference.marketplaces

    assert (
        limits_everywhere("{patience}", page.limits, places, date(2019, 1, 1))
        == "patience"
    )


def lesson_with(text):
    """A notebook with one text."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def test_a_lesson_and_a_brief_are_laid_with_the_value_of_today(folder, tmp_path):
    """The digest is that of what the browser opens."""
    (folder / "notebooks").mkdir()
    source = "# Late\n\nYou have {patience}, and `{patience}` is its name."
    (folder / "notebooks" / "01.ipynb").write_text(lesson_with(source), "utf-8")
    (folder / "exercises" / "late").mkdir(parents=True)
    brief = "---\ntitle: Late\n---\n\nYou have {patience}.\n"
    (folder / "exercises" / "late" / "brief.md").write_text(brief, "utf-8")

    pages = lay_pages(folder, desk=tmp_path / "desk", today=TODAY)

    laid = json.loads((tmp_path / "desk" / "notebooks" / "01.ipynb").read_text("utf-8"))
    text = "".join(laid["cells"][0]["source"])
    assert "You have 3 days, and `{patience}` is its name." in text
    (page,) = [each for each in pages if each.path == "notebooks/01.ipynb"]
    assert page.digest == digest_of(laid["cells"])
    told = (tmp_path / "desk" / "exercises" / "late" / "brief.md").read_text("utf-8")
    assert "You have 3 days." in told


def test_a_slot_of_a_lesson_that_nobody_knows_is_named_with_its_line(folder):
    """An author finds it in the file of the notebook."""
    (folder / "notebooks").mkdir()
    path = folder / "notebooks" / "01.ipynb"
    path.write_text(lesson_with(["# Late\n", "You have {patiens}."]), "utf-8")

    (mistake,) = Library(folder).mistakes()

    line = path.read_text("utf-8").splitlines()[mistake.line - 1]
    assert mistake.kind == "prose-slot"
    assert "{patiens}" in line
    assert "patience" in str(mistake)


def test_a_talk_may_name_a_limit(folder):
    """Buyers quote our own numbers at us."""
    edit(folder, "Well, at last.", "You said {patience}!")

    assert Library(folder).mistakes() == []


def test_a_limit_that_only_prose_names_is_used(folder):
    """Its number is shown, so somebody has to keep it."""
    edit(folder, PATIENCE, f"{PATIENCE}\n| courtesy | any | always | 9 days | house |")
    assert [each.kind for each in Library(folder).mistakes()] == ["limit-unused"]

    edit(folder, "A parcel that stands still", "After {courtesy} a parcel")
    assert Library(folder).mistakes() == []


def test_the_day_that_is_shown_is_told_beside_the_one_that_we_counted(folder):
    """“Shown on” says Tuesday, we counted Wednesday: both are said, and one wins."""
    edit(
        folder,
        "| order total | money",
        "| shown on | date | request | As shown. |\n| order total | money",
        "reference/facts.md",
    )
    edit(
        folder,
        "| days open | whole number of days | days from opened on to today |",
        "| days open | whole number of days | days from opened on to today |\n"
        "| ends on | date | shown on, else opened on plus 3 business days |",
        "reference/facts.md",
    )
    edit(folder, "| wait | opened on + patience |", "| wait | ends on |")
    page = Library(folder).playbook("late-parcel")
    place = page.reference.marketplaces["EBAY_US"]
    on = date(2024, 5, 10)
    facts = {"opened on": on, "tracking": "moving"}

    told = {}
    for shown in (None, date(2024, 5, 14), date(2024, 5, 15)):
        known = page.known(
            {**facts, "shown on": shown} if shown else facts, marketplace=place, on=on
        )
        decision = page.decide("next step", known)
        said = explain(page, decision)
        told[shown] = (
            decision.answers["act_by"],
            [(each.stated, each.counted) for each in said.counted],
        )

    counted = date(2024, 5, 15)
    assert told == {
        None: (counted, []),
        date(2024, 5, 14): (date(2024, 5, 14), [("2024-05-14", "2024-05-15")]),
        counted: (counted, []),
    }
