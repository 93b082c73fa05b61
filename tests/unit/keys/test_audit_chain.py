from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from mailflow.keys.audit_chain import (
    GENESIS,
    GENESIS_HASH,
    AuditRow,
    BadRow,
    ChainHead,
    Flaw,
    chain_row,
    verify_rows,
)
from tests.unit.keys.independent import INSTANCE, compact_json, hmac256, joined, key_of

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

NOON = datetime(2026, 10, 16, 12, 0, 0, 5, tzinfo=UTC)


def extend(keyring: Keyring, rows: list[AuditRow], count: int) -> list[AuditRow]:
    rows = list(rows)
    for _ in range(count):
        previous = rows[-1].hash if rows else GENESIS_HASH
        payload = {"actor": "dana", "number": len(rows)}
        rows.append(
            chain_row(
                keyring,
                previous,
                seq=len(rows),
                ts=NOON + timedelta(minutes=len(rows)),
                kind="case.read",
                payload=payload,
            )
        )
    return rows


@pytest.fixture
def rows(keyring: Keyring) -> list[AuditRow]:
    return extend(keyring, [], 5)


def test_a_row_follows_the_formula(known: Keyring) -> None:
    salt = b"s" * 16
    row = chain_row(
        known,
        b"p" * 32,
        seq=7,
        ts=NOON,
        kind="case.read",
        payload={"b": "é", "a": [1, None]},
        salt=salt,
    )
    assert row.payload == b'{"a":[1,null],"b":"\\u00e9"}'
    commit = hmac256(salt, row.payload)
    facts = {
        "seq": 7,
        "ts": "2026-10-16T12:00:00.000005+00:00",
        "kind": "case.read",
        "commit": commit.hex(),
    }
    row_hash = hashlib.sha256(
        b"\x01" + b"p" * 32 + joined(INSTANCE.encode(), compact_json(facts))
    ).digest()
    assert (row.commit, row.hash, row.kid) == (commit, row_hash, 3)
    assert row.mac == hmac256(key_of("audit", 3), b"mailflow/audit/v1\0" + row_hash)


def test_equal_payloads_have_unequal_commitments(keyring: Keyring) -> None:
    facts: dict[str, Any] = {"seq": 0, "ts": NOON, "kind": "case.read", "payload": {"a": 1}}
    one, other = (chain_row(keyring, GENESIS_HASH, **facts) for _ in range(2))
    assert one.commit != other.commit


def test_a_time_is_hashed_alike_in_every_zone(keyring: Keyring) -> None:
    facts: dict[str, Any] = {"seq": 0, "kind": "x", "payload": {}, "salt": b"s" * 16}
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-7)))
    assert (
        chain_row(keyring, GENESIS_HASH, ts=NOON, **facts).hash
        == chain_row(keyring, GENESIS_HASH, ts=elsewhere, **facts).hash
    )


def test_a_time_without_zone_is_refused(keyring: Keyring) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        chain_row(keyring, GENESIS_HASH, seq=0, ts=naive, kind="x", payload={})


def test_an_untouched_log_verifies(keyring: Keyring, rows: list[AuditRow]) -> None:
    verdict = verify_rows(keyring, rows)
    assert verdict.is_intact
    assert (verdict.rows, verdict.erased) == (5, 0)
    assert verdict.head == ChainHead(4, rows[-1].hash, 0)


def test_an_empty_log_verifies(keyring: Keyring) -> None:
    verdict = verify_rows(keyring, [])
    assert verdict.is_intact
    assert verdict.head == GENESIS


def test_a_log_verifies_after_payloads_were_erased(keyring: Keyring, rows: list[AuditRow]) -> None:
    erased = [row.erased() for row in rows[:3]] + rows[3:]
    verdict = verify_rows(keyring, erased)
    assert verdict.is_intact
    assert (verdict.rows, verdict.erased) == (5, 3)


def test_a_walk_may_start_at_a_head_found_good_before(
    keyring: Keyring, rows: list[AuditRow]
) -> None:
    head = verify_rows(keyring, rows[:2]).head
    assert verify_rows(keyring, rows[2:], start=head).is_intact
    forged = replace(head, hash=b"x" * 32)
    assert verify_rows(keyring, rows[2:], start=forged).first_bad == BadRow(2, Flaw.HASH)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"ts": NOON}, Flaw.HASH),
        ({"kind": "case.export"}, Flaw.HASH),
        ({"commit": b"x" * 32}, Flaw.HASH),
        ({"hash": b"x" * 32}, Flaw.HASH),
        ({"mac": b"x" * 32}, Flaw.MAC),
        ({"kid": 1}, Flaw.MAC),
        ({"kid": 2}, Flaw.KEY_NUMBER),
        ({"kid": -1}, Flaw.KEY_NUMBER),
        ({"salt": b"x" * 16}, Flaw.PAYLOAD),
        ({"payload": b'{"actor":"eve","number":2}'}, Flaw.PAYLOAD),
        ({"salt": None}, Flaw.PAYLOAD),
        ({"payload": None}, Flaw.PAYLOAD),
        ({"seq": 7}, Flaw.SEQUENCE),
    ],
    ids=str,
)
def test_a_change_of_any_field_is_found_at_its_row(
    keyring: Keyring, rows: list[AuditRow], change: dict[str, Any], flaw: Flaw
) -> None:
    keyring.rotate()
    rows[2] = replace(rows[2], **change)
    verdict = verify_rows(keyring, rows)
    assert verdict.first_bad == BadRow(2, flaw)
    assert verdict.head.seq == 1
    assert verdict.rows == 2


def test_a_row_cut_out_or_doubled_or_moved_is_found(keyring: Keyring, rows: list[AuditRow]) -> None:
    for broken in (
        rows[:2] + rows[3:],
        [*rows[:2], rows[1], *rows[2:]],
        [*rows[:2], rows[3], rows[2], rows[4]],
    ):
        assert verify_rows(keyring, broken).first_bad == BadRow(2, Flaw.SEQUENCE)


def test_a_row_cut_out_with_the_rest_renumbered_is_found(
    keyring: Keyring, rows: list[AuditRow]
) -> None:
    renumbered = [replace(row, seq=row.seq - 1) for row in rows[3:]]
    assert verify_rows(keyring, rows[:2] + renumbered).first_bad == BadRow(2, Flaw.HASH)


def test_a_log_written_anew_without_the_keys_is_found(keyring: Keyring, known: Keyring) -> None:
    # Same instance name, so the hashes are right; only the MAC tells.
    forged = [replace(row, kid=0) for row in extend(known, [], 2)]
    assert verify_rows(keyring, forged).first_bad == BadRow(0, Flaw.MAC)


def test_rows_of_all_kids_verify_in_turn_even_revoked_ones(keyring: Keyring) -> None:
    log = extend(keyring, [], 2)
    keyring.rotate()
    log = extend(keyring, log, 2)
    keyring.revoke(0)
    assert [row.kid for row in log] == [0, 0, 1, 1]
    assert verify_rows(keyring, log).is_intact


def test_a_key_rotated_away_cannot_write_the_rows_of_today(keyring: Keyring) -> None:
    leaked = extend(keyring, [], 2)
    keyring.rotate()
    log = extend(keyring, leaked[:1], 1)
    old_key = keyring.derived("audit", 0)
    row = extend(keyring, log, 1)[-1]
    forged = replace(row, kid=0, mac=hmac256(old_key, b"mailflow/audit/v1\0" + row.hash))
    assert verify_rows(keyring, [*log, forged]).first_bad == BadRow(2, Flaw.KEY_NUMBER)


def test_salt_and_payload_are_kept_out_of_repr(rows: list[AuditRow]) -> None:
    assert "dana" not in repr(rows[0])
    assert "salt" not in repr(rows[0])
