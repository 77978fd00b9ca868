"""A buyer reacts to what was written, and brings news when rightly asked."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.content.playbook.talk import Move
from kit.practice.case.drafts import Knowledge, draft_of
from kit.practice.case.keys import judge
from kit.practice.case.review import right_messages
from kit.practice.case.sheets import Sheet
from kit.practice.desk.buyer_talk import buyer_words
from kit.practice.desk.rounds import case_history
from kit.screens.desk.talk_cards import conversation
from kit.screens.markup import plain
from tests.sessions import give, session_at

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
RULES = LIBRARY.reply_rules
REFERENCE = LIBRARY.reference
TALKS = [page for page in LIBRARY.playbooks() if page.talk]
CASES = [
    pytest.param(case, id=f"{page.id} {case.id}")
    for page in TALKS
    for case in LIBRARY.cases(page.id)
]
INSULT = "Stop bothering us, you idiot. Call me at 0171 555 2233."
DELAY = re.compile(
    r"\b(?:late|later|took|sooner|earlier|at last|long enough|any longer|too long|"
    r"too slow|silence|forgotten me|in time|at once)\b"
)


def case_of(page, name):
    """A practice case of the shipped content."""
    return next(each for each in LIBRARY.cases(page) if each.id == name)


@pytest.fixture
def bag():
    """Siobhan's school bag: delivered, and not found."""
    return case_of("inr-request", "over-the-garden-wall")


@pytest.fixture
def cardigan():
    """Frau Wilken's cardigan, which was never scanned; she writes German."""
    return case_of("inr-request", "nie-gescannt")


def right(case):
    """What the page answers to every question."""
    return {each.question.key: each.right for each in judge(case, {})}


def letter(case):
    """The message of the page, filled in; ``none`` where it sends nothing."""
    ids = right_messages(case)
    if not ids:
        return "none"
    message = case.playbook.message(ids[0], case.marketplace.language)
    return draft_of(case, message, Knowledge(dict(case.facts), right(case)))


def decided(case, reply, **changes):
    """The session of somebody who decides a case and writes a reply."""
    answers = {**right(case), "sure": "sure", "reply": reply, **changes}
    session = session_at(case, rules=RULES, answers=answers)
    session.decide()
    return session


def heard(session):
    """What the buyer answered last."""
    return buyer_words(session.case, session.talk_progress.rounds[-1].line)


def said_to(finding, mood="any", language="en"):
    """The words of the reaction to a finding."""
    return next(
        each.words[language]
        for each in REFERENCE.reactions
        if finding in each.findings and each.mood == mood
    )


@pytest.mark.parametrize(
    ("reply", "finding"),
    [
        pytest.param("none", "none-sent", id="no letter at all"),
        pytest.param("{letter}\n" + INSULT, "rude", id="an insult"),
        pytest.param(
            "{letter}\nIt is your own fault.", "blame", id="somebody is to blame"
        ),
        pytest.param(
            "{letter}\nOr write to lin@example.com.", "contact-data", id="an address"
        ),
        pytest.param(
            "{letter}\nWe refund GBP 28.98 today.", "claim", id="another decision"
        ),
        pytest.param(
            "Delivered on Wednesday 21 August 2024 in Swansea. Neighbours, door, "
            "garden, post office. Wednesday 28 August 2024. banana banana banana.",
            "hollow",
            id="a list of words",
        ),
        pytest.param("{letter}\nWe write by [day].", "open-slot", id="a gap"),
    ],
)
def test_the_buyer_answers_what_is_wrong_with_the_letter(bag, reply, finding):
    """Right and badly written: the buyer says what was bad, and not the page."""
    session = decided(bag, reply.replace("{letter}", letter(bag)))

    assert session.talk_progress.rounds[0].move is Move.POOR_REPLY
    assert heard(session) == said_to(finding)


def test_where_a_reaction_leads_is_left_to_the_page(bag):
    """What is proved of a talk stays proved: only the words are others."""
    session = decided(bag, INSULT)
    line = session.talk_progress.rounds[0].line
    own = bag.playbook.talk.lines[1]

    assert "poor-reply" in own.moves
    assert (line.after, line.next, line.line) == (own.after, own.next, own.line)


def test_an_insult_is_felt_whatever_was_decided(bag):
    """Nobody talks about tracking with somebody who insults them."""
    session = decided(bag, INSULT, action="send-tracking")

    assert session.talk_progress.rounds[0].move is Move.WRONG
    assert heard(session) == said_to("rude")


def test_after_a_wrong_decision_the_page_answers_what_was_decided(bag):
    """A letter that agrees with the wrong action contradicts only the right one."""
    session = decided(bag, "We refund GBP 28.98 today.", action="send-tracking")
    found = {each.rule for each in session.reviews()[0].findings}

    assert "claim" in found
    assert heard(session).startswith("The tracking page I can read myself")


def test_an_action_that_ends_the_talk_is_answered_itself(bag):
    """The money is there, with a letter or without one."""
    session = decided(bag, "none", action="refund-order")

    assert session.talk_progress.end.id == "paid-for-nothing"
    assert heard(session).startswith("The money is back already")


def test_a_mood_may_have_words_of_its_own(bag):
    """Who is angry answers an insult otherwise than who is not."""
    angry = decided(replace(bag, mood="angry"), INSULT)

    assert heard(angry) == said_to("rude", "angry") != said_to("rude")


def test_a_question_left_open_is_asked_again():
    """It is advice, so the end stays good; the buyer still wants to know."""
    case = replace(
        case_of("return-completion", "the-kite-that-should-be-here"),
        message="It does not start. Is it broken, or am I doing something wrong?",
    )
    session = decided(case, letter(case))
    found = {each.rule for each in session.reviews()[0].findings}

    assert "unanswered" in found
    assert session.talk_progress.rounds[0].move is Move.RIGHT
    assert heard(session) == said_to("unanswered")
    assert session.talk_progress.end.is_good


def test_who_rightly_gets_no_letter_does_not_thank_for_one():
    """Another page decides, so this one sends nothing."""
    case = case_of("wrong-size-remorse", "dress-with-the-wrong-chart")
    session = decided(case, "none")

    assert right_messages(case) == ()
    assert session.talk_progress.rounds[0].move is Move.RIGHT
    assert heard(session) == said_to("none-needed")
    assert session.talk_progress.end.id == "waiting"


def test_a_poor_note_is_not_sent_and_a_good_one_leaves_the_buyer_waiting():
    """No buyer reads it, and no case ends badly over one thing that is missing."""
    case = case_of("wrong-size-remorse", "lampshade-too-wide")
    session = decided(case, "Please look at this one, it is difficult.")
    found = {each.rule for each in session.reviews()[0].findings}

    assert "note-order" in found
    assert session.history.is_held_back
    session = decided(
        case,
        f"Order {case.facts['order_id']}: the buyer wants to return the lampshade, "
        "wrong size. I propose: accept the return. Answer by 25 November.",
    )
    assert session.reviews()[0].findings == ()
    assert session.talk_progress.end.is_good


def test_the_buyer_chooses_only_what_the_letter_has_offered():
    """Nobody picks a replacement that the letter does not name."""
    case = case_of("snad-return", "vase-in-eleven-pieces")
    new = "We send you a new one, or "
    back = "you send it back with our free label and we refund £53.50, or "
    keep = "you keep it and get £14.00 back."

    def chosen(text):
        sessions = (decided(replace(case, id=f"vase-{n}"), text) for n in range(30))
        words = {heard(each) for each in sessions}
        return {
            each.claim for each in REFERENCE.follow_ups if each.words["en"] in words
        }

    greeting = "Hello Eleanor, I am sorry. "
    assert chosen(f"{greeting}{new}{back}{keep}") == {
        "send-new",
        "send-back",
        "keep-it",
    }
    assert chosen(f"{greeting}{(back + keep).capitalize()}") == {"send-back", "keep-it"}
    assert chosen(f"{greeting}{keep.capitalize()}") == {"keep-it"}


def test_a_german_buyer_answers_in_german_with_english_below(cardigan):
    """Written in English: she says in German that she cannot read it."""
    session = decided(
        cardigan,
        "Hello, we send the cardigan again today and give you the number of the new "
        "parcel. Kind regards, Jonas",
    )

    assert heard(session).splitlines() == [
        said_to("language", language="de"),
        f"(In English: {said_to('language')})",
    ]
    shown = plain(conversation(session))
    assert f"{said_to('language', language='de')}\n(In English: " in shown


def test_the_line_of_a_page_is_german_too(cardigan):
    """She never changes her language between two messages."""
    own, english = heard(decided(cardigan, letter(cardigan))).splitlines()

    assert own.startswith("Mehr brauchte ich nicht")
    assert cardigan.facts["agent_name"] in own
    assert english.startswith("(In English: That is all I needed")


@pytest.mark.parametrize("case", CASES)
def test_every_buyer_answers_in_the_language_of_the_marketplace(case):
    """In every mood, to every move, in every case that ships."""
    is_german = case.marketplace.language.startswith("de")
    for line in case.playbook.talk.lines:
        words = buyer_words(case, line)

        assert ("\n(In English: " in words) is is_german
        assert not re.search(r"[{}]", words)


def test_who_was_rightly_asked_brings_news(bag):
    """Siobhan does not say that it is settled: she has looked, and tells us."""
    words = [
        each.words["en"]
        for each in REFERENCE.follow_ups
        if "check-the-door" in each.actions
    ]
    session = decided(bag, letter(bag))

    assert heard(session) in words
    assert session.talk_progress.end.is_good


def test_the_same_case_always_goes_on_the_same_way_and_others_otherwise(bag):
    """Chance comes from the case; over many cases every news is met."""
    news = {
        each.words["en"]
        for each in REFERENCE.follow_ups
        if "check-the-door" in each.actions
    }
    cases = [replace(bag, id=f"bag-{number}") for number in range(12)]

    once = [heard(decided(each, letter(bag))) for each in cases]
    again = [heard(decided(each, letter(bag))) for each in cases]

    assert once == again
    assert {*once} == news


def test_news_may_end_otherwise_than_the_page_says(bag):
    """Not found is not settled: no buyer praises us in public for it."""
    ends = {
        (heard(session), session.talk_progress.end.id)
        for number in range(12)
        if (session := decided(replace(bag, id=f"bag-{number}"), letter(bag)))
    }

    assert {end for words, end in ends if "Nothing." in words} == {"content"}
    assert {end for words, end in ends if "next door all" in words} == {"solved"}


@pytest.mark.parametrize(
    "action",
    [
        "check-the-door",
        "ask-for-photos",
        "ask-for-count",
        "explain-dispatched",
        *sorted(each for each in REFERENCE.actions if each.startswith("offer-")),
    ],
)
def test_every_question_to_a_buyer_can_go_on_in_two_ways(action):
    """An agent who always gets the same news learns to expect it."""
    fitting = [each for each in REFERENCE.follow_ups if action in each.actions]

    assert len({each.words["en"] for each in fitting}) >= 2


@pytest.mark.parametrize("case", CASES)
def test_nobody_speaks_of_a_delay_after_a_decision_in_time(case):
    """Decided on the day it came: whatever else was wrong, it was not late."""
    action = next(each.right for each in judge(case, {}) if each.is_action)
    for mood in case.playbook.talk.states:
        for reply in (letter(case), "none", INSULT):
            session = decided(replace(case, mood=mood), reply)
            if session.history.is_held_back:
                assert session.reviews()[0].is_note
                continue
            words = heard(session)
            english = words.rsplit("(In English: ", 1)[-1]

            assert not DELAY.search(english), (action, mood, english)


def test_a_delay_is_named_by_what_answers_a_late_decision_alone():
    """A mood does not tell how it was reached, so its other lines keep quiet."""
    for page in TALKS:
        for line in page.talk.lines:
            is_late = set(line.moves) == {"late"}
            assert is_late or not DELAY.search(line.says.lower()), line.says
    shared = (*REFERENCE.reactions, *REFERENCE.follow_ups)
    assert not [each for each in shared if DELAY.search(each.words["en"].lower())]


def test_a_late_decision_is_answered_as_late(bag):
    """The line is still there for whoever let the day go by."""
    late = bag.on + timedelta(days=6)
    session = session_at(bag, rules=RULES, day=late)
    give(session, {**right(session.today), "sure": "sure"})
    session.answer("reply", letter(session.today))
    session.decide()

    assert session.talk_progress.rounds[0].move is Move.LATE
    assert heard(session).startswith("So there is somebody after all!")


def test_without_rules_of_replies_the_page_answers(bag):
    """A folder that checks no letters has nothing to react to."""
    history = case_history(bag, [Sheet({**right(bag), "reply": "none"})], None)

    assert history.talk_progress.rounds[0].move is Move.RIGHT
    assert history.reviews[0].findings == ()


def test_every_reaction_is_to_a_rule_that_a_letter_can_break():
    """A row for a rule that is gone would never be said."""
    known = {each.id for each in RULES.rules} | {"none-sent", "none-needed"}
    wrong = {each.id for each in RULES.rules if each.severity == "wrong"}
    wrong = {each for each in wrong if not each.startswith("note-")}  # Never sent.
    named = {name for each in REFERENCE.reactions for name in each.findings}

    assert named <= known
    assert wrong <= named
