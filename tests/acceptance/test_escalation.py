"""A sensitive complaint: told at once to those above, never to the person it is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import Risk, State
from mailflow.core.case.events import EventKind
from mailflow.core.case.mail_order import Lane
from mailflow.delivery.deliver import deliver_due
from mailflow.delivery.smtp import SmtpConnection
from mailflow.intake.parse_pool import ParsePool
from mailflow.workers.poller import Poller
from mailflow.workers.reading import MailReader
from tests.acceptance.site import read, text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
HELEN = "helen.hart@acme.example"
HENRI = "henri.huet@acme.example"
GRACE = "grace.grant@acme.example"
MARC = "marc.moreau@acme.example"
COUNSEL = "counsel@lawfirm.example"
SUBJECT = "What happened on Friday"
COMPLAINT = "My supervisor sexually harassed me on Friday."


def complain(site: Site, text: str = COMPLAINT, *, cc: str | None = None) -> None:
    site.deliver(write_mail(RIYA, SUBJECT, text, cc=cc))
    site.run()


def test_a_complaint_is_a_case_with_clocks_and_escalation_in_one_transaction(site: Site) -> None:
    site.deliver(write_mail(RIYA, SUBJECT, COMPLAINT))
    with ParsePool(workers=1) as pool:
        runtime = site.runtime
        (account,) = runtime.accounts
        read = MailReader(runtime, pool)
        Poller(runtime, account, read=read, ring=lambda _: None).look_once()
    assert site.relay.envelopes == ()

    loaded = site.case()
    kinds = [event.kind for event in site.events(loaded)]
    assert loaded.case.risk is Risk.HIGH
    assert {EventKind.CASE_OPENED, EventKind.ESCALATED, EventKind.OWNER_ASSIGNED} <= set(kinds)
    waiting = site.rows("SELECT purpose, lane, state, case_uid FROM outbox ORDER BY purpose")
    assert [(row["purpose"], row["state"]) for row in waiting] == [
        ("acknowledgement", "queued"),
        ("escalation", "queued"),
        ("escalation", "queued"),
        ("notification", "queued"),
    ]
    assert {row["lane"] for row in waiting} == {int(Lane.URGENT)}
    assert {row["case_uid"] for row in waiting} == {loaded.case.uid}
    assert {c.target for c in loaded.file.clocks} >= {"acknowledge", "begin_investigation"}
    assert site.rows("SELECT kind FROM audit_log WHERE kind = 'mail_decided'")


def test_a_complaint_reaches_owner_and_leadership_and_answers_neutrally(site: Site) -> None:
    complain(site)
    owner = site.case().case.owner
    assert site.told() == {RIYA, owner, HELEN, HENRI}
    (receipt,) = site.sent_to(RIYA)
    assert receipt["Subject"] == f"HR case {site.case().case.ref}"
    assert receipt["In-Reply-To"]
    (notice,) = site.sent_to(owner)
    assert COMPLAINT in text_of(notice)
    (word,) = site.sent_to(HELEN)
    assert "harass" not in text_of(word).lower()


def test_a_threat_of_court_reaches_counsel_beside_the_people_of_its_matter(site: Site) -> None:
    complain(site, "My paycheck is short again. My lawyer will contact you, I am going to sue.")
    case = site.case().case
    assert case.category == "payroll_discrepancy"
    assert "legal_threat" in case.flags
    assert "lars.lund@acme.example" in site.told()


def test_a_complaint_about_the_chief_executive_reaches_those_leaders_who_do_not_stand_beside_her(
    site: Site,
) -> None:
    complain(site, "Our CEO Grace Grant shouted at me in front of the whole team.")
    case = site.case().case
    assert "executive_involved" in case.flags
    assert HELEN in site.told()
    assert not {"grace.grant@acme.example", "marc.moreau@acme.example"} & site.told()


def test_the_accused_hr_leader_who_is_named_in_full_learns_nothing(site: Site) -> None:
    complain(site, "Helen Hart sexually harassed me on Friday.")
    loaded = site.case()
    assert HELEN in loaded.case.excluded
    assert HELEN not in site.told()
    assert HENRI in site.told()
    assert EventKind.PERSON_EXCLUDED in [event.kind for event in site.events(loaded)]


def test_the_accused_hr_leader_in_cc_learns_nothing(site: Site) -> None:
    complain(site, cc=f"Helen Hart <{HELEN}>")
    assert HELEN in site.case().case.excluded
    assert HELEN not in site.told()


def test_the_accused_owner_by_rank_does_not_get_the_case(site: Site) -> None:
    complain(site, "Dana Lead and Ines Ibarra sexually harassed me on Friday.")
    told = site.told()
    assert site.case().case.owner == "ivan.ilic@acme.example"
    assert not {"dana.lead@acme.example", "ines.ibarra@acme.example"} & told


def test_with_all_of_leadership_accused_the_alternates_are_told(site: Site) -> None:
    complain(site, "Helen Hart and Henri Huet sexually harassed me on Friday.")
    assert not {HELEN, HENRI} & site.told()
    assert {GRACE, MARC} <= site.told()


def test_with_everybody_accused_the_independent_contact_is_told(site: Site) -> None:
    complain(
        site,
        "Helen Hart, Henri Huet, Grace Grant and Marc Moreau sexually harassed me on Friday.",
    )
    told = site.told()
    assert not {HELEN, HENRI, GRACE, MARC} & told
    assert COUNSEL in told


def test_a_name_in_the_salutation_excludes_nobody(site: Site) -> None:
    complain(site, "Dear Helen Hart,\n\nMy supervisor sexually harassed me on Friday.")
    assert HELEN not in site.case().case.excluded
    assert HELEN in site.told()


def test_danger_goes_to_triage_and_is_told_at_once(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Tonight", "He said he will kill me when I come to work."))
    site.run()
    loaded = site.case()
    assert loaded.case.state is State.TRIAGE
    assert loaded.case.risk.is_urgent
    assert EventKind.ESCALATED in [event.kind for event in site.events(loaded)]


def test_a_later_mail_that_reveals_harassment_escalates_the_running_case(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    site.run()
    (receipt,) = site.sent_to(RIYA)
    assert not {HELEN, HENRI} & site.told()
    site.deliver(write_mail(RIYA, "Re: Paycheck", COMPLAINT, to=str(receipt["Reply-To"])))
    site.run()
    loaded = site.case()
    assert loaded.case.risk is Risk.HIGH
    assert {HELEN, HENRI} <= site.told()
    assert EventKind.RISK_RAISED in [event.kind for event in site.events(loaded)]


SENSITIVE = (
    ("Helen Hart sexually harassed me", COMPLAINT),
    ("Fraud in the books", "I want to report fraud: my boss falsifies the accounts."),
    ("OSHA complaint", "I filed a complaint with OSHA about the press."),
)


def test_no_subject_says_what_a_sensitive_case_is_about(site: Site) -> None:
    site.deliver(*(write_mail(RIYA, subject, text) for subject, text in SENSITIVE))
    site.run()
    loaded = site.cases()
    assert all(one.case.risk.is_urgent for one in loaded)
    assert len(loaded) == len(SENSITIVE)
    refs = {one.case.ref for one in loaded}
    neutral = subjects_of_nothing_but_a_reference(site)
    for kept in site.relay.envelopes:
        subject = rest = str(read(kept.raw)["Subject"])
        for ref in refs:
            rest = rest.replace(ref, "REF")
        assert rest in neutral, subject


def subjects_of_nothing_but_a_reference(site: Site) -> set[str]:
    files = (site.home / "templates").rglob("subject.txt.j2")
    texts = (file.read_text(encoding="utf-8").strip() for file in files)
    plain = {text.replace("{{ ref }}", "REF") for text in texts}
    return {text for text in plain if "{" not in text}


def test_deliver_leaves_no_urgent_mail_behind_ordinary_ones(site: Site) -> None:
    runtime = site.runtime
    site.deliver(
        write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."),
        write_mail(RIYA, SUBJECT, COMPLAINT),
    )
    with ParsePool(workers=1) as pool:
        (account,) = runtime.accounts
        read = MailReader(runtime, pool)
        Poller(runtime, account, read=read, ring=lambda _: None).look_once()

    async def send_four() -> None:
        connection = SmtpConnection(runtime.post_room.account)
        lanes = [int(lane) for lane in Lane]
        await deliver_due(runtime.post_room, [connection], lanes=lanes, limit=4)
        await connection.close()

    asyncio.run(send_four())
    rows = site.rows("SELECT lane, state FROM outbox")
    assert {row["state"] for row in rows if row["lane"] == Lane.URGENT} == {"sent"}
