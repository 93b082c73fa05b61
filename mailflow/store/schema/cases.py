"""Tables of cases and all that belongs to one."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from mailflow.store.schema.types import Id, Index16, Instant, Sealed, Serial, Word, metadata

cases = Table(
    "cases",
    metadata,
    Column("uid", Id, primary_key=True),
    Column("ref", String(16), nullable=False, unique=True),
    Column("mailbox", String(128), nullable=False),
    Column("state", Word, nullable=False, index=True),
    Column("risk", Word, nullable=False),
    Column("class", Word, nullable=False),
    Column("category", Word),
    Column("category_index", Index16, index=True),
    Column("owner_index", Index16, nullable=False, index=True),
    Column("requester_index", Index16, nullable=False, index=True),
    Column("opened_at", Instant, nullable=False, index=True),
    Column("changed_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("merged_into", Id),
    Column("version", Integer, nullable=False),
    Column("kek", String(16), nullable=False),
    Column("key_wrap", Sealed, nullable=False),
    Column("details", Sealed, nullable=False),
)

participants = Table(
    "participants",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False),
    Column("address_index", Index16, nullable=False, index=True),
    Column("role", Word, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("details", Sealed, nullable=False),
    UniqueConstraint("case_uid", "address_index"),
)

reply_tokens = Table(
    "reply_tokens",
    metadata,
    Column("handle", BigInteger, primary_key=True, autoincrement=False),
    Column("kid", Integer, nullable=False),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False, index=True),
    Column("participant_id", Id, nullable=False),
    Column("audience", Word, nullable=False),
    Column("purpose", Word, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("revoked_at", Instant),
    Column("expires_at", Instant),
)

message_ids = Table(
    "message_ids",
    metadata,
    Column("message_id_index", Index16, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), primary_key=True),
    Column("origin", Word, nullable=False),
    Column("outbox_id", Id),
)
Index("ix_message_ids_case_uid", message_ids.c.case_uid)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False),
    Column("direction", Word, nullable=False),
    Column("at", Instant, nullable=False),
    Column("inbound_id", Id, index=True),
    Column("outbox_id", Id, index=True),
    Column("author_index", Index16),
    Column("key_wrap", Sealed, nullable=False),
    Column("details", Sealed, nullable=False),
)
Index("ix_messages_case_uid_at", messages.c.case_uid, messages.c.at)

attachments = Table(
    "attachments",
    metadata,
    Column("message_id", Id, ForeignKey("messages.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("content_index", Index16, nullable=False, index=True),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Word, nullable=False),
    Column("details", Sealed, nullable=False),
    UniqueConstraint("case_uid", "seq"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False, index=True),
    Column("inbound_id", Id),
    Column("bundle", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("details", Sealed, nullable=False),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_uid", Id, ForeignKey("cases.uid"), nullable=False),
    Column("target", Word, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("met_at", Instant),
    Column("breached_at", Instant),
    Column("closed_reason", Word),
    Column("terms", String(400), nullable=False),
    UniqueConstraint("case_uid", "target", "generation"),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("fire_at", Instant, nullable=False, index=True),
    Column("case_uid", Id, index=True),
    Column("kind", Word, nullable=False),
    Column("target", Word, nullable=False),
    Column("step", Word, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("case_uid", "kind", "target", "step", "generation"),
)

workloads = Table(
    "workloads",
    metadata,
    Column("owner_index", Index16, primary_key=True),
    Column("open_cases", Integer, nullable=False),
    Column("last_assigned_at", Instant, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Word, nullable=False),
    Column("case_uid", Id, index=True),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("kid", Integer, nullable=False),
    Column("details", Sealed),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("kid", Integer, nullable=False),
)

audit_anchors = Table(
    "audit_anchors",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("anchor", LargeBinary, nullable=False),
)
