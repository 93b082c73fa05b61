"""One spelling of a JSON value, for what is hashed or signed."""

from __future__ import annotations

import json

# ASCII output, so that a lone surrogate of a broken mail still has a spelling.
_ENCODER = json.JSONEncoder(
    ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_json(value: object) -> bytes:
    """Sorted keys, no blanks, ASCII. Raises TypeError or ValueError for what JSON cannot say."""
    return _ENCODER.encode(value).encode("ascii")
