"""The command line answers like a colleague: a sentence, a reason, an exit code.

0 is decided or clean, 1 is mistakes or something still to ask, 2 is what cannot be
understood. Nobody ever sees a traceback.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import typer

from kit import cli
from kit.catalogue import best_language
from kit.content.library import Library

REPO = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"
LENDING = Path(__file__).parent / "other_trade"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def kit(monkeypatch, capsys):
    """Run one command line in this process, as ``main`` runs it."""
    monkeypatch.chdir(REPO)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["kit", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        printed = capsys.readouterr()
        return Ran(code if isinstance(code, int) else 1, printed.out, printed.err)

    return run


def process(*arguments: str, **environment: str) -> Ran:
    """Run one command line as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        check=False,
        cwd=REPO,
        encoding="utf-8",
        env={**os.environ, **environment},
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def facts(**stated: str) -> list[str]:
    """State facts as a person does."""
    return [
        part
        for name, value in stated.items()
        for part in ("--fact", f"{name.replace('_', ' ')}={value}")
    ]


# Oracles: days that were computed by hand, from calendars and not by the kit.


def window(table: str, place: str, on: str, **stated: str) -> list[str]:
    """Ask the page of windows one question."""
    return [
        "decide",
        "dispute-windows",
        "--table",
        table,
        "--marketplace",
        place,
        "--on",
        on,
        *facts(**stated),
    ]


SEED = {"paid_on": "2014-03-03", "edd": "2014-03-20"}
NOW = {"paid_on": "2024-04-20", "edd": "2024-05-10"}
ORACLES = {
    "printed table, US, not received": (
        window("old not received", "EBAY_US", "2014-03-25", **SEED),
        ["Opens: 2014-03-21", "Closes: 2014-04-19", "B-HIST-3"],
    ),
    "printed table, DE, not received": (
        window("old not received", "EBAY_DE", "2014-03-25", **SEED),
        ["Opens: 2014-03-04", "Closes: 2014-04-17", "A note only", "S1-25"],
    ),
    "printed table, DE, not as described": (
        window(
            "old not as described", "EBAY_DE", "2014-03-25", **SEED, delivered="yes"
        ),
        ["Opens: 2014-03-04", "Closes: 2014-04-17", "S1-26"],
    ),
    "printed table, PayPal": (
        window("old PayPal", "EBAY_DE", "2014-03-25", **SEED, paid_with="paypal"),
        ["Opens: 2014-03-04", "Closes: 2014-04-17", "B-PP-1"],
    ),
    "guarantee, GB, not received": (
        window("not received", "EBAY_GB", "2024-05-20", **NOW),
        ["Opens: 2024-05-11", "Closes: 2024-06-09", "B-INR-1"],
    ),
    "guarantee, GB, not as described": (
        window(
            "not as described",
            "EBAY_GB",
            "2024-05-20",
            **NOW,
            delivered="yes",
            delivered_on="2024-05-08",
            return_period="30",
        ),
        ["Closes: 2024-06-07", "B-INR-1"],
    ),
    "answer over the British bank holiday": (
        window(
            "our answer",
            "EBAY_GB",
            "2024-08-23",
            paid_on="2024-08-01",
            requested_on="2024-08-23",
        ),
        ["Answer by: 2024-08-29", "B-RET-2"],
    ),
    "answer over Labor Day": (
        window(
            "our answer",
            "EBAY_US",
            "2024-08-30",
            paid_on="2024-08-01",
            requested_on="2024-08-30",
        ),
        ["Answer by: 2024-09-05", "B-RET-2"],
    ),
    "answer over Ascension Day": (
        window(
            "our answer",
            "EBAY_DE",
            "2024-05-06",
            paid_on="2024-04-01",
            requested_on="2024-05-06",
        ),
        ["Answer by: 2024-05-10", "B-RET-24"],
    ),
    "a request lapses after 21 business days": (
        window(
            "our answer",
            "EBAY_US",
            "2024-09-03",
            paid_on="2024-08-01",
            requested_on="2024-09-03",
        ),
        ["Lapses: 2024-10-02", "B-INR-2"],
    ),
    "the last day of PayPal's 45": (
        window(
            "old PayPal",
            "EBAY_US",
            "2014-12-01",
            paid_on="2014-11-17",
            paid_with="paypal",
        ),
        ["Closes: 2015-01-01", "B-PP-1"],
    ),
    "the first day of PayPal's 180": (
        window(
            "old PayPal",
            "EBAY_US",
            "2014-12-01",
            paid_on="2014-11-18",
            paid_with="paypal",
        ),
        ["Closes: 2015-05-17", "B-PP-1"],
    ),
}
DELIVERED = {
    "payment_dispute_open": "no",
    "ebay_stepped_in": "no",
    "buyer_has_it": "not-yet",
    "request_open": "yes",
    "requested_on": "2024-01-02",
    "tracking": "delivered",
    "sent_to_order_address": "yes",
    "ebay_programme": "no",
    "order_total": "USD 750",
}
WRONG_SIZE = facts(
    payment_dispute_open="no",
    ebay_stepped_in="no",
    return_reason="WRONG_SIZE",
    listing_at_fault="no",
    item_price="USD 3000",
    accepted_as="policy",
    fault_claimed="no",
    refund_so_far="none",
    replacement="none",
    return_tracking="no-scan",
    posting_proof="no",
    return_label="buyer-posts",
    accepted_on="2023-05-09",
    reminder_sent="yes",
    reminded_on="2023-05-16",
    told_who_decides="no",
    lead_about_claim="not-asked",
    posting_news="nothing-new",
    message_open="yes",
)
"""The return of USD 3,000 that was won (S3-3): no parcel for 15 business days."""


@pytest.mark.parametrize("name", ORACLES)
def test_a_window_is_the_one_computed_by_hand(kit, name):
    """Right days, with the reason and where it comes from, on one screen."""
    arguments, wanted = ORACLES[name]

    ran = kit(*arguments)

    assert ran.code == 0
    assert ran.err == ""
    assert all(each in ran.out for each in [*wanted, "Because:", "Sources:"]), ran.out


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param("2023-06-01", "ask-ebay-to-close", id="the day after the last"),
        pytest.param("2023-05-31", "wait-for-parcel", id="the fifteenth day"),
    ],
)
def test_the_return_of_3000_dollars_is_won_by_patience(kit, on, answer):
    """Wrong size, the buyer pays, nothing comes: no refund, and eBay closes it."""
    where = ["--marketplace", "EBAY_US", "--on", on]
    due = facts(where_we_are="answer-due", route="remorse", free_returns="no")
    who, comes = ["--table", "who pays"], ["--table", "nothing comes"]

    payer = kit("decide", "wrong-size-remorse", *where, *who, *due)
    ran = kit("decide", "return-completion", *where, *comes, *WRONG_SIZE)

    assert "Return paid by: buyer" in payer.out
    assert f"({answer})" in ran.out
    assert "B-RET-4" in ran.out
    assert ("S3-3" in ran.out) == (answer == "ask-ebay-to-close")


def test_real_processes_answer_the_same(kit):
    """What people type is a process, and its output may go to a file."""
    arguments, wanted = ORACLES["answer over Labor Day"]

    ran = process(*arguments)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == kit(*arguments).out
    assert wanted[0] in ran.out


# Exit codes and sentences.


def test_check_of_a_clean_folder_says_what_was_proved(kit):
    """A lead wants to know that something was looked at, not only that it is fine."""
    ran = kit("--content", str(GOOD), "check")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No mistakes. Playbooks: 1.")


def test_check_prints_every_mistake_and_their_number(kit, tmp_path):
    """Exit code 1 stops a build; the text tells what to mend."""
    folder = spoiled(tmp_path, "[house]", "[hause]")

    ran = kit("--content", str(folder), "check")

    assert ran.code == 1
    assert "playbooks/late-parcel.md:36: there is no source “hause”\n  Fix:" in ran.out
    assert ran.out.endswith("\n5 mistakes.\n")


def spoiled(folder: Path, before: str, after: str) -> Path:
    """The good folder with one change."""
    for path in GOOD.rglob("*.md"):
        text = path.read_text(encoding="utf-8").replace(before, after)
        copy = folder / path.relative_to(GOOD)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    return folder


def unfinished(folder: Path) -> Path:
    """The good folder without stories and with a statement on no page."""
    spoiled(folder, "(T-1)", "")
    (folder / "playbooks" / "stories" / "late-parcel.md").unlink()
    return folder


def test_check_lists_what_is_to_do_by_file_and_does_not_stop(kit, tmp_path):
    """An unfinished page is no broken one, and nobody shall forget what it lacks."""
    ran = kit("--content", str(unfinished(tmp_path)), "check")

    first, said, *rest = ran.out.split("\n\n")
    assert ran.code == 0
    assert first.startswith("No mistakes. Playbooks: 1.")
    assert said == "To do"
    assert [each.split("\n")[0] for each in rest] == [
        "playbooks/late-parcel.md",
        "playbooks/reference/coverage.md",
        "2 to do. “kit check --strict” stops at them.",
    ]
    assert rest[0].split("\n")[1:] == [
        "  1: this page has no stories, so no practice cases can be made",
        "      Fix: Write how such cases begin in playbooks/stories/late-parcel.md.",
    ]


def test_a_strict_check_stops_at_what_is_to_do(kit, tmp_path):
    """Whoever ships content can ask for finished content."""
    ran = kit("--content", str(unfinished(tmp_path)), "check", "--strict")
    whole = kit("--content", str(GOOD), "check", "--strict")

    assert (ran.code, whole.code) == (1, 0)
    assert "2 to do." in ran.out


def test_mistakes_come_before_what_is_to_do(kit, tmp_path):
    """What is wrong is read first, and counted by itself."""
    folder = unfinished(tmp_path)
    coverage = folder / "playbooks" / "reference" / "coverage.md"
    text = coverage.read_text(encoding="utf-8").replace("not yet", "late-parcels")
    coverage.write_text(text, encoding="utf-8")

    ran = kit("--content", str(folder), "check")

    assert ran.code == 1
    assert ran.out.index("\n1 mistake.\n") < ran.out.index("\nTo do\n")


def test_a_page_past_its_review_is_named(kit, tmp_path):
    """A page that nobody has looked at for long is still right, but somebody must."""
    folder = spoiled(tmp_path, "review_by: 2027-05-22", "review_by: 2024-05-22")

    ran = kit("--content", str(folder), "check")

    assert ran.code == 0
    assert "late-parcel.md should have been reviewed by 2024-05-22." in ran.out


def test_a_page_with_mistakes_decides_nothing(kit, tmp_path):
    """A rule that cannot be read must not decide about a buyer."""
    folder = spoiled(tmp_path, "| 1 | moving | low |", "| 1 | mowing | low |")

    ran = kit("--content", str(folder), "decide", "late-parcel")

    assert ran.code == 1
    assert "Did you mean “moving”?" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param("no/such/folder", id="not there"),
        pytest.param("tests/broken", id="without playbooks"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["decide", "late-parcel"]])
def test_a_folder_without_content_is_said_so(kit, folder, command):
    """The likeliest slip is a wrong folder, and it must not look like 40 mistakes."""
    ran = kit("--content", folder, *command)

    assert ran.code == 2
    assert "is not a folder of content" in ran.err
    assert "kit new FOLDER" in ran.err
    assert ran.out == ""


REFUSED = {
    "a misspelt playbook": (["decide", "inr-reqest"], "“inr-request”"),
    "a misspelt marketplace": (
        ["decide", "inr-request", "--marketplace", "EBAY_UK"],
        "“EBAY_US”",
    ),
    "a misspelt marketplace as a fact": (
        ["decide", "inr-request", *facts(marketplace="EBAY_GBR")],
        "“EBAY_GB”",
    ),
    "a misspelt fact": (
        ["decide", "inr-request", *facts(traking="moving")],
        "“tracking”",
    ),
    "a misspelt decision": (
        ["decide", "inr-request", "--table", "remedi"],
        "“remedy”",
    ),
    "a misspelt value": (
        ["decide", "inr-request", *facts(tracking="mowing")],
        "one of none, no-scan, moving",
    ),
    "an amount without its currency": (
        ["decide", "inr-request", *facts(order_total="750")],
        "Write the currency, too",
    ),
    "the currency of another marketplace": (
        [
            "decide",
            "inr-request",
            "--marketplace",
            "EBAY_US",
            *facts(order_total="GBP 750"),
        ],
        "USD",
    ),
    "a day that is none": (
        ["decide", "inr-request", "--on", "31.13.2024"],
        "2026-11-22T09:30+01:00",
    ),
    "a day that may be two": (
        ["decide", "inr-request", "--on", "11.12.2024"],
        "the year first, such as 2024-07-29",
    ),
    "a moment without its time zone": (
        ["decide", "inr-request", "--on", "2024-08-30T09:30"],
        "the time zone, such as 2024-07-29T10:15:00Z",
    ),
    "a fact without its value": (["decide", "inr-request", "--fact", "edd"], "NAME="),
    "a fact stated twice": (
        ["decide", "inr-request", *facts(tracking="lost"), "--fact", "Tracking=none"],
        "stated twice",
    ),
    "another today": (
        [
            "decide",
            "inr-request",
            "--marketplace",
            "EBAY_US",
            "--on",
            "2024-05-01",
            *facts(today="2020-01-01"),
        ],
        "“today” is stated as 2020-01-01",
    ),
    "two marketplaces": (
        [
            "decide",
            "inr-request",
            "--marketplace",
            "EBAY_US",
            *facts(marketplace="EBAY_GB"),
        ],
        "“marketplace” is stated as EBAY_GB",
    ),
    "facts that contradict each other": (
        [
            "decide",
            "return-completion",
            "--table",
            "nothing comes",
            "--marketplace",
            "EBAY_US",
            "--on",
            "2023-06-01",
            *facts(
                return_stage="not-posted",
                return_route="remorse",
                accepted_on="2023-05-09",
                business_days_since_acceptance="3",
            ),
        ],
        "“business days since acceptance” is stated as 3",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_understood_gets_a_sentence(kit, name):
    """The likeliest name is offered, nothing is decided, and the exit code is 2."""
    arguments, hint = REFUSED[name]

    ran = kit(*arguments)

    assert ran.code == 2
    assert hint in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert "None" not in ran.err


def test_what_lacks_a_fact_asks_for_it_and_how_to_find_it(kit):
    """Exit code 1: nothing is wrong, but nothing is decided either."""
    ran = kit("decide", "inr-request", "--table", "before a request")

    assert ran.code == 1
    assert "Ask first: tracking" in ran.out
    assert "keep a picture of it" in ran.out


def test_what_no_edition_covers_is_said_so(kit):
    """Before the first limit there is no answer, and none is guessed."""
    ran = kit(
        *["decide", "inr-request", "--table", "signature", "--on", "2019-01-01"],
        *["--marketplace", "EBAY_US"],
        *facts(order_total="USD 800", ebay_programme="no"),
    )

    assert ran.code == 1
    assert "Not covered: “signature threshold” has no value at EBAY_US" in ran.out


def test_decided_tables_are_printed_and_open_ones_named(kit):
    """With half of the facts an agent sees what is clear and what to ask next."""
    ran = kit(
        *["decide", "inr-request", "--marketplace", "EBAY_US", "--on", "2024-01-03"],
        *facts(**DELIVERED),
    )

    assert ran.code == 0
    assert "signature · row 3" in ran.out
    assert "our proof: ask for “signed for”" in ran.out
    assert "valid on this day:\n    signature threshold = USD 750" in ran.out
    assert "2. order total is USD 750; this row wants < signature threshold" in ran.out


def test_a_row_that_never_marks_says_so(kit):
    """Germany's 30 days are the British ones, not confirmed: they mark nobody."""
    ran = kit(
        *window("not received", "EBAY_DE", "2024-06-01", **NOW),
    )

    assert ran.code == 0
    assert "A note only" in ran.out


# The day and the place.


@pytest.mark.parametrize(
    ("moment", "place", "day"),
    [
        pytest.param("2024-08-30T08:59+02:00", "EBAY_US", "2024-08-29", id="still"),
        pytest.param("2024-08-30T09:00+02:00", "EBAY_US", "2024-08-30", id="midnight"),
        pytest.param("2024-08-30T00:30+08:00", "EBAY_DE", "2024-08-29", id="China"),
    ],
)
def test_a_moment_is_taken_as_the_day_at_the_marketplace(kit, moment, place, day):
    """A desk in Shenzhen is a day ahead of Los Angeles; the deadline is not."""
    ran = kit("decide", "inr-request", "--marketplace", place, "--on", moment)

    assert ran.out.splitlines()[0].endswith(f"· {place} · {day}")


def test_without_a_marketplace_only_what_holds_everywhere_is_told(kit):
    """Nobody has decided that a buyer without a marketplace is American."""
    ran = kit(
        *["decide", "wrong-size-remorse", "--on", "2024-05-28"],
        *facts(return_reason="WRONG_SIZE", where_we_are="answer-due"),
        *facts(withdrawal_applies="yes", law_ruled_out="no", withdrawal_said="no"),
        *facts(delivered_on="2024-05-13", declared_on="2024-05-28"),
    )

    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith("· any marketplace · 2024-05-28")
    assert "the reason · row 1" in ran.out
    assert "the law first: ask for “marketplace”" in ran.out


def test_where_the_marketplace_matters_it_is_asked_for(kit):
    """Three marketplaces have three calendars, so the days differ."""
    ran = kit(
        *["decide", "dispute-windows", "--table", "our answer", "--on", "2024-08-23"],
        *facts(paid_on="2024-08-01", requested_on="2024-08-23"),
    )

    assert ran.code == 1
    assert "Ask first: marketplace" in ran.out
    assert "EBAY_US, EBAY_GB, EBAY_DE" in ran.out


# JSON.


def test_json_holds_everything_that_is_printed(kit):
    """Other programs must not have to read the screen."""
    arguments = ORACLES["answer over Labor Day"][0]

    data = json.loads(kit(*arguments, "--json").out)
    printed = kit(*arguments).out
    (told,) = data["decisions"]

    assert {key: data[key] for key in ("playbook", "marketplace", "on")} == {
        "playbook": "dispute-windows",
        "marketplace": "EBAY_US",
        "on": "2024-08-30",
    }
    assert told["result"] == "decided"
    assert told["answers"] == [
        {
            "key": "answer_by",
            "name": "Answer by",
            "value": "2024-09-05",
            "words": "2024-09-05",
        },
        {
            "key": "lapses",
            "name": "Lapses",
            "value": "2024-10-01",
            "words": "2024-10-01",
        },
    ]
    for text in (
        data["title"],
        told["because"],
        told["place"],
        *[each["title"] for each in told["sources"]],
        *[each["name"] for each in told["limits"]],
        *[miss["wanted"] for each in told["why_not"] for miss in each["misses"]],
    ):
        assert text in printed
    assert told["marks"] is True


def test_json_lists_every_table_with_its_result(kit):
    """Decided, still to ask, not covered: a program can tell them apart."""
    ran = kit(
        *["decide", "inr-request", "--marketplace", "EBAY_US", "--on", "2020-10-01"],
        *facts(**{**DELIVERED, "requested_on": "2020-09-30"}),
        "--json",
    )
    told = json.loads(ran.out)["decisions"]

    assert ran.code == 0
    assert [each["table"] for each in told] == [
        table.name for table in Library(REPO).playbook("inr-request").tables
    ]
    assert {each["result"] for each in told} == {
        "decided",
        "silent",
        "ask",
        "not-covered",
    }
    assert all(each["facts"] for each in told if each["result"] == "ask")


def test_json_of_something_misspelt_prints_nothing_to_read(kit):
    """Half a document would be taken for an answer."""
    ran = kit("decide", "inr-request", "--json", *facts(traking="moving"))

    assert (ran.code, ran.out) == (2, "")


# Another trade.


def test_a_lending_desk_is_proved_without_a_line_of_python(kit):
    """The kit knows words, days and money; eBay is only content."""
    ran = kit("--content", str(LENDING), "check")

    assert (ran.code, ran.err) == (0, "")
    assert "Playbooks: 1." in ran.out


@pytest.mark.parametrize(
    ("due", "fee"),
    [
        pytest.param("2024-05-07", "EUR 0", id="the last day of grace"),
        pytest.param("2024-05-06", "EUR 1.50", id="one day later"),
    ],
)
def test_a_lending_desk_decides_its_fee(kit, due, fee):
    """Its own facts, its own limits, its own reason."""
    ran = kit(
        *["--content", str(LENDING), "decide", "late-book", "--on", "2024-05-10"],
        *["--table", "the fee", *facts(due_on=due, reader_is_a_child="no")],
    )

    assert ran.code == 0
    assert f"Fee: {fee}" in ran.out
    assert "rules-2019 (H) Rules of lending" in ran.out


def test_a_lending_desk_counts_its_own_holidays(kit):
    """The house by the river keeps Austrian holidays, the boat keeps none."""
    question = [
        *["--content", str(LENDING), "decide", "late-book", "--on", "2024-05-08"],
        *["--table", "keep it longer"],
        *facts(another_reader_waits="no", times_renewed="0", due_on="2024-05-08"),
    ]

    house = kit(*question, "--marketplace", "OLD_TOWN")
    boat = kit(*question, "--marketplace", "HARBOUR")

    assert "Back by: 2024-06-10" in house.out
    assert "Back by: 2024-06-05" in boat.out


def test_its_practice_cases_are_decided_by_its_page():
    """The wet atlas: dear and damaged, so its reader pays."""
    wet, chapter = Library(LENDING).cases("late-book")

    assert [each.row.number for each in wet.decide()] == ["3", "4"]
    assert [each.row.number for each in chapter.decide()] == ["2"]


# Help, accidents, speed.

COMMANDS = [each.name or each.callback.__name__ for each in cli.app.registered_commands]


@pytest.mark.parametrize("command", ["learn", "grade"])
def test_a_name_that_cannot_be_kept_is_refused_before_anything_opens(kit, command):
    """Else the lessons would open, and not one answer could be saved."""
    ran = kit(command, "--agent", "Mei Wang")

    assert ran.code == 2
    assert "such as mei-2" in re.sub(r"\s+", " ", ran.err)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=str)
def test_help_speaks_to_people(kit, command):
    """Each command says what it does, in words, and shows nothing from the inside."""
    ran = kit(*command, "--help")
    help_text = ran.out

    assert ran.code == 0
    assert ran.err == ""
    assert not re.search(r"\bNone\b|list\[|Annotated|typer|[a-z]_[a-z]", help_text)
    assert help_text.startswith("Usage: kit ")
    assert re.search(r"\n\n  [A-Z][^.]+\.\n", help_text)


def test_the_version_is_said(kit):
    """The first thing that anybody asks who is to help."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))

    ran = kit("--version")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"aftersales-kit {project['project']['version']}\n"


def test_the_version_is_unknown_where_nothing_is_installed():
    """A checkout that runs without an installation says so, and shows no incident."""
    code = (
        "import sys;"
        "from importlib.metadata import MetadataPathFinder as Finder;"
        "Finder.find_distributions = lambda *_, **__: iter(());"
        "sys.argv = ['kit', '--version']; from kit.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=REPO,
        encoding="utf-8",
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("aftersales-kit, version unknown")


@pytest.mark.parametrize("command", [[], *([name] for name in cli.COMMANDS)], ids=str)
def test_help_is_there_by_its_short_name(kit, command):
    """Whoever is in a hurry types two characters."""
    assert kit(*command, "-h") == kit(*command, "--help")


def test_every_option_has_its_sentence():
    """An option without help is a riddle."""
    every = typer.main.get_command(cli.app)
    silent = [
        f"{name} {option.name}"
        for name, command in every.commands.items()
        for option in command.params
        if option.name != "help" and not getattr(option, "help", None)
    ]

    assert silent == []


def test_an_accident_is_kept_for_whoever_can_mend_it(kit, monkeypatch, tmp_path):
    """A person reads one sentence; the details lie in a file that it names."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Library, "findings", lambda *_: 1 / 0)
    monkeypatch.delenv("KIT_STRICT", raising=False)

    ran = kit("check")

    assert ran.code == 2
    assert "Traceback" not in ran.out + ran.err
    (path,) = re.findall(r"(\S+kit-incident-\w+\.log)", ran.err)
    assert "ZeroDivisionError" in Path(path).read_text(encoding="utf-8")


def test_an_accident_never_writes_into_a_file_of_somebody_else(
    kit, monkeypatch, tmp_path
):
    """On a shared machine anybody could have laid a link under a known name."""
    link, secret = tmp_path / "kit-incident.log", tmp_path / "secret"
    secret.write_text("mine", encoding="utf-8")
    link.symlink_to(secret)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Library, "findings", lambda *_: 1 / 0)
    monkeypatch.delenv("KIT_STRICT", raising=False)

    first, second = kit("check"), kit("check")

    assert first.err != second.err
    assert secret.read_text(encoding="utf-8") == "mine"


def test_an_accident_that_cannot_be_kept_is_still_one_sentence(
    kit, monkeypatch, tmp_path
):
    """On a full disk, too, nobody sees a traceback."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    monkeypatch.setattr(Library, "findings", lambda *_: 1 / 0)
    monkeypatch.delenv("KIT_STRICT", raising=False)

    ran = kit("check")

    assert ran.code == 2
    assert ran.err.startswith("Something went wrong inside the kit.")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("chosen", ["zh_CN", "zh", "xx", "", "../en", "en_US.UTF-8"])
def test_whatever_language_a_machine_is_set_to_the_kit_answers(chosen):
    """Only a language that there are sentences in is spoken; the days go with it."""
    code = (
        "from datetime import date\n"
        "from kit.catalogue import language\n"
        "from kit.practice.wording import day_words\n"
        "print(language(), day_words(date(2024, 8, 29), language()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=REPO,
        encoding="utf-8",
        env={**os.environ, "KIT_LANGUAGE": chosen},
    )

    assert ran.stdout == "en Thursday 29 August 2024\n"


@pytest.mark.parametrize(
    ("chosen", "spoken"),
    [
        *(("zh-CN", "zh"), ("zh_CN.UTF-8", "zh"), ("ZH", "zh"), (" zh ", "zh")),
        *(("de_AT@euro", "de"), ("pt-BR", "pt-BR"), ("pt_br", "pt-BR")),
        *(("pt", "en"), ("xx", "en"), ("", "en"), ("-", "en"), ("../zh", "en")),
    ],
)
def test_a_language_is_understood_as_systems_write_it(chosen, spoken):
    """The nearest one that there is; else English."""
    assert best_language(chosen, ["de", "en", "pt-BR", "zh"]) == spoken


def test_check_works_on_a_machine_that_is_set_to_chinese():
    """The words of the machine are no mistakes of the author."""
    assert "No mistakes" in process("check", KIT_LANGUAGE="zh_CN").out


ENCODINGS = ["gbk", "cp1252", "latin-1", "utf-8"]


@cache
def said_in(encoding: str, *arguments: str) -> str:
    """Run a command whose output goes into a pipe of another encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        check=False,
        cwd=REPO,
        env={**os.environ, "PYTHONIOENCODING": encoding, "KIT_STRICT": "1"},
    )
    assert done.stderr == b""
    return done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_pipe_that_does_not_know_a_character_ends_no_command(encoding):
    """Windows in China pipes in GBK, and a buyer may be called Zoë."""
    said = said_in(encoding, "cases", "inr-request", "--count", "3")

    assert said.count("To decide: ") == 3


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_whole_in_every_encoding(encoding):
    """A program that reads it gets each character, not a question mark."""
    asked = ["cases", "inr-request", "--count", "3", "--json"]

    assert json.loads(said_in(encoding, *asked)) == json.loads(said_in("utf-8", *asked))


def test_a_question_loads_nothing_that_it_does_not_need():
    """Importing notebooks or calendars would make an agent wait for every answer."""
    code = (
        "import sys; from kit.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "decide", "wrong-size-remorse"],
        capture_output=True,
        check=True,
        cwd=REPO,
        encoding="utf-8",
    )
    heavy = {"holidays", "babel", "IPython", "ipywidgets", "nbformat", "papermill"}

    assert "Ask first: payment dispute open" in ran.stdout
    assert set(ran.stderr.split()) & heavy == set()


def test_a_page_is_read_in_a_moment():
    """Reading is what every command waits for; 50 ms on a desk, and tripled here."""

    def seconds() -> float:
        fresh = Library(REPO)
        assert fresh.reference.facts
        started = time.process_time()
        fresh.playbook("wrong-size-remorse")
        return time.process_time() - started

    assert min(seconds() for _ in range(3)) < 0.15


def test_cases_prints_what_an_agent_would_see(kit):
    """The buyer's words, the facts, what is to be decided, and nothing of the key."""
    ran = kit("--content", str(LENDING), "cases", "late-book", "--seed", "4")

    assert ran.code == 0
    assert ran.out.startswith("A book comes back late · late-book-")
    assert re.search(r"^  > \S", ran.out, re.MULTILINE)
    assert re.search(r"^  title +\S", ran.out, re.MULTILINE)
    assert "To decide: " in ran.out
    assert "row" not in ran.out


def test_cases_are_the_same_for_the_same_seed_and_others_for_another(kit):
    """A supervisor can hand out a number instead of a file."""

    def made(seed: str) -> list[dict[str, object]]:
        ran = kit("cases", "inr-request", "--seed", seed, "--count", "3", "--json")
        assert ran.code == 0
        found: list[dict[str, object]] = json.loads(ran.out)
        return found

    first = made("8")

    assert len(first) == 3
    assert made("8") == first
    assert made("9") != first
    assert {each["playbook"] for each in first} == {"inr-request"}


def test_coverage_names_every_playbook_and_is_full(kit):
    """Before a course an author sees that everything in it can be practised."""
    ran = kit("--content", str(LENDING), "cases", "--coverage")

    assert ran.code == 0
    assert re.match(r"late-book: rows (\d+) of \1, borders (\d+) of \2, ", ran.out)


def test_coverage_that_falls_short_is_named_and_refused(kit, tmp_path):
    """A row that no case reaches must not be found out in the exam."""
    folder = tmp_path / "content"
    shutil.copytree(LENDING, folder)
    page = folder / "playbooks" / "stories" / "late-book.md"
    text = page.read_text(encoding="utf-8")
    kept = text.partition("## wants-to-keep-it")[0]
    page.write_text(kept, encoding="utf-8")

    ran = kit("--content", str(folder), "cases", "late-book", "--coverage")

    assert ran.code == 1
    assert "No case: late-book/keep-it-longer/row-2/HARBOUR/2019-01-01\n" in ran.out


def test_a_playbook_without_stories_says_where_to_write_them(kit, tmp_path):
    """Nothing is made up for a page about which nobody has told a story."""
    folder = tmp_path / "content"
    shutil.copytree(LENDING, folder)
    (folder / "playbooks" / "stories" / "late-book.md").unlink()

    ran = kit("--content", str(folder), "cases", "late-book")

    assert ran.code == 1
    assert ran.out == ""
    assert "playbooks/stories/<id>.md" in ran.err
