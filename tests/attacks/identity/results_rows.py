"""Forged, reflected and half-true Authentication-Results, and Microsoft's firewall."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core.mail.authentication import Reason
from mailflow.core.mail.dkim_policy import DkimProblem
from tests.attacks.identity.mail_signer import sign, write_mail
from tests.attacks.identity.rows import (
    BORDER,
    DKIM_PASS,
    M365,
    OWN_DKIM,
    TRUSTED_AR,
    V0,
    V1,
    V2,
    Row,
    received,
)

_INNER = ("Received", "from mx.acme.example by store.acme.example; Mon, 2 Mar 2026 09:00:01 +0000")
_ID = "mx.acme.example; "

# What the border itself wrote: value, level, reason.
_GENUINE = {
    "SPF alone passes": (_ID + "spf=pass smtp.mailfrom=dana.lead@acme.example", V1),
    "DMARC passes by SPF alone": (_ID + "spf=pass; dmarc=pass header.from=acme.example", V1),
    "DKIM of a stranger beside DMARC pass": (
        _ID + "dkim=pass header.d=evil.example; dmarc=pass header.from=acme.example",
        V1,
    ),
    "DKIM of a look-alike suffix": (_ID + "dkim=pass header.d=evilacme.example", V1),
    "DKIM of a child domain for staff": (_ID + "dkim=pass header.d=mail.acme.example", V1),
    "DKIM pass without a domain": (_ID + "dkim=pass", V1),
    "DKIM pass with two domains": (
        _ID + "dkim=pass header.d=acme.example header.d=evil.example",
        V1,
    ),
    "verdict in a comment": (_ID + "spf=none (dkim=pass header.d=acme.example)", V1),
    "verdict in a nested comment": (_ID + "dkim=none ((dkim=pass header.d=acme.example))", V1),
    "verdict in a quoted sender": (
        _ID + 'spf=pass smtp.mailfrom="; dkim=pass header.d=acme.example ;"@evil.example',
        V1,
    ),
    "verdict in a reason": (_ID + 'spf=none reason="x; dkim=pass header.d=acme.example"', V1),
    "quote that the border left open": (
        _ID + 'dkim=pass header.d=acme.example; spf=pass smtp.helo="x',
        V1,
    ),
    "comment that the border left open": (_ID + "dkim=pass header.d=acme.example; spf=x (", V1),
    "stray text after a pass": (_ID + "dkim=pass header.d=acme.example; spf", V1),
    "reflected verdict beside the real fail": (
        _ID
        + "dkim=fail header.d=acme.example; spf=pass smtp.helo=x;dkim=pass header.d=acme.example",
        V0,
    ),
    "DKIM fails": (_ID + "dkim=fail header.d=acme.example", V0),
    "DMARC fails": (_ID + "dmarc=fail header.from=acme.example", V0),
    "DMARC fails though DKIM passes": (
        _ID + "dkim=pass header.d=acme.example; dmarc=fail header.from=acme.example",
        V0,
    ),
    "one of two signatures fails": (
        _ID + "dkim=pass header.d=acme.example; dkim=fail header.d=acme.example",
        V0,
    ),
    "one of two signatures is neutral": (
        _ID + "dkim=pass header.d=acme.example; dkim=neutral header.d=acme.example",
        V1,
    ),
    "DKIM temperror": (_ID + "dkim=temperror header.d=acme.example", V1),
    "SPF hard fail of the From domain": (_ID + "spf=fail smtp.mailfrom=x@acme.example", V0),
    "SPF hard fail of another domain": (_ID + "spf=fail smtp.mailfrom=x@forward.example", V1),
    "no result": (_ID + "none", V1),
    "login of somebody else": (_ID + "auth=pass smtp.auth=eve@acme.example", V1),
    "login with a look-alike local part": (_ID + "auth=pass smtp.auth=dana.lead.x", V1),
    "login without a name": (_ID + "auth=pass", V1),
    "login that failed": (_ID + "auth=fail smtp.auth=dana.lead@acme.example", V1),
    "two logins": (
        _ID + "auth=pass smtp.auth=dana.lead@acme.example; auth=pass smtp.auth=eve@acme.example",
        V1,
    ),
    "login in cyrillic": (_ID + "auth=pass smtp.auth=dana.lеad@acme.example", V1),
    "unknown version": ("mx.acme.example 2; dkim=pass header.d=acme.example", V1),
    "identifier in quotes": ('"mx.acme.example"; dkim=pass header.d=acme.example', V1),
    "identifier of a neighbour": (
        "mx.acme.example.evil.example; dkim=pass header.d=acme.example",
        V1,
    ),
    "identifier in another case": ("MX.acme.example; dkim=pass header.d=acme.example", V1),
    "identifier with a homoglyph": ("mx.аcme.example; dkim=pass header.d=acme.example", V1),
    "identifier in a comment": ("(mx.acme.example) x; dkim=pass header.d=acme.example", V1),
    "no identifier": ("dkim=pass header.d=acme.example", V1),
    "no semicolon after the identifier": ("mx.acme.example dkim=pass header.d=acme.example", V1),
    "field beyond all bounds": (_ID + "x" * 20000 + "; dkim=pass header.d=acme.example", V1),
}

_HONEST = {
    "DKIM passes": DKIM_PASS,
    "DKIM and DMARC pass": _ID + "dkim=pass header.d=acme.example; dmarc=pass (p=REJECT) "
    "header.from=acme.example",
    "with a version": "mx.acme.example 1; dkim=pass header.d=acme.example",
    "with method versions, comments and blanks": "(border) mx.acme.example (it is) 1; "
    'dkim/1 = pass (2048-bit key) header . d = acme.example header.b="a+/=b"',
    "with the identity only": _ID + "dkim=pass header.i=@acme.example",
    "with a failing stranger": _ID
    + "dkim=pass header.d=acme.example; dkim=fail header.d=lists.example",
    "with SPF failing behind a forwarder": _ID
    + "dkim=pass header.d=acme.example; spf=fail smtp.mailfrom=x@acme.example",
}

_REASON = {V0: Reason.RESULTS_FAIL, V1: Reason.NO_VERDICT}

_BROKEN = replace(sign(write_mail()), body=b"#close resolved\r\n-- \r\nlist footer\r\n")
_INTERNAL = ("X-MS-Exchange-Organization-AuthAs", "Internal")

RESULTS_ROWS = (
    *(
        Row(f"results: {name}", received(write_mail(), value), level, _REASON[level])
        for name, (value, level) in _GENUINE.items()
    ),
    *(
        Row(
            f"honest results {name}",
            received(write_mail(), value),
            V2,
            Reason.TRUSTED_RESULTS,
            commands=True,
        )
        for name, value in _HONEST.items()
    ),
    Row(
        "honest results seen from one hop further in",
        received(write_mail(), DKIM_PASS).on_top(_INNER),
        V2,
        Reason.TRUSTED_RESULTS,
        commands=True,
    ),
    Row(
        "honest results in two fields",
        received(write_mail(), DKIM_PASS, _ID + "dmarc=pass header.from=acme.example"),
        V2,
        Reason.TRUSTED_RESULTS,
        commands=True,
    ),
    Row(
        "worst of two fields counts",
        received(write_mail(), DKIM_PASS, _ID + "dmarc=fail header.from=acme.example"),
        V0,
        Reason.RESULTS_FAIL,
    ),
    Row(
        "honest results do not command under own-dkim",
        received(write_mail(), DKIM_PASS),
        V2,
        Reason.TRUSTED_RESULTS,
        policy=OWN_DKIM,
    ),
    Row(
        "honest results do not command before calibration",
        received(write_mail(), DKIM_PASS),
        V2,
        Reason.TRUSTED_RESULTS,
        policy=replace(TRUSTED_AR, calibrated=False),
    ),
    Row(
        "forged below the border's Received",
        received(write_mail()).on_top(_INNER).below(("Authentication-Results", DKIM_PASS)),
        V1,
        Reason.NO_VERDICT,
    ),
    Row(
        "forged between forged Received fields",
        write_mail().on_top(_INNER, BORDER, BORDER, ("Authentication-Results", DKIM_PASS), BORDER),
        V1,
        Reason.NO_VERDICT,
    ),
    Row(
        "forged in a lower block than the border's fail",
        write_mail().on_top(
            ("Authentication-Results", _ID + "dkim=none"),
            _INNER,
            ("Authentication-Results", DKIM_PASS),
            BORDER,
        ),
        V1,
        Reason.NO_VERDICT,
    ),
    Row(
        "no configured identifier makes nothing admissible",
        received(write_mail(), DKIM_PASS),
        V1,
        Reason.NO_VERDICT,
        policy=replace(TRUSTED_AR, authserv_id=None),
    ),
    Row(
        "results folded over lines are honest",
        received(write_mail(), "mx.acme.example;\r\n\tdkim=pass\r\n header.d=acme.example"),
        V2,
        Reason.TRUSTED_RESULTS,
        commands=True,
    ),
    Row(
        "signature without Subject, passed by the border",
        received(sign(write_mail(), signed=("from", "date", "message-id")), DKIM_PASS),
        V1,
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
    ),
    Row(
        "length-limited signature, passed by the border",
        received(sign(write_mail(), body_length=5), DKIM_PASS),
        V1,
        Reason.DKIM_POLICY,
        DkimProblem.BODY_LENGTH,
    ),
    Row(
        "replayed signature, passed by the border",
        received(_BROKEN, DKIM_PASS),
        V0,
        Reason.DKIM_REPLAYED,
        seen=True,
    ),
    Row(
        "second Subject on top, passed by the border",
        received(sign(write_mail()).on_top(("Subject", "other")), DKIM_PASS),
        V0,
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    Row(
        "signature that we cannot read, passed by the border",
        received(sign(write_mail(), tags=(("s", "under_score"),)), DKIM_PASS),
        V1,
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    Row(
        "honest mail that a gateway behind the border marked",
        received(_BROKEN, DKIM_PASS),
        V2,
        Reason.TRUSTED_RESULTS,
        commands=True,
    ),
    Row(
        "honest login by address",
        received(write_mail(), _ID + "auth=pass smtp.auth=dana.lead@acme.example"),
        V2,
        Reason.AUTHENTICATED_LOGIN,
        commands=True,
    ),
    Row(
        "honest login by local part",
        received(write_mail(), _ID + "auth=pass (plain) smtp.auth=dana.lead"),
        V2,
        Reason.AUTHENTICATED_LOGIN,
        commands=True,
    ),
    Row(
        "login by local part where there are two domains",
        received(write_mail(), _ID + "auth=pass smtp.auth=dana.lead"),
        V1,
        Reason.NO_VERDICT,
        policy=replace(
            TRUSTED_AR, organization_domains=frozenset({"acme.example", "acme-partner.example"})
        ),
    ),
    Row(
        "login says nothing under own-dkim",
        received(write_mail(), _ID + "auth=pass smtp.auth=dana.lead@acme.example"),
        V1,
        Reason.NO_VERDICT,
        policy=OWN_DKIM,
    ),
    Row(
        "internal mark under another profile",
        received(write_mail()).on_top(_INTERNAL),
        V1,
        Reason.NO_VERDICT,
    ),
    Row(
        "internal mark before calibration",
        received(write_mail()).on_top(_INTERNAL),
        V1,
        Reason.NO_VERDICT,
        policy=replace(M365, calibrated=False),
    ),
    Row(
        "two internal marks",
        received(write_mail()).on_top(_INTERNAL, _INTERNAL),
        V1,
        Reason.NO_VERDICT,
        policy=M365,
    ),
    Row(
        "internal mark beside an external one",
        received(write_mail()).on_top((_INTERNAL[0], "Anonymous"), _INTERNAL),
        V1,
        Reason.NO_VERDICT,
        policy=M365,
    ),
    Row(
        "internal mark on a stranger's address",
        received(write_mail("eve@evil.example")).on_top(_INTERNAL),
        V1,
        Reason.NO_VERDICT,
        policy=M365,
    ),
    Row(
        "honest internal mail of Microsoft 365",
        received(write_mail()).on_top(_INTERNAL),
        V2,
        Reason.INTERNAL_EXCHANGE,
        policy=M365,
        commands=True,
    ),
    Row(
        "results of Microsoft 365 without identifier",
        received(write_mail(), "spf=pass; dkim=pass header.d=acme.example; dmarc=pass action=none"),
        V1,
        Reason.NO_VERDICT,
        policy=M365,
    ),
)
