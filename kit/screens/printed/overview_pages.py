"""All agents on one page: who is how far, and which dimension goes badly."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from markupsafe import Markup

from ...catalogue import language, say
from ...content.exercises import DIMENSIONS
from ...marking.export.overview import AgentStanding, DimensionMean, dimension_means
from ...marking.records.atomic_files import replace_file, saving
from ...marking.records.progress import Progress, best_of
from ...practice.wording import day_words
from ..markup import join, piece
from .paper import paper_page, row, state, table


def write_overview(
    workspace: Path,
    titles: Mapping[str, str],
    standings: Sequence[AgentStanding],
    problems: Mapping[str, str],
    *,
    on: date,
) -> Path:
    """Write the page of all agents, and say where.

    Args:
        workspace: The page goes to its ``reports/``.
        titles: The title of each exercise.
        standings: How far each agent is whose records can be read.
        problems: For each agent without a page of their own, why there is none.
        on: The day that is written on it.

    Raises:
        CannotStart: It could not be saved.
    """
    path = workspace / "reports" / "index.html"
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, overview_page(standings, titles, problems, on=on))
    return path


def overview_page(
    standings: Sequence[AgentStanding],
    titles: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    on: date,
) -> str:
    """Show all agents, how each stands in each exam, and the mean of each dimension.

    Args:
        standings: How far each agent is whose records can be read.
        titles: The title of each exercise.
        problems: For each other agent what is wrong with the records.
        on: The day that is written on it.
    """
    title = say("desk.overview.title")
    heads = [say(f"desk.overview.{name}") for name in ("agent", "attempts", "passed")]
    agents = table(
        [*heads, say("desk.overview.last")],
        [
            *(_agent(each) for each in standings),
            # Of a damaged file nobody knows how much is missing: nothing is counted.
            *(row(agent, "–", "–", "–", numbers=2) for agent in problems),
        ],
        numbers=2,
    )
    notes = join(
        piece('<p class="kit-wrong">✗ {}</p>', each) for each in problems.values()
    )
    empty = piece("<p>{}</p>", say("desk.overview.nobody"))
    body = piece(
        "<h1>{}</h1>{}{}{}{}",
        title,
        notes,
        agents if standings or problems else empty,
        _exams(titles, standings),
        _means(dimension_means(standings), titles),
    )
    small = say("desk.progress.small", day=day_words(on, language()))
    return paper_page(title, small, body)


def _agent(each: AgentStanding) -> Markup:
    link = piece('<a href="{0}/progress.html">{0}</a>', each.agent)
    last = day_words(each.last, language())
    return row(link, len(each.progress.attempts), each.passed, last, numbers=2)


def _exams(titles: Mapping[str, str], standings: Sequence[AgentStanding]) -> Markup:
    """Show who has passed which exam, and who is signed off."""
    names = dict.fromkeys(
        attempt.exercise for each in standings for attempt in each.progress.attempts
    )
    if not names:
        return Markup("")
    asked = [*(name for name in titles if name in names)]
    asked += [name for name in names if name not in titles]
    heads = [say("desk.overview.agent"), *(titles.get(name, name) for name in asked)]
    rows = (
        row(
            each.agent,
            *(_standing(each.progress, name) for name in asked),
            numbers=0,
        )
        for each in standings
    )
    return piece(
        "<section><h2>{}</h2>{}</section>",
        say("desk.overview.exams"),
        table(heads, rows, numbers=0),
    )


def _standing(done: Progress, exercise: str) -> Markup:
    """Say how somebody stands in one exam: by the best attempt, or a sign-off."""
    attempts = done.attempts_at(exercise)
    signed = next((each for each in attempts if each.is_signed_off), None)
    best = signed or best_of(attempts)
    if best is None:
        return Markup("–")
    said = state(best)
    if best.percent is not None:
        # The sign and the number stay on one line.
        said = piece("<strong>{}&nbsp;%</strong> {}", best.percent, said)
    if best.is_informed:
        words = say("desk.overview.informed")
        said = piece('{}<br><span class="kit-hint">{}</span>', said, words)
    if signed is not None and signed.signed_off is not None:
        words = say("desk.overview.signed", by=signed.signed_off.by)
        said = piece('{}<br><span class="kit-hint">{}</span>', said, words)
    return said


def _means(found: Sequence[DimensionMean], titles: Mapping[str, str]) -> Markup:
    """Show for each exercise the mean of each dimension, over all marked attempts."""
    if not found:
        return Markup("")
    means = {(each.exercise, each.dimension): each for each in found}
    exercises: Sequence[str] = list(dict.fromkeys(name for name, _ in means))
    heads = [say("desk.progress.exam")]
    heads += [say(f"desk.exam.dimension-{name}") for name in DIMENSIONS]
    rows = []
    for exercise in exercises:
        ours = [means.get((exercise, name)) for name in DIMENSIONS]
        cells = ("–" if each is None else f"{each.percent:.0f} %" for each in ours)
        name = titles.get(exercise, exercise)
        rows.append(row(name, *cells, numbers=len(DIMENSIONS)))
    return piece(
        "<section><h2>{}</h2>{}</section>",
        say("desk.overview.means"),
        table(heads, rows, numbers=len(DIMENSIONS)),
    )
