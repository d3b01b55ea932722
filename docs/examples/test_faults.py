import pytest
from mypackage.client import BasicAuthentication
from mypackage.report import add, names

from connect_harness import Answer, AnswerFault, Requests, fault_kinds

ADMIN = BasicAuthentication("admin", "passwd")


def test_an_answer_that_is_lost(connect_secure_target):
    # The change is made, its answer is lost.
    connect_secure_target.arm("reset before the answer", on=Requests(changes=True, times=1))
    with pytest.raises(Exception, match="reset"):
        add(connect_secure_target.url, ("foo",), authentication=ADMIN)
    assert len(connect_secure_target.tables["Example"].rows) == 1


def test_a_redirect(connect_secure_target, connect_unsecure_target):
    connect_secure_target.arm(
        "redirected by 307", on=Requests("GET", "*"), location=connect_unsecure_target.url
    )
    with pytest.raises(Exception, match="307"):
        names(connect_secure_target.url, authentication=ADMIN)
    connect_unsecure_target.assert_requested(times=0)


def test_a_fault_of_your_own(connect_secure_target):
    connect_secure_target.arm(AnswerFault(lambda request, honest: Answer(418)))
    with pytest.raises(Exception, match="418"):
        names(connect_secure_target.url, authentication=ADMIN)


def test_every_fault_has_a_description():
    assert all(kind.description for kind in fault_kinds().values())
