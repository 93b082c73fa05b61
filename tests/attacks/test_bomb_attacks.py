"""Bombs and odd mails: kept whole, shown to somebody, in nobody's way, at a bounded price."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import pytest

from mailflow.store import cases, set_aside
from mailflow.store.session import reading
from tests.acceptance.site import text_of, write_mail
from tests.attacks.bomb_rows import bombs
from tests.attacks.stage import ERIN, RIYA, Row, Stage, find_accepted, find_leaks, find_lost

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
SECONDS_A_BOMB = 3
MEMORY_MIB = 400
_SHOWN = {"case", "quarantined"}


def stored_mails(site: Site) -> list[bytes]:
    """The bytes that are kept of each mail, with the line ends that they were delivered with."""
    office = site.runtime.office
    kept: list[bytes] = []
    with reading(office.engine) as connection:
        for found in site.rows("SELECT id FROM inbound ORDER BY uid"):
            row = set_aside.find_inbound(connection, found["id"])
            assert row is not None
            uids = {row.case_uid} if row.case_uid else set()
            holder = cases.load_cases(connection, office.keyring, uids).get(row.case_uid or "")
            vault = holder.vault if holder else None
            stored = set_aside.open_stored(connection, office.keyring, row, vault=vault)
            kept.append(_with_plain_ends(stored.raw))
    return kept


def _with_plain_ends(raw: bytes) -> bytes:
    """The mail as the server can give it: an IMAP literal holds no NUL (RFC 3501 4.3), so that
    Dovecot writes 0x80, and takes a bare return for the end of a line.
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return lines.replace(b"\0", b"\x80").rstrip(b"\n")


def find_unshown(stage: Stage, rows: list[Row], became: list[str]) -> list[str]:
    """Bombs that became a case nobody was told of."""
    told: dict[str, str] = {}
    for loaded in stage.site.cases():
        owner = loaded.case.owner
        told[loaded.case.uid] = " ".join(
            text_of(mail) for mail in stage.site.sent_to(owner) if loaded.case.ref in text_of(mail)
        )
    found = stage.site.rows("SELECT case_uid FROM inbound ORDER BY uid")[-len(rows) :]
    return [
        row.name
        for row, what, place in zip(rows, became, found, strict=True)
        if what in _SHOWN and not told.get(place["case_uid"])
    ]


def test_bombs_are_kept_shown_and_in_nobodys_way(stage: Stage) -> None:
    honest = [
        Row(f"honest {n}", write_mail(RIYA, f"Parking {n}", f"Where? {n}"), is_honest=True)
        for n in range(15)
    ]
    hostile = bombs()
    assert len(hostile) >= 89
    step = len(hostile) // len(honest)
    rows = [*hostile]
    for position, row in enumerate(honest):
        rows.insert(position * (step + 1), row)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()

    became = stage.run(rows)

    assert time.monotonic() - began < SECONDS_A_BOMB * len(rows)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert grown_kib < MEMORY_MIB * 1024
    assert len(became) == len(rows)
    assert find_accepted(stage, rows, became) == []
    assert find_lost(rows, became) == []
    assert find_leaks(stage, insiders=(RIYA, ERIN)) == []
    assert find_unshown(stage, rows, became) == []
    fate = dict(zip((row.name for row in rows), became, strict=True))
    assert {fate[row.name] for row in honest} == {"case"}
    assert len(stage.site.sent_to(RIYA)) == len(honest)
    odd = [
        f"{row.name}: {what}"
        for row, what in zip(rows, became, strict=True)
        if what not in _SHOWN | row.may
    ]
    assert odd == []
    kept = stored_mails(stage.site)[-len(rows) :]
    cut = [
        row.name for row, raw in zip(rows, kept, strict=True) if raw != _with_plain_ends(row.raw)
    ]
    assert cut == []
