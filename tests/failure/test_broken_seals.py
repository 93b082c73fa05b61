"""A row that was changed behind our back: kept, told of, and nobody else's mail waits for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from mailflow.casework.asker import Asker
from mailflow.casework.quarantine import list_quarantined, show_quarantined
from mailflow.errors import TemporaryError
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.receive import receive_new
from mailflow.store import outbox_pages, set_aside
from mailflow.store.session import reading, transaction
from mailflow.workers.post_worker import PostWorker
from tests.failure.accounts import write_mails

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

MAILS = write_mails(3)


def receive(site: Site) -> None:
    session = MailboxSession(site.runtime.accounts[0].imap)
    for _ in receive_new(site.runtime.intake, session, mailbox="hr"):
        pass
    session.close()


READ = {
    "raw": "SELECT raw AS v, inbound_id AS id FROM inbound_bodies",
    "key": "SELECT key_wrap AS v, id FROM inbound",
    "order": "SELECT key_wrap AS v, id FROM outbox",
}
WRITE = {
    "raw": "UPDATE inbound_bodies SET raw = :sealed WHERE inbound_id = :id",
    "key": "UPDATE inbound SET key_wrap = :sealed WHERE id = :id",
    "order": "UPDATE outbox SET key_wrap = :sealed WHERE id = :id",
}


def tamper(site: Site, what: str, row_id: str) -> None:
    sealed = next(bytes(row["v"]) for row in site.rows(READ[what]) if row["id"] == row_id)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with transaction(site.runtime.engine) as connection:
        connection.execute(text(WRITE[what]), {"sealed": changed, "id": row_id})


@pytest.mark.parametrize("column", ["raw", "key"])
def test_a_mail_whose_seal_is_broken_is_kept_and_the_rest_goes_on(site: Site, column: str) -> None:
    site.deliver(*MAILS)
    receive(site)
    mail_id = site.rows("SELECT id FROM inbound ORDER BY uid")[1]["id"]
    tamper(site, column, mail_id)
    site.run()
    assert site.ledger() == ["case", "quarantined", "case"]
    assert len(site.cases()) == 2
    with reading(site.runtime.engine) as connection:
        assert set_aside.count_set_aside(connection) == 1
    operator = Asker(None, "root", site.runtime.clock.now().date())
    (found,) = list_quarantined(site.runtime.office, asker=operator)
    assert (found.row.id, found.row.reason) == (mail_id, "broken_seal")
    shown = show_quarantined(site.runtime.office, mail_id, asker=operator)
    assert shown is not None
    assert shown.fields is None


def test_an_ordered_mail_whose_seal_is_broken_is_dead_and_the_rest_goes_out(site: Site) -> None:
    clock = site.steer()
    site.deliver(*MAILS)
    site.relay.stop()
    with suppress(TemporaryError):
        site.run()
    broken = site.rows("SELECT id FROM outbox ORDER BY lane, due_at, id")[1]["id"]
    tamper(site, "order", broken)
    with transaction(site.runtime.engine) as connection:
        connection.execute(text("UPDATE outbox SET due_at = created_at"))
    site.relay.restart()
    clock.advance(timedelta(minutes=1))  # the relay was left alone meanwhile
    worker = PostWorker(site.runtime)
    for _ in range(3):  # first one mail on trial
        worker.deliver([0, 1, 2, 3])
    worker.close()
    states = {row["id"]: row["state"] for row in site.rows("SELECT id, state FROM outbox")}
    assert states.pop(broken) == "dead"
    assert set(states.values()) == {"sent"}
    with reading(site.runtime.engine) as connection:
        assert outbox_pages.count_dead(connection) == 1
