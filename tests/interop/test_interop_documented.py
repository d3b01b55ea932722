"""The documented examples, run by the unmodified public client in environments of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Client = Callable[..., list[str]]
FRAME = ["    Id", "0  foo"]
ROWS = "[('foo',)]"
LIVE_EXTENSION_UNAVAILABLE = (
    "atoti._live_extension_unavailable_error.LiveExtensionUnavailableError: "
    "Live extension is not available "
)
REFUSED = "atoti._graphql.client.exceptions.GraphQLClientHttpError: HTTP status code: 400"


@pytest.mark.parametrize("transport", ["http", "https", "mutual-tls"])
def test_the_three_documented_examples_of_0_9_1(client_0_9_1: Client, transport: str) -> None:
    lines = client_0_9_1("documented_0_9_1.py", transport)
    *frame, user_error, rows, unsecured_error = lines
    assert frame == FRAME
    assert rows == ROWS
    assert user_error.startswith(LIVE_EXTENSION_UNAVAILABLE)
    assert unsecured_error.startswith(LIVE_EXTENSION_UNAVAILABLE)


@pytest.mark.parametrize("transport", ["http", "https", "mutual-tls"])
def test_the_documented_example_of_6_2(client_6_2: Client, transport: str) -> None:
    lines = client_6_2("documented_6_2.py", transport)
    *frame, tables, user_error, rows, tables_again, unsecured_error = lines
    assert frame == FRAME
    assert rows == ROWS
    assert tables == tables_again == "['Example']"
    assert user_error == REFUSED
    assert unsecured_error == REFUSED
