"""Tests of an application that uses the public client, as its developers would write them.

They are run in the environments of the client, with the fixtures and nothing else set up.
"""

from __future__ import annotations

import atoti as tt
import pytest

from connect_harness import SecurityConfig, SessionConfig

ADMIN = tt.BasicAuthentication("admin", "passwd")


def test_a_row_over_https(connect_https_target, connect_certificates):
    with tt.Session.connect(
        connect_https_target.url,
        authentication=ADMIN,
        certificate_authority=connect_certificates.certificate_authority,
    ) as session:
        table = session.tables["Example"]
        table += ("foo",)
        assert list(table.head()["Id"]) == ["foo"]
    assert connect_https_target.tables["Example"].rows == [("foo",)]


def test_a_client_certificate(connect_mtls_target, connect_certificates):
    files = connect_certificates.client_certificate("admin")
    with tt.Session.connect(
        connect_mtls_target.url,
        authentication=tt.ClientCertificate(files.certificate, keyfile=files.keyfile),
        certificate_authority=connect_certificates.certificate_authority,
    ) as session:
        table = session.tables["Example"]
        table += ("bar",)
    assert connect_mtls_target.tables["Example"].rows == [("bar",)]


def test_a_user_who_may_not_change(connect_secure_target):
    session = tt.Session.connect(
        connect_secure_target.url, authentication=tt.BasicAuthentication("user", "passwd")
    )
    # Release 0.9.1 refuses to show the tables, later ones to change them.
    with pytest.raises(Exception, match="not available"):
        session.tables["Example"] += ("foo",)
    session.close()
    assert connect_secure_target.tables["Example"].rows == []


def test_a_wrong_password(connect_secure_target):
    with pytest.raises(Exception, match="Unauthorized"):
        tt.Session.connect(
            connect_secure_target.url, authentication=tt.BasicAuthentication("admin", "wrong")
        )


def test_a_target_of_ones_own(connect_target_factory):
    with connect_target_factory(SessionConfig(security=SecurityConfig())) as target:
        target.create_table("Cities", data_types={"City": "String", "Size": "int"}, keys={"City"})
        target.security.basic_authentication.credentials["admin"] = "passwd"
        target.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        with tt.Session.connect(target.url, authentication=ADMIN) as session:
            cities = session.tables["Cities"]
            cities += ("Paris", 2)
            cities += ("Paris", 3)
            assert list(cities.keys) == ["City"]
        assert target.tables["Cities"].rows == [("Paris", 3)]
