"""Articles: a German letter names a thing in brackets without its article."""

import re
from pathlib import Path

import pytest

from kit.content.library import Library
from kit.practice.articles import without_article
from kit.practice.case.drafts import Knowledge, fill_draft
from kit.practice.wording import fill_slots

ROOT = Path(__file__).parents[1]

ARTICLE_IN_BRACKETS = re.compile(r"\((?:[^()]*, )?(?:der|die|das|ein|eine) ")


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("der Wasserkessel", "Wasserkessel"),
        ("die Gitarre", "Gitarre"),
        ("das Puzzle mit 1000 Teilen", "Puzzle mit 1000 Teilen"),
        ("der blaue Wasserkessel", "blauer Wasserkessel"),
        ("das alte, grüne Radio", "altes, grünes Radio"),
        ("die blaue Vase", "blaue Vase"),
        ("die zwei grünen Kissen", "zwei grüne Kissen"),
        ("ein blauer Kessel", "blauer Kessel"),
        ("eines der Einzelteile", "eines der Einzelteile"),
        ("Dachbox", "Dachbox"),
    ],
)
def test_a_german_label_has_no_article(words, label):
    """Adjectives take the ending that they have without one."""
    assert without_article(words, "de-DE") == label


def test_an_english_label_keeps_it():
    """“order 12 (the copper kettle)” is how people write."""
    assert without_article("the copper kettle", "en-GB") == "the copper kettle"


def test_only_what_stands_in_brackets_is_a_label(library):
    """Letter and draft say the same; in a sentence the article stays."""
    case = library.cases("statutory-withdrawal")[0]
    text = "Bestellung {order_id} ({item}): {Item} (Bestellung 1, {item})."
    text = text.replace("{Item}", "{item}")
    said = (
        "16-40771-22093 (Wasserkessel): der Wasserkessel (Bestellung 1, Wasserkessel)."
    )

    letter = fill_slots(case, text, "de", {})
    draft = fill_draft(case, text, "de", Knowledge(case.facts, {}))

    assert letter == draft == f"Bestellung {said}"


def test_no_german_letter_has_an_article_in_brackets(library):
    """Every message of every page, filled from its German cases."""
    letters = [
        fill_draft(case, message.text, "de", Knowledge(case.facts, {}))
        for name in library.ids
        for case in library.cases(name)
        for message in case.playbook.messages
        if message.language == case.marketplace.language[:2] == "de"
    ]

    assert len(letters) > 100
    assert not [each for each in letters if ARTICLE_IN_BRACKETS.search(each)]
