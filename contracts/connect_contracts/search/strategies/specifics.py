"""What a value of a dimension stands for in particular: which names, rows, defects and faults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.execution.call_defects.registry import Needs
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    ClientCertificatePolicy,
    FileLayout,
    KeyLayout,
    Naming,
    TableSpec,
    TlsVersion,
)
from connect_contracts.search.strategies.dimensions import LATER, Dimensions
from connect_contracts.search.strategies.groups import (
    call_defect_groups,
    certificate_groups,
    fault_groups,
    needs_tls,
)
from connect_contracts.search.strategies.samples import ARRAYS, MOMENTS, NUMBERS, RULED
from connect_harness.certificates import DEFECTS

ANOTHER_NAME = "another name"
OWN_NAME = "target.example.test"
"""A name below ``.test``, which nobody has (RFC 6761 6.2); its resolution is redirected."""

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
"""User name and password by what is special about them; the name is derived from the plain one."""

LAYOUTS: tuple[FileLayout, ...] = ("text between", "twice", "CRLF")
NAMINGS: tuple[Naming, ...] = ("spaces and accents", "relative", "symbolic link")
KEY_LAYOUTS: tuple[KeyLayout, ...] = (
    "two files",
    "one file",
    "encrypted key",
    "one file, encrypted key",
)
OTHER_RELEASES = {Profile.V0_9_1: ("6.2.0", "0.9.16"), Profile.V6_2: ("0.9.16", "0.9.1")}


def _table(*columns: tuple[str, str], name: str = "Example", **special: object) -> TableSpec:
    return TableSpec(name, (("Id", "String"), *columns), **special)  # type: ignore[arg-type]


def _named(*types: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"A {name}", name) for name in types)


TABLES = {
    "one text column": TableSpec(),
    "with a key": _table(("Value", "long"), keys=("Id",)),
    "numbers": _table(*_named(*NUMBERS)),
    "moments": _table(*_named(*MOMENTS)),
    "arrays": _table(*_named(*ARRAYS)),
    "truth": _table(("Flag", "boolean")),
    "every type": _table(*_named(*RULED)),
    "odd names": TableSpec("a/b 'c' \u00e9", (("Id", "String"), ('x "y" / \u00e7', "int"))),
    "default values": _table(("Value", "int"), default_values=(("Id", "none"), ("Value", 7))),
}
"""A table of each kind, without rows. The first column is always a text."""


@cache
def defects_for_host(group: str, host: str) -> tuple[str, ...]:
    """The defects of a group of chains that can be met under a host."""
    return tuple(
        name
        for name in certificate_groups()[group]
        if (DEFECTS[name].host not in HOSTS) == (host == ANOTHER_NAME)
        and (host == ANOTHER_NAME or host.lower() in DEFECTS[name].chain.names)
    )


@cache
def faults_without_tls(group: str) -> tuple[str, ...]:
    """The faults of a group that have a place in plain HTTP."""
    return tuple(name for name in fault_groups()[group] if not needs_tls(name))


def certificate_defects(chosen: Dimensions) -> tuple[str, ...]:
    """The defects that ``chosen.certificate`` may stand for; none if it is no group."""
    if chosen.certificate not in certificate_groups():
        return ()
    return defects_for_host(chosen.certificate, chosen.host)


def call_defects(chosen: Dimensions) -> tuple[str, ...]:
    """The defects that ``chosen.call_defect`` may stand for."""
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
    """The faults that ``chosen.fault`` may stand for."""
    group = chosen.fault.removesuffix(LATER)
    if group not in fault_groups():
        return ()
    return fault_groups()[group] if chosen.scheme == "https" else faults_without_tls(group)


def key_layouts(call_defect: str | None) -> tuple[KeyLayout, ...]:
    """The layouts of a client certificate's files in which a defect of the call has a place."""
    if call_defect in CALL_DEFECTS and CALL_DEFECTS[call_defect].needs == "an encrypted key":
        return ("encrypted key",)
    topic = call_defect_groups().get("client files", ())
    return ("two files",) if call_defect in topic else KEY_LAYOUTS
