"""The probes that `mailflow check auth` mails to ourselves: written, and read when they return."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication_results import parse_authentication_results
from mailflow.core.mail.header_block import read_header_block

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.mail.authentication import AuthenticationPolicy
    from mailflow.core.mail.header_block import HeaderBlock

PROBE_FIELD = "X-Mailflow-Probe"
RESULTS_FIELD = "Authentication-Results"
# Exchange's header firewall removes every field of this family from what strangers send; this
# one can carry a mark of ours, where AuthAs could also be Exchange's own word.
INTERNAL_FIELD = "X-MS-Exchange-Organization-AuthSource"
_MIXED_CASE_TAG = "PrObE"


class ProbeKind(StrEnum):
    """``plain`` forges nothing; ``plus`` and ``mixed_case`` try the recipient's local part."""

    PLAIN = "plain"
    FORGED_RESULTS = "forged_results"
    FORGED_INTERNAL = "forged_internal"
    PLUS = "plus"
    MIXED_CASE = "mixed_case"


@dataclass(frozen=True)
class Probe:
    """One mail to our own alias. ``envelope_to`` is the address to hand to SMTP."""

    kind: ProbeKind
    nonce: str
    envelope_to: str
    message_id: str
    content: bytes


@dataclass(frozen=True)
class ReturnedProbe:
    """What became of a probe on its way.

    ``hops`` is the number of Received fields that our servers put above the probe's forged one.
    ``result_ids`` are authserv-ids of genuine results with the number of Received fields above
    each. ``forgeries`` are the names of forged fields that arrived.
    """

    kind: ProbeKind
    hops: int
    kept_message_id: bool
    kept_case: bool
    forgeries: frozenset[str] = frozenset()
    result_ids: tuple[tuple[str, int], ...] = ()


def build_probes(
    *, alias: str, reply_domain: str, policy: AuthenticationPolicy, nonce: str, sent_at: datetime
) -> tuple[Probe, ...]:
    """One probe of each kind. ``nonce`` is fresh and unguessable: what comes back is known by it.

    ``alias`` is the mailbox's address; reply addresses are tried at ``reply_domain``.
    """
    local = alias.partition("@")[0]
    recipients = {
        ProbeKind.PLUS: f"{local}+probe{nonce.lower()}@{reply_domain}",
        ProbeKind.MIXED_CASE: f"{local}+{_MIXED_CASE_TAG}{nonce}@{reply_domain}",
    }
    return tuple(
        _build_probe(kind, recipients.get(kind, alias), alias, policy, nonce, sent_at)
        for kind in ProbeKind
    )


def read_probe(raw: bytes, *, nonce: str) -> ReturnedProbe | None:
    """Read a fetched mail; None when it is no probe of this run."""
    header = read_header_block(raw)
    marks = [field.unfolded.decode("latin-1") for field in header.all(PROBE_FIELD.lower())]
    kinds = {f"{nonce} {kind}": kind for kind in ProbeKind}
    kind = kinds.get(marks[0]) if len(marks) == 1 else None
    if kind is None:
        return None
    ids = [field.unfolded.decode("latin-1") for field in header.all("message-id")]
    hops, result_ids = _read_trace(header, nonce)
    return ReturnedProbe(
        kind=kind,
        hops=hops,
        kept_message_id=ids == [_message_id(kind, nonce)],
        kept_case=any(
            f"+{_MIXED_CASE_TAG}{nonce}@".encode() in field.value
            for name in ("to", "delivered-to")
            for field in header.all(name)
        ),
        forgeries=_find_forgeries(header, nonce),
        result_ids=result_ids,
    )


def _build_probe(
    kind: ProbeKind,
    recipient: str,
    alias: str,
    policy: AuthenticationPolicy,
    nonce: str,
    sent_at: datetime,
) -> Probe:
    message = EmailMessage(policy=SMTP)
    if kind is ProbeKind.FORGED_RESULTS:
        authserv_id = policy.authserv_id or "probe.invalid"
        message[RESULTS_FIELD] = (
            f"{authserv_id}; dkim=pass header.d={_marker(nonce)}; auth=pass smtp.auth={alias}"
        )
    if kind is ProbeKind.FORGED_INTERNAL:
        message["X-MS-Exchange-Organization-AuthAs"] = "Internal"
        message[INTERNAL_FIELD] = _marker(nonce)
    stamp = format_datetime(sent_at)
    message["Received"] = f"from {_marker(nonce)} by {_marker(nonce)}; {stamp}"
    message["From"] = alias
    message["To"] = recipient
    message["Subject"] = f"mailflow probe: {kind.replace('_', ' ')}"
    message["Date"] = stamp
    message["Message-ID"] = _message_id(kind, nonce)
    message["Auto-Submitted"] = "auto-generated"
    message[PROBE_FIELD] = f"{nonce} {kind}"
    message.set_content("mailflow tries what your mail servers do to forged fields.\n")
    return Probe(kind, nonce, recipient, _message_id(kind, nonce), message.as_bytes())


def _marker(nonce: str) -> str:
    """A host name that cannot exist (RFC 2606), so that a forgery is known again."""
    return f"probe-{nonce.lower()}.invalid"


def _message_id(kind: ProbeKind, nonce: str) -> str:
    return f"<{kind}.{nonce}@{_marker(nonce)}>"


def _read_trace(header: HeaderBlock, nonce: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Walk down to our own forged Received: hops above it, and who left results on the way."""
    marker = _marker(nonce)
    hops = 0
    result_ids: list[tuple[str, int]] = []
    for field in header.fields:
        is_forged = marker.encode() in field.value
        if field.name == "received":
            if is_forged:
                break
            hops += 1
        elif field.name == "authentication-results" and not is_forged:
            authserv_id = parse_authentication_results(field.unfolded).authserv_id
            result_ids.append((authserv_id or "", hops))
    return hops, tuple(result_ids)


def _find_forgeries(header: HeaderBlock, nonce: str) -> frozenset[str]:
    marker = _marker(nonce).encode()
    return frozenset(
        name
        for name in (RESULTS_FIELD, INTERNAL_FIELD)
        if any(marker in field.value for field in header.all(name.lower()))
    )
