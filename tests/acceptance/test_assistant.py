"""Somebody else reads a chief's mail: it says little, also when asked; and what `#status` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
PRIYA = "priya.patel@acme.example"
PAYSLIP = ("riya-payslip.pdf", b"%PDF-1.4 a payslip")
KICKBACK = "I want to report fraud: the buyer took a kickback from the scaffolding firm."
STRANGER = "sam@home.example"


@pytest.fixture
def talk(site: Site) -> Talk:
    return Talk(site, site.steer())


def let_assistant_read(site: Site, address: str) -> None:
    staff = site.home / "config" / "staff.yaml"
    before = f"email: {address}, "
    text = staff.read_text(encoding="utf-8")
    assert before in text
    after = text.replace(before, f"{before}assistant_reads: true, ")
    staff.write_text(after, encoding="utf-8")
    site.close()


def has_file(mail: EmailMessage) -> bool:
    return any(True for _ in mail.iter_attachments())


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_mailbox_that_an_assistant_reads_gets_minimal_mails(
    talk: Talk, *, is_shared: bool
) -> None:
    if is_shared:
        let_assistant_read(talk.site, PRIYA)
    talk.write(EMPLOYEE, SHORT_PAY, attach=PAYSLIP)
    notice = talk.last_to(PRIYA)
    talk.write(PRIYA, "#history", answers=notice)
    answer = talk.last_to(PRIYA)
    assert answer["Message-ID"] != notice["Message-ID"]
    assert has_file(notice) is not is_shared
    for mail in (notice, answer):
        assert ("overtime of October" in text_of(mail)) is not is_shared
    words = "".join(mail.as_string() for mail in (notice, answer))
    assert (EMPLOYEE in words) is not is_shared
    assert ("mailflow case show" in text_of(answer)) is is_shared


def test_text_of_a_confidential_case_is_mailed_to_whom_it_is_for_and_only_when_asked(
    talk: Talk,
) -> None:
    talk.write(EMPLOYEE, KICKBACK, subject="Please read")
    case = talk.site.case().case
    assert case.case_class == "confidential"
    unasked = [mail for one in talk.site.told() - {EMPLOYEE} for mail in talk.site.sent_to(one)]
    assert unasked
    for mail in unasked:
        for secret in ("kickback", "scaffolding", EMPLOYEE, "Riya", "Please read"):
            assert secret not in mail.as_string()
    talk.write(case.owner, "#status", answers=talk.last_to(case.owner))
    assert "scaffolding" in text_of(talk.last_to(case.owner))
    for curious in (PRIYA, "bea.brandt@acme.example"):
        talk.write(curious, f"#status {case.ref}", subject="status")
        assert "scaffolding" not in text_of(talk.last_to(curious))
        assert "could not be matched" in text_of(talk.last_to(curious))


def test_an_alert_of_a_confidential_case_names_no_sender(talk: Talk) -> None:
    talk.write(EMPLOYEE, KICKBACK, subject="Please read")
    owner = talk.site.case().case.owner
    talk.write(STRANGER, "What is this?", answers=talk.last_to(EMPLOYEE))
    alert = talk.last_to(owner)
    assert "#accept" in text_of(alert)
    assert STRANGER not in alert.as_string()
    assert EMPLOYEE not in alert.as_string()


def test_an_alert_of_an_ordinary_case_names_the_sender(talk: Talk) -> None:
    talk.write(EMPLOYEE, SHORT_PAY)
    talk.write(STRANGER, "What is this?", answers=talk.last_to(EMPLOYEE))
    assert STRANGER in text_of(talk.last_to(PRIYA))
