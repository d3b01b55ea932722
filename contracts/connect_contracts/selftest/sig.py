"""SIG: broken calls."""

from __future__ import annotations

from typing import Any

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(
    fails=("SIG-1",),
    because="what must return raises, and no refusal has a twin that succeeds",
)
def always_raises(reference: ReferenceCopy) -> None:
    """Every call raises, before anything is sent."""

    @reference.around("Session.connect")
    def refusing(*_: Any, **__: Any) -> Any:
        raise RuntimeError("not today")


@broken(
    fails=("SIG-1",),
    because="the URL is given by position everywhere but in SIG-7",
)
def takes_its_url_by_keyword_alone(reference: ReferenceCopy) -> None:
    """The URL is refused when it is given by position."""

    @reference.around("Session.connect")
    def by_keyword(connect: Any, cls: Any, /, *, url: Any, **given: Any) -> Any:
        return connect(cls, url, **given)


@broken(fails=("SIG-2",))
def takes_all_by_position(reference: ReferenceCopy) -> None:
    """``authentication`` and ``certificate_authority`` can be given by position."""

    @reference.around("Session.connect")
    def by_position(
        connect: Any,
        cls: Any,
        url: Any,
        authentication: Any = None,
        certificate_authority: Any = None,
    ) -> Any:
        given = {"authentication": authentication, "certificate_authority": certificate_authority}
        return connect(cls, url, **given)


@broken(fails=("SIG-3",))
def marks_an_explicit_none(reference: ReferenceCopy) -> None:
    """``authentication=None`` sends a header that is not sent where the argument is left out."""

    @reference.around("Session.connect")
    def marking(connect: Any, cls: Any, /, url: Any, **given: Any) -> Any:
        if "authentication" in given and given["authentication"] is None:
            given["authentication"] = lambda _url: {"X-Authentication": "none"}
        return connect(cls, url, **given)


class _Wrapper:
    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def __enter__(self) -> Any:
        return self._session.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self._session.__exit__(*raised)


@broken(fails=("SIG-4",))
def returns_a_wrapper(reference: ReferenceCopy) -> None:
    """What is returned does all that a session does, and is no ``Session``."""

    @reference.around("Session.connect")
    def wrapped(connect: Any, *given: Any, **named: Any) -> Any:
        return _Wrapper(connect(*given, **named))


@broken(fails=("SIG-4[a-session-of-the-subclass]",), profiles=(Profile.V6_2,))
def forgets_the_class_it_was_called_on(reference: ReferenceCopy) -> None:
    """Called on a subclass of ``Session``, it returns a plain ``Session``."""
    session = reference["Session"]

    @reference.around("Session.connect")
    def of_session(connect: Any, _cls: Any, *given: Any, **named: Any) -> Any:
        return connect(session, *given, **named)


@broken(fails=("SIG-5",))
def swallows_unknown_keywords(reference: ReferenceCopy) -> None:
    """A keyword that is not known is passed over."""
    known = {"url", "authentication", "certificate_authority"}

    @reference.around("Session.connect")
    def tolerant(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        return connect(cls, *given, **{name: named[name] for name in named if name in known})


@broken(fails=("SIG-6",))
def makes_do_without_a_url(reference: ReferenceCopy) -> None:
    """Without a URL, or with one that is no text, a session is returned that leads nowhere."""

    @reference.around("Session.connect")
    def unchecked(connect: Any, cls: Any, /, url: Any = None, **given: Any) -> Any:
        return connect(cls, url, **given) if isinstance(url, str) else cls.__new__(cls)


@broken(fails=("SIG-7",))
def names_its_url_otherwise(reference: ReferenceCopy) -> None:
    """The parameter for the URL is not called ``url``."""

    @reference.around("Session.connect")
    def renamed(connect: Any, cls: Any, /, base_url: Any, **given: Any) -> Any:
        if "url" in given:
            raise TypeError("there is no argument 'url'")
        return connect(cls, base_url, **given)
