"""`python -m bench [NAME ...]`: measure, print the table, and write it into bench/README.md.

A line stands in the table until it is measured again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench import delivery, flood, growth, intake, latency, memory
from bench.result import HEAD, Result, at_least

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TABLE = Path(__file__).parent / "README.md"
_BEGIN = "<!-- measured -->\n"


def _intake() -> Iterator[Result]:
    for name, goal in intake.GOALS.items():
        product, ceiling = intake.measure(name)
        yield at_least("intake", name, product, ceiling, goal=goal, unit="mails/s")


PARTS: dict[str, Callable[[], Iterator[Result]]] = {
    "intake": _intake,
    "delivery": delivery.results,
    "latency": latency.results,
    "flood": flood.results,
    "memory": memory.results,
    "growth": growth.results,
}


def main() -> None:
    names = sys.argv[1:] or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}: there are {', '.join(PARTS)}")
    print(HEAD, flush=True)
    for name in names:
        for result in PARTS[name]():
            print(result, flush=True)
            _put_into_table(str(result))


def _put_into_table(line: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    before, _, table = text.partition(_BEGIN)
    lines = table.splitlines() or HEAD.splitlines()
    key = _key(line)
    if key in [_key(old) for old in lines]:
        lines = [line if _key(old) == key else old for old in lines]
    else:
        lines.append(line)
    TABLE.write_text(f"{before}{_BEGIN}" + "\n".join(lines) + "\n", encoding="utf-8")


def _key(line: str) -> tuple[str, ...]:
    return tuple(line.split("|")[1:3])


if __name__ == "__main__":
    main()
