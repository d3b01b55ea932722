"""What a client may ask of the session through Py4J, from its entry point on.

Method names are those of the calls seen from the releases 0.9.1 to 6.2.2, in snake case. Where
releases differ in what they pass, the parameter takes every form; a leading underscore marks what
means nothing here, such as branches: a session of this kind has one. What the session refuses
raises ``JavaError``.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from connect_harness.protocols.arrow import ArrowError
from connect_harness.protocols.py4j import cubes
from connect_harness.protocols.py4j.arguments import read_conditions, read_store
from connect_harness.protocols.py4j.objects import UNSUPPORTED, Bean, JavaError, Remote, python_name
from connect_harness.protocols.py4j.users import Users
from connect_harness.protocols.routing import Target
from connect_harness.state import DATA_TYPES, Cube, DataError, Row, Table, WrongRow


class Transactions:
    """The open data transactions of one target session.

    A client names its transaction by the text of its id; release 0.9.1 means the last one opened.
    """

    def __init__(self) -> None:
        self._changes: dict[str, list[Callable[[], object]]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(self) -> str:
        """Opens a transaction and returns its id: digits, since release 0.9.1 reads a number."""
        with self._lock:
            identity = str(next(self._numbers))
            self._changes[identity] = []
        return identity

    def apply(self, change: Callable[[], object], transaction: object) -> None:
        """Makes a change now, or when its transaction ends.

        Parameters:
            transaction: ``None`` or ``False`` for none; ``True`` for the last one opened; or an id.
        """
        if transaction is None or transaction is False:
            change()
            return
        with self._lock:
            self._changes[self._identity(transaction)].append(change)

    def end(self, transaction: object, *, commit: bool) -> None:
        """Ends a transaction: makes its changes in order, or forgets them."""
        with self._lock:
            changes = self._changes.pop(self._identity(transaction))
        if commit:
            for change in changes:
                change()

    def _identity(self, transaction: object) -> str:
        last = next(reversed(self._changes), None)
        identity = last if transaction is True else str(transaction)
        if identity is None or identity not in self._changes:
            raise JavaError("No such transaction is open", "java.lang.IllegalStateException")
        return identity


ReadFile = Callable[[str], Sequence[Mapping[str, object]]]
"""Gives the rows of the file at a path; raises ``ArrowError``."""


class Api(Remote):
    """The session's own interface: tables, rows, readiness."""

    def __init__(self, target: Target, read_file: ReadFile) -> None:
        self._target = target
        self._read_file = read_file
        self._transactions = Transactions()

    def outside_transaction_api(self, *_: object) -> Api:
        """This interface: it serves calls within a transaction and outside alike."""
        return self

    def enterprise_api(self, *_: object) -> Users:
        """What manages users, until release 0.9.10."""
        return Users(self._target)

    def get_hierarchy(self, cube: str, dimension: str, name: str) -> cubes.Optional:
        """A hierarchy of a cube, if it is there."""
        return cubes.hierarchy(self._cube(cube), dimension, name)

    def get_measures(self, cube: str) -> list[object]:
        """The measures of a cube."""
        return cubes.measures(self._cube(cube))

    def get_measure(self, name: str, cube: str) -> cubes.Optional:
        """A measure of a cube, if it is there."""
        return cubes.measure(self._cube(cube), name)

    def _cube(self, name: str) -> Cube | None:
        return next((cube for cube in self._target.cubes.all() if cube.name == name), None)

    def refresh(self) -> None:
        """Makes changes of the data model visible, which they always are."""

    def get_new_loading_errors(self) -> list[object]:
        """No errors: a load that fails says so at once."""
        return []

    def is_ready(self) -> bool:
        """Whether users without ``ROLE_ADMIN`` are let in."""
        return self._target.ready

    def set_readiness(self, ready: bool) -> None:
        """Lets users without ``ROLE_ADMIN`` in, or not."""
        self._target.ready = ready

    def create_store(self, name: str, parameters: object) -> None:
        """Creates a table, as releases before 0.9.2 do it."""
        data_types, keys, default_values = read_store(parameters)
        if unknown := next((each for each in data_types.values() if each not in DATA_TYPES), None):
            self._target.not_served(f"Py4J createStore with the data type {unknown!r}")
        with _refusals():
            self._target.database.create_table(
                name, data_types, keys, default_values, by="connected"
            )

    def delete_store(self, name: str) -> None:
        """Removes a table, as releases before 0.9.4 do it."""
        with _refusals():
            self._target.database.drop_table(name, by="connected")

    def get_field_type(self, column: str, table: str) -> FieldType:
        """The data type of a column."""
        with _refusals():
            for found in self._target.database.table(table).columns:
                if found.name == column:
                    return FieldType(found.data_type)
        raise JavaError(f"Table {table!r} has no column {column!r}")

    def get_store_size(self, table: str, _branch: object = None) -> int:
        """How many rows a table has."""
        with _refusals():
            return self._target.database.table(table).size

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
            source: The kind of file; only ``ARROW`` is read.
            options: Says under ``absolutePath`` where the file is. A row that does not fit, or
                has no value for some column, fails the load as a whole, whatever
                ``errorHandling`` says.
            transaction: What :meth:`Transactions.apply` takes."""
        if source != "ARROW":
            raise JavaError(
                f"This target session loads ARROW, not {source}",
                UNSUPPORTED,
            )
        # Now, also within a transaction: the client removes its file when the call returns, and no
        # change of a transaction is to fail after another took effect.
        with _refusals():
            found = self._target.database.table(table)
            path = str(options.get("absolutePath"))
            rows = [_whole(found, row) for row in self._read_file(path)]
        self._change(lambda: self._target.database.add(table, rows, by="connected"), transaction)

    def delete_on_store_branch(
        self, table: str, _branch: object, conditions: object, transaction: object = None
    ) -> None:
        """Drops the rows of a table that meet the conditions; all of them, if there are none."""
        with _refusals():
            matches = read_conditions(conditions, self._target.database.table(table))
        self._change(
            lambda: self._target.database.remove(table, matches, by="connected"), transaction
        )

    def start_transaction(self, *_: object) -> str:
        """Opens a transaction; its id is given to the calls that belong to it."""
        return self._transactions.start()

    def end_transaction(self, commit: bool, transaction: object = True) -> None:
        """Makes the changes of a transaction in their order, or forgets them."""
        with _refusals():
            self._transactions.end(transaction, commit=commit)

    def _change(self, change: Callable[[], object], transaction: object) -> None:
        with _refusals():
            self._transactions.apply(change, transaction)


class FieldType(Remote):
    """The data type of a column."""

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
def _refusals() -> Iterator[None]:
    """What the session refuses is an exception of Java for the client."""
    try:
        yield
    except (ArrowError, DataError) as error:
        raise JavaError(str(error)) from error


class EntryPoint(Remote):
    """What a client finds under the id ``t``."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def api(self, *_: object) -> Api:
        """The session's interface; releases differ in whether they pass anything."""
        return self._api


class GatewayServer(Remote):
    """What a client finds under the id ``GATEWAY_SERVER``.

    A client says there where Java may call back. This target session never does.
    """

    def get_callback_client(self) -> Bean:
        """The side of the gateway that would call back; its address is only handed back."""
        return Bean("py4j.CallbackClient")

    def reset_callback_client(self, _address: object, _port: int) -> None:
        """Says where to call back."""


_CHANGES = frozenset(
    {
        "create_store",
        "create_user",
        "delete_on_store_branch",
        "delete_store",
        "delete_user",
        "load_data_source_into_store",
        "set_readiness",
        "update_user_password",
    }
)


def changing_call(lines: Sequence[str]) -> str | None:
    """The name, as the client gave it, of the method by which a command asks for a change.

    Granted or not; ``None`` if the command asks for no change. Opening and ending a transaction
    change nothing by themselves.

    Parameters:
        lines: The lines of the command, with or without the one that ends it.
    """
    match lines:
        case ["c", _, method, *_] if python_name(method) in _CHANGES:
            return method
    return None
