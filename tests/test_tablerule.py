"""Our rule finds exactly the tables that the Markdown parser's own rule finds."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kit.content.markdown.table_syntax import mark_tables

THEIRS = MarkdownIt("commonmark").enable("table").disable("inline")
OURS = mark_tables(MarkdownIt("commonmark").disable("inline"))
INSIDE_A_TABLE = ("thead", "tbody", "tr_", "td_", "th_", "table_close", "inline")

PIECES = st.sampled_from(
    [
        *("|", "-", "---", ":", "\\|", " ", "a", "> ", "- ", "1. ", "\n", "\n\n"),
        *("| a | b |\n", "| --- | --- |\n", "| --- |\n", "x|y\n", ":-:|-\n"),
        *("\t", "\v", "\u00a0", "    ", "# h\n", "```\n", "<div>\n"),
    ]
)


def blocks(parser: MarkdownIt, text: str) -> list[tuple[str, int, list[int] | None]]:
    """Every block of a text with its depth and its lines; a table is one block."""
    return [
        (token.type.removesuffix("_open"), token.level, token.map)
        for token in parser.parse(text)
        if not token.type.startswith(INSIDE_A_TABLE)
    ]


@given(st.lists(PIECES, max_size=25).map("".join))
def test_tables_are_found_where_the_parser_finds_them(text):
    """A faster rule that saw another table would change what a page says."""
    assert blocks(OURS, text) == blocks(THEIRS, text)


def test_a_table_is_one_block_with_all_its_lines():
    """The property above would hold for a rule that finds nothing."""
    text = "Words.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\nMore.\n"

    assert ("table", 0, [2, 6]) in blocks(OURS, text)
