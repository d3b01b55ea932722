"""Users: passwords, roles, tokens, certificates, and that no secret is ever shown."""

from __future__ import annotations

from typing import Any

import pytest

from connect_harness.state import ANONYMOUS, REDACTED, Accounts, User

SECRET = "sésame, ouvre-toi"
ADMIN = User("admin", frozenset({"ROLE_USER", "ROLE_ADMIN"}))
USER = User("user", frozenset({"ROLE_USER"}))


@pytest.fixture
def accounts() -> Accounts:
    accounts = Accounts(secure=True, username_regex="CN=(.*?)(?:,|$)")
    accounts.credentials.update({"admin": SECRET, "user": "passwd", "zoé": ""})
    accounts.individual_roles.update({"admin": ADMIN.roles, "user": ["ROLE_USER"]})
    return accounts


def test_passwords_read_back_redacted_and_nothing_shows_a_secret(accounts: Accounts) -> None:
    assert REDACTED == "**REDACTED**"
    assert dict(accounts.credentials) == dict.fromkeys(("admin", "user", "zoé"), REDACTED)
    assert len(accounts.credentials) == 3
    assert "nobody" not in accounts.credentials
    token = accounts.issue_token("admin")
    shown = f"{accounts!r} {accounts.credentials!r} {accounts.individual_roles!r}"
    assert SECRET not in shown
    assert token not in shown


def test_a_password_is_compared_by_its_bytes_and_can_be_taken_away(accounts: Accounts) -> None:
    assert accounts.by_password(b"admin", SECRET.encode()) == ADMIN
    assert accounts.by_password(b"admin", SECRET.encode("latin-1")) is None
    assert accounts.by_password(b"\xff", b"passwd") is None
    assert accounts.by_password("zoé".encode(), b"") == User("zoé")
    del accounts.credentials["admin"]
    assert accounts.by_password(b"admin", SECRET.encode()) is None
    with pytest.raises(KeyError):
        del accounts.credentials["admin"]
    with pytest.raises(KeyError):
        accounts.credentials["admin"]


@pytest.mark.parametrize("how", ["set", "set again", "deleted", "restart"])
def test_a_token_is_of_its_user_until_it_ends(accounts: Accounts, how: str) -> None:
    token, other = accounts.issue_token("user"), accounts.issue_token("admin")
    assert accounts.by_token(token) == USER
    assert accounts.by_token(token[:-1]) is None
    assert accounts.issue_token("user") != token
    match how:
        case "set":
            accounts.credentials["user"] = "another"
        case "set again":
            accounts.credentials["user"] = "passwd"
        case "deleted":
            del accounts.credentials["user"]
        case "restart":
            accounts.restart()
            assert accounts.by_password(b"user", b"passwd") == USER
    assert accounts.by_token(token) is None
    assert (accounts.by_token(other) is None) == (how == "restart")


def test_roles_are_those_of_the_moment_and_can_be_taken_away(accounts: Accounts) -> None:
    token = accounts.issue_token("admin")
    accounts.individual_roles["admin"] -= {"ROLE_ADMIN"}
    assert type(accounts.individual_roles["admin"]) is frozenset
    assert accounts.by_token(token) == User("admin", frozenset({"ROLE_USER"}))
    del accounts.individual_roles["admin"]
    assert accounts.user("admin").roles == frozenset()
    # A new role ends no token.
    accounts.individual_roles["admin"] = ["ROLE_ADMIN"]
    user = accounts.by_token(token)
    assert user is not None
    assert user.is_admin


def test_a_certificate_names_its_user_where_an_expression_is_given(accounts: Accounts) -> None:
    assert accounts.by_certificate("O=Somebody,CN=user") == USER
    assert accounts.by_certificate("CN=") is None
    assert Accounts(secure=True).by_certificate("CN=admin") is None


def test_on_an_unsecured_session_every_user_is_its_anonymous_administrator() -> None:
    assert Accounts(secure=False).user("admin") is ANONYMOUS
    assert ANONYMOUS.name == "anonymousUser"
    assert sorted(ANONYMOUS.roles) == ["ROLE_ADMIN", "ROLE_ANONYMOUS", "ROLE_USER"]


def test_realms_are_unique_unless_given() -> None:
    assert Accounts(secure=True).realm != Accounts(secure=True).realm
    assert Accounts(secure=True, realm="mine").realm == "mine"


def test_what_is_no_credential_or_role(accounts: Accounts) -> None:
    number: Any = 1
    with pytest.raises(TypeError, match="not int"):
        accounts.credentials["user"] = number
    with pytest.raises(TypeError, match="not one text"):
        accounts.individual_roles["user"] = "ROLE_ADMIN"
    with pytest.raises(TypeError, match="a collection of texts, not int"):
        accounts.individual_roles["user"] = number
    with pytest.raises(ValueError, match="surrogate") as caught:
        accounts.credentials["user"] = "\ud83e secret"
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
