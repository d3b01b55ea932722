"""What goes out to the target, for :mod:`other_implementations.on_requests`."""

from __future__ import annotations

import math
import string
from datetime import date, time
from pathlib import Path
from types import SimpleNamespace

from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, _basic_auth_str
from urllib3.util.ssl_ import create_urllib3_context

SENDABLE = frozenset(string.ascii_letters + string.digits + string.punctuation + " \t")


class ClientCertificate(SimpleNamespace):
    """The files of a client certificate."""

    def __init__(self, certificate: Path, *, keyfile=None, password=None):
        super().__init__(certificate=certificate, keyfile=keyfile, secret=lambda: password or "")


class BasicAuthentication:
    """Basic authentication in UTF-8; that of ``requests`` is in Latin-1."""

    def __init__(self, username: str, password: str):
        self.pair = lambda: (username.encode(), password.encode())

    def __call__(self, url: str) -> dict[str, str]:
        return {"Authorization": _basic_auth_str(*self.pair())}


class TokenAuthentication:
    """A token that was issued before."""

    def __init__(self, token: str, token_type: str = "Bearer"):
        self.header = lambda: f"{token_type} {token}"

    def __call__(self, url: str) -> dict[str, str]:
        return {"Authorization": self.header()}


class PerRequest(AuthBase):
    """Asks a callable for the headers of each request, when its URL is final."""

    def __init__(self, authenticate):
        self.authenticate = authenticate

    def __call__(self, request):
        headers = self.authenticate(request.url)
        if not SENDABLE.issuperset("".join([*headers, *headers.values()])):
            raise ValueError("These credentials do not fit into a header.")
        request.headers.update(headers)
        return request


class Presenting(HTTPAdapter):
    """Presents a client certificate; ``requests`` alone has no way to give its key's password."""

    def __init__(self, certificate: ClientCertificate):
        self.context = create_urllib3_context()
        self.context.load_cert_chain(
            certificate.certificate, certificate.keyfile, certificate.secret
        )
        super().__init__()

    def init_poolmanager(self, *places, **options):
        super().init_poolmanager(*places, ssl_context=self.context, **options)


def as_json(value):
    match value:
        case float() if not math.isfinite(value):
            return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return [as_json(one) for one in value]
    return value
