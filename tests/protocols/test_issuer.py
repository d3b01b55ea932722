"""The issuer of tokens: its metadata, whom it gives a token, and what it answers instead."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from connect_harness.certificates import default_authorities
from connect_harness.faults import Fault, Requests
from connect_harness.issuer import METADATA_PATHS, Issuer
from connect_harness.listening import TargetClosed
from connect_harness.server import AnswerGiven, HarnessError

FORM = {"grant_type": "password", "username": "zoë", "password": "p&ss wörd"}


def issuer(**special: Any) -> Issuer:
    return Issuer.start(
        {FORM["username"]: FORM["password"]},
        lambda username: f"token of {username}",
        authorities=default_authorities(),
        **special,
    )


@pytest.fixture
def started() -> Iterator[Issuer]:
    with issuer(path="/realms/one") as running:
        yield running


def asked(
    url: str, form: dict[str, str] | None = None, method: str | None = None, **headers: str
) -> tuple[int, bytes]:
    context = ssl.create_default_context(
        cadata=default_authorities().authority("authority").certificate_pem.decode()
    )
    body = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, context=context) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


def basic(client_id: str, client_secret: str) -> str:
    return f"Basic {base64.b64encode(f'{client_id}:{client_secret}'.encode()).decode()}"


def token(asked_of: Issuer, form: dict[str, str], authorization: str | None = None) -> Any:
    given = authorization or basic(asked_of.client_id, asked_of.client_secret)
    status, body = asked(f"{asked_of.url}/token", form, Authorization=given)
    return status, json.loads(body)


def origin(of: Issuer) -> str:
    return f"https://localhost:{of.port}"


def test_its_metadata_name_it_and_where_it_issues_tokens(started: Issuer) -> None:
    places = [f"{started.url}{path}" for path in METADATA_PATHS]
    places.append(f"{origin(started)}{METADATA_PATHS[1]}/realms/one")
    for place in places:
        status, body = asked(place)
        assert status == 200
        metadata = json.loads(body)
        assert metadata["issuer"] == started.url
        assert metadata["token_endpoint"] == f"{started.url}/token"
    assert asked(f"{origin(started)}{METADATA_PATHS[0]}")[0] == 404


def test_head_is_answered_as_get_is(started: Issuer) -> None:
    assert asked(f"{started.url}{METADATA_PATHS[0]}", method="HEAD") == (200, b"")


def test_it_gives_a_token_for_a_password(started: Issuer) -> None:
    status, answer = token(started, {**FORM, "scope": "openid"})
    assert (status, answer["access_token"], answer["token_type"]) == (200, "token of zoë", "Bearer")
    assert answer["scope"] == "openid"
    assert started.issued == ["token of zoë"]
    assert [event.user for event in started.journal.of(AnswerGiven)] == ["zoë"]


def test_its_client_may_authenticate_in_the_form(started: Issuer) -> None:
    client = {"client_id": started.client_id, "client_secret": started.client_secret}
    assert asked(f"{started.url}/token", {**FORM, **client})[0] == 200


NO_CLIENT = (401, "invalid_client")


@pytest.mark.parametrize(
    ("changed", "authorization", "answer"),
    [
        ({"password": "wrong"}, None, (400, "invalid_grant")),
        ({"username": "nobody"}, None, (400, "invalid_grant")),
        ({"grant_type": "client_credentials"}, None, (400, "unsupported_grant_type")),
        # RFC 6749 5.2, and 3.2: a parameter without a value is left out.
        ({"grant_type": None}, None, (400, "invalid_request")),
        ({"grant_type": ""}, None, (400, "invalid_request")),
        ({"password": None}, None, (400, "invalid_request")),
        *(({}, given, NO_CLIENT) for given in ("Basic !", "Bearer x", basic("connect", "wrong"))),
    ],
)
def test_whom_it_refuses(
    started: Issuer, changed: dict[str, Any], authorization: str | None, answer: tuple[int, str]
) -> None:
    form = {name: value for name, value in {**FORM, **changed}.items() if value is not None}
    status, error = answer
    assert token(started, form, authorization) == (status, {"error": error})
    assert started.issued == []


def test_what_it_answers_instead() -> None:
    with issuer(answers="no access token") as without:
        assert "access_token" not in token(without, FORM)[1]
    with issuer(answers="a login page") as page:
        given = basic(page.client_id, page.client_secret)
        assert b"<form" in asked(f"{page.url}/token", FORM, Authorization=given)[1]
    with issuer(answers="no token endpoint") as nowhere:
        assert "token_endpoint" not in json.loads(asked(f"{nowhere.url}{METADATA_PATHS[0]}")[1])
    with issuer(answers="another issuer") as another:
        assert json.loads(asked(f"{another.url}{METADATA_PATHS[0]}")[1])["issuer"] != another.url


def test_a_fault_meets_what_it_is_armed_for(started: Issuer) -> None:
    armed = started.arm(Fault("status 503", Requests("POST", times=1)))
    assert asked(f"{started.url}{METADATA_PATHS[0]}")[0] == 200
    assert [token(started, FORM)[0] for _ in range(2)] == [503, 200]
    assert armed.met == 2


@pytest.mark.parametrize(
    ("fault", "on", "said"),
    [
        ("stalled before the answer", Requests(gateway=True), "commands of the gateway"),
        ("status 503", Requests(changes=True), "requests that change data"),
        ("versions empty", None, "the versions document"),
    ],
)
def test_it_has_no_place_for_a_fault_of_a_target(
    started: Issuer, fault: str, on: Requests | None, said: str
) -> None:
    with pytest.raises(ValueError, match=f"An issuer has none of {said}: arm it on a target."):
        started.arm(fault, on=on)
    assert fault not in str(started.journal)


@pytest.mark.parametrize("fault", ["status 503", Fault("status 503")], ids=["name", "value"])
def test_a_fault_that_names_no_request_meets_any(started: Issuer, fault: str | Fault) -> None:
    with started.arm(fault):
        assert token(started, FORM)[0] == 503
    assert token(started, FORM)[0] == 200
    assert "has the fault 'status 503' armed on any request" in str(started.journal)


def test_it_says_whom_to_trust_and_has_no_other_attribute(started: Issuer) -> None:
    assert started.certificate_authority_pem.startswith(b"-----BEGIN CERTIFICATE-----")
    with pytest.raises(AttributeError, match="There is no attribute of Issuer 'client_secert'"):
        started.client_secert = "x"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["one", "/one/", "//one", "/"])
def test_a_path_that_is_none(path: str) -> None:
    with pytest.raises(ValueError, match="give it one like"):
        issuer(path=path)


@pytest.mark.parametrize("path", ["/a b", "/a?b=1", "/a#b", "/é", "/a\r\nb"])
def test_its_url_has_the_path_encoded(path: str) -> None:
    with issuer(path=path) as running:
        status, body = asked(f"{running.url}{METADATA_PATHS[0]}")
        assert status == 200
        assert json.loads(body)["issuer"] == running.url
        assert running.url == f"{origin(running)}{urllib.parse.quote(path)}"
        assert token(running, FORM)[0] == 200


def _refuses(username: str) -> str:
    raise RuntimeError(f"no token for {username}")


@pytest.mark.parametrize(
    ("issue", "said"),
    [
        (_refuses, "RuntimeError: no token for zoë"),
        (lambda _: 5, "TypeError: A callable gives a token as a text, not int."),
    ],
    ids=["raises", "no text"],
)
def test_a_mistake_of_its_callable_is_its_givers(issue: Any, said: str) -> None:
    with Issuer.start({FORM["username"]: FORM["password"]}, issue) as running:
        context = ssl.create_default_context(cadata=running.certificate_authority_pem.decode())
        given = basic(running.client_id, running.client_secret)
        body = urllib.parse.urlencode(FORM).encode()
        request = urllib.request.Request(f"{running.url}/token", body, {"Authorization": given})
        with pytest.raises(urllib.error.HTTPError, match="500") as refused:
            urllib.request.urlopen(request, context=context)
        refused.value.close()
        (mistake,) = running.journal.of(HarnessError)
        assert mistake.fault == "a callable that the owner registered"
        assert mistake.text.rstrip().endswith(said)
        assert "issuer.py" not in mistake.text.replace(__file__, "")
        assert running.issued == []


def test_its_repr_shows_no_secret(started: Issuer) -> None:
    assert started.client_secret not in repr(started)


def test_a_closed_issuer_says_so(started: Issuer) -> None:
    started.close()
    assert repr(started) == "<issuer 'issuer', closed>"
    with pytest.raises(TargetClosed, match="'issuer' is closed: take its url before"):
        _ = started.url
    with pytest.raises(TargetClosed, match="'issuer' is closed: arm faults before"):
        started.arm(Fault("status 503"))
