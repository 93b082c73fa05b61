"""Held mails: seen by those who handle their case, accepted into it, or rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.casework.desk import Desk, ReadMail, digest_of, lay_out
from mailflow.casework.process_message import ParsedMail
from mailflow.casework.record_decision import Pen
from mailflow.core.acceptance import accept_mail
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.sight import Sight
from mailflow.core.mail.parse import parse_fields_only
from mailflow.core.policy.decision import Arrival, Decision, NewCaseIds
from mailflow.keys.case_ids import case_ref, case_uid
from mailflow.store import cases, held_items, reply_tokens, set_aside
from mailflow.store.audit_log import append_audit
from mailflow.store.batch import Batch
from mailflow.store.held_items import HeldState
from mailflow.store.sealed import INTAKE
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.casework.process_message import Reader
    from mailflow.core.mail.message import Message
    from mailflow.store.cases import LoadedCase
    from mailflow.store.held_items import HeldItem
    from mailflow.store.inbound import StoredMail
    from mailflow.store.set_aside import InboundRow


@dataclass(frozen=True)
class HeldMail:
    """``fields`` is what the header says, None for whoever may not read the case."""

    item: HeldItem
    case: str | None
    fields: Message | None = None


class HeldAnswer(StrEnum):
    """What became of a wish to decide. NOT_YOURS also says that there is no such mail."""

    DONE = "done"
    NOT_YOURS = "not_yours"
    NO_CASE = "no_case"
    TRY_LATER = "try_later"


@dataclass(frozen=True)
class _Found:
    item: HeldItem
    row: InboundRow
    loaded: LoadedCase | None


def list_held(office: Office, *, asker: Asker) -> tuple[HeldMail, ...]:
    """Those that wait, oldest first; a look in somebody's name is on record."""
    listed: list[HeldMail] = []
    with transaction(office.engine) as connection:
        items = held_items.list_held(connection)
        uids = {item.case_uid for item in items if item.case_uid}
        files = cases.load_cases(connection, office.keyring, uids)
        for item in items:
            loaded = files.get(item.case_uid or "")
            sight = asker.sight(loaded.case if loaded else None)
            if sight in (Sight.WHOLE, Sight.OUTLINE):
                fields = None
                if sight is Sight.WHOLE:
                    fields = _fields(connection, office, item, loaded)
                listed.append(HeldMail(item, loaded.case.ref if loaded else None, fields))
        if asker.person is not None:
            now = office.clock.now()
            row = asker.audit_row("held_list_read", at=now, held=[one.item.id for one in listed])
            append_audit(connection, office.keyring, [row])
    return tuple(listed)


def reject_held(office: Office, held_id: str, *, asker: Asker) -> HeldAnswer:
    """The mail stays in the ledger as held and joins nothing; its bytes are kept."""
    now = office.clock.now()
    with transaction(office.engine) as connection:
        found = _find(connection, office, held_id, asker=asker)
        if found is None or not held_items.decide_held(
            connection, held_id, state=HeldState.REJECTED, now=now
        ):
            return HeldAnswer.NOT_YOURS
        set_aside.say_why(connection, found.row.id, reason="rejected")
        desk = Desk(office, office.house())
        pen = Pen(Batch(), desk, now, [])
        if found.loaded is not None:
            case = found.loaded.case
            desk.files[case.uid] = found.loaded
            data = {"message": found.row.id, "because": found.item.reason}
            event = Event(EventKind.MAIL_REJECTED, now, actor=asker.name, data=data)
            pen.write_case(Decision(disposition=None, case=case, events=(event,)))
        _finish(connection, pen, asker, found, kind="held_rejected")
    return HeldAnswer.DONE


def accept_held(office: Office, read: Reader, held_id: str, *, asker: Asker) -> HeldAnswer:
    """The mail joins its case as if it had been sure when it came; commands in it are not run.

    Raises TemporaryError when the database is busy.
    """
    with reading(office.engine) as connection:
        found = _find(connection, office, held_id, asker=asker)
        if found is None:
            return HeldAnswer.NOT_YOURS
        if found.loaded is None:
            return HeldAnswer.NO_CASE
        stored = set_aside.open_stored(
            connection, office.keyring, found.row, vault=found.loaded.vault
        )
    # Parsing is slow and may fail: never inside the transaction.
    (outcome,) = read([stored])
    if not isinstance(outcome, ParsedMail):
        return HeldAnswer.TRY_LATER
    with transaction(office.engine) as connection:
        return _accept(connection, office, outcome, held_id, asker)


def _accept(
    connection: Connection, office: Office, parsed: ParsedMail, held_id: str, asker: Asker
) -> HeldAnswer:
    now = office.clock.now()
    found = _find(connection, office, held_id, asker=asker)
    if found is None or found.loaded is None:
        return HeldAnswer.NOT_YOURS
    if not held_items.decide_held(connection, held_id, state=HeldState.ACCEPTED, now=now):
        return HeldAnswer.NOT_YOURS
    key_wrap = set_aside.put_back(connection, office.keyring, found.row, vault=found.loaded.vault)
    stored = replace(parsed.stored, key_wrap=key_wrap, wrapped_under=INTAKE)
    mail = ReadMail(stored, parsed.message, parsed.verdict, digest_of(parsed.message))
    desk = lay_out(connection, office, [mail])
    loaded = _with_target(connection, office, desk, found.loaded)
    decision = accept_mail(
        _arrival(office, desk, mail),
        loaded.file,
        desk.house,
        desk.situation(),
        accepted_by=asker.name,
    )
    pen = Pen(Batch(), desk, now, [])
    pen.write(mail, decision)
    _finish(connection, pen, asker, found, kind="held_accepted")
    return HeldAnswer.DONE


def _with_target(
    connection: Connection, office: Office, desk: Desk, loaded: LoadedCase
) -> LoadedCase:
    """The case, or the one it was merged into, laid on the desk."""
    seen: set[str] = set()
    while loaded.case.merged_into and loaded.case.merged_into not in seen:
        seen.add(loaded.case.uid)
        target = loaded.case.merged_into
        loaded = cases.load_cases(connection, office.keyring, [target]).get(target, loaded)
    desk.files[loaded.case.uid] = loaded
    desk.handles |= reply_tokens.handles_by_case(connection, [loaded.case.uid])
    return loaded


def _arrival(office: Office, desk: Desk, mail: ReadMail) -> Arrival:
    uid = case_uid(office.keyring, mail.digest)
    return Arrival(
        inbound_id=mail.stored.id,
        alias=desk.house.aliases[mail.stored.mailbox],
        message=mail.message,
        verdict=mail.verdict,
        received_at=mail.stored.internal_date,
        now=office.clock.now(),
        cause=mail.digest.hex(),
        ids=NewCaseIds(uid, case_ref(uid, attempt=0)),
    )


def _find(connection: Connection, office: Office, held_id: str, *, asker: Asker) -> _Found | None:
    """A waiting item that this person may decide about. An operator may not: who accepts a
    mail vouches for it.
    """
    item = held_items.find_held(connection, held_id)
    if item is None or item.state is not HeldState.WAITING or asker.person is None:
        return None
    row = set_aside.find_inbound(connection, item.inbound_id)
    if row is None:
        return None
    uids = {item.case_uid} if item.case_uid else set()
    loaded = cases.load_cases(connection, office.keyring, uids).get(item.case_uid or "")
    if not asker.may_handle(loaded.case if loaded else None):
        return None
    return _Found(item, row, loaded)


def _finish(connection: Connection, pen: Pen, asker: Asker, found: _Found, *, kind: str) -> None:
    uid = found.loaded.case.uid if found.loaded else None
    pen.audit.append(
        asker.audit_row(kind, at=pen.now, case_uid=uid, held=found.item.id, mail=found.row.id)
    )
    pen.save(connection)


def _fields(
    connection: Connection, office: Office, item: HeldItem, loaded: LoadedCase | None
) -> Message | None:
    row = set_aside.find_inbound(connection, item.inbound_id)
    if row is None:
        return None
    vault = loaded.vault if loaded else None
    stored: StoredMail = set_aside.open_stored(connection, office.keyring, row, vault=vault)
    return parse_fields_only(stored.raw)
