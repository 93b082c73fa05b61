"""Every set of rules that was ever in force, as the text of its files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from mailflow.store.schema import rules_bundles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping, Select


@dataclass(frozen=True)
class StoredBundle:
    """One activation. ``texts`` are the files' contents by the names that mistakes show."""

    serial: int
    id: str
    activated_at: datetime
    texts: Mapping[str, str] = field(repr=False)


def activate_bundle(
    connection: Connection, bundle_id: str, texts: Mapping[str, str], *, now: datetime
) -> int:
    """The serial of this activation. Rules that come back in force get a new one."""
    row = {
        "id": bundle_id,
        "activated_at": now,
        "files": json.dumps(dict(texts), ensure_ascii=False, sort_keys=True),
    }
    serial: int = connection.execute(
        insert(rules_bundles).returning(rules_bundles.c.serial), row
    ).scalar_one()
    return serial


def bundle_in_force(connection: Connection) -> StoredBundle | None:
    """What was activated last; None where no rules ever were."""
    return _first(connection, select(rules_bundles))


def bundle_before(connection: Connection, bundle: StoredBundle) -> StoredBundle | None:
    """What was in force until this activation."""
    query = select(rules_bundles).where(rules_bundles.c.serial < bundle.serial)
    return _first(connection, query)


def find_bundle(
    connection: Connection, bundle_id: str, *, before: datetime | None = None
) -> StoredBundle | None:
    """The last activation of these rules, or the last one that was not after ``before``."""
    query = select(rules_bundles).where(rules_bundles.c.id == bundle_id)
    if before is not None:
        query = query.where(rules_bundles.c.activated_at <= before)
    return _first(connection, query)


def _first(connection: Connection, query: Select[tuple[object, ...]]) -> StoredBundle | None:
    newest = query.order_by(rules_bundles.c.serial.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    return _read(row) if row is not None else None


def _read(row: RowMapping) -> StoredBundle:
    return StoredBundle(row["serial"], row["id"], row["activated_at"], json.loads(row["files"]))
