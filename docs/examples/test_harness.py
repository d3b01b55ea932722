from mypackage.client import BasicAuthentication, connect

from connect_harness import HttpsConfig, SecurityConfig, SessionConfig, TargetSession


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
            assert (exchange.status, exchange.user) == (200, "admin")
        print(target.journal)
