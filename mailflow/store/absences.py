"""Who is away until when, and who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.store.people import address_index
from mailflow.store.schema import absences
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring


def set_absence(
    connection: Connection, keyring: Keyring, address: str, *, until: datetime, delegate: str
) -> None:
    """``until`` is the first moment at which the person is back; the last word counts."""
    statement = insert_into(connection, absences).values(
        person_index=address_index(keyring, address),
        until=until,
        delegate_index=address_index(keyring, delegate) if delegate else None,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["person_index"],
            set_={
                "until": statement.excluded.until,
                "delegate_index": statement.excluded.delegate_index,
            },
        )
    )


def load_absences(
    connection: Connection, keyring: Keyring, people: Iterable[str], *, now: datetime
) -> dict[str, str]:
    """The addresses of those who are away now, each with the delegate's or ""."""
    names = {address_index(keyring, address): address for address in people}
    rows = connection.execute(select(absences).where(absences.c.until > now))
    return {
        names[row.person_index]: names.get(row.delegate_index or b"", "")
        for row in rows
        if row.person_index in names
    }
