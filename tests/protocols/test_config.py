"""The documented configuration: defaults, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connect_harness.certificates import Chain
from connect_harness.config import (
    BasicAuthenticationConfig,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
)


def test_the_defaults() -> None:
    config = SessionConfig()
    assert (config.security, config.port, config.ready, config.base_path) == (None, 0, True, "")
    security = SecurityConfig()
    assert security.basic_authentication == BasicAuthenticationConfig()
    assert security.https is None
    assert security.client_certificate is None
    assert ClientCertificateConfig().username_regex == "CN=(.*?)(?:,|$)"
    assert not ClientCertificateConfig().required
    assert HttpsConfig().domain == "localhost"


def test_it_is_a_value_that_hides_secrets() -> None:
    assert SessionConfig() == SessionConfig()
    assert hash(SecurityConfig(https=HttpsConfig(chain=Chain())))
    assert "hidden" not in repr(HttpsConfig(password="hidden"))
    assert "hidden" not in repr(ClientCertificateConfig(trust_store_password="hidden"))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: BasicAuthenticationConfig(realm="é"), "printable ASCII"),
        (lambda: HttpsConfig(certificate=Path("x"), chain=Chain()), "not both"),
        (lambda: HttpsConfig(certificate=Path("/nowhere/x.pem")), "no file '/nowhere/x.pem'"),
        (lambda: ClientCertificateConfig(trust_store=Path("/nowhere")), "no file"),
        (lambda: ClientCertificateConfig(username_regex="("), "no regular expression"),
        (lambda: ClientCertificateConfig(username_regex="CN=.*"), "no group"),
        (lambda: SecurityConfig(client_certificate=ClientCertificateConfig()), "need HTTPS"),
        (lambda: SessionConfig(port=65536), "no TCP port"),
        (lambda: SessionConfig(port=-1), "no TCP port"),
        (lambda: SessionConfig(base_path="pre"), "base path"),
        (lambda: SessionConfig(base_path="/pre/"), "base path"),
        (lambda: SessionConfig(base_path="/"), "base path"),
        (lambda: SessionConfig(base_path="/a//b"), "base path"),
    ],
)
def test_what_is_refused(make: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()


def test_a_base_path() -> None:
    assert SessionConfig(base_path="/one/two").base_path == "/one/two"
