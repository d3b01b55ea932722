"""AUTH: credentials that are lost, mixed, changed, or not needed."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


def _header(username: str, password: str, encoding: str = "utf-8") -> dict[str, str]:
    pair = f"{username}:{password}".encode(encoding)
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def _going_on_when(reference: ReferenceCopy, refused: Any) -> None:
    """Have connect return a session, which leads nowhere, instead of some refusals."""
    connect = reference["Session.connect"].__func__

    def going_on(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPStatusError as error:
            if refused(error.response, named.get("authentication")):
                return cls.__new__(cls)
            raise

    reference["Session.connect"] = classmethod(going_on)


@broken(fails=("AUTH-1",))
def sends_empty_credentials(reference: ReferenceCopy) -> None:
    """Without authentication, an empty user name and an empty password are sent."""
    transport = reference["_session._transport"]

    def anonymous(url: object, authentication: object, certificate_authority: Any) -> Any:
        return transport(
            url, authentication or (lambda _url: _header("", "")), certificate_authority
        )

    reference["_session._transport"] = anonymous


@broken(
    fails=("AUTH-2[a-user]",),
    because="other credentials are sent, and whoever is an administrator is let in and may change",
)
def tries_the_administrator_first(reference: ReferenceCopy) -> None:
    """With the password of anyone, ``admin`` is tried first, and only then who was given."""
    connect = reference["Session.connect"].__func__
    basic = reference["BasicAuthentication"]

    def climbing(cls: Any, *given: Any, **named: Any) -> Any:
        credentials = named.get("authentication")
        if isinstance(credentials, basic):
            try:
                higher = basic("admin", credentials.password)
                return connect(cls, *given, **{**named, "authentication": higher})
            except httpx.HTTPStatusError:
                pass
        return connect(cls, *given, **named)

    reference["Session.connect"] = classmethod(climbing)


@broken(
    fails=("AUTH-2[the-administrator]",),
    because="whatever is asked of a secure target after connecting is answered with 401",
)
def authenticates_only_while_connecting(reference: ReferenceCopy) -> None:
    """Once connected, requests go out without credentials."""
    init = reference["_session.ConnectedSession.__init__"]

    def forgetful(session: Any, transport: Any, versions: Any) -> None:
        transport._client.auth = None
        init(session, transport, versions)

    reference["_session.ConnectedSession.__init__"] = forgetful


@broken(fails=("AUTH-3[latin-1]",))
def sends_latin_1(reference: ReferenceCopy) -> None:
    """User name and password are sent in latin-1."""

    def latin_1(basic: Any, _url: str, /) -> dict[str, str]:
        return _header(basic.username, basic.password, "latin-1")

    reference["BasicAuthentication.__call__"] = latin_1


@broken(fails=("AUTH-3[non-ascii]", "AUTH-3[latin-1]"))
def sends_question_marks(reference: ReferenceCopy) -> None:
    """Letters beyond ASCII are sent as question marks."""

    def replaced(basic: Any, _url: str, /) -> dict[str, str]:
        pair = f"{basic.username}:{basic.password}".encode("ascii", "replace")
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}

    reference["BasicAuthentication.__call__"] = replaced


@broken(fails=("AUTH-3[spaces-and-quotes]",))
def trims_credentials(reference: ReferenceCopy) -> None:
    """User name and password lose the spaces around them."""

    def trimmed(basic: Any, _url: str, /) -> dict[str, str]:
        return _header(basic.username.strip(), basic.password.strip())

    reference["BasicAuthentication.__call__"] = trimmed


@broken(fails=("AUTH-3[colons-in-the-password]",))
def ends_the_password_at_a_colon(reference: ReferenceCopy) -> None:
    """What comes after a colon at its beginning is not sent of a password."""

    def cut(basic: Any, _url: str, /) -> dict[str, str]:
        return _header(basic.username, ":".join(basic.password.split(":")[:2]))

    reference["BasicAuthentication.__call__"] = cut


@broken(fails=("AUTH-3[empty-password]",))
def refuses_an_empty_password(reference: ReferenceCopy) -> None:
    """A password that is empty is taken for one that was forgotten."""
    call = reference["BasicAuthentication.__call__"]

    def demanding(basic: Any, url: str, /) -> Any:
        if not basic.password:
            raise ValueError("there is no password")
        return call(basic, url)

    reference["BasicAuthentication.__call__"] = demanding


@broken(fails=("AUTH-3[four-kilobytes]",))
def breaks_long_credentials(reference: ReferenceCopy) -> None:
    """A password ends after 1024 characters."""

    def short(basic: Any, _url: str, /) -> dict[str, str]:
        return _header(basic.username, basic.password[:1024])

    reference["BasicAuthentication.__call__"] = short


@broken(
    fails=("AUTH-4",),
    because="where no secret may be told, what it breaks comes first",
)
def leaves_401_for_later(reference: ReferenceCopy) -> None:
    """Credentials that the target refuses are noticed at the first use, not by connect."""
    _going_on_when(reference, lambda answer, given: answer.status_code == 401 and given is not None)


@broken(
    fails=("AUTH-5",),
    because="a target that would take a certificate answers just as one that wants a password",
)
def connects_without_credentials(reference: ReferenceCopy) -> None:
    """Without credentials, connect does not mind that the target wants some."""
    _going_on_when(reference, lambda answer, given: answer.status_code == 401 and given is None)


@broken(
    fails=("AUTH-5",),
    because="a target that would take a certificate answers just as one that wants a password",
)
def gives_in_after_asking_again(reference: ReferenceCopy) -> None:
    """Without credentials, connect asks twice, and then does not mind the refusal."""
    asked: list[int] = []

    def again(answer: Any, given: Any) -> bool:
        if answer.status_code != 401 or given is not None:
            return False
        asked.append(answer.status_code)
        httpx.get(answer.request.url, verify=False, trust_env=False)
        return True

    _going_on_when(reference, again)


@broken(
    fails=("AUTH-5",),
    because="whatever is asked for without credentials is never asked for",
)
def needs_no_target_without_credentials(reference: ReferenceCopy) -> None:
    """Without credentials, connect asks the target nothing before the first use."""
    connect = reference["Session.connect"].__func__

    def lazily(cls: Any, /, url: Any, **named: Any) -> Any:
        plain = isinstance(url, str) and url.startswith("http://")
        if plain and named.get("authentication") is None and "certificate_authority" not in named:
            return cls.__new__(cls)
        return connect(cls, url, **named)

    reference["Session.connect"] = classmethod(lazily)


@broken(fails=("AUTH-4",))
def tries_another_account(reference: ReferenceCopy) -> None:
    """Refused credentials are followed by those of a guest, and then by the refusal."""
    connect = reference["Session.connect"].__func__
    default = reference["BasicAuthentication"]("guest", "guest")

    def trying(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPStatusError as refusal:
            if refusal.response.status_code == 401 and named.get("authentication") is not None:
                connect(cls, *given, **{**named, "authentication": default}).close()
            raise

    reference["Session.connect"] = classmethod(trying)


@broken(
    fails=("AUTH-6",),
    because="the same status answers the same request",
)
def leaves_403_for_later(reference: ReferenceCopy) -> None:
    """That someone may not use the target is noticed at the first use, not by connect."""
    _going_on_when(reference, lambda answer, _: answer.status_code == 403)


@broken(fails=("AUTH-7",))
def asks_a_callable_about_the_base_url(reference: ReferenceCopy) -> None:
    """A callable is given the base URL instead of that of the request."""
    init = reference["_transport.Transport.__init__"]

    def about_the_base(transport: Any, base_url: str, *, authenticate: Any, context: Any) -> None:
        asked = None if authenticate is None else lambda _url: authenticate(base_url)
        init(transport, base_url, authenticate=asked, context=context)

    reference["_transport.Transport.__init__"] = about_the_base


@broken(fails=("AUTH-7[asked-for-each-request]",))
def asks_a_callable_once(reference: ReferenceCopy) -> None:
    """What a callable answers to the first request goes out on all of them."""
    init = reference["_transport.Transport.__init__"]

    def once(transport: Any, base_url: str, *, authenticate: Any, context: Any) -> None:
        answers: list[Any] = []

        def remembering(url: str) -> Any:
            if not answers:
                answers.append(authenticate(url))
            return answers[0]

        asked = None if authenticate is None else remembering
        init(transport, base_url, authenticate=asked, context=context)

    reference["_transport.Transport.__init__"] = once


@broken(fails=("AUTH-8",))
def goes_on_without_the_callable(reference: ReferenceCopy) -> None:
    """When a callable raises, the request goes out without its headers."""
    headers_for = reference["_authentication.headers_for"]

    def lenient(url: str, authenticate: Any) -> Any:
        try:
            return headers_for(url, authenticate)
        except Exception:
            return {}

    reference["_authentication.headers_for"] = lenient


@broken(fails=("AUTH-8",))
def hides_why_the_callable_raised(reference: ReferenceCopy) -> None:
    """When a callable raises, another exception tells nothing of it."""
    headers_for = reference["_authentication.headers_for"]

    def hiding(url: str, authenticate: Any) -> Any:
        try:
            return headers_for(url, authenticate)
        except Exception:
            failed = True
        if failed:
            raise RuntimeError("authentication failed")
        return None

    reference["_authentication.headers_for"] = hiding


@broken(
    fails=("AUTH-9",),
    because="where no secret may be told, what it breaks comes first",
)
def sends_tokens_elsewhere(reference: ReferenceCopy) -> None:
    """A token is sent in a header of its own."""

    def elsewhere(token: Any, _url: str, /) -> dict[str, str]:
        return {"X-Auth-Token": token.token}

    reference["TokenAuthentication.__call__"] = elsewhere


@broken(fails=("AUTH-9[a-type-of-its-own]",))
def calls_every_token_bearer(reference: ReferenceCopy) -> None:
    """The type of a token is not looked at."""

    def bearer(token: Any, _url: str, /) -> dict[str, str]:
        return {"Authorization": f"Bearer {token.token}"}

    reference["TokenAuthentication.__call__"] = bearer


@broken(fails=("AUTH-9[bearer-by-default]",))
def calls_a_token_token(reference: ReferenceCopy) -> None:
    """A token whose type was not given is sent as ``Token``."""

    def token_by_default(token: Any, _url: str, /) -> dict[str, str]:
        kind = "Token" if token.token_type == "Bearer" else token.token_type
        return {"Authorization": f"{kind} {token.token}"}

    reference["TokenAuthentication.__call__"] = token_by_default


@broken(
    fails=("AUTH-11",),
    because="a session by its certificate then sends the password of another",
)
def shares_credentials_by_url(reference: ReferenceCopy) -> None:
    """Sessions to one URL share the credentials of the first that is open."""
    init = reference["_transport.Transport.__init__"]
    close = reference["_transport.Transport.close"]
    first: dict[str, tuple[Any, Any]] = {}

    def sharing(transport: Any, base_url: str, *, authenticate: Any, context: Any) -> None:
        _, shared = first.setdefault(base_url, (transport, authenticate))
        init(transport, base_url, authenticate=shared, context=context)

    def forgetting(transport: Any) -> None:
        if first.get(transport.base_url, (None, None))[0] is transport:
            del first[transport.base_url]
        close(transport)

    reference["_transport.Transport.__init__"] = sharing
    reference["_transport.Transport.close"] = forgetting


@broken(
    fails=("AUTH-17[not-ready-for-a-user]",),
    because="the same status answers the same request",
)
def leaves_503_for_later(reference: ReferenceCopy) -> None:
    """That the target is not ready is noticed at the first use, not by connect."""
    _going_on_when(reference, lambda answer, _: answer.status_code == 503)


@broken(fails=("AUTH-17[not-ready-for-an-administrator]",), profiles=(Profile.V6_2,))
def waits_for_nobody(reference: ReferenceCopy) -> None:
    """A target that is not ready is refused to administrators too."""
    init = reference["_session.ConnectedSession.__init__"]
    graphql = reference["GraphQL"]

    def impatient(session: Any, transport: Any, versions: Any) -> None:
        if not graphql(transport, versions.rest_path("graphql", "1")).ready():
            raise RuntimeError("the target is not ready")
        init(session, transport, versions)

    reference["_session.ConnectedSession.__init__"] = impatient
