"""Deciding about stored mails: a batch in one transaction, a bad mail alone, none ever lost."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy.exc import IntegrityError

from mailflow.casework.ack_budget import AckBudget
from mailflow.casework.desk import Desk, ReadMail, digest_of, lay_out
from mailflow.casework.exposures import look_up_exposure
from mailflow.casework.pair_breaker import PairBreaker
from mailflow.casework.record_decision import Pen
from mailflow.casework.staff_lookup import count_challenge, look_up_staff_mail
from mailflow.core.acceptance import decide_arrival
from mailflow.core.case.content import Template
from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.authentication import Reason, SenderLevel, SenderVerdict
from mailflow.core.mail.message import Kind, Message
from mailflow.core.policy.decision import (
    Arrival,
    Decision,
    Disposition,
    Foreseen,
    NewCaseIds,
    Thread,
)
from mailflow.core.policy.portal import read_portal_mail
from mailflow.core.triage import triage
from mailflow.errors import ConflictError, TemporaryError
from mailflow.keys.case_ids import case_ref, case_uid
from mailflow.store import cases, inbound, waiting
from mailflow.store.batch import Batch
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.office import Office
    from mailflow.core.case.case import Case
    from mailflow.store.inbound import StoredMail

BATCH_SIZE = 50
MOST_TRIES = 3
_SECOND_TRY_AFTER = timedelta(seconds=0)
_THIRD_TRY_AFTER = timedelta(seconds=5)

log = structlog.get_logger()


@dataclass(frozen=True)
class Unreadable:
    """A mail that could not be parsed. ``reason`` is a neutral word; ``retry_later`` says that
    a server did not answer and the mail itself may be fine.
    """

    stored: StoredMail
    reason: str
    retry_later: bool = False


@dataclass(frozen=True)
class ParsedMail:
    """A mail that was parsed, and whose sender was judged; ``foreseen`` when there was time."""

    stored: StoredMail
    message: Message
    verdict: SenderVerdict
    foreseen: Foreseen | None = None


class Reader(Protocol):
    """Parses mails and judges their senders; answers for each one, in order."""

    def __call__(self, mails: Sequence[StoredMail], /) -> Sequence[ParsedMail | Unreadable]: ...

    def begin(self, mails: Sequence[StoredMail], /) -> None:
        """Parse these while something else is done: their turn comes next."""
        ...

    @property
    def begun(self) -> Mapping[str, StoredMail]:
        """The mails of the last ``begin`` that were not asked for yet, by id."""
        ...


@dataclass(frozen=True)
class Progress:
    """How many mails were decided, and whether they gave rise to mails that are due now."""

    decided: int = 0
    seen: int = 0
    ordered_mails: bool = False


def process_waiting(
    office: Office,
    read: Reader,
    *,
    mailbox: str,
    limit: int = BATCH_SIZE,
) -> Progress:
    """Decide about the next waiting mails of one mailbox, in order.

    Raises TemporaryError when the database is busy; nothing is lost, ask again.
    """
    now = office.clock.now()
    with reading(office.engine) as connection:
        queue = waiting.waiting_mails(
            connection,
            office.keyring,
            mailbox=mailbox,
            now=now,
            limit=2 * limit,
            known=read.begun,
        )
    if not queue:
        return Progress()
    next_mails, following = queue[:limit], queue[limit:]
    outcomes = read(next_mails)
    read.begin(following)
    parsed = _with_parents(
        office, mailbox, [o for o in outcomes if isinstance(o, ParsedMail)], read
    )
    progress = _process_together(office, parsed)
    for outcome in outcomes:
        if isinstance(outcome, Unreadable):
            _give_up_or_retry(office, outcome)
    return Progress(progress.decided, len(next_mails), progress.ordered_mails)


def _with_parents(
    office: Office,
    mailbox: str,
    mails: list[ParsedMail],
    read: Reader,
) -> list[ParsedMail]:
    """Put before each answer the stored mail it answers, though its turn would come later."""
    here = {mail.message.message_id for mail in mails}
    named = {known for mail in mails for known in _ancestors(mail.message)}
    if not named:
        return mails
    if not named - here:
        return _parents_first(mails)
    with reading(office.engine) as connection:
        found = waiting.waiting_by_message_id(
            connection, office.keyring, mailbox=mailbox, message_ids=named - here
        )
    ids = {mail.stored.id for mail in mails}
    outcomes = read([stored for stored in found if stored.id not in ids])
    return _parents_first([*(one for one in outcomes if isinstance(one, ParsedMail)), *mails])


def _ancestors(message: Message) -> tuple[str, ...]:
    return tuple(filter(None, (message.in_reply_to, *message.references)))


def _parents_first(mails: list[ParsedMail]) -> list[ParsedMail]:
    """The same mails in the same order, save that no answer stands before what it answers."""
    by_id = {mail.message.message_id: mail for mail in mails if mail.message.message_id}
    placed: dict[str, ParsedMail] = {}
    opened: set[str] = set()
    waiting = list(reversed(mails))
    while waiting:
        mail = waiting[-1]
        if mail.stored.id in opened:
            placed.setdefault(mail.stored.id, mail)
            waiting.pop()
            continue
        opened.add(mail.stored.id)
        parents = (by_id[known] for known in _ancestors(mail.message) if known in by_id)
        waiting += [parent for parent in parents if parent.stored.id not in opened]
    return list(placed.values())


def _process_together(office: Office, mails: list[ParsedMail]) -> Progress:
    """All in one transaction; when that fails, each by itself, so that one cannot hold up
    the others.
    """
    if not mails:
        return Progress()
    try:
        return _decide(office, mails)
    except TemporaryError:
        raise
    except Exception as error:  # noqa: BLE001 (a bug in one mail's path must not stop the mailbox)
        log.warning("batch_failed", mails=len(mails), error=type(error).__name__)
    decided, ordered = 0, False
    for mail in mails:
        try:
            progress = _decide_alone(office, mail)
        except TemporaryError:
            raise
        except Exception as error:
            log.exception("mail_failed", mail=mail.stored.id, error=type(error).__name__)
            _give_up_or_retry(office, Unreadable(mail.stored, type(error).__name__))
        else:
            decided += progress.decided
            ordered |= progress.ordered_mails
    return Progress(decided, len(mails), ordered)


def _decide_alone(office: Office, mail: ParsedMail) -> Progress:
    """Another process may write to the same case in the same moment: that is no fault of the
    mail's, and the case is read again.
    """
    for _ in range(MOST_TRIES):
        with suppress(ConflictError, IntegrityError):
            return _decide(office, [mail])
    return _decide(office, [mail])


def _decide(office: Office, mails: Sequence[ParsedMail]) -> Progress:
    now = office.clock.now()
    read_mails = [
        ReadMail(mail.stored, mail.message, mail.verdict, digest_of(mail.message), mail.foreseen)
        for mail in mails
    ]
    batch = Batch()
    with transaction(office.engine) as connection:
        desk = lay_out(connection, office, read_mails)
        refs = _new_refs(connection, office, read_mails)
        budget = AckBudget(office.keyring, desk.house, now, partial(_writer, desk=desk))
        budget.load(connection, read_mails)
        breaker = PairBreaker(office.keyring, now)
        breaker.load(connection, read_mails)
        pen = Pen(batch, desk, now, [])
        for mail, ids in zip(read_mails, refs, strict=True):
            arrival = _arrival(mail, ids, desk, budget)
            thread = desk.thread_of(mail)
            arrival = breaker.as_heard(arrival, mail, thread)
            situation = desk.situation()
            if desk.house.staff.member(arrival.sender) is not None:
                arrival, situation = look_up_staff_mail(connection, pen, mail, thread, arrival)
            decision = decide_arrival(arrival, thread, desk.house, situation)
            decision = look_up_exposure(connection, desk, decision, cause=arrival.cause)
            if any(order.template is Template.ACKNOWLEDGEMENT for order in decision.mails):
                budget.spend(mail)
            if any(order.template is Template.CHALLENGE for order in decision.answers):
                count_challenge(connection, pen, arrival.sender)
            pen.write(mail, decision)
        pen.save(connection)
        budget.save(connection)
        breaker.save(connection)
    return Progress(len(mails), len(mails), desk.mails_ordered)


def _writer(mail: ReadMail, *, desk: Desk) -> SenderVerdict:
    """The person named in a portal's mail, else the sender."""
    arrival = Arrival(
        inbound_id=mail.stored.id,
        alias=desk.house.aliases[mail.stored.mailbox],
        message=mail.message,
        verdict=mail.verdict,
        received_at=mail.stored.internal_date,
        now=desk.office.clock.now(),
        cause="",
        ids=NewCaseIds("", ""),
    )
    portal = read_portal_mail(arrival, desk.house)
    return portal.request.verdict if portal and portal.request else mail.verdict


def _arrival(mail: ReadMail, ids: NewCaseIds, desk: Desk, budget: AckBudget) -> Arrival:
    return Arrival(
        inbound_id=mail.stored.id,
        alias=desk.house.aliases[mail.stored.mailbox],
        message=mail.message,
        verdict=mail.verdict,
        received_at=mail.stored.internal_date,
        now=desk.office.clock.now(),
        cause=mail.digest.hex(),
        ids=ids,
        acks_left=budget.allows(mail),
        accepted=desk.accepted.get(mail.stored.id),
        foreseen=mail.foreseen,
    )


def _new_refs(
    connection: Connection, office: Office, mails: Sequence[ReadMail]
) -> list[NewCaseIds]:
    """The ids each mail's case would have; a reference that is taken moves on to the next bits."""
    uids = [case_uid(office.keyring, mail.digest) for mail in mails]
    wanted = [case_ref(uid, attempt=attempt) for uid in uids for attempt in range(4)]
    taken = set(cases.taken_refs(connection, wanted))
    ids: list[NewCaseIds] = []
    for uid in uids:
        ref = next(r for a in range(4) if (r := case_ref(uid, attempt=a)) not in taken)
        taken.add(ref)
        ids.append(NewCaseIds(uid, ref))
    return ids


def _give_up_or_retry(office: Office, mail: Unreadable) -> None:
    """Three tries; then the mail is put in quarantine with a case that tells a person of it."""
    now = office.clock.now()
    if mail.retry_later or mail.stored.tries + 1 < MOST_TRIES:
        wait = _SECOND_TRY_AFTER if mail.stored.tries == 0 else _THIRD_TRY_AFTER
        if mail.retry_later:
            wait = timedelta(minutes=min(2**mail.stored.tries, 60))
        with transaction(office.engine) as connection:
            inbound.record_failed_try(
                connection, mail.stored.id, not_before=now + wait, reason=mail.reason
            )
        return
    try:
        quarantine(office, mail)
    except (ConflictError, IntegrityError):
        log.info("mail_decided_elsewhere", mail=mail.stored.id)
    else:
        log.error("mail_quarantined", mail=mail.stored.id, reason=mail.reason)


def quarantine(office: Office, mail: Unreadable) -> None:
    """A case that says "a mail could not be read", with the original bytes under its key.

    A mail that was tried again, and a second copy of it, go to the case that tells of it already.
    """
    now = office.clock.now()
    stub = ReadMail(
        mail.stored,
        _unread_message(),
        SenderVerdict(SenderLevel.V1, None, Reason.NO_VERDICT),
        mail.stored.content_index + mail.stored.content_index,
    )
    uid = case_uid(office.keyring, stub.digest)
    batch = Batch()
    with transaction(office.engine) as connection:
        desk = lay_out(connection, office, [stub])
        desk.files |= cases.load_cases(connection, office.keyring, [uid])
        pen = Pen(batch, desk, now, [])
        if uid in desk.files:
            decision = _told_already(desk.files[uid].case, mail, now)
        else:
            (ids,) = _new_refs(connection, office, [stub])
            arrival = _arrival(stub, ids, desk, AckBudget(office.keyring, desk.house, now))
            decision = triage(arrival, Thread(), desk.house, desk.situation())
        pen.write(stub, _as_quarantined(decision, mail.reason))
        pen.save(connection)


def _told_already(case: Case, mail: Unreadable, now: datetime) -> Decision:
    data = {"message": mail.stored.id, "reason": mail.reason}
    event = Event(EventKind.MAIL_QUARANTINED, now, data=data)
    return Decision(disposition=Disposition.QUARANTINED, case=case, events=(event,))


def _as_quarantined(decision: Decision, reason: str) -> Decision:
    return replace(decision, disposition=Disposition.QUARANTINED, reason=reason)


def _unread_message() -> Message:
    return Message(
        message_id=None,
        in_reply_to=None,
        references=(),
        date=None,
        sender=None,
        to=(),
        cc=(),
        reply_to=(),
        subject="",
        text="",
        new_text="",
        signature=None,
        kind=Kind.PERSON,
        ack_ok=False,
        problems=("unparsable",),
    )
