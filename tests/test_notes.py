"""Notes to the team lead: complete, or named what is missing."""

import pytest
from shipped import LIBRARY

from kit.practice.letters.letter_check import reply_context_of
from kit.practice.letters.notes import check_note

RULES = LIBRARY.reply_rules
CASES = {case.id: case for page in LIBRARY.ids for case in LIBRARY.cases(page)}

NOTES = {
    "hurricane-in-tampa": (
        "Order 15-04428-60913. Rosa wants her money back. The raincoat is moving, last"
        " scan Orlando, and eBay has announced the storm. I propose to keep her"
        " informed, by October 17."
    ),
    "the-fourth-business-day": (
        "Order 09-80331-17265: Mrs Pemberton still wants the doll's house, but we are"
        " past the answer time. The parcel is moving, last seen in Daventry, and none"
        " is left in our stock. Proposal: full refund in the request today, 30 August."
    ),
    "flat-number-on-a-dear-watch": (
        "24-17750-39926, the buyer asks to add 7B to the label and does not want to"
        " order again. Not shipped yet, $412. I need your approval or we cancel it"
        " today, July 3."
    ),
    "bremsbelaege-fuer-den-golf": (
        "Order 05-90012-36471. Herr Yilmaz wants pads that fit his Golf; reason"
        " DOES_NOT_FIT, photos show it, our list is wrong; it cost EUR 41.90. Accept"
        " the return and correct the listing, label by 10 May."
    ),
}


def missing(text, case):
    """The rules that a note breaks."""
    context = reply_context_of(CASES[case])
    return [f.rule for f in check_note(text, context, RULES, LIBRARY.reference)]


@pytest.mark.parametrize("case", NOTES)
def test_a_complete_note_has_no_finding(case):
    """The lead can act without opening the case again."""
    assert missing(NOTES[case], case) == []


@pytest.mark.parametrize(
    ("without", "instead", "rule"),
    [
        pytest.param("15-04428-60913", "of Rosa", "note-order", id="order"),
        pytest.param("wants her money back", "wrote", "note-wish", id="wish"),
        pytest.param(
            "is moving, last scan Orlando", "?", "note-finding", id="tracking"
        ),
        pytest.param("keep her informed", "do so", "note-action", id="proposal"),
        pytest.param("October 17", "soon", "note-day", id="day"),
    ],
)
def test_what_a_note_leaves_out_is_named(without, instead, rule):
    """One thing missing, one finding, and no other."""
    note = NOTES["hurricane-in-tampa"]
    assert without in note

    assert missing(note.replace(without, instead), "hurricane-in-tampa") == [rule]


def test_a_wrong_value_is_not_the_value_that_was_found():
    """“Delivered” for a parcel that moves would send the lead the wrong way."""
    note = NOTES["hurricane-in-tampa"]
    wrong = note.replace("is moving, last scan Orlando", "was lost in Orlando")

    assert missing(wrong, "hurricane-in-tampa") == ["note-finding"]


def test_the_reason_says_what_to_add():
    """An agent mends the note without looking for the rule."""
    context = reply_context_of(CASES["hurricane-in-tampa"])

    reasons = [
        each.reason
        for each in check_note("Please take over.", context, RULES, LIBRARY.reference)
    ]

    assert any("tracking: moving" in each for each in reasons)
    assert any("Keep the buyer informed" in each for each in reasons)


def test_an_open_slot_is_found_in_a_note_too():
    """Also a colleague should not read braces."""
    note = NOTES["hurricane-in-tampa"].replace("Rosa", "{buyer_name}")

    assert missing(note, "hurricane-in-tampa") == ["open-slot"]


def test_an_empty_note_lacks_everything():
    """Nothing is taken for granted."""
    found = missing("", "hurricane-in-tampa")

    assert {*found} == {
        "note-order",
        "note-wish",
        "note-finding",
        "note-action",
        "note-day",
    }


def test_a_note_may_quote_a_reason_as_the_panel_shows_it():
    """No code is named, and nobody has to know one."""
    reference = LIBRARY.reference

    def told(text, case):
        found = check_note(text, reply_context_of(case), RULES, reference)
        return [each.reason for each in found if "return reason" in each.reason]

    cases = [each for each in CASES.values() if told("Please look.", each)]
    for case in cases:
        code = str(reply_context_of(case).rests_on["return_reason"])
        words = reference.name_on_screen(code)

        (reason,) = told("Please look.", case)
        assert words in reason
        assert code not in reason
        assert told(f"Please look: {words}.", case) == []
    assert cases


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("I propose: accept the return.", False),
        ("The buyer wants to keep it for $5. I propose: accept the return.", False),
        ("I propose to decline the return.", True),
        ("I suggest that we refund the full amount today without a return.", True),
        ("I would cancel the order.", True),
        ("I propose: refund the full amount today without a return.", True),
        ("I propose: cancel the order", True),
        ("We could refund now, but I propose: accept the return.", False),
    ],
)
def test_a_proposal_that_the_rules_do_not_allow_is_named(text, is_wrong):
    """The lead may do what the note says."""
    case = next(
        each
        for each in LIBRARY.cases("wrong-size-remorse")
        if each.id == "lampshade-too-wide"
    )
    found = check_note(
        text, reply_context_of(case), LIBRARY.reply_rules, LIBRARY.reference
    )

    assert any(each.rule == "note-proposal" for each in found) is is_wrong


@pytest.mark.parametrize(
    ("amount", "is_wrong"), [("£71.95", False), ("£64.95", True), ("£500", True)]
)
def test_a_proposal_names_the_amount_that_is_due(amount, is_wrong):
    """The lead pays what the note says."""
    case = CASES["the-fourth-business-day"]
    text = f"Order 09-80331-17265, past the answer time. I propose: refund {amount}."
    found = check_note(text, reply_context_of(case), RULES, LIBRARY.reference)

    assert any(each.rule == "note-proposal" for each in found) is is_wrong


@pytest.mark.parametrize(
    "proposal",
    ["I propose nothing, what should I do?", "I propose to show her the proof."],
)
def test_what_the_buyer_wants_is_no_proposal(proposal):
    """The lead must read what the agent would do, not only what the buyer wants."""
    note = NOTES["the-fourth-business-day"].replace("still wants", "wants a refund for")
    text = note.replace("Proposal: full refund in the request today", proposal)

    assert "note-action" in missing(text, "the-fourth-business-day")


@pytest.mark.parametrize(
    ("proposal", "rules"),
    [
        ("accept the return and refund her today", ["note-proposal"]),
        ("answer the bank with our proof", []),
        ("look at it today", []),
    ],
)
def test_what_no_lead_may_do_is_not_proposed(proposal, rules):
    """While the bank decides, a refund of ours would be paid twice."""
    note = (
        "Order 19-30418-66207, Bernadette Cole, yellow raincoat. She wants to send it "
        "back because it is too small, and a payment dispute is open: the bank decides."
        f" I propose that we {proposal}. Please do it by Tuesday 10 March."
    )

    found = [each for each in missing(note, "raincoat-and-the-bank") if "prop" in each]

    assert sorted({*found}) == rules


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ("The last day was Monday 9 September.", {"note-not-true"}),
        ("The parcel was delivered yesterday.", {"note-not-true"}),
        ("The package was signed for.", {"note-not-true"}),
        ("She asked for it on 23 August.", set()),
        ("It was last scanned in Daventry.", set()),
    ],
)
def test_a_note_tells_nothing_that_is_not_so(told, rules):
    """The lead decides by the note, and does not open the case again."""
    case = "the-fourth-business-day"
    found = set(missing(f"{NOTES[case]} {told}", case))

    assert found == rules
