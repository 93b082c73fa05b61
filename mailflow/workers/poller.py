"""One mailbox: receive, process in order, then wait by IDLE, and look each minute all the same."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.process_message import Progress, process_waiting
from mailflow.casework.quarantine import set_unopened_aside
from mailflow.errors import AwayError, SealError, TemporaryError
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.receive import receive_new
from mailflow.intake.remove_sensitive import remove_sensitive
from mailflow.store import instance, outbox
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import Event

    from mailflow.bootstrap import Account, Runtime
    from mailflow.casework.process_message import Reader

    Ring = Callable[[Iterable[int]], None]

LEASE = timedelta(seconds=60)
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
_KNOCK_SECONDS = 1.0

log = structlog.get_logger()


class Poller:
    """Reads one mailbox until it is told to stop. Two of them beside each other are safe; the
    lease only keeps the second one idle.
    """

    def __init__(self, runtime: Runtime, account: Account, *, read: Reader, ring: Ring) -> None:
        self._runtime = runtime
        self._account = account
        self._read = read
        self._ring = ring
        self._holder = secrets.token_hex(8)
        self._wait_seconds = _FIRST_WAIT_SECONDS

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            try:
                if not self._take_lease():
                    self._process()
                    stop.wait(_FIRST_WAIT_SECONDS)
                    continue
                self._watch(stop)
            except TemporaryError as error:
                log.warning("mailbox_unreachable", mailbox=self._account.name, error=str(error))
                self._leave_word(str(error))
                if isinstance(error, AwayError):
                    stop.wait(_KNOCK_SECONDS)
                    continue
                stop.wait(self._wait_seconds)
                self._wait_seconds = min(self._wait_seconds * 2, _LONGEST_WAIT_SECONDS)
        self._give_up_lease()

    def look_once(self) -> None:
        """Receive and process what is there now. Raises TemporaryError."""
        session = MailboxSession(self._account.imap)
        try:
            for _ in receive_new(self._runtime.intake, session, mailbox=self._account.name):
                pass
            self._process()
            self._remove_sensitive(session)
        finally:
            session.close()

    def _watch(self, stop: Event) -> None:
        """Stay connected: look, work, wait for news, until stopped or the line breaks."""
        session = MailboxSession(self._account.imap)
        try:
            while not stop.is_set() and self._take_lease():
                for _ in receive_new(self._runtime.intake, session, mailbox=self._account.name):
                    self._process(batches=1)
                    self._take_lease()
                self._process()
                self._remove_sensitive(session)
                self._leave_word(None)
                self._wait_seconds = _FIRST_WAIT_SECONDS
                seconds = min(self._account.poll_seconds, LEASE.total_seconds() / 2)
                if session.can_idle:
                    session.wait_for_news(seconds, should_stop=stop.is_set)
                else:
                    stop.wait(seconds)
                    session.probe()
        finally:
            session.close()

    def _remove_sensitive(self, session: MailboxSession) -> None:
        if self._account.removes_sensitive:
            remove_sensitive(self._runtime.engine, session, mailbox=self._account.name)

    def _process(self, *, batches: int | None = None) -> None:
        """Decide about what waits; ``batches`` limits how much is done in one go."""
        done = 0
        while batches is None or done < batches:
            progress = self._process_some()
            if progress.ordered_mails:
                self._ring(self._due_lanes())
            if progress.seen == 0:
                return
            done += 1

    def _process_some(self) -> Progress:
        office, mailbox = self._runtime.office, self._account.name
        try:
            return process_waiting(office, self._read, mailbox=mailbox)
        except SealError:
            if not set_unopened_aside(office, mailbox=mailbox):
                raise
            return Progress(seen=1)

    def _due_lanes(self) -> tuple[int, ...]:
        with reading(self._runtime.engine) as connection:
            return outbox.due_lanes(connection, now=self._runtime.clock.now())

    def _take_lease(self) -> bool:
        with transaction(self._runtime.engine) as connection:
            return instance.take_lease(
                connection,
                f"mailbox:{self._account.name}",
                holder=self._holder,
                now=self._runtime.clock.now(),
                length=LEASE,
            )

    def _give_up_lease(self) -> None:
        try:
            with transaction(self._runtime.engine) as connection:
                instance.give_up_lease(
                    connection, f"mailbox:{self._account.name}", holder=self._holder
                )
        except TemporaryError:
            log.info("lease_left_to_run_out", mailbox=self._account.name)

    def _leave_word(self, trouble: str | None) -> None:
        try:
            with transaction(self._runtime.engine) as connection:
                instance.beat(
                    connection,
                    f"mailbox:{self._account.name}",
                    now=self._runtime.clock.now(),
                    note=trouble,
                )
        except TemporaryError:
            log.warning("heartbeat_failed", mailbox=self._account.name)
