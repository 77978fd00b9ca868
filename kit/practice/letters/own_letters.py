"""Check the messages of a page as if an agent had sent them.

Who sends the playbook's own words must not be told that they are wrong. All messages of
a page in one language are read as one text, in which a line that several of them have
stands once: so each phrase is looked up once for all.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from ...content.letters.claims import ActionClaims
from ...content.letters.reply_rules import CLAIMS, WORDS, WRONG, ReplyRule, ReplyRules
from ...content.letters.word_lists import ANY
from ...content.pages.messages_sent import SLOT
from ...content.playbook.explain import answer_words
from ...content.playbook.playbook import Playbook
from ...content.reference.messages import Message, language_base
from ...errors import Mistake
from ...rules.tables import Row, Table
from ...rules.values import Kind, Money, Sort, Value, key_of, point_of
from ..articles import in_its_place
from ..reading.claims_read import Claim, ClaimsRead
from ..reading.texts import Reading, read_text
from ..said.statements import words_of
from ..wording import day_words, limit_words, money_words

A_DAY, AN_AMOUNT, A_NUMBER, A_NAME = date(2025, 5, 5), 1234, "30", "Ort"
"""What stands in the slots while a message is read: which it is does not matter."""

BETWEEN = "\n\n"
"""What stands between two lines: no sentence goes on behind it."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message as one row sends it."""

    table: Table
    row: Row
    message: Message
    text: str

    @property
    def action(self) -> str:
        """The id of the action of its row; empty if the row gives none."""
        return _answer(self.table, self.row, Sort.ACTION)


def message_findings(page: Playbook, rules: ReplyRules) -> Iterator[Mistake]:
    """Find what the check of letters calls wrong in the messages of a page.

    Days and amounts come out of the case, so only claims and words are looked at. A
    claim is named if no row of *Claims of actions* that can hold there allows it.

    Args:
        page: The page.
        rules: What letters are checked by.

    Returns:
        Each finding once, on the line of the first row that sends the message.
    """
    by_language: dict[str, list[_Letter]] = {}
    for letter in _letters(page):
        language = language_base(letter.message.language)
        by_language.setdefault(language, []).append(letter)
    seen: set[tuple[str, ...]] = set()
    for language, letters in by_language.items():
        for letter, kind, words, reason in _found(letters, language, rules):
            message, action = letter.message, letter.action
            place = (message.id, message.language, action, words, reason)
            if place in seen:
                continue
            seen.add(place)
            values: dict[str, object] = {
                "message": message.id,
                "language": message.language,
                "action": action,
                "row": letter.row.number,
                "table": letter.table.name,
                "words": words,
                "reason": reason,
            }
            yield Mistake(kind, page.path, letter.row.line, values)


def _letters(page: Playbook) -> Iterator[_Letter]:
    """Every message as its rows send it, the same text for the same action once."""
    messages: dict[str, list[Message]] = {}
    for each in page.messages:
        messages.setdefault(each.id, []).append(each)
    seen: set[tuple[object, ...]] = set()
    for table in page.tables:
        for row in table.rows:
            name = _answer(table, row, Sort.MESSAGE)
            for message in messages.get(name, ()):
                text = _filled(page, message, _answers(table, row))
                letter = _Letter(table, row, message, text)
                place = (message.id, message.language, text, table, *_asked(row))
                if (*place, letter.action) not in seen:
                    seen.add((*place, letter.action))
                    yield letter


def _asked(row: Row) -> tuple[str, ...]:
    return tuple(cell.text for cell in row.conditions)


def _found(
    letters: list[_Letter], language: str, rules: ReplyRules
) -> Iterator[tuple[_Letter, str, str, str]]:
    """What is wrong in letters of one language: where, what kind, words and reason."""
    lines = list(dict.fromkeys(line for each in letters for line in _lines(each.text)))
    starts = list(accumulate((len(each) + len(BETWEEN) for each in lines), initial=0))
    reading = read_text(BETWEEN.join(lines), rules, today=A_DAY)
    claims: dict[str, list[Claim]] = {}
    found = ClaimsRead(reading, rules.claims, language).found
    for claim in (each for each in found if each.decides):
        line = lines[bisect_right(starts, claim.start) - 1]
        claims.setdefault(line, []).append(claim)
    words: dict[str, list[tuple[ReplyRule, str]]] = {}
    for start, rule, said in _rule_words(reading, language, rules):
        line = lines[bisect_right(starts, start) - 1]
        words.setdefault(line, []).append((rule, said))
    claiming = [each for each in _wrong_rules(rules) if each.looks_at == CLAIMS]
    for letter in letters:
        rows = list(_rows(letter, rules)) if claiming else []
        for line in _lines(letter.text):
            for rule, said in words.get(line, ()):
                yield letter, "message-words", said, rule.reason
            for claim in claims.get(line, ()) if rows else ():
                if not claim.is_asked and not _is_allowed(claim, rows):
                    said = reading.text[claim.start : claim.end]
                    reason = claiming[0].reason.replace("{what}", words_of(claim))
                    yield letter, "message-claims", said, reason


def _lines(text: str) -> Iterator[str]:
    """The lines of a text; one that begins with a small letter goes on with the last.

    That is where a sentence ends for whoever reads a letter, so that a line which many
    messages share says the same in each of them.
    """
    found: list[str] = []
    for line in text.splitlines():
        if found and line[:1].islower():
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(line)
    yield from filter(None, found)


def _wrong_rules(rules: ReplyRules) -> Iterator[ReplyRule]:
    return (each for each in rules.rules if each.severity == WRONG)


def _rule_words(
    reading: Reading, language: str, rules: ReplyRules
) -> Iterator[tuple[int, ReplyRule, str]]:
    """The words of rules that may never be said, with their places."""
    for rule in _wrong_rules(rules):
        if rule.looks_at == WORDS and not rule.at_most:
            for words in rules.words.named(rule.id):
                if words.language in {language, ANY}:
                    for hit in reading.wording.hits(words.phrases, words.unless):
                        yield hit.start, rule, reading.text[hit.start : hit.end]


def _is_allowed(claim: Claim, rows: Iterable[ActionClaims]) -> bool:
    return any(
        each.allows(claim.kind.id, claim.way, for_now=claim.is_for_now) for each in rows
    )


def _rows(letter: _Letter, rules: ReplyRules) -> Iterator[ActionClaims]:
    """The rows of *Claims of actions* that can hold where the message is sent."""
    rows = rules.claims.actions.get(letter.action, ())
    facts = dict(_values(letter)) if any(row.when for row in rows) else {}
    for row in rows:
        named = [(facts.get(each.key), set(each.values)) for each in row.when]
        if any(values is not None and not values & good for values, good in named):
            continue
        yield row
        if all(values is not None and values <= good for values, good in named):
            return


def _values(letter: _Letter) -> Iterator[tuple[str, set[str]]]:
    """What the row of a page, and its *Only when*, leave of facts and answers."""
    found: dict[str, set[str]] = {}
    gate = letter.table.only_when
    parts = [(letter.table, letter.row)]
    if gate is not None:
        parts.append((gate, gate.rows[0]))
    for table, row in parts:
        for column, cell in zip(table.inputs, row.conditions, strict=True):
            if (column.kind.is_words or column.kind.sort is Sort.YES_NO) and (
                not cell.is_any and not cell.limits
            ):
                region = cell.region(column.kind, {}, currency="")
                every = column.kind.words or (False, True)
                fits = {
                    _name(each)
                    for each in every
                    if region.has(point_of(each, column.kind))
                }
                found[column.key] = found.get(column.key, fits) & fits
    yield from found.items()
    for key, value in _answers(letter.table, letter.row).items():
        yield key, {_name(value)}


def _name(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return key_of(str(value))


def _answers(table: Table, row: Row) -> Mapping[str, str | bool]:
    """The answers of a row that are the same in every case."""
    pairs = zip(table.answers, row.outcomes, strict=True)
    return {
        column.key: outcome.value
        for column, outcome in pairs
        if isinstance(outcome.value, str | bool)
    }


def _answer(table: Table, row: Row, sort: Sort) -> str:
    """The answer of a row that is of this sort; empty if it has none."""
    for column, outcome in zip(table.answers, row.outcomes, strict=True):
        if column.kind.sort is sort and isinstance(outcome.value, str):
            return outcome.value
    return ""


def _filled(page: Playbook, message: Message, answers: Mapping[str, object]) -> str:
    """Fill every slot of a message with something of its kind."""
    language = message.language

    def filled(slot: str) -> str:
        key = key_of(slot)
        word = page.vocabulary().get(key)
        kind = word.kind if word else None
        if kind is None or word is None:
            rows = page.limits.all_of(key)
            return limit_words(rows[0].value, language) if rows else A_NAME
        return _sample(page, kind, answers.get(key), language)

    return SLOT.sub(
        lambda match: in_its_place(match, filled(match[1]), language), message.text
    )


def _sample(page: Playbook, kind: Kind, value: object, language: str) -> str:
    if kind.sort in {Sort.DATE, Sort.DAY}:
        return day_words(A_DAY, language)
    if kind.sort is Sort.MONEY:
        place = next(iter(page.reference.marketplaces.values()))
        return money_words(Money(AN_AMOUNT, place.currency), language)
    if kind.is_words:
        return answer_words(page, kind.sort, value or kind.words[0])
    return A_NAME if kind.sort is Sort.TEXT else A_NUMBER
