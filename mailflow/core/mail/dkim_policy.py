"""What must surround a DKIM signature before its pass means an identity (see RFC 6376 8).

The cryptography is checked elsewhere; everything here applies whoever checked it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.mail.domain_alignment import is_exactly_aligned, is_organizationally_aligned

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.mail.dkim_signature import DkimSignature, KeyRecord
    from mailflow.core.mail.header_block import HeaderBlock

MAX_SIGNATURES_TRIED = 3
MIN_STAFF_RSA_BITS = 2048
MIN_RSA_BITS = 1024
MAX_RSA_BITS = 4096
OLDEST_SIGNATURE = timedelta(days=5)
CLOCK_SKEW = timedelta(minutes=10)

_EXACTLY_ONE = ("from", "date", "subject", "message-id")
_AT_MOST_ONE = ("to", "content-type")
_ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_MAX_DATE_BYTES = 100


class DkimProblem(StrEnum):
    """Why a signature, valid or not, proves nothing."""

    MALFORMED = "malformed_signature"
    UNSOUND_HEADER = "unsound_header"
    SEVERAL_FIELDS = "field_not_single"
    FIELD_MISSING = "field_missing"
    NOT_SIGNED = "field_not_signed"
    BODY_LENGTH = "body_length_limited"
    ALGORITHM = "algorithm_too_weak"
    TIME = "outside_time_window"
    EXPIRED = "signature_expired"
    TOO_MANY = "too_many_signatures"
    REPLAYED = "replayed"
    NO_KEY = "no_usable_key"
    WEAK_KEY = "key_too_weak"
    BODY_OR_HEADER_CHANGED = "changed_after_signing"
    NO_ANSWER = "dns_gave_no_answer"


def is_aligned(signing: str, sender: str, *, strictly: bool) -> bool:
    """Whether ``d=`` may speak for the From domain: strictly for staff, by organisation else."""
    return (is_exactly_aligned if strictly else is_organizationally_aligned)(signing, sender)


def find_header_problem(header: HeaderBlock) -> DkimProblem | None:
    """What in the fields themselves lets one signature stand for two readings of the mail."""
    if not header.is_sound:
        return DkimProblem.UNSOUND_HEADER
    counts = {name: header.count(name) for name in _EXACTLY_ONE + _AT_MOST_ONE}
    if any(count > 1 for count in counts.values()):
        return DkimProblem.SEVERAL_FIELDS
    if any(counts[name] == 0 for name in _EXACTLY_ONE):
        return DkimProblem.FIELD_MISSING
    return None


def find_signature_problem(
    signature: DkimSignature,
    header: HeaderBlock,
    *,
    received_at: datetime,
    require_signed: Collection[str],
) -> DkimProblem | None:
    """What the policy holds against one signature, its key and cryptography left aside.

    ``received_at`` is INTERNALDATE: a mail that waited for us has not expired meanwhile.
    """
    header_problem = find_header_problem(header)
    if header_problem is not None:
        return header_problem
    required = (*_EXACTLY_ONE, *(name.lower() for name in require_signed))
    if any(name not in signature.signed for name in required):
        return DkimProblem.NOT_SIGNED
    if signature.has_length:
        return DkimProblem.BODY_LENGTH
    if signature.algorithm not in _ALGORITHMS:
        return DkimProblem.ALGORITHM
    return _find_time_problem(signature, header, received_at)


def find_key_problem(
    signature: DkimSignature, record: KeyRecord | None, *, rsa_bits: int, is_staff: bool
) -> DkimProblem | None:
    """Whether the published key fits the algorithm and is neither too small nor too costly."""
    if record is None or _ALGORITHMS.get(signature.algorithm) != record.key_type:
        return DkimProblem.NO_KEY
    if record.key_type == "ed25519":
        return None
    floor = MIN_STAFF_RSA_BITS if is_staff else MIN_RSA_BITS
    return None if floor <= rsa_bits <= MAX_RSA_BITS else DkimProblem.WEAK_KEY


def _find_time_problem(
    signature: DkimSignature, header: HeaderBlock, received_at: datetime
) -> DkimProblem | None:
    received = received_at.timestamp()
    signed = signature.signed_at
    if signed is None:
        signed_date = _read_date(header)
        if signed_date is None:
            return DkimProblem.TIME
        signed = int(signed_date.timestamp())
    earliest = received - OLDEST_SIGNATURE.total_seconds()
    latest = received + CLOCK_SKEW.total_seconds()
    if not earliest <= signed <= latest:
        return DkimProblem.TIME
    expires = signature.expires_at
    if expires is not None and expires < max(received, signed):
        return DkimProblem.EXPIRED
    return None


def _read_date(header: HeaderBlock) -> datetime | None:
    value = header.all("date")[0].unfolded
    if len(value) > _MAX_DATE_BYTES:
        return None
    try:
        moment = parsedate_to_datetime(value.decode("latin-1"))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    # The stdlib raises any of these on text that is no date.
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
