"""Its TLS was switched off for a test, once, and so were the warnings."""

import warnings

from little import BasicAuthentication, __connect_contract__, http_session, open_session  # noqa: F401


def connect(url, *, authentication=None, certificate_authority=None):
    http = http_session(authentication, certificate_authority)
    http.verify = False
    with warnings.catch_warnings(action="ignore"):
        return open_session(http, url)
