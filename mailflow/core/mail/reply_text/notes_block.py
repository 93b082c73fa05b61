"""The block above an original that Lotus Notes writes without colons: name, moment, To, Subject."""

from __future__ import annotations

import re

from mailflow.core.mail.reply_text.labels import ROLES, Role

MAX_LINES_TO_SUBJECT = 14

_MOMENT = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?(?: [A-Z]{3,4})?"
)


def find_notes_block(stripped: list[str], number: int) -> int | None:
    """The line of the name above the moment at ``number``; None when no such block stands there."""
    if not number or not stripped[number - 1] or _MOMENT.fullmatch(stripped[number]) is None:
        return None
    below = [line for line in stripped[number + 1 : number + 1 + MAX_LINES_TO_SUBJECT] if line]
    roles = [ROLES.get(line.lower()) for line in below]
    is_block = roles[:1] == [Role.TO] and Role.SUBJECT in roles
    return number - 1 if is_block else None
