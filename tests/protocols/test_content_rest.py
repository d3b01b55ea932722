"""The individual roles of users by the content API, as the releases before 0.9.11 keep them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

FOLDER = "/atoti/security/individual_roles"


def path(file: str = "") -> str:
    """The target of a request for the file of a user, or for the folder."""
    whole = f"{FOLDER}/{file}.json" if file else FOLDER
    return f"/activeviam/content/rest/v8/files?path={quote(whole, safe='')}"


def content(entry: dict[str, Any]) -> list[str]:
    """The roles in a file."""
    assert entry["entry"]["isDirectory"] is False
    roles: list[str] = json.loads(entry["entry"]["content"])
    return roles


def write(*roles: str) -> dict[str, object]:
    """What the client sends."""
    readers = {"owners": ["ROLE_ADMIN"], "readers": ["ROLE_ADMIN"]}
    return {"content": json.dumps(roles), **readers, "overwrite": True, "recursive": True}


def test_roles_are_read_changed_and_removed(asker) -> None:
    roles = asker.application.target.accounts.individual_roles
    answer = asker.ask("PUT", path("é b"), write("ROLE_USER", "ROLE_PILOT"))
    assert (answer.status, answer.change) == (200, True)
    # An empty body is not said to be JSON.
    assert (answer.body, answer.content_type) == (b"", "")
    assert roles["é b"] == {"ROLE_USER", "ROLE_PILOT"}
    assert content(json.loads(asker.get(path("é b")).body)) == ["ROLE_PILOT", "ROLE_USER"]
    folder = json.loads(asker.get(path()).body)
    assert folder["entry"]["isDirectory"] is True
    assert {name: content(entry) for name, entry in folder["children"].items()} == {
        "admin.json": ["ROLE_ADMIN", "ROLE_USER"],
        "user.json": ["ROLE_USER"],
        "é b.json": ["ROLE_PILOT", "ROLE_USER"],
    }
    removed = asker.ask("DELETE", path("é b"))
    assert (removed.status, removed.body, removed.content_type) == (200, b"", "")
    assert "é b" not in roles
    for method in ("GET", "DELETE"):
        assert asker.ask(method, path("é b")).status == 404


def test_a_changed_role_counts_at_the_next_request(asker) -> None:
    asker.ask("PUT", path("user"), write("ROLE_PILOT"))
    assert asker.as_("user").get("/versions/rest").status == 403
    asker.ask("PUT", path("user"), write("ROLE_ADMIN"))
    assert asker.as_("user").get(path("user")).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_than_an_administrator_is_refused(asker, method: str) -> None:
    body = write("ROLE_ADMIN") if method == "PUT" else None
    answer = asker.as_("user").ask(method, path("user"), body)
    assert (answer.status, answer.change) == (403, method != "GET")
    assert asker.application.target.accounts.individual_roles["user"] == {"ROLE_USER"}


@pytest.mark.parametrize(
    ("target", "body", "status"),
    [
        (path("new"), {"content": "no JSON"}, 400),
        (path("new"), {"content": "{}"}, 400),
        (path("new"), {"content": "[1]"}, 400),
        (path("new"), {}, 400),
        ("/activeviam/content/rest/v8/files", write(), 400),
        (path(), write(), 404),
        ("/activeviam/content/rest/v8/files?path=/ui/settings.json", write(), 404),
        # Whatever the content: the operation is what is not served.
        ("/activeviam/content/rest/v8/files?path=/ui/settings.json", {"content": "{}"}, 404),
    ],
)
def test_what_is_no_file_of_roles(asker, target: str, body: Any, status: int) -> None:
    assert asker.ask("PUT", target, body).status == status
    assert "new" not in asker.application.target.accounts.individual_roles


def test_an_application_manages_its_users_itself(build) -> None:
    from connect_harness import releases

    asker = build(played=releases.release("0.9.6").in_java(exposed=True))
    for method, body in (("PUT", write()), ("DELETE", None)):
        assert asker.ask(method, path("user"), body).status == 403
    assert asker.application.target.accounts.individual_roles["user"] == {"ROLE_USER"}
