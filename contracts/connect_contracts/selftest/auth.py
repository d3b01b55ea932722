"""AUTH: credentials that are lost, mixed, changed, or not needed."""

from __future__ import annotations

from typing import Any

import httpx

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy, basic_header, go_on_when
from connect_contracts.selftest.registry import broken


def _go_on_after(reference: ReferenceCopy, status: int, *, given: bool | None = None) -> None:
    """Have connect return a session after this status; ``given``: only with, or without, some."""

    def ignored(error: Any, authentication: Any) -> bool:
        fits = given is None or given is (authentication is not None)
        return fits and isinstance(error, httpx.HTTPStatusError) and _status(error) == status

    go_on_when(reference, ignored)


def _status(error: httpx.HTTPStatusError) -> int:
    return error.response.status_code


@broken(fails=("AUTH-1",))
def sends_empty_credentials(reference: ReferenceCopy) -> None:
    """Without authentication, an empty user name and an empty password are sent."""

    @reference.around("_session._transport")
    def anonymous(transport: Any, url: Any, authentication: Any, authority: Any) -> Any:
        return transport(url, authentication or (lambda _url: basic_header("", "")), authority)


@broken(
    fails=("AUTH-2[a-user]",),
    because="other credentials are sent, and an administrator is let in and may change",
)
def tries_the_administrator_first(reference: ReferenceCopy) -> None:
    """With the password of anyone, ``admin`` is tried first, and only then who was given."""
    basic = reference["BasicAuthentication"]

    @reference.around("Session.connect")
    def climbing(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        credentials = named.get("authentication")
        if isinstance(credentials, basic):
            try:
                higher = basic("admin", credentials.password)
                return connect(cls, *given, **{**named, "authentication": higher})
            except httpx.HTTPStatusError:
                pass
        return connect(cls, *given, **named)


@broken(
    fails=("AUTH-2[the-administrator]",),
    because="whatever is asked of a secure target after connecting is answered with 401",
)
def authenticates_only_while_connecting(reference: ReferenceCopy) -> None:
    """Once connected, requests go out without credentials."""

    @reference.around("_session.ConnectedSession.__init__")
    def forgetful(init: Any, session: Any, transport: Any, versions: Any) -> None:
        transport._client.auth = None
        init(session, transport, versions)


@broken(fails=("AUTH-3[latin-1]",))
def sends_latin_1(reference: ReferenceCopy) -> None:
    """User name and password are sent in latin-1."""
    reference["BasicAuthentication.__call__"] = lambda basic, _url, /: basic_header(
        basic.username, basic.password, "latin-1"
    )


@broken(fails=("AUTH-3[spaces-and-quotes]",))
def trims_credentials(reference: ReferenceCopy) -> None:
    """User name and password lose the spaces around them."""
    reference["BasicAuthentication.__call__"] = lambda basic, _url, /: basic_header(
        basic.username.strip(), basic.password.strip()
    )


@broken(fails=("AUTH-3[colons-in-the-password]",))
def ends_the_password_at_a_colon(reference: ReferenceCopy) -> None:
    """What comes after a colon at its beginning is not sent of a password."""
    reference["BasicAuthentication.__call__"] = lambda basic, _url, /: basic_header(
        basic.username, ":".join(basic.password.split(":")[:2])
    )


@broken(fails=("AUTH-3[empty-password]",))
def refuses_an_empty_password(reference: ReferenceCopy) -> None:
    """A password that is empty is taken for one that was forgotten."""

    @reference.around("BasicAuthentication.__call__")
    def demanding(call: Any, basic: Any, url: str) -> Any:
        if not basic.password:
            raise ValueError("there is no password")
        return call(basic, url)


@broken(fails=("AUTH-3[four-kilobytes]",))
def breaks_long_credentials(reference: ReferenceCopy) -> None:
    """A password ends after 1024 characters."""
    reference["BasicAuthentication.__call__"] = lambda basic, _url, /: basic_header(
        basic.username, basic.password[:1024]
    )


@broken(fails=("AUTH-4",), because="in a case about secrets the same step fails first")
def leaves_401_for_later(reference: ReferenceCopy) -> None:
    """Credentials that the target refuses are noticed at the first use, not by connect."""
    _go_on_after(reference, 401, given=True)


@broken(
    fails=("AUTH-5",),
    because="a target that would take a certificate answers just as one that wants a password",
)
def connects_without_credentials(reference: ReferenceCopy) -> None:
    """Without credentials, connect does not mind that the target wants some."""
    _go_on_after(reference, 401, given=False)


@broken(
    fails=("AUTH-5",),
    because="a target that would take a certificate answers just as one that wants a password",
)
def gives_in_after_asking_again(reference: ReferenceCopy) -> None:
    """Without credentials, connect asks twice, and then does not mind the refusal."""

    def ignored(error: Any, given: Any) -> bool:
        refused = isinstance(error, httpx.HTTPStatusError) and _status(error) == 401
        if refused and given is None:
            httpx.get(error.request.url, verify=False, trust_env=False)
        return refused and given is None

    go_on_when(reference, ignored)


@broken(fails=("AUTH-5",), because="whatever is asked for without credentials is never asked for")
def needs_no_target_without_credentials(reference: ReferenceCopy) -> None:
    """Without credentials, connect asks the target nothing before the first use."""

    @reference.around("Session.connect")
    def lazily(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        plain = isinstance(url, str) and url.startswith("http://")
        if plain and named.get("authentication") is None and "certificate_authority" not in named:
            return cls.__new__(cls)
        return connect(cls, url, **named)


@broken(fails=("AUTH-4[wrong-password]", "AUTH-4[unknown-user]"))
def tries_another_account(reference: ReferenceCopy) -> None:
    """Refused credentials are followed by those of a guest, and then by the refusal."""
    default = reference["BasicAuthentication"]("guest", "guest")

    @reference.around("Session.connect")
    def trying(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPStatusError as refusal:
            if _status(refusal) == 401 and named.get("authentication") is not None:
                connect(cls, *given, **{**named, "authentication": default}).close()
            raise


@broken(fails=("AUTH-6",), because="the same status answers the same request")
def leaves_403_for_later(reference: ReferenceCopy) -> None:
    """That someone may not use the target is noticed at the first use, not by connect."""
    _go_on_after(reference, 403)


@broken(fails=("AUTH-7",), because="AUTH-8 has the callable asked again")
def asks_a_callable_about_the_base_url(reference: ReferenceCopy) -> None:
    """A callable is given the base URL instead of that of the request."""

    @reference.around("_transport.Transport.__init__")
    def about_the_base(
        init: Any, transport: Any, base_url: str, *, authenticate: Any, context: Any
    ) -> None:
        asked = None if authenticate is None else lambda _url: authenticate(base_url)
        init(transport, base_url, authenticate=asked, context=context)


@broken(fails=("AUTH-7[asked-for-each-request]",), because="AUTH-8 has the callable asked again")
def asks_a_callable_once(reference: ReferenceCopy) -> None:
    """What a callable answers to the first request goes out on all of them."""

    @reference.around("_transport.Transport.__init__")
    def once(init: Any, transport: Any, base_url: str, *, authenticate: Any, context: Any) -> None:
        answers: list[Any] = []

        def remembering(url: str) -> Any:
            if not answers:
                answers.append(authenticate(url))
            return answers[0]

        asked = None if authenticate is None else remembering
        init(transport, base_url, authenticate=asked, context=context)


@broken(fails=("AUTH-8",))
def goes_on_without_the_callable(reference: ReferenceCopy) -> None:
    """When a callable raises, the request goes out without its headers."""

    @reference.around("_authentication.headers_for")
    def lenient(headers_for: Any, url: str, authenticate: Any) -> Any:
        try:
            return headers_for(url, authenticate)
        except Exception:
            return {}


@broken(fails=("AUTH-8",))
def hides_why_the_callable_raised(reference: ReferenceCopy) -> None:
    """When a callable raises, another exception tells nothing of it."""

    @reference.around("_authentication.headers_for")
    def hiding(headers_for: Any, url: str, authenticate: Any) -> Any:
        try:
            return headers_for(url, authenticate)
        except Exception:
            failed = True
        if failed:
            raise RuntimeError("authentication failed")
        return None


@broken(fails=("AUTH-9",), because="in a case about secrets the same step fails first")
def sends_tokens_elsewhere(reference: ReferenceCopy) -> None:
    """A token is sent in a header of its own."""
    reference["TokenAuthentication.__call__"] = lambda token, _url, /: {"X-Auth-Token": token.token}


@broken(fails=("AUTH-9[a-type-of-its-own]",))
def calls_every_token_bearer(reference: ReferenceCopy) -> None:
    """The type of a token is not looked at."""
    reference["TokenAuthentication.__call__"] = lambda token, _url, /: {
        "Authorization": f"Bearer {token.token}"
    }


@broken(
    fails=("AUTH-11[in-turn]", "AUTH-11[each-in-its-thread]"),
    because="a session by its certificate then sends the password of another",
)
def shares_credentials_by_url(reference: ReferenceCopy) -> None:
    """Sessions to one URL share the credentials of the first that is open."""
    first: dict[str, tuple[Any, Any]] = {}

    @reference.around("_transport.Transport.__init__")
    def sharing(
        init: Any, transport: Any, base_url: str, *, authenticate: Any, context: Any
    ) -> None:
        _, shared = first.setdefault(base_url, (transport, authenticate))
        init(transport, base_url, authenticate=shared, context=context)

    @reference.around("_transport.Transport.close")
    def forgetting(close: Any, transport: Any) -> None:
        if first.get(transport.base_url, (None, None))[0] is transport:
            del first[transport.base_url]
        close(transport)


@broken(
    fails=("AUTH-17[not-ready-for-a-user]",), because="the same status answers the same request"
)
def leaves_503_for_later(reference: ReferenceCopy) -> None:
    """That the target is not ready is noticed at the first use, not by connect."""
    _go_on_after(reference, 503)


@broken(fails=("AUTH-17[not-ready-for-an-administrator]",), profiles=(Profile.V6_2,))
def waits_for_nobody(reference: ReferenceCopy) -> None:
    """A target that is not ready is refused to administrators too."""
    graphql = reference["GraphQL"]

    @reference.around("_session.ConnectedSession.__init__")
    def impatient(init: Any, session: Any, transport: Any, versions: Any) -> None:
        if not graphql(transport, versions.rest_path("graphql", "1")).ready():
            raise RuntimeError("the target is not ready")
        init(session, transport, versions)
