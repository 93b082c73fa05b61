"""Whoever a case may be about, through real mail: kept out, cleared, found out late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import State
from mailflow.core.case.events import EventKind
from mailflow.core.mail.words import warning_words
from tests.acceptance.conversation import Talk, reply_to
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
RIYA = "riya.rao@acme.example"
INES = "ines.ibarra@acme.example"
IVAN = "ivan.ilic@acme.example"
DANA = "dana.lead@acme.example"
HELEN = "helen.hart@acme.example"
GROPED = "My colleague groped me on Friday."


@pytest.fixture
def talk(site: Site) -> Talk:
    return Talk(site, site.steer())


def complain(talk: Talk, text: str) -> None:
    talk.write(RIYA, text, subject="Please read")


def warns(talk: Talk, owner: str, code: str) -> bool:
    """Whether the owner's newest mail says so, in their language."""
    said = " ".join(text_of(talk.last_to(owner)).split())
    return any(warning_words(code, locale) in said for locale in ("en", "de", "fr", "es"))


def link_with(mail: EmailMessage, verb: str) -> str:
    """The first link of a mail whose body begins with this verb, as the words that it sends."""
    found = [one for one in text_of(mail).split() if f"body=%23{verb}%20" in one]
    assert found, f"no link to #{verb}"
    body = found[0].partition("body=")[2].partition("&")[0]
    return body.replace("%23", "#").replace("%20", " ").replace("%40", "@").replace("%3A", ":")


def test_a_surname_alone_waits_for_one_click_that_excludes(talk: Talk) -> None:
    complain(talk, f"{GROPED} Ibarra laughed about it.")
    case = talk.site.case().case
    assert INES in case.suspected
    assert case.state is State.TRIAGE
    assert talk.count_to(INES) == 0
    owner = case.owner
    talk.write(owner, link_with(talk.last_to(owner), "conflict"), answers=talk.last_to(owner))
    case = talk.site.case().case
    assert INES in case.excluded
    assert INES not in case.suspected
    talk.pass_time(timedelta(days=3))
    assert talk.count_to(INES) == 0


def test_a_surname_alone_waits_for_one_click_that_clears(talk: Talk) -> None:
    complain(talk, f"{GROPED} Ibarra laughed about it.")
    owner = talk.site.case().case.owner
    click = link_with(talk.last_to(owner), "clear-conflict")
    talk.write(owner, click, answers=talk.last_to(owner))
    case = talk.site.case().case
    assert INES not in case.suspected | case.excluded
    talk.write(
        owner, f"#assign {INES} summary: somebody else was meant", answers=talk.last_to(owner)
    )
    assert talk.site.case().case.owner == INES
    assert talk.count_to(INES) == 1


def test_whom_a_full_name_keeps_out_two_people_let_in(talk: Talk) -> None:
    complain(talk, f"{GROPED} Dana Lead laughed about it.")
    case = talk.site.case().case
    assert DANA in case.excluded
    owner = case.owner
    clear = f"#clear-conflict {DANA} reason: another Dana"
    talk.write(owner, clear, answers=talk.last_to(owner))
    assert DANA in talk.site.case().case.excluded
    talk.write(owner, clear, answers=talk.last_to(owner), subject="again")
    assert DANA in talk.site.case().case.excluded, "the first person is not the second, too"

    asked = [
        one
        for one in (HELEN, "henri.huet@acme.example")
        if any("let somebody who is kept out" in text for text in talk.texts_to(one))
    ]
    (second,) = asked
    mail = talk.last_to(second)
    talk.write(second, link_with(mail, "clear-conflict"), answers=mail)
    assert DANA not in talk.site.case().case.excluded
    kinds = [event.kind for event in talk.site.events(talk.site.case())]
    assert kinds.count(EventKind.CONFLICT_CLEARED) == 1
    assert talk.count_to(DANA) == 0, "a cleared person hears of it when they have to do with it"


def test_an_owner_who_turns_out_to_be_the_subject_loses_the_case_at_once(talk: Talk) -> None:
    complain(talk, f"{GROPED}")
    first = talk.site.case().case.owner
    mail = talk.last_to(first)
    had = talk.count_to(first)
    talk.write(HELEN, f"#party subject: {first}", answers=talk.last_to(HELEN))
    loaded = talk.site.case()
    assert first in loaded.case.excluded
    assert loaded.case.owner != first
    (found,) = [e for e in talk.site.events(loaded) if e.kind is EventKind.EXPOSURE_FOUND]
    assert [one["mail"] for one in found.data["known"]] == ["notification"]  # type: ignore[attr-defined]  # JSON values
    assert any("mailflow case show" in text_of(one) for one in talk.site.sent_to(loaded.case.owner))

    talk.write(first, "#status", answers=mail)
    talk.write(first, "What is new?", answers=mail, subject="again")
    talk.write(RIYA, "It happened again.", answers=talk.last_to(RIYA))
    talk.pass_time(timedelta(days=2))
    for answer in talk.site.sent_to(first)[had:]:
        assert loaded.case.ref not in answer.as_string()
    assert len(talk.site.cases()) == 1


def test_an_owner_named_in_a_later_mail_never_gets_it(talk: Talk) -> None:
    complain(talk, GROPED)
    first = talk.site.case().case.owner
    had = talk.count_to(first)
    name = {INES: "Ines Ibarra", IVAN: "Ivan Ilic"}[first]
    talk.write(RIYA, f"It was {name} all the time.", answers=talk.last_to(RIYA))
    loaded = talk.site.case()
    assert loaded.case.owner != first
    assert first in loaded.case.excluded
    talk.pass_time(timedelta(days=2))
    assert talk.count_to(first) == had


def test_nobody_named_learns_of_it_by_command_list_or_number(talk: Talk) -> None:
    complain(talk, f"{GROPED} Dana Lead and Helen Hart laughed about it.")
    ref = talk.site.case().case.ref
    for named in (DANA, HELEN):
        for text in ("#mine", f"#status {ref}", "#status HR-000000", "#history"):
            talk.write(named, text, subject=text)
        answers = talk.site.sent_to(named)
        assert answers, "they are answered as for a case that is none"
        told = {text_of(one).replace(ref, "?").replace("HR-000000", "?") for one in answers}
        assert len(told) < len(answers), "a case that is theirs not sounds like none at all"
        for answer in answers:
            assert "groped" not in answer.as_string()
    talk.pass_time(timedelta(days=3))
    for named in (DANA, HELEN):
        for mail in talk.site.sent_to(named):
            assert mail["Auto-Submitted"] == "auto-replied", "nothing but answers to their own"


def test_whoever_complains_of_somebody_who_reads_the_mailbox_is_told(talk: Talk) -> None:
    talk.site.change_settings(
        "    poll_seconds: 1\n", f"    poll_seconds: 1\n    read_by: [{DANA}]\n"
    )
    complain(talk, f"{GROPED} Dana Lead laughed about it.")
    assert "can open the mailbox that you wrote to" in text_of(talk.last_to(RIYA))
    complain(talk, "My colleague groped me on Monday.")
    assert "can open the mailbox" not in text_of(talk.last_to(RIYA))


def test_whoever_copies_the_accused_is_advised_apart_and_no_clock_is_met_by_it(talk: Talk) -> None:
    talk.write(RIYA, f"{GROPED} It was Helen Hart.", subject="Please read", cc=HELEN)
    ack, advice = talk.site.sent_to(RIYA)
    assert "do not answer to all" in " ".join(text_of(advice).split())
    assert advice["In-Reply-To"] is None
    assert advice["Cc"] is None
    assert ack["Message-ID"] != advice["Message-ID"]
    loaded = talk.site.case()
    assert warns(talk, loaded.case.owner, "named_copied")
    assert talk.site.clock_of("first_response").met_at is None
    assert talk.count_to(HELEN) == 0


def test_a_machines_answer_keeps_no_promise_of_a_person(talk: Talk) -> None:
    complain(talk, f"{GROPED}")
    ack = talk.last_to(RIYA)
    ref = talk.site.case().case.ref
    talk.write(
        RIYA, "Where is my case?", subject=f"Where is my case [status {ref}]", to=reply_to(ack)
    )
    assert "where your case" in text_of(talk.last_to(RIYA))
    assert talk.site.clock_of("first_response").met_at is None


def test_the_owner_learns_that_others_do_not_know_of_hr(talk: Talk) -> None:
    talk.write(RIYA, f"{GROPED} I told him to stop.", to="jonas.jung@acme.example")
    owner = talk.site.case().case.owner
    assert warns(talk, owner, "bcc")
    talk.write(RIYA, "He did not stop.", answers=talk.last_to(RIYA))
    assert not warns(talk, owner, "bcc")
