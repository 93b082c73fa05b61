from __future__ import annotations

import pytest

from mailflow.intake.own_lists import without_own_list

OURS = ("hr-all.acme.example",)
LISTED = (
    b"Return-Path: <hr-bounces@acme.example>\r\n"
    b"List-Id: Everybody in HR\r\n <HR-all.acme.example>\r\n"
    b"List-Unsubscribe: <mailto:off@acme.example>\r\n"
    b"Precedence: list\r\n"
    b"Sender: hr-bounces@acme.example\r\n"
    b"From: riya.rao@acme.example\r\n"
    b"Auto-Submitted: no\r\n"
    b"\r\n"
    b"List-Id: of the text\r\n"
)
PLAIN = b"From: riya.rao@acme.example\r\nAuto-Submitted: no\r\n\r\nList-Id: of the text\r\n"


def test_what_our_own_list_wrote_is_taken_off() -> None:
    assert without_own_list(LISTED, OURS) == PLAIN


@pytest.mark.parametrize(
    ("raw", "list_ids"),
    [
        (LISTED, ()),
        (LISTED, ("other.acme.example",)),
        (PLAIN, OURS),
        (b"List-Id: <other.example>\r\n" + LISTED, OURS),
        (b"List-Id: <hr-all.acme.example>", OURS),
    ],
    ids=["no lists", "another list", "no list mail", "two lists", "header alone"],
)
def test_any_other_mail_stays_as_it_is(raw: bytes, list_ids: tuple[str, ...]) -> None:
    kept = without_own_list(raw, list_ids)
    assert kept in (raw, b"\n")


@pytest.mark.parametrize("line", [b"Precedence: bulk\r\n", b"Return-Path: <>\r\n"])
def test_what_the_writers_side_said_stays(line: bytes) -> None:
    raw = b"List-Id: <hr-all.acme.example>\r\n" + line + b"From: a@b.example\r\n\r\nhello"
    assert without_own_list(raw, OURS) == line + b"From: a@b.example\r\n\r\nhello"
