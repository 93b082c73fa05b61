"""A new key number for tokens and Message-IDs, and the end of one that is trusted no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.casework.desk import Desk
from mailflow.casework.record_decision import Pen
from mailflow.core.policy.readdressing import tell_new_addresses
from mailflow.store import cases, instance, reply_tokens
from mailflow.store.audit_log import append_audit
from mailflow.store.batch import Batch
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office

KEY_ROTATION = "key_rotation"
"""The heartbeat that says when a new key number was made last."""

_CASES_AT_ONCE = 20


@dataclass(frozen=True)
class Revoked:
    """``told`` counts the mails that bring people a new reply address."""

    active_kid: int
    told: int


def rotate_keys(office: Office, *, asker: Asker) -> int:
    """From now on new tokens use another key number; the old ones stay good. Returns it.

    Raises MailflowError when all numbers are used up.
    """
    kid = office.keyring.rotate()
    _note(office, asker, kind="key_rotated", active=kid)
    return kid


def take_sheet(office: Office, *, asker: Asker) -> str:
    """The recovery sheet; that it was taken is on record before anybody sees it."""
    row = asker.audit_row("keyring_sheet_taken", at=office.clock.now())
    with transaction(office.engine) as connection:
        append_audit(connection, office.keyring, [row])
    return office.keyring.write_sheet()


def revoke_key(office: Office, kid: int, *, asker: Asker) -> Revoked:
    """Mail to the reply addresses of this key number is held from now on; who has one in an open
    case gets another at the address in the directory. Doing it again finishes what broke off.

    Raises MailflowError for a number that there is not.
    """
    active = office.keyring.revoke(kid)
    _note(office, asker, kind="key_revoked", active=active, revoked=kid)
    told = 0
    while True:
        done = _readdress_some(office, kid, active=active)
        if done is None:
            return Revoked(active, told)
        told += done


def _note(
    office: Office, asker: Asker, *, kind: str, active: int, revoked: int | None = None
) -> None:
    now = office.clock.now()
    with transaction(office.engine) as connection:
        instance.enrol_keyring(connection, office.keyring, now=now)
        instance.beat(connection, KEY_ROTATION, now=now)
        row = asker.audit_row(kind, at=now, active=active, revoked=revoked)
        append_audit(connection, office.keyring, [row])


def _readdress_some(office: Office, kid: int, *, active: int) -> int | None:
    """How many mails were ordered for the next few cases; None when no case is left."""
    now = office.clock.now()
    with transaction(office.engine) as connection:
        holders = reply_tokens.holders_of_kid(connection, kid, limit=_CASES_AT_ONCE)
        if not holders:
            return None
        desk = Desk(office, office.house())
        desk.files = cases.load_cases(connection, office.keyring, holders)
        desk.handles = reply_tokens.handles_by_case(connection, holders)
        pen = Pen(Batch(), desk, now, [])
        told = 0
        for uid, loaded in list(desk.files.items()):
            decision = tell_new_addresses(
                loaded.file, desk.house, holders=holders[uid], cause=f"key:{kid}:{uid}", now=now
            )
            told += len(decision.mails)
            if decision.mails:
                pen.write_case(decision)
        pen.save(connection)
        reply_tokens.move_to_kid(connection, holders, old=kid, new=active)
    return told
