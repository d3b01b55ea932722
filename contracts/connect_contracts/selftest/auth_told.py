"""AUTH: passwords and tokens that are told where they must not be."""

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


def _telling(
    reference: ReferenceCopy, method: str, tell: Callable[[str], object], *, raising: bool = False
) -> None:
    """Have the password of the session that was opened last told by a method of another class.

    Parameters:
        raising: Only where that method raises.
    """
    connect, called = reference["Session.connect"].__func__, reference[method]
    passwords = [""]

    def knowing(cls: Any, *given: Any, **named: Any) -> Any:
        passwords.append(getattr(named.get("authentication"), "password", ""))
        return connect(cls, *given, **named)

    def telling(*given: Any, **named: Any) -> Any:
        if not raising:
            tell(passwords[-1])
        try:
            return called(*given, **named)
        except Exception:
            if raising:
                tell(passwords[-1])
            raise

    reference["Session.connect"] = classmethod(knowing)
    reference[method] = telling


@broken(
    fails=("AUTH-12[while-changing]",),
    because="what is left in a file is looked for in every case",
)
def leaves_a_file_of_what_it_adds(reference: ReferenceCopy) -> None:
    """A temporary file of what is added stays, with the credentials that it was added with."""

    def leave(password: str) -> None:
        handle, _ = tempfile.mkstemp()
        with open(handle, "w", encoding="utf-8") as file:
            file.write(password)

    _telling(reference, "_tables.Table.append", leave)


@broken(fails=("AUTH-12[while-describing]", "AUTH-12[while-changing]"))
def logs_the_password_at_length(reference: ReferenceCopy) -> None:
    """Descriptions of tables are logged at length, with the password behind them."""

    def tell(password: str) -> None:
        for _ in range(100):
            logging.getLogger(__name__).debug("%s", "a description of a table, " * 40)
        logging.getLogger(__name__).debug("asked with %s", base64.b64encode(password.encode()))

    _telling(reference, "_tables.Table._columns", tell)


@broken(
    fails=("AUTH-12[after-the-end]",),
    because="what a fresh interpreter shows on its terminal is looked through too",
)
def warns_with_the_password(reference: ReferenceCopy) -> None:
    """Closing a session warns of it, and of whose it was."""
    _telling(
        reference,
        "_session.ConnectedSession.close",
        lambda password: warnings.warn(f"closed, of {password}", stacklevel=2),
    )


def _logs(password: str) -> None:
    logging.getLogger(__name__).debug("with the password %s", password)


@broken(fails=("AUTH-12[while-querying]",), profiles=(Profile.V6_2,))
def logs_who_queries(reference: ReferenceCopy) -> None:
    """Each query is logged, with the credentials of who asks."""
    _telling(reference, "_tables.Table.query", _logs)


@broken(fails=("AUTH-12[after-a-refused-row]",))
def logs_whose_row_was_refused(reference: ReferenceCopy) -> None:
    """A row that is refused is logged, with the credentials of whose it was."""
    _telling(reference, "_tables.Table.append", _logs, raising=True)


@broken(fails=("AUTH-12[after-an-unknown-table]",))
def logs_who_asks_for_an_unknown_table(reference: ReferenceCopy) -> None:
    """A table that is not there is logged, with the credentials of who asks for it."""
    _telling(reference, "_tables.Tables.__getitem__", _logs, raising=True)


@broken(fails=("AUTH-12[without-the-role]",), profiles=(Profile.V0_9_1,))
def prints_who_lacks_the_role(reference: ReferenceCopy) -> None:
    """That the Live Extension is not available is printed, and for whom."""
    _telling(
        reference,
        "LiveExtensionUnavailableError.__init__",
        lambda password: sys.stderr.write(password),
    )


@broken(fails=("AUTH-12[across-a-restart]",))
def logs_who_asks_again(reference: ReferenceCopy) -> None:
    """Who lists the tables a second time, as after a restart, is logged with the credentials."""
    asked: list[str] = []

    def tell(password: str) -> None:
        asked.append(password)
        if asked.count(password) > 1:
            _logs(password)

    _telling(reference, "_tables.Tables._names", tell)


@broken(fails=("AUTH-12[after-the-end-of-a-block]",))
def prints_whose_block_ends(reference: ReferenceCopy) -> None:
    """The end of a ``with`` block is printed, with whose session it was."""
    _telling(
        reference,
        "_session.ConnectedSession.__exit__",
        lambda password: sys.stdout.write(password),
    )


@broken(fails=("AUTH-12[while-asking-who-it-is]",), profiles=(Profile.V6_2,))
def logs_who_creates_a_table(reference: ReferenceCopy) -> None:
    """Each new table is logged, with the credentials of who creates it."""
    _telling(reference, "Session.create_table", _logs)
