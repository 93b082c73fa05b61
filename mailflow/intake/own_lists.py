"""Mail that came through one of the organisation's own lists: a person's, not a list's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.header_block import read_header_block

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.mail.header_block import HeaderField

_LIST_FIELDS = frozenset({
    "mailing-list", "x-mailing-list", "x-beenthere", "x-mailman-version", "x-google-group-id",
    "errors-to", "sender",
})  # fmt: skip


def without_own_list(raw: bytes, list_ids: Collection[str]) -> bytes:
    """The mail less what the list wrote on it, when its one List-Id is among ``list_ids``.

    Many an hr@ is a list or group (RFC 2369, RFC 2919): what that says is no evidence that a
    machine wrote the mail. All that the writer's side said, such as Auto-Submitted, stays.
    """
    if not list_ids:
        return raw
    header = read_header_block(raw)
    found = header.all("list-id")
    if header.body is None or len(found) != 1 or not _is_among(found[0], list_ids):
        return raw
    kept = [field for field in header.fields if not _is_of_the_list(field)]
    head_length = len(raw) - len(header.body)
    blank = b"\r\n" if raw[:head_length].endswith(b"\r\n") else b"\n"
    return b"".join((*(f.raw_name + b":" + f.value for f in kept), blank, header.body))


def _is_among(field: HeaderField, list_ids: Collection[str]) -> bool:
    value = field.unfolded.decode("utf-8", "replace")
    if "<" in value:
        value = value.rpartition("<")[2].partition(">")[0]
    return value.strip().casefold() in {known.strip("<> ").casefold() for known in list_ids}


def _is_of_the_list(field: HeaderField) -> bool:
    value = field.unfolded.strip().lower()
    if field.name == "precedence":
        return value == b"list"
    if field.name == "return-path":
        # The null path is a bounce's, whichever way it came.
        return value != b"<>"
    return field.name.startswith("list-") or field.name in _LIST_FIELDS
