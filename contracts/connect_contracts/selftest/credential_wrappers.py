"""Wrappers around what is given to connect: credentials, and files of certificates."""

from __future__ import annotations

import inspect
import logging
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connect_contracts.selftest.wrapping import ASKING, FILE, Calls, at, url_of, wrapper
from connect_harness.certificates import Authorities

# Credentials.


def _change_authentication(calls: Calls, change: Any) -> None:
    """Have ``change`` give the authentication in place of each that is given."""

    @calls.around("connect")
    def changed(connect: Any, *given: Any, **named: Any) -> Any:
        if named.get(ASKING) is not None:
            named[ASKING] = change(named[ASKING])
        return connect(*given, **named)


@wrapper(notices=("AUTH-2",))
def gives_no_credentials(calls: Calls) -> None:
    """The authentication is not handed on."""
    _change_authentication(calls, lambda _authentication: None)


@wrapper(notices=("AUTH-11[in-turn]",))
def gives_the_last_callers_credentials(calls: Calls) -> None:
    """Each connect but the first has the credentials of the one before it."""
    before: list[Any] = []

    def of_the_last(authentication: Any) -> Any:
        before.append(authentication)
        return before[-2] if len(before) > 1 else authentication

    _change_authentication(calls, of_the_last)


@wrapper(notices=("AUTH-4[wrong-after-right]", "AUTH-11[in-turn]"))
def gives_the_first_callers_credentials(calls: Calls) -> None:
    """Each connect has the credentials of the first, another user's too."""
    first: list[Any] = []

    def of_the_first(authentication: Any) -> Any:
        first.append(authentication)
        return first[0]

    _change_authentication(calls, of_the_first)


@wrapper(notices=("AUTH-2",))
def changes_the_case_of_the_user(calls: Calls) -> None:
    """The user name is written with small letters for capitals, and the other way round."""

    @calls.around("basic")
    def swapping(basic: Any, username: str, password: str) -> Any:
        return basic(username.swapcase(), password)


@wrapper(notices=("AUTH-3[four-kilobytes]",))
def cuts_long_passwords(calls: Calls) -> None:
    """Of a password the first 72 characters are taken, as by bcrypt."""

    @calls.around("basic")
    def cutting(basic: Any, username: str, password: str) -> Any:
        return basic(username, password[:72])


@wrapper(notices=("AUTH-9[a-type-of-its-own]",))
def forgets_the_type_of_a_token(calls: Calls) -> None:
    """Every token is a bearer's."""

    @calls.around("token")
    def forgetting(build: Any, token: str, _token_type: str | None) -> Any:
        return build(token, None)


def _change_callable(calls: Calls, change: Any) -> None:
    """Have ``change`` give the callable in place of each function that is given to connect."""
    _change_authentication(
        calls, lambda given: change(given) if inspect.isfunction(given) else given
    )


@wrapper(notices=("AUTH-7[asked-for-each-request]",))
def asks_a_callable_once(calls: Calls) -> None:
    """The first answer of a callable is taken for every later one."""

    def once(asked: Any) -> Any:
        answers: list[Any] = []

        def answered(url: str) -> Any:
            answers[1:] = []
            answers.extend([] if answers else [asked(url)])
            return answers[0]

        return answered

    _change_callable(calls, once)


@wrapper(notices=("AUTH-8",))
def hides_what_a_callable_raises(calls: Calls) -> None:
    """A callable that raises counts as one that gives no headers."""

    def hiding(asked: Any) -> Any:
        def answered(url: str) -> Any:
            try:
                return asked(url)
            except Exception:  # a callable may raise anything
                return {}

        return answered

    _change_callable(calls, hiding)


@wrapper(notices=("AUTH-16",))
def tries_refused_credentials_again(calls: Calls) -> None:
    """A connect that raises is repeated five times."""

    @calls.around("connect")
    def persistent(connect: Any, *given: Any, **named: Any) -> Any:
        for _ in range(5):
            with suppress(Exception):
                return connect(*given, **named)
        return connect(*given, **named)


@wrapper(notices=("AUTH-12[after-a-401]",))
def tells_the_password_in_its_exception(calls: Calls) -> None:
    """The text of an exception of connect quotes the password that was refused."""

    @calls.around("connect")
    def quoting(connect: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(*given, **named)
        except Exception as error:
            password = calls.password_of(named.get(ASKING))
            raise ValueError(f"connecting with {password} failed") from error


@wrapper(notices=("AUTH-12[after-success]",))
def logs_the_password(calls: Calls) -> None:
    """Each connect logs the password that it was given."""

    @calls.around("connect")
    def logging_it(connect: Any, *given: Any, **named: Any) -> Any:
        logging.getLogger(__name__).debug("with %s", calls.password_of(named.get(ASKING)))
        return connect(*given, **named)


# Certificates.


@wrapper(notices=("CA-1",))
def gives_no_authority_file(calls: Calls) -> None:
    """The authority's file is not handed on."""

    @calls.around("connect")
    def without(connect: Any, *given: Any, **named: Any) -> Any:
        return connect(*given, **{name: named[name] for name in named if name != FILE})


@wrapper(notices=("CA-1",))
def gives_the_file_of_another_authority(calls: Calls) -> None:
    """In place of the authority's file that of another authority is handed on."""
    pem = Authorities().authority("another authority").certificate_pem

    @calls.around("connect")
    def exchanging(connect: Any, *given: Any, **named: Any) -> Any:
        if named.get(FILE) is None:
            return connect(*given, **named)
        with TemporaryDirectory() as folder:
            path = Path(folder, "authority.pem")
            path.write_bytes(pem)
            return connect(*given, **{**named, FILE: path})


@wrapper(notices=("CA-18[given-then-not]",))
def remembers_the_authority_file(calls: Calls) -> None:
    """A connect without a file has the file of the one before it."""
    before: list[Any] = [None]

    @calls.around("connect")
    def remembering(connect: Any, *given: Any, **named: Any) -> Any:
        before.append(named.get(FILE) or before[-1])
        return connect(*given, **{**named, FILE: before[-1]})


@wrapper(notices=("CA-21",))
def reads_the_authority_file_once(calls: Calls) -> None:
    """The file's content at the first connect counts for each later one with the same path."""
    contents: dict[str, bytes] = {}

    @calls.around("connect")
    def reading_once(connect: Any, *given: Any, **named: Any) -> Any:
        path = named.get(FILE)
        if path is None:
            return connect(*given, **named)
        content = contents.setdefault(str(path), Path(path).read_bytes())
        with TemporaryDirectory() as folder:
            copied = Path(folder, "authority.pem")
            copied.write_bytes(content)
            return connect(*given, **{**named, FILE: copied})


@wrapper(notices=("CA-7",))
def falls_back_to_the_machines_authorities(calls: Calls) -> None:
    """A connect with a file that raises is repeated without the file."""

    @calls.around("connect")
    def falling_back(connect: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(*given, **named)
        except Exception:
            if named.get(FILE) is None:
                raise
            return connect(*given, **{**named, FILE: None})


@wrapper(notices=("CA-16",))
def tries_plain_http(calls: Calls) -> None:
    """What is refused over HTTPS is tried over plain HTTP, on the same port."""

    @calls.around("connect")
    def trying(connect: Any, *given: Any, **named: Any) -> Any:
        url = str(url_of(given, named))
        try:
            return connect(*given, **named)
        except Exception:
            if url.startswith("https:"):
                with suppress(Exception):
                    connect(**{**at(url.replace("https:", "http:", 1), named), FILE: None})
            raise


@wrapper(notices=("MTLS-1",))
def presents_no_client_certificate(calls: Calls) -> None:
    """A client certificate is not handed on."""
    made: list[Any] = []

    @calls.around("client_certificate")
    def noting(build: Any, *given: Any) -> Any:
        made.append(build(*given))
        return made[-1]

    _change_authentication(
        calls, lambda given: None if any(given is each for each in made) else given
    )


@wrapper(notices=("MTLS-8[with-another-certificate]",))
def presents_the_first_client_certificate(calls: Calls) -> None:
    """Whatever client certificate is given, the first one is presented."""
    made: list[Any] = []

    @calls.around("client_certificate")
    def once(build: Any, *given: Any) -> Any:
        made.append(build(*given))
        return made[0]
