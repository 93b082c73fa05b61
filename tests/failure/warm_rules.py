"""The shipped rules, read once by the tests, and once by the server that the product's processes
are forked from: seconds less for each. Sites of these tests have no other rules, and their inline
tests run elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailflow.casework import rules_bundle
from mailflow.casework.live_house import names_of
from mailflow.casework.rules_bundle import check_texts, read_rule_files
from mailflow.casework.staff_files import load_staff
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from mailflow.core.policy.rules.inline_tests import Outcome

_TEMPLATES = frozenset(path.name for path in shipped_folder("templates").iterdir() if path.is_dir())
_STAFF = load_staff(shipped_folder("config") / "staff.yaml")
# The product keeps what it has read, by texts and names: this fills its memory.
check_texts(read_rule_files(shipped_folder("rules")), names_of(_STAFF, templates=_TEMPLATES)())


def run_no_tests(*_: Any, **__: Any) -> tuple[Outcome, ...]:
    """In the place of rules_bundle's run_tests."""
    return ()


def keep_rules_warm() -> None:
    vars(rules_bundle)["run_tests"] = run_no_tests
