from __future__ import annotations

from datetime import date

import pytest

from mailflow.keys.buckets import Bucket, bucket_name, has_passed, is_bucket_name


@pytest.mark.parametrize(
    ("bucket", "name"),
    [
        (Bucket.OPEN, "open-202610"),
        (Bucket.EXPIRY, "exp-202610"),
        (Bucket.HOLD, "hold-202610"),
        (Bucket.INTAKE, "intake-202610"),
    ],
)
def test_a_bucket_is_named_after_its_month(bucket: Bucket, name: str) -> None:
    assert bucket_name(bucket, date(2026, 10, 31)) == name
    assert is_bucket_name(name)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("hold", True),
        ("intake", True),
        ("open", False),
        ("exp", False),
        ("open-202600", False),
        ("open-202613", False),
        ("open-2026101", False),
        ("open-202610\n", False),
        ("open-٢٠٢٦١٠", False),
        ("xopen-202610", False),
        ("", False),
    ],
)
def test_only_known_names_are_buckets(name: str, is_one: bool) -> None:  # noqa: FBT001 - a column of the table.
    assert is_bucket_name(name) is is_one


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("exp-202609", True),
        ("open-202512", True),
        ("exp-202610", False),
        ("exp-202701", False),
        ("hold", False),
        ("intake", False),
        ("nonsense-200001", False),
    ],
)
def test_a_bucket_has_passed_when_its_month_is_over(name: str, passed: bool) -> None:  # noqa: FBT001 - a column of the table.
    assert has_passed(name, date(2026, 10, 31)) is passed
