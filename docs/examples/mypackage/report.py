"""An application: it reads a table of a running session, and adds to it."""

from mypackage.client import connect


def names(url, **options):
    with connect(url, **options) as session:
        return list(session.tables)


def add(url, row, **options):
    with connect(url, **options) as session:
        table = session.tables["Example"]
        table += row
