"""Sending what is due: claim under a lease, ask the gate, render once, send, record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import IntegrityError

from mailflow.core.case.access import Action, may
from mailflow.core.case.content import Template
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.reply_address import Audience
from mailflow.core.policy.clocks import meet
from mailflow.core.policy.retry import AMBIGUOUS_WAIT, next_attempt
from mailflow.core.policy.targets import Target
from mailflow.delivery.group_commit import GroupCommit
from mailflow.delivery.render import render_mail
from mailflow.delivery.smtp import Answer, Envelope, Outcome, SmtpConnection
from mailflow.errors import ConflictError
from mailflow.store import case_events, cases, messages, outbox, timers
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.batch import Batch
from mailflow.store.messages import Direction, FiledMessage
from mailflow.store.outbox import OutboxState
from mailflow.store.session import new_id, transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.core.case.case_file import CaseFile
    from mailflow.delivery.post_room import PostRoom
    from mailflow.delivery.render import RenderedMail
    from mailflow.store.cases import LoadedCase
    from mailflow.store.outbox import OutboxMail

LEASE = timedelta(minutes=2)
BATCH_SIZE = 20
_RECORD_TRIES = 3
_ANSWERS = {
    Template.ACKNOWLEDGEMENT: (Target.ACKNOWLEDGE,),
    Template.REPLY: (Target.ACKNOWLEDGE, Target.FIRST_RESPONSE, Target.NEXT_RESPONSE),
}

log = structlog.get_logger()


@dataclass(frozen=True)
class Sent:
    """``claimed`` mails were taken, of which ``reached`` the server in some way."""

    claimed: int = 0
    delivered: int = 0
    reached: int = 0


@dataclass(frozen=True)
class _Ready:
    mail: OutboxMail
    bytes: bytes


async def deliver_due(
    room: PostRoom,
    connections: Sequence[SmtpConnection],
    *,
    lanes: Collection[int],
    limit: int = BATCH_SIZE,
) -> Sent:
    """Send the next due mails of these lanes over the kept connections.

    Raises TemporaryError when the database is busy; what was claimed comes due again by itself.
    """
    ready, claimed = await asyncio.to_thread(_claim, room, lanes, limit)
    if not ready:
        return Sent(claimed)
    ledger: GroupCommit[tuple[str, int]] = GroupCommit(lambda items: _note_dots(room, items))
    answers = await _send_all(room, connections, ready, ledger)
    await asyncio.to_thread(_record_safely, room, answers)
    delivered = sum(answer.outcome is Outcome.DELIVERED for _, answer in answers)
    reached = sum(answer.reply[:1].isdigit() for _, answer in answers)
    return Sent(claimed, delivered, reached)


async def _send_all(
    room: PostRoom,
    connections: Sequence[SmtpConnection],
    ready: Sequence[_Ready],
    ledger: GroupCommit[tuple[str, int]],
) -> list[tuple[OutboxMail, Answer]]:
    waiting = list(reversed(ready))
    answers: list[tuple[OutboxMail, Answer]] = []

    async def work(connection: SmtpConnection) -> None:
        while waiting:
            one = waiting.pop()
            mail = one.mail
            envelope = Envelope(_reverse_path(room, mail), mail.order.recipient, one.bytes)
            note = partial(ledger.note, (mail.id, mail.fence))
            answer = await connection.send(envelope, before_final_dot=note)
            answers.append((mail, answer))

    await asyncio.gather(*(work(c) for c in connections[: len(ready)]))
    return answers


def _reverse_path(room: PostRoom, mail: OutboxMail) -> str:
    """Tagged, so that a bounce finds its case; null to outsiders, who could be made to loop."""
    house = room.house()
    alias = next(iter(house.aliases.values())).address
    if not room.tags_bounces:
        return alias
    if mail.order.template is Template.ACKNOWLEDGEMENT and mail.order.audience is Audience.EXTERNAL:
        return ""
    local = alias.partition("@")[0]
    return f"{local}+b{mail.addressing.bounce_token}@{room.reply_domain}"


def _claim(room: PostRoom, lanes: Collection[int], limit: int) -> tuple[list[_Ready], int]:
    now = room.clock.now()
    ready: list[_Ready] = []
    with transaction(room.engine) as connection:
        rows = outbox.claim_due(connection, lanes=lanes, now=now, lease=LEASE, limit=limit)
        if not rows:
            return [], 0
        uids = {row["case_uid"] for row in rows if row["case_uid"]}
        files = cases.load_cases(connection, room.keyring, uids)
        vaults = {uid: loaded.vault for uid, loaded in files.items()}
        mails = outbox.open_claimed(connection, room.keyring, rows, vaults)
        shown = messages.load_shown(
            connection, vaults, [m.order.shows for m in mails if m.order.shows and m.body is None]
        )
        batch = Batch()
        pages = _Pages(room, batch, files, now)
        bodies = {}
        for mail in mails:
            refusal = "overtaken" if pages.is_overtaken(mail) else pages.refusal(mail)
            if refusal is not None:
                pages.cancel(mail, refusal)
                continue
            if mail.body is not None:
                ready.append(_Ready(mail, mail.body))
                continue
            rendered = pages.render(mail, shown.get(mail.order.shows or ""))
            if rendered is not None and mail.key is not None:
                bodies[mail.id] = (mail.key, rendered.mail)
                ready.append(_Ready(mail, rendered.mail))
        outbox.store_bodies(connection, bodies)
        pages.finish(connection)
    return ready, len(rows)


class _Pages:
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
        """Why the gate does not let this mail go to this person, if it does not."""
        file = self.file(mail)
        if file is None:
            return None if mail.case_uid is None else "case_missing"
        person = self.room.house().person(mail.order.recipient)
        today = self.now.astimezone(self.room.house().zone).date()
        if mail.order.audience is Audience.STAFF or person.is_independent_contact:
            answer = may(person, file.case, Action.BE_TOLD, today=today)
            return None if answer.allowed else answer.reason
        if file.participant(mail.order.recipient) is None:
            return "not_a_participant"
        return "excluded" if person.addresses & file.case.excluded else None

    def is_overtaken(self, mail: OutboxMail) -> bool:
        """A nudge for a clock that was met, closed or paused meanwhile is not sent."""
        file = self.file(mail)
        if mail.order.template is not Template.NUDGE or file is None:
            return False
        clock = file.running(str(mail.order.fields.get("target")))
        return clock is None or clock.due_at is None

    def file(self, mail: OutboxMail) -> CaseFile | None:
        loaded = self.files.get(mail.case_uid or "")
        return loaded.file if loaded else None

    def render(self, mail: OutboxMail, shown: FiledMessage | None) -> RenderedMail | None:
        """The bytes, frozen from now on; a template that fails makes the mail dead, not lost."""
        file = self.file(mail)
        if file is None:
            return None
        try:
            rendered = render_mail(self.room, mail, file, shown)
        except ValueError as error:
            log.exception("template_failed", mail=mail.id, template=mail.order.template)
            outbox.settle_mail(
                self.batch, mail, state=OutboxState.DEAD, now=self.now, error=str(error)
            )
            self.add_event(mail, EventKind.MAIL_FAILED, {"reason": "template"})
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
        if file is None or not targets:
            return
        for target in targets:
            running = file.running(target)
            if running is not None:
                met, events = meet(running, at=self.now)
                cases.save_clock(self.batch, running, met, case_uid=file.case.uid)
                self.add_events(mail, events)
        self.dropped.append((file.case.uid, targets))

    def finish(self, connection: Connection) -> None:
        self.batch.flush(connection)
        for uid, targets in self.dropped:
            timers.drop_timers(connection, case_uid=uid, targets=targets)
        append_audit(connection, self.room.keyring, self.audit)


def _note_dots(room: PostRoom, items: list[tuple[str, int]]) -> None:
    with transaction(room.engine) as connection:
        outbox.mark_data_ended(connection, items)


def _record_safely(room: PostRoom, answers: Sequence[tuple[OutboxMail, Answer]]) -> None:
    """Another process may write to the same case; what was sent must be recorded all the same."""
    for attempt in range(_RECORD_TRIES):
        try:
            _record(room, answers)
        except (ConflictError, IntegrityError) as error:
            if attempt + 1 < _RECORD_TRIES:
                continue
            if len(answers) == 1:
                log.warning("record_failed", mail=answers[0][0].id, error=type(error).__name__)
                return
            for one in answers:
                _record_safely(room, [one])
        return


def _record(room: PostRoom, answers: Sequence[tuple[OutboxMail, Answer]]) -> None:
    now = room.clock.now()
    with transaction(room.engine) as connection:
        uids = {mail.case_uid for mail, _ in answers if mail.case_uid}
        files = cases.load_cases(connection, room.keyring, uids)
        pages = _Pages(room, Batch(), files, now)
        for mail, answer in answers:
            _settle(pages, mail, answer)
        pages.finish(connection)


def _settle(pages: _Pages, mail: OutboxMail, answer: Answer) -> None:
    now = pages.now
    due_at: datetime | None = None
    if answer.outcome is Outcome.DELIVERED:
        state = OutboxState.SENT
        pages.add_event(mail, EventKind.MAIL_SENT, {"message_id": mail.addressing.message_id})
        pages.meet_clocks(mail)
    elif answer.outcome is Outcome.AMBIGUOUS:
        state, due_at = OutboxState.AMBIGUOUS, now + AMBIGUOUS_WAIT
    elif answer.outcome is Outcome.TRANSIENT:
        due_at = next_attempt(
            now=now, tries=mail.tries, created_at=mail.created_at, jitter=pages.room.jitter()
        )
        state = OutboxState.DEFERRED if due_at else OutboxState.DEAD
    else:
        state = OutboxState.DEAD
    if state is OutboxState.DEAD:
        log.error("mail_dead", mail=mail.id, reply=answer.reply)
        pages.add_event(mail, EventKind.MAIL_FAILED, {"reason": answer.reply})
    outbox.settle_mail(
        pages.batch,
        mail,
        state=state,
        now=now,
        due_at=due_at,
        error=None if state is OutboxState.SENT else answer.reply,
        reply=answer.reply,
    )
