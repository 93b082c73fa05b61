"""What became of mails that were tried: their rows, the facts and the clocks of their cases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import IntegrityError

from mailflow.core.case.events import EventKind
from mailflow.core.policy.retry import AMBIGUOUS_WAIT, next_attempt
from mailflow.core.policy.settling import SETTLED, settle_timer
from mailflow.delivery.pages import Pages
from mailflow.delivery.smtp import Outcome
from mailflow.errors import ConflictError, TemporaryError
from mailflow.store import cases, outbox, timers
from mailflow.store.batch import Batch
from mailflow.store.outbox import OutboxState
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mailflow.delivery.post_room import PostRoom
    from mailflow.delivery.smtp import Answer
    from mailflow.store.outbox import OutboxMail

_RECORD_TRIES = 3
_RECORD_WAITS_SECONDS = (0.2, 0.5, 1, 2, 4, 8, 15, 15, 15, 15, 15, 15)

log = structlog.get_logger()


async def record_patiently(room: PostRoom, answers: Sequence[tuple[OutboxMail, Answer]]) -> None:
    """What the server took must not be sent again because the database was away for a moment."""
    for seconds in _RECORD_WAITS_SECONDS:
        try:
            await asyncio.to_thread(_record_safely, room, answers)
        except TemporaryError as error:
            log.warning("record_put_off", mails=len(answers), error=str(error))
            await asyncio.sleep(seconds)
        else:
            return
    await asyncio.to_thread(_record_safely, room, answers)


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
        pages = Pages(room, Batch(), files, now)
        for mail, answer in answers:
            _settle(pages, mail, answer)
        pages.finish(connection)


def _settle(pages: Pages, mail: OutboxMail, answer: Answer) -> None:
    now = pages.now
    due_at: datetime | None = None
    if answer.outcome is Outcome.DELIVERED:
        state = OutboxState.SENT
        pages.add_event(mail, EventKind.MAIL_SENT, {"message_id": mail.addressing.message_id})
        pages.meet_clocks(mail)
        if mail.order.fields.get("heading") == SETTLED and mail.case_uid is not None:
            timer = settle_timer(mail.order.cause, now=now)
            timers.add_timer(pages.batch, timer, case_uid=mail.case_uid, now=now)
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
        pages.give_up(mail, answer.reply)
    elif due_at is not None:
        pages.put_up_with(mail, next_at=due_at)
    outbox.settle_mail(
        pages.batch,
        mail,
        state=state,
        now=now,
        due_at=due_at,
        error=None if state is OutboxState.SENT else answer.reply,
        reply=answer.reply,
    )
