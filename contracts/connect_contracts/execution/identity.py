"""What an implementation is: what a module declares, and what a session says that was returned.

A wrapper around the public client declares nothing as a rule, and its module has none of the
documented names. The session that its ``connect`` returns has a class, and the class comes from a
distribution: both say what the module does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from connect_contracts.model.clause import Profile
from connect_harness.played import played_for

DECLARED = ("profile", "server_version", "trust_store", "own_resolver", "without")
"""What ``__connect_contract__`` may hold."""

PUBLIC_CLIENTS = {"atoti": "atoti-client"}
"""The public client: its package, and the distribution that the package must come from."""

INSTALLED = ("site-packages", "dist-packages")
"""The folders that a file lies below if its code was installed."""


class Identity(msgspec.Struct, frozen=True):
    """What the session that ``connect`` returned says of the implementation.

    Parameters:
        modules: The modules of its class, and of those bases that declare what they are; documented
            names are looked for there, and in the packages above.
        held: The module of a public client's object that it holds in an attribute; the same, but
            for ``Session``: that object is not what was returned.
        client: The public client that it comes from, with its version.
        declared: What its modules declare; of several, the first that declares anything.
        failed: How that connect ended, if it returned nothing.
        hung: That connect had not returned at its limit.
        plain: What it returned, if that is an object of Python's own library.
    """

    modules: tuple[str, ...] = ()
    held: str | None = None
    client: str | None = None
    declared: dict[str, str | bool | tuple[str, ...]] = {}
    failed: str | None = None
    hung: bool = False
    plain: str | None = None


def identity_of(session: object) -> Identity:
    """What ``session`` says by its class, the bases of that class, and what it holds."""

    def declares(module: str) -> Any:
        return declared_by(sys.modules.get(module))

    own, *bases = _modules_of(session)
    modules = [own, *filter(declares, bases)]
    attributes = getattr(session, "__dict__", {}).values()
    kept = (module for value in attributes for module in _modules_of(value))
    held = next(filter(declares, kept), None)
    every = [module for module in (*modules, held) if module]
    declared: Any = next(filter(None, map(declares, every)), {})
    clients = map(_public_client, every)
    return Identity(
        tuple(modules),
        held,
        next(filter(None, clients), None),
        {key: _kept(declared[key]) for key in DECLARED if key in declared},
        plain=_plain(session),
    )


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _plain(session: object) -> str | None:
    """What ``session`` is, where its class is one of Python's own: a coroutine, a tuple, None."""
    kind = type(session)
    if kind.__module__.partition(".")[0] not in sys.stdlib_module_names:
        return None
    article = "an" if kind.__qualname__[0] in "aeiou" else "a"
    return "None" if session is None else f"{article} {kind.__qualname__}"


def _modules_of(value: object) -> list[str]:
    """The modules of the classes of ``value``, its own first, then those that a proxy gives."""
    kinds = (*type(value).__mro__, *getattr(value.__class__, "__mro__", ()))
    return list(dict.fromkeys(kind.__module__ for kind in kinds))


def declared_by(module: ModuleType | None) -> Any:
    """What ``module``, or a package above it, declares; the public client does by its version."""
    for found in _with_packages(module):
        if declared := getattr(found, "__connect_contract__", None):
            return declared
    return {} if module is None else _by_release(module.__name__.partition(".")[0])


def _by_release(package: str) -> dict[str, str | bool]:
    version = _version(package)
    if version is None:
        return {}
    documented = version in ("0.9.1", "0.9.2", "0.9.3")
    return {
        "profile": Profile.V0_9_1 if documented else Profile.V6_2,
        "server_version": played_for(version).release.server_version,
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(PUBLIC_CLIENTS[package])
    except (KeyError, metadata.PackageNotFoundError):
        return None


def is_installed(file: str) -> bool:
    """Whether the code of ``file`` was installed, and is not a user's own."""
    return any(part in INSTALLED for part in Path(file).parts)


def is_public_client(package: str) -> bool:
    """Whether ``package`` comes from the distribution of a public client."""
    return _version(package) is not None


def _public_client(module: str) -> str | None:
    package = module.partition(".")[0]
    version = _version(package)
    return None if version is None else f"{PUBLIC_CLIENTS[package]} {version}"


def looked_in(
    module: ModuleType | None, identity: Identity | None, name: str
) -> Iterator[ModuleType]:
    """The modules in which the documented ``name`` is looked for, one after the other."""
    yield from _with_packages(module)
    if identity is None:
        return
    for module_name in identity.modules:
        yield from _with_packages(_imported(module_name))
    # What is held is another object than the session.
    if identity.held is not None and name != "Session":
        yield from _with_packages(_imported(identity.held))


def _with_packages(module: ModuleType | None) -> Iterator[ModuleType]:
    while module is not None:
        yield module
        above = module.__name__.rpartition(".")[0]
        module = sys.modules.get(above) if above else None


def _imported(name: str) -> ModuleType | None:
    """The module of this name; a fresh interpreter has not imported it yet."""
    try:
        return import_module(name)
    except Exception:  # whatever a module raises: it has no names then
        return None
