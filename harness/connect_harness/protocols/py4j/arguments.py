"""What a client describes by Java objects: values, conditions on rows, and a table.

What is not understood raises ``JavaError``.
"""

from __future__ import annotations

from datetime import date, time

from connect_harness.protocols.py4j.containers import Array
from connect_harness.protocols.py4j.objects import UNSUPPORTED, Bean, Constant, JavaError
from connect_harness.state import OPERATORS, Matches, Table, comparison


def wire_value(value: object) -> object:
    """The wire form of ``value``: dates and times as ISO 8601 text, arrays as lists."""
    match value:
        case Array(elements=elements):
            return [wire_value(element) for element in elements]
        case Bean(class_name=name, arguments=(Array() as array,)) if name.endswith("Vector"):
            # As until 0.9.3 a client makes the vector of a default value.
            return wire_value(array)
        case Bean(class_name=name, arguments=arguments):
            return _text_of_moment(name, arguments)
        case _:
            return value


def _text_of_moment(name: str, arguments: tuple[object, ...]) -> str:
    """The text of a date or time, which Java makes by a static method of its class."""
    match name.removeprefix("java.time.").split("."), arguments:
        case ["LocalDate", "of"], (int(year), int(month), int(day)):
            return date(year, month, day).isoformat()
        case ["LocalTime", "of"], (int(hour), int(minute), int(second), int(nanosecond)):
            return time(hour, minute, second, nanosecond // 1_000).isoformat()
        case [_, "parse"], (str(text),):
            return text
    raise JavaError(f"{name} stands for no value of a column")


def read_conditions(alternatives: object, table: Table) -> Matches | None:
    """A function that says whether a row of ``table`` meets the conditions; ``None`` if all do.

    Parameters:
        alternatives: Lists of comparisons, each of which must hold; ``None`` for no condition.

    Raises:
        DataError: A constant is no value of its column, or the table has no such column.
    """
    if alternatives is None:
        return None
    if not isinstance(alternatives, list):
        raise _not_understood(alternatives)
    readable = [[_comparison(bean, table) for bean in all_of] for all_of in alternatives]
    return lambda row: any(all(holds(row) for holds in all_of) for all_of in readable)


def _comparison(bean: object, table: Table) -> Matches:
    """Which class plays it differs by release: a bean with a column, an operator and a value."""
    match bean:
        case Bean(
            properties={
                "storeField": (Bean(arguments=(_, str(column))),),
                "comparisonOperator": (Constant(constant=operator),),
                "value": (value,),
            }
        ) if operator in OPERATORS:
            return comparison(table, column, operator, wire_value(value))
    raise _not_understood(bean)


def _not_understood(condition: object) -> JavaError:
    return JavaError(
        f"This target session does not understand the condition {condition!r}",
        UNSUPPORTED,
    )


Store = tuple[dict[str, str], tuple[str, ...], dict[str, object]]
"""What a table is to be: documented data types by column, keys, defaults in wire form."""


def read_store(parameters: object) -> Store:
    """Reads the object that describes a table.

    Its constructor was given the keys, the partitioning, and by column a type: the name of a data
    type, whether it takes null, and the default if there is one.
    """
    match parameters:
        case Bean(arguments=(list(keys), _, dict(types), *_)):
            columns = {str(name): _column(each) for name, each in types.items()}
            return (
                {name: data_type for name, (data_type, _) in columns.items()},
                tuple(str(key) for key in keys),
                {name: value for name, (_, default) in columns.items() for value in default},
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
