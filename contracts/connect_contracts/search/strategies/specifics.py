"""What a value of a dimension stands for in particular: which names, rows, defects and faults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.execution.call_defects.registry import Needs
from connect_contracts.model.allowed import AUTHORITY_FILES, PROXIES
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    ClientCertificatePolicy,
    FileLayout,
    KeyLayout,
    Naming,
    Row,
    TableSpec,
    TlsVersion,
)
from connect_contracts.model.target_spec import ANOTHER_RELEASE
from connect_contracts.search.strategies.dimensions import (
    BUNDLES,
    PROXY,
    Dimensions,
    call_defect_groups,
    certificate_groups,
    fault_groups,
)
from connect_harness.certificates import DEFECTS
from connect_harness.faults import fault_kinds

ANOTHER_NAME = "another name"
OWN_NAME = "target.example.test"
"""A name below ``.test``, which no host has (RFC 6761 6.2); its resolution is redirected."""

HOSTS = {"localhost": "localhost", "LOCALHOST": "LOCALHOST", "127.0.0.1": "127.0.0.1", "::1": "::1"}
TLS: Mapping[str, TlsVersion | None] = {"1.2 and 1.3": None, "1.2": "1.2", "1.3": "1.3"}
CLIENT_CERTIFICATES: Mapping[str, ClientCertificatePolicy | None] = {
    "none": None,
    "optional": "optional",
    "required": "required",
}
BASE_PATHS = {"none": ("",), "plain": ("/one/two",), "odd letters": ("/d'été", "/a b", "/50%")}

FURTHER_ROLE = "ROLE_READER"
FURTHER_AUTHORITY = "further authority"
ROLES = {
    "admin": ADMIN.roles,
    "user": USER.roles,
    "user of a further role": (*USER.roles, FURTHER_ROLE),
    "without a role": (),
}

SURROUNDINGS = {
    BUNDLES: tuple((name, "{stranger}") for name in AUTHORITY_FILES),
    PROXY: tuple((name, "{proxy}") for name in PROXIES),
}
"""Environment variables and their values, as in :class:`Scenario`."""

PAIRS: dict[str, tuple[str, str]] = {
    "plain": ("{}", "passwd"),
    "spaces and quotes": ("{}", "pass \"w'o rd\\ "),
    "colon in the password": ("{}", "pass:wd:"),
    "beyond ASCII": ("{}", "p\u00e4ssw\u00f6rd\u20ac\u65e5\U0001f98a"),
    "empty password": ("{}", ""),
    "long": ("{}", "passwd" * 600),
    "colon in the user name": ("{}:x", "passwd"),
    "not in normal form": ("{}", "pa\u0308sswd"),
    "control characters": ("{}", "pass\r\nX-More: wd"),
}
"""User name and password by what is special about them; the name is derived from the usual one."""

PASSWORD_HERE, PASSWORD_ELSEWHERE = "passwd here", "passwd elsewhere"
"""Of one user on two targets; the documentation's would become another one on each of them."""

LAYOUTS: tuple[FileLayout, ...] = ("text between", "twice", "CRLF")
NAMINGS: tuple[Naming, ...] = ("spaces and accents", "relative", "symbolic link")
KEY_LAYOUTS: tuple[KeyLayout, ...] = (
    "two files",
    "one file",
    "encrypted key",
    "one file, encrypted key",
)
OTHER_RELEASES = {Profile.V0_9_1: ("6.2.0", "0.9.16"), Profile.V6_2: (ANOTHER_RELEASE, "0.9.1")}

# Values of each data type. They survive a file of JSON: no integer beyond 64 bits, nothing that
# UTF-8 cannot hold.

_INTEGERS, _FLOATS = (1, 2, 3, 5, 8, 13, 21, 34), (0.5, 1.25, -2.0)

SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "String": ("a", "b", "c", "d", "e", "f", "g", "h"),
    "boolean": (True, False),
    "int": _INTEGERS,
    "long": _INTEGERS,
    "double": _FLOATS,
    "float": _FLOATS,
    "LocalDate": ("2024-02-29", "1999-12-31"),
    "LocalDateTime": ("2024-02-29T12:30:00", "1999-12-31T23:59:59"),
    "LocalTime": ("12:30:00", "23:59:59"),
    "ZonedDateTime": ("2024-02-29T12:30:00+00:00", "1999-12-31T23:59:59+01:00"),
    "int[]": ([1], [1, 2, 3]),
    "long[]": ([1], [1, 2, 3]),
    "double[]": ([0.5], [0.5, -2.0]),
    "float[]": ([0.5], [0.5, -2.0]),
}
"""Usual values of each data type for which a rule says what a column takes."""

EXTREMES: Mapping[str, tuple[Any, ...]] = {
    "String": ("", "é日本語🦊", " \"'\\/", "two\nlines", "x" * 5000, "null"),
    "boolean": (False, True),
    "int": (0, -(2**31), 2**31 - 1),
    "long": (0, 2**53 + 1, -(2**63), 2**63 - 1),
    "double": (0.0, 1.7976931348623157e308, 5e-324, 1 / 3, "NaN", "Infinity", "-Infinity"),
    "float": (0.0, 2.0**127, 2.0**-126, "NaN", "Infinity", "-Infinity"),
    "LocalDate": ("1970-01-01", "1900-01-01", "2200-12-31"),
    "LocalDateTime": ("1970-01-01T00:00:00", "2024-02-29T23:59:59.123000"),
    "LocalTime": ("00:00:00", "23:59:59.999000"),
    "ZonedDateTime": ("1970-01-01T00:00:00+00:00", "2024-02-29T23:59:59.123000-11:30"),
    "int[]": ([0], [-(2**31), 2**31 - 1]),
    "long[]": ([0], [2**53 + 1, -(2**63), 2**63 - 1]),
    "double[]": ([0.0], [1.7976931348623157e308, 5e-324]),
    "float[]": ([0.0], [2.0**127, 2.0**-126]),
}
"""Values at the borders of each data type."""

DATA_TYPES = tuple(SAMPLES)


def sample_row(
    data_types: tuple[str, ...], number: int, values: Mapping[str, tuple[Any, ...]] = SAMPLES
) -> Row:
    """The row of this number; of usual values the first eight differ where there is a text."""
    return tuple(values[kind][number % len(values[kind])] for kind in data_types)


def _table(*columns: tuple[str, str], name: str = "Example", **special: object) -> TableSpec:
    return TableSpec(name, (("Id", "String"), *columns), **special)  # type: ignore[arg-type]


def _named(*types: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"A {name}", name) for name in types)


TABLES = {
    "one text column": TableSpec(),
    "with a key": _table(("Value", "long"), keys=("Id",)),
    "numbers": _table(*_named("int", "long", "double", "float")),
    "moments": _table(*_named("LocalDate", "LocalDateTime", "LocalTime", "ZonedDateTime")),
    "arrays": _table(*_named("int[]", "long[]", "double[]", "float[]")),
    "truth": _table(("Flag", "boolean")),
    "every type": _table(*_named(*DATA_TYPES)),
    "odd names": TableSpec("a/b 'c' \u00e9", (("Id", "String"), ('x "y" / \u00e7', "int"))),
    "default values": _table(("Value", "int"), default_values=(("Id", "none"), ("Value", 7))),
}
"""A table of each kind, without rows. The first column is always a text."""


@cache
def defects_for_host(group: str, host: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in certificate_groups()[group]
        if (DEFECTS[name].host not in HOSTS) == (host == ANOTHER_NAME)
        and (host == ANOTHER_NAME or host.lower() in DEFECTS[name].chain.names)
    )


def certificate_defects(chosen: Dimensions) -> tuple[str, ...]:
    """The defects that ``chosen.certificate`` may stand for; none if it is no group."""
    if chosen.certificate not in certificate_groups():
        return ()
    return defects_for_host(chosen.certificate, chosen.host)


def call_defects(chosen: Dimensions) -> tuple[str, ...]:
    return tuple(
        name
        for name in call_defect_groups().get(chosen.call_defect, ())
        if _has_a_place(CALL_DEFECTS[name].needs, chosen)
    )


def _has_a_place(needs: Needs | None, chosen: Dimensions) -> bool:
    if needs in ("http", "https"):
        return chosen.scheme == needs
    return needs != "a callable" or chosen.authentication == "callable"


def faults(chosen: Dimensions) -> tuple[str, ...]:
    return tuple(
        name
        for name in fault_groups().get(chosen.fault.partition(", ")[0], ())
        if chosen.scheme == "https" or not fault_kinds()[name].needs_tls
    )


def key_layouts(call_defect: str | None) -> tuple[KeyLayout, ...]:
    """The layouts of a client certificate's files in which a defect of the call has a place."""
    if call_defect in CALL_DEFECTS and CALL_DEFECTS[call_defect].needs == "an encrypted key":
        return ("encrypted key",)
    topic = call_defect_groups().get("client files", ())
    return ("two files",) if call_defect in topic else KEY_LAYOUTS
