"""Fetching what the senders of a batch began lately, where a mail has much the same subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.similar_subject import are_similar, subject_words
from mailflow.core.policy.persons import addresses_of
from mailflow.core.policy.similar_cases import LOOKS_BACK
from mailflow.store.cases import find_recent_vaults
from mailflow.store.messages import load_first_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from mailflow.casework.desk import ReadMail
    from mailflow.core.policy.house import House
    from mailflow.keys.keyring import Keyring


def find_similar_subjects(
    connection: Connection, keyring: Keyring, house: House, mails: Sequence[ReadMail]
) -> dict[str, str]:
    """The subjects of those cases by uid, in two statements; one where nobody wrote lately."""
    senders = {mail.verdict.address for mail in mails if mail.verdict.address}
    if not senders:
        return {}
    people = {address for sender in senders for address in addresses_of(sender, house)}
    since = min(mail.stored.internal_date for mail in mails) - LOOKS_BACK
    vaults = find_recent_vaults(connection, keyring, people, since=since)
    wanted = {subject_words(mail.message.subject) for mail in mails}
    subjects = load_first_subjects(connection, vaults)
    return {uid: subject for uid, subject in subjects.items() if _is_like_any(subject, wanted)}


def _is_like_any(subject: str, wanted: Iterable[frozenset[str]]) -> bool:
    words = subject_words(subject)
    return any(are_similar(words, one) for one in wanted)
