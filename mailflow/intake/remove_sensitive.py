"""Sensitive mail leaves the server where a site asks for it: others can open the mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailflow.store import server_copies
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mailflow.intake.mailbox import MailboxSession

log = structlog.get_logger()


def remove_sensitive(engine: Engine, session: MailboxSession, *, mailbox: str) -> None:
    """Remove the copies whose sealed mail and case are committed; a crash leaves it to the next
    call. Raises TemporaryError.

    A server without UIDPLUS keeps them: see ``mailflow check``.
    """
    if not session.can_remove:
        return
    with reading(engine) as connection:
        due = server_copies.due_removals(connection, mailbox)
    by_folder: dict[int, dict[int, str]] = {}
    for inbound_id, (uidvalidity, uid) in due.items():
        by_folder.setdefault(uidvalidity, {})[uid] = inbound_id
    for uidvalidity, mails in by_folder.items():
        is_removed = session.remove_processed(sorted(mails), uidvalidity=uidvalidity)
        with transaction(engine) as connection:
            server_copies.forget_removals(connection, list(mails.values()))
        if not is_removed:
            log.warning("server_copies_not_found", mailbox=mailbox, mails=len(mails))
