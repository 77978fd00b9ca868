"""A decision on the screen: its table with the row lit, what is right, and why."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from ...catalogue import language, say
from ...content.cases import PracticeCase
from ...content.playbook.explain import (
    BUYER,
    CountText,
    Explanation,
    explain,
)
from ...content.playbook.playbook import Playbook
from ...practice.case.keys import Verdict
from ...practice.case.questions import words_of
from ...practice.desk.steps import unused_steps
from ...practice.wording import (
    condition_words,
    day_words,
    sentence_case,
    since_words,
    unit_words,
)
from ...rules.decisions import CellMismatch, Decision
from ...rules.tables import Column, Row, Table
from ...rules.values import Sort
from ..markup import join, piece, source_words
from ..question_screens import day_or, screen_of

_LEAD = "lead"
"""Who says a reason that the agent has handed over."""

ANYONE = "anyone"
"""The reader of a reason that no message says."""

_WORD = re.compile(r"\w+")

_ANSWER, _MISSED, _LIT = (
    Markup(f' class="kit-{name}"') for name in ("answer", "missed", "lit")
)
"""Whole attributes: a table has hundreds of cells, and most have no class."""

MOST_KEPT = 512
"""How many explained tables are kept for the next one who asks."""


def decision_table(
    playbook: Playbook, table: Table, *, decision: Decision | None = None
) -> Markup:
    """Show a decision table; with a decision, its row is lit and the misses are marked.

    The names of messages are left out: they say nothing without their text.

    Args:
        playbook: The page.
        table: One of its tables.
        decision: What it decided, if it is to be explained.
    """
    columns = (*table.inputs, *(table.answers[n] for n in _shown(table)))
    heads = join(
        piece(
            '<th scope="col"{}>{}</th>',
            _ANSWER if column in table.answers else "",
            sentence_case(playbook.reference.name_on_screen(column.name)),
        )
        for column in columns
    )
    chosen = decision.rows if decision else ()
    missed = {each.row: each.misses for each in decision.why_not} if decision else {}
    rows = join(
        _table_row(playbook, table, row, lit=row in chosen, misses=missed.get(row, ()))
        for row in table.rows
    )
    return piece(
        '<div class="kit-scroll" tabindex="0"><table class="kit-table"><thead><tr>'
        '<th scope="col">'
        "{}</th>{}</tr></thead><tbody>{}</tbody></table></div>",
        say("desk.row"),
        heads,
        rows,
    )


def _shown(table: Table) -> list[int]:
    return [
        number
        for number, column in enumerate(table.answers)
        if column.kind.sort is not Sort.MESSAGE
    ]


def _table_row(
    playbook: Playbook,
    table: Table,
    row: Row,
    *,
    lit: bool,
    misses: Sequence[CellMismatch],
) -> Markup:
    missed = {miss.number for miss in misses}
    cells = [
        piece(
            "<td{}>{}</td>",
            _MISSED if number in missed else "",
            condition_words(
                _with_values(playbook, cell.text, cell.limits),
                column.kind,
                playbook.reference,
            ),
        )
        for number, (column, cell) in enumerate(
            zip(table.inputs, row.conditions, strict=True)
        )
    ]
    cells += [
        piece(
            '<td class="kit-answer">{}</td>',
            _outcome(
                playbook,
                table.answers[number],
                _with_values(playbook, row.outcomes[number].text, table.answer_limits),
            ),
        )
        for number in _shown(table)
    ]
    sign = say("desk.lit", number=row.number) if lit else row.number
    return piece(
        '<tr{}><th scope="row">{}</th>{}</tr>',
        _LIT if lit else "",
        sign,
        join(cells),
    )


def _with_values(playbook: Playbook, text: str, limits: Sequence[str]) -> str:
    """Put the value of each limit for its name, where it is one on every day."""
    for name in limits:
        values = {unit_words(str(each.value)) for each in playbook.limits.all_of(name)}
        if len(values) == 1:
            text = re.sub(rf"\b{re.escape(name)}\b", values.pop(), text)
    return text


def _outcome(playbook: Playbook, column: Column, text: str) -> str:
    asked = playbook.reference.question_kind(column)
    return screen_of(asked).cell(text, asked, playbook.reference)


def verdict_cards(
    case: PracticeCase, verdicts: Sequence[Verdict], *, unfolded: bool = False
) -> Markup:
    """Show what is right and why, one card for each decision of the case.

    Steps that do not lead to the action come last, folded unless one was answered
    wrong. Their reasons are no advice, so the table that decides is named instead.

    Args:
        case: The case.
        verdicts: Its questions with their answers, in order.
        unfolded: Whether rule, source and table of what is wrong stand open, as on
            paper.
    """
    cards: list[Markup] = []
    others: list[Markup] = []
    unused = unused_steps(case)
    is_wrong = False
    for name, group in groupby(verdicts, key=lambda each: each.explanation.table):
        same = list(group)
        is_open = unfolded and not all(each.is_right for each in same)
        because = reason_given(same[0].explanation, by_lead=_hands_over(same))
        if name in unused:
            words = say("desk.unused", table=sentence_case(unused[name]))
            because = piece('<p class="kit-because">{}</p>', words)
            is_wrong = is_wrong or not all(each.is_right for each in same)
        card = piece(
            '<div class="kit-verdict"><h3>{}</h3>{}{}'
            "<details{}><summary>{}</summary>{}</details></div>",
            sentence_case(name),
            join(_verdict(each) for each in same),
            because,
            _open(is_open),
            say("desk.show-table"),
            _walked_back(case, name, language()),
        )
        (others if name in unused else cards).append(card)
    if others:
        aside = '<details class="kit-aside"{}><summary>{}</summary>{}</details>'
        words = say("desk.also-asked")
        cards.append(piece(aside, _open(is_wrong), words, join(others)))
    return join(cards)


def _open(is_open: bool) -> Markup:
    return Markup(" open" if is_open else "")


@lru_cache(maxsize=MOST_KEPT)
def _walked_back(case: PracticeCase, table: str, _: str) -> Markup:
    """Show rule, source and limits of a decision, and its table with the row lit.

    It is the same whatever was answered, so it is written once in each language.
    """
    decision = next(each for each in case.decide() if each.table.name == table)
    return piece(
        "{}{}",
        _sources(case.playbook, explain(case.playbook, decision)),
        decision_table(case.playbook, decision.table, decision=decision),
    )


def _verdict(verdict: Verdict) -> Markup:
    more = (
        piece('<p class="kit-if">{}</p>', verdict.if_right)
        if verdict.if_right
        else Markup("")
    )
    kind, text = _kind(verdict), verdict_line(verdict)
    return piece('<p class="kit-{}">{}</p>{}', kind, text, more)


def verdict_line(verdict: Verdict) -> str:
    """Say in a line what was answered, and what is right."""
    right, given = answers_in_words(verdict)
    name = verdict.question.name
    if verdict.missed is not None:
        due = day_words(verdict.missed, language())
        kind = "right" if verdict.is_right else "wrong"
        return say(f"desk.verdict-missed-{kind}", name=name, due=due, right=right)
    kind = "early" if verdict.is_early else _kind(verdict)
    return say(f"desk.verdict-{kind}", name=name, right=right, given=given)


def answers_in_words(verdict: Verdict) -> tuple[str, str]:
    """Say what is right and what was given, each as an agent reads it."""
    screen = screen_of(verdict.question.kind)
    given = words_of(verdict.question, verdict.given)
    right = screen.answer(verdict.right, verdict.right_words)
    return right, screen.answer(verdict.given, given)


def _kind(verdict: Verdict) -> str:
    return "right" if verdict.is_right else "wrong" if verdict.given else "open"


def reasons(playbook: Playbook, explanation: Explanation) -> Markup:
    """Show because, sources and limits of one decision."""
    return reason_given(explanation) + _sources(playbook, explanation)


def reason_given(explanation: Explanation, *, by_lead: bool = False) -> Markup:
    """Show the reason of a decision, and whether its "you" is the buyer.

    Args:
        explanation: The decision.
        by_lead: Whether the team lead decides and the agent sends no message.
    """
    reader = _LEAD if by_lead and explanation.reader == BUYER else explanation.reader
    return reason_words(reader, explanation.because)


def _hands_over(verdicts: Iterable[Verdict]) -> bool:
    return any(each.hands_over for each in verdicts)


def reason_words(reader: str, because: str) -> Markup:
    """Show a reason, and for whom it is.

    Args:
        reader: Who reads it, as the texts under ``reason-for`` name them.
        because: The reason; one for anyone can still say *you* to the buyer.
    """
    words = {each.casefold() for each in _WORD.findall(because)}
    if reader == ANYONE and not words.isdisjoint(
        say("desk.reason-for.to-buyer").split()
    ):
        reader = "anyone-to-buyer"
    return piece(
        '<p class="kit-because"><span class="kit-label">{}</span> {}</p>',
        say(f"desk.reason-for.{reader}"),
        because,
    )


def _counted(count: CountText) -> str:
    """Say a day that was stated beside the one that we have counted."""
    shown, counted = (day_or(each, each) for each in (count.stated, count.counted))
    return say("desk.stated-and-counted", name=count.name, shown=shown, counted=counted)


def _sources(playbook: Playbook, explanation: Explanation) -> Markup:
    """Show rule, sources and limits of one decision."""
    sources = "; ".join(map(source_words, explanation.sources))
    limits = [
        say(
            "desk.limit",
            name=sentence_case(playbook.reference.name_on_screen(each.name)),
            value=unit_words(each.value),
            start=since_words(each.start, language()),
        )
        for each in explanation.limits
    ]
    lines = [
        (
            say("desk.rule"),
            say("desk.rule-row", row=explanation.row, page=playbook.title),
        ),
        (say("desk.sources"), sources),
    ]
    if limits:
        lines.append((say("desk.limits"), "; ".join(limits)))
    lines += [(say("desk.counted"), _counted(each)) for each in explanation.counted]
    body = join(
        piece("<tr><th scope='row'>{}</th><td>{}</td></tr>", name, text)
        for name, text in lines
    )
    note = (
        Markup("")
        if explanation.marks
        else piece('<p class="kit-note">{}</p>', say("desk.only-note"))
    )
    return piece('<table class="kit-reasons">{}</table>{}', body, note)
