"""The page by which replies are checked: ``reference/replies.md``.

What a reply must say and must not say is data of the trade, in tables that an author
reads. This module knows their form and none of their words; a folder may do without
the page, and then nothing is checked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

from ...errors import Mistake
from ...rules.phrases import NO_PHRASE, NO_PHRASES, Phrases, read_phrases
from ...rules.values import Kind, Sort, bounds_of, key_of, nearest, read_value
from ..markdown.documents import Document, read_document
from ..markdown.files import MOST_BYTES_OF_WORDS, Notes
from ..markdown.keyed_tables import Line, is_as_wide, lines_of, section_named
from ..markdown.lookups import is_first_use, source_at
from ..reference.messages import language_base
from ..reference.reference import Reference
from .claim_reader import COLUMNS as CLAIM_COLUMNS
from .claim_reader import ClaimReader
from .claims import Claims
from .reply_rules import (
    ADVICE,
    LOOKS,
    NOTE_SAYS,
    NOTE_WORDS,
    WORDS,
    WRONG,
    ActionRule,
    BuyersQuestion,
    FindingWords,
    Mention,
    ReplyRule,
    ReplyRules,
)
from .whens import WHEN, When, read_when
from .word_lists import ANY, WordList, WordLists

PAGE = "replies"
UNTIL = "until "
SHAPES = ("e-mail", "phone", "link", "amount", "day", "value")

_AT_MOST = re.compile(r"words, at most (\d{1,2})")
_WHOLE = re.compile(r"-?\d{1,4}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SLOT = re.compile(r"\{([^{}]*)\}")
_WHAT = "what"


def read_reply_rules(
    folder: Path, shown: Path, reference: Reference
) -> tuple[ReplyRules | None, list[Mistake]]:
    """Read the page with all its mistakes; a folder without it has no rules.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder as mistakes print it.
        reference: What the other reference pages declare.
    """
    file = folder / f"{PAGE}.md"
    if not file.is_file():
        return None, []
    page, mistakes = read_document(
        file, shown / file.name, front="none", most=MOST_BYTES_OF_WORDS
    )
    if page is None or mistakes:
        return None, mistakes
    notes = Notes(shown / file.name)
    rules = _Reader(page, reference, notes).rules()
    return (None if notes.mistakes else rules), notes.mistakes


_COLUMNS = {
    "Rules": ("Rule", "Looks at", "Severity", "Reason", "Source"),
    "Words of the rules": ("Rule", "Language", "Words", "Unless"),
    "Statements": ("Statement", "Language", "Words", "Unless"),
    "Actions": ("Action", "Says", "Never says", "Names", "May name"),
    "Questions": ("Question", "In words", "Answered by"),
    "Words of the questions": ("Question", "Language", "Words", "Unless"),
    "Days": ("Day", "Language", "Words", "Unless"),
    "Currencies": ("Currency", "Words"),
    "Numbers in words": ("Language", "Words"),
    "Length": ("Language", "At least", "At most"),
    "Findings of a note": ("Fact", "Value", "Words"),
    "Actions of a note": ("Action", "Words"),
    **CLAIM_COLUMNS,
}

_ACTIONS_WITH_CLAIMS = ("Action", "Names", "May name")
"""The same of a page that says what letters claim, not by which words."""

_ACTIONS_ONLY_WHEN = ("Action", "When", "Names", "May name")
"""The same where an action may have several rows; the first that holds counts."""


class _Reader:
    """The page while it is being read."""

    def __init__(self, page: Document, reference: Reference, notes: Notes) -> None:
        self.page, self.reference, self.notes = page, reference, notes
        named: dict[str, Kind] = {
            key: fact.kind for key, fact in reference.facts.items()
        }
        named |= {key: word.kind for key, word in reference.answers.items()}
        self.kinds = named

    def rules(self) -> ReplyRules:
        self._note_sections()
        words = WordLists(self._word_lists("Words of the rules", "rule"))
        statements = WordLists(self._word_lists("Statements", "statement"))
        asked = WordLists(self._word_lists("Words of the questions", "question"))
        rules = tuple(self._rules())
        questions = tuple(self._questions(statements))
        found = ReplyRules(
            rules=rules,
            words=words,
            statements=statements,
            actions=self._actions(statements),
            questions=questions,
            asked=asked,
            days=tuple(self._days()),
            currencies=tuple(self._currencies()),
            numbers=dict(self._numbers()),
            lengths=dict(self._lengths()),
            findings=tuple(self._findings()),
            note_actions=dict(self._note_actions()),
            claims=self._claims(),
        )
        spoken = [
            rule for rule in rules if rule.looks_at in {WORDS, NOTE_SAYS, NOTE_WORDS}
        ]
        for names, lists in (
            ({rule.id: rule.line for rule in spoken}, words),
            ({each.id: each.line for each in questions}, asked),
            ({each.name: each.line for each in statements}, statements),
            (
                {each.id: each.line for each in found.claims.kinds.values()},
                found.claims.words,
            ),
        ):
            self._note_words(names, lists, found.languages)
        return found

    def _claims(self) -> Claims:
        """What letters may claim about each action."""
        reader = ClaimReader(self._rows, self._word_list, self._key, self.notes)
        return reader.claims(self.reference.actions, self.kinds)

    def _note_sections(self) -> None:
        for section in self.page.sections:
            if key_of(section.title) not in map(key_of, _COLUMNS):
                self.notes.add(
                    "reply-section",
                    section.line,
                    title=section.title,
                    sections=", ".join(_COLUMNS),
                    nearest=nearest(section.title, _COLUMNS),
                )

    def _rows(self, title: str) -> Iterator[Line]:
        section = section_named(self.page, title)
        if section is not None:
            columns = _COLUMNS[title]
            if title == "Actions" and self._has_claims:
                columns = _ACTIONS_WITH_CLAIMS
                if is_as_wide(section.tables, _ACTIONS_ONLY_WHEN):
                    columns = _ACTIONS_ONLY_WHEN
            yield from lines_of(
                section.tables, columns, at=section.line, notes=self.notes
            )

    @property
    def _has_claims(self) -> bool:
        """Whether letters are read as claims; pages of earlier versions have none."""
        return section_named(self.page, "Claims of actions") is not None

    def _rules(self) -> Iterator[ReplyRule]:
        seen: list[str] = []
        for row in self._rows("Rules"):
            if not is_first_use(row["rule"], seen, row.number, self.notes):
                continue
            seen.append(row["rule"])
            at_most = _AT_MOST.fullmatch(row["looks at"])
            rule = ReplyRule(
                row["rule"],
                WORDS if at_most else row["looks at"],
                row["severity"],
                row["reason"],
                tuple(self._sources(row)),
                int(at_most[1]) if at_most else 0,
                row.number,
            )
            self._note_rule(rule)
            yield rule

    def _sources(self, row: Line) -> Iterator[str]:
        for name in row["source"].split(","):
            yield source_at(
                name.strip(), row.number, self.reference.sources, self.notes
            )

    def _note_rule(self, rule: ReplyRule) -> None:
        if rule.named_fact:
            self._key(rule.named_fact, "fact", self.kinds, rule.line)
        elif rule.looks_at not in LOOKS:
            self.notes.add(
                "reply-looks", rule.line, text=rule.looks_at, looks=", ".join(LOOKS)
            )
        if rule.severity not in {WRONG, ADVICE}:
            self.notes.add(
                "word-unknown",
                rule.line,
                column="Severity",
                word=rule.severity,
                words=f"{WRONG}, {ADVICE}",
            )
        declared = self.reference.sources
        sure = any(declared[s].marks for s in rule.sources if s in declared)
        if rule.severity == WRONG and not sure:
            self.notes.add("reply-unsure", rule.line, rule=rule.id)
        for slot in set(_SLOT.findall(rule.reason)) - {_WHAT}:
            self.notes.add("reply-reason", rule.line, slot=slot)

    def _word_lists(self, title: str, column: str) -> Iterator[WordList]:
        declared = {
            "rule": [row["rule"] for row in self._quietly("Rules")],
            "question": [row["question"] for row in self._quietly("Questions")],
        }.get(column)
        for row in self._rows(title):
            name = row[column]
            if declared is not None:
                name = self._key(name, column, declared, row.number)
            yield self._word_list(name, row)

    def _quietly(self, title: str) -> list[Line]:
        """The rows of a table whose mistakes are noted where it is read."""
        notes, self.notes = self.notes, Notes(self.notes.shown)
        try:
            return list(self._rows(title))
        finally:
            self.notes = notes

    def _word_list(self, name: str, row: Line) -> WordList:
        language = row["language"]
        if language != ANY and not _LANGUAGE.fullmatch(language):
            self.notes.add("reply-language", row.number, text=language)
        return WordList(
            name,
            language,
            self._phrases(row["words"], row.number),
            self._phrases(row["unless"], row.number),
            row.number,
        )

    def _phrases(self, text: str, line: int) -> Phrases:
        try:
            return read_phrases(text, SHAPES)
        except ValueError as error:
            shapes = ", ".join(f"{{{each}}}" for each in SHAPES)
            self.notes.add("reply-phrase", line, text=error, shapes=shapes)
            return NO_PHRASES

    def _actions(
        self, statements: Iterable[WordList]
    ) -> dict[str, tuple[ActionRule, ...]]:
        known = [each.name for each in statements]
        found: dict[str, tuple[ActionRule, ...]] = {}
        for row in self._rows("Actions"):
            action = self._key(
                row["action"], "action", self.reference.actions, row.number
            )
            earlier = found.get(action, ())
            if any(not each.when for each in earlier):
                named = "claim-never" if WHEN in row.cells else "name-twice"
                self.notes.add(named, row.number, action=action, name=action)
                continue
            rule = ActionRule(
                action,
                tuple(self._names(row, "says", "statement", known)),
                tuple(self._names(row, "never says", "statement", known)),
                tuple(self._mentions(row, "names")),
                tuple(self._mentions(row, "may name")),
                tuple(self._when(row)),
            )
            found[action] = (*earlier, rule)
        return found

    def _when(self, row: Line) -> Iterator[When]:
        """When a row counts; pages of earlier versions do not say it."""
        if WHEN in row.cells:
            yield from read_when(row, self.kinds, self._key, self.notes)

    def _names(
        self, row: Line, column: str, sort: str, known: Iterable[str]
    ) -> Iterator[str]:
        cell = row.cells.get(key_of(column), NO_PHRASE)
        if cell == NO_PHRASE:
            return
        for name in cell.split(","):
            yield self._key(name.strip(), sort, known, row.number)

    def _mentions(self, row: Line, column: str) -> Iterator[Mention]:
        if row[column] == NO_PHRASE:
            return
        for text in row[column].split(","):
            name = text.strip().removeprefix(UNTIL)
            key = key_of(self._key(name, "fact", self.kinds, row.number))
            kind = self.kinds.get(key)
            sorts = {Sort.DATE, Sort.DAY}
            until = text.strip().startswith(UNTIL)
            if not until:
                sorts.add(Sort.MONEY)
            if kind is not None and kind.sort not in sorts:
                self.notes.add("reply-mention", row.number, text=text.strip())
            yield Mention(key, until)

    def _questions(self, statements: Iterable[WordList]) -> Iterator[BuyersQuestion]:
        known = [each.name for each in statements]
        seen: list[str] = []
        for row in self._rows("Questions"):
            if not is_first_use(row["question"], seen, row.number, self.notes):
                continue
            seen.append(row["question"])
            yield BuyersQuestion(
                row["question"],
                row["in words"],
                tuple(self._names(row, "answered by", "statement", known)),
                row.number,
            )

    def _days(self) -> Iterator[WordList]:
        for row in self._rows("Days"):
            self._whole(row, "day")
            yield self._word_list(row["day"], row)

    def _whole(self, row: Line, column: str) -> int:
        if _WHOLE.fullmatch(row[column]):
            return int(row[column])
        self.notes.add("reply-number", row.number, text=row[column])
        return 0

    def _currencies(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        seen: list[str] = []
        for row in self._rows("Currencies"):
            if is_first_use(row["currency"], seen, row.number, self.notes):
                seen.append(row["currency"])
                words = tuple(word.strip() for word in row["words"].split(";"))
                yield row["currency"], words

    def _numbers(self) -> Iterator[tuple[str, int]]:
        """Read the words of one, two and so on, in their order."""
        for row in self._rows("Numbers in words"):
            words = (word.strip().casefold() for word in row["words"].split(";"))
            yield from zip(words, count(1), strict=False)

    def _lengths(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for row in self._rows("Length"):
            yield (
                row["language"],
                (self._whole(row, "at least"), self._whole(row, "at most")),
            )

    def _findings(self) -> Iterator[FindingWords]:
        for row in self._rows("Findings of a note"):
            facts = self.reference.facts
            key = key_of(self._key(row["fact"], "fact", facts, row.number))
            phrases = self._phrases(row["words"], row.number)
            if row["value"] == ANY or key not in facts:
                yield FindingWords(key, None, phrases)
                continue
            kind = facts[key].kind
            try:
                yield FindingWords(key, read_value(row["value"], kind), phrases)
            except ValueError:
                self.notes.add(
                    "value-unreadable",
                    row.number,
                    text=row["value"],
                    fact=facts[key].name,
                    kind=kind,
                    bounds=bounds_of(row["value"]),
                )

    def _note_actions(self) -> Iterator[tuple[str, Phrases]]:
        for row in self._rows("Actions of a note"):
            actions = self.reference.actions
            name = self._key(row["action"], "action", actions, row.number)
            yield name, self._phrases(row["words"], row.number)

    def _key(self, name: str, sort: str, known: Iterable[str], line: int) -> str:
        """Find a declared name as it was declared, or note that there is none."""
        known = list(known)
        for each in known:
            if key_of(each) == key_of(name):
                return each
        self.notes.add(
            "reply-name", line, sort=sort, name=name, nearest=nearest(name, known)
        )
        return name

    def _note_words(
        self,
        names: Mapping[str, int],
        lists: Iterable[WordList],
        languages: Iterable[str],
    ) -> None:
        """What has no words in a language would never be found in it."""
        places = self.reference.marketplaces.values()
        wanted = sorted(
            {*languages, *(language_base(each.language) for each in places)}
        )
        spoken = {(key_of(each.name), each.language) for each in lists}
        for name, line in names.items():
            if (key_of(name), ANY) in spoken:
                continue
            for language in wanted:
                if (key_of(name), language) not in spoken:
                    self.notes.add("reply-wordless", line, name=name, language=language)
