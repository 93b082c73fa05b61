"""How sure we are that a mail comes from the address in its From: levels, policy, verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from mailflow.core.mail.arc import ArcChain
    from mailflow.core.mail.authentication_results import AuthenticationResults
    from mailflow.core.mail.dkim_policy import DkimProblem
    from mailflow.core.mail.from_field import FromField


class SenderLevel(IntEnum):
    """V3 own DKIM verification, V2 a trusted server's word, V1 no verdict, V0 fail."""

    V0 = 0
    V1 = 1
    V2 = 2
    V3 = 3


class Profile(StrEnum):
    """What suffices for commands on this site."""

    OWN_DKIM = "own-dkim"
    TRUSTED_AR = "trusted-ar"
    M365 = "m365"


@dataclass(frozen=True)
class AuthenticationPolicy:
    """``sender_authentication`` of mailflow.yaml, and whom it is stricter with.

    ``staff_addresses`` answers ``in`` for addresses in ASCII lower case; ``require_signed`` and
    ``arc_sealers`` hold lower-case field names and domains. ``trusted_hops`` is the number of
    Received fields, counted from the top, that our own border and what lies behind it add.
    """

    profile: Profile = Profile.OWN_DKIM
    authserv_id: str | None = None
    trusted_hops: int = 1
    calibrated: bool = False
    organization_domains: frozenset[str] = frozenset()
    require_signed: frozenset[str] = frozenset()
    arc_sealers: frozenset[str] = frozenset()
    staff_addresses: Container[str] = field(default=frozenset(), repr=False)


class DkimOutcome(StrEnum):
    """What our own verification of one signature gave (RFC 8601 2.7.1, and ``policy``)."""

    PASS = "pass"  # noqa: S105 - a result of RFC 8601, no secret.
    FAIL = "fail"
    POLICY = "policy"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True)
class DkimResult:
    """One signature of the From domain. ``signature`` is the decoded ``b=``, for replay."""

    domain: str
    selector: str
    outcome: DkimOutcome
    problem: DkimProblem | None = None
    signature: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Evidence:
    """Everything that speaks for or against the From of one mail.

    ``own`` are the signatures of the From domain as we verified them; ``structure`` is what the
    structural policy holds against them even where the border verified the cryptography.
    ``results`` are the admissible Authentication-Results only. ``is_internal`` says that the
    Exchange header firewall marked the mail as internal.
    """

    sender: FromField
    header_is_sound: bool = True
    own: tuple[DkimResult, ...] = ()
    structure: DkimProblem | None = None
    results: tuple[AuthenticationResults, ...] = ()
    is_internal: bool = False
    arc: ArcChain | None = None


class Reason(StrEnum):
    """Why a mail has its level; a malformed From names its own problem beside it."""

    MALFORMED_FROM = "malformed_from"
    AMBIGUOUS_HEADER = "ambiguous_header"
    OWN_DKIM = "own_dkim"
    TRUSTED_RESULTS = "trusted_results"
    AUTHENTICATED_LOGIN = "authenticated_login"
    INTERNAL_EXCHANGE = "internal_exchange"
    RESULTS_FAIL = "results_fail"
    DKIM_FAIL = "dkim_fail"
    DKIM_REPLAYED = "dkim_replayed"
    DKIM_POLICY = "dkim_policy"
    DKIM_TEMPERROR = "dkim_temperror"
    LIFTED_BY_ARC = "lifted_by_arc"
    NO_VERDICT = "no_verdict"
    NAMED_BY_PORTAL = "named_by_portal"


@dataclass(frozen=True)
class SenderVerdict:
    """The level is about ``address``, which is in ASCII lower case and None when malformed.

    ``detail`` is a code that refines the reason. ``retry_later``: the DNS did not answer; ask
    again before the mail is treated as unverified. ``signatures`` are the ``b=`` values to
    remember against replay, under this mail's inbound row.
    """

    level: SenderLevel
    address: str | None
    reason: Reason
    detail: str = ""
    results: tuple[AuthenticationResults, ...] = ()
    retry_later: bool = False
    signatures: tuple[bytes, ...] = field(default=(), repr=False)


def may_command(verdict: SenderVerdict, policy: AuthenticationPolicy) -> bool:
    """Whether this level suffices for staff commands and relayed answers.

    V3 needs no calibration: it rests on nothing that a server added on the way. V2 does, and
    only where the profile trusts the server that spoke.
    """
    if verdict.level is SenderLevel.V3:
        return True
    if verdict.level is not SenderLevel.V2 or not policy.calibrated:
        return False
    if policy.profile is Profile.TRUSTED_AR:
        return verdict.reason in {Reason.TRUSTED_RESULTS, Reason.AUTHENTICATED_LOGIN}
    return policy.profile is Profile.M365 and verdict.reason is Reason.INTERNAL_EXCHANGE
