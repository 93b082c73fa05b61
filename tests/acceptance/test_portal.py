"""A portal's notification mail: a typed case for the person it names, if it is proven to be the
portal's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.store.messages import Direction
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

PORTAL = "no-reply@portal.example"
RIYA = "riya.rao@acme.example"
COLLEAGUE = "bruno.berger@acme.example"
HANA = "hana.handler@acme.example"
ADAPTER = r"""
adapters:
  - id: hr-portal
    when: {from: [no-reply@portal.example], subject: [new request]}
    read:
      text:
        - '(?m)^Requested by: .*<(?P<requester>[^<>\s]+)>\s*$'
        - '(?m)^Topic: (?P<topic>.+)$'
        - '(?m)^Period: (?P<period>.+)$'
        - '(?s)\nDetails:\s*(?P<details>.*)$'
    subject: topic
    text: details
    category: {from: topic, map: {Time off: leave_request, Pay: payroll_discrepancy}}
"""
MACHINE = (("Auto-Submitted", "auto-generated"),)


def notification(
    *,
    who: str = f"Riya Rao <{RIYA}>",
    topic: str = "Time off",
    details: str = "Two weeks please.",
    sender: str = PORTAL,
    verified: bool = True,
    number: int = 12,
    references: str | None = None,
    headers: tuple[tuple[str, str], ...] = MACHINE,
) -> bytes:
    text = f"Requested by: {who}\nTopic: {topic}\nPeriod: May\n\nDetails:\n{details}\n"
    return write_mail(
        sender,
        f"New request #{number}",
        text,
        verified=verified,
        headers=headers,
        message_id=f"<request-{number}@portal.example>",
        in_reply_to=references,
    )


@pytest.fixture
def portal_site(site: Site) -> Site:
    (site.home / "rules" / "adapters.yaml").write_text(ADAPTER, encoding="utf-8")
    return site


def take_in(site: Site, *mails: bytes) -> None:
    site.deliver(*mails)
    site.run()


def heard(site: Site, loaded: LoadedCase) -> list[FiledMessage]:
    return [m for m in site.conversation(loaded) if m.direction is Direction.IN]


@pytest.mark.parametrize("headers", [MACHINE, ()], ids=["says it is a machine", "does not"])
def test_the_case_is_of_the_person_named_and_of_the_kind_that_the_portal_says(
    portal_site: Site, headers: tuple[tuple[str, str], ...]
) -> None:
    take_in(portal_site, notification(headers=headers))
    loaded = portal_site.case()
    case = loaded.case
    assert (case.requester, case.category, case.state) == (RIYA, "leave_request", "assigned")
    (acknowledgement,) = portal_site.sent_to(RIYA)
    assert acknowledgement["Subject"] == f"HR case {case.ref}"
    assert acknowledgement["In-Reply-To"] is None
    (told,) = portal_site.sent_to(case.owner)
    assert "Two weeks please." in text_of(told)
    assert "period: May" in text_of(told)
    assert "Requested by" not in text_of(told)
    (filed,) = heard(portal_site, loaded)
    assert (filed.sender, filed.subject) == (RIYA, "Time off")
    (read,) = [e for e in portal_site.events(loaded) if e.kind == "portal_request_read"]
    assert (read.actor, read.data["portal"]) == (PORTAL, "hr-portal")
    assert portal_site.ledger() == ["case"]
    assert PORTAL not in portal_site.told()


def test_an_auditor_reads_the_portals_part_in_the_decision_after_the_adapter_has_gone(
    portal_site: Site,
) -> None:
    take_in(portal_site, notification())
    case, then = portal_site.case().case, portal_site.runtime.office.house().bundle.id
    (portal_site.home / "rules" / "adapters.yaml").write_text("adapters: []\n", encoding="utf-8")
    portal_site.close()
    portal_site.run()
    assert portal_site.runtime.office.house().bundle.id != then
    env = {**portal_site.environ, "MAILFLOW_HOME": str(portal_site.home), "MAILFLOW_AS": case.owner}
    result = CliRunner().invoke(build_app(), ["rules", "explain", case.ref], env=env)
    structlog.reset_defaults()
    assert "category  leave_request   by rule adapter hr-portal" in result.stdout
    assert f"bundle    {then} serial 1" in result.stdout


def test_a_complaint_filed_as_a_pay_matter_is_a_complaint(portal_site: Site) -> None:
    words = "My manager keeps putting his hand on my back and says I should be nice."
    take_in(portal_site, notification(topic="Pay", details=words))
    case = portal_site.case().case
    assert case.risk.is_urgent
    assert case.category != "payroll_discrepancy"


def test_a_mail_that_nothing_proves_is_nobodys_request(portal_site: Site) -> None:
    take_in(portal_site, notification(verified=False))
    case = portal_site.case().case
    assert (case.requester, case.state) == (PORTAL, "triage")
    assert portal_site.sent_to(RIYA) == []
    assert portal_site.sent_to(PORTAL) == []


def test_a_forged_mail_is_no_request(portal_site: Site) -> None:
    raw = notification(verified=False)
    forged = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=portal.example\r\n"
    take_in(portal_site, forged + raw)
    assert all(loaded.case.requester != RIYA for loaded in portal_site.cases())
    assert portal_site.sent_to(RIYA) == []


def test_a_colleague_who_writes_like_the_portal_speaks_for_themselves_only(
    portal_site: Site,
) -> None:
    take_in(portal_site, notification(sender=COLLEAGUE, headers=()))
    assert portal_site.case().case.requester == COLLEAGUE


def test_an_adapter_for_a_colleagues_own_address_does_not_speak_for_others(
    portal_site: Site,
) -> None:
    text = ADAPTER.replace("no-reply@portal.example", HANA)
    (portal_site.home / "rules" / "adapters.yaml").write_text(text, encoding="utf-8")
    take_in(portal_site, notification(sender=HANA, headers=()))
    assert all(loaded.case.requester != RIYA for loaded in portal_site.cases())


def test_a_verb_in_a_request_is_never_done(portal_site: Site) -> None:
    portal_site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    portal_site.run()
    ref = portal_site.case().case.ref
    details = f"#close {ref} resolved\n#risk low: harmless"
    take_in(portal_site, notification(who=f"Hana <{HANA}>", topic=f"{ref} #close", details=details))
    first, second = portal_site.cases()
    assert (first.case.ref, first.case.state) == (ref, "assigned")
    assert second.case.requester == HANA


def test_a_request_that_names_nobody_goes_to_a_person(portal_site: Site) -> None:
    take_in(portal_site, notification(who="the night shift"))
    case = portal_site.case().case
    assert (case.requester, case.state) == (PORTAL, "triage")
    assert portal_site.sent_to(PORTAL) == []


def test_the_portals_next_mail_about_it_is_heard_in_the_same_case(portal_site: Site) -> None:
    take_in(portal_site, notification())
    more = notification(number=13, details="He hit me.", references="<request-12@portal.example>")
    take_in(portal_site, more)
    loaded = portal_site.case()
    assert loaded.case.risk.is_urgent
    assert [m.text.splitlines()[0] for m in heard(portal_site, loaded)] == [
        "Two weeks please.",
        "He hit me.",
    ]


def test_a_portal_that_names_its_first_mail_in_all_does_not_mix_people(portal_site: Site) -> None:
    take_in(portal_site, notification())
    other = notification(
        number=13,
        who=f"Bruno Berger <{COLLEAGUE}>",
        references="<request-12@portal.example>",
    )
    take_in(portal_site, other)
    assert {loaded.case.requester for loaded in portal_site.cases()} == {RIYA, COLLEAGUE}


def test_a_busy_portal_uses_up_the_budget_of_nobody_but_the_person_named(portal_site: Site) -> None:
    mails = [notification(number=n, details=f"Day {n}") for n in range(6)]
    another = notification(number=7, who=f"Bruno Berger <{COLLEAGUE}>")
    take_in(portal_site, *mails, another)
    assert len(portal_site.sent_to(RIYA)) == 5
    assert len(portal_site.sent_to(COLLEAGUE)) == 1


def test_a_mailbox_may_stand_for_one_matter(site: Site) -> None:
    site.change_settings(
        "    poll_seconds: 1", "    poll_seconds: 1\n    default_category: remote_work"
    )
    newsletter = write_mail("news@shop.example", "Offers", "Buy!", headers=MACHINE)
    site.deliver(
        write_mail(RIYA, "Question", "Blue sky over the sea."),
        write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."),
        newsletter,
    )
    site.run()
    assert {loaded.case.category for loaded in site.cases()} == {
        "remote_work",
        "payroll_discrepancy",
    }
