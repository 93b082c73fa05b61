"""The outbox as one person may see it, and mails queued again by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.sight import Sight
from mailflow.errors import SealError
from mailflow.store import cases, outbox
from mailflow.store.audit_log import append_audit
from mailflow.store.outbox_pages import find_outbox_row, walk_outbox
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import RowMapping

    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.store.cases import LoadedCase
    from mailflow.store.outbox import OutboxState


@dataclass(frozen=True)
class ListedMail:
    """``to`` is None for whoever may not read the case; ``message_id`` when it was erased."""

    id: str
    case: str | None
    template: str
    to: str | None
    state: str
    attempts: int
    message_id: str | None
    due_at: datetime
    sent_at: datetime | None
    error: str | None


def list_outbox(
    office: Office, *, asker: Asker, state: OutboxState | None = None, ref: str | None = None
) -> Iterator[ListedMail]:
    """Oldest first. Mails of a case that the asker must not know of have no row."""
    uid = None
    if ref is not None:
        with reading(office.engine) as connection:
            uid = cases.find_case_uid(connection, ref)
        if uid is None:
            return
    if asker.person is not None:
        row = asker.audit_row("outbox_read", at=office.clock.now(), ref=ref, state=state)
        with transaction(office.engine) as connection:
            append_audit(connection, office.keyring, [row])
    for page in walk_outbox(office.engine, state=state, case_uid=uid):
        uids = {mail["case_uid"] for mail in page if mail["case_uid"]}
        with reading(office.engine) as connection:
            files = cases.load_cases(connection, office.keyring, uids)
        for mail in page:
            listed = _listed(office, mail, files.get(mail["case_uid"] or ""), asker)
            if listed is not None:
                yield listed


def retry_mails(office: Office, ids: tuple[str, ...], *, asker: Asker) -> dict[str, bool]:
    """Queue dead and put-off mails to be sent at once; False for one in no such state."""
    now = office.clock.now()
    done: dict[str, bool] = {}
    with transaction(office.engine) as connection:
        entries = []
        for mail_id in ids:
            row = find_outbox_row(connection, mail_id)
            done[mail_id] = row is not None and outbox.retry_mail(connection, mail_id, now=now)
            if row is not None and done[mail_id]:
                entries.append(
                    asker.audit_row("mail_requeued", at=now, case_uid=row["case_uid"], mail=mail_id)
                )
        append_audit(connection, office.keyring, entries)
    return done


def _listed(
    office: Office, row: RowMapping, loaded: LoadedCase | None, asker: Asker
) -> ListedMail | None:
    sight = Sight.OUTLINE if loaded is None else asker.sight(loaded.case)
    if sight is Sight.NOTHING:
        return None
    message_id = recipient = None
    if loaded is not None or row["case_uid"] is None:
        try:
            mail = outbox.open_row(office.keyring, row, loaded.vault if loaded else None)
        except SealError:
            mail = None
        if mail is not None:
            message_id = mail.addressing.message_id
            recipient = mail.order.recipient
    is_own = loaded is not None and recipient == loaded.case.requester
    shows_recipient = sight is Sight.WHOLE or (sight is Sight.OWN and is_own)
    return ListedMail(
        id=row["id"],
        case=loaded.case.ref if loaded else None,
        template=row["template"],
        to=recipient if shows_recipient else None,
        state=row["state"],
        attempts=row["tries"],
        message_id=message_id,
        due_at=row["due_at"],
        sent_at=row["sent_at"],
        error=row["error"],
    )
