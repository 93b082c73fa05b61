"""Proving that every mail on the server is stored, and storing what is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.intake.lane import read_lane
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.receive import BYTES_IN_FLIGHT, HEADS_AT_ONCE, MAILS_IN_FLIGHT
from mailflow.store import reconciled
from mailflow.store.inbound import FetchedMail, store_fetched
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mailflow.intake.mailbox import ImapAccount, MailBody, MailHead
    from mailflow.intake.receive import Intake


@dataclass(frozen=True)
class FolderCount:
    """``missing`` are the UIDs of mails that had no row, and have one now."""

    mailbox: str
    folder: str
    on_server: int
    missing: tuple[int, ...]


@dataclass(frozen=True)
class _Folder:
    mailbox: str
    name: str
    is_processed: bool


def reconcile_mailbox(
    intake: Intake, account: ImapAccount, *, mailbox: str
) -> tuple[FolderCount, ...]:
    """Look at INBOX and Processed. What is there without a row is stored, and waits to be decided.

    Raises TemporaryError when the server or the database does not answer.
    """
    other = replace(account, folder=account.processed, processed=account.folder)
    return (
        _reconcile(intake, account, _Folder(mailbox, account.folder, is_processed=False)),
        _reconcile(intake, other, _Folder(mailbox, account.processed, is_processed=True)),
    )


def _reconcile(intake: Intake, account: ImapAccount, folder: _Folder) -> FolderCount:
    session = MailboxSession(account)
    try:
        uids = session.list_uids(above=0)
        known = _known_uids(intake, folder, session.uidvalidity)
        unknown = [uid for uid in uids if uid not in known]
        missing: list[int] = []
        for heads in _in_flight(session, unknown):
            bodies = session.fetch([head.uid for head in heads])
            missing += _store_missing(intake, folder, session.uidvalidity, heads, bodies)
    finally:
        session.close()
    return FolderCount(folder.mailbox, folder.name, len(uids), tuple(sorted(missing)))


def _known_uids(intake: Intake, folder: _Folder, validity: int) -> frozenset[int]:
    look = reconciled.processed_uids if folder.is_processed else reconciled.arrived_uids
    with reading(intake.engine) as connection:
        return look(connection, folder.mailbox, uidvalidity=validity)


def _store_missing(
    intake: Intake,
    folder: _Folder,
    validity: int,
    heads: Sequence[MailHead],
    bodies: Sequence[MailBody],
) -> list[int]:
    """Store those whose bytes we do not have, and note where the others lie."""
    by_uid = {head.uid: head for head in heads}
    found: list[FetchedMail] = []
    sign = -1 if folder.is_processed else 1
    with transaction(intake.engine) as connection:
        for body in bodies:
            row_id = reconciled.find_stored(
                connection, intake.keyring, body.raw, mailbox=folder.mailbox
            )
            if row_id is None:
                lane, message_id = read_lane(by_uid[body.uid].header, is_urgent=intake.is_urgent)
                found.append(
                    FetchedMail(
                        mailbox=folder.mailbox,
                        uidvalidity=validity,
                        uid=sign * body.uid,
                        internal_date=body.internal_date,
                        raw=body.raw,
                        lane=lane,
                        message_id=message_id,
                    )
                )
            elif folder.is_processed:
                reconciled.note_place(connection, row_id, uidvalidity=validity, uid=body.uid)
        now = intake.clock.now()
        store = reconciled.store_found if folder.is_processed else store_fetched
        store(connection, intake.keyring, found, now=now)
    return [abs(mail.uid) for mail in found]


def _in_flight(session: MailboxSession, uids: Sequence[int]) -> Iterator[list[MailHead]]:
    """Runs of mails that together stay within what we hold in memory at once."""
    for start in range(0, len(uids), HEADS_AT_ONCE):
        run: list[MailHead] = []
        size = 0
        for head in session.fetch_heads(uids[start : start + HEADS_AT_ONCE]):
            if run and (len(run) >= MAILS_IN_FLIGHT or size + head.size > BYTES_IN_FLIGHT):
                yield run
                run, size = [], 0
            run.append(head)
            size += head.size
        if run:
            yield run
