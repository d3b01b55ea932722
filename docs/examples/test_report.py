import pytest
from mypackage.client import BasicAuthentication
from mypackage.report import add, names

ADMIN = BasicAuthentication("admin", "passwd")


def test_it_reads_over_https(connect_https_target, connect_certificates):
    authority = connect_certificates.certificate_authority
    url = connect_https_target.url
    assert names(url, authentication=ADMIN, certificate_authority=authority) == ["Example"]


def test_it_adds_one_row(connect_secure_target):
    add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    assert connect_secure_target.tables["Example"].rows == [("foo",)]
    connect_secure_target.assert_requested(method="POST", user="admin", times=1)


def test_it_says_when_the_target_fails(connect_secure_target):
    with connect_secure_target.arm("status 503"), pytest.raises(Exception, match="503"):
        names(connect_secure_target.url, authentication=ADMIN)


def test_a_restart_removes_what_it_added(connect_secure_target):
    add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    connect_secure_target.restart()
    assert connect_secure_target.tables["Example"].rows == []
