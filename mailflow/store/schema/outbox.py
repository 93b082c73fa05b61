"""Tables of what we send."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from mailflow.store.schema.types import Id, Index16, Instant, Sealed, Word, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, index=True),
    Column("purpose", Word, nullable=False),
    Column("cause", String(64), nullable=False),
    Column("recipient_index", Index16, nullable=False),
    Column("participant_id", Id),
    Column("template", Word, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("state", Word, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    Column("error", String(200)),
    Column("message_id_index", Index16, nullable=False, unique=True),
    Column("key_wrap", Sealed, nullable=False),
    Column("details", Sealed, nullable=False),
    UniqueConstraint("case_uid", "purpose", "cause", "recipient_index"),
)
Index(
    "ix_outbox_due",
    outbox.c.lane,
    outbox.c.due_at,
    sqlite_where=outbox.c.state.in_(("queued", "deferred", "ambiguous", "sending")),
    postgresql_where=outbox.c.state.in_(("queued", "deferred", "ambiguous", "sending")),
)

outbox_bodies = Table(
    "outbox_bodies",
    metadata,
    Column("outbox_id", Id, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("mail", Sealed, nullable=False),
)

outbox_attempts = Table(
    "outbox_attempts",
    metadata,
    Column("outbox_id", Id, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("fence", Integer, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("stage", Word, nullable=False),
    Column("ended_at", Instant),
    Column("reply", String(200)),
)
