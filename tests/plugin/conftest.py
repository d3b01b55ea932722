"""A little project of somebody else's, with several implementations of ``connect`` in it."""

from __future__ import annotations

import pytest

CLIENT = '''
import base64, json, ssl, urllib.request

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
'''


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The project: a package ``client`` in the working folder, and no test yet."""
    # What the environment of this run says is not for the little project. Where CI is set, pytest
    # prints a failure a second time, whole, in its summary.
    for name in ("PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    # Each costs a start of pytest more than all the rest; a test of its own has them back.
    heavy = ("randomly", "pytest_httpserver", "hypothesispytest", "anyio")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{name}" for name in heavy))
    pytester.makepyfile(client=CLIENT)
    return pytester
