"""Tables of what arrived."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from mailflow.store.schema.types import Id, Index16, Instant, Sealed, Word, metadata

mailbox_cursors = Table(
    "mailbox_cursors",
    metadata,
    Column("mailbox", String(128), primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True, autoincrement=False),
    Column("low_water", BigInteger, nullable=False),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mailbox", String(128), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("processed_uidvalidity", BigInteger),
    Column("processed_uid", BigInteger),
    Column("internal_date", Instant, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("state", Word, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Instant),
    Column("disposition", Word),
    Column("reason", String(200)),
    Column("case_uid", Id, index=True),
    Column("processed_at", Instant),
    Column("content_index", Index16, nullable=False, index=True),
    Column("message_id_index", Index16, index=True),
    Column("fingerprint_index", Index16, index=True),
    Column("key_wrap", Sealed, nullable=False),
    Column("wrapped_under", String(32), nullable=False),
    Column("message_id", Sealed),
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
)
Index(
    "ix_inbound_waiting",
    inbound.c.mailbox,
    inbound.c.lane,
    inbound.c.uidvalidity,
    inbound.c.uid,
    sqlite_where=inbound.c.state == "stored",
    postgresql_where=inbound.c.state == "stored",
)
Index(
    "ix_inbound_unmoved",
    inbound.c.mailbox,
    inbound.c.uidvalidity,
    inbound.c.uid,
    sqlite_where=inbound.c.moved == 0,
    postgresql_where=inbound.c.moved == 0,
)

inbound_bodies = Table(
    "inbound_bodies",
    metadata,
    Column("inbound_id", Id, ForeignKey("inbound.id", ondelete="CASCADE"), primary_key=True),
    Column("raw", Sealed, nullable=False),
)

signatures_seen = Table(
    "signatures_seen",
    metadata,
    Column("signature", Index16, primary_key=True),
    Column("inbound_id", Id, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

held_items = Table(
    "held_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbound_id", Id, ForeignKey("inbound.id"), nullable=False, unique=True),
    Column("case_uid", Id, index=True),
    Column("reason", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("details", Sealed, nullable=False),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("handle", BigInteger, primary_key=True, autoincrement=False),
    Column("kid", Integer, nullable=False),
    Column("inbound_id", Id, nullable=False),
    Column("participant_id", Id, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

server_copies = Table(
    "server_copies",
    metadata,
    Column("inbound_id", Id, ForeignKey("inbound.id", ondelete="CASCADE"), primary_key=True),
    Column("mailbox", String(128), nullable=False, index=True),
)
