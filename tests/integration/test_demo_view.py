from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.text import Text

from mailflow.core.case.case import Risk, State
from mailflow.core.mail.parse import parse_message
from mailflow.demo.board import Board, CaseRow, MailIn, MailOut
from mailflow.demo.live_view import Screen, draw
from mailflow.demo.plain_lines import PlainLines
from mailflow.store.outbox import OutboxState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FOOTER = (Text("one"), Text("two"))


def _mail_in(number: int, became: str, ref: str | None) -> MailIn:
    raw = f"From: Ed Ellis <ed@acme.example>\nSubject: Mail {number}\nMessage-ID: <{number}@x>\n\nx"
    return MailIn(NOW + timedelta(seconds=number), parse_message(raw.encode()), became, ref)


def _case(number: int, *, is_sealed: bool = False) -> CaseRow:
    return CaseRow(
        ref=f"HR-00000{number}",
        opened_at=NOW + timedelta(seconds=number),
        category="harassment_discrimination" if is_sealed else "payroll_discrepancy",
        is_sealed=is_sealed,
        risk=Risk.HIGH if is_sealed else Risk.MODERATE,
        state=State.ASSIGNED,
        owner="priya@acme.example",
        owner_name="Priya Patel",
        due=("first_response", NOW + timedelta(days=1)),
    )


def _board(count: int) -> Board:
    return Board(
        mails_in=tuple(_mail_in(n, "case", f"HR-00000{n}") for n in range(count)),
        cases=tuple(_case(n, is_sealed=n == 1) for n in range(count)),
        mails_out=tuple(
            MailOut(NOW, "acknowledgement", "ed@acme.example", "Ed Ellis", f"HR-{n}", state)
            for n, state in enumerate([OutboxState.SENT] * count)
        ),
        zone=UTC,
    )


def _drawn(board: Board, screen: Screen) -> list[str]:
    console = Console(
        width=screen.width, height=screen.height, file=io.StringIO(), force_terminal=False
    )
    with console.capture() as captured:
        console.print(draw(board, screen, title="mailflow demo", footer=FOOTER))
    return captured.get().rstrip("\n").split("\n")


@pytest.mark.parametrize(
    "screen", [Screen(80, 24), Screen(100, 30), Screen(120, 40), Screen(200, 60), Screen(40, 10)]
)
@pytest.mark.parametrize("count", [0, 1, 9])
def test_the_view_fits_every_screen_with_its_foot_in_sight(screen: Screen, count: int) -> None:
    lines = _drawn(_board(count), screen)
    assert len(lines) == screen.height
    assert max(len(line) for line in lines) <= screen.width
    assert lines[-1].strip() == "two"


@pytest.mark.parametrize("screen", [Screen(80, 24), Screen(120, 40)])
def test_the_newest_of_each_list_is_in_sight_with_what_matters(screen: Screen) -> None:
    text = "\n".join(_drawn(_board(9), screen))
    for words in ("Mails in 9", "Cases 9", "Mails out 9", "HR-000008", "moderate", "pay"):
        assert words in text
    assert "Priya Patel answers by Wed 09:00" in text


@pytest.mark.parametrize("screen", [Screen(80, 24), Screen(120, 40)])
def test_what_a_sealed_case_is_about_is_not_on_the_screen(screen: Screen) -> None:
    text = "\n".join(_drawn(_board(2), screen))
    assert "sealed" in text
    assert "harassment" not in text


def test_plain_lines_tell_each_thing_once() -> None:
    lines: list[str] = []
    view = PlainLines(lines.append)
    view.show(_board(1))
    view.show(_board(1))
    assert lines == [
        "09:00:00  in    ed@acme.example: Mail 0 -> HR-000000",
        "09:00:00  case  HR-000000 pay, moderate, Priya Patel, answers by Wed 09:00",
        "09:00:00  out   HR-0 receipt to ed@acme.example",
    ]


def test_plain_lines_wait_until_a_mail_is_decided() -> None:
    lines: list[str] = []
    view = PlainLines(lines.append)
    view.show(Board(mails_in=(_mail_in(1, "", None),), zone=UTC))
    assert lines == []
    view.show(Board(mails_in=(_mail_in(1, "newsletter", None),), zone=UTC))
    assert lines == ["09:00:01  in    ed@acme.example: Mail 1 -> newsletter"]


def test_a_reply_says_which_case_it_joins() -> None:
    lines: list[str] = []
    PlainLines(lines.append).show(Board(mails_in=(_mail_in(1, "reply", "HR-7K2Q9M"),), zone=UTC))
    assert lines[0].endswith("-> joins HR-7K2Q9M")
