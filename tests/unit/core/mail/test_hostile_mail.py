"""Mail made to exhaust the reader: time grows with the size, limits become problem codes."""

from __future__ import annotations

import time

import pytest

from mailflow.core.mail.parse import parse_message
from mailflow.errors import UnparsableError

SIZE = 100_000
LIMIT_SECONDS = 2.0


def text_mail(body: bytes, *, subject: bytes = b"x", content_type: bytes = b"text/plain") -> bytes:
    head = b"From: a@b.example\nTo: hr@acme.example\nSubject: %s\nContent-Type: %s\n\n"
    return head % (subject, content_type) + body


def repeated(piece: bytes) -> bytes:
    return piece * (SIZE // len(piece))


TEXTS = {
    "on_on_on": b"On ",
    "attribution_lines": b"On Mon 1 2026 wrote:\n",
    "greater_than": b">",
    "greater_than_lines": b">\n",
    "label_lines": b"From: a\n",
    "header_blocks": b"From: a@b\nTo: b\nDate: 1\n\n",
    "colon_lines": b"a:\n",
    "dash_lines": b"-----\n",
    "signature_lines": b"--\n",
    "underscores": b"_",
    "uuencode_begins": b"begin 644 x\n",
    "forward_lines": b"---------- Forwarded message ---------\n",
    "disclaimers": b"confidential privileged intended recipient notify the sender\n\n",
    "armour": b"-----BEGIN PGP SIGNED MESSAGE-----\n",
}
HTML = {
    "divs": b"<div>",
    "blockquotes": b"<blockquote>",
    "gmail_quotes": b"<div class=gmail_quote>",
    "tables": b"<table><tr><td>x",
    "lists": b"<ul><li>x",
    "angles": b"<",
    "comments": b"<!--",
    "links_in_links": b'<a href="http://x/y">y<b>',
    "containers_in_containers": b"<div class=gmail_quote><blockquote></blockquote><div>",
    "header_borders": b'<div style="border-top:solid #b5c4df">',
}
FIELDS = {
    "parentheses": b"To: " + b"(" * 60_000,
    "quotes": b"To: " + b'"' * 60_000,
    "backslashes": b'To: "' + b"\\" * 60_000,
    "angles": b"To: " + b"<" * 60_000,
    "groups": b"To: " + b"a:" * 30_000,
    "encoded_word_starts": b"Subject: " + b"=?a?q?" * 10_000,
    "parameters": b"Content-Type: text/plain; " + b'a="' * 20_000,
    "semicolons": b"Content-Type: text/plain" + b";" * 60_000,
    "ids": b"References: " + b"<" * 60_000,
    "many_fields": b"X: y\n" * 100_000,
    "folded_field": b"Subject: a\n" + b" b\n" * 100_000,
    "garbage": b"garbage\n" * 50_000,
}


def seconds_to_parse(raw: bytes) -> float:
    start = time.process_time()
    parse_message(raw)
    return time.process_time() - start


@pytest.mark.parametrize("name", TEXTS)
def test_repeated_text_takes_linear_time(name: str) -> None:
    assert seconds_to_parse(text_mail(repeated(TEXTS[name]))) < LIMIT_SECONDS


@pytest.mark.parametrize("name", HTML)
def test_repeated_html_takes_linear_time(name: str) -> None:
    raw = text_mail(repeated(HTML[name]), content_type=b"text/html")
    assert seconds_to_parse(raw) < LIMIT_SECONDS


def test_beginnings_of_files_share_the_search_for_their_end() -> None:
    body = b"begin 644 x\n" * 80_000 + b"\nend\n"
    assert seconds_to_parse(text_mail(body)) < LIMIT_SECONDS / 2


@pytest.mark.parametrize("name", FIELDS)
def test_hostile_header_fields_take_linear_time(name: str) -> None:
    assert seconds_to_parse(FIELDS[name] + b"\n\nx") < LIMIT_SECONDS


def test_ten_thousand_parts_stop_at_the_limit() -> None:
    raw = text_mail(b"--b\n\nx\n" * 10_000, content_type=b"multipart/mixed; boundary=b")
    assert "part_limit" in parse_message(raw).problems


def test_five_thousand_levels_stop_at_the_limit() -> None:
    body = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level, level + 1)
        for level in range(5_000)
    )
    raw = text_mail(body, content_type=b"multipart/mixed; boundary=b0")
    assert "depth_limit" in parse_message(raw).problems


def test_enclosed_mail_thirty_thousand_deep_is_one_file() -> None:
    raw = text_mail(b"Content-Type: message/rfc822\n\n" * 30_000, content_type=b"message/rfc822")
    assert len(parse_message(raw).attachments) == 1


def test_addresses_stop_at_one_hundred() -> None:
    message = parse_message(b"To: " + b"a@b.example, " * 500 + b"\n\nx")
    assert len(message.to) == 100
    assert "address_limit" in message.problems


def test_ids_keep_the_first_and_the_newest_fifty() -> None:
    field = " ".join(f"<m{number}@x>" for number in range(200))
    message = parse_message(f"References: {field}\n\nx".encode())
    assert len(message.references) == 50
    assert (message.references[0], message.references[-1]) == ("m0@x", "m199@x")
    assert "id_limit" in message.problems


def test_more_than_a_thousand_fields_are_cut() -> None:
    assert "field_limit" in parse_message(b"X-A: b\n" * 1_500 + b"\nx").problems


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"a" * 2_100_000, b"text/plain"), (b"<p>x" * 15_100, b"text/html")]
)
def test_text_beyond_the_limit_is_left_out(body: bytes, content_type: bytes) -> None:
    message = parse_message(text_mail(body, content_type=content_type))
    assert "text_limit" in message.problems
    assert len(message.text) < 2_000_001


def test_a_mail_above_forty_mebibytes_is_refused() -> None:
    with pytest.raises(UnparsableError, match="limit"):
        parse_message(b"x" * (40 * 1024 * 1024 + 1))
