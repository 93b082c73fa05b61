from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.mail.from_field import (
    FromField,
    FromProblem,
    is_host_name,
    is_plain_address,
    read_from_field,
)


def test_address_is_lower_case_and_tells_its_domain() -> None:
    found = read_from_field([b"Dana <Dana.Lead@ACME.example>"])

    assert found == FromField("dana.lead@acme.example")
    assert found.domain == "acme.example"


def test_nobody_has_no_domain() -> None:
    assert read_from_field([]).domain == ""


@pytest.mark.parametrize(
    ("phrase", "is_accepted"),
    [
        (b'"a\\\\" ', True),
        (b'"a\\"', False),
        (b"O'Brien & Sons ", True),
        (b"a (b) ", True),
        (b"a (b) c ", True),
        (b"a (b) (c) ", False),
        (b"a (b,c) ", False),
        (b"a b) ", False),
        (b"\\a ", False),
        (b'"(" ', True),
        (b'"<" "@" ', False),
    ],
)
def test_display_name_has_one_reading_or_none(phrase: bytes, *, is_accepted: bool) -> None:
    found = read_from_field([phrase + b"<a@b.example>"])

    assert (found.address == "a@b.example") is is_accepted


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("a@b.example", True),
        ("a+tag=x@b-c.example", True),
        ("a", False),
        ("@b.example", False),
        ("a.@b.example", False),
        ("a@b", False),
        ("a@b..example", False),
        ("a@-b.example", False),
        ("a@b_c.example", False),
        ("a@" + "b" * 64 + ".example", False),
        ("a@" + "b." * 130 + "example", False),
    ],
)
def test_plain_address_is_a_dot_atom_at_a_host_name(text: str, *, is_plain: bool) -> None:
    assert is_plain_address(text) is is_plain


def test_punycode_is_a_host_name_like_any_other() -> None:
    assert is_host_name("xn--cme-5cd.example")


@given(st.binary(max_size=200))
def test_whatever_arrives_gives_an_address_or_a_problem(value: bytes) -> None:
    found = read_from_field([value])

    assert (found.address is None) is (found.problem is not None)
    assert found.address is None or is_plain_address(found.address)


@given(st.text(alphabet='dana.led@cmexp<>(),:;"\\[]= ?', max_size=60))
def test_accepted_address_stands_in_the_text_once_in_plain_sight(text: str) -> None:
    found = read_from_field([text.encode()])

    if found.address is not None:
        tail = text.strip().removesuffix(">")
        assert tail.lower().endswith(found.address)


def test_endless_quotes_and_comments_take_no_time() -> None:
    for filler in (b'"\\', b"(", b"<", b'"', b"=?", b"a@"):
        assert read_from_field([filler * 900]).address is None
        assert read_from_field([filler * 100_000]).problem is FromProblem.TOO_LONG
