"""Its TLS was switched off for a test, once."""

from little import BasicAuthentication, __connect_contract__, http_session, open_session  # noqa: F401


def connect(url, *, authentication=None, certificate_authority=None):
    http = http_session(authentication, certificate_authority)
    http.verify = False
    return open_session(http, url)
