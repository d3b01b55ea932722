"""What a client may ask of the session through Py4J.

Method names are those of the calls seen from the releases 0.9.1 to 6.2.2, in snake case. Where
releases differ in what they pass, the parameter takes every form; a leading underscore marks what
means nothing here, such as branches, of which a session of this kind has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from connect_harness.protocols.arrow import ArrowError
from connect_harness.protocols.py4j.conditions import read_conditions
from connect_harness.protocols.py4j.objects import JavaError, Remote
from connect_harness.protocols.py4j.stores import read_store
from connect_harness.protocols.py4j.transactions import Transactions
from connect_harness.state import Database, DataError, Row, Table, WrongRow

ReadFile = Callable[[str], Sequence[Mapping[str, object]]]
"""Gives the rows of the file at a path; raises ``ArrowError``."""


class Session(Protocol):
    """What the gateway needs of a target session."""

    @property
    def database(self) -> Database:
        """Its tables and their rows."""

    @property
    def ready(self) -> bool:
        """Whether it answers users who are no administrators."""

    @ready.setter
    def ready(self, value: bool) -> None: ...


class Api(Remote):
    """The session's own interface: tables, rows, readiness.

    Parameters:
        session: What the gateway may do to the target session.
        read_file: Gives the rows of the file that a client names by its path.
    """

    def __init__(self, session: Session, read_file: ReadFile) -> None:
        self._session = session
        self._read_file = read_file
        self._transactions = Transactions()

    def outside_transaction_api(self, *_: object) -> Api:
        """This interface: it serves calls within a transaction and outside alike."""
        return self

    def refresh(self) -> None:
        """Makes changes of the data model visible, which they always are."""

    def get_new_loading_errors(self) -> list[object]:
        """No errors: a load that fails says so at once."""
        return []

    def is_ready(self) -> bool:
        """Whether the session answers users who are no administrators."""
        return self._session.ready

    def set_readiness(self, ready: bool) -> None:
        """Lets users who are no administrators in, or keeps them out."""
        self._session.ready = ready

    def create_store(self, name: str, parameters: object) -> None:
        """Creates a table, as releases before 0.9.2 do it.

        Raises:
            JavaError: If there is a table of this name, or its columns are wrong.
        """
        store = read_store(parameters)
        with _told():
            self._session.database.create_table(
                name, store.data_types, store.keys, store.default_values, by="connected"
            )

    def get_field_type(self, column: str, table: str) -> FieldType:
        """The data type of a column.

        Raises:
            JavaError: If there is no such column.
        """
        with _told():
            for each in self._session.database.table(table).columns:
                if each.name == column:
                    return FieldType(each.data_type)
        raise JavaError(f"Table {table!r} has no column {column!r}")

    def get_store_size(self, table: str, _branch: object = None) -> int:
        """The number of rows of a table.

        Raises:
            JavaError: If there is no such table.
        """
        with _told():
            return self._session.database.size(table)

    def load_data_source_into_store(
        self,
        table: str,
        source: str,
        _parameters: object,
        options: dict[str, object],
        transaction: object = None,
    ) -> None:
        """Adds rows that the client has written to a file.

        Parameters:
            table: The table that gets the rows.
            source: The kind of file; only ``ARROW`` is read.
            options: Says under ``absolutePath`` where the file is. A row that does not fit, or
                has no value for some column, fails the load as a whole, whatever
                ``errorHandling`` says.
            transaction: What :meth:`Transactions.apply` takes.

        Raises:
            JavaError: If there is no such table, or the file cannot be read, or a row does not fit.
        """
        if source != "ARROW":
            raise JavaError(
                f"This target session loads ARROW, not {source}",
                "java.lang.UnsupportedOperationException",
            )
        # Now, also within a transaction: the client removes its file when the call returns, and no
        # change of a transaction is to fail after another took effect.
        with _told():
            target = self._session.database.table(table)
            path = str(options.get("absolutePath"))
            rows = [_whole(target, row) for row in self._read_file(path)]
        self._change(lambda: self._session.database.add(table, rows, by="connected"), transaction)

    def delete_on_store_branch(
        self, table: str, _branch: object, conditions: object, transaction: object = None
    ) -> None:
        """Drops the rows of a table that meet the conditions; all of them, if there are none.

        Raises:
            JavaError: If there is no such table, or a condition is not understood.
        """
        with _told():
            matches = read_conditions(conditions, self._session.database.table(table))
        self._change(
            lambda: self._session.database.remove(table, matches, by="connected"), transaction
        )

    def start_transaction(self, *_: object) -> str:
        """Opens a data transaction and returns its id."""
        return self._transactions.start()

    def end_transaction(self, commit: bool, transaction: object = True) -> None:
        """Ends a data transaction: makes its changes, or forgets them.

        Raises:
            JavaError: If there is no such transaction, or a change fails.
        """
        with _told():
            self._transactions.end(transaction, commit=commit)

    def _change(self, change: Callable[[], object], transaction: object) -> None:
        with _told():
            self._transactions.apply(change, transaction)


class FieldType(Remote):
    """The type of a column."""

    def __init__(self, data_type: str) -> None:
        self._data_type = data_type

    def get_java_type(self) -> str:
        """Its documented name, for instance ``double[]``."""
        return self._data_type


def _whole(table: Table, row: Mapping[str, object]) -> Row:
    """The row of ``table``; a column that the client left out is not made up, as by REST."""
    for column in table.columns:
        if column.name not in row:
            raise WrongRow(f"The rows have no column {column.name!r} of table {table.name!r}.")
    return table.row(row)


@contextmanager
def _told() -> Iterator[None]:
    """Tells the client of changes that the session refuses."""
    try:
        yield
    except (ArrowError, DataError) as error:
        raise JavaError(str(error)) from error
