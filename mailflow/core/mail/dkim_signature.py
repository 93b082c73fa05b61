"""DKIM-Signature fields and key records (RFC 6376 3.2, 3.5, 3.6.1), read strictly."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from mailflow.core.mail.from_field import is_host_name

MAX_SIGNATURE_BYTES = 8 * 1024
MAX_RECORD_BYTES = 4 * 1024
# The verifier behind us rescans runs of blanks; no signer folds like this.
_MAX_BLANK_RUN = 100
_MAX_DIGITS = 12
_BLANKS = " \t\r\n"
_CANONICAL = frozenset({"simple", "relaxed"})


@dataclass(frozen=True)
class DkimSignature:
    """``signed`` are lower-case names in the order of ``h=``; times are Unix seconds.

    ``tags`` are the tags as written, for the verifier; only ``c=`` is there always, lower case.
    """

    domain: str
    selector: str
    algorithm: str
    signed: tuple[str, ...]
    signature: bytes = field(repr=False)
    body_hash: bytes = field(repr=False)
    body_canon: str
    signed_at: int | None
    expires_at: int | None
    has_length: bool
    tags: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class KeyRecord:
    """A published key: ``key_type`` is rsa or ed25519, ``key`` the decoded ``p=``."""

    key_type: str
    key: bytes = field(repr=False)


def parse_tag_list(text: str) -> dict[str, str] | None:
    """``name=value; ...`` with blanks trimmed; None for a duplicate or a malformed tag."""
    tags: dict[str, str] = {}
    specs = text.split(";")
    if not specs[-1].strip(_BLANKS):
        specs.pop()
    for spec in specs:
        name, equals, value = spec.partition("=")
        name = name.strip(_BLANKS)
        if not equals or not name.isascii() or not name.isidentifier() or name in tags:
            return None
        tags[name] = value.strip(_BLANKS)
    return tags


def parse_dkim_signature(value: bytes) -> DkimSignature | None:
    """Read one folded field value; None when it is not a signature that could be trusted.

    Stricter than the RFC where leniency has no honest user: host names are letters, digits and
    hyphens, base64 has one spelling, ``i=`` lies within ``d=``.
    """
    if not is_bounded(value) or not value.isascii():
        return None
    tags = parse_tag_list(value.decode("ascii"))
    if tags is None or any(not tags.get(name) for name in ("v", "a", "b", "bh", "d", "h", "s")):
        return None
    domain, selector = tags["d"].lower(), tags["s"].lower()
    signature, body_hash = decode_base64(tags["b"]), decode_base64(tags["bh"])
    tags["c"] = tags.get("c", "simple/simple").lower()
    canon = read_body_canonicalization(tags["c"])
    names_fit = is_host_name(domain) and is_host_name(f"{selector}.{domain}")
    if signature is None or body_hash is None or canon is None or not names_fit:
        return None
    numbers_fit = all(_is_number(tags[name]) for name in ("t", "x", "l") if name in tags)
    if tags["v"] != "1" or tags.get("q", "dns/txt") != "dns/txt" or not numbers_fit:
        return None
    if not _is_identity_within(tags.get("i", f"@{domain}").lower(), domain):
        return None
    return DkimSignature(
        domain=domain,
        selector=selector,
        algorithm=tags["a"],
        signed=tuple(name.strip(_BLANKS).lower() for name in tags["h"].split(":")),
        signature=signature,
        body_hash=body_hash,
        body_canon=canon,
        signed_at=int(tags["t"]) if "t" in tags else None,
        expires_at=int(tags["x"]) if "x" in tags else None,
        has_length="l" in tags,
        tags=tuple(tags.items()),
    )


def parse_key_record(record: bytes) -> KeyRecord | None:
    """Read a TXT record; None when it is no key, revoked, or not for mail and sha256."""
    if len(record) > MAX_RECORD_BYTES or not record.isascii():
        return None
    tags = parse_tag_list(record.decode("ascii"))
    if tags is None or tags.get("v", "DKIM1") != "DKIM1":
        return None
    services = {service.strip(_BLANKS) for service in tags.get("s", "*").split(":")}
    hashes = {name.strip(_BLANKS) for name in tags.get("h", "sha256").split(":")}
    key_type = tags.get("k", "rsa")
    key = decode_base64(tags.get("p", ""))
    if not services & {"*", "email"} or "sha256" not in hashes:
        return None
    if not key or key_type not in {"rsa", "ed25519"}:
        return None
    return KeyRecord(key_type, key)


def decode_base64(text: str) -> bytes | None:
    """Decode base64 with blanks in between; None unless it is the canonical spelling."""
    compact = "".join(text.split())
    try:
        decoded = base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if base64.b64encode(decoded).decode("ascii") == compact else None


def is_bounded(value: bytes) -> bool:
    """Whether a signature field is short enough, and its blanks few enough, to be scanned."""
    if len(value) > MAX_SIGNATURE_BYTES:
        return False
    run = 0
    for byte in value:
        run = run + 1 if byte in b" \t\r\n" else 0
        if run > _MAX_BLANK_RUN:
            return False
    return True


def read_body_canonicalization(text: str) -> str | None:
    """The body half of ``c=``, "simple" when left out; None when either half is unknown."""
    header, slash, body = text.lower().partition("/")
    body = body if slash else "simple"
    return body if header in _CANONICAL and body in _CANONICAL else None


def _is_number(text: str) -> bool:
    return len(text) <= _MAX_DIGITS and text.isascii() and text.isdecimal()


def _is_identity_within(identity: str, domain: str) -> bool:
    host = identity.rpartition("@")[2]
    return "@" in identity and (host == domain or host.endswith("." + domain))
