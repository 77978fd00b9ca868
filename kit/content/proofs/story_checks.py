"""Check the stories of a playbook: words, numbers and openings for every case.

The pages have been read one by one before; these checks need all of them.
"""

from collections.abc import Iterator
from dataclasses import replace

from ...errors import Mistake
from ...rules.conditions import ANY
from ...rules.facts import Fact
from ...rules.proofs import prove
from ...rules.tables import Row, Table
from ...rules.values import Sort, show_value
from ..stories.scene_facts import facts_of
from ..stories.story_model import Bound, Scene, Stories
from .table_proofs import editions


def check_stories(stories: Stories) -> list[Mistake]:
    """Find what stories lack: words, ends of numbers, openings."""
    found: dict[tuple[object, ...], Mistake] = {}
    for scene in stories.scenes:
        for mistake in (*_unsaid(stories, scene), *_unopened(stories, scene)):
            place = (mistake.kind, mistake.line, *mistake.values.values())
            found.setdefault(place, mistake)
    return list(found.values())


def _unsaid(stories: Stories, scene: Scene) -> Iterator[Mistake]:
    """Find facts of a scene for which nothing can be drawn."""
    facts = stories.playbook.reference.facts
    for key in facts_of(stories, scene):
        kind = _lacking(stories, scene, facts[key])
        if kind:
            values: dict[str, object] = {"name": facts[key].name, "scene": scene.id}
            path = scene.openings.path
            yield Mistake(kind, path, scene.line, values)


def _lacking(stories: Stories, scene: Scene, fact: Fact) -> str:
    """Say what a fact lacks: words, an end, or its place among the days."""
    case_vocabulary = stories.case_vocabulary
    if fact.kind.sort is Sort.TEXT:
        is_given = any(fact.key in pool.gives for pool in case_vocabulary.pools)
        return "" if is_given else "story-words"
    if fact.kind.sort is Sort.DATE:
        true_anyway = {each.then for each in case_vocabulary.constraints}
        believable = (
            each for each in case_vocabulary.day_distances if each not in true_anyway
        )
        day_distances = (*believable, *scene.day_distances)
        tied = {key for each in day_distances for key in (each.earlier, each.later)}
        return "" if fact.key in tied else "story-day"
    if not fact.kind.is_ordered:
        return ""
    measured = {ratio.amount for ratio in case_vocabulary.amount_ratios}
    drawn = {
        when.fact
        for pool in case_vocabulary.pools
        for row in pool.rows
        for when in row.when
    }
    bounds = (*case_vocabulary.always, *case_vocabulary.usual, *scene.facts)
    if fact.key in measured | drawn or any(_ends(each, fact) for each in bounds):
        return ""
    return "story-range"


def _ends(bound: Bound, fact: Fact) -> bool:
    """Whether a bound says how large a number can become."""
    cell = bound.can_be
    ends = [each.high for each in cell.intervals]
    return bound.fact == fact.key and bool(ends) and None not in ends


def _unopened(stories: Stories, scene: Scene) -> Iterator[Mistake]:
    """Find cases for which a scene has no opening: a proof, as for any table."""
    table = scene.openings
    kinds = {column.name: column.kind for column in table.inputs}
    for edition in editions(stories.playbook, _with_bounds(stories, scene)):
        currency = edition.situation.marketplace.currency
        for gap in prove(edition.grid).gaps:
            case = ", ".join(
                f"{name} = {show_value(value, kinds[name])}"
                for name, value in edition.grid.witness(gap, currency).items()
            )
            values: dict[str, object] = {"scene": scene.id, "case": case}
            yield Mistake("opening-gap", table.path, table.line, values)


def _with_bounds(stories: Stories, scene: Scene) -> Table:
    """The openings of a scene, and a row for each fact that its bounds keep out."""
    table, case_vocabulary = scene.openings, stories.case_vocabulary
    beyond = []
    for bound in (*case_vocabulary.always, *case_vocabulary.usual, *scene.facts):
        cell = replace(bound.can_be, negated=not bound.can_be.negated)
        keys = [column.key for column in table.inputs]
        if bound.fact in keys:
            cells = tuple(cell if key == bound.fact else ANY for key in keys)
            beyond.append(Row(f"beyond {bound.fact}", table.line, cells, ()))
    return replace(table, rows=(*table.rows, *beyond))
