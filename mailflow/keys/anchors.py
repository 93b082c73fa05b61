"""Anchors: signed marks of the audit log's head, kept outside the system by the auditor."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mailflow.keys.audit_chain import (
    GENESIS,
    GENESIS_HASH,
    BadRow,
    ChainHead,
    ChainVerdict,
    Flaw,
    utc_text,
    walk_rows,
)
from mailflow.keys.canonical_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.keys.audit_chain import AuditRow
    from mailflow.keys.keyring import Keyring

_CONTEXT = b"mailflow/anchor/v1\0"


@dataclass(frozen=True)
class Anchor:
    """``seq`` and ``head`` are the last row's number and hash; ``previous`` the anchor's before."""

    instance: str
    seq: int
    head: bytes
    previous: bytes
    ts: datetime
    signature: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """What the next anchor names as its ``previous``."""
        return hashlib.sha256(write_anchor(self)).digest()


def make_anchor(
    keyring: Keyring, head: ChainHead, *, ts: datetime, previous: Anchor | None = None
) -> Anchor:
    """Sign the head of the log; ``previous`` is the anchor made before, None for the first."""
    before = GENESIS_HASH if previous is None else previous.hash
    facts = _facts(keyring.instance, head.seq, head.hash, before, ts)
    signature = keyring.sign(_CONTEXT + canonical_json(facts))
    return Anchor(keyring.instance, head.seq, head.hash, before, ts, signature)


def verify_anchor(public_key: bytes, anchor: Anchor) -> bool:
    """Whether the holder of the keyring with this public key signed exactly this anchor."""
    facts = _facts(anchor.instance, anchor.seq, anchor.head, anchor.previous, anchor.ts)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            anchor.signature, _CONTEXT + canonical_json(facts)
        )
    except InvalidSignature:
        return False
    return True


def verify_with_anchors(
    keyring: Keyring,
    rows: Iterable[AuditRow],
    anchors: Iterable[Anchor],
    *,
    start: ChainHead = GENESIS,
) -> ChainVerdict:
    """Verify the chain and hold it against anchors from outside: none may be forged, say
    another hash for its row, or know a row that the log no longer has.

    Anchors of rows before ``start`` cannot be compared and are only checked for their signature.
    """
    known = sorted(anchors, key=lambda anchor: anchor.seq)
    for anchor in known:
        if anchor.instance != keyring.instance or not verify_anchor(keyring.public_key, anchor):
            return ChainVerdict(0, 0, start, BadRow(anchor.seq, Flaw.FORGED_ANCHOR))
    heads = {start.seq: {start.hash}}
    for anchor in known:
        heads.setdefault(anchor.seq, set()).add(anchor.head)
    if len(heads[start.seq]) > 1:
        return ChainVerdict(0, 0, start, BadRow(start.seq, Flaw.ANCHOR))

    def hold_against_anchor(row: AuditRow) -> Flaw | None:
        return None if heads.get(row.seq, {row.hash}) == {row.hash} else Flaw.ANCHOR

    verdict = walk_rows(keyring, rows, start=start, may_pass=hold_against_anchor)
    if verdict.is_intact and known and known[-1].seq > verdict.head.seq:
        lost = BadRow(verdict.head.seq + 1, Flaw.CUT_OFF)
        return ChainVerdict(verdict.rows, verdict.erased, verdict.head, lost)
    return verdict


def unlinked_anchors(anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Those whose previous anchor is not among the given: between them one is missing."""
    given = tuple(anchors)
    hashes = {GENESIS_HASH} | {anchor.hash for anchor in given}
    return tuple(anchor for anchor in given if anchor.previous not in hashes)


def write_anchor(anchor: Anchor) -> bytes:
    """One line of JSON, as it is mailed to the auditor."""
    facts = _facts(anchor.instance, anchor.seq, anchor.head, anchor.previous, anchor.ts)
    return canonical_json({**facts, "signature": anchor.signature.hex()})


def read_anchor(data: bytes) -> Anchor:
    """Raises ValueError for anything that is no anchor; the signature is not checked here."""
    try:
        facts = json.loads(data)
        anchor = Anchor(
            instance=facts["instance"],
            seq=int(facts["n"]),
            head=bytes.fromhex(facts["head"]),
            previous=bytes.fromhex(facts["previous"]),
            ts=datetime.fromisoformat(facts["ts"]),
            signature=bytes.fromhex(facts["signature"]),
        )
        write_anchor(anchor)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("this is no anchor: an anchor is one whole line of JSON") from None
    return anchor


def _facts(
    instance: str, seq: int, head: bytes, previous: bytes, ts: datetime
) -> dict[str, object]:
    return {
        "instance": instance,
        "n": seq,
        "head": head.hex(),
        "previous": previous.hex(),
        "ts": utc_text(ts),
    }
