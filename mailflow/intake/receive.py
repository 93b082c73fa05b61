"""From the server into the database: store sealed first, move on the server last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.intake.lane import read_lane
from mailflow.intake.own_lists import without_own_list
from mailflow.store import inbound
from mailflow.store.inbound import FetchedMail
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Engine

    from mailflow.clock import Clock
    from mailflow.intake.mailbox import MailboxSession, MailHead
    from mailflow.keys.keyring import Keyring

HEADS_AT_ONCE = 500
MAILS_IN_FLIGHT = 64
BYTES_IN_FLIGHT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Intake:
    """What receiving works with. ``is_urgent`` judges a subject line; ``has_room`` says whether
    the disk may take more: without room, mail stays safe on the server. ``own_lists`` are the
    List-Ids of each mailbox that are the organisation's own.
    """

    engine: Engine = field(repr=False)
    keyring: Keyring
    clock: Clock
    is_urgent: Callable[[str], bool]
    has_room: Callable[[], bool] = lambda: True
    own_lists: Mapping[str, Collection[str]] = field(default_factory=dict)


def receive_new(intake: Intake, session: MailboxSession, *, mailbox: str) -> Iterator[int]:
    """Store every mail that is on the server and not with us, urgent ones first; gives the
    number of mails after each run that was stored, so that a caller can work in between.

    New is what is not stored above the low-water mark, which only moves over UIDs that are
    stored or gone: what came urgently out of turn never hides what lies before it.
    """
    if not intake.has_room():
        return
    validity = session.uidvalidity
    with reading(intake.engine) as connection:
        low = inbound.low_water(connection, mailbox, uidvalidity=validity)
        known = inbound.known_uids(connection, mailbox, uidvalidity=validity, above=low)
    move_stored(intake, session, mailbox=mailbox)
    listed = session.list_uids(above=low)
    wanted = [uid for uid in listed if uid not in known]
    received: set[int] = set()
    own_lists = intake.own_lists.get(mailbox, ())
    for chunk in _in_flight(_by_lane(intake, session, wanted, own_lists)):
        received.update(_store(intake, session, chunk, mailbox))
        yield len(chunk)
    if listed:
        missing = set(wanted) - received
        still_there = missing.intersection(session.list_uids(above=low)) if missing else set()
        mark = min(still_there) - 1 if still_there else listed[-1]
        with transaction(intake.engine) as connection:
            inbound.raise_low_water(connection, mailbox, uidvalidity=validity, low_water=mark)


@dataclass(frozen=True)
class _Next:
    """A mail that is about to be fetched."""

    head: MailHead
    lane: int
    message_id: str | None


def _by_lane(
    intake: Intake, session: MailboxSession, uids: Sequence[int], own_lists: Collection[str]
) -> list[_Next]:
    """All heads first, so that the last urgent mail of a flood is fetched first."""
    found: list[_Next] = []
    for start in range(0, len(uids), HEADS_AT_ONCE):
        for head in session.fetch_heads(uids[start : start + HEADS_AT_ONCE]):
            header = without_own_list(head.header, own_lists)
            lane, message_id = read_lane(header, is_urgent=intake.is_urgent)
            found.append(_Next(head, int(lane), message_id))
    return sorted(found, key=lambda one: (one.lane, one.head.uid))


def _store(
    intake: Intake, session: MailboxSession, chunk: Sequence[_Next], mailbox: str
) -> list[int]:
    by_uid = {one.head.uid: one for one in chunk}
    mails = [
        FetchedMail(
            mailbox=mailbox,
            uidvalidity=session.uidvalidity,
            uid=body.uid,
            internal_date=body.internal_date,
            raw=body.raw,
            lane=by_uid[body.uid].lane,
            message_id=by_uid[body.uid].message_id,
        )
        for body in session.fetch(list(by_uid), expected_bytes=sum(o.head.size for o in chunk))
    ]
    with transaction(intake.engine) as connection:
        inbound.store_fetched(connection, intake.keyring, mails, now=intake.clock.now())
    move_stored(intake, session, mailbox=mailbox)
    return [mail.uid for mail in mails]


def _in_flight(mails: Sequence[_Next]) -> Iterator[list[_Next]]:
    """Runs of mails that together stay within what we hold in memory at once."""
    chunk: list[_Next] = []
    size = 0
    for one in mails:
        if chunk and (len(chunk) >= MAILS_IN_FLIGHT or size + one.head.size > BYTES_IN_FLIGHT):
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += one.head.size
    if chunk:
        yield chunk


def move_stored(intake: Intake, session: MailboxSession, *, mailbox: str) -> None:
    """Move what is committed; a crash between the two leaves it to the next call."""
    with reading(intake.engine) as connection:
        waiting = inbound.unmoved(connection, mailbox, uidvalidity=session.uidvalidity)
    if not waiting:
        return
    moved = session.move(list(waiting.values()))
    with transaction(intake.engine) as connection:
        inbound.record_moved(
            connection, {row_id: moved.get(uid) for row_id, uid in waiting.items()}
        )
