"""Modules as users have them: clients, a wrapper around the public client, a deeper catalogue."""

from __future__ import annotations

from pathlib import Path

CLIENT = '''
import base64, json, os, ssl, urllib.request

class BasicAuthentication:
    def __init__(self, username, password):
        self.pair = f"{username}:{password}".encode()

    def __call__(self, url):
        return {"Authorization": "Basic " + base64.b64encode(self.pair).decode()}

class Session:
    pass

def _ask(url, authentication, context):
    headers = authentication(url) if authentication else {}
    request = urllib.request.Request(url + "/versions/rest", headers=headers)
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        json.load(answer)
    return Session()

def connect(url, *, authentication=None, certificate_authority=None):
    context = None
    if certificate_authority is not None:
        context = ssl.create_default_context(cafile=str(certificate_authority))
    return _ask(url, authentication, context)

def trusting(url, *, authentication=None, certificate_authority=None):
    """Never verifies a certificate."""
    context = ssl._create_unverified_context() if url.startswith("https") else None
    return _ask(url, authentication, context)

def raising(url, *, authentication=None, certificate_authority=None):
    """Always raises."""
    raise RuntimeError("not today")

def crashing(url, *, authentication=None, certificate_authority=None):
    """Takes the whole process with it where no file is given."""
    if authentication is not None and certificate_authority is None:
        os._exit(3)
    return connect(url, authentication=authentication, certificate_authority=certificate_authority)
'''

WRAPPED = {
    "atoti/__init__.py": """
from atoti.session import Session
from connect_contracts.reference.v6_2 import (
    BasicAuthentication, ClientCertificate, OAuth2ResourceOwnerPasswordAuthentication,
    TokenAuthentication,
)
""",
    "atoti/session.py": """
from connect_contracts.reference import v6_2

class Session(v6_2.Session):
    pass
""",
    "wrapped.py": """
import atoti

def connect(url, **keywords):
    with open("calls.txt", "a") as file:
        print(url, file=file)
    return atoti.Session.connect(url, **keywords)
""",
}
RETURNED = (
    "its connect returned a session of atoti-client 6.2.2, which gives profile 6.2, server version "
    "6.2.2, BasicAuthentication, TokenAuthentication, ClientCertificate, "
    "OAuth2ResourceOwnerPasswordAuthentication, Session"
)


def write_wrapped(folder: Path) -> None:
    """A wrapper around a public client that is installed in ``folder``."""
    (folder / "atoti").mkdir()
    for name, text in WRAPPED.items():
        (folder / name).write_text(text)
    install_client(folder, "6.2.2")


SUBCLASS = "SIG-4[a-session-of-the-subclass]"
DEVIATION = "atoti-client 6.2.2: Called on a subclass of Session, connect returns a plain Session."
PLAIN_SESSION = """
    @classmethod
    def connect(cls, url, *, authentication=None, certificate_authority=None):
        return super(Session, Session).connect(
            url, authentication=authentication, certificate_authority=certificate_authority
        )
"""


def deviate(folder: Path) -> None:
    """Have the client of ``write_wrapped`` do what 6.2.2 is known for."""
    session = folder / "atoti" / "session.py"
    session.write_text(session.read_text().replace("    pass\n", PLAIN_SESSION))


def install_client(folder: Path, version: str) -> Path:
    """Have the metadata in ``folder`` say that this version of the public client is installed."""
    metadata = folder / f"atoti_client-{version}.dist-info"
    metadata.mkdir()
    metadata.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: atoti-client\nVersion: {version}\n", encoding="utf-8"
    )
    return metadata


DEEPER = """
from dataclasses import replace

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth

cases = catalogue().cases
depths = {
    "CA-1[authority-given]": Depth.CORE,
    "CA-1[over-tls-1-2]": Depth.CORE,
    "CA-3[another-authority]": Depth.DEFAULT,
    "CA-3[another-authority-of-the-same-name]": Depth.FULL,
    "CA-2[without-the-file]": Depth.SLOW,
}
for case in [case for case in cases.values() if case.clause.id in ("CA-1", "CA-2", "CA-3")]:
    del cases[case.id]
    if case.id in depths:
        cases[case.id] = replace(case, depth=depths[case.id])
"""
