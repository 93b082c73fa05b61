"""Mail put straight into a Maildir: the fast way to fill a mailbox (append over IMAP is slow)."""

from __future__ import annotations

import itertools
import os
import socket
from typing import TYPE_CHECKING

from tests.servers.place import give_to_server

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_names = itertools.count(1)


def make_maildir(root: Path, folder: str) -> Path:
    """The Maildir of ``folder`` under a user's ``root``, made with its parents when missing."""
    place = root if folder == "INBOX" else root / f".{folder.replace('/', '.')}"
    if (place / "cur").is_dir():
        return place
    for part in (root.parent, root, place, place / "tmp", place / "new", place / "cur"):
        if not part.is_dir():
            part.mkdir(mode=0o700)
            give_to_server(part)
    if place != root:
        (place / "maildirfolder").touch()
        give_to_server(place / "maildirfolder")
    return place


def write_message(place: Path, raw: bytes, *, received: datetime) -> None:
    """Delivers as the Maildir specification says: whole in tmp, then renamed into new.

    The file's time is what IMAP shows as INTERNALDATE.
    """
    seconds = received.timestamp()
    # The name decides the order of UIDs within one delivery: a growing number keeps it.
    serial = next(_names)
    name = f"{int(seconds)}.M{serial:09d}P{os.getpid()}.{socket.gethostname()}"
    draft = place / "tmp" / name
    draft.write_bytes(raw)
    os.utime(draft, (seconds, seconds))
    give_to_server(draft)
    draft.rename(place / "new" / name)
