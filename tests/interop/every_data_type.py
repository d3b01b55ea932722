"""Adds a row of values of every documented data type and prints what the owner then has.

    python every_data_type.py

One line for each data type: its name, and the owner's rows of a table of that one column.
"""

from __future__ import annotations

import datetime as dt
import math

import atoti as tt
from printing import begin, show, show_error
from transports import transport

PLUS_TWO = dt.timezone(dt.timedelta(hours=2))
VALUES: dict[str, tuple[object, ...]] = {
    "boolean": (True, False),
    "double": (1.5, math.inf, 3, None),
    "double[]": ([1.5, math.nan], []),
    "float": (0.1, None),
    "float[]": ([0.1, -2.5],),
    "int": (2**31 - 1, -(2**31), None),
    "int[]": ([1, 2],),
    "LocalDate": (dt.date(2024, 2, 29), dt.date(1, 1, 1)),
    "LocalDateTime": (dt.datetime(2024, 1, 2, 3, 4, 5, 678901), dt.datetime(2024, 1, 2)),
    "LocalTime": (dt.time(1, 2, 3, 4), dt.time(1, 2)),
    "long": (2**53 + 1, -(2**63), None),
    "long[]": ([2**53 + 1],),
    "Object": ("text",),
    "String": ("foo", "é\n\"'\\", "", None),
    "ZonedDateTime": (dt.datetime(2024, 1, 2, 3, 4, 5, 6000, PLUS_TWO),),
}


def main() -> None:
    """Adds and prints."""
    with transport("http") as way:
        target = way.start_target()
        target.security.basic_authentication.credentials["admin"] = "passwd"
        target.security.individual_roles["admin"] = {"ROLE_ADMIN"}
        for name in VALUES:
            target.create_table(name, data_types={"Value": name})
        session = tt.Session.connect(
            target.url, authentication=tt.BasicAuthentication("admin", "passwd")
        )
        for name, values in VALUES.items():
            table = session.tables[name]
            try:
                for value in values:
                    table += (value,)
            except Exception as error:
                show_error(error)
            else:
                show(f"{name}: {[value for (value,) in target.tables[name].rows]}")
        session.close()
        target.close()


if __name__ == "__main__":
    begin()
    main()
