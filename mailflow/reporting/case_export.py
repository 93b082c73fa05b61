"""The case file as one HTML page that prints well: the six documentation fields first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from mailflow.core.mail import words
from mailflow.core.mail.words.case_file import (
    case_file_words,
    event_words,
    field_label,
    outcome_words,
    party_words,
    spoken_language,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STYLE = """
body { font: 11pt/1.5 Georgia, serif; max-width: 46em; margin: 2em auto; color: #1a1a1a; }
h1 { font-size: 16pt; } h2 { font-size: 12pt; margin-top: 2em; border-bottom: 1px solid #999; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; width: 11em; } th, td { padding: .3em .6em .3em 0; vertical-align: top; }
article { margin: 1em 0; page-break-inside: avoid; } .head { color: #555; font-size: 9pt; }
pre { white-space: pre-wrap; font: inherit; margin: .3em 0; }
.note { background: #f5f2e8; padding: .3em .8em; } .missing { color: #a00000; }
@media print { body { margin: 0; max-width: none; } }
"""


def write_html(
    document: Mapping[str, Any], *, organization: str, exported_at: str, by: str, locale: str
) -> str:
    """``document`` is what ``case show --json`` prints. Every value of it is escaped; the page
    loads nothing and runs nothing. ``locale`` is the language of headings and labels.
    """
    said = case_file_words(locale)
    ref = str(document["ref"])
    title = escape(said.case_file.format(ref=ref))
    exported = said.exported.format(at=exported_at, by=by)
    meter = said.meter.format(filled=document["record"]["filled"])
    body = "\n".join(
        (
            f"<h1>{title}</h1>",
            f"<p class='head'>{escape(organization)} · {escape(exported)} · {escape(meter)}</p>",
            *_six_fields(document, locale),
            *_conversation(document, locale),
            *_clocks(document, locale),
            *_events(document, locale),
        )
    )
    return (
        f"<!doctype html>\n<html lang='{spoken_language(locale)}'><head><meta charset='utf-8'>"
        f"<title>{escape(ref)}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n"
        "</body></html>\n"
    )


def list_six_fields(record: Mapping[str, Any], locale: str) -> tuple[tuple[str, str], ...]:
    """The six documentation fields as (label, value); "" where nothing is on record."""
    parties = [f"{one['name']} ({party_words(one['role'], locale)})" for one in record["parties"]]
    actions = [
        f"{say_moment(one['at'])}: {event_words(str(one['what']), locale)} ({one['by']})"
        for one in record["actions"]
    ]
    outcome = outcome_words(str(record["outcome"]), locale) if record["outcome"] else ""
    resolution = record.get("resolution")
    values = {
        "date_received": say_moment(record["date_received"]),
        "description": str(record["description"] or ""),
        "parties": "\n".join(parties),
        "actions": "\n".join(actions),
        "outcome": f"{outcome}: {resolution}" if outcome and resolution else outcome,
        "resolution_date": str(record["resolution_date"] or "")[:10],
    }
    return tuple((field_label(name, locale), value) for name, value in values.items())


def say_direction(message: Mapping[str, Any], locale: str) -> str:
    """Who speaks to whom; what came after the record was closed is called so."""
    said = case_file_words(locale)
    direction = str(message["direction"])
    return said.addendum if message.get("addendum") else said.directions.get(direction, direction)


def say_clock(clock: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """A time limit as (what it waits for, how it stands)."""
    said = case_file_words(locale)
    state = said.due.format(at=say_moment(clock["due"])) if clock["due"] else said.stopped
    if clock["met_at"]:
        state = said.met.format(at=say_moment(clock["met_at"]))
    breached = f", {said.breached}" if clock["breached"] else ""
    return words.target_words(str(clock["target"]), locale), f"{state}{breached}"


def say_moment(at: object) -> str:
    """A time in the record's own zone, to the minute: 2026-11-24 09:00 UTC."""
    return f"{str(at)[:16].replace('T', ' ')} UTC" if at else ""


def _six_fields(document: Mapping[str, Any], locale: str) -> Iterator[str]:
    said = case_file_words(locale)
    yield f"<h2>{escape(said.documentation)}</h2><table>"
    for label, value in list_six_fields(document["record"], locale):
        yield _row(label, value, missing=said.missing)
    yield "</table>"


def _conversation(document: Mapping[str, Any], locale: str) -> Iterator[str]:
    yield f"<h2>{escape(case_file_words(locale).conversation)}</h2>"
    for message in document["messages"]:
        direction = str(message["direction"])
        head = f"{say_direction(message, locale)} · {message['from']} · {say_moment(message['at'])}"
        files = ", ".join(
            f"{part['filename'] or part['content_type']} "
            f"({words.say_size(int(part['size']), locale=locale)}, SHA-256 {part['sha256']})"
            for part in message["attachments"]
        )
        yield f"<article class='{escape(direction)}'><div class='head'>{escape(head)}</div>"
        yield f"<pre>{escape(str(message['text']))}</pre>"
        if files:
            yield f"<div class='head'>{escape(files)}</div>"
        yield "</article>"


def _clocks(document: Mapping[str, Any], locale: str) -> Iterator[str]:
    if not document["clocks"]:
        return
    yield f"<h2>{escape(case_file_words(locale).clocks)}</h2><table>"
    for clock in document["clocks"]:
        yield _row(*say_clock(clock, locale))
    yield "</table>"


def _events(document: Mapping[str, Any], locale: str) -> Iterator[str]:
    if not document["events"]:
        return
    yield f"<h2>{escape(case_file_words(locale).history)}</h2><table>"
    for event in document["events"]:
        kind = event_words(str(event["kind"]), locale)
        yield _row(say_moment(event["at"]), f"{kind} · {event['actor']}")
    yield "</table>"


def _row(name: str, value: str, *, missing: str = "") -> str:
    if not value:
        return f"<tr><th>{escape(name)}</th><td class='missing'>{escape(missing)}</td></tr>"
    return f"<tr><th>{escape(name)}</th><td><pre>{escape(value)}</pre></td></tr>"
