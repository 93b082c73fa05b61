"""Taking mails of the outbox to send them, each under a lease and a fence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from mailflow.core.case.content import Template
from mailflow.core.policy.retry import CANNOT_CONNECT
from mailflow.store.outbox import LIVE_STATES, OutboxState, Stage
from mailflow.store.schema import outbox, outbox_attempts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, RowMapping

    from mailflow.store.outbox import OutboxMail

Claim = tuple[str, int]
"""A mail's id and the fence it was claimed under."""


def prolong(connection: Connection, claims: Collection[Claim], *, until: datetime) -> None:
    """Hold these mails longer, unless they were settled or taken by somebody else meanwhile."""
    for mail_id, fence in sorted(claims):
        connection.execute(
            update(outbox)
            .where(
                outbox.c.id == mail_id,
                outbox.c.fence == fence,
                outbox.c.state == OutboxState.SENDING,
            )
            .values(lease_until=until, due_at=until)
        )


@dataclass(frozen=True)
class Wanted:
    """Which due mails to take. Unless they ``may_have_waited``, only what was due from the first:
    nothing that was held back, put off or tried before.
    """

    lanes: tuple[int, ...]
    limit: int
    may_have_waited: bool = True


def claim_due(
    connection: Connection, wanted: Wanted, *, now: datetime, lease: timedelta
) -> tuple[RowMapping, ...]:
    """Take mails that are due, urgent lane first; each becomes ``sending`` under a new fence.

    While a mail is being sent its ``due_at`` is the end of the lease, so that a mail whose
    worker died becomes due by itself.
    """
    query = select(outbox).where(
        outbox.c.state.in_(LIVE_STATES),
        outbox.c.lane.in_(wanted.lanes),
        outbox.c.due_at <= now,
    )
    if not wanted.may_have_waited:
        query = query.where(
            outbox.c.state == OutboxState.QUEUED, outbox.c.due_at <= outbox.c.created_at
        )
    rows = (
        connection.execute(
            query.order_by(outbox.c.lane, outbox.c.due_at, outbox.c.id)
            .limit(wanted.limit)
            .with_for_update(skip_locked=True)
        )
        .mappings()
        .all()
    )
    _take(connection, rows, now=now, until=now + lease)
    return tuple(rows)


def _take(
    connection: Connection, rows: Sequence[RowMapping], *, now: datetime, until: datetime
) -> None:
    if not rows:
        return
    connection.execute(
        update(outbox)
        .where(outbox.c.id.in_([row["id"] for row in rows]))
        .values(
            state=OutboxState.SENDING,
            fence=outbox.c.fence + 1,
            tries=outbox.c.tries + 1,
            lease_until=until,
            due_at=until,
        )
    )
    attempts = [
        {
            "outbox_id": row["id"],
            "fence": row["fence"] + 1,
            "started_at": now,
            "stage": Stage.CLAIMED,
        }
        for row in rows
    ]
    connection.execute(insert(outbox_attempts), attempts)


def put_back(connection: Connection, mails: Sequence[OutboxMail], *, now: datetime) -> None:
    """What was claimed and never tried is due as before, and no try is counted."""
    for mail in sorted(mails, key=lambda mail: mail.id):
        was = OutboxState.QUEUED if mail.state is OutboxState.SENDING else mail.state
        given_back = connection.execute(
            update(outbox)
            .where(
                outbox.c.id == mail.id,
                outbox.c.fence == mail.fence,
                outbox.c.state == OutboxState.SENDING,
            )
            .values(state=was, due_at=mail.due_at, lease_until=None, tries=outbox.c.tries - 1)
        )
        if given_back.rowcount:
            connection.execute(
                update(outbox_attempts)
                .where(
                    outbox_attempts.c.outbox_id == mail.id, outbox_attempts.c.fence == mail.fence
                )
                .values(stage=Stage.ENDED, ended_at=now, reply="not tried")
            )


def hasten_unreached(connection: Connection, *, now: datetime) -> int:
    """Make due what was put off because the relay was not there; how many there were."""
    hastened = connection.execute(
        update(outbox)
        .where(
            outbox.c.state == OutboxState.DEFERRED,
            outbox.c.error == CANNOT_CONNECT,
            outbox.c.due_at > now,
        )
        .values(due_at=now)
    )
    return hastened.rowcount


def bury_unopened(connection: Connection, mail_id: str, *, now: datetime) -> None:
    """A claimed mail whose seal is broken is dead: no try will open it."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == mail_id, outbox.c.state == OutboxState.SENDING)
        .values(state=OutboxState.DEAD, due_at=now, lease_until=None, error="broken seal")
    )


def claim_nudges_to(
    connection: Connection,
    recipient_index: bytes,
    *,
    besides: Collection[str],
    now: datetime,
    limit: int,
) -> tuple[RowMapping, ...]:
    """Take the due nudges of one person as well, so that they can go together."""
    rows = (
        connection.execute(
            select(outbox)
            .where(
                outbox.c.recipient_index == recipient_index,
                outbox.c.template == Template.NUDGE,
                outbox.c.state == OutboxState.QUEUED,
                outbox.c.due_at <= now,
                outbox.c.id.not_in(list(besides)),
            )
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .mappings()
        .all()
    )
    _take(connection, rows, now=now, until=now)
    return tuple(rows)
