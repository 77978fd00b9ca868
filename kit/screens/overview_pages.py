"""All agents on one page: who is how far, and which dimension goes badly."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from markupsafe import Markup

from ..catalogue import language, say
from ..content.exercises import DIMENSIONS
from ..marking.disks import replace_file
from ..marking.tables import AgentRow, Overview, overview_of
from ..practice.words import day_words
from .markup import join
from .paper import paper_page
from .progress_pages import row, table


def write_overview(
    workspace: Path,
    titles: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    on: date,
) -> Path:
    """Write the page of all agents, and say where.

    Args:
        workspace: The folder with ``records/``; the page goes to ``reports/``.
        titles: The title of each exercise.
        problems: For each agent without a page of their own, why there is none.
        on: The day that is written on it.
    """
    path = workspace / "reports" / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    overview = overview_of(workspace)
    replace_file(path, overview_page(overview, titles, problems, on=on))
    return path


def overview_page(
    overview: Overview,
    titles: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    on: date,
) -> str:
    """Show all agents, each in a row, and the mean of each dimension."""
    title = say("desk.overview.title")
    heads = [say(f"desk.overview.{name}") for name in ("agent", "attempts", "passed")]
    agents = table(
        [*heads, say("desk.overview.last")],
        (_agent(each, problems) for each in overview.agents),
        numbers=2,
    )
    notes = join(
        Markup('<p class="kit-wrong">✗ {}</p>').format(each)
        for each in problems.values()
    )
    empty = Markup("<p>{}</p>").format(say("desk.overview.nobody"))
    body = Markup("<h1>{}</h1>{}{}{}").format(
        title, notes, agents if overview.agents else empty, _means(overview, titles)
    )
    small = say("desk.progress.small", day=day_words(on, language()))
    return paper_page(title, small, body)


def _agent(each: AgentRow, problems: Mapping[str, str]) -> Markup:
    link = Markup('<a href="{0}/progress.html">{0}</a>').format(each.agent)
    name = each.agent if each.agent in problems else link
    last = day_words(each.last, language())
    return row(name, each.attempts, each.passed, last, numbers=2)


def _means(overview: Overview, titles: Mapping[str, str]) -> Markup:
    """Show for each exercise the mean of each dimension, over all marked attempts."""
    if not overview.dimensions:
        return Markup("")
    means = {(each.exercise, each.dimension): each for each in overview.dimensions}
    exercises: Sequence[str] = list(dict.fromkeys(name for name, _ in means))
    heads = [say("desk.progress.exam")]
    heads += [say(f"desk.exam.dimension-{name}") for name in DIMENSIONS]
    rows = []
    for exercise in exercises:
        found = [means.get((exercise, name)) for name in DIMENSIONS]
        cells = ("–" if each is None else f"{each.percent:.0f} %" for each in found)
        name = titles.get(exercise, exercise)
        rows.append(row(name, *cells, numbers=len(DIMENSIONS)))
    return Markup("<section><h2>{}</h2>{}</section>").format(
        say("desk.overview.means"), table(heads, rows, numbers=len(DIMENSIONS))
    )
