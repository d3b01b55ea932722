"""Users: passwords, roles, tokens, certificates, and that no secret is ever shown."""

from __future__ import annotations

from typing import Any

import pytest

from connect_harness.state import ANONYMOUS, REDACTED, Accounts, User

SECRET = "sésame, ouvre-toi"


@pytest.fixture
def accounts() -> Accounts:
    accounts = Accounts(secure=True, username_regex="CN=(.*?)(?:,|$)")
    accounts.credentials.update({"admin": SECRET, "user": "passwd"})
    accounts.individual_roles.update({"admin": {"ROLE_USER", "ROLE_ADMIN"}, "user": {"ROLE_USER"}})
    return accounts


def test_passwords_read_back_redacted(accounts: Accounts) -> None:
    assert dict(accounts.credentials) == {"admin": REDACTED, "user": REDACTED}
    assert REDACTED == "**REDACTED**"
    assert len(accounts.credentials) == 2
    assert "nobody" not in accounts.credentials


def test_nothing_shows_a_secret(accounts: Accounts) -> None:
    token = accounts.issue_token("admin")
    shown = f"{accounts!r} {accounts.credentials!r} {accounts.individual_roles!r}"
    assert SECRET not in shown
    assert token not in shown


def test_a_user_is_known_by_the_bytes_of_the_password(accounts: Accounts) -> None:
    roles = frozenset({"ROLE_USER", "ROLE_ADMIN"})
    assert accounts.by_password(b"admin", SECRET.encode()) == User("admin", roles)
    assert accounts.by_password(b"admin", SECRET.encode("latin-1")) is None
    assert accounts.by_password(b"admin", b"") is None
    assert accounts.by_password(b"nobody", b"") is None
    assert accounts.by_password(b"\xff", b"passwd") is None


def test_an_empty_password_and_a_user_beyond_ascii(accounts: Accounts) -> None:
    accounts.credentials["zoé"] = ""
    assert accounts.by_password("zoé".encode(), b"") == User("zoé")


def test_taking_a_password_away_ends_it(accounts: Accounts) -> None:
    del accounts.credentials["admin"]
    assert accounts.by_password(b"admin", SECRET.encode()) is None
    with pytest.raises(KeyError):
        del accounts.credentials["admin"]
    with pytest.raises(KeyError):
        accounts.credentials["admin"]


def test_a_token_is_of_its_user(accounts: Accounts) -> None:
    token = accounts.issue_token("user")
    assert accounts.by_token(token) == accounts.user("user")
    assert accounts.by_token(token[:-1]) is None
    assert accounts.issue_token("user") != token


@pytest.mark.parametrize("how", ["set", "set again", "deleted", "restart"])
def test_what_ends_the_tokens_of_a_user(accounts: Accounts, how: str) -> None:
    token, other = accounts.issue_token("user"), accounts.issue_token("admin")
    match how:
        case "set":
            accounts.credentials["user"] = "another"
        case "set again":
            accounts.credentials["user"] = "passwd"
        case "deleted":
            del accounts.credentials["user"]
        case "restart":
            accounts.restart()
    assert accounts.by_token(token) is None
    assert (accounts.by_token(other) is None) == (how == "restart")


def test_a_restart_keeps_users_and_roles(accounts: Accounts) -> None:
    accounts.restart()
    assert accounts.by_password(b"user", b"passwd") == User("user", frozenset({"ROLE_USER"}))


def test_roles_read_back_as_a_frozenset_and_can_be_taken_away(accounts: Accounts) -> None:
    accounts.individual_roles["admin"] -= {"ROLE_ADMIN"}
    assert accounts.individual_roles["admin"] == frozenset({"ROLE_USER"})
    assert type(accounts.individual_roles["admin"]) is frozenset
    assert not accounts.user("admin").is_admin
    del accounts.individual_roles["admin"]
    assert accounts.user("admin").roles == frozenset()


def test_roles_count_at_the_moment_of_asking(accounts: Accounts) -> None:
    token = accounts.issue_token("user")
    accounts.individual_roles["user"] = ["ROLE_ADMIN"]
    user = accounts.by_token(token)
    assert user is not None
    assert user.is_admin


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("CN=admin", "admin"),
        ("CN=admin,O=Somebody", "admin"),
        ("O=Somebody,CN=user", "user"),
        ("O=Somebody", None),
        ("CN=", None),
    ],
)
def test_a_certificate_names_its_user(accounts: Accounts, subject: str, name: str | None) -> None:
    user = accounts.by_certificate(subject)
    assert (user.name if user else None) == name


def test_without_a_regular_expression_nobody_is_known_by_a_certificate() -> None:
    assert Accounts(secure=True).by_certificate("CN=admin") is None


def test_on_an_unsecured_session_everybody_is_its_anonymous_administrator() -> None:
    accounts = Accounts(secure=False)
    assert accounts.user("whoever") is ANONYMOUS
    assert ANONYMOUS.name == "anonymousUser"
    assert sorted(ANONYMOUS.roles) == ["ROLE_ADMIN", "ROLE_ANONYMOUS", "ROLE_USER"]


def test_who_may_change_a_session(accounts: Accounts) -> None:
    assert accounts.may_change("admin")
    assert not accounts.may_change("user")
    assert not accounts.may_change("nobody")
    assert not Accounts(secure=False).may_change("anonymousUser")


def test_realms_are_unique_unless_given() -> None:
    assert Accounts(secure=True).realm != Accounts(secure=True).realm
    assert Accounts(secure=True, realm="mine").realm == "mine"
    for wrong in ("é", "a\r\nb"):
        with pytest.raises(ValueError, match="printable ASCII"):
            Accounts(secure=True, realm=wrong)


def test_what_is_no_credential_or_role(accounts: Accounts) -> None:
    number: Any = 1
    with pytest.raises(TypeError, match="not int"):
        accounts.credentials["user"] = number
    with pytest.raises(TypeError, match="not one text"):
        accounts.individual_roles["user"] = "ROLE_ADMIN"
    with pytest.raises(ValueError, match="surrogate") as caught:
        accounts.credentials["user"] = "\ud83e secret"
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
