"""Turn a report notebook into one page to read and print, safe to open anywhere.

The page holds what the notebook shows and nothing else: no code, no script, no
address that a browser would ask. What an agent typed is shown as the text it is.
This module knows nothing of marks.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_hex

from ...catalogue import language
from ...errors import needing

with needing("grade"):
    import nh3
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

MOST_KEPT = 1024
"""How many pieces of text are remembered as HTML."""

_SAFE_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "del", "div", "em", "hr", "i"),
    *("ins", "kbd", "mark", "p", "pre", "q", "s", "section", "small", "span"),
    *("strong", "sub", "sup", "u", "details", "summary"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dd", "dl", "dt", "li", "ol", "ul"),
    *("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
_SAFE_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "role", "style", "title", "aria-label"},
    "a": {"href"},
    "details": {"open"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# A box that scrolls is reached with the keyboard. Only 0: it keeps its place.
_SAFE_VALUES = {"div": {"tabindex": {"0"}}}
# None of these can hold an address.
_SAFE_STYLES = {
    *("color", "background-color", "font-size", "font-style", "font-weight"),
    *("text-align", "text-decoration", "white-space", "width", "height", "display"),
    *("margin", "margin-left", "margin-top", "margin-bottom", "padding"),
    *("border", "border-left", "border-radius"),
}
_SAFE_SCHEMES = {"http", "https", "mailto"}
_A_TABLE = f'<hr class="{token_hex()}">'
# A report stands alone: what it links to inside the lessons is not beside it.
_LINK_INSIDE = re.compile(
    r'<a (?:[^>]*? )?href="(?![a-z]+:|#)[^"]*"[^>]*>(.*?)</a>', re.DOTALL
)


def page_of(
    notebook: NotebookNode,
    *,
    subtitle: str,
    otherwise: str,
    notes: Sequence[str] = (),
) -> str:
    """Write the page of a notebook that has been run.

    Args:
        notebook: The notebook with its outputs; its first heading is the title.
        subtitle: The small line on top.
        otherwise: The title of a notebook without a heading.
        notes: Paragraphs that stand before all else.
    """
    words = {
        "language": language(),
        "title": _title(notebook) or otherwise,
        "subtitle": subtitle,
        "notes": notes,
    }
    # What an exporter does besides is about code, pictures and styles; and it copies
    # and checks the whole notebook twice, which takes longer than writing the page.
    page = _exporter().template.render(nb=notebook, resources={"kit": words})
    return _LINK_INSIDE.sub(r"\1", page)


def _title(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        heading = re.search(r"^# +(.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            return heading[1].strip()
    return ""


@cache
def _exporter() -> HTMLExporter:
    """Make it once: reading its templates takes longer than writing a page."""
    return HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        template_file=str(Path(__file__).with_name("report.html.j2")),
        filters={"safe_html": _safe_html, "safe_markdown": _safe_markdown},
        sanitize_html=True,
        exclude_anchor_links=True,
    )


@lru_cache(maxsize=MOST_KEPT)
def _safe_markdown(source: str) -> str:
    """Write the words between the cells: once for all reports that have them."""
    return _safe_html(str(_exporter().markdown2html({}, source)))


def _safe_html(html: str) -> str:
    """Keep the tags of text and tables; of any other tag keep what is written in it.

    Scripts and styles go altogether: nobody wants to read them on a page. The own
    sanitiser of nbconvert would also show paragraphs and headings as text.

    Most of a report are tables that many reports have, so each table is cleaned by
    itself and remembered. What stands for it meanwhile cannot be mistaken: clean HTML
    has no ``<`` in its text, and no ``"`` in what an attribute says.
    """
    *pieces, rest = html.split("</table>")
    if "<table" in rest or any(each.count("<table") != 1 for each in pieces):
        return _clean(html)  # such as a table within a table
    cut = [each.partition("<table") for each in pieces]
    texts = _clean(_A_TABLE.join([*(text for text, *_ in cut), rest])).split(_A_TABLE)
    if len(texts) != len(cut) + 1:  # such as a table in what is left out
        return _clean(html)
    tables = [_clean_table(f"{tag}{table}</table>") for _, tag, table in cut]
    return "".join(map("{}{}".format, texts, [*tables, ""]))


@lru_cache(maxsize=MOST_KEPT)
def _clean_table(html: str) -> str:
    return _clean(html)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_SAFE_TAGS,
        clean_content_tags={"script", "style"},
        attributes=_SAFE_ATTRIBUTES,
        tag_attribute_values=_SAFE_VALUES,
        filter_style_properties=_SAFE_STYLES,
        url_schemes=_SAFE_SCHEMES,
    )
