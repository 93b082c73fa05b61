"""Past mail of an exported mailbox, as facts for a backtest."""

from __future__ import annotations

import mailbox
from typing import TYPE_CHECKING

from mailflow.core.mail.parse import parse_message
from mailflow.core.policy.rules.backtest import PastMail
from mailflow.core.policy.rules.mail_facts import facts_of_message, sender_of_message
from mailflow.errors import UnparsableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mailflow.core.case.people import Directory


def count_mails(path: Path) -> int:
    """How many mails the file has. Raises OSError when it cannot be read."""
    path.open("rb").close()  # mailbox has an error of its own for a file that is not there
    box = mailbox.mbox(path, factory=None, create=False)
    try:
        return len(box)
    finally:
        box.close()


def read_mbox(path: Path, directory: Directory | None = None) -> Iterator[PastMail]:
    """Every mail that can be parsed, by its place in the file."""
    box = mailbox.mbox(path, factory=None, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            try:
                message = parse_message(box.get_bytes(key))
            except UnparsableError:
                continue
            sender = sender_of_message(message, directory)
            facts = facts_of_message(message, sender=sender, received_at=message.date)
            yield PastMail(f"#{number}", facts)
    finally:
        box.close()
