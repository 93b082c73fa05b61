"""What may happen to a keyring after it was made: contents in, contents out, nothing written."""

from __future__ import annotations

import os
from dataclasses import replace

from mailflow.errors import MailflowError
from mailflow.keys.derive import KEY_BYTES
from mailflow.keys.keyring_contents import LARGEST_KID, KeyringContents, Master


def with_kek(contents: KeyringContents, name: str) -> KeyringContents:
    if name in contents.keks or name in contents.destroyed:
        return contents
    return replace(contents, keks={**contents.keks, name: os.urandom(KEY_BYTES)})


def without_kek(contents: KeyringContents, name: str) -> KeyringContents:
    keks = {other: secret for other, secret in contents.keks.items() if other != name}
    return replace(contents, keks=keks, destroyed=contents.destroyed | {name})


def with_new_master(contents: KeyringContents) -> KeyringContents:
    kid = max(contents.masters) + 1
    if kid > LARGEST_KID:
        raise MailflowError(
            f"all {LARGEST_KID + 1} key numbers are used up: no new one can be made"
        )
    return replace(contents, masters={**contents.masters, kid: Master(os.urandom(KEY_BYTES))})


def without_trust(contents: KeyringContents, kid: int) -> KeyringContents:
    if kid not in contents.masters:
        listed = ", ".join(map(str, sorted(contents.masters)))
        raise MailflowError(f"there is no key number {kid}; there are: {listed}")
    kept = with_new_master(contents) if kid == contents.active_kid else contents
    revoked = replace(kept.masters[kid], revoked=True)
    return replace(kept, masters={**kept.masters, kid: revoked})
