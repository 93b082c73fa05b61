"""What to tell a person who wants to play along: hosts, ports, logins, and the way on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from mailflow.demo.company import ALIAS, Part
from mailflow.demo.instance import ACCOUNTS
from mailflow.demo.programme import ASKER
from mailflow.demo.servers import LOOPBACK

if TYPE_CHECKING:
    from mailflow.demo.board import Board
    from mailflow.demo.company import Account
    from mailflow.demo.servers import PrivateServers


@dataclass(frozen=True)
class Invitation:
    servers: PrivateServers
    home: Path

    def short(self, board: Board) -> tuple[Text, ...]:
        """Six lines for the foot of the screen."""
        servers = self.servers
        where = (
            f" IMAP {LOOPBACK}:{servers.imap_port} · SMTP {LOOPBACK}:{servers.smtp_port}"
            " · no encryption · user: the address"
        )
        employee, owner = self._pair(board)
        width = max(len(employee.address), len(owner.address)) + 2
        return (
            Text("─" * 400, style="dim", no_wrap=True, overflow="crop"),
            _line(where),
            _login("as an employee", employee, width, does=f"write to {ALIAS}"),
            _login("as HR staff", owner, width, does="answer what came"),
            _line(f" {'everybody else':<16}{self.home / ACCOUNTS} · Ctrl-C ends"),
            _line(f" {'own server':<16}{say_init()}, then DIR/config/mailflow.yaml"),
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

On your own mail server:
  {say_init()}
  name your servers in DIR/config/mailflow.yaml, then: mailflow check --home DIR"""

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


def say_init() -> str:
    """How an instance of one's own is made here, where the command may be on nobody's PATH."""
    command = Path(sys.executable).with_name("mailflow")
    if not command.exists():
        return "make setup; .venv/bin/mailflow init DIR"
    here = Path.cwd()
    shown = command.relative_to(here) if command.is_relative_to(here) else command
    return f"{shown} init DIR"


def _line(words: str) -> Text:
    return Text(words, no_wrap=True, overflow="ellipsis")


def _login(role: str, account: Account, width: int, *, does: str) -> Text:
    return Text.assemble(
        f" {role:<16}{account.address:<{width}}",
        (account.password, "bold"),
        f"  {does}",
        no_wrap=True,
        overflow="ellipsis",
    )
