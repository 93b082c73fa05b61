"""Sending what is due: claim under a lease, ask the gate, render once, send, record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from mailflow.core.case.access import Action, may
from mailflow.core.case.content import Template
from mailflow.core.case.reply_address import Audience
from mailflow.delivery.circuit_breaker import hasten_unreached
from mailflow.delivery.digest import put_together
from mailflow.delivery.enclosures import fetch_enclosures
from mailflow.delivery.group_commit import GroupCommit
from mailflow.delivery.pages import Pages
from mailflow.delivery.record_answers import record_patiently
from mailflow.delivery.render import class_shown
from mailflow.delivery.render_outside import render_outside
from mailflow.delivery.smtp import Answer, Envelope, Outcome, SmtpConnection
from mailflow.errors import ConflictError, SealError, TemporaryError
from mailflow.keys.token_addresses import bounce_address
from mailflow.store import cases, messages, outbox, outbox_claims
from mailflow.store.batch import Batch
from mailflow.store.outbox_claims import Wanted
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.delivery.post_room import PostRoom
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage
    from mailflow.store.outbox import OutboxMail
    from mailflow.store.outbox_claims import Claim

LEASE = timedelta(minutes=2)
BATCH_SIZE = 50
_CLAIM_TRIES = 3

log = structlog.get_logger()


@dataclass(frozen=True)
class Sent:
    """``claimed`` mails were taken, of which ``reached`` the server in some way."""

    claimed: int = 0
    delivered: int = 0
    reached: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.claimed + other.claimed,
            self.delivered + other.delivered,
            self.reached + other.reached,
        )


@dataclass(frozen=True)
class _Ready:
    mail: OutboxMail
    bytes: bytes

    @property
    def claim(self) -> Claim:
        return self.mail.id, self.mail.fence


@dataclass(frozen=True)
class _Batch:
    """On trial is the one mail that finds out whether the relay is well again."""

    ready: Sequence[_Ready] = ()
    claimed: int = 0
    is_trial: bool = False


class _LeaseLostError(Exception):
    """Another worker has the mail by now: whatever becomes of it is theirs to say."""


async def deliver_due(
    room: PostRoom,
    connections: Sequence[SmtpConnection],
    *,
    lanes: Collection[int],
    limit: int = BATCH_SIZE,
    batches: int = 1,
    is_time_trusted: Callable[[], bool] = lambda: True,
) -> Sent:
    """Send the due mails of these lanes over the kept connections, a batch after the other; each
    is prepared while the one before is sent. While the time is not trusted, only mails go that
    were due from the first: none that time has made due.

    Raises TemporaryError when the database is busy; what was claimed comes due again by itself.
    """

    def take() -> _Batch:
        allowed, is_trial = room.breaker.ask_for(limit)
        if not allowed:
            return _Batch()
        try:
            wanted = Wanted(tuple(lanes), allowed, may_have_waited=is_time_trusted())
            ready, claimed = _claim_safely(room, wanted)
        except BaseException:
            if is_trial:
                room.breaker.through()
            raise
        return _Batch(ready, claimed, is_trial=is_trial)

    total = Sent()
    ahead: asyncio.Task[_Batch] | None = asyncio.create_task(asyncio.to_thread(take))
    try:
        for left in reversed(range(batches)):
            batch, ahead = await cast("asyncio.Task[_Batch]", ahead), None
            if left and batch.claimed:
                ahead = asyncio.create_task(asyncio.to_thread(take))
            total += await _deliver_batch(room, connections, batch)
            if ahead is None:
                break
    finally:
        if ahead is not None:
            prepared = await ahead
            if prepared.is_trial:
                room.breaker.through()
            await asyncio.to_thread(_put_back, room, [one.mail for one in prepared.ready])
    return total


async def _deliver_batch(
    room: PostRoom, connections: Sequence[SmtpConnection], batch: _Batch
) -> Sent:
    ledger: GroupCommit[Claim] = GroupCommit(lambda items: _note_dots(room, items))
    keeper = asyncio.create_task(_keep_leases(room, [one.claim for one in batch.ready]))
    answers: list[tuple[OutboxMail, Answer]] = []
    try:
        answers, untried = await _send_all(room, connections, batch, ledger)
        if answers:
            await record_patiently(room, answers)
        if untried:
            await asyncio.to_thread(_put_back, room, untried)
        await asyncio.to_thread(hasten_unreached, room)
    finally:
        keeper.cancel()
        if batch.is_trial and not answers:
            room.breaker.through()
    delivered = sum(answer.outcome is Outcome.DELIVERED for _, answer in answers)
    reached = sum(answer.reply[:1].isdigit() for _, answer in answers)
    return Sent(batch.claimed, delivered, reached)


async def _send_all(
    room: PostRoom,
    connections: Sequence[SmtpConnection],
    batch: _Batch,
    ledger: GroupCommit[Claim],
) -> tuple[list[tuple[OutboxMail, Answer]], list[OutboxMail]]:
    """What became of each mail, and those that were not tried since the relay is left alone."""
    waiting = list(reversed(batch.ready))
    answers: list[tuple[OutboxMail, Answer]] = []

    async def work(connection: SmtpConnection) -> None:
        while waiting and (batch.is_trial or not room.breaker.is_open):
            one = waiting.pop()
            mail = one.mail
            envelope = Envelope(_reverse_path(room, mail), mail.order.recipient, one.bytes)
            note = partial(_note_dot, ledger, one.claim)
            try:
                answer = await connection.send(envelope, before_final_dot=note)
            except _LeaseLostError:
                log.warning("lease_lost", mail=mail.id)
                continue
            except (TemporaryError, DBAPIError) as error:
                # The dot was not sent, since it could not be noted: nothing has left.
                answer = Answer(Outcome.TRANSIENT, type(error).__name__)
            room.breaker.note(answer)
            answers.append((mail, answer))

    await asyncio.gather(*(work(c) for c in connections[: len(batch.ready)]))
    return answers, [one.mail for one in waiting]


def _put_back(room: PostRoom, mails: Sequence[OutboxMail]) -> None:
    with transaction(room.engine) as connection:
        outbox_claims.put_back(connection, mails, now=room.clock.now())


def _reverse_path(room: PostRoom, mail: OutboxMail) -> str:
    """Tagged, so that a bounce finds its case; null to outsiders, who could be made to loop."""
    house = room.house()
    alias = next(iter(house.aliases.values())).address
    if not room.tags_bounces or not mail.addressing.bounce_token:
        return alias
    if mail.order.template is Template.ACKNOWLEDGEMENT and mail.order.audience is Audience.EXTERNAL:
        return ""
    return bounce_address(alias, mail.addressing.bounce_token, room.reply_domain)


def _claim_safely(room: PostRoom, wanted: Wanted) -> tuple[list[_Ready], int]:
    """A case may be written to by another process in the same moment: then look again. A mail
    that does not open is looked at alone, so that it holds up no other.
    """
    for _ in range(_CLAIM_TRIES):
        try:
            return _claim(room, wanted)
        except SealError:
            wanted = replace(wanted, limit=1)
        except (ConflictError, IntegrityError):
            continue
    raise TemporaryError("database: the cases of due mail are being written to")


def _claim(room: PostRoom, wanted: Wanted) -> tuple[list[_Ready], int]:
    """Raises SealError when one of several mails does not open; a single one is buried."""
    now = room.clock.now()
    with transaction(room.engine) as connection:
        rows = outbox_claims.claim_due(connection, wanted, now=now, lease=LEASE)
        if len(rows) > 1:
            return _prepare(connection, room, rows, now=now), len(rows)
        for row in rows:
            try:
                with connection.begin_nested():
                    return _prepare(connection, room, rows, now=now), 1
            except SealError:
                log.exception("mail_dead", mail=row["id"], reply="broken seal")
                outbox_claims.bury_unopened(connection, row["id"], now=now)
    return [], len(rows)


def _prepare(
    connection: Connection, room: PostRoom, rows: Sequence[RowMapping], *, now: datetime
) -> list[_Ready]:
    """The claimed mails that may go, as bytes that are frozen from now on."""
    ready: list[_Ready] = []
    uids = {row["case_uid"] for row in rows if row["case_uid"]}
    files = cases.load_cases(connection, room.keyring, uids)
    vaults = {uid: loaded.vault for uid, loaded in files.items()}
    mails = outbox.open_claimed(connection, room.keyring, rows, vaults)
    shown = messages.load_shown(
        connection, vaults, [m.order.shows for m in mails if m.order.shows and m.body is None]
    )
    pages = Pages(room, Batch(), files, now)
    bodies = {}
    allowed = pages.keep_allowed(mails)
    digests = put_together(connection, room, pages, allowed)
    for mail in allowed:
        if mail.id in digests.left_out:
            continue
        if mail.body is not None:
            ready.append(_Ready(mail, mail.body))
            continue
        body = _write(connection, pages, mail, shown, also_due=digests.lines.get(mail.id, ()))
        if body is not None and mail.key is not None:
            bodies[mail.id] = (mail.key, body)
            ready.append(_Ready(mail, body))
    outbox.store_bodies(connection, bodies)
    pages.finish(connection)
    return ready


def _write(
    connection: Connection,
    pages: Pages,
    mail: OutboxMail,
    shown: Mapping[str, FiledMessage],
    *,
    also_due: Sequence[Mapping[str, str]],
) -> bytes | None:
    """The bytes of one mail with what it encloses; None when it cannot be rendered or may not be
    read by its recipient.
    """
    if mail.case_uid is None:
        try:
            return render_outside(pages.room, mail)
        except ValueError as error:
            pages.spoil(mail, error)
            return None
    loaded = pages.files.get(mail.case_uid)
    if loaded is None:
        return None
    if mail.order.fields.get("transcript") and not _may_read(pages, mail, loaded):
        pages.cancel(mail, "role")
        return None
    message = _shown_of(mail, shown)
    shown_class = class_shown(mail, loaded.file, pages.room.house(), now=pages.now)
    found = fetch_enclosures(
        connection, pages.room.keyring, mail, loaded, message, case_class=shown_class
    )
    rendered = pages.render(replace(mail, enclosures=found), message, also_due=also_due)
    return rendered.mail if rendered else None


def _may_read(pages: Pages, mail: OutboxMail, loaded: LoadedCase) -> bool:
    house = pages.room.house()
    today = pages.now.astimezone(house.zone).date()
    person = house.person(mail.order.recipient)
    return may(person, loaded.case, Action.READ, today=today).allowed


async def _note_dot(ledger: GroupCommit[Claim], claim: Claim) -> None:
    if not await ledger.note(claim):
        raise _LeaseLostError


def _shown_of(mail: OutboxMail, shown: Mapping[str, FiledMessage]) -> FiledMessage | None:
    """A mail that was in quarantine and is read at last belongs to another case by then, which
    the recipient of this one may not know of.
    """
    message = shown.get(mail.order.shows or "")
    return message if message is not None and message.case_uid == mail.case_uid else None


def _note_dots(room: PostRoom, items: list[Claim]) -> Collection[Claim]:
    with transaction(room.engine) as connection:
        return outbox.mark_data_ended(connection, items)


async def _keep_leases(room: PostRoom, claims: Sequence[Claim]) -> None:
    """While this process lives, a slow server or a long batch lets no other worker send as well."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 4)
        try:
            await asyncio.to_thread(_prolong, room, claims)
        except (TemporaryError, DBAPIError) as error:
            log.warning("lease_not_prolonged", error=type(error).__name__)


def _prolong(room: PostRoom, claims: Sequence[Claim]) -> None:
    with transaction(room.engine) as connection:
        outbox_claims.prolong(connection, claims, until=room.clock.now() + LEASE)
