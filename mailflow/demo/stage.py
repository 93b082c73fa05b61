"""Showing the playground: live on a terminal, in plain lines without one, or once and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live

from mailflow.clock import SystemClock
from mailflow.demo.live_view import Screen, draw
from mailflow.demo.outcome import examine, is_complete
from mailflow.demo.plain_lines import PlainLines
from mailflow.demo.playground import MAILS, open_playground
from mailflow.demo.result_table import draw_findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

    from mailflow.demo.board import Board
    from mailflow.demo.playground import Playground

_LOOK_SECONDS = 0.5
_PAUSE_SECONDS = 4.2
_PAUSE_ONCE_SECONDS = 0.4
_PATIENCE_SECONDS = 50.0
_LOG_COLUMNS = 120


def keep_running(home: Path, stop: Event) -> bool:
    """Until stopped; whether nothing failed by itself."""
    console = Console(highlight=False)
    console.print("Starting the mail servers and mailflow ...")
    with open_playground(home, stop, pause_seconds=_PAUSE_SECONDS) as playground:
        if console.is_terminal:
            _show_live(playground, stop, console)
        else:
            _show_lines(playground, stop, console)
        board = playground.look()
    console.print(
        f"Stopped: {len(board.mails_in)} mails in, {len(board.cases)} cases,"
        f" {len(board.mails_out)} mails out. The instance is in {home}."
    )
    return _say_failure(playground, console)


def run_through(home: Path, stop: Event) -> bool:
    """All sample mails once; prints what came of them. Whether all that must be is there."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_LOG_COLUMNS)
    clock = SystemClock()
    with open_playground(
        home, stop, pause_seconds=_PAUSE_ONCE_SECONDS, is_private=True
    ) as playground:
        lines = PlainLines(_printer(console))
        until = clock.monotonic() + _PATIENCE_SECONDS
        findings = examine(playground.look())
        while clock.monotonic() < until and not stop.wait(_LOOK_SECONDS):
            board = playground.look()
            lines.show(board)
            if playground.has_played and board.is_settled:
                findings = examine(board)
                if is_complete(findings):
                    break
    console.print(draw_findings(findings))
    is_good = is_complete(findings)
    if not is_good:
        for finding in findings:
            for sentence in finding.missing:
                console.print(f"missing: {finding.what}: {sentence}", soft_wrap=True)
    return _say_failure(playground, console) and is_good


def _show_live(playground: Playground, stop: Event, console: Console) -> None:
    shown: tuple[Board, Screen] | None = None
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            board = playground.look()
            now = (board, Screen(console.width, console.height))
            if now != shown:
                shown = now
                live.update(
                    draw(
                        *now,
                        title=_title(board, playground),
                        footer=playground.invitation.short(board),
                    ),
                    refresh=True,
                )
            if stop.wait(_LOOK_SECONDS):
                return


def _title(board: Board, playground: Playground) -> str:
    if playground.has_played:
        return "mailflow demo: all sample mails are in; now write some yourself"
    return f"mailflow demo: sample mail {min(len(board.mails_in) + 1, MAILS)} of {MAILS} is coming"


def _show_lines(playground: Playground, stop: Event, console: Console) -> None:
    lines = PlainLines(_printer(console))
    has_invited = False
    while True:
        board = playground.look()
        lines.show(board)
        if playground.has_played and board.is_settled and not has_invited:
            console.print(playground.invitation.long(board), soft_wrap=True)
            has_invited = True
        if stop.wait(_LOOK_SECONDS):
            return


def _printer(console: Console) -> Callable[[str], None]:
    def write(line: str) -> None:
        console.print(line, markup=False, soft_wrap=True)

    return write


def _say_failure(playground: Playground, console: Console) -> bool:
    if playground.failure is None:
        return True
    console.print(f"The playground ended by itself: {playground.failure}", markup=False)
    return False
