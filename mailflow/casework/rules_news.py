"""What became of changed files, on record once and mailed once to who keeps the rules."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.live_house import Recovered
from mailflow.casework.outside_mail import order_outside
from mailflow.casework.people_files import PeopleRefused
from mailflow.casework.rules_bundle import Activated, Refused, compile_texts
from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.core.policy.rules_admins import rules_admins_of
from mailflow.core.policy.rules_report import say_activated, say_people, say_refused
from mailflow.store import instance, rules_bundles
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.batch import Batch
from mailflow.store.session import new_id, reading, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.live_house import HouseNews, LiveHouse
    from mailflow.casework.office import Office
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.store.rules_bundles import StoredBundle

HEARTBEAT = "rules"
"""Left at each look, with the note ``ok`` or ``refused``."""

SINCE = "rules_since"
"""Left when the state changed: its age is how long good rules are in force, or bad ones wait."""

_LEASE = timedelta(seconds=60)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Report:
    """What to tell. ``state`` names it, so that of several processes only the first tells."""

    news: str
    state: str
    text: str


@dataclass
class RulesKeeper:
    """Looks at the files of one process. What could not be recorded is recorded next time.

    ``untold`` begins with what became of the files at start.
    """

    office: Office
    live: LiveHouse
    untold: list[HouseNews] = field(repr=False)

    def look(self) -> None:
        """Swap in what is good, record it, and tell. Raises TemporaryError."""
        self.untold += self.live.refresh()
        while self.untold:
            self._record(self.untold[0])
            del self.untold[0]
        note = "ok" if self.live.is_current else "refused"
        with transaction(self.office.engine) as connection:
            instance.beat(connection, HEARTBEAT, now=self.office.clock.now(), note=note)

    def _record(self, news: HouseNews) -> None:
        with reading(self.office.engine) as connection:
            stored = rules_bundles.bundle_in_force(connection)
        # Made before the transaction: reading a stored bundle takes seconds.
        text = self._say(news, stored)
        now = self.office.clock.now()
        with transaction(self.office.engine) as connection:
            holder = secrets.token_hex(8)
            instance.take_lease(connection, HEARTBEAT, holder=holder, now=now, length=_LEASE)
            self._record_once(connection, news, text, now=now)
            instance.give_up_lease(connection, HEARTBEAT, holder=holder)

    def _say(self, news: HouseNews, stored: StoredBundle | None) -> str:
        if isinstance(news, Activated):
            before = _compile(stored) if stored and stored.id != news.bundle.id else None
            return say_activated(before, news.bundle, warnings=news.warnings)
        if isinstance(news, Refused):
            in_use = (stored.id, stored.serial) if stored else None
            return say_refused(news.mistakes, news.failures, in_use=in_use)
        if isinstance(news, PeopleRefused):
            return say_people(news.mistakes)
        return say_activated(None, news.bundle)

    def _record_once(
        self, connection: Connection, news: HouseNews, text: str, *, now: datetime
    ) -> None:
        current = rules_bundles.bundle_in_force(connection)
        entries: list[AuditEntry] = []
        if isinstance(news, Activated) and (current is None or current.id != news.bundle.id):
            serial = rules_bundles.activate_bundle(connection, news.bundle.id, news.texts, now=now)
            payload: dict[str, object] = {"bundle": news.bundle.id, "serial": serial}
            entries.append(AuditEntry("rules_activated", now, payload=payload))
            log.info("rules_activated", bundle=news.bundle.id, serial=serial)
            is_first = current is None
            current = rules_bundles.bundle_in_force(connection)
        else:
            is_first = False
        report = _report(news, text, current)
        before = instance.heartbeat_note(connection, _state_of(news))
        if before == report.state:
            return
        instance.beat(connection, _state_of(news), now=now, note=report.state)
        # A site's first rules are no news to whoever has just written them.
        if not is_first and (before is not None or not isinstance(news, Activated)):
            self._mail(connection, report, current, now=now)
        if not isinstance(news, (Activated, Recovered)):
            entries.append(AuditEntry("rules_refused", now, payload={"news": report.news}))
            log.warning("rules_refused", news=report.news)
        append_audit(connection, self.office.keyring, entries)

    def _mail(
        self,
        connection: Connection,
        report: _Report,
        current: StoredBundle | None,
        *,
        now: datetime,
    ) -> None:
        house = self.live()
        batch = Batch()
        for address in rules_admins_of(house.staff):
            order = _order(report, house, current, to=address, now=now)
            order_outside(batch, self.office, order, now=now)
        batch.flush(connection)


def _state_of(news: HouseNews) -> str:
    return "people_since" if isinstance(news, PeopleRefused) else SINCE


def _report(news: HouseNews, text: str, current: StoredBundle | None) -> _Report:
    if isinstance(news, PeopleRefused):
        return _Report("people_refused", _refused_state(text), text)
    if isinstance(news, Refused):
        return _Report("refused", _refused_state(text), text)
    serial = current.serial if current else 0
    return _Report("in_force", f"ok {news.bundle.id} {serial}", text)


def _refused_state(text: str) -> str:
    """The same in every process that reads the same mistakes."""
    return f"refused {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _order(
    report: _Report, house: House, current: StoredBundle | None, *, to: str, now: datetime
) -> MailOrder:
    member = house.staff.member(to)
    bundle = f"{current.id} (serial {current.serial})" if current else house.bundle.id
    return MailOrder(
        template=Template.RULES,
        purpose="rules",
        cause=new_id(now),
        recipient=member.email if member else to,
        recipient_name=member.name if member else None,
        audience=Audience.STAFF,
        reply_purpose=Purpose.NOTE,
        lane=Lane.PEOPLE,
        due_at=now,
        locale=house.locale_of(to),
        fields={"news": report.news, "bundle": bundle, "text": report.text},
    )


def _compile(stored: StoredBundle) -> Bundle | None:
    return compile_texts(stored.texts, KnownNames())[0]
