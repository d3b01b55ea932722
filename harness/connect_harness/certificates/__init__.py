"""Certificates of fake targets and of their clients: a chain as a value, and what is made of it.

``Chain`` is plain data and costs nothing to import; everything else loads when it is first asked
for, because it brings the cryptography in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connect_harness.certificates.chain import Chain, without_defect

if TYPE_CHECKING:
    from connect_harness.certificates.authorities import Authorities, default_authorities
    from connect_harness.certificates.authority import Authority
    from connect_harness.certificates.client_files import (
        authority_file,
        given_file,
        pem_with_key,
        private_key,
        protected_key,
    )
    from connect_harness.certificates.defects import DEFECTS, Defect
    from connect_harness.certificates.fixed import REVOKED_SERIAL
    from connect_harness.certificates.issued import IssuedChain, PresentedChain, fingerprint
    from connect_harness.certificates.keystores import (
        UnreadableKeystoreError,
        read_keystore,
        read_truststore,
    )
    from connect_harness.certificates.private_files import (
        load_into,
        load_revocation_lists,
        private_key_file,
    )

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
    "authority_file",
    "default_authorities",
    "fingerprint",
    "given_file",
    "load_into",
    "load_revocation_lists",
    "pem_with_key",
    "private_key",
    "private_key_file",
    "protected_key",
    "read_keystore",
    "read_truststore",
    "without_defect",
]

_HOMES = {
    "DEFECTS": "defects",
    "REVOKED_SERIAL": "fixed",
    "Authorities": "authorities",
    "Authority": "authority",
    "Defect": "defects",
    "IssuedChain": "issued",
    "PresentedChain": "issued",
    "UnreadableKeystoreError": "keystores",
    "authority_file": "client_files",
    "default_authorities": "authorities",
    "fingerprint": "issued",
    "given_file": "client_files",
    "load_into": "private_files",
    "load_revocation_lists": "private_files",
    "pem_with_key": "client_files",
    "private_key": "client_files",
    "private_key_file": "private_files",
    "protected_key": "client_files",
    "read_keystore": "keystores",
    "read_truststore": "keystores",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
