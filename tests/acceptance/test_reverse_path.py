"""Where bounces of our mails go: to an address that leads back to the case, where that works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from tests.acceptance.commands import write_small_rules
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import ALIAS
from tests.attacks.test_threading_attacks import write_bounce

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
_TAGGED = re.compile(r"hr\+b[a-z2-7]{31}@acme\.example")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here hangs on the database."""
    return sqlite_url


@pytest.fixture
def talk(site: Site) -> Talk:
    write_small_rules(site)
    return Talk(site, site.steer())


def test_each_mail_leaves_under_a_tagged_address_of_its_own_recipient(talk: Talk) -> None:
    talk.write(EMPLOYEE, SHORT_PAY)
    senders = {kept.recipients: kept.sender for kept in talk.site.relay.envelopes}
    assert len(set(senders.values())) == len(senders) == 2
    assert all(_TAGGED.fullmatch(sender) for sender in senders.values())


def test_a_site_whose_relay_refuses_tags_sends_under_the_plain_alias(talk: Talk) -> None:
    talk.site.change_settings("reply_domain:", "bounce_addresses: plain\nreply_domain:")
    talk.write(EMPLOYEE, SHORT_PAY)
    assert {kept.sender for kept in talk.site.relay.envelopes} == {ALIAS}


def test_a_bounce_to_the_tagged_address_surfaces_on_its_case(talk: Talk) -> None:
    talk.write(EMPLOYEE, SHORT_PAY)
    (kept,) = [k for k in talk.site.relay.envelopes if k.recipients == (EMPLOYEE,)]
    raw = write_bounce("real", to=kept.sender, original="<x@relay.example>", failed=EMPLOYEE)
    talk.site.deliver(raw)
    talk.site.run()
    kinds = [event.kind for event in talk.site.events(talk.site.case())]
    assert EventKind.MAIL_BOUNCED in kinds


def test_a_reply_address_in_the_form_of_a_bounce_address_is_none(talk: Talk) -> None:
    talk.write(EMPLOYEE, SHORT_PAY)
    mail = talk.last_to(EMPLOYEE)
    to = str(mail["Reply-To"]).replace("hr+", "hr+b")
    raw = write_bounce("forged", to=to, original="<x@relay.example>", failed=EMPLOYEE)
    talk.site.deliver(raw)
    talk.site.run()
    kinds = [event.kind for event in talk.site.events(talk.site.case())]
    assert EventKind.MAIL_BOUNCED not in kinds
