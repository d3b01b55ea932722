"""The real classes of ``datetime``, while certificates are made."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def real_dates() -> Iterator[None]:
    """A block, or by ``@real_dates()`` a function, in which no test has replaced ``datetime``.

    cryptography takes dates of the classes only that it finds in the module ``datetime``, and some
    of its releases keep the first ones that they find: a test that freezes the clock by a class
    of its own, as freezegun does, would break every certificate, also after that test.
    """
    # The module in C: what replaces a class as freezegun does is derived from the real one.
    classes: tuple[type, ...] = import_module("_datetime").datetime.__mro__
    real = next(each for each in classes if each.__module__ == "datetime")
    found = {"datetime": datetime.datetime, "date": datetime.date}
    if found["datetime"] is real:
        yield
        return
    vars(datetime).update(datetime=real, date=real.__base__)
    try:
        yield
    finally:
        vars(datetime).update(found)
