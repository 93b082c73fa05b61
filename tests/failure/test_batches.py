"""One mail among many: it neither hides nor holds up the others, and nothing of it lies open."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import MetaData, select

from mailflow.casework import process_message
from mailflow.core.acceptance import decide_arrival
from mailflow.intake import receive
from mailflow.intake.mailbox import MailboxSession
from mailflow.store.session import reading
from tests.acceptance.site import write_mail
from tests.failure.accounts import write_mails

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival, Decision
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

MAILS = write_mails(4)
EMPLOYEE = "riya.rao@acme.example"
COMPLAINT = "My supervisor sexually harassed me on Friday in the quiet room."


class Bug:
    """A decision that fails for one sender. Nothing in a mail is known to bring this about."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def __call__(self, arrival: Arrival, *others: object) -> Decision:
        if arrival.sender == self._sender:
            raise ZeroDivisionError
        return decide_arrival(arrival, *others)  # type: ignore[arg-type] # handed on as they came


def test_a_mail_whose_decision_fails_is_set_aside_and_its_batch_is_decided_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = site.steer()
    monkeypatch.setattr(process_message, "decide_arrival", Bug("ed.ellis@acme.example"))
    site.deliver(*MAILS)
    site.run()
    assert len(site.cases()) == len(MAILS) - 1
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        site.run()
    assert Counter(site.ledger()) == {"case": len(MAILS) - 1, "quarantined": 1}
    assert len(site.cases()) == len(MAILS)
    assert len(site.sent_to(EMPLOYEE)) == 1
    assert site.sent_to("ed.ellis@acme.example") == []


def test_an_urgent_mail_that_is_stored_out_of_turn_hides_none_before_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "MAILS_IN_FLIGHT", 1)
    ordinary = write_mail("ed.ellis@acme.example", "Parking", "Where may I park my car?")
    urgent = write_mail(EMPLOYEE, "I was sexually harassed", COMPLAINT)
    site.deliver(ordinary, urgent)
    first, second = (message.uid for message in site.dovecot.messages(site.user))
    runtime = site.runtime
    session = MailboxSession(runtime.accounts[0].imap)
    run = receive.receive_new(runtime.intake, session, mailbox="hr")
    assert next(run) == 1
    session.close()
    assert [row["uid"] for row in site.rows("SELECT uid FROM inbound")] == [second]
    site.run()
    assert {row["uid"] for row in site.rows("SELECT uid FROM inbound")} == {first, second}
    assert site.ledger() == ["case", "case"]


def test_what_people_write_stands_nowhere_in_the_clear(site: Site) -> None:
    site.deliver(write_mail(EMPLOYEE, "About my supervisor", COMPLAINT))
    site.run()
    assert len(site.cases()) == 1
    everything = b"\n".join(_cells(site))
    assert b"acknowledgement" in everything
    for secret in (EMPLOYEE, "riya", "Riya", "supervisor", "quiet room", "harass"):
        assert secret.encode() not in everything, secret


def _cells(site: Site) -> list[bytes]:
    """Each value of each row of each table, as its bytes."""
    tables = MetaData()
    found: list[bytes] = []
    with reading(site.runtime.engine) as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name == "rules_bundles":  # the rules are no secret, and full of such words
                continue
            for row in connection.execute(select(table)):
                found += (v if isinstance(v, bytes) else str(v).encode() for v in row)
    return found
