"""Who is known, by what, and what is said to those who are not let in."""

from __future__ import annotations

import base64
import json

import pytest

VERSIONS = "/versions/rest"


@pytest.mark.parametrize("base_path", ["", "/pre"])
def test_without_credentials_the_scheme_and_the_quoted_realm_are_given(build, base_path) -> None:
    """Also where nothing is served: only users may know that."""
    asker = build(base_path=base_path)
    asker.application.target.accounts.realm = 'a "quoted" \\ realm'
    answer = asker.as_(None).get(VERSIONS)
    assert (answer.status, answer.reason, answer.user) == (401, "", None)
    realm = r'Basic realm="a \"quoted\" \\ realm", charset="UTF-8"'
    assert ("WWW-Authenticate", realm) in answer.headers
    assert json.loads(answer.body) == {"error": "Unauthorized", "path": VERSIONS, "status": 401}


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Basic " + base64.b64encode(b"admin:passwd").decode(), 200),
        ("bASIC   " + base64.b64encode(b"admin:passwd").decode() + " ", 200),
        ("Basic " + base64.b64encode(b"admin:Passwd").decode(), 401),
        ("Basic " + base64.b64encode(b"nemo:passwd").decode(), 401),
        ("Basic " + base64.b64encode(b"admin").decode(), 401),
        ("Basic YWRtaW46cGFzc3dk!", 401),
        ("Basic", 401),
        ("Digest username=admin", 401),
        ("Bearer nonsense", 401),
        ("Bearer \xe9", 401),
        ("", 401),
    ],
)
def test_the_authorization_header(asker, authorization: str, status: int) -> None:
    assert asker.with_header(authorization).get(VERSIONS).status == status


def test_a_token_is_handed_out_and_handed_back(asker) -> None:
    path = "/activeviam/jwt/rest/v3/token"
    token = json.loads(asker.as_("user").get(path).body)["token"]
    bearer = asker.with_header(f"bearer {token}")
    assert bearer.get(VERSIONS).user == "user"
    assert json.loads(bearer.get(path).body) == {"token": token}
    del asker.application.target.accounts.credentials["user"]
    assert bearer.get(VERSIONS).status == 401


def test_a_client_certificate_comes_first(asker) -> None:
    stranger = asker.as_(None)
    assert stranger.ask("GET", VERSIONS, certificate="CN=user").user == "user"
    assert asker.ask("GET", VERSIONS, certificate="CN=user").user == "user"
    assert asker.ask("GET", VERSIONS, certificate="O=nameless").user == "admin"
    assert stranger.ask("GET", VERSIONS, certificate="O=nameless").status == 401


def test_a_target_that_is_not_ready(asker) -> None:
    asker.application.target.ready = False
    assert asker.as_("user").get(VERSIONS).status == 503
    assert asker.get(VERSIONS).status == 200
    asker.application.target.ready = True
    assert asker.as_("user").get(VERSIONS).status == 200


def test_an_unsecured_target_looks_at_nothing(build) -> None:
    for authorization in ("Basic nonsense", "Bearer nonsense"):
        answer = build(secure=False, ready=False).with_header(authorization).get(VERSIONS)
        assert (answer.status, answer.user) == (200, "anonymousUser")


def test_a_user_without_a_role_until_the_next_request(asker) -> None:
    stranger, roles = asker.as_("nobody"), asker.application.target.accounts.individual_roles
    answer = asker.as_(None).ask("GET", VERSIONS, certificate="CN=stranger")
    assert (answer.status, answer.user) == (403, "stranger")
    answer = stranger.get(VERSIONS)
    assert (answer.status, answer.user) == (403, "nobody")
    assert json.loads(answer.body)["error"] == "Forbidden"
    for granted in ({"ROLE_USER"}, {"ROLE_ADMIN"}):
        roles["nobody"] = granted
        assert stranger.get(VERSIONS).status == 200
