"""AUTH: passwords and tokens that are told where they must not be."""

from __future__ import annotations

import logging
from typing import Any

import httpx

from connect_contracts.broken.reference_copy import ReferenceCopy
from connect_contracts.broken.registry import broken


@broken(
    fails=(
        "AUTH-12[after-a-401]",
        "AUTH-12[after-a-refused-token]",
    ),
    because="what an exception says is looked through in every case, and AUTH-12 is named there",
)
def tells_refused_credentials(reference: ReferenceCopy) -> None:
    """The exception about refused credentials quotes the header that carried them."""
    connect = reference["Session.connect"].__func__

    def telling(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPStatusError as error:
            sent = error.request.headers.get("authorization")
            raise ValueError(f"the target refused {sent}") from None

    reference["Session.connect"] = classmethod(telling)


@broken(
    fails=(
        "AUTH-12[after-success]",
        "AUTH-12[a-password-that-is-hard-to-quote]",
        "AUTH-12[after-a-401]",
        "AUTH-12[after-a-refused-target]",
        "AUTH-12[after-a-fault]",
    )
)
def logs_the_headers(reference: ReferenceCopy) -> None:
    """The headers of each request are logged, for those who look for mistakes."""
    call = reference["BasicAuthentication.__call__"]

    def logging_it(basic: Any, url: str, /) -> Any:
        headers = call(basic, url)
        logging.getLogger(__name__).debug("asking %s with %s", url, headers)
        return headers

    reference["BasicAuthentication.__call__"] = logging_it


@broken(
    fails=(
        "AUTH-12[after-success]",
        "AUTH-12[a-password-that-is-hard-to-quote]",
        "AUTH-12[after-a-401]",
        "AUTH-12[after-a-refused-target]",
        "AUTH-12[after-a-fault]",
    )
)
def shows_the_password(reference: ReferenceCopy) -> None:
    """The ``repr`` of ``BasicAuthentication`` tells all of its fields."""

    def showing(basic: Any) -> str:
        return f"BasicAuthentication({basic.username!r}, password={basic.password!r})"

    reference["BasicAuthentication.__repr__"] = showing


@broken(fails=("AUTH-12[a-token]", "AUTH-12[after-a-refused-token]"))
def shows_the_token(reference: ReferenceCopy) -> None:
    """The ``repr`` of ``TokenAuthentication`` tells its token."""

    def showing(token: Any) -> str:
        return f"TokenAuthentication({token.token!r})"

    reference["TokenAuthentication.__repr__"] = showing
