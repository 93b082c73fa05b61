"""The shipped sample company as a value, and mails to it as the decisions see them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from mailflow.casework.rules_bundle import load_rules
from mailflow.casework.sla_policy import load_sla
from mailflow.casework.staff_files import load_directory, load_staff
from mailflow.core.case.case_file import CaseFile
from mailflow.core.case.conflict import index_people
from mailflow.core.case.participant import Participant
from mailflow.core.mail.authentication import (
    AuthenticationPolicy,
    Profile,
    Reason,
    SenderLevel,
    SenderVerdict,
)
from mailflow.core.mail.message import Address, Attachment, Forward, Kind, Message
from mailflow.core.policy.decision import Arrival, Decision, NewCaseIds, Situation
from mailflow.core.policy.house import Alias, House
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.ownership import Workload
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.classification import Classification
from mailflow.shipped_files import shipped_folder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SITUATION = Situation(Workload({}, {}))


@cache
def sample_house() -> House:
    config = shipped_folder("config")
    staff = load_staff(config / "staff.yaml")
    directory = load_directory(config / "directory.csv")
    rules = shipped_folder("rules")
    return House(
        organization="Acme",
        domains=frozenset({"acme.example"}),
        locale="en",
        staff=staff,
        directory=directory,
        named_people=index_people(staff, directory),
        bundle=load_rules(rules, known_teams=set(staff.teams)),
        sla=load_sla(rules),
        authentication=AuthenticationPolicy(
            profile=Profile.TRUSTED_AR,
            authserv_id="mx.acme.example",
            calibrated=True,
            organization_domains=frozenset({"acme.example"}),
            staff_addresses=frozenset(a for one in staff.people for a in one.addresses),
        ),
        aliases={"hr": Alias("hr", "hr@acme.example")},
        zone=ZoneInfo("Europe/Berlin"),
    )


def a_message(
    text: str,
    *,
    sender: str = "emil.ernst@acme.example",
    subject: str = "Please read",
    cc: tuple[str, ...] = (),
    to: tuple[str, ...] = (),
    attachments: tuple[str, ...] = (),
    forwarded: Forward | None = None,
) -> Message:
    return Message(
        message_id="first@client.example",
        in_reply_to=None,
        references=(),
        date=NOW,
        sender=Address(None, sender),
        to=(Address(None, "hr@acme.example"), *(Address(None, one) for one in to)),
        cc=tuple(Address(None, one) for one in cc),
        reply_to=(),
        subject=subject,
        text=text,
        new_text=text,
        signature=None,
        kind=Kind.PERSON,
        ack_ok=True,
        forwarded=forwarded,
        attachments=tuple(Attachment(name, "application/pdf", 3, "0" * 64) for name in attachments),
    )


def an_arrival(
    message: Message, *, level: SenderLevel = SenderLevel.V2, house: House | None = None
) -> Arrival:
    address = message.sender.address if message.sender else None
    return Arrival(
        inbound_id="i" * 32,
        alias=(house or sample_house()).aliases["hr"],
        message=message,
        verdict=SenderVerdict(level, address, Reason.AUTHENTICATED_LOGIN),
        received_at=NOW,
        now=NOW,
        cause="c" * 64,
        ids=NewCaseIds("0" * 32, "HR-7K2Q9M"),
    )


def classified_as(category: str, *flags: str) -> Classification:
    """What rules would answer that are sure of this category, whatever words they go by today."""
    bundle = sample_house().bundle
    known = bundle.categories[category]
    return Classification(
        category=category,
        risk=known.risk,
        certainty=Certainty.SURE,
        team=known.team,
        owner=known.owner,
        slas=(known.sla,),
        bundle="b" * 12,
        flags=flags,
        escalate_to=known.escalate_to,
        escalate_to_alternate=known.escalate_to_alternate,
    )


def decide(message: Message, category: str, *flags: str) -> Decision:
    """The case that a mail of this category opens."""
    house = sample_house()
    return open_case(an_arrival(message), classified_as(category, *flags), house, SITUATION)


def as_file(decision: Decision) -> CaseFile:
    """The case that a decision opened, as it is read for the next one."""
    assert decision.case is not None
    people = tuple(
        Participant(f"{number:032x}", one.address, one.name, one.role, one.audience)
        for number, one in enumerate(decision.joining)
    )
    return CaseFile(decision.case, people, decision.new_clocks)
