"""The gateway as the protocol's own client library uses it, over a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from connect_harness.protocols.py4j import Gateway
from connect_harness.state import Database

py4j = pytest.importorskip("py4j.java_gateway")
py4j_protocol = pytest.importorskip("py4j.protocol")


class Target:
    """A target session, as far as a gateway needs one."""

    def __init__(self) -> None:
        self.database = Database()
        self.ready = True


class Listener:
    """Serves a gateway on a port of its own, each connection in a thread of its own."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._closing = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            if self._closing:
                connection.close()
                return
            thread = threading.Thread(target=self._converse, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _converse(self, connection: socket.socket) -> None:
        conversation = self._gateway.conversation()
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                reply = conversation.line(line.decode().removesuffix("\n"))
                if reply is not None:
                    stream.write(f"{reply}\n".encode())
                    stream.flush()
                if conversation.closed:
                    return

    def close(self) -> None:
        self._closing = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()
        self._listening.close()


@contextmanager
def connected(port: int, token: str) -> Iterator[Any]:
    client = py4j.JavaGateway(
        gateway_parameters=py4j.GatewayParameters(port=port, auth_token=token, auto_convert=True)
    )
    try:
        yield client
    finally:
        client.close()


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def gateway(target: Target) -> Gateway:
    return Gateway(
        target,
        may_change=lambda user: user == "admin",
        read_file=lambda path: [],
        shut_down=lambda user: None,
    )


@pytest.fixture
def port(gateway: Gateway) -> Iterator[int]:
    listener = Listener(gateway)
    yield listener.port
    listener.close()


@pytest.fixture
def java(gateway: Gateway, port: int) -> Iterator[Any]:
    with connected(port, gateway.issue_token("admin")) as client:
        yield client


def test_collections_behave_as_the_library_expects(java: Any) -> None:
    numbers = java.jvm.java.util.ArrayList()
    numbers.append(1)
    numbers.append("two\n\\")
    assert list(numbers) == [1, "two\n\\"]
    assert len(numbers) == 2
    assert numbers[1] == "two\n\\"
    with pytest.raises(IndexError):
        numbers[2]

    prices = java.jvm.java.util.LinkedHashMap()
    prices["a"] = 1.5
    prices["b"] = None
    assert dict(prices) == {"a": 1.5, "b": None}
    assert "a" in prices
    assert "c" not in prices

    names = java.jvm.java.util.HashSet()
    names.add("x")
    assert set(names) == {"x"}


def test_python_collections_are_converted_on_the_way(java: Any) -> None:
    made = java.jvm.java.util.ArrayList([1, 2**40])
    assert list(made) == [1, 2**40]


def test_an_array_has_its_length_and_its_elements(java: Any) -> None:
    array = java.new_array(java.jvm.java.lang.String, 2)
    array[0] = "first"
    assert list(array) == ["first", None]
    with pytest.raises(IndexError):
        array[2]


def test_a_failing_method_raises_with_its_text(java: Any) -> None:
    with pytest.raises(py4j_protocol.Py4JJavaError, match="There is no table 'nope'"):
        java.entry_point.api().getStoreSize("nope", None)


def test_a_method_that_is_not_there_raises(java: Any) -> None:
    with pytest.raises(py4j_protocol.Py4JError, match=r"Method nope\(\[int\]\) does not exist"):
        java.entry_point.api().nope(1)


def test_constants_nested_classes_and_static_methods_resolve(java: Any) -> None:
    assert java.jvm.a.b.Condition.Operator.EQ.toString() == "EQ"
    assert java.jvm.java.time.LocalDate.of(2024, 2, 29).toString() == "java.time.LocalDate.of"


def test_readiness_is_the_target_s(java: Any, target: Target) -> None:
    api = java.entry_point.api()
    assert api.isReady() is True
    api.setReadiness(False)
    assert target.ready is False


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_raises(port: int, token: str) -> None:
    with connected(port, token) as client, pytest.raises(py4j_protocol.Py4JError):
        client.entry_point.api()


def test_a_user_who_may_not_change_is_refused(gateway: Gateway, port: int) -> None:
    with (
        connected(port, gateway.issue_token("user")) as client,
        pytest.raises(py4j_protocol.Py4JError, match="Access is denied: user"),
    ):
        client.entry_point.api()
