"""The judgement: from everything that speaks for or against a From to one level."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication import (
    AuthenticationPolicy,
    DkimOutcome,
    Evidence,
    Profile,
    Reason,
    SenderLevel,
    SenderVerdict,
)
from mailflow.core.mail.dkim_policy import DkimProblem, is_aligned

if TYPE_CHECKING:
    from mailflow.core.mail.authentication_results import AuthenticationResults, MethodResult

_Weight = tuple[SenderLevel, Reason, str]


class _Word(StrEnum):
    """What a set of results says about the From address."""

    PASSES = "passes"
    LOGIN = "login"
    NOTHING = "nothing"
    FAILS = "fails"


def judge(evidence: Evidence, policy: AuthenticationPolicy) -> SenderVerdict:
    """Weigh the evidence in falling order of trust: own DKIM, then the border's word, then ARC.

    A level is about the From address alone; whose address that is, is asked elsewhere.
    """
    sender = evidence.sender
    if sender.address is None:
        detail = sender.problem or ""
        return SenderVerdict(SenderLevel.V0, None, Reason.MALFORMED_FROM, detail=detail)
    level, reason, detail = _find_contradiction(evidence) or _weigh(evidence, policy)
    verdict = SenderVerdict(
        level,
        sender.address,
        reason,
        detail=detail,
        results=evidence.results,
        retry_later=level is not SenderLevel.V3 and _has_outcome(evidence, DkimOutcome.TEMPERROR),
        signatures=_signatures_to_remember(evidence, level),
    )
    if level is SenderLevel.V0 and _is_lifted(evidence, policy):
        return replace(verdict, level=SenderLevel.V1, reason=Reason.LIFTED_BY_ARC, detail=reason)
    return verdict


def _find_contradiction(evidence: Evidence) -> _Weight | None:
    """What no vouching makes good: one mail that is really two."""
    if not evidence.header_is_sound:
        return SenderLevel.V0, Reason.AMBIGUOUS_HEADER, ""
    if evidence.structure is DkimProblem.SEVERAL_FIELDS:
        return SenderLevel.V0, Reason.AMBIGUOUS_HEADER, evidence.structure
    if evidence.structure is DkimProblem.REPLAYED:
        return SenderLevel.V0, Reason.DKIM_REPLAYED, evidence.structure
    return None


def _weigh(evidence: Evidence, policy: AuthenticationPolicy) -> _Weight:
    if _has_outcome(evidence, DkimOutcome.PASS):
        return SenderLevel.V3, Reason.OWN_DKIM, ""
    word = _read_word(evidence, policy)
    if word is _Word.FAILS:
        return SenderLevel.V0, Reason.RESULTS_FAIL, ""
    if word is _Word.LOGIN:
        return SenderLevel.V2, Reason.AUTHENTICATED_LOGIN, ""
    if word is _Word.PASSES and evidence.structure is None:
        return SenderLevel.V2, Reason.TRUSTED_RESULTS, ""
    if _is_internal(evidence, policy):
        return SenderLevel.V2, Reason.INTERNAL_EXCHANGE, ""
    return _weigh_own(evidence, word)


def _weigh_own(evidence: Evidence, word: _Word) -> _Weight:
    """What is left when nothing vouches for the sender."""
    if _has_outcome(evidence, DkimOutcome.FAIL) and word is not _Word.PASSES:
        return SenderLevel.V0, Reason.DKIM_FAIL, ""
    if _has_outcome(evidence, DkimOutcome.TEMPERROR):
        return SenderLevel.V1, Reason.DKIM_TEMPERROR, ""
    if evidence.structure is not None:
        return SenderLevel.V1, Reason.DKIM_POLICY, evidence.structure
    problem = next((result.problem for result in evidence.own if result.problem), None)
    if problem is not None:
        return SenderLevel.V1, Reason.DKIM_POLICY, problem
    return SenderLevel.V1, Reason.NO_VERDICT, ""


def _signatures_to_remember(evidence: Evidence, level: SenderLevel) -> tuple[bytes, ...]:
    """Only of mail that was vouched for, or a forger could spend somebody's signature first."""
    if level < SenderLevel.V2:
        return ()
    return tuple(result.signature for result in evidence.own)


def _has_outcome(evidence: Evidence, outcome: DkimOutcome) -> bool:
    return any(result.outcome is outcome for result in evidence.own)


def _read_word(evidence: Evidence, policy: AuthenticationPolicy) -> _Word:
    """All admissible results together; the worst verdict counts."""
    results = evidence.results
    domain = evidence.sender.domain
    strictly = evidence.sender.address in policy.staff_addresses
    dkim = _aligned_dkim(results, domain, strictly=strictly)
    dmarc = {result.result for result in _of(results, "dmarc")}
    if "fail" in dmarc | dkim or (not dkim and _spf_fails(results, domain)):
        return _Word.FAILS
    if any(field.is_malformed for field in results):
        return _Word.NOTHING
    if _is_login_of_sender(results, evidence, policy):
        return _Word.LOGIN
    if dkim == {"pass"} and dmarc <= {"pass", "none", "bestguesspass"}:
        return _Word.PASSES
    return _Word.NOTHING


def _of(results: tuple[AuthenticationResults, ...], method: str) -> tuple[MethodResult, ...]:
    return tuple(result for field in results for result in field.of(method))


def _aligned_dkim(
    results: tuple[AuthenticationResults, ...], domain: str, *, strictly: bool
) -> set[str]:
    """The verdicts on signatures of the From domain, by ``header.d`` or the domain of ``i``."""
    verdicts: set[str] = set()
    for result in _of(results, "dkim"):
        signers = result.values("header.d") or result.values("header.i")
        if len(signers) > 1:
            verdicts.add("contradictory")
            continue
        signing = signers[0].rpartition("@")[2].lower() if signers else ""
        if is_aligned(signing, domain, strictly=strictly):
            verdicts.add(result.result)
    return verdicts


def _spf_fails(results: tuple[AuthenticationResults, ...], domain: str) -> bool:
    for result in _of(results, "spf"):
        senders = result.values("smtp.mailfrom")
        hosts = {sender.rpartition("@")[2].lower() for sender in senders}
        if result.result == "fail" and domain in hosts:
            return True
    return False


def _is_login_of_sender(
    results: tuple[AuthenticationResults, ...], evidence: Evidence, policy: AuthenticationPolicy
) -> bool:
    """RFC 8601 2.7.4: the organisation's server says which of its users handed the mail in."""
    if policy.profile is not Profile.TRUSTED_AR:
        return False
    logins = _of(results, "auth")
    users = [user for result in logins for user in result.values("smtp.auth")]
    passed = bool(logins) and all(result.result == "pass" for result in logins)
    return passed and len(users) == len(logins) and all(_owns(u, evidence, policy) for u in users)


def _owns(user: str, evidence: Evidence, policy: AuthenticationPolicy) -> bool:
    """A login name is an address, or the local part of one in the only domain we have."""
    login = user.lower() if user.isascii() else ""
    if "@" in login:
        return login == evidence.sender.address
    domains = policy.organization_domains
    return len(domains) == 1 and evidence.sender.address == f"{login}@{next(iter(domains))}"


def _is_internal(evidence: Evidence, policy: AuthenticationPolicy) -> bool:
    return (
        policy.profile is Profile.M365
        and policy.calibrated
        and evidence.is_internal
        and evidence.sender.domain in policy.organization_domains
    )


def _is_lifted(evidence: Evidence, policy: AuthenticationPolicy) -> bool:
    """A listed sealer saw the mail pass before it was changed; two-faced mail stays what it is."""
    chain = evidence.arc
    if chain is None or not chain.is_valid or chain.sealer not in policy.arc_sealers:
        return False
    if _find_contradiction(evidence) is not None or chain.results.is_malformed:
        return False
    strictly = evidence.sender.address in policy.staff_addresses
    dkim = _aligned_dkim((chain.results,), evidence.sender.domain, strictly=strictly)
    return dkim == {"pass"}
