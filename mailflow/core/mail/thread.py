"""Which mails belong to one conversation, by their header fields alone (RFC 5322 3.6.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailflow.core.mail.message import Message


def group_messages(messages: Sequence[Message]) -> tuple[tuple[int, ...], ...]:
    """Positions that belong together, each group in arrival order, groups by their first position.

    Messages join by In-Reply-To and References, also through ancestors that were never received,
    and a bounce joins the mail it encloses. A subject never joins anything.
    """
    forest = _Forest(list(range(len(messages))))
    owners: dict[str, int] = {}
    for position, message in enumerate(messages):
        identifier = message.message_id
        if not identifier:
            continue
        owner = owners.setdefault(identifier, position)
        if owner != position and _is_same_mail(messages[owner], message):
            forest.join(owner, position)
    strangers: dict[str, int] = {}
    for position, message in enumerate(messages):
        for ancestor in ancestors_of(message):
            known = owners.get(ancestor)
            if known is None:
                known = strangers.setdefault(ancestor, position)
            forest.join(known, position)
    groups: dict[int, list[int]] = {}
    for position in range(len(messages)):
        groups.setdefault(forest.find(position), []).append(position)
    return tuple(sorted(tuple(group) for group in groups.values()))


def ancestors_of(message: Message) -> tuple[str, ...]:
    """The ids a message answers or follows, the nearest first.

    An In-Reply-To that is somebody's address (clients of the nineties) names no message.
    """
    people = {
        address.address.lower()
        for address in (message.sender, *message.to, *message.cc, *message.reply_to)
        if address is not None
    }
    found = [message.in_reply_to] if message.in_reply_to else []
    if message.bounce is not None and message.bounce.original_message_id:
        found.insert(0, message.bounce.original_message_id)
    found.extend(reversed(message.references))
    return tuple(
        dict.fromkeys(
            one for one in found if one != message.message_id and one.lower() not in people
        )
    )


def _is_same_mail(first: Message, second: Message) -> bool:
    """Systems reuse a Message-ID: only the same author or subject makes it the same mail."""
    return first.subject == second.subject or (
        first.sender is not None
        and second.sender is not None
        and first.sender.address.lower() == second.sender.address.lower()
    )


@dataclass
class _Forest:
    """Disjoint sets; the root of each is its smallest position."""

    parents: list[int] = field(default_factory=list)

    def find(self, position: int) -> int:
        root = position
        while self.parents[root] != root:
            root = self.parents[root]
        while self.parents[position] != root:
            self.parents[position], position = root, self.parents[position]
        return root

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.find(first), self.find(second)))
        self.parents[high] = low
