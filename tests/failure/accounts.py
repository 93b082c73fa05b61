"""The books of a site after an accident: is anything lost, is anything doubled?"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tests.acceptance.site import read, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

SENDERS = ("riya.rao", "ed.ellis", "jonas.jung", "luc.laurent", "carmen.cruz", "emil.ernst")
_TEXTS = (
    "There is a mistake on my payslip.",
    "Where may I park my car?",
    "My supervisor sexually harassed me on Friday.",
    "I need a letter that confirms my employment.",
)


def write_mails(count: int, *, first: int = 0) -> list[bytes]:
    """Different mails of employees; one of four is a complaint that must not wait."""
    return [
        write_mail(
            f"{SENDERS[number % len(SENDERS)]}@acme.example",
            f"Question {number}",
            f"{_TEXTS[number % len(_TEXTS)]}\n\nNumber {number}.",
        )
        for number in range(first, first + count)
    ]


def check_the_books(site: Site, mails: list[bytes]) -> dict[str, int]:
    """Every mail has one row and one case, every order was sent under one Message-ID.

    Returns how many further copies of each mail of ours went out; all are alike to the byte.
    """
    moved = Counter(message.raw for message in site.dovecot.messages(site.user, "Processed"))
    assert site.dovecot.messages(site.user) == ()
    assert moved == Counter(mails)

    rows = site.rows("SELECT disposition, case_uid, moved FROM inbound")
    assert Counter(row["disposition"] for row in rows) == {"case": len(mails)}
    assert {row["moved"] for row in rows} == {1}
    loaded = site.cases()
    assert {row["case_uid"] for row in rows} == {one.case.uid for one in loaded}
    assert len(loaded) == len(mails)

    orders = site.rows("SELECT case_uid, purpose, cause, recipient_index, state FROM outbox")
    assert {row["state"] for row in orders} == {"sent"}
    keys = Counter(
        (r["case_uid"], r["purpose"], r["cause"], bytes(r["recipient_index"])) for r in orders
    )
    assert set(keys.values()) == {1}
    acknowledged = Counter(r["case_uid"] for r in orders if r["purpose"] == "acknowledgement")
    assert acknowledged == {one.case.uid: 1 for one in loaded}
    return _count_copies(site, len(orders))


def _count_copies(site: Site, orders: int) -> dict[str, int]:
    sent: dict[str, list[bytes]] = defaultdict(list)
    for kept in site.relay.envelopes:
        sent[str(read(kept.raw)["Message-ID"])].append(kept.raw)
    assert len(sent) == orders
    for copies in sent.values():
        assert len(set(copies)) == 1
    return {key: len(copies) - 1 for key, copies in sent.items() if len(copies) > 1}
