"""Believes that the last version of an API is the one to use."""

from little import BasicAuthentication, Connected, __connect_contract__, get, http_session  # noqa: F401


def connect(url, *, authentication=None, certificate_authority=None):
    http = http_session(authentication, certificate_authority)
    apis = get(http, url, "/versions/rest").json()["apis"]
    last = apis["activeviam/pivot"]["versions"][-1]
    get(http, url, f"{last['restPath']}/ping")
    return Connected(http)
