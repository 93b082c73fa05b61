"""One row a mail: what arrives, and what must come out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication import AuthenticationPolicy, Profile, Reason, SenderLevel

if TYPE_CHECKING:
    from tests.attacks.identity.mail_signer import Mail

V0, V1, V2, V3 = SenderLevel
DANA = "dana.lead@acme.example"

OWN_DKIM = AuthenticationPolicy(
    authserv_id="mx.acme.example",
    trusted_hops=2,
    calibrated=True,
    organization_domains=frozenset({"acme.example"}),
    arc_sealers=frozenset({"lists.acme.example"}),
    staff_addresses=frozenset({DANA}),
)
TRUSTED_AR = replace(OWN_DKIM, profile=Profile.TRUSTED_AR)
M365 = replace(OWN_DKIM, profile=Profile.M365, authserv_id=None)

# The border's fields stand above the Received that it wrote itself.
BORDER = ("Received", "from out.example by mx.acme.example; Mon, 2 Mar 2026 09:00:00 +0000")
DKIM_PASS = "mx.acme.example; dkim=pass header.d=acme.example header.s=s1"


@dataclass(frozen=True)
class Row:
    """``detail`` and ``address`` are compared where they are given.

    ``commands`` says whether the mail may command under its policy; it follows from nothing
    else in the row, so that a mistake in the level alone cannot hide.
    """

    name: str
    mail: Mail | bytes
    level: SenderLevel
    reason: Reason
    detail: str | None = None
    policy: AuthenticationPolicy = TRUSTED_AR
    commands: bool = False
    address: str | None = None
    seen: bool = False

    def raw(self) -> bytes:
        return self.mail if isinstance(self.mail, bytes) else self.mail.raw()


def received(mail: Mail, *results: str) -> Mail:
    """The mail as our border hands it in, with these Authentication-Results of its own."""
    fields = [("Authentication-Results", result) for result in results]
    return mail.on_top(*fields, BORDER)
