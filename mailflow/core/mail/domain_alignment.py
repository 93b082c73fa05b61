"""Whether a signing domain may speak for a From domain (RFC 7489 3.1), without a suffix list.

The rule is narrower than DMARC's: only a parent or a child of the From domain, never a sibling,
and never a name that is, or may be, a public suffix. Whoever falls outside signs exactly.
"""

from __future__ import annotations

# Second-level names under which country registries register the public.
# fmt: off
_REGISTRY_LABELS = frozenset({
    "ac", "asn", "co", "com", "edu", "firm", "gen", "go", "gob", "gouv", "gov", "gub", "gv", "id",
    "ind", "inf", "info", "lg", "ltd", "me", "mil", "mod", "ne", "net", "nhs", "nic", "nom", "or",
    "org", "plc", "police", "priv", "pro", "sch", "school", "web",
})
_GENERIC = frozenset({"com", "net", "org"})
# Providers that hand out names under their own domain to anybody.
_SHARED = frozenset({
    "appspot.com", "azurewebsites.net", "blogspot.com", "cloudfront.net", "duckdns.org",
    "fly.dev", "github.io", "gitlab.io", "herokuapp.com", "netlify.app", "no-ip.org",
    "onmicrosoft.com", "pages.dev", "vercel.app", "web.app", "workers.dev",
})
# fmt: on
_COUNTRY_LENGTH = 2


def is_exactly_aligned(signing: str, sender: str) -> bool:
    """Strict alignment, by bytes; both in ASCII lower case."""
    return bool(signing) and signing == sender


def is_organizationally_aligned(signing: str, sender: str) -> bool:
    """Equal, or one is a sub-domain of the other and the shorter belongs to one owner."""
    if is_exactly_aligned(signing, sender):
        return True
    shorter, longer = sorted((signing, sender), key=len)
    return longer.endswith("." + shorter) and not may_be_public_suffix(shorter)


def may_be_public_suffix(domain: str) -> bool:
    """Errs towards yes: every two-letter name under a country or com, net, org counts."""
    labels = domain.split(".")
    if len(labels) == 1 or domain in _SHARED:
        return True
    if len(labels) > 2:  # noqa: PLR2004 - "co.uk" has two labels; deeper ones have an owner.
        return False
    second, top = labels
    is_short = len(second) <= _COUNTRY_LENGTH
    if len(top) == _COUNTRY_LENGTH:
        return is_short or second in _REGISTRY_LABELS
    return is_short and top in _GENERIC
