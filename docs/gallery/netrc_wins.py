"""Sets the header itself, and lets requests read the environment."""

from little import BasicAuthentication, __connect_contract__, http_session, open_session  # noqa: F401


def connect(url, *, authentication=None, certificate_authority=None):
    http = http_session(None, certificate_authority)
    http.trust_env = True
    if authentication is not None:
        http.headers.update(authentication(url))
    return open_session(http, url)
