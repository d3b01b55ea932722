"""One session of a scenario: a thread of its own executes its steps."""

from __future__ import annotations

import asyncio
import gc
import queue
import sys
import threading
import traceback
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, assert_never

import msgspec

from connect_contracts.execution.call.arguments import (
    Arguments,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    PasswordGrantArgument,
    TokenArgument,
)
from connect_contracts.execution.implementation import (
    Implementation,
    PartMissing,
    PartNotFound,
)
from connect_contracts.execution.returned import WrongReturn, wrong_return
from connect_contracts.model.actions import GRANTED, GRANTEE
from connect_contracts.model.observation import Asked, Frame
from connect_contracts.model.parts import declared_missing
from connect_contracts.model.scenario import Use
from connect_contracts.model.values import to_python

if TYPE_CHECKING:
    from connect_contracts.execution.capture.output_capture import OutputCapture

DataTypes = dict[str, dict[str, str]]


class CallableError(Exception):
    """What a callable ``Authenticate`` raises when its scenario wants it to."""


class SessionThread:
    """One session's thread: it connects, and executes that session's steps in order."""

    def __init__(
        self,
        name: str,
        implementation: Implementation,
        data_types: DataTypes,
        output_capture: OutputCapture | None = None,
    ) -> None:
        self.name = name
        self.implementation = implementation
        self.data_types = data_types
        self.output_capture = output_capture
        self.session: Any = None
        self.asked: list[Asked] = []
        self.hung = False
        self._tasks: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._work, name=f"session {name}", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            action, future = task
            try:
                future.set_result(action())
            except BaseException as error:  # an implementation may raise anything at all
                future.set_exception(error)
            # Held here, they would keep a dropped session alive.
            del action, future, task

    def start(self, step: Use | Arguments) -> Future[Any]:
        return self._start(lambda: self.execute(step))

    def execute(self, step: Use | Arguments) -> Any:
        """Execute ``step`` in the thread that calls."""
        return self._use(step) if isinstance(step, Use) else self._connect(step)

    def forget(self) -> None:
        """Wait until the thread holds nothing of the step that ended: no exception, no frame."""
        self._start(lambda: None).result()

    def _start(self, action: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self._tasks.put((action, future))
        return future

    @property
    def ident(self) -> int:
        return self._thread.ident or 0

    def stack(self) -> tuple[tuple[str, ...], FrameType | None]:
        """Where the thread stands, innermost last: function, file name and line; and its frame."""
        frame = sys._current_frames().get(self.ident)
        calls = () if frame is None else traceback.extract_stack(frame)
        texts = (f"{call.name} ({Path(call.filename).name}:{call.lineno})" for call in calls)
        return tuple(texts), frame

    def end(self, limit: float) -> None:
        """Close the session, unjudged, and end the thread."""
        if not self.hung:
            if self.session is not None:
                closing = self._start(self._close_quietly)
                self.hung = not wait([closing], limit).done
            self._tasks.put(None)
        if not self.hung:
            self._thread.join(limit)

    def _close_quietly(self) -> None:
        session, self.session = self.session, None
        self.implementation.close(session)

    def _connect(self, arguments: Arguments) -> Any:
        """Call ``connect`` with ``arguments``; returns the type of what came back."""
        implementation = self.implementation
        called: Callable[..., Any] = implementation.connect
        wanted: type | None = None
        if arguments.subclass:
            called, wanted = implementation.connect_of_subclass()
        authentication = self._authentication(arguments)
        positional, keywords = self._written(arguments, authentication)

        # By its name a call that does not fit is known: see ``adapter_checks``.
        def connect() -> Any:
            return called(*positional, **keywords)

        attempt = partial(_within_event_loop, connect) if arguments.event_loop else connect
        try:
            session = self._called(attempt, arguments.times)
        finally:
            if self.output_capture is not None and authentication is not None:
                self.output_capture.keep_object("the authentication", authentication)
        self.session = session
        if self.output_capture is not None:
            self.output_capture.keep_object("the session", session)
        return self._type_of(session, wanted)

    def _called(self, connect: Callable[[], Any], times: int) -> Any:
        """Call ``connect`` until it ends otherwise than at first; the end of the last call."""
        refused: BaseException | None = None
        session: Any = None
        for number in range(times):
            try:
                opened = connect()
            except Exception as error:
                if number and refused is None:
                    raise
                refused = error
            else:
                if refused is not None:
                    return opened
                if number:
                    self.implementation.close(session)
                session = opened
        if refused is not None:
            raise refused
        return session

    def _type_of(self, session: Any, wanted: type | None) -> dict[str, Any]:
        kind = type(session)
        try:
            expected = wanted or self.implementation.session_type()
            right: bool | None = isinstance(session, expected)
        except (PartMissing, TypeError):
            declared = declared_missing("session_type", self.implementation.missing_parts)
            right = False if session is None and declared is None else None
        return {"type": f"{kind.__module__}.{kind.__qualname__}", "is session": right}

    def _written(
        self, arguments: Arguments, authentication: Any
    ) -> tuple[list[Any], dict[str, Any]]:
        values: dict[str, Any] = {}
        if arguments.authentication is not None or arguments.none_given:
            values["authentication"] = authentication
        if arguments.certificate_authority is not None or arguments.none_given:
            path = arguments.certificate_authority
            as_given = path if path is None or arguments.authority_as_text else Path(path)
            values["certificate_authority"] = as_given
        url = arguments.url.encode() if arguments.url_as_bytes else arguments.url
        positional: list[Any] = [url] if arguments.url_given == "position" else []
        positional += [values.pop(name, None) for name in arguments.positions]
        if arguments.url_given == "keyword":
            values["url"] = url
        return positional, {**values, **dict(arguments.keywords)}

    def _authentication(self, arguments: Arguments) -> Any:
        match arguments.authentication:
            case BasicArgument(username, password):
                try:
                    return self._given("basic", username, password)
                except PartMissing:
                    return lambda _url: _basic_header(username, password)
            case TokenArgument(token, token_type):
                try:
                    return self._given("token", token, token_type)
                except PartMissing:
                    return lambda _url: {"Authorization": f"{token_type or 'Bearer'} {token}"}
            case CertificateArgument(certificate, keyfile, password):
                files = Path(certificate), None if keyfile is None else Path(keyfile)
                return self._given("client_certificate", *files, password)
            case CallbackArgument() as given:
                return self._callback(given)
            case PasswordGrantArgument(scopes=scopes) as given:
                grant = msgspec.structs.asdict(given) | {"scopes": frozenset(scopes)}
                return self._given("password_grant", **grant)
            case None:
                return None

    def _callback(self, given: CallbackArgument) -> Callable[[str], dict[str, str]]:
        def authenticate(url: str) -> dict[str, str]:
            if given.raises is not None and len(self.asked) >= given.answers:
                raise CallableError(given.raises)
            headers = _basic_header(given.username, given.password)
            headers["X-Asked"] = f"{len(self.asked) + 1}{given.added}"
            self.asked.append(Asked(self.name, url, tuple(headers.items())))
            return headers

        return authenticate

    def _use(self, step: Use) -> Any:
        """Use the session as ``step`` says; returns plain values."""
        implementation, session = self.implementation, self.session
        if session is None and step.action != "drop":
            raise PartNotFound("session (its connect returned None)")
        match step.action:
            case "list tables":
                return sorted(self._given("list_tables", session))
            case "user":
                name, roles = self._given("user", session)
                return {"name": name, "roles": sorted(roles)}
            case "url":
                return self._given("url", session)
            case "follow link":
                return self._given("link", session)
            case "create table":
                # As a table of that name is on another target, if there is one.
                types = self.data_types.get(step.table, {"Id": "String"})
                implementation.create_table(session, step.table, types)
                return None
            case "schema":
                implementation.schema(session)
                return None
            case "turn unready":
                return implementation.turn_unready(session)
            case "grant role":
                return implementation.grant_role(session, GRANTEE, GRANTED)
            case "close":
                return implementation.close(session)
            case "leave with":
                return implementation.leave(session)
            case "drop":
                self.session = session = None
                gc.collect()
                return None
            case "get table" | "columns" | "keys" | "add" | "head" | "query" as action:
                return self._use_table(action, step)
            case _:
                assert_never(step.action)

    def _use_table(
        self, action: Literal["get table", "columns", "keys", "add", "head", "query"], step: Use
    ) -> Any:
        implementation = self.implementation
        table = self._given("table", self.session, step.table)
        match action:
            case "get table":
                return None
            case "columns":
                return self._given("columns", table)
            case "keys":
                return self._given("keys", table)
            case "add":
                types = list(self.data_types.get(step.table, {}).values())
                for row in step.rows:
                    implementation.add(table, _typed(row, types))
                return None
            case "head":
                return self._frame(self._given("head", table, step.n))
            case "query":
                column = next(iter(self.data_types.get(step.table, {"Id": ""})))
                return self._frame(self._given("query", table, column))

    def _given(self, method: str, *given: Any, **keywords: Any) -> Any:
        """What ``method`` of the implementation returns."""
        value = getattr(self.implementation, method)(*given, **keywords)
        if why := wrong_return(self.implementation, method, value):
            raise WrongReturn(why, method)
        return value

    def _frame(self, value: Any) -> Frame:
        frame: object = self.implementation.frame(value)
        if not isinstance(frame, Frame):
            raise WrongReturn(
                f"frame returned a {type(frame).__qualname__}: return a "
                f"{Frame.__module__}.{Frame.__qualname__}",
                "frame",
            )
        return frame


def _within_event_loop(connect: Callable[[], Any]) -> Any:
    """Call ``connect`` by a coroutine of an event loop that runs meanwhile."""

    async def within() -> Any:
        return connect()

    return asyncio.run(within())


def _basic_header(username: str, password: str) -> dict[str, str]:
    pair = b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _typed(row: tuple[Any, ...], types: list[str]) -> tuple[Any, ...]:
    padded = [*types, *["String"] * (len(row) - len(types))]
    return tuple(to_python(value, kind) for value, kind in zip(row, padded, strict=False))
