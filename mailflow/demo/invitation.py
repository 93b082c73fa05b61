"""What to tell a person who wants to play along: hosts, ports, logins, and the way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from mailflow.demo.company import ALIAS, Part
from mailflow.demo.instance import ACCOUNTS
from mailflow.demo.programme import ASKER
from mailflow.demo.servers import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.demo.board import Board
    from mailflow.demo.company import Account
    from mailflow.demo.servers import PrivateServers


@dataclass(frozen=True)
class Invitation:
    servers: PrivateServers
    home: Path

    def short(self, board: Board) -> tuple[Text, ...]:
        """Five lines for the foot of the screen."""
        servers = self.servers
        where = (
            f" IMAP {LOOPBACK}:{servers.imap_port} · SMTP {LOOPBACK}:{servers.smtp_port}"
            " · no encryption · user: the address"
        )
        employee, owner = self._pair(board)
        width = max(len(employee.address), len(owner.address)) + 2
        return (
            Text("─" * 400, style="dim", no_wrap=True, overflow="crop"),
            Text(where, no_wrap=True, overflow="ellipsis"),
            _login("as an employee", employee, width),
            _login("as HR staff", owner, width),
            Text(
                f" logins: {self.home / ACCOUNTS} · own server: mailflow init DIR · Ctrl-C ends",
                no_wrap=True,
                overflow="ellipsis",
            ),
        )

    def long(self, board: Board) -> str:
        """The whole explanation, for a log or a pipe."""
        servers, (employee, owner) = self.servers, self._pair(board)
        return f"""
Connect a mail client (Thunderbird, for example) and play along:
  IMAP  {LOOPBACK} port {servers.imap_port}    SMTP  {LOOPBACK} port {servers.smtp_port}
  connection security: none; authentication: normal password; user name: the address
  as an employee  {employee.address}  password {employee.password}
  as HR staff     {owner.address}  password {owner.password}
  everybody else  {self.home / ACCOUNTS}
Write to {ALIAS}, answer what came back, and see it here.

On your own mail server: mailflow init DIR, then config/mailflow.yaml in it."""

    def _pair(self, board: Board) -> tuple[Account, Account]:
        """The writer of the first question, and the owner of their case once there is one."""
        company = self.servers.company
        employee = company.find(ASKER)
        ref = next(
            (
                mail.ref
                for mail in board.mails_in
                if mail.message.sender and mail.message.sender.address == ASKER
            ),
            None,
        )
        owned = next((case.owner for case in board.cases if case.ref == ref), "")
        staff = [account for account in company.accounts if account.part is Part.STAFF]
        assert employee is not None  # noqa: S101 - the programme is written for this company
        return employee, company.find(owned) or staff[0]


def _login(role: str, account: Account, width: int) -> Text:
    return Text.assemble(
        f" {role:<16}{account.address:<{width}}",
        (account.password, "bold"),
        no_wrap=True,
        overflow="ellipsis",
    )
