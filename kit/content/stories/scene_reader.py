"""Read ``stories/<id>.md``: the scenes of one playbook, and opening messages."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...errors import Mistake
from ...rules.facts import MARKETPLACE
from ...rules.tables import Column, HitPolicy, Row, Table
from ...rules.values import key_of, nearest, point_of
from ..markdown.documents import Passage, Section, TableText, read_document
from ..markdown.files import Notes
from ..markdown.lookups import decision_at, fact_at
from ..pages.messages_sent import SLOT
from ..playbook.playbook import Playbook
from ..reference.messages import ENGLISH, language_base
from .constraints import DayDistance
from .story_model import Bound, CaseVocabulary, OpeningText, Scene, Stories
from .story_rows import APART, BOUND, StoryReader

_OPENING = "opening"
_ID = re.compile(r"[a-z0-9-]+")
_ONLY_AT = re.compile(r"(?P<name>.+?) \((?P<place>[^()]+)\)")
_HEADING = re.compile(r"(?P<id>[a-z0-9-]+) · (?P<language>[a-z]{2})")


def read_stories(
    path: Path, shown: Path, playbook: Playbook, case_vocabulary: CaseVocabulary
) -> tuple[Stories, list[Mistake]]:
    """Read the scenes of a playbook.

    Args:
        path: Where the file is; a missing file means no scenes.
        shown: The path for messages.
        playbook: The page that decides the cases.
        case_vocabulary: What the stories of all pages share.

    Returns:
        The stories, and all mistakes.
    """
    if not path.is_file():
        return Stories(playbook, case_vocabulary, ()), []
    document, mistakes = read_document(path, shown, front="none")
    if document is None or mistakes:
        return Stories(playbook, case_vocabulary, ()), mistakes
    notes = Notes(shown)
    scenes = [_Reader(each, playbook, notes).scene() for each in document.sections]
    found = tuple(each for each in scenes if each is not None)
    return Stories(playbook, case_vocabulary, found), notes.mistakes


class _Reader:
    """One scene while it is being read."""

    def __init__(self, section: Section, playbook: Playbook, notes: Notes) -> None:
        self.section, self.playbook, self.notes = section, playbook, notes
        self.id, _, self.names = section.title.partition(" · ")
        self.facts = playbook.vocabulary()
        self.reader = StoryReader(self.facts, playbook.limits, notes)

    def scene(self) -> Scene | None:
        line = self.section.line
        if not _ID.fullmatch(self.id) or ("·" in self.section.title and not self.names):
            self.notes.add("scene-heading", line, title=self.section.title)
            return None
        bounds: list[Bound] = []
        day_distances: list[DayDistance] = []
        openings: list[TableText] = []
        for source in self.section.tables:
            heads = [key_of(each.text) for each in source.header]
            if heads == [key_of(each) for each in BOUND]:
                bounds += self.reader.bounds(source)
            elif heads[-len(APART) :] == [key_of(each) for each in APART]:
                day_distances += self.reader.day_distances(source)
            else:
                openings.append(source)
        if len(openings) != 1 or key_of(openings[0].header[0].text) != _OPENING:
            self.notes.add("scene-tables", line, id=self.id)
            return None
        table = self._openings(openings[0])
        decisions = list(self._decisions())
        languages = _languages(self.playbook, bounds)
        return Scene(
            id=self.id,
            decisions=tuple(name for name, _ in decisions),
            only_at={name: place for name, place in decisions if place},
            facts=tuple(bounds),
            day_distances=tuple(day_distances),
            openings=table,
            opening_texts=self._opening_texts(openings[0], languages),
            line=line,
        )

    def _decisions(self) -> Iterator[tuple[str, str]]:
        """Read the decisions, each with the only marketplace that asks it, if any."""
        page, line = self.playbook, self.section.line
        names = [table.name for table in page.tables]
        places = self.playbook.reference.marketplaces
        for text in self.names.split(",") if self.names else ():
            match = _ONLY_AT.fullmatch(text.strip())
            name, place = (match["name"], match["place"]) if match else (text, "")
            if place and place not in places:
                self.notes.add(
                    "marketplace-unknown",
                    self.section.line,
                    name=place,
                    nearest=nearest(place, places),
                )
            found = decision_at(name, line, page.id, names, self.notes)
            if found is not None:
                yield found, place

    def _openings(self, source: TableText) -> Table:
        """Read which openings fit which case: a table that collects its rows."""
        found = [
            fact_at(each.text, source.line, self.facts, self.notes)
            for each in source.header[1:]
        ]
        columns = tuple(
            Column(fact.name, fact.key, fact.kind) if fact else None for fact in found
        )
        rows = [
            Row(
                text.cells[0],
                text.line,
                tuple(
                    self.reader.cell(cell, fact, text.line)
                    for cell, fact in zip(text.cells[1:], found, strict=True)
                    if fact is not None
                ),
                (),
            )
            for text in source.rows
        ]
        return Table(
            name=self.id,
            policy=HitPolicy.COLLECT,
            inputs=tuple(each for each in columns if each is not None),
            answers=(),
            rows=tuple(rows),
            path=self.notes.shown,
            line=source.line,
        )

    def _opening_texts(
        self, source: TableText, languages: Sequence[str]
    ) -> dict[tuple[str, str], tuple[OpeningText, ...]]:
        ids = [row.cells[0] for row in source.rows]
        told: dict[tuple[str, str], tuple[OpeningText, ...]] = {}
        for part in self.section.subsections:
            match = _HEADING.fullmatch(part.title)
            if not match or match["id"] not in ids:
                self.notes.add(
                    "opening-heading",
                    part.line,
                    title=part.title,
                    nearest=nearest(part.title.partition(" ")[0], ids),
                )
                continue
            told[match["id"], match["language"]] = tuple(
                self._opening_text(each, part, match["language"])
                for each in part.quotes
            )
        for number, name in enumerate(ids):
            for language in languages:
                if not told.get((name, language)):
                    self.notes.add(
                        "opening-lacks",
                        source.rows[number].line,
                        id=name,
                        language=language,
                    )
        return told

    def _opening_text(
        self, quote: Passage, part: Section, language: str
    ) -> OpeningText:
        meaning = "" if language == ENGLISH else self._meaning(quote, part)
        slots = tuple(dict.fromkeys(map(key_of, SLOT.findall(quote.text + meaning))))
        for slot in slots:
            fact_at(slot, quote.line, self.facts, self.notes)
        return OpeningText(quote.text, meaning, slots, quote.line)

    def _meaning(self, quote: Passage, part: Section) -> str:
        """Find the paragraph behind a quotation, before the next one."""
        following = [each.line for each in part.quotes if each.line > quote.line]
        end = min(following, default=None)
        for each in part.paragraphs:
            if each.line > quote.line and (end is None or each.line < end):
                return " ".join(each.text.split())
        self.notes.add("opening-meaning", quote.line)
        return ""


def _languages(playbook: Playbook, bounds: Sequence[Bound]) -> list[str]:
    """The languages in which the buyers of a scene write."""
    found: dict[str, None] = {}
    for place in playbook.reference.marketplaces.values():
        fits = [
            each.can_be.region(each.kind, {}, currency=place.currency)
            for each in bounds
            if each.fact == MARKETPLACE
        ]
        kind = playbook.reference.facts[MARKETPLACE].kind
        if all(region.has(point_of(place.id, kind)) for region in fits):
            found[language_base(place.language)] = None
    return list(found)
