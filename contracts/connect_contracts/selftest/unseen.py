"""Broken implementations that no hand-written case catches, and that the laws do.

Each goes wrong where two things meet, or for a value that no case has. They are no part of the
matrix: what finds them is a search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from connect_contracts.selftest.reference_copy import ReferenceCopy, basic_header
from connect_contracts.selftest.registry import Broken, Change, changed_reference, register

UNSEEN: dict[str, Broken] = {}


def unseen(change: Change) -> Broken:
    """Make the decorated function a broken implementation that no case is about."""
    return register(UNSEEN, change, changed_reference(change))


def _change_texts(reference: ReferenceCopy, change: Callable[[str], Any]) -> None:
    """Have texts of rows go out as something else."""

    @reference.around("_values.wire_row")
    def changed(wire_row: Any, row: Any, columns: Any) -> list[Any]:
        values = wire_row(row, columns)
        return [change(value) if type(value) is str else value for value in values]


def _change_calls(reference: ReferenceCopy, change: Callable[[str, dict[str, Any]], str]) -> None:
    """Have connect be called with another URL, or other arguments."""

    @reference.around("Session.connect")
    def changed(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        return connect(cls, change(url, named) if isinstance(url, str) else url, **named)


@unseen
def cuts_passwords_at_the_euro_sign(reference: ReferenceCopy) -> None:
    """A password ends before its first euro sign."""
    reference["BasicAuthentication.__call__"] = lambda basic, _url, /: basic_header(
        basic.username, basic.password.partition("€")[0]
    )


@unseen
def decodes_the_path_of_its_url(reference: ReferenceCopy) -> None:
    """A percent sign in the base path is taken for the beginning of a code once more."""
    _change_calls(reference, lambda url, _named: unquote(url).replace("%", ""))


@unseen
def drops_a_path_over_tls(reference: ReferenceCopy) -> None:
    """The base path is lost where the URL is one of HTTPS."""

    def without_path(url: str, _named: dict[str, Any]) -> str:
        return "/".join(url.split("/")[:3]) if url.startswith("https:") else url

    _change_calls(reference, without_path)


@unseen
def presents_nothing_to_an_address(reference: ReferenceCopy) -> None:
    """The client certificate stays at home where the host is an IPv4 address."""
    certificate = reference["ClientCertificate"]

    def forgetful(url: str, named: dict[str, Any]) -> str:
        if "127.0.0.1" in url and isinstance(named.get("authentication"), certificate):
            named["authentication"] = None
        return url

    _change_calls(reference, forgetful)


@unseen
def writes_latin_1_below_a_path(reference: ReferenceCopy) -> None:
    """Credentials are in latin-1 where the URL has a path of its own."""

    def by_path(basic: Any, url: str, /) -> dict[str, str]:
        below = not url.split("/", 3)[3].startswith(("versions", "activeviam", "pivot", "atoti"))
        return basic_header(basic.username, basic.password, "latin-1" if below else "utf-8")

    reference["BasicAuthentication.__call__"] = by_path


@unseen
def takes_null_for_nothing(reference: ReferenceCopy) -> None:
    """The text ``null`` is added as no value."""
    _change_texts(reference, lambda text: None if text == "null" else text)


@unseen
def strips_texts(reference: ReferenceCopy) -> None:
    """Spaces around a text are not added."""
    _change_texts(reference, str.strip)


@unseen
def forgets_the_keys_of_a_few_rows(reference: ReferenceCopy) -> None:
    """``head(n)`` is not indexed by the keys where n is below five."""

    @reference.around("_tables.Table.head")
    def bare(head: Any, table: Any, n: int = 5) -> Any:
        frame = head(table, n)
        return frame.reset_index() if n < 5 and table.keys else frame


@unseen
def hides_the_rows_of_others(reference: ReferenceCopy) -> None:
    """A session that added a row itself shows as many rows as it added, and no more."""

    @reference.around("_tables.Table.append")
    def counting(append: Any, table: Any, *rows: Any) -> None:
        append(table, *rows)
        added = vars(table._transport).setdefault("added", {})
        added[table.name] = added.get(table.name, 0) + len(rows)

    @reference.around("_tables.Table._rows")
    def fewer(read: Any, table: Any, columns: Any, n: int) -> Any:
        added = vars(table._transport).get("added", {}).get(table.name)
        rows = read(table, columns, n)
        return rows if added is None else rows[-added:]


@unseen
def remembers_its_list_of_tables(reference: ReferenceCopy) -> None:
    """A session that listed the tables once lists the same ones for ever."""

    @reference.around("_tables.Tables._names")
    def remembered(names: Any, tables: Any) -> Any:
        known = vars(tables._transport)
        if "listed" not in known:
            known["listed"] = names(tables)
        return known["listed"]


@unseen
def checks_no_name_beside_a_client_certificate(reference: ReferenceCopy) -> None:
    """Who presents a client certificate believes any host of the authority."""

    @reference.around("_trust.present")
    def lenient(present: Any, authentication: Any, context: Any) -> None:
        present(authentication, context)
        context.check_hostname = False
