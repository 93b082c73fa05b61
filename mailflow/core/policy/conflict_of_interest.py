"""What the names in a mail lead to: who must not learn of the case, and who may be meant by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State, case_class, highest
from mailflow.core.case.conflict import Mentions, addressed, find_named
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.persons import addresses_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House

NAMED_HR = "named_hr"
EXECUTIVE_INVOLVED = "executive_involved"
ABOUT_ONES_MANAGER = "manager_complaint"


@dataclass(frozen=True)
class Conflict:
    """Addresses of those who are kept out, and of staff who are until somebody has looked.

    ``flags`` are named_hr where staff is named, executive_involved where an executive is.
    """

    excluded: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


def find_conflict(arrival: Arrival, case: Case, house: House) -> Conflict:
    """An address, a full name or a place in Cc excludes, with those who stand by that person; of
    staff, a surname, a short name or a title makes a suspect. Never the sender, and nobody at all
    in a case that is not sensitive: there a mention is only a mention.
    """
    if not case.case_class.is_sealed:
        return Conflict()
    own = addresses_of(case.requester, house)
    mentions = _mentions(arrival.message, house)
    certain = mentions.certain - own
    certain |= addressed(_copied(arrival.message), house.named_people) - own
    possible = (mentions.possible | _managers_meant(mentions, case, house)) - certain - own
    excluded = with_those_beside(certain, case, house) - own
    suspected = frozenset(
        address
        for named in possible
        if house.staff.member(named)
        for address in addresses_of(named, house)
    )
    return Conflict(
        excluded, suspected - excluded - own, _flags(certain, possible, suspected, house)
    )


def apply_conflict(case: Case, arrival: Arrival, house: House) -> Case:
    """The case with what the mail's names lead to. A flag may raise the risk, and with it the
    class; a suspect brings a new case to triage, where somebody excludes or clears them.
    """
    conflict = find_conflict(arrival, case, house)
    known = [house.bundle.flags[flag] for flag in conflict.flags if flag in house.bundle.flags]
    risk = highest((case.risk, *(flag.risk for flag in known if flag.risk)))
    category = house.bundle.categories.get(case.category)
    excluded = case.excluded | conflict.excluded
    waits = bool(conflict.suspected - excluded) and case.state in (State.NEW, State.ASSIGNED)
    return replace(
        case,
        state=State.TRIAGE if waits else case.state,
        risk=risk,
        case_class=case_class(risk, category.group if category else None),
        flags=case.flags | conflict.flags,
        excluded=excluded,
        suspected=(case.suspected | conflict.suspected) - excluded,
    )


def name_conflict(case: Case, before: Case | None = None, *, now: datetime) -> list[Event]:
    """The facts of who is kept away who was not before."""
    events: list[Event] = []
    for kind, after, earlier in (
        (EventKind.PERSON_EXCLUDED, case.excluded, before.excluded if before else frozenset()),
        (EventKind.PERSON_SUSPECTED, case.suspected, before.suspected if before else frozenset()),
    ):
        if after - earlier:
            events.append(Event(kind, now, data={"addresses": sorted(after - earlier)}))
    return events


def _copied(message: Message) -> Iterable[str]:
    """Whom the sender copied, and who wrote what they forward."""
    yield from (copied.address for copied in message.cc)
    if message.forwarded and message.forwarded.sender:
        yield message.forwarded.sender.address


def _mentions(message: Message, house: House) -> Mentions:
    """Each text by itself: a salutation stands at the beginning of one, not after the subject."""
    texts = [message.subject, message.new_text or message.text]
    if message.forwarded:
        texts += [message.forwarded.subject or "", message.forwarded.text]
    texts += [part.filename for part in message.attachments if part.filename and not part.inline]
    found = Mentions()
    for text in texts:
        found |= find_named(text, house.named_people)
    return found


def _managers_meant(mentions: Mentions, case: Case, house: House) -> frozenset[str]:
    """Whom "my boss" is, by the directory."""
    chain = house.directory.manager_chain(case.requester)
    return frozenset(chain[level - 1].email for level in mentions.levels if level <= len(chain))


def with_those_beside(certain: Iterable[str], case: Case, house: House) -> frozenset[str]:
    """Those who are named, with all addresses and stand-ins, and the line they report to; in a
    complaint about a manager the sender's own line as well. The line above somebody of HR stays:
    it is whom such a case climbs to.
    """
    people = set(certain)
    lines = [person for person in people if house.staff.member(person) is None]
    if case.category == ABOUT_ONES_MANAGER:
        lines.append(case.requester)
    for person in lines:
        people |= {manager.email for manager in house.directory.manager_chain(person)}
    everyone: set[str] = set()
    for person in people:
        everyone |= addresses_of(person, house)
        member = house.staff.member(person)
        if member and member.delegate:
            everyone |= addresses_of(member.delegate, house)
    return frozenset(everyone)


def _flags(
    certain: frozenset[str], possible: frozenset[str], suspected: frozenset[str], house: House
) -> frozenset[str]:
    """An executive counts as named by a title, too; by a mere first name only as a suspect."""
    flags: set[str] = set()
    if suspected or any(house.staff.member(named) for named in certain):
        flags.add(NAMED_HR)
    if any((e := house.directory.find(named)) and e.executive for named in certain | possible):
        flags.add(EXECUTIVE_INVOLVED)
    return frozenset(flags)
