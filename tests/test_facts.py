"""What is known of a case, what follows from it, and what contradicts it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import DE, GB, US, facts_of, limits_of, situation_of

from kit.errors import BadValue, FactsDisagree, NotCovered, UnknownName
from kit.rules.calendars import Marketplace
from kit.rules.facts import Derivation, Known, find_fact, read_derivation, shift
from kit.rules.limits import Limits
from kit.rules.values import Facts, Money, Value

LIMITS = limits_of(
    "window | any | 2020-01-01 | 30 days",
    "answer time | any | 2020-09-03 | 3 business days",
    "threshold | EBAY_US | 2020-01-01 | USD 750",
    "threshold | EBAY_GB | 2020-01-01 | USD 750",
    "spare | any | 2020-01-01 | 2",
    "odd | any | 2020-01-01 | 2.5",
)
GATHERED = {
    "paid on": "date",
    "edd": "date",
    "order total": "money, at least 0",
    "postage": "money, at least 0",
    "offers made": "whole number, at least 0",
    "handling": "whole number of business days",
    "signed": "yes/no",
}


def known(
    kind: str,
    form: str,
    facts: Facts,
    *,
    limits: Limits = LIMITS,
    marketplace: Marketplace = US,
) -> Known:
    """Know a case in which “it” is derived in the given way."""
    vocabulary = facts_of(GATHERED, {"it": (kind, form)})
    situation = situation_of(limits, marketplace=marketplace)
    return Known(facts, vocabulary, situation)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        pytest.param(
            "days from paid on to today",
            Derivation("days from", "paid on", "today"),
            id="days",
        ),
        pytest.param(
            "business days from paid on to today",
            Derivation("business days from", "paid on", "today"),
            id="business days",
        ),
        pytest.param(
            "paid on plus window", Derivation("plus", "paid on", "window"), id="plus"
        ),
        pytest.param(
            "paid on plus window, or the next business day",
            Derivation("plus", "paid on", "window", ends_on_business_day=True),
            id="or the next business day",
        ),
        pytest.param(
            "paid on minus window, or the next business day",
            Derivation("minus", "paid on", "window", ends_on_business_day=True),
            id="a day before, or the next business day",
        ),
        pytest.param(
            "business days from paid on to today at our desk",
            Derivation("business days from", "paid on", "today", at_our_desk=True),
            id="at our desk",
        ),
        pytest.param(
            "edd, else paid on plus answer time",
            Derivation("plus", "paid on", "answer time", outranked_by="edd"),
            id="else",
        ),
        pytest.param(
            "paid on plus 3 days",
            Derivation("plus", "paid on", "3", "days"),
            id="plus a number of days",
        ),
        pytest.param(
            "paid on plus 3 business days",
            Derivation("plus", "paid on", "3", "business days"),
            id="plus a number of business days",
        ),
        pytest.param(
            "order total minus postage",
            Derivation("minus", "order total", "postage"),
            id="minus",
        ),
        pytest.param(
            "order total is at least threshold",
            Derivation("is at least", "order total", "threshold"),
            id="is at least",
        ),
        pytest.param(
            "paid on is not after edd",
            Derivation("is not after", "paid on", "edd"),
            id="is not after",
        ),
        pytest.param(
            "the earlier of paid on and edd",
            Derivation("the earlier of", "paid on", "edd"),
            id="the earlier of two days",
        ),
    ],
)
def test_a_form_is_read_as_authors_write_it(text: str, how: Derivation) -> None:
    """The forms are a closed list, and each reads as a sentence."""
    assert read_derivation(text) == how
    assert str(how) == text


@pytest.mark.parametrize(
    "text", ["paid on", "paid on times two", "days since payment", "weeks from a to b"]
)
def test_what_is_no_form_is_refused(text: str) -> None:
    """What needs more than these forms is gathered under a name of its own."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_derivation(text)


@pytest.mark.parametrize(
    ("kind", "form", "facts", "value"),
    [
        pytest.param(
            "whole number of days",
            "days from paid on to today",
            {"paid on": date(2024, 5, 10)},
            5,
            id="days up to today",
        ),
        pytest.param(
            "whole number of business days",
            "business days from paid on to today",
            {"paid on": date(2024, 5, 10)},
            3,
            id="business days over a weekend",
        ),
        pytest.param(
            "date",
            "paid on plus window",
            {"paid on": date(2024, 5, 10)},
            date(2024, 6, 9),
            id="a date plus a limit in days",
        ),
        pytest.param(
            "date",
            "paid on plus answer time",
            {"paid on": date(2024, 5, 10)},
            date(2024, 5, 15),
            id="a date plus a limit in business days",
        ),
        pytest.param(
            "date",
            "paid on plus handling",
            {"paid on": date(2024, 5, 10), "handling": 3},
            date(2024, 5, 15),
            id="a date plus a fact in business days",
        ),
        pytest.param(
            "date",
            "paid on minus 3 days",
            {"paid on": date(2024, 5, 10)},
            date(2024, 5, 7),
            id="a date minus days",
        ),
        pytest.param(
            "money",
            "order total minus postage",
            {"order total": Money(1000, "USD"), "postage": Money(250, "USD")},
            Money(750, "USD"),
            id="an amount minus an amount",
        ),
        pytest.param(
            "whole number",
            "offers made plus spare",
            {"offers made": 1},
            3,
            id="a count plus a plain limit",
        ),
        pytest.param(
            "number",
            "offers made plus odd",
            {"offers made": 1},
            Decimal("3.5"),
            id="a count plus half",
        ),
        pytest.param(
            "yes/no",
            "order total is at least threshold",
            {"order total": Money(75000, "USD")},
            True,
            id="exactly the threshold is enough",
        ),
        pytest.param(
            "yes/no",
            "order total is at least threshold",
            {"order total": Money(74999, "USD")},
            False,
            id="a cent below is not",
        ),
        pytest.param(
            "yes/no",
            "paid on is not after edd",
            {"paid on": date(2024, 5, 10), "edd": date(2024, 5, 10)},
            True,
            id="the same day is not after",
        ),
        pytest.param(
            "yes/no",
            "paid on is not after edd",
            {"paid on": date(2024, 5, 11), "edd": date(2024, 5, 10)},
            False,
            id="the next day is after",
        ),
        pytest.param(
            "date",
            "the earlier of paid on and edd",
            {"paid on": date(2024, 5, 11), "edd": date(2024, 5, 10)},
            date(2024, 5, 10),
            id="the second day comes first",
        ),
        pytest.param(
            "date",
            "the earlier of paid on and edd",
            {"paid on": date(2024, 5, 9), "edd": date(2024, 5, 10)},
            date(2024, 5, 9),
            id="the first day comes first",
        ),
    ],
)
def test_a_fact_follows_from_others(
    kind: str, form: str, facts: Facts, value: Value
) -> None:
    """Nobody counts days or compares amounts by hand."""
    found = known(kind, form, facts).value("it")

    assert found == value
    assert type(found) is type(value)


def test_holidays_are_those_of_the_marketplace() -> None:
    """Ascension Day is a holiday in Germany and a Thursday in the United States."""
    facts: Facts = {"paid on": date(2024, 5, 6)}
    form = "business days from paid on to today"

    germany = known("whole number of business days", form, facts, marketplace=DE)
    states = known("whole number of business days", form, facts, marketplace=US)

    assert germany.value("it") == 6
    assert states.value("it") == 7


@pytest.mark.parametrize(
    ("kind", "form", "facts"),
    [
        pytest.param(
            "date", "paid on plus edd", {"edd": date(2024, 5, 10)}, id="two dates added"
        ),
        pytest.param("date", "paid on plus 3", {}, id="a step without a unit"),
        pytest.param(
            "date", "paid on plus signed", {"signed": True}, id="a date and yes"
        ),
        pytest.param(
            "yes/no", "paid on is at least handling", {"handling": 3}, id="a date and 3"
        ),
        pytest.param(
            "date",
            "the earlier of paid on and handling",
            {"handling": 3},
            id="a day, 3",
        ),
        pytest.param("whole number", "offers made plus odd", {}, id="half an offer"),
        pytest.param("yes/no", "offers made is at least threshold", {}, id="3 and USD"),
        pytest.param(
            "yes/no", "offers made is at least signed", {"signed": True}, id="3 and yes"
        ),
        pytest.param("date", "order total minus postage", {}, id="an amount for a day"),
        pytest.param("money", "postage minus order total", {}, id="below the lowest"),
    ],
)
def test_what_a_form_cannot_compute_is_refused(
    kind: str, form: str, facts: Facts
) -> None:
    """A page that adds two dates is told so; it never decides with what came out."""
    facts = {
        "paid on": date(2024, 5, 10),
        "offers made": 1,
        "order total": Money(1000, "USD"),
        "postage": Money(250, "USD"),
        **facts,
    }
    lowest = ", at least 0" if kind == "money" else ""

    with pytest.raises(BadValue, match="“it”"):
        known(kind + lowest, form, facts).value("it")


def test_the_mistake_quotes_the_form_that_cannot_be_computed() -> None:
    """An author finds the line in the reference page by its own words."""
    facts: Facts = {"paid on": date(2024, 5, 10), "edd": date(2024, 5, 20)}

    with pytest.raises(BadValue, match="“paid on plus edd”"):
        known("date", "paid on plus edd", facts).value("it")


def test_a_fact_stays_unknown_while_one_of_its_two_is() -> None:
    """Half a reason is no reason."""
    case = known("money", "order total minus postage", {"postage": Money(250, "USD")})

    assert case.value("it") is None
    assert list(case.unknown_roots("it")) == ["order_total"]


def test_unknown_roots_go_down_to_what_can_be_asked() -> None:
    """Two steps below stands a fact that an agent can look up."""
    vocabulary = facts_of(
        {"paid on": "date"},
        {
            "window ends on": ("date", "paid on plus window"),
            "in time": ("yes/no", "today is not after window ends on"),
        },
    )
    case = Known({}, vocabulary, situation_of(LIMITS))

    assert list(case.unknown_roots("in_time")) == ["paid_on"]
    assert [limit.name for limit in case.limits_behind("in_time")] == ["window"]


def test_a_known_fact_has_no_unknown_roots() -> None:
    """What is known is not asked again."""
    case = known("money", "order total minus postage", {"it": Money(1, "USD")})

    assert list(case.unknown_roots("it")) == []


def test_a_derived_fact_may_be_stated_when_its_facts_are_unknown() -> None:
    """An agent may know that it is in time without knowing both days."""
    case = known("money", "order total minus postage", {"it": Money(750, "USD")})

    assert case.value("it") == Money(750, "USD")


def test_a_stated_fact_may_agree_with_what_follows() -> None:
    """To say the same twice is no contradiction."""
    facts: Facts = {"it": 5, "paid on": date(2024, 5, 10)}

    case = known("whole number of days", "days from paid on to today", facts)

    assert case.value("it") == 5


def test_a_case_that_contradicts_itself_is_refused() -> None:
    """Six days stated, five counted: which one is wrong is not for the kit to pick."""
    facts: Facts = {"it": 6, "paid on": date(2024, 5, 10)}
    case = known("whole number of days", "days from paid on to today", facts)

    with pytest.raises(FactsDisagree, match=r"6 days.*5 days"):
        case.value("it")


def test_a_derived_fact_needs_a_limit_that_holds() -> None:
    """Before the first edition there is no window to be inside of."""
    limits = limits_of("window | any | 2024-05-16 | 30 days")
    facts: Facts = {"paid on": date(2024, 5, 10)}
    case = known("date", "paid on plus window", facts, limits=limits)

    with pytest.raises(NotCovered):
        case.value("it")


def test_a_limit_in_another_currency_does_not_compare() -> None:
    """750 dollars are no threshold for an order in pounds."""
    case = known(
        "yes/no",
        "order total is at least threshold",
        {"order total": Money(80000, "GBP")},
        marketplace=GB,
    )

    with pytest.raises(NotCovered):
        case.value("it")


def test_an_amount_in_another_currency_is_refused() -> None:
    """GBP 700 must not pass for USD 700 at a border of USD 750."""
    with pytest.raises(BadValue, match="USD"):
        Known({"order total": Money(70000, "GBP")}, facts_of(GATHERED), situation_of())


def test_names_of_facts_may_be_written_loosely() -> None:
    """“Paid On” on a form is the “paid on” of the page."""
    day = date(2024, 5, 10)

    case = Known({"Paid-On": day}, facts_of(GATHERED), situation_of())

    assert case.value("paid_on") == day


def test_an_undeclared_fact_is_refused_with_the_likeliest_name() -> None:
    """A misspelt fact would silently stay unknown."""
    with pytest.raises(UnknownName, match="paid on"):
        Known({"payd on": date(2024, 5, 10)}, facts_of(GATHERED), situation_of())
    with pytest.raises(UnknownName):
        find_fact("payd on", facts_of(GATHERED))


def test_a_value_of_another_kind_is_refused() -> None:
    """A day in text is no day."""
    with pytest.raises(BadValue):
        Known({"paid on": "2024-05-10"}, facts_of(GATHERED), situation_of())


def test_day_and_marketplace_are_always_known() -> None:
    """A table may ask about them, and nobody has to say them."""
    case = Known({}, facts_of({}), situation_of(marketplace=GB))

    assert case.value("today") == date(2024, 5, 15)
    assert case.value("marketplace") == "EBAY_GB"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"today": date(2024, 5, 16)}, id="another day"),
        pytest.param({"marketplace": "EBAY_DE"}, id="another marketplace"),
    ],
)
def test_a_case_cannot_state_another_day_or_marketplace(facts: Facts) -> None:
    """Limits of one place and facts of another would make a third case."""
    with pytest.raises(FactsDisagree):
        Known(facts, facts_of({}), situation_of(marketplace=GB))


def test_an_answer_of_one_table_is_a_fact_of_the_next() -> None:
    """The reason found first decides who pays."""
    case = Known({}, facts_of({"family": "one of remorse, snad"}), situation_of())

    assert case.value("family") is None
    case.learn("family", "snad")
    assert case.value("family") == "snad"
    assert "family" not in case.stated  # nobody has gathered it


@pytest.mark.parametrize(
    ("unit", "last"),
    [
        pytest.param("days", date(2024, 8, 26), id="days"),
        pytest.param("business days", date(2024, 8, 29), id="business days"),
    ],
)
def test_a_day_moves_by_days_or_business_days(unit: str, last: date) -> None:
    """Three days from a Friday before a bank holiday: Monday, or Thursday."""
    assert shift(date(2024, 8, 23), 3, unit=unit, calendar="GB-ENG") == last


@pytest.mark.parametrize(
    ("delivered", "marketplace", "ends"),
    [
        pytest.param("2024-05-04", DE, "2024-05-21", id="Whit Monday behind a weekend"),
        pytest.param("2024-05-07", DE, "2024-05-21", id="the same end on a Tuesday"),
        pytest.param("2024-05-08", DE, "2024-05-22", id="an ordinary Wednesday"),
        pytest.param("2024-08-10", GB, "2024-08-27", id="the August bank holiday"),
    ],
)
def test_a_period_that_ends_on_a_free_day_runs_to_the_next_business_day(
    delivered: str, marketplace: Marketplace, ends: str
) -> None:
    """Fourteen days from 4 May are a Saturday, and Whit Monday follows it."""
    limits = limits_of("period | any | 2020-01-01 | 14 days")
    form = "paid on plus period, or the next business day"
    facts = {"paid on": date.fromisoformat(delivered)}

    case = known("date", form, facts, limits=limits, marketplace=marketplace)

    assert case.value("it") == date.fromisoformat(ends)


@pytest.mark.parametrize(
    ("form", "facts", "value"),
    [
        pytest.param(
            "paid on plus 2 business days at our desk",
            {"paid on": date(2024, 9, 30)},
            date(2024, 10, 9),
            id="the days of October are free",
        ),
        pytest.param(
            "paid on plus 2 business days",
            {"paid on": date(2024, 9, 30)},
            date(2024, 10, 2),
            id="a marketplace knows nothing of them",
        ),
        pytest.param(
            "paid on plus 1 business days at our desk",
            {"paid on": date(2024, 10, 11)},
            date(2024, 10, 12),
            id="a Saturday that makes up for them is worked",
        ),
        pytest.param(
            "paid on plus window, or the next business day at our desk",
            {"paid on": date(2024, 9, 1)},
            date(2024, 10, 8),
            id="a period that ends in October",
        ),
    ],
)
def test_what_our_warehouse_does_counts_in_our_own_calendar(
    form: str, facts: Facts, value: Value
) -> None:
    """Spring Festival and the days of October are ours, not the buyer's."""
    vocabulary = facts_of(GATHERED, {"it": ("date", form)})
    how = vocabulary["it"].derivation
    assert how is not None
    desk = replace(how, calendar="CN" if how.at_our_desk else "")
    vocabulary["it"] = replace(vocabulary["it"], derivation=desk)

    case = Known(facts, vocabulary, situation_of(LIMITS))

    assert case.value("it") == value


def test_the_day_on_the_request_outranks_the_count_and_the_count_is_kept() -> None:
    """The request says one day, we counted another: both can be said."""
    form = "edd, else paid on plus answer time"
    paid, shown = date(2024, 5, 10), date(2024, 5, 16)

    counted = known("date", form, {"paid on": paid})
    stated = known("date", form, {"paid on": paid, "edd": shown})

    assert (counted.value("it"), counted.counted("it")) == (date(2024, 5, 15), None)
    assert (stated.value("it"), stated.counted("it")) == (shown, date(2024, 5, 15))


def test_what_outranks_a_count_need_not_be_asked_for() -> None:
    """Many requests show no day; then it is counted, and only its start is asked."""
    case = known("date", "edd, else paid on plus answer time", {})

    assert list(case.unknown_roots("it")) == ["paid_on"]


def test_a_stated_day_needs_no_limit() -> None:
    """Nobody has to know how many days there were, if the request says the last."""
    form = "edd, else paid on plus answer time"
    case = known("date", form, {"edd": date(2024, 5, 16)}, limits=Limits())

    assert case.value("it") == date(2024, 5, 16)


@pytest.mark.parametrize(
    "text",
    [
        "days from a to b, or the next business day",
        "a is at least b at our desk",
        "days from a to b at our desk",
        ", else a plus b",
        "a, else b, else c plus d",
    ],
)
def test_a_form_takes_no_ending_that_says_nothing(text: str) -> None:
    """Only a sum can end on a free day, and only business days have a calendar."""
    with pytest.raises(ValueError):  # noqa: PT011
        read_derivation(text)


def test_a_sentence_is_filled_with_the_values_of_its_day() -> None:
    """“Within {window}” is said in days, those that hold for the case."""
    limits = limits_of(
        "window | any | 2020-01-01 | 3 days", "later | any | 2024-05-16 | 1 days"
    )
    situation = situation_of(limits)

    assert situation.said("within {window}") == "within 3 days"
    assert situation.said("within {later}") == "within later"
    assert situation.said("a {name} of nothing") == "a {name} of nothing"
    assert situation.said("nothing to fill") == "nothing to fill"
