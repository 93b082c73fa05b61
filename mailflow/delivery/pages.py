"""What a batch of mails leaves behind: settled rows, events, clocks that were met, audit rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailflow.core.case.access import Action, may
from mailflow.core.case.content import Template
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.reply_address import Audience
from mailflow.core.policy.keeping import keep
from mailflow.core.policy.notices import RELIEVED
from mailflow.core.policy.rules_admins import is_rules_admin
from mailflow.core.policy.targets import Target
from mailflow.core.policy.undelivered import dead_timer, late_timer
from mailflow.delivery.render import render_mail
from mailflow.store import case_events, cases, messages, outbox, timers
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.messages import Direction, FiledMessage
from mailflow.store.outbox import OutboxState
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.delivery.post_room import PostRoom
    from mailflow.delivery.render import RenderedMail
    from mailflow.store.batch import Batch
    from mailflow.store.cases import LoadedCase
    from mailflow.store.outbox import OutboxMail

_ANSWERS = {
    Template.ACKNOWLEDGEMENT: (Target.ACKNOWLEDGE,),
    Template.REPLY: (Target.ACKNOWLEDGE, Target.FIRST_RESPONSE, Target.NEXT_RESPONSE),
}

log = structlog.get_logger()


class Pages:
    """The events, clocks and audit rows that a batch of mails adds to their cases."""

    def __init__(
        self, room: PostRoom, batch: Batch, files: dict[str, LoadedCase], now: datetime
    ) -> None:
        self.room = room
        self.batch = batch
        self.files = files
        self.now = now
        self.next_seqs = {uid: loaded.next_seq for uid, loaded in files.items()}
        self.audit: list[AuditEntry] = []
        self.dropped: list[tuple[str, tuple[str, ...]]] = []

    def refusal(self, mail: OutboxMail) -> str | None:
        """Why this mail does not go to this person now, if it does not."""
        if self._is_overtaken(mail):
            return "overtaken"
        file = self.file(mail)
        if mail.order.template is Template.RULES:
            return self._why_not_of_rules(mail)
        if file is None:
            return None if mail.case_uid is None else "case_missing"
        return self._why_not_of_case(mail, file)

    def _why_not_of_case(self, mail: OutboxMail, file: CaseFile) -> str | None:
        person = self.room.house().person(mail.order.recipient)
        today = self.now.astimezone(self.room.house().zone).date()
        kept_out = file.case.excluded | file.case.suspected
        if mail.order.purpose == RELIEVED and not person.addresses & kept_out:
            # It says only that the case is theirs no more, to people who knew of it.
            return None
        if mail.order.audience is Audience.STAFF or person.is_independent_contact:
            answer = may(person, file.case, Action.BE_TOLD, today=today)
            return None if answer.allowed else answer.reason
        if file.participant(mail.order.recipient) is None:
            return "not_a_participant"
        return "excluded" if person.addresses & file.case.excluded else None

    def _why_not_of_rules(self, mail: OutboxMail) -> str | None:
        """What a mail was made of is for those who keep the rules now."""
        staff = self.room.house().staff
        member = staff.member(mail.order.recipient)
        is_admin = member is not None and is_rules_admin(member, staff)
        return None if is_admin else "no_rules_admin"

    def _is_overtaken(self, mail: OutboxMail) -> bool:
        """A nudge for a clock that was met, closed or paused meanwhile is not sent."""
        file = self.file(mail)
        if mail.order.template is not Template.NUDGE or file is None:
            return False
        clock = file.running(str(mail.order.fields.get("target")))
        return clock is None or clock.due_at is None

    def keep_allowed(self, mails: Iterable[OutboxMail]) -> list[OutboxMail]:
        """Cancel what the gate refuses, with the reason; the rest may go."""
        allowed: list[OutboxMail] = []
        for mail in mails:
            refusal = self.refusal(mail)
            if refusal is None:
                allowed.append(mail)
            else:
                self.cancel(mail, refusal)
        return allowed

    def add_files(self, files: Mapping[str, LoadedCase]) -> None:
        """More cases than the batch began with."""
        self.files |= files
        self.next_seqs |= {uid: loaded.next_seq for uid, loaded in files.items()}

    def put_off(self, mail: OutboxMail, *, until: datetime) -> None:
        """Back into the queue, unsent."""
        outbox.settle_mail(self.batch, mail, state=OutboxState.QUEUED, now=self.now, due_at=until)

    def file(self, mail: OutboxMail) -> CaseFile | None:
        loaded = self.files.get(mail.case_uid or "")
        return loaded.file if loaded else None

    def render(
        self,
        mail: OutboxMail,
        shown: FiledMessage | None,
        *,
        also_due: Sequence[Mapping[str, str]] = (),
    ) -> RenderedMail | None:
        """The bytes, frozen from now on; a template that fails makes the mail dead, not lost."""
        file = self.file(mail)
        if file is None:
            return None
        try:
            rendered = render_mail(self.room, mail, file, shown, also_due=also_due)
        except ValueError as error:
            self.spoil(mail, error)
            return None
        if mail.order.audience is not Audience.STAFF:
            self._file_outgoing(mail, rendered)
        return rendered

    def _file_outgoing(self, mail: OutboxMail, rendered: RenderedMail) -> None:
        house = self.room.house()
        vault = self.files[mail.case_uid or ""].vault
        message = FiledMessage(
            id=new_id(self.now),
            direction=Direction.OUT,
            at=self.now,
            sender=next(iter(house.aliases.values())).address,
            sender_name=None,
            to=(mail.order.recipient,),
            subject=mail.order.subject or "",
            text=rendered.text,
            message_id=mail.addressing.message_id,
            outbox_id=mail.id,
        )
        messages.add_message(self.batch, self.room.keyring, message, vault=vault)

    def spoil(self, mail: OutboxMail, error: ValueError) -> None:
        """A template that fails: the mail waits for whoever mends it, and holds up no other."""
        log.error("template_failed", mail=mail.id, template=mail.order.template, exc_info=error)
        outbox.settle_mail(self.batch, mail, state=OutboxState.DEAD, now=self.now, error=str(error))
        self.give_up(mail, "template")

    def give_up(self, mail: OutboxMail, reason: str) -> None:
        """A dead mail: on record, in the log, and soon with the owner of its case."""
        log.error("mail_dead", mail=mail.id, reply=reason)
        self.add_event(mail, EventKind.MAIL_FAILED, {"reason": reason})
        self._look_after(mail, dead_timer(mail.id, now=self.now))

    def put_up_with(self, mail: OutboxMail, *, next_at: datetime) -> None:
        """A mail that waits for its next try; after some hours its owner hears of it."""
        late = late_timer(
            mail.id, created_at=mail.created_at, tried_at=mail.due_at, next_at=next_at
        )
        if late is not None:
            self._look_after(mail, late)

    def _look_after(self, mail: OutboxMail, timer: Timer) -> None:
        if mail.case_uid in self.files:
            timers.add_timer(self.batch, timer, case_uid=mail.case_uid, now=self.now)

    def cancel(self, mail: OutboxMail, reason: str) -> None:
        outbox.settle_mail(
            self.batch, mail, state=OutboxState.CANCELLED, now=self.now, error=reason
        )
        self.add_event(mail, EventKind.MAIL_CANCELLED, {"reason": reason})

    def add_event(self, mail: OutboxMail, kind: EventKind, data: dict[str, object]) -> None:
        facts = {"template": mail.order.template, "to": mail.order.recipient, **data}
        self.add_events(mail, (Event(kind, self.now, data=facts),))
        self.audit.append(
            AuditEntry(kind, self.now, mail.case_uid, payload={"mail": mail.id, **facts})
        )

    def add_events(self, mail: OutboxMail, events: tuple[Event, ...]) -> None:
        uid = mail.case_uid
        if uid in self.files and uid is not None:
            self.next_seqs[uid] = case_events.add_events(
                self.batch,
                events,
                vault=self.files[uid].vault,
                first_seq=self.next_seqs[uid],
                now=self.now,
            )

    def meet_clocks(self, mail: OutboxMail) -> None:
        """A mail that reached the employee keeps the promises it answers."""
        file = self.file(mail)
        targets = _ANSWERS.get(mail.order.template, ())
        is_by_machine = mail.order.template is Template.REPLY and mail.order.auto_submitted
        if file is None or not targets or is_by_machine:
            return
        uid = file.case.uid
        kept = keep(file, self.room.house(), targets, at=self.now)
        for before, after in kept.changed:
            cases.save_clock(self.batch, before, after, case_uid=uid)
        for clock in kept.started:
            cases.add_clock(self.batch, clock, case_uid=uid, now=self.now)
        for timer in kept.timers:
            timers.add_timer(self.batch, timer, case_uid=uid, now=self.now)
        self.add_events(mail, kept.events)
        self.dropped.append((uid, kept.dropped))

    def finish(self, connection: Connection) -> None:
        for uid, targets in self.dropped:
            timers.drop_timers(connection, case_uid=uid, targets=targets)
        self.batch.flush(connection)
        append_audit(connection, self.room.keyring, self.audit)
