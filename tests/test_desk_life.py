"""A case behaves like a case: one looks, asks, waits, decides, and somebody answers."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from shipped import LIBRARY

from kit.catalogue import say
from kit.content.library import Library
from kit.content.playbook.talk import Move
from kit.practice.acting_roles import may_take_action
from kit.practice.case.clocks import DESK, clocks_of, end_of_day, taken_up
from kit.practice.case.deeds import Ask, Wait
from kit.practice.case.drafts import Knowledge, draft_of, fill_draft, open_slots
from kit.practice.case.evidence import askable_facts, seen_facts, unseen_of
from kit.practice.case.keys import judge
from kit.practice.case.panels import PANEL_ORDER, panels_of
from kit.practice.case.questions import questions_of
from kit.practice.case.review import due_of, review_of
from kit.practice.case.sheets import REPLY, Sheet
from kit.practice.desk.session import Session
from kit.practice.desk.timeline import timeline_of
from kit.rules.values import read_money
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.talk_cards import conversation
from kit.screens.desk.timeline_view import place_labels
from kit.screens.forms import outline
from kit.screens.markup import plain
from tests.sessions import give, session_at

ROOT = Path(__file__).parents[1]
CASES = [
    pytest.param(case, id=f"{page} {case.id}")
    for page in LIBRARY.ids
    for case in LIBRARY.cases(page)
]


def case_of(page, name):
    """A practice case of the shipped content."""
    return next(each for each in LIBRARY.cases(page) if each.id == name)


@pytest.fixture
def bag():
    """Siobhan's school bag: delivered, and not found."""
    return case_of("inr-request", "over-the-garden-wall")


@pytest.fixture
def slept():
    """The doll's house: a request whose days are over."""
    return case_of("inr-request", "the-fourth-business-day")


def right(case):
    """What the page answers to every question."""
    return {each.question.key: each.right for each in judge(case, {})}


@pytest.mark.parametrize("case", CASES)
def test_whoever_opens_everything_has_seen_everything(case):
    """No fact that decides is hidden from an agent who looks."""
    panels = [panel.name for panel in panels_of(case)]

    assert unseen_of(case, looked=panels, asked=case.asked) == ()


@pytest.mark.parametrize("case", CASES)
def test_whoever_opens_nothing_decided_before_looking(case):
    """Guessing well is not looking."""
    assert unseen_of(case, looked=(), asked=())


@pytest.mark.parametrize("case", CASES)
def test_looking_at_what_is_named_is_enough(case):
    """The feedback names all that was missing, so the next try can be complete."""
    missing = unseen_of(case, looked=(), asked=())
    places = {each.fact.place for each in missing}

    assert unseen_of(case, looked=places, asked=case.asked) == ()


def test_what_only_the_buyer_knows_stands_on_no_panel_before_it_is_asked(bag):
    """Asking is a move, and it shows something that nothing else shows."""
    secret = replace(bag, asked=frozenset({"tracking"}))

    def shown(asked):
        return {
            fact.key
            for panel in panels_of(secret, asked=asked)
            for fact, _ in panel.lines
        }

    assert "tracking" not in shown(())
    assert "tracking" in shown(("tracking",))
    assert "tracking" not in seen_facts(secret, looked=["tracking"], asked=())
    places = [each for each in PANEL_ORDER if each != "account"]
    (unseen,) = unseen_of(secret, looked=places, asked=())
    assert (unseen.fact.key, unseen.only_buyer) == ("tracking", True)


def test_asking_takes_a_day(bag):
    """The buyer reads the question tomorrow, and the clock runs on."""
    deeds = []
    session = Session(replace(bag, asked=frozenset({"tracking"})), deeds.append)

    told = session.ask("tracking")

    tomorrow = bag.on + timedelta(days=1)
    assert told
    assert session.today.on == tomorrow
    assert deeds == [Ask("tracking", tomorrow)]


@pytest.mark.parametrize("case", [each for each in CASES if each.values[0].asked])
def test_whoever_asks_what_only_the_buyer_knows_is_still_in_time(case):
    """Nobody is late for having asked, and the answer does not change the question."""
    later = case.on_day(case.on + len(case.asked) * timedelta(days=1))

    assert due_of(case) >= later.on
    assert right(later) == right(case)


@pytest.mark.parametrize("case", [each for each in CASES if each.values[0].asked])
def test_what_only_the_buyer_knows_decides(case):
    """A fact that is asked for and changes nothing is a day lost for everybody."""
    panels = [panel.name for panel in panels_of(case)]

    unseen = unseen_of(case, looked=panels, asked=())

    assert {each.fact.key for each in unseen} == case.asked


def test_asking_for_what_a_panel_shows_costs_no_day_and_is_not_kept(bag):
    """Whoever asks instead of looking is told where to look, and loses nothing."""
    deeds = []
    session = Session(bag, deeds.append)

    assert not session.ask("edd")
    assert (session.today.on, deeds, session.asked) == (bag.on, [], ())


def test_a_day_lost_by_asking_in_an_earlier_version_stays_lost(bag):
    """Records of earlier versions have asked for what a panel shows."""
    tomorrow = bag.on + timedelta(days=1)
    session = session_at(bag, asked=["edd"], day=tomorrow)

    assert session.today.on == tomorrow
    assert not session.ask("edd")


def test_only_what_a_buyer_can_know_and_no_open_panel_shows_is_asked(bag):
    """The buyer does not know our stock, and need not repeat the messages."""
    closed = askable_facts(bag, Session(bag, lambda _: None).seen)
    session = session_at(bag, looked=["messages"])
    opened = askable_facts(bag, session.seen)

    assert {"looked_around", "buyer_has_it"} <= {*closed}
    assert {"tracking", "edd", "in_stock", "ebay_stepped_in"}.isdisjoint(closed)
    assert {"looked_around", "buyer_has_it"}.isdisjoint(opened)
    assert {*opened} < {*closed}


@pytest.mark.parametrize("case", [each for each in CASES if each.values[0].asked])
def test_what_only_the_buyer_can_tell_can_always_be_asked_and_once(case):
    """The list of what buyers know must not hide the one fact that decides."""
    panels = [panel.name for panel in panels_of(case)]

    before = askable_facts(case, seen_facts(case, looked=panels, asked=()))
    after = askable_facts(case, seen_facts(case, looked=panels, asked=case.asked))

    assert case.asked <= {*before}
    assert case.asked.isdisjoint(after)


def test_waiting_past_the_last_day_is_late_and_changes_what_is_right(slept):
    """A missed day has its consequence: the page itself decides otherwise then."""
    case = replace(slept, on=date(2024, 8, 29))
    assert due_of(case) == date(2024, 8, 29)
    deeds = []
    session = Session(case, deeds.append)
    in_time = session.review().case.decide()[-1].answers["action"]

    session.wait()

    late = session.review()
    assert deeds == [Wait(date(2024, 8, 30))]
    assert late.is_late
    assert (in_time, late.case.decide()[-1].answers["action"]) == (
        "give-new-date",
        "refund-in-request",
    )


def test_a_case_that_the_page_cannot_decide_tomorrow_does_not_wait():
    """Nothing is guessed about a day for which nothing holds."""
    late = case_of("inr-request", "curtains-one-day-late")
    case = replace(late, facts={**late.facts, "days_past_edd": 1})
    deeds = []
    session = Session(case, deeds.append)

    assert not session.wait()
    assert (deeds, session.today.on) == ([], case.on)


@pytest.mark.parametrize("case", CASES)
def test_our_desk_takes_a_case_up_on_its_day_and_in_our_working_hours(case):
    """Nobody in Shenzhen is woken at three, and the marketplace's date is right."""
    clocks = {clock.name: clock.at for clock in clocks_of(case)}

    assert clocks["marketplace"].date() == case.on
    assert 9 <= clocks[DESK].hour < 21


def test_the_buyers_clock_hangs_where_the_buyer_is(bag):
    """Two people of one marketplace may live three hours apart."""
    chicago = replace(bag, zone="America/Chicago")
    clocks = {clock.name: clock.at for clock in clocks_of(chicago)}

    assert str(clocks["buyer"].tzinfo) == "America/Chicago"
    assert clocks["buyer"] == clocks["marketplace"] == taken_up(chicago)


def test_a_last_day_ends_at_the_marketplace(bag):
    """For us in the east it is the next morning already."""
    ends = {clock.name: clock.at for clock in end_of_day(bag, bag.on)}

    assert (ends["marketplace"].date(), ends["marketplace"].hour) == (bag.on, 23)
    assert ends[DESK].date() == bag.on + timedelta(days=1)


def test_a_timeline_shows_only_what_was_looked_at(bag):
    """Else it would tell what a closed panel holds."""
    closed = timeline_of(bag, looked=(), asked=())
    opened = timeline_of(bag, looked=("tracking",), asked=())

    assert [each.kind for each in closed.events] == ["today"]
    assert {each.kind for each in opened.events} == {"today", "fact", "scan"}


def test_a_timeline_shows_a_due_day_only_once_it_was_decided(bag):
    """Before that it would be the answer to a question."""
    verdicts = judge(bag, right(bag))

    before = timeline_of(bag, looked=("order",), asked=())
    after = timeline_of(bag, looked=("order",), asked=(), verdicts=verdicts)

    assert "due" not in {each.kind for each in before.events}
    assert [each.day for each in after.events if each.kind == "due"] == [bag.on]


def test_a_timeline_knows_the_holidays_of_the_marketplace(bag):
    """The British bank holiday stands between the message and the last day."""
    verdicts = judge(bag, right(bag))

    timeline = timeline_of(bag, looked=(), asked=(), verdicts=verdicts)

    assert timeline.holidays == (date(2024, 8, 26),)
    assert date(2024, 8, 25) in timeline.free


@pytest.mark.parametrize("case", CASES)
def test_no_words_of_a_timeline_cover_others_or_stand_outside(case):
    """Whoever looks sees every day, also the last one at the edge."""
    panels = [panel.name for panel in panels_of(case)]
    verdicts = judge(case, right(case))
    timeline = timeline_of(case, looked=panels, asked=case.asked, verdicts=verdicts)

    labels = place_labels(timeline)

    for number, one in enumerate(labels):
        assert one.start >= 0
        assert one.start + min(one.width, 100) <= 100.001
        for other in labels[number + 1 :]:
            apart = (
                one.start + one.width <= other.start
                or other.start + other.width <= one.start
            )
            assert one.lane != other.lane or apart


def test_a_draft_is_filled_by_looking(bag):
    """An agent cannot write the place of a parcel without opening the tracking."""
    message = bag.playbook.message("delivered-not-found", "en")

    def draft(*looked):
        seen = seen_facts(bag, looked=looked, asked=())
        return draft_of(bag, message, Knowledge(seen, {}))

    assert "parcel_place" in open_slots(bag.playbook, draft("order"))
    assert "Swansea" in draft("order", "tracking")
    last = draft("order", "tracking", "account")
    assert open_slots(bag.playbook, last) == ("next_word",)


def test_a_draft_holds_the_day_that_the_agent_chose(bag):
    """Not the right one: what one writes is what one has decided."""
    message = bag.playbook.message("delivered-not-found", "en")

    text = draft_of(bag, message, Knowledge({}, {"next_word": "2024-08-27"}))

    assert "by Tuesday 27 August 2024" in text


def test_an_exam_counts_no_day_for_its_agent(bag):
    """A slot that filled itself with a derived day would be the answer."""
    everything = Knowledge(dict(bag.facts), {}, counts=False)
    text = "{answer_due_on} {ship_by} {window_ends_on} {edd} {withdrawal_ends_on}"

    drafted = fill_draft(bag, text, "en", everything)

    assert open_slots(bag.playbook, drafted) == (
        "answer_due_on",
        "ship_by",
        "window_ends_on",
        "withdrawal_ends_on",
    )


def test_a_slot_for_which_nothing_holds_stays_open(bag):
    """It is said in words; what no page knows stays as it was written."""
    early = replace(bag, on=date(2001, 1, 1))
    text = "{withdrawal_ends_on} {no_such_thing}"

    drafted = fill_draft(early, text, "en", Knowledge(dict(bag.facts), {}))

    assert drafted == "[withdrawal ends on] {no_such_thing}"
    assert fill_draft(early, drafted, "en", Knowledge(dict(bag.facts), {})) == drafted


def test_a_double_click_is_one_decision(bag):
    """A nervous finger makes no buyer angrier."""
    answers = {**right(bag), "action": "send-tracking"}
    session = session_at(bag, answers=answers)

    session.decide()
    session.decide()

    assert len(session.decided) == 1


def test_a_trainee_hands_over_what_a_trainee_may_not_do_alone(slept):
    """The page is the same, and so is its row; who may act is another matter."""
    trainee = replace(slept, role="trainee")
    action = next(each for each in judge(trainee, {}) if each.is_action)

    assert (action.right, action.hands_over) == ("call-lead", True)
    assert action.row.startswith("the answer ")
    assert "call-lead" in {
        choice.value for each in questions_of(trainee) for choice in each.choices
    }


@pytest.mark.parametrize(
    "page", [each for each in LIBRARY.ids if LIBRARY.playbook(each).talk]
)
def test_a_role_meets_both_sides_of_its_border(page):
    """Who only ever hands over, or never, does not learn where the border runs."""
    of_roles = [
        case for case in LIBRARY.cases(page) if case.role in {"trainee", "agent"}
    ]

    handed = {
        each.hands_over
        for case in of_roles
        for each in judge(case, {})
        if each.is_action
    }

    assert handed == {True, False}


@pytest.mark.parametrize(
    ("total", "over"),
    [
        pytest.param("GBP 400", False, id="up to the limit alone"),
        pytest.param("GBP 400.01", True, id="one penny above it hands over"),
    ],
)
def test_an_agent_refunds_up_to_an_amount_alone(slept, total, over):
    """The limit of the role decides, with the amount of this very order."""
    facts = {**slept.facts, "order_total": read_money(total)}
    agent = replace(slept, role="agent", facts=facts)
    action = next(each for each in judge(agent, {}) if each.is_action)

    assert action.hands_over is over


def test_an_amount_of_our_house_holds_on_earlier_days_too(slept):
    """Nobody published it, so it has no first day."""
    early = replace(slept, role="agent", on=date(2020, 9, 2))
    dear = replace(early, facts={**slept.facts, "order_total": read_money("GBP 401")})

    assert may_take_action(early, "refund-in-request")
    assert not may_take_action(dear, "refund-in-request")


def test_before_any_limit_of_a_role_nobody_acts_alone(slept, tmp_path):
    """An amount that nobody has named is no permission."""
    shutil.copytree(ROOT / "playbooks", tmp_path / "playbooks")
    page = tmp_path / "playbooks" / "reference" / "roles.md"
    text = page.read_text(encoding="utf-8")
    row = "| agent refund | EBAY_GB | 2020-09-03 | GBP 400 | "
    assert f"{row}house |" in text
    page.write_text(text.replace(f"{row}house |", f"{row}B-RET-2 |"), encoding="utf-8")
    playbook = Library(tmp_path).playbook("inr-request")
    first = replace(slept, role="agent", on=date(2020, 9, 3), playbook=playbook)
    early = replace(first, on=date(2020, 9, 2))

    assert may_take_action(first, "refund-in-request")
    assert not may_take_action(early, "refund-in-request")
    assert may_take_action(early, "send-tracking")


def test_whoever_hands_over_what_they_may_do_is_told_so(bag):
    """Over-escalation costs the buyer a day, and the lead an hour."""
    agent = replace(bag, role="agent")
    verdicts = judge(agent, {**right(agent), "action": "call-lead"})
    action = next(each for each in verdicts if each.is_action)

    assert not action.is_right
    assert action.if_right.startswith("You may do this yourself")


def test_a_note_to_the_lead_is_not_shown_as_if_the_buyer_had_it():
    """The buyer reads what the lead writes, and never what we think of a buyer."""
    shade = case_of("wrong-size-remorse", "lampshade-too-wide")
    session = session_at(shade, answers={**right(shade), REPLY: "Please decide."})

    session.decide()

    shown = plain(conversation(session))
    assert "Your note to the lead on Friday 21 November 2025" in shown
    assert "You write on" not in shown


def test_whoever_acts_beyond_their_role_is_told_to_hand_over(slept):
    """The right thing done by the wrong person is not right."""
    trainee = replace(slept, role="trainee")
    verdicts = judge(trainee, {**right(trainee), "action": "refund-in-request"})
    action = next(each for each in verdicts if each.is_action)

    assert not action.is_right
    assert "a trainee may not do it alone here" in action.if_right


@pytest.mark.parametrize(
    ("changes", "move"),
    [
        pytest.param({}, Move.RIGHT, id="right and in time"),
        pytest.param({"action": "send-tracking"}, Move.WRONG, id="another decision"),
        pytest.param({"day": "2024-08-29"}, Move.LATE, id="a day too late"),
        pytest.param({"act_by": "2024-08-23"}, Move.RIGHT, id="a day unfelt"),
    ],
)
def test_a_buyer_feels_what_was_done_and_when(bag, changes, move):
    """A slip in a field that the buyer never sees makes nobody angry."""
    sheet = {**right(bag), "reply": "none", **changes}

    assert review_of(bag, Sheet.read(sheet), None).move is move


def test_a_good_hand_over_is_answered_as_one(slept):
    """The buyer hears from the lead, and is not thanked for what nobody did."""
    trainee = replace(slept, role="trainee", mood="")
    session = session_at(trainee, answers=right(trainee))

    session.decide()

    assert session.talk_progress.rounds[0].move is Move.HAND_OVER
    assert "colleague" in session.talk_progress.rounds[0].line.says
    assert session.talk_progress.end.is_good


def test_a_right_decision_ends_well_at_once(bag):
    """One round, and the buyer is content."""
    session = session_at(bag, answers=right(bag))

    session.decide()

    assert session.is_over
    assert session.talk_progress.end.is_good


def test_a_wrong_decision_is_answered_and_can_be_put_right(bag):
    """The buyer writes again; what is then done well still ends well."""
    session = session_at(bag, answers={**right(bag), "action": "send-tracking"})

    session.decide()
    assert not session.is_over
    session.answer("action", "check-the-door")
    session.decide()

    assert [each.move for each in session.talk_progress.rounds] == [
        Move.WRONG,
        Move.RIGHT,
    ]
    assert session.talk_progress.end.is_good


def test_a_right_action_does_not_end_the_matter_while_another_answer_is_wrong(bag):
    """The case stays open, nothing is sent, and then it ends as well as before."""
    wrong = {**right(bag), "next_word": (bag.on + timedelta(days=1)).isoformat()}
    session = session_at(bag, answers=wrong)

    assert session.decide().move is Move.RIGHT
    assert not session.is_over
    assert session.history.is_held_back
    assert session.talk_progress.rounds == ()

    session.answer("next_word", right(bag)["next_word"])
    session.decide()

    assert session.history.answered == (1,)
    assert session.is_over
    assert session.talk_progress.end.is_good


def test_a_session_made_again_from_what_was_kept_stands_where_it_stood(bag):
    """A killed kernel costs nobody a round."""
    session = session_at(bag, answers={**right(bag), "action": "send-tracking"})
    session.decide()

    again = session_at(
        bag,
        answers=dict(session.answers),
        decided=session.decided,
        right=False,
    )
    again.advance_to_reply()

    assert (again.today.on, again.talk_progress.state) == (
        session.today.on,
        session.talk_progress.state,
    )
    assert again.judged.on == session.judged.on == bag.on


def test_after_a_late_decision_the_buyers_next_message_can_be_answered_in_time(bag):
    """One missed day is one missed day, and not the end of all good work."""
    session = session_at(bag, day=date(2024, 8, 29), answers=right(bag))

    first = session.decide()
    give(session, right(session.judged))
    second = session.decide()

    assert (first.move, second.move) == (Move.LATE, Move.RIGHT)


def noon():
    """A clock that stands still."""
    return datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)


def test_a_late_decision_that_was_corrected_is_never_called_in_time(bag):
    """Neither the signs nor the story say so; both say that the first one was late."""
    day = date(2024, 8, 29)
    wrong = {**right(bag), "action": "call-lead"}
    for first in (right(bag), wrong):
        session = session_at(bag, day=day, answers=dict(first))
        session.decide()
        for _ in range(3):
            if not session.is_over:
                give(session, right(session.judged))
                session.decide()

        assert session.is_over
        desk = PracticeDesk(session, place="", clock=noon)
        shown = outline(desk.screen)

        assert session.history.late_before[:2] == (False, True)
        assert say("desk.sum.late-before") in shown
        assert say("desk.sum.in-time") not in shown
        assert say("desk.talk.move.right") not in shown
        assert say("desk.talk.move-after-late.right") in shown


def test_a_decision_in_time_is_called_so(bag):
    """The other side: nothing was late, and the story says "in time"."""
    session = session_at(bag, answers=right(bag))
    session.decide()

    shown = outline(PracticeDesk(session, place="", clock=noon).screen)

    assert session.history.late_before == (False,)
    assert say("desk.sum.in-time") in shown
    assert say("desk.sum.late-before") not in shown
    assert say("desk.talk.move.right") in shown
