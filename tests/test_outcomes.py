"""What a row answers: words, values, and days that are computed."""

from datetime import date
from decimal import Decimal

import pytest
from builders import GB, US, facts_of, limits_of, situation_of

from kit.errors import BadCell, NotCovered
from kit.rules.calendars import Marketplace
from kit.rules.facts import Known
from kit.rules.outcomes import DayRule, Outcome, limit_of, read_outcome, value_of
from kit.rules.values import Duration, Money, Value, key_of, read_kind

FACTS = facts_of(
    {"accepted on": "date", "edd": "date", "tracking": "one of none, lost"}
)
LIMITS = limits_of(
    "answer time | EBAY_GB | 2014-10-01 | 8 days",
    "answer time | any | 2020-09-03 | 3 business days",
    "threshold | any | 2020-01-01 | USD 750",
    "mixed | any | 2020-01-01 | 3 days",
    "mixed | any | 2021-01-01 | 3 offers",
)


def outcome_of(text: str, kind: str = "day") -> Outcome:
    """Read one cell of an answer."""
    return read_outcome(
        text, read_kind(kind), answer="Act by", facts=FACTS, limits=LIMITS
    )


def known(
    marketplace: Marketplace = GB,
    today: date = date(2024, 8, 23),
    **facts: Value,
) -> Known:
    """Know a case on a Friday before a bank holiday."""
    situation = situation_of(LIMITS, marketplace=marketplace, today=today)
    return Known(facts, FACTS, situation)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param("one of refund, wait", "refund", "refund", id="a word"),
        pytest.param("one of refund, wait", '"refund"', "refund", id="in quotes"),
        pytest.param("yes/no", "yes", True, id="yes"),
        pytest.param("whole number of days", "3", 3, id="a whole number"),
        pytest.param("number", "2.5", Decimal("2.5"), id="a number"),
        pytest.param("money", "USD 5", Money(500, "USD"), id="an amount"),
        pytest.param("text", "Say sorry, then ask.", "Say sorry, then ask.", id="text"),
        pytest.param("day", "none", "none", id="no day"),
        pytest.param("day", "not covered", "not covered", id="a day not covered"),
    ],
)
def test_an_answer_is_read_as_authors_write_it(
    kind: str, text: str, value: Value
) -> None:
    """The cell of a table is what the agent is told."""
    assert value_of(outcome_of(text, kind), known()) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("now", "2024-08-23", id="now is the day of the case"),
        pytest.param("accepted on", "2024-08-20", id="the date itself"),
        pytest.param("accepted on + 3 days", "2024-08-23", id="days later"),
        pytest.param("accepted on - 1 day", "2024-08-19", id="a day earlier"),
        pytest.param(
            "edd + 3 business days", "2024-08-29", id="business days over a holiday"
        ),
        pytest.param("edd + answer time", "2024-08-29", id="the limit of today"),
        pytest.param("Accepted-On + Answer-Time", "2024-08-23", id="spelt loosely"),
        pytest.param("today + 1 business day", "2024-08-27", id="from today on"),
    ],
)
def test_a_day_is_computed_from_a_date_of_the_case(text: str, day: str) -> None:
    """The last day of a deadline stands in the answer, not in the agent's head."""
    case = known(accepted_on=date(2024, 8, 20), edd=date(2024, 8, 23))

    assert value_of(outcome_of(text), case) == date.fromisoformat(day)


def test_a_day_counts_with_the_limit_of_its_edition() -> None:
    """Eight days in 2018, three business days in 2024, on the same page."""
    rule = outcome_of("edd + answer time")
    day = date(2018, 8, 24)

    old = known(today=day, edd=day)

    assert value_of(rule, old) == date(2018, 9, 1)
    limit = limit_of(rule, old)
    assert limit is not None
    assert limit.value == Duration(8, "days")


def test_a_day_whose_limit_does_not_hold_is_not_covered() -> None:
    """No last day is better than a wrong one."""
    rule = outcome_of("edd + answer time")
    day = date(2018, 8, 24)
    case = known(marketplace=US, today=day, edd=day)

    assert limit_of(rule, case) is None
    with pytest.raises(NotCovered):
        value_of(rule, case)


def test_a_day_is_unknown_while_its_date_is() -> None:
    """An agent is asked for the date, not given a day."""
    assert value_of(outcome_of("accepted on + 3 days"), known()) is None


def test_only_an_answer_that_counts_with_a_limit_has_one() -> None:
    """A fixed step needs no edition."""
    assert limit_of(outcome_of("edd + 3 days"), known()) is None
    assert limit_of(outcome_of("now"), known()) is None
    assert limit_of(outcome_of("refund", "one of refund, wait"), known()) is None


def test_a_day_is_kept_as_a_rule() -> None:
    """What was read can be shown, exported and explained."""
    assert outcome_of("edd - 3 business days") == Outcome(
        "edd - 3 business days", DayRule("edd", Duration(3, "business days"), -1)
    )
    assert outcome_of("edd + answer time").value == DayRule("edd", "answer time")


@pytest.mark.parametrize(
    ("kind", "text", "mistake", "culprit"),
    [
        pytest.param(
            "one of refund, wait", "refnud", "answer-unknown", "refnud", id="a slip"
        ),
        pytest.param("yes/no", "maybe", "answer-unknown", "maybe", id="maybe"),
        pytest.param("money", "750", "answer-unknown", "750", id="no currency"),
        pytest.param("day", "tomorrow", "day-anchor", "tomorrow", id="a loose day"),
        pytest.param("day", "today+3", "day-anchor", "today+3", id="no spaces"),
        pytest.param("day", "now + 3 days", "day-anchor", "now", id="now and more"),
        pytest.param("day", "tracking + 3 days", "day-anchor", "tracking", id="a word"),
        pytest.param("day", "", "day-anchor", "", id="nothing"),
        pytest.param("day", "edd + 3", "day-step", "3", id="three of what"),
        pytest.param("day", "edd + 3 weeks", "day-step", "3 weeks", id="weeks"),
        pytest.param("day", "edd + threshold", "day-step", "threshold", id="an amount"),
        pytest.param("day", "edd + mixed", "day-step", "mixed", id="offers once"),
        pytest.param("day", "edd + patience", "day-step", "patience", id="no limit"),
    ],
)
def test_a_slip_in_an_answer_is_refused_with_its_culprit_marked(
    kind: str, text: str, mistake: str, culprit: str
) -> None:
    """An answer that nobody declared must never reach a buyer."""
    with pytest.raises(BadCell) as caught:
        outcome_of(text, kind)

    assert caught.value.kind == mistake
    assert text[slice(*caught.value.span)] == culprit


def test_a_long_list_of_words_breaks_off_in_the_mistake() -> None:
    """A sentence with forty actions hides the one that was meant."""
    words = ", ".join(f"action-{number}" for number in range(40))

    with pytest.raises(BadCell) as caught:
        outcome_of("acton-7", f"one of {words}")

    assert str(caught.value.values["kind"]).endswith("action-11, …")
    assert "action-7" in str(caught.value.values["nearest"])


@pytest.mark.parametrize(
    ("kind", "text", "day", "value"),
    [
        pytest.param(
            "money", "threshold", "2024-08-23", Money(75000, "USD"), id="an amount"
        ),
        pytest.param("whole number", "spare", "2024-08-23", 2, id="a plain number"),
        pytest.param(
            "whole number of days", "patience", "2024-08-23", 14, id="days of today"
        ),
        pytest.param(
            "whole number of days", "patience", "2022-08-23", 10, id="days of then"
        ),
    ],
)
def test_an_answer_that_names_a_limit_says_what_holds_for_the_case(
    kind: str, text: str, day: str, value: Value
) -> None:
    """“USD 750 per parcel” is written once, with the day on which it started."""
    limits = limits_of(
        "threshold | any | 2020-01-01 | USD 750",
        "spare | any | 2020-01-01 | 2",
        "patience | any | 2020-01-01 | 10 days",
        "patience | any | 2023-01-01 | 14 days",
    )
    found = read_outcome(
        text, read_kind(kind), answer="Fee", facts=FACTS, limits=limits
    )
    today = date.fromisoformat(day)
    case = Known({}, FACTS, situation_of(limits, marketplace=US, today=today))

    assert value_of(found, case) == value
    limit = limit_of(found, case)
    assert limit is not None
    assert limit.name == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("whole number of days", "answer time"),
        ("whole number", "mixed"),
        ("money", "answer time"),
        ("whole number", "threshold"),
    ],
)
def test_an_answer_names_no_limit_of_another_unit(kind: str, text: str) -> None:
    """Three business days are no three days, in no edition."""
    with pytest.raises(BadCell) as refused:
        outcome_of(text, kind)

    assert refused.value.kind == "answer-limit"
    assert key_of(str(refused.value.values["limit"])) == key_of(text)
    assert refused.value.values["value"] in {row.value for row in LIMITS.all_of(text)}
    assert refused.value.values["answer"]
