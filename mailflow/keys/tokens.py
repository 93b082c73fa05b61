"""Reply tokens: 155 bits that route an answer into one case as one person for one purpose.

A token never gives authority to read or to command; who may do what is decided elsewhere.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.keys.base32 import decode_base32, encode_base32
from mailflow.keys.derive import first_bits, hmac_sha256, lp

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

TOKEN_CHARACTERS = 31
_HANDLE_BITS = 50
_TAG_BITS = 100
_TAG_BYTES = 13


_OWN_KEYS = {Purpose.BOUNCE: "bounce", Purpose.CONFIRM: "confirm"}


@dataclass(frozen=True)
class TokenSubject:
    """What a token stands for, as the row of its handle says.

    ``bound_to`` names the exact thing that a confirmation confirms (digest of the command's
    text, id of the held mail); ``case_uid`` is empty where that touches no case.
    """

    case_uid: str
    participant_id: str
    audience: Audience
    purpose: Purpose
    generation: int
    bound_to: str = ""

    def __post_init__(self) -> None:
        if self.purpose is Purpose.CONFIRM and not self.bound_to:
            raise ValueError("a confirmation is bound to what it confirms")


@dataclass(frozen=True)
class Token:
    """``handle`` (50 bits) finds the row again and is the same for every kid."""

    text: str = field(repr=False)
    handle: int
    kid: int


@dataclass(frozen=True)
class TokenParts:
    """What a text in the shape of a token says, not yet believed."""

    kid: int
    handle: int
    tag: bytes = field(repr=False)


def mint_token(keyring: Keyring, subject: TokenSubject) -> Token:
    """The token of the newest kid; the same subject always gets the same one from that kid."""
    kid = keyring.active_kid
    handle = token_handle(keyring, subject)
    tag = int.from_bytes(_tag(keyring, kid, handle, subject), "big")
    number = (kid << _HANDLE_BITS | handle) << _TAG_BITS | tag
    return Token(encode_base32(number, width=TOKEN_CHARACTERS), handle, kid)


def token_handle(keyring: Keyring, subject: TokenSubject) -> int:
    """50 bits, the unique key of the token's row."""
    fields = lp(subject.case_uid, subject.participant_id, subject.purpose, subject.generation)
    key = keyring.lookup_key("handle")
    return first_bits(hmac_sha256(key, fields + _bound(subject)), _HANDLE_BITS)


def read_token(text: str) -> TokenParts | None:
    """The parts of a text that has the shape of a token, in upper or lower case."""
    if len(text) != TOKEN_CHARACTERS:
        return None
    number = decode_base32(text)
    if number is None:
        return None
    return TokenParts(
        kid=number >> (_HANDLE_BITS + _TAG_BITS),
        handle=number >> _TAG_BITS & ((1 << _HANDLE_BITS) - 1),
        tag=(number & ((1 << _TAG_BITS) - 1)).to_bytes(_TAG_BYTES, "big"),
    )


def verify_token(keyring: Keyring, parts: TokenParts, subject: TokenSubject) -> bool:
    """Whether the token was minted here for the subject that the row of its handle names.

    False also for a kid that is unknown or revoked. Whether the row itself is revoked or
    expired, and whose mail it came in, is for the caller to ask.
    """
    if not keyring.is_accepted(parts.kid):
        return False
    return _fits(keyring, parts, subject)


def is_of_revoked_kid(keyring: Keyring, parts: TokenParts, subject: TokenSubject) -> bool:
    """Whether the token would be good if its key number were still believed: reason to hold the
    mail, since it may be an honest answer to an old mail as well as a forgery.
    """
    is_known = parts.kid in keyring.kids and not keyring.is_accepted(parts.kid)
    return is_known and _fits(keyring, parts, subject)


def _fits(keyring: Keyring, parts: TokenParts, subject: TokenSubject) -> bool:
    expected = _tag(keyring, parts.kid, parts.handle, subject)
    return hmac.compare_digest(expected, parts.tag)


def _tag(keyring: Keyring, kid: int, handle: int, subject: TokenSubject) -> bytes:
    """The first 100 bits, right-aligned in 13 bytes."""
    label = _OWN_KEYS.get(subject.purpose, "reply")
    fields = lp(
        keyring.instance,
        kid,
        handle,
        subject.case_uid,
        subject.participant_id,
        subject.audience,
        subject.purpose,
        subject.generation,
    )
    message = f"mailflow/{label}/v1\0".encode() + fields + _bound(subject)
    digest = hmac_sha256(keyring.derived(label, kid), message)
    return first_bits(digest, _TAG_BITS).to_bytes(_TAG_BYTES, "big")


def _bound(subject: TokenSubject) -> bytes:
    return lp(subject.bound_to) if subject.bound_to else b""
