"""What people read is plain, and the check of it can tell plain from hard."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools.plain import checks, levels, turns  # noqa: E402
from tools.plain.passages import Passage, collect, read_file  # noqa: E402
from tools.plain.sentences import sentences, words_to_check  # noqa: E402

HERE = Path("a.md")
PROJECT = collect(ROOT)
TURNS = tomllib.loads(turns.FILE.read_text(encoding="utf-8"))["turn"]


def problems(text, language="en"):
    """What is wrong with one line of a page."""
    passage = Passage(HERE, 7, text, language)
    return [str(each) for each in checks.check([passage])]


def blamed(name):
    """The sentences of a set with which something is wrong."""
    path = ROOT / "tests" / "plain" / name
    return [each.text for each in read_file(path, path) if checks.check([each])]


def page(tmp_path, text, name="a.md"):
    """The passages of one file."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, Path("x/en") / name)


def test_everything_that_people_read_is_plain():
    """An agent with B1 English understands every sentence the first time."""
    assert "\n".join(map(str, checks.check(PROJECT))) == ""


@pytest.mark.parametrize(("name", "least"), [("hard.txt", 27), ("hard-2.txt", 50)])
def test_hard_sentences_of_the_trade_are_found(name, least):
    """The second set is by somebody who saw neither the check nor our pages."""
    assert len(blamed(name)) >= least


@pytest.mark.parametrize("name", ["plain.txt", "plain-2.txt"])
def test_plain_sentences_of_the_trade_are_left_alone(name):
    """A check that blames plain sentences is soon switched off."""
    assert len(blamed(name)) <= 3


def test_a_finding_names_place_sentence_and_plain_form():
    """Whoever reads it can correct the sentence without looking anything up."""
    (said,) = problems("It stands in the request.")

    first, second = said.splitlines()
    assert first.startswith("a.md:7: “stands” is not used here. Plain: ")
    assert second.strip() == "It stands in the request."


def test_a_sentence_of_25_words_passes_and_one_of_26_does_not():
    """The last value in and the first value out."""
    text = " ".join(["we"] * checks.MOST_WORDS)

    assert problems(f"{text}.") == []
    assert problems(f"{text} we.")[0].startswith("a.md:7: 26 words")


def test_a_sentence_of_many_long_words_is_found():
    """Short sentences can be hard, too."""
    text = "Every family can deliver two animals tomorrow"

    assert problems(f"{text}.") == []
    assert "5 long words" in problems(f"{text} afternoon.")[0]


def test_a_page_of_long_words_is_found_as_a_page():
    """Each sentence may pass where the page as a whole does not."""
    hard = [Passage(HERE, at, "Family companies deliver animals.") for at in range(12)]
    easy = [Passage(HERE, at, "We send the box to you.") for at in range(12)]

    assert [each.sentence for each in checks.check(hard)] == ["the whole page"]
    assert checks.check(easy) == []


@pytest.mark.parametrize("word", ["consignment", "reimbursement", "garment"])
def test_a_rare_word_is_above_b1(word):
    """It is found in any of its forms, and in small letters only: names are names."""
    assert levels.is_hard(word)
    assert problems(f"The {word} is here.") != []
    assert problems(f"The {word.title()} is here.") == []


@pytest.mark.parametrize("word", ["refunded", "parcels", "buyer's", "cancelling"])
def test_forms_of_known_words_are_known(word):
    """The base counts, not its ending."""
    assert not levels.is_hard(word)


def test_every_allowed_word_is_needed():
    """The list of exceptions does not grow old: each is used, and hard without it."""
    used = {
        form
        for passage in PROJECT
        for sentence in sentences(passage)
        for word in words_to_check(sentence)
        for form in levels._forms(word)
    }
    unused = levels.allowed_words() - used
    common = {each for each in levels.allowed_words() if levels._is_common(each)}

    assert (unused, common) == (set(), set())


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn["says"][0])
def test_every_turn_is_found_in_its_own_words(turn):
    """A phrase with a typing mistake in the list would never find anything."""
    language = turn.get("language", "en")
    for phrase in turn["says"]:
        words = [
            "so" if each == "…" else each.split("/")[0].replace("*", "")
            for each in phrase.removeprefix("^").split()
        ]
        said = " ".join(words)
        text = said if phrase.startswith("^") else f"So {said} now"
        found = [each for each, _ in turns.find_turns(text, language)]
        assert any(each.lower() in text.lower() for each in found), phrase


def test_a_phrase_may_have_gaps_choices_endings_and_a_start():
    """The signs of the list mean what its first lines say."""
    assert turns.pattern(["put/puts … right"]).search("He puts the whole case right.")
    assert not turns.pattern(["put … right"]).search("put a b c d e f g right")
    assert turns.pattern(["haggl*"]).search("no haggling")
    assert not turns.pattern(["stand"]).search("understand, stand-in")
    assert turns.pattern(["^nor"]).search("Nor is it")
    assert not turns.pattern(["^nor"]).search("It is neither here nor there")


def test_a_question_may_be_turned_round():
    """“Were you at home?” is plain; “Were you at home, we would …” is not."""
    assert problems("Were you at home?") == []
    assert problems("Were you at home, we would know it.") != []


def test_german_is_held_against_its_own_turns():
    """“stand” is a good German word, “bezahltes Etikett” is not what a desk writes."""
    assert problems("Auf dem Etikett stand eine andere Adresse.", "de") == []
    assert problems("Hier ist Ihr bezahltes Etikett.", "de") != []


def test_what_is_quoted_or_filled_in_is_somebody_elses():
    """A slot, a code and a quotation count as one word, and are not judged."""
    assert (
        problems("It says “the parcel stands here forthwith” and `mend` {mend}.") == []
    )


def test_what_buyers_say_and_what_tables_decide_is_not_read(tmp_path):
    """Buyers may write as they like; the names in a rule are not sentences."""
    text = (
        "---\nid: x\ntitle: Plain title\n---\n\n# Plain title\n\n## Use when\n\nRead.\n"
        "\n## Decide: a\n\n| U | mend | **Act** |\n| --- | --- | --- |\n"
        "| 1 | stands | slip |\n\n1. Because it is so. [B-1, house]\n\n## Say\n\n"
        "### hi · de\n\n> Guten Tag\n\n### hi · en\n\n> Hello\n\n## Watch out\n\n"
        "| Mistake | Why it is wrong | Row |\n| --- | --- | --- |\n| Do | Why | a 1 |\n"
        "\n## Talk\n\nSome words.\n\n1. I shall mend it.\n\n## Check: a\n\n"
        "| Case | On | **Act** |\n| --- | --- | --- |\n| It stands | 2024 | slip |\n"
    )
    read = page(tmp_path, text)

    assert [(each.line, each.text, each.language) for each in read] == [
        (3, "Plain title", "en"),
        (6, "Plain title", "en"),
        (8, "Use when", "en"),
        (10, "Read.", "en"),
        (18, "Because it is so. [B-1, house]", "en"),
        (20, "Say", "en"),
        (24, "Guten Tag", "de"),
        (28, "Hello", "en"),
        (30, "Watch out", "en"),
        (34, "Do", "en"),
        (34, "Why", "en"),
        (36, "Talk", "en"),
    ]


@pytest.mark.parametrize("suffix", [".toml", ".md", ".ipynb"])
def test_a_finding_leads_to_the_line_of_the_file(suffix):
    """The line that is printed is the one to change."""
    read = [each for each in PROJECT if each.path.suffix == suffix]

    assert len(read) > 100
    files = {
        each.path: (ROOT / each.path).read_text(encoding="utf-8").splitlines()
        for each in read
    }
    for each in read:
        line = files[each.path][each.line - 1]
        first = re.split(r"[\"\\\n]", each.text)[0].strip()
        assert first in line or json.dumps(first)[1:-1] in line, each


def test_the_command_prints_findings_and_ends_with_1(tmp_path):
    """Authors run it before `make test` does."""
    path = tmp_path / "a.txt"
    path.write_text("It is here.\nIt stands in it.\n", encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "tools.plain", str(path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )

    assert ran.returncode == 1
    assert ran.stdout.startswith(f"{path}:2: “stands”")
    assert ran.stderr == "1 findings of plain language.\n"
