"""The outbox from its first row to its last, for people who look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mailflow.store.outbox import OutboxState
from mailflow.store.schema import outbox
from mailflow.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, RowMapping

PAGE_SIZE = 500
UNDELIVERED_STATES = (
    OutboxState.DEAD,
    OutboxState.DEFERRED,
    OutboxState.AMBIGUOUS,
    OutboxState.SENDING,
)


def walk_outbox(
    engine: Engine, *, state: OutboxState | None = None, case_uid: str | None = None
) -> Iterator[Sequence[RowMapping]]:
    """Pages of rows, oldest first, still sealed; each page is a look of its own."""
    query = select(outbox).order_by(outbox.c.id)
    if state is not None:
        query = query.where(outbox.c.state == state)
    if case_uid is not None:
        query = query.where(outbox.c.case_uid == case_uid)
    after = ""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(outbox.c.id > after).limit(PAGE_SIZE))
            page = rows.mappings().all()
        if page:
            yield page
            after = page[-1]["id"]
        if len(page) < PAGE_SIZE:
            return


def find_outbox_row(connection: Connection, mail_id: str) -> RowMapping | None:
    return connection.execute(select(outbox).where(outbox.c.id == mail_id)).mappings().first()


def count_dead(connection: Connection) -> int:
    query = select(func.count()).where(outbox.c.state == OutboxState.DEAD)
    return connection.execute(query).scalar_one()
