"""Wrappers: an implementation that someone gives is made wrong in one respect, from outside.

Each is one small function, named by what is wrong, beside the clauses that must notice it. It wraps
calls that :class:`Implementation` makes, and knows nothing of what the implementation is made of::

    @wrapper(notices=("CA-1",))
    def gives_no_authority_file(calls: Calls) -> None:
        \"\"\"The authority's file is not handed on.\"\"\"

        @calls.around("connect")
        def without(connect: Any, *given: Any, **named: Any) -> Any:
            return connect(*given, **{**named, "certificate_authority": None})

A fresh interpreter finds the wrapped implementation by the name of both: see ``__getattr__``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from connect_contracts.chapters.case import Case
from connect_contracts.execution.implementation import Implementation, PartMissing
from connect_contracts.execution.loading import load
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.selftest.reference_copy import basic_header
from connect_contracts.selftest.registry import judged

TOPICS = ("connect_wrappers", "credential_wrappers", "session_wrappers")
"""The modules of this package in which wrappers are written."""

MOST = 4
"""Cases of one clause that are tried, the cheapest first, until one notices a wrapper."""

ASKING, FILE = "authentication", "certificate_authority"
"""The arguments of connect that are given by keyword."""


class Calls:
    """The calls of an implementation, each of which can be wrapped; the given one stays as it is.

    It knows the credentials with a password that were built by ``basic``. ``used`` says whether one
    of the calls that were wrapped was made: if none was, nothing was wrong.
    """

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = copy(implementation)
        self.used = False
        # Held with what was built: its id is another object's once it is gone.
        self._built: dict[int, tuple[Any, str, str]] = {}
        basic = self.implementation.basic

        def noting(username: str, password: str) -> Any:
            built = _basic(basic, username, password)
            self._built[id(built)] = (built, username, password)
            return built

        vars(self.implementation)["basic"] = noting

    def around(self, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Put the decorated function in the place of a call, which it is given before the rest."""
        called = getattr(self.implementation, name)

        def put(function: Callable[..., Any]) -> Callable[..., Any]:
            def call(*given: Any, **named: Any) -> Any:
                before, self.used = self.used, True
                try:
                    return function(called, *given, **named)
                except PartMissing:
                    # What stands in for the part is right.
                    self.used = before
                    raise

            vars(self.implementation)[name] = call
            return function

        return put

    def user_of(self, authentication: object) -> str | None:
        """The user name in credentials with a password; ``None`` for anything else."""
        found = self._built.get(id(authentication))
        return None if found is None else found[1]

    def password_of(self, authentication: object) -> str | None:
        """The password in such credentials."""
        found = self._built.get(id(authentication))
        return None if found is None else found[2]

    def headers_of(self, authentication: object) -> dict[str, str] | None:
        """The headers that such credentials stand for."""
        found = self._built.get(id(authentication))
        return None if found is None else basic_header(*found[1:])


def _basic(basic: Callable[[str, str], Any], username: str, password: str) -> Any:
    try:
        return basic(username, password)
    except PartMissing:
        # As the suite does where the implementation has no class for it.
        return lambda _url: basic_header(username, password)


def url_of(given: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """The URL among the arguments of a connect."""
    return given[0] if given else named.get("url")


def at(url: str, named: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a connect to another URL, all by keyword."""
    return {**named, "url": url}


Change = Callable[[Calls], None]


@dataclass(frozen=True)
class Wrapper:
    """What is made wrong, and what must notice it.

    Parameters:
        notices: Ids of clauses, each of which must notice it, or of the one case of a clause that
            shows it; ``6.2:`` before an id says that it is so in that profile alone.
    """

    name: str
    description: str
    change: Change
    notices: tuple[str, ...]

    def around(self, implementation: Implementation) -> Calls:
        """``implementation``, wrapped anew: it remembers nothing that another one learnt."""
        calls = Calls(implementation)
        self.change(calls)
        calls.implementation.reference = by_name(self.name, implementation.reference or "")
        return calls

    def cases(self, profile: Profile) -> dict[str, list[Case]]:
        """By each id of ``notices`` in ``profile`` the cases to be tried, the cheapest first."""
        found = {name: judged((name,), profile, Depth.DEFAULT) for name in self.notices}
        return {
            name.rpartition(":")[2]: sorted(cases, key=_cost)[:MOST]
            for name, cases in found.items()
            if cases
        }


def _cost(case: Case) -> tuple[bool, int, int]:
    scenario = case.scenario
    return (scenario.isolation == "process", list(Depth).index(case.depth), len(scenario.steps))


_WRAPPERS: dict[str, Wrapper] = {}


def wrapper(*, notices: Iterable[str]) -> Callable[[Change], Wrapper]:
    """Register the decorated function as a wrapper; see :class:`Wrapper`.

    Raises:
        ValueError: The name is taken, or there is no docstring.
    """

    def decorate(change: Change) -> Wrapper:
        name, description = change.__name__, inspect.getdoc(change)
        if name in _WRAPPERS or not description:
            raise ValueError(f"the wrapper {name} is there twice, or has no docstring")
        _WRAPPERS[name] = Wrapper(name, description, change, tuple(notices))
        return _WRAPPERS[name]

    return decorate


def every_wrapper() -> dict[str, Wrapper]:
    """All of them by name, in the order of the topics."""
    for topic in TOPICS:
        import_module(f"connect_contracts.selftest.{topic}")
    return _WRAPPERS


def by_name(wrapper_name: str, reference: str) -> str:
    """The name by which a fresh interpreter loads a wrapped implementation."""
    return f"{__name__}:{wrapper_name}__{reference.encode().hex()}"


def __getattr__(name: str) -> Implementation:
    """The wrapped implementation of a :func:`by_name`."""
    wrapper_name, _, reference = name.rpartition("__")
    # An import asks for __path__ before the wrappers are there.
    if not wrapper_name or not reference or wrapper_name not in every_wrapper():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return (
        every_wrapper()[wrapper_name].around(load(bytes.fromhex(reference).decode())).implementation
    )
