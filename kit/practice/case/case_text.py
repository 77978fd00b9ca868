"""Format cases and coverage for a terminal, line by line."""

from collections.abc import Iterator

from ...catalogue import say
from ...content.cases import PracticeCase
from ..generate.coverage import Coverage
from ..wording import value_words

TextLine = tuple[str, str]
"""What a line is (``head``, ``answer`` or ``plain``), and the line."""


def case_lines(case: PracticeCase) -> Iterator[TextLine]:
    """Tell a case: what the buyer writes, what is known, what is to be decided."""
    yield "head", say("cli.cases.heading", title=case.playbook.title, id=case.id)
    yield (
        "plain",
        say("cli.cases.place", marketplace=case.marketplace.id, day=case.on),
    )
    yield "plain", ""
    for line in case.message.splitlines():
        yield "answer", f"  > {line}"
    yield "plain", ""
    reference = case.playbook.reference
    names = {
        key: reference.name_on_screen(reference.facts[key].name) for key in case.facts
    }
    width = max(map(len, names.values()), default=0)
    for key, name in names.items():
        yield "plain", f"  {name:<{width}}  {value_words(case, key)}"
    if case.journey:
        yield "plain", ""
    for scan in case.journey:
        yield "plain", f"  {scan.day}  {scan.where}: {scan.what}"
    yield "plain", ""
    yield (
        "plain",
        say("cli.cases.decide", tables=", ".join(each.name for each in case.tables())),
    )


def coverage_lines(coverage: Coverage) -> Iterator[TextLine]:
    """Tell what can be practised of a playbook, and what cannot."""
    counts = [
        say(f"cli.cases.{each.sort}", met=each.met, wanted=each.wanted)
        for each in coverage.tallies
    ]
    yield (
        "answer" if coverage.is_full else "head",
        say(
            "cli.cases.coverage",
            playbook=coverage.playbook,
            counts=", ".join(counts),
            cases=coverage.cases,
        ),
    )
    if coverage.impossible:
        many = len(coverage.impossible)
        yield "plain", "  " + say("cli.cases.impossible", count=many)
    for tally in coverage.tallies:
        for each in tally.missing:
            yield "plain", "  " + say("cli.cases.missing", aim=each)
