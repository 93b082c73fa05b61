"""format=flowed (RFC 3676): soft line breaks joined, space-stuffing undone, per quote depth."""

from __future__ import annotations


def unflow(text: str, *, del_sp: bool) -> str:
    """Paragraphs as one line each; ``del_sp`` drops the blank that marks a soft break."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth, content = _split_quote(line)
        is_soft = content.endswith(" ") and content != "-- "
        piece = content[:-1] if is_soft and del_sp else content
        if open_depth == depth and content != "-- ":
            paragraphs[-1].append(piece)
        else:
            paragraphs.append([">" * depth + (" " if depth and content else ""), piece])
        open_depth = depth if is_soft else None
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _split_quote(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content.removeprefix(" ")
