from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mailflow.keys.anchors import (
    Anchor,
    make_anchor,
    read_anchor,
    unlinked_anchors,
    verify_anchor,
    verify_with_anchors,
    write_anchor,
)
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
from mailflow.keys.keyring import load_keyring
from tests.unit.keys.independent import (
    INSTANCE,
    SIGNING_KEY,
    compact_json,
    keyring_document,
    write_document,
)

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.keys.keyring import Keyring

NOON = datetime(2026, 10, 16, 12, tzinfo=UTC)


def write_log(keyring: Keyring, count: int, *, kind: str = "case.read") -> list[AuditRow]:
    rows: list[AuditRow] = []
    previous = GENESIS_HASH
    for seq in range(count):
        row = chain_row(keyring, previous, seq=seq, ts=NOON, kind=kind, payload={"seq": seq})
        rows.append(row)
        previous = row.hash
    return rows


def anchor_at(
    keyring: Keyring, rows: list[AuditRow], seq: int, previous: Anchor | None = None
) -> Anchor:
    head = verify_rows(keyring, rows[: seq + 1]).head
    return make_anchor(keyring, head, ts=NOON + timedelta(days=seq), previous=previous)


def test_an_anchor_is_signed_json_of_the_head(known: Keyring) -> None:
    first = make_anchor(known, ChainHead(4, b"h" * 32), ts=NOON)
    second = make_anchor(known, ChainHead(9, b"j" * 32), ts=NOON, previous=first)
    facts = {
        "instance": INSTANCE,
        "n": 9,
        "head": (b"j" * 32).hex(),
        "previous": hashlib.sha256(write_anchor(first)).hexdigest(),
        "ts": "2026-10-16T12:00:00.000000+00:00",
    }
    signed = b"mailflow/anchor/v1\0" + compact_json(facts)
    signature = Ed25519PrivateKey.from_private_bytes(SIGNING_KEY).sign(signed)
    assert write_anchor(second) == compact_json({**facts, "signature": signature.hex()})
    assert first.previous == GENESIS_HASH


def test_an_anchor_reads_back_and_verifies_with_the_public_key_alone(keyring: Keyring) -> None:
    anchor = make_anchor(keyring, ChainHead(4, b"h" * 32), ts=NOON)
    again = read_anchor(write_anchor(anchor))
    assert again == anchor
    assert verify_anchor(keyring.public_key, again)


@pytest.mark.parametrize(
    "change",
    [
        {"instance": "other"},
        {"seq": 5},
        {"head": b"x" * 32},
        {"previous": b"x" * 32},
        {"ts": NOON + timedelta(microseconds=1)},
        {"signature": b"x" * 64},
        {"signature": b""},
    ],
    ids=str,
)
def test_an_anchor_with_any_field_changed_does_not_verify(
    keyring: Keyring, change: dict[str, Any]
) -> None:
    anchor = make_anchor(keyring, ChainHead(4, b"h" * 32), ts=NOON)
    assert not verify_anchor(keyring.public_key, replace(anchor, **change))


def test_another_instances_public_key_does_not_verify(keyring: Keyring, known: Keyring) -> None:
    anchor = make_anchor(keyring, ChainHead(4, b"h" * 32), ts=NOON)
    assert not verify_anchor(known.public_key, anchor)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"7",
        b"{}",
        b"[" * 100_000,
        b'{"instance":"a","n":1,"head":"zz","previous":"","ts":"2026-10-16","signature":""}',
        b'{"instance":"a","n":1,"head":"","previous":"","ts":"2026-10-16","signature":""}',
        b'{"instance":"a","n":null,"head":"","previous":"","ts":"2026-10-16","signature":""}',
    ],
    ids=lambda data: str(data[:60]),
)
def test_what_is_no_anchor_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no anchor"):
        read_anchor(data)


def test_a_log_that_agrees_with_its_anchors_verifies(keyring: Keyring) -> None:
    rows = write_log(keyring, 6)
    anchors = [anchor_at(keyring, rows, seq) for seq in (5, 2, 2)]
    verdict = verify_with_anchors(keyring, iter(rows), anchors)
    assert verdict.is_intact
    assert verdict.rows == 6


def test_an_empty_log_agrees_with_its_first_anchor(keyring: Keyring) -> None:
    anchor = make_anchor(keyring, GENESIS, ts=NOON)
    assert verify_with_anchors(keyring, [], [anchor]).is_intact
    assert verify_with_anchors(keyring, [], []).is_intact


def test_rows_cut_off_after_the_last_anchor_cannot_be_seen_but_before_it_they_are(
    keyring: Keyring,
) -> None:
    rows = write_log(keyring, 6)
    anchor = anchor_at(keyring, rows, 4)
    assert verify_with_anchors(keyring, rows[:5], [anchor]).is_intact
    verdict = verify_with_anchors(keyring, rows[:3], [anchor])
    assert verdict.first_bad == BadRow(3, Flaw.CUT_OFF)
    assert verdict.rows == 3


def test_a_log_rolled_back_and_written_anew_with_the_keys_is_found(keyring: Keyring) -> None:
    anchor = anchor_at(keyring, write_log(keyring, 6), 4)
    forked = write_log(keyring, 8, kind="case.forged")
    assert verify_rows(keyring, forked).is_intact
    assert verify_with_anchors(keyring, forked, [anchor]).first_bad == BadRow(4, Flaw.ANCHOR)


def test_two_anchors_that_disagree_are_found_whichever_the_log_follows(keyring: Keyring) -> None:
    one, other = write_log(keyring, 3), write_log(keyring, 3, kind="case.forged")
    anchors = [anchor_at(keyring, one, 2), anchor_at(keyring, other, 2)]
    for rows in (one, other):
        assert verify_with_anchors(keyring, rows, anchors).first_bad == BadRow(2, Flaw.ANCHOR)


def test_a_bad_row_is_named_before_a_cut_off_end(keyring: Keyring) -> None:
    rows = write_log(keyring, 6)
    anchor = anchor_at(keyring, rows, 5)
    rows[1] = replace(rows[1], kind="case.forged")
    assert verify_with_anchors(keyring, rows[:3], [anchor]).first_bad == BadRow(1, Flaw.HASH)


def test_a_forged_or_foreign_anchor_is_found(keyring: Keyring, known: Keyring) -> None:
    rows = write_log(keyring, 3)
    anchor = anchor_at(keyring, rows, 2)
    for bad in (
        replace(anchor, signature=b"x" * 64),
        replace(anchor, instance="other"),
        make_anchor(known, ChainHead(2, rows[2].hash), ts=NOON),
    ):
        verdict = verify_with_anchors(keyring, rows, [bad])
        assert verdict.first_bad == BadRow(2, Flaw.FORGED_ANCHOR)


def test_an_anchor_of_another_instance_with_the_same_signing_key_is_foreign(
    known: Keyring, tmp_path: Path
) -> None:
    write_document(tmp_path / "copy.json", keyring_document(instance="acme-hr-copy"))
    rows = write_log(known, 3)
    anchor = anchor_at(known, rows, 2)
    copied = make_anchor(load_keyring(tmp_path / "copy.json"), ChainHead(2, rows[2].hash), ts=NOON)
    assert verify_with_anchors(known, rows, [anchor]).is_intact
    verdict = verify_with_anchors(known, rows, [copied])
    assert verdict.first_bad == BadRow(2, Flaw.FORGED_ANCHOR)


def test_a_later_start_is_held_against_the_anchor_of_its_row(keyring: Keyring) -> None:
    rows = write_log(keyring, 6)
    start = verify_rows(keyring, rows[:3]).head
    good = [anchor_at(keyring, rows, seq) for seq in (1, 2, 4)]
    assert verify_with_anchors(keyring, rows[3:], good, start=start).is_intact
    other = anchor_at(keyring, write_log(keyring, 3, kind="case.forged"), 2)
    verdict = verify_with_anchors(keyring, rows[3:], [other], start=start)
    assert verdict.first_bad == BadRow(2, Flaw.ANCHOR)


def test_a_missing_anchor_is_seen_by_the_next_one(keyring: Keyring) -> None:
    rows = write_log(keyring, 3)
    first = anchor_at(keyring, rows, 0)
    second = anchor_at(keyring, rows, 1, previous=first)
    third = anchor_at(keyring, rows, 2, previous=second)
    assert unlinked_anchors([first, second, third]) == ()
    assert unlinked_anchors(iter([third, first])) == (third,)
    assert unlinked_anchors([second]) == (second,)
