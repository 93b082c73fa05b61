"""What promises would have meant for past mail: threads, answers, and who would have breached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.case import Risk
from mailflow.core.policy.sla import CaseFacts, Promise, promises_for
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.sla import SlaPolicy

SIMULATED = (Target.ACKNOWLEDGE, Target.FIRST_RESPONSE, Target.RESOLVE)


@dataclass(frozen=True)
class PastMail:
    """``parents`` are the ids of In-Reply-To and References; ``sender`` is in normal form."""

    message_id: str | None
    parents: tuple[str, ...]
    sender: str
    at: datetime
    is_by_person: bool = True


@dataclass(frozen=True)
class PastRequest:
    """One thread as a case: who was answered when. None: never, as far as the mailbox tells.

    ``resolved_at`` is the last answer by a person, which is as near as mail alone can come.
    """

    received_at: datetime
    acknowledged_at: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    answer_count: int

    def met_at(self, target: Target) -> datetime | None:
        if target is Target.ACKNOWLEDGE:
            return self.acknowledged_at
        return self.first_response_at if target is Target.FIRST_RESPONSE else self.resolved_at


@dataclass(frozen=True)
class TargetOutcome:
    """``running`` were neither met nor due when the mailbox ends; they count as neither."""

    sla: str
    target: Target
    promise: str
    met: int
    breached: int
    running: int


@dataclass(frozen=True)
class Workload:
    """What the same mail asks of people, by the calendar's working days."""

    requests: int
    requests_per_working_day: float
    answers_per_working_day: float


def group_threads(mails: Iterable[PastMail]) -> tuple[tuple[PastMail, ...], ...]:
    """Mails that name each other by Message-ID, each thread and the threads by time."""
    threads: dict[str, list[PastMail]] = {}
    for number, mail in enumerate(sorted(mails, key=lambda mail: mail.at)):
        ids = _names(mail) or (f"no id {number}",)
        known = {id(threads[name]): threads[name] for name in ids if name in threads}
        largest = max(known.values(), key=len, default=[])
        joined = [other for other in known.values() if other is not largest]
        for other in joined:
            largest.extend(other)
        largest.append(mail)
        moved = (name for other in joined for one in other for name in _names(one))
        for name in (*ids, *moved):
            threads[name] = largest
    found = {id(thread): thread for thread in threads.values()}
    ordered = (tuple(sorted(thread, key=lambda mail: mail.at)) for thread in found.values())
    return tuple(sorted(ordered, key=lambda thread: thread[0].at))


def read_requests(
    threads: Iterable[Sequence[PastMail]], *, domains: Collection[str]
) -> tuple[PastRequest, ...]:
    """Threads that a person opened. An answer is a later mail of another address of ``domains``."""
    requests = []
    for first, *later in threads:
        if not first.is_by_person:
            continue
        answers = [
            mail
            for mail in later
            if mail.sender != first.sender and mail.sender.rpartition("@")[2] in domains
        ]
        by_people = [mail.at for mail in answers if mail.is_by_person]
        requests.append(
            PastRequest(
                received_at=first.at,
                acknowledged_at=answers[0].at if answers else None,
                first_response_at=by_people[0] if by_people else None,
                resolved_at=by_people[-1] if by_people else None,
                answer_count=len(by_people),
            )
        )
    return tuple(requests)


def simulate_set(
    policy: SlaPolicy,
    sla: str,
    requests: Sequence[PastRequest],
    *,
    until: datetime,
    team_calendar: str,
) -> tuple[TargetOutcome, ...]:
    """The set applied to every request. ``until`` is when the mailbox's mail ends."""
    if not requests:
        return ()
    facts = CaseFacts((sla,), Risk.LOW, team_calendar=team_calendar)
    promises = promises_for(policy, facts, start=requests[0].received_at)
    by_name = {promise.name: promise for promise in promises}
    return tuple(
        _judge(sla, target, by_name[target.value], requests=requests, until=until)
        for target in SIMULATED
        if target.value in by_name
    )


def measure_workload(
    requests: Sequence[PastRequest], calendar: Calendar, *, until: datetime
) -> Workload:
    """Means over the working days between the first request and ``until``."""
    if not requests:
        return Workload(0, 0.0, 0.0)
    working_time = calendar.working_time
    first = working_time.local_date(requests[0].received_at)
    days = max(working_time.count_working_days(first, working_time.local_date(until)), 1)
    answers = sum(request.answer_count for request in requests)
    return Workload(len(requests), round(len(requests) / days, 2), round(answers / days, 2))


def _names(mail: PastMail) -> tuple[str, ...]:
    own = (mail.message_id,) if mail.message_id else ()
    return tuple(dict.fromkeys((*own, *mail.parents)))


def _judge(
    sla: str,
    target: Target,
    promise: Promise,
    *,
    requests: Sequence[PastRequest],
    until: datetime,
) -> TargetOutcome:
    met = breached = 0
    for request in requests:
        due = promise.due(request.received_at)
        met_at = request.met_at(target)
        if due is not None and met_at is not None and met_at <= due:
            met += 1
        elif due is not None and (met_at is not None or due < until):
            breached += 1
    running = len(requests) - met - breached
    return TargetOutcome(sla, target, str(promise.duration), met, breached, running)
