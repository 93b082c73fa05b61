from __future__ import annotations

import pytest

from mailflow.core.mail.html_safety import find_remote_parts


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://tracker.example/x.gif">',
        "<img src=//tracker.example/x.gif>",
        '<img srcset="https://tracker.example/x.gif 2x">',
        '<td background="http://tracker.example/x">',
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        "<style>@import 'a.css';</style>",
        "<style>p { background: URL(https://tracker.example/x) }</style>",
        '<p style="background: url(x)">',
        "<script>1</script>",
        "<iframe></iframe>",
        '<p onclick="a()">',
        '<a href="javascript:alert(1)">',
        '<a href="http://intranet.example">',
        "<form action=x>",
    ],
)
def test_what_loads_or_runs_is_found(html: str) -> None:
    assert [line for line, _ in find_remote_parts(f"<p>\n{html}")] == [2]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="mailto:hr@acme.example?subject=x">',
        '<a href="https://intranet.example/rules">',
        '<a href="{{ link.href }}">',
        '<img src="cid:logo">',
        "<style>p { color: red }</style>",
        "&lt;script&gt; url(x)",
        "<!-- <script> -->",
    ],
)
def test_what_is_harmless_passes(html: str) -> None:
    assert find_remote_parts(html) == ()


def test_a_style_names_its_own_line() -> None:
    found = find_remote_parts("<style>\np { color: red }\np { background: url(x) }\n</style>")
    assert [line for line, _ in found] == [3]
