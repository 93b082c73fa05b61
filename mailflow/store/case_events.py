"""The facts of a case, append-only, and the record of each decision by rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.core.case.events import Event, EventKind
from mailflow.store.schema import case_events, decisions
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


def add_events(
    batch: Batch, events: Iterable[Event], *, vault: Vault, first_seq: int, now: datetime
) -> int:
    """Returns the number of the event after the last one. (case, seq) is unique: two writers
    cannot both append without one of them noticing.
    """
    seq = first_seq
    for event in events:
        event_id = new_id(now)
        details = {"actor": event.actor, "data": dict(event.data)}
        batch.add(
            case_events,
            {
                "id": event_id,
                "case_uid": vault.case_uid,
                "seq": seq,
                "at": event.at,
                "kind": event.kind,
                "details": vault.seal(
                    details, table="case_events", column="details", row_id=event_id
                ),
            },
        )
        seq += 1
    return seq


def load_events(connection: Connection, vault: Vault) -> tuple[Event, ...]:
    rows = connection.execute(
        select(case_events)
        .where(case_events.c.case_uid == vault.case_uid)
        .order_by(case_events.c.seq)
    ).mappings()
    events = []
    for row in rows:
        details = vault.open(
            row["details"], table="case_events", column="details", row_id=row["id"]
        )
        events.append(Event(EventKind(row["kind"]), row["at"], details["actor"], details["data"]))
    return tuple(events)


def add_decision(
    batch: Batch,
    *,
    vault: Vault,
    inbound_id: str | None,
    bundle: str,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    """What the rules decided, by which words, under which bundle."""
    decision_id = new_id(now)
    batch.add(
        decisions,
        {
            "id": decision_id,
            "case_uid": vault.case_uid,
            "inbound_id": inbound_id,
            "bundle": bundle,
            "at": now,
            "details": vault.seal(
                dict(details), table="decisions", column="details", row_id=decision_id
            ),
        },
    )
