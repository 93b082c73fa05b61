"""How long the rules take on one mail, beside the time that reading the mail takes.

    python bench/rules.py [--json]

Phrases and mails are made up from a fixed seed. Everything is measured in the same run, best of
several rounds, in processor time, because the clock of a shared machine says little.
"""

from __future__ import annotations

import json
import random
import sys
import textwrap
import time
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.casework.rules_bundle import compile_texts, load_rules
from mailflow.core.mail.parse import parse_message
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.core.policy.rules.inline_tests import run_tests
from mailflow.core.policy.rules.known_names import KnownNames

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailflow.core.policy.rules.bundle import Bundle

SYLLABLES = "bacodefiguhakelimonuparesitavo"
LIMITS = {
    "1k_over_parse": 0.5,
    "10k_over_parse": 2.0,
    "shipped_seconds": 3.0,
    "hostile_seconds": 0.2,
}

DATE = "Mon, 23 Nov 2026 10:00:00 +0100"
SHARE = 0.2
ORDINARY_TEXT = """
the and to of a in that it is was for on are as with they at be this from or had by not but some
what there we can out other were all your when up use how said an each she which do their time if
will way about many then them would write like so these her long make thing see him two has look
more day could go come did my sound no most number who over know water than call first people may
down side been now find any new work part take get place made live where after back little only
round man year came show every good me give our under name very through just form great think
"""
ORDINARY = ORDINARY_TEXT.split()
HEAD = """mailflow: 1
categories:
  - {id: other, team: a, sla: s}
  - {id: triage, team: a, sla: s}
rules:
"""


def main() -> int:
    chance = random.Random(7)
    words = sorted({_word(chance) for _ in range(6000)})
    # One word in five is of the rules' vocabulary: more than any real mail has.
    text = " ".join(
        chance.choice(words) if chance.random() < SHARE else chance.choice(ORDINARY)
        for _ in range(400)
    )[:2000]
    facts = MailFacts(subject="Question about my pay", text=text)
    raw = _mail(text)
    parse = _best(partial(parse_message, raw), rounds=300)
    figures: dict[str, float] = {"parse_us": parse * 1e6}
    for count, name in ((1_000, "1k"), (10_000, "10k")):
        bundle = _bundle(count, words, chance)
        spent = _best(partial(classify, bundle, facts), rounds=300)
        figures[f"{name}_us"] = spent * 1e6
        figures[f"{name}_over_parse"] = spent / parse
        for kind, hostile in _hostile_texts(bundle, chance).items():
            seconds = _best(partial(classify, bundle, MailFacts(text=hostile)), rounds=2)
            figures[f"hostile_{name}_{kind}_seconds"] = seconds
    shipped_seconds, shipped = _load_shipped()
    figures["shipped_seconds"] = shipped_seconds
    figures["shipped_us"] = _best(partial(classify, shipped, facts), rounds=300) * 1e6
    for kind, hostile in _hostile_texts(shipped, chance).items():
        seconds = _best(partial(classify, shipped, MailFacts(text=hostile)), rounds=2)
        figures[f"hostile_shipped_{kind}_seconds"] = seconds
    return _print(figures)


def _word(chance: random.Random) -> str:
    pairs = [SYLLABLES[at : at + 2] for at in range(0, len(SYLLABLES), 2)]
    return "".join(chance.choices(pairs, k=chance.randint(2, 4)))


def _bundle(count: int, words: list[str], chance: random.Random) -> Bundle:
    """``count`` phrases in rules of ten: two words, some with a gap, a star or any form."""
    rules = []
    for number in range(count // 10):
        phrases = []
        for _ in range(10):
            one, two = chance.choices(words, k=2)
            shape = chance.choice(("{} {}", "{} ... {}", "{}* {}", "{}~ {}"))
            phrases.append(shape.format(one, two))
        listed = "\n".join(f"        - {phrase}" for phrase in dict.fromkeys(phrases))
        rules.append(f"  - id: r{number}\n    category: other\n    when:\n      text:\n{listed}\n")
    text = HEAD + "".join(rules)
    bundle, mistakes = compile_texts({"rules/a.yaml": text}, KnownNames())
    assert bundle is not None, mistakes[:3]
    return bundle


def _hostile_texts(bundle: Bundle, chance: random.Random) -> dict[str, str]:
    """220 kB of near matches: phrases without their end, one word over and over, new words."""
    phrases = [phrase.text.rstrip("*~") for phrase in bundle.book.phrases]
    starts = [phrase.rpartition(" ")[0] or phrase for phrase in phrases]
    near = " ".join(chance.choices(starts, k=40_000))[:220_000]
    first = starts[0].split()[0]
    fresh = " ".join(f"{chance.choice(starts).split()[0].rstrip('*~')}{n:x}" for n in range(40_000))
    return {
        "near": near,
        "repeated": (f"{phrases[0]} {first} " * 40_000)[:220_000],
        "new_words": fresh[:220_000],
    }


def _load_shipped() -> tuple[float, Bundle]:
    started = time.process_time()
    bundle = load_rules(Path(__file__).parent.parent / "rules")
    outcomes = run_tests(bundle)
    assert all(outcome.is_passed for outcome in outcomes)
    return time.process_time() - started, bundle


def _mail(text: str) -> bytes:
    """A short letter as it comes from a provider, its lines wrapped."""
    mail = EmailMessage()
    for hop in range(3):
        mail["Received"] = f"from mx{hop}.acme.example by in{hop}.acme.example; {DATE}"
    mail["Authentication-Results"] = "mx.acme.example; dkim=pass header.d=acme.example; spf=pass"
    mail["From"] = "Ana Example <ana@acme.example>"
    mail["To"] = "hr@acme.example"
    mail["Subject"] = "Question about my pay"
    mail["Date"] = DATE
    mail["Message-ID"] = "<a1@acme.example>"
    mail.set_content(
        f"Hello,\n\n{textwrap.fill(text, 72)}\n\nBest regards\nAna\n-- \nAna Example\n"
    )
    return mail.as_bytes()


def _best(work: Callable[[], object], *, rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def _print(figures: dict[str, float]) -> int:
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return 0
    failed = 0
    for name, value in figures.items():
        limit = LIMITS.get("hostile_seconds" if name.startswith("hostile") else name)
        verdict = "" if limit is None else f"   limit {limit}  {'ok' if value <= limit else 'OVER'}"
        failed += limit is not None and value > limit
        print(f"{name:<36} {value:>12.3f}{verdict}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
