"""Everything a batch of mails could belong to, fetched at once and kept current in memory, so
that a later mail of the batch sees the cases that earlier ones opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailflow.casework.recent_cases import find_similar_subjects
from mailflow.core.case.people import normal_address
from mailflow.core.case.reply_address import Purpose
from mailflow.core.policy.decision import (
    Acceptance,
    BouncedMail,
    Confirmation,
    Ending,
    Foreseen,
    RecentCase,
    Situation,
    SpentAddress,
    Thread,
    TokenUse,
)
from mailflow.core.policy.ownership import Workload
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.keys.case_ids import participant_id
from mailflow.keys.derive import lp
from mailflow.keys.message_ids import read_message_id, verify_message_id
from mailflow.keys.token_addresses import find_token
from mailflow.keys.tokens import is_of_revoked_kid, verify_token
from mailflow.store import (
    absences,
    cases,
    confirmations,
    held_items,
    inbound,
    messages,
    reply_tokens,
    workloads,
)
from mailflow.store.messages import IdOrigin
from mailflow.store.sent_mails import find_outbox_mails, last_sent_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from mailflow.casework.office import Office
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.participant import Participant
    from mailflow.core.mail.authentication import SenderVerdict
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.house import House
    from mailflow.keys.token_addresses import FoundToken
    from mailflow.store.cases import LoadedCase
    from mailflow.store.confirmations import ConfirmationRow
    from mailflow.store.inbound import StoredMail
    from mailflow.store.messages import KnownId
    from mailflow.store.outbox import OutboxMail
    from mailflow.store.reply_tokens import TokenRow
    from mailflow.store.sealed import Vault


@dataclass(frozen=True)
class ReadMail:
    """A stored mail after parsing and judging its sender, before it is decided.

    ``digest`` is SHA-256 over what people see of the mail; a second delivery of the same mail by
    another route has the same.
    """

    stored: StoredMail
    message: Message
    verdict: SenderVerdict
    digest: bytes
    foreseen: Foreseen | None = None

    @property
    def tokens_at(self) -> tuple[str, ...]:
        """Where a reply address may stand: To, Cc and the top-most Delivered-To."""
        listed = [address.address for address in (*self.message.to, *self.message.cc)]
        return (*listed, *self.message.delivered_to[:1])


def digest_of(message: Message) -> bytes:
    """SHA-256 of Message-ID, From, Date, Subject and the text with its blanks folded."""
    sender = message.sender.address if message.sender else ""
    date = message.date.isoformat() if message.date else ""
    body = " ".join(message.text.split())
    attached = ",".join(sorted(attachment.sha256 for attachment in message.attachments))
    facts = (message.message_id or "", sender, date, message.subject, body, attached)
    return hashlib.sha256(lp(*(fact.encode("utf-8", "replace") for fact in facts))).digest()


Effect = Callable[["Connection"], None]
"""What is written by a statement of its own, when the batch is."""

SENDERS_OWN = frozenset({"hold_and_challenge", "second_step"})
"""Why a mail is held that only its sender can let through."""


@dataclass
class Desk:
    """``files`` are the cases by uid; they change as decisions are applied. ``subjects`` are those
    of cases that the batch's senders began lately.
    """

    office: Office
    house: House
    files: dict[str, LoadedCase] = field(default_factory=dict)
    tokens: dict[int, TokenRow] = field(default_factory=dict)
    ids: dict[bytes, tuple[KnownId, ...]] = field(default_factory=dict)
    copies: dict[bytes, str] = field(default_factory=dict)
    sent: dict[str, OutboxMail] = field(default_factory=dict)
    last_sent: dict[str, OutboxMail] = field(default_factory=dict)
    workload: Workload = field(default_factory=lambda: Workload({}, {}))
    acks: dict[tuple[str, bytes], int] = field(default_factory=dict)
    handles: dict[str, set[int]] = field(default_factory=dict)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    mails_ordered: bool = False
    signatures: set[bytes] = field(default_factory=set)
    confirmations: dict[int, ConfirmationRow] = field(default_factory=dict)
    accepted: dict[str, Acceptance] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)

    def thread_of(self, mail: ReadMail) -> Thread:
        """Where the mail belongs: copy, reply address, bounce, Message-ID, in this order."""
        same = (mail.stored.content_index, self.twin_index(mail))
        copy = next((self.copies[index] for index in same if index in self.copies), None)
        if copy is not None:
            return Thread(duplicate_of=copy, file=self._file(copy))
        uses = self._token_uses(mail)
        if len({use.uid for use in uses}) > 1:
            return Thread(is_torn=True, file=self._file(uses[0].uid))
        bounced = self._bounced(mail, uses)
        if bounced is not None:
            return bounced
        confirms = self._confirmation(mail)
        if confirms is not None:
            return Thread(confirms=confirms)
        people = [use for use in uses if not use.is_bounce]
        if people:
            return Thread(file=self._file(people[0].uid), token=people[0].use)
        return self._ended(mail) or Thread(file=self._by_reference(mail))

    def twin_index(self, mail: ReadMail) -> bytes:
        return blind_index(self.office.keyring, IndexPurpose.CONTENT, mail.digest)

    def situation(self) -> Situation:
        begun = [(self.files.get(uid), subject) for uid, subject in self.subjects.items()]
        recent = tuple(RecentCase(one.case, subject) for one, subject in begun if one)
        return Situation(self.workload, recent=recent)

    def note_absence(self, address: str, *, delegate: str) -> None:
        """From here on the next pick knows that this person is away."""
        absent = {**self.workload.absent, address: delegate}
        self.workload = replace(self.workload, absent=absent)

    def count_open(self, owner: str, change: int) -> None:
        """A case went to this owner (+1) or left them (-1); the next pick sees it."""
        counts = dict(self.workload.open_cases)
        counts[owner] = counts.get(owner, 0) + change
        last = dict(self.workload.last_assigned)
        if change > 0:
            last[owner] = self.office.clock.now()
        self.workload = Workload(counts, last, self.workload.absent)
        self.moved[owner] = self.moved.get(owner, 0) + change

    def _file(self, uid: str | None) -> CaseFile | None:
        """The case, or the one it was merged into."""
        loaded = self.files.get(uid or "")
        hops = 0
        while loaded is not None and loaded.case.merged_into and hops < len(self.files):
            loaded = self.files.get(loaded.case.merged_into)
            hops += 1
        return loaded.file if loaded else None

    def _token_uses(self, mail: ReadMail) -> list[_Use]:
        uses: list[_Use] = []
        for found in find_tokens_in(mail.tokens_at, self.house, self.office.reply_domain):
            row = self.tokens.get(found.parts.handle)
            if row is None or found.is_bounce is not (row.subject.purpose is Purpose.BOUNCE):
                continue
            if not self._is_ours(found, row) or self._ending(found, row) is not None:
                continue
            holder = self._holder(row)
            if holder is not None:
                use = TokenUse(holder, row.subject.purpose)
                uses.append(_Use(row.subject.case_uid, use, is_bounce=found.is_bounce))
        return uses

    def _holder(self, row: TokenRow) -> Participant | None:
        loaded = self.files.get(row.subject.case_uid)
        people = loaded.file.participants if loaded else ()
        return next((who for who in people if who.id == row.subject.participant_id), None)

    def _is_ours(self, found: FoundToken, row: TokenRow) -> bool:
        """Whether the address was minted here, good still or not."""
        keyring = self.office.keyring
        return verify_token(keyring, found.parts, row.subject) or is_of_revoked_kid(
            keyring, found.parts, row.subject
        )

    def _ending(self, found: FoundToken, row: TokenRow) -> Ending | None:
        """Why the address routes no more. A bounce is welcome however late it comes."""
        if is_of_revoked_kid(self.office.keyring, found.parts, row.subject):
            return Ending.KEY_REVOKED
        if row.revoked_at is not None:
            return Ending.REVOKED
        file = self._file(row.subject.case_uid)
        if file is None or found.is_bounce:
            return None
        is_over = row.has_expired(file.case, now=self.office.clock.now())
        return Ending.EXPIRED if is_over else None

    def _ended(self, mail: ReadMail) -> Thread | None:
        """Where a reply address led that was ours to give, and has ended since."""
        for found in find_tokens_in(mail.tokens_at, self.house, self.office.reply_domain):
            row = self.tokens.get(found.parts.handle)
            if row is None or not self._is_ours(found, row):
                continue
            ending = self._ending(found, row)
            file, holder = self._file(row.subject.case_uid), self._holder(row)
            if ending is not None and file is not None and holder is not None:
                spent = SpentAddress(file, holder, ending)
                return Thread(file=self._by_reference(mail), spent=spent)
        return None

    def _confirmation(self, mail: ReadMail) -> Confirmation | None:
        """The address of a challenge that the mail was sent to, if it is still good."""
        keyring, now = self.office.keyring, self.office.clock.now()
        for found in find_tokens_in(mail.tokens_at, self.house, self.office.reply_domain):
            row = self.confirmations.get(found.parts.handle)
            if row is None or not row.is_good(keyring, found.parts, now=now):
                continue
            for person in self.house.staff.people:
                if participant_id(keyring, "", person.email) == row.participant_id:
                    return Confirmation(person.email, row.inbound_id, found.parts.handle)
        return None

    def _bounced(self, mail: ReadMail, uses: list[_Use]) -> Thread | None:
        """A bounce counts by our tagged address, or by our own Message-ID and the recipient of
        that mail: whoever has seen the mail knows its Message-ID.
        """
        bounce = mail.message.bounce
        original = bounce.original_message_id if bounce else None
        if bounce is not None and original is not None:
            failed = {normal_address(one.address) for one in bounce.recipients}
            for known in self._known(original):
                sent = self.sent.get(known.outbox_id or "")
                if known.origin is not IdOrigin.OURS or sent is None:
                    continue
                if normal_address(sent.order.recipient) in failed:
                    return Thread(
                        file=self._file(known.case_uid),
                        bounced=BouncedMail(sent.id, sent.order.purpose, sent.order.recipient),
                    )
        for use in uses:
            last = self.last_sent.get(use.use.participant.id)
            if use.is_bounce and last is not None:
                who = use.use.participant.address
                bounced = BouncedMail(last.id, last.order.purpose, who)
                return Thread(file=self._file(use.uid), bounced=bounced)
        return None

    def _by_reference(self, mail: ReadMail) -> CaseFile | None:
        """In-Reply-To, then References from newest to oldest."""
        message = mail.message
        ids = [message.in_reply_to] if message.in_reply_to else []
        for known_id in (*ids, *reversed(message.references)):
            found = self._known(known_id)
            for known in sorted(found, key=lambda known: known.origin is IdOrigin.ANCESTOR):
                file = self._file(known.case_uid)
                if file is not None:
                    return file
        return None

    def _known(self, message_id: str) -> tuple[KnownId, ...]:
        index = blind_index(self.office.keyring, IndexPurpose.MESSAGE_ID, message_id)
        return tuple(
            known for known in self.ids.get(index, ()) if self._is_genuine(message_id, known)
        )

    def _is_genuine(self, message_id: str, known: KnownId) -> bool:
        """An id of ours was made for somebody of this case; a row in the database alone is not
        believed, nor is a key number that was revoked.
        """
        if known.origin is not IdOrigin.OURS:
            return True
        parts = read_message_id(message_id, id_domain=self.office.id_domain)
        loaded = self.files.get(known.case_uid)
        if parts is None or loaded is None:
            return False
        return any(
            verify_message_id(
                self.office.keyring, parts, case_uid=known.case_uid, participant_id=who.id
            )
            for who in loaded.file.participants
        )


@dataclass(frozen=True)
class _Use:
    uid: str
    use: TokenUse
    is_bounce: bool


def find_tokens_in(
    addresses: Iterable[str], house: House, reply_domain: str
) -> tuple[FoundToken, ...]:
    """Every reply address of ours among these, once."""
    aliases = [alias.address.partition("@")[0] for alias in house.aliases.values()]
    found = (find_token(address, aliases=aliases, domain=reply_domain) for address in addresses)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def lay_out(connection: Connection, office: Office, mails: Sequence[ReadMail]) -> Desk:
    """Fetch all that these mails could belong to, in a handful of statements."""
    house = office.house()
    desk = Desk(office, house)
    handles = {
        found.parts.handle
        for mail in mails
        for found in find_tokens_in(mail.tokens_at, house, office.reply_domain)
    }
    desk.tokens = reply_tokens.find_tokens(connection, handles)
    desk.ids = messages.find_known_ids(connection, office.keyring, _ids_named(mails))
    twins = [desk.twin_index(mail) for mail in mails]
    desk.copies = inbound.find_copies(
        connection, [mail.stored.content_index for mail in mails], twins
    )
    uids = {row.subject.case_uid for row in desk.tokens.values()}
    uids |= {known.case_uid for found in desk.ids.values() for known in found}
    uids |= {uid for uid in desk.copies.values() if uid}
    desk.subjects = find_similar_subjects(connection, office.keyring, house, mails)
    uids |= desk.subjects.keys()
    desk.files = cases.load_cases(connection, office.keyring, uids)
    merged = {f.case.merged_into for f in desk.files.values() if f.case.merged_into}
    desk.files |= cases.load_cases(connection, office.keyring, merged - desk.files.keys())
    desk.handles = reply_tokens.handles_by_case(connection, desk.files)
    outbox_ids = {k.outbox_id for found in desk.ids.values() for k in found if k.outbox_id}
    vaults = _vaults(desk)
    desk.sent = find_outbox_mails(connection, office.keyring, outbox_ids, vaults)
    bounced = {
        row.subject.participant_id
        for row in desk.tokens.values()
        if row.subject.purpose is Purpose.BOUNCE
    }
    desk.last_sent = last_sent_to(connection, office.keyring, bounced, vaults)
    desk.workload = load_workload(connection, office, house)
    unknown = handles - desk.tokens.keys()
    desk.confirmations = confirmations.find_confirmations(connection, unknown)
    desk.accepted = {
        inbound_id: Acceptance.CONFIRMED if reason in SENDERS_OWN else Acceptance.BY_OWNER
        for inbound_id, reason in held_items.accepted_among(
            connection, [mail.stored.id for mail in mails]
        ).items()
    }
    return desk


def load_workload(connection: Connection, office: Office, house: House) -> Workload:
    """How much each of the staff has on the table, and who is away."""
    owners = [person.email for person in house.staff.people]
    load = workloads.load_workload(connection, office.keyring, owners)
    now = office.clock.now()
    said = absences.load_absences(connection, office.keyring, owners, now=now)
    return replace(load, absent={**_on_leave(house), **said})


def _on_leave(house: House) -> dict[str, str]:
    """Staff of whom the directory says so; nobody has to write #away for them."""
    employees = ((one, house.directory.find(one.email)) for one in house.staff.people)
    return {
        person.email: person.delegate or ""
        for person, employee in employees
        if employee is not None and employee.status == "leave"
    }


def _vaults(desk: Desk) -> Mapping[str, Vault]:
    return {uid: loaded.vault for uid, loaded in desk.files.items()}


def _ids_named(mails: Sequence[ReadMail]) -> set[str]:
    named: set[str] = set()
    for mail in mails:
        message = mail.message
        named.update(message.references)
        named.update(filter(None, (message.in_reply_to, message.message_id)))
        if message.bounce and message.bounce.original_message_id:
            named.add(message.bounce.original_message_id)
    return named
