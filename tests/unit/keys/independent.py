"""The formulas of the keys once more, from the standard library alone, and known keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from mailflow.keys.keyring import Keyring, load_keyring

if TYPE_CHECKING:
    from pathlib import Path

INSTANCE = "acme-hr"
MASTERS = {0: bytes(range(32)), 3: bytes(range(100, 132))}
CASE_KEY = b"c" * 32
INDEX_KEY = b"i" * 32
SIGNING_KEY = b"s" * 32


def hmac256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return hmac256(hmac256(salt, secret), info + b"\x01")


def joined(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def key_of(label: str, kid: int) -> bytes:
    info = f"mailflow/{label}/v1/{kid}".encode()
    return hkdf_sha256(MASTERS[kid], INSTANCE.encode(), info)


def lookup_key_of(label: str) -> bytes:
    return hkdf_sha256(INDEX_KEY, INSTANCE.encode(), f"mailflow/{label}/v1/lookup".encode())


def leading_bits(data: bytes, bits: int) -> str:
    return "".join(f"{byte:08b}" for byte in data)[:bits]


def base32_of_bits(bits: str) -> str:
    padded = bits + "0" * (-len(bits) % 40)
    data = int(padded, 2).to_bytes(len(padded) // 8, "big")
    return base64.b32encode(data).decode().lower()[: len(bits) // 5]


def compact_json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def keyring_document(**changes: Any) -> dict[str, Any]:
    return {
        "format": "mailflow keyring 1",
        "instance": INSTANCE,
        "masters": {
            str(kid): {"secret": secret.hex(), "revoked": False} for kid, secret in MASTERS.items()
        },
        "case_key": CASE_KEY.hex(),
        "index_key": INDEX_KEY.hex(),
        "signing_key": SIGNING_KEY.hex(),
        "keks": {"open-202610": "0" * 64},
        "destroyed": [],
        **changes,
    }


def write_document(path: Path, document: dict[str, Any]) -> None:
    digest = hashlib.sha256(compact_json(document)).hexdigest()
    path.touch(mode=0o600)
    path.write_text(json.dumps({**document, "digest": digest}))


def known_keyring(path: Path) -> Keyring:
    write_document(path, keyring_document())
    return load_keyring(path)
