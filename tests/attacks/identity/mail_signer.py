"""Signs invented mails as a provider (DKIM) or a mailing list (ARC) would, or as neither should."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import dkim.canonicalization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailflow.errors import TemporaryError
from mailflow.intake.key_lookup import ZoneResolver

if TYPE_CHECKING:
    from collections.abc import Callable

_canonicalization: Any = dkim.canonicalization

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USUAL_FIELDS = ("from", "to", "subject", "date", "message-id")


@dataclass(frozen=True)
class Mail:
    """Fields top to bottom, and a body; both exactly as they go over the wire."""

    fields: tuple[tuple[str, str], ...]
    body: bytes = b"#close resolved\r\n"

    def raw(self) -> bytes:
        head = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        return head.encode("utf-8", "surrogateescape") + b"\r\n" + self.body

    def on_top(self, *fields: tuple[str, str]) -> Mail:
        return replace(self, fields=(*fields, *self.fields))

    def below(self, *fields: tuple[str, str]) -> Mail:
        return replace(self, fields=(*self.fields, *fields))

    def having(self, name: str, value: str) -> Mail:
        changed = tuple((n, value if n == name else v) for n, v in self.fields)
        return replace(self, fields=changed)

    def without(self, name: str) -> Mail:
        return replace(self, fields=tuple(field for field in self.fields if field[0] != name))


def write_mail(sender: str = "Dana Lead <dana.lead@acme.example>", **fields: str) -> Mail:
    """A staff mail as it stands before any server touched it."""
    usual = {
        "From": sender,
        "To": "hr+token@acme.example",
        "Subject": "Re: HR case HR-7K2Q9M",
        "Date": format_datetime(NOW - timedelta(minutes=1)),
        "Message-ID": "<first@acme.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    return Mail(tuple({**usual, **fields}.items()))


@cache
def rsa_key(name: str, bits: int = 2048, exponent: int = 65537) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


@cache
def ed25519_key(name: str) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Signing:
    """How to sign; ``tags`` are added or replace what would be written, None leaves one out."""

    domain: str = "acme.example"
    selector: str = "s1"
    algorithm: str = "rsa-sha256"
    signed: tuple[str, ...] = USUAL_FIELDS
    canon: str = "relaxed/relaxed"
    signed_at: datetime | None = NOW - timedelta(minutes=1)
    tags: tuple[tuple[str, str | None], ...] = ()
    body_length: int | None = None
    key: PrivateKey | None = None


def sign(mail: Mail, signing: Signing | None = None, **changes: Any) -> Mail:
    """The mail with a DKIM-Signature on top."""
    signing = replace(signing or Signing(), **changes)
    value = signature_value(mail, signing, "DKIM-Signature")
    return mail.on_top(("DKIM-Signature", value))


def signature_value(mail: Mail, signing: Signing, name: str) -> str:
    policy = _canonicalization.CanonicalizationPolicy.from_c_value(signing.canon.encode())
    body = policy.canonicalize_body(mail.body)
    hasher = hashlib.sha1 if signing.algorithm == "rsa-sha1" else hashlib.sha256
    tags: dict[str, str | None] = {
        "v": "1",
        "a": signing.algorithm,
        "c": signing.canon,
        "d": signing.domain,
        "s": signing.selector,
        "t": str(int(signing.signed_at.timestamp())) if signing.signed_at else None,
        "h": ":".join(signing.signed),
        "bh": base64.b64encode(hasher(body[: signing.body_length]).digest()).decode(),
        "l": None if signing.body_length is None else str(signing.body_length),
        **dict(signing.tags),
    }
    text = "; ".join(f"{tag}={value}" for tag, value in tags.items() if value is not None)
    unsigned = f"{text}; b="
    pool = [(field.encode(), f" {value}\r\n".encode()) for field, value in mail.fields]
    hashed = b""
    for wanted in signing.signed:
        place = _last(pool, wanted)
        if place is not None:
            hashed += b":".join(policy.canonicalize_headers([pool.pop(place)])[0])
    own = policy.canonicalize_headers([(name.encode(), f" {unsigned}\r\n".encode())])[0]
    hashed += b":".join(own).rstrip(b"\r\n")
    return unsigned + make_signature(signing, hashed)


def _last(pool: list[tuple[bytes, bytes]], name: str) -> int | None:
    places = [place for place, field in enumerate(pool) if field[0].decode().lower() == name]
    return places[-1] if places else None


def make_signature(signing: Signing, hashed: bytes) -> str:
    key = signing.key or KEYS[(signing.selector, signing.domain)]()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(hashlib.sha256(hashed).digest())
    else:
        algorithm = SHA1() if signing.algorithm == "rsa-sha1" else SHA256()  # noqa: S303 - the attack is that it is weak.
        signature = key.sign(hashed, padding.PKCS1v15(), algorithm)
    return base64.b64encode(signature).decode()


def seal(mail: Mail, *, seen: str, signing: Signing, instance: int = 1, cv: str = "none") -> Mail:
    """The mail with one more ARC set on top, as a list would add (RFC 8617 5.1)."""
    results = ("ARC-Authentication-Results", f"i={instance}; {signing.domain}; {seen}")
    tagged = replace(signing, tags=(("v", None), ("i", str(instance)), *signing.tags))
    message = ("ARC-Message-Signature", signature_value(mail, tagged, "ARC-Message-Signature"))
    text = (
        f"i={instance}; a=rsa-sha256; t={int(NOW.timestamp())}; cv={cv}; "
        f"d={signing.domain}; s={signing.selector}; b="
    )
    older = [field for field in mail.fields if field[0].startswith("ARC-")]
    chain = [*reversed(older), results, message, ("ARC-Seal", text)]
    relaxed = _canonicalization.Relaxed.canonicalize_headers(
        [(name.encode(), f" {value}\r\n".encode()) for name, value in chain]
    )
    hashed = b"".join(name + b":" + value for name, value in relaxed).rstrip(b"\r\n")
    sealed = ("ARC-Seal", text + make_signature(signing, hashed))
    return mail.on_top(sealed, message, results)


KEYS: dict[tuple[str, str], Callable[[], PrivateKey]] = {
    ("s1", "acme.example"): lambda: rsa_key("acme"),
    ("ed", "acme.example"): lambda: ed25519_key("acme"),
    ("short", "acme.example"): lambda: rsa_key("short", 1024),
    ("huge", "acme.example"): lambda: rsa_key("acme"),
    ("gone", "acme.example"): lambda: rsa_key("acme"),
    ("revoked", "acme.example"): lambda: rsa_key("acme"),
    ("twice", "acme.example"): lambda: rsa_key("acme"),
    ("silent", "acme.example"): lambda: rsa_key("acme"),
    ("other", "acme.example"): lambda: rsa_key("evil"),
    ("s1", "mail.acme.example"): lambda: rsa_key("evil"),
    ("s1", "evil.example"): lambda: rsa_key("evil"),
    ("s1", "acme.example.evil.example"): lambda: rsa_key("evil"),
    ("s1", "partner.example"): lambda: rsa_key("partner"),
    ("short", "partner.example"): lambda: rsa_key("short", 1024),
    ("s1", "mail.partner.example"): lambda: rsa_key("partner"),
    ("s1", "co.uk"): lambda: rsa_key("evil"),
    ("s1", "lists.acme.example"): lambda: rsa_key("lists"),
}


def key_record(key: PrivateKey, extra: str = "") -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; {extra}p=".encode() + base64.b64encode(der)


class Zone(ZoneResolver):
    """The DNS of the attacks; counts the questions, and one name never answers."""

    def __init__(self) -> None:
        records: dict[str, tuple[bytes, ...]] = {
            f"{selector}._domainkey.{domain}": (key_record(make_key()),)
            for (selector, domain), make_key in KEYS.items()
            if selector not in {"gone", "revoked", "twice"}
        }
        records["revoked._domainkey.acme.example"] = (b"v=DKIM1; p=",)
        records["twice._domainkey.acme.example"] = (
            key_record(rsa_key("acme")),
            key_record(rsa_key("evil")),
        )
        super().__init__(records)
        self.asked: list[str] = []

    def find_txt(self, name: str) -> tuple[bytes, ...]:
        self.asked.append(name)
        if name.startswith("silent."):
            raise TemporaryError("no answer")
        return super().find_txt(name)
