"""Fake Atoti target sessions: secure and unsecure, over HTTP, HTTPS and mutual TLS.

What brings the server in loads when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connect_harness.certificates import Chain
from connect_harness.config import (
    BasicAuthenticationConfig,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
)

if TYPE_CHECKING:
    from connect_harness.server import Journal
    from connect_harness.session import TargetSession

__all__ = [
    "BasicAuthenticationConfig",
    "Chain",
    "ClientCertificateConfig",
    "HttpsConfig",
    "Journal",
    "SecurityConfig",
    "SessionConfig",
    "TargetSession",
]


def __getattr__(name: str) -> Any:
    module = {"Journal": "server", "TargetSession": "session"}.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
