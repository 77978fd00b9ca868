"""What came of a replay, in words for a supervisor and as data for other programs.

A few flips are told one by one; many are put together by what makes them flip, since
nobody reads ten thousand lines.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from ...catalogue import say
from ...practice.wording import id_words
from .compare import AttemptResult, Change, KeptMark, PassChange, RowChange, RowVerdict
from .replays import Replayed

MOST_ALONE = 20
"""How many are told one by one at most."""

FIRST_NAMES = 5
"""How many names are told of many."""

Line = tuple[str, str]
"""How a line looks, and what it says."""


def replay_data(done: Replayed) -> dict[str, object]:
    """Say all of it in plain data."""
    return {
        "attempts": done.attempts,
        "left_out": done.left_out,
        "changes": [
            {**asdict(each), "flips": isinstance(each, PassChange)}
            for each in done.changes
        ],
        "set_by_hand": [asdict(each) for each in done.kept],
        "problems": list(done.problems),
    }


def replay_lines(
    done: Replayed, workspace: Path, titles: Mapping[str, str]
) -> Iterator[Line]:
    """Tell all of it, who would pass or fail first and the numbers last.

    Args:
        done: What came of the replay.
        workspace: The folder of the records, as it is named where there are none.
        titles: The title of each exercise.
    """
    yield from _ReplayText(titles).lines(done, workspace)


class _ReplayText:
    """Tells a replay; exercises have their titles, and ids become words."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles

    def lines(self, done: Replayed, workspace: Path) -> Iterator[Line]:
        flips = done.flips
        yield from (
            self._grouped(flips) if len(flips) > MOST_ALONE else self._alone(flips)
        )
        yield from self._kept(done.kept)
        problems = [("plain", each) for each in done.problems]
        yield from problems[:MOST_ALONE]
        if len(problems) > MOST_ALONE:
            yield "plain", _more(len(problems) - MOST_ALONE)
        if not done.attempts and not done.problems:
            yield "plain", say("marking.regrade.nothing", folder=workspace)
            return
        yield from self._percents(done)
        yield from self._by_row(flips)
        yield from self._lapsing([each for each in flips if each.lapses])
        yield "head", _tally(done)
        yield "plain", say("marking.regrade.untouched")

    def _alone(self, flips: Sequence[PassChange]) -> Iterator[Line]:
        for flip in flips:
            standings = {"now": _now(flip), "after": _standing(flip.after)}
            yield "head", say("marking.regrade.flip", **self._place(flip), **standings)
            yield from _rows_of(flip)
            if not flip.rows:
                yield from _shares_of(flip)
            if flip.today_too:
                yield _inner(say("marking.regrade.today-too"))
            if flip.lapses:
                yield _inner(say("marking.regrade.lapses"))

    def _grouped(self, flips: Sequence[PassChange]) -> Iterator[Line]:
        groups: dict[tuple[object, ...], list[PassChange]] = {}
        for flip in flips:
            worth = () if flip.rows else tuple(flip.dimensions)
            place = (flip.exercise, flip.after.passed, flip.rows, worth)
            groups.setdefault(place, []).append(flip)
        for group in sorted(groups.values(), key=len, reverse=True):
            yield "head", self._group(group)
            yield from _rows_of(group[0])
            if group[0].dimensions and not group[0].rows:
                names = ", ".join(group[0].dimensions)
                key = "dimensions" if group[0].knows_today else "dimensions-unknown"
                yield _inner(say(f"marking.regrade.{key}", names=names))
            old = sum(each.today_too for each in group)
            if old:
                yield _inner(say("marking.regrade.today-too-some", count=old))

    def _group(self, group: Sequence[PassChange]) -> str:
        passes = group[0].after.passed
        names = (
            say("marking.regrade.name", agent=each.agent, attempt=each.attempt)
            for each in group
        )
        return say(
            f"marking.regrade.group-{'passes' if passes else 'fails'}",
            exercise=self._title(group[0].exercise),
            count=len(group),
            names=_first(names, len(group)),
        )

    def _by_row(self, flips: Iterable[PassChange]) -> Iterator[Line]:
        counts: Counter[tuple[str, str]] = Counter()
        for flip in flips:
            counts.update({(flip.exercise, _rows(row)) for row in flip.rows})
        for (exercise, row), count in sorted(
            counts.items(), key=lambda each: (-each[1], each[0])
        ):
            values = {"exercise": self._title(exercise), "row": row, "count": count}
            yield "plain", say("marking.regrade.by-row", **values)

    def _lapsing(self, flips: Sequence[PassChange]) -> Iterator[Line]:
        """Name every agent whose sign-off would lapse: each has to be told."""
        by_exercise: dict[str, list[str]] = {}
        for flip in flips:
            by_exercise.setdefault(flip.exercise, []).append(flip.agent)
        for exercise, agents in by_exercise.items():
            values = {"exercise": self._title(exercise), "count": len(agents)}
            names = ", ".join(dict.fromkeys(agents))
            yield "plain", say("marking.regrade.lapsing", **values, names=names)

    def _percents(self, done: Replayed) -> Iterator[Line]:
        """Name the attempts that are worth more or less, and pass or fail as now."""
        others = [each for each in done.changes if not isinstance(each, PassChange)]
        if len(others) > MOST_ALONE:
            names = (
                say("marking.regrade.name-of", **self._place(each)) for each in others
            )
            told = _first(names, len(others))
            yield "plain", say("marking.regrade.percents", names=told)
            return
        for each in others:
            standings = {"now": _now(each), "after": _standing(each.after)}
            words = say("marking.regrade.percent", **self._place(each), **standings)
            yield "plain", words

    def _kept(self, kept: Sequence[KeptMark]) -> Iterator[Line]:
        if len(kept) > MOST_ALONE:
            names = (
                say("marking.regrade.name-of", **self._place(each)) for each in kept
            )
            told = _first(names, len(kept))
            yield "plain", say("marking.regrade.kept-many", names=told)
            return
        for each in kept:
            values = {**self._place(each), "standing": _standing(each.standing)}
            yield "plain", say("marking.regrade.kept", **values)

    def _place(self, each: Change | KeptMark) -> dict[str, str]:
        exercise = self._title(each.exercise)
        return {"agent": each.agent, "exercise": exercise, "attempt": each.attempt}

    def _title(self, exercise: str) -> str:
        return self._titles.get(exercise, exercise)


def _tally(done: Replayed) -> str:
    flips = done.flips
    passing = sum(each.after.passed for each in flips)
    return say(
        "marking.regrade.tally",
        attempts=done.attempts,
        passing=passing,
        failing=len(flips) - passing,
        lapses=sum(each.lapses for each in flips),
        kept=len(done.kept),
        percents=len(done.changes) - len(flips),
        left_out=done.left_out,
    )


def _rows_of(flip: PassChange) -> Iterator[Line]:
    for row in flip.rows:
        yield _inner(
            say(
                "marking.regrade.row",
                case=id_words(row.case),
                question=row.question.replace("_", " "),
                before=_ruling(row.before),
                after=_ruling(row.after),
            )
        )


def _shares_of(flip: PassChange) -> Iterator[Line]:
    """Where no row makes it flip, say what is worth more or less than it was."""
    for name, (before, after) in flip.dimensions.items():
        shares = {"before": _share(before), "after": _share(after)}
        key = "dimension" if flip.knows_today else "dimension-unknown"
        yield _inner(say(f"marking.regrade.{key}", name=name, **shares))


def _ruling(ruling: RowVerdict | None) -> str:
    if ruling is None:
        return say("marking.regrade.unasked")
    key = "ruling" if ruling.counts else "ruling-note"
    return say(f"marking.regrade.{key}", right=ruling.right, row=_row(ruling.row))


def _rows(row: RowChange) -> str:
    """Name the row by which a question flips: today's, and the other if it differs."""
    before, after = (each.row if each else "" for each in (row.before, row.after))
    if before and after and before != after:
        values = {"before": _row(before), "after": _row(after)}
        return say("marking.regrade.other-row", **values)
    return _row(before or after)


def _row(row: str) -> str:
    """Say a row, which is named as ``<decision> <number>``."""
    table, _, number = row.rpartition(" ")
    return say("marking.regrade.row-name", table=table, number=number)


def _standing(standing: AttemptResult) -> str:
    key = "passes" if standing.passed else "fails"
    return say(f"marking.regrade.{key}", percent=standing.percent)


def _now(change: Change) -> str:
    """Say what counts now, and where nothing does yet what it comes to by today."""
    key = "marked" if change.is_marked else "unmarked"
    return say(f"marking.regrade.{key}", standing=_standing(change.before))


def _share(percent: int | None) -> str:
    if percent is None:
        return say("marking.regrade.unasked")
    return say("marking.regrade.share", percent=percent)


def _first(names: Iterable[str], count: int) -> str:
    told = list(islice(names, FIRST_NAMES))
    if count > FIRST_NAMES:
        told.append(_more(count - FIRST_NAMES))
    return ", ".join(told)


def _more(count: int) -> str:
    return say("marking.regrade.more", count=count)


def _inner(words: str) -> Line:
    return "plain", f"    {words}"
