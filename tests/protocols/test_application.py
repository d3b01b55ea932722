"""Paths, methods, error bodies, the small endpoints, and what is never an answer."""

from __future__ import annotations

import json

import pytest

from connect_harness.protocols.routing import GatewayAddress
from connect_harness.releases import RELEASES, UnknownRelease


@pytest.mark.parametrize("release", RELEASES)
def test_every_listed_path_is_served(build, release: str) -> None:
    asker = build(release=release)
    document = json.loads(asker.get("/versions/rest").body)
    assert set(document) == {"version", "serverVersion", "apis"}
    assert document["serverVersion"] == RELEASES[release].server_version
    for api, known in document["apis"].items():
        for version in known["versions"]:
            assert set(version) == {"id", "restPath", "wsPath"}
            assert version["restPath"].startswith("/")
            if api == "activeviam/pivot":
                ping = asker.get(f"{version['restPath']}/ping")
                assert (ping.body, ping.content_type) == (b"pong", "text/plain")


def test_a_version_that_the_release_does_not_list_is_not_served(build) -> None:
    path = "/activeviam/pivot/rest/v10/ping"
    assert build(release="0.9.7").get(path).status == 404
    assert build(release="0.9.8").get(path).status == 200


def test_the_default_release_is_that_of_the_page(asker) -> None:
    assert json.loads(asker.get("/versions/rest").body)["serverVersion"] == "6.1.1"


def test_an_unknown_release(build) -> None:
    with pytest.raises(UnknownRelease, match=r"'0\.9\.99' \(the nearest is 0\.9\.16\); there"):
        build(release="0.9.99")


@pytest.mark.parametrize("base", ["/pre", "/one/two", "/spé cial", "pre/", "/a%41"])
def test_everything_is_served_below_the_base_path_alone(build, base: str) -> None:
    asker = build(base_path=base)
    encoded = {
        "/spé cial": "/sp%C3%A9%20cial",
        "pre/": "/pre",
        "/a%41": "/a%2541",
    }.get(base, base)
    assert asker.get(f"{encoded}/versions/rest").status == 200
    assert asker.get("/versions/rest").status == 404
    assert asker.get(f"{encoded}{encoded}/versions/rest").status == 404
    assert asker.get(f"{encoded}x/versions/rest").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "",
        "*",
        "/versions",
        "/versions/rest/",
        "//versions/rest",
        "/versions%2Frest",
        "/VERSIONS/rest",
    ],
)
def test_another_path_is_not_found(asker, target: str) -> None:
    answer = asker.get(target)
    assert answer.status == 404
    assert answer.content_type == "application/json"
    assert json.loads(answer.body) == {"error": "Not Found", "path": target, "status": 404}


def test_a_request_target_in_absolute_form(asker) -> None:
    assert asker.get("http://localhost:1/versions/rest?a=b").status == 200


def test_a_percent_encoded_path_is_the_same_path(asker) -> None:
    assert asker.get("/%76ersions/rest").status == 200
    assert asker.get("/versions/%FF").status == 400


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("POST", "/versions/rest", "GET"),
        ("GET", "/graphql", "POST"),
        ("DELETE", "/activeviam/database/rest/v10/data/tables/Example", "GET, POST"),
    ],
)
def test_another_method_is_not_allowed(asker, method: str, target: str, allowed: str) -> None:
    answer = asker.ask(method, target)
    assert answer.status == 405
    assert ("Allow", allowed) in answer.headers
    assert json.loads(answer.body)["status"] == 405


def test_head_is_answered_as_get(asker) -> None:
    assert asker.ask("HEAD", "/versions/rest") == asker.get("/versions/rest")


def test_there_are_no_cubes(asker) -> None:
    pivot_path = "/activeviam/pivot/rest/v9"
    assert json.loads(asker.get(f"{pivot_path}/cube/discovery").body) == {"catalogs": []}
    query = f"{pivot_path}/cube/query/mdx"
    assert b"no cube" in asker.post(query, {"mdx": "SELECT FROM [Cube]"}).body
    for body in ({"mdx": "SELECT FROM [Cube]"}, {}, [], b"no JSON"):
        assert asker.post(query, body).status == 400


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_who_is_shown_the_gateway(build, version: str) -> None:
    path = f"/atoti/rest/{version}/py4j/configuration"
    asked: list[str] = []

    def gateway(username: str) -> GatewayAddress:
        asked.append(username)
        return GatewayAddress(12345, f"token of {username}")

    for enforces in (True, False):
        asker = build(gateway=gateway, enforces_roles=enforces)
        assert asker.as_(None).get(path).status == 401
        assert asker.as_("user").get(path).status == 403
    assert asked == []
    answer = asker.get(path)
    assert json.loads(answer.body) == {
        "distributed": False,
        "port": 12345,
        "token": "token of admin",
    }
    assert asked == ["admin"]
    assert build(secure=False, gateway=gateway).get(path).status == 404
    assert build().get(path).status == 404
    assert build().as_("user").get(path).status == 403
    assert "token" not in repr(GatewayAddress(1, "secret token"))


def test_a_mistake_of_ours_is_no_answer(asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def gateway(_: str) -> GatewayAddress:
        raise ZeroDivisionError

    asker.application.target.gateway = gateway
    with pytest.raises(ZeroDivisionError):
        asker.get("/atoti/rest/v0/py4j/configuration")
