"""Bounded children: what they return, what stops them, what they cannot see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailflow.core.mail.message import Message
from mailflow.core.mail.parse import parse_message
from mailflow.errors import UnparsableError
from mailflow.intake.parse_pool import ParsePool

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = b"From: eva@acme.example\nSubject: Leave\nMessage-ID: <a@x>\n\nHello\n"
WITH_FILE = (
    b"From: eva@acme.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nHello\n--B\n"
    b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    b"JVBERi0xLjQgdGVzdA==\n--B--\n"
)
TOO_LARGE = b"x" * (40 * 1024 * 1024 + 1)


@pytest.fixture(scope="module")
def pool() -> Iterator[ParsePool]:
    with ParsePool(workers=1, trusted_authserv_id="mx.acme.example") as shared:
        yield shared


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def test_a_child_reads_what_the_parser_reads(pool: ParsePool) -> None:
    assert pool.parse(SMALL) == parse_message(SMALL)


def test_the_bytes_of_files_travel_back(pool: ParsePool) -> None:
    (attachment,) = pool.parse(WITH_FILE).attachments
    assert attachment.content == b"%PDF-1.4 test"


def test_the_trusted_border_is_known_to_the_child(pool: ParsePool) -> None:
    raw = b"Authentication-Results: mx.acme.example; dkim=pass header.d=x.example\n" + SMALL
    assert pool.parse(raw).auth.dkim == "pass"


def test_many_mails_come_back_in_their_order(pool: ParsePool) -> None:
    raws = [SMALL.replace(b"Leave", b"%d" % number) for number in range(300)]
    outcomes = pool.parse_many(raws)
    assert [one.subject for one in outcomes if isinstance(one, Message)] == [
        str(number) for number in range(300)
    ]


def test_what_is_parsed_beside_other_work_comes_back_the_same(pool: ParsePool) -> None:
    soon = pool.parse_soon([SMALL, TOO_LARGE])
    other = pool.parse_many([WITH_FILE])
    first, second = soon.result()
    assert first == parse_message(SMALL)
    assert isinstance(second, UnparsableError)
    assert isinstance(other[0], Message)


def test_no_mails_have_no_outcomes(pool: ParsePool) -> None:
    assert pool.parse_many([]) == []


def test_a_mail_over_the_limit_is_an_error_among_good_ones(pool: ParsePool) -> None:
    first, second, third = pool.parse_many([SMALL, TOO_LARGE, SMALL])
    assert isinstance(first, Message)
    assert isinstance(second, UnparsableError)
    assert isinstance(third, Message)


def test_a_single_mail_over_the_limit_raises(pool: ParsePool) -> None:
    with pytest.raises(UnparsableError, match="limit"):
        pool.parse(TOO_LARGE)


def test_a_child_that_dies_is_replaced() -> None:
    with ParsePool(workers=1) as pool:
        pool.parse(SMALL)
        before = set(children_of(os.getpid()))
        for child in before:
            environment = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"parse_child" in environment:
                os.kill(child, 9)
        outcomes = [pool.parse_many([SMALL])[0] for _ in range(2)]
        assert isinstance(outcomes[1], Message)


def test_children_see_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HR_IMAP_PASSWORD", "secret")
    with ParsePool(workers=1) as pool:
        pool.parse(SMALL)
        environments = [
            Path(f"/proc/{child}/environ").read_bytes()
            for child in children_of(os.getpid())
            if b"parse_child" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
    assert environments
    assert not any(b"secret" in environment for environment in environments)


def test_children_have_a_memory_limit_and_leave_no_core() -> None:
    with ParsePool(workers=1) as pool:
        pool.parse(SMALL)
        limits = [
            Path(f"/proc/{child}/limits").read_text(encoding="ascii")
            for child in children_of(os.getpid())
            if b"parse_child" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
    assert all("Max address space        unlimited" not in text for text in limits)
    assert all("Max core file size        0 " in text for text in limits)


def test_the_pool_can_be_used_again_after_it_was_closed() -> None:
    pool = ParsePool(workers=1)
    pool.parse(SMALL)
    pool.close()
    assert pool.parse(SMALL).subject == "Leave"
    pool.close()
