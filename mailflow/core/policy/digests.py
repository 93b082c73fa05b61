"""When a nudge may be mailed, and what goes together: quiet hours and digests, no sending."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.sla import NudgeMail


@dataclass(frozen=True)
class DueNudge:
    """One rung for one person. ``case`` is the reference; ``is_open`` is asked at sending time.

    ``is_open`` is false once the clock was met, the case closed or the clock paused.
    """

    recipient: str
    case: str
    target: str
    step: str
    due: datetime
    passed_at: datetime
    risk: Risk
    is_sensitive: bool = False
    is_open: bool = True


@dataclass(frozen=True)
class DigestLine:
    """``shows_subject`` is false for sensitive cases: reference and due time only."""

    case: str
    target: str
    step: str
    due: datetime
    shows_subject: bool


@dataclass(frozen=True)
class Digest:
    """One mail to one person; an urgent case has a digest of its own with one line."""

    recipient: str
    lines: tuple[DigestLine, ...]
    is_urgent: bool = False


def may_send_at(
    passed_at: datetime, *, risk: Risk, nudge_mail: NudgeMail, calendar: Calendar | None
) -> datetime:
    """The rung's own time, or the recipient's next opening when quiet hours hold it.

    ``calendar`` is the recipient's; without one there are no quiet hours to keep.
    """
    is_urgent = risk.rank >= nudge_mail.urgent_from.rank
    if is_urgent or not nudge_mail.keeps_quiet_hours or calendar is None:
        return passed_at
    return calendar.working_time.next_opening(passed_at)


def compose_digests(
    nudges: Iterable[DueNudge],
    *,
    now: datetime,
    nudge_mail: NudgeMail,
    last_digest_at: Mapping[str, datetime],
    calendars: Mapping[str, Calendar],
) -> tuple[Digest, ...]:
    """The mails to send now; what is missing from them waits for its recipient's next turn.

    Urgent nudges go at once and alone; others at most once per ``digest_every`` and person, and
    in the person's opening hours only. Both mappings are by recipient. Of one case and target
    only the highest rung is listed, and nothing that is not open any more (SLA rule 8).
    """
    ready = [
        nudge
        for nudge in nudges
        if nudge.is_open
        and may_send_at(
            now,
            risk=nudge.risk,
            nudge_mail=nudge_mail,
            calendar=calendars.get(nudge.recipient),
        )
        <= now
    ]
    threshold = nudge_mail.urgent_from.rank
    urgent = _highest_only(nudge for nudge in ready if nudge.risk.rank >= threshold)
    alone = [Digest(nudge.recipient, (_line(nudge),), is_urgent=True) for nudge in urgent]
    together = []
    others = _highest_only(nudge for nudge in ready if nudge.risk.rank < threshold)
    for recipient, group in groupby(others, key=lambda nudge: nudge.recipient):
        last = last_digest_at.get(recipient)
        if last is None or now - last >= nudge_mail.digest_every:
            together.append(Digest(recipient, tuple(_line(nudge) for nudge in group)))
    return (*alone, *together)


def _highest_only(nudges: Iterable[DueNudge]) -> list[DueNudge]:
    """One nudge per person, case and target: the last passed; by person, then by due time."""
    highest: dict[tuple[str, str, str], DueNudge] = {}
    for nudge in sorted(nudges, key=lambda nudge: nudge.passed_at):
        highest[nudge.recipient, nudge.case, nudge.target] = nudge
    return sorted(
        highest.values(), key=lambda nudge: (nudge.recipient, nudge.due, nudge.case, nudge.target)
    )


def _line(nudge: DueNudge) -> DigestLine:
    return DigestLine(
        nudge.case, nudge.target, nudge.step, nudge.due, shows_subject=not nudge.is_sensitive
    )
