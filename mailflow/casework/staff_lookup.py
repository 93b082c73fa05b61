"""What is looked up before a staff member's mail is decided: their case in full, ids for cases
that they may open, and how often they were challenged lately.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.casework.dossiers import fetch_dossier
from mailflow.core.policy.decision import NewCaseIds, Situation
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.keys.case_ids import case_ref, case_uid
from mailflow.store import cases
from mailflow.store.instance import Counter, count_up, read_counters

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.desk import ReadMail
    from mailflow.casework.record_decision import Pen
    from mailflow.core.policy.decision import Arrival, Thread

MOST_NEW_CASES = 3
MOST_CHALLENGES_AN_HOUR = 3
_REF_ATTEMPTS = 4


def look_up_staff_mail(
    connection: Connection, pen: Pen, mail: ReadMail, thread: Thread, arrival: Arrival
) -> tuple[Arrival, Situation]:
    """The arrival and the situation with all that a staff mail may need. What earlier mails of
    the batch came to is written first, so that it is seen.
    """
    pen.flush(connection)
    desk = pen.desk
    dossier = fetch_dossier(connection, desk, mail, thread)
    pen.pending_states |= {one.outbox_id: one.state for one in dossier.pending}
    arrival = replace(
        arrival,
        more_ids=_more_ids(connection, pen, mail),
        challenges_left=_may_challenge(connection, pen, arrival),
    )
    return arrival, replace(desk.situation(), dossier=dossier)


def _more_ids(connection: Connection, pen: Pen, mail: ReadMail) -> tuple[NewCaseIds, ...]:
    keyring = pen.desk.office.keyring
    uids = [case_uid(keyring, mail.digest, number=n) for n in range(1, MOST_NEW_CASES + 1)]
    wanted = [case_ref(uid, attempt=a) for uid in uids for a in range(_REF_ATTEMPTS)]
    taken = set(cases.taken_refs(connection, wanted))
    ids = []
    for uid in uids:
        refs = (case_ref(uid, attempt=a) for a in range(_REF_ATTEMPTS))
        ref = next(one for one in refs if one not in taken)
        taken.add(ref)
        ids.append(NewCaseIds(uid, ref))
    return tuple(ids)


def _may_challenge(connection: Connection, pen: Pen, arrival: Arrival) -> bool:
    """Three an hour are enough: whoever forges a name must not flood its owner."""
    counter = _counter(pen, arrival.sender)
    return read_counters(connection, {counter}).get(counter, 0) < MOST_CHALLENGES_AN_HOUR


def count_challenge(connection: Connection, pen: Pen, sender: str) -> None:
    """One more challenge was sent in a sender's name."""
    count_up(connection, {_counter(pen, sender): 1})


def _counter(pen: Pen, sender: str) -> Counter:
    hour = pen.now.replace(minute=0, second=0, microsecond=0)
    subject = blind_index(pen.desk.office.keyring, IndexPurpose.ADDRESS, sender)
    return Counter("challenges", subject, hour)
