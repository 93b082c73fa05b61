"""Addresses that carry a token: ``alias+token@domain``, and ``alias+btoken@domain`` for bounces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.keys.tokens import TOKEN_CHARACTERS, TokenParts, read_token

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOUNCE_MARK = "b"


@dataclass(frozen=True)
class FoundToken:
    """``is_bounce`` is the form of the address; the row's purpose must say the same."""

    alias: str
    parts: TokenParts
    is_bounce: bool = False


def reply_address(address: str, token: str, domain: str) -> str:
    """``address`` is the alias' own; ``token`` its text."""
    return f"{_local_part(address)}+{token}@{domain}"


def bounce_address(address: str, token: str, domain: str) -> str:
    """The reverse-path whose bounces come back to their case."""
    return f"{_local_part(address)}+{_BOUNCE_MARK}{token}@{domain}"


def _local_part(address: str) -> str:
    return address.partition("@")[0]


def find_token(address: str, *, aliases: Iterable[str], domain: str) -> FoundToken | None:
    """The token in one addr-spec without brackets, if it is one of our reply addresses.

    ``alias`` in the answer is in lower case. Nothing but ASCII is ever one of ours: U+212A
    (Kelvin sign) would become a k in lower case.
    """
    if not address.isascii():
        return None
    local_part, _, found_domain = address.strip().lower().rpartition("@")
    alias, plus, text = local_part.rpartition("+")
    if not plus or found_domain != domain.lower():
        return None
    if alias not in {ours.lower() for ours in aliases}:
        return None
    is_bounce = len(text) == TOKEN_CHARACTERS + 1 and text.startswith(_BOUNCE_MARK)
    parts = read_token(text[1:] if is_bounce else text)
    return None if parts is None else FoundToken(alias, parts, is_bounce)
