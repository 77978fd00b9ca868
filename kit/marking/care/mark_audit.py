"""Audit recorded marks: find those that differ from marking the answers again.

Whoever can write a file can write a line with a right seal. So a mark is counted again
from the answers that were handed in. A difference is no proof of a forgery: a page
that has changed since counts otherwise, too, and then says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...content.library import Library
from ...errors import KitError
from ..marks.content_cache import ContentCache, cached_content
from ..marks.snapshots import kept_criteria
from ..records.answers import MarkRecord, validate_answers
from ..records.events import Event, HandedIn, Marked, hash_of_answers


@dataclass(frozen=True, slots=True)
class DifferingMark:
    """A recorded mark that differs from marking its answers again."""

    agent: str
    """Id of the agent."""

    kept: MarkRecord
    """The recorded mark."""

    counted: MarkRecord | None
    """What its answers are worth today; ``None`` where there is nothing to count."""

    page_changed: bool
    """Whether the line names another page than today's, which may explain it."""

    problem: str
    """Why nothing could be counted, as a sentence; empty where it could."""

    @property
    def words(self) -> str:
        """The difference as a sentence."""
        key = "changed" if self.page_changed else "differs" if self.counted else "none"
        return say(
            f"marking.forgery.{key}",
            agent=self.agent,
            exercise=self.kept.exercise,
            attempt=self.kept.attempt,
            kept=self.kept.percent,
            counted=self.counted.percent if self.counted else "",
            problem=self.problem,
        )


def differing_marks(
    library: Library, events: Iterable[Event], *, workspace: Path | None = None
) -> tuple[DifferingMark, ...]:
    """Find every recorded mark that differs from marking its answers again.

    Every mark is looked at, not only the latest. One without answers before it, or
    for an exercise that is no more, is named with nothing counted. A mark that a
    supervisor has set by hand is no count, and is left alone.

    Args:
        library: The content by which is counted.
        events: The events of one agent, in the order of their file.
        workspace: Where older criteria were kept, if a mark names them.
    """
    return tuple(_differing(library, events, workspace))


def _differing(
    library: Library, events: Iterable[Event], workspace: Path | None
) -> Iterator[DifferingMark]:
    handed_in: dict[tuple[str, str, str | None], HandedIn] = {}
    for event in events:
        match event:
            case HandedIn():
                # The first time counts, as in ``progress``; a mark may say which it is.
                for answers in (None, hash_of_answers(event.answers)):
                    place = (event.exercise, event.attempt, answers)
                    handed_in.setdefault(place, event)
            case Marked():
                place = (event.exercise, event.attempt, event.handed_in)
                work = handed_in.get(place)
                count = _Count(None, "", say("marking.forgery.no-answers"))
                if work is not None:
                    folder = _content_of(library, event, workspace)
                    count = _counted(cached_content(folder), work)
                if count.mark != event.mark:
                    yield _difference(event, count)
            case _:
                pass


def _content_of(library: Library, event: Marked, workspace: Path | None) -> Path:
    kept = None
    if workspace is not None and event.criteria is not None:
        kept = kept_criteria(workspace, event.criteria, event.exercise)
    return kept or library.folder


@dataclass(frozen=True, slots=True)
class _Count:
    """What one attempt is worth today, by which page, or why it cannot be said."""

    mark: MarkRecord | None
    page: str
    problem: str


def _difference(event: Marked, count: _Count) -> DifferingMark:
    changed = count.mark is not None and event.playbook != count.page
    return DifferingMark(event.agent, event.mark, count.mark, changed, count.problem)


def _counted(content: ContentCache, event: HandedIn) -> _Count:
    try:
        marker = content.marker(event.exercise)
        exercise = marker.exercise
        answers = validate_answers(exercise.id, marker.asked, _raw(event))
        mark = marker.mark(answers.by_case, attempt=event.attempt)
    except KitError as error:
        return _Count(None, "", str(error))
    return _Count(mark.record, exercise.playbook.digest, "")


def _raw(event: HandedIn) -> Mapping[str, object]:
    answers = {case: dict(each) for case, each in event.answers.items()}
    return {"exercise": event.exercise, "attempt": event.attempt, "answers": answers}
