"""The documented configuration: what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from connect_harness.certificates import Chain
from connect_harness.config import (
    BasicAuthenticationConfig,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BasicAuthenticationConfig(realm="é"), "printable ASCII"),
        (lambda: BasicAuthenticationConfig(realm="a\r\nb"), "printable ASCII"),
        (lambda: HttpsConfig(certificate=Path("x"), chain=Chain()), "not both"),
        (lambda: HttpsConfig(certificate=Path("/nowhere/x.pem")), "no file '/nowhere/x.pem'"),
        (lambda: HttpsConfig(tls_version=cast(Any, "1.4")), "no TLS version '1.4'; there are: 1.0"),
        (lambda: HttpsConfig(ciphers="nonsense"), "no cipher suite 'nonsense'"),
        (lambda: HttpsConfig(ciphers="TLS_AES_128_GCM_SHA256"), "no cipher suite"),
        (lambda: HttpsConfig(ciphers="a\0b"), "no cipher suite"),
        (lambda: HttpsConfig(alpn=("h2", "")), "1 to 255 of ASCII, not ''"),
        (lambda: HttpsConfig(alpn=("x" * 256,)), "1 to 255"),
        (lambda: HttpsConfig(alpn=("é",)), "1 to 255"),
        (lambda: ClientCertificateConfig(trust_store=Path("/nowhere")), "no file"),
        (
            lambda: ClientCertificateConfig(trust_store=Path(__file__), checks_revocation=True),
            "no revocation list",
        ),
        (lambda: ClientCertificateConfig(username_regex="("), "no regular expression"),
        (lambda: ClientCertificateConfig(username_regex="CN=.*"), "no group"),
        (lambda: SecurityConfig(client_certificate=ClientCertificateConfig()), "need HTTPS"),
        (lambda: SessionConfig(port=65536), "no TCP port"),
        (lambda: SessionConfig(base_path="pre"), "base path"),
        (lambda: SessionConfig(base_path="/pre/"), "base path"),
        (lambda: SessionConfig(base_path="/a//b"), "base path"),
    ],
)
def test_what_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
