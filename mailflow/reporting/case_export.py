"""The case file as one HTML page that prints well: the six documentation fields first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

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
_DIRECTIONS = {"in": "Received", "out": "Sent", "note": "Internal note"}


def write_html(document: Mapping[str, Any], *, organization: str, exported_at: str) -> str:
    """``document`` is what ``case show --json`` prints. Every value of it is escaped; the page
    loads nothing and runs nothing.
    """
    ref = escape(str(document["ref"]))
    filled = document["record"]["filled"]
    head = f"{escape(organization)} · exported {escape(exported_at)} · record {filled}/6"
    body = "\n".join(
        (
            f"<h1>Case file {ref}</h1>",
            f"<p class='head'>{head}</p>",
            *_six_fields(document),
            *_conversation(document),
            *_clocks(document),
            *_events(document),
        )
    )
    return (
        f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>{ref}</title>"
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _six_fields(document: Mapping[str, Any]) -> Iterator[str]:
    record = document["record"]
    parties = [f"{one['name']} ({one['role']})" for one in record["parties"]]
    actions = [f"{one['at']}: {one['what']} ({one['by']})" for one in record["actions"]]
    yield "<h2>Documentation</h2><table>"
    yield _row("Date received", record["date_received"])
    yield _row("Description", record["description"])
    yield _row("Parties involved", "\n".join(parties))
    yield _row("Actions taken", "\n".join(actions))
    yield _row("Outcome", record["outcome"])
    yield _row("Resolution date", record["resolution_date"])
    yield "</table>"


def _conversation(document: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Conversation</h2>"
    for message in document["messages"]:
        direction = str(message["direction"])
        label = say_direction(message)
        head = f"{label} · {message['from']} · {message['at']}"
        files = ", ".join(
            f"{part['filename'] or part['content_type']} ({part['size']} bytes, "
            f"SHA-256 {part['sha256']})"
            for part in message["attachments"]
        )
        yield f"<article class='{escape(direction)}'><div class='head'>{escape(head)}</div>"
        yield f"<pre>{escape(str(message['text']))}</pre>"
        if files:
            yield f"<div class='head'>{escape(files)}</div>"
        yield "</article>"


def say_direction(message: Mapping[str, Any]) -> str:
    """Who speaks to whom; what came after the record was closed is called so."""
    direction = str(message["direction"])
    if message.get("addendum"):
        return "Addendum to the closed record"
    return _DIRECTIONS.get(direction, direction)


def _clocks(document: Mapping[str, Any]) -> Iterator[str]:
    if not document["clocks"]:
        return
    yield "<h2>Clocks</h2><table>"
    for clock in document["clocks"]:
        state = f"due {clock['due']}" if clock["due"] else "paused or closed"
        if clock["met_at"]:
            state = f"met {clock['met_at']}"
        yield _row(str(clock["target"]), f"{state}{', breached' if clock['breached'] else ''}")
    yield "</table>"


def _events(document: Mapping[str, Any]) -> Iterator[str]:
    if not document["events"]:
        return
    yield "<h2>What happened</h2><table>"
    for event in document["events"]:
        yield _row(str(event["at"]), f"{event['kind']} · {event['actor']}")
    yield "</table>"


def _row(name: str, value: object) -> str:
    if value in (None, ""):
        return f"<tr><th>{escape(name)}</th><td class='missing'>missing</td></tr>"
    return f"<tr><th>{escape(name)}</th><td><pre>{escape(str(value))}</pre></td></tr>"
