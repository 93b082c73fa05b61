"""A relay that refuses, stalls or hangs up at each step of RFC 5321: one Message-ID, none lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from mailflow.store import outbox
from mailflow.store.session import reading, transaction
from tests.acceptance.site import read, text_of, write_mail
from tests.failure.waiting import in_background, pause, wait_until
from tests.servers.smtp_faults import Answer, Cut, HalfReply, Reply, Stage, Stall

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mailflow.clock import SteeredClock
    from tests.acceptance.site import Site
    from tests.servers.postgres import Postgres

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
FIRST_RETRY = timedelta(minutes=1, seconds=10)
IN_DOUBT = timedelta(minutes=2, seconds=5)


@dataclass(frozen=True)
class Case:
    stage: Stage
    answer: Answer
    state: str


REFUSED_FOR_NOW = (
    Case(Stage.CONNECT, Reply(421), "deferred"),
    Case(Stage.CONNECT, Cut(), "deferred"),
    Case(Stage.CONNECT, Reply(554), "deferred"),
    Case(Stage.EHLO, Cut(), "deferred"),
    Case(Stage.MAIL, Reply(451), "deferred"),
    Case(Stage.MAIL, Reply(421), "deferred"),
    Case(Stage.MAIL, Stall(3), "deferred"),
    Case(Stage.RCPT, Reply(450), "deferred"),
    Case(Stage.RCPT, Reply(252), "deferred"),
    Case(Stage.RCPT, Cut(), "deferred"),
    Case(Stage.DATA, Reply(452), "deferred"),
    Case(Stage.DATA, Reply(250), "deferred"),
    Case(Stage.DATA, HalfReply("35"), "deferred"),
    Case(Stage.DOT, Reply(451), "deferred"),
    Case(Stage.DOT, Reply(421), "deferred"),
)
IN_DOUBT_FOR_NOW = (
    Case(Stage.MESSAGE, Cut(), "ambiguous"),
    Case(Stage.DOT, Cut(), "ambiguous"),
    Case(Stage.DOT, Stall(3), "ambiguous"),
    Case(Stage.KEPT, Cut(), "ambiguous"),
    Case(Stage.KEPT, HalfReply("25"), "ambiguous"),
    Case(Stage.KEPT, Stall(3), "ambiguous"),
)


def named(case: Case) -> str:
    return f"{case.stage}-{case.answer}"


@pytest.fixture
def clock(sqlite_site: Site) -> SteeredClock:
    """One mail is decided; its acknowledgement and its notice wait. The relay's time is short."""
    clock = sqlite_site.steer()
    runtime = sqlite_site.runtime
    account = replace(runtime.post_room.account, patience_seconds=1.0, final_patience_seconds=1.0)
    sqlite_site.take(replace(runtime, post_room=replace(runtime.post_room, account=account)))
    sqlite_site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    return clock


def states(site: Site) -> set[str]:
    return {row["state"] for row in site.rows("SELECT state FROM outbox")}


def purposes(site: Site) -> list[str]:
    return [row["purpose"] for row in site.rows("SELECT purpose FROM outbox")]


def sent_ids(site: Site) -> list[str]:
    return sorted(str(read(kept.raw)["Message-ID"]) for kept in site.relay.envelopes)


@pytest.mark.parametrize("case", REFUSED_FOR_NOW, ids=named)
def test_what_was_refused_for_now_goes_out_once_a_minute_later(
    sqlite_site: Site, clock: SteeredClock, case: Case
) -> None:
    site = sqlite_site
    site.relay.fail(case.stage, case.answer, times=None)
    site.run()
    assert states(site) == {case.state}
    assert site.relay.envelopes == ()

    site.relay.behave()
    site.run()
    assert site.relay.envelopes == ()
    clock.advance(FIRST_RETRY)
    site.run()
    assert states(site) == {"sent"}
    assert len(sent_ids(site)) == len(set(sent_ids(site))) == 2


@pytest.mark.parametrize("case", IN_DOUBT_FOR_NOW, ids=named)
def test_what_is_in_doubt_is_sent_again_alike_two_minutes_later(
    sqlite_site: Site, clock: SteeredClock, case: Case
) -> None:
    site = sqlite_site
    site.relay.fail(case.stage, case.answer, times=None)
    site.run()
    assert states(site) == {case.state}
    site.relay.behave()
    clock.advance(FIRST_RETRY)
    site.run()
    assert states(site) == {case.state}
    clock.advance(IN_DOUBT - FIRST_RETRY)
    site.run()
    assert states(site) == {"sent"}
    assert len(set(sent_ids(site))) == 2
    assert len({kept.raw for kept in site.relay.envelopes}) == 2


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_what_is_refused_for_good_is_a_dead_letter_and_a_fact_of_the_case(
    sqlite_site: Site, clock: SteeredClock, stage: Stage
) -> None:
    site = sqlite_site
    site.relay.fail(stage, Reply(550), times=None)
    site.run()
    dead = site.rows("SELECT state, error FROM outbox WHERE state = 'dead'")
    assert len(dead) >= 2
    assert {row["error"] for row in dead} == {"550"}
    kinds = [event.kind for event in site.events(site.case())]
    assert kinds.count(EventKind.MAIL_FAILED) == len(dead)
    assert site.clock_of("acknowledge").met_at is None
    site.relay.behave()
    clock.advance(timedelta(hours=2))
    site.run()
    assert RIYA not in site.told()


def test_the_owner_hears_of_a_mail_that_is_refused_for_good(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(550), times=None, recipient=RIYA)
    site.run()
    clock.advance(timedelta(seconds=1))
    site.run()
    owner = site.case().case.owner
    (alert,) = [mail for mail in site.sent_to(owner) if "needs a look" in str(mail["Subject"])]
    said = " ".join(text_of(alert).split())
    assert f"to {RIYA} could not be delivered, and is not tried again (550)" in said
    clock.advance(timedelta(days=1))
    site.run()
    assert purposes(site).count("alert") == 1


def test_a_notice_that_cannot_be_delivered_itself_makes_no_further_ones(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(550), times=None)
    site.run()
    clock.advance(timedelta(minutes=1))
    site.run()
    told = purposes(site)
    clock.advance(timedelta(minutes=1))
    site.run()
    assert purposes(site) == told
    assert 1 <= told.count("alert") <= 2


def test_the_owner_hears_once_of_a_mail_that_waits_for_four_hours(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(450), times=None, recipient=RIYA)
    site.run()
    for _ in range(18):
        assert "alert" not in purposes(site)
        clock.advance(timedelta(minutes=13))
        site.run()
    clock.advance(timedelta(minutes=10))
    site.run()
    assert purposes(site).count("alert") == 1
    for _ in range(4):
        clock.advance(timedelta(hours=1))
        site.run()
    assert purposes(site).count("alert") == 1


def test_a_mail_that_is_sent_by_hand_in_time_alarms_nobody(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(450), times=None, recipient=RIYA)
    site.run()
    for _ in range(18):
        clock.advance(timedelta(minutes=13))
        site.run()
    site.relay.behave()
    (waiting,) = site.rows("SELECT id FROM outbox WHERE state = 'deferred'")
    assert site.rows("SELECT step FROM timers WHERE kind = 'undelivered'")
    with transaction(site.runtime.engine) as connection:
        outbox.retry_mail(connection, waiting["id"], now=clock.now())
    site.run()
    clock.advance(timedelta(hours=2))
    site.run()
    assert len(site.sent_to(RIYA)) == 1
    assert "alert" not in purposes(site)


def test_one_refused_recipient_leaves_the_others_alone(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(550), times=None, recipient=RIYA)
    site.run()
    rows = site.rows("SELECT purpose, state FROM outbox ORDER BY purpose")
    assert ("acknowledgement", "dead") in [(row["purpose"], row["state"]) for row in rows]
    assert ("notification", "sent") in [(row["purpose"], row["state"]) for row in rows]


def test_a_relay_that_stays_away_is_asked_less_and_less_and_given_up_after_five_days(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    # The notice has left; only the acknowledgement finds nobody there.
    site.relay.fail(Stage.RCPT, Reply(450), times=1, recipient=RIYA)
    site.run()
    site.relay.stop()
    start = clock.now()
    waits: list[float] = []
    query = "SELECT due_at, state FROM outbox WHERE purpose = 'acknowledgement'"
    for _ in range(8):
        due = next_try(site)
        waits.append((due - clock.now()) / timedelta(minutes=1))
        clock.advance(due - clock.now())
        site.run()
    for expected, wait in zip((1, 2, 4, 8, 16, 32, 60, 60), waits, strict=True):
        assert expected <= wait <= expected * 1.1 + 0.1
    clock.advance(start + timedelta(days=5, hours=2) - clock.now())
    site.run()
    assert [row["state"] for row in site.rows(query)] == ["dead"]
    site.relay.restart()


def next_try(site: Site) -> datetime:
    with reading(site.runtime.engine) as connection:
        for row in outbox.list_rows(connection):
            if row["purpose"] == "acknowledgement":
                due: datetime = row["due_at"]
                return due
    raise AssertionError("no acknowledgement waits")


def test_a_database_that_goes_away_before_the_dot_sends_no_half_mail(
    make_site: Callable[..., Site], postgres_url: str, postgres: Postgres
) -> None:
    site = make_site(postgres_url)
    clock = site.steer()
    site.relay.fail(Stage.DATA, Stall(2), times=4)
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    with in_background(site.run):
        wait_until(lambda: any(c.upper() == "DATA" for c in site.relay.commands))
        postgres.stop()
        pause(3)
        postgres.ensure_running()
    assert sent_ids(site) == []
    assert states(site) == {"deferred"}
    clock.advance(FIRST_RETRY)
    site.run()
    assert states(site) == {"sent"}
    assert len(sent_ids(site)) == len(set(sent_ids(site))) == 2
    sent = b"".join(envelope.raw for envelope in site.relay.envelopes)
    assert b"MAIL FROM" not in sent


def test_a_database_that_goes_away_after_the_250_is_told_of_it_when_it_is_back(
    make_site: Callable[..., Site], postgres_url: str, postgres: Postgres
) -> None:
    site = make_site(postgres_url)
    clock = site.steer()
    site.relay.fail(Stage.KEPT, Stall(2), times=4)
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    with in_background(site.run):
        site.relay.wait_for(2, timeout_seconds=30)
        postgres.stop()
        pause(3)
        postgres.ensure_running()
    assert states(site) == {"sent"}
    clock.advance(timedelta(minutes=10))
    site.run()
    assert len(sent_ids(site)) == 2
