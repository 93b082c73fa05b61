"""The same mail twice is one case; two that look alike are two; what cannot be read is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.store.inbound import open_raw
from mailflow.store.session import reading
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
MAIL = write_mail(RIYA, "Paycheck", "There is a mistake on my payslip.", message_id="<one@c>")


def test_the_same_bytes_twice_in_one_run_make_one_case_and_one_answer(site: Site) -> None:
    site.deliver(MAIL, MAIL)
    site.run()
    assert site.ledger() == ["case", "duplicate"]
    assert len(site.cases()) == 1
    assert len(site.sent_to(RIYA)) == 1


def test_the_same_bytes_again_later_make_no_second_case(site: Site) -> None:
    site.deliver(MAIL)
    site.run()
    site.deliver(MAIL)
    site.run()
    assert site.ledger() == ["case", "duplicate"]
    assert len(site.sent_to(RIYA)) == 1


def test_the_same_mail_by_another_route_makes_no_second_case(site: Site) -> None:
    by_list = b"Received: from list.acme.example by mx.acme.example; 24 Nov 2026\r\n" + MAIL
    site.deliver(MAIL, by_list)
    site.run()
    first, second = site.rows("SELECT case_uid, disposition FROM inbound ORDER BY uid")
    assert (first["disposition"], second["disposition"]) == ("case", "duplicate")
    assert first["case_uid"] == second["case_uid"]
    assert len(site.cases()) == 1


def test_one_message_id_with_two_contents_keeps_both(site: Site) -> None:
    other = write_mail(RIYA, "Parking", "Where may I park my car?", message_id="<one@c>")
    site.deliver(MAIL, other)
    site.run()
    assert site.ledger() == ["case", "case"]
    assert len(site.sent_to(RIYA)) == 2


def test_mail_in_the_processed_folder_lies_there_unread_and_whole(site: Site) -> None:
    site.deliver(MAIL)
    site.run()
    assert site.dovecot.messages(site.user) == ()
    (kept,) = site.dovecot.messages(site.user, "Processed")
    assert kept.raw == MAIL
    assert "\\Seen" not in kept.flags
    (row,) = site.rows("SELECT moved, processed_uid, processed_uidvalidity FROM inbound")
    assert (row["moved"], row["processed_uid"]) == (1, kept.uid)


def test_a_mail_that_cannot_be_read_is_kept_with_a_case_and_holds_up_nobody(site: Site) -> None:
    huge = write_mail(RIYA, "Holiday photos", "See here.") + b"x" * 41 * 1024 * 1024
    clock = site.steer()
    site.dovecot.deliver_files(site.user, [huge, MAIL])
    site.run()
    assert site.ledger()[1] == "case"
    assert len(site.sent_to(RIYA)) == 1

    for _ in range(3):
        clock.advance(timedelta(seconds=6))
        site.run()
    assert site.ledger() == ["quarantined", "case"]
    (row,) = site.rows("SELECT id, case_uid FROM inbound WHERE state = 'quarantined'")
    (stub,) = (one for one in site.cases() if one.case.uid == row["case_uid"])
    assert stub.case.state == "triage"
    assert stub.case.owner
    assert len(site.sent_to(stub.case.owner)) >= 1
    assert text_of(site.sent_to(stub.case.owner)[-1])
    with reading(site.runtime.engine) as connection:
        raw = open_raw(connection, site.runtime.keyring, row["id"], vault=stub.vault)
    assert raw == huge
