"""Create all tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0001_create_tables"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit_anchors",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("anchor", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_anchors")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_log",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=True),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_case_uid"), "audit_log", ["case_uid"], unique=False)

    op.create_table(
        "cases",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("mailbox", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("risk", sa.String(length=64), nullable=False),
        sa.Column("class", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("category_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("owner_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("requester_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kek", sa.String(length=16), nullable=False),
        sa.Column("key_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_cases")),
        sa.UniqueConstraint("ref", name=op.f("uq_cases_ref")),
    )
    op.create_index(op.f("ix_cases_category_index"), "cases", ["category_index"], unique=False)
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_cases_owner_index"), "cases", ["owner_index"], unique=False)
    op.create_index(op.f("ix_cases_requester_index"), "cases", ["requester_index"], unique=False)
    op.create_index(op.f("ix_cases_state"), "cases", ["state"], unique=False)

    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("window_start", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", "window_start", name=op.f("pk_counters")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "inbound",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mailbox", sa.String(length=128), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("processed_uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("processed_uid", sa.BigInteger(), nullable=True),
        sa.Column("internal_date", INSTANT, nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("disposition", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("case_uid", sa.String(length=32), nullable=True),
        sa.Column("processed_at", INSTANT, nullable=True),
        sa.Column("content_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("message_id_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("fingerprint_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("key_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_under", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint(
            "mailbox", "uidvalidity", "uid", name=op.f("uq_inbound_mailbox_uidvalidity_uid")
        ),
    )
    op.create_index(op.f("ix_inbound_case_uid"), "inbound", ["case_uid"], unique=False)
    op.create_index(op.f("ix_inbound_content_index"), "inbound", ["content_index"], unique=False)
    op.create_index(
        op.f("ix_inbound_fingerprint_index"), "inbound", ["fingerprint_index"], unique=False
    )
    op.create_index(
        op.f("ix_inbound_message_id_index"), "inbound", ["message_id_index"], unique=False
    )
    op.create_index(
        "ix_inbound_unmoved",
        "inbound",
        ["mailbox", "uidvalidity", "uid"],
        unique=False,
        sqlite_where=sa.text("moved = 0"),
        postgresql_where=sa.text("moved = 0"),
    )
    op.create_index(
        "ix_inbound_waiting",
        "inbound",
        ["mailbox", "lane", "uidvalidity", "uid"],
        unique=False,
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )

    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "keyring_checks",
        sa.Column("kid", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_keyring_checks")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "mailbox_cursors",
        sa.Column("mailbox", sa.String(length=128), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("low_water", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", name=op.f("pk_mailbox_cursors")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=True),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("recipient_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("message_id_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "case_uid",
            "purpose",
            "cause",
            "recipient_index",
            name=op.f("uq_outbox_case_uid_purpose_cause_recipient_index"),
        ),
        sa.UniqueConstraint("message_id_index", name=op.f("uq_outbox_message_id_index")),
    )
    op.create_index(op.f("ix_outbox_case_uid"), "outbox", ["case_uid"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["lane", "due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'deferred', 'ambiguous', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'deferred', 'ambiguous', 'sending')"),
    )

    op.create_table(
        "rules_bundles",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("activated_at", INSTANT, nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_rules_bundles")),
    )
    op.create_index(op.f("ix_rules_bundles_id"), "rules_bundles", ["id"], unique=False)

    op.create_table(
        "signatures_seen",
        sa.Column("signature", sa.LargeBinary(length=16), nullable=False),
        sa.Column("inbound_id", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_signatures_seen")),
    )
    op.create_index(op.f("ix_signatures_seen_at"), "signatures_seen", ["at"], unique=False)

    op.create_table(
        "timers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("fire_at", INSTANT, nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint(
            "case_uid",
            "kind",
            "target",
            "step",
            "generation",
            name=op.f("uq_timers_case_uid_kind_target_step_generation"),
        ),
    )
    op.create_index(op.f("ix_timers_case_uid"), "timers", ["case_uid"], unique=False)
    op.create_index(op.f("ix_timers_fire_at"), "timers", ["fire_at"], unique=False)

    op.create_table(
        "workloads",
        sa.Column("owner_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("open_cases", sa.Integer(), nullable=False),
        sa.Column("last_assigned_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner_index", name=op.f("pk_workloads")),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_case_events_case_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_uid", "seq", name=op.f("uq_case_events_case_uid_seq")),
    )
    op.create_table(
        "clocks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("met_at", INSTANT, nullable=True),
        sa.Column("breached_at", INSTANT, nullable=True),
        sa.Column("closed_reason", sa.String(length=64), nullable=True),
        sa.Column("terms", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_clocks_case_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint(
            "case_uid", "target", "generation", name=op.f("uq_clocks_case_uid_target_generation")
        ),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("inbound_id", sa.String(length=32), nullable=True),
        sa.Column("bundle", sa.String(length=12), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_decisions_case_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_case_uid"), "decisions", ["case_uid"], unique=False)

    op.create_table(
        "held_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("inbound_id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_held_items_inbound_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_items")),
        sa.UniqueConstraint("inbound_id", name=op.f("uq_held_items_inbound_id")),
    )
    op.create_index(op.f("ix_held_items_case_uid"), "held_items", ["case_uid"], unique=False)

    op.create_table(
        "inbound_bodies",
        sa.Column("inbound_id", sa.String(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"],
            ["inbound.id"],
            name=op.f("fk_inbound_bodies_inbound_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_inbound_bodies")),
    )
    op.create_table(
        "message_ids",
        sa.Column("message_id_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("outbox_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_message_ids_case_uid")),
        sa.PrimaryKeyConstraint("message_id_index", "case_uid", name=op.f("pk_message_ids")),
    )
    op.create_index("ix_message_ids_case_uid", "message_ids", ["case_uid"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("inbound_id", sa.String(length=32), nullable=True),
        sa.Column("outbox_id", sa.String(length=32), nullable=True),
        sa.Column("author_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("key_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_messages_case_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_case_uid_at", "messages", ["case_uid", "at"], unique=False)
    op.create_index(op.f("ix_messages_inbound_id"), "messages", ["inbound_id"], unique=False)
    op.create_index(op.f("ix_messages_outbox_id"), "messages", ["outbox_id"], unique=False)

    op.create_table(
        "outbox_attempts",
        sa.Column("outbox_id", sa.String(length=32), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("reply", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_outbox_attempts_outbox_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outbox_id", "fence", name=op.f("pk_outbox_attempts")),
    )
    op.create_table(
        "outbox_bodies",
        sa.Column("outbox_id", sa.String(length=32), nullable=False),
        sa.Column("mail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_outbox_bodies_outbox_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_outbox_bodies")),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("address_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_participants_case_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint(
            "case_uid", "address_index", name=op.f("uq_participants_case_uid_address_index")
        ),
    )
    op.create_index(
        op.f("ix_participants_address_index"), "participants", ["address_index"], unique=False
    )

    op.create_table(
        "reply_tokens",
        sa.Column("handle", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("case_uid", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_uid"], ["cases.uid"], name=op.f("fk_reply_tokens_case_uid")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_reply_tokens")),
    )
    op.create_index(op.f("ix_reply_tokens_case_uid"), "reply_tokens", ["case_uid"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_index", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_attachments")),
    )
    op.create_index(
        op.f("ix_attachments_content_index"), "attachments", ["content_index"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_attachments_content_index"), table_name="attachments")

    op.drop_table("attachments")
    op.drop_index(op.f("ix_reply_tokens_case_uid"), table_name="reply_tokens")

    op.drop_table("reply_tokens")
    op.drop_index(op.f("ix_participants_address_index"), table_name="participants")

    op.drop_table("participants")
    op.drop_table("outbox_bodies")
    op.drop_table("outbox_attempts")
    op.drop_index(op.f("ix_messages_outbox_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_inbound_id"), table_name="messages")
    op.drop_index("ix_messages_case_uid_at", table_name="messages")

    op.drop_table("messages")
    op.drop_index("ix_message_ids_case_uid", table_name="message_ids")

    op.drop_table("message_ids")
    op.drop_table("inbound_bodies")
    op.drop_index(op.f("ix_held_items_case_uid"), table_name="held_items")

    op.drop_table("held_items")
    op.drop_index(op.f("ix_decisions_case_uid"), table_name="decisions")

    op.drop_table("decisions")
    op.drop_table("clocks")
    op.drop_table("case_events")
    op.drop_table("workloads")
    op.drop_index(op.f("ix_timers_fire_at"), table_name="timers")
    op.drop_index(op.f("ix_timers_case_uid"), table_name="timers")

    op.drop_table("timers")
    op.drop_index(op.f("ix_signatures_seen_at"), table_name="signatures_seen")

    op.drop_table("signatures_seen")
    op.drop_index(op.f("ix_rules_bundles_id"), table_name="rules_bundles")

    op.drop_table("rules_bundles")
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("state IN ('queued', 'deferred', 'ambiguous', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'deferred', 'ambiguous', 'sending')"),
    )
    op.drop_index(op.f("ix_outbox_case_uid"), table_name="outbox")

    op.drop_table("outbox")
    op.drop_table("mailbox_cursors")
    op.drop_table("leases")
    op.drop_table("keyring_checks")
    op.drop_table("instance")
    op.drop_index(
        "ix_inbound_waiting",
        table_name="inbound",
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )
    op.drop_index(
        "ix_inbound_unmoved",
        table_name="inbound",
        sqlite_where=sa.text("moved = 0"),
        postgresql_where=sa.text("moved = 0"),
    )
    op.drop_index(op.f("ix_inbound_message_id_index"), table_name="inbound")
    op.drop_index(op.f("ix_inbound_fingerprint_index"), table_name="inbound")
    op.drop_index(op.f("ix_inbound_content_index"), table_name="inbound")
    op.drop_index(op.f("ix_inbound_case_uid"), table_name="inbound")

    op.drop_table("inbound")
    op.drop_table("heartbeats")
    op.drop_table("counters")
    op.drop_index(op.f("ix_cases_state"), table_name="cases")
    op.drop_index(op.f("ix_cases_requester_index"), table_name="cases")
    op.drop_index(op.f("ix_cases_owner_index"), table_name="cases")
    op.drop_index(op.f("ix_cases_opened_at"), table_name="cases")
    op.drop_index(op.f("ix_cases_category_index"), table_name="cases")

    op.drop_table("cases")
    op.drop_index(op.f("ix_audit_log_case_uid"), table_name="audit_log")

    op.drop_table("audit_log")
    op.drop_table("audit_head")
    op.drop_table("audit_anchors")
