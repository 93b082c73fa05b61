"""A mail server that restarts, goes silent or counts anew, and people who use the mailbox too."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SystemClock
from mailflow.errors import TemporaryError
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.receive import receive_new
from tests.acceptance.site import read
from tests.failure.accounts import check_the_books, write_mails
from tests.failure.faulty_run import FaultyRun
from tests.failure.waiting import in_background, pause, running, wait_until
from tests.servers.unreliable_line import UnreliableLine, Weather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailflow.bootstrap import Runtime
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

MAILS = write_mails(3)
# Long enough that waits which double would be longer than what is promised.
AWAY_SECONDS = 8
SOON_SECONDS = 5


@pytest.fixture
def line(sqlite_site: Site) -> Iterator[UnreliableLine]:
    line = UnreliableLine.start(sqlite_site.dovecot.port, drip_seconds=0.5)
    yield line
    line.stop()


def impatient(site: Site, *, port: int | None = None) -> Runtime:
    """The site with two seconds' patience for each IMAP answer."""
    runtime = site.runtime
    accounts = tuple(
        replace(a, imap=replace(a.imap, patience_seconds=2.0, port=port or a.imap.port))
        for a in runtime.accounts
    )
    return replace(runtime, accounts=accounts)


def trouble(site: Site) -> str | None:
    rows = site.rows("SELECT note FROM heartbeats WHERE name = 'mailbox:hr'")
    return rows[0]["note"] if rows else None


def test_a_restart_while_idle_is_followed_by_a_new_connection(sqlite_site: Site) -> None:
    site = sqlite_site
    site.change_settings("poll_seconds: 1", "poll_seconds: 30")
    with running(impatient(site)):
        site.deliver(MAILS[0])
        wait_until(lambda: len(site.cases()) == 1)
        site.dovecot.restart()
        site.deliver(MAILS[1])
        assert wait_until(lambda: len(site.cases()) == 2) < SOON_SECONDS
        site.relay.wait_for(4)
    check_the_books(site, MAILS[:2])


def test_a_server_that_is_away_for_a_while_is_asked_again_until_it_is_back(
    sqlite_site: Site,
) -> None:
    site = sqlite_site
    site.dovecot.stop()
    with running(impatient(site)):
        wait_until(lambda: trouble(site) is not None)
        pause(AWAY_SECONDS)
        site.dovecot.restart()
        site.deliver(*MAILS)
        assert wait_until(lambda: len(site.cases()) == 3) < SOON_SECONDS
        wait_until(lambda: trouble(site) is None)
        site.relay.wait_for(6)
        wait_until(lambda: not site.rows("SELECT id FROM outbox WHERE state <> 'sent'"))
    check_the_books(site, MAILS)


def test_a_connection_that_went_silent_is_given_up(sqlite_site: Site, line: UnreliableLine) -> None:
    site = sqlite_site
    with running(impatient(site, port=line.port)):
        site.deliver(MAILS[0])
        wait_until(lambda: len(site.cases()) == 1)
        line.weather = Weather.SILENT
        assert wait_until(lambda: trouble(site) is not None) < 15
        line.cut()
        line.weather = Weather.FAIR
        site.deliver(MAILS[1])
        assert wait_until(lambda: len(site.cases()) == 2) < 20


def test_bytes_that_drip_do_not_stretch_a_commands_time(
    sqlite_site: Site, line: UnreliableLine
) -> None:
    site = sqlite_site
    with running(impatient(site, port=line.port)):
        site.deliver(MAILS[0])
        wait_until(lambda: len(site.cases()) == 1)
        line.weather = Weather.DRIP
        site.deliver(MAILS[1])
        assert wait_until(lambda: trouble(site) is not None) < 25
        line.cut()
        line.weather = Weather.FAIR
        assert wait_until(lambda: len(site.cases()) == 2) < 30


def test_new_numbers_for_old_mail_make_no_second_case(site: Site) -> None:
    """Stored and not yet moved when the process dies: then the server counts anew."""
    site.dovecot.deliver_files(site.user, MAILS)
    assert FaultyRun(site.home, point="I6 after the commit of the decision").wait() == -9
    for message in site.dovecot.messages(site.user, "Processed"):
        site.deliver(message.raw)
    site.dovecot.change_uidvalidity(site.user)
    site.run()
    assert sorted(site.ledger()) == ["case"] * 3 + ["duplicate"] * 3
    assert len(site.cases()) == 3
    assert site.dovecot.messages(site.user) == ()


def test_an_old_mail_that_comes_in_with_new_numbers_gets_no_receipt(sqlite_site: Site) -> None:
    site = sqlite_site
    site.deliver(MAILS[0])
    site.run()
    site.dovecot.change_uidvalidity(site.user)
    yesterday = SystemClock().now() - timedelta(hours=25)
    site.dovecot.deliver(site.user, MAILS[1], received=yesterday)
    site.deliver(MAILS[2])
    site.run()
    assert site.ledger() == ["case"] * 3
    told = [sender_of(mail) in site.told() for mail in MAILS]
    assert told == [True, False, True]


def test_an_old_mail_in_a_mailbox_that_is_new_to_us_gets_its_receipt(sqlite_site: Site) -> None:
    site = sqlite_site
    yesterday = SystemClock().now() - timedelta(hours=25)
    site.dovecot.deliver(site.user, MAILS[0], received=yesterday)
    site.run()
    assert sender_of(MAILS[0]) in site.told()


def sender_of(mail: bytes) -> str:
    return str(read(mail)["From"])


def test_numbers_that_change_while_connected_are_noticed(sqlite_site: Site) -> None:
    site = sqlite_site
    with running(impatient(site)):
        site.deliver(MAILS[0])
        wait_until(lambda: len(site.cases()) == 1)
        site.dovecot.change_uidvalidity(site.user)
        site.deliver(MAILS[1], MAILS[0])
        wait_until(lambda: len(site.ledger()) == 3)
        wait_until(lambda: "stored" not in site.ledger())
    assert sorted(site.ledger()) == ["case", "case", "duplicate"]


def look(site: Site, meddle: Callable[[], None]) -> None:
    """Receive, with somebody meddling after the headers were read and before the bodies are."""
    runtime = site.runtime
    done: list[bool] = []

    def judge(_subject: str) -> bool:
        if not done:
            done.append(True)
            meddle()
        return False

    session = MailboxSession(runtime.accounts[0].imap)
    # The server may refuse to fetch what is gone: a reason to look again.
    with suppress(TemporaryError):
        for _ in receive_new(replace(runtime.intake, is_urgent=judge), session, mailbox="hr"):
            pass
    session.close()


def test_mails_deleted_by_hand_between_list_and_fetch_hold_up_nothing(site: Site) -> None:
    site.deliver(*MAILS)
    _, second, _ = (message.uid for message in site.dovecot.messages(site.user))
    look(site, lambda: site.dovecot.expunge(site.user, [second]))
    site.run()
    assert site.ledger() == ["case", "case"]
    assert site.dovecot.messages(site.user) == ()


def test_mail_moved_away_and_back_by_hand_is_taken_once(site: Site) -> None:
    site.deliver(*MAILS)
    uids = [message.uid for message in site.dovecot.messages(site.user)]

    def move_away() -> None:
        with site.dovecot.connect(site.user) as client:
            client.select()
            client.uid("MOVE", str(uids[0]), "Sent")

    look(site, move_away)
    with site.dovecot.connect(site.user) as client:
        client.select("Sent")
        client.uid("MOVE", "1:*", "INBOX")
    site.run()
    assert site.ledger() == ["case"] * 3
    check_the_books(site, MAILS)


def test_flags_that_others_set_change_nothing(sqlite_site: Site) -> None:
    site = sqlite_site
    site.deliver(*MAILS)

    def flag() -> None:
        with site.dovecot.connect(site.user) as client:
            client.select()
            client.uid("STORE", "1:*", "+FLAGS", "(\\Seen \\Flagged \\Deleted)")

    look(site, flag)
    site.run()
    check_the_books(site, MAILS)


def test_three_pollers_of_one_mailbox_take_each_mail_once(site: Site) -> None:
    mails = write_mails(12)
    site.dovecot.deliver_files(site.user, mails)
    runtime = site.runtime

    def look_at_once() -> None:
        session = MailboxSession(runtime.accounts[0].imap)
        # The server may refuse to move what another one moves: a reason to look again.
        with suppress(TemporaryError):
            for _ in receive_new(runtime.intake, session, mailbox="hr"):
                pass
        session.close()

    with in_background(look_at_once), in_background(look_at_once), in_background(look_at_once):
        pause(0)
    site.run()
    assert site.ledger() == ["case"] * 12
    assert len(site.cases()) == 12
    # Two moves at once may leave two copies there; none is missing.
    processed = {message.raw for message in site.dovecot.messages(site.user, "Processed")}
    assert processed == set(mails)
