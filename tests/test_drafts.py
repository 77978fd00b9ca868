"""Drafts: every message can be filled from the case, and picking one loses nothing."""

import re
from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets
import pytest

from kit.content.exercises import exercise_ids, read_exercise
from kit.content.library import Library
from kit.content.reference.messages import language_base
from kit.errors import KitError
from kit.practice.case.drafts import (
    Knowledge,
    choosable_messages,
    draft_of,
    fill_draft,
    open_slots,
)
from kit.practice.case.keys import Key
from kit.practice.case.review import right_messages
from kit.practice.desk.session import Session
from kit.rules.values import key_of
from kit.screens.desk.practice_desk import PracticeDesk

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]

BRITISH = re.compile(
    r"\b(parcels?|postage|neighbours?|colour|garden|cancelled|posted|posting"
    r"|post (it|them|the)|collect it|favour|centre|personalised|cheque)\b",
    re.IGNORECASE,
)
"""Words that a buyer in the United States does not use."""

BY_LAW = {"parcel-back-law", "order-law-refunded", "parcel-vat-paid"} | {
    "cancel-exempt",
    "cancel-back-exempt",
    "cancel-confirmed",
    "return-law-lead",
    "return-arrived-law",
}
"""Messages about the law of the EU and the UK, which no buyer in the US gets."""


@pytest.fixture(scope="module")
def library():
    """The shipped content."""
    return Library(ROOT)


def practice_cases(library):
    """Every written practice case."""
    return [case for name in library.ids for case in library.cases(name)]


def exam_cases(library):
    """Every case of an exam."""
    names = exercise_ids(library)
    return [case for name in names for case in read_exercise(library, name).cases]


def right_answers(case):
    """What its page answers to every question."""
    return {each.question.key: each.right for each in Key(case).verdicts({})}


def drafts_of(case, *, counts):
    """Each message of the page with its draft, all looked up and all decided."""
    knows = Knowledge(case.facts, right_answers(case), counts=counts)
    for each in choosable_messages(case):
        message = case.playbook.message(each.id, case.marketplace.language)
        yield message, draft_of(case, message, knows)


def has_value(case, slot):
    """Whether the case, its page or a limit says what belongs into a slot."""
    key = key_of(slot)
    answer = right_answers(case).get(key, "")
    if answer and answer not in {"none", "not covered"}:
        return True
    known = case.known()
    try:
        if key in known.vocabulary:
            return known.value(key) is not None
        return bool(known.situation.limit(slot))
    except KitError:
        return False


@pytest.mark.parametrize("counts", [True, False], ids=["practice", "exam"])
def test_every_slot_that_the_case_knows_is_filled(library, counts):
    """All messages of the page in all cases: what is open is not in the case at all."""
    cases = practice_cases(library) if counts else exam_cases(library)
    drafts = [
        (case, message, draft)
        for case in cases
        for message, draft in drafts_of(case, counts=counts)
    ]

    left = [
        (case.id, message.id, slot)
        for case, message, draft in drafts
        for slot in open_slots(case.playbook, draft)
        if has_value(case, slot)
    ]

    assert len(drafts) > 100
    assert not left


@pytest.mark.parametrize("counts", [True, False], ids=["practice", "exam"])
def test_the_right_message_has_no_open_slot(library, counts):
    """Who has looked and decided has a whole message to send."""
    cases = practice_cases(library) if counts else exam_cases(library)
    left = []
    for case in cases:
        right = set(right_messages(case))
        left += [
            (case.id, message.id, open_slots(case.playbook, draft))
            for message, draft in drafts_of(case, counts=counts)
            if message.id in right and open_slots(case.playbook, draft)
        ]

    assert not left


def test_an_agent_signs_without_looking_up_the_own_name(library):
    """No panel has to be opened for it, in practice and in an exam."""
    cases = [*practice_cases(library), *exam_cases(library)]

    signed = [
        fill_draft(case, "{agent_name}", "en", Knowledge({}, {}, counts=False))
        for case in cases
    ]

    assert signed == [case.facts["agent_name"] for case in cases]


def test_an_exam_fills_a_day_that_is_asked_with_the_agents_own(library):
    """The draft would tell the right day to who has guessed another one."""
    exercise = read_exercise(library, "snad-return")
    case = exercise.cases[0]
    answers = right_answers(case)
    own = {**answers, "act_by": "2025-06-28"}
    assert answers["act_by"] != own["act_by"]

    def draft(answers, *, counts=False):
        knows = Knowledge(case.facts, answers, counts=counts)
        return fill_draft(case, "{answer_due_on}", "en", knows)

    assert draft(own) == "Saturday 28 June 2025"
    assert draft(answers) == draft({}, counts=True) == "Tuesday 1 July 2025"
    assert draft({"act_by": "2025-06-28"}) == "[answer due on]"


def test_buyers_in_the_us_read_american_words(library):
    """Shipping, not postage: each message has a variant where the words differ."""
    british = {}
    for page in library.playbooks():
        for each in choosable_messages_of(page):
            text = page.message(each, "en-US").text
            words = BRITISH.findall(re.sub(r"\{[^}]*\}", "", text))
            if words and each not in BY_LAW and "withdrawal" not in each:
                british[page.id, each] = words

    assert not british


def choosable_messages_of(page):
    """The ids of the messages of a page that are there in English."""
    return [each.id for each in page.messages if language_base(each.language) == "en"]


def all_of(screen, kind):
    """Every widget of a kind below a screen."""
    found = [screen] if isinstance(screen, kind) else []
    for child in getattr(screen, "children", ()):
        found += all_of(child, kind)
    return found


@pytest.fixture
def desk(library):
    """A desk in practice with the controls of its reply."""
    exercise = read_exercise(library, "inr-request")
    session = Session(exercise.cases[0], lambda _: None, exercise.reply_rules)
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    screen = PracticeDesk(session, place="", clock=lambda: noon).screen
    (text,) = all_of(screen, widgets.Textarea)
    pick = next(
        each
        for each in all_of(screen, widgets.Dropdown)
        if "wismo-trace" in [value for _, value in each.options]
    )
    return session, text, pick, screen


def press(screen, words):
    """Press the button that begins with these words."""
    next(each for each in buttons(screen) if each.description.startswith(words)).click()


def can_undo(screen):
    """Whether there is a text to bring back."""
    return any(each.description.startswith("Undo") for each in buttons(screen))


def hint_of(screen):
    """What is said below the text."""
    pieces = all_of(screen, widgets.HTML)
    return next(e.value for e in pieces if "kit-reply-hint" in e._dom_classes)


def buttons(screen):
    """Every button of a desk."""
    return all_of(screen, widgets.Button)


def test_a_message_replaces_the_text_and_undo_brings_it_back(desk):
    """Words that were wrong do not go out again below a new message."""
    session, text, pick, screen = desk
    assert not can_undo(screen)
    text.value = "I refund you on Venmo."

    pick.value = "wismo-trace"
    picked = text.value
    assert "Venmo" not in picked
    assert can_undo(screen)

    press(screen, "Undo")
    assert text.value == session.answers["reply"] == "I refund you on Venmo."
    press(screen, "Undo")
    assert text.value == session.answers["reply"] == picked


def test_undo_keeps_the_own_words_over_several_messages(desk):
    """Looking through messages does not throw away what somebody wrote."""
    _, text, pick, screen = desk
    text.value = "My own words."

    pick.value = "wismo-trace"
    pick.value = "lost-choice"
    press(screen, "Undo")

    assert text.value == "My own words."


def test_a_message_that_was_changed_can_be_brought_back(desk):
    """Also words that were added to a message are own words."""
    _, text, pick, screen = desk
    pick.value = "wismo-trace"
    assert not can_undo(screen)
    text.value = changed = f"{text.value}\nWith best wishes for the birthday."

    pick.value = "lost-choice"
    press(screen, "Undo")

    assert text.value == changed


def test_what_the_case_does_not_have_is_named(desk):
    """Nobody is sent to look for a day that is on no panel."""
    session, _, pick, screen = desk
    pick.value = "parcel-to-collect"
    assert "Look it up or decide it" in hint_of(screen)

    for panel in session.panels:
        session.look(panel.name)
    for key, answer in right_answers(session.case).items():
        session.answer(key, answer)
    assert "Look it up or decide it" in hint_of(screen)
    press(screen, "Fill in")

    reply, playbook = session.answers["reply"], session.case.playbook
    assert open_slots(playbook, reply) == ("collect_until",)
    assert "[collect until]" in reply
    assert "This case does not have: collect until." in hint_of(screen)


def test_after_the_text_is_emptied_the_same_message_can_be_taken_again(desk):
    """A list from which the same line is chosen again tells nobody."""
    _, text, pick, _ = desk
    pick.value = "wismo-trace"
    message = text.value

    text.value = ""
    assert pick.value == ""

    pick.value = "wismo-trace"
    assert text.value == message


def test_what_is_told_too_late_stands_in_the_new_form(desk):
    """A form may be made anew between the words and their saving."""
    session, text, _, screen = desk

    session.restart()  # As another tab would: this desk follows.
    text.value = "Words for the form before."

    (shown,) = all_of(screen, widgets.Textarea)
    assert shown is not text
    assert shown.value == session.answers["reply"] == "Words for the form before."


def test_a_message_taken_at_once_after_the_text_is_emptied_stays(desk):
    """Of two things that are told at once, the older one may be heard last."""
    session, text, pick, _ = desk
    text.value = "My own words."
    with text.hold_trait_notifications():
        text.value = ""
        pick.value = "wismo-trace"

    assert session.answers["reply"] == text.value != ""
