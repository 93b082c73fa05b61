"""Sensitive mail leaves a mail server that more people can read than may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.store.inbound import open_raw
from mailflow.store.session import reading
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
COMPLAINT = "My supervisor sexually harassed me on Friday."
QUESTION = "How many vacation days do I have left this year?"


@pytest.fixture
def removing(site: Site) -> Site:
    site.change_settings(
        "free_space_floor: 1 MiB", "free_space_floor: 1 MiB\nafter_store: {sensitive: delete}"
    )
    return site


def on_server(site: Site) -> list[bytes]:
    return [
        message.raw
        for folder in ("INBOX", "Processed")
        for message in site.dovecot.messages(site.user, folder)
    ]


def test_a_complaint_stays_among_the_processed_mails_unless_the_site_asks_otherwise(
    site: Site,
) -> None:
    site.deliver(write_mail(RIYA, "Friday", COMPLAINT))
    site.run()
    assert len(on_server(site)) == 1


def test_a_complaint_leaves_the_server_and_is_kept_sealed(removing: Site) -> None:
    raw = write_mail(RIYA, "Friday", COMPLAINT)
    removing.deliver(raw)
    removing.run()
    assert on_server(removing) == []
    case = removing.case()
    (row,) = removing.rows("SELECT id FROM inbound")
    with reading(removing.runtime.engine) as connection:
        kept = open_raw(connection, removing.runtime.keyring, row["id"], vault=case.vault)
    assert COMPLAINT.encode() in kept


def test_an_ordinary_mail_stays_on_the_server(removing: Site) -> None:
    removing.deliver(write_mail(RIYA, "Days", QUESTION))
    removing.run()
    assert len(on_server(removing)) == 1


def test_the_earlier_mails_of_a_case_that_turns_grave_leave_too(removing: Site) -> None:
    removing.deliver(write_mail(RIYA, "Days", QUESTION, message_id="<one@client.example>"))
    removing.run()
    assert len(on_server(removing)) == 1
    removing.deliver(write_mail(RIYA, "Re: Days", COMPLAINT, in_reply_to="<one@client.example>"))
    removing.run()
    assert len(removing.cases()) == 1
    assert on_server(removing) == []


def test_mails_that_somebody_else_marked_as_deleted_are_not_expunged(removing: Site) -> None:
    foreign = b"Subject: mine\r\n\r\nkept\r\n"
    removing.dovecot.deliver(removing.user, foreign, "Processed")
    with removing.dovecot.connect(removing.user) as client:
        client.select("Processed")
        client.uid("STORE", "1", "+FLAGS", "(\\Deleted)")
    removing.deliver(write_mail(RIYA, "Friday", COMPLAINT))
    removing.run()
    assert [raw.splitlines()[0] for raw in on_server(removing)] == [b"Subject: mine"]


def test_reconcile_does_not_miss_what_was_removed(removing: Site) -> None:
    removing.deliver(write_mail(RIYA, "Friday", COMPLAINT))
    removing.run()
    home = str(removing.home)
    removing.close()
    said = CliRunner(env=dict(removing.environ)).invoke(
        build_app("reconcile"), ["reconcile", "--home", home]
    )
    assert said.exit_code == 0, said.output
