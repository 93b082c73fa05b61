"""The playground without a terminal: one line for each thing that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.demo.sayings import say_became, say_category, say_due, say_risk, say_template
from mailflow.store.outbox import OutboxState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mailflow.demo.board import Board, CaseRow, MailIn, MailOut


class PlainLines:
    """Prints what a board shows and the boards before it did not."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._shown: set[tuple[str, ...]] = set()

    def show(self, board: Board) -> None:
        new = {key: line for key, line in _lines(board) if key not in self._shown}
        self._shown.update(new)
        for line in sorted(new.values(), key=lambda line: line.partition("  ")[0]):
            self._write(line)


def _lines(board: Board) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each thing by what makes it another one."""
    for mail in board.mails_in:
        if mail.became:
            yield ("in", mail.message.message_id or "", str(mail.at)), _line_in(mail, board)
    for case in board.cases:
        key: tuple[str, ...] = ("case", case.ref, case.category, case.risk, case.owner)
        yield key, _line_case(case, board)
    for mail_out in board.mails_out:
        if mail_out.state not in (OutboxState.QUEUED, OutboxState.SENDING):
            key = ("out", mail_out.ref, mail_out.template, mail_out.recipient, str(mail_out.at))
            yield key, _line_out(mail_out, board)


def _line_in(mail: MailIn, board: Board) -> str:
    sender = mail.message.sender.address if mail.message.sender else "?"
    what = say_became(mail)
    return f"{_second(mail.at, board)}  in    {sender}: {mail.message.subject} -> {what}"


def _line_case(case: CaseRow, board: Board) -> str:
    category = "sealed" if case.is_sealed else say_category(case)
    due = f", {say_due(case, board)}" if case.due else ""
    return (
        f"{_second(case.opened_at, board)}  case  {case.ref} {category}, {say_risk(case)},"
        f" {case.owner_name}{due}"
    )


def _line_out(mail: MailOut, board: Board) -> str:
    state = "" if mail.state is OutboxState.SENT else f" ({mail.state})"
    what = say_template(mail)
    return f"{_second(mail.at, board)}  out   {mail.ref} {what} to {mail.recipient}{state}"


def _second(moment: datetime, board: Board) -> str:
    return f"{moment.astimezone(board.zone):%H:%M:%S}"
