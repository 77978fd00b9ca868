"""Feedback in two steps: first hints, then the answers; and a day that stands still."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ipywidgets as widgets
import pytest
from shipped import LIBRARY

from kit.catalogue import say
from kit.content.reference.question_kinds import same_answer
from kit.practice.case.deeds import Decide, Restart, ShowAnswers
from kit.practice.case.drafts import NAMED, written_out
from kit.practice.case.keys import judge
from kit.practice.case.questions import questions_of
from kit.practice.case.review import right_messages
from kit.practice.case.sheets import REPLY, SURE, Sheet
from kit.practice.desk.counting import CountedPeriod, DayCount, mistakes_in
from kit.practice.desk.hints import Hints
from kit.practice.desk.session import Session
from kit.practice.desk.steps import rests_on, roots
from kit.practice.wording import day_words
from kit.screens.desk.hint_view import hint_cards
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.verdict_view import answers_in_words, verdict_cards
from kit.screens.forms import outline
from kit.screens.markup import plain
from tests.sessions import give, session_at

ROOT = Path(__file__).parents[1]
CASES = [
    pytest.param(case, id=f"{page} {case.id}")
    for page in LIBRARY.ids
    for case in LIBRARY.cases(page)
]
DAY_LATER = timedelta(days=1)


def case_of(page, name):
    """A practice case of the shipped content."""
    return next(each for each in LIBRARY.cases(page) if each.id == name)


@pytest.fixture
def bag():
    """Siobhan's school bag: delivered, and not found."""
    return case_of("inr-request", "over-the-garden-wall")


def noon():
    """A clock that stands still."""
    return datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)


def right(case):
    """What the page answers to every question."""
    return {each.question.key: each.right for each in judge(case, {})}


def other(question, answer):
    """A choice that is not the answer; for a day one that is years too late."""
    if question.is_day:
        return "2031-05-05"
    return next(c.value for c in question.choices if not same_answer(c.value, answer))


def all_wrong(case):
    """A wrong answer to every question."""
    answers = right(case)
    return {each.key: other(each, answers[each.key]) for each in questions_of(case)}


def with_wrong_action(case):
    """All right but for the action."""
    action = next(each.question for each in judge(case, {}) if each.is_action)
    answers = right(case)
    return {**answers, action.key: other(action, answers[action.key])}


def begun(case, answers, **more):
    """A session whose answers were checked once."""
    session = session_at(case, answers=dict(answers), **more)
    session.decide()
    return session


def hint_for(case, key, given, *, looked=(), answers=None):
    """The hint for one answer, all others being right unless they are given."""
    sheet = {**right(case), **(answers or {}), key: given, "looked": ", ".join(looked)}
    verdicts = judge(case, sheet)
    verdict = next(each for each in verdicts if each.question.key == key)
    return Hints(case, verdicts, Sheet.read(sheet)).of(verdict)


def places_of(case):
    """Every panel of a case."""
    return [each.name for each in Session(case, lambda _: None).panels]


def all_of(screen, kind):
    """Every widget of a kind below a screen."""
    found = [screen] if isinstance(screen, kind) else []
    for child in getattr(screen, "children", ()):
        found += all_of(child, kind)
    return found


def press(screen, words):
    """Press the button with these words."""
    buttons = all_of(screen, widgets.Button)
    next(each for each in buttons if each.description == words).click()


def words_that_tell(verdict):
    """What nobody may read in a hint: the right answer, in words and as it is kept."""
    words, _ = answers_in_words(verdict)
    return {words, verdict.right} - {"yes", "no", "none", "None", "Yes", "No"}


@pytest.mark.parametrize("case", CASES)
def test_a_hint_never_tells_the_answer(case):
    """The second step would be copying, and nothing would be learned."""
    session = begun(case, all_wrong(case), looked=places_of(case))
    shown = plain(hint_cards(session))

    assert session.gives_hints
    for verdict in session.reviews()[-1].verdicts:
        assert f"Right is “{verdict.right_words}”" not in shown
        assert verdict.explanation.because not in shown
    hints = Hints(case, session.reviews()[-1].verdicts, session.decided[-1])
    for verdict in session.reviews()[-1].verdicts:
        told = hints.of(verdict)
        for words in words_that_tell(verdict):
            assert not re.search(rf"“{re.escape(words)}”|: {re.escape(words)}\.", told)
    assert "kit-lit" not in str(hint_cards(session))


@pytest.mark.parametrize("case", CASES)
def test_no_clock_and_no_timeline_tells_a_day_that_was_wrong(case):
    """They show the last day only to those who know it."""
    answers = {**all_wrong(case), SURE: "sure"}
    session = session_at(case, answers=answers)
    desk = PracticeDesk(session, place="", clock=noon)
    before = outline(desk.screen)

    press(desk.screen, say("desk.check"))

    shown = outline(desk.screen)
    pages = "".join(each.value for each in all_of(desk.screen, widgets.HTML))
    assert "last day ends" not in shown
    assert "kit-at-due" not in pages
    for verdict in session.reviews()[0].verdicts:
        day, _ = answers_in_words(verdict)
        if verdict.right[0].isdigit() and day not in before:
            is_other_day = day in {
                day_words(each, "en")
                for each in (session.today.on, session.history.answered_on)
                if each is not None
            }
            assert is_other_day or day not in shown


@pytest.mark.parametrize("case", CASES)
def test_every_wrong_answer_has_a_hint(case):
    """Nobody is left with a cross and no word."""
    answers = right(case)
    for question in questions_of(case):
        for choice in question.choices:
            if not same_answer(choice.value, answers[question.key]):
                assert hint_for(case, question.key, choice.value)


def test_a_closed_panel_is_the_first_hint(bag):
    """The fact that decides stands there, and nobody has looked."""
    told = hint_for(bag, "delivery_shown", "elsewhere")
    after = hint_for(bag, "delivery_shown", "elsewhere", looked=places_of(bag))

    assert told == "You have not opened “Tracking” yet."
    assert after.startswith("Look again at: ")


def test_with_all_panels_open_the_fact_that_decides_is_named(bag):
    """Its name, and not what follows from it."""
    told = hint_for(bag, "action", "trace-parcel", looked=places_of(bag))

    assert told.startswith("Look again at: ")
    assert "Ask to look around" not in told


def test_an_earlier_answer_that_is_wrong_is_named_first(bag):
    """What follows from a mistake is no mistake of its own."""
    told = hint_for(
        bag,
        "action",
        "refund-in-request",
        looked=places_of(bag),
        answers={"request_stage": "in-time"},
    )

    assert told == (
        "“Request stage” is not right yet, either. Correct it first: other answers can "
        "follow from it."
    )


@pytest.mark.parametrize("case", CASES)
def test_an_answer_follows_only_from_what_its_table_asks(case):
    """Who looks at the table must find there what the hint names."""
    names = {each.question.key: each.question.name for each in judge(case, {})}
    for decision in case.decide():
        asked = {*roots(rests_on(decision), decision.known.vocabulary)}
        for key in {each.key for each in decision.table.answers} & names.keys():
            others = dict.fromkeys(names.keys() - {key}, "?")
            told = hint_for(case, key, "?", looked=places_of(case), answers=others)
            named = re.fullmatch("This follows from “(.+)”. Correct that first.", told)
            assert named is None or named[1] in {names.get(each) for each in asked}


def test_an_open_question_is_named_as_open(bag):
    """A missing answer is not a wrong one."""
    assert hint_for(bag, "action", "") == "There is no answer yet."


def test_whoever_may_not_act_alone_is_sent_to_their_role():
    """The row is right, and somebody else may do it."""
    doll = replace(case_of("inr-request", "the-fourth-business-day"), role="trainee")
    action = next(each for each in judge(doll, {}) if each.is_action)
    own = action.explanation.answers
    row = next(each.value for each in own if each.key == "action")

    told = hint_for(doll, "action", row, looked=places_of(doll))

    assert told == "Look again at what a trainee may do alone."


@pytest.mark.parametrize(
    ("start", "days", "given", "name"),
    [
        pytest.param("20", 3, "23", "weekend", id="over Saturday and Sunday"),
        pytest.param("20", 3, "25", "holiday", id="on Christmas Day"),
        pytest.param("20", 3, "24", "first", id="from the day itself"),
        pytest.param("24", 4, "28", "business", id="over all that is free"),
        pytest.param("20", 3, "31", None, id="nobody knows how"),
        pytest.param("20", 3, "27", None, id="right"),
    ],
)
def test_a_day_tells_how_it_was_counted(start, days, given, name):
    """One sentence says what to count anew."""
    stretches = (CountedPeriod(days, "business days", "GB-ENG"),)
    count = DayCount("requested_on", date(2024, 12, int(start)), stretches)

    found = mistakes_in(count, date(2024, 12, int(given)))

    assert next(found, None) == name


def test_days_that_are_no_business_days_are_counted_through():
    """Who leaves out the weekend of a plain period is told so."""
    count = DayCount(
        "paid_on", date(2024, 12, 2), (CountedPeriod(10, "days", "GB-ENG"),)
    )

    assert list(mistakes_in(count, date(2024, 12, 16))) == ["every"]


def test_a_day_after_the_last_one_is_told_so():
    """Without the last day itself."""
    doll = case_of("inr-request", "the-fourth-business-day")
    day = right(doll)["act_by"]
    late = (date.fromisoformat(day) + 30 * DAY_LATER).isoformat()

    told = hint_for(doll, "act_by", late, looked=places_of(doll))

    assert told in {
        "This day is after the last day.",
        "Look again at: request stage.",
    }
    assert day not in told


def test_the_first_check_hints_and_the_second_one_tells(bag):
    """Two steps: look again, and then the row with its reason."""
    session = session_at(bag, answers=with_wrong_action(bag))
    session.answer(SURE, "sure")
    desk = PracticeDesk(session, place="", clock=noon)
    because = next(each for each in judge(bag, {}) if each.is_action)

    press(desk.screen, say("desk.check"))
    first = outline(desk.screen)
    question = next(each.question for each in judge(bag, {}) if each.is_action)
    wrong = {with_wrong_action(bag)[question.key], right(bag)[question.key]}
    another = next(c.value for c in question.choices if c.value not in wrong)
    session.answer(question.key, another)
    press(desk.screen, say("desk.check"))
    second = outline(desk.screen)

    assert "That is not right yet." in first
    assert because.explanation.because not in first
    assert f"Right is “{because.right_words}”" not in first
    assert f"Right is “{because.right_words}”" in second
    assert because.explanation.because in second
    assert say("desk.answers") not in second


def test_a_button_shows_the_answers_at_once(bag):
    """Whoever wants to read on may, and the records say so."""
    deeds = []
    answers = {**with_wrong_action(bag), SURE: "sure"}
    session = session_at(bag, deeds.append, answers=answers)
    desk = PracticeDesk(session, place="", clock=noon)
    action = next(each for each in judge(bag, {}) if each.is_action)

    press(desk.screen, say("desk.check"))
    press(desk.screen, say("desk.answers"))

    assert deeds[-1] == ShowAnswers()
    assert f"Right is “{action.right_words}”" in outline(desk.screen)


def test_what_is_right_is_shown_with_its_row_at_the_first_check(bag):
    """A right answer earns its reason at once."""
    session = begun(bag, with_wrong_action(bag), looked=places_of(bag))

    shown = plain(hint_cards(session))

    stage = next(e for e in judge(bag, {}) if e.question.key == "request_stage")
    assert stage.explanation.because in shown


def test_a_row_that_would_give_a_wrong_answer_away_stays_closed():
    """“By when” asks for the stage; its lit row would tell it."""
    doll = case_of("inr-request", "the-fourth-business-day")
    question = next(e for e in questions_of(doll) if e.key == "request_stage")
    wrong = other(question, right(doll)["request_stage"])
    session = begun(
        doll, {**right(doll), "request_stage": wrong}, looked=places_of(doll)
    )
    act_by = next(e for e in judge(doll, {}) if e.question.key == "act_by")

    shown = plain(hint_cards(session))

    assert act_by.explanation.because not in shown
    assert "✓ Act by" in shown


def test_the_message_of_the_page_waits_for_the_second_step(bag):
    """Its words would be the answer; rude words are named at once."""
    rude = "It is your own fault. Write to me at agent@example.com."
    session = begun(
        bag, {**with_wrong_action(bag), REPLY: rude}, rules=LIBRARY.reply_rules
    )

    shown = plain(hint_cards(session))

    assert say("desk.reply.later") in shown
    assert say("desk.message-title") not in shown
    assert "agent@example.com" in shown
    assert say("desk.reply.fine") not in shown


def test_a_reply_to_a_wrong_decision_is_never_called_fine(bag):
    """It cannot be: it says what was decided."""
    session = begun(
        bag,
        {**with_wrong_action(bag), REPLY: "Hello Siobhan, here is the tracking."},
        rules=LIBRARY.reply_rules,
    )

    assert say("desk.reply.fine") not in plain(hint_cards(session))


def test_the_signs_tell_nothing_of_a_reply_to_a_wrong_decision(bag):
    """A message that fits the right action would tell it."""
    message = right_messages(bag)[0]
    answers = {**with_wrong_action(bag), REPLY: f"{NAMED}{message}", SURE: "sure"}
    answers = {k: v or "" for k, v in written_out(bag, answers).items()}
    session = session_at(bag, answers=answers, rules=LIBRARY.reply_rules)
    desk = PracticeDesk(session, place="", clock=noon)

    press(desk.screen, say("desk.check"))

    first = outline(desk.screen)
    press(desk.screen, say("desk.answers"))
    assert f"✓ {say('desk.sum.reply')}" not in first
    assert f"✓ {say('desk.sum.reply')}" in outline(desk.screen)


@pytest.mark.parametrize("case", CASES)
def test_what_was_right_stays_right_at_the_second_check(case):
    """A day goes by while one reads, and takes no right answer away."""
    session = begun(case, with_wrong_action(case), rules=LIBRARY.reply_rules)
    before = {e.question.key: e.is_right for e in session.reviews()[0].verdicts}
    if session.is_over:
        return
    session.answer(SURE, "guessing")
    session.decide()

    after = {e.question.key: e.is_right for e in session.reviews()[1].verdicts}
    rights = [e.right for e in session.reviews()[1].verdicts]
    assert after == before
    assert rights == [e.right for e in session.reviews()[0].verdicts]


@pytest.mark.parametrize("case", CASES)
def test_following_the_correction_is_right(case):
    """What the first answers say is what the second check wants."""
    session = begun(case, all_wrong(case))
    if session.is_over:
        return
    for verdict in session.reviews()[0].verdicts:
        session.answer(verdict.question.key, verdict.right)

    review = session.decide()

    assert review.is_right
    assert review.due == session.reviews()[0].due


@pytest.mark.parametrize("days", [1, 3, 9])
def test_waiting_between_two_checks_changes_no_right_answer(bag, days):
    """A decision is judged by the day on which it was made."""
    session = begun(bag, with_wrong_action(bag))
    first = session.today.on
    for _ in range(days):
        session.wait()

    session.answer("action", right(bag)["action"])
    review = session.decide()

    assert review.is_right
    assert review.case.on == bag.on
    assert session.decided[-1].day == bag.on
    assert session.decided[-1].sent == first + days * DAY_LATER


def test_a_later_day_is_announced_and_so_is_the_one_that_counts(bag):
    """Nobody wonders why the clock says another day than the feedback."""
    answers = {**with_wrong_action(bag), SURE: "sure"}
    session = session_at(bag, answers=answers)
    desk = PracticeDesk(session, place="", clock=noon)

    press(desk.screen, say("desk.check"))

    shown = outline(desk.screen)
    assert session.today.on > bag.on
    assert "It is now Saturday 24 August 2024." in shown
    assert "Your decision counts for Friday 23 August 2024" in shown


def choose(desk, name):
    """Choose what to ask the buyer about, by its name on the desk."""
    (pick,) = [
        each
        for each in all_of(desk.screen, widgets.Dropdown)
        if each.description == say("desk.moves.about")
    ]
    pick.value = dict(pick.options)[name]
    return pick


@pytest.mark.parametrize("words", ["desk.moves.wait", "desk.moves.ask"])
def test_a_move_that_takes_a_day_says_which_day_it_is_now(bag, words):
    """Asking for what only the buyer can tell takes a day, as waiting does."""
    secret = replace(bag, asked=frozenset({"looked_around"}))
    desk = PracticeDesk(Session(secret, lambda _: None), place="", clock=noon)
    choose(desk, "looked where we asked")

    press(desk.screen, say(words))

    assert "It is now Saturday 24 August 2024." in outline(desk.screen)


def test_who_asks_for_what_a_panel_shows_is_told_which_one(bag):
    """No day goes by, and the panel is one click away."""
    session = Session(bag, lambda _: None)
    desk = PracticeDesk(session, place="", clock=noon)
    choose(desk, "looked where we asked")

    press(desk.screen, say("desk.moves.ask"))

    assert "You can see this on Messages. No day has gone by." in outline(desk.screen)
    assert session.today.on == bag.on


def test_who_asks_for_what_the_message_says_is_sent_back_to_it(bag):
    """A fact that the case does not have is nothing to wait for.

    A buyer who wants something knows what: nobody says that the buyer does not.
    """
    session = Session(bag, lambda _: None)
    desk = PracticeDesk(session, place="", clock=noon)
    name = bag.playbook.reference.name_on_screen("buyer wants")
    choose(desk, name)

    press(desk.screen, say("desk.moves.ask"))

    shown = outline(desk.screen)
    assert say("desk.moves.in-message", name=name) in shown
    assert "does not know" not in shown
    assert session.today.on == bag.on


def test_where_nobody_says_what_buyers_know_a_fact_may_be_unknown_to_them(bag):
    """A folder without that list can say no more."""
    reference = replace(bag.playbook.reference, buyer_knows=frozenset())
    other = replace(bag, playbook=replace(bag.playbook, reference=reference))
    desk = PracticeDesk(Session(other, lambda _: None), place="", clock=noon)
    name = reference.name_on_screen("buyer wants")
    choose(desk, name)

    press(desk.screen, say("desk.moves.ask"))

    assert f"The buyer does not know this: “{name}”" in outline(desk.screen)


def test_what_an_opened_panel_shows_is_offered_no_more(bag):
    """The list gets shorter, and what was chosen is taken back if it is gone."""
    desk = PracticeDesk(Session(bag, lambda _: None), place="", clock=noon)
    pick = choose(desk, "looked where we asked")

    press(desk.screen, say("desk.panels.messages"))

    assert "looked where we asked" not in dict(pick.options)
    assert pick.value == ""


def test_a_last_day_that_is_over_stays_the_last_day():
    """Whoever waited too long is not told a later last day."""
    jug = case_of("inr-request", "the-fourth-business-day")
    in_time = replace(jug, on=date(2024, 8, 29))
    session = Session(in_time, lambda _: None)
    due = session.review().due
    for _ in range(9):
        session.wait()
    give(session, right(session.judged))

    by_page = session.decide()
    text = plain(verdict_cards(by_page.case, by_page.verdicts))

    assert by_page.is_late
    assert by_page.due == due == date(2024, 8, 29)
    assert "Act by: the last day was Thursday 29 August 2024." in text
    session.answer("act_by", due.isoformat())
    assert all(each.is_right for each in session.review().verdicts)


def test_tries_are_numbered_also_after_a_new_start(bag):
    """Only the first one is unaided."""
    deeds = []
    session = session_at(bag, deeds.append, answers=with_wrong_action(bag))

    session.decide()
    session.restart()
    give(session, right(bag))
    session.decide()

    kept = [e for e in deeds if isinstance(e, Decide | Restart)]
    assert [getattr(e, "number", 0) for e in kept] == [1, 0, 2]


def test_decisions_of_an_earlier_version_keep_their_own_days(bag):
    """There each check was held against the day on which it was made."""
    later = bag.on + DAY_LATER
    sheets = (
        Sheet(with_wrong_action(bag), day=bag.on),
        Sheet(right(bag.on_day(later)), day=later),
    )

    session = session_at(bag, decided=sheets, right=True)

    days = [each.case.on.isoformat() for each in session.reviews()]
    assert days == ["2024-08-23", "2024-08-24"]
    assert [each.is_right for each in session.reviews()] == [False, True]
    assert session.talk_progress.end.is_good
