"""A wrong call of a fixture is refused in the words of the fixture, with a right call."""

from __future__ import annotations

from typing import Any

pytest_plugins = ["pytester"]

USER = r"For instance connect_user\(connect_secure_target, 'auditor', roles={'ROLE_USER'}\)"
FAULT = r"For instance connect_fault\(connect_secure_target, 'status 503'\)"
HTTPS = r"For instance connect_https_target_factory\(Chain\(defect='leaf expired'\)\)"
ANY = r"For instance connect_target_factory\(SessionConfig\(ready=False\), release='0.9.12'\)"
OPTIONS = r"The nearest are 'release'.* arrow_folder\."

REFUSED = [
    ("user('x')", f"^connect_user takes a TargetSession first, not 'x'. {USER}.$"),
    ("user()", f"^connect_user takes a TargetSession first. {USER}"),
    ("user(target, 'x', ['ROLE_USER'])", f"^connect_user: too many positional arguments. {USER}"),
    ("user(target, role={'A'})", "^There is no option of connect_user 'role'. .* 'roles'"),
    ("fault('status 503')", f"takes a TargetSession or Issuer first, not 'status 503'. {FAULT}"),
    ("fault(target)", f"^connect_fault: missing a required argument: 'fault'. {FAULT}"),
    ("https(defect='leaf expired')", f"no option of connect_https_target_factory 'def.* {HTTPS}"),
    ("https('leaf expired')", f"takes a Chain or nothing first, not 'leaf expired'. {HTTPS}"),
    ("factory(relase='0.9.12')", f"no option of connect_target_factory 'relase'. {OPTIONS} {ANY}"),
    ("factory(SecurityConfig())", f"takes a SessionConfig or nothing first, not Sec.* {ANY}"),
]

TESTS = f"""
import pytest
from connect_harness import Chain, SecurityConfig

@pytest.mark.parametrize(("call", "message"), {REFUSED!r})
def test_refused(
    connect_user, connect_fault, connect_https_target_factory, connect_target_factory,
    connect_secure_target, call, message,
):
    names = dict(
        user=connect_user, fault=connect_fault, https=connect_https_target_factory,
        factory=connect_target_factory, target=connect_secure_target,
        SecurityConfig=SecurityConfig,
    )
    with pytest.raises(TypeError, match=message) as caught:
        eval(call, names)
    assert len(str(caught.value).splitlines()) == 1

def test_the_examples(
    connect_user, connect_fault, connect_https_target_factory, connect_target_factory,
    connect_secure_target,
):
    assert connect_user(connect_secure_target, 'auditor', roles={{'ROLE_USER'}}).password
    connect_https_target_factory(Chain(defect='leaf expired'))
"""


def test_what_is_called_wrongly_is_said_in_words_of_the_fixture(project: Any) -> None:
    project.write(TESTS)
    project.run().assert_outcomes(passed=len(REFUSED) + 1)
