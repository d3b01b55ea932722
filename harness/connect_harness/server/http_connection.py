"""A connection to a target's HTTP port: handshake, then requests and answers in turn."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from connect_harness.exchange import Answer, Request
from connect_harness.server.causes import Ending
from connect_harness.server.connection import Endpoint
from connect_harness.server.events import AnswerGiven, RequestReceived, Service
from connect_harness.server.handshaking import HandshakingConnection
from connect_harness.server.http import Arrived, BadRequestError, HttpConversation, plain_answer
from connect_harness.server.misbehaviour import Phase

Application = Callable[[Request], Answer]
"""Answers requests; called by many threads at once."""

_REFUSED = {
    400: "This is no HTTP request.",
    413: "The body is longer than this target takes.",
    431: "The head is longer than this target takes.",
}
_FAILED = Answer(500, b"The fake target failed; its journal says why.", "text/plain")


class HttpConnection(HandshakingConnection):
    """A connection of an HTTP client.

    Parameters:
        endpoint: Where it came to.
        connected: Its socket.
        client: Address and port of the client.
        application: Who answers.
        tls: The context of the target; ``None`` for plain HTTP.
    """

    service: ClassVar[Service] = "http"

    def __init__(
        self,
        endpoint: Endpoint,
        connected: socket.socket,
        client: tuple[str, int],
        application: Application,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(endpoint, connected, client, tls)
        self._application = application

    def talk(self) -> Ending:
        """See ``Connection``."""
        if not self.handshake():
            return Ending.HANDSHAKE_FAILED
        http = HttpConversation(self.channel.read, self.send, self.peer)
        while True:
            arrived = self._request(http)
            if isinstance(arrived, Ending):
                return arrived
            self._answer(http, arrived)
            if not http.go_on():
                return Ending.TARGET_CLOSED

    def _request(self, http: HttpConversation) -> Arrived | Ending:
        """The next request, or how the connection ended instead."""
        self._outbox.phase = Phase.REQUEST
        try:
            arrived = http.next_request()
        except ssl.SSLError as error:
            return self.tls_failed(error)
        except BadRequestError as bad:
            return self._bad_request(bad)
        return self._client_ended() if arrived is None else arrived

    def _bad_request(self, bad: BadRequestError) -> Ending:
        if bad.ended:
            self.reject(str(bad), bad.data, None)
            return self._client_ended()
        self.reject(str(bad), bad.data, bad.status)
        self.tell(self.send, plain_answer(bad.status, _REFUSED[bad.status]))
        return Ending.TARGET_CLOSED

    def _client_ended(self) -> Ending:
        if self.channel.truncated:
            return Ending.CLIENT_CLOSED_WITHOUT_NOTICE
        return Ending.CLIENT_CLOSED

    def _answer(self, http: HttpConversation, arrived: Arrived) -> None:
        request = arrived.request
        self._outbox.order += 1
        self._outbox.request = request
        received = self._journal.record(
            RequestReceived(
                target=self._endpoint.target,
                connection=self.number,
                order=self._outbox.order,
                line=f"{request.method} {request.target}",
                request=request,
                raw_headers=arrived.raw_headers,
                http_version=arrived.http_version,
            )
        )
        answer = self.call(partial(self._application, request), _FAILED)
        try:
            data, headers = http.encode(answer, request.method)
        except Exception:
            # An answer that is no HTTP is a mistake of ours like any other in the application.
            self.harness_error()
            answer, headers = _FAILED, ()
            data = plain_answer(answer.status, answer.body.decode("ascii"))
        self._journal.record(
            AnswerGiven(
                target=self._endpoint.target,
                connection=self.number,
                request=received.number,
                status=answer.status,
                reason=answer.reason,
                headers=headers,
                body=answer.body,
                user=answer.user,
                fault=answer.fault,
                change=answer.change,
            )
        )
        self._outbox.phase = Phase.ANSWER
        self._outbox.fault = answer.fault or ""
        self.send(data)
