"""Key numbers on a site that has worked: another one, the end of one, and what people notice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from mailflow.errors import KeyringError
from mailflow.keys.keyring import create_keyring
from mailflow.store.session import transaction
from tests.acceptance.commands import Commands, write_small_rules
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_to
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

# A command works by the real clock, which the steered one has to reach.
LATER = timedelta(minutes=15)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements are the store's own, which are tried on both databases."""
    return sqlite_url


@pytest.fixture
def talk(site: Site) -> Talk:
    write_small_rules(site)
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    return talk


@pytest.fixture
def mailflow(site: Site) -> Commands:
    return Commands(site)


def test_old_addresses_stay_good_after_a_rotation_and_new_mails_use_the_new_number(
    talk: Talk, mailflow: Commands
) -> None:
    owner = talk.site.case().case.owner
    old = talk.last_to(owner)
    assert mailflow.json("keys", "rotate") == {"active": 1}
    talk.write(owner, "#note\n\nWe look into it.", answers=old)
    receipt = talk.last_to(owner)
    assert "NOT sent to the employee" in text_of(receipt)
    token, before = (reply_to(mail).partition("+")[2] for mail in (receipt, old))
    assert token[0] != before[0]
    shown = mailflow.json("keys", "check")
    assert [(row["kid"], row["state"]) for row in shown["kids"]] == [(0, "accepted"), (1, "active")]
    assert mailflow.audit_kinds().count("key_rotated") == 1


def test_mail_to_addresses_of_a_revoked_number_waits_and_nothing_in_it_is_done(
    talk: Talk, mailflow: Commands
) -> None:
    before = talk.site.case().case
    staff, employee = talk.last_to(before.owner), talk.last_to(EMPLOYEE)
    mailflow("keys", "revoke", "0")
    talk.write(before.owner, "#close outcome: resolved resolution: x", answers=staff)
    talk.write(EMPLOYEE, "Any news?", answers=employee)
    after = talk.site.case().case
    assert talk.site.ledger()[1:] == ["held", "held"]
    assert (after.state, after.record) == (before.state, before.record)
    assert "waits" in text_of(talk.last_to(before.owner))


def test_people_of_open_cases_get_an_address_that_works_where_the_directory_says(
    talk: Talk, mailflow: Commands
) -> None:
    owner = talk.site.case().case.owner
    old = {who: reply_to(talk.last_to(who)) for who in (EMPLOYEE, owner)}
    assert mailflow.json("keys", "revoke", "0") == {"revoked": 0, "active": 1, "told": 2}
    talk.pass_time(LATER)
    for who, address in old.items():
        assert reply_to(talk.last_to(who)) != address
    assert "new reply address" in text_of(talk.last_to(EMPLOYEE))
    talk.write(EMPLOYEE, "Any news?", answers=talk.last_to(EMPLOYEE))
    talk.write(owner, "#note\n\nWe look into it.", answers=talk.last_to(owner))
    assert talk.site.ledger()[1:] == ["reply", "note"]


def test_a_revocation_that_broke_off_is_finished_by_another_and_tells_nobody_twice(
    talk: Talk, mailflow: Commands
) -> None:
    mailflow("keys", "revoke", "0")
    assert mailflow.json("keys", "revoke", "0")["told"] == 0
    talk.pass_time(LATER)
    assert sum("new reply address" in words for words in talk.texts_to(EMPLOYEE)) == 1


def test_a_closed_case_tells_nobody(talk: Talk, mailflow: Commands) -> None:
    with transaction(talk.site.runtime.engine) as connection:
        connection.execute(text("UPDATE cases SET state = 'closed'"))
    assert mailflow.json("keys", "revoke", "0")["told"] == 0


def test_a_number_that_is_not_there_cannot_be_revoked(mailflow: Commands) -> None:
    result = mailflow("keys", "revoke", "7", code=1)
    assert "there is no key number 7" in result.stderr


def test_a_year_later_check_asks_for_a_rotation(talk: Talk, mailflow: Commands) -> None:
    with transaction(talk.site.runtime.engine) as connection:
        connection.execute(text("UPDATE instance SET created_at = '2020-01-01 00:00:00'"))
    assert mailflow.json("keys", "check")["rotation_due"] is True
    assert "mailflow keys rotate" in mailflow("keys", "check").stdout
    mailflow("keys", "rotate")
    assert mailflow.json("keys", "check")["rotation_due"] is False


def test_another_keyring_than_the_one_of_the_database_is_refused(
    talk: Talk, mailflow: Commands, tmp_path: Path
) -> None:
    talk.site.close()
    create_keyring(tmp_path / "other.json")
    place = talk.site.home / "var" / "keyring.json"
    place.write_bytes((tmp_path / "other.json").read_bytes())
    with pytest.raises(KeyringError, match="is not the one of this database"):
        mailflow("keys", "check")


def test_an_older_copy_of_the_keyring_is_refused_after_a_rotation(
    talk: Talk, mailflow: Commands
) -> None:
    place = talk.site.home / "var" / "keyring.json"
    old = place.read_bytes()
    mailflow("keys", "rotate")
    talk.site.close()
    place.write_bytes(old)
    with pytest.raises(KeyringError, match="lacks key number 1"):
        mailflow("keys", "check")


def test_a_message_id_leads_nowhere_where_the_database_was_told_so_by_hand(talk: Talk) -> None:
    """A row that points an id of ours at another case is not believed."""
    notice = talk.last_to(EMPLOYEE)
    talk.pass_time(LATER)
    talk.write(EMPLOYEE, "Where may I park my car?", subject="Parking")
    pay, parking = talk.site.cases()
    with transaction(talk.site.runtime.engine) as connection:
        connection.execute(
            text("UPDATE message_ids SET case_uid = :to WHERE case_uid = :at AND origin = 'ours'"),
            {"to": parking.case.uid, "at": pay.case.uid},
        )
    before = len(talk.site.conversation(parking))
    raw = write_mail(EMPLOYEE, "Re: Pay", "Any news?", in_reply_to=str(notice["Message-ID"]))
    talk.site.deliver(raw)
    talk.site.run()
    after = {loaded.case.uid: loaded for loaded in talk.site.cases()}
    assert len(talk.site.conversation(after[parking.case.uid])) == before
    assert len(after) == 3


def test_a_lost_keyring_comes_back_from_its_sheet(
    talk: Talk, mailflow: Commands, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(mailflow("keys", "sheet").stdout, encoding="utf-8")
    assert mailflow.audit_kinds().count("keyring_sheet_taken") == 1
    assert mailflow.json("keys", "check", "--sheet", sheet) == {"good": True, "gaps": []}
    talk.site.close()
    place = talk.site.home / "var" / "keyring.json"
    kept = place.read_bytes()
    refused = _refusal(mailflow, "keys", "restore", sheet)
    assert "never overwritten" in refused
    place.unlink()
    by_windows = "\ufeff" + sheet.read_text(encoding="utf-8")
    sheet.write_text(by_windows, encoding="utf-8")
    mailflow("keys", "restore", sheet)
    assert place.read_bytes() == kept
    assert "is whole" in mailflow("keys", "check").stdout
    talk.write(EMPLOYEE, "Any news?", answers=talk.last_to(EMPLOYEE))
    assert talk.site.ledger()[-1] == "reply"


def test_a_sheet_from_before_a_rotation_would_not_do(
    talk: Talk, mailflow: Commands, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(mailflow("keys", "sheet").stdout, encoding="utf-8")
    mailflow("keys", "rotate")
    told = mailflow("keys", "check", "--sheet", sheet, code=1)
    assert "it lacks key number 1" in told.stderr


def _refusal(mailflow: Commands, *words: object) -> str:
    with pytest.raises(KeyringError) as refused:
        mailflow(*words)
    return str(refused.value)
