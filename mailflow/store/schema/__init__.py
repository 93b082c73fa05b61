"""All tables. Nothing outside store/ may import this."""

from mailflow.store.schema.cases import (
    attachments,
    audit_anchors,
    audit_head,
    audit_log,
    case_events,
    cases,
    clocks,
    decisions,
    message_ids,
    messages,
    participants,
    reply_tokens,
    timers,
    workloads,
)
from mailflow.store.schema.instance import (
    counters,
    heartbeats,
    instance,
    keyring_checks,
    leases,
    rules_bundles,
)
from mailflow.store.schema.intake import (
    held_items,
    inbound,
    inbound_bodies,
    mailbox_cursors,
    signatures_seen,
)
from mailflow.store.schema.outbox import outbox, outbox_attempts, outbox_bodies
from mailflow.store.schema.types import metadata

__all__ = [
    "attachments",
    "audit_anchors",
    "audit_head",
    "audit_log",
    "case_events",
    "cases",
    "clocks",
    "counters",
    "decisions",
    "heartbeats",
    "held_items",
    "inbound",
    "inbound_bodies",
    "instance",
    "keyring_checks",
    "leases",
    "mailbox_cursors",
    "message_ids",
    "messages",
    "metadata",
    "outbox",
    "outbox_attempts",
    "outbox_bodies",
    "participants",
    "reply_tokens",
    "rules_bundles",
    "signatures_seen",
    "timers",
    "workloads",
]
