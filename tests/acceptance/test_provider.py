"""Work that a provider does: somebody inside answers for it, and what is sensitive comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import CaseClass
from mailflow.core.case.events import EventKind
from tests.acceptance.conversation import Talk
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
RIYA = "riya.rao@acme.example"
PAT = "pat.porter@benefitsdesk.example"
BEA = "bea.brandt@acme.example"
NEWBORN = "How do I add my newborn to my health plan?"
COMPLAINT = "My supervisor sexually harassed me on Friday."


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(RIYA, NEWBORN, subject="Health plan")
    return talk


def test_a_providers_case_has_somebody_inside_who_answers_for_it(talk: Talk) -> None:
    loaded = talk.site.case()
    assert loaded.case.owner == PAT
    assert BEA in loaded.case.assigned
    assert {one.address for one in loaded.file.participants} >= {PAT, BEA}
    (word,) = talk.site.sent_to(BEA)
    assert "you answer for it inside the organisation" in text_of(word)
    assert "newborn" not in text_of(word)


def test_a_case_handed_to_a_provider_gets_somebody_who_answers_for_it(talk: Talk) -> None:
    talk.write(PAT, f"#assign {BEA} summary: too much", answers=talk.last_to(PAT))
    assert talk.site.case().case.owner == BEA
    before = talk.count_to(BEA)
    talk.write(BEA, f"#assign {PAT} summary: yours after all", answers=talk.last_to(BEA))
    after = talk.site.case().case
    assert after.owner == PAT
    assert BEA in after.assigned
    assert talk.count_to(BEA) >= before + 1


def test_what_turns_sensitive_is_pulled_back_and_a_stub_stays(talk: Talk) -> None:
    notice = talk.last_to(PAT)
    ref = talk.site.case().case.ref
    before = talk.count_to(PAT)
    talk.write(RIYA, COMPLAINT, answers=talk.last_to(RIYA))

    loaded = talk.site.case()
    assert loaded.case.case_class is CaseClass.ER
    assert loaded.case.owner.endswith("@acme.example")
    assert PAT not in loaded.case.assigned
    assert EventKind.PULLED_BACK in [event.kind for event in talk.site.events(loaded)]
    stubs = talk.site.sent_to(PAT)[before:]
    assert len(stubs) == 1
    assert ref in text_of(stubs[0])
    assert "handled by somebody else" in text_of(stubs[0])
    for secret in ("harass", "supervisor", "Riya", "newborn", loaded.case.owner):
        assert secret not in str(stubs[0]["Subject"]) + text_of(stubs[0])

    for answered, words in ((notice, "#status"), (notice, "What is new?"), (stubs[0], "#status")):
        talk.write(PAT, words, answers=answered)
    for answer in talk.site.sent_to(PAT)[before + 1 :]:
        assert "could not be matched to a case" in text_of(answer)
        assert "harass" not in answer.as_string()
    assert len(talk.site.cases()) == 1, "nothing that they write opens another"
    assert "provider" not in "".join(talk.texts_to(RIYA)).lower()


def test_a_providers_person_who_may_be_meant_hears_nothing_at_all(talk: Talk) -> None:
    before = talk.count_to(PAT)
    talk.write(RIYA, "Pat Porter groped me on Friday.", answers=talk.last_to(RIYA))
    loaded = talk.site.case()
    assert PAT in loaded.case.excluded
    assert loaded.case.owner != PAT
    assert talk.count_to(PAT) == before
    (found,) = [e for e in talk.site.events(loaded) if e.kind is EventKind.EXPOSURE_FOUND]
    assert [one["mail"] for one in found.data["known"]] == ["notification"]  # type: ignore[attr-defined]  # JSON values
    said = talk.texts_to(loaded.case.owner)
    assert any("mailflow case show" in text and "1" in text for text in said)
