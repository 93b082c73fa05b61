from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import State
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers


def test_a_short_paycheck_becomes_a_case_with_owner_clocks_and_acknowledgement(site: Site) -> None:
    employee = "tom.tran@acme.example"
    site.deliver(
        write_mail(
            employee,
            "Paycheck October",
            "Hello,\n\nmy paycheck is short by 200 EUR.\n\nAna",
            message_id="<first@client.example>",
        )
    )
    assert site.run()
    (loaded,) = site.cases()
    case = loaded.case
    assert case.category == "payroll_discrepancy"
    assert case.state in (State.ASSIGNED, State.TRIAGE)
    assert case.owner
    assert {c.target for c in loaded.file.clocks} >= {"acknowledge", "first_response", "resolve"}
    (receipt,) = site.sent_to(employee)
    assert receipt["In-Reply-To"] == "<first@client.example>"
    assert case.ref in text_of(receipt)
    (notice,) = site.sent_to(case.owner)
    assert "short by 200 EUR" in text_of(notice)
