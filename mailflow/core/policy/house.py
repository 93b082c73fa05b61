"""The house rules of one organisation, all that decisions need, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.access import Person
from mailflow.core.case.case import Risk
from mailflow.core.case.people import normal_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.conflict import NamedPeople
    from mailflow.core.case.people import Directory, Staff
    from mailflow.core.mail.authentication import AuthenticationPolicy
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.sla import SlaPolicy


@dataclass(frozen=True)
class Alias:
    """One mailbox that is taken in. ``list_ids`` are of our own lists, no sign of bulk mail.

    ``removes_sensitive`` is whether sensitive mail leaves the server once its case is committed;
    ``read_by`` are people who open the mailbox itself, and so read mail before it is a case.
    """

    name: str
    address: str
    channel: str = "alias"
    list_ids: frozenset[str] = frozenset()
    default_category: str | None = None
    removes_sensitive: bool = False
    read_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AcknowledgementLimits:
    per_sender_a_day: int = 5
    per_directory_sender_a_day: int = 20
    per_outside_domain_an_hour: int = 30
    outside_an_hour: int = 500


class SuccessReceipts(StrEnum):
    """Whether a plain reply that went well gets a receipt; refusals and commands always do."""

    ALWAYS = "always"
    FIRST_30_DAYS = "first_30_days"
    NEVER = "never"


@dataclass(frozen=True)
class ReplyPolicy:
    """Where a staff member's plain reply goes and how long it is held, by risk.

    ``new_until`` is the end of the first 30 days of the instance.
    """

    reach_employee: frozenset[Risk] = frozenset({Risk.LOW, Risk.MODERATE})
    delay: Mapping[Risk, timedelta] = field(default_factory=dict)
    success: SuccessReceipts = SuccessReceipts.FIRST_30_DAYS
    new_until: datetime | None = None

    def confirms_success(self, *, now: datetime) -> bool:
        if self.success is SuccessReceipts.FIRST_30_DAYS:
            return self.new_until is None or now < self.new_until
        return self.success is SuccessReceipts.ALWAYS


@dataclass(frozen=True)
class House:
    """Read once at start; a changed rules bundle makes a new House.

    ``reply_domain`` is where answers come back to; ``owns_reply_domain``: everything there is
    delivered to the aliases, so that nobody else has an address in it.
    """

    organization: str
    domains: frozenset[str]
    locale: str
    staff: Staff
    directory: Directory
    named_people: NamedPeople = field(repr=False)
    bundle: Bundle = field(repr=False)
    sla: SlaPolicy = field(repr=False)
    authentication: AuthenticationPolicy
    aliases: Mapping[str, Alias]
    zone: tzinfo = UTC
    limits: AcknowledgementLimits = AcknowledgementLimits()
    emergency_text: str = ""
    replies: ReplyPolicy = ReplyPolicy()
    reply_domain: str = ""
    owns_reply_domain: bool = False

    def person(self, address: str) -> Person:
        """Who this is to the access gate."""
        normal = normal_address(address)
        return Person(
            normal,
            self.staff.member(normal),
            is_independent_contact=normal == normal_address(self.staff.independent_contact),
        )

    def is_ours(self, address: str) -> bool:
        """Whether the address is one of the aliases, with or without a token, or where answers
        come back to.
        """
        local, _, domain = normal_address(address).rpartition("@")
        if self.owns_reply_domain and domain == self.reply_domain:
            return True
        name = local.split("+", 1)[0]
        ours = (normal_address(alias.address).rpartition("@") for alias in self.aliases.values())
        return any(name == own and domain in (at, self.reply_domain) for own, _, at in ours)

    def locale_of(self, address: str) -> str:
        employee = self.directory.find(address)
        return (employee.locale if employee else None) or self.locale
