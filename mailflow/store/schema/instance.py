"""Tables about the installation itself."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from mailflow.store.schema.types import Index16, Instant, Serial, Word, metadata

instance = Table(
    "instance",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
)

keyring_checks = Table(
    "keyring_checks",
    metadata,
    Column("kid", Integer, primary_key=True, autoincrement=False),
    Column("value", String(32), nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("note", String(200)),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Word, primary_key=True),
    Column("subject", Index16, primary_key=True),
    Column("window_start", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
)

rules_bundles = Table(
    "rules_bundles",
    metadata,
    Column("serial", Serial, primary_key=True),
    Column("id", String(12), nullable=False, index=True),
    Column("activated_at", Instant, nullable=False),
    Column("files", Text, nullable=False),
)

absences = Table(
    "absences",
    metadata,
    Column("person_index", Index16, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("delegate_index", Index16),
)
