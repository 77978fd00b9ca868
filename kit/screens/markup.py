"""Pieces of a page: tables, cards and verdicts as HTML in which everything is escaped.

Each piece reads well without its colours: a state is always also a word or a sign.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import LiteralString

from markupsafe import Markup, escape

from ..catalogue import language, say
from ..content.cases import PracticeCase, Scan
from ..content.playbook.derived_facts import limits_shown
from ..content.playbook.playbook import Playbook
from ..content.reference.reference import Source
from ..practice.case.panels import Panel, panel_title
from ..practice.wording import (
    day_words,
    sentence_case,
    short_day_words,
    since_words,
    unit_words,
    value_words,
)

_BREAK = re.compile(r"<(?:br|/p|/h[1-6]|/tr|/li|/div|/summary|/blockquote)\b[^>]*>")
_CELL = re.compile(r"</t[hd]>")
_TAG = re.compile(r"<[^>]+>")
OWN_RULE = "house"
_CITED = re.compile(r" ?\[([\w-]+(?:, [\w-]+)*)\]")
"""The id of the source of what is our own rule."""

_FORMS_OF_ADDRESS = {"Mr", "Mrs", "Ms", "Frau", "Herr"}


def piece(pattern: LiteralString, *parts: object) -> Markup:
    """Fill a pattern of HTML with parts; what is not HTML itself is escaped.

    The method ``format`` of markupsafe reads the pattern in Python, place by place; a
    page of a report has two hundred pieces.
    """
    return Markup(pattern.format(*map(escape, parts)))


def join(parts: Iterable[Markup]) -> Markup:
    """Put pieces one after the other."""
    return Markup("").join(parts)


def plain(html: str) -> str:
    """Say a piece as plain lines, for print, for screen readers and for nbval."""
    text = _TAG.sub(" ", _CELL.sub(" | ", _BREAK.sub("\n", html)))
    lines = (" ".join(unescape(line).split()) for line in text.split("\n"))
    return "\n".join(line.rstrip("| ") for line in lines if line.rstrip("| "))


def hint(words: str) -> Markup:
    """Show a sentence in small letters; nothing where there is none."""
    return piece('<p class="kit-hint">{}</p>', words) if words else Markup("")


def paragraphs(text: str) -> Markup:
    """Show text as it was typed, line by line."""
    return Markup("<br>").join(text.split("\n"))


def buyer_card(case: PracticeCase) -> Markup:
    """Show the buyer's message."""
    name = case.facts.get("buyer_name") or say("desk.buyer")
    return piece(
        '<div class="kit-message" data-initial="{}"><p class="kit-from">{}</p>'
        "<p>{}</p></div>",
        initial(str(name)),
        say("desk.writes", name=name),
        paragraphs(case.message),
    )


def initial(name: str) -> str:
    """Take the letter for a buyer's picture: of the first word that is a name."""
    words = [word for word in name.split() if word not in _FORMS_OF_ADDRESS]
    return (words or [name])[0][:1].upper()


def case_head(case: PracticeCase, *, place: str) -> Markup:
    """Show where and when a case stands."""
    day = say("desk.today", day=day_words(case.on, language()))
    role = say("desk.role", role=say(f"practice.role.{case.role}")) if case.role else ""
    return piece(
        '<div class="kit-case"><span class="kit-place">{}</span> '
        "<span>{}</span> <span>{}</span> <span>{}</span></div>",
        place,
        case.marketplace.name,
        day,
        role,
    )


def panel_card(case: PracticeCase, panel: Panel) -> Markup:
    """Show what stands on one panel."""
    rows = join(
        piece(
            '<tr><th scope="row">{}</th><td>{}</td></tr>',
            sentence_case(case.playbook.reference.name_on_screen(fact.name)),
            value_words(case, fact.key),
        )
        for fact, _ in panel.lines
    ) or piece("<tr><td>{}</td></tr>", say("desk.panel-empty"))
    title = panel_title(panel.name)
    return piece(
        '<div class="kit-panel"><p class="kit-panel-title">{}</p>'
        '<table class="kit-facts">{}</table>{}</div>',
        title,
        rows,
        _journey(panel.journey),
    )


def _journey(journey: Sequence[Scan]) -> Markup:
    if not journey:
        return Markup("")
    rows = join(
        piece(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            " ".join(short_day_words(scan.day, language())),
            scan.where,
            scan.what,
        )
        for scan in journey
    )
    return piece('<table class="kit-journey">{}</table>', rows)


def uncited(playbook: Playbook, text: str) -> str:
    """Leave out the ids of sources that an author has put behind a sentence."""
    known = set(playbook.reference.sources)
    return _CITED.sub(
        lambda found: "" if set(found[1].split(", ")) <= known else found[0], text
    )


def source_words(source: Source) -> str:
    """Name a source by its title, and say how sure it is; our own rule always is."""
    if source.id == OWN_RULE:
        return source.title
    sure = say(f"desk.sure-{source.confidence}")
    return say("desk.source", title=source.title, sure=sure)


def _source_words(playbook: Playbook, listed: str) -> str:
    """Name the sources of a limit by their titles: an id tells an agent nothing."""
    sources = playbook.reference.sources
    return "; ".join(
        sources[each].title if each in sources else each for each in listed.split(", ")
    )


def limits_table(playbook: Playbook) -> Markup:
    """Show the limits of a page, with all their values and the day of each."""
    places = {each.id: each.name for each in playbook.reference.marketplaces.values()}
    rows = join(
        piece(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            sentence_case(playbook.reference.name_on_screen(row.name)),
            places.get(row.marketplace, say("desk.limit-anywhere")),
            since_words(row.since, language()),
            unit_words(str(row.value)),
            _source_words(playbook, row.source),
        )
        for row in limits_shown(playbook)
    )
    heads = join(
        piece('<th scope="col">{}</th>', say(f"desk.limit-{name}"))
        for name in ("name", "place", "from", "value", "source")
    )
    return piece(
        '<div class="kit-scroll" tabindex="0"><table class="kit-table">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        heads,
        rows,
    )
