"""The people of one case: who takes part, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.case.reply_address import Audience


class ParticipantRole(StrEnum):
    REQUESTER = "requester"
    OWNER = "owner"
    STAFF = "staff"
    COPIED = "copied"
    WITNESS = "witness"


@dataclass(frozen=True)
class Participant:
    """``id`` is derived from the case and the address; ``address`` is in normal form.

    ``generation`` counts re-issued reply addresses. A COPIED person was seen in Cc: recorded,
    never mailed, with no way into the case.
    """

    id: str
    address: str
    name: str | None
    role: ParticipantRole
    audience: Audience
    generation: int = 0

    @property
    def takes_part(self) -> bool:
        return self.role is not ParticipantRole.COPIED
