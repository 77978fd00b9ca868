"""``docs/playbook-form.md`` tells the truth: every example in it is executed.

The examples of the page make one small folder of content, which must be without
mistakes; every cell that it shows is tried: a value that fits, and one that does not.
"""

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.exercises import PARTS
from kit.content.lessons import SHOWS
from kit.content.letters.reply_reader import SHAPES
from kit.content.letters.reply_rules import LOOKS
from kit.content.library import Library
from kit.content.markdown.documents import read_document
from kit.content.pages.page_reader import SECTIONS, STATUSES
from kit.content.pages.talk_rows import MOVES, NOW, UNITS, WITH_LIST, WITH_WORDS
from kit.content.reference.reference import CONFIDENCES, ROLES
from kit.marking.content_check import check_content
from kit.practice.generate.coverage import coverage_of
from kit.practice.letters.letter_check import check_reply, reply_context_of
from kit.practice.reading.texts import read_text
from kit.rules.conditions import read_cell
from kit.rules.decisions import Decision
from kit.rules.facts import Known, Situation, read_derivation
from kit.rules.limits import Limit, Limits, read_amount
from kit.rules.outcomes import read_outcome, value_of
from kit.rules.phrases import read_phrases
from kit.rules.values import Kind, Money, Sort, point_of, read_kind

REPO = Path(__file__).parents[1]
FORM = REPO / "docs" / "playbook-form.md"
TEXT = FORM.read_text(encoding="utf-8")
WORDS = Kind(Sort.WORD, ("none", "no-scan", "moving", "delivered", "lost"))
METALS = Kind(Sort.WORD, ("silver", "gold", "text"))
NUMBER = Kind(Sort.WHOLE)
DAYS = Kind(Sort.WHOLE, unit="days")
YES_NO = Kind(Sort.YES_NO)
MONEY = Kind(Sort.MONEY)
DATE = Kind(Sort.DATE)
LIMITS = Limits(
    (
        Limit("reminder", "any", date(2020, 1, 1), read_amount("5"), "house"),
        Limit("patience", "any", date(2020, 1, 1), read_amount("15"), "house"),
    )
)


def section(title: str) -> str:
    """The text of one section of the page, without its heading."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    assert found, title
    return found[1]


def quote_of(title: str) -> str:
    """The first quotation of a section."""
    lines = [each for each in section(title).splitlines() if each.startswith(">")]
    return "\n".join(lines)


def table_of(text: str, number: int = 0) -> str:
    """One table of a text."""
    return re.findall(r"(?:^\|.*\n)+", text, re.M)[number]


def cells_of(title: str) -> list[str]:
    """Every example in a table of cells."""
    found = re.search(rf"^### {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, re.M | re.S)
    assert found
    rows = table_of(found[1]).splitlines()[2:]
    return re.findall(r"`([^`]+)`", "\n".join(rows))


def example_page() -> str:
    """The page that the examples of the form make together."""
    (front,) = re.findall(r"^```\n(---\n.*?---)\n```", TEXT, re.M | re.S)
    decide = section("Decide")
    reasons = re.search(r"(?:^\d+\. .*\n)+", decide, re.M)
    assert reasons
    return "\n\n".join(
        [
            front,
            "# The example\n\n## Use when",
            section("Use when").strip(),
            "## Ask\n\n" + table_of(section("Ask")),
            "## Limits\n\n" + table_of(section("Limits")),
            "## Decide: nothing comes\n\n" + table_of(decide) + "\n" + reasons[0],
            "## Say\n\n### return-reminder · en\n\n" + quote_of("Say"),
            "## Watch out\n\n" + table_of(section("Watch out")),
            example_talk(),
            "## Check: nothing comes\n\n" + table_of(section("Check")),
        ]
    )


def example_talk() -> str:
    """The talk of the form: its table, and the words under it in both languages."""
    talk = section("Talk")
    english, german = re.findall(r"(?:^\d+\. .*\n)+", talk, re.M)
    return f"## Talk\n\n{table_of(talk)}\n{english}\n### de\n\n{german}"


def example_limits() -> str:
    """The limits that pages share, as the form shows them."""
    part = section("Shared limits: `reference/limits.md`")
    return f"# Limits that pages share\n\n## Limits\n\n{table_of(part)}"


REPLIES = "Checking replies: `reference/replies.md`"


def example_replies() -> str:
    """The page by which replies are checked that the form shows, heading by heading."""
    parts = re.split(r"^### (.+)\n", section(REPLIES), flags=re.M)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    tables = [f"## {title}\n\n{table_of(text)}" for title, text in pairs]
    return "# Checking replies\n\n" + "\n".join(tables)


def example_roles() -> str:
    """The example of the page that says what a role may decide alone."""
    part = section("Roles: `reference/roles.md`")
    limits, authority_limits = (table_of(part, number) for number in (0, 1))
    return f"# Roles\n\n## Limits\n\n{limits}\n\n## Up to\n\n{authority_limits}\n"


def example_moods() -> str:
    """The moods and ends that the form declares, and what all buyers answer alike."""
    talk = section("Talk")
    titles = ("Moods", "Ends", "Reactions", "Follow-ups")
    return "\n".join(
        f"## {title}\n\n{table_of(talk, number)}"
        for number, title in enumerate(titles, start=1)
    )


def example_facts() -> str:
    """The vocabulary that the examples of the form make together."""
    facts = section("Facts and answers: `reference/facts.md`")
    known = table_of(section("The buyer knows"))
    return "\n\n".join(
        [
            *(
                f"## {title}\n\n{table_of(facts, number)}"
                for number, title in enumerate(("Facts", "Derived facts", "Answers"))
            ),
            f"## The buyer knows\n\n{known}",
        ]
    )


def example_cases() -> str:
    """The practice case of the form."""
    title = "Practice cases: `cases/<id>.md`"
    tables = [table_of(section(title), number) for number in (0, 1)]
    return "\n\n".join(["## the-coat · nothing comes", quote_of(title), *tables])


def example_lore() -> str:
    """What the stories of the form share: each table under the heading it has."""
    tables = iter(
        table_of(section("Stories: `reference/stories.md`"), number)
        for number in range(7)
    )
    return "\n\n".join(
        [
            f"## Every case\n\n{next(tables)}",
            f"## Words\n\n### people\n\n{next(tables)}",
            f"## Together\n\n{next(tables)}",
            f"## Days apart\n\n{next(tables)}\n{next(tables)}",
            f"## Amounts\n\n{next(tables)}",
            f"## Journey\n\n{next(tables)}",
        ]
    )


def example_scene() -> str:
    """The scene of the form, with its openings in both languages."""
    text = section("Scenes: `stories/<id>.md`")
    tables = [table_of(text, number) for number in range(3)]
    not_yet, posted, german = re.findall(r"^> .*$", text, re.M)
    meaning = text.split(german)[1].strip().splitlines()[0]
    return "\n\n".join(
        [
            "## waiting · nothing comes",
            *tables,
            f"### not-yet · en\n\n{not_yet}",
            f"### not-yet · de\n\n{german}\n\n{meaning}",
            f"### posted · en\n\n{posted}",
            f"### posted · de\n\n{german}\n\n{meaning}",
        ]
    )


def fenced(title: str) -> list[str]:
    """Every piece of YAML or Python that a section shows."""
    return re.findall(r"^```(?:yaml|python)\n(.*?)^```", section(title), re.M | re.S)


def lay_course(folder: Path) -> None:
    """The example of an exercise, of a course and of a lesson."""
    exercise = folder / "exercises" / "the-coat"
    exercise.mkdir(parents=True)
    front, model, near_miss = fenced("Exercises: `exercises/<id>/`")
    parts = "\n".join(f"## {title}\n\nYes.\n" for title in PARTS)
    (exercise / "brief.md").write_text(f"---\n{front}---\n\n# Coat\n\n{parts}", "utf-8")
    (exercise / "cases.md").write_text(f"# Cases\n\n{example_cases()}\n", "utf-8")
    (exercise / "model.yaml").write_text(model, "utf-8")
    (exercise / "near-miss.yaml").write_text(near_miss, "utf-8")
    opens = 'open_exercise("the-coat", answers, attempt)'
    write_notebook(exercise / "exercise.ipynb", [opens])
    steps = table_of(section("The course: `exercises/course.md`"))
    top = "---\nid: course\ntitle: Coats\nreviewed: 2026-11-22\n---\n"
    (exercise.parent / "course.md").write_text(f"{top}\n# Coats\n\n{steps}", "utf-8")
    lessons = "Lessons: `notebooks/<name>.ipynb`"
    shows = re.findall(r"^\| `([^`]+)` \|", section(lessons), re.M)
    (folder / "notebooks").mkdir()
    write_notebook(
        folder / "notebooks" / "01-the-coat.ipynb", [*fenced(lessons), *shows]
    )


def write_notebook(path: Path, sources: list[str]) -> None:
    """A notebook of cells of code."""
    cells = [{"cell_type": "code", "source": each} for each in sources]
    path.write_text(json.dumps({"cells": cells}), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples as a folder of content, with the shipped actions and sources."""
    reference = tmp_path / "playbooks" / "reference"
    shutil.copytree(REPO / "playbooks" / "reference", reference)
    # An optional page, and its slots are facts that the example does not have.
    (reference / "messages.md").unlink()
    (reference / "facts.md").write_text(f"# Facts\n\n{example_facts()}\n", "utf-8")
    (reference / "limits.md").write_text(example_limits(), "utf-8")
    (reference / "roles.md").write_text(example_roles(), "utf-8")
    (reference / "talk.md").write_text(f"# Talk\n\n{example_moods()}", "utf-8")
    (reference / "replies.md").write_text(example_replies(), "utf-8")
    (reference / "coverage.md").write_text(
        "# Coverage\n\n| Statement | In our words | Stands in |\n| --- | --- | --- |\n"
        "| S3-3 | Nothing was sent. | return-without-parcel |\n",
        "utf-8",
    )
    (reference / "stories.md").write_text(f"# Stories\n\n{example_lore()}\n", "utf-8")
    pages = reference.parent
    (pages / "stories").mkdir()
    (pages / "stories" / "return-without-parcel.md").write_text(
        f"# Stories\n\n{example_scene()}\n", "utf-8"
    )
    (pages / "return-without-parcel.md").write_text(example_page() + "\n", "utf-8")
    (pages / "cases").mkdir()
    (pages / "cases" / "return-without-parcel.md").write_text(
        f"# Cases\n\n{example_cases()}\n", "utf-8"
    )
    return tmp_path


def test_the_examples_make_a_folder_without_mistakes(folder):
    """An author copies from this page; what it shows must pass ``kit check``."""
    assert [str(each) for each in Library(folder).mistakes()] == []


def test_the_examples_of_exercise_course_and_lesson_are_without_mistakes(folder):
    """Who writes an exercise from this page alone shall have it read at once."""
    lay_course(folder)

    found = check_content(Library(folder))

    assert [str(each) for each in found.mistakes] == []
    assert {each.path.parts[0] for each in found.todos} == {"playbooks"}


def test_the_page_lists_everything_that_a_lesson_can_show():
    """A call that the page does not name is found by nobody."""
    text = section("Lessons: `notebooks/<name>.ipynb`")

    assert {*re.findall(r"^\| `lesson\.(\w+)\(", text, re.M)} == set(SHOWS)


def test_the_example_case_is_decided_by_the_example_page(folder):
    """The coat: fourteen business days without a scan, so one friendly reminder."""
    (case,) = Library(folder).cases("return-without-parcel")
    (decision,) = case.decide()

    assert decision.row.number == "3"
    assert decision.answers["act_by"] == date(2024, 8, 30)


def phrase_examples() -> list[tuple[str, ...]]:
    """Each phrase that the form shows, with what it finds and what it does not."""
    rows = table_of(section(REPLIES), 3).splitlines()[2:]
    return [
        tuple(cell.strip().strip("`") for cell in row.strip("| ").split(" | "))
        for row in rows
    ]


@pytest.mark.parametrize(("phrase", "finds", "leaves"), phrase_examples())
def test_a_phrase_finds_what_the_page_says(phrase, finds, leaves):
    """An author trusts the page that teaches how to write down words."""
    rules = LIBRARY.reply_rules
    phrases = read_phrases(phrase, SHAPES)

    def is_found(text: str) -> bool:
        return read_text(text, rules, today=date(2024, 5, 1)).wording.has(phrases)

    assert is_found(finds)
    assert not any(is_found(each) for each in leaves.split("; "))


OLDER = {"says", "never says"}
"""What pages of earlier versions look at; kept attempts are still marked by them."""


def test_what_a_rule_can_look_at_is_what_the_page_lists():
    """A rule of a company's own page must not be refused for a word of the form."""
    rows = table_of(section(REPLIES), 1).splitlines()[2:]
    listed = [
        each for row in rows for each in re.findall(r"`([^`]+)`", row.split("|")[1])
    ]

    assert {each for each in listed if each != "note names …"} == {*LOOKS} - OLDER


def test_the_example_of_a_reply_is_checked_by_the_example_page(folder):
    """The coat again: a friendly reminder, and one that promises too much."""
    library = Library(folder)
    (case,) = library.cases("return-without-parcel")
    context, rules = reply_context_of(case), library.reply_rules
    good = (
        "Hello Rosa, no, it is not too late: your return is still open. Please post"
        " the coat by 30 August. Mia"
    )
    bad = good.replace("30 August", "2 September") + " Calm down."

    assert check_reply(good, context, rules) == ()
    assert [each.rule for each in check_reply(bad, context, rules)] == [
        "wrong-day",
        "rude",
    ]


def test_names_are_the_same_whatever_their_capitals_hyphens_and_spaces(folder):
    """Nobody should lose an hour to “post back” and “Post-Back”."""
    page = folder / "playbooks" / "return-without-parcel.md"
    text = page.read_text(encoding="utf-8")
    for one, other in (
        ("| U | returned parcel |", "| U | Returned-Parcel |"),
        (">= post-back patience", ">= Post_back  Patience"),
        ("parcel due on | none", "Parcel-due-on | none"),
        ("## Check: nothing comes", "## check: Nothing-Comes"),
        ("| EBAY_US | no | 15 |", "| ebay-us | no | 15 |"),
        ("ask-ebay-to-close | now", "Ask eBay to close | now"),
        ("[B-RET-4, S3-3]", "[b-ret-4, s3-3]"),
    ):
        assert one in text
        text = text.replace(one, other)
    page.write_text(text, encoding="utf-8")

    assert [str(each) for each in Library(folder).mistakes()] == []


CELLS = {
    "any": (YES_NO, True, None),
    "yes": (YES_NO, True, False),
    "delivered": (WORDS, "delivered", "lost"),
    "none, no-scan": (WORDS, "no-scan", "moving"),
    "not delivered, lost": (WORDS, "none", "lost"),
    "< 3": (NUMBER, 2, 3),
    "<= 3": (NUMBER, 3, 4),
    "> 3": (NUMBER, 4, 3),
    ">= 3": (NUMBER, 3, 2),
    "3..15": (NUMBER, 15, 16),
    "[3..15)": (NUMBER, 3, 15),
    "(3..15]": (NUMBER, 15, 3),
    "not (3..15)": (NUMBER, 15, 14),
    "(3..15)": (NUMBER, 14, 15),
    ">= reminder": (NUMBER, 5, 4),
    "[reminder..patience)": (NUMBER, 14, 15),
    "USD 750": (MONEY, Money(75000, "USD"), Money(75001, "USD")),
    "2024-05-15": (DATE, date(2024, 5, 15), date(2024, 5, 14)),
}
STANDARD = {
    "-": (YES_NO, False, None),
    'not("gold","silver")': (METALS, "text", "gold"),
    '"text"': (METALS, "text", "gold"),
    '@"2024-05-15"': (DATE, date(2024, 5, 15), date(2024, 5, 16)),
    'date("2024-05-15")': (DATE, date(2024, 5, 15), date(2024, 5, 16)),
    '@"P14D"': (DAYS, 14, 13),
    "true": (YES_NO, True, False),
    "false": (YES_NO, False, True),
    "]14..60]": (NUMBER, 15, 14),
}
"""What each example means: the kind of its fact, what fits, and what does not."""


@pytest.mark.parametrize("cell", [*CELLS, *STANDARD])
def test_an_example_cell_means_what_the_page_says(cell):
    """The last value that fits and the first that does not, for each example."""
    kind, inside, outside = {**CELLS, **STANDARD}[cell]
    values = {"reminder": 5, "patience": 15}

    read = read_cell(cell, kind, fact="the fact", limits=LIMITS)
    region = read.region(kind, values, currency="USD")

    assert region.has(point_of(inside, kind))
    assert outside is None or not region.has(point_of(outside, kind))


def test_every_example_of_a_cell_is_tried():
    """Who adds a line to the page adds what it means to this test."""
    title = "What a cell of a question may say"
    spelling = re.search(r"The spelling of the DMN standard.*", TEXT)

    assert set(cells_of(title)) == CELLS.keys()
    assert spelling
    assert set(re.findall(r"`([^`]+)`", spelling[0])) == STANDARD.keys()


OUTCOMES = {
    "now": date(2024, 8, 30),
    "none": "none",
    "not covered": "not covered",
    "edd + 1 day": date(2024, 8, 21),
    "edd + 3 days": date(2024, 8, 23),
    "edd + 3 business days": date(2024, 8, 23),
}
"""What each example of a day gives on 30 August 2024 with an estimate of the 20th."""


@pytest.mark.parametrize("text", OUTCOMES)
def test_an_example_of_a_day_is_the_day_that_the_page_says(text):
    """Deadlines are what agents are marked on, so their few forms must be exact."""
    library = Library(REPO)
    facts = library.reference.facts
    place = library.reference.marketplaces["EBAY_US"]
    on = date(2024, 8, 30)
    known = Known({"edd": date(2024, 8, 20)}, facts, Situation(place, on, on))

    outcome = read_outcome(
        text, Kind(Sort.DAY), answer="Act by", facts=facts, limits=LIMITS
    )

    assert value_of(outcome, known) == OUTCOMES[text]


def test_every_example_of_an_answer_is_tried():
    """`3 days` and `3 business days` are steps, so they are tried behind a date."""
    section_text = TEXT.split("### What a cell of an answer may say")[1]
    (row,) = re.findall(r"^\| day \| (.*) \|$", section_text, re.M)
    shown = set(re.findall(r"`([^`]+)`", row))

    assert shown == {
        text.removeprefix("edd + ") if text.endswith("days") else text
        for text in OUTCOMES
    }


@pytest.mark.parametrize("title", ["Facts", "Derived facts", "Answers"])
def test_every_type_that_the_page_names_is_a_type(title):
    """The types stand in a sentence under each table."""
    facts = section("Facts and answers: `reference/facts.md`")
    part = facts.split(f"### {title}\n")[1].split("\n### ")[0]
    sentences = re.findall(r"^Types are .*$", part, re.M)
    named = re.findall(r"`([^`]+)`", " ".join(sentences))

    assert all(read_kind(each.removeprefix("due ")) for each in named)
    assert bool(named) == (title != "Derived facts")


def test_every_form_of_a_derivation_that_the_page_names_is_one():
    """Six forms and no seventh; `A plus B days` is the fifth with its unit."""
    (sentence,) = re.findall(r"^The forms are .*$", TEXT, re.M)
    forms = re.findall(r"`([^`]+)`", sentence.split(", where")[0])

    read = [read_derivation(form) for form in forms]

    assert [str(each) for each in read] == forms
    assert {(each.first, each.second) for each in read} == {("A", "B")}


def test_every_form_that_says_more_is_one():
    """An ending, a calendar of our own, and a fact that outranks the count."""
    (_, shown) = TEXT.split("\nSome forms say more", 1)
    forms = re.findall(r"`([^`]+)`", shown.split("\n\n")[1])

    read = [read_derivation(form) for form in forms]

    assert [str(each) for each in read] == forms
    assert {each.ends_on_business_day for each in read} == {True, False}
    assert {each.at_our_desk for each in read} == {True, False}
    assert "parcel due on" in {each.outranked_by for each in read}


def test_every_value_of_a_limit_that_the_page_names_is_one():
    """Days, business days, another unit, a plain number, an amount, a date."""
    (sentence,) = re.findall(r"^A value is a number of .*$", TEXT, re.M)
    named = re.findall(r"`([^`]+)`", sentence)

    assert named == ["days", "business days", "hours", "3 offers", "USD 750"]
    assert [str(read_amount(each)) for each in named[3:]] == ["3 offers", "USD 750"]
    assert [str(read_amount(each)) for each in ("1 hour", "24 hours")] == [
        "1 hour",
        "24 hours",
    ]
    assert str(read_amount("3 business days")) == "3 business days"
    assert read_amount("2024-05-15") == date(2024, 5, 15)
    assert read_amount("0.5") == Decimal("0.5")


def test_the_order_of_the_sections_is_the_one_that_is_checked():
    """The sentence lists what every page must have; Talk may be left out."""
    (sentence,) = re.findall(r"^Then come the sections.*$", TEXT, re.M)
    named = re.findall(r"\*\*([^*]+)\*\*", sentence)

    assert named == [name for name in SECTIONS if name != "Talk"]


def test_the_moves_and_the_columns_of_a_talk_are_those_of_the_page(folder):
    """Both ways to write a talk are shown, and every move has its words."""
    talk = section("Talk")
    named = re.search(r"instead of \*Line\*: (.*?)\. Slots", talk)
    assert named

    assert tuple(re.findall(r"`([^`]+)`", named[1])) == WITH_WORDS
    assert table_of(talk).splitlines()[0] == f"| {' | '.join(WITH_LIST)} |"
    assert all(f"`{word}`" in talk for word in (*MOVES, NOW, *UNITS))
    assert Library(folder).playbook("return-without-parcel").talk


def test_reactions_and_follow_ups_of_the_form_are_read(folder):
    """What the form shows beside moods and ends is said by the buyers of its page."""
    reference = Library(folder).reference
    talk = Library(folder).playbook("return-without-parcel").talk

    assert [each.findings for each in reference.reactions] == [
        ("none-sent",),
        ("rude",),
        ("rude", "claim"),
    ]
    assert [each.end for each in reference.follow_ups] == ["", "content"]
    assert all(set(each.words) == {"en", "de"} for each in reference.reactions)
    assert all(set(each.translations) == {"de"} for each in talk.lines)
    assert reference.buyer_knows == {"returned_parcel"}


def test_the_words_of_the_page_are_the_words_of_the_kit():
    """Roles, confidences and states are lists in the code; the page repeats them."""
    for words in (ROLES, CONFIDENCES, STATUSES):
        assert all(f"`{word}`" in TEXT for word in words)


def test_the_columns_of_the_other_pages_are_those_that_the_page_names():
    """A company that writes its own pages takes the columns from here."""
    rows = table_of(section("The other reference pages")).splitlines()[2:]
    for row in rows:
        name, columns = (cell.strip() for cell in row.strip("|").split("|"))
        path = REPO / "playbooks" / "reference" / name.strip("`")
        document, _ = read_document(path, path, front="none")
        assert document
        header = [heading.text for heading in document.tables[0].header]
        named = [re.sub(r" \(.*\)", "", each).strip() for each in columns.split(" · ")]

        assert named == header


def test_the_example_of_a_desk_is_read(folder):
    """Who hands over how, and the clock of the desk, stand in two optional sections."""
    reference = folder / "playbooks" / "reference"
    shown = section("The other reference pages")
    tables = {
        "actions": ("Hand over", table_of(shown, 1)),
        "marketplaces": ("Our desk", table_of(shown, 2)),
    }
    for name, (title, table) in tables.items():
        page = reference / f"{name}.md"
        text, _, _ = page.read_text(encoding="utf-8").partition("\n## ")
        page.write_text(f"{text}\n## {title}\n\n{table}", encoding="utf-8")

    read = Library(folder).reference

    assert read.hand_over == {"trainee": "call-lead"}
    assert (read.desk_zone, read.desk_calendar) == ("Asia/Shanghai", "CN")


def test_today_and_marketplace_are_always_known(folder):
    """The page promises it: no case has to state them."""
    page = Library(folder).playbook("return-without-parcel")
    place = page.reference.marketplaces["EBAY_GB"]
    known = page.known({"returned parcel": True}, marketplace=place, on=date.max)

    assert known.value("today") == date.max
    assert known.value("marketplace") == "EBAY_GB"
    assert isinstance(page.decide("nothing comes", known), Decision)


def test_the_stories_of_the_form_reach_every_row_of_the_example(folder):
    """Who writes stories as this page shows can practise the whole playbook."""
    stories = Library(folder).stories("return-without-parcel")

    assert coverage_of(stories, (1,)).is_full
