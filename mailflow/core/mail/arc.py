"""ARC chains (RFC 8617): what a listed sealer saw before a list or forwarder changed the mail.

A chain may lift a fail for ordinary mail. It never helps a command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication_results import (
    AuthenticationResults,
    parse_authentication_results,
)
from mailflow.core.mail.dkim_signature import parse_tag_list

if TYPE_CHECKING:
    from collections.abc import Container

    from mailflow.core.mail.header_block import HeaderBlock

# RFC 8617 4.2.1 allows 50 sets; every set costs look-ups, and real chains have two or three.
MAX_SETS = 5
_FIELDS = ("arc-authentication-results", "arc-message-signature", "arc-seal")


@dataclass(frozen=True)
class ArcChain:
    """The newest set: who sealed it, what that sealer saw, and whether the chain verified."""

    sealer: str
    results: AuthenticationResults
    is_valid: bool = False


def read_arc_chain(header: HeaderBlock, *, sealers: Container[str]) -> ArcChain | None:
    """The chain when it is complete and its newest sealer is listed; not yet verified.

    None otherwise. Lower sets are trusted to the newest sealer, who vouches for having checked
    them (``cv=pass``).
    """
    by_kind: list[dict[int, bytes]] = []
    for name in _FIELDS:
        numbered = _read_numbered(header, name)
        if numbered is None:
            return None
        by_kind.append(numbered)
    seen, signatures, seals = by_kind
    newest = len(seals)
    if not 1 <= newest <= MAX_SETS or set(seals) != set(range(1, newest + 1)):
        return None
    if set(seen) != set(seals) or set(signatures) != set(seals):
        return None
    seal = _read_tags(seals[newest])
    signature = _read_tags(signatures[newest])
    if seal.get("cv") != ("none" if newest == 1 else "pass"):
        return None
    sealer = seal.get("d", "").lower()
    # The set's two signatures must come from one hand, or a listed seal would cover a stranger's.
    if sealer not in sealers or signature.get("d", "").lower() != sealer or "l" in signature:
        return None
    results = parse_authentication_results(seen[newest].partition(b";")[2])
    return ArcChain(sealer, results)


def _read_numbered(header: HeaderBlock, name: str) -> dict[int, bytes] | None:
    """Values by their instance ``i=``; None when one is missing, doubled or no number."""
    numbered: dict[int, bytes] = {}
    for field in header.all(name):
        first = field.unfolded.partition(b";")[0] if name == _FIELDS[0] else field.unfolded
        instance = _read_tags(first).get("i", "")
        if instance not in {str(number) for number in range(1, MAX_SETS + 1)}:
            return None
        if int(instance) in numbered:
            return None
        numbered[int(instance)] = field.unfolded
    return numbered


def _read_tags(value: bytes) -> dict[str, str]:
    return parse_tag_list(value.decode("latin-1")) or {}
