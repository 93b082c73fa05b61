"""What a keyring holds, and how that is written as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mailflow.keys.buckets import is_bucket_name
from mailflow.keys.canonical_json import canonical_json
from mailflow.keys.derive import KEY_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "mailflow keyring 1"
LARGEST_KID = 31


@dataclass(frozen=True)
class Master:
    secret: bytes = field(repr=False)
    revoked: bool = False


@dataclass(frozen=True)
class KeyringContents:
    """``destroyed`` remembers names, so that no new key ever takes an erased one's place."""

    instance: str
    masters: Mapping[int, Master]
    case_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    keks: Mapping[str, bytes] = field(repr=False)
    destroyed: frozenset[str] = frozenset()

    @property
    def active_kid(self) -> int:
        return max(self.masters)


def write_contents(contents: KeyringContents) -> bytes:
    document: dict[str, Any] = {
        "format": FORMAT,
        "instance": contents.instance,
        "masters": {
            str(kid): {"secret": master.secret.hex(), "revoked": master.revoked}
            for kid, master in sorted(contents.masters.items())
        },
        "case_key": contents.case_key.hex(),
        "index_key": contents.index_key.hex(),
        "signing_key": contents.signing_key.hex(),
        "keks": {name: secret.hex() for name, secret in sorted(contents.keks.items())},
        "destroyed": sorted(contents.destroyed),
    }
    document["digest"] = _digest(document)
    return json.dumps(document, indent=1).encode("ascii") + b"\n"


def read_contents(data: bytes) -> KeyringContents:
    """Raises ValueError, in words for people, for anything but a whole keyring."""
    document = _read_document(data)
    try:
        contents = KeyringContents(
            instance=str(document["instance"]),
            masters={
                _read_kid(kid): Master(_read_secret(master["secret"]), bool(master["revoked"]))
                for kid, master in document["masters"].items()
            },
            case_key=_read_secret(document["case_key"]),
            index_key=_read_secret(document["index_key"]),
            signing_key=_read_secret(document["signing_key"]),
            keks={name: _read_secret(secret) for name, secret in document["keks"].items()},
            destroyed=frozenset(document["destroyed"]),
        )
    except KeyError as missing:
        raise ValueError(f"it lacks {missing}") from None
    except (TypeError, AttributeError):
        raise ValueError("a part of it has the wrong shape") from None
    if not contents.masters or contents.masters[contents.active_kid].revoked:
        raise ValueError("its newest key number is missing or revoked")
    if not all(map(is_bucket_name, contents.keks)):
        raise ValueError("it names a bucket that does not exist")
    return contents


def _read_document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError:
        raise ValueError("it is not whole JSON: it was cut short or overwritten") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'it does not say "format": "{FORMAT}"')
    digest = document.pop("digest", None)
    if digest != _digest(document):
        raise ValueError("its digest does not match: it was changed by hand or damaged")
    return document


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _read_kid(text: str) -> int:
    if text not in {str(kid) for kid in range(LARGEST_KID + 1)}:
        raise ValueError(f"key number {text!r} is not 0 to {LARGEST_KID}")
    return int(text)


def _read_secret(text: str) -> bytes:
    secret = bytes.fromhex(text)
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a key is {len(secret)} bytes long instead of {KEY_BYTES}")
    return secret
