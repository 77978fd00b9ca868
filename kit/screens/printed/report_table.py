"""A marked attempt as a page: every mark with its row, its reason and its source."""

from markupsafe import Markup

from ...catalogue import say
from ...marking.marks.marks import CaseMark, Mark
from ...marking.records.events import Overridden
from ...practice.wording import cases_words, id_words
from ..desk.review_view import review_cards, summary
from ..markup import buyer_card, case_head, join, piece


def mark_page(mark: Mark, override: Overridden | None = None) -> Markup:
    """Show what an attempt is worth and why, case by case.

    Args:
        mark: What its answers are worth.
        override: What a supervisor has set by hand instead; it is what counts.
    """
    cases = join(
        _case(case, number, len(mark.cases))
        for number, case in enumerate(mark.cases, start=1)
    )
    return piece(
        '<div class="kit-report"><h2>{}</h2>{}'
        '<table class="kit-facts">{}</table><p class="kit-hint">{}</p>{}</div>',
        say("desk.exam.your-mark"),
        _lead(mark) if override is None else _lead_by_hand(mark, override),
        join(
            piece(
                '<tr><th scope="row">{}</th><td>{}</td></tr>',
                say(f"desk.exam.dimension-{name}"),
                say(
                    "desk.exam.weighed",
                    percent=percent,
                    weight=mark.exercise.weights[name],
                    whole=sum(mark.exercise.weights.values()),
                ),
            )
            for name, percent in mark.dimensions.items()
        ),
        say("desk.exam.covered"),
        cases,
    )


def _lead(mark: Mark) -> Markup:
    return piece(
        '<p class="kit-lead {}">{} {}</p>',
        "kit-right" if mark.passed else "kit-wrong",
        say("desk.exam.mark", attempt=id_words(mark.attempt), percent=mark.percent),
        _result(mark),
    )


def _lead_by_hand(mark: Mark, override: Overridden) -> Markup:
    """Say the mark that counts, who has set it and why, and what was counted."""
    return piece(
        '<p class="kit-lead {}">{} {}</p><p>{}</p><p class="kit-hint">{}</p>',
        "kit-right" if override.passed else "kit-wrong",
        say("desk.exam.mark", attempt=id_words(mark.attempt), percent=override.percent),
        say("desk.exam.passed" if override.passed else "desk.exam.not-passed"),
        say("desk.exam.by-hand", by=override.by, reason=override.reason),
        say("desk.exam.counted", percent=mark.percent),
    )


def _result(mark: Mark) -> str:
    if mark.passed:
        return say("desk.exam.passed")
    reasons = []
    if mark.percent < mark.exercise.pass_mark:
        reasons.append(say("desk.exam.failed", pass_mark=mark.exercise.pass_mark))
    if mark.critical:
        cases = cases_words(mark.critical)
        reasons.append(say("desk.exam.failed-critical", cases=cases))
    return " ".join(reasons)


def _case(case: CaseMark, number: int, count: int) -> Markup:
    place = say("desk.case-of", number=number, count=count)
    place = f"{place} · {id_words(case.case.id)}"
    critical = join(
        piece(
            '<p class="kit-wrong kit-critical">✗ {}</p>',
            say("desk.exam.critical", why=error.why),
        )
        for error in case.critical
    )
    right = say("desk.exam.case-mark", right=case.right, count=case.asked)
    return piece(
        "<section>{}{}<p><strong>{}</strong></p>{}{}{}</section>",
        case_head(case.case, place=place),
        buyer_card(case.case),
        right,
        critical,
        summary(case.review),
        review_cards(case.review, unfolded=True),
    )
