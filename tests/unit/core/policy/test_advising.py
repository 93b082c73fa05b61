"""What a complaint's writer is told of who else reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.policy.advising import advise_about_copies, advise_about_mailbox
from mailflow.core.policy.house import Alias, House
from tests.unit.core.sample_house import a_message, an_arrival, decide, sample_house

DANA = "dana.lead@acme.example"
JONAS = "jonas.jung@acme.example"
HARASSED = "He sexually harassed me in the corridor. It was Dana Lead."


def house_read_by(*readers: str, speak_up: str | None = None) -> House:
    """``speak_up`` is who opens the speak-up mailbox; without it there is none."""
    aliases = {"hr": Alias("hr", "hr@acme.example", read_by=frozenset(readers))}
    if speak_up is not None:
        aliases["speakup"] = Alias(
            "speakup", "speakup@acme.example", channel="speakup", read_by=frozenset({speak_up})
        )
    return replace(sample_house(), aliases=aliases)


@pytest.mark.parametrize(
    ("house", "said", "names"),
    [
        (house_read_by(DANA, speak_up="nora.novak@acme.example"), True, True),
        (house_read_by(DANA), True, False),
        (house_read_by(DANA, speak_up=DANA), True, False),
        (house_read_by("omar@acme.example", speak_up="nora.novak@acme.example"), False, False),
        (house_read_by(), False, False),
    ],
)
def test_whoever_complains_of_a_reader_of_the_mailbox_is_shown_another_way(
    house: House, *, said: bool, names: bool
) -> None:
    case = decide(a_message(HARASSED), "harassment_discrimination").case
    assert case is not None
    advice = advise_about_mailbox(case, house, locale="en")
    assert bool(advice) is said
    assert ("speakup@acme.example" in advice) is names


def test_a_person_who_may_be_meant_counts_as_named() -> None:
    text = "He sexually harassed me in the corridor. It was Mr Hart."
    case = decide(a_message(text), "harassment_discrimination").case
    assert case is not None
    assert advise_about_mailbox(case, house_read_by("helen.hart@acme.example"), locale="en")


@pytest.mark.parametrize(
    ("copied", "sender", "level", "count"),
    [
        (JONAS, "riya.rao@acme.example", SenderLevel.V2, 1),
        ("bea.brandt@acme.example", "riya.rao@acme.example", SenderLevel.V2, 1),
        (None, "riya.rao@acme.example", SenderLevel.V2, 0),
        (JONAS, "riya.rao@acme.example", SenderLevel.V1, 0),
        (JONAS, "somebody@else.example", SenderLevel.V3, 0),
    ],
)
def test_whoever_copied_the_accused_is_advised_in_a_thread_of_its_own(
    copied: str | None, sender: str, level: SenderLevel, count: int
) -> None:
    cc = (copied,) if copied else ()
    message = a_message("He sexually harassed me.", sender=sender, cc=cc)
    case = decide(message, "harassment_discrimination").case
    assert case is not None
    letters = advise_about_copies(an_arrival(message, level=level), case, sample_house())
    assert len(letters) == count
    for letter in letters:
        assert letter.recipient == sender
        assert letter.in_reply_to is None
        assert letter.references == ()
        assert letter.subject is None


def test_in_an_ordinary_case_a_copy_is_only_a_copy() -> None:
    message = a_message("How many vacation days?", sender="riya.rao@acme.example", cc=(JONAS,))
    case = decide(message, "time_off_eligibility").case
    assert case is not None
    assert advise_about_copies(an_arrival(message), case, sample_house()) == ()
