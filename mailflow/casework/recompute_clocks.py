"""After an edit of calendars or targets: open cases recomputed, a few at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailflow.casework.desk import Desk
from mailflow.casework.record_decision import Pen
from mailflow.core.policy.recomputed import recompute
from mailflow.store import cases, instance
from mailflow.store.batch import Batch
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from mailflow.casework.office import Office
    from mailflow.core.policy.house import House

# SQLite has one writer: small pieces leave room for the mail that comes meanwhile.
BATCH_SIZE = 50
_WORD = "clocks_computed_by"
_DONE = "-"

log = structlog.get_logger()


def recompute_some(office: Office, *, limit: int = BATCH_SIZE) -> bool:
    """Recompute the next open cases if the policy has changed; whether more are left.

    Each call is one short transaction, so that intake goes on in between. Where it stands is
    kept in the database: a restart goes on from there. Raises TemporaryError, ConflictError.
    """
    house = office.house()
    policy = policy_id(house)
    with reading(office.engine) as connection:
        word = instance.heartbeat_note(connection, _WORD)
    computed_by, _, cursor = (word or "").partition(" ")
    if word is None or (computed_by == policy and cursor == _DONE):
        if word is None:
            _leave_word(office, policy, _DONE)
        return False
    start = cursor if computed_by == policy else ""
    with transaction(office.engine) as connection:
        uids = cases.open_case_uids(connection, after=start, limit=limit)
        files = cases.load_cases(connection, office.keyring, uids)
        desk = Desk(office, house, files=files)
        pen = Pen(Batch(), desk, office.clock.now(), [])
        moved = 0
        for uid in uids:
            decision = recompute(files[uid].file, house, now=pen.now)
            if decision.events:
                pen.write_case(decision)
                moved += 1
        pen.save(connection)
        next_cursor = uids[-1] if len(uids) == limit else _DONE
        instance.beat(connection, _WORD, now=pen.now, note=f"{policy} {next_cursor}")
    log.debug("clocks_recomputed", cases=len(uids), moved=moved)
    return next_cursor != _DONE


def policy_id(house: House) -> str:
    """What due times depend on: the rules folder's content, time zones and holidays."""
    return f"{house.bundle.id}/{house.sla.build}".replace(" ", "_")


def _leave_word(office: Office, policy: str, cursor: str) -> None:
    with transaction(office.engine) as connection:
        instance.beat(connection, _WORD, now=office.clock.now(), note=f"{policy} {cursor}")
