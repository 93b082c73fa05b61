"""What the database tells about the health of a site: who is alive, what waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.finding import error, good, warning
from mailflow.store import calibrations, held_items, instance, outbox_pages, set_aside
from mailflow.store.calibrations import CalibrationState
from mailflow.store.database_clock import database_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.core.finding import Finding
    from mailflow.store.calibrations import Remembered

_SILENT_AFTER = timedelta(minutes=5)
_CLOCK_TOLERANCE = timedelta(minutes=1)
_RECALIBRATE_AFTER = timedelta(days=7)
_OFF = "commands that rest on a mail server's word stay off"
_SCHEDULER = "scheduler"
_MAILBOX = "mailbox:"


def check_state(
    connection: Connection,
    *,
    site: str,
    mailboxes: tuple[str, ...],
    now: datetime,
) -> Iterator[Finding]:
    """``site`` is the digest that a calibration must be about."""
    yield from _check_clock(connection, now=now)
    yield from _check_processes(connection, mailboxes=mailboxes, now=now)
    yield from _check_what_waits(connection)
    yield _check_calibration(calibrations.last_calibration(connection), site=site, now=now)


def _check_calibration(found: Remembered | None, *, site: str, now: datetime) -> Finding:
    mend = "run `mailflow check auth`"
    if found is None:
        message = f"sender authentication was never tried out: {_OFF}"
        return warning("senders", "not-calibrated", message, mend=mend)
    on = f"on {found.at:%Y-%m-%d}"
    if found.state is CalibrationState.FAILED:
        message = f"sender authentication failed when it was tried {on}: {_OFF}"
        return warning(
            "senders", "calibration-failed", message, mend=f"{mend} and mend what it says"
        )
    if not found.holds_for(site):
        message = f"the settings of sender authentication changed since it was tried {on}: {_OFF}"
        return warning("senders", "calibration-void", message, mend=mend)
    if found.state is CalibrationState.ASSUMED:
        message = f"sender authentication is assumed to be sound since {on[3:]}: {found.reason}"
        return warning("senders", "calibration-assumed", message, mend=mend)
    if now - found.at >= _RECALIBRATE_AFTER:
        message = f"sender authentication was last tried {on}: servers change"
        return warning("senders", "calibration-due", message, mend=f"{mend} once a week")
    return good("senders", "calibrated", f"sender authentication was tried out {on}")


def _check_clock(connection: Connection, *, now: datetime) -> Iterator[Finding]:
    there = database_now(connection)
    if there is None:
        return
    difference = abs(there - now)
    if difference > _CLOCK_TOLERANCE:
        seconds = int(difference.total_seconds())
        message = f"the clock of the database differs from this machine's by {seconds} seconds"
        yield error("clock", "differs", message, mend="set both by NTP: promises hang on the time")
    else:
        yield good("clock", "agrees", "the database has the same time")


def _check_processes(
    connection: Connection, *, mailboxes: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    beats = {beat.name: beat for beat in instance.load_heartbeats(connection)}
    wanted = {_SCHEDULER: "nothing is followed up or chased"}
    wanted |= {f"{_MAILBOX}{name}": "its mail waits on the server" for name in mailboxes}
    for name, consequence in wanted.items():
        beat = beats.get(name)
        if beat is None:
            message = f"{name} has never left word: {consequence}"
            mend = "start `mailflow run`; with `run --once` from cron this is to be expected"
            yield warning("processes", "never-seen", message, mend=mend)
        elif now - beat.at > _SILENT_AFTER:
            message = f"{name} is silent since {beat.at:%Y-%m-%d %H:%M} UTC: {consequence}"
            yield warning("processes", "silent", message, mend="start `mailflow run`")
        elif beat.note:
            yield warning("processes", "trouble", f"{name}: {beat.note}", mend="see imap above")
        else:
            yield good("processes", "alive", f"{name} is at work")


def _check_what_waits(connection: Connection) -> Iterator[Finding]:
    waiting = (
        ("quarantined", set_aside.count_set_aside(connection), "`mailflow quarantine list`"),
        ("dead", outbox_pages.count_dead(connection), "`mailflow outbox list --state dead`"),
        ("held", held_items.count_held(connection), "`mailflow held list`"),
    )
    for word, count, command in waiting:
        if count:
            message = f"{count} {word} mail{'s' if count > 1 else ''}"
            yield warning("mail", word, message, mend=f"look at {command}")
        else:
            yield good("mail", word, f"no {word} mails")
