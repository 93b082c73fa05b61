from __future__ import annotations

import pytest

from mailflow.core.mail.parse import parse_message
from mailflow.core.mail.two_texts import differ

QUOTED = "\n\nOn Tuesday HR Support wrote:\n> " + "a long quotation of the earlier mail " * 20


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("Dear Riya,\n\n*We* pay it: https://acme.example/pay", "Dear Riya,\n\nWe pay it: here"),
        ("- one\n- two\n- three", "• one\n• two\n• three"),
        ("#close outcome: resolved", "#close outcome: resolved"),
        ("We pay it." + QUOTED, "We pay it." + QUOTED.replace(">", "")),
        ("GRÜSSE aus Köln", "Grüsse aus Köln"),
    ],
)
def test_what_a_mail_client_makes_of_one_text_is_the_same(plain: str, shown: str) -> None:
    assert not differ(plain, shown)


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("#close outcome: resolved resolution: done" + QUOTED, "Thank you very much" + QUOTED),
        ("Thank you very much" + QUOTED, "#risk low reason: a mistake" + QUOTED),
        ("We pay it.", "We pay it. " + "and many words that the plain text lacks " * 5),
    ],
)
def test_two_texts_that_say_different_things_are_told_apart(plain: str, shown: str) -> None:
    assert differ(plain, shown)


@pytest.mark.parametrize(
    ("html", "expected"), [("<p>We <b>pay</b> it.</p>", False), ("<p>No way, never.</p>", True)]
)
def test_a_parsed_mail_says_whether_its_texts_differ(html: str, *, expected: bool) -> None:
    raw = (
        "From: a@acme.example\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nWe pay it.\r\n"
        f"--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    )
    assert parse_message(raw.encode()).texts_differ is expected
