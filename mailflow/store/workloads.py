"""How much each owner has on the table, kept as a count so that choosing one stays cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.core.policy.ownership import Workload
from mailflow.store.people import address_index
from mailflow.store.schema import workloads
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring


def load_workload(connection: Connection, keyring: Keyring, owners: Iterable[str]) -> Workload:
    """The counts of these people, by address."""
    names = {address_index(keyring, owner): owner for owner in owners}
    rows = connection.execute(
        select(workloads).where(workloads.c.owner_index.in_(list(names)))
    ).mappings()
    open_cases: dict[str, int] = {}
    last_assigned: dict[str, datetime] = {}
    for row in rows:
        owner = names[row["owner_index"]]
        open_cases[owner] = row["open_cases"]
        last_assigned[owner] = row["last_assigned_at"]
    return Workload(open_cases, last_assigned)


def add_to_workload(
    connection: Connection, keyring: Keyring, changes: Mapping[str, int], *, now: datetime
) -> None:
    """Add to the count of each owner; a positive change also marks when the last case came."""
    if not changes:
        return
    # Always in the same order, so that two processes never wait for each other's rows.
    indexes = sorted((address_index(keyring, owner), change) for owner, change in changes.items())
    rows = [
        {"owner_index": index, "open_cases": change, "last_assigned_at": now}
        for index, change in indexes
    ]
    statement = insert_into(connection, workloads)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["owner_index"],
            set_={
                "open_cases": workloads.c.open_cases + statement.excluded.open_cases,
                "last_assigned_at": statement.excluded.last_assigned_at,
            },
        ),
        rows,
    )
