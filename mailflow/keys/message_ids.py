"""Message-IDs of our own mail, by which an answer without a token is still recognised.

They say which case a mail answers; they never give authority.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.keys.base32 import decode_base32, encode_base32
from mailflow.keys.derive import first_bits, hmac_sha256, lp

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

_MARK = "mf1"
_OID_BITS = 60
_TAG_BITS = 100
_TAG_BYTES = 13
_HEAD_CHARACTERS = 13
_TAG_CHARACTERS = 20


@dataclass(frozen=True)
class MessageId:
    """``text`` has its angle brackets; ``oid`` (60 bits) finds the row of the mail sent."""

    text: str
    kid: int
    oid: int


@dataclass(frozen=True)
class MessageIdParts:
    """What a Message-ID in our shape says, not yet believed."""

    kid: int
    oid: int
    tag: bytes = field(repr=False)


def make_message_id(
    keyring: Keyring,
    *,
    purpose: str,
    cause: str | bytes,
    case_uid: str,
    participant_id: str,
    id_domain: str,
) -> MessageId:
    """The Message-ID of one mail to one person; the same facts always give the same one.

    ``cause`` comes from content (fingerprint of the mail answered, or case_uid, policy and
    number), so that a retry or a rebuild from a backup makes no second mail.
    """
    kid = keyring.active_kid
    facts = lp("oid", purpose, cause, participant_id)
    oid = first_bits(hmac_sha256(keyring.lookup_key("mid"), facts), _OID_BITS)
    tag = int.from_bytes(_tag(keyring, kid, oid, case_uid, participant_id), "big")
    head = encode_base32(kid << _OID_BITS | oid, width=_HEAD_CHARACTERS)
    tail = encode_base32(tag, width=_TAG_CHARACTERS)
    return MessageId(f"<{_MARK}.{head}.{tail}@{id_domain}>", kid, oid)


def read_message_id(text: str, *, id_domain: str) -> MessageIdParts | None:
    """The parts of an id in our shape and of our domain, with or without angle brackets."""
    if not text.isascii():
        return None
    id_left, _, id_right = text.strip().removeprefix("<").removesuffix(">").lower().partition("@")
    pieces = id_left.split(".")
    if id_right != id_domain.lower() or [len(piece) for piece in pieces] != [
        len(_MARK),
        _HEAD_CHARACTERS,
        _TAG_CHARACTERS,
    ]:
        return None
    head, tag = decode_base32(pieces[1]), decode_base32(pieces[2])
    if pieces[0] != _MARK or head is None or tag is None:
        return None
    return MessageIdParts(
        kid=head >> _OID_BITS,
        oid=head & ((1 << _OID_BITS) - 1),
        tag=tag.to_bytes(_TAG_BYTES, "big"),
    )


def verify_message_id(
    keyring: Keyring, parts: MessageIdParts, *, case_uid: str, participant_id: str
) -> bool:
    """Whether the id was made here for this case and person; False for a revoked kid."""
    if not keyring.is_accepted(parts.kid):
        return False
    expected = _tag(keyring, parts.kid, parts.oid, case_uid, participant_id)
    return hmac.compare_digest(expected, parts.tag)


def _tag(keyring: Keyring, kid: int, oid: int, case_uid: str, participant_id: str) -> bytes:
    """The first 100 bits, right-aligned in 13 bytes."""
    fields = lp(keyring.instance, kid, oid, case_uid, participant_id)
    digest = hmac_sha256(keyring.derived("mid", kid), b"mailflow/mid/v1\0" + fields)
    return first_bits(digest, _TAG_BITS).to_bytes(_TAG_BYTES, "big")
