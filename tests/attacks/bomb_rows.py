"""Mails made to exhaust or confuse whoever reads them, by what they are made of."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.attacks.stage import EVE, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 100_000
_PLAIN = "text/plain; charset=utf-8"

_TEXTS = {
    "attributions without end": "On ",
    "attribution lines": "On Mon 1 2026 wrote:\n",
    "quotation marks": ">",
    "quoted lines": ">\n",
    "label lines": "From: a\n",
    "header blocks": "From: a@b\nTo: b\nDate: 1\n\n",
    "colons": "a:\n",
    "dashes": "-----\n",
    "signatures": "--\n",
    "underscores": "_",
    "uuencode begins": "begin 644 x\n",
    "forward marks": "---------- Forwarded message ---------\n",
    "disclaimers": "confidential privileged intended recipient notify the sender\n\n",
    "armour": "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "commands": "#close outcome: resolved resolution: x\n",
    "combining marks": "a" + "\u0301" * 50,
    "right-to-left marks": "\u202e\u202d\u2066",
    "family emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
}
_HTML = {
    "divs": "<div>",
    "blockquotes": "<blockquote>",
    "Gmail quotes": "<div class=gmail_quote>",
    "tables": "<table><tr><td>x",
    "lists": "<ul><li>x",
    "angles": "<",
    "comments": "<!--",
    "attributes": "<a " + "x=1 " * 500 + ">",
    "entities": "&amp;&#x41;&#99999999999;",
    "styles": "<style>a{background:url(https://evil.example)}",
}
_FIELDS = {
    "parentheses in To": "To: " + "(" * 60_000,
    "quotes in To": "To: " + '"' * 60_000,
    "backslashes in To": 'To: "' + "\\" * 60_000,
    "angles in To": "To: " + "<" * 60_000,
    "groups in To": "To: " + "a:" * 30_000,
    "five thousand addresses": "To: " + "a@b.example, " * 5_000,
    "encoded words that begin": "Subject: " + "=?a?q?" * 10_000,
    "encoded words of another charset": "Subject: " + "=?x-unknown?b?gICA?= " * 2_000,
    "parameters": "Content-Type: text/plain; " + 'a="' * 20_000,
    "semicolons": "Content-Type: text/plain" + ";" * 60_000,
    "continued parameters": "Content-Type: text/plain; "
    + "; ".join(f"name*{n}*=utf-8''%41" for n in range(2_000)),
    "parameters that contradict": "Content-Type: text/plain; charset=utf-8; charset=utf-16",
    "ids": "References: " + "<" * 60_000,
    "ten thousand ids": "References: " + " ".join(f"<m{n}@x>" for n in range(10_000)),
    "a field of 300 kB": "X-Long: " + "y" * 300_000,
    "fifty thousand fields": "\n".join(["X: y"] * 50_000),
    "a field folded without end": "Subject: a" + "\n b" * 50_000,
    "lines that are no field": "\n".join(["garbage"] * 20_000),
    "a NUL in the subject": "Subject: a\0b",
    "a From without end": "From: " + "a@" * 20_000,
    "two thousand From fields": "\n".join(f"From: x{n}@evil.example" for n in range(2_000)),
    "a date far away": "Date: Mon, 99 Foo 99999 99:99:99 +9999",
    "ARC without end": "\n".join(f"ARC-Seal: i={n}; a=rsa-sha256; cv=none" for n in range(500)),
    "signatures without end": "\n".join(
        f"DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s{n}; h=from; bh=; b="
        for n in range(500)
    ),
    "results without end": "Authentication-Results: mx.acme.example; " + "dkim=pass " * 5_000,
}
_CHARSETS = (
    "utf-7",
    "utf-16",
    "utf-32",
    "x-unknown",
    "iso-2022-jp",
    "hz-gb-2312",
    "rot13",
    "zlib",
    "unicode_escape",
    "idna",
    "punycode",
    "\0",
    "a" * 5_000,
)
_ENCODINGS = {
    "base64 of nothing but equals signs": ("base64", "=" * SIZE),
    "base64 with blanks between": ("base64", "Q U J D " * 10_000),
    "base64 that is none": ("base64", "\u00e9!" * 10_000),
    "base64 without end": ("base64", "QUJD" * 25_000),
    "quoted-printable of equals signs": ("quoted-printable", "=" * SIZE),
    "quoted-printable soft breaks": ("quoted-printable", "=\n" * 50_000),
    "uuencode": ("x-uuencode", "begin 644 x\n" + "M" * SIZE),
    "an encoding nobody knows": ("x-bomb", "x" * 1_000),
    "two encodings": ("base64, quoted-printable", "QUJD"),
}


def mail(name: str, head: str, body: str | bytes) -> Row:
    """``head`` follows From, To and Subject, unless it has such a field of its own."""
    given = {line.partition(":")[0].lower() for line in head.splitlines()[:1]}
    fields = {"From": EVE, "To": "hr@acme.example", "Subject": f"bomb: {name}"}
    first = "".join(
        f"{key}: {value}\n" for key, value in fields.items() if key.lower() not in given
    )
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return Row(name, (first + head).encode() + b"\n\n" + content)


def texts() -> Iterator[Row]:
    for name, piece in _TEXTS.items():
        yield mail(name, f"Content-Type: {_PLAIN}", piece * (SIZE // len(piece)))
    for name, piece in _HTML.items():
        yield mail(f"HTML: {name}", "Content-Type: text/html", piece * (SIZE // len(piece)))


def heads() -> Iterator[Row]:
    for name, field in _FIELDS.items():
        yield mail(name, field, "Please read.")


def encodings() -> Iterator[Row]:
    for charset in _CHARSETS:
        head = f"Content-Type: text/plain; charset={charset}"
        yield mail(f"charset {charset[:12]!r}", head, b"+ADw-\xff\xfe\x1b$B" * 1_000)
    for name, (encoding, body) in _ENCODINGS.items():
        yield mail(name, f"Content-Type: {_PLAIN}\nContent-Transfer-Encoding: {encoding}", body)


def _mixed(boundary: str = "b") -> str:
    return f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary={boundary}"


def parts() -> Iterator[Row]:
    yield mail("ten thousand parts", _mixed(), "--b\n\nx\n" * 10_000)
    levels = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(5_000)
    )
    yield mail("five thousand levels", _mixed("b0"), levels)
    deep = "Content-Type: message/rfc822\n\n" * 30_000
    yield mail("mail in mail in mail", "Content-Type: message/rfc822", deep)
    yield mail("no boundary", "Content-Type: multipart/mixed", "--b\n\nx\n--b--\n")
    yield mail("an empty boundary", 'Content-Type: multipart/mixed; boundary=""', "--\n\nx\n----\n")
    yield mail("a boundary of 10 kB", _mixed("b" * 10_000), f"--{'b' * 10_000}\n\nx\n")
    yield mail("the same boundary inside", _mixed(), f"--b\n{_mixed()}\n\n--b\n\nx\n--b--\n--b--\n")
    yield mail("a boundary that never ends", _mixed(), "--b\n\nx")
    yield mail(
        "alternatives of nothing", "Content-Type: multipart/alternative; boundary=b", "--b--"
    )
    yield mail("half a message", "Content-Type: message/partial; id=x; number=1; total=9", "x")
    yield mail("a message elsewhere", "Content-Type: message/external-body; access-type=url", "x")
    rows = "Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\n" * 3_000
    body = f"--b\nContent-Type: message/delivery-status\n\n{rows}--b--\n"
    report = mail("a report of thousands", "Content-Type: multipart/report; boundary=b", body)
    yield replace(report, may=frozenset({"bounce"}))


def files() -> Iterator[Row]:
    zeros = gzip.compress(b"\0" * 50_000_000)
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"\0" * 20_000_000)
        archive.writestr("word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + "&b;" * 1_000)
    contents = {
        "archive.gz": zeros,
        "letter.docx": nested.getvalue(),
        "winmail.dat": b"\x78\x9f\x3e\x22" + b"\xff" * SIZE,
        "page.html": b"<script>" * 10_000,
        "invitation.ics": b"BEGIN:VEVENT\r\n" * 10_000,
        "n" * 20_000 + ".pdf": b"%PDF",
        "../../../var/keyring.json": b"{}",
        "CON.txt": b"x",
        "photo.svg": b"<svg onload=alert(1)>",
    }
    for name, content in contents.items():
        kind = "application/ms-tnef" if name == "winmail.dat" else "application/octet-stream"
        body = base64.encodebytes(content).decode()
        head = f"Content-Type: {kind}; name={name!r}\nContent-Transfer-Encoding: base64"
        disposition = f'Content-Disposition: attachment; filename="{name}"'
        part = f"--b\n\nPlease read.\n--b\n{head}\n{disposition}\n\n{body}--b--\n"
        yield mail(f"file {name[:30]}", _mixed(), part)


def shapes() -> Iterator[Row]:
    yield Row("a single line break", b"\n")
    yield Row("one letter", b"x")
    yield Row("a body alone", b"\n\nmy text has no head at all")
    yield Row("a head alone", b"From: eve@evil.example\nSubject: only a head\n")
    yield Row("NULs alone", b"\0" * 5_000)
    yield Row("bytes of every kind", bytes(range(256)) * 400)
    yield Row("bare returns", b"From: eve@evil.example\rSubject: bare\r\rtext\r")
    yield Row("one line of 500 kB", b"From: eve@evil.example\nSubject: long\n\n" + b"x" * 500_000)
    yield Row("an mbox line first", b"From eve Tue Nov 24 09:00:00 2026\nSubject: mbox\n\nx")
    yield Row("a mark of byte order first", b"\xef\xbb\xbfFrom: eve@evil.example\n\nx")
    yield mail("twelve megabytes", f"Content-Type: {_PLAIN}", "word " * 2_400_000)
    yield mail("encrypted", "Content-Type: multipart/encrypted; boundary=b", "--b\n\nx\n--b--")
    yield mail("S/MIME that is none", "Content-Type: application/pkcs7-mime", "AAAA" * 1_000)


def bombs() -> list[Row]:
    families = (texts(), heads(), encodings(), parts(), files(), shapes())
    return [row for family in families for row in family]
