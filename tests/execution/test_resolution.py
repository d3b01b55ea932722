"""Names of a case lead to loopback for the time of the case, and no longer."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import connect, unsecure
from connect_contracts.execution.environment.loopback import has_ipv6, redirected
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.host_names import address_of, is_redirected, same_host
from connect_contracts.model.scenario import Scenario, Together

REFERENCE = "connect_contracts.reference.v0_9_1"
REAL = socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex


def real() -> bool:
    return (socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex) == REAL


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("localhost", False),
        ("127.0.0.1", False),
        ("127.1", False),
        ("0x7f.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("", False),
        ("localhost.", True),
        ("127.0.0.1.example.test", True),
        ("bücher.test", True),
        ("192.0.2.1", True),
    ],
)
def test_which_names_are_redirected(host: str, wanted: bool) -> None:
    assert is_redirected(host) is wanted


def test_an_address_is_no_name() -> None:
    assert str(address_of("127.1")) == "127.0.0.1"
    assert address_of("127.0.0.1 and more") is None
    assert address_of("bücher") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.example.test", b"a.example.test", True),
        ("bücher.test", "xn--bcher-kva.test", True),
        ("bücher.test", "BU\u0308CHER.test", True),
        ("bücher\u3002test", "bücher.test", True),
        ("straße.test", "xn--strae-oqa.test", True),
        ("straße.test", "strasse.test", True),
        ("a.example.test", "b.example.test", False),
        ("example.test", "a.example.test", False),
        ("xn--\u00fc.test", "xn--a.test", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str | bytes, same: bool) -> None:
    assert same_host(one, other) is same
    assert same_host(other, one) is same


@pytest.mark.parametrize(
    "asked",
    [
        "a.example.test",
        "A.EXAMPLE.TEST",
        b"a.example.test",
        "a.example.test.",
        bytearray(b"a.example.test"),
    ],
)
def test_a_name_leads_to_loopback_and_is_noted_as_it_was_asked(asked: Any) -> None:
    with redirected(["a.example.test"]) as resolution:
        found = socket.getaddrinfo(asked, 80, type=socket.SOCK_STREAM)
        assert socket.gethostbyname(asked) == "127.0.0.1"
        assert socket.gethostbyname_ex(asked)[2] == ["127.0.0.1"]
    addresses = ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]
    assert [address[4][:2] for address in found] == [(address, 80) for address in addresses]
    text = asked if isinstance(asked, str) else bytes(asked).decode()
    assert resolution.asked == (text, text, text)
    assert real()


def test_the_family_is_the_callers_to_choose_and_the_canonical_name_is_asked_for() -> None:
    with redirected(["a.example.test"]):
        first, *_ = socket.getaddrinfo("a.example.test", 80, flags=socket.AI_CANONNAME)
        assert first[3] == "a.example.test"
        four = socket.getaddrinfo("a.example.test", 80, socket.AF_INET, socket.SOCK_STREAM)
        assert [address[4][0] for address in four] == ["127.0.0.1"]
        if has_ipv6():
            six = socket.getaddrinfo("a.example.test", 80, socket.AF_INET6, socket.SOCK_STREAM)
            assert [address[4][0] for address in six] == ["::1"]
        else:
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo("a.example.test", 80, socket.AF_INET6)


def test_every_other_name_goes_to_the_real_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, lambda host, *_, **__: asked.append(host))
    standing = socket.getaddrinfo
    with redirected(["a.example.test"]) as resolution:
        socket.getaddrinfo("b.example.test", 80)
        socket.getaddrinfo(None, 80)
        socket.gethostbyname("b.example.test")
        socket.gethostbyname_ex("b.example.test")
    assert asked == ["b.example.test", None, "b.example.test", "b.example.test"]
    assert resolution.asked == ()
    assert socket.getaddrinfo is standing


def test_a_function_that_was_taken_out_of_its_module_is_redirected_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early, late = ModuleType("took_it_early"), ModuleType("took_it_late")
    vars(early)["resolve"] = socket.getaddrinfo
    monkeypatch.setitem(sys.modules, "took_it_early", early)
    with suppress(KeyError), redirected(["a.example.test"]) as resolution:
        monkeypatch.setitem(sys.modules, "took_it_late", late)
        vars(late)["resolve"] = kept = socket.getaddrinfo
        vars(early)["resolve"]("a.example.test", 80)
        raise KeyError
    assert resolution.asked == ("a.example.test",)
    assert vars(early)["resolve"] is vars(late)["resolve"] is socket.getaddrinfo
    assert real()
    # The function that was kept elsewhere does as the real one.
    assert kept("127.0.0.1", 80, 0, socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 80)
    assert resolution.asked == ("a.example.test",)


def test_without_names_nothing_is_replaced() -> None:
    with redirected([]) as resolution:
        assert real()
    assert resolution.asked == ()


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_bare_socket_is_redirected_too(method: str) -> None:
    before = {name: vars(socket.socket).get(name) for name in ("connect", "connect_ex")}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with redirected(["a.example.test"]) as resolution, socket.socket() as plain:
            assert not getattr(plain, method)(("a.example.test", port))
            assert plain.getpeername() == ("127.0.0.1", port)
            assert resolution.asked == ("a.example.test",)
    assert {name: vars(socket.socket).get(name) for name in before} == before


def to(*hosts: str, **more: Any) -> Scenario:
    return Scenario((unsecure(),), tuple(connect(host=host) for host in hosts), **more)


def test_names_of_steps_that_are_taken_together() -> None:
    hosts = ("a.example.test", "bücher.test")
    branches = tuple((connect(host=host, session=host),) for host in hosts)
    scenario = msgspec.structs.replace(to(), steps=(Together(branches),))
    seen = run(scenario, load(REFERENCE), Profile.V0_9_1)
    assert {result.how for result in seen.results} == {"returned"}
    for host in hosts:
        assert any(same_host(host, resolved) for resolved in seen.resolved)
    assert real()


def test_names_that_everybody_knows_are_not_redirected() -> None:
    looked: list[bool] = []
    seen = run(
        to("localhost", "127.0.0.1"),
        Implementation(lambda url, **_: looked.append(real())),
        Profile.V0_9_1,
    )
    assert looked == [True, True]
    assert seen.resolved == ()


def test_an_implementation_that_resolves_names_itself_is_not_judged() -> None:
    own = Implementation(lambda url, **_: None)
    own.own_resolver = True
    seen = run(to("a.example.test"), own, Profile.V0_9_1)
    assert seen.not_applicable == "the implementation resolves names itself"
    assert seen.results == ()
    assert run(to("localhost"), own, Profile.V0_9_1).not_applicable is None


def test_a_fresh_process_redirects_the_names_too(module: Callable[[str], str]) -> None:
    name = module(
        "from socket import gethostbyname\n\n"
        "def connect(url, **_):\n"
        "    gethostbyname('A.example.test.')\n"
        "    gethostbyname('c.example.test')\n"
    )
    seen = run(
        to("a.example.test", "c.example.test", isolation="process"), load(name), Profile.V0_9_1
    )
    assert [result.how for result in seen.results] == ["returned", "returned"]
    assert seen.resolved == ("A.example.test.", "c.example.test") * 2
