"""What ``kit decide`` understands and tells: a case from words, its decisions as data.

The same data is printed for people and as JSON for other programs, so neither can say
what the other does not. Where no marketplace is named, the case is decided at every
one: what comes out the same everywhere is told, for the rest it has to be named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from .catalogue import say
from .content.markdown.lookups import UNKNOWN
from .content.playbook.explain import explain, fact_words
from .content.playbook.gates import words_of_gate
from .content.playbook.playbook import Playbook
from .content.proofs.agreeing import check_agreement
from .content.reference.reference import Reference
from .errors import BadValue, KitError, NotCovered, UnclearValue, UnknownName
from .rules.calendars import Marketplace, day_at
from .rules.decisions import FactNeeded, NotApplicable
from .rules.facts import MARKETPLACE, Fact, Known, find_fact
from .rules.limits import ALWAYS
from .rules.typed import Unclear, read_typed, read_typed_day
from .rules.values import Value, key_of, nearest

JsonObject = dict[str, Any]
"""One decision as plain data; its ``result`` is decided, ask or not-covered."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person wants decided."""

    page: Playbook
    """The page that decides it."""

    facts: Mapping[str, str]
    """What is known, as the person wrote it."""

    marketplace: str | None
    """Where it happens, if the person said so."""

    on: str | None
    """The day or moment, if the person said so."""

    table: str | None
    """The one decision that is wanted, if not all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the page says to it."""

    page: Playbook
    """The page."""

    marketplace: Marketplace | None
    """Where it happens; ``None`` if nobody said."""

    on: date
    """The day of the case."""

    decisions: tuple[JsonObject, ...]
    """One for each table that was wanted."""

    @property
    def is_decided(self) -> bool:
        """Whether anything was decided."""
        return any(each["result"] == "decided" for each in self.decisions)

    def as_data(self) -> JsonObject:
        """Everything, for JSON."""
        return {
            "playbook": self.page.id,
            "title": self.page.title,
            "marketplace": self.marketplace.id if self.marketplace else None,
            "on": self.on.isoformat(),
            "decisions": self.decisions,
        }


def answer(question: Question, *, now: datetime) -> Reply:
    """Decide what a person asks.

    Args:
        question: The question.
        now: The moment that counts where no day is named.

    Raises:
        UnknownName: A fact, a marketplace or a decision is not known.
        BadValue: A value is none of its fact, or the day is none.
        FactsDisagree: The case contradicts itself.
    """
    page = question.page
    named = page.table(question.table).name if question.table else ""
    place = _marketplace(page, question.marketplace, question.facts)
    values = _values(page, question.facts, place)
    if place is not None:
        day = _day(question.on, place, now)
        return Reply(page, place, day, _decided(page, named, values, place, day))
    every = list(page.reference.marketplaces.values())
    day = _day(question.on, every[0], now)
    return Reply(page, None, day, _decided_anywhere(page, named, values, day))


def _values(
    page: Playbook, facts: Mapping[str, str], place: Marketplace | None
) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {}
    for name, text in facts.items():
        declared = find_fact(name, page.vocabulary())
        if declared.key == MARKETPLACE:
            values[MARKETPLACE] = place_named(page.reference, text).id
        else:
            values[declared.key] = value_typed(text, declared, place)
    return values


def value_typed(text: str, fact: Fact, place: Marketplace | None) -> Value:
    """Read a value of a fact as people type it and other programs export it.

    Raises:
        UnclearValue: It can be read in more than one way.
        BadValue: It is no value of this fact.
    """
    try:
        return read_typed(text, fact.kind, place)
    except Unclear as error:
        raise _unclear(fact.name, text, fact.kind, error) from None
    except ValueError:
        raise BadValue(fact=fact.name, value=text, kind=fact.kind) from None


def _unclear(fact: str, text: str, kind: object, error: Unclear) -> UnclearValue:
    how = say(f"cli.unclear.{error.how}")
    return UnclearValue(fact=fact, value=text, kind=kind, how=how)


def _marketplace(
    page: Playbook, name: str | None, facts: Mapping[str, str]
) -> Marketplace | None:
    every = page.reference.marketplaces
    stated = (text for fact, text in facts.items() if key_of(fact) == MARKETPLACE)
    name = name or next(stated, None)
    if name is None:
        return next(iter(every.values())) if len(every) == 1 else None
    return place_named(page.reference, name)


def place_named(reference: Reference, name: str) -> Marketplace:
    """Find a marketplace by its id, in any spelling.

    Raises:
        UnknownName: There is none of this name.
    """
    every = reference.marketplaces
    for each in every.values():
        if key_of(each.id) == key_of(name):
            return each
    near = nearest(name, every)
    raise UnknownName(sort="marketplace", name=name, nearest=near)


def _day(text: str | None, place: Marketplace, now: datetime) -> date:
    if text is None:
        return day_at(now, place.zone)
    try:
        return read_typed_day(text, place)
    except Unclear as error:
        raise _unclear("on", text, say("cli.decide.day-kind"), error) from None
    except ValueError:
        kind = say("cli.decide.day-kind")
        raise BadValue(fact="on", value=text, kind=kind) from None


def _decided(
    page: Playbook,
    named: str,
    values: Mapping[str, Value | None],
    place: Marketplace,
    day: date,
) -> tuple[JsonObject, ...]:
    known = page.known(values, marketplace=place, on=day)
    names = [named] if named else [table.name for table in page.tables]
    check_agreement(page, names, known)
    if not named:
        return tuple(_decision_data(page, table.name, known) for table in page.tables)
    told = _decision_data(page, named, known, is_open=True)
    if told["result"] != "silent":
        return (told,)
    others = (
        _decision_data(page, table.name, known)
        for table in page.tables
        if table.name != named and table.gives_action
    )
    return (told, *(each for each in others if each["result"] == "decided"))


def _decided_anywhere(
    page: Playbook, named: str, values: Mapping[str, Value | None], day: date
) -> tuple[JsonObject, ...]:
    """Decide at every marketplace; what differs from one to the other is asked for."""
    found: list[tuple[JsonObject, ...] | None] = []
    refused: KitError | None = None
    for place in page.reference.marketplaces.values():
        try:
            found.append(_decided(page, named, values, place, day))
        except KitError as error:
            found.append(None)
            refused = error
    if refused is not None and not any(found):
        raise refused
    every = ", ".join(page.reference.marketplaces)
    ask = {
        "result": "ask",
        "ask": MARKETPLACE,
        "words": say("cli.decide.which-marketplace", marketplaces=every),
        "facts": [MARKETPLACE],
    }
    told = []
    names = dict.fromkeys(each["table"] for some in found for each in some or ())
    for name in names:
        results = [_of_table(name, each) for each in found]
        same = all(each == results[0] for each in results)
        told.append(results[0] if same and results[0] else {"table": name, **ask})
    return tuple(told)


def _of_table(name: str, told: tuple[JsonObject, ...] | None) -> JsonObject | None:
    return next((each for each in told or () if each["table"] == name), None)


def _decision_data(
    page: Playbook, name: str, known: Known, *, is_open: bool = False
) -> JsonObject:
    try:
        result = page.decide(name, known, is_open=is_open)
        if isinstance(result, NotApplicable):
            return _silent(result)
        if not isinstance(result, FactNeeded):
            return {"result": "decided", **asdict(explain(page, result))}
        fact, words = fact_words(page, result, known)
    except NotCovered as error:
        return {"table": name, "result": "not-covered", "reason": str(error)}
    facts = [page.vocabulary()[each].name for each in result.facts]
    return {
        "table": name,
        "result": "ask",
        "ask": fact,
        "words": words,
        "facts": facts,
    }


def _silent(silent: NotApplicable) -> JsonObject:
    """Say that a table is not for this case, and which fact keeps it silent."""
    miss = next(miss for each in silent.gate.why_not for miss in each.misses)
    words = say(
        "cli.decide.silent",
        table=silent.table.name,
        gate=words_of_gate(silent.gate.table),
        fact=miss.column.name,
        value=silent.gate.shown(miss),
    )
    return {"table": silent.table.name, "result": "silent", "reason": words}


def lines_of(reply: Reply, *, wanted: str | None) -> Iterator[tuple[str, str]]:
    """Say a reply line by line, each with what it is: head, answer or plain.

    Args:
        reply: What was decided.
        wanted: The one table that was asked for, if not all.
    """
    place = reply.marketplace.id if reply.marketplace else say("cli.decide.anywhere")
    title = reply.page.title
    yield (
        "head",
        say("cli.decide.heading", title=title, marketplace=place, day=reply.on),
    )
    for each in reply.decisions:
        if each["result"] == "decided":
            yield from _decision_lines(each)
        elif each["result"] == "not-covered":
            yield "plain", ""
            yield "head", each["table"]
            yield "plain", "  " + say("cli.decide.not-covered", problem=each["reason"])
        elif each["result"] == "silent" and wanted:
            yield "plain", ""
            yield "plain", each["reason"]
    open_ones = [each for each in reply.decisions if each["result"] == "ask"]
    if wanted or not reply.is_decided:
        for each in open_ones[:1]:
            yield from _ask_lines(each)
    else:
        lines = [say("cli.decide.open-table", **each) for each in open_ones]
        yield from _list(say("cli.decide.still-open"), lines, indent="")
    reminder = reply.page.reference.keep_in_mind
    if reply.is_decided and reminder:
        yield "plain", ""
        yield "plain", reminder


def _ask_lines(told: JsonObject) -> Iterator[tuple[str, str]]:
    yield "plain", ""
    yield "head", told["table"]
    yield "answer", "  " + say("cli.decide.ask", fact=told["ask"])
    if told["words"]:
        yield "plain", f"    {told['words']}"
    if told["facts"][1:]:
        facts = ", ".join(told["facts"][1:])
        yield "plain", "  " + say("cli.decide.ask-more", facts=facts)


def _decision_lines(told: JsonObject) -> Iterator[tuple[str, str]]:
    yield "plain", ""
    many = "row" if len(told["rows"]) == 1 else "rows" if told["rows"] else "no-row"
    yield "head", say(f"cli.decide.{many}", table=told["table"], row=told["row"])
    for each in told["answers"]:
        line = f"  {each['name']}: {each['words']}"
        is_one = each["value"].startswith("1 ")  # “1 bag” is all that “1 bags” says
        if each["words"] != each["value"] != UNKNOWN and not is_one:
            line += f" ({each['value']})"
        yield "answer", line
    yield from _reasons(told["rows"])
    if told["rows"] and not told["marks"]:
        yield "plain", f"  {say('cli.decide.note')}"
    sources = [say("cli.decide.source", **each) for each in told["sources"]]
    limits = [_limit(each) for each in told["limits"]]
    others = [
        say("cli.decide.other", row=each["row"], why=_why_not(each))
        for each in told["why_not"]
    ]
    yield from _list(say("cli.decide.sources"), sources)
    yield from _list(say("cli.decide.limits"), limits)
    for each in told["counted"]:
        yield "plain", f"  {say('cli.decide.counted', **each)}"
    yield from _list(say("cli.decide.why-not"), others)
    yield "plain", f"  {say('cli.decide.place', place=told['place'])}"


def _list(
    heading: str, lines: Sequence[str], *, indent: str = "  "
) -> Iterator[tuple[str, str]]:
    if lines:
        yield "plain", f"{indent}{heading}" if indent else f"\n{heading}"
        yield from (("plain", f"{indent}  {line}") for line in lines)


def _reasons(rows: Sequence[JsonObject]) -> Iterator[tuple[str, str]]:
    """Give the reason, or where a table collects those of all its rows."""
    if len(rows) == 1:
        yield "plain", f"  {say('cli.decide.because')} {rows[0]['because']}"
        return
    lines = [
        say("cli.decide.reason", **{**each, "sources": ", ".join(each["sources"])})
        for each in rows
    ]
    yield from _list(say("cli.decide.because"), lines)


def _limit(limit: JsonObject) -> str:
    is_dated = limit["start"] != ALWAYS
    return say("cli.decide.limit" if is_dated else "cli.decide.limit-always", **limit)


def _why_not(other: JsonObject) -> str:
    if not other["misses"]:
        return say("cli.decide.masked")
    return "; ".join(_miss(each) for each in other["misses"])


def _miss(miss: JsonObject) -> str:
    unknown = miss["value"] == UNKNOWN
    return say("cli.decide.miss-unknown" if unknown else "cli.decide.miss", **miss)
