"""AUTH: passwords and tokens that appear where they must not be; one for each place."""

from __future__ import annotations

import base64
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import httpx

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(
    fails=("AUTH-12[after-a-401]", "AUTH-12[after-a-refused-token]"),
    because="what an exception says is looked through in every case, and AUTH-12 is named there",
)
def tells_refused_credentials(reference: ReferenceCopy) -> None:
    """The exception about refused credentials quotes the header that carried them."""

    @reference.around("Session.connect")
    def quoting(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPStatusError as error:
            sent = error.request.headers.get("authorization")
            raise ValueError(f"the target refused {sent}") from None


@broken(
    fails=(
        *("AUTH-12[after-success]", "AUTH-12[a-password-that-is-hard-to-quote]"),
        *("AUTH-12[after-a-401]", "AUTH-12[after-a-refused-target]", "AUTH-12[after-a-fault]"),
    )
)
def shows_the_password(reference: ReferenceCopy) -> None:
    """The ``repr`` of ``BasicAuthentication`` tells all of its fields."""
    reference["BasicAuthentication.__repr__"] = lambda basic: (
        f"BasicAuthentication({basic.username!r}, password={basic.password!r})"
    )


@broken(fails=("AUTH-12[a-token]", "AUTH-12[after-a-refused-token]"))
def shows_the_token(reference: ReferenceCopy) -> None:
    """The ``repr`` of ``TokenAuthentication`` tells its token."""
    reference["TokenAuthentication.__repr__"] = lambda token: (
        f"TokenAuthentication({token.token!r})"
    )


def _disclose(reference: ReferenceCopy, method: str, disclose: Callable[[str], object]) -> None:
    """Have the password of the session that was opened last disclosed when a method is called."""
    passwords = [""]

    @reference.around("Session.connect")
    def knowing(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        passwords.append(getattr(named.get("authentication"), "password", ""))
        return connect(cls, *given, **named)

    @reference.around(method)
    def disclosing(called: Any, *given: Any, **named: Any) -> Any:
        disclose(passwords[-1])
        return called(*given, **named)


@broken(
    fails=("AUTH-12[while-changing]",), because="what is left in a file is looked for in every case"
)
def leaves_a_file_of_what_it_adds(reference: ReferenceCopy) -> None:
    """A temporary file of what is added stays, with the credentials that it was added with."""

    def leave(password: str) -> None:
        handle, _ = tempfile.mkstemp()
        with open(handle, "w", encoding="utf-8") as file:
            file.write(password)

    _disclose(reference, "_tables.Table.append", leave)


@broken(fails=("AUTH-12[while-describing]", "AUTH-12[while-changing]"))
def logs_the_password_at_length(reference: ReferenceCopy) -> None:
    """Descriptions of tables are logged at length, with the password behind them."""

    def log(password: str) -> None:
        for _ in range(100):
            logging.getLogger(__name__).debug("%s", "a description of a table, " * 40)
        logging.getLogger(__name__).debug("asked with %s", base64.b64encode(password.encode()))

    _disclose(reference, "_tables.Table._columns", log)


@broken(
    fails=("AUTH-12[after-the-end]",),
    because="what a fresh interpreter shows on its terminal is looked through too",
)
def warns_with_the_password(reference: ReferenceCopy) -> None:
    """Closing a session warns of it, and of whose it was."""
    _disclose(
        reference,
        "_session.ConnectedSession.close",
        lambda password: warnings.warn(f"closed, of {password}", stacklevel=2),
    )


@broken(fails=("AUTH-12[without-the-role]",), profiles=(Profile.V0_9_1,))
def prints_who_lacks_the_role(reference: ReferenceCopy) -> None:
    """That the Live Extension is not available is printed, and for whom."""
    method = "LiveExtensionUnavailableError.__init__"
    _disclose(reference, method, lambda password: sys.stderr.write(password))


@broken(fails=("AUTH-12[after-the-end-of-a-block]",))
def prints_whose_block_ends(reference: ReferenceCopy) -> None:
    """The end of a ``with`` block is printed, with whose session it was."""
    method = "_session.ConnectedSession.__exit__"
    _disclose(reference, method, lambda password: sys.stdout.write(password))
