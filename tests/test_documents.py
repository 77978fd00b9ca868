"""Pages are read as they are written, and nothing is forgiven in silence."""

import codecs
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.content.markdown.documents import (
    Heading,
    parse_document,
    read_document,
    read_yaml,
)

SHOWN = Path("playbooks/late-parcel.md")

PAGE = """\
---
id: late-parcel
reviewed: 2026-11-22
sources: [B-RET-1, house]
---

# The parcel is late

## Use when

The buyer asks where it is.
If in doubt, wait.

## Decide: what now

| U | waited | **Action** | *Because* |
| --- | --- | --- | --- |
| 1 | < 3 | wait | It is early. |
| 2 | `>= 3` | ask \\| call | It’s “late”. |

1. Give it time,
   it is early. [B-RET-1]
3. Now we ask. [house]

## Say

### wait · en

> Hello,
> please wait.
"""


def body(*lines: str) -> str:
    """A page of one section; the first of these lines is line 3."""
    return "\n".join(["## Decide", "", *lines, ""])


def table(*rows: str) -> str:
    """A page with one table; the first row is line 5."""
    return body("| Fact | Ask |", "| --- | --- |", *rows)


def test_a_page_comes_back_as_it_was_written():
    """Everything else in the kit rests on words, order and lines being the author's."""
    page, mistakes = parse_document(PAGE, SHOWN)

    use, decide, say = page.sections
    assert mistakes == []
    assert (page.path, page.text, page.title) == (SHOWN, PAGE, "The parcel is late")
    assert [each.title for each in page.sections] == [
        "Use when",
        "Decide: what now",
        "Say",
    ]
    assert [(each.line, each.level) for each in page.sections] == [
        (9, 2),
        (14, 2),
        (25, 2),
    ]
    assert use.paragraphs[0].text == "The buyer asks where it is.\nIf in doubt, wait."
    assert use.paragraphs[0].line == 11
    assert decide.tables[0].line == 16
    assert say.subsections[0].title == "wait · en"
    assert say.subsections[0].quotes[0].text == "Hello,\nplease wait."
    assert say.subsections[0].quotes[0].line == 29


def test_front_matter_holds_words_days_and_lists_with_their_lines():
    """A mistake in the front matter must be shown on its own line, too."""
    page, _ = parse_document(PAGE, SHOWN)

    assert page.front == {
        "id": "late-parcel",
        "reviewed": date(2026, 11, 22),
        "sources": ["B-RET-1", "house"],
    }
    assert page.front_lines == {"id": 2, "reviewed": 3, "sources": 4}


def test_a_table_above_the_first_section_belongs_to_the_page():
    """A reference page is one list; no row of it may get lost for want of a heading."""
    page, mistakes = parse_document(
        "# Title\n\n| a |\n| --- |\n| 1 |\n", SHOWN, front="none"
    )

    assert mistakes == []
    assert [each.line for each in page.tables] == [3]
    assert page.tables[0].rows[0].cells == ("1",)


def test_a_header_tells_questions_answers_and_notes_apart():
    """Bold and italic are part of the rule, so they must not get lost."""
    page, _ = parse_document(PAGE, SHOWN)

    assert page.sections[1].tables[0].header == (
        Heading("U", "plain"),
        Heading("waited", "plain"),
        Heading("Action", "bold"),
        Heading("Because", "italic"),
    )


def test_a_cell_is_the_authors_source_in_plain_quotes():
    """Word processors curl quotes; a rule must not depend on that."""
    page, _ = parse_document(PAGE, SHOWN)

    first, second = page.sections[1].tables[0].rows
    assert (first.line, first.cells) == (18, ("1", "< 3", "wait", "It is early."))
    assert second.cells == ("2", ">= 3", "ask | call", 'It\'s "late".')


def test_a_numbered_item_keeps_the_number_that_its_author_wrote():
    """The number names a row; Markdown would count 1, 2 and explain the wrong row."""
    page, _ = parse_document(PAGE, SHOWN)

    items = page.sections[1].items
    assert [(each.number, each.line) for each in items] == [(1, 21), (3, 23)]
    assert items[0].text == "Give it time, it is early. [B-RET-1]"


def test_the_digest_is_that_of_the_text_on_every_system():
    """Answers are kept with the digest of their page; line ends must not change it."""
    unix, _ = parse_document(PAGE, SHOWN)
    windows, _ = parse_document("\ufeff" + PAGE.replace("\n", "\r\n"), SHOWN)

    assert unix.digest == sha256(PAGE.encode()).hexdigest()
    assert windows.digest == unix.digest


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["```", "| a | b |", "| --- | --- |", "```"], id="fenced code"),
        pytest.param(["- a list:", "  ```", "  | a |", "  ```"], id="fence in a list"),
        pytest.param(["[rules]: https://example.com"], id="a link definition"),
        pytest.param(["Write `| a |` or \\| in text."], id="a bar in a code span"),
        pytest.param(["a \\| b"], id="an escaped bar in text"),
        pytest.param(["- one", "- two"], id="a list without numbers"),
        pytest.param(["Text.", "", "---", "", "Text."], id="a line across the page"),
    ],
)
def test_what_is_no_table_passes_untouched(lines):
    """Authors may explain things; only what looks like a rule is held to the form."""
    _, mistakes = parse_document(body(*lines), SHOWN, front="none")

    assert mistakes == []


@dataclass(frozen=True)
class Slip:
    """A page with one mistake, its name, its line and what it says."""

    text: str
    kind: str
    line: int
    values: dict[str, object] = field(default_factory=dict)


SLIPS = {
    "a row that is too short": Slip(
        table("| a | b |", "| a |"), "row-length", 6, {"found": 1, "wanted": 2}
    ),
    "a row that is too long": Slip(
        table("| a | b | c |"), "row-length", 5, {"found": 3, "wanted": 2}
    ),
    "an empty cell": Slip(table("| a |  |"), "cell-empty", 5, {"column": "Ask"}),
    "a rule line that is too short": Slip(
        body("| a | b |", "| --- |", "| 1 | 2 |"),
        "table-rule",
        4,
        {"found": 1, "wanted": 2, "pattern": "| --- | --- |"},
    ),
    "a rule line without bars": Slip(
        body("| a | b |", "---", "| 1 | 2 |"),
        "table-rule",
        4,
        {"found": 1, "wanted": 2, "pattern": "| --- | --- |"},
    ),
    "a rule line of long dashes": Slip(
        body("| a |", "| — |", "| 1 |"),
        "table-rule",
        4,
        {"found": 1, "wanted": 1, "pattern": "| --- |"},
    ),
    "no rule line": Slip(body("| a | b |", "| 1 | 2 |"), "bar-alone", 3),
    "a row after a blank line": Slip(
        table("| a | b |", "", "| c | d |"), "bar-alone", 7
    ),
    "a row without outer bars after a blank line": Slip(
        table("| a | b |", "", "c | d"), "bar-alone", 7
    ),
    "a row that is indented like code": Slip(
        table("| a | b |", "    | c | d |"), "bar-alone", 6
    ),
    "a row wrapped in its editor": Slip(
        table("| a | b", "c |", "| d | e |"), "row-length", 6, {"found": 1, "wanted": 2}
    ),
    "text under a table": Slip(table("| a | b |", "Text."), "table-text-below", 6),
    "a list under a table": Slip(table("| a | b |", "1. Why."), "table-text-below", 6),
    "text above a table": Slip(
        body("Text.", "| a |", "| --- |", "| 1 |"), "table-not-apart", 4
    ),
    "an item that swallows a table": Slip(
        body("1. Why.", "| a |", "| --- |", "| 1 |"), "table-not-apart", 4
    ),
    "a table that is indented like code": Slip(
        body("    | a |", "    | --- |", "    | 1 |"), "table-not-apart", 3
    ),
    "two columns of one name": Slip(
        body("| due day | **Due-Day** |", "| --- | --- |", "| 1 | 2 |"),
        "column-twice",
        3,
        {"column": "Due-Day"},
    ),
    "a column without a name": Slip(
        body("| a |  |", "| --- | --- |", "| 1 | 2 |"),
        "column-no-name",
        3,
        {"position": 2},
    ),
    "a table without rows": Slip(table(), "table-no-rows", 3),
    "a table in a quotation": Slip(
        body("> | a |", "> | --- |", "> | 1 |"), "table-nested", 3
    ),
    "a table in a list": Slip(
        body("- x", "", "  | a |", "  | --- |", "  | 1 |"), "table-nested", 5
    ),
    "a tab in a table": Slip(
        table("| a\t| b |"), "table-hidden", 5, {"name": "TAB", "code": "U+0009"}
    ),
    "a bell in a table": Slip(
        table("| a | \x07b |"),
        "table-hidden",
        5,
        {"name": "CONTROL", "code": "U+0007"},
    ),
    "a space without width in a header": Slip(
        body("| a\u200b |", "| --- |", "| 1 |"),
        "table-hidden",
        3,
        {"name": "ZERO WIDTH SPACE", "code": "U+200B"},
    ),
    "two sections of one name": Slip(
        body("Text.", "", "## decide"),
        "heading-twice",
        5,
        {"title": "decide", "first": 1},
    ),
    "two subsections of one name": Slip(
        body("### wait-en", "### Wait en"),
        "heading-twice",
        4,
        {"title": "Wait en", "first": 3},
    ),
    "a heading of level 4": Slip(
        body("#### Deep"), "heading-deep", 3, {"title": "Deep"}
    ),
    "a subsection without a section": Slip(
        "### Alone\n", "heading-alone", 1, {"title": "Alone"}
    ),
    "a second title": Slip("# One\n\n# Two\n", "heading-second-title", 3, {"first": 1}),
    "a heading with a line under it": Slip(
        body("Text", "over two lines", "---"),
        "heading-underlined",
        3,
        {"title": "over two lines"},
    ),
    "an HTML block": Slip(body("<table>", "</table>"), "html", 3),
    "an HTML comment": Slip(body("Text.", "", "<!-- hidden -->"), "html", 5),
    "front matter where none belongs": Slip("---\nid: x\n---\n", "front-unwanted", 1),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_named_with_its_line(slip):
    """Markdown shows no error for any of these, and some decide a case wrongly."""
    _, mistakes = parse_document(slip.text, SHOWN, front="none")

    assert [(each.kind, each.line) for each in mistakes] == [(slip.kind, slip.line)]
    assert mistakes[0].values == slip.values
    assert mistakes[0].path == SHOWN


FRONT_SLIPS = {
    "is missing": Slip("# Title\n", "front-missing", 1),
    "comes after a blank line": Slip("\n---\n\n## A\n", "front-missing", 1),
    "is not closed": Slip("---\nid: x\n\n## A\n", "front-open", 1),
    "is a list": Slip("---\n- x\n---\n", "front-not-names", 2),
    "is empty": Slip("---\n---\n", "front-not-names", 2),
    "has a name without a value": Slip(
        "---\nid: x\nowner:\n---\n", "front-empty", 3, {"name": "owner"}
    ),
    "has a colon too many": Slip(
        "---\nid: x\ntitle: a: b\n---\n",
        "yaml-broken",
        3,
        {"problem": "mapping values are not allowed here"},
    ),
    "has an open quotation": Slip(
        "---\nid: 'x\n---\n",
        "yaml-broken",
        2,
        {"problem": "found unexpected end of stream"},
    ),
    "repeats a name": Slip("---\nid: x\nid: y\n---\n", "yaml-twice", 3, {"name": "id"}),
    "refers to another value": Slip("---\na: 1\nb: *a\n---\n", "yaml-alias", 3),
    "can be referred to": Slip("---\na: &a 1\n---\n", "yaml-alias", 2),
    "asks for a type": Slip("---\na: !!python/name:os.system x\n---\n", "yaml-tag", 2),
    "is nested without end": Slip(f"---\na: {'[' * 5000}\n---\n", "yaml-deep", 2),
    "has a day that is none": Slip(
        "---\na: x\nb: 2026-02-29\n---\n", "yaml-day", 3, {"value": "2026-02-29"}
    ),
    "has a list for a name": Slip("---\n[a, b]: x\n---\n", "yaml-name", 2),
    "has a control character": Slip("---\na: x\nb: \x07\n---\n", "yaml-character", 3),
    "has an impossible escape": Slip(
        '---\na: "\\UFFFFFFFF"\n---\n', "yaml-character", 2
    ),
}


@pytest.mark.parametrize("slip", FRONT_SLIPS.values(), ids=FRONT_SLIPS.keys())
def test_front_matter_is_refused_when_it(slip):
    """Who owns a page and whether it is ready must never be guessed."""
    _, mistakes = parse_document(slip.text, SHOWN)

    assert [(each.kind, each.line) for each in mistakes] == [(slip.kind, slip.line)]
    assert mistakes[0].values == slip.values


def test_all_mistakes_of_a_page_come_together_in_the_order_of_lines():
    """An author mends five mistakes at once instead of running the check five times."""
    text = "---\nid: x\nid: y\n---\n" + table("| a |", "| a | |") + "\n| b |\n\n<br>\n"

    _, mistakes = parse_document(text, SHOWN)

    assert [(each.kind, each.line) for each in mistakes] == [
        ("yaml-twice", 3),
        ("row-length", 9),
        ("cell-empty", 10),
        ("bar-alone", 12),
        ("html", 14),
    ]


def test_a_row_with_a_mistake_is_left_out_of_its_table():
    """Who reads a row may rely on one cell for each column."""
    page, _ = parse_document(
        table("| a | b |", "| a |", "| a | |", "| c | d |"), SHOWN, front="none"
    )

    rows = page.sections[0].tables[0].rows
    assert [each.cells for each in rows] == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    "slip",
    [*SLIPS.values(), *FRONT_SLIPS.values()],
    ids=[*SLIPS.keys(), *FRONT_SLIPS.keys()],
)
def test_every_mistake_has_a_sentence_and_a_remedy(slip):
    """A mistake without words would stop the check of all other pages."""
    front = "required" if slip in FRONT_SLIPS.values() else "none"
    _, mistakes = parse_document(slip.text, SHOWN, front=front)

    assert str(mistakes[0]).startswith(f"{SHOWN}:{slip.line}: ")
    assert "\n  Fix: " in str(mistakes[0])


FILES = {
    "UTF-16": (codecs.BOM_UTF16_LE + PAGE.encode("utf-16-le"), "file-not-utf8", 1),
    "Latin-1 on line 2": (b"Hello\nM\xfcller", "file-not-utf8", 2),
    "one byte too large": (b"a" * 400_001, "file-too-large", 1),
}


@pytest.mark.parametrize(("data", "kind", "line"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_text_is_refused(tmp_path, data, kind, line):
    """A page saved by a spreadsheet must not come out as strange letters."""
    path = tmp_path / "page.md"
    path.write_bytes(data)

    page, mistakes = read_document(path, SHOWN)

    assert page is None
    assert [(each.kind, each.line) for each in mistakes] == [(kind, line)]
    assert "Fix: " in str(mistakes[0])


def test_a_file_of_just_the_largest_size_is_read(tmp_path):
    """The limit keeps out data, not long pages."""
    path = tmp_path / "page.md"
    path.write_bytes(b"a" * 250_000)

    page, mistakes = read_document(path, SHOWN, front="none")

    assert page is not None
    assert mistakes == []


def test_a_file_that_is_not_there_is_a_mistake_not_a_crash(tmp_path):
    """A page may vanish between listing and reading."""
    page, mistakes = read_document(tmp_path / "gone.md", SHOWN)

    assert page is None
    assert str(mistakes[0]).startswith(f"{SHOWN}:1: this file cannot be opened: ")


def test_a_byte_order_mark_is_tolerated(tmp_path):
    """Windows editors put one in front of the front matter."""
    path = tmp_path / "page.md"
    path.write_bytes(codecs.BOM_UTF8 + PAGE.encode())

    page, mistakes = read_document(path, SHOWN)

    assert page is not None
    assert page.text == PAGE
    assert mistakes == []


VALUES = {
    "no stays a word": ("a: no", {"a": "no"}),
    "a name may be On": ("On: 2024-08-30", {"On": date(2024, 8, 30)}),
    "a name is always text": ("3: x", {"3": "x"}),
    "a time of day is no number": ("a: 12:30", {"a": "12:30"}),
    "a leading zero is kept": ("a: 007", {"a": "007"}),
    "a whole number": ("a: -12", {"a": -12}),
    "a decimal number": ("a: 0.8", {"a": 0.8}),
    "true and false": ("a: [true, false]", {"a": [True, False]}),
    "nothing": ("a:\nb: null", {"a": None, "b": None}),
    "quotation marks make text": ("a: '2024-08-30'", {"a": "2024-08-30"}),
    "lines of text": ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    "a byte order mark is no part of a name": ("\ufeffa: x", {"a": "x"}),
    "an amount is text": ("a: USD 750", {"a": "USD 750"}),
}


@pytest.mark.parametrize(("text", "value"), VALUES.values(), ids=VALUES.keys())
def test_yaml_means_what_it_looks_like(tmp_path, text, value):
    """A model answer "no" must not become false, nor 12:30 the number 750."""
    path = tmp_path / "model.yaml"
    path.write_text(text, encoding="utf-8")

    assert read_yaml(path, SHOWN) == (value, [])


def test_yaml_with_a_mistake_gives_nothing_but_the_mistake(tmp_path):
    """Half a model answer would mark everybody wrong."""
    path = tmp_path / "model.yaml"
    path.write_text("case-1: refund\ncase-1: wait\n", encoding="utf-8")

    value, mistakes = read_yaml(path, SHOWN)

    assert value is None
    assert [(each.kind, each.line) for each in mistakes] == [("yaml-twice", 2)]


def test_yaml_cannot_grow_out_of_small_files(tmp_path):
    """Nine lines that refer to one another would fill the memory."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    path = tmp_path / "model.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")

    value, mistakes = read_yaml(path, SHOWN)

    assert value is None
    assert [each.kind for each in mistakes] == ["yaml-alias"]


SIGNS = ["|", "---", "- ", "1. ", "> ", "# ", "\n", "\n\n", "    ", "`", "```", "\\"]
WORDS = ["<b>", "<!--", "*", "_", "&a", "*a", "!t ", ": ", "[", "{", '"', "a", "\t"]
MARKDOWN = st.lists(st.sampled_from([*SIGNS, *WORDS])).map("".join)


@example("\ud800")
@given(st.text(st.characters()) | MARKDOWN | MARKDOWN.map("---\n{}\n---\n".format))
def test_no_text_makes_the_reader_fail(text):
    """Whatever an author saves, the check answers with mistakes, never a crash."""
    _, mistakes = parse_document(text, SHOWN)

    assert all(str(each) for each in mistakes)
    assert all(1 <= each.line <= text.count("\n") + 2 for each in mistakes)


VISIBLE = st.characters(
    exclude_categories=["C", "Z"], exclude_characters="“”‘’`", codec="utf-8"
)
CELLS = st.text(VISIBLE | st.just(" ") | st.sampled_from("|\\-:*"), min_size=1).map(
    lambda text: " ".join(text.split()) or "any"
)


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width).map(tuple), min_size=1
        )
    )
)
def test_any_table_survives_reading(rows):
    """What an author writes into a cell is what the kit decides by."""
    width = len(rows[0])
    header = "|".join(["", *(f" column {n} " for n in range(width)), ""])
    lines = [
        "| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in rows
    ]

    page, mistakes = parse_document(
        body(header, "|" + " --- |" * width, *lines), SHOWN, front="none"
    )

    read = page.sections[0].tables[0].rows
    assert mistakes == []
    assert [each.cells for each in read] == rows
    assert [each.line for each in read] == list(range(5, 5 + len(rows)))
