"""What the database knows for the rules: bundles that were in force, and past mail of cases."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.casework.lost_owners import find_lost_owners
from mailflow.casework.show_case import find_case
from mailflow.core.case.people import normal_address
from mailflow.core.case.sight import Sight
from mailflow.core.mail.message import Address, Kind, Message
from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.backtest import CaseMail, PastMail
from mailflow.core.policy.rules.facts import Claim, ThreadPosition
from mailflow.errors import SealError
from mailflow.store import cases, inbound, messages, rules_bundles
from mailflow.store.audit_log import append_audit
from mailflow.store.first_mails import find_first_mail, walk_first_mails
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.core.policy.rules.facts import MailFacts
    from mailflow.errors import Mistake
    from mailflow.store.cases import LoadedCase
    from mailflow.store.first_mails import FirstMail
    from mailflow.store.messages import FiledMessage

    # Parses mails again, in the parser's children: (mailbox, bytes) to the message, if it can be.
    ReadAgain = Callable[[Sequence[tuple[str, bytes]]], Sequence[Message | None]]


class DatabaseRules:
    """One asker's view: content is opened only where the gate lets them read the case."""

    def __init__(
        self, engine: Engine, open_office: Callable[[], tuple[Office, Asker]], read_again: ReadAgain
    ) -> None:
        self._engine = engine
        self._open_office = open_office
        self._read_again = read_again

    @cached_property
    def _desk(self) -> tuple[Office, Asker]:
        """Opened when it is asked for: it reads all files, and a bundle's id needs none."""
        return self._open_office()

    @property
    def _office(self) -> Office:
        return self._desk[0]

    @property
    def _asker(self) -> Asker:
        return self._desk[1]

    def in_force(self) -> tuple[str, int] | None:
        """(bundle id, serial) of the last activated bundle."""
        with reading(self._engine) as connection:
            current = rules_bundles.bundle_in_force(connection)
        return (current.id, current.serial) if current else None

    def texts_of(self, bundle_id: str) -> Mapping[str, str] | None:
        with reading(self._engine) as connection:
            found = rules_bundles.find_bundle(connection, bundle_id)
        return found.texts if found else None

    def activate(self, texts: Mapping[str, str], bundle_id: str) -> int:
        """Store the bundle and who put it in force; the running processes find its files."""
        office, now = self._office, self._office.clock.now()
        with transaction(office.engine) as connection:
            current = rules_bundles.bundle_in_force(connection)
            if current is not None and current.id == bundle_id:
                return current.serial
            serial = rules_bundles.activate_bundle(connection, bundle_id, texts, now=now)
            row = self._asker.audit_row("rules_applied", at=now, bundle=bundle_id, serial=serial)
            append_audit(connection, office.keyring, [row])
        return serial

    def lost_owners(self) -> tuple[Mistake, ...]:
        """People who left staff.yaml with open cases."""
        office = self._office
        staff = office.house().staff
        return find_lost_owners(self._engine, office.keyring, staff, file="config/staff.yaml")

    def case_mail(self, reference: str) -> CaseMail | None:
        """The mail that opened a case; None when there is no such case, or not for the asker."""
        office = self._office
        found: CaseMail | None = None
        with transaction(office.engine) as connection:
            loaded = find_case(connection, office, reference)
            allowed = loaded is not None and self._asker.sight(loaded.case).has_content
            if loaded is not None and allowed:
                found = self._opening_mail(connection, loaded)
            row = self._asker.audit_row(
                "case_explained",
                at=office.clock.now(),
                case_uid=loaded.case.uid if loaded else None,
                ref=reference[:40],
                allowed=allowed,
            )
            append_audit(connection, office.keyring, [row])
        return found

    def past_mails(
        self, since: datetime, *, readers: frozenset[str] = frozenset()
    ) -> Iterator[PastMail]:
        """The first mail of each case opened since then. A case that the asker may not read
        keeps its subject, and a sealed one its reference too; one that the asker, or one of those
        who will read the result, must not know of is not even counted.
        """
        office = self._office
        row = self._asker.audit_row("rules_backtest", at=office.clock.now(), since=f"{since:%F}")
        with transaction(office.engine) as connection:
            append_audit(connection, office.keyring, [row])
        sealed = 0
        for page in walk_first_mails(office.engine, since=since):
            with reading(office.engine) as connection:
                loaded = _load(connection, office, page)
                opened = self._open_page(connection, page, loaded)
            for first, facts in opened:
                case = loaded[first.case_uid].case
                sight = self._asker.sight(case)
                if sight is Sight.NOTHING or readers & (case.excluded | case.suspected):
                    continue
                if sight.has_content:
                    yield PastMail(case.ref, facts)
                    continue
                sealed += case.case_class.is_sealed
                name = f"sealed {sealed}" if case.case_class.is_sealed else case.ref
                yield PastMail(name, facts, is_private=True)

    def _opening_mail(self, connection: Connection, loaded: LoadedCase) -> CaseMail | None:
        first = find_first_mail(connection, loaded.case.uid)
        if first is None:
            return None
        files = {loaded.case.uid: loaded} | _load(connection, self._office, [first])
        for _, facts in self._open_page(connection, [first], files):
            bundle = rules_bundles.find_bundle(
                connection, first.bundle, before=first.decided_at
            ) or rules_bundles.find_bundle(connection, first.bundle)
            serial = bundle.serial if bundle else None
            return CaseMail(facts, first.bundle, serial, tuple(sorted(loaded.case.excluded)))
        return None

    def _open_page(
        self,
        connection: Connection,
        page: Sequence[FirstMail],
        loaded: Mapping[str, LoadedCase],
    ) -> list[tuple[FirstMail, MailFacts]]:
        """What can still be opened and parsed: erased mail is left out."""
        kept: list[FirstMail] = []
        raws: list[tuple[str, bytes]] = []
        for first in page:
            raw = self._raw(connection, first, loaded)
            if raw is not None:
                kept.append(first)
                raws.append((first.mailbox, raw))
        parsed = self._read_again(raws) if raws else ()
        opened: list[tuple[FirstMail, MailFacts]] = []
        for first, message in zip(kept, parsed, strict=True):
            if message is not None:
                filed = _filed(connection, first, loaded)
                facts = self._facts(first, as_filed(message, filed), _claim_of(filed))
                opened.append((first, facts))
        return opened

    def _raw(
        self, connection: Connection, first: FirstMail, loaded: Mapping[str, LoadedCase]
    ) -> bytes | None:
        holder = loaded.get(first.holder_uid or "")
        try:
            return inbound.open_raw(
                connection,
                self._office.keyring,
                first.inbound_id,
                vault=holder.vault if holder else None,
            )
        except (LookupError, SealError):
            return None

    def _facts(self, first: FirstMail, message: Message, claim: Claim | None) -> MailFacts:
        house = self._office.house()
        alias = house.aliases.get(first.mailbox)
        return facts_for_rules(
            message,
            house,
            alias=alias.address if alias else "",
            thread=ThreadPosition.NEW,
            received_at=first.received_at,
            claim=claim,
        )


def as_filed(message: Message, filed: FiledMessage | None) -> Message:
    """The mail as the case has it: of a forward or a portal's mail, the request inside it."""
    written_by = normal_address(message.sender.address) if message.sender else ""
    if filed is None or normal_address(filed.sender) == written_by:
        return message
    return replace(
        message,
        sender=Address(filed.sender_name, filed.sender),
        to=tuple(Address(None, address) for address in filed.to),
        cc=tuple(Address(None, address) for address in filed.copied),
        subject=filed.subject,
        text=filed.full_text,
        new_text=filed.text,
        forwarded=None,
        kind=Kind.PERSON,
    )


def _claim_of(filed: FiledMessage | None) -> Claim | None:
    kept = filed.extra.get("claim") if filed else None
    return Claim(**kept) if kept else None


def _load(
    connection: Connection, office: Office, page: Sequence[FirstMail]
) -> dict[str, LoadedCase]:
    uids = {first.case_uid for first in page}
    uids |= {first.holder_uid for first in page if first.holder_uid}
    return cases.load_cases(connection, office.keyring, uids)


def _filed(
    connection: Connection, first: FirstMail, loaded: Mapping[str, LoadedCase]
) -> FiledMessage | None:
    vaults = {uid: one.vault for uid, one in loaded.items()}
    return messages.load_shown(connection, vaults, [first.inbound_id]).get(first.inbound_id)
