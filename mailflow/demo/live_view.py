"""The playground on a terminal: mails in, cases, mails out, and how to join in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.layout import Layout
from rich.table import Table
from rich.text import Text

from mailflow.core.case.case import Risk
from mailflow.demo.sayings import (
    say_became,
    say_category,
    say_clock,
    say_due,
    say_risk,
    say_template,
)
from mailflow.store.outbox import OutboxState

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

    from mailflow.demo.board import Board, CaseRow, MailIn, MailOut

_SIDE_BY_SIDE_COLUMNS = 118
_SIDE_BY_SIDE_LINES = 32
_RISK_STYLES = {Risk.LOW: "green", Risk.MODERATE: "yellow", Risk.HIGH: "red"}
_SEALED_STYLE = "magenta"
_LINES_A_CASE = 2
_IN_COLUMNS = 36
_OUT_COLUMNS = 38
_OWNER_COLUMNS = 35


@dataclass(frozen=True)
class Screen:
    """The size of the terminal, in characters."""

    width: int
    height: int

    @property
    def is_wide(self) -> bool:
        return self.width >= _SIDE_BY_SIDE_COLUMNS and self.height >= _SIDE_BY_SIDE_LINES


def draw(board: Board, screen: Screen, *, title: str, footer: tuple[Text, ...]) -> Layout:
    """The whole screen: three columns where there is room, else three bands."""
    whole = Layout()
    body = Layout(name="body")
    whole.split_column(
        Layout(_heading(title, screen.width), size=1),
        body,
        Layout(Group(*footer), size=len(footer)),
    )
    lines = screen.height - 1 - len(footer)
    if screen.is_wide:
        room = lines - 2
        body.split_row(
            Layout(_mails_in(board, room, narrow=True), size=_IN_COLUMNS),
            Layout(_cases_in_two_lines(board, room)),
            Layout(_mails_out(board, room), size=_OUT_COLUMNS),
        )
        return whole
    outer = max(lines * 5 // 18, 3)
    middle = lines - 2 * outer
    body.split_column(
        Layout(_mails_in(board, outer - 2, narrow=False), size=outer),
        Layout(_cases_in_one_line(board, middle - 2), size=middle),
        Layout(_mails_out(board, outer - 2), size=outer),
    )
    return whole


def _heading(title: str, width: int) -> Text:
    return Text(f" {title}".ljust(width), style="reverse", no_wrap=True, overflow="ellipsis")


def _list(title: str, shown: int, total: int) -> Table:
    counted = f"{title} {total}" if shown == total else f"{title} {total}, the latest {shown}"
    return Table(
        box=None,
        expand=True,
        show_header=False,
        padding=(0, 1, 0, 0),
        title=Text(f" {counted}", style="bold"),
        title_justify="left",
    )


def _mails_in(board: Board, room: int, *, narrow: bool) -> RenderableType:
    mails = board.mails_in[-room:] if room > 0 else ()
    table = _list("Mails in", len(mails), len(board.mails_in))
    table.add_column(width=6, style="dim", no_wrap=True)
    table.add_column(ratio=2, no_wrap=True, overflow="ellipsis")
    if not narrow:
        table.add_column(ratio=5, no_wrap=True, overflow="ellipsis", style="dim")
    table.add_column(width=16, no_wrap=True, overflow="ellipsis")
    for mail in mails:
        subject = () if narrow else (Text(mail.message.subject),)
        table.add_row(_clock(mail.at, board), Text(_sender(mail)), *subject, _became(mail))
    return table


def _clock(moment: datetime, board: Board) -> Text:
    return Text(f" {say_clock(moment, board)}")


def _sender(mail: MailIn) -> str:
    sender = mail.message.sender
    if sender is None:
        return "?"
    return sender.name or sender.address


def _became(mail: MailIn) -> Text:
    style = {"case": "bold", "": "dim", "reply": "bold", "held": "yellow"}.get(mail.became, "dim")
    return Text(say_became(mail), style=style)


def _cases_in_one_line(board: Board, room: int) -> RenderableType:
    cases = board.cases[-room:] if room > 0 else ()
    table = _list("Cases", len(cases), len(board.cases))
    table.add_column(width=10, no_wrap=True, style="bold")
    table.add_column(width=12, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(width=_OWNER_COLUMNS, no_wrap=True, overflow="ellipsis")
    for case in cases:
        owner = f"{case.owner_name} {say_due(case, board)}"
        table.add_row(f" {case.ref}", _risk(case), _category(case), Text(owner))
    return table


def _cases_in_two_lines(board: Board, room: int) -> RenderableType:
    cases = board.cases[-(room // _LINES_A_CASE) :] if room >= _LINES_A_CASE else ()
    table = _list("Cases", len(cases), len(board.cases))
    table.add_column(width=10, no_wrap=True, style="bold")
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for case in cases:
        first = Text.assemble(_risk(case), " · ", _category(case))
        owner = f"{case.owner_name} {say_due(case, board)}"
        table.add_row(f" {case.ref}", Text("\n").join((first, Text(owner, style="dim"))))
    return table


def _category(case: CaseRow) -> Text:
    if case.is_sealed:
        return Text("sealed", style=_SEALED_STYLE)
    return Text(say_category(case))


def _risk(case: CaseRow) -> Text:
    return Text(say_risk(case), style=_RISK_STYLES.get(case.risk, _SEALED_STYLE))


def _mails_out(board: Board, room: int) -> RenderableType:
    mails = sorted(board.mails_out, key=lambda mail: mail.at)[-room:] if room > 0 else []
    table = _list("Mails out", len(mails), len(board.mails_out))
    table.add_column(width=6, style="dim", no_wrap=True)
    table.add_column(width=10, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(width=9, no_wrap=True, style="dim")
    for mail in mails:
        table.add_row(_clock(mail.at, board), _template(mail), Text(mail.recipient_name), mail.ref)
    return table


def _template(mail: MailOut) -> Text:
    if mail.state is OutboxState.SENT:
        return Text(say_template(mail), style="red" if mail.template == "escalation" else "")
    return Text(str(mail.state), style="yellow")
