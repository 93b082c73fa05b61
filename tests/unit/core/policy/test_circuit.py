"""A relay that fails again and again is left alone for a while, and then tried with one mail."""

from __future__ import annotations

import pytest

from mailflow.core.policy.circuit import FAILURES_THAT_OPEN, Circuit, Fault


def failed(times: int, fault: Fault = Fault.BREAKS, *, now: float = 0.0) -> Circuit:
    circuit = Circuit()
    for _ in range(times):
        circuit = circuit.after_failure(fault, now=now)
    return circuit


def test_few_failures_hold_up_no_mail() -> None:
    assert failed(FAILURES_THAT_OPEN - 1).allowance(20, now=0.0) == 20


def test_failures_in_a_row_leave_the_relay_alone() -> None:
    assert failed(FAILURES_THAT_OPEN).allowance(20, now=0.0) == 0


def test_a_success_between_them_begins_the_count_anew() -> None:
    circuit = failed(FAILURES_THAT_OPEN - 1).after_success()
    assert circuit.after_failure(Fault.BREAKS, now=0.0).allowance(20, now=0.0) == 20


def test_after_a_while_one_mail_is_tried() -> None:
    circuit = failed(FAILURES_THAT_OPEN)
    assert circuit.allowance(20, now=4.9) == 0
    assert circuit.allowance(20, now=5.0) == 1


def test_while_it_is_tried_nobody_else_tries() -> None:
    circuit = failed(FAILURES_THAT_OPEN).on_trial()
    assert circuit.allowance(20, now=100.0) == 0
    assert circuit.after_no_trial().allowance(20, now=100.0) == 1


def test_a_trial_that_went_well_lets_all_mail_go() -> None:
    assert failed(FAILURES_THAT_OPEN).on_trial().after_success().allowance(20, now=0.0) == 20


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (Fault.AWAY, [2, 2, 2, 2, 2, 2]),
        (Fault.REFUSES, [30, 60, 120, 240, 480, 900]),
        (Fault.BREAKS, [5, 10, 20, 40, 60, 60]),
    ],
)
def test_each_failed_trial_doubles_the_pause_up_to_a_limit(
    fault: Fault, pauses: list[float]
) -> None:
    circuit = failed(FAILURES_THAT_OPEN, fault)
    found = []
    now = 0.0
    for _ in pauses:
        found.append(circuit.rests_until - now)
        now = circuit.rests_until
        circuit = circuit.on_trial().after_failure(fault, now=now)
    assert found == pauses


def test_what_was_under_way_when_the_relay_was_left_alone_lengthens_no_pause() -> None:
    circuit = failed(FAILURES_THAT_OPEN)
    assert circuit.after_failure(Fault.REFUSES, now=3.0) == circuit


def test_a_relay_that_never_served_us_is_not_proven_by_failures() -> None:
    assert not failed(3).is_proven
    assert Circuit().after_success().after_failure(Fault.AWAY, now=0.0).is_proven
