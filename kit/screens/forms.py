"""The few controls of which every screen is made, and what they have in common.

Every control has a visible label, works by keyboard, and tells its handler through one
wrapper: what fails becomes a sentence for the agent and an incident in the log.
"""

import logging
from collections.abc import Callable, Sequence
from itertools import count
from threading import RLock
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display
from markupsafe import Markup

from ..catalogue import say
from .markup import piece, plain

_logger = logging.getLogger(__name__)
_incidents = count(1)
_one_at_a_time = RLock()
"""JupyterLab hands over what two controls tell in two threads at once."""

Handler = Callable[..., None]
Screen = widgets.Widget

_VIEW = "application/vnd.jupyter.widget-view+json"


def html(markup: str = "", *, classes: str = "") -> Any:
    """Make a piece of page that shows markup."""
    shown = widgets.HTML(str(markup))
    for each in ("kit-html", *classes.split()):
        shown.add_class(each)
    return shown


def hint(words: str) -> Any:
    """Make a quiet line of text."""
    return html(piece('<p class="kit-hint">{}</p>', words))


def refusal(error: Exception | str) -> Any:
    """Make the sentence of something that was refused."""
    return html(piece('<p class="kit-wrong" role="alert">{}</p>', error))


def stack(*children: Any, classes: str = "") -> Any:
    """Lay pieces one below the other."""
    box = widgets.VBox(children)
    for each in ("kit-stack", *classes.split()):
        box.add_class(each)
    return box


def row(*children: Any, classes: str = "") -> Any:
    """Lay pieces side by side, as many as fit."""
    box = widgets.HBox(children)
    for each in ("kit-row", *classes.split()):
        box.add_class(each)
    return box


def button(words: str, press: Handler, *, status: Any, main: bool = False) -> Any:
    """Make a button.

    Args:
        words: What stands on it.
        press: What it does.
        status: The piece that says what went wrong, if something does.
        main: Whether it is the next step that most people take.
    """
    made = widgets.Button(description=words, tooltip=words)
    made.add_class("kit-button")
    if main:
        made.add_class("kit-main")
    made.on_click(safely(press, status))
    return made


def discard(screen: Any) -> None:
    """Give back what a screen holds that nobody will see again."""
    for each in getattr(screen, "children", ()):
        discard(each)
    screen.close()


def close(screen: Any) -> None:
    """Let nobody change a screen any more; it can still be read."""
    _set_disabled(screen, value=True)


def reopen(screen: Any) -> None:
    """Let a closed screen be changed again."""
    _set_disabled(screen, value=False)


def _set_disabled(screen: Any, *, value: bool) -> None:
    if hasattr(screen, "disabled"):
        screen.disabled = value
    for each in getattr(screen, "children", ()):
        _set_disabled(each, value=value)


def safely(handle: Handler, status: Any) -> Handler:
    """Wrap a handler: a failure becomes a sentence on the screen and an incident.

    ipywidgets itself would swallow it. Tests fail on any incident in the log. Handlers
    wait for one another, so that each sees what the one before has done.
    """

    def handled(*args: Any) -> None:
        try:
            with _one_at_a_time:
                handle(*args)
        except Exception:
            number = next(_incidents)
            _logger.exception("incident %s", number)
            status.value = str(
                piece(
                    '<p class="kit-wrong" role="alert">{}</p>',
                    say("desk.incident", number=number),
                )
            )

    return handled


def show(screen: Any, *, text: str = "") -> None:
    """Show a screen, with its outline as the text for print, readers and nbval.

    Args:
        screen: What is shown in the browser.
        text: What the text says after the outline, such as the key of a case.
    """
    lines = [outline(screen), text]
    bundle = dict(screen._repr_mimebundle_())
    bundle["text/plain"] = "\n".join(each for each in lines if each)
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def show_page(markup: Markup) -> None:
    """Show a piece of page that nobody can press, such as a table."""
    bundle = {"text/html": str(markup), "text/plain": plain(markup)}
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def outline(screen: Any) -> str:
    """Say a screen as plain lines, always the same for the same screen."""
    return "\n".join(_lines(screen))


def _lines(screen: Any) -> Sequence[str]:
    if isinstance(screen, widgets.HTML):
        return plain(screen.value).splitlines()
    if isinstance(screen, widgets.Button):
        return [f"[{screen.description}]"]
    if isinstance(screen, widgets.RadioButtons):
        labels = screen._options_labels
        return [
            f"({'x' if n == screen.index else ' '}) {label}"
            for n, label in enumerate(labels)
        ]
    if isinstance(screen, widgets.Dropdown):
        return [f"{screen.description}: [{screen.label}]"]
    if isinstance(screen, widgets.DatePicker | widgets.Text | widgets.Textarea):
        return [f"{screen.description}: {screen.value or '__________'}"]
    return [line for each in getattr(screen, "children", ()) for line in _lines(each)]
