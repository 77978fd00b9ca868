"""A marked attempt as a page: every mark with its row, its reason and its source."""

from markupsafe import Markup

from ..catalogue import say
from ..marking.marks import CaseMark, Mark
from .markup import buyer_card, case_head, join
from .reviews import review_cards, summary


def mark_page(mark: Mark) -> Markup:
    """Show what an attempt is worth and why, case by case."""
    cases = join(
        _case(case, number, len(mark.cases))
        for number, case in enumerate(mark.cases, start=1)
    )
    return Markup(
        '<div class="kit-report"><h2>{}</h2><p class="kit-lead {}">{} {}</p>'
        '<table class="kit-facts">{}</table><p class="kit-hint">{}</p>{}</div>'
    ).format(
        say("desk.exam.your-mark"),
        "kit-right" if mark.passed else "kit-wrong",
        say("desk.exam.mark", attempt=_attempt(mark), percent=mark.percent),
        _result(mark),
        join(
            Markup('<tr><th scope="row">{}</th><td>{} %</td></tr>').format(
                say(f"desk.exam.dimension-{name}"), percent
            )
            for name, percent in mark.dimensions.items()
        ),
        say("desk.exam.covered"),
        cases,
    )


def _attempt(mark: Mark) -> str:
    """Say an attempt: ``attempt-2`` is ``Attempt 2``."""
    return mark.attempt.replace("-", " ").capitalize()


def _result(mark: Mark) -> str:
    if mark.passed:
        return say("desk.exam.passed")
    reasons = []
    if mark.percent < mark.exercise.pass_mark:
        reasons.append(say("desk.exam.failed", pass_mark=mark.exercise.pass_mark))
    if mark.critical:
        reasons.append(say("desk.exam.failed-critical"))
    return " ".join(reasons)


def _case(case: CaseMark, number: int, count: int) -> Markup:
    place = say("desk.case-of", number=number, count=count)
    critical = join(
        Markup('<p class="kit-wrong kit-critical">✗ {}</p>').format(
            say("desk.exam.critical", why=error.why)
        )
        for error in case.critical
    )
    right = say("desk.exam.case-mark", right=case.right, count=case.asked)
    return Markup("<section>{}{}<p><strong>{}</strong></p>{}{}{}</section>").format(
        case_head(case.case, place=place),
        buyer_card(case.case),
        right,
        critical,
        summary(case.review),
        review_cards(case.review, unfolded=True),
    )
