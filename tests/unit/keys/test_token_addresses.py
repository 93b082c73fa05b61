from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.keys.token_addresses import bounce_address, find_token, reply_address
from mailflow.keys.tokens import Token, TokenSubject, mint_token, read_token

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

ALIASES = ("HR", "people+eu", "kim")
DOMAIN = "Cases.Acme.example"
TOKEN = Token("b2345abcdefghijklmnopqrstuvwxyz", handle=0, kid=1)


def test_a_reply_address_carries_a_token_that_is_found_again(keyring: Keyring) -> None:
    subject = TokenSubject("c0ffee", "anna", Audience.REQUESTER, Purpose.REPLY, generation=1)
    token = mint_token(keyring, subject)
    address = reply_address("hr@acme.example", token.text, "cases.acme.example")
    assert address == f"hr+{token.text}@cases.acme.example"
    assert len(address.partition("@")[0]) == 34
    found = find_token(address, aliases=ALIASES, domain=DOMAIN)
    assert found is not None
    assert (found.alias, found.is_bounce) == ("hr", False)
    assert found.parts == read_token(token.text)


def test_a_bounce_address_is_told_apart_even_where_the_token_begins_with_b() -> None:
    bounce = find_token(
        bounce_address("hr@acme.example", TOKEN.text, DOMAIN), aliases=ALIASES, domain=DOMAIN
    )
    reply = find_token(
        reply_address("hr@acme.example", TOKEN.text, DOMAIN), aliases=ALIASES, domain=DOMAIN
    )
    assert bounce is not None
    assert reply is not None
    assert (bounce.is_bounce, reply.is_bounce) == (True, False)
    assert bounce.parts == reply.parts == read_token(TOKEN.text)


@pytest.mark.parametrize(
    ("address", "alias"),
    [
        (f"HR+{TOKEN.text.upper()}@CASES.ACME.EXAMPLE", "hr"),
        (f" hr+{TOKEN.text}@cases.acme.example ", "hr"),
        (f"people+eu+{TOKEN.text}@cases.acme.example", "people+eu"),
        (f"kim+B{TOKEN.text.upper()}@cases.acme.example", "kim"),
    ],
)
def test_case_and_blanks_do_not_hide_a_token(address: str, alias: str) -> None:
    found = find_token(address, aliases=ALIASES, domain=DOMAIN)
    assert found is not None
    assert found.alias == alias


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hr@cases.acme.example",
        f"{TOKEN.text}@cases.acme.example",
        f"hr+{TOKEN.text}@acme.example",
        f"hr+{TOKEN.text}@cases.acme.example.evil.example",
        f"hr+{TOKEN.text}",
        f"eve+{TOKEN.text}@cases.acme.example",
        f"hr+x+{TOKEN.text}@cases.acme.example",
        f"hr+{TOKEN.text}+x@cases.acme.example",
        f"hr+{TOKEN.text[1:]}@cases.acme.example",
        f"hr+c{TOKEN.text}@cases.acme.example",
        f"hr+bb{TOKEN.text}@cases.acme.example",
        f"hr+{TOKEN.text[:-1]}1@cases.acme.example",
        f"hr+{TOKEN.text}@evil.example@cases.acme.example",
        f"\u212aim+{TOKEN.text}@cases.acme.example",
        f"hr+{TOKEN.text[:-1]}\u017f@cases.acme.example",
    ],
)
def test_other_addresses_carry_no_token(address: str) -> None:
    assert find_token(address, aliases=ALIASES, domain=DOMAIN) is None
