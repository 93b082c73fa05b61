"""One case in memory, to which decisions are applied as the store would."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from mailflow.bootstrap import compose_house, read_people
from mailflow.casework.rules_bundle import load_rules
from mailflow.casework.sla_policy import load_sla
from mailflow.core.case.case_file import CaseFile
from mailflow.core.case.content import Template
from mailflow.core.case.dossier import Dossier, PendingReply, WrittenText
from mailflow.core.case.events import EventKind
from mailflow.core.case.participant import Participant
from mailflow.core.case.reply_address import Purpose
from mailflow.core.followup import follow_up
from mailflow.core.mail.authentication import Reason, SenderLevel, SenderVerdict
from mailflow.core.mail.message import Address, Kind, Message
from mailflow.core.policy.decision import (
    Acceptance,
    Arrival,
    NewCaseIds,
    Situation,
    Thread,
    TokenUse,
)
from mailflow.core.policy.ownership import Workload
from mailflow.core.policy.settling import SETTLED, settle_timer
from mailflow.core.triage import triage
from mailflow.settings import load_settings
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from mailflow.core.case.case import Case
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.events import Event
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House

EMPLOYEE = "riya.rao@acme.example"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def shipped_house() -> House:
    """The sample company's rules, staff and clocks, as they ship."""
    home = shipped_folder("config").parent
    environ = {"HR_IMAP_PASSWORD": "pw", "SMTP_PASSWORD": "pw"}
    settings = load_settings(home, environ=environ)
    rules, sla = load_rules(home / "rules"), load_sla(home / "rules")
    return compose_house(settings, read_people(settings.home), rules, sla, calibrated=True)


@dataclass
class World:
    """``letters`` are the texts that reached the employee; ``notes`` what was kept inside;
    ``absent`` are staff who are away, with their delegates; ``ordered`` is every mail in the
    order in which it was decided, ``opened`` the decisions that opened further cases.
    """

    house: House
    now: datetime = START
    file: CaseFile | None = None
    events: list[Event] = field(default_factory=list)
    notes: list[WrittenText] = field(default_factory=list)
    received: list[WrittenText] = field(default_factory=list)
    waiting: list[MailOrder] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    timers: dict[tuple[str, str, str, int], Timer] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    promoted: set[int] = field(default_factory=set)
    states: list[tuple[str, str]] = field(default_factory=list)
    ordered: list[MailOrder] = field(default_factory=list)
    opened: list[Decision] = field(default_factory=list)
    _count: int = 0

    @property
    def workload(self) -> Workload:
        return Workload({}, {}, self.absent)

    @property
    def case(self) -> Case:
        assert self.file is not None
        return self.file.case

    def employee_writes(self, text: str, *, subject: str = "") -> None:
        token = None
        if self.file is not None:
            holder = self.file.participant(EMPLOYEE)
            assert holder is not None
            token = TokenUse(holder, Purpose.REPLY)
        arrival = self._arrival(EMPLOYEE, text, subject=subject)
        decision = triage(arrival, Thread(self.file, token), self.house, Situation(self.workload))
        self._apply(decision, arrival)

    def staff_writes(self, sender: str, text: str, *, purpose: Purpose = Purpose.NOTE) -> None:
        arrival = self._arrival(sender, text)
        holder = self.file.participant(sender) if self.file else None
        if holder is None:
            return
        situation = Situation(self.workload, self._dossier())
        thread = Thread(self.file, TokenUse(holder, purpose))
        self._apply(triage(arrival, thread, self.house, situation), arrival)

    def pass_time(self, step: timedelta) -> None:
        """What is due by then happens in its order: letters leave, timers fire."""
        until = self.now + step
        while True:
            due = [order.due_at for order in self.waiting]
            due += [timer.fire_at for timer in self.timers.values()]
            if not due or min(due) > until:
                break
            self.now = max(self.now, min(due))
            self._leave()
            self._fire()
        self.now = until

    def _leave(self) -> None:
        for order in [one for one in self.waiting if one.due_at <= self.now]:
            self.waiting.remove(order)
            self.letters.append(str(order.fields.get("text", "")))
            if order.fields.get("heading") == SETTLED:
                self._set(settle_timer(order.cause, now=self.now))

    def _fire(self) -> None:
        for key, timer in list(self.timers.items()):
            if timer.fire_at <= self.now and self.file is not None:
                self.timers.pop(key, None)
                self._apply(self._follow_up(timer), None)

    def _follow_up(self, timer: Timer) -> Decision:
        assert self.file is not None
        return follow_up(timer, self.file, self.house, now=self.now, workload=self.workload)

    def receipt(self) -> tuple[str, ...]:
        """The lines of the last receipt, with ✔ or ✘ before each."""
        (*_, last) = (mail for mail in self.ordered if mail.template is Template.RECEIPT)
        lines = last.fields["lines"]
        assert isinstance(lines, list)
        return tuple(f"{'✔' if line['ok'] else '✘'} {line['text']}" for line in lines)

    def _arrival(self, sender: str, text: str, *, subject: str = "") -> Arrival:
        self._count += 1
        cause = hashlib.sha256(f"{self._count}".encode()).hexdigest()
        message = Message(
            message_id=f"{self._count}@client.example",
            in_reply_to=None,
            references=(),
            date=self.now,
            sender=Address(None, sender),
            to=(Address(None, "hr@acme.example"),),
            cc=(),
            reply_to=(),
            subject=subject,
            text=text,
            new_text=text,
            signature=None,
            kind=Kind.PERSON,
            ack_ok=True,
        )
        ids = [NewCaseIds(cause[n : n + 32], f"HR-00000{n}") for n in range(4)]
        return Arrival(
            inbound_id=cause[:32],
            alias=self.house.aliases["hr"],
            message=message,
            verdict=SenderVerdict(SenderLevel.V3, sender, Reason.OWN_DKIM),
            received_at=self.now,
            now=self.now,
            cause=cause,
            ids=ids[0],
            accepted=Acceptance.CONFIRMED if "#hold" in text or "#release" in text else None,
            more_ids=tuple(ids[1:]),
        )

    def _dossier(self) -> Dossier:
        return Dossier(
            received=tuple(self.received),
            notes=tuple(self.notes),
            pending=tuple(
                PendingReply(order.cause, order.cause, order.recipient, order.due_at, "")
                for order in self.waiting
            ),
            promoted=frozenset(self.promoted),
            is_answered=bool(self.letters),
        )

    def _set(self, timer: Timer) -> None:
        self.timers[timer.kind, timer.target, timer.step, timer.generation] = timer

    def _apply(self, decision: Decision, arrival: Arrival | None) -> None:
        case = decision.case
        if case is None:
            return
        before = self.file
        assert before is None or before.case.uid == case.uid or decision.opens_case
        self.ordered += decision.mails
        if before is not None and decision.opens_case:
            self.opened.append(decision)
            return  # a case of its own follows; this world keeps to the first
        if before is not None:
            self.states.append((before.case.state, case.state))
        people = list(before.participants) if before else []
        for one in decision.joining:
            if all(who.address != one.address for who in people):
                people.append(
                    Participant(one.address, one.address, one.name, one.role, one.audience)
                )
        clocks = self._clocks(before.clocks if before else (), decision)
        self.file = CaseFile(case, tuple(people), clocks)
        self.events += decision.events
        for key in [key for key in self.timers if key[1] in decision.dropped]:
            del self.timers[key]
        for timer in decision.timers:
            self._set(timer)
        self.waiting = [one for one in self.waiting if one.cause not in decision.cancels]
        self.waiting += [m for m in decision.mails if m.template is Template.REPLY]
        self._file_texts(decision, arrival)

    def _clocks(self, clocks: tuple[CaseClock, ...], decision: Decision) -> tuple[CaseClock, ...]:
        known = {id(clock) for clock in clocks}
        assert all(id(old) in known for old, _ in decision.changed_clocks)
        changed = {id(old): new for old, new in decision.changed_clocks}
        return (*(changed.get(id(c), c) for c in clocks), *decision.new_clocks)

    def _file_texts(self, decision: Decision, arrival: Arrival | None) -> None:
        if arrival is not None and decision.files_as == "in":
            self.received.append(self._text(self.received, EMPLOYEE, arrival.message.new_text))
        for one in decision.texts:
            self.notes.append(self._text(self.notes, one.sender, one.text))
        for event in decision.events:
            number = event.data.get("n")
            if event.kind is EventKind.NOTE_PROMOTED and isinstance(number, int):
                self.promoted.add(number)

    def _text(self, kind: list[WrittenText], author: str, text: str) -> WrittenText:
        number = len(kind) + 1
        return WrittenText(number, f"{author}:{number}", author, self.now, text)


def replay(events: list[Event]) -> dict[str, object]:
    """State, owner and what was recorded, as the events alone tell."""
    told: dict[str, object] = {"parties": 0, "actions": 0, "allegations": 0}
    counted = {
        EventKind.PARTY_ADDED: "parties",
        EventKind.ACTION_ADDED: "actions",
        EventKind.ALLEGATION_ADDED: "allegations",
    }
    for event in events:
        if event.kind is EventKind.STATE_CHANGED:
            told["state"] = str(event.data["to"])
        if event.kind is EventKind.OWNER_ASSIGNED:
            told["owner"] = event.data["owner"]
        if event.kind in (EventKind.RISK_RAISED, EventKind.RISK_LOWERED):
            told["risk"] = str(event.data["to"])
        name = counted.get(event.kind)
        if name is not None:
            told[name] = int(str(told[name])) + 1
    return told
