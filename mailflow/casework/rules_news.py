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
from mailflow.errors import TemporaryError
from mailflow.store import instance, rules_bundles
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.batch import Batch
from mailflow.store.session import new_id, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.live_house import HouseNews, LiveHouse
    from mailflow.casework.office import Office
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.backtest import BacktestResult
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.store.rules_bundles import StoredBundle

    TryOnPastMail = Callable[[Bundle, Bundle], BacktestResult]

HEARTBEAT = "rules"
"""Left at each look, with the note ``ok`` or ``refused``."""

SINCE = "rules_since"
"""Left when the state changed: its age is how long good rules are in force, or bad ones wait."""

_KEEPING, _TELLING = "rules_kept", "rules_told"
# Longer than trying the rules on past mail may take.
_LEASE = timedelta(minutes=5)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Report:
    """What to tell. ``state`` names it, so that of several processes only the first tells."""

    news: str
    state: str
    text: str


@dataclass
class RulesKeeper:
    """Looks at the files of one process, and tells. What could not be told is told next time.

    ``untold`` begins with what became of the files at start.
    """

    office: Office
    live: LiveHouse
    untold: list[HouseNews] = field(repr=False)
    _unkept: list[Activated] = field(init=False, repr=False)
    _unlogged: list[HouseNews] = field(init=False, repr=False)
    _holder: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)

    def __post_init__(self) -> None:
        self._unkept = [one for one in self.untold if isinstance(one, Activated)]
        self._unlogged = list(self.untold)

    def look(self) -> None:
        """Swap in what is good, and keep it in the database. Raises TemporaryError."""
        news = self.live.refresh()
        self.untold += news
        for one in (*self._unlogged, *news):
            _log_refusal(one)
        self._unlogged.clear()
        self._unkept += [one for one in news if isinstance(one, Activated)]
        while self._unkept:
            self._keep(self._unkept[0])
            del self._unkept[0]
        note = "ok" if self.live.is_current else "refused"
        with transaction(self.office.engine) as connection:
            instance.beat(connection, HEARTBEAT, now=self.office.clock.now(), note=note)

    def tell(self, try_on_past_mail: TryOnPastMail) -> None:
        """Mail who keeps the rules; of several processes with the same news only one does.

        This may take a minute, since the new rules are tried on past mail. Raises TemporaryError.
        """
        while self.untold and self._tell(self.untold[0], try_on_past_mail):
            del self.untold[0]

    def _keep(self, news: Activated) -> None:
        now = self.office.clock.now()
        with transaction(self.office.engine) as connection:
            holder = secrets.token_hex(8)
            instance.take_lease(connection, _KEEPING, holder=holder, now=now, length=_LEASE)
            current = rules_bundles.bundle_in_force(connection)
            if current is None or current.id != news.bundle.id:
                serial = rules_bundles.activate_bundle(
                    connection, news.bundle.id, news.texts, now=now
                )
                facts: dict[str, object] = {"bundle": news.bundle.id, "serial": serial}
                entry = AuditEntry("rules_activated", now, payload=facts)
                append_audit(connection, self.office.keyring, [entry])
                log.info("rules_activated", bundle=news.bundle.id, serial=serial)
            instance.give_up_lease(connection, _KEEPING, holder=holder)

    def _tell(self, news: HouseNews, try_on_past_mail: TryOnPastMail) -> bool:
        """Whether it is told now, by whatever process."""
        now = self.office.clock.now()
        name = _state_of(news)
        with transaction(self.office.engine) as connection:
            if not instance.take_lease(
                connection, _TELLING, holder=self._holder, now=now, length=_LEASE
            ):
                return False
            current = rules_bundles.bundle_in_force(connection)
            before = instance.heartbeat_note(connection, name)
            earlier = rules_bundles.bundle_before(connection, current) if current else None
        report = _report(news, self._say(news, current, None, None), current)
        is_told = before == report.state or _is_superseded(news, current)
        # A site's first rules are no news to whoever has just written them.
        is_silent = before is None and isinstance(news, Activated)
        if not is_told and not is_silent and isinstance(news, Activated):
            text = self._say(news, current, earlier, try_on_past_mail)
            report = _report(news, text, current)
        with transaction(self.office.engine) as connection:
            if not is_told:
                instance.beat(connection, name, now=now, note=report.state)
                if not is_silent:
                    self._mail(connection, report, current, now=now)
                self._note_refusal(connection, news, report, now=now)
            instance.give_up_lease(connection, _TELLING, holder=self._holder)
        return True

    def _note_refusal(
        self, connection: Connection, news: HouseNews, report: _Report, *, now: datetime
    ) -> None:
        if isinstance(news, (Activated, Recovered)):
            return
        entry = AuditEntry("rules_refused", now, payload={"news": report.news})
        append_audit(connection, self.office.keyring, [entry])

    def _say(
        self,
        news: HouseNews,
        current: StoredBundle | None,
        earlier: StoredBundle | None,
        try_on_past_mail: TryOnPastMail | None,
    ) -> str:
        if isinstance(news, Activated):
            before = _compile(earlier) if earlier is not None else None
            past = _try(try_on_past_mail, before, news.bundle)
            return say_activated(before, news.bundle, warnings=news.warnings, past=past)
        if isinstance(news, Refused):
            in_use = (current.id, current.serial) if current else None
            return say_refused(news.mistakes, news.failures, in_use=in_use)
        if isinstance(news, PeopleRefused):
            return say_people(news.mistakes)
        return say_activated(None, news.bundle)

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


def _log_refusal(news: HouseNews) -> None:
    """Where the first mistake is; the files' own words are for `rules check` and the mail."""
    if not isinstance(news, (Refused, PeopleRefused)):
        return
    places = [f"{one.file}:{one.line}" for one in news.mistakes if one.severity == "error"]
    if isinstance(news, Refused):
        tests = (outcome.test.place for outcome in news.failures)
        places += [f"{place.file}:{place.line}" for place in tests]
    event = "rules_refused" if isinstance(news, Refused) else "people_refused"
    log.warning(event, first=places[0] if places else None, more=max(len(places) - 1, 0))


def _is_superseded(news: HouseNews, current: StoredBundle | None) -> bool:
    """Another process has put newer rules in force before these could be told."""
    return isinstance(news, Activated) and current is not None and current.id != news.bundle.id


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


def _try(
    try_on_past_mail: TryOnPastMail | None, before: Bundle | None, after: Bundle
) -> BacktestResult | None:
    if try_on_past_mail is None or before is None:
        return None
    try:
        return try_on_past_mail(before, after)
    except TemporaryError:
        raise
    except Exception as error:
        # The rules are in force already, and their admins must hear of it all the same.
        log.exception("rules_not_tried_on_past_mail", error=type(error).__name__)
        return None
