"""The private IMAP server: pymap, in memory, with a mailbox for each account."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from typing import TYPE_CHECKING

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.demo.company import Account, Company

INBOX = "INBOX"
SENT = "Sent"
_FOLDERS = (SENT, "Drafts", "Trash")


class _LoopbackConfig(Config):
    """Without a look-up of the host's own name at each greeting, which may take seconds."""

    @property
    def greeting(self) -> bytes:
        return b"mailflow playground"


class PrivateImap:
    """Holds the mailboxes; every method belongs to the servers' event loop."""

    def __init__(self) -> None:
        # Passwords live as long as this process: hashing them would only make logins slow.
        self._config = _LoopbackConfig(
            Namespace(proxy_protocol=None),
            demo_data=False,
            demo_user="",
            demo_password="",
            debug=False,
            host=None,
            port=0,
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._login = Login(self._config)

    async def open_mailboxes(self, company: Company) -> None:
        """Every address of an account logs in to the same folders."""
        for account in company.accounts:
            mailboxes, filters = MailboxSet(), FilterSet()
            for folder in _FOLDERS:
                await mailboxes.add_mailbox(folder)
                await mailboxes.set_subscribed(folder, subscribed=True)
            for address in account.addresses:
                self._config.set_cache[address] = (mailboxes, filters)
                self._login.users_dict[address] = UserMetadata(
                    self._config, address, password=account.password
                )

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Raises OSError when the port is taken."""
        reader = ProxyProtocolReader(ProxyProtocolVersion.get(None))
        server = IMAPServer(self._login, self._config)
        return await asyncio.start_server(reader.get_callback(server), host, port)

    async def store(self, account: Account, raw: bytes, *, folder: str, at: datetime) -> None:
        """Append a mail, as received at ``at``; clients that wait are told."""
        mailboxes, _ = self._config.set_cache[account.address]
        mailbox = await mailboxes.get_mailbox(folder)
        await mailbox.append(AppendMessage(raw, at), recent=True)

    async def count(self, account: Account, folder: str) -> int:
        mailboxes, _ = self._config.set_cache[account.address]
        mailbox = await mailboxes.get_mailbox(folder)
        return int((await mailbox.snapshot()).exists)
