"""What an implementation is made with: distributions, Python, and its TLS library."""

from __future__ import annotations

import json
import platform
import ssl
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from connect_contracts.execution.implementation import Implementation


def made_with(implementation: Implementation) -> str:
    """The distributions that the implementation's module comes from, Python and its TLS library."""
    installed = [f"{name} {version}" for name, version in distributions(implementation)]
    library = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    return ", ".join([*installed, f"Python {platform.python_version()}", library])


def distributions(implementation: Implementation) -> tuple[tuple[str, str], ...]:
    """Name and version of the distributions that its module, and its sessions, come from."""
    found = distributions_of([implementation.module.__name__] if implementation.module else [])
    if (identity := implementation.identity) and identity.client:
        found.setdefault(*identity.client.rsplit(" ", 1))
    return tuple(found.items())


def distributions_of(modules: Iterable[str]) -> dict[str, str]:
    """The versions of the distributions that ``modules`` come from, by their names in order."""
    tops = {name.partition(".")[0] for name in modules}
    names = {name for top in tops for name in _installed().get(top) or _editable(top)}
    return {name: _version(name) for name in sorted(names)}


@cache
def _version(distribution: str) -> str:
    # Every report of a case says it, and reading it takes a millisecond.
    return metadata.version(distribution)


@cache
def _installed() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def _editable(package: str) -> list[str]:
    """The distribution that ``package`` is developed in: it lists none of its files (PEP 610)."""
    module = sys.modules.get(package)
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    files = [Path(place).resolve() for place in places if place]
    return [
        name
        for name, folder in _editable_folders().items()
        if any(file.is_relative_to(folder) for file in files)
    ]


@cache
def _editable_folders() -> dict[str, Path]:
    folders = {}
    for distribution in metadata.distributions():
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        if origin.get("dir_info", {}).get("editable"):
            folders[distribution.name] = Path(url2pathname(urlsplit(origin["url"]).path))
    return folders
