"""Which parts are the text of a mail and which are files (RFC 2046 5.1, RFC 2387, RFC 3676)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.mail.attachments import (
    disposition,
    filename_of,
    make_attachment,
    read_attachment,
)
from mailflow.core.mail.charset import decode_bytes, is_refused
from mailflow.core.mail.format_flowed import unflow
from mailflow.core.mail.html_text import render_html
from mailflow.core.mail.prescan import scan
from mailflow.core.mail.problems import Problem
from mailflow.core.mail.smime import read_signed_content
from mailflow.core.mail.tnef import is_tnef, open_tnef
from mailflow.core.mail.transfer_encoding import decode_part
from mailflow.core.mail.two_texts import differ
from mailflow.core.mail.uuencode import take_uu_files

if TYPE_CHECKING:
    from mailflow.core.mail.message import Attachment
    from mailflow.core.mail.part import Part

MAX_TEXT_CHARACTERS = 2_000_000

_FILE_TYPES = frozenset({
    "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv",
    "text/rfc822-headers", "text/rfc822", "text/x-amp-html", "text/watch-html",
    "text/x-patch", "text/x-diff", "text/x-python",
})  # fmt: skip
_ENCRYPTED_TYPES = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_HTML = frozenset({"text/html", "text/x-html", "application/xhtml+xml"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


@dataclass(frozen=True)
class Body:
    """Line numbers of ``text`` that HTML structure marks as quotation or as signature;
    ``texts_differ`` says that the mail's HTML shows something else.
    """

    text: str = ""
    quoted_lines: frozenset[int] = frozenset()
    signature_lines: frozenset[int] = frozenset()
    attachments: tuple[Attachment, ...] = ()
    texts_differ: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


def read_body(part: Part, problems: set[Problem]) -> Body:
    """Text and files below a part, in the order they stand in the mail."""
    if part.content_type in _ENCRYPTED_TYPES:
        problems.add(Problem.ENCRYPTED)
    if part.children:
        return _read_multipart(part, problems)
    if is_text(part):
        return _read_text(part, problems)
    if is_tnef(part.content_type, filename_of(part)):
        return _read_tnef(part, problems)
    if part.content_type in _PKCS7:
        return _read_smime(part, problems)
    return Body(attachments=(read_attachment(part, problems),))


def is_text(part: Part) -> bool:
    """Whether a leaf is shown as text rather than kept as a file."""
    if part.main_type != "text" or part.content_type in _FILE_TYPES:
        return False
    kind = disposition(part)[0]
    if kind == "attachment":
        return False
    if filename_of(part) is None or not part.parent_type:
        return True
    return part.position == 0 and kind != "inline"


def _read_multipart(part: Part, problems: set[Problem]) -> Body:
    bodies = [read_body(child, problems) for child in part.children]
    attachments = tuple(file for body in bodies for file in body.attachments)
    if part.content_type == "multipart/alternative":
        chosen = _choose_alternative(part, bodies)
        return replace(chosen, attachments=attachments)
    return _join([body for body in bodies if not body.is_blank], attachments)


def _choose_alternative(part: Part, bodies: list[Body]) -> Body:
    """Plain text if there is any, else the first that says something."""
    filled = [
        (child, body)
        for child, body in zip(part.children, bodies, strict=True)
        if not body.is_blank
    ]
    for child, body in filled:
        if child.content_type == "text/plain":
            shown = [other for half, other in filled if half.content_type != "text/plain"]
            return replace(body, texts_differ=any(differ(body.text, one.text) for one in shown))
    return filled[0][1] if filled else Body()


def _join(bodies: list[Body], attachments: tuple[Attachment, ...]) -> Body:
    if len(bodies) == 1:
        return replace(bodies[0], attachments=attachments)
    texts: list[str] = []
    quoted: set[int] = set()
    signature: set[int] = set()
    first_line = 0
    for body in bodies:
        text = body.text.strip("\n")
        skipped = len(body.text) - len(body.text.lstrip("\n"))
        shift = first_line - skipped
        quoted.update(line + shift for line in body.quoted_lines)
        signature.update(line + shift for line in body.signature_lines)
        texts.append(text)
        first_line += text.count("\n") + 2
    return Body(
        "\n\n".join(texts),
        frozenset(quoted),
        frozenset(signature),
        attachments,
        texts_differ=any(body.texts_differ for body in bodies),
    )


def _read_text(part: Part, problems: set[Problem]) -> Body:
    text = _decode_text(part, problems)
    if len(text) > MAX_TEXT_CHARACTERS:
        problems.add(Problem.TEXT_LIMIT)
        text = text[:MAX_TEXT_CHARACTERS]
    if part.content_type in _HTML:
        html = render_html(text, problems)
        return Body(html.text, html.quoted_lines, html.signature_lines)
    if part.content_type in ("text/enriched", "text/richtext"):
        return Body(strip_enriched(text))
    text, files = take_uu_files(text)
    if "-----BEGIN PGP MESSAGE-----" in text:
        problems.add(Problem.ENCRYPTED)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, del_sp=part.parameters.get("delsp", "").lower() == "yes")
    return Body(
        text,
        attachments=tuple(
            make_attachment(
                file.content, filename=file.filename, content_type="application/octet-stream"
            )
            for file in files
        ),
    )


def _decode_text(part: Part, problems: set[Problem]) -> str:
    declared = part.parameters.get("charset")
    content = decode_part(part, problems)[: MAX_TEXT_CHARACTERS * 4]
    if declared is not None and is_refused(declared):
        problems.add(Problem.CHARSET_REFUSED)
        return normalise_breaks(content.decode("ascii", "replace"))
    if declared is None and part.content_type in _HTML:
        match = _META_CHARSET.search(content[:4096])
        declared = match.group(1).decode("ascii") if match else None
    text, was_guessed = decode_bytes(content, declared)
    if was_guessed:
        problems.add(Problem.CHARSET_GUESSED)
    return normalise_breaks(text)


def normalise_breaks(text: str) -> str:
    """LF line ends and no NUL, which databases refuse."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "").removeprefix("\ufeff")


def strip_enriched(text: str) -> str:
    """text/enriched (RFC 1896) without its commands; ``<<`` is a literal bracket."""
    output: list[str] = []
    position = 0
    lowered = text.lower()
    last_parameter_end = lowered.rfind("</param>")
    while (opened := text.find("<", position)) >= 0:
        output.append(text[position:opened])
        if text.startswith("<<", opened):
            output.append("<")
            position = opened + 2
            continue
        closed = text.find(">", opened)
        if closed < 0:
            position = opened
            break
        if lowered[opened:closed] == "<param" and closed < last_parameter_end:
            closed = lowered.find("</param>", closed) + 7
        position = closed + 1
    output.append(text[position:])
    return "".join(output)


def _read_smime(part: Part, problems: set[Problem]) -> Body:
    """Opaque-signed content is read; what is encrypted stays a file and is flagged."""
    kind = part.parameters.get("smime-type", "").lower()
    inner = read_signed_content(decode_part(part, problems)) if "enveloped" not in kind else None
    if inner:
        return read_body(scan(inner, problems, depth=part.depth + 1), problems)
    if kind not in ("certs-only", "signed-receipt"):
        problems.add(Problem.ENCRYPTED)
    return Body(attachments=(read_attachment(part, problems),))


def _read_tnef(part: Part, problems: set[Problem]) -> Body:
    files = open_tnef(decode_part(part, problems))
    if files is None:
        problems.add(Problem.BAD_TNEF)
        return Body(attachments=(read_attachment(part, problems),))
    return Body(attachments=files.attachments, text=files.text)
