"""Paths, methods, error bodies, the small endpoints, and what is never an answer."""

from __future__ import annotations

import json

import pytest

from connect_harness.protocols.routing import GatewayAddress


@pytest.mark.parametrize(
    ("base", "encoded"), [("/one/two", "/one/two"), ("spé cial/a%41/", "/sp%C3%A9%20cial/a%2541")]
)
def test_everything_is_served_below_the_base_path_alone(build, base: str, encoded: str) -> None:
    asker = build(base_path=base)
    assert asker.get(f"{encoded}/versions/rest").status == 200
    assert asker.get("/versions/rest").status == 404
    assert asker.get(f"{encoded}{encoded}/versions/rest").status == 404
    assert asker.get(f"{encoded}x/versions/rest").status == 404


@pytest.mark.parametrize(
    "target", ["/", "/versions/rest/", "//versions/rest", "/versions%2Frest", "/VERSIONS/rest"]
)
def test_another_path_is_not_found(asker, target: str) -> None:
    answer = asker.get(target)
    assert answer.status == 404
    assert answer.content_type == "application/json"
    assert json.loads(answer.body) == {"error": "Not Found", "path": target, "status": 404}


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


def test_there_are_no_cubes(asker) -> None:
    pivot_path = "/activeviam/pivot/rest/v9"
    assert json.loads(asker.get(f"{pivot_path}/cube/discovery").body) == {"catalogs": []}
    query = f"{pivot_path}/cube/query/mdx"
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


def test_other_ways_to_ask_for_the_same(asker) -> None:
    versions = asker.get("/versions/rest")
    assert asker.ask("HEAD", "/versions/rest") == versions
    assert asker.get("http://localhost:1/versions/rest?a=b") == versions
    assert asker.get("/%76ersions/rest") == versions
    assert asker.get("/versions/%FF").status == 400
