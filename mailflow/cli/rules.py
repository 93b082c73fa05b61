"""`mailflow rules`: check, test, explain, compare and change the rules.

Nothing here needs the keyring; what needs the database says so (see rules_home).
"""

from __future__ import annotations

import json as json_text
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.parse import find_mail_files, parse_files
from mailflow.cli.rules_change import apply, backtest
from mailflow.cli.rules_home import (
    HELD_OPEN,
    NO,
    AsOption,
    known_names,
    look_at_rules,
    open_directory,
    open_rules,
    open_rules_in_force,
    open_store,
    refuse,
    require_store,
    rules_folder,
)
from mailflow.cli.rules_output import (
    Format,
    print_coverage,
    print_lines,
    print_mistakes,
    print_outcomes,
)
from mailflow.core.mail.header_block import read_header_block
from mailflow.core.policy.rules.adapter import look_inside, say_adapted
from mailflow.core.policy.rules.backtest_text import count_of
from mailflow.core.policy.rules.diff import compare_bundles
from mailflow.core.policy.rules.explain import explain_json, explain_text
from mailflow.core.policy.rules.inline_tests import measure_coverage, run_tests
from mailflow.core.policy.rules.json_schema import rules_schema
from mailflow.core.policy.rules.mail_facts import (
    facts_of_message,
    sender_of_address,
    sender_of_message,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailflow.core.case.people import Directory
    from mailflow.core.policy.rules.adapter import AdaptedMail
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.facts import MailFacts, SenderFacts
    from mailflow.errors import Mistake

app = typer.Typer(no_args_is_help=True, help="Check, test, explain and change the rules.")
app.command()(backtest)
app.command()(apply)

Home = Annotated[
    Path, typer.Option(envvar="MAILFLOW_HOME", metavar="DIR", help="The instance's folder.")
]
OutputFormat = Annotated[
    Format, typer.Option("--format", help="For people, scripts, or code review.")
]


@app.callback()
def _rules(context: typer.Context) -> None:
    """Check, test, explain and change the rules."""
    held = ExitStack()
    HELD_OPEN.set(held)
    context.call_on_close(held.close)


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Rules; the instance's by default.")
    ] = None,
    *,
    home: Home = Path(),
    strict: Annotated[bool, typer.Option(help="Warnings give exit code 1 too.")] = False,
    form: OutputFormat = Format.TEXT,
) -> None:
    """Find every mistake in the rules files, with its place and how to mend it.

    Example: mailflow rules check --strict
    """
    bundle, found = look_at_rules(home, rules_folder(home, folder))
    mistakes = found
    if bundle is not None:
        mistakes = tuple(sorted((*found, *_unreached_rules(bundle))))
    errors = sum(one.severity == "error" for one in mistakes)
    warnings = len(mistakes) - errors
    summary = f"{count_of(errors, 'error')}, {count_of(warnings, 'warning')}."
    print_mistakes(mistakes, form, summary=f"{summary} {_in_force_text(home, bundle)}".rstrip())
    if errors or (strict and warnings):
        raise typer.Exit(NO)


@app.command("test")
def run_examples(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Rules; the instance's by default.")
    ] = None,
    *,
    home: Home = Path(),
    name: Annotated[
        str, typer.Option("-k", metavar="NAME", help="Only tests of rules with this in the name.")
    ] = "",
    coverage: Annotated[bool, typer.Option(help="List the phrases that no test touches.")] = False,
    form: OutputFormat = Format.TEXT,
) -> None:
    """Run the example mails that stand beside the rules.

    Example: mailflow rules test -k harassment
    """
    bundle = open_rules(home, str(folder) if folder is not None else None)
    outcomes = run_tests(bundle, name)
    if name and not outcomes:
        refuse(f'no test has "{name}" in its name')
    if coverage and form is Format.TEXT:
        print_coverage(measure_coverage(bundle, outcomes))
    print_outcomes(bundle, outcomes, form)
    if not all(outcome.is_passed for outcome in outcomes):
        raise typer.Exit(NO)


@app.command()
def explain(
    targets: Annotated[
        list[str], typer.Argument(metavar="FILE...|CASE", help="Mails, folders, or case numbers.")
    ],
    *,
    home: Home = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    bundle: Annotated[
        str | None, typer.Option(metavar="ID", help="A stored bundle, or a folder of rules.")
    ] = None,
    all_rules: Annotated[
        bool, typer.Option("--all", help="Every rule, with the condition that failed.")
    ] = False,
    as_: AsOption = None,
) -> None:
    """Say what the rules make of a mail, and which words decided.

    A case number is explained with the rules that decided it then, to who may read the case.

    Example: mailflow rules explain letter.eml --all
    """
    is_single = len(targets) == 1 and not Path(targets[0]).is_dir()
    for one in _mails_to_explain(home, targets, bundle, as_):
        if json:
            portal = {"portal": _portal_json(one.adapted)} if one.adapted else {}
            document = {"file": one.name, **explain_json(one.rules, one.facts), **portal}
            typer.echo(json_text.dumps(document, ensure_ascii=False))
            continue
        if not is_single:
            typer.echo(f"{one.name}:")
        if one.adapted is not None:
            typer.echo(say_adapted(one.adapted))
        typer.echo(
            explain_text(
                one.rules,
                one.facts,
                serial=one.serial,
                excluded=one.excluded,
                shows_all=all_rules,
            )
        )
        if not is_single:
            typer.echo("")


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="[OLD] NEW", help="Folders or bundle ids.")],
    second: Annotated[str | None, typer.Argument(metavar="NEW", show_default=False)] = None,
    *,
    home: Home = Path(),
) -> None:
    """Show what two sets of rules mean differently, not how their text differs.

    Example: mailflow rules diff new-rules/
    """
    new = first if second is None else second
    before = open_rules_in_force(home) if second is None else open_rules(home, first)
    after = open_rules(home, new)
    changes = compare_bundles(before, after)
    print_lines(changes)
    typer.echo(f"{count_of(len(changes), 'difference')}, old {before.id}, new {after.id}")


@app.command()
def schema(*, home: Home = Path()) -> None:
    """Print the JSON Schema of the rules files, with this site's names, for editors.

    Example: mailflow rules schema > mailflow-rules.schema.json
    """
    if not home.is_dir():
        refuse(f"{home}: no such folder")
    folder = home / "rules"
    bundle = look_at_rules(home, folder)[0] if folder.is_dir() else None
    teams = sorted(known_names(home).teams or ())
    typer.echo(json_text.dumps(rules_schema(bundle, teams=teams), indent=2, ensure_ascii=False))


def _unreached_rules(bundle: Bundle) -> Iterator[Mistake]:
    for rule in measure_coverage(bundle, run_tests(bundle)).rules:
        message = f'no test reaches the rule "{rule.id}": write one beside it'
        yield rule.place.mistake("untested-rule", message, width=len(rule.id), severity="warning")


def _in_force_text(home: Path, bundle: Bundle | None) -> str:
    store = open_store(home)
    current = store.in_force() if store is not None else None
    if current is not None and (bundle is None or bundle.id != current[0]):
        unchanged = "are unchanged" if bundle is None else "are older"
        return f"The rules in use (bundle {current[0]}, serial {current[1]}) {unchanged}."
    if bundle is None:
        return ""
    phrases = count_of(len(bundle.book.phrases), "phrase")
    return f"Bundle {bundle.id}: {count_of(len(bundle.rules), 'rule')}, {phrases}."


@dataclass(frozen=True)
class _Explained:
    """``serial`` and ``excluded`` are of a case that the rules decided then."""

    name: str
    facts: MailFacts
    rules: Bundle
    serial: int | None = None
    excluded: tuple[str, ...] = ()
    adapted: AdaptedMail | None = None


def _portal_json(adapted: AdaptedMail) -> dict[str, object]:
    return {
        "adapter": adapted.adapter,
        "requester": adapted.requester,
        "fields": dict(adapted.fields),
    }


_OUTLOOK = b"\xd0\xcf\x11\xe0"
_HEAD_BYTES = 64 * 1024


def _mails_among(paths: Iterable[Path]) -> list[Path]:
    """All of them, if each is a mail; else every one that is none is named: exit 2."""
    checked = [(path, _why_no_mail(path)) for path in paths]
    wrong = [f"{path}: {why}" for path, why in checked if why]
    if wrong:
        refuse("\n".join(wrong))
    return [path for path, _ in checked]


def _why_no_mail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        return error.strerror or "cannot be read"
    if not head.strip():
        return "this file is empty"
    if head.startswith(_OUTLOOK):
        return "this is Outlook's own format: save it as .eml, or forward it with #explain"
    names = {field.name.lower() for field in read_header_block(head).fields}
    if not names & {"from", "to", "subject", "date", "message-id", "received"}:
        return "this is no mail: it has no header (From, Subject)"
    return ""


def _look_up(address: str, *, directory: Directory | None) -> SenderFacts:
    return sender_of_address(address, directory)


def _mails_to_explain(
    home: Path, targets: list[str], given: str | None, asker: str | None
) -> Iterator[_Explained]:
    """Files first, then cases."""
    files = [Path(target) for target in targets if Path(target).exists()]
    chosen = open_rules(home, given) if files or given is not None else None
    directory = open_directory(home)
    for path, message in parse_files(_mails_among(find_mail_files(files))):
        if message is None:
            continue
        sender = sender_of_message(message, directory)
        facts = facts_of_message(message, sender=sender, received_at=message.date)
        if chosen is not None:
            facts, adapted = look_inside(chosen, facts, partial(_look_up, directory=directory))
            yield _Explained(str(path), facts, chosen, adapted=adapted)
    for target in targets:
        if Path(target).exists():
            continue
        if not target.upper().startswith("HR-"):
            refuse(f"{target}: no such file")
        if asker is None:
            refuse(f"case {target} needs --as STAFF_EMAIL (or MAILFLOW_AS)")
        stored = require_store(home, f"case {target}", asker=asker).case_mail(target)
        if stored is None:
            typer.echo(f"{target}: not found or not yours", err=True)
            raise typer.Exit(NO)
        if given is not None and chosen is not None:
            yield _Explained(target, stored.facts, chosen)
            continue
        then = open_rules(home, stored.bundle)
        yield _Explained(target, stored.facts, then, stored.serial, stored.excluded)
