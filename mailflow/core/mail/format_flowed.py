"""format=flowed (RFC 3676): soft line breaks joined, space-stuffing undone, per quote depth."""

from __future__ import annotations


def unflow(text: str, *, del_sp: bool) -> str:
    output: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth, content = _split_quote(line)
        is_signature = content == "-- "
        if open_depth == depth and not is_signature:
            output[-1] += content
        else:
            output.append(">" * depth + (" " if depth and content else "") + content)
        if content.endswith(" ") and not is_signature:
            open_depth = depth
            if del_sp:
                output[-1] = output[-1][:-1]
        else:
            open_depth = None
    return "\n".join(output)


def _split_quote(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content.removeprefix(" ")
