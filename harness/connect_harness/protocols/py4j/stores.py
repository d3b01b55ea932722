"""The description of a table, as a client builds it of Java objects to create one."""

from __future__ import annotations

from dataclasses import dataclass

from connect_harness.protocols.py4j.java_values import wire_value
from connect_harness.protocols.py4j.objects import Bean, JavaError


@dataclass(frozen=True)
class Store:
    """What a table is to be.

    Parameters:
        data_types: The documented names of the data types, by column.
        keys: The names of the key columns.
        default_values: In wire form, by column, where the client gave one.
    """

    data_types: dict[str, str]
    keys: tuple[str, ...]
    default_values: dict[str, object]


def read_store(parameters: object) -> Store:
    """Reads the object that describes a table.

    Its constructor was given the keys, the partitioning, and by column a type: the name of a data
    type, whether it takes null, and the default if there is one.

    Raises:
        JavaError: If it is not understood.
    """
    match parameters:
        case Bean(arguments=(list(keys), _, dict(types), *_)):
            columns = {str(name): _column(each) for name, each in types.items()}
            return Store(
                data_types={name: data_type for name, (data_type, _) in columns.items()},
                keys=tuple(str(key) for key in keys),
                default_values={
                    name: value for name, (_, default) in columns.items() for value in default
                },
            )
    raise JavaError(f"{parameters!r} describes no table")


def _column(description: object) -> tuple[str, list[object]]:
    """The data type of a column, and its default if it was given one.

    Null is the default of a column that takes it.
    """
    match description:
        case Bean(arguments=(str(data_type), bool(), default)):
            return data_type, [wire_value(default)]
        case Bean(arguments=(str(data_type), bool(takes_null))):
            return data_type, [None] if takes_null else []
    raise JavaError(f"{description!r} describes no column")
