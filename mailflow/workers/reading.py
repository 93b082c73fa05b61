"""Parsing and judging stored mails for casework: the joint between intake and casework."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.process_message import ParsedMail, Unreadable
from mailflow.core.mail.message import Message
from mailflow.core.policy.decision import Foreseen
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.sorting import facts_of_arrival
from mailflow.errors import TemporaryError
from mailflow.intake.own_lists import without_own_list
from mailflow.intake.senders import identify_sender
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.inbound import is_signature_known
from mailflow.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from mailflow.bootstrap import Runtime
    from mailflow.casework.rules_ahead import RulesAhead
    from mailflow.core.mail.authentication import SenderVerdict
    from mailflow.errors import UnparsableError
    from mailflow.intake.parse_pool import ParsePool
    from mailflow.store.inbound import StoredMail


log = structlog.get_logger()

# So many mails a question: few enough to stop soon once the turn of the rest has come.
_ASKED_AT_ONCE = 8


@dataclass(frozen=True)
class _Begun:
    """A mail whose parsing has begun: its outcome stands at ``place`` of what comes."""

    stored: StoredMail
    outcomes: Future[list[Message | UnparsableError]]
    place: int


class MailReader:
    """Reads the batches of one mailbox through a pool of parser children."""

    def __init__(self, runtime: Runtime, pool: ParsePool, rules: RulesAhead | None = None) -> None:
        self._runtime = runtime
        self._pool = pool
        self._rules = rules
        self._begun: dict[str, _Begun] = {}
        self._foreseen: dict[str, Foreseen] = {}
        self._turn = 0

    @property
    def begun(self) -> Mapping[str, StoredMail]:
        return {mail_id: one.stored for mail_id, one in self._begun.items()}

    def begin(self, mails: Sequence[StoredMail], /) -> None:
        kept = {mail.id: self._begun[mail.id] for mail in mails if self._has_begun(mail)}
        fresh = [mail for mail in mails if mail.id not in kept]
        self._begun = kept
        if fresh:
            outcomes = self._pool.parse_soon([self._raw(mail) for mail in fresh])
            self._begun |= {
                mail.id: _Begun(mail, outcomes, place) for place, mail in enumerate(fresh)
            }
            if self._rules is not None:
                self._rules.begin(partial(self._foresee, self._turn, fresh, outcomes))

    def _foresee(
        self,
        turn: int,
        mails: Sequence[StoredMail],
        outcomes: Future[list[Message | UnparsableError]],
    ) -> None:
        """Ask the rules about parsed mails until their turn comes. Runs in a thread of its own."""
        house = self._runtime.office.house()
        parsed = zip(mails, outcomes.result(), strict=True)
        readable = [(mail, one) for mail, one in parsed if isinstance(one, Message)]
        for start in range(0, len(readable), _ASKED_AT_ONCE):
            some = readable[start : start + _ASKED_AT_ONCE]
            facts = [
                facts_of_arrival(
                    message,
                    house,
                    alias=house.aliases[mail.mailbox],
                    thread=ThreadPosition.NEW,
                    received_at=mail.internal_date,
                )
                for mail, message in some
            ]
            found = self._rules.ask(house.bundle, facts) if self._rules else None
            if found is None or turn != self._turn:
                return
            for (mail, message), one in zip(some, found, strict=True):
                self._foreseen[mail.id] = Foreseen(message, house, one)

    def _has_begun(self, mail: StoredMail) -> bool:
        begun = self._begun.get(mail.id)
        return begun is not None and begun.stored is mail

    def _raw(self, mail: StoredMail) -> bytes:
        aliases = self._runtime.office.house().aliases
        return without_own_list(mail.raw, aliases[mail.mailbox].list_ids)

    def _parse(self, mails: Sequence[StoredMail]) -> list[Message | UnparsableError]:
        known = [self._begun.pop(mail.id) if self._has_begun(mail) else None for mail in mails]
        raws = [self._raw(mail) for mail, one in zip(mails, known, strict=True) if one is None]
        parsed = iter(self._pool.parse_many(raws) if raws else ())
        return [one.outcomes.result()[one.place] if one else next(parsed) for one in known]

    def __call__(self, mails: Sequence[StoredMail], /) -> Sequence[ParsedMail | Unreadable]:
        self._turn += 1
        foreseen, self._foreseen = self._foreseen, {}
        parsed = self._parse(mails)
        outcomes: list[ParsedMail | Unreadable] = []
        for stored, result in zip(mails, parsed, strict=True):
            if not isinstance(result, Message):
                outcomes.append(Unreadable(stored, "unparsable"))
                continue
            try:
                verdict = self._identify(stored)
            except TemporaryError:
                raise
            except Exception as error:
                # One mail's odd header must not hold up the mailbox: it is tried again alone.
                log.exception("sender_not_judged", mail=stored.id)
                outcomes.append(Unreadable(stored, type(error).__name__))
                continue
            if verdict.retry_later and stored.tries < _MOST_LOOKUPS:
                outcomes.append(Unreadable(stored, "no_answer_from_dns", retry_later=True))
            else:
                outcomes.append(ParsedMail(stored, result, verdict, foreseen.get(stored.id)))
        return outcomes

    def _identify(self, stored: StoredMail) -> SenderVerdict:
        runtime = self._runtime

        def seen(signature: bytes) -> bool:
            index = blind_index(runtime.keyring, IndexPurpose.CONTENT, signature)
            with reading(runtime.engine) as connection:
                return is_signature_known(connection, index, except_for=stored.id)

        return identify_sender(
            stored.raw,
            policy=runtime.office.house().authentication,
            received_at=stored.internal_date,
            resolver=runtime.resolver,
            seen_signature=seen,
        )


_MOST_LOOKUPS = 5
"""After so many tries a mail is taken as unverified rather than kept waiting."""
