"""The audit log's chain: each row seals all rows before it. Pure; storing is elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.keys.canonical_json import canonical_json
from mailflow.keys.derive import hmac_sha256, lp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mailflow.keys.keyring import Keyring

GENESIS_HASH = bytes(32)
_SALT_BYTES = 16


@dataclass(frozen=True)
class AuditRow:
    """``payload`` is canonical JSON; it and ``salt`` are stored sealed, and are None once erased.

    ``kid`` is the key number of ``mac``; along a chain it never goes back.
    """

    seq: int
    ts: datetime
    kind: str
    commit: bytes
    hash: bytes
    mac: bytes
    kid: int
    salt: bytes | None = field(default=None, repr=False)
    payload: bytes | None = field(default=None, repr=False)

    def erased(self) -> AuditRow:
        """The row as retention leaves it: still verifiable, and silent."""
        return replace(self, salt=None, payload=None)


@dataclass(frozen=True)
class ChainHead:
    """The last row of a chain; of an empty one, seq -1."""

    seq: int = -1
    hash: bytes = GENESIS_HASH
    kid: int = 0


GENESIS = ChainHead()


class Flaw(StrEnum):
    """What is wrong with the first bad row."""

    SEQUENCE = "a row is missing, twice there, or out of order"
    HASH = "the row or one before it was changed"
    MAC = "the row was not written with this keyring"
    KEY_NUMBER = "the key number is unknown, or older than that of the row before"
    PAYLOAD = "what the row tells is not what was written"
    ANCHOR = "an anchor kept outside says otherwise: the log was rolled back or forked"
    CUT_OFF = "an anchor kept outside knows later rows: the end of the log was cut off"
    FORGED_ANCHOR = "the anchor is not signed by this instance"


@dataclass(frozen=True)
class BadRow:
    seq: int
    flaw: Flaw


@dataclass(frozen=True)
class ChainVerdict:
    """``rows`` good rows up to ``head``; ``erased`` of them have lost their payload."""

    rows: int
    erased: int
    head: ChainHead
    first_bad: BadRow | None = None

    @property
    def is_intact(self) -> bool:
        return self.first_bad is None


def chain_row(
    keyring: Keyring,
    prev_hash: bytes,
    *,
    seq: int,
    ts: datetime,
    kind: str,
    payload: Mapping[str, object],
    salt: bytes | None = None,
) -> AuditRow:
    """The row that follows ``prev_hash`` (GENESIS_HASH for seq 0).

    Call it with the head row locked. Raises ValueError for a time without zone, TypeError for
    a payload that is no JSON. ``salt`` is random unless given.
    """
    kid = keyring.active_kid
    salt = os.urandom(_SALT_BYTES) if salt is None else salt
    content = canonical_json(payload)
    commit = hmac_sha256(salt, content)
    row_hash = _row_hasher(keyring.instance)(prev_hash, seq, ts, kind, commit)
    return AuditRow(
        seq=seq,
        ts=ts,
        kind=kind,
        commit=commit,
        hash=row_hash,
        mac=_mac(keyring.derived("audit", kid), row_hash),
        kid=kid,
        salt=salt,
        payload=content,
    )


def verify_rows(
    keyring: Keyring, rows: Iterable[AuditRow], *, start: ChainHead = GENESIS
) -> ChainVerdict:
    """Walk the chain in order of seq and stop at the first bad row.

    ``start`` is a head that an earlier walk has found good. Anchors are compared by
    ``mailflow.keys.anchors.verify_with_anchors``. A revoked kid still verifies its rows.
    """
    return walk_rows(keyring, rows, start=start, may_pass=_always)


def _always(_row: AuditRow) -> Flaw | None:
    return None


def walk_rows(
    keyring: Keyring,
    rows: Iterable[AuditRow],
    *,
    start: ChainHead,
    may_pass: Callable[[AuditRow], Flaw | None],
) -> ChainVerdict:
    """As ``verify_rows``, with one more question to each row that is good in itself."""
    hash_row = _row_hasher(keyring.instance)
    keys = {kid: keyring.derived("audit", kid) for kid in keyring.kids}
    head, count, erased = start, 0, 0
    for row in rows:
        flaw = _find_flaw(row, head, keys, hash_row) or may_pass(row)
        if flaw is not None:
            seq = head.seq + 1 if flaw is Flaw.SEQUENCE else row.seq
            return ChainVerdict(count, erased, head, BadRow(seq, flaw))
        head = ChainHead(row.seq, row.hash, row.kid)
        count += 1
        erased += row.payload is None
    return ChainVerdict(count, erased, head)


def _find_flaw(
    row: AuditRow,
    head: ChainHead,
    keys: Mapping[int, bytes],
    hash_row: Callable[[bytes, int, datetime, str, bytes], bytes],
) -> Flaw | None:
    if row.seq != head.seq + 1:
        return Flaw.SEQUENCE
    if row.hash != hash_row(head.hash, row.seq, row.ts, row.kind, row.commit):
        return Flaw.HASH
    # A key that leaked and was rotated away must not be able to write the rows of today.
    key = keys.get(row.kid)
    if key is None or row.kid < head.kid:
        return Flaw.KEY_NUMBER
    if not hmac.compare_digest(_mac(key, row.hash), row.mac):
        return Flaw.MAC
    return None if _payload_fits(row) else Flaw.PAYLOAD


def _payload_fits(row: AuditRow) -> bool:
    if row.salt is None or row.payload is None:
        return row.salt is None and row.payload is None
    return hmac_sha256(row.salt, row.payload) == row.commit


def _row_hasher(instance: str) -> Callable[[bytes, int, datetime, str, bytes], bytes]:
    prefix = lp(instance)

    def hash_row(prev_hash: bytes, seq: int, ts: datetime, kind: str, commit: bytes) -> bytes:
        facts = {"seq": seq, "ts": utc_text(ts), "kind": kind, "commit": commit.hex()}
        return hashlib.sha256(b"\x01" + prev_hash + prefix + lp(canonical_json(facts))).digest()

    return hash_row


def _mac(key: bytes, row_hash: bytes) -> bytes:
    return hmac_sha256(key, b"mailflow/audit/v1\0" + row_hash)


def utc_text(moment: datetime) -> str:
    """The one spelling of a time that is hashed: UTC, microseconds. Raises ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("a time in the audit log has a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
