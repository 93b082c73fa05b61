"""The one place where settings, files and connections become what the rooms work with."""

from mailflow.bootstrap.accounts import Account, mailbox_account, relay_account
from mailflow.bootstrap.files import key_resolver, read_people
from mailflow.bootstrap.house import (
    FIRST_DAYS,
    authentication_policy,
    compose_house,
    site_digest,
)
from mailflow.bootstrap.runtime import Runtime, assemble, prepare_database

__all__ = [
    "FIRST_DAYS",
    "Account",
    "Runtime",
    "assemble",
    "authentication_policy",
    "compose_house",
    "key_resolver",
    "mailbox_account",
    "prepare_database",
    "read_people",
    "relay_account",
    "site_digest",
]
