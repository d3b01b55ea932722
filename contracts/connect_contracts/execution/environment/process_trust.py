"""What a whole process trusts by default: ``ssl``'s own functions and methods, and the variables.

Every other session of the process is judged by them, and so is every other library in it: whoever
replaces one of them changes whom others believe.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FUNCTIONS = ("create_default_context", "_create_default_https_context", "SSLContext")
METHODS = ("wrap_socket", "wrap_bio", "load_default_certs", "set_default_verify_paths")
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

State = dict[str, Any]
"""What stands under each name now."""


def trust_of_process() -> State:
    """The parts of this process that decide whom it trusts by default."""
    state: State = {f"ssl.{name}": getattr(ssl, name, None) for name in FUNCTIONS}
    state |= {f"ssl.SSLContext.{name}": vars(ssl.SSLContext).get(name) for name in METHODS}
    state |= {f"the variable {name}": os.environ.get(name) for name in VARIABLES}
    if (certifi := sys.modules.get("certifi")) is not None:
        state["certifi.where"] = getattr(certifi, "where", None)
    return state


def altered(before: State, after: State) -> tuple[str, ...]:
    """The names under which something else stands than before."""
    return tuple(name for name in before if before[name] != after.get(name))


@contextmanager
def trust_put_back() -> Iterator[None]:
    """Put back what an implementation replaced in ``ssl``: the next case is another's."""
    functions = {name: getattr(ssl, name) for name in FUNCTIONS if hasattr(ssl, name)}
    methods = {name: vars(ssl.SSLContext).get(name) for name in METHODS}
    try:
        yield
    finally:
        for name, function in functions.items():
            setattr(ssl, name, function)
        for name, method in methods.items():
            if method is not None:
                setattr(ssl.SSLContext, name, method)
            elif name in vars(ssl.SSLContext):
                delattr(ssl.SSLContext, name)
