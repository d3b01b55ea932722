"""Who connects, for :mod:`other_implementations.on_http_client`."""

from __future__ import annotations

from base64 import b64encode


class BasicAuthentication:
    """A user name and a password."""

    def __init__(self, username, password):
        self.username = username
        self._pair = f"{username}:{password}"

    def __call__(self, url):
        if ":" in self.username:
            raise ValueError("a colon would end the user name")
        return {"Authorization": "Basic " + b64encode(self._pair.encode("utf-8")).decode("ascii")}


class TokenAuthentication:
    """A token, and the word that goes before it."""

    def __init__(self, token, token_type="Bearer"):
        self._value = f"{token_type} {token}"

    def __call__(self, url):
        return {"Authorization": self._value}


class ClientCertificate:
    """The files of a client certificate."""

    def __init__(self, certificate, *, keyfile=None, password=None):
        self.certificate, self.keyfile, self._password = certificate, keyfile, password

    def load(self, context):
        # With an empty password OpenSSL fails; with none at all it would ask on the terminal.
        context.load_cert_chain(self.certificate, self.keyfile, self._password or "")
