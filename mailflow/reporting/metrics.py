"""What an operator's monitoring reads: figures without a name, an address or a word of mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from mailflow.store import instance
from mailflow.store.gauges import read_gauges
from mailflow.store.outbox import LIVE_STATES, OutboxState
from mailflow.store.session import reading
from mailflow.store.time_guard import CLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from mailflow.store.gauges import WorkGauges
    from mailflow.store.instance import Heartbeat

SILENT_AFTER = timedelta(minutes=5)
_SCHEDULER = "scheduler"
_MAILBOX = "mailbox:"
_RELAY = "relay"
_RULES, _RULES_SINCE = "rules", "rules_since"


@dataclass(frozen=True)
class Health:
    """``troubles`` are neutral sentences; none means that everything is at work."""

    troubles: tuple[str, ...]


def write_metrics(engine: Engine, *, now: datetime, free_bytes: int) -> str:
    """Prometheus' text format. Raises TemporaryError when the database does not answer."""
    with reading(engine) as connection:
        gauges = read_gauges(connection, now=now)
        beats = instance.load_heartbeats(connection)
    registry = CollectorRegistry()
    _tell_work(registry, gauges, now=now)
    _tell_processes(registry, beats, now=now)
    _tell_rules(registry, beats, now=now)
    _gauge(registry, "disk_free_bytes", "Free space under the instance.").set(free_bytes)
    return generate_latest(registry).decode("utf-8")


def _tell_work(registry: CollectorRegistry, gauges: WorkGauges, *, now: datetime) -> None:
    figures = (
        ("received_waiting", "Stored mails that are not decided yet.", gauges.received_waiting),
        ("received_delay_seconds", "Age of the oldest.", _age(gauges.received_since, now)),
        ("quarantined_mails", "Mails that could not be read.", gauges.quarantined),
        ("held_mails", "Mails that wait for a person.", gauges.held),
        ("outbox_delay_seconds", "Lateness of the oldest due.", _age(gauges.outbox_since, now)),
        ("timers_due", "Timers that should have been handled.", gauges.timers_due),
        ("timers_delay_seconds", "Lateness of the oldest.", _age(gauges.timers_since, now)),
    )
    for name, words, value in figures:
        _gauge(registry, name, words).set(value)
    mails = Gauge("mailflow_outbox_mails", "Unsent mails.", ["state"], registry=registry)
    for state in (*LIVE_STATES, OutboxState.DEAD):
        mails.labels(state.value).set(gauges.outbox.get(state, 0))
    ambiguous = Counter(
        "mailflow_outbox_ambiguous",
        "Tries after which nobody knows whether the mail had left.",
        registry=registry,
    )
    ambiguous.inc(gauges.attempts_in_doubt)


def _tell_rules(registry: CollectorRegistry, beats: Sequence[Heartbeat], *, now: datetime) -> None:
    known = {beat.name: beat for beat in beats}
    looked, since = known.get(_RULES), known.get(_RULES_SINCE)
    if looked is None:
        return
    words = "1: the files in rules/ are in force; 0: they have mistakes, and older rules are."
    _gauge(registry, "rules_ok", words).set(looked.note == "ok")
    if since is not None:
        _gauge(registry, "rules_age_seconds", "Since that is so.").set(_age(since.at, now))


def _tell_processes(
    registry: CollectorRegistry, beats: Sequence[Heartbeat], *, now: datetime
) -> None:
    names = ["name"]
    ages = Gauge("mailflow_heartbeat_age_seconds", "Since a word.", names, registry=registry)
    trouble = Gauge("mailflow_mailbox_trouble", "1: not reachable.", names, registry=registry)
    relay = _gauge(registry, "relay_trouble", "1: left alone for a while after failures in a row.")
    relay.set(any(beat.name == _RELAY and beat.note for beat in beats))
    clock = _gauge(registry, "clock_trouble", "1: the time is not believed, and nobody is nudged.")
    clock.set(any(beat.name == CLOCK and beat.note for beat in beats))
    for beat in beats:
        if beat.name == _SCHEDULER or beat.name.startswith(_MAILBOX):
            ages.labels(beat.name).set(_age(beat.at, now))
        if beat.name.startswith(_MAILBOX):
            trouble.labels(beat.name.removeprefix(_MAILBOX)).set(1 if beat.note else 0)


def judge_health(
    engine: Engine, *, mailboxes: Sequence[str], now: datetime, has_room: bool
) -> Health:
    """Raises TemporaryError when the database does not answer: no health without it."""
    with reading(engine) as connection:
        beats = {beat.name: beat for beat in instance.load_heartbeats(connection)}
    troubles = [] if has_room else ["the disk is fuller than free_space_floor: no mail is fetched"]
    for name in (_SCHEDULER, *(f"{_MAILBOX}{mailbox}" for mailbox in mailboxes)):
        beat = beats.get(name)
        if beat is None or now - beat.at > SILENT_AFTER:
            troubles.append(f"{name} is silent")
        elif beat.note:
            troubles.append(f"{name}: {beat.note}")
    for name in (_RELAY, CLOCK):
        beat = beats.get(name)
        if beat is not None and beat.note:
            troubles.append(f"{name}: {beat.note}")
    return Health(tuple(troubles))


def _gauge(registry: CollectorRegistry, name: str, words: str) -> Gauge:
    return Gauge(f"mailflow_{name}", words, registry=registry)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
