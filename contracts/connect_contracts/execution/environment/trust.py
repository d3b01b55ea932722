"""What the process and an implementation's own store trust, and how a case changes it for a while.

Nothing is installed on the machine: the store is led to another file, within this process.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from connect_contracts.execution.environment.patching import replaced_everywhere, variables_set

_FUNCTIONS = ("create_default_context", "_create_default_https_context", "SSLContext")
_METHODS = ("wrap_socket", "wrap_bio", "load_default_certs", "set_default_verify_paths")
_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

State = dict[str, Any]
"""What stands under each name now."""


def trust_of_process() -> State:
    """What decides whom this process trusts by default, for every session and library in it."""
    state: State = {f"ssl.{name}": getattr(ssl, name, None) for name in _FUNCTIONS}
    state |= {f"ssl.SSLContext.{name}": vars(ssl.SSLContext).get(name) for name in _METHODS}
    state |= {f"the variable {name}": os.environ.get(name) for name in _VARIABLES}
    if (certifi := sys.modules.get("certifi")) is not None:
        state["certifi.where"] = getattr(certifi, "where", None)
    return state


def altered(before: State, after: State) -> tuple[str, ...]:
    """The names under which something else stands than before."""
    return tuple(name for name in before if before[name] != after.get(name))


@contextmanager
def trust_put_back() -> Iterator[None]:
    """Put back what an implementation replaced in ``ssl``: the next case is another's."""
    places: list[tuple[Any, str]] = [(ssl, name) for name in _FUNCTIONS]
    places += [(ssl.SSLContext, name) for name in _METHODS]
    before = [(owner, name, vars(owner).get(name)) for owner, name in places]
    try:
        yield
    finally:
        for owner, name, value in before:
            if value is not None:
                setattr(owner, name, value)
            elif name in vars(owner):
                delattr(owner, name)


TrustStore = Literal["any", "ssl", "certifi", "truststore"]
"""Which store an implementation asks; ``any`` for one that declares none: ``ssl`` and ``certifi``
are led then, so whichever it asks trusts what the case says."""


def lacking(store: TrustStore) -> str | None:
    """Why ``store`` cannot be made to trust more on this machine, as a sentence, or ``None``."""
    if store == "certifi" and find_spec("certifi") is None:
        return "the implementation declares the trust store certifi, which is not installed here"
    if store == "truststore" and sys.platform != "linux":
        return (
            "truststore asks the system's own store here, which cannot be made to trust an "
            "authority for one case alone"
        )
    return None


@contextmanager
def trusting_also(authorities: Path | None, store: TrustStore) -> Iterator[None]:
    """Have ``store`` trust the authorities of a PEM file besides what it trusts anyway.

    An implementation that builds trust when ``connect`` is called, or later, is reached. One that
    builds it at import is reached only in a fresh process, where this is entered before the import.
    ``truststore`` asks OpenSSL on Linux, so there it is led as ``ssl`` is.
    """
    if authorities is None:
        yield
        return
    with ExitStack() as led:
        for each in _led(store):
            led.enter_context(_led_to_file(authorities, each))
        yield


def _led(store: TrustStore) -> tuple[TrustStore, ...]:
    if store != "any":
        return (store,)
    return ("ssl",) if find_spec("certifi") is None else ("ssl", "certifi")


def _led_to_file(authorities: Path, store: TrustStore) -> AbstractContextManager[None]:
    file = authorities.with_name(f"trusted by {store}.pem")
    led: AbstractContextManager[None]
    if store == "certifi":
        import certifi

        own: str | None = certifi.where()
        replacements = [
            (certifi.where, lambda: str(file)),
            (certifi.contents, lambda: file.read_text(encoding="utf-8")),
            (own, str(file)),
        ]
        led = replaced_everywhere(replacements)
    else:
        # A folder of authorities is asked besides the file, so it need not be copied.
        own = ssl.get_default_verify_paths().cafile
        led = variables_set({"SSL_CERT_FILE": str(file)})
    others = b""
    # A file that cannot be read is not trusted.
    with suppress(OSError):
        others = Path(own).read_bytes() if own else b""
    file.write_bytes(others + b"\n" + authorities.read_bytes())
    return led
