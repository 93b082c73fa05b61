"""Cases by filter, newest first, in pages: what lists and checks walk through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from mailflow.core.case.case import Risk, State
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.cases import load_cases
from mailflow.store.people import address_index
from mailflow.store.schema import cases
from mailflow.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection, Engine, Select

    from mailflow.keys.keyring import Keyring
    from mailflow.store.cases import LoadedCase

PAGE_SIZE = 500
ENDED = (State.CLOSED, State.CANCELLED)


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to; ``owner`` is an address."""

    state: State | None = None
    risk: Risk | None = None
    category: str | None = None
    owner: str | None = None


def walk_cases(engine: Engine, keyring: Keyring, chosen: CaseFilter) -> Iterator[LoadedCase]:
    """Each page is a look of its own, so that a long list holds no transaction open."""
    query = _narrow(select(cases.c.opened_at, cases.c.uid), keyring, chosen).order_by(
        cases.c.opened_at.desc(), cases.c.uid.desc()
    )
    page = query
    while True:
        with reading(engine) as connection:
            rows = connection.execute(page.limit(PAGE_SIZE)).all()
            found = load_cases(connection, keyring, [row.uid for row in rows])
        yield from (found[row.uid] for row in rows)
        if len(rows) < PAGE_SIZE:
            return
        last = rows[-1]
        place = tuple_(last.opened_at, last.uid)
        page = query.where(tuple_(cases.c.opened_at, cases.c.uid) < place)


def _narrow(
    query: Select[tuple[object, str]], keyring: Keyring, chosen: CaseFilter
) -> Select[tuple[object, str]]:
    if chosen.state is not None:
        query = query.where(cases.c.state == chosen.state)
    if chosen.risk is not None:
        query = query.where(cases.c.risk == chosen.risk)
    if chosen.category is not None:
        index = blind_index(keyring, IndexPurpose.CATEGORY, chosen.category)
        query = query.where(cases.c.category_index == index)
    if chosen.owner is not None:
        query = query.where(cases.c.owner_index == address_index(keyring, chosen.owner))
    return query


def urgent_cases_of(connection: Connection, keyring: Keyring, owner: str) -> tuple[str, ...]:
    """The uids of somebody's open cases that must not wait."""
    urgent = [risk for risk in Risk if risk.is_urgent]
    rows = connection.execute(
        select(cases.c.uid).where(
            cases.c.owner_index == address_index(keyring, owner),
            cases.c.state.not_in(ENDED),
            cases.c.risk.in_(urgent),
        )
    )
    return tuple(rows.scalars())


def open_cases_of(
    connection: Connection, keyring: Keyring, owners: Collection[str]
) -> tuple[str, ...]:
    """The uids of the open cases that these addresses own."""
    indexes = [address_index(keyring, owner) for owner in owners]
    rows = connection.execute(
        select(cases.c.uid).where(
            cases.c.owner_index.in_(indexes),
            cases.c.state.not_in(ENDED),
            cases.c.merged_into.is_(None),
        )
    )
    return tuple(rows.scalars())


def refs_without_owner(
    connection: Connection, keyring: Keyring, owners: Collection[str]
) -> tuple[str, ...]:
    """The references of open cases that none of these addresses owns."""
    return tuple(ref for _, ref in cases_without_owner(connection, keyring, owners))


def cases_without_owner(
    connection: Connection, keyring: Keyring, owners: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """(uid, reference) of the open cases that none of these addresses owns."""
    known = {address_index(keyring, owner) for owner in owners}
    open_cases = select(cases.c.uid, cases.c.ref).where(
        cases.c.state.not_in(ENDED), cases.c.merged_into.is_(None)
    )
    owned_by = select(cases.c.owner_index).where(cases.c.state.not_in(ENDED)).distinct()
    lost = [index for index in connection.execute(owned_by).scalars() if index not in known]
    if not lost:
        return ()
    rows = connection.execute(open_cases.where(cases.c.owner_index.in_(lost)).order_by(cases.c.ref))
    return tuple((row.uid, row.ref) for row in rows)
