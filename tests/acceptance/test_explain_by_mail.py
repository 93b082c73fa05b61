"""`#explain` above a forwarded mail: the explanation comes back, and nothing else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

ADMIN = "omar.osei@acme.example"
HANDLER = "hana.handler@acme.example"
RIYA = "riya.rao@acme.example"
FORWARD = """\
#explain

---------- Forwarded message ---------
From: Riya Rao <riya.rao@acme.example>
Date: Mon, 23 Nov 2026 09:00:00 +0000
Subject: Paycheck October
To: <hr@acme.example>

My paycheck is short by 200 USD.
"""


def ask(site: Site, sender: str, *, verified: bool = True, text: str = FORWARD) -> None:
    site.deliver(write_mail(sender, "Fwd: Paycheck October", text, verified=verified))
    site.run()


def test_an_admin_is_told_what_the_rules_make_of_a_mail_and_no_case_is_opened(site: Site) -> None:
    ask(site, ADMIN)
    (answer,) = site.sent_to(ADMIN)
    said = text_of(answer)
    assert "category  payroll_discrepancy" in said
    assert '"paycheck' in said.lower()
    assert site.runtime.office.house().bundle.id in said
    assert answer["In-Reply-To"] is not None
    assert site.ledger() == ["command"]
    assert site.cases() == []
    assert site.told() == {ADMIN}


def test_without_a_mail_below_it_the_command_says_what_is_missing(site: Site) -> None:
    ask(site, ADMIN, text="#explain\n")
    (answer,) = site.sent_to(ADMIN)
    assert "no forwarded mail" in text_of(answer)
    assert site.cases() == []


def test_nobody_but_who_keeps_the_rules_is_told(site: Site) -> None:
    ask(site, HANDLER)
    assert all("category  payroll" not in text_of(mail) for mail in site.sent_to(HANDLER))


def test_an_unproven_sender_is_asked_back_instead(site: Site) -> None:
    ask(site, ADMIN, verified=False)
    assert site.ledger() == ["held"]
    assert all("category" not in text_of(mail) for mail in site.sent_to(ADMIN))


def test_an_employee_who_writes_the_word_gets_a_case_like_everybody(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck", "#explain\n\nwhy my paycheck is short by 200 USD."))
    site.run()
    assert site.ledger() == ["case"]
