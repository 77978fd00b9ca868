"""Moves that take time: asking the buyer for a fact, and waiting."""

from collections.abc import Callable
from datetime import date
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ...catalogue import language, say
from ...practice.case.evidence import askable_facts
from ...practice.case.panels import panel_title, panel_with
from ...practice.desk.session import Session
from ...practice.wording import day_words, value_words
from ..forms import button, html, row, stack
from ..markup import piece

ActionRunner = Callable[[Callable[[], object]], bool]
"""Does something that is kept, and says whether it is safe."""


class Moves:
    """The place of a desk where time is spent."""

    def __init__(
        self,
        session: Session,
        do: ActionRunner,
        moved: Callable[[], None],
        *,
        status: Any,
    ) -> None:
        """Render the moves of a session.

        Args:
            session: The session.
            do: Does what is kept.
            moved: Called when a day has gone by.
            status: The piece that says what went wrong, if something does.
        """
        self._session, self._do, self._moved = session, do, moved
        self._choice = widgets.Dropdown(description=say("desk.moves.about"))
        self._choice.add_class("kit-pick")
        self._ask_button = button(say("desk.moves.ask"), self._ask, status=status)
        self._said = html()
        self.screen = stack(
            row(
                self._choice,
                self._ask_button,
                button(say("desk.moves.wait"), self._wait, status=status),
                classes="kit-actions",
            ),
            self._said,
            classes="kit-moves",
        )
        self.show()

    def _ask(self, _: object) -> None:
        fact = self._choice.value
        if not fact:
            self._say(say("desk.moves.which"))
            return
        place = panel_with(self._session.case, fact)
        if place:
            self._say(say("desk.moves.see", panel=panel_title(place)))
            return
        case = self._session.case
        if fact not in case.asked:
            is_known = fact in case.playbook.reference.buyer_knows
            name = "in-message" if is_known else "not-known"
            self._say(say(f"desk.moves.{name}", name=self._name(fact)))
            return
        if self._do(lambda: self._session.ask(fact)):
            self._moved()
            self._say_day()

    def _wait(self, _: object) -> None:
        waited: list[bool] = []
        if not self._do(lambda: waited.append(self._session.wait())):
            return
        if waited == [False]:
            self._say(say("desk.moves.no-later"))
            return
        self._moved()
        self._say_day()

    def show(self) -> None:
        """Show what can be asked, and what the buyer has told so far."""
        self._offer()
        lines = [self._answer(key) for key in self._session.asked]
        self._said.value = str(Markup("").join(lines))

    def _offer(self) -> None:
        """Offer what a buyer can tell; what was chosen stays chosen."""
        chosen = self._choice.value
        keys = askable_facts(self._session.case, self._session.seen)
        options = [(self._name(key), key) for key in keys]
        first = (say("desk.moves.choose"), "")
        if self._choice.options != (first, *options):
            self._choice.options = (first, *options)
            self._choice.value = chosen if chosen in keys else ""
        for each in (self._choice, self._ask_button):
            each.layout.display = "" if keys else "none"

    def _name(self, key: str) -> str:
        reference = self._session.case.playbook.reference
        return reference.name_on_screen(reference.facts[key].name)

    def _answer(self, key: str) -> Markup:
        case, name = self._session.case, self._name(key)
        known = key in case.asked
        words = (
            say("desk.moves.told", name=name, value=value_words(case, key))
            if known
            else say("desk.moves.not-theirs", name=name)
        )
        return piece('<p class="kit-{}">{}</p>', "hint" if known else "note", words)

    def _say_day(self) -> None:
        """Say that a day has gone by, and by which day the case is judged."""
        session = self._session
        words = [say("desk.moves.waited"), _day("now", session.today.on)]
        if session.judged.on != session.today.on:
            words.append(_day("judged", session.judged.on))
        self._say(" ".join(words))

    def _say(self, words: str) -> None:
        self.show()
        self._said.value += str(
            piece('<p class="kit-hint" role="status">{}</p>', words)
        )


def _day(key: str, day: date) -> str:
    return say(f"desk.{key}", day=day_words(day, language()))
