"""Composition root: Settings to one frozen Runtime, with everything that work needs in it."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from mailflow.access_tokens import AccessTokens, Grant, Provider
from mailflow.casework.live_house import open_house
from mailflow.casework.lost_owners import find_lost_owners
from mailflow.casework.office import Office
from mailflow.casework.people_files import People, PeopleFiles
from mailflow.casework.rules_news import RulesKeeper
from mailflow.casework.staff_files import load_directory, load_staff
from mailflow.casework.trainings import with_consents
from mailflow.clock import SystemClock
from mailflow.core.case.case import Risk
from mailflow.core.case.conflict import index_people
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
from mailflow.delivery.post_room import PostRoom
from mailflow.delivery.smtp import SmtpAccount
from mailflow.delivery.template_files import load_templates
from mailflow.errors import InvalidFilesError, KeyringError, Mistake
from mailflow.intake.calibration import digest_site
from mailflow.intake.key_lookup import DnsResolver, read_zone
from mailflow.intake.mailbox import ImapAccount, Security
from mailflow.intake.receive import Intake
from mailflow.keys.keyring import load_keyring
from mailflow.settings import Settings, load_settings
from mailflow.shipped_files import shipped_folder
from mailflow.store import calibrations, instance, rules_bundles
from mailflow.store.database_clock import DatabaseClock
from mailflow.store.migrate import migrate
from mailflow.store.session import open_engine, reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from mailflow.clock import Clock
    from mailflow.core.case.people import Staff
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.sla import SlaPolicy
    from mailflow.intake.key_lookup import TxtResolver
    from mailflow.keys.keyring import Keyring
    from mailflow.settings.servers import Mailbox, OAuth

Value = TypeVar("Value")

FIRST_DAYS = timedelta(days=30)
"""How long staff get a receipt for each reply, where that is the setting."""


@dataclass(frozen=True)
class Account:
    """One mailbox to be read, as its poller needs it."""

    name: str
    imap: ImapAccount
    poll_seconds: int
    removes_sensitive: bool = False


@dataclass(frozen=True)
class Runtime:
    """Everything that a process works with. ``close`` gives back what it holds open."""

    home: Path
    engine: Engine = field(repr=False)
    keyring: Keyring
    clock: Clock
    office: Office
    rules: RulesKeeper
    intake: Intake
    post_room: PostRoom
    accounts: tuple[Account, ...]
    resolver: TxtResolver
    broker_url: str = field(repr=False)
    metrics_listen: str | None = None

    def close(self) -> None:
        self.engine.dispose()


def assemble(
    home: Path, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Runtime:
    """Read every file of an instance once and put the runtime together.

    The embedded database is brought to the current schema by itself. Raises InvalidFilesError
    with all mistakes, KeyringError when the keyring is missing or another database's, and
    TemporaryError when the database does not answer.
    """
    settings = load_settings(home, environ=os.environ if environ is None else environ)
    keyring = load_keyring(settings.keyring)
    engine = open_engine(settings.database)
    clock = clock or _clock_of(engine)
    try:
        if settings.database.startswith("sqlite"):
            prepare_database(engine, keyring, clock=clock)
        with reading(engine) as connection:
            instance.require_enrolled(connection, keyring)
            created_at = instance.created_at(connection)
            stored = rules_bundles.bundle_in_force(connection)
    except BaseException:
        engine.dispose()
        raise

    def is_calibrated() -> bool:
        with reading(engine) as connection:
            found = calibrations.last_calibration(connection)
        return found is not None and found.holds_for(site_digest(settings))

    def compose(people: People, bundle: Bundle, sla: SlaPolicy) -> House:
        composed = compose_house(
            settings, people, bundle, sla, calibrated=is_calibrated(), created_at=created_at
        )
        with reading(engine) as connection:
            return with_consents(connection, keyring, composed)

    def is_current(house: House) -> bool:
        with reading(engine) as connection:
            trained = with_consents(connection, keyring, house)
        same_people = trained.staff.people == house.staff.people
        return same_people and house.authentication.calibrated == is_calibrated()

    def changed_people() -> People:
        people = read_people(settings)
        file = str(settings.staff_file)
        lost = find_lost_owners(engine, keyring, people.staff, file=file)
        if lost:
            raise InvalidFilesError(lost)
        return people

    house, first = open_house(
        settings.rules_folder,
        people=read_people(settings),
        files=PeopleFiles((settings.staff_file, settings.directory_file), changed_people, clock),
        clock=clock,
        stored=stored.texts if stored else None,
        compose=compose,
        is_current=is_current,
    )
    office = Office(
        engine=engine,
        keyring=keyring,
        clock=clock,
        house=house,
        reply_domain=settings.reply_domain,
        id_domain=settings.reply_domain,
    )
    return Runtime(
        home=home,
        engine=engine,
        keyring=keyring,
        clock=clock,
        office=office,
        rules=RulesKeeper(office, house, [first]),
        intake=Intake(
            engine=engine,
            keyring=keyring,
            clock=clock,
            is_urgent=lambda subject: is_urgent_subject(house(), subject),
            has_room=lambda: has_room(home, settings.free_space_floor),
            own_lists={mailbox.name: mailbox.list_ids for mailbox in settings.mailboxes},
        ),
        post_room=_post_room(settings, engine, keyring, clock, house),
        accounts=tuple(
            replace(mailbox_account(mailbox), removes_sensitive=settings.removes_sensitive(mailbox))
            for mailbox in settings.mailboxes
        ),
        resolver=key_resolver(settings),
        broker_url=settings.broker,
        metrics_listen=settings.metrics.listen,
    )


def _clock_of(engine: Engine) -> Clock:
    """Raises TemporaryError when a database that has the time does not answer."""
    if engine.dialect.name == "sqlite":
        return SystemClock()
    clock = DatabaseClock(engine, SystemClock())
    clock.look()
    return clock


def prepare_database(engine: Engine, keyring: Keyring, *, clock: Clock) -> None:
    """The current schema, with the keyring enrolled where there are no cases yet."""
    migrate(engine, shipped_folder("migrations"))
    with transaction(engine) as connection:
        instance.enrol_keyring(connection, keyring, now=clock.now())


def read_people(settings: Settings) -> People:
    """Staff and directory out of config/. Raises InvalidFilesError with all mistakes."""
    mistakes: list[Mistake] = []
    staff = _gather(mistakes, lambda: load_staff(settings.staff_file))
    directory = _gather(mistakes, lambda: load_directory(settings.directory_file))
    if staff is None or directory is None:
        raise InvalidFilesError(tuple(dict.fromkeys(mistakes)))
    return People(staff, directory)


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
            )
            for mailbox in settings.mailboxes
        },
        zone=ZoneInfo(settings.organization.timezone),
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


def has_room(home: Path, floor: int) -> bool:
    """Whether the disk under the instance has more than the floor left, in bytes."""
    return shutil.disk_usage(home).free > floor


def _gather(mistakes: list[Mistake], read: Callable[[], Value]) -> Value | None:
    """What was read, or None with its mistakes added: all files are read before any is refused."""
    try:
        return read()
    except InvalidFilesError as error:
        mistakes += error.mistakes
    except OSError as error:
        words = f"cannot be read: {error.strerror}; `mailflow init` writes a first one"
        mistakes.append(Mistake(str(error.filename), 0, 0, "missing-file", words))
    return None


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


def key_resolver(settings: Settings) -> TxtResolver:
    dns = settings.sender_authentication.dns
    if dns is None:
        return DnsResolver()
    if dns.file is not None:
        return read_zone(dns.file.read_text(encoding="utf-8"), str(dns.file))
    return DnsResolver(dns.server)


def mailbox_account(mailbox: Mailbox) -> Account:
    imap = mailbox.imap
    return Account(
        name=mailbox.name,
        imap=ImapAccount(
            host=imap.host,
            port=imap.port,
            security=Security(imap.security),
            username=imap.username,
            secret=imap.password.reveal if imap.password else _no_secret,
            tokens=_access_tokens(imap.oauth),
            folder=imap.folder,
            processed=imap.processed,
            ca_file=str(mailbox.ca_file) if mailbox.ca_file else None,
            may_idle=mailbox.idle,
        ),
        poll_seconds=mailbox.poll_seconds,
    )


def _no_secret() -> str:
    raise KeyringError("this mailbox has no password")


def relay_account(settings: Settings) -> SmtpAccount:
    smtp = settings.smtp
    return SmtpAccount(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        secret=smtp.password.reveal if smtp.password else None,
        tokens=_access_tokens(smtp.oauth),
        ca_file=str(smtp.ca_file) if smtp.ca_file else None,
    )


def _access_tokens(oauth: OAuth | None) -> AccessTokens | None:
    if oauth is None:
        return None
    grant = Grant(
        provider=Provider(oauth.provider),
        client_id=oauth.client_id,
        client_secret=oauth.client_secret.reveal,
        tenant=oauth.tenant,
        refresh_token=oauth.refresh_token.reveal if oauth.refresh_token else None,
        token_url=oauth.token_url,
    )
    # A token ages in real time, wherever a test has put the clock.
    return AccessTokens(grant, clock=SystemClock())


def _post_room(
    settings: Settings, engine: Engine, keyring: Keyring, clock: Clock, house: Callable[[], House]
) -> PostRoom:
    return PostRoom(
        engine=engine,
        keyring=keyring,
        clock=clock,
        house=house,
        templates=load_templates(settings.home),
        account=relay_account(settings),
        reply_domain=settings.reply_domain,
        tags_bounces=settings.bounce_addresses == "tagged",
        jitter=random.random,
    )
