"""How well the shipped rules answer the labelled mails. Run it as a module.

``python -m tests.mails.measure_rules [--misses]`` asks the mails that rules are tuned on;
``--held-out`` and ``--validation`` ask the others and print figures alone, so that nobody learns
their texts; whoever wrote those of ``--validation`` never saw the rules.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.casework.rules_bundle import load_rules
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts, SenderFacts
from tests.mails.read_labelled import LabelledMail, Split, Trap, read_labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification

RULES = Path(__file__).parents[2] / "rules"
_FORWARDS = ("fwd:", "fw:", "wg:", "tr:", "rv:")


@dataclass(frozen=True)
class Answer:
    """What the rules say about one mail."""

    mail: LabelledMail
    found: Classification

    @property
    def is_right(self) -> bool:
        return self.mail.accepts(self.found.category)

    @property
    def is_guarded(self) -> bool:
        """Rated at least as the mail must be, or before a person at high risk."""
        enough = self.found.risk.rank >= self.mail.risk.rank
        return enough or (self.found.is_triage and self.found.risk.is_urgent)

    @property
    def is_false_alarm(self) -> bool:
        return self.found.risk.is_urgent and not self.mail.risk.is_urgent

    @property
    def has_right_flags(self) -> bool:
        return self.mail.flags <= set(self.found.flags)


@dataclass(frozen=True)
class Share:
    """``good`` of ``total``; an empty total counts as all."""

    good: int
    total: int

    @property
    def percent(self) -> float:
        return 100.0 * self.good / self.total if self.total else 100.0

    def __str__(self) -> str:
        return f"{self.percent:5.1f} %  ({self.good} of {self.total})"


def share(answers: Iterable[Answer], test: Callable[[Answer], bool]) -> Share:
    results = [test(answer) for answer in answers]
    return Share(sum(results), len(results))


def ask(bundle: Bundle, mails: Iterable[LabelledMail]) -> tuple[Answer, ...]:
    return tuple(Answer(mail, classify(bundle, facts_of(mail))) for mail in mails)


def facts_of(mail: LabelledMail) -> MailFacts:
    """The mail as the parser would hand it to the rules."""
    is_inside = bool(mail.sender.get("in_directory", True))
    domain = str(mail.sender.get("domain", "acme.example" if is_inside else "example.com"))
    is_forward = mail.subject.lower().startswith(_FORWARDS)
    return MailFacts(
        subject=mail.subject,
        text=mail.text,
        quoted="" if is_forward else mail.quoted,
        forwarded=mail.quoted if is_forward else "",
        sender=SenderFacts(
            address=f"someone@{domain}",
            in_directory=is_inside,
            title=str(mail.sender.get("title", "")),
            executive=bool(mail.sender.get("executive", False)),
        ),
        auto_submitted=bool(mail.sender.get("automatic", False)),
    )


def is_english(answer: Answer) -> bool:
    return answer.mail.language == "en"


def is_sensitive(answer: Answer) -> bool:
    return answer.mail.is_sensitive


def only_sounds_alarming(answer: Answer) -> bool:
    mail = answer.mail
    return mail.trap is Trap.ALARMING_WORDS and not mail.is_sensitive


def headline(answers: tuple[Answer, ...]) -> dict[str, Share]:
    english = [answer for answer in answers if is_english(answer)]
    foreign = [answer for answer in answers if not is_english(answer)]
    guarded = [answer for answer in answers if is_sensitive(answer)]
    alarming = [answer for answer in answers if only_sounds_alarming(answer)]
    harmless = [answer for answer in answers if not is_sensitive(answer)]
    flagged = [answer for answer in answers if answer.mail.flags]
    return {
        "English: category right": share(english, lambda one: one.is_right),
        "other languages: category right": share(foreign, lambda one: one.is_right),
        "sensitive: guarded": share(guarded, lambda one: one.is_guarded),
        "alarming words only: rated high": share(alarming, lambda one: one.is_false_alarm),
        "not sensitive: rated high": share(harmless, lambda one: one.is_false_alarm),
        "flags found": share(flagged, lambda one: one.has_right_flags),
    }


def _print_table(answers: tuple[Answer, ...], title: str, key: Callable[[Answer], str]) -> None:
    print(f"\n{title:28} mails  right  guarded  high")
    for name, count in sorted(Counter(map(key, answers)).items()):
        group = [answer for answer in answers if key(answer) == name]
        right = share(group, lambda one: one.is_right).percent
        guarded = share(group, lambda one: one.is_guarded).percent
        high = share(group, lambda one: one.is_false_alarm).percent
        print(f"{name:28} {count:5}  {right:4.0f} %   {guarded:4.0f} %  {high:3.0f} %")


def _print_misses(answers: tuple[Answer, ...]) -> None:
    for answer in answers:
        mail, found = answer.mail, answer.found
        marks = "".join(
            (
                " " if answer.is_right else "C",
                " " if answer.is_guarded or not mail.is_sensitive else "R",
                "F" if answer.is_false_alarm and not mail.is_sensitive else " ",
            )
        )
        missing = ", ".join(sorted(mail.flags - set(found.flags)))
        extra = ", ".join(sorted(set(found.flags) - mail.flags))
        if marks.strip() or missing or extra:
            wanted = f"{mail.category}/{mail.risk}"
            print(f"{marks} {mail.id:22} {wanted:34} got {found.category}/{found.risk}", end="")
            print(f"  rules {', '.join(found.rules)}  flags -{missing} +{extra}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="measure_rules")
    parser.add_argument("--held-out", dest="split", action="store_const", const=Split.HELD_OUT)
    parser.add_argument("--validation", dest="split", action="store_const", const=Split.VALIDATION)
    parser.add_argument("--misses", action="store_true", help="name the mails (of tune alone)")
    parser.add_argument("--rules", type=Path, default=RULES)
    options = parser.parse_args(arguments)
    bundle = load_rules(options.rules)
    split = options.split or Split.TUNE
    answers = ask(bundle, read_labelled(split))
    if options.misses and split is Split.TUNE:
        _print_misses(answers)
    for name, figure in headline(answers).items():
        print(f"{name:34} {figure}")
    _print_table(answers, "theme", lambda one: one.mail.theme)
    _print_table(answers, "category", lambda one: one.mail.category)
    _print_table(answers, "trap", lambda one: one.mail.trap.value)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
