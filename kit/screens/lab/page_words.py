"""The cells and names of a playbook page, in the words that an agent reads.

A page is written in names that tables can compare; an agent reads actions, facts,
marketplaces and messages as the desk says them. This module knows cells, no files.
"""

import re
from dataclasses import dataclass
from datetime import date

from ...catalogue import language, say
from ...content.markdown.documents import Heading
from ...content.playbook.gates import listed
from ...content.playbook.playbook import Playbook
from ...content.playbook.slots import limits_everywhere
from ...content.reference.reference import Reference
from ...content.reference.vocabulary import AnswerWord
from ...practice.case.panels import panel_title
from ...practice.wording import (
    condition_words,
    language_words,
    sentence_case,
    short_day_words,
    unit_words,
)
from ...rules.facts import MARKETPLACE
from ...rules.limits import SLOT
from ...rules.tables import Table
from ...rules.values import Kind, Sort, key_of, read_day
from ..question_screens import screen_of

_ANY = "any"
_ASK = "ask "
_SMALL = "<small>{}</small>"
_CITED = re.compile(r"\[([\w-]+(?:, [\w-]+)*)\](?!\()")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True, slots=True)
class PageWords:
    """How the cells of pages are said; a page of the reference has no playbook."""

    reference: Reference
    """How everything is called."""

    playbook: Playbook | None = None
    """The page, if it is a playbook."""

    today: date | None = None
    """The day whose limits are put into prose; ``None`` where no prose names any."""

    def limits(self, text: str) -> str:
        """Put the values of today into prose that names limits."""
        if self.playbook is None or self.today is None:
            return text
        places = self.reference.marketplaces
        return limits_everywhere(text, self.playbook.limits, places, self.today)

    def heading(self, heading: Heading, *, is_policy: bool = False) -> str:
        """Say the heading of a column, an answer in bold as on the page."""
        if is_policy:
            return say("desk.row")
        name = sentence_case(self.reference.name_on_screen(heading.text))
        return f"**{name}**" if heading.mark == "bold" else name

    def cell(self, heading: Heading, text: str) -> str:
        """Say one cell as the column under which it stands asks for."""
        key = key_of(heading.text)
        if key == MARKETPLACE and text == _ANY and heading.mark == "plain":
            return say("desk.limit-anywhere")
        if key in {"fact", "derived_fact", "answer", "limit"}:
            return sentence_case(self.reference.name_on_screen(text))
        if key in {"on", "from"}:
            return _days(text)
        if key == "source":
            return _SMALL.format(self.titles(text))
        if key == "place":
            return panel_title(text)
        return self._value(heading, key, text)

    def _value(self, heading: Heading, key: str, text: str) -> str:
        """Say the value of a fact or an answer; what is neither stays as it is."""
        answer = self.reference.answers.get(key)
        fact = self.reference.facts.get(key)
        if answer is not None and (heading.mark == "bold" or fact is None):
            if heading.mark == "bold" or answer.asked.is_action:
                return self.answer(text, answer)
            return self.question(text, answer.kind)
        if fact is not None:
            return self.question(text, fact.kind)
        return unit_words(text)

    def question(self, text: str, kind: Kind) -> str:
        """Say what a cell asks of a fact."""
        return _days(condition_words(text, kind, self.reference))

    def answer(self, text: str, answer: AnswerWord) -> str:
        """Say what a cell answers."""
        if text.startswith(_ASK):
            return _ASK + self.reference.name_on_screen(text.removeprefix(_ASK))
        if answer.kind.sort is Sort.MESSAGE:
            return self._message_link(text)
        screen = screen_of(answer.asked)
        return _days(screen.cell(text, answer.asked, self.reference))

    def _message_link(self, name: str) -> str:
        """Name a message, and lead to its words below."""
        words = self.reference.word_on_screen(name)
        messages = self.playbook.messages if self.playbook else ()
        found = next((each for each in messages if each.id == name), None)
        if found is None:
            return words
        return f"[{words}](#{anchor(self.message(f'{name} · {found.language}'))})"

    def gate(self, gate: Table) -> str:
        """Say when a table speaks."""
        clauses = (
            say(
                "lab.playbooks.only-when-clause",
                question=self.reference.name_on_screen(column.name),
                words=self.question(listed(cell), column.kind),
            )
            for column, cell in zip(gate.inputs, gate.rows[0].conditions, strict=True)
        )
        both = f" {say('lab.playbooks.only-when-and').strip()} "
        return say("lab.playbooks.only-when", clauses=both.join(clauses))

    def sources(self, text: str) -> str:
        """Name the sources of a row, and say so if they are too weak to mark by."""
        known = self.reference.sources
        found = [known[each] for each in text.split(", ") if each in known]
        said = self.titles(text)
        if not found or any(each.marks for each in found):
            return said
        return f"{said}. {say('desk.only-note')}"

    def cited(self, text: str) -> str:
        """Name the sources that stand in brackets in a line of words."""

        def named(found: re.Match[str]) -> str:
            if not set(found[1].split(", ")) <= set(self.reference.sources):
                return found[0]
            return f"<small>{self.titles(found[1])}</small>"

        return _CITED.sub(named, text)

    def titles(self, text: str) -> str:
        """Name sources by their titles: an id tells an agent nothing."""
        known = self.reference.sources
        listed = text.split(", ")
        return "; ".join(
            known[each].title if each in known else each for each in listed
        )

    def message(self, title: str) -> str:
        """Say the heading of a message: its name and its language."""
        name, _, its_language = title.partition(" · ")
        words = sentence_case(self.reference.word_on_screen(name))
        return f"{words} · {language_words(its_language, language())}"

    def slots(self, text: str) -> str:
        """Say the slots of a message, so that nobody sends one by mistake."""
        named = self.reference.slot_on_screen
        return SLOT.sub(lambda match: f"‹{named(match[1])}›", text)

    def names_in(self, text: str) -> str:
        """Say the facts in a line of words as the desk says them."""
        names = {
            fact.name: shown
            for fact in self.reference.facts.values()
            if (shown := self.reference.name_on_screen(fact.name)) != fact.name
        }
        if not names:
            return text
        longest_first = sorted(names, key=len, reverse=True)
        pattern = rf"\b({'|'.join(map(re.escape, longest_first))})\b"
        return re.sub(pattern, lambda match: names[match[1]], text)


def anchor(heading: str) -> str:
    """Say how JupyterLab calls the place of a heading."""
    return heading.replace(" ", "-")


def _days(text: str) -> str:
    """Say every day of a text as shortly as a cell needs it: ``Fri 30 Aug 2024``."""

    def shown(written: re.Match[str]) -> str:
        day = read_day(written[0])
        return f"{' '.join(short_day_words(day, language()))} {day.year}"

    return _DAY.sub(shown, text)
