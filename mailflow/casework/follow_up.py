"""A due timer: load its case, decide, save; one that fails is put out of the way."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import IntegrityError

from mailflow.casework.desk import Desk, load_workload
from mailflow.casework.record_decision import Pen
from mailflow.casework.staff_effects import renew_addresses
from mailflow.core.case.case_file import UndeliveredMail
from mailflow.core.case.clock import TimerKind
from mailflow.core.followup import follow_up
from mailflow.errors import ConflictError, TemporaryError
from mailflow.store import cases, outbox, reply_tokens, timers
from mailflow.store.audit_log import AuditEntry
from mailflow.store.batch import Batch
from mailflow.store.outbox_pages import UNDELIVERED_STATES, find_outbox_row
from mailflow.store.session import reading, transaction
from mailflow.store.timers import FAILED_TIMER_WAIT

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.office import Office
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.store.cases import LoadedCase
    from mailflow.store.timers import DueTimer

BATCH_SIZE = 500
_CONFLICT_TRIES = 3


def follow_up_due(office: Office, *, limit: int = BATCH_SIZE) -> int:
    """Handle the timers that are due, each in its own transaction; returns how many there were.

    Raises TemporaryError when the database is busy.
    """
    now = office.clock.now()
    with reading(office.engine) as connection:
        due = timers.due_timers(connection, now=now, limit=limit)
    for timer in due:
        try:
            _handle_safely(office, timer)
        except TemporaryError:
            raise
        except Exception as error:
            log.exception("timer_failed", timer=timer.id, error=type(error).__name__)
            with transaction(office.engine) as connection:
                timers.postpone_timer(connection, timer.id, until=now + FAILED_TIMER_WAIT)
    return len(due)


def _handle_safely(office: Office, due: DueTimer) -> None:
    """Another process may write to the same case in the same moment: then read it again."""
    for _ in range(_CONFLICT_TRIES):
        with suppress(ConflictError, IntegrityError):
            _handle(office, due)
            return
    _handle(office, due)


def _handle(office: Office, due: DueTimer) -> None:
    now = office.clock.now()
    with transaction(office.engine) as connection:
        if not timers.take_timer(connection, due):
            return
        files = cases.load_cases(connection, office.keyring, [due.case_uid])
        loaded = files.get(due.case_uid)
        if loaded is None:
            return
        file = _with_mails(connection, office, loaded, due.timer)
        house = office.house()
        workload = load_workload(connection, office, house)
        decision = follow_up(due.timer, file, house, now=now, workload=workload)
        if not decision.events and not decision.timers and not decision.mails:
            return
        desk = Desk(office, house, files=files)
        desk.handles = reply_tokens.handles_by_case(connection, files)
        batch = Batch()
        pen = Pen(batch, desk, now, [])
        pen.write_case(decision)
        renew_addresses(pen, decision)
        pen.audit.append(
            AuditEntry(
                "timer_handled",
                now,
                due.case_uid,
                payload={"target": due.timer.target, "step": due.timer.step},
            )
        )
        pen.save(connection)


def _with_mails(
    connection: Connection, office: Office, loaded: LoadedCase, timer: Timer
) -> CaseFile:
    """The case with what some timers look at beside it: what became of its mails."""
    file = loaded.file
    if timer.kind is TimerKind.CLIMB:
        ordered, sent = outbox.escalations_of(connection, office.keyring, loaded.vault)
        return replace(file, escalations_ordered=ordered, escalations_sent=sent)
    if timer.kind is TimerKind.UNDELIVERED:
        row = find_outbox_row(connection, timer.step)
        if row is None or row["state"] not in UNDELIVERED_STATES:
            return file
        mail = outbox.open_row(office.keyring, row, loaded.vault)
        undelivered = UndeliveredMail(
            mail.id, mail.order.recipient, mail.order.cause, mail.error or "-"
        )
        return replace(file, undelivered=undelivered)
    return file


log = structlog.get_logger()
