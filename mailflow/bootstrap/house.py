"""The house rules out of settings, people, rules and what the database remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailflow.bootstrap.files import read_people
from mailflow.casework.lost_owners import find_lost_owners
from mailflow.casework.trainings import with_consents
from mailflow.core.case.case import Risk
from mailflow.core.case.conflict import index_people
from mailflow.core.case.people import normal_address
from mailflow.core.mail.authentication import AuthenticationPolicy, Profile
from mailflow.core.policy.house import (
    AcknowledgementLimits,
    Alias,
    House,
    ReplyPolicy,
    SuccessReceipts,
)
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.errors import InvalidFilesError
from mailflow.intake.calibration import digest_site
from mailflow.settings.model import ReplyAddresses
from mailflow.store import calibrations
from mailflow.store.session import reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from mailflow.casework.people_files import People
    from mailflow.core.case.people import Staff
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.sla import SlaPolicy
    from mailflow.keys.keyring import Keyring
    from mailflow.settings import Settings

FIRST_DAYS = timedelta(days=30)
"""How long staff get a receipt for each reply, where that is the setting."""


@dataclass(frozen=True)
class HouseSource:
    """What a house is composed from, whenever files or consents change."""

    settings: Settings
    engine: Engine = field(repr=False)
    keyring: Keyring
    created_at: datetime | None

    def compose(self, people: People, bundle: Bundle, sla: SlaPolicy) -> House:
        composed = compose_house(
            self.settings,
            people,
            bundle,
            sla,
            calibrated=self._is_calibrated(),
            created_at=self.created_at,
        )
        return self._with_consents(composed)

    def is_current(self, house: House) -> bool:
        """Whether consents and calibration are still those that the house was composed with."""
        same_people = self._with_consents(house).staff.people == house.staff.people
        return same_people and house.authentication.calibrated == self._is_calibrated()

    def changed_people(self) -> People:
        """Raises InvalidFilesError also for staff who are gone and still own open cases."""
        people = read_people(self.settings.home)
        file = str(self.settings.staff_file)
        lost = find_lost_owners(self.engine, self.keyring, people.staff, file=file)
        if lost:
            raise InvalidFilesError(lost)
        return people

    def _is_calibrated(self) -> bool:
        with reading(self.engine) as connection:
            found = calibrations.last_calibration(connection)
        return found is not None and found.holds_for(site_digest(self.settings))

    def _with_consents(self, house: House) -> House:
        with reading(self.engine) as connection:
            return with_consents(connection, self.keyring, house)


def compose_house(
    settings: Settings,
    people: People,
    bundle: Bundle,
    sla: SlaPolicy,
    *,
    calibrated: bool,
    created_at: datetime | None = None,
) -> House:
    """The house rules out of what was read."""
    staff, directory = people.staff, people.directory
    limits = settings.limits
    return House(
        organization=settings.organization.name,
        domains=frozenset(settings.organization.domains),
        locale=settings.organization.locale,
        staff=staff,
        directory=directory,
        named_people=index_people(staff, directory),
        bundle=bundle,
        sla=sla,
        authentication=authentication_policy(settings, staff, calibrated=calibrated),
        aliases={
            mailbox.name: Alias(
                name=mailbox.name,
                address=mailbox.address,
                channel=mailbox.channel,
                list_ids=frozenset(mailbox.list_ids),
                default_category=mailbox.default_category,
                removes_sensitive=settings.removes_sensitive(mailbox),
                read_by=frozenset(map(normal_address, mailbox.read_by)),
            )
            for mailbox in settings.mailboxes
        },
        zone=ZoneInfo(settings.organization.timezone),
        reply_domain=settings.reply_domain.lower(),
        owns_reply_domain=settings.reply_addresses is ReplyAddresses.CATCHALL,
        limits=AcknowledgementLimits(
            per_sender_a_day=limits.acks_per_sender_per_day,
            per_directory_sender_a_day=limits.acks_per_directory_sender_per_day,
            per_outside_domain_an_hour=limits.acks_per_outside_domain_per_hour,
            outside_an_hour=limits.acks_outside_per_hour,
        ),
        emergency_text=settings.emergency_text,
        replies=_reply_policy(settings, created_at),
    )


def _reply_policy(settings: Settings, created_at: datetime | None) -> ReplyPolicy:
    goes_to, delay = settings.staff_replies, settings.reply_delay
    return ReplyPolicy(
        reach_employee=frozenset(
            risk for risk in Risk if getattr(goes_to, risk.value) == "employee"
        ),
        delay={risk: getattr(delay, risk.value) for risk in Risk},
        success=SuccessReceipts(settings.receipts.success.value),
        new_until=created_at + FIRST_DAYS if created_at else None,
    )


def is_urgent_subject(house: House, subject: str) -> bool:
    """Whether a subject alone already makes a case that must not wait."""
    if not subject:
        return False
    found = classify(house.bundle, MailFacts(subject=subject, text=subject))
    return found.risk.is_urgent and bool(found.why)


def site_digest(settings: Settings) -> str:
    """What a calibration is good for: another profile or another server needs another one."""
    servers = [f"{mailbox.imap.host}:{mailbox.imap.port}" for mailbox in settings.mailboxes]
    return digest_site(authentication_policy(settings), servers=servers)


def authentication_policy(
    settings: Settings, staff: Staff | None = None, *, calibrated: bool = False
) -> AuthenticationPolicy:
    section = settings.sender_authentication
    return AuthenticationPolicy(
        profile=Profile(section.profile),
        authserv_id=section.authserv_id,
        trusted_hops=section.trusted_hops,
        calibrated=calibrated,
        organization_domains=frozenset(settings.organization.domains),
        require_signed=frozenset(section.require_signed),
        arc_sealers=frozenset(section.arc_sealers),
        staff_addresses=frozenset(
            address for member in (staff.people if staff else ()) for address in member.addresses
        ),
    )
