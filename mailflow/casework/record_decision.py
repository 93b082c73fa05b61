"""Writing a decision down: rows for a batch, and the desk kept current."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailflow.casework.filing import file_mail, rules_on_record
from mailflow.casework.ordering import order_mail
from mailflow.casework.staff_effects import file_texts, write_effects
from mailflow.core.case.case_file import CaseFile
from mailflow.core.case.participant import Participant, ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.thread import ancestors_of
from mailflow.core.policy.decision import Disposition
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.keys.case_ids import participant_id
from mailflow.store import (
    case_events,
    cases,
    held,
    inbound,
    messages,
    server_copies,
    timers,
    workloads,
)
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.cases import LoadedCase
from mailflow.store.inbound import InboundState
from mailflow.store.messages import (
    Direction,
    FiledMessage,
    IdOrigin,
    KnownId,
)
from mailflow.store.sealed import new_vault, open_bucket
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.desk import Desk, ReadMail
    from mailflow.core.case.case import Case
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


@dataclass
class Pen:
    """What a decision is written with: the rows of the batch, the desk, the time."""

    batch: Batch
    desk: Desk
    now: datetime
    audit: list[AuditEntry]
    pending_states: dict[str, str] = field(default_factory=dict)

    def flush(self, connection: Connection) -> None:
        """Write what has been decided so far: timers are forgotten before new ones are set."""
        for uid, targets in self.desk.dropped.items():
            timers.drop_timers(connection, case_uid=uid, targets=targets)
        self.desk.dropped.clear()
        self.batch.flush(connection)
        for effect in self.desk.effects:
            effect(connection)
        self.desk.effects.clear()

    def save(self, connection: Connection) -> None:
        """Write it all; the audit log comes last."""
        keyring = self.desk.office.keyring
        self.flush(connection)
        workloads.add_to_workload(connection, keyring, self.desk.moved, now=self.now)
        append_audit(connection, keyring, self.audit)

    def write(self, mail: ReadMail, decision: Decision) -> None:
        """All rows of one mail's decision; the desk then shows the case as it is afterwards."""
        loaded = self.write_case(decision)
        vault = loaded.vault if loaded else None
        if loaded is not None and vault is not None:
            if decision.opens_case:
                self.desk.subjects[vault.case_uid] = (decision.filed or mail.message).subject
            self._file(mail, decision, vault)
            file_texts(self, mail, decision, vault)
            if decision.classification is not None:
                self._write_rules(mail, decision.classification, vault)
        if decision.held_because is not None:
            held.add_held(
                self.batch,
                self.desk.office.keyring,
                mail.stored.id,
                vault=vault,
                reason=decision.held_because,
                now=self.now,
            )
        if vault is None and decision.disposition is Disposition.DUPLICATE:
            vault = self._vault_of_copy(mail)
        for signature in mail.verdict.signatures:
            self._remember(signature, mail)
        write_effects(self, mail, decision)
        self._finish(mail, decision, vault)

    def _remember(self, signature: bytes, mail: ReadMail) -> None:
        """A DKIM signature is good once: seen again with another mail it is a replay."""
        index = blind_index(self.desk.office.keyring, IndexPurpose.CONTENT, signature)
        if index not in self.desk.signatures:
            self.desk.signatures.add(index)
            inbound.remember_signature(self.batch, index, inbound_id=mail.stored.id, now=self.now)

    def write_case(self, decision: Decision) -> LoadedCase | None:
        """The rows of the case itself: people, clocks, timers, events, mails."""
        case = decision.case
        if case is None:
            return None
        keyring = self.desk.office.keyring
        before = self.desk.files.get(case.uid)
        if (
            before is not None
            and case.case_class.is_sealed
            and not before.case.case_class.is_sealed
        ):
            self._remove_copies(case.uid)
        if decision.opens_case:
            kek = open_bucket(self.now)
            vault, wrap = new_vault(keyring, case.uid, kek=kek)
            loaded = LoadedCase(CaseFile(case), vault)
            cases.add_case(self.batch, keyring, case, vault=vault, kek=kek, wrap=wrap)
        else:
            loaded = self.desk.files[case.uid]
            cases.save_case(self.batch, keyring, case, vault=loaded.vault, now=self.now)
            case = replace(case, version=case.version + 1)
        loaded = self._join_people(loaded, decision)
        self._write_clocks(loaded, decision)
        next_seq = case_events.add_events(
            self.batch, decision.events, vault=loaded.vault, first_seq=loaded.next_seq, now=self.now
        )
        file = _after(loaded.file, case=case, decision=decision)
        loaded = replace(loaded, file=file, next_seq=next_seq)
        for order in decision.mails:
            loaded = self._order_mail(loaded, order)
        self.desk.files[case.uid] = loaded
        for owner, change in decision.workload.items():
            self.desk.count_open(owner, change)
        return loaded

    def _remove_copies(self, case_uid: str) -> None:
        """The case has become sensitive: its earlier mails leave the server too."""
        aliases = self.desk.house.aliases.values()
        mailboxes = [alias.name for alias in aliases if alias.removes_sensitive]
        if mailboxes:
            self.desk.effects.append(
                lambda connection: server_copies.remove_copies_of_case(
                    connection, case_uid, mailboxes=mailboxes
                )
            )

    def _join_people(self, loaded: LoadedCase, decision: Decision) -> LoadedCase:
        for joining in decision.joining:
            known = loaded.file.participant(joining.address)
            if known is not None and joining.role is ParticipantRole.OWNER is not known.role:
                loaded = self._make_owner(loaded, known)
            if known is None:
                loaded = self._add_participant(
                    loaded,
                    address=joining.address,
                    name=joining.name,
                    role=joining.role,
                    audience=joining.audience,
                )
        return loaded

    def _make_owner(self, loaded: LoadedCase, known: Participant) -> LoadedCase:
        """Somebody who takes part already owns the case now; whoever did is staff again."""
        people: list[Participant] = []
        for who in loaded.file.participants:
            role = ParticipantRole.OWNER if who is known else who.role
            if who is not known and who.role is ParticipantRole.OWNER:
                role = ParticipantRole.STAFF
            after = replace(who, role=role)
            if after != who:
                cases.save_participant(self.batch, who, after)
            people.append(after)
        return replace(loaded, file=replace(loaded.file, participants=tuple(people)))

    def _add_participant(
        self,
        loaded: LoadedCase,
        *,
        address: str,
        name: str | None,
        role: ParticipantRole,
        audience: Audience,
    ) -> LoadedCase:
        keyring = self.desk.office.keyring
        uid = loaded.case.uid
        who = Participant(participant_id(keyring, uid, address), address, name, role, audience)
        cases.add_participant(self.batch, keyring, who, vault=loaded.vault)
        people = (*loaded.file.participants, who)
        return replace(loaded, file=replace(loaded.file, participants=people))

    def _write_clocks(self, loaded: LoadedCase, decision: Decision) -> None:
        uid = loaded.case.uid
        for clock in decision.new_clocks:
            cases.add_clock(self.batch, clock, case_uid=uid, now=self.now)
        for before, after in decision.changed_clocks:
            cases.save_clock(self.batch, before, after, case_uid=uid)
        for timer in decision.timers:
            timers.add_timer(self.batch, timer, case_uid=uid, now=self.now)
        if decision.dropped:
            self.desk.dropped.setdefault(uid, set()).update(decision.dropped)

    def _order_mail(self, loaded: LoadedCase, order: MailOrder) -> LoadedCase:
        """One outbox row to somebody who takes part, or does from now on."""
        who = loaded.file.participant(order.recipient)
        if who is None:
            role = (
                ParticipantRole.STAFF
                if order.audience is Audience.STAFF
                else ParticipantRole.REQUESTER
            )
            loaded = self._add_participant(
                loaded,
                address=order.recipient,
                name=order.recipient_name,
                role=role,
                audience=order.audience,
            )
            who = loaded.file.participants[-1]
        message_id, mail_id = order_mail(
            self.batch, self.desk, order, who=who, loaded=loaded, now=self.now
        )
        self.know_id(message_id, loaded.case.uid, IdOrigin.OURS, outbox_id=mail_id)
        return loaded

    def know_id(
        self, message_id: str, uid: str, origin: IdOrigin, *, outbox_id: str | None = None
    ) -> None:
        """Remember that this Message-ID belongs to the case, unless that is known."""
        index = blind_index(self.desk.office.keyring, IndexPurpose.MESSAGE_ID, message_id)
        known = self.desk.ids.get(index, ())
        if any(one.case_uid == uid for one in known):
            return
        self.desk.ids[index] = (*known, KnownId(uid, origin, outbox_id))
        messages.add_message_id(self.batch, index, case_uid=uid, origin=origin, outbox_id=outbox_id)

    def _file(self, mail: ReadMail, decision: Decision, vault: Vault) -> None:
        """Make the mail part of the conversation, and its ids known."""
        if decision.files_as is None:
            return
        message = decision.filed or mail.message
        direction = Direction.NOTE if decision.files_as == "note" else Direction.IN
        messages.add_message(
            self.batch,
            self.desk.office.keyring,
            file_mail(mail, message, direction, decision.classification),
            vault=vault,
        )
        if decision.note:
            self._add_note(mail, decision.note, vault)
        if message.message_id:
            self.know_id(message.message_id, vault.case_uid, IdOrigin.THEIRS)
        if direction is Direction.IN:
            for ancestor in ancestors_of(message):
                self.know_id(ancestor, vault.case_uid, IdOrigin.ANCESTOR)

    def _add_note(self, mail: ReadMail, text: str, vault: Vault) -> None:
        """A forwarder's own lines, for staff alone."""
        note = FiledMessage(
            id=new_id(self.now),
            direction=Direction.NOTE,
            at=mail.stored.internal_date,
            sender=mail.verdict.address or "",
            sender_name=mail.message.sender.name if mail.message.sender else None,
            to=(),
            subject="",
            text=text,
        )
        messages.add_message(self.batch, self.desk.office.keyring, note, vault=vault)
        if mail.message.message_id:
            self.know_id(mail.message.message_id, vault.case_uid, IdOrigin.THEIRS)

    def _write_rules(self, mail: ReadMail, found: Classification, vault: Vault) -> None:
        case_events.add_decision(
            self.batch,
            vault=vault,
            inbound_id=mail.stored.id,
            bundle=found.bundle,
            now=self.now,
            details=rules_on_record(found),
        )

    def _vault_of_copy(self, mail: ReadMail) -> Vault | None:
        uid = self.desk.copies.get(mail.stored.content_index) or self.desk.copies.get(
            self.desk.twin_index(mail), ""
        )
        loaded = self.desk.files.get(uid)
        return loaded.vault if loaded else None

    def _finish(self, mail: ReadMail, decision: Decision, vault: Vault | None) -> None:
        twin = self.desk.twin_index(mail)
        inbound.finish_mail(
            self.batch,
            self.desk.office.keyring,
            mail.stored,
            disposition=decision.disposition or Disposition.NOTE,
            reason=decision.reason,
            vault=vault,
            fingerprint=twin,
            now=self.now,
            state=InboundState.QUARANTINED
            if decision.disposition is Disposition.QUARANTINED
            else InboundState.PROCESSED,
        )
        uid = vault.case_uid if vault else ""
        loaded = self.desk.files.get(uid)
        alias = self.desk.house.aliases.get(mail.stored.mailbox)
        is_sealed = loaded is not None and loaded.case.case_class.is_sealed
        if alias is not None and alias.removes_sensitive and is_sealed:
            server_copies.remove_copy(self.batch, mail.stored.id, mailbox=alias.name)
        self.desk.copies.setdefault(mail.stored.content_index, uid)
        self.desk.copies.setdefault(twin, uid)
        self.audit.append(
            AuditEntry(
                "mail_decided",
                self.now,
                case_uid=uid or None,
                payload={
                    "mail": mail.stored.id,
                    "disposition": decision.disposition,
                    "sender_level": int(mail.verdict.level),
                    "events": [event.kind for event in decision.events],
                },
            )
        )


def _after(file: CaseFile, *, case: Case, decision: Decision) -> CaseFile:
    changed = {id(before): after for before, after in decision.changed_clocks}
    kept = tuple(changed.get(id(clock), clock) for clock in file.clocks)
    return replace(file, case=case, clocks=(*kept, *decision.new_clocks))
