"""Attachments of a stored mail, for a mail that passes them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template, allowed_fields
from mailflow.core.mail.compose import Enclosure
from mailflow.core.mail.parse import parse_message
from mailflow.core.mail.scrub import scrub
from mailflow.errors import MailflowError
from mailflow.store import inbound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from mailflow.core.case.case import CaseClass
    from mailflow.keys.keyring import Keyring
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage
    from mailflow.store.outbox import OutboxMail

LARGEST_TOTAL_BYTES = 20 * 1024 * 1024


def fetch_enclosures(
    connection: Connection,
    keyring: Keyring,
    mail: OutboxMail,
    loaded: LoadedCase,
    shown: FiledMessage | None,
    *,
    case_class: CaseClass,
) -> tuple[Enclosure, ...]:
    """What this mail carries on: of the staff member's mail to the employee, of the employee's to
    the owner where the class lets names of files be told. The mail was parsed in a bounded child
    before, and is read again within the same limits. ``case_class`` is what the recipient may be
    shown.
    """
    source, wanted = _wanted(mail, loaded, shown, case_class)
    if source is None or not wanted:
        return ()
    try:
        raw = inbound.open_raw(connection, keyring, source, vault=loaded.vault)
        message = parse_message(raw)
    except (MailflowError, LookupError):
        return ()
    chosen: list[Enclosure] = []
    total = 0
    for part in message.attachments:
        total += part.size
        if part.sha256 in wanted and part.content and total <= LARGEST_TOTAL_BYTES:
            content = part.content
            if part.content_type.startswith("text/"):
                content = _scrubbed(content)
            chosen.append(Enclosure(part.filename or "attachment", part.content_type, content))
    return tuple(chosen)


def _wanted(
    mail: OutboxMail, loaded: LoadedCase, shown: FiledMessage | None, case_class: CaseClass
) -> tuple[str | None, frozenset[str]]:
    fields: Mapping[str, object] = mail.order.fields
    if mail.order.template is Template.REPLY:
        listed = fields.get("attachments")
        digests = frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()
        return str(fields.get("attached_from") or "") or None, digests
    if mail.order.template is Template.NOTIFICATION and shown is not None:
        allowed = allowed_fields(Template.NOTIFICATION, case_class)
        if "attachments" in allowed and not loaded.case.risk.is_urgent:
            return shown.inbound_id, frozenset(
                part.sha256 for part in shown.attachments if not part.inline
            )
    return None, frozenset()


def _scrubbed(content: bytes) -> bytes:
    """Our own reply addresses are cut out of text files too; other bytes stay as they are."""
    return scrub(content.decode("latin-1")).encode("latin-1")
