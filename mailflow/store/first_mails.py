"""The mail that opened each case, and the rules that decided it: what a backtest walks through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_

from mailflow.store.schema import cases, decisions, inbound
from mailflow.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, RowMapping, Select

PAGE_SIZE = 100


@dataclass(frozen=True)
class FirstMail:
    """``holder_uid`` is the case whose key opens the mail now; None while no case has it."""

    case_uid: str
    opened_at: datetime
    inbound_id: str
    bundle: str
    decided_at: datetime
    mailbox: str
    received_at: datetime
    holder_uid: str | None


def walk_first_mails(engine: Engine, *, since: datetime) -> Iterator[Sequence[FirstMail]]:
    """Pages of the cases opened from ``since`` on, newest first; each page is a look of its own."""
    query = (
        _first_mails()
        .where(cases.c.opened_at >= since)
        .order_by(cases.c.opened_at.desc(), cases.c.uid.desc())
        .limit(PAGE_SIZE)
    )
    page_query = query
    while True:
        with reading(engine) as connection:
            rows = connection.execute(page_query).mappings().all()
        page = [_read(row) for row in rows]
        if page:
            yield page
        if len(page) < PAGE_SIZE:
            return
        last = tuple_(page[-1].opened_at, page[-1].case_uid)
        page_query = query.where(tuple_(cases.c.opened_at, cases.c.uid) < last)


def find_first_mail(connection: Connection, case_uid: str) -> FirstMail | None:
    query = _first_mails().where(cases.c.uid == case_uid)
    row = connection.execute(query).mappings().first()
    return _read(row) if row is not None else None


def _first_mails() -> Select[Any]:
    # Ids grow with time, so the smallest is the earliest.
    earliest = (
        select(func.min(decisions.c.id))
        .where(decisions.c.case_uid == cases.c.uid, decisions.c.inbound_id.is_not(None))
        .correlate(cases)
        .scalar_subquery()
    )
    return (
        select(
            cases.c.uid,
            cases.c.opened_at,
            decisions.c.inbound_id,
            decisions.c.bundle,
            decisions.c.at,
            inbound.c.mailbox,
            inbound.c.internal_date,
            inbound.c.case_uid.label("holder_uid"),
        )
        .join(decisions, decisions.c.id == earliest)
        .join(inbound, inbound.c.id == decisions.c.inbound_id)
    )


def _read(row: RowMapping) -> FirstMail:
    return FirstMail(
        case_uid=row["uid"],
        opened_at=row["opened_at"],
        inbound_id=row["inbound_id"],
        bundle=row["bundle"],
        decided_at=row["at"],
        mailbox=row["mailbox"],
        received_at=row["internal_date"],
        holder_uid=row["holder_uid"],
    )
