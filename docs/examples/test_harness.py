import pytest
from mypackage.client import BasicAuthentication, connect

from connect_harness import (
    Chain,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)


def test_a_target_of_your_own(tmp_path):
    config = SessionConfig(security=SecurityConfig(https=HttpsConfig()))
    with TargetSession.start(config, release="6.2.2") as target:
        target.create_table("Example", data_types={"Id": "String"})
        target.security.basic_authentication.credentials.update({"admin": "passwd"})
        target.security.individual_roles.update({"admin": {"ROLE_USER", "ROLE_ADMIN"}})
        authority = tmp_path / "ca.pem"
        authority.write_bytes(target.certificate_authority_pem)
        session = connect(
            target.url,
            authentication=BasicAuthentication("admin", "passwd"),
            certificate_authority=authority,
        )
        assert list(session.tables) == ["Example"]
        session.close()
        for exchange in target.requests(path="*/ping"):
            assert exchange.status == 200
        print(target.journal)


def test_an_expired_certificate(connect_target_factory, connect_certificates):
    expired = HttpsConfig(chain=Chain(defect="leaf expired"))
    config = SessionConfig(security=SecurityConfig(https=expired))
    authority = connect_certificates.certificate_authority
    with connect_target_factory(config) as target:
        with pytest.raises(Exception, match="expired"):
            connect(target.url, certificate_authority=authority)
        target.assert_requested(times=0)
