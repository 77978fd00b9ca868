"""A small folder of content about another trade, made of pieces: an airline's bags."""

from collections.abc import Mapping
from pathlib import Path

from kit.content.library import Library

FACTS = {
    "bags": "whole number of bags, at least 0, at most 9",
    "passengers": "whole number of passengers, at least 1, at most 9",
    "status": "one of none, silver, gold",
    "fare": "money, at least 0",
    "free bags": "whole number of bags, at least 0, at most 9",
    "flies on": "date",
}
DERIVED = {"bags over": ("whole number of bags", "bags minus free bags")}
ANSWERS = {
    "Free bags": "whole number of bags, at least 0, at most 9",
    "Bill": "one of pay, nothing to pay",
    "Points": "whole number",
    "Note": "one of Approved, Declined, Check",
    "Action": "action",
    "Last day": "day",
}
PLACES = (
    "| US | The States | America/New_York | USD | en | US |",
    "| GB | Britain | Europe/London | GBP | en | none |",
)


def table(columns: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Write a table of Markdown."""
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(
    decides: Mapping[str, str],
    checks: Mapping[str, str],
    *,
    ask: tuple[str, ...],
    limits: str = "This page needs no limits.",
    more: str = "",
) -> str:
    """Write a playbook; each Decide and Check is the lines of its table.

    Every row of a Decide gets the reason “Because of row n.”.
    """
    asks = table(("Fact", "Ask or look"), *((each, "Look.") for each in ask))
    parts = [
        "---\nid: bags\ntitle: Bags\nowner: desk\nreviewed: 2026-11-22\n"
        "review_by: 2027-05-22\nstatus: ready\n---\n\n# Bags",
        "## Use when\n\nSomebody has bags.",
        f"## Ask\n\n{asks}",
        f"## Limits\n\n{limits}",
    ]
    for name, text in decides.items():
        numbers = [line.split("|")[1].strip() for line in text.splitlines()[2:]]
        reasons = "\n".join(f"{n}. Because of row {n}. [rule]" for n in numbers)
        parts.append(f"## Decide: {name}\n\n{text}\n\n{reasons}")
    parts.append("## Say\n\nNothing is written to anybody.")
    parts += [more] if more else []
    parts += [f"## Check: {name}\n\n{text}" for name, text in checks.items()]
    return "\n\n".join(parts) + "\n"


def folder_of(
    folder: Path,
    playbook: str,
    *,
    facts: Mapping[str, str] = FACTS,
    derived: Mapping[str, tuple[str, str]] = DERIVED,
    answers: Mapping[str, str] = ANSWERS,
) -> Library:
    """Write a folder with one playbook, and open it."""
    reference = folder / "playbooks" / "reference"
    reference.mkdir(parents=True)
    gathered = table(
        ("Fact", "Type", "Place", "Ask or look"),
        *((name, kind, "ticket", "Look.") for name, kind in facts.items()),
    )
    following = table(
        ("Derived fact", "Type", "From"),
        *((name, kind, how) for name, (kind, how) in derived.items()),
    )
    answered = table(
        ("Answer", "Type", "Meaning"),
        *((name, kind, "What we say.") for name, kind in answers.items()),
    )
    parts = [f"# Facts\n\n## Facts\n\n{gathered}"]
    parts += [f"## Derived facts\n\n{following}"] if derived else []
    parts.append(f"## Answers\n\n{answered}")
    pages = {
        "facts": "\n\n".join(parts),
        "actions": "# Actions\n\n"
        + table(
            ("Action", "In words", "Meaning", "Role"),
            ("call", "Call them", "Call.", "trainee"),
            ("write", "Write to them", "Write.", "trainee"),
        ),
        "sources": "# Sources\n\n"
        + table(
            ("Source", "Title", "Address", "Date", "Confidence"),
            ("rule", "The rule", "the book", "2020", "H"),
            ("house", "Our rule", "the desk", "2020", "M"),
        ),
        "marketplaces": "# Places\n\n"
        + "\n".join(
            [
                "| Marketplace | Name | Time zone | Currency | Language | Holidays |",
                "| --- | --- | --- | --- | --- | --- |",
                *PLACES,
            ]
        ),
    }
    for name, text in pages.items():
        (reference / f"{name}.md").write_text(f"{text}\n", encoding="utf-8")
    (folder / "playbooks" / "bags.md").write_text(playbook, encoding="utf-8")
    return Library(folder)


def printed(library: Library) -> list[str]:
    """What ``kit check`` says of the pages: each mistake without its fix."""
    return [str(each).splitlines()[0] for each in library.mistakes()]
