from __future__ import annotations

import imaplib
import re
import smtplib
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.demo.board import Board, CaseRow, MailOut
from mailflow.demo.company import ALIAS
from mailflow.demo.outcome import examine, is_complete
from mailflow.demo.playground import Playground, open_playground
from mailflow.demo.programme import ASKER, PROGRAMME, REPLY_ID
from mailflow.store.outbox import OutboxState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from mailflow.demo.company import Account
    from mailflow.demo.outcome import Finding

_PATIENCE_SECONDS = 60.0


@contextmanager
def _opened(home: Path) -> Iterator[Playground]:
    stop = threading.Event()
    with open_playground(home, stop, pause_seconds=0.1, is_private=True) as playground:
        yield playground


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    """A playground in which all sample mails have been dealt with."""
    with _opened(tmp_path_factory.mktemp("demo") / "instance") as playground:
        _wait(playground, lambda board: is_complete(examine(board)))
        yield playground


def _wait(playground: Playground, is_there: Callable[[Board], bool]) -> Board:
    until = time.monotonic() + _PATIENCE_SECONDS
    board = playground.look()
    while time.monotonic() < until and playground.failure is None:
        board = playground.look()
        if playground.has_played and board.is_settled and is_there(board):
            break
        time.sleep(0.2)
    return board


def _account(playground: Playground, address: str) -> Account:
    account = playground.invitation.servers.company.find(address)
    assert account is not None
    return account


def _inbox(playground: Playground, address: str) -> list[EmailMessage]:
    """The person's mails as their mail client shows them."""
    account = _account(playground, address)
    client = imaplib.IMAP4("127.0.0.1", playground.invitation.servers.imap_port)
    client.login(address, account.password)
    client.select("INBOX", readonly=True)
    mails: list[EmailMessage] = []
    for uid in client.uid("SEARCH", "ALL")[1][0].split():
        answer = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0]
        assert isinstance(answer, tuple)
        mail = message_from_bytes(answer[1], policy=policy.default)
        mails.append(mail)
    client.logout()
    return mails


def _send(playground: Playground, address: str, to: str, *fields: str, text: str) -> None:
    head = (f"From: {address}", f"To: {to}", *fields)
    raw = "\r\n".join((*head, "", text, "")).encode()
    with smtplib.SMTP("127.0.0.1", playground.invitation.servers.smtp_port) as smtp:
        smtp.login(address, _account(playground, address).password)
        smtp.sendmail(address, [to], raw)


def test_every_sample_mail_comes_to_what_it_must(played: Playground) -> None:
    findings = examine(played.look())
    assert [sentence for finding in findings for sentence in finding.missing] == []
    assert played.failure is None


def test_an_employee_answers_the_receipt_and_the_owner_reads_it(played: Playground) -> None:
    receipt = _inbox(played, ASKER)[0]
    to = receipt["Reply-To"].addresses[0].addr_spec
    _send(
        played,
        ASKER,
        to,
        f"Subject: {receipt['Subject']}",
        "Message-ID: <by-hand-1@acme.example>",
        f"In-Reply-To: {receipt['Message-ID']}",
        text="I found one more: number 2260.",
    )
    board = _wait(played, lambda board: _became(board, "by-hand-1@acme.example") == "reply")
    case = next(case for case in board.cases if case.ref in _text(receipt))
    assert any("2260" in _text(mail) for mail in _inbox(played, case.owner))


@pytest.mark.parametrize(
    ("text", "became"), [("#ack", "command"), ("Hello Ed, it is on its way.", "reply")]
)
def test_what_staff_write_is_shown_as_what_it_was(
    played: Playground, text: str, became: str
) -> None:
    owner = "priya.patel@acme.example"
    message_id = f"{became}-by-staff@acme.example"
    to = _inbox(played, owner)[0]["Reply-To"].addresses[0].addr_spec
    _send(played, owner, to, f"Message-ID: <{message_id}>", text=text)
    board = _wait(played, lambda board: bool(_became(board, message_id)))
    assert _became(board, message_id) == became


def test_whoever_writes_under_another_address_of_theirs_is_known(played: Playground) -> None:
    _send(
        played,
        "ana@acme.example",
        ALIAS,
        "Subject: payslip",
        "Message-ID: <by-hand-2@acme.example>",
        text="My payslip is missing.",
    )
    _wait(played, lambda board: _became(board, "by-hand-2@acme.example") == "case")
    mails = _inbox(played, "ana.alvarez@acme.example")
    assert "Re: payslip" in [mail["Subject"] for mail in mails]


def test_the_accounts_are_listed_for_people_with_what_logs_in(played: Playground) -> None:
    listed = (played.invitation.home / "accounts.txt").read_text(encoding="utf-8")
    owner = _account(played, "priya.patel@acme.example")
    assert re.search(rf"{owner.address} +{owner.password} +HR staff, Priya Patel", listed)
    assert (played.invitation.home / "accounts.txt").stat().st_mode & 0o077 == 0


def test_the_invitation_names_the_owner_of_the_first_case(played: Playground) -> None:
    board = played.look()
    words = played.invitation.long(board)
    owner = next(case.owner for case in board.cases if case.category == "payroll_discrepancy")
    assert _account(played, owner).password in words
    assert _account(played, ASKER).password in words
    assert "mailflow init" in words
    assert ALIAS in words
    foot = [line.plain for line in played.invitation.short(board)]
    assert any(ALIAS in line and _account(played, ASKER).password in line for line in foot)
    assert any("mailflow init DIR" in line for line in foot)


def test_a_run_in_which_something_is_missing_says_so_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is sent, as if the senders had died, and nobody waits for it.
    monkeypatch.setattr("mailflow.demo.player.Player.play", lambda _player, _stop: None)
    monkeypatch.setattr("mailflow.demo.stage._PATIENCE_SECONDS", 0.1)
    home = tmp_path / "demo"
    result = CliRunner().invoke(build_app("demo"), ["demo", "--once", "--home", str(home)])
    assert result.exit_code == 1
    assert "missing: plain question: the mail was not decided about" in result.output
    assert "missing: reply to the receipt: the mail was not decided about" in result.output


def test_nothing_at_all_is_missing_everywhere() -> None:
    findings = examine(Board())
    assert all(finding.missing for finding in findings[:-1])
    assert not is_complete(findings)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda case: replace(case, category="remote_work"), "the category is remote_work"),
        (lambda case: replace(case, owner=""), "nobody owns it"),
    ],
)
def test_what_went_wrong_with_a_case_is_said(
    played: Playground, change: Callable[[CaseRow], CaseRow], sentence: str
) -> None:
    board = played.look()
    first, *others = board.cases
    findings = examine(replace(board, cases=(change(first), *others)))
    assert any(sentence in words for words in _missing(findings))


def test_an_answer_to_a_newsletter_is_a_fault(played: Playground) -> None:
    board = played.look()
    scene = next(scene for scene in PROGRAMME if scene.file == "newsletter.eml")
    sender = scene.message.sender
    assert sender is not None
    findings = examine(replace(board, mails_out=(*board.mails_out, _mail_out(sender.address))))
    assert "the sender must get no answer, but got one" in _missing(findings)


def test_a_word_to_the_accused_is_a_fault(played: Playground) -> None:
    board = played.look()
    scene = next(scene for scene in PROGRAMME if scene.kept_from)
    ref = next(
        mail.ref
        for mail in board.mails_in
        if mail.message.message_id == scene.message.message_id and mail.ref
    )
    told = _mail_out(scene.kept_from or "", ref=ref)
    findings = examine(replace(board, mails_out=(*board.mails_out, told)))
    assert any("though the complaint is about them" in words for words in _missing(findings))


def test_a_reply_that_opens_a_case_of_its_own_is_a_fault(played: Playground) -> None:
    board = played.look()
    mails_in = tuple(
        replace(mail, became="case", ref="HR-000000")
        if mail.message.message_id == REPLY_ID
        else mail
        for mail in board.mails_in
    )
    findings = examine(replace(board, mails_in=mails_in))
    assert any("did not join the case" in words for words in _missing(findings))


def test_a_mail_that_did_not_leave_is_a_fault(played: Playground) -> None:
    board = played.look()
    stuck = replace(_mail_out("x@acme.example"), state=OutboxState.DEAD)
    findings = examine(replace(board, mails_out=(*board.mails_out, stuck)))
    assert "notification to x@acme.example is dead" in _missing(findings)


def _missing(findings: tuple[Finding, ...]) -> list[str]:
    return [sentence for finding in findings for sentence in finding.missing]


def _mail_out(recipient: str, *, ref: str = "HR-000000") -> MailOut:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return MailOut(at, "notification", recipient, recipient, ref, OutboxState.SENT)


def _became(board: Board, message_id: str) -> str | None:
    return next(
        (mail.became for mail in board.mails_in if mail.message.message_id == message_id), None
    )


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
