"""The record and the waits of a case as JSON values, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mailflow.core.case.case_record import (
    Allegation,
    CaseAction,
    CaseLink,
    CaseRecord,
    Closing,
    Finding,
    Party,
)
from mailflow.core.case.commands import FindingResult, PartyRole, WaitFor
from mailflow.core.case.waits import Thread, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping


def record_to_json(record: CaseRecord) -> dict[str, Any]:
    """Only what differs from an empty record, so that most cases carry nothing."""
    empty = CaseRecord()
    changed = {
        name: value
        for name, value in asdict(record).items()
        if value != getattr(empty, name) and value != ()
    }
    plain: dict[str, Any] = _plain(changed)
    return plain


def record_from_json(values: Mapping[str, Any]) -> CaseRecord:
    return CaseRecord(
        parties=tuple(
            Party(one["name"], PartyRole(one["role"]), one["address"])
            for one in values.get("parties", ())
        ),
        allegations=tuple(Allegation(**one) for one in values.get("allegations", ())),
        findings=tuple(
            Finding(one["allegation"], FindingResult(one["result"]), one["basis"])
            for one in values.get("findings", ())
        ),
        actions=tuple(
            CaseAction(one["text"], one["who"], _date(one["due"]), _moment(one["done_at"]))
            for one in values.get("actions", ())
        ),
        links=tuple(CaseLink(**one) for one in values.get("links", ())),
        redactions=tuple(values.get("redactions", ())),
        plan=values.get("plan", ""),
        begun_at=_moment(values.get("begun_at")),
        description=values.get("description", ""),
        hold=values.get("hold", ""),
        release_asked_by=values.get("release_asked_by", ""),
        export_asked_by=values.get("export_asked_by", ""),
        export_approved_by=values.get("export_approved_by", ""),
        closing=_closing(values.get("closing")),
        pending=_closing(values.get("pending")),
        has_answer=values.get("has_answer", False),
        stands_in_for=values.get("stands_in_for", ""),
        is_sorted_by_hand=values.get("is_sorted_by_hand", False),
        reminders=values.get("reminders", {}),
    )


def waits_to_json(waits: tuple[Waiting, ...]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = _plain([asdict(one) for one in waits])
    return listed


def waits_from_json(values: list[dict[str, Any]]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            waits_for=WaitFor(one["waits_for"]),
            since=datetime.fromisoformat(one["since"]),
            until=_moment(one["until"]),
            question=one["question"],
            by=one["by"],
            cause=one["cause"],
            ended_at=_moment(one["ended_at"]),
            dues={name: datetime.fromisoformat(due) for name, due in one["dues"].items()},
            thread=_thread(one.get("thread")),
            runs_on=one.get("runs_on", False),
        )
        for one in values
    )


def _closing(value: Mapping[str, Any] | None) -> Closing | None:
    if value is None:
        return None
    return Closing(**{**value, "date": date.fromisoformat(value["date"])})


def _thread(value: Mapping[str, Any] | None) -> Thread | None:
    if value is None:
        return None
    return Thread(value["message_id"], tuple(value["references"]), value["subject"])


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
