"""Find the tables of a Markdown file, without parsing their cells.

The cells are read from the source lines (``table_text.py``), so the Markdown parser
does not parse them as well: that is most of the time of reading a page. What counts
as a table is the rule of GitHub Flavored Markdown, section 4.10.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_BAR = re.compile(r"(?<!\\)\|")
# A hyphen and a space would be an item of a list.
_RULE = re.compile(r"(?!-[ \t])[-:|][-:| \t]+")
_RULE_CELL = re.compile(r":?-+:?")


def mark_tables(markdown: MarkdownIt) -> MarkdownIt:
    """Let a parser give one token of type ``table`` for each table, with its lines."""
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return markdown.enable("table")


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule, with the arguments that markdown-it-py gives to every block rule."""
    if start + 2 > end or not _has_header(state, start):
        return False
    if not silent:
        token = state.push("table", "table", 0)
        token.map = [start, _end_of_rows(state, start + 2, end)]
        state.line = token.map[1]
    return True


def _has_header(state: StateBlock, start: int) -> bool:
    """Whether a header stands on a line, and its rule below it."""
    rule, header = _line(state, start + 1), _line(state, start)
    if not _RULE.fullmatch(rule) or "|" not in header:
        return False
    if _is_outside(state, start + 1) or state.is_code_block(start):
        return False
    cells = _columns(rule.strip().split("|"))
    return (
        bool(cells)
        and all(_RULE_CELL.fullmatch(each.strip()) for each in cells)
        and len(_columns(_BAR.split(header.strip()))) == len(cells)
    )


def _end_of_rows(state: StateBlock, line: int, end: int) -> int:
    """One past the last line that Markdown takes as a row."""
    others = state.md.block.ruler.getRules("blockquote")
    outer, state.parentType = state.parentType, "table"
    while line < end and not _is_outside(state, line):
        text = _line(state, line).strip()
        if not text:
            break
        # Nothing else begins with a bar, so a row of the usual form is not tried.
        if text[0] != "|" and any(rule(state, line, end, True) for rule in others):
            break
        line += 1
    state.parentType = outer
    return line


def _is_outside(state: StateBlock, line: int) -> bool:
    return state.sCount[line] < state.blkIndent or state.is_code_block(line)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _columns(cells: list[str]) -> list[str]:
    """Leave out the nothing before the first bar and behind the last."""
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells
