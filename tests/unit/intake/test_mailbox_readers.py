"""Who can open the mailbox: what the server says of it, and what `mailflow check` makes of that."""

from __future__ import annotations

import pytest

from mailflow.core.finding import Severity
from mailflow.intake.imap_answers import read_acl
from mailflow.intake.mailbox import ImapAccount, Security
from mailflow.intake.mailbox_check import say_readers

ACCOUNT = ImapAccount(
    host="imap.acme.example",
    port=993,
    security=Security.TLS,
    username="hr@acme.example",
    secret=lambda: "pw",
    folder="INBOX",
    processed="Processed",
)


@pytest.mark.parametrize(
    ("line", "readers"),
    [
        (b"INBOX hr@acme.example lrswipkxtea", ("hr@acme.example",)),
        (b'"INBOX" "bea brandt" lr omar p', ("bea brandt",)),
        (b"INBOX hr lr -omar lr anyone r", ("hr", "anyone")),
        (b"INBOX", ()),
        (b"", ()),
        (None, ()),
    ],
)
def test_readers_are_those_with_the_right_to_read(
    line: bytes | None, readers: tuple[str, ...]
) -> None:
    assert read_acl([line]) == readers


@pytest.mark.parametrize(
    ("readers", "read_by", "code", "severity"),
    [
        (None, (), "readers-unknown", Severity.WARNING),
        (None, ("bea@acme.example",), "readers", Severity.GOOD),
        (("hr@acme.example",), (), "readers", Severity.GOOD),
        (("HR@acme.example", "omar"), (), "readers", Severity.WARNING),
        (("omar",), ("Omar",), "readers", Severity.GOOD),
    ],
)
def test_check_says_who_else_opens_the_mailbox(
    readers: tuple[str, ...] | None, read_by: tuple[str, ...], code: str, severity: Severity
) -> None:
    found = say_readers("imap hr", readers, ACCOUNT, read_by)
    assert (found.code, found.severity) == (code, severity)
