"""Values of every documented data type arrive as the public client was given them."""

from __future__ import annotations

from collections.abc import Callable

Client = Callable[..., list[str]]
ARRIVED = {
    "boolean": "[True, False]",
    "double": "[1.5, inf, 3.0, None]",
    "double[]": "[(1.5, nan), ()]",
    "float": "[0.1, None]",
    "float[]": "[(0.1, -2.5)]",
    "int": "[2147483647, -2147483648, None]",
    "int[]": "[(1, 2)]",
    "LocalDate": "['2024-02-29', '0001-01-01']",
    "LocalDateTime": "['2024-01-02T03:04:05.678901', '2024-01-02T00:00:00']",
    "LocalTime": "['01:02:03.000004', '01:02:00']",
    "long": "[9007199254740993, -9223372036854775808, None]",
    "long[]": "[(9007199254740993,)]",
    "Object": "['text']",
    "String": "['foo', 'é\\n\"\\'\\\\', '', 'N/A']",
    "ZonedDateTime": "['2024-01-02T03:04:05.006+02:00']",
}
EXPECTED = [f"{name}: {values}" for name, values in ARRIVED.items()]
OBJECT = list(ARRIVED).index("Object")


def test_every_data_type_arrives_from_6_2(client_6_2: Client) -> None:
    assert client_6_2("every_data_type.py") == EXPECTED


def test_every_data_type_but_object_arrives_from_0_9_1(client_0_9_1: Client) -> None:
    lines = client_0_9_1("every_data_type.py")
    # Its list of data types in GraphQL has no Object: it raises before it sends anything.
    assert "ValidationError" in lines[OBJECT]
    assert lines[:OBJECT] == EXPECTED[:OBJECT]
    assert lines[-2:] == EXPECTED[-2:]
