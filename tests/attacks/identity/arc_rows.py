"""Mail that a list changed and sealed (ARC): lifted for ordinary mail, never for commands."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core.mail.authentication import Reason
from tests.attacks.identity.mail_signer import Signing, rsa_key, seal, sign, write_mail
from tests.attacks.identity.rows import OWN_DKIM, V0, V1, V3, Row, received

_SIGNED = sign(write_mail())
_BROKEN = replace(_SIGNED, body=b"#close resolved\r\n-- \r\nlist footer\r\n")
_LIST = Signing(domain="lists.acme.example")
_SEEN = "dkim=pass header.d=acme.example"
_EVIL_LIST = Signing(domain="evil.example")

ARC_ROWS = (
    Row(
        "honest list mail whose list sealed what it saw",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST)),
        V1,
        Reason.LIFTED_BY_ARC,
        Reason.DKIM_FAIL,
        policy=OWN_DKIM,
    ),
    Row(
        "honest list mail through two sealers",
        received(
            seal(
                seal(_BROKEN, seen=_SEEN, signing=_EVIL_LIST),
                seen=_SEEN + "; arc=pass",
                signing=_LIST,
                instance=2,
                cv="pass",
            )
        ),
        V1,
        Reason.LIFTED_BY_ARC,
        policy=OWN_DKIM,
    ),
    Row(
        "list mail that also fails at the border",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST), "mx.acme.example; dmarc=fail"),
        V1,
        Reason.LIFTED_BY_ARC,
        Reason.RESULTS_FAIL,
    ),
    Row(
        "seal of a sealer that is not listed",
        received(seal(_BROKEN, seen=_SEEN, signing=_EVIL_LIST)),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "seal that claims a listed sealer with another key",
        received(seal(_BROKEN, seen=_SEEN, signing=replace(_LIST, key=rsa_key("evil")))),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "seal over a mail changed afterwards",
        received(replace(seal(_BROKEN, seen=_SEEN, signing=_LIST), body=b"#close\r\n")),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "sealer that saw no pass itself",
        received(seal(_BROKEN, seen="dkim=none", signing=_LIST)),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "sealer that saw another domain pass",
        received(seal(_BROKEN, seen="dkim=pass header.d=evil.example", signing=_LIST)),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "chain whose first seal says pass",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST, cv="pass")),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "chain that starts at two",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST, instance=2, cv="pass")),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "chain without its message signature",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST).without("ARC-Message-Signature")),
        V0,
        Reason.DKIM_FAIL,
    ),
    Row(
        "replay wrapped in a listed seal",
        received(seal(_BROKEN, seen=_SEEN, signing=_LIST)),
        V0,
        Reason.DKIM_REPLAYED,
        seen=True,
    ),
    Row(
        "honest signed mail beside a forged chain",
        received(seal(_SIGNED, seen="dkim=fail header.d=acme.example", signing=_EVIL_LIST)),
        V3,
        Reason.OWN_DKIM,
        commands=True,
    ),
)
