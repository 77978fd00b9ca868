"""The command line: what authors, supervisors and agents type.

It reads its arguments, asks the other floors, and prints. Each command imports what it
needs when it runs, so that a quick question is answered quickly.
"""

import os
from collections.abc import Callable
from itertools import islice

import typer
from typer.core import TyperGroup

from ..catalogue import say
from ..errors import ContentMistakes, KitError
from .authoring import cases, check, decide, new, refresh
from .keeping import doctor, export, merge, regrade
from .learning import grade, learn
from .shared import FAILED, REFUSED, incident_words, options
from .supervising import certify, override, report, verify

COMMANDS: dict[str, Callable[..., None]] = {
    "check": check,
    "decide": decide,
    "cases": cases,
    "learn": learn,
    "grade": grade,
    "merge": merge,
    "doctor": doctor,
    "regrade": regrade,
    "export": export,
    "override": override,
    "certify": certify,
    "verify": verify,
    "report": report,
    "refresh": refresh,
    "new": new,
}
"""Every command by its name, in the order in which the help lists them."""


class _Group(TyperGroup):
    """Takes the options that all commands share in any place, as people type them."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        names = {name for param in self.params for name in param.opts}
        shared, rest, left = [], [], iter(args)
        for each in left:
            if each == "--":
                rest += [each, *left]
            elif each.partition("=")[0] in names:
                value = [] if "=" in each else islice(left, 1)
                shared += [each, *value]
            else:
                rest.append(each)
        return super().parse_args(ctx, [*shared, *rest])


app = typer.Typer(
    name="kit",
    cls=_Group,
    help=say("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(options)
for _name, _command in COMMANDS.items():
    app.command(_name, help=say(f"cli.{_name}.help"))(_command)


def main() -> None:
    """Run one command; a person never sees a traceback."""
    try:
        app(prog_name="kit")
    except ContentMistakes as error:
        typer.echo(str(error), err=True)
        raise SystemExit(REFUSED) from None
    except KitError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    except Exception:
        if os.environ.get("KIT_STRICT"):
            raise
        typer.echo(incident_words(), err=True)
        raise SystemExit(FAILED) from None
