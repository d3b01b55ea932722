"""Who is known, by what, and what is said to others; who may go through which door."""

from __future__ import annotations

import base64
import json

import pytest

from connect_harness import releases

READING = {
    "versions": ("GET", "/versions/rest", None),
    "ping": ("GET", "/activeviam/pivot/rest/v9/ping", None),
    "token": ("GET", "/activeviam/jwt/rest/v3/token", None),
    "discovery": ("GET", "/activeviam/database/rest/v10/discovery", None),
    "rows": ("GET", "/activeviam/database/rest/v10/data/tables/Example", None),
    "rows below pivot": ("POST", "/activeviam/pivot/rest/v9/database/data/tables/Example", {}),
    "query": ("POST", "/graphql", {"query": "{ dataModel { tables { name } } }"}),
}
LINES = {"actions": [{"baseTable": "Example", "lines": [["foo"]]}]}
MASTER = "data/branches/master"
MUTATIONS = {
    "table": 'createInMemoryTable(input: {tableName: "New", columns: ['
    '{columnName: "a", dataType: INT}]})',
    "password": "createBasicAuthenticationCredentials("
    'input: {username: "admin", password: "stolen"})',
    "roles": "createIndividualRolesItem("
    'input: {username: "user", individualRoles: ["ROLE_ADMIN"]})',
    "readiness": "updateReadiness(input: {readiness: UNREADY})",
}
CHANGING = {
    "lines": (f"/activeviam/database/rest/v10/{MASTER}", LINES, 403),
    "lines below pivot": (f"/activeviam/pivot/rest/v9/database/{MASTER}", LINES, 403),
    "lines of a table that is not there": (
        f"/activeviam/database/rest/v10/{MASTER}",
        {"actions": [{"baseTable": "Nope", "lines": []}]},
        403,
    ),
    **{
        name: ("/graphql", {"query": f"mutation {{ {call} {{ __typename }} }}"}, 400)
        for name, call in MUTATIONS.items()
    },
}
KNOWN_STATUS = {None: 401, "wrong": 401, "nobody": 403}


def of(build, who: str | None, **options):
    secure = who != "anonymous"
    return build(secure=secure, **options).as_(None if who == "anonymous" else who)


def state_of(application) -> object:
    target = application.target
    return (
        {name: table.rows for name, table in target.database.tables.items()},
        target.ready,
        dict(target.accounts.individual_roles),
        target.accounts.by_password(b"admin", b"passwd"),
    )


@pytest.mark.parametrize("door", READING)
@pytest.mark.parametrize("who", [None, "wrong", "nobody", "user", "admin", "anonymous"])
def test_any_user_may_look(build, who: str | None, door: str) -> None:
    method, path, body = READING[door]
    answer = of(build, who).ask(method, path, body)
    assert answer.status == KNOWN_STATUS.get(who, 200)
    assert not answer.change


@pytest.mark.parametrize("door", CHANGING)
@pytest.mark.parametrize("enforces_roles", [True, False])
@pytest.mark.parametrize("who", [None, "wrong", "nobody", "user", "admin", "anonymous"])
def test_administrators_of_secured_targets_may_change(
    build, who: str | None, enforces_roles: bool, door: str
) -> None:
    path, body, refusal = CHANGING[door]
    asker = of(build, who, enforces_roles=enforces_roles)
    before = state_of(asker.application)
    answer = asker.post(path, body)
    allowed = who == "admin" or (not enforces_roles and who in ("user", "anonymous"))
    if allowed:
        assert answer.status == (404 if "not there" in door else 200)
        assert (state_of(asker.application) == before) == ("not there" in door)
    else:
        assert answer.status == KNOWN_STATUS.get(who, refusal)
        assert answer.status != 400 or b"may not change" in answer.body
        assert state_of(asker.application) == before
    if who in ("user", "admin", "anonymous"):
        assert answer.change
    if who == "admin" and door == "lines":
        # The right is asked for each time.
        asker.application.target.accounts.individual_roles["admin"] -= {"ROLE_ADMIN"}
        assert asker.post(path, body).status == (403 if enforces_roles else 200)


def test_a_query_beside_a_mutation_is_still_a_query(build) -> None:
    query = """query Q { readiness }
      mutation M { updateReadiness(input: {readiness: UNREADY}) { __typename } }"""
    asker = of(build, "user")
    assert asker.post("/graphql", {"query": query, "operationName": "Q"}).status == 200
    assert asker.post("/graphql", {"query": query, "operationName": "M"}).status == 400
    assert b"which operation" in asker.post("/graphql", {"query": query}).body
    assert asker.application.target.ready


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


SECURITY = {name: CHANGING[name] for name in ("password", "roles")}


@pytest.mark.parametrize("door", CHANGING)
def test_an_application_in_java_manages_its_users_itself(build, door: str) -> None:
    path, body, _ = CHANGING[door]
    asker = build(played=releases.release("6.2.2").in_java(exposed=True))
    before = state_of(asker.application)
    answer = asker.post(path, body)
    if door in SECURITY:
        assert answer.status == 400
        assert b"managed by its application" in answer.body
        assert state_of(asker.application) == before
    else:
        assert answer.status == (404 if "not there" in door else 200)


@pytest.mark.parametrize("door", CHANGING)
def test_nobody_changes_what_does_not_expose_itself(build, door: str) -> None:
    path, body, refusal = CHANGING[door]
    closed = releases.release("6.2.2").in_java(exposed=False)
    assert build(played=closed).post(path, body).status == refusal
    assert build(played=closed).get("/atoti/rest/v1/py4j/configuration").status == 404
    if door not in SECURITY:
        assert build(played=closed, enforces_roles=False).post(path, body).status in (200, 404)
