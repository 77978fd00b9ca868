"""Whatever agents and authors write, a page shows it as text and acts on none of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import ipywidgets as widgets
import nbformat
import pytest
from inputs import MARKUP
from sentences import bounded

from kit.content.answer_sheets import read_model
from kit.content.exercises import read_exercise
from kit.content.library import Library
from kit.errors import UnknownName
from kit.marking.grading import report_page
from kit.marking.grading.report_page import page_of
from kit.marking.marks.marks import mark_attempt, sheets_of
from kit.practice.case.casework import CaseProgress
from kit.practice.case.sheets import Sheet
from kit.practice.desk.session import Session
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.writing import marked_reply
from kit.screens.forms import hint, refusal
from kit.screens.lab.welcome_page import SignIn
from kit.screens.markup import buyer_card
from kit.screens.printed.report_table import mark_page

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLAIN = "Hello\nRosa"
ADDRESSES = {"href", "src", "action", "formaction", "data", "srcdoc", "background"}
OF_TEXT = {"mark", "ol", "ul", "li", "p", "br", "blockquote", "h3", "div", "em"}
"""What a page adds when it has more to say about a text."""

OF_MARKDOWN = OF_TEXT | {
    *("a", "b", "i", "code", "pre", "span", "h1", "details", "strong", "hr", "del"),
    *("table", "thead", "tbody", "tr", "th", "td", "section"),
}
"""What an author may write on a page of a notebook."""

SEVERAL = ["\n".join([*MARKUP.values()][n : n + 8]) for n in range(0, len(MARKUP), 8)]
"""The same, eight at once: a desk takes a tenth of a second."""


class Page(HTMLParser):
    """Collects what a browser would act on, and what a person would read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.others: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Keep the tag and what its attributes say."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        """Keep what is read."""
        self.texts.append(data)

    def handle_comment(self, data):
        """Keep what is neither read nor acted on."""
        self.others.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment

    @property
    def text(self) -> str:
        """All that is read, its blanks folded."""
        return folded("".join(self.texts))


def folded(text: str) -> str:
    """Leave out blanks, which a page may fold, and what is read as none."""
    return re.sub(r"\s+", "", text)


def acts(page: Page) -> list[tuple[str, str]]:
    """What a browser would run or ask for."""
    return [
        (name, value)
        for name, value in page.attributes
        if name.startswith("on")
        or (
            name in ADDRESSES
            and urlsplit(value).scheme not in {"", "http", "https", "mailto"}
        )
        or (name == "style" and ("url" in value or "position" in value))
    ]


@pytest.fixture(scope="module")
def exercise():
    """The first case of a shipped exercise."""
    whole = read_exercise(Library(ROOT), "wrong-size-remorse")
    return replace(whole, cases=whole.cases[:1])


@pytest.fixture(scope="module")
def best(exercise):
    """The best answers to it."""
    return sheets_of(exercise, read_model(Library(ROOT), exercise))[
        exercise.cases[0].id
    ]


def report_of(exercise, best, text):
    """The report of an attempt in which everything that can be typed is this text."""
    sheet = {**best, "reply": text, "sure": text, "looked": text, "asked": text}
    sheet["action"] = text
    marked = mark_attempt(exercise, {exercise.cases[0].id: sheet}, attempt="a-1")
    return str(mark_page(marked))


@pytest.fixture(scope="module")
def plain_report(exercise, best):
    """The same with a harmless text."""
    return Page(report_of(exercise, best, PLAIN))


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_a_report_holds_no_tag_that_an_agent_typed(text, exercise, best, plain_report):
    """The supervisor opens it in the browser in which everything else is open."""
    with bounded():
        page = Page(report_of(exercise, best, text))

    assert set(page.tags) <= {*plain_report.tags, *OF_TEXT}
    assert {*page.attributes} <= {
        *plain_report.attributes,
        *(("class", each) for each in ("kit-wrong", "kit-note", "kit-if")),
    }
    assert page.others == []
    assert folded(text) in page.text


def page_for(*outputs, markdown="# Sizes"):
    """The page of a tiny notebook that has been run."""
    cell = nbformat.v4.new_code_cell("x", outputs=list(outputs))
    cells = [nbformat.v4.new_markdown_cell(markdown), cell]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return Page(page_of(notebook, subtitle="a-1", otherwise="sizes"))


@pytest.fixture(scope="module")
def empty_page():
    """The page around every report."""
    return page_for()


def shown(text, mime="text/html"):
    """An output of a cell."""
    return nbformat.v4.new_output("display_data", data={mime: text})


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_what_a_notebook_prints_is_shown_as_it_is(text, empty_page):
    """What an agent typed is read on paper word by word."""
    page = page_for(
        nbformat.v4.new_output("stream", name="stdout", text=text),
        shown(text, "text/plain"),
    )

    assert page.text.count(folded(text)) == 2
    assert set(page.tags) <= {*empty_page.tags, "pre"}
    assert page.attributes == empty_page.attributes


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_a_notebook_that_shows_a_text_as_html_shows_nothing_that_acts(text, empty_page):
    """A company's own notebook may forget to escape what was typed."""
    with bounded():
        page = page_for(shown(text), shown(text, "text/markdown"))

    added = [*page.tags]
    for each in empty_page.tags:
        added.remove(each)
    assert set(added) <= OF_MARKDOWN
    assert acts(page) == []
    assert page.others == empty_page.others


AROUND_TABLES = {
    "before, in and behind a table": "{0}<table><tr><td>{0}</td></tr></table>{0}",
    "a table in an attribute": '<a title="<table><tr><td>{0}</td></table>">{0}</a>',
    "a table in a table": "<table><tr><td><table>{0}</table>{0}</td></tr></table>",
    "the end of a table alone": "</table>{0}</table>",
    "a table in what is left out": "<script><table>{0}</table></script>{0}",
    "what stands for a table": f"{{0}}{report_page._A_TABLE}<table>{{0}}</table>",
    "that, in an attribute": (
        f"<b title='{report_page._A_TABLE}'>{{0}}<table></table></b>"
    ),
}
"""Tables are cleaned by themselves, so texts are put where the cuts are."""


@pytest.mark.parametrize("frame", AROUND_TABLES.values(), ids=AROUND_TABLES)
@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_what_stands_around_tables_acts_no_more_than_elsewhere(text, frame, empty_page):
    """A table that was cleaned apart opens no way for what stands beside it."""
    page = page_for(shown(frame.format(text.replace("\0", ""))))

    assert acts(page) == []
    assert not {"script", "style", "iframe", "svg", "form"} & {
        *(tag for tag in page.tags if tag not in empty_page.tags)
    }
    assert page.others == empty_page.others


@pytest.mark.parametrize("frame", AROUND_TABLES.values(), ids=AROUND_TABLES)
def test_nothing_that_stands_around_a_table_is_lost(frame):
    """What is read of a page does not depend on where it was cut."""
    html = frame.format("kept") + "<p>kept</p>"

    assert (
        Page(report_page._safe_html(html)).text == Page(report_page._clean(html)).text
    )


ODD_TABLES = {
    "a table in a table": "<table><tr><td>x<table><tr><td>1</table>y</td><td>z</table>",
    "an end in a script": '<table><tr><td><script>s="</table>";x()</script>1</table>',
    "an end in a comment": "<table><tr><td><!-- </table> -->1</td><td>2</table>",
    "an end in an attribute": '<table><tr><td title="</table>">1</td><td>2</table>',
    "capitals": "<TABLE><tr><td>1</table><p>after</p>",
    "no end": "<p>before</p><table><tr><td>1</table><table><tr><td>2",
    "another tag": "<table><tr><td>1</table><tablet>2</tablet>",
}


@pytest.mark.parametrize("html", ODD_TABLES.values(), ids=ODD_TABLES)
def test_odd_tables_are_cleaned_as_a_whole(html):
    """Nothing falls out of a table, and nothing that was left out comes back."""
    assert report_page._safe_html(html) == report_page._clean(html)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="00-welcome.ipynb">Start</a>',
        '<a class="x" href="00-welcome.ipynb">Start</a>',
        '<a title="x" href="//evil.example/x">Start</a>',
    ],
)
def test_a_report_links_to_nothing_beside_it(link):
    """A report is sent by mail, and then nothing is beside it."""
    assert "a" not in page_for(shown(f"<p>{link}</p>")).tags


def test_a_report_is_the_same_in_pieces_and_as_a_whole(exercise, best):
    """Remembering tables changes no byte of a page."""
    html = report_of(exercise, best, PLAIN)

    assert html.count("</table>") > 3
    assert report_page._safe_html(html) == report_page._clean(html)
    assert report_page._safe_html(html) == report_page._clean(html)  # from memory


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_a_title_that_an_author_wrote_is_text(text):
    """The title stands in the head of the page, before its policy could help."""
    line = text.replace("\n", " ")

    page = page_for(markdown=f"# {line}")

    assert page.tags.count("title") == page.tags.count("meta") - 2 == 1
    assert not {"script", "iframe", "base", "form", "svg"} & {*page.tags}
    assert acts(page) == []
    assert folded(line) in page.text


def htmls(screen):
    """The markup of every piece below a screen."""
    if isinstance(screen, widgets.HTML):
        return [screen.value]
    children = getattr(screen, "children", ())
    return [each for child in children for each in htmls(child)]


@pytest.mark.parametrize("text", SEVERAL)
def test_a_desk_shows_what_was_typed_and_written_as_text(text, exercise, best):
    """A story of an author and a reply of an agent stand on the same screen."""
    case = replace(exercise.cases[0], message=text)
    sheet = {**best, "reply": text}
    session = Session(case, lambda _: None, exercise.reply_rules)
    answers, done = {**sheet, "sure": "sure"}, Sheet.read(sheet)
    session.progress = CaseProgress(answers=answers, decided=(done,))

    with bounded():
        page = Page(
            "".join(htmls(PracticeDesk(session, place=text, clock=noon).screen))
        )

    foreign = {"script", "iframe", "object", "svg", "math", "style", "img", "form"}
    assert not foreign & {*page.tags}
    assert not {each for each in page.tags if each not in {*OF_MARKDOWN, "summary"}}
    assert acts(page) == []
    assert page.others == []
    assert page.text.count(folded(text)) >= 3


def noon():
    """The moment of every test."""
    return NOON


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_small_pieces_of_a_screen_show_a_text_as_text(text, exercise):
    """Names, hints, refusals and replies are escaped one by one."""
    sign_in = SignIn(lambda name: name, tuple)
    _press(sign_in, text.strip())
    facts = {**exercise.cases[0].facts, "buyer_name": text}
    case = replace(exercise.cases[0], facts=facts, message=text)
    pieces = [
        str(buyer_card(case)),
        str(marked_reply(text, ())),
        *htmls(hint(text)),
        *htmls(refusal(UnknownName(sort="case", name=text, nearest=text))),
        *htmls(sign_in.screen),
    ]

    page = Page("".join(pieces))

    assert not {*page.tags} - {*OF_MARKDOWN, "summary"}
    assert acts(page) == []
    assert page.others == []
    assert page.text.count(folded(text)) >= 4


def _press(sign_in, name):
    """Type a name and press the button."""
    fields = [each for each in _all(sign_in.screen) if isinstance(each, widgets.Text)]
    fields[0].value = name
    buttons = [each for each in _all(sign_in.screen) if hasattr(each, "click")]
    buttons[0].click()


def _all(screen):
    """Every widget below a screen."""
    return [
        screen,
        *(each for child in getattr(screen, "children", ()) for each in _all(child)),
    ]
