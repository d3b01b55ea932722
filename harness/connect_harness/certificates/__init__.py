"""Certificates of fake targets and of their clients: a chain as a value, and what is made of it.

``Chain`` is plain data and costs nothing to import; everything else loads when it is first asked
for, because it brings the cryptography in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connect_harness.certificates.chain import Chain

if TYPE_CHECKING:
    from connect_harness.certificates.authorities import Authorities, default_authorities
    from connect_harness.certificates.authority import REVOKED_SERIAL, Authority
    from connect_harness.certificates.defects import DEFECTS, Defect
    from connect_harness.certificates.files import (
        UnreadableKeystoreError,
        given_file,
        load_into,
        load_revocation_lists,
        private_key,
        private_key_file,
        read_keystore,
        read_truststore,
    )
    from connect_harness.certificates.signing import IssuedChain, PresentedChain, fingerprint

__all__ = [
    "DEFECTS",
    "REVOKED_SERIAL",
    "Authorities",
    "Authority",
    "Chain",
    "Defect",
    "IssuedChain",
    "PresentedChain",
    "UnreadableKeystoreError",
    "default_authorities",
    "fingerprint",
    "given_file",
    "load_into",
    "load_revocation_lists",
    "private_key",
    "private_key_file",
    "read_keystore",
    "read_truststore",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        # Defects take long to load, and need nothing of ``ssl``.
        of_defects = name in ("DEFECTS", "Defect")
        others = ("signing", "authority", "authorities", "files")
        for module in ("defects",) if of_defects else others:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
