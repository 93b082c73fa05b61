"""The whole of config/mailflow.yaml as one frozen value."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    ByteSize,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from mailflow.settings.servers import (
    AfterStore,
    Mailbox,
    SenderAuthentication,
    Smtp,
    StoredMail,
)
from mailflow.settings.values import (
    Domain,
    Duration,
    HomePath,
    HostAndPort,
    NotEmpty,
    Section,
    Text,
    Timezone,
    read_duration,
)

MIB = 1024 * 1024
_SQLITE = "sqlite:///"
_EMERGENCY = (
    "If you or somebody else is in danger now, call your local emergency number first "
    "(112 in Europe, 911 in North America)."
)
Count = Annotated[int, Field(ge=0)]


class ReplyGoesTo(StrEnum):
    """What a staff member's plain reply is: mail to the employee, or a note that stays inside."""

    EMPLOYEE = "employee"
    NOTE = "note"


class SuccessReceipts(StrEnum):
    ALWAYS = "always"
    FIRST_30_DAYS = "first_30_days"
    NEVER = "never"


class ReplyAddresses(StrEnum):
    PLUS = "plus"
    CATCHALL = "catchall"


class BounceAddresses(StrEnum):
    TAGGED = "tagged"
    PLAIN = "plain"


class Organization(Section):
    name: Text
    domains: NotEmpty[Domain]
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    timezone: Timezone = "UTC"


class StaffReplies(Section):
    low: ReplyGoesTo = ReplyGoesTo.EMPLOYEE
    moderate: ReplyGoesTo = ReplyGoesTo.EMPLOYEE
    high: ReplyGoesTo = ReplyGoesTo.NOTE
    confidential: ReplyGoesTo = ReplyGoesTo.NOTE


class ReplyDelay(Section):
    """How long a reply to an employee is held, by risk; one duration alone stands for all four."""

    low: Duration = timedelta(minutes=2)
    moderate: Duration = timedelta(minutes=2)
    high: Duration = timedelta(minutes=2)
    confidential: Duration = timedelta(minutes=10)

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, value: object) -> object:
        if isinstance(value, dict | ReplyDelay):
            return value
        return dict.fromkeys(cls.model_fields, read_duration(value))


class Receipts(Section):
    success: SuccessReceipts = SuccessReceipts.FIRST_30_DAYS


class Limits(Section):
    """How many acknowledgements are sent at most."""

    acks_per_sender_per_day: Count = 5
    acks_per_directory_sender_per_day: Count = 20
    acks_per_outside_domain_per_hour: Count = 30
    acks_outside_per_hour: Count = 500


class Metrics(Section):
    listen: HostAndPort | None = None


def _read_database(url: str, info: ValidationInfo) -> str:
    """The URL, a relative SQLite path resolved against the instance."""
    if url.startswith(_SQLITE):
        path = url.removeprefix(_SQLITE)
        if path in ("", ":memory:"):
            raise ValueError("a database in memory forgets every case: write sqlite:///PATH")
        home: Path = (info.context or {}).get("home", Path())
        return f"{_SQLITE}{(home / path).absolute()}"
    if url.startswith(("postgresql+psycopg://", "postgresql://")):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    raise ValueError(
        "write sqlite:///var/mailflow.db or postgresql+psycopg://USER@HOST/DATABASE; "
        "other databases are not known"
    )


def _read_broker(url: str) -> str:
    if url == "memory://" or url.startswith(("redis://", "rediss://", "unix://")):
        return url
    raise ValueError("write memory:// or redis://HOST:6379/0; other brokers are not known")


def _first_domain(settled: dict[str, object]) -> str:
    """The default of ``reply_domain``; empty when the organization itself is a mistake."""
    organization = settled.get("organization")
    return organization.domains[0] if isinstance(organization, Organization) else ""


class Settings(Section):
    """Everything that config/mailflow.yaml and the environment settle, checked and frozen.

    Paths are resolved against the instance's folder. ``database`` and ``broker`` may carry a
    password and are left out of repr.
    """

    organization: Organization
    mailboxes: NotEmpty[Mailbox]
    smtp: Smtp
    database: Annotated[str, AfterValidator(_read_database)] = Field(
        default="sqlite:///var/mailflow.db", validate_default=True, repr=False
    )
    broker: Annotated[str, AfterValidator(_read_broker)] = Field(default="memory://", repr=False)
    keyring: HomePath = Field(default=Path("var/keyring.json"), validate_default=True)
    reply_domain: Domain = Field(default_factory=_first_domain)
    reply_addresses: ReplyAddresses = ReplyAddresses.PLUS
    bounce_addresses: BounceAddresses = BounceAddresses.TAGGED
    sender_authentication: SenderAuthentication = SenderAuthentication()
    staff_replies: StaffReplies = StaffReplies()
    reply_delay: ReplyDelay = ReplyDelay()
    receipts: Receipts = Receipts()
    after_store: AfterStore = AfterStore()
    emergency_text: Text = _EMERGENCY
    adapters: HomePath = Field(default=Path("rules/adapters.yaml"), validate_default=True)
    limits: Limits = Limits()
    free_space_floor: ByteSize = ByteSize(200 * MIB)
    metrics: Metrics = Metrics()
    _home: Path = PrivateAttr(default=Path())

    @field_validator("mailboxes")
    @classmethod
    def _refuse_twins(cls, mailboxes: tuple[Mailbox, ...]) -> tuple[Mailbox, ...]:
        for what, seen in (
            ("name", [mailbox.name for mailbox in mailboxes]),
            ("address", [mailbox.address for mailbox in mailboxes]),
        ):
            twin = next((value for value in seen if seen.count(value) > 1), None)
            if twin is not None:
                raise ValueError(f'two mailboxes have the {what} "{twin}": each needs its own')
        return mailboxes

    @field_validator("reply_addresses")
    @classmethod
    def _want_a_domain_for_all(cls, chosen: ReplyAddresses, info: ValidationInfo) -> ReplyAddresses:
        mailboxes: tuple[Mailbox, ...] = info.data.get("mailboxes", ())
        domains = {mailbox.address.rpartition("@")[2] for mailbox in mailboxes}
        reply_domain = info.data.get("reply_domain")
        if chosen is ReplyAddresses.CATCHALL and reply_domain in domains:
            raise ValueError(
                f"people have their own addresses at {reply_domain}: give reply_domain a "
                f"sub-domain that delivers everything to the alias, like reply.{reply_domain}"
            )
        return chosen

    @field_validator("adapters")
    @classmethod
    def _keep_adapters_with_rules(cls, path: Path, info: ValidationInfo) -> Path:
        home: Path = (info.context or {}).get("home", Path())
        if path.parent != home / "rules" or path.suffix != ".yaml":
            raise ValueError(
                "write rules/NAME.yaml: adapters are read, tested and put in force with the rules"
            )
        return path

    @model_validator(mode="after")
    def _remember_home(self, info: ValidationInfo) -> Settings:
        self._home = (info.context or {}).get("home", Path())
        return self

    @property
    def home(self) -> Path:
        """The instance's folder."""
        return self._home

    @property
    def staff_file(self) -> Path:
        return self._home / "config" / "staff.yaml"

    @property
    def directory_file(self) -> Path:
        return self._home / "config" / "directory.csv"

    @property
    def rules_folder(self) -> Path:
        return self._home / "rules"

    @property
    def templates_folder(self) -> Path:
        return self._home / "templates"

    def mailbox(self, name: str) -> Mailbox | None:
        return next((mailbox for mailbox in self.mailboxes if mailbox.name == name), None)

    def removes_sensitive(self, mailbox: Mailbox) -> bool:
        """The mailbox's own choice, else everybody's."""
        chosen = mailbox.after_store or self.after_store
        return chosen.sensitive is StoredMail.DELETE
