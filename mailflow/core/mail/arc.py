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
from mailflow.core.mail.dkim_signature import parse_tag_list, read_body_canonicalization

if TYPE_CHECKING:
    from collections.abc import Container

    from mailflow.core.mail.header_block import HeaderBlock

# RFC 8617 4.2.1 allows 50 sets; every set costs look-ups, and real chains have two or three.
MAX_SETS = 5
_INSTANCES = {str(number): number for number in range(1, MAX_SETS + 1)}
_FIELDS = ("arc-authentication-results", "arc-message-signature", "arc-seal")


@dataclass(frozen=True)
class ArcChain:
    """The newest set: who sealed it, what that sealer saw, and whether the chain verified."""

    sealer: str
    results: AuthenticationResults
    body_canon: str = "relaxed"
    is_valid: bool = False


def read_arc_chain(header: HeaderBlock, *, sealers: Container[str]) -> ArcChain | None:
    """The chain when it is complete and its newest sealer is listed; not yet verified.

    None otherwise. Lower sets are trusted to the newest sealer, who vouches for having checked
    them (``cv=pass``).
    """
    sets = [_read_numbered(header, name) for name in _FIELDS]
    newest = max(sets[-1], default=0)
    if not newest or any(set(numbered) != set(range(1, newest + 1)) for numbered in sets):
        return None
    seen, signature, seal = (numbered[newest] for numbered in sets)
    seal_tags, signature_tags = _read_tags(seal), _read_tags(signature)
    sealer = seal_tags.get("d", "").lower()
    # The set's two signatures must come from one hand, or a listed seal would cover a stranger's.
    is_one_hand = sealer in sealers and signature_tags.get("d", "").lower() == sealer
    body_canon = read_body_canonicalization(signature_tags.get("c", "relaxed/relaxed"))
    cv = "none" if newest == 1 else "pass"
    if not is_one_hand or seal_tags.get("cv") != cv or "l" in signature_tags or not body_canon:
        return None
    results = parse_authentication_results(seen.partition(b";")[2])
    return ArcChain(sealer, results, body_canon)


def _read_numbered(header: HeaderBlock, name: str) -> dict[int, bytes]:
    """Values by their instance ``i=``; empty when one is missing, doubled or no number."""
    numbered: dict[int, bytes] = {}
    for field in header.all(name):
        first = field.unfolded.partition(b";")[0] if name == _FIELDS[0] else field.unfolded
        instance = _INSTANCES.get(_read_tags(first).get("i", ""))
        if instance is None or instance in numbered:
            return {}
        numbered[instance] = field.unfolded
    return numbered


def _read_tags(value: bytes) -> dict[str, str]:
    return parse_tag_list(value.decode("latin-1")) or {}
