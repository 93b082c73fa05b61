"""Writing down what staff mails do beyond their own case: held mail, absences, other cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.casework.outside_mail import order_outside, outside_id
from mailflow.casework.trainings import note_consent
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.content import Template
from mailflow.core.case.people import normal_address
from mailflow.core.mail.words.training import VERSION
from mailflow.core.policy.moments import at_midnight
from mailflow.core.policy.standing_in import STAND_IN
from mailflow.store import (
    absences,
    case_pages,
    cases,
    confirmations,
    held_items,
    messages,
    reply_tokens,
    set_aside,
    timers,
)
from mailflow.store.audit_log import AuditEntry
from mailflow.store.held_items import HeldState
from mailflow.store.messages import Direction, FiledMessage, IdOrigin
from mailflow.store.pending_replies import call_back
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.desk import ReadMail
    from mailflow.casework.record_decision import Pen
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.decision import Absence, Decision, FiledText
    from mailflow.keys.keyring import Keyring
    from mailflow.store.cases import LoadedCase
    from mailflow.store.sealed import Vault

CHALLENGE_LIFE = timedelta(days=7)
SECOND_STEP_LIFE = timedelta(minutes=30)


def write_effects(pen: Pen, mail: ReadMail, decision: Decision) -> None:
    """Everything of the decision that is not a row of its own case."""
    for other in decision.also:
        _write_other(pen, mail, other)
    for order in decision.answers:
        _order_without_case(pen, order, because=decision.reason)
    if decision.cancels:
        call_back(pen.batch, _states(pen, decision), now=pen.now)
    renew_addresses(pen, decision)
    _add_effects(pen, decision)


def _states(pen: Pen, decision: Decision) -> dict[str, str]:
    known = pen.pending_states
    return {mail_id: known[mail_id] for mail_id in decision.cancels}


def _add_effects(pen: Pen, decision: Decision) -> None:
    keyring, now = pen.desk.office.keyring, pen.now
    effects = pen.desk.effects
    absence = decision.absence
    if absence is not None:
        pen.desk.note_absence(absence.address, delegate=absence.delegate)
        back = at_midnight(absence.until + timedelta(days=1), pen.desk.house)
        effects.append(lambda connection: _set_absence(connection, keyring, absence, back, now=now))
    if decision.trained is not None:
        _note_training(pen, decision.trained)
    for inbound_id in decision.releases:
        effects.append(_Decide(pen, inbound_id, HeldState.ACCEPTED))
    for inbound_id in decision.rejects:
        effects.append(_Decide(pen, inbound_id, HeldState.REJECTED))
    handle = decision.confirmed_handle
    if handle is not None:
        effects.append(lambda c: _use(c, handle, pen))


def _set_absence(
    connection: Connection, keyring: Keyring, absence: Absence, back: datetime, *, now: datetime
) -> None:
    """Their cases that must not wait are looked at by the next sweep."""
    absences.set_absence(
        connection, keyring, absence.address, until=back, delegate=absence.delegate
    )
    urgent = case_pages.urgent_cases_of(connection, keyring, absence.address)
    look = Timer(TimerKind.AWAY, now, STAND_IN, now.strftime("%Y%m%dT%H%M%S"))
    timers.add_timer_at_once(connection, look, case_uids=urgent, now=now)


def _note_training(pen: Pen, address: str) -> None:
    """The consent itself, with the version of the words agreed to, is evidence."""
    keyring, now = pen.desk.office.keyring, pen.now
    pen.desk.effects.append(lambda c: note_consent(c, keyring, address, now=now))
    payload = {"person": address, "words": VERSION}
    pen.audit.append(AuditEntry("training_renewed", now, None, payload=payload))


def _use(connection: Connection, handle: int, pen: Pen) -> None:
    confirmations.use_confirmation(connection, handle, now=pen.now)


class _Decide:
    """A held mail let through, to be looked at again in its turn, or left out."""

    def __init__(self, pen: Pen, inbound_id: str, state: HeldState) -> None:
        self._pen, self._inbound_id, self._state = pen, inbound_id, state

    def __call__(self, connection: Connection) -> None:
        keyring = self._pen.desk.office.keyring
        item = held_items.find_by_mail(connection, self._inbound_id)
        row = set_aside.find_inbound(connection, self._inbound_id)
        if item is None or row is None:
            return
        if not held_items.decide_held(connection, item.id, state=self._state, now=self._pen.now):
            return
        if self._state is HeldState.REJECTED:
            set_aside.say_why(connection, row.id, reason="rejected")
            return
        loaded = cases.load_cases(connection, keyring, {row.case_uid} if row.case_uid else set())
        holder = loaded.get(row.case_uid or "")
        set_aside.put_back(connection, keyring, row, vault=holder.vault if holder else None)


class _Revoke:
    """The end of every reply address that a participant has had so far."""

    def __init__(self, participant: str, now: datetime) -> None:
        self._participant, self._now = participant, now

    def __call__(self, connection: Connection) -> None:
        reply_tokens.revoke_tokens(connection, self._participant, now=self._now)


def _write_other(pen: Pen, mail: ReadMail, decision: Decision) -> None:
    """Another case in the same transaction, with the texts that go there."""
    ids = [new_id(pen.now) for _ in decision.texts]
    first = ids[0] if ids else None
    mails = tuple(
        replace(order, shows=first) if order.shows == mail.stored.id else order
        for order in decision.mails
    )
    loaded = pen.write_case(replace(decision, mails=mails))
    if loaded is not None:
        for message_id, one in zip(ids, decision.texts, strict=True):
            _file(pen, mail, one, loaded.vault, message_id=message_id)


def file_texts(pen: Pen, mail: ReadMail, decision: Decision, vault: Vault) -> None:
    """The texts that a decision adds to its own case."""
    for one in decision.texts:
        message_id = mail.stored.id if one.is_whole else new_id(pen.now)
        _file(pen, mail, one, vault, message_id=message_id)
    own_id = mail.message.message_id
    if own_id and decision.files_as is None and decision.held_because is None:
        pen.know_id(own_id, vault.case_uid, IdOrigin.THEIRS)


def _file(pen: Pen, mail: ReadMail, one: FiledText, vault: Vault, *, message_id: str) -> None:
    is_whole = message_id == mail.stored.id
    messages.add_message(
        pen.batch,
        pen.desk.office.keyring,
        FiledMessage(
            id=message_id,
            direction=Direction(one.direction),
            at=mail.stored.internal_date,
            sender=normal_address(one.sender),
            sender_name=one.sender_name,
            to=(),
            subject=one.subject,
            text=one.text,
            full_text=one.text,
            copied=one.copied,
            attachments=messages.file_attachments(mail.message) if is_whole else (),
            inbound_id=mail.stored.id if is_whole else None,
            extra={"sender_level": int(mail.verdict.level), "by_staff": True},
        ),
        vault=vault,
    )


def _order_without_case(pen: Pen, order: MailOrder, *, because: str) -> None:
    """A mail that belongs to no case: its reply address is a challenge's, or the alias itself."""
    office = pen.desk.office
    token = ""
    if order.template is Template.CHALLENGE:
        life = SECOND_STEP_LIFE if because == "second_step" else CHALLENGE_LIFE
        token = confirmations.add_confirmation(
            pen.batch,
            office.keyring,
            inbound_id=str(order.fields["held"]),
            participant_id=outside_id(office, order.recipient),
            expires_at=pen.now + life,
        ).text
    order_outside(pen.batch, office, order, now=pen.now, token=token)
    pen.desk.mails_ordered = True


def renew_addresses(pen: Pen, decision: Decision) -> None:
    """New reply addresses for people whose old ones others know. Staff's old ones end here; an
    employee's go on working for the employee.
    """
    case = decision.case
    if case is None or not decision.renews:
        return
    loaded: LoadedCase = pen.desk.files[case.uid]
    people = list(loaded.file.participants)
    for position, who in enumerate(people):
        if who.address not in decision.renews:
            continue
        after = replace(who, generation=who.generation + 1)
        cases.save_participant(pen.batch, who, after)
        people[position] = after
        if pen.desk.house.staff.member(who.address) is not None:
            pen.desk.effects.append(_Revoke(who.id, pen.now))
    file = replace(loaded.file, participants=tuple(people))
    pen.desk.files[case.uid] = replace(loaded, file=file)
