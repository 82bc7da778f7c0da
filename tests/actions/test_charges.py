"""Late charges: the page shows what assessing posts, and the line says for which days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from tahsil.actions import disputes, holds, obligations
from tahsil.queries import account
from tahsil.store.models import Contract, Obligation, PolicyVersion
from tahsil.web.sentences import fact_text
from tests.actions.test_owing import assess
from tests.conftest import NOW, TODAY


def test_a_penalty_names_its_days_in_the_readers_language(book):
    assess(book, until_on="2026-10-31")
    assess(book)
    labels = Obligation.objects.filter(category="penalty").order_by("id")
    labels = labels.values_list("label", flat=True)
    assert list(labels) == ["penalty 2026-07-13/2026-10-31", "penalty 2026-10-31/2026-11-22"]
    read = {}
    for language in ("en", "ar"):
        with translation.override(language):
            read[language] = fact_text("line", labels[0], {})
    assert read["en"] == "penalty 13 Jul 2026 – 31 Oct 2026"
    assert "يوليو" in read["ar"] and "penalty" not in read["ar"]


RULES = {
    "each line": {"rate_ppm": 15_000, "grace_days": 7},
    "all that is overdue, with tax": {
        "rate_ppm": 15_000, "grace_days": 7, "base": "all_overdue", "min_minor": 777,
        "tax_ppm": 140_000,
    },
    "a benchmark and a cap": {
        "unit": "year", "rate_ppm": 20_000, "cap_ppm": 58_000,
        "benchmark": [["2020-01-01", 180_000], ["2026-09-01", 160_000]],
    },
}  # fmt: skip


@pytest.mark.parametrize("assessed", [False, True], ids=["nothing yet", "assessed before"])
@pytest.mark.parametrize("rule", RULES)
def test_the_page_shows_what_assessing_posts(book, rule, assessed):
    made_at = NOW + timedelta(seconds=1 + list(RULES).index(rule))
    PolicyVersion.objects.create(
        kind="penalty", code="tried", version=1, since_on=date(2020, 1, 1), source="test",
        body=RULES[rule], published_at=made_at, published_by="test",
    )  # fmt: skip
    Contract.objects.filter(id=book.contract).update(penalty="tried")
    holds.place(
        book.ctx("omar"), account_id=book.account, kind="pause", reason="our system stood still",
        since_on=date(2026, 10, 31), until_on=date(2026, 11, 29),
    )  # fmt: skip
    disputes.open(
        book.ctx("lina", as_of=date(2026, 10, 20)), account_id=book.account,
        obligation_id=book.lines["Q02"], code="D_PENALTY",
    )  # fmt: skip
    obligations.adjust(
        book.ctx("sara"), account_id=book.account, obligation_id=book.lines["Q01"],
        amount_minor=-50_000, reason="agreed",
    )  # fmt: skip
    if assessed:
        assess(book, until_on="2026-10-25")
    page = account.page(book.ctx("huda").standing, book.account, as_of=TODAY)
    posted = assess(book).facts
    assert page.figures.penalties_minor == posted["amount_minor"] + posted["tax_minor"] > 0
    steps = {each.obligation_id: each.amount_minor for each in page.penalties if each.amount_minor}
    assert steps == {step["obligation_id"]: step["amount_minor"] for step in posted["steps"]}
    after = account.page(book.ctx("huda").standing, book.account, as_of=TODAY)
    assert after.figures.penalties_minor == 0
