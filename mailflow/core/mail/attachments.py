"""Files in a mail: their names, sizes and digests, as the decoded bytes say."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from mailflow.core.mail.message import Attachment
from mailflow.core.mail.parameters import read_parameters
from mailflow.core.mail.transfer_encoding import decode_part

if TYPE_CHECKING:
    from mailflow.core.mail.part import Part
    from mailflow.core.mail.problems import Problem

MAX_FILENAME_CHARACTERS = 255

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def disposition(part: Part) -> tuple[str, dict[str, str]]:
    """``attachment``, ``inline`` or "" (RFC 2183), and the parameters."""
    value = part.fields.text("content-disposition")
    return read_parameters(value) if value else ("", {})


def filename_of(part: Part) -> str | None:
    name = disposition(part)[1].get("filename") or part.parameters.get("name")
    if not name:
        return None
    return _CONTROL.sub("", name).strip()[:MAX_FILENAME_CHARACTERS] or None


def content_id_of(part: Part) -> str | None:
    return part.fields.text("content-id").strip().strip("<>").strip() or None


def read_attachment(part: Part, problems: set[Problem]) -> Attachment:
    return make_attachment(
        decode_part(part, problems),
        filename=filename_of(part),
        content_type=part.content_type,
        inline=is_inline(part),
        content_id=content_id_of(part),
    )


def is_inline(part: Part) -> bool:
    """Shown inside the text: said so, or a picture of a multipart/related that HTML points to."""
    kind = disposition(part)[0]
    if kind == "inline":
        return True
    has_id = content_id_of(part) is not None or part.fields.has("content-location")
    if kind == "attachment":
        return part.parent_type == "multipart/related" and has_id and part.main_type == "image"
    return part.parent_type == "multipart/related" and has_id


def make_attachment(
    content: bytes,
    *,
    filename: str | None,
    content_type: str,
    inline: bool = False,
    content_id: str | None = None,
) -> Attachment:
    return Attachment(
        filename=filename,
        content_type=content_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        inline=inline,
        content_id=content_id,
        content=content,
    )
