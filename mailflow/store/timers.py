"""Work that time makes due. A sweep reads what is due, never what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from mailflow.core.case.clock import Timer, TimerKind
from mailflow.store.schema import timers
from mailflow.store.session import new_id
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.store.batch import Batch

FAILED_TIMER_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class DueTimer:
    id: str
    case_uid: str
    timer: Timer
    tries: int


def add_timer(batch: Batch, timer: Timer, *, case_uid: str, now: datetime) -> None:
    batch.add(
        timers,
        {
            "id": new_id(now),
            "fire_at": timer.fire_at,
            "case_uid": case_uid,
            "kind": timer.kind,
            "target": timer.target,
            "step": timer.step,
            "generation": timer.generation,
            "tries": 0,
        },
    )


def add_timer_at_once(
    connection: Connection, timer: Timer, *, case_uids: Collection[str], now: datetime
) -> None:
    """The same timer for each of these cases, for effects that stand beside the batch."""
    rows = [
        {
            "id": new_id(now),
            "fire_at": timer.fire_at,
            "case_uid": uid,
            "kind": timer.kind,
            "target": timer.target,
            "step": timer.step,
            "generation": timer.generation,
            "tries": 0,
        }
        for uid in case_uids
    ]
    if rows:
        connection.execute(insert_into(connection, timers).on_conflict_do_nothing(), rows)


def due_timers(connection: Connection, *, now: datetime, limit: int) -> tuple[DueTimer, ...]:
    """Those of a kind that this version knows: while versions are being replaced, a newer one
    may have set others, and they wait for it.
    """
    rows = connection.execute(
        select(timers)
        .where(timers.c.fire_at <= now, timers.c.kind.in_(list(TimerKind)))
        .order_by(timers.c.fire_at, timers.c.id)
        .limit(limit)
    ).mappings()
    return tuple(
        DueTimer(
            id=row["id"],
            case_uid=row["case_uid"],
            timer=Timer(
                kind=TimerKind(row["kind"]),
                fire_at=row["fire_at"],
                target=row["target"],
                step=row["step"],
                generation=row["generation"],
            ),
            tries=row["tries"],
        )
        for row in rows
    )


def take_timer(connection: Connection, timer: DueTimer) -> bool:
    """Remove a timer that is being handled; False when another process was first."""
    taken = connection.execute(
        delete(timers).where(timers.c.id == timer.id, timers.c.fire_at == timer.timer.fire_at)
    )
    return taken.rowcount == 1


def drop_timers(connection: Connection, *, case_uid: str, targets: Collection[str]) -> None:
    """Forget the timers of clocks that were met or closed."""
    if targets:
        connection.execute(
            delete(timers).where(timers.c.case_uid == case_uid, timers.c.target.in_(list(targets)))
        )


def postpone_timer(connection: Connection, timer_id: str, *, until: datetime) -> None:
    """Put a timer that failed out of the way, so that it cannot block the rest."""
    connection.execute(
        update(timers)
        .where(timers.c.id == timer_id)
        .values(fire_at=until, tries=timers.c.tries + 1)
    )


def next_timer_at(connection: Connection) -> datetime | None:
    return connection.execute(select(func.min(timers.c.fire_at))).scalar()
