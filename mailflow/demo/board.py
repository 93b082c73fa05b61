"""What there is to see at one moment: mails in, cases, mails out, read from the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.demo.company import ALIAS, Part
from mailflow.store import cases, outbox, waiting
from mailflow.store.ledger import PAGE_SIZE, LedgerLine, read_ledger
from mailflow.store.outbox import OutboxState
from mailflow.store.session import reading

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sqlalchemy import Connection

    from mailflow.bootstrap import Runtime
    from mailflow.core.case.case import Risk
    from mailflow.core.mail.message import Message
    from mailflow.demo.post_office import Delivered
    from mailflow.demo.servers import PrivateServers
    from mailflow.store.cases import LoadedCase

_ENDED = (State.CLOSED, State.CANCELLED)
_WORDS = {"list": "newsletter", "auto_reply": "auto-reply", "auto_generated": "automatic"}


@dataclass(frozen=True)
class MailIn:
    """``became`` is "" until the product has decided; ``ref`` is the case it is filed under."""

    at: datetime
    message: Message = field(repr=False)
    became: str
    ref: str | None


@dataclass(frozen=True)
class CaseRow:
    """``due`` is the running clock that ends first: its target and when."""

    ref: str
    opened_at: datetime
    category: str
    is_sealed: bool
    risk: Risk
    state: State
    owner: str
    owner_name: str
    due: tuple[str, datetime] | None


@dataclass(frozen=True)
class MailOut:
    at: datetime
    template: str
    recipient: str
    recipient_name: str
    ref: str
    state: OutboxState


@dataclass(frozen=True)
class Board:
    """All three lists oldest first. ``is_settled``: nothing waits to be decided or sent."""

    mails_in: tuple[MailIn, ...] = ()
    cases: tuple[CaseRow, ...] = ()
    mails_out: tuple[MailOut, ...] = ()
    is_settled: bool = False
    delivered: tuple[Delivered, ...] = field(default=(), repr=False)
    zone: tzinfo | None = None


def read_board(runtime: Runtime, servers: PrivateServers) -> Board:
    """Raises TemporaryError when the database is busy."""
    alias = servers.company.find(ALIAS)
    assert alias is not None  # noqa: S101 - every company has its alias
    # In this order: what was delivered before has left the inbox, so it is stored; nothing
    # stored waits; then each of these mails has been decided when the cases are read.
    arrived = tuple(copy for copy in servers.delivered if copy.account.part is Part.ALIAS)
    lies_there = servers.count_mails(alias)
    now = runtime.clock.now()
    with reading(runtime.engine) as connection:
        waits = waiting.has_waiting(connection, now=now) or waiting.next_waiting_at(connection)
        is_decided = not lies_there and not waits
        uids = cases.list_case_uids(connection, runtime.keyring)
        loaded = cases.load_cases(connection, runtime.keyring, uids)
        in_order = sorted(loaded.values(), key=lambda one: (one.case.opened_at, one.case.ref))
        decided = _decided(connection, runtime)
        mails_out = _mails_out(connection, runtime, loaded)
    return Board(
        mails_in=tuple(_mail_in(copy, decided) for copy in arrived),
        cases=tuple(_case_row(one, runtime) for one in in_order),
        mails_out=mails_out,
        is_settled=is_decided
        and not any(
            mail.state in (OutboxState.QUEUED, OutboxState.SENDING) and mail.at <= now
            for mail in mails_out
        ),
        delivered=servers.delivered,
        zone=runtime.office.house().zone,
    )


def _decided(connection: Connection, runtime: Runtime) -> dict[str, LedgerLine]:
    """The line of each mail that the product has decided about, by its Message-ID."""
    decided: dict[str, LedgerLine] = {}
    after = ""
    while True:
        page = read_ledger(connection, runtime.keyring, after=after)
        for line in page:
            after = line.row_id
            if line.disposition is not None:
                decided.setdefault(line.message_id or "", line)
        if len(page) < PAGE_SIZE:
            return decided


def _mail_in(copy: Delivered, decided: dict[str, LedgerLine]) -> MailIn:
    line = decided.get(copy.message.message_id or "")
    if line is None or line.disposition is None:
        return MailIn(copy.at, copy.message, "", None)
    became = _WORDS.get(line.disposition, line.disposition)
    return MailIn(copy.at, copy.message, became, line.case)


def _case_row(one: LoadedCase, runtime: Runtime) -> CaseRow:
    case = one.case
    owner = runtime.office.house().staff.member(case.owner)
    running = [
        (clock.target, clock.due_at)
        for clock in one.file.clocks
        if clock.is_running and clock.due_at is not None
    ]
    has_ended = case.state in _ENDED
    return CaseRow(
        ref=case.ref,
        opened_at=case.opened_at,
        category=case.category,
        is_sealed=case.case_class.is_sealed,
        risk=case.risk,
        state=case.state,
        owner=case.owner,
        owner_name=owner.name if owner else case.owner,
        due=None if has_ended else min(running, key=lambda due: due[1], default=None),
    )


def _mails_out(
    connection: Connection, runtime: Runtime, loaded: dict[str, LoadedCase]
) -> tuple[MailOut, ...]:
    found: list[MailOut] = []
    for row in outbox.list_rows(connection):
        one = loaded.get(row["case_uid"] or "")
        mail = outbox.open_row(runtime.keyring, row, one.vault if one else None)
        found.append(
            MailOut(
                at=mail.sent_at or mail.due_at,
                template=mail.order.template,
                recipient=mail.order.recipient,
                recipient_name=mail.order.recipient_name or mail.order.recipient,
                ref=one.case.ref if one else "",
                state=mail.state,
            )
        )
    return tuple(found)
