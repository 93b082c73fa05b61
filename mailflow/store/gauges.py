"""Figures about the work at hand, counted in the database: all processes tell the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from mailflow.store.held_items import count_held
from mailflow.store.inbound import InboundState
from mailflow.store.outbox import LIVE_STATES, OutboxState, Stage
from mailflow.store.schema import inbound, outbox, outbox_attempts, timers
from mailflow.store.set_aside import count_set_aside

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True)
class WorkGauges:
    """``*_since`` is when the oldest of it should have been done; None when nothing waits.

    ``attempts_in_doubt`` only grows: tries after which nobody knows whether the mail left.
    """

    received_waiting: int
    received_since: datetime | None
    quarantined: int
    held: int
    outbox: dict[OutboxState, int]
    outbox_since: datetime | None
    attempts_in_doubt: int
    timers_due: int
    timers_since: datetime | None


def read_gauges(connection: Connection, *, now: datetime) -> WorkGauges:
    """Reads what waits, by index, never what is done."""
    received = connection.execute(
        select(func.count(), func.min(inbound.c.stored_at)).where(
            inbound.c.state == InboundState.STORED,
            or_(inbound.c.not_before.is_(None), inbound.c.not_before <= now),
        )
    ).one()
    states = connection.execute(
        select(outbox.c.state, func.count(), func.min(outbox.c.due_at))
        .where(outbox.c.state.in_((*LIVE_STATES, OutboxState.DEAD)))
        .group_by(outbox.c.state)
    ).all()
    due = connection.execute(
        select(func.min(outbox.c.due_at)).where(
            outbox.c.state.in_(LIVE_STATES), outbox.c.due_at <= now
        )
    ).scalar()
    in_doubt = connection.execute(
        select(func.count())
        .select_from(outbox_attempts.join(outbox, outbox.c.id == outbox_attempts.c.outbox_id))
        .where(
            outbox_attempts.c.stage == Stage.DATA_ENDED,
            # The last try of a mail that is being sent may still be answered.
            or_(
                outbox.c.state != OutboxState.SENDING,
                outbox.c.fence > outbox_attempts.c.fence,
            ),
        )
    ).scalar_one()
    late = connection.execute(
        select(func.count(), func.min(timers.c.fire_at)).where(timers.c.fire_at <= now)
    ).one()
    return WorkGauges(
        received_waiting=received[0],
        received_since=received[1],
        quarantined=count_set_aside(connection),
        held=count_held(connection),
        outbox={OutboxState(state): count for state, count, _ in states},
        outbox_since=due,
        attempts_in_doubt=in_doubt,
        timers_due=late[0],
        timers_since=late[1],
    )
