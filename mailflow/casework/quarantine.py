"""Mails that could not be read: shown to those who may, tried again, or discarded for a reason."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.desk import Desk
from mailflow.casework.record_decision import Pen
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.sight import Sight
from mailflow.core.mail.parse import parse_fields_only
from mailflow.core.policy.decision import Decision
from mailflow.errors import SealError
from mailflow.store import cases, set_aside
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.batch import Batch
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.core.mail.message import Message
    from mailflow.store.cases import LoadedCase
    from mailflow.store.inbound import InboundState
    from mailflow.store.set_aside import InboundRow


log = structlog.get_logger()


@dataclass(frozen=True)
class Quarantined:
    """``case`` is the reference of the case that tells of the mail. ``fields`` is what the header
    says, None for whoever may not read it; ``raw`` the original bytes, where asked for.
    """

    row: InboundRow
    case: str | None
    fields: Message | None = None
    raw: bytes | None = None


def list_quarantined(office: Office, *, asker: Asker) -> tuple[Quarantined, ...]:
    """Oldest first, without anything that the mails say."""
    with reading(office.engine) as connection:
        rows = set_aside.list_set_aside(connection)
        uids = {row.case_uid for row in rows if row.case_uid}
        files = cases.load_cases(connection, office.keyring, uids)
    listed = []
    for row in rows:
        loaded = files.get(row.case_uid or "")
        if asker.sight(loaded.case if loaded else None) is not Sight.NOTHING:
            listed.append(Quarantined(row, loaded.case.ref if loaded else None))
    return tuple(listed)


def set_unopened_aside(office: Office, *, mailbox: str) -> int:
    """One mail whose seal is broken must not keep those behind it: it is kept, and told of."""
    now = office.clock.now()
    with transaction(office.engine) as connection:
        broken = set_aside.set_broken_aside(connection, office.keyring, mailbox=mailbox, now=now)
        entries = [
            AuditEntry(
                EventKind.MAIL_QUARANTINED,
                now,
                payload={"mail": mail_id, "reason": set_aside.BROKEN_SEAL},
            )
            for mail_id in broken
        ]
        append_audit(connection, office.keyring, entries)
    for mail_id in broken:
        log.error("mail_quarantined", mail=mail_id, reason=set_aside.BROKEN_SEAL)
    return len(broken)


def show_quarantined(
    office: Office, mail_id: str, *, asker: Asker, with_raw: bool = False
) -> Quarantined | None:
    """One mail; what it says only for a person who may read its case, and on record either way.

    None when there is none, or none for this person. ``raw`` stays None for whoever may not read.
    """
    with transaction(office.engine) as connection:
        row, loaded = _find(connection, office, mail_id, states=set_aside.MENDABLE)
        sight = asker.sight(loaded.case if loaded else None)
        is_shown = row is not None and sight is not Sight.NOTHING
        may_read = is_shown and sight is Sight.WHOLE
        shown = None
        if row is not None and is_shown:
            shown = Quarantined(row, loaded.case.ref if loaded else None)
        if row is not None and may_read:
            vault = loaded.vault if loaded else None
            with suppress(SealError):
                raw = set_aside.open_stored(connection, office.keyring, row, vault=vault).raw
                shown = Quarantined(
                    row,
                    loaded.case.ref if loaded else None,
                    fields=parse_fields_only(raw),
                    raw=raw if with_raw else None,
                )
        entry = asker.audit_row(
            "raw_mail_read" if with_raw else "quarantine_read",
            at=office.clock.now(),
            case_uid=loaded.case.uid if loaded else None,
            mail=mail_id[:40],
            allowed=may_read,
        )
        append_audit(connection, office.keyring, [entry])
    return shown


def retry_quarantined(office: Office, mail_id: str, *, asker: Asker) -> bool:
    """Put a mail back to be processed as if it had just come in; its case gets a word of it.

    Also a discarded one. False when there is none, or none that this person may handle.
    """
    with transaction(office.engine) as connection:
        row, loaded = _find(connection, office, mail_id, states=set_aside.MENDABLE)
        if row is None or not asker.may_handle(loaded.case if loaded else None):
            return False
        set_aside.put_back(connection, office.keyring, row, vault=loaded.vault if loaded else None)
        set_aside.forget_empty_message(connection, row.id)
        _put_on_record(
            connection, office, asker, loaded, kind=EventKind.MAIL_RETRIED, mail_id=row.id
        )
    return True


def discard_quarantined(office: Office, mail_id: str, *, asker: Asker, reason: str) -> bool:
    """Take a mail off the list; its bytes stay. ``reason`` is kept sealed.

    False when there is none, or none that this person may handle.
    """
    with transaction(office.engine) as connection:
        row, loaded = _find(connection, office, mail_id, states=set_aside.IN_QUARANTINE)
        if row is None or not asker.may_handle(loaded.case if loaded else None):
            return False
        set_aside.discard(connection, row.id)
        _put_on_record(
            connection,
            office,
            asker,
            loaded,
            kind=EventKind.MAIL_DISCARDED,
            mail_id=row.id,
            reason=reason,
        )
    return True


def _find(
    connection: Connection, office: Office, mail_id: str, *, states: tuple[InboundState, ...]
) -> tuple[InboundRow | None, LoadedCase | None]:
    row = set_aside.find_inbound(connection, mail_id)
    if row is None or row.state not in states:
        return None, None
    uids = {row.case_uid} if row.case_uid else set()
    files = cases.load_cases(connection, office.keyring, uids)
    return row, files.get(row.case_uid or "")


def _put_on_record(
    connection: Connection,
    office: Office,
    asker: Asker,
    loaded: LoadedCase | None,
    *,
    kind: EventKind,
    mail_id: str,
    reason: str | None = None,
) -> None:
    """The event of the case, where there is one, and the audit row."""
    now = office.clock.now()
    facts = {"message": mail_id, **({"reason": reason} if reason else {})}
    desk = Desk(office, office.house())
    pen = Pen(Batch(), desk, now, [])
    if loaded is not None:
        desk.files[loaded.case.uid] = loaded
        event = Event(kind, now, actor=asker.name, data=facts)
        pen.write_case(Decision(disposition=None, case=loaded.case, events=(event,)))
    uid = loaded.case.uid if loaded else None
    pen.audit.append(asker.audit_row(kind, at=now, case_uid=uid, **facts))
    pen.save(connection)
