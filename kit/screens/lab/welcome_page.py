"""The widgets of the welcome page (notebook 00): signing in, and the course."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ...catalogue import say
from ...marking.records.course_progress import StepState
from ..forms import button, html, row, safely, stack
from ..markup import join, piece


class SignIn:
    """Asks once for the agent's short name."""

    def __init__(
        self, take: Callable[[str], str], then: Callable[[], Sequence[Any]]
    ) -> None:
        """Ask.

        Args:
            take: Keeps the name; gives a sentence if it cannot be one, else nothing.
            then: Makes what is shown once somebody is signed in.
        """
        self._take, self._then = take, then
        self._status = html(classes="kit-status")
        self._name = widgets.Text(
            description=say("desk.sign-in.label"), continuous_update=False
        )
        self._name.add_class("kit-text")
        self._name.observe(safely(self._press, self._status), names="value")
        self.screen = stack(
            html(
                piece(
                    '<p class="kit-step">{}</p><p class="kit-hint">{}</p>',
                    say("desk.sign-in.lead"),
                    say("desk.sign-in.hint"),
                )
            ),
            row(
                self._name,
                button(
                    say("desk.sign-in.button"),
                    self._press,
                    status=self._status,
                    main=True,
                ),
                classes="kit-actions",
            ),
            self._status,
            classes="kit-sign-in",
        )

    def _press(self, _: object) -> None:
        problem = self._take(self._name.value.strip())
        if problem:
            self._status.value = str(
                piece('<p class="kit-wrong" role="alert">{}</p>', problem)
            )
            return
        self.screen.children = tuple(self._then())


def course_page(states: Sequence[StepState], *, here: str, hello: str) -> Markup:
    """Show the steps of the course, and which comes next.

    Args:
        states: Every step, in order.
        here: Id of the lesson that shows this page; it is never the next one.
        hello: Who is signed in; empty for nobody.
    """
    following = next(
        (each for each in states if not each.is_done and each.step.id != here), None
    )
    rows = join(
        _step(number, each, is_next=each is following)
        for number, each in enumerate(states, start=1)
    )
    heads = join(
        piece('<th scope="col">{}</th>', say(f"desk.course.{name}"))
        for name in ("step", "page", "kind", "minutes", "state")
    )
    lead = Markup("")
    if following is not None:
        words = say("desk.course.next", title=following.step.title)
        lead = piece(
            '<p><a class="kit-next" href="{}">{}</a></p>', following.address, words
        )
    return piece(
        '<p class="kit-hint">{}</p><div class="kit-scroll" tabindex="0">'
        '<table class="kit-table kit-course"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}",
        hello,
        heads,
        rows,
        lead,
    )


def _step(number: int, state: StepState, *, is_next: bool) -> Markup:
    step = state.step
    kind = say(f"desk.course.{step.kind}")
    look = "kit-done" if state.is_done else "kit-following" if is_next else "kit-later"
    return piece(
        '<tr class="{}"><td>{}</td><td><a href="{}">{}</a></td><td>{}</td><td>{}</td>'
        '<td class="kit-state">{}</td></tr>',
        look,
        number,
        state.address,
        step.title,
        kind,
        step.minutes,
        state.words,
    )
