"""Small questions between the cases of a lesson, made of the playbook's own rows."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ...catalogue import language, say
from ...content.playbook.explain import explain
from ...content.playbook.playbook import Check, Playbook, TypicalMistake
from ...content.playbook.slots import limits_everywhere
from ...content.proofs.check_runner import known_of, places_of
from ...errors import DayTooFar, NotCovered
from ...practice.wording import day_words, in_words, sentence_case
from ...rules.calendars import add_days
from ...rules.decisions import Decision
from ...rules.facts import MARKETPLACE, Known
from ...rules.limits import Limit
from ...rules.outcomes import DayRule, Outcome, limit_of, value_of
from ...rules.tables import Column
from ...rules.values import Duration, Value, key_of
from ..desk.verdict_view import ANYONE, reason_words, reasons
from ..forms import html, safely, stack
from ..markup import join, piece, uncited
from ..question_screens import screen_of

Tell = Callable[[str], None]
"""Takes the answer that was chosen."""


class Quiz:
    """One question with a few answers; choosing one shows what is right and why."""

    def __init__(
        self,
        lead: Markup,
        choices: Sequence[tuple[str, str]],
        verdict: Callable[[str], Markup],
        *,
        chosen: str,
        tell: Tell,
    ) -> None:
        """Lay out a question.

        Args:
            lead: The question.
            choices: The words and the value of each answer.
            verdict: Says what is right about an answer, and why.
            chosen: The answer so far; empty for none.
            tell: Takes a new answer.
        """
        self._verdict, self._tell = verdict, tell
        self._choices, self._right = choices, ""
        self._is_marking = False
        self.status = html(classes="kit-status")
        self._result = html(classes="kit-result")
        values = [value for _, value in choices]
        self._radio = widgets.RadioButtons(
            options=[(sentence_case(words), value) for words, value in choices],
            value=chosen if chosen in values else None,
        )
        self._radio.add_class("kit-radio")
        self._radio.observe(safely(self._choose, self.status), names="value")
        self.screen = stack(
            html(lead),
            self._radio,
            self._result,
            self.status,
            classes="kit-quiz",
        )
        if self._radio.value is not None:
            self._show(self._radio.value)

    def mark(self, right: str) -> None:
        """Mark the right answer in the list as soon as one is chosen.

        Args:
            right: Its value.
        """
        self._right = right
        if self._radio.value is not None:
            self._show(self._radio.value)

    def _choose(self, change: dict[str, Any]) -> None:
        if self._is_marking:
            return
        self._tell(change["new"])
        self._show(change["new"])

    def _show(self, value: str) -> None:
        """Say what is right about an answer, and mark the right one in the list."""
        self._result.value = str(self._verdict(value))
        if not self._right:
            return
        self._is_marking = True
        try:
            self._radio.options = [self._option(*each) for each in self._choices]
            self._radio.value = value
        finally:
            self._is_marking = False

    def _option(self, words: str, value: str) -> tuple[str, str]:
        words = sentence_case(words)
        if value == self._right:
            words = say("desk.spot.marked", answer=words)
        return words, value


def spot_quiz(
    playbook: Playbook, slip: TypicalMistake, *, on: date, chosen: str, tell: Tell
) -> Quiz:
    """Ask why something that people do is wrong; the other reasons fit other slips.

    Args:
        playbook: The page.
        slip: What people do.
        on: The day whose limits are put into the words of the page.
        chosen: The answer so far; empty for none.
        tell: Takes a new answer.
    """
    places = playbook.reference.marketplaces

    def said(text: str) -> str:
        return limits_everywhere(uncited(playbook, text), playbook.limits, places, on)

    others = [each for each in playbook.typical_mistakes if each.why != slip.why]
    chance = random.Random(slip.words)
    whys = [each.why for each in chance.sample(others, min(2, len(others)))]
    whys.append(slip.why)
    chance.shuffle(whys)
    lead = piece(
        '<p class="kit-step">{}</p><blockquote>{}</blockquote>'
        '<p class="kit-label">{}</p>',
        say("desk.spot.lead"),
        said(slip.words),
        say("desk.spot.ask"),
    )

    def verdict(value: str) -> Markup:
        kind = "right" if value == slip.why else "wrong"
        row = playbook.table(slip.table).row(slip.row)
        because = row.because if row else slip.why
        return piece(
            '<p class="kit-{}" role="status">{}</p>{}',
            kind,
            say(f"desk.spot.{kind}", right=said(slip.why)),
            reason_words(ANYONE, said(because)),
        )

    choices = [(said(why), why) for why in whys]
    quiz = Quiz(lead, choices, verdict, chosen=chosen, tell=tell)
    quiz.mark(slip.why)
    quiz.screen.add_class("kit-sentences")
    return quiz


def predict_quiz(
    playbook: Playbook, check: Check, answer: str, *, chosen: str, tell: Tell
) -> Quiz:
    """Ask what the page says of one of its own checks, before it is shown.

    Raises:
        KitError: The check cannot be decided; reading the page has ruled this out.
    """
    marketplace = places_of(playbook, check)[0]
    known = known_of(playbook, check, marketplace)
    decision = playbook.decide(check.table, known, is_open=True)
    if not isinstance(decision, Decision):
        raise TypeError(check.title)
    column = next(each for each in decision.table.answers if each.key == key_of(answer))
    explanation = explain(playbook, decision)
    right = next(each for each in explanation.answers if each.key == column.key)
    kinds = {fact.key: fact for fact in playbook.vocabulary().values()}
    lines = [
        (say("desk.predict.today"), day_words(check.on, language())),
        (kinds[MARKETPLACE].name, marketplace.name),
    ]
    lines += [
        (
            playbook.reference.name_on_screen(kinds[key].name),
            in_words(value, kinds[key].kind, playbook.reference),
        )
        for key, value in check.facts.items()
        if key != MARKETPLACE
    ]
    facts = join(
        piece('<tr><th scope="row">{}</th><td>{}</td></tr>', sentence_case(name), words)
        for name, words in lines
    )
    lead = piece(
        '<p class="kit-step">{}</p><table class="kit-facts">{}</table>'
        '<p class="kit-label">{} <span>{}</span></p>',
        say("desk.predict.lead"),
        facts,
        say("desk.predict.ask", name=playbook.reference.name_on_screen(column.name)),
        playbook.reference.answers[column.key].meaning,
    )
    choices = _choices(playbook, decision, column, known)

    def verdict(value: str) -> Markup:
        words = {text: words for words, text in choices}
        asked = playbook.reference.question_kind(column)
        is_right = asked.equal(value, right.value, since=check.on)
        kind = "right" if is_right else "wrong"
        is_early = is_right and asked.is_due and value != right.value
        key = "early" if is_early else kind
        text = say(f"desk.predict.{key}", given=words[value], right=words[right.value])
        return piece(
            '<p class="kit-{}" role="status">{}</p>{}',
            kind,
            text,
            reasons(playbook, explanation),
        )

    return Quiz(lead, choices, verdict, chosen=chosen, tell=tell)


def _choices(
    playbook: Playbook, decision: Decision, column: Column, known: Known
) -> list[tuple[str, str]]:
    """List what can be guessed: what the rows give, and days near the right one."""
    number = list(decision.table.answers).index(column)
    values = [*_values((row.outcomes[number] for row in decision.table.rows), known)]
    near = [*_slips(decision.row.outcomes[number], known)]
    screen = screen_of(playbook.reference.question_kind(column))
    return screen.guesses(column, values, near, playbook.reference)


def _values(outcomes: Iterable[Outcome], known: Known) -> Iterator[Value]:
    """Find the value that each row would give."""
    for each in outcomes:
        try:
            value = value_of(each, known)
        except NotCovered:
            continue
        if value is not None:
            yield value


def _slips(outcome: Outcome, known: Known) -> Iterator[date]:
    """Find the days around the right one that are often taken for it."""
    day = value_of(outcome, known)
    if not isinstance(day, date):
        return
    yield from _moved(day, -1, 1)
    start, limit = _counted_from(outcome, known)
    if limit and isinstance(limit.value, Duration) and isinstance(start, date):
        yield from _moved(start, limit.value.count)


def _counted_from(outcome: Outcome, known: Known) -> tuple[object, Limit | None]:
    """Find the day from which an answer counts, and the limit by which it does."""
    rule = outcome.value
    if not isinstance(rule, DayRule):
        return None, None
    fact = known.vocabulary.get(rule.anchor)
    how = fact.derivation if fact else None
    if rule.step is not None or how is None or how.form != "plus":
        return known.value(rule.anchor), limit_of(outcome, known)
    behind = list(known.limits_behind(rule.anchor))
    return known.value(key_of(how.first)), behind[0] if len(behind) == 1 else None


def _moved(day: date, *counts: int) -> Iterator[date]:
    """Move a day by each of some counts, as far as the calendar goes."""
    for count in counts:
        with suppress(DayTooFar):
            yield add_days(day, count)
