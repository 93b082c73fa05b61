"""Fields as they are read and written where mail is odd: nothing ends one that should not."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from mailflow.core.mail.compose import Enclosure, compose, is_sendable, safe_header
from mailflow.core.mail.from_field import FromProblem, read_from_field
from mailflow.core.mail.header_fields import MAX_FIELD_BYTES, MAX_HEADER_BYTES, read_fields
from mailflow.core.mail.mailto import write_mailto
from mailflow.core.mail.problems import Problem
from tests.unit.core.mail.test_compose import MAIL


def test_a_first_mail_names_no_ancestor() -> None:
    first = replace(MAIL, in_reply_to=None, references=(), auto_submitted="", html=None)
    message = message_from_bytes(compose(first), policy=policy.default)
    for name in ("In-Reply-To", "References", "Auto-Submitted"):
        assert message[name] is None
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("bad", ["a b@client.example", "x\r\nBcc: eve@evil.example", ""])
def test_an_ancestor_that_is_no_message_id_is_left_out(bad: str) -> None:
    raw = compose(replace(MAIL, in_reply_to=bad, references=(bad, "good@client.example")))
    message = message_from_bytes(raw, policy=policy.default)
    assert message["In-Reply-To"] is None
    assert message["References"] == "<good@client.example>"
    assert message["Bcc"] is None


def test_of_many_ancestors_the_root_and_the_newest_stay() -> None:
    many = tuple(f"{number}@client.example" for number in range(500))
    raw = compose(replace(MAIL, in_reply_to=None, references=many))
    kept = str(message_from_bytes(raw, policy=policy.default)["References"]).split()
    assert kept[0] == "<0@client.example>"
    assert kept[-1] == "<499@client.example>"
    assert len(kept) < 100


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ("image/png", "image/png"),
        ("text/html", "application/octet-stream"),
        ('image/svg"; x', "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
    ],
)
def test_an_enclosure_is_shown_or_opaque(named: str, shown: str) -> None:
    raw = compose(replace(MAIL, enclosures=(Enclosure("a.bin", named, b"x"),)))
    (part,) = message_from_bytes(raw, policy=policy.default).iter_attachments()
    assert part.get_content_type() == shown


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("a\r\nBcc: eve@evil.example", "a Bcc: eve@evil.example"),
        ("a\x00b\u2028c\u202ed", "a b c d"),
        ("e\u0301", "\u00e9"),
        ("x" * 500, "x" * 200),
        ("\u0316\u0300" * 100_000, None),
    ],
)
def test_a_value_cannot_end_a_field_or_hide(value: str, safe: str | None) -> None:
    cleaned = safe_header(value)
    assert safe is None or cleaned == safe
    assert len(cleaned) <= 200


@pytest.mark.parametrize(
    "address", ["a@b.example>", "a\r\nb@c.example", "a b@c.example", "@c.example", "a@", ""]
)
def test_an_address_that_could_go_elsewhere_is_none(address: str) -> None:
    assert not is_sendable(address)
    with pytest.raises(ValueError, match=r".*"):
        compose(replace(MAIL, recipient=address))


def test_two_from_fields_are_nobody_and_a_name_may_be_the_address() -> None:
    twice = read_from_field([b"a@b.example", b"c@d.example"])
    assert twice.problem is FromProblem.SEVERAL_FIELDS
    shown = read_from_field([b'"a@b.example" <a@b.example>'])
    assert (shown.address, shown.problem) == ("a@b.example", None)
    other = read_from_field([b'"boss@b.example" <a@b.example>'])
    assert other.problem is FromProblem.SHOWS_ANOTHER


def test_a_mail_without_a_header_is_all_body() -> None:
    for raw in (b"\nbody", b"\r\nbody"):
        fields, start = read_fields(raw, 0, len(raw), set())
        assert fields.pairs == ()
        assert raw[start:] == b"body"


def test_a_header_beyond_its_limit_is_cut_and_said() -> None:
    problems: set[Problem] = set()
    raw = b"X:" + b"a" * (MAX_FIELD_BYTES + 10) + b"\n\nbody"
    fields, _ = read_fields(raw, 0, len(raw), problems)
    assert len(fields.first("x") or b"") == MAX_FIELD_BYTES
    assert problems == {Problem.FIELD_LIMIT}
    raw = b"X: a\n" * (MAX_HEADER_BYTES // 5 + 10) + b"\nbody"
    problems = set()
    read_fields(raw, 0, len(raw), problems)
    assert Problem.FIELD_LIMIT in problems
    long = b"".join(b"X: " + b"a" * 900 + b"\r\n" for _ in range(MAX_HEADER_BYTES // 900 + 1))
    problems = set()
    _, start = read_fields(long + b"\r\nbody", 0, len(long) + 6, problems)
    assert start == len(long) + 2
    assert problems == {Problem.FIELD_LIMIT}


def test_lines_that_are_no_fields_do_not_end_it_while_fields_follow() -> None:
    problems: set[Problem] = set()
    raw = b"\tfolded into nothing\nFrom x@y\nSubject: h\xe9llo\n  more\nodd line\n"
    raw += b"To: a@b.example\n\nbody"
    fields, start = read_fields(raw, 0, len(raw), problems)
    assert fields.text("subject") == "h\u00e9llo  more"
    assert fields.text("cc") == ""
    assert fields.every("to") == (b"a@b.example",)
    assert fields.every("cc") == ()
    assert fields.has("to")
    assert raw[start:] == b"body"
    assert problems == {Problem.BAD_HEADER_LINE}


def test_a_lost_blank_line_begins_the_body_where_no_field_follows() -> None:
    raw = b"Subject: x\nthis is\nthe text\nall of it\n"
    fields, start = read_fields(raw, 0, len(raw), set())
    assert [name for name, _ in fields.pairs] == ["subject"]
    assert raw[start:].startswith(b"this is")


def test_a_link_holds_no_field_of_its_own() -> None:
    link = write_mailto("hr+x@acme.example", subject="a&cc=eve@evil.example", body="#note\n\nb")
    assert "&cc=" not in link
    assert link.endswith("&body=%23note%0D%0A%0D%0Ab")
    assert "&body" not in write_mailto("hr@acme.example", subject="a")
