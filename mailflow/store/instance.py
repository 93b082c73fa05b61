"""The installation itself: its keyring's enrolment, heartbeats, leases and counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from mailflow.keys.enrolment import check_enrolment, check_values
from mailflow.store.audit_log import start_audit
from mailflow.store.schema import (
    audit_head,
    cases,
    counters,
    heartbeats,
    instance,
    keyring_checks,
    leases,
)
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring


def enrol_keyring(connection: Connection, keyring: Keyring, *, now: datetime) -> None:
    """Tie the keyring to a database without cases; later kids join by themselves.

    Raises KeyringError when the database has cases and the keyring is not the one it was
    written with.
    """
    enrolled = _enrolled(connection)
    has_cases = connection.execute(select(cases.c.uid).limit(1)).scalar() is not None
    if enrolled or has_cases:
        check_enrolment(keyring, enrolled)
    new = {kid: value for kid, value in check_values(keyring).items() if kid not in enrolled}
    if new:
        connection.execute(
            insert(keyring_checks), [{"kid": kid, "value": value} for kid, value in new.items()]
        )
    if connection.execute(select(instance.c.id)).scalar() is None:
        connection.execute(
            insert(instance), [{"id": 1, "name": keyring.instance, "created_at": now}]
        )
    if connection.execute(select(audit_head.c.id)).scalar() is None:
        start_audit(connection)


def require_enrolled(connection: Connection, keyring: Keyring) -> None:
    """Raises KeyringError unless this is the keyring that the database was written with."""
    check_enrolment(keyring, _enrolled(connection))


def _enrolled(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(keyring_checks.c.kid, keyring_checks.c.value))
    return {row.kid: row.value for row in rows}


def created_at(connection: Connection) -> datetime | None:
    return connection.execute(select(instance.c.created_at)).scalar()


def beat(connection: Connection, name: str, *, now: datetime, note: str | None = None) -> None:
    """Leave word that a process is alive; ``note`` is a neutral word about its state."""
    statement = insert_into(connection, heartbeats).values(name=name, at=now, note=note)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"at": statement.excluded.at, "note": statement.excluded.note},
        )
    )


@dataclass(frozen=True)
class Heartbeat:
    name: str
    at: datetime
    note: str | None


def load_heartbeats(connection: Connection) -> tuple[Heartbeat, ...]:
    rows = connection.execute(select(heartbeats).order_by(heartbeats.c.name)).mappings()
    return tuple(Heartbeat(row["name"], row["at"], row["note"]) for row in rows)


def heartbeat_at(connection: Connection, name: str) -> datetime | None:
    """When this name last left word; None when it never did."""
    found: datetime | None = connection.execute(
        select(heartbeats.c.at).where(heartbeats.c.name == name)
    ).scalar()
    return found


def heartbeat_note(connection: Connection, name: str) -> str | None:
    """What was noted with the last word left under this name; None when there is none."""
    found: str | None = connection.execute(
        select(heartbeats.c.note).where(heartbeats.c.name == name)
    ).scalar()
    return found


def take_lease(
    connection: Connection, name: str, *, holder: str, now: datetime, length: timedelta
) -> bool:
    """Hold a name alone for a while; asking again as the same holder prolongs it.

    A lease only saves work: what keeps things right are unique keys.
    """
    statement = insert_into(connection, leases).values(
        name=name, holder=holder, fence=1, expires_at=now + length
    )
    # RETURNING tells whether the row was written; the count of an upsert is -1 with psycopg.
    taken = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "holder": holder,
                "expires_at": now + length,
                "fence": leases.c.fence + 1,
            },
            where=(leases.c.holder == holder) | (leases.c.expires_at <= now),
        ).returning(leases.c.name)
    )
    return taken.scalar() is not None


def give_up_lease(connection: Connection, name: str, *, holder: str) -> None:
    connection.execute(leases.delete().where(leases.c.name == name, leases.c.holder == holder))


@dataclass(frozen=True)
class Counter:
    """One counter of one window of time; ``subject`` is a blind index."""

    name: str
    subject: bytes
    window_start: datetime


def read_counters(connection: Connection, wanted: Collection[Counter]) -> dict[Counter, int]:
    """The counts that are not zero."""
    if not wanted:
        return {}
    rows = connection.execute(
        select(counters).where(
            counters.c.name.in_({counter.name for counter in wanted}),
            counters.c.subject.in_({counter.subject for counter in wanted}),
            counters.c.window_start.in_({counter.window_start for counter in wanted}),
        )
    ).mappings()
    return {Counter(row["name"], row["subject"], row["window_start"]): row["count"] for row in rows}


def count_up(connection: Connection, changes: Mapping[Counter, int]) -> None:
    """Add to the counters, whatever other processes add at the same time."""
    if not changes:
        return
    statement = insert_into(connection, counters)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name", "subject", "window_start"],
            set_={"count": counters.c.count + statement.excluded.count},
        ),
        [
            {
                "name": counter.name,
                "subject": counter.subject,
                "window_start": counter.window_start,
                "count": change,
            }
            for counter, change in sorted(
                changes.items(), key=lambda item: (item[0].name, item[0].subject)
            )
        ],
    )
