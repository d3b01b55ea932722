"""SIG: broken calls."""

from __future__ import annotations

from typing import Any

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken

_EVERYTHING = ("SIG", "URL", "AUTH", "CA", "MTLS", "LIVE", "KEEP")
_RETURNS = (
    *("SIG-3", "SIG-4", "URL-1", "URL-2", "URL-5", "URL-9"),
    *("AUTH-1", "AUTH-2", "AUTH-3", "AUTH-7", "AUTH-8", "AUTH-9", "AUTH-11[in-turn]"),
    *("AUTH-17[not-ready-for-an-administrator]", "CA-1", "CA-5", "CA-6[intermediate-sent]", "CA-9"),
    *("CA-10[right-dns-name]", "CA-10[right-ip]", "MTLS-1", "MTLS-2[on-every-connection]"),
    *("LIVE-4", "LIVE-5", "LIVE-6", "LIVE-11", "LIVE-13"),
    *("AUTH-12[after-success]", "AUTH-12[a-password-that-is-hard-to-quote]"),
    *("AUTH-12[a-token]", "AUTH-12[a-callable]"),
)
"""What demands that connect returns (AUTH-8: or raises what it was given to raise)."""
_MAY_RAISE = ("AUTH-3[non-ascii]", "AUTH-3[latin-1]")


@broken(
    fails=("SIG-1",),
    because="what must return raises, and no refusal has a twin that succeeds",
    whole=True,
)
def always_raises(reference: ReferenceCopy) -> None:
    """Every call raises, before anything is sent."""

    def connect(_cls: Any, *_: Any, **__: Any) -> Any:
        raise RuntimeError("not today")

    reference["Session.connect"] = classmethod(connect)


@broken(
    fails=("SIG-1",),
    because="the URL is given by position everywhere but in SIG-7",
)
def takes_its_url_by_keyword_alone(reference: ReferenceCopy) -> None:
    """The URL is refused when it is given by position."""
    connect = reference["Session.connect"].__func__

    def by_keyword(cls: Any, /, *, url: Any, **given: Any) -> Any:
        return connect(cls, url, **given)

    reference["Session.connect"] = classmethod(by_keyword)


@broken(fails=("SIG-2",))
def takes_all_by_position(reference: ReferenceCopy) -> None:
    """``authentication`` and ``certificate_authority`` can be given by position."""
    connect = reference["Session.connect"].__func__

    def by_position(
        cls: type, url: Any, authentication: Any = None, certificate_authority: Any = None
    ) -> Any:
        return connect(
            cls, url, authentication=authentication, certificate_authority=certificate_authority
        )

    reference["Session.connect"] = classmethod(by_position)


@broken(fails=("SIG-3",))
def marks_an_explicit_none(reference: ReferenceCopy) -> None:
    """``authentication=None`` sends a header that is not sent where the argument is left out."""
    connect = reference["Session.connect"].__func__

    def marking(cls: Any, /, url: Any, **given: Any) -> Any:
        if "authentication" in given and given["authentication"] is None:
            given["authentication"] = lambda _url: {"X-Authentication": "none"}
        return connect(cls, url, **given)

    reference["Session.connect"] = classmethod(marking)


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
    connect = reference["Session.connect"].__func__

    def wrapped(cls: Any, *given: Any, **named: Any) -> Any:
        return _Wrapper(connect(cls, *given, **named))

    reference["Session.connect"] = classmethod(wrapped)


@broken(fails=("SIG-4[a-session-of-the-subclass]",), profiles=(Profile.V6_2,))
def forgets_the_class_it_was_called_on(reference: ReferenceCopy) -> None:
    """Called on a subclass of ``Session``, it returns a plain ``Session``."""
    session = reference["Session"]
    connect = session.connect.__func__

    def plain(_cls: Any, *given: Any, **named: Any) -> Any:
        return connect(session, *given, **named)

    reference["Session.connect"] = classmethod(plain)


@broken(fails=("SIG-5",))
def swallows_unknown_keywords(reference: ReferenceCopy) -> None:
    """A keyword that is not known is passed over."""
    connect = reference["Session.connect"].__func__
    known = {"url", "authentication", "certificate_authority"}

    def tolerant(cls: Any, *given: Any, **named: Any) -> Any:
        return connect(cls, *given, **{name: named[name] for name in named if name in known})

    reference["Session.connect"] = classmethod(tolerant)


@broken(fails=("SIG-6",))
def makes_do_without_a_url(reference: ReferenceCopy) -> None:
    """Without a URL, or with one that is no text, a session is returned that leads nowhere."""
    connect = reference["Session.connect"].__func__

    def unchecked(cls: Any, /, url: Any = None, **given: Any) -> Any:
        return connect(cls, url, **given) if isinstance(url, str) else cls.__new__(cls)

    reference["Session.connect"] = classmethod(unchecked)


@broken(fails=("SIG-7",))
def names_its_url_otherwise(reference: ReferenceCopy) -> None:
    """The parameter for the URL is not called ``url``."""
    connect = reference["Session.connect"].__func__

    def renamed(cls: Any, /, base_url: Any, **given: Any) -> Any:
        if "url" in given:
            raise TypeError("there is no argument 'url'")
        return connect(cls, base_url, **given)

    reference["Session.connect"] = classmethod(renamed)
