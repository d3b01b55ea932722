"""Opens one session for each URL, to be fast."""

from little import BasicAuthentication, __connect_contract__, http_session, open_session  # noqa: F401

opened = {}


def connect(url, *, authentication=None, certificate_authority=None):
    if url not in opened:
        http = http_session(authentication, certificate_authority)
        opened[url] = open_session(http, url)
    return opened[url]
