import pytest
from mypackage.client import BasicAuthentication
from mypackage.report import add, names

from connect_harness import Requests

ADMIN = BasicAuthentication("admin", "passwd")


def test_it_reads_over_https(connect_https_target, connect_certificates):
    authority = connect_certificates.certificate_authority
    url = connect_https_target.url
    assert names(url, authentication=ADMIN, certificate_authority=authority) == ["Example"]


def test_it_refuses_an_expired_certificate(connect_expired_target, connect_certificates):
    authority = connect_certificates.certificate_authority
    with pytest.raises(Exception, match="expired"):
        names(connect_expired_target.url, authentication=ADMIN, certificate_authority=authority)
    connect_expired_target.assert_requested(times=0)


def test_it_adds_one_row(connect_secure_target):
    add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    assert connect_secure_target.tables["Example"].rows == [("foo",)]
    connect_secure_target.assert_requested(method="POST", user="admin", times=1)


def test_it_says_when_the_target_fails(connect_secure_target, connect_fault):
    connect_fault(connect_secure_target, "status 503", on=Requests("GET", "*/tableNames"))
    with pytest.raises(Exception, match="503"):
        names(connect_secure_target.url, authentication=ADMIN)


def test_a_user_without_a_role_is_refused(connect_secure_target, connect_user):
    guest = BasicAuthentication(*connect_user(connect_secure_target))
    with pytest.raises(Exception, match="403"):
        names(connect_secure_target.url, authentication=guest)


def test_a_restart_removes_what_it_added(connect_secure_target):
    add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    connect_secure_target.restart()
    assert connect_secure_target.tables["Example"].rows == []
