"""A fault as a value: what goes wrong, on which requests, and how often."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import quote, urlsplit

from connect_harness.exchange import Request
from connect_harness.faults.registry import (
    AnswerFault,
    FaultKind,
    WireFault,
    fault_kinds,
)
from connect_harness.misbehaviour import OWN_FAULT, OwnFaultError, Phase
from connect_harness.protocols.session_rest import VERSIONS_PATH
from connect_harness.refusals import check_types, no_such

# What a path may hold as it is (RFC 3986 3.3), and what stands for other text here.
_AS_WRITTEN = "/%!$&'()*+,;=:@[]"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


@dataclass(frozen=True)
class Requests:
    """The requests that a fault meets.

        >>> from connect_harness import Request, Requests
        >>> versions = Requests("GET", "*/versions/rest", times=1)
        >>> versions.include(Request("GET", "/one/versions/rest"))
        True
        >>> Requests("post")
        Traceback (most recent call last):
        ...
        ValueError: A method is written in capitals, not 'post'.

    Parameters:
        method: Their method; ``None`` for any.
        path: Their path without the query, as sent; ``*`` in it stands for any text, as in
            ``*/versions/rest``. After a ``!`` it stands for all other paths.
        changes: Whether only those are meant that ask for a change of the target's data. A fault
            that acts before the body was read meets of these the requests of Database REST alone.
        gateway: Whether commands of the Py4J gateway are meant, and no request of HTTP.
        first: Which of them is the first that the fault meets, from 1.
        times: How many it meets; ``None`` for all from the first on.

    Raises:
        TypeError: A value has another type.
        ValueError: No request can be meant; the text says why.
    """

    method: str | None = None
    path: str = "*"
    changes: bool = False
    gateway: bool = False
    first: int = 1
    times: int | None = None

    def __post_init__(self) -> None:
        check_types(self, method=(str, type(None)), path=str, first=int, times=(int, type(None)))
        check_types(self, changes=bool, gateway=bool)
        if self.method is not None and self.method != self.method.upper():
            raise ValueError(f"A method is written in capitals, not {self.method!r}.")
        if self.method is not None and self.method not in METHODS:
            raise ValueError(no_such("method", self.method, METHODS))
        if not self.path.startswith(("/", "*", "!/", "!*")):
            raise ValueError(f"A path begins with / or *, not as {self.path!r} does.")
        if {"?", "#"} & {*self.path}:
            raise ValueError(f"A path ends before the query, not as {self.path!r} does.")
        if not self.path.isascii() or " " in self.path or not self.path.isprintable():
            sent = quote(self.path, safe=_AS_WRITTEN)
            raise ValueError(f"No path is sent as {self.path!r}: write {sent!r}.")
        if re.fullmatch(r"!/?\*+", self.path):
            raise ValueError(f"No path is another than {self.path[1:]!r}: name one after the !.")
        if self.gateway and self.of_http:
            raise ValueError("Commands of the gateway have neither a method nor a path.")
        if self.changes and self.method not in (None, "POST"):
            raise ValueError(
                f"No {self.method} is among the requests of changes=True: leave one out."
            )
        if self.first < 1:
            raise ValueError(f"The first request has the number 1; first={self.first} is none.")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times={self.times} is no number of requests; leave it out for all.")

    def __str__(self) -> str:
        if self.gateway:
            named = "commands of the gateway"
        else:
            named = f"{self.method or 'any'} {self.path}" if self.of_http else "any request"
        change = " that changes data" if self.changes else ""
        first = f", from number {self.first} on" if self.first > 1 else ""
        often = "1 time" if self.times == 1 else f"{self.times} times"
        times = "" if self.times is None else f" ({often})"
        return f"{named}{change}{first}{times}"

    @property
    def of_http(self) -> bool:
        """Whether a method or a path is named."""
        return self.method is not None or self.path != "*"

    def include(self, request: Request) -> bool:
        """Whether ``request`` is one of them, whichever number it has."""
        # Of the signs of a pattern, * alone is one here.
        pattern = self.path.removeprefix("!").replace("[", "[[]")
        if fnmatchcase(request.path, pattern) is self.path.startswith("!"):
            return False
        return self.method in (None, request.method) and (
            not self.changes or _asks_for_a_change(request)
        )

    def include_command(self, lines: tuple[str, ...]) -> bool:
        """Whether a command of the gateway is one of them, whichever number it has."""
        # Only few clients speak Py4J: the others need not load it.
        from connect_harness.protocols.py4j import changing_call

        return not self.changes or changing_call(lines) is not None


def _asks_for_a_change(request: Request) -> bool:
    if request.method != "POST":
        return False
    return "/data/branches/" in request.path or b"mutation" in request.body


VERSIONS = Requests("GET", f"*{VERSIONS_PATH}")
"""What a fault meets of itself: all requests for the versions document."""

ANY = Requests()


@dataclass(frozen=True)
class Fault:
    """A fault, and the requests that it meets.

        >>> from connect_harness import Fault, Requests
        >>> Fault("status 503", Requests(changes=True)).kind.description
        '503 (RFC 9110 15.6.4).'
        >>> Fault("status 50")
        Traceback (most recent call last):
        ...
        ValueError: There is no fault 'status 50'. The nearest are 'status 50...

    A fault of a connection meets connections: of ``on``, ``first`` and ``times`` count those.

    Parameters:
        what: The name of a fault (``fault_kinds``), or one of your own.
        on: The requests that it meets; by default those for the versions document.
        location: Where a redirect leads: a URL without a path, user or password, to which path and
            query of the request are added. By default the same origin. For faults that redirect
            alone.

    Attributes:
        made: What it does.

    Raises:
        ValueError: There is no such fault, or it cannot meet what ``on`` names; the text says what
            there is.
    """

    what: str | AnswerFault | WireFault
    on: Requests | None = None
    location: str | None = None
    made: AnswerFault | WireFault = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hint = "For instance on=Requests(changes=True)."
        check_types(self, hint, on=(Requests, type(None)))
        check_types(self, what=(str, AnswerFault, WireFault), location=(str, type(None)))
        object.__setattr__(self, "made", self._make())
        if self.on is not None:
            self._check(self.on)

    @property
    def name(self) -> str:
        """The name that the journal has."""
        return self.what if isinstance(self.what, str) else OWN_FAULT

    @property
    def kind(self) -> FaultKind | None:
        """What is known of it; ``None`` for a fault of the user's own."""
        return fault_kinds()[self.what] if isinstance(self.what, str) else None

    @property
    def requests(self) -> Requests:
        """The requests that it meets."""
        if self.on is not None:
            return self.on
        return VERSIONS if self.kind is not None else ANY

    @property
    def meets(self) -> str:
        """What it meets, as text."""
        if not self.connections or self.requests.gateway:
            return str(self.requests)
        # It has neither a method nor a path, but for what stands there by default.
        return str(self.on or ANY).replace("any request", "new connections")

    def includes(self, request: Request) -> bool:
        """Whether ``request`` is one that it meets, whichever number it has."""
        made = self.made
        if isinstance(made, AnswerFault):
            of_versions = made.of_versions and not request.path.endswith(VERSIONS_PATH)
            if of_versions:
                return False
            with self.answerable():
                if not made.matches(request):
                    return False
        return self.requests.include(request)

    @contextmanager
    def answerable(self, of_target: Collection[BaseException] = ()) -> Iterator[None]:
        """What is raised within is a mistake of the fault, if that is the user's own.

        Parameters:
            of_target: What the target raised meanwhile, which is its own mistake.

        Raises:
            OwnFaultError: In the place of what was raised.
        """
        try:
            yield
        except GeneratorExit:
            raise
        except BaseException as error:
            if self.kind is not None or error in of_target:
                raise
            # The first two frames are the harness's, and tell nothing of the fault.
            theirs = error.__traceback__ and error.__traceback__.tb_next
            theirs = theirs and theirs.tb_next
            raise OwnFaultError("".join(traceback.format_exception(None, error, theirs))) from None

    @property
    def acts_on_answers(self) -> bool:
        """Whether it is decided when a request is answered."""
        return isinstance(self.made, AnswerFault) or self.made.phase in _OF_AN_ANSWER

    @property
    def fits_gateway(self) -> bool:
        """Whether it can meet commands of the gateway as well."""
        return isinstance(self.made, WireFault) and not self.made.reads_http

    @property
    def connections(self) -> bool:
        """Whether it meets connections rather than requests."""
        return isinstance(self.made, WireFault) and self.made.of_connections

    def _make(self) -> AnswerFault | WireFault:
        if not isinstance(self.what, str):
            return self.what
        kinds = fault_kinds()
        if self.what not in kinds:
            raise ValueError(no_such("fault", self.what, kinds, "connect_harness.fault_kinds()"))
        kind = kinds[self.what]
        if self.location is not None and not kind.redirects:
            raise ValueError(f"{self.name!r} does not redirect: it takes no location.")
        if self.location is not None:
            _must_be_origin(self.location)
        return kind.made(self.location)

    def _check(self, on: Requests) -> None:
        if on.gateway and not self.fits_gateway:
            raise ValueError(f"{self.name!r} is a fault of HTTP; the gateway speaks Py4J.")
        if self.connections and (on.of_http or on.changes):
            raise ValueError(
                f"{self.name!r} happens before any request: give it neither a method nor a path."
            )
        if isinstance(self.made, AnswerFault) and self.made.of_versions:
            elsewhere = not on.path.endswith((VERSIONS_PATH, "*"))
            if elsewhere or on.method not in (None, "GET"):
                raise ValueError(
                    f"{self.name!r} changes the versions document: of other requests it has none."
                )


def _must_be_origin(text: str) -> None:
    try:
        to = urlsplit(text)
        origin = to.scheme in ("http", "https") and to.hostname and to.port != 0
    except ValueError:
        # Of a port that is none, or of an address in brackets.
        origin = False
    # After the scheme nothing but a host, which may be an address in brackets, and a port.
    if origin and re.fullmatch(r"\w+://[A-Za-z0-9._:[\]-]+", text):
        return
    # What stands before an @ may be a secret.
    shown = "one with user and password" if "@" in text else repr(text)
    raise ValueError(
        "A redirect leads to a URL without a path, user or password, and with a port up to 65535, "
        f"such as other.url (http://localhost:8080), and not to {shown}."
    )


# What follows an answer is decided with it: a fault that is armed later does not meet it.
_OF_AN_ANSWER = (Phase.ANSWER, Phase.IDLE)
