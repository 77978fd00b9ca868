"""Extreme numbers, amounts and days: a sentence with its place, and within a moment.

Each page is the small folder of ``tests/broken/good`` with one change. What is printed
must name a line and never be an incident, and ten seconds are enough for any of them
although a page takes a tenth of one.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"
LONG = "9" * 5000
GENEROUS = 10
"""Seconds in which everything has to be answered, on the slowest machine."""

PAGE = "late-parcel.md"
FACTS = "reference/facts.md"
CASES = "cases/late-parcel.md"
STORIES = "stories/late-parcel.md"
LORE = "reference/stories.md"
PLACES = "reference/marketplaces.md"

LIMIT = (PAGE, "| patience | any | 2020-01-01 | 3 days | house |")
ROW = (PAGE, "| 1 | <= patience | low |")
ACT = (PAGE, "| 1 | moving | low | wait | opened on + patience | none |")
NEXT = (PAGE, "| In time | 2024-05-02 | 2024-05-01 | moving | wait | 2024-05-04 |")
CHECK = (PAGE, "| The third day | 2024-05-04 | 2024-05-01 | low |")
TYPE = (
    FACTS,
    "| order total | money, at least 0 | order | Order details, with postage. |",
)
DERIVED = (FACTS, "| days open | whole number of days | days from opened on to today |")
FRONT = (PAGE, "reviewed: 2026-11-22")


def kit(*options):
    """Run the kit as people do; a hang ends the test."""
    return subprocess.run(
        [sys.executable, "-m", "kit", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=GENEROUS,
        check=False,
    )


def limit(value, start="2020-01-01"):
    """The limit of the page with another value."""
    return (*LIMIT, f"| patience | any | {start} | {value} | house |")


def step(words):
    """The first row of the second table, which counts by another step."""
    return (*ACT, f"| 1 | moving | low | wait | opened on + {words} | none |")


def fact(kind):
    """Another fact of the folder, of an extreme type."""
    return (*TYPE, f"{TYPE[1]}\n| weight | {kind} | order | Look. |")


def derived(form, kind="date"):
    """Another derived fact of the folder, on which a day of the page is counted."""
    return (*DERIVED, f"{DERIVED[1]}\n| late on | {kind} | {form} |")


USED = (*ACT, "| 1 | moving | low | wait | late on | none |")
BUSINESS = (
    (
        *DERIVED,
        "| days open | whole number of business days "
        "| business days from opened on to today |",
    ),
    (*LIMIT, "| patience | any | 2020-01-01 | 3 business days | house |"),
)


def check(row):
    """One more case of the first check of the page."""
    return (*CHECK, f"{CHECK[1]}\n| More | {row} |")


def more(row):
    """One more case of the second check of the page."""
    return (*NEXT, f"{NEXT[1]}\n| More | {row} |")


PAGES = {
    "a limit of four million days": (limit("4000000 days"), "at most 36525 days"),
    "a limit of three million business days": (
        limit("3000000 business days"),
        "at most 36525 days",
    ),
    "a limit of five thousand digits": (limit(f"{LONG} days"), "at most 36525 days"),
    "a limit with a small two": (limit("² days"), "cannot be the value of a limit"),
    "a limit with an exponent": (limit("1E+999999999"), "at most 9 digits"),
    "a limit that is not a number": (limit("NaN"), "cannot be the value of a limit"),
    "a limit without an end": (limit("Infinity"), "cannot be the value of a limit"),
    "a limit of all the money": (
        limit("USD 99999999999999999999999999999"),
        "at most 9 digits",
    ),
    "a limit of a hair of a cent": (limit("USD 1E-999999999"), "cannot be the value"),
    "a limit with a thousand decimals": (limit("0." + "1" * 1000), "at most 9 digits"),
    "a limit on a day that is none": (limit("2024-02-30"), "cannot be the value"),
    "a limit in the year 10000": (limit("10000-01-01"), "cannot be the value"),
    "a limit in the year 0": (limit("0000-01-01"), "cannot be the value"),
    "a limit that starts in the year 10000": (
        limit("3 days", "10000-01-01"),
        "is not a day",
    ),
    "a limit far below nothing": (limit(f"-{LONG} days"), "at most 36525 days"),
    "a cell of five thousand digits": (
        (*ROW, f"| 1 | <= {LONG} | low |"),
        "neither a value of “days open”",
    ),
    "a cell with an exponent": ((*ROW, "| 1 | <= 1E+999999999 | low |"), "at most 9"),
    "a cell with a small two": ((*ROW, "| 1 | <= ² | low |"), "neither a value"),
    "a cell with other digits": ((*ROW, "| 1 | <= ３ | low |"), "neither a value"),
    "a cell with a long duration": (
        (*ROW, f'| 1 | <= @"P{LONG}D" | low |'),
        "neither a value",
    ),
    "a range without end": ((*ROW, f"| 1 | 3..{LONG} | low |"), "neither a value"),
    "a step of five thousand digits": (
        step(f"{LONG} days"),
        "neither a limit in days nor a number of days",
    ),
    "a step of four million days": (
        step("4000000 days"),
        "at most 36525 days",
    ),
    "a step of three million business days": (
        (
            *ACT,
            "| 1 | moving | low | wait | opened on + 3000000 business days | none |",
        ),
        "at most 36525 days",
    ),
    "a type with a long lowest value": (
        fact(f"whole number, at least {LONG}"),
        "is not a type",
    ),
    "a type with an exponent": (fact("number, at least 1E+9999"), "is not a type"),
    "a type with nothing in it": (
        fact("number, at least 2, at most 1"),
        "is not a type",
    ),
    "a day that follows from two signs": (
        derived("today plus --5 days"),
        USED,
        "neither a fact nor a limit",
    ),
    "a day that follows from a small two": (
        derived("opened on plus ²"),
        USED,
        "neither a fact nor a limit",
    ),
    "a day that follows from five thousand digits": (
        derived(f"opened on plus {LONG}"),
        USED,
        "neither a fact nor a limit",
    ),
    "a day that follows from a million years": (
        derived("opened on plus 400000000 days"),
        USED,
        "A day cannot be counted",
    ),
    "a day that follows from a million weeks of work": (
        derived("opened on plus 5000000 business days"),
        USED,
        "A day cannot be counted",
    ),
    "a day that follows from a long time ago": (
        derived("opened on minus 999999999 days"),
        USED,
        "A day cannot be counted",
    ),
    "a day after the last": (
        more("9999-12-31 | 9999-12-31 | moving | wait | 9999-12-31"),
        "A day cannot be counted: 3 days from 9999-12-31",
    ),
    "a day before the first": (
        derived("opened on minus 30 days"),
        USED,
        more("0001-01-01 | 0001-01-01 | moving | wait | 0001-01-01"),
        "A day cannot be counted: -30 days from 0001-01-01",
    ),
    "business days of all the years": (
        *BUSINESS,
        check("9999-12-31 | 0001-01-01 | high"),
        "A day cannot be counted",
    ),
    "a case on the last day": (
        (CASES, "| On | 2024-05-08 |", "| On | 9999-12-31 |"),
        "",
    ),
    "a case with five thousand digits": (
        (CASES, "| opened on | 2024-05-01 |", f"| opened on | {LONG} |"),
        "is not a value of “opened on”",
    ),
    "a check on the last day": (
        check("9999-12-31 | 9999-12-30 | low"),
        "",
    ),
    "a check of all the years": (
        check("9999-12-31 | 0001-01-01 | high"),
        "",
    ),
    "a check with five thousand digits": (
        check(f"2024-05-04 | {LONG} | low"),
        "is not a value of “opened on”",
    ),
    "a check in the year 10000": (check("10000-01-01 | 2024-05-01 | low"), "not a day"),
    "a review on the last day": ((*FRONT, "reviewed: 9999-12-31"), ""),
    "a review on the first day": ((*FRONT, "reviewed: 0001-01-01"), ""),
    "a limit that starts on the first day": (limit("3 days", "0001-01-01"), ""),
    "a limit that starts on the second": (limit("3 days", "0001-01-02"), ""),
    "a limit that starts on the last day": (limit("3 days", "9999-12-31"), ""),
}
"""What is changed, and what is said to it; nothing where the page is sound."""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Every page read in one process that may not hang, each with its seconds."""
    root = tmp_path_factory.mktemp("extreme")
    for number, (*changes, _) in enumerate(PAGES.values()):
        folder = root / str(number)
        shutil.copytree(GOOD, folder)
        for file, before, after in changes:
            path = folder / "playbooks" / file
            text = path.read_text(encoding="utf-8")
            assert text.count(before) == 1
            path.write_text(text.replace(before, after), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(root), str(len(PAGES))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=GENEROUS * len(PAGES),
        check=True,
    )
    return dict(zip(PAGES, json.loads(ran.stdout), strict=True))


READ_ALL = """
import json, sys, time
from pathlib import Path
from kit.content.library import Library
found = []
for number in range(int(sys.argv[2])):
    begun = time.monotonic()
    try:
        library = Library(Path(sys.argv[1], str(number)))
        told = [str(each) for each in library.mistakes()]
    except Exception as error:
        told = [repr(error)]
    found.append([told, time.monotonic() - begun])
print(json.dumps(found))
"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_an_extreme_value_is_answered_at_its_line(name, checked):
    """No number of an author ends in an incident, or in waiting."""
    told, seconds = checked[name]
    said = PAGES[name][-1]

    assert all(re.match(r"playbooks/\S+\.md:\d+: ", each) for each in told)
    assert bool(told) is bool(said)
    assert not said or any(said in each for each in told)
    assert max((len(each) for each in told), default=0) < 2000
    assert seconds < GENEROUS


ASKED = {
    "the estimate on the last day": ("edd=9999-12-31", False),
    "the estimate on the first day": ("edd=0001-01-01", False),
    "a request in the year 1": ("requested on=0001-01-01", False),
    "all the money": ("order total=USD 999999999999999999999999999999", True),
    "money with five thousand digits": (f"order total=USD {LONG}", True),
    "money with an exponent": ("order total=USD 1E+999999999", True),
    "a day with five thousand digits": (f"edd={LONG}", True),
    "a day with a small two": ("edd=²024-05-15", True),
}
"""A fact that is stated of a case on a page of the product; whether it is none."""


@pytest.mark.parametrize("name", ASKED)
def test_an_extreme_fact_gets_one_sentence(name):
    """Who types a wrong year is told so, and waits for nothing."""
    stated, is_none = ASKED[name]
    facts = ["tracking=moving", "last news on=2024-06-20", "payment dispute open=no"]
    facts += ["ebay stepped in=no", "buyer has it=not-yet"]
    options = [each for fact in (*facts, stated) for each in ("--fact", fact)]

    ran = kit(
        *("decide", "inr-request", "--marketplace", "EBAY_US", "--on", "2024-06-22"),
        *options,
    )

    assert ran.returncode == 2 or not is_none
    assert len(ran.stderr.splitlines()) == (1 if ran.returncode == 2 else 0)
    assert len(ran.stderr) < 1000
    assert "Something went wrong" not in ran.stderr


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z"])
def test_a_case_on_an_extreme_day_gets_one_sentence_or_an_answer(day):
    """The last day of the calendar has no day after it, and that is said."""
    ran = kit(
        *("decide", "inr-request", "--marketplace", "EBAY_US", "--on", day),
        *("--table", "before a request", "--fact", "tracking=delivered"),
    )

    assert ran.returncode in {0, 1, 2}
    assert "Something went wrong" not in ran.stderr
    assert bool(ran.stderr) is (ran.returncode == 2)
