"""Money is never lost and never doubled, whatever customers, bank and desk do, in any order.

The steps are those of tests/actions/machine. TAHSIL_HARD=400 plays so many examples.
"""

from __future__ import annotations

import os

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tahsil.store import standing
from tahsil.store.models import Receipt
from tests.actions.machine.banking import Banking
from tests.actions.machine.cheques import Cheques
from tests.actions.machine.desk import Desk
from tests.actions.machine.holding import Holding
from tests.actions.machine.paying import Paying
from tests.actions.machine.truth import Truth

HARD = int(os.environ.get("TAHSIL_HARD", "0"))  # so many examples
PHASES = (Phase.explicit, Phase.generate) + ((Phase.shrink,) if HARD else ())
EXAMPLES = HARD or (4 if connection.vendor == "postgresql" else 7)
STEPS = 60 if HARD else 50


def machine_of(book):
    """A machine that plays on that book; every example is rolled back."""

    class Money(Cheques, Banking, Paying, Holding, RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            self.desk, self.truth, self.sent = Desk(book), Truth(), []
            standing.refresh(list(self.desk.accounts), as_of=self.desk.as_of)

        def teardown(self):
            try:
                self.nothing_is_found_by_the_nightly_check()
            finally:
                self.roll_back()

        def roll_back(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    return Money


@pytest.mark.django_db
def test_money_is_never_lost_and_never_doubled(book, tmp_path, settings):
    settings.HOME = tmp_path
    run_state_machine_as_test(
        machine_of(book),
        settings=bounds(
            deadline=None, derandomize=not HARD, database=None, print_blob=True,
            phases=PHASES,
            suppress_health_check=list(HealthCheck), max_examples=EXAMPLES,
            stateful_step_count=STEPS,
        ),
    )  # fmt: skip
    assert not Receipt.objects.exists()  # every example was rolled back
