from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.store import messages
from mailflow.store.session import reading
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

_FORWARD = """\
She came to my desk about this, please take it on.

---------- Forwarded message ---------
From: Riya Rao <riya.rao@acme.example>
Date: Mon, Nov 23, 2026 at 9:12 AM
Subject: Pay
To: Hana Handler <hana.handler@acme.example>

My paycheck is short by 200 EUR, can you help?
"""


def test_a_mail_forwarded_by_hr_opens_the_case_for_the_employee_who_wrote_it(site: Site) -> None:
    staff = "hana.handler@acme.example"
    site.deliver(write_mail(f"Hana Handler <{staff}>", "Fwd: Pay", _FORWARD))
    site.run()
    (loaded,) = site.cases()
    assert loaded.case.requester == "riya.rao@acme.example"
    assert loaded.case.category == "payroll_discrepancy"
    (receipt,) = site.sent_to("riya.rao@acme.example")
    assert "came to my desk" not in text_of(receipt)
    with reading(site.runtime.engine) as connection:
        filed = messages.load_messages(connection, loaded.vault)
    said = {str(message.direction): message.text for message in filed}
    assert "short by 200 EUR" in said["in"]
    assert "came to my desk" in said["note"]
    answers = " ".join(text_of(message) for message in site.sent_to(staff))
    assert "weitergeleitet" in answers


def test_a_mail_forwarded_by_an_employee_stays_the_employees_own_case(site: Site) -> None:
    site.deliver(write_mail("Ed Ellis <ed.ellis@acme.example>", "Fwd: Pay", _FORWARD))
    site.run()
    (loaded,) = site.cases()
    assert loaded.case.requester == "ed.ellis@acme.example"
    assert site.sent_to("riya.rao@acme.example") == []
