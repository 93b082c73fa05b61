"""One MIME part (RFC 2045): its fields and where its body stands in the bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.mail.header_fields import Fields


@dataclass(frozen=True, slots=True)
class Part:
    """``raw[start:end]`` is the still encoded body; ``children`` are a multipart's parts.

    ``content_type`` is lower case and always has a slash; ``parameters`` are decoded.
    """

    fields: Fields
    raw: bytes = field(repr=False)
    start: int
    end: int
    content_type: str
    parameters: dict[str, str]
    depth: int
    children: tuple[Part, ...] = ()
    parent_type: str = ""
    position: int = 0

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    @property
    def main_type(self) -> str:
        return self.content_type.partition("/")[0]

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding in lower case, without comments."""
        value = self.fields.text("content-transfer-encoding")
        return value.partition("(")[0].partition(";")[0].strip(' "\t').lower()
