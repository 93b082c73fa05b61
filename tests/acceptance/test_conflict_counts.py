"""Nothing that can be counted tells somebody of a case they are kept out of: every list, report,
file and digest is, to them, what it would be without the case.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.commands import Commands
from tests.acceptance.conversation import Talk, reply_to
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
RIYA = "riya.rao@acme.example"
ERIN = "erin.evans@acme.example"
OMAR = "omar.osei@acme.example"
DANA = "dana.lead@acme.example"
HELEN = "helen.hart@acme.example"
STRANGER = "sam@home.example"
GROPED = "He groped me on Friday."
NEW_RULE = """
rules:
  - id: corridor
    category: policy_clarification
    when: {text: [in the copper corridor]}
    tests: [{text: "It was in the copper corridor.", expect: policy_clarification}]
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements are the store's own, which are tried on both databases."""
    return sqlite_url


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(ERIN, "How many vacation days do I have left this year?", subject="Days")
    return talk


@pytest.fixture
def mailflow(site: Site) -> Commands:
    return Commands(site)


def what_is_listed(mailflow: Commands, who: str) -> dict[str, object]:
    """All that the command line tells this person of more than one case."""
    return {
        "cases": mailflow.json("case", "list", "--as", who),
        "by category": mailflow.json(
            "case", "list", "--category", "harassment_discrimination", "--as", who
        ),
        "by risk": mailflow.json("case", "list", "--risk", "high", "--as", who),
        "mails": mailflow.json("outbox", "list", "--as", who),
        "held": mailflow.json("held", "list", "--as", who),
        "unreadable": mailflow.json("quarantine", "list", "--as", who),
    }


@pytest.mark.parametrize("named", [DANA, HELEN, OMAR])
def test_every_list_is_as_it_would_be_without_the_case(
    talk: Talk, mailflow: Commands, named: str
) -> None:
    before = what_is_listed(mailflow, named)
    name = " ".join(word.capitalize() for word in named.partition("@")[0].split("."))
    talk.write(RIYA, f"{GROPED} It was {name}.", subject="Please read")
    talk.write(STRANGER, "What is this?", to=reply_to(talk.last_to(RIYA)), subject="Re: Please")
    complaint = talk.site.cases()[-1].case
    assert named in complaint.excluded
    assert what_is_listed(mailflow, named) == before
    refused = mailflow("case", "export", complaint.ref, "--as", named, code=1).stderr
    nothing = mailflow("case", "export", "HR-000000", "--as", named, code=1).stderr
    assert refused == nothing


def test_whoever_keeps_the_rules_and_is_named_gets_no_figure_of_it(talk: Talk) -> None:
    talk.write(RIYA, f"{GROPED} In the copper corridor. It was Omar Osei.", subject="Please read")
    assert OMAR in talk.site.cases()[-1].case.excluded
    said = _tell_of_new_rules(talk)
    assert "Tried on the first mails of 1 past case" in said
    assert "groped" not in said
    assert "harassment" not in said


def test_whoever_keeps_the_rules_and_is_not_named_gets_the_figures(talk: Talk) -> None:
    talk.write(RIYA, f"{GROPED} In the copper corridor.", subject="Please read")
    assert "Tried on the first mails of 2 past cases" in _tell_of_new_rules(talk)


def _tell_of_new_rules(talk: Talk) -> str:
    talk.site.run()
    path = talk.site.home / "rules" / "corridor.yaml"
    path.write_text(f"mailflow: 1\n{NEW_RULE}", encoding="utf-8")
    for _ in range(3):
        talk.site.runtime.rules.look()
        talk.pass_time(timedelta(seconds=3))
    return text_of(talk.last_to(OMAR))
