"""Which texts are base URLs, and how names become paths."""

from __future__ import annotations

import pytest

from connect_contracts.reference._address import base_url, segment


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("http://localhost:8080", "http://localhost:8080"),
        ("HTTPS://Localhost", "https://Localhost"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("http://localhost:/x", "http://localhost/x"),
        ("http://bücher.test/é", "http://bücher.test/é"),
        ("http://a@b:s3cret@localhost", "http://localhost"),
    ],
)
def test_base_url(given: str, wanted: str) -> None:
    assert base_url(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "//localhost",
        "http://:8080",
        "http://someone:s3cret@",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost:+80",
        "http://localhost:\uff18\uff10",
        "http://someone:s3/cret@localhost",
        "http://[::1",
        "http://::1/",
        "http://localhost\r\nX-Injected: s3cret",
        "http://localhost/\u2028",
    ],
)
def test_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(ValueError, match="URL of a target session") as caught:
        base_url(given)
    assert "s3" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Example", "Example"), ("a/b c", "a%2Fb%20c"), ("é%", "%C3%A9%25"), ("..", "%2E%2E")],
)
def test_segment(name: str, wanted: str) -> None:
    assert segment(name) == wanted
