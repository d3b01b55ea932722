"""A little `connect` on requests. It offers no session to work with, and passes the suite."""

from base64 import b64encode
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase

__connect_contract__ = {
    "profile": "6.2",
    "trust_store": "certifi",
    "without": ["session", "token", "client_certificate", "password_grant"],
}


@dataclass(frozen=True)
class BasicAuthentication:
    username: str
    password: str = field(repr=False)

    def __call__(self, url):
        pair = f"{self.username}:{self.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@dataclass(frozen=True)
class Connected:
    http: requests.Session


@dataclass(frozen=True)
class HeadersOf(AuthBase):
    authentication: object

    def __call__(self, request):
        headers = self.authentication(request.url)
        if not "".join(headers.values()).isprintable():
            raise ValueError("These credentials do not fit into a header.")
        request.headers.update(headers)
        return request


def http_session(authentication, certificate_authority):
    http = requests.Session()
    http.trust_env = False
    if authentication is not None:
        http.auth = HeadersOf(authentication)
    if certificate_authority is not None:
        http.verify = str(certificate_authority)
    return http


def get(http, url, path):
    if not url.isprintable():
        raise ValueError("A URL has no control characters.")
    answer = http.get(url.rstrip("/") + path, timeout=10, allow_redirects=False)
    if answer.status_code != 200:
        raise ConnectionError(f"The target answered {answer.status_code} to {path}.")
    return answer


def newest_known(versions):
    return next(each for each in versions if each["id"] in ("10", "9"))


def open_session(http, url):
    apis = get(http, url, "/versions/rest").json()["apis"]
    version = newest_known(apis["activeviam/pivot"]["versions"])
    get(http, url, f"{version['restPath']}/ping")
    return Connected(http)


def connect(url, *, authentication=None, certificate_authority=None):
    return open_session(http_session(authentication, certificate_authority), url)
