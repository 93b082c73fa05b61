"""Promises tried on past mail: who would have been answered in time."""

from __future__ import annotations

from datetime import timedelta

from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.simulation import (
    PastMail,
    PastRequest,
    TargetOutcome,
    Workload,
    group_threads,
    measure_workload,
    read_requests,
    simulate_set,
)
from mailflow.core.policy.sla import SlaPolicy
from mailflow.core.policy.targets import Target, TargetSet
from tests.unit.core.policy.sample_calendars import BERLIN, local

ANA, HANA = "ana@acme.example", "hana@acme.example"
MONDAY = local(BERLIN, "2026-11-16T10:00")
UNTIL = local(BERLIN, "2026-11-27T17:00")


def mail(
    message_id: str | None,
    hours: float,
    *parents: str,
    sender: str = ANA,
    is_by_person: bool = True,
) -> PastMail:
    return PastMail(message_id, parents, sender, MONDAY + timedelta(hours=hours), is_by_person)


def ids(*mails: PastMail) -> list[list[str | None]]:
    return [[one.message_id for one in thread] for thread in group_threads(mails)]


def test_mails_that_name_each_other_are_one_thread() -> None:
    assert ids(mail("a", 0), mail("b", 1, "a"), mail("c", 2, "b", "a"), mail("d", 3)) == [
        ["a", "b", "c"], ["d"],
    ]  # fmt: skip


def test_two_threads_that_a_later_mail_joins_are_one() -> None:
    assert ids(mail("a", 0), mail("b", 1), mail("x", 2), mail("c", 3, "a", "b")) == [
        ["a", "b", "c"], ["x"],
    ]  # fmt: skip


def test_answers_to_a_mail_that_is_missing_still_belong_together() -> None:
    assert ids(mail("b", 1, "gone"), mail("c", 2, "gone")) == [["b", "c"]]


def test_mails_without_an_id_stand_alone_unless_they_answer() -> None:
    assert ids(mail(None, 0), mail(None, 1), mail("a", 2), mail(None, 3, "a")) == [
        [None], [None], ["a", None],
    ]  # fmt: skip


def requests(*mails: PastMail) -> tuple[PastRequest, ...]:
    return read_requests(group_threads(mails), domains={"acme.example"})


def test_an_answer_is_by_a_colleague_and_an_automatic_one_only_acknowledges() -> None:
    (request,) = requests(
        mail("a", 0),
        mail("b", 1, "a"),
        mail("c", 2, "a", sender="someone@example.com"),
        mail("d", 3, "a", sender="hr@acme.example", is_by_person=False),
        mail("e", 4, "a", sender=HANA),
        mail("f", 9, "a", sender=HANA),
    )
    assert request.acknowledged_at == MONDAY + timedelta(hours=3)
    assert request.first_response_at == MONDAY + timedelta(hours=4)
    assert request.resolved_at == MONDAY + timedelta(hours=9)
    assert request.answer_count == 2


def test_automatic_mail_opens_no_request() -> None:
    assert requests(mail("a", 0, is_by_person=False), mail("b", 1, "a", sender=HANA)) == ()


POLICY = SlaPolicy(
    {"berlin": BERLIN},
    {
        "standard": TargetSet(
            "standard",
            None,
            {
                Target.ACKNOWLEDGE: parse_duration("24 clock hours"),
                Target.RESOLVE: parse_duration("1 working day"),
            },
        )
    },
)


def test_each_request_is_met_breached_or_still_running() -> None:
    past = requests(
        mail("a", 0),
        mail("a1", 1, "a", sender=HANA),
        mail("b", 0),
        mail("b1", 50, "b", sender=HANA),
        mail("c", 1),
        mail("d", 11 * 24 + 6),
    )
    found = simulate_set(POLICY, "standard", past, until=UNTIL, team_calendar="berlin")
    assert found == (
        TargetOutcome("standard", Target.ACKNOWLEDGE, "24 clock hours", 1, 2, 1),
        TargetOutcome("standard", Target.RESOLVE, "1 working day", 1, 2, 1),
    )


def test_an_empty_mailbox_promises_nothing() -> None:
    assert simulate_set(POLICY, "standard", (), until=UNTIL, team_calendar="berlin") == ()
    assert measure_workload((), BERLIN, until=UNTIL) == Workload(0, 0.0, 0.0)


def test_the_workload_is_a_mean_over_working_days() -> None:
    past = requests(
        mail("a", 0), mail("a1", 1, "a", sender=HANA), mail("b", 30), mail("c", 60), mail("d", 61)
    )
    found = measure_workload(past, BERLIN, until=UNTIL)
    assert found == Workload(4, 0.4, 0.1)


def test_an_answer_for_every_simulated_target() -> None:
    request = PastRequest(MONDAY, MONDAY, MONDAY + timedelta(1), MONDAY + timedelta(2), 2)
    met = [request.met_at(target) for target in (Target.ACKNOWLEDGE, Target.FIRST_RESPONSE)]
    assert met == [MONDAY, MONDAY + timedelta(1)]
    assert request.met_at(Target.RESOLVE) == MONDAY + timedelta(2)
