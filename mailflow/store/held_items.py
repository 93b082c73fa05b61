"""Held mails that somebody may decide about: listed, counted, and decided once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from mailflow.store.schema import held_items

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping


class HeldState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class HeldItem:
    """``case_uid`` is None for a mail that belongs to no case; ``reason`` is a neutral word."""

    id: str
    inbound_id: str
    case_uid: str | None
    reason: str
    state: HeldState
    at: datetime
    decided_at: datetime | None


def list_held(connection: Connection) -> tuple[HeldItem, ...]:
    """Those that wait, oldest first."""
    rows = connection.execute(
        select(held_items).where(held_items.c.state == HeldState.WAITING).order_by(held_items.c.id)
    ).mappings()
    return tuple(_read(row) for row in rows)


def count_held(connection: Connection) -> int:
    query = select(func.count()).where(held_items.c.state == HeldState.WAITING)
    return connection.execute(query).scalar_one()


def find_held(connection: Connection, held_id: str) -> HeldItem | None:
    query = select(held_items).where(held_items.c.id == held_id)
    row = connection.execute(query).mappings().first()
    return _read(row) if row else None


def accepted_among(connection: Connection, inbound_ids: Collection[str]) -> dict[str, str]:
    """Which of these mails were held and let through: id of the mail to why it was held."""
    if not inbound_ids:
        return {}
    rows = connection.execute(
        select(held_items.c.inbound_id, held_items.c.reason).where(
            held_items.c.inbound_id.in_(list(inbound_ids)),
            held_items.c.state == HeldState.ACCEPTED,
        )
    )
    return {row.inbound_id: row.reason for row in rows}


def held_of_case(connection: Connection, case_uid: str) -> tuple[HeldItem, ...]:
    """Those of one case that wait, oldest first."""
    rows = connection.execute(
        select(held_items)
        .where(held_items.c.case_uid == case_uid, held_items.c.state == HeldState.WAITING)
        .order_by(held_items.c.id)
    ).mappings()
    return tuple(_read(row) for row in rows)


def find_by_mail(connection: Connection, inbound_id: str) -> HeldItem | None:
    query = select(held_items).where(held_items.c.inbound_id == inbound_id)
    row = connection.execute(query).mappings().first()
    return _read(row) if row else None


def decide_held(connection: Connection, held_id: str, *, state: HeldState, now: datetime) -> bool:
    """False when somebody else has decided already."""
    changed = connection.execute(
        update(held_items)
        .where(held_items.c.id == held_id, held_items.c.state == HeldState.WAITING)
        .values(state=state, decided_at=now)
    )
    return changed.rowcount == 1


def _read(row: RowMapping) -> HeldItem:
    return HeldItem(
        id=row["id"],
        inbound_id=row["inbound_id"],
        case_uid=row["case_uid"],
        reason=row["reason"],
        state=HeldState(row["state"]),
        at=row["at"],
        decided_at=row["decided_at"],
    )
