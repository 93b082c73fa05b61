"""Who wrote a mail, and how sure are we: gathers the evidence and asks the core to judge it.

Header hashes and RSA are dkimpy's, fenced in: it gets keys and fields that were checked before,
because by itself it reads the wall clock, takes any key and rescans blanks for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import dkim
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailflow.core.mail.arc import ArcChain, read_arc_chain
from mailflow.core.mail.authentication import (
    AuthenticationPolicy,
    DkimOutcome,
    DkimResult,
    Evidence,
    SenderVerdict,
)
from mailflow.core.mail.authentication_results import read_admissible_results
from mailflow.core.mail.dkim_body import canonicalize_body
from mailflow.core.mail.dkim_policy import (
    MAX_RSA_BITS,
    MAX_SIGNATURES_TRIED,
    MIN_RSA_BITS,
    DkimProblem,
    find_key_problem,
    find_signature_problem,
    is_aligned,
)
from mailflow.core.mail.dkim_signature import (
    DkimSignature,
    is_bounded,
    parse_dkim_signature,
    parse_key_record,
)
from mailflow.core.mail.from_field import read_from_field
from mailflow.core.mail.header_block import HeaderBlock, HeaderField, read_header_block
from mailflow.core.mail.judgement import judge
from mailflow.errors import TemporaryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mailflow.core.mail.dkim_signature import KeyRecord
    from mailflow.intake.key_lookup import TxtResolver

# The library is without types.
_dkimpy: Any = dkim
_LARGEST_EXPONENT = 2**32
_INTERNAL = b"Internal"


def identify_sender(
    raw: bytes,
    *,
    policy: AuthenticationPolicy,
    received_at: datetime,
    resolver: TxtResolver,
    seen_signature: Callable[[bytes], bool],
) -> SenderVerdict:
    """Judge one mail as it came from the server.

    ``received_at`` is INTERNALDATE. ``seen_signature`` tells whether a ``b=`` value was
    remembered under *another* inbound row; remember the verdict's ``signatures`` under this one.
    Asks the DNS at most three times, and once per ARC seal and signature where a fail could be
    lifted.
    """
    raw = _with_network_line_ends(raw)
    header = read_header_block(raw)
    sender = read_from_field([field.unfolded for field in header.all("from")])
    evidence = Evidence(sender=sender, header_is_sound=header.is_sound)
    if sender.address is None or not header.is_sound:
        return judge(evidence, policy)
    mail = _Mail(header, header.body or b"", received_at, sender.address, policy)
    found, structure = _check_signatures(mail, resolver, seen_signature)
    evidence = replace(
        evidence,
        own=found,
        structure=structure,
        results=read_admissible_results(
            header, authserv_id=policy.authserv_id, trusted_hops=policy.trusted_hops
        ),
        is_internal=[f.unfolded for f in header.all("x-ms-exchange-organization-authas")]
        == [_INTERNAL],
    )
    verdict = judge(evidence, policy)
    if verdict.level > 0 or not policy.arc_sealers:
        return verdict
    return judge(replace(evidence, arc=_check_arc(mail, resolver)), policy)


@dataclass(frozen=True)
class _Mail:
    header: HeaderBlock
    body: bytes
    received_at: datetime
    address: str
    policy: AuthenticationPolicy

    @property
    def is_staff(self) -> bool:
        return self.address in self.policy.staff_addresses

    @cached_property
    def body_hashes(self) -> _BodyHashes:
        return _BodyHashes(self.body)


class _BodyHashes(dict[str, bytes]):
    """SHA-256 of the body by canonicalization, each computed once when first asked for."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    def __missing__(self, canon: str) -> bytes:
        self[canon] = sha256(canonicalize_body(self._body, canon)).digest()
        return self[canon]


def _with_network_line_ends(raw: bytes) -> bytes:
    """A file's copy of a mail ends its lines in LF alone; signatures are over CRLF."""
    return raw if b"\r" in raw else raw.replace(b"\n", b"\r\n")


def _check_signatures(
    mail: _Mail, resolver: TxtResolver, seen_signature: Callable[[bytes], bool]
) -> tuple[tuple[DkimResult, ...], DkimProblem | None]:
    """Our results for the From domain's signatures, and the worst that speaks against them."""
    fields = mail.header.all("dkim-signature")
    parsed = [(field, parse_dkim_signature(field.value)) for field in fields]
    domain = mail.address.rpartition("@")[2]
    aligned = [
        (field, signature)
        for field, signature in parsed
        if signature and is_aligned(signature.domain, domain, strictly=mail.is_staff)
    ]
    if not aligned:
        is_malformed = any(signature is None for _, signature in parsed)
        return (), DkimProblem.MALFORMED if is_malformed else None
    if len(aligned) > MAX_SIGNATURES_TRIED:
        return (), DkimProblem.TOO_MANY
    results: list[DkimResult] = []
    problems: list[DkimProblem] = []
    for field, signature in aligned:
        problem = _find_problem(signature, mail, seen_signature)
        if problem is not None:
            problems.append(problem)
            results.append(_result(signature, DkimOutcome.POLICY, problem))
        elif any(result.outcome is DkimOutcome.PASS for result in results):
            results.append(_result(signature, DkimOutcome.POLICY))
        else:
            results.append(_verify(field, signature, mail, resolver))
    grave = (DkimProblem.REPLAYED, DkimProblem.SEVERAL_FIELDS)
    worst = next((problem for problem in grave if problem in problems), None)
    return tuple(results), worst or next(iter(problems), None)


def _find_problem(
    signature: DkimSignature, mail: _Mail, seen_signature: Callable[[bytes], bool]
) -> DkimProblem | None:
    if seen_signature(signature.signature):
        return DkimProblem.REPLAYED
    return find_signature_problem(
        signature,
        mail.header,
        received_at=mail.received_at,
        require_signed=mail.policy.require_signed,
    )


def _result(
    signature: DkimSignature, outcome: DkimOutcome, problem: DkimProblem | None = None
) -> DkimResult:
    return DkimResult(
        domain=signature.domain,
        selector=signature.selector,
        outcome=outcome,
        problem=problem,
        signature=signature.signature,
    )


def _verify(
    field: HeaderField, signature: DkimSignature, mail: _Mail, resolver: TxtResolver
) -> DkimResult:
    try:
        record = _find_key(f"{signature.selector}._domainkey.{signature.domain}", resolver)
    except TemporaryError:
        return _result(signature, DkimOutcome.TEMPERROR, DkimProblem.NO_ANSWER)
    key = _load_key(record) if record else None
    bits = key.key_size if isinstance(key, RSAPublicKey) else 0
    problem = find_key_problem(
        signature, record if key else None, rsa_bits=bits, is_staff=mail.is_staff
    )
    if problem is not None or key is None:
        return _result(signature, DkimOutcome.PERMERROR, problem)
    if not _holds(field, signature, mail, key):
        return _result(signature, DkimOutcome.FAIL, DkimProblem.BODY_OR_HEADER_CHANGED)
    return _result(signature, DkimOutcome.PASS)


def _find_key(name: str, resolver: TxtResolver) -> KeyRecord | None:
    """The one key at a name; several records are no key (RFC 6376 3.6.2.2 leaves it undefined)."""
    records = resolver.find_txt(name)
    return parse_key_record(records[0]) if len(records) == 1 else None


def _load_key(record: KeyRecord) -> RSAPublicKey | Ed25519PublicKey | None:
    try:
        if record.key_type == "ed25519":
            return Ed25519PublicKey.from_public_bytes(record.key)
        key = load_der_public_key(record.key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, RSAPublicKey) or key.public_numbers().e > _LARGEST_EXPONENT:
        return None
    return key


def _holds(
    field: HeaderField,
    signature: DkimSignature,
    mail: _Mail,
    key: RSAPublicKey | Ed25519PublicKey,
) -> bool:
    """Whether the signature is over exactly these fields and this body."""
    if signature.body_hash != mail.body_hashes[signature.body_canon]:
        return False
    verifier = _dkimpy.DKIM()
    verifier.headers = [_as_pair(one) for one in mail.header.fields]
    fence: _Ed25519Fence | None = None
    if isinstance(key, RSAPublicKey):
        if not _is_only_spelling(signature.signature, key):
            return False
        numbers = key.public_numbers()
        verifier.pk = {"modulus": numbers.n, "publicExponent": numbers.e}
        verifier.ktag, verifier.keysize = b"rsa", key.key_size
    else:
        fence = _Ed25519Fence(key)
        verifier.pk, verifier.ktag = fence, b"ed25519"
    # Without bh= dkimpy leaves the body alone, which was compared above.
    tags = {name.encode(): value.encode() for name, value in signature.tags if name != "bh"}
    signed = [name.encode() for name in signature.signed]
    holds = verifier.verify_sig_process(tags, signed, _as_pair(field), None)
    return bool(holds) and (fence is None or fence.held)


def _is_only_spelling(signature: bytes, key: RSAPublicKey) -> bool:
    """Whether no other bytes would pass: dkimpy also takes b + n, and a replay would look new."""
    right_length = len(signature) == (key.key_size + 7) // 8
    return right_length and int.from_bytes(signature) < key.public_numbers().n


class _Ed25519Fence:
    """Stands where dkimpy expects PyNaCl's key, which is no dependency of ours.

    It never raises, since dkimpy would look for PyNaCl's exception.
    """

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.held = False

    def verify(self, digest: bytes, signature: bytes) -> None:
        try:
            self._key.verify(signature, digest)
        except InvalidSignature:
            return
        self.held = True


def _as_pair(field: HeaderField) -> list[bytes]:
    value = field.value
    return [field.raw_name, value if value.endswith(b"\r\n") else value + b"\r\n"]


def _check_arc(mail: _Mail, resolver: TxtResolver) -> ArcChain | None:
    chain = read_arc_chain(mail.header, sealers=mail.policy.arc_sealers)
    bulky = any(
        not is_bounded(field.value)
        for field in mail.header.fields
        if field.name in {"arc-seal", "arc-message-signature"}
    )
    if chain is None or bulky:
        return None

    def find_record(name: bytes, timeout: float = 0) -> bytes | None:
        del timeout
        records = resolver.find_txt(name.decode("latin-1"))
        record = parse_key_record(records[0]) if len(records) == 1 else None
        key = _load_key(record) if record else None
        fits = isinstance(key, RSAPublicKey) and MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS
        return records[0] if fits else None

    verifier = _dkimpy.ARC()
    verifier.headers = [_as_pair(one) for one in mail.header.fields]
    # Made canonical before, so that dkimpy finds no runs of blanks to rescan.
    verifier.body = canonicalize_body(mail.body, chain.body_canon)
    try:
        outcome, _, _ = verifier.verify(dnsfunc=find_record)
    # dkimpy indexes into what it did not find on some malformed chains.
    except (dkim.DKIMException, TemporaryError, LookupError, ValueError):
        return None
    return replace(chain, is_valid=outcome == dkim.CV_Pass)
