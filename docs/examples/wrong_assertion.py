from mypackage.client import BasicAuthentication
from mypackage.report import add

ADMIN = BasicAuthentication("admin", "passwd")


def test_it_adds_a_row(connect_secure_target):
    add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    lines = [{"baseTable": "Example", "lines": [["fooo"]]}]
    connect_secure_target.assert_requested(method="POST", json={"actions": lines}, times=1)
