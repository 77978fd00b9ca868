"""Replies: checked by the rules of a page against the decision of the case."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import LENDING as OTHER_TRADE
from shipped import LIBRARY

from benchmarks.letters import GOALS, shares_of
from benchmarks.replies import (
    HALVES,
    LETTER_RULES,
    PRECISION,
    RECALL,
    checked_replies,
    marked_replies,
    rules_that_say,
    table_of_rules,
    tally_of,
)
from benchmarks.sentences import GOALS as PLAIN
from benchmarks.sentences import sentence_shares
from kit.content.letters.reply_rules import FACTS_TOLD, OF_BUYER, TOLD_DAYS
from kit.content.reference.messages import language_base
from kit.errors import MissingFact
from kit.practice.case.review import right_messages
from kit.practice.generate.generator import generate_cases
from kit.practice.letters.letter_check import (
    ADVICE,
    WRONG,
    check_reply,
    reply_context_of,
)
from kit.practice.wording import fill_message
from kit.rules.outcomes import DayRule
from kit.rules.values import Money, Sort

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
RULES = LIBRARY.reply_rules
CASES = {case.id: case for page in LIBRARY.ids for case in LIBRARY.cases(page)}
MESSAGES = [
    (page, message) for page in LIBRARY.playbooks() for message in page.messages
]

FLOORS = {"tuned": (0.97, 0.97), "held-out": (PRECISION, RECALL)}
"""The lowest precision and recall of each half; the measured ones are higher."""

GOOD = (
    "Hello Yolanda, your curtains are late and I am sorry. They should be with you on"
    " August 19. Will you wait, or do you want a refund of $64.31 through eBay? Tell"
    " me by Monday, August 19. Hao"
)
SENDING = [
    key
    for key, word in LIBRARY.reference.answers.items()
    if word.kind.sort is Sort.MESSAGE
]


def check(text, case="curtains-one-day-late", **changes):
    """Check a reply to a practice case."""
    context = replace(reply_context_of(CASES[case]), **changes)
    return check_reply(text, context, RULES)


def broken(text, case="curtains-one-day-late"):
    """The rules that a reply breaks."""
    return {finding.rule for finding in check(text, case)}


CASES_A_MESSAGE = 2
MADE_OF_A_PAGE = 60
"""How many practice cases each message is tried in."""


def sent_by(page, message):
    """What the rows that send a message answer beside it."""
    for table in page.tables:
        keys = [column.key for column in table.answers]
        for row in table.rows:
            answers = dict(zip(keys, (o.value for o in row.outcomes), strict=True))
            if any(answers.get(key) == message.id for key in SENDING):
                yield {
                    key: value
                    for key, value in answers.items()
                    if isinstance(value, str)
                    and (key not in SENDING or value == message.id)
                }


PROMISED = {"named_day"}
"""Days that a message promises: they are to come."""


def complete(case, message):
    """The same case with every fact that the message has a slot for."""
    samples = {
        Sort.DATE: case.on - timedelta(days=4),
        Sort.MONEY: Money(1234, case.marketplace.currency),
        Sort.TEXT: "Ort",
    }
    facts, known = dict(case.facts), case.known()
    for slot in message.slots:
        if slot not in known.vocabulary or slot in LIBRARY.reference.answers:
            continue
        for key in known.unknown_roots(slot):
            kind = known.vocabulary[key].kind
            facts[key] = kind.words[0] if kind.words else samples.get(kind.sort, 30)
            if key in PROMISED:
                facts[key] = case.on + timedelta(days=4)
    return replace(case, facts=facts)


OF_THE_FACTS = {FACTS_TOLD, TOLD_DAYS, OF_BUYER}
"""What is wrong with a letter whose case is put together from several."""


def occasions_of(page, message):
    """Practice cases of its page with each decision that sends the message.

    What varies is the message; each page's cases take turns, so that all are used.
    """
    days = {
        column.key
        for table in page.tables
        for column in table.answers
        if column.kind.sort is Sort.DAY
    }
    cases = LIBRARY.cases(page.id)
    turn = page.messages.index(message)
    chosen = [cases[(turn + step) % len(cases)] for step in range(CASES_A_MESSAGE)]
    for answers in sent_by(page, message):
        for case in chosen:
            full = complete(case, message)
            decided = answers | {key: case.on + timedelta(days=2) for key in days}
            yield full, decided


@pytest.mark.parametrize(
    ("page", "message"),
    MESSAGES,
    ids=[f"{page.id}-{each.id}-{each.language}" for page, each in MESSAGES],
)
def test_every_message_of_the_playbooks_passes(page, message):
    """Who sends the playbook's own words is never told to be wrong."""
    checked = 0
    for case, answers in occasions_of(page, message):
        text = fill_message(case, message, answers)
        context = reply_context_of(case, answers=answers, language=message.language)
        findings = check_reply(text, context, RULES)
        assert [
            each
            for each in findings
            if each.severity == WRONG and each.looks_at not in OF_THE_FACTS
        ] == [], case.id
        checked += 1
    assert checked


def right_letters_of(case):
    """The messages that the page decides, in the buyer's language, with their slots."""
    ids = right_messages(case)
    answers = {
        key: value for each in case.decide() for key, value in each.answers.items()
    }
    for message in case.playbook.messages:
        is_own = language_base(message.language) == language_base(
            case.marketplace.language
        )
        if message.id in ids and is_own:
            with suppress(MissingFact):  # the agent answers a question in one line
                yield fill_message(case, message, answers)


@pytest.mark.parametrize("page", LIBRARY.ids)
def test_the_message_of_a_case_tells_its_facts_as_they_are(page):
    """Written and made cases: the message that the page decides is never wrong."""
    stories = LIBRARY.stories(page)
    made = [*generate_cases(stories, 11, count=MADE_OF_A_PAGE)] if stories else []
    told = 0
    for case in (*LIBRARY.cases(page), *made):
        for text in right_letters_of(case):
            findings = check_reply(text, reply_context_of(case), RULES)
            told += 1
            assert [each for each in findings if each.looks_at in OF_THE_FACTS] == [], (
                case.id
            )
    assert told


def test_every_action_that_writes_to_a_buyer_has_a_row():
    """An action that the page forgets would let any reply pass."""
    writing = {
        answers["action"]
        for page, message in MESSAGES
        for answers in sent_by(page, message)
        if "action" in answers and not isinstance(answers["action"], DayRule)
    }

    assert writing - RULES.actions.keys() <= {"call-lead", "thank-and-leave-open"}


@pytest.mark.parametrize("half", HALVES)
def test_replies_are_checked_as_well_as_we_say(half):
    """A checker that cries wolf is switched off; one that sleeps is no use."""
    tally = tally_of(half)
    precision, recall = FLOORS[half]

    assert tally.precision >= precision, table_of_rules()
    assert tally.recall >= recall, table_of_rules()


def test_what_marks_an_agent_is_surer_than_advice():
    """Where words alone cannot know, the rule may only advise."""
    marking = tally_of("held-out", rules_that_say(WRONG))
    advising = tally_of("held-out", rules_that_say(ADVICE))

    assert marking.precision >= 0.93
    assert marking.precision > advising.precision


LETTER_FLOORS = {
    "tuned": {
        "good without wrong": 0.975,
        "good praised": 0.92,
        "contradicting caught": 0.91,
        "hollow caught": 0.94,
        "rule-breaking caught": 0.97,
        "bad not praised": 0.97,
    },
    "held-out": {
        "good without wrong": 0.95,
        "good praised": 0.84,
        "contradicting caught": 0.86,
        "hollow caught": 0.97,
        "rule-breaking caught": 0.97,
        "bad not praised": 0.97,
    },
    "unread": {
        "good without wrong": 0.93,
        "good praised": 0.85,
        "contradicting caught": 0.82,
        "hollow caught": 0.78,
        "rule-breaking caught": 0.92,
        "bad not praised": 0.88,
    },
}
"""The smallest shares of each set; the measured ones are a little higher."""

ONE_OF = {"tuned": 3, "held-out": 1, "unread": 1}
"""Every third tuned letter is judged here; the benchmark judges them all."""


@pytest.mark.parametrize("name", LETTER_FLOORS)
def test_letters_written_blind_are_judged_as_well_as_we_say(name):
    """Good ones pass, and what contradicts, says nothing or breaks a rule is told."""
    shares, floors = shares_of(name, ONE_OF[name]), LETTER_FLOORS[name]

    assert {goal: shares[goal] for goal in GOALS if shares[goal] < floors[goal]} == {}


def test_the_test_set_is_large_and_covers_every_rule():
    """A number from twenty replies of one kind would say nothing."""
    replies = marked_replies()
    told = {rule for each in replies for rule in each.breaks}
    of_replies = {
        rule.id for rule in RULES.rules if not rule.looks_at.startswith("note")
    }
    of_replies -= {*LETTER_RULES, "personal-data"}  # Measured by the letters.

    assert sum(each.language == "en" for each in replies) >= 80
    assert sum(each.language == "de" for each in replies) >= 60
    assert sum(each.half == "held-out" for each in replies) >= 80
    assert sum(not each.breaks for each in replies) >= 60
    assert told == of_replies
    assert len({each.text for each in replies}) == len(replies)
    assert len(checked_replies()) == len(replies)


def test_a_good_reply_has_no_finding():
    """Otherwise nobody believes the findings of the others."""
    assert check(GOOD) == ()


def test_a_finding_marks_exactly_the_words_that_it_means():
    """An agent sees at a glance what to change."""
    text = GOOD.replace("Hao", "Write to me on WhatsApp.")

    (finding,) = check(text)

    assert finding.words == "WhatsApp"
    assert text[finding.start : finding.end] == "WhatsApp"
    assert finding.sources == ("B-OFF-2", "B-OFF-3")
    assert "messages of the marketplace" in finding.reason


def test_what_is_missing_has_no_words_to_mark():
    """The whole text is meant, and the reason says what to add."""
    text = GOOD.replace(" of $64.31", "")

    (finding,) = check(text)

    assert (finding.rule, finding.start, finding.end) == ("amount-missing", 0, 0)
    assert finding.words == ""
    assert "$64.31" in finding.reason


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        pytest.param("$64.31", "$63.41", "amount", id="two digits changed"),
        pytest.param("$64.31", "£64.31", "amount", id="another currency"),
        pytest.param("Monday, August 19", "August 20", "day", id="a day later"),
        pytest.param("Monday, August", "Tuesday, August", "day", id="a wrong weekday"),
        pytest.param("Hao", "{agent_name}", "open-slot", id="an open slot"),
        pytest.param("I am sorry", "I am sorry, sorry", "many-apologies", id="twice"),
        pytest.param("Hao", "We will look into it.", "promise-without-day", id="vague"),
        pytest.param("Hao", "See www.track.info", "link", id="a link"),
        pytest.param(
            "Hao", "See www.usps-track.com", "link", id="not the carrier's page"
        ),
        pytest.param(
            "Hao", "Order 14-22871-90471.", "number", id="digits turned round"
        ),
        pytest.param("Hao", "Order 14-22871-9041.", "number", id="a digit missing"),
        pytest.param("Hao", "Order 14-22871-904177", "number", id="a digit too many"),
        pytest.param("Hao", "See YT2407311123US.", "number", id="another parcel"),
        pytest.param("Hao", "Ring +1 212 555 0147.", "contact-data", id="a telephone"),
        pytest.param("Hao", "Ring 0147-22871-9041", "contact-data", id="with dashes"),
        pytest.param("Hao", "lin@kit.example.com", "contact-data", id="an address"),
    ],
)
def test_one_slip_is_found_and_nothing_else(before, after, rule):
    """Each rule tells its own slip from all the others."""
    assert before in GOOD
    assert broken(GOOD.replace(before, after)) == {rule}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Monday, August 19", "Friday", id="sooner is in time"),
        pytest.param("$64.31", "USD 64.31", id="another spelling"),
        pytest.param("Hao", "We will write on August 19.", id="a promise with a day"),
        pytest.param("Hao", "Order 14-22871-90417.", id="the order id"),
        pytest.param("Hao", "Guests come on the 24th, I know.", id="the buyer's day"),
        pytest.param("Hao", "See www.ebay.com/mye for it.", id="the marketplace"),
        pytest.param(
            "Hao",
            "See https://tools.usps.com/go/TrackConfirmAction?tLabels=1.",
            id="the carrier's tracking page",
        ),
        pytest.param("Hao", "See www.17track.net for it.", id="a tracking page"),
        pytest.param("Hao", "Thanks for your feedback on it.", id="plain feedback"),
    ],
)
def test_what_only_looks_like_a_slip_is_none(before, after):
    """An agent who did nothing wrong is left in peace."""
    assert broken(GOOD.replace(before, after)) == set()


def test_a_day_later_than_the_deadline_is_the_first_that_is_wrong():
    """The last day in time is right; the first one after it is not."""
    right = GOOD.replace("Tell me by Monday, August 19", "Tell me by August 19")

    assert broken(right) == set()
    assert broken(right.replace("by August 19", "by August 20")) == {"day"}


def test_the_wrong_language_is_one_finding_and_not_ten():
    """A reply in English to a German buyer is judged by its own words."""
    text = (
        "Dear Frau Wilken, we are sorry that the parcel never moved. We send the"
        " cardigan again with tracking by Friday, 10 May. Jonas"
    )

    (finding,) = check(text, "nie-gescannt")

    assert finding.rule == "language"
    assert "German" in finding.reason


def test_a_language_without_words_is_not_judged_by_them():
    """Of a text that we cannot read we say only that."""
    assert broken("你好，很抱歉，我们今天就给您退款。请放心。") == {"language"}


def test_a_question_is_found_in_the_translation_of_a_message_too():
    """An agent who reads the English line answers what the buyer asked in German."""
    german = CASES["der-drucker-blinkt"].message
    text = "Guten Tag Frau Thielen, danke für die Nachricht und das Video. Jonas"
    translation = german.split("(In English")[1]

    only_german = german.split("(In English")[0]
    assert "unanswered" in {
        each.rule for each in check(text, "der-drucker-blinkt", message=only_german)
    }
    assert "unanswered" in {
        each.rule for each in check(text, "der-drucker-blinkt", message=translation)
    }


def test_a_case_without_an_action_asks_for_no_decision():
    """Where the rules know nothing, nothing is guessed."""
    rules = {
        each.rule for each in check("Hello, thank you for your message.", action="")
    }

    assert rules.isdisjoint({"decision", "amount-missing", "day-missing"})


def test_findings_come_from_the_left_and_always_the_same():
    """A page that is drawn again looks the same."""
    text = "Calm down. Call +1 305 555 0142 or see www.shop.com, it is your fault."

    first = check(text)

    assert [each.start for each in first] == sorted(each.start for each in first)
    assert check(text) == first


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "…",
        "{",
        "\u202e",
        "\x00",
        "😀" * 50,
        "I" * 4000,
        "we will " * 500,
    ],
    ids=range(10),
)
def test_whatever_is_pasted_is_checked_in_time(text):
    """No text of an agent ends in a traceback or in waiting."""
    start = time.process_time()
    check(text)
    assert time.process_time() - start < 2


def test_all_findings_name_sources_that_are_declared():
    """From a mark one can walk back to where its rule comes from."""
    for rule in RULES.rules:
        assert set(rule.sources) <= LIBRARY.reference.sources.keys()
        assert rule.sources


def test_a_folder_without_the_page_has_no_rules():
    """Another trade may do without."""
    assert OTHER_TRADE.reply_rules is None


def test_a_decision_can_be_given_where_the_playbook_has_not_been_asked():
    """A reply is checked against what an agent decided, if one wants to know."""
    case = CASES["curtains-one-day-late"]
    answers = {"action": "refund-in-request", "act_by": date(2024, 8, 20)}
    text = "Hello Yolanda, sorry. We refund $64.31 through eBay by August 20. Hao"

    findings = check_reply(text, reply_context_of(case, answers=answers), RULES)

    assert {each.rule for each in findings} <= {"unanswered"}


FRAGMENTS = (
    "Frıday", "5 Julı 2024", "APRİL", "Dıenstag", "$٣.50", "０ 5 July", "32. Mai",
    "29 February 2023", "5 July 0000", "31/31/9999", "€1,00", "{act_by}", "ſ", "\u212a",
    "Montag, den 99.", "the 31st", "2024-02-30", "9999-12-31", "1.1.", "+1 555 0100",
)  # fmt: skip


@given(
    text=st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=40), max_size=12).map(
        " ".join
    )
)
@settings(max_examples=120, deadline=None)
def test_any_text_at_all_can_be_checked(text):
    """One strange letter must not cost an agent the mark of a whole attempt."""
    rules = LIBRARY.reply_rules
    case = LIBRARY.cases("inr-request")[0]

    findings = check_reply(text, reply_context_of(case), rules)

    assert all(0 <= each.start <= each.end <= len(text) for each in findings)


def test_a_letter_in_another_language_is_told_that_and_what_is_wrong():
    """Tips and "no answer" would only hide what has to be done first."""
    case = CASES["the-fourth-business-day"]
    for text in (
        "Sehr geehrte Frau Pemberton, es tut uns leid. Viele Grüße, Lin",
        "尊敬的Pemberton女士,我们今天退款71.95英镑。对不起。 Lin",
    ):
        assert [
            each.rule for each in check_reply(text, reply_context_of(case), RULES)
        ] == ["language"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("WE REFUND YOU £71.95 TODAY, MRS PEMBERTON. WE ARE SORRY. LIN", "capitals"),
        (
            "Dear Mrs Pemberton, this is Jess Hall from the eBay Resolution Team. "
            "£71.95 is refunded to you today. Kind regards",
            "impersonation",
        ),
        (
            "Dear Mrs Pemberton, we refund you £71.95 by 28 August. I am sorry. Lin",
            "day",
        ),
        (
            "Dear Mrs Pemberton, £71.95 is refunded today in your request. For the "
            "rest there is nothing that we can do for you. Lin",
            "claim",
        ),
    ],
    ids=["in capitals", "as eBay", "a promise by a day gone by", "nothing can be done"],
)
def test_no_good_agent_writes_so(text, rule):
    """What stands beside a right sentence counts as well."""
    context = reply_context_of(CASES["the-fourth-business-day"])

    found = {each.rule for each in check_reply(text, context, RULES)}

    assert rule in found


def test_a_letter_without_any_statement_is_not_praised():
    """It names a day of the case, and tells the buyer nothing new."""
    text = (
        "Hi Siobhan, so it says delivered on Wednesday, and you were at home all day "
        "with the dog and nobody rang. You've looked on the step and in the porch. I "
        "can imagine how that is. Thank you for telling us. Lin"
    )
    context = reply_context_of(CASES["over-the-garden-wall"])

    assert "hollow" in {each.rule for each in check_reply(text, context, RULES)}


SENTENCE_FLOORS = dict(zip(PLAIN, (0.78, 0.99), strict=True))
"""The smallest share of the tuned sentences; the measured ones are a little higher."""


@pytest.mark.parametrize(("name", "every"), [("tuned", 2)])
def test_a_plain_sentence_that_contradicts_a_right_letter_is_found(name, every):
    """One wrong sentence makes a letter wrong, and one right sentence does not."""
    shares = sentence_shares(name, every)

    assert {
        goal: shares[goal] for goal in PLAIN if shares[goal] < SENTENCE_FLOORS[goal]
    } == {}
