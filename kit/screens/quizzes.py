"""Small questions between the cases of a lesson, made of the playbook's own rows."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ..catalogue import say
from ..content.trying import known_of, places_of
from ..content.explain import answer_words, explain
from ..content.playbooks import Check, Playbook, Slip
from ..rules.decisions import Decision
from ..rules.values import key_of, show_value
from .forms import html, safely, stack
from .markup import join, reasons

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
        self.status = html(classes="kit-status")
        self._result = html(classes="kit-result")
        values = [value for _, value in choices]
        self._radio = widgets.RadioButtons(
            options=choices, value=chosen if chosen in values else None
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
            self._result.value = str(verdict(self._radio.value))

    def _choose(self, change: dict[str, Any]) -> None:
        self._tell(change["new"])
        self._result.value = str(self._verdict(change["new"]))


def spot_quiz(playbook: Playbook, slip: Slip, *, chosen: str, tell: Tell) -> Quiz:
    """Ask why something that people do is wrong; the other reasons fit other slips."""
    others = [each for each in playbook.slips if each.why != slip.why]
    chance = random.Random(slip.words)
    whys = [each.why for each in chance.sample(others, min(2, len(others)))]
    whys.append(slip.why)
    chance.shuffle(whys)
    lead = Markup(
        '<p class="kit-step">{}</p><blockquote>{}</blockquote>'
        '<p class="kit-label">{}</p>'
    ).format(say("desk.spot.lead"), slip.words, say("desk.spot.ask"))

    def verdict(value: str) -> Markup:
        kind = "right" if value == slip.why else "wrong"
        row = playbook.table(slip.table).row(slip.row)
        because = row.because if row else slip.why
        return Markup('<p class="kit-{}" role="status">{}</p>').format(
            kind, say(f"desk.spot.{kind}", why=because)
        )

    choices = [(why, why) for why in whys]
    return Quiz(lead, choices, verdict, chosen=chosen, tell=tell)


def predict_quiz(
    playbook: Playbook, check: Check, answer: str, *, chosen: str, tell: Tell
) -> Quiz:
    """Ask what the page says of one of its own checks, before it is shown.

    Raises:
        KitError: The check cannot be decided; reading the page has ruled this out.
    """
    marketplace = places_of(playbook, check)[0]
    known = known_of(playbook, check, marketplace)
    decision = playbook.decide(check.table, known)
    if not isinstance(decision, Decision):
        raise TypeError(check.title)
    column = next(each for each in decision.table.answers if each.key == key_of(answer))
    explanation = explain(playbook, decision)
    right = next(each for each in explanation.answers if each.key == column.key)
    kinds = {fact.key: fact for fact in playbook.vocabulary().values()}
    facts = join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            kinds[key].name, show_value(value, kinds[key].kind)
        )
        for key, value in check.facts.items()
    )
    lead = Markup(
        '<p class="kit-step">{}</p><table class="kit-facts">{}</table>'
        '<p class="kit-label">{}</p>'
    ).format(check.title, facts, say("desk.predict.ask", name=column.name))
    number = list(decision.table.answers).index(column)
    texts = dict.fromkeys(
        show_value(row.outcomes[number].value, column.kind)  # type: ignore[arg-type]
        for row in decision.table.rows
    )
    choices = [(answer_words(playbook, column.kind.sort, text), text) for text in texts]

    def verdict(value: str) -> Markup:
        words = {text: words for words, text in choices}
        kind = "right" if value == right.value else "wrong"
        text = say(f"desk.predict.{kind}", given=words[value], right=right.words)
        return Markup('<p class="kit-{}" role="status">{}</p>{}').format(
            kind, text, reasons(playbook, explanation)
        )

    return Quiz(lead, choices, verdict, chosen=chosen, tell=tell)
