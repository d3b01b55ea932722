"""What can be wrong with data: one family, so that each protocol refuses it in its own words."""

_SHOWN = 60  # characters of a wrong value


class DataError(Exception):
    """Data, or a change of data, that a session refuses; the text is one sentence that says why."""


class WrongValue(DataError):
    """A value that is none of its column's data type.

    Parameters:
        value: The value.
        data_type: The documented name of the data type.
    """

    def __init__(self, value: object, data_type: str) -> None:
        text = repr(value)
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        super().__init__(f"{shown} is no value of the data type {data_type}.")


class WrongRow(DataError):
    """A row that does not fit its table."""


class WrongTable(DataError):
    """A table that cannot be made as asked for."""


class NoSuchTable(DataError):
    """There is no table of this name."""


class WrongEpoch(DataError):
    """A change that was meant for another epoch of the data than the present one."""
