from __future__ import annotations

import pytest

from mailflow.core.case.mail_order import CAUSE_LENGTH, bound_cause
from mailflow.store.schema import outbox


@pytest.mark.parametrize("cause", ["", "c", "c" * 64])
def test_a_cause_that_fits_stays_as_it_is(cause: str) -> None:
    assert bound_cause(cause) == cause


def test_a_cause_that_is_too_long_for_the_database_stays_its_own() -> None:
    one, other = (bound_cause("c" * 64 + ending) for ending in (":legal", ":board"))
    assert one != other
    assert len(one) == len(other) == CAUSE_LENGTH
    assert one == bound_cause("c" * 64 + ":legal")


def test_the_column_holds_what_a_cause_may_be() -> None:
    assert getattr(outbox.c.cause.type, "length", None) == CAUSE_LENGTH
